"""Labelled images as one checked value, and the hashes that identify them."""

import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.data.arrays import read_only
from reportgen.errors import DataError

GREY_DIMENSIONS = 3
RGB = 3
"""Channels of an image that has colours."""


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """All images of a dataset in file order; the arrays are read-only.

    Attributes:
        key: Name on the command line, as "mnist".
        title: Name on the page, as "MNIST handwritten digits".
        source: Where the data were published, or the name of the file or folder given.
        images: (n, height, width) uint8, 0 is black, or (n, height, width, 3) for RGB.
        labels: (n,) int64 in 0..k-1.
        class_names: k names in label order.
        row_ids: (n,) str, unique, as "train/00017": file and row in it.
        official_test: (n,) bool, True in the published test part, which may be all
            there is; None where no split was published.
        notes: What was done to the images as they were read, and what was left out.
        order_assumed: Whether the class names are words in natural order where the
            order of their characters is another one, and nobody said which it is.

    Raises:
        DataError: A shape, type or range breaks this contract.
    """

    key: str
    title: str
    source: str
    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    class_names: tuple[str, ...]
    row_ids: NDArray[np.str_]
    official_test: NDArray[np.bool_] | None
    notes: tuple[str, ...] = ()
    order_assumed: bool = False

    def __post_init__(self) -> None:
        _check_images(self.images)
        _check_rows(self.labels, "labels", self.n, np.int64)
        _check_rows(self.row_ids, "row_ids", self.n, np.str_)
        check_class_names(self.class_names)
        _check_range(self.labels, len(self.class_names))
        _check_unique(self.row_ids)
        if self.official_test is not None:
            _check_official_test(self.official_test, self.n)
            object.__setattr__(self, "official_test", read_only(self.official_test))
        object.__setattr__(self, "images", read_only(self.images))
        object.__setattr__(self, "labels", read_only(self.labels))
        object.__setattr__(self, "row_ids", read_only(self.row_ids))

    @property
    def n(self) -> int:
        """Images."""
        return len(self.images)

    @property
    def height(self) -> int:
        """Image rows."""
        return int(self.images.shape[1])

    @property
    def width(self) -> int:
        """Image columns."""
        return int(self.images.shape[2])

    @property
    def channels(self) -> int:
        """1 for grey, 3 for RGB."""
        return RGB if self.images.ndim > GREY_DIMENSIONS else 1


def pixels_sha256(dataset: Dataset) -> str:
    """Returns the SHA-256 of all pixels in file order, a byte each, in hex."""
    return hashlib.sha256(dataset.images.data).hexdigest()


def labels_sha256(dataset: Dataset) -> str:
    """Returns the SHA-256 of all labels in file order, little-endian int64, in hex."""
    return hashlib.sha256(dataset.labels.astype("<i8").data).hexdigest()


def row_ids_sha256(row_ids: NDArray[np.str_]) -> str:
    """Returns the SHA-256 of the ids in the order given, in hex.

    Each id is hashed as UTF-8 with a line feed behind it, so `sha256sum` of a text file
    with one id a line gives the same.

    Args:
        row_ids: (n,) str.
    """
    lines = "".join(f"{row_id}\n" for row_id in row_ids.tolist())
    return hashlib.sha256(lines.encode()).hexdigest()


def is_image_shape(shape: tuple[int, ...]) -> bool:
    """Returns whether that is a shape of grey images, or of RGB."""
    return len(shape) == GREY_DIMENSIONS or (
        len(shape) == GREY_DIMENSIONS + 1 and shape[-1] == RGB
    )


def check_class_names(class_names: tuple[str, ...]) -> None:
    """Raises DataError where a name stands twice, or there is but one."""
    if len(class_names) == 1:
        raise DataError(
            "A dataset must hold images of at least two classes. Received only "
            f"{class_names[0]!r}. Add images of what it is told apart from."
        )
    if len(set(class_names)) == len(class_names):
        return
    name, times = Counter(class_names).most_common(1)[0]
    raise DataError(
        f"class_names must differ from one another. Received {name!r} {times} times. "
        "Name each class once, in label order."
    )


def _check_images(images: NDArray[Any]) -> None:
    """Raises DataError unless there is an image and all are grey or RGB of 8 bits."""
    fits = images.dtype == np.uint8 and is_image_shape(images.shape)
    if not fits or images.size == 0:
        raise DataError(
            "images must be uint8 of shape (n, height, width), or (n, height, width, "
            "3) for RGB, and hold at least one pixel. Received "
            f"{images.dtype} of shape {images.shape}. Save pixels as whole numbers "
            "from 0 to 255."
        )


def _check_rows(
    array: NDArray[Any], name: str, n: int, dtype: type[np.generic]
) -> None:
    """Raises DataError unless the array is (n,) and of that type."""
    if array.shape != (n,) or not np.issubdtype(array.dtype, dtype):
        raise DataError(
            f"{name} must be {dtype.__name__} of shape ({n},), one for each image. "
            f"Received {array.dtype} of shape {array.shape}. Give one value an image."
        )


def _check_official_test(official_test: NDArray[np.bool_], n: int) -> None:
    """Raises DataError where no row is one of the test part."""
    _check_rows(official_test, "official_test", n, np.bool_)
    if not official_test.any():
        raise DataError(
            f"official_test must be True for some rows. Received False for all {n}. "
            "Give None where no split was published."
        )


def _check_range(labels: NDArray[np.int64], k: int) -> None:
    """Raises DataError where a label has no class name."""
    low, high = int(labels.min()), int(labels.max())
    if low < 0 or high >= k:
        raise DataError(
            f"labels must lie in 0 to {k - 1}, one number for each of {k} class names. "
            f"Received {low} to {high}. Name every class, or number the labels from 0."
        )


def _check_unique(row_ids: NDArray[np.str_]) -> None:
    """Raises DataError where two rows share an id."""
    seen: set[str] = set()
    twice: dict[str, None] = {}
    for row_id in row_ids.tolist():
        if row_id in seen:
            twice[row_id] = None
        seen.add(row_id)
    if twice:
        raise DataError(
            "row_ids must be unique. Received more than once: "
            f"{', '.join(map(repr, list(twice)[:5]))}. Give each row its own id."
        )
