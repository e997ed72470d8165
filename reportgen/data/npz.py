"""NPZ, NumPy's archive: a ZIP file with one .npy file an array.

The members are taken apart here rather than by `numpy.load`, so that a header is held
against the bytes behind it before any memory is asked for, and no path leads to pickle.
"""

import io
import tokenize
import zipfile
import zlib
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from reportgen.data.idx import LARGEST_BYTES, unreadable
from reportgen.data.published import PublishedPart
from reportgen.errors import DataError

MEMBERS = ("x_train", "y_train", "x_test", "y_test")
IMAGE_DIMENSIONS = 3
COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""What `numpy.savez` and `numpy.savez_compressed` write."""

ENCRYPTED = 0x1
"""Bit of a ZIP member's flags."""

DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,  # A version or flag that zipfile does not know.
    ValueError,  # A name or an offset that cannot be.
)
"""What zipfile raises where an archive is cut short or altered."""


def read_npz(path: Path) -> tuple[PublishedPart, PublishedPart]:
    """Returns the training part and the test part that the archive holds.

    Args:
        path: Archive with x_train and x_test, uint8 (n, height, width) or
            (n, height, width, 1), and y_train and y_test, integers or text, (n,) or
            (n, 1).

    Raises:
        DataError: The archive cannot be read, lacks an array, or an array is of a type
            or shape that is no set of grey images and labels.
    """
    contents = _read_members(path)
    arrays = {name: _to_array(contents[name], path, name) for name in MEMBERS}
    return (
        _to_part(path, ("x_train", arrays["x_train"]), ("y_train", arrays["y_train"])),
        _to_part(path, ("x_test", arrays["x_test"]), ("y_test", arrays["y_test"])),
    )


def _read_members(path: Path) -> dict[str, bytes]:
    """Returns the .npy file of each array by the array's name."""
    try:
        with zipfile.ZipFile(path) as archive:
            _check_names(archive, path)
            return {name: _read_member(archive, path, name) for name in MEMBERS}
    except OSError as error:
        raise unreadable(path, error) from error
    except DAMAGE as error:
        raise _broken(path, str(error)) from error


def _check_names(archive: zipfile.ZipFile, path: Path) -> None:
    """Raises DataError where an array is missing."""
    present = archive.namelist()
    missing = [name for name in MEMBERS if f"{name}.npy" not in present]
    if missing:
        raise DataError(
            f"{path} must hold the arrays {', '.join(MEMBERS)}. Missing: "
            f"{', '.join(missing)}; received: {', '.join(present) or 'none'}. "
            "Save them under these names with numpy.savez_compressed."
        )


def _read_member(archive: zipfile.ZipFile, path: Path, name: str) -> bytes:
    """Returns the unpacked bytes of one member."""
    member = archive.getinfo(f"{name}.npy")
    plain = member.compress_type in COMPRESSIONS and not member.flag_bits & ENCRYPTED
    if not plain or member.file_size > LARGEST_BYTES:
        raise DataError(
            f"{name} in {path} must be stored or deflated, unencrypted, in at most "
            f"{LARGEST_BYTES:,} bytes. Received compression {member.compress_type}, "
            f"{member.file_size:,} bytes. Save it with numpy.savez_compressed."
        )
    with archive.open(member) as stream:
        # Naming the size keeps a lying member from unpacking more than it declares.
        return stream.read(member.file_size)


def _to_array(content: bytes, path: Path, name: str) -> NDArray[Any]:
    """Returns the array that the bytes of an .npy file hold, without copying them."""
    stream = io.BytesIO(content)
    try:
        shape, column_order, dtype = _read_header(stream)
    except (ValueError, SyntaxError, tokenize.TokenError) as error:
        raise _broken(path, f"{name}: {error}") from error
    if dtype.kind not in ("iuU" if name.startswith("y") else "iu"):
        raise _wrong_type(path, name, f"{dtype} of shape {shape}")
    expected, received = prod(shape) * dtype.itemsize, len(content) - stream.tell()
    if expected != received or min(shape, default=1) < 0:
        reason = f"{name} has {received:,} of {expected:,} bytes for shape {shape}"
        raise _broken(path, reason)
    flat = np.frombuffer(content, dtype=dtype, offset=stream.tell())
    return flat.reshape(shape, order="F" if column_order else "C")


def _read_header(stream: io.BytesIO) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Returns shape, whether the array is in column order, and type.

    Raises:
        ValueError: The bytes are no .npy file of version 1 or 2. NumPy writes version
            3 for structured types alone.
    """
    version = npy.read_magic(stream)
    if version == (1, 0):
        return npy.read_array_header_1_0(stream)
    if version == (2, 0):
        return npy.read_array_header_2_0(stream)
    raise ValueError(f"version {version} of .npy")


def _to_part(
    path: Path, images: tuple[str, NDArray[Any]], labels: tuple[str, NDArray[Any]]
) -> PublishedPart:
    """Returns the part that two named arrays make."""
    return PublishedPart(
        images=_to_images(path, *images),
        labels=_to_labels(path, *labels),
        images_name=f"{images[0]} in {path}",
        labels_name=f"{labels[0]} in {path}",
    )


def _to_images(path: Path, name: str, array: NDArray[Any]) -> NDArray[np.uint8]:
    """Returns (n, height, width) uint8."""
    received = f"{array.dtype} of shape {array.shape}"
    if array.ndim == IMAGE_DIMENSIONS + 1 and array.shape[-1] == 1:
        array = array[..., 0]  # (n, height, width)
    if array.dtype != np.uint8 or array.ndim != IMAGE_DIMENSIONS or array.size == 0:
        raise _wrong_type(path, name, received)
    images: NDArray[np.uint8] = array
    return images


def _to_labels(path: Path, name: str, array: NDArray[Any]) -> NDArray[Any]:
    """Returns (n,) int64, or (n,) text."""
    flat = array[:, 0] if array.shape[1:] == (1,) else array
    if flat.ndim != 1 or flat.size == 0:
        raise _wrong_type(path, name, f"{array.dtype} of shape {array.shape}")
    if flat.dtype.kind == "U":
        return _checked_text(path, name, flat)
    if int(flat.max()) > np.iinfo(np.int64).max:
        raise _wrong_type(path, name, f"{array.dtype} of shape {array.shape}")
    return flat.astype(np.int64)


def _checked_text(path: Path, name: str, labels: NDArray[np.str_]) -> NDArray[np.str_]:
    """Returns the labels if all are text that a page can print."""
    try:
        for label in np.unique(labels).tolist():
            label.encode()
    except ValueError as error:  # no character, or half of one
        raise _broken(path, f"{name}: {error}") from error
    return labels


def _wrong_type(path: Path, name: str, received: str) -> DataError:
    """Returns the error for an array that is no set of images, or of labels."""
    if name.startswith("x"):
        return DataError(
            f"{name} in {path} must be uint8 of shape (n, height, width), n at least "
            f"1. Received {received}. Scale grey pixels to whole numbers from 0 to "
            "255, give each image its rows and columns, and convert with "
            "astype('uint8')."
        )
    return DataError(
        f"{name} in {path} must be whole numbers of 64 bits or fewer, or text, of "
        f"shape (n,), n at least 1. Received {received}. Give each image one class; "
        "argmax(axis=1) turns one-hot rows into class numbers."
    )


def _broken(path: Path, reason: str) -> DataError:
    """Returns the error for an archive that cannot be taken apart."""
    return DataError(
        f"{path} must be an NPZ archive as numpy.savez writes it. Received a broken "
        f"one: {reason}. Fetch or save the file again."
    )
