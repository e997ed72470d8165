"""Predictions in an NPZ file, whoever wrote it.

What the headers say is looked at first: nothing is unpacked whose type, shape or size
could not be that of predictions.
"""

import io
import os
from collections import Counter
from collections.abc import Mapping
from hashlib import file_digest
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

import numpy as np

from reportgen.errors import PredictionsError
from reportgen.npz import MAGIC, Header, Npz, UnsoundError, open_npz
from reportgen.opening import open_regular
from reportgen.predictions.checks import check_kind, check_shapes, check_text, shown
from reportgen.predictions.contract import Predictions

KINDS = {"y_true": "iu", "y_proba": "fiu", "class_names": "Uiu", "row_ids": "Uiu"}
"""Kinds of types, in NumPy's letters, that a member may be of."""

MEMBERS = tuple(KINDS)

LARGEST_HANDED = 2**30
"""Bytes that predictions handed over may take in memory: a million rows of a hundred
classes. A small file may claim more: zeros unpack to a thousandfold."""

LARGEST_CARRIED = 2**29
"""Likewise of those that a report carries."""

MOST_CLASSES = 2_500
"""The table of classes by classes grows with their square: of these a record has 60
million bytes, and of more it would be too large to be read again."""

LONGEST_NAME = 1_000
"""Characters of a class name or row id."""

CHARACTER_BYTES = 4
WIDEST_NUMBER_BYTES = 21 * CHARACTER_BYTES
"""What a row id takes that was a whole number of 64 bits, as text."""

BESIDES_BYTES = 40
"""What a row takes besides: its label, and to look for ids that are there twice."""


def write_predictions(predictions: Predictions, path: Path) -> None:
    """Writes an NPZ of `MEMBERS`, probabilities in float32 where that loses nothing.

    Args:
        predictions: What to write.
        path: File to write; it should end in ".npz".
    """
    path.write_bytes(to_npz(predictions))


def to_npz(predictions: Predictions) -> bytes:
    """Returns the file that `write_predictions` writes; its bytes follow from the rows.

    Args:
        predictions: What it holds.
    """
    file = io.BytesIO()
    narrow = predictions.y_proba.astype(np.float32)
    lossless = np.array_equal(narrow.astype(np.float64), predictions.y_proba)
    np.savez_compressed(
        file,
        y_true=predictions.y_true,
        y_proba=narrow if lossless else predictions.y_proba,
        class_names=np.array(predictions.class_names, dtype=np.str_),
        row_ids=predictions.row_ids,
    )
    return file.getvalue()


def read_predictions(path: Path) -> Predictions:
    """Returns the predictions in an NPZ file; no pickle is loaded.

    Args:
        path: File with the members of `MEMBERS`; what else it holds is not read.

    Raises:
        PredictionsError: The file is missing, broken or breaks the contract, or takes
            more than `LARGEST_HANDED`.
    """
    return read_with_digest(path)[0]


def read_with_digest(path: Path) -> tuple[Predictions, str]:
    """Returns the predictions in an NPZ file, and the SHA-256 of just those bytes.

    Args:
        path: As for `read_predictions`.

    Raises:
        PredictionsError: Likewise, or the file changed while it was read.
    """
    try:
        with open_regular(path) as file:
            before = _state(file)
            digest = file_digest(file, "sha256").hexdigest()
            file.seek(0)
            predictions = _read(file, path.name, largest=LARGEST_HANDED)
            _check_unchanged(before, _state(file), path)
    except FileNotFoundError as error:
        raise PredictionsError(
            f"{path} must exist. Received no such file. Check its name."
        ) from error
    except OSError as error:
        raise PredictionsError(
            f"{path} must be readable: {error.strerror or error}. Name an NPZ file."
        ) from error
    return predictions, digest


def parse_predictions(
    content: bytes, *, name: str, largest: int = LARGEST_CARRIED
) -> Predictions:
    """Returns the predictions in the bytes of an NPZ file that came from elsewhere.

    Args:
        content: The file, packed; its size is for the caller to bound.
        name: What to call it in an error.
        largest: Bytes that they may take in memory.

    Raises:
        PredictionsError: It is broken, breaks the contract, holds more than `MEMBERS`,
            or takes more than `largest`.
    """
    return _read(io.BytesIO(content), name, largest=largest, alone=True)


def _state(file: BufferedReader) -> tuple[int, int]:
    """Returns size and time of the last change of an open file."""
    found = os.fstat(file.fileno())
    return found.st_size, found.st_mtime_ns


def _check_unchanged(
    before: tuple[int, int], after: tuple[int, int], path: Path
) -> None:
    """Refuses a file that was written to meanwhile: which bytes were read?"""
    if before != after:
        raise PredictionsError(
            f"{path} must stay as it is while it is read. Received one that another "
            "program wrote to meanwhile. Wait until it is done."
        )


def _read(
    file: BinaryIO, name: str, *, largest: int, alone: bool = False
) -> Predictions:
    """Returns the predictions in an open NPZ file.

    Args:
        file: It, at its beginning.
        name: What to call it in an error.
        largest: Bytes that they may take in memory.
        alone: Whether the file may hold nothing besides.
    """
    _check_archive(file, name)
    try:
        with open_npz(file, MEMBERS) as npz:
            _check_members(npz, name, alone=alone)
            _check_headers(npz.headers, name, largest)
            return _predictions(npz)
    except UnsoundError as error:
        raise PredictionsError(
            f"{name} must be an NPZ file without pickled objects, as numpy.savez "
            f"writes it. Received a broken one: {error}. Save it again."
        ) from error


def _check_archive(file: BinaryIO, name: str) -> None:
    """Refuses a single array, which numpy.save writes."""
    if file.read(len(MAGIC)) == MAGIC:
        raise PredictionsError(
            f"{name} must be an NPZ file. Received a single array. Save all of "
            f"{', '.join(MEMBERS)} with numpy.savez."
        )
    file.seek(0)


def _check_members(npz: Npz, name: str, *, alone: bool) -> None:
    """Refuses a file that lacks a member, or holds what reportgen never wrote."""
    strange = Counter(npz.names) - Counter(MEMBERS)
    if strange and alone:
        first = min(strange)
        raise PredictionsError(
            f"{name} must hold {', '.join(MEMBERS)}, and nothing else. Received "
            f"{shown(first)}. Ask for the file as reportgen wrote it."
        )
    missing = [member for member in MEMBERS if member not in npz.headers]
    if missing:
        raise PredictionsError(
            f"{name} must hold {', '.join(MEMBERS)}. Missing: {', '.join(missing)}. "
            "Save all of them with numpy.savez."
        )


def _check_headers(headers: Mapping[str, Header], name: str, largest: int) -> None:
    """Refuses types, shapes and sizes that predictions cannot have."""
    for member, kinds in KINDS.items():
        check_kind(member, headers[member].dtype, kinds)
    for member in ("class_names", "row_ids"):
        _check_width(member, headers[member])
    k = _checked_classes(headers["class_names"].shape)
    check_shapes(
        headers["y_true"].shape, headers["row_ids"].shape, headers["y_proba"].shape, k
    )
    room = _room(headers)
    if room > largest:
        raise PredictionsError(
            f"{name} must take at most {largest:,} bytes of memory, probabilities as "
            f"float64. Received {headers['y_proba'].shape[0]:,} rows of {k:,} classes, "
            f"which take {room:,}. Evaluate a sample of the rows."
        )


def _check_width(member: str, header: Header) -> None:
    """Refuses room for names that nobody could read."""
    width = header.dtype.itemsize // CHARACTER_BYTES
    if width > LONGEST_NAME:
        raise PredictionsError(
            f"{member} must have at most {LONGEST_NAME:,} characters each. Received "
            f"room for {width:,}. Shorten the longest."
        )


def _checked_classes(shape: tuple[int, ...]) -> int:
    """Returns how many classes are named."""
    if len(shape) != 1:
        raise PredictionsError(
            f"class_names must have shape (k,), one name a class. Received {shape}. "
            "List the names in the order of the columns."
        )
    if shape[0] > MOST_CLASSES:
        raise PredictionsError(
            f"class_names must name at most {MOST_CLASSES:,} classes, since they are "
            f"tabled against one another. Received {shape[0]:,}. Pool the rarest."
        )
    return shape[0]


def _room(headers: Mapping[str, Header]) -> int:
    """Returns the bytes that the arrays take once they are read and looked at."""
    y_proba, row_ids = headers["y_proba"], headers["row_ids"]
    copies = 2 if y_proba.column_order else 1  # as they are, and row by row
    text = row_ids.dtype.itemsize if row_ids.dtype.kind == "U" else WIDEST_NUMBER_BYTES
    return copies * y_proba.size * 8 + row_ids.size * (text + BESIDES_BYTES)


def _predictions(npz: Npz) -> Predictions:
    """Returns the predictions of an NPZ whose headers were looked at."""
    names = npz.read("class_names")
    if names.dtype.kind == "U":
        check_text("class_names", names)
    return Predictions(
        class_names=tuple(map(str, names.tolist())),
        row_ids=npz.read("row_ids"),
        y_true=npz.read("y_true"),
        y_proba=npz.read("y_proba", dtype=np.float64),
    )
