"""A dataset in an NPZ file: images and labels of a training and a test part.

What the headers say is looked at first: nothing is unpacked whose type, shape or size
could not be that of images and their labels.
"""

import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.data.dataset import is_image_shape
from reportgen.data.idx import unreadable
from reportgen.data.published import PublishedPart, check_paired, check_room
from reportgen.errors import DataError
from reportgen.npz import Header, Npz, UnsoundError, open_npz
from reportgen.opening import open_regular

MEMBERS = ("x_train", "y_train", "x_test", "y_test")
TESTED = MEMBERS[2:]
"""What a model that was made elsewhere can do with."""

LONGEST_LABEL = 1_000
"""Characters of a label that is text."""

LARGEST_LABELS_BYTES = 2**28
"""Of all labels of a part: text of a hundred characters for each of 600,000 images."""

CHARACTER_BYTES = 4


def read_npz(path: Path) -> tuple[PublishedPart | None, PublishedPart]:
    """Returns the training part, None where there is none, and the test part.

    Args:
        path: Archive with x_train and x_test, uint8 (n, height, width),
            (n, height, width, 1) or, for RGB, (n, height, width, 3), and y_train and
            y_test, integers or text, (n,) or (n, 1), or the latter two alone. What
            else it holds is not read, and told of by its name.

    Raises:
        DataError: The archive cannot be read, lacks an array, or an array is of a type
            or shape that is no set of images and labels.
    """
    try:
        with open_regular(path) as file, open_npz(file, MEMBERS) as npz:
            _check_names(npz, path)
            _check_headers(npz.headers, path)
            alone = set(npz.headers) == set(TESTED)
            train = None if alone else _read_part(npz, path, "train")
            unread = tuple(name for name in npz.names if name not in MEMBERS)
            return train, replace(_read_part(npz, path, "test"), unread=unread)
    except OSError as error:
        raise unreadable(path, error) from error
    except UnsoundError as error:
        raise _broken(path, str(error)) from error


def _check_names(npz: Npz, path: Path) -> None:
    """Raises DataError where an array is missing."""
    missing = [name for name in MEMBERS if name not in npz.headers]
    if missing and set(npz.headers) != set(TESTED):
        few = [repr(name[:LONGEST_LABEL]) for name in npz.names[: len(MEMBERS)]]
        more = len(npz.names) - len(few)
        raise DataError(
            f"{path} must hold the arrays {', '.join(MEMBERS)}, or the latter two "
            "alone for a model that was made elsewhere. Missing: "
            f"{', '.join(missing)}; received: {', '.join(few) or 'none'}"
            f"{f' and {more:,} more' if more else ''}. "
            "Save them under these names with numpy.savez_compressed."
        )


def _check_headers(headers: Mapping[str, Header], path: Path) -> None:
    """Raises DataError for types, shapes and sizes that a dataset cannot have."""
    for part in ("train", "test"):
        if f"x_{part}" not in headers:
            continue
        images, labels = headers[f"x_{part}"], headers[f"y_{part}"]
        _check_images(path, f"x_{part}", images)
        _check_labels(path, f"y_{part}", labels)
        check_paired(
            (f"x_{part} in {path}", images.shape[0]),
            (f"y_{part} in {path}", labels.shape[0]),
        )
    first = headers["x_train"].shape if "x_train" in headers else (0,)
    check_room(str(path), first, headers["x_test"].shape)


def _check_images(path: Path, name: str, header: Header) -> None:
    """Raises DataError unless it is (n, height, width), or that with a 1 or a 3."""
    fits = is_image_shape(_without_one(header.shape))
    if header.dtype != np.uint8 or not fits or not header.size:
        raise _wrong_type(path, name, str(header))


def _without_one(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Returns the shape of images without a last axis of one channel."""
    return shape[:-1] if len(shape) == 4 and shape[-1] == 1 else shape  # noqa: PLR2004 - (n, h, w, 1)


def _check_labels(path: Path, name: str, header: Header) -> None:
    """Raises DataError unless the array is (n,) or (n, 1), of numbers or text."""
    flat = len(header.shape) == 1 or (header.shape[1:] == (1,))
    if header.dtype.kind not in "iuU" or not flat or not header.size:
        raise _wrong_type(path, name, str(header))
    wide = header.dtype.itemsize > CHARACTER_BYTES * LONGEST_LABEL
    if wide or header.size_bytes > LARGEST_LABELS_BYTES:
        raise DataError(
            f"{name} in {path} must be labels of at most {LONGEST_LABEL:,} characters "
            f"each and {LARGEST_LABELS_BYTES:,} bytes in all. Received {header}. "
            "Shorten the longest, or number the classes."
        )


def _read_part(npz: Npz, path: Path, part: str) -> PublishedPart:
    """Returns the part that two arrays make."""
    images: NDArray[np.uint8] = npz.read(f"x_{part}")
    images = images.reshape(_without_one(images.shape))
    return PublishedPart(
        images=images,
        labels=_to_labels(path, f"y_{part}", npz.read(f"y_{part}").reshape(-1)),
        images_name=f"x_{part} in {path}",
        labels_name=f"y_{part} in {path}",
    )


def _to_labels(path: Path, name: str, labels: NDArray[Any]) -> NDArray[Any]:
    """Returns (n,) int64, or (n,) text."""
    if labels.dtype.kind == "U":
        return _checked_text(path, name, labels)
    if int(labels.max()) > np.iinfo(np.int64).max:
        raise _wrong_type(path, name, f"{labels.dtype} up to {labels.max()}")
    return labels.astype(np.int64)


def _checked_text(path: Path, name: str, labels: NDArray[np.str_]) -> NDArray[np.str_]:
    """Returns the labels if all are text that a page can print."""
    codes = np.ascontiguousarray(labels).view(np.uint32)
    if codes.max() > sys.maxunicode:  # at which NumPy itself fails
        raise _broken(path, f"{name}: U+{codes.max():X} is no character")
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
            f"{name} in {path} must be uint8 of shape (n, height, width), or (n, "
            f"height, width, 3) for RGB, n at least 1. Received {received}. Scale "
            "pixels to whole numbers from 0 to 255, those of 0 to 1 with (255 * x)"
            ".round().astype('uint8'), give each image its rows and columns, and put "
            "channels behind them, with numpy.moveaxis(x, 1, -1)."
        )
    return DataError(
        f"{name} in {path} must be whole numbers of 64 bits or fewer, or text, of "
        f"shape (n,), n at least 1. Received {received}. Give each image one class; "
        "argmax(axis=1) turns one-hot rows into class numbers, astype(int) numbers of "
        "another type, and astype(str) bytes into text."
    )


def _broken(path: Path, reason: str) -> DataError:
    """Returns the error for an archive that cannot be taken apart."""
    return DataError(
        f"{path} must be an NPZ archive as numpy.savez writes it. Received a broken "
        f"one: {reason}. Fetch or save the file again, labels that are objects "
        "as text with astype(str)."
    )
