"""Predictions of a classifier on labelled rows: checked once, trusted afterwards."""

import io
import math
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, BinaryIO

import numpy as np
from numpy.lib.npyio import NpzFile
from numpy.typing import ArrayLike, NDArray

from reportgen.errors import PredictionsError

ROUNDING = 1e-6
"""Row sums this far from 1 come from float32 and are left as they are."""

RENORMALISED = 1e-3
"""Row sums up to this far from 1 are divided out, with a note; beyond, refused."""

MEMBERS = ("y_true", "y_proba", "class_names", "row_ids")

LARGEST_UNPACKED = 256 * 2**20
"""Bytes of all members of an NPZ from elsewhere: zeros unpack to a thousandfold."""

BROKEN = (
    EOFError,
    NotImplementedError,  # zipfile: compression or version of another tool
    OSError,
    RuntimeError,  # zipfile: encrypted
    ValueError,  # NumPy: a header or objects that it does not read
    zipfile.BadZipFile,
    zlib.error,
)
"""What zipfile and NumPy raise for a file that is no sound NPZ."""


@dataclass(frozen=True, slots=True, eq=False)
class Predictions:
    """Labels and class probabilities of n rows over k classes.

    Attributes:
        y_true: (n,) int64, labels in 0..k-1.
        y_proba: (n, k) float64, one probability a class, rows sum to 1.
        class_names: k names in label order.
        row_ids: (n,) str, one name a row, all different.
        notes: What had to be changed to meet this contract, in sentences.

    Raises:
        PredictionsError: Type, shape, range, sum or identity breaks the contract.
    """

    y_true: NDArray[np.int64]
    y_proba: NDArray[np.float64]
    class_names: tuple[str, ...]
    row_ids: NDArray[np.str_]
    notes: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        _check_kind("y_true", self.y_true, "iu")  # rounding would move rows to classes
        _check_kind("y_proba", self.y_proba, "fiu")
        _check_names(self.class_names)
        y_true = np.array(self.y_true, dtype=np.int64)
        row_ids = np.array(self.row_ids, dtype=np.str_)
        k = len(self.class_names)
        _check_rows(y_true, row_ids)
        y_proba = _checked_proba(self.y_proba, (len(y_true), k), row_ids)
        _check_labels(y_true, k)
        y_proba, notes = _normalised(y_proba, row_ids)
        for name, array in (
            ("y_true", y_true),
            ("y_proba", y_proba),
            ("row_ids", row_ids),
        ):
            array.setflags(write=False)
            object.__setattr__(self, name, array)
        object.__setattr__(self, "notes", notes)

    @property
    def n(self) -> int:
        """Rows."""
        return len(self.y_true)

    @property
    def k(self) -> int:
        """Classes."""
        return len(self.class_names)

    @property
    def y_pred(self) -> NDArray[np.int64]:
        """(n,) predicted labels; of tied classes, the lower."""
        first: NDArray[np.int64] = self.y_proba.argmax(axis=1)
        return first

    @property
    def confidence(self) -> NDArray[np.float64]:
        """(n,) probability of the predicted class."""
        top: NDArray[np.float64] = self.y_proba.max(axis=1)
        return top

    @property
    def true_proba(self) -> NDArray[np.float64]:
        """(n,) probability of the true class."""
        return self.y_proba[np.arange(self.n), self.y_true]


def _check_kind(name: str, values: ArrayLike, kinds: str) -> None:
    """Refuses values of another kind than NumPy's `kinds`, before they are cast."""
    dtype = np.asarray(values).dtype
    if dtype.kind not in kinds:
        wanted = "numbers" if "f" in kinds else "whole numbers"
        raise PredictionsError(f"{name} must hold {wanted}. Received dtype {dtype}.")


def _check_names(class_names: tuple[str, ...]) -> None:
    """Refuses two classes of one name: nothing on a page could tell them apart."""
    for name, times in Counter(class_names).items():
        if times > 1:
            raise PredictionsError(
                f"class_names must all differ. Received {name!r} {times} times. Give "
                "each class a name of its own."
            )


def _check_rows(y_true: NDArray[np.int64], row_ids: NDArray[np.str_]) -> None:
    """Refuses no rows, ids that do not pair with labels, and ids given twice."""
    if y_true.ndim != 1 or not len(y_true):
        raise PredictionsError(
            f"y_true must have shape (n,) with at least one row. Received "
            f"{y_true.shape}. Hand over the rows that the model was tested on."
        )
    if row_ids.shape != y_true.shape:
        raise PredictionsError(
            f"row_ids must have shape {y_true.shape}, one id a label. Received "
            f"{row_ids.shape}."
        )
    if len(np.unique(row_ids)) < len(row_ids):
        counted = Counter(row_ids.tolist())
        twice = [row_id for row_id, times in counted.items() if times > 1]
        raise PredictionsError(
            f"row_ids must all differ. Received more than once: "
            f"{', '.join(map(repr, twice[:5]))}. Name each test row once."
        )


def _checked_proba(
    y_proba: ArrayLike, shape: tuple[int, int], row_ids: NDArray[np.str_]
) -> NDArray[np.float64]:
    """Returns a float64 copy of that shape, finite and in 0-1."""
    proba = np.array(y_proba, dtype=np.float64)  # (n, k)
    if proba.shape != shape:
        raise PredictionsError(
            f"y_proba must have shape {shape}, one row per label and one column per "
            f"class. Received {proba.shape}."
        )
    if shape[1] < 2:  # noqa: PLR2004 - a classifier tells at least two classes apart
        raise PredictionsError(
            f"y_proba must have at least two columns, one per class. Received {shape}."
        )
    finite = np.all(np.isfinite(proba), axis=1)
    if not finite.all():
        raise PredictionsError(
            f"y_proba must be finite. Received NaN or infinity in row "
            f"{_first_five(~finite, row_ids)}."
        )
    inside = np.all((proba >= 0) & (proba <= 1 + ROUNDING), axis=1)
    if not inside.all():
        raise PredictionsError(
            f"y_proba must lie in 0-1. Received values outside of it in row "
            f"{_first_five(~inside, row_ids)}. Turn logits into probabilities first."
        )
    return np.minimum(proba, 1.0)


def _check_labels(y_true: NDArray[np.int64], k: int) -> None:
    """Refuses labels without a class."""
    outside = np.unique(y_true[(y_true < 0) | (y_true >= k)])
    if len(outside):
        raise PredictionsError(
            f"y_true must lie in 0..{k - 1}, one number a class name. Received "
            f"{', '.join(map(str, outside[:5]))}. Name every class in class_names."
        )


def _normalised(
    y_proba: NDArray[np.float64], row_ids: NDArray[np.str_]
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Returns rows that sum to 1, and what was done to get there."""
    sums = y_proba.sum(axis=1, keepdims=True)  # (n, 1)
    off = np.abs(sums[:, 0] - 1)
    refused = off > RENORMALISED
    if refused.any():
        raise PredictionsError(
            f"y_proba must sum to 1 in each row, within {RENORMALISED}. Received "
            f"{sums[refused][0, 0]:.6g} and the like in row "
            f"{_first_five(refused, row_ids)}. Turn scores into probabilities first."
        )
    changed = off > ROUNDING
    if not changed.any():
        return y_proba, ()
    y_proba = np.where(changed[:, None], y_proba / sums, y_proba)
    note = (
        f"{changed.sum():,} of {len(y_proba):,} rows of probabilities did not sum to 1 "
        f"(off by at most {off.max():.1e}) and were divided by their sum."
    )
    return y_proba, (note,)


def _first_five(mask: NDArray[np.bool_], row_ids: NDArray[np.str_]) -> str:
    """Returns the ids of the first five marked rows."""
    marked = row_ids[mask]
    more = f" and {len(marked) - 5} more" if len(marked) > 5 else ""  # noqa: PLR2004 - five are named
    return ", ".join(repr(str(row_id)) for row_id in marked[:5]) + more


def write_predictions(predictions: Predictions, path: Path) -> None:
    """Writes an NPZ of `MEMBERS`, probabilities in float32 where that loses nothing.

    Args:
        predictions: What to write.
        path: File to write; it should end in ".npz".
    """
    narrow = predictions.y_proba.astype(np.float32)
    lossless = np.array_equal(narrow.astype(np.float64), predictions.y_proba)
    with path.open("wb") as file:
        np.savez_compressed(
            file,
            y_true=predictions.y_true,
            y_proba=narrow if lossless else predictions.y_proba,
            class_names=np.array(predictions.class_names, dtype=np.str_),
            row_ids=predictions.row_ids,
        )


def read_predictions(path: Path) -> Predictions:
    """Returns the predictions that `write_predictions` wrote; no pickle is loaded.

    Args:
        path: NPZ file with the members of `MEMBERS`.

    Raises:
        PredictionsError: The file is missing, broken or breaks the contract.
    """
    try:
        with path.open("rb") as file:  # np.load leaves a broken file of its own open
            return _read(file, path.name)
    except FileNotFoundError as error:
        raise PredictionsError(f"{path} must exist. Received no such file.") from error
    except OSError as error:
        raise PredictionsError(
            f"{path} must be readable: {error.strerror or error}."
        ) from error


def parse_predictions(content: bytes, *, name: str) -> Predictions:
    """Returns the predictions in the bytes of an NPZ file that came from elsewhere.

    Args:
        content: The file, packed; its size is for the caller to bound.
        name: What to call it in an error.

    Raises:
        PredictionsError: It is broken, breaks the contract, or unpacks to more than
            `LARGEST_UNPACKED`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_members(archive, name)
            _check_sizes(archive, name)
    except BROKEN as error:
        raise _unsound(name, error) from error
    return _read(io.BytesIO(content), name)


def _check_members(archive: zipfile.ZipFile, name: str) -> None:
    """Refuses what is there twice, of which readers choose differently, or besides."""
    counted = Counter(archive.namelist())
    strange = counted - Counter(f"{member}.npy" for member in MEMBERS)
    if strange:
        first = min(strange)
        raise PredictionsError(
            f"{name} must hold {', '.join(MEMBERS)}, each once, and nothing else. "
            f"Received {first!r} {counted[first]} times. Ask for the file as reportgen "
            "wrote it."
        )


def _check_sizes(archive: zipfile.ZipFile, name: str) -> None:
    """Refuses an NPZ that is larger unpacked than allowed, or than it says."""
    unpacked = sum(member.file_size for member in archive.infolist())
    if unpacked > LARGEST_UNPACKED:
        raise PredictionsError(
            f"{name} must unpack to at most {LARGEST_UNPACKED:,} bytes. Received "
            f"{unpacked:,}. Ask for the file as reportgen wrote it."
        )
    for member in archive.infolist():
        with archive.open(member) as file:
            held = _array_size(file)
        if held != member.file_size:  # NumPy makes room for what the header claims
            raise PredictionsError(
                f"{name} must hold whole arrays. Received {member.filename!r} of "
                f"{member.file_size:,} bytes that claims {held:,}."
            )


def _array_size(file: IO[bytes]) -> int:
    """Returns the bytes of an array file, header included, as its header claims."""
    version = np.lib.format.read_magic(file)
    if version != (1, 0):
        raise ValueError(f"its header has version {version}")
    shape, _, dtype = np.lib.format.read_array_header_1_0(file)
    return file.tell() + math.prod(shape) * dtype.itemsize


def _read(file: BinaryIO, name: str) -> Predictions:
    """Returns the predictions in an open NPZ file."""
    try:
        members = _arrays(file, name)
    except BROKEN as error:
        raise _unsound(name, error) from error
    missing = [member for member in MEMBERS if member not in members]
    if missing:
        raise PredictionsError(
            f"{name} must hold {', '.join(MEMBERS)}. Missing: {', '.join(missing)}."
        )
    class_names = np.asarray(members["class_names"])
    if class_names.ndim != 1:
        raise PredictionsError(
            f"class_names must have shape (k,), one name a class. Received "
            f"{class_names.shape}."
        )
    return Predictions(
        y_true=members["y_true"],
        y_proba=members["y_proba"],
        class_names=tuple(map(str, class_names)),
        row_ids=members["row_ids"],
    )


def _unsound(name: str, error: Exception) -> PredictionsError:
    """Returns the error for a file that is no sound NPZ."""
    return PredictionsError(
        f"{name} must be an NPZ file without pickled objects: {error}."
    )


def _arrays(file: BinaryIO, name: str) -> dict[str, NDArray[Any]]:
    """Returns the arrays of an open NPZ file."""
    found = np.load(file, allow_pickle=False)
    if not isinstance(found, NpzFile):  # a plain .npy
        raise PredictionsError(f"{name} must be an NPZ file. Received a single array.")
    with found as archive:
        return {member: archive[member] for member in archive.files}
