"""The images of rows, in an NPZ beside the predictions."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reportgen.errors import PredictionsError
from reportgen.npz import Header, Npz, UnsoundError, open_npz
from reportgen.opening import open_regular
from reportgen.predictions.arrays import array_of
from reportgen.predictions.bounds import LONGEST_NAME
from reportgen.predictions.checks import check_kind, check_text, first_five
from reportgen.predictions.naming import column_of

IMAGES, ROW_IDS = "images", "row_ids"
LARGEST_IMAGES = 2**30
"""Bytes that they may take in memory."""

LONGEST_SIDE = 8_192
SHAPES = {3: (1,), 4: (1, 3)}
"""Channels by the dimensions of an array of images."""

CHANNELS = 4
"""Dimensions where the channels have one of their own."""

CHARACTER_BYTES = 4


def read_images(
    path: Path, row_ids: NDArray[np.str_], *, named: bool
) -> NDArray[np.uint8]:
    """Returns (n, h, w) or (n, h, w, c) images of the rows, in their order.

    Args:
        path: An NPZ with `images`, and `row_ids` unless they are in the order of rows.
        row_ids: (n,) names of the rows.
        named: Whether these were handed over; numbers match no ids of images.

    Raises:
        PredictionsError: It is missing, broken or too large, or lacks a row's image.
    """
    try:
        with open_regular(path) as file, open_npz(file, (IMAGES, ROW_IDS)) as npz:
            _check_headers(npz.headers, path.name)
            if ROW_IDS not in npz.headers:
                _check_count(npz.headers[IMAGES].shape[0], len(row_ids), path.name)
                return npz.read(IMAGES)
            places = _places(npz, row_ids, path.name, named=named)
            return _in_order(npz.read(IMAGES), places)
    except UnsoundError as error:
        raise PredictionsError(
            f"{path.name} must be an NPZ file as numpy.savez writes it. Received a "
            f"broken one: {error}. Save it again."
        ) from error
    except OSError as error:
        raise PredictionsError(
            f"{path} must be readable: {error.strerror or error}. Name an NPZ file."
        ) from error


def checked_images(images: ArrayLike, n: int) -> NDArray[np.uint8]:
    """Returns images that a program has in memory, if they are those of n rows.

    Args:
        images: (n, h, w), (n, h, w, 1) or (n, h, w, 3) uint8, in the order of the rows.
        n: Rows.

    Raises:
        PredictionsError: They are of another type or shape.
    """
    found = array_of("images", images)
    if not are_images(found):
        raise PredictionsError(
            "images must be uint8 of shape (n, h, w) or (n, h, w, 3). Received "
            f"{found.dtype} of shape {found.shape}. "
            f"{_array_advice(found.shape, found.dtype)}"
        )
    if len(found) != n:
        raise PredictionsError(
            f"images must be one a row, {n:,}. Received {len(found):,}. Give those of "
            "the rows that were predicted, in their order."
        )
    return found


def _array_advice(shape: tuple[int, ...], dtype: np.dtype[Any]) -> str:
    """Returns what makes images of an array."""
    if dtype != np.uint8:
        return (
            "Give them as they were before the model's preprocessing; of pixels in 0-1 "
            "make whole numbers with numpy.rint(255 * images).astype(numpy.uint8)."
        )
    if len(shape) == CHANNELS and shape[1] in SHAPES[CHANNELS]:
        return "Move the channels last: images.transpose(0, 2, 3, 1)."
    return "Reshape them to rows and columns of pixels."


def are_images(found: NDArray[Any]) -> bool:
    """Returns whether type and shape are those of images."""
    shape = found.shape
    fits = len(shape) in SHAPES and (*shape[3:], 1)[0] in SHAPES[len(shape)]
    return bool(found.dtype == np.uint8 and fits and found.size)


def _check_headers(headers: Mapping[str, Header], name: str) -> None:
    """Refuses types, shapes and sizes that images cannot have."""
    if IMAGES not in headers:
        raise PredictionsError(
            f"{name} must hold images. Received none of that name. Save them with "
            "numpy.savez(file, images=..., row_ids=...)."
        )
    found = headers[IMAGES]
    channels = (*found.shape[3:], 1)[0]
    fits = len(found.shape) in SHAPES and channels in SHAPES[len(found.shape)]
    if found.dtype != np.uint8 or not fits or not found.size:
        raise PredictionsError(
            f"images in {name} must be uint8 of shape (n, h, w) or (n, h, w, 3). "
            f"Received {found}. {_array_advice(found.shape, found.dtype)}"
        )
    if found.size > LARGEST_IMAGES or max(found.shape[1:3]) > LONGEST_SIDE:
        raise PredictionsError(
            f"images in {name} must take at most {LARGEST_IMAGES:,} bytes and have "
            f"sides of at most {LONGEST_SIDE:,} pixels. Received {found}. Name files "
            "of images in a column of the table."
        )
    if ROW_IDS in headers:
        check_kind(ROW_IDS, headers[ROW_IDS].dtype, "Uiu")
        if headers[ROW_IDS].shape != found.shape[:1]:
            raise PredictionsError(
                f"row_ids in {name} must have shape {found.shape[:1]}, one an image. "
                f"Received {headers[ROW_IDS].shape}. Name each image once."
            )
        if headers[ROW_IDS].dtype.itemsize > CHARACTER_BYTES * LONGEST_NAME:
            raise PredictionsError(
                f"row_ids in {name} must have at most {LONGEST_NAME:,} characters. "
                f"Received {headers[ROW_IDS]}. Shorten the longest."
            )


def _check_count(found: int, n: int, name: str) -> None:
    """Refuses more or fewer images than rows, where no ids tell which is whose."""
    if found != n:
        raise PredictionsError(
            f"images in {name} must be one a row, {n:,}, since no row_ids tell which "
            f"row is whose. Received {found:,}. Save row_ids beside them."
        )


def _places(
    npz: Npz, row_ids: NDArray[np.str_], name: str, *, named: bool
) -> NDArray[np.int64]:
    """Returns (n,) the place of each row's image."""
    if not named:
        raise PredictionsError(
            f"Predictions must have row ids, since {name} has some. Received rows that "
            "were numbered. Name them with --id-column, or leave row_ids out of "
            f"{name}."
        )
    ids = npz.read(ROW_IDS)
    if ids.dtype.kind == "U":
        check_text(ROW_IDS, ids)
    found = column_of(ROW_IDS, ids.astype(np.str_))
    order = np.argsort(found, kind="stable")
    if len(found) > 1 and (found[order[1:]] == found[order[:-1]]).any():
        raise PredictionsError(
            f"row_ids in {name} must all differ. Received one twice. Name each image "
            "once."
        )
    at = np.minimum(np.searchsorted(found, row_ids, sorter=order), len(found) - 1)
    places: NDArray[np.int64] = order[at]
    missing = found[places] != row_ids
    if missing.any():
        raise PredictionsError(
            f"{name} must have an image of each row. Received none of "
            f"{first_five(missing, row_ids)}. Add them, or leave out --images."
        )
    return places


def _in_order(
    images: NDArray[np.uint8], places: NDArray[np.int64]
) -> NDArray[np.uint8]:
    """Returns the images in those places; without a copy where they stand so."""
    if np.array_equal(places, np.arange(len(images))):
        return images
    return images[places]
