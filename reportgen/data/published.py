"""A training and a test part as they were published, before they are pooled."""

from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.data.dataset import Dataset, check_class_names
from reportgen.data.labels import ClassOrder, class_order, encode_labels
from reportgen.errors import DataError

LARGEST_BYTES = 3 * 2**28
"""Pixels of both parts; the largest set of the kind, EMNIST, has 638 million. A small
file may claim them all the same: zeros unpack to a thousandfold."""

MOST_ROWS = 2_000_000
"""Images of both parts; EMNIST has 814,255."""


@dataclass(frozen=True, slots=True, eq=False)
class PublishedPart:
    """Images and labels of one part, with the names under which a user knows them.

    Attributes:
        images: (n, height, width) uint8, or (n, height, width, 3).
        labels: (n,) integers of any width, or text.
        images_name: What the images were read from, for error messages.
        labels_name: What the labels were read from, for error messages.
        unread: Names of what lies in the same file and was not read.

    Raises:
        DataError: Images and labels differ in number.
    """

    images: NDArray[np.uint8]
    labels: NDArray[Any]
    images_name: str
    labels_name: str
    unread: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_paired(
            (self.images_name, len(self.images)), (self.labels_name, len(self.labels))
        )


@dataclass(frozen=True, slots=True)
class Naming:
    """How a dataset is called.

    Attributes:
        key: Name on the command line, as "mnist".
        title: Name on the page.
        source: Where the data were published, or the name of the file or folder given.
    """

    key: str
    title: str
    source: str


def check_paired(images: tuple[str, int], labels: tuple[str, int]) -> None:
    """Raises DataError unless there are as many images as labels.

    Args:
        images: What they were read from, and how many there are.
        labels: Likewise.
    """
    if images[1] != labels[1]:
        raise DataError(
            f"{labels[0]} must hold one label for each image. Received "
            f"{labels[1]:,} labels for the {images[1]:,} images of "
            f"{images[0]}. Check that both belong to the same part."
        )


def check_room(name: str, train: tuple[int, ...], test: tuple[int, ...]) -> None:
    """Raises DataError for more than there is room for, before any of it is read.

    Args:
        name: What is to be read.
        train: (n, height, width) or (n, height, width, 3) of the training images, of a
            byte a sample.
        test: The same of the test images.
    """
    rows, room = train[0] + test[0], prod(train) + prod(test)
    if rows > MOST_ROWS or room > LARGEST_BYTES:
        raise DataError(
            f"{name} must hold at most {MOST_ROWS:,} images of {LARGEST_BYTES:,} bytes "
            f"in all. Received {rows:,} of {room:,}. Choose some of them."
        )


def few(names: list[str]) -> str:
    """Returns the first five names, and how many there are besides."""
    more = f" and {len(names) - 5:,} more" if len(names) > 5 else ""  # noqa: PLR2004 - five are named
    return ", ".join(map(repr, names[:5])) + more


def pool(
    train: PublishedPart | None,
    test: PublishedPart,
    *,
    naming: Naming,
    order: ClassOrder | None = None,
) -> Dataset:
    """Returns both parts in one dataset, training rows first, each in file order.

    Labels are numbered 0..k-1 over both parts, numbers by size and words in the order
    asked for; the class names are the labels as they stood in the files.

    Args:
        train: The training part, None where the test part stands alone.
        test: The test part.
        naming: How the dataset is called.
        order: How words are numbered, None for the natural order.

    Raises:
        DataError: The images of the two parts differ in size, or one part's labels are
            text and the other's numbers.
    """
    if train is not None:
        _check_same_size(train, test)
    labels = test.labels if train is None else _pooled_labels(train, test)
    codes, class_names = encode_labels(labels)
    assumed = False
    if labels.dtype.kind == "U":
        natural = class_names
        class_names, assumed = class_order(natural, order)
        numbers = {name: number for number, name in enumerate(class_names)}
        codes = np.array([numbers[name] for name in natural])[codes]
    check_class_names(class_names)  # before there is a second copy of the images
    parts = [("test", test)] if train is None else [("train", train), ("test", test)]
    images = np.concatenate([part.images for _, part in parts])
    images.setflags(write=False)  # Nobody else holds it, so it need not be copied.
    return Dataset(
        key=naming.key,
        title=naming.title,
        source=naming.source,
        images=images,
        labels=codes,
        class_names=class_names,
        row_ids=np.concatenate(
            [number_rows(name, len(part.labels)) for name, part in parts]
        ),
        official_test=np.arange(len(images)) >= len(images) - len(test.images),
        notes=_told(test.unread),
        order_assumed=assumed,
    )


def _told(unread: tuple[str, ...]) -> tuple[str, ...]:
    """Returns what was left out, in a sentence."""
    if not unread:
        return ()
    names = few([name[:60] for name in unread])
    return (f"Arrays beside images and labels were not read: {names}.",)


def _pooled_labels(train: PublishedPart, test: PublishedPart) -> NDArray[Any]:
    """Returns the labels of both parts, all numbers or all text."""
    kinds = [part.labels.dtype.kind == "U" for part in (train, test)]
    if kinds[0] != kinds[1]:
        raise DataError(
            f"{test.labels_name} must hold labels of the kind of {train.labels_name}. "
            f"Received {test.labels.dtype} and {train.labels.dtype}. Write both as "
            "numbers, or both as text."
        )
    if not kinds[0]:  # of unlike widths and signs
        return np.concatenate([train.labels.astype(np.int64), test.labels])
    return np.concatenate([train.labels, test.labels])


def number_rows(name: str, n: int) -> NDArray[np.str_]:
    """Returns (n,) row ids as "train/00017", counted from 0."""
    return np.array([f"{name}/{row:05d}" for row in range(n)], dtype=np.str_)


def _check_same_size(train: PublishedPart, test: PublishedPart) -> None:
    """Raises DataError unless all images have one height and width."""
    if train.images.shape[1:] != test.images.shape[1:]:
        raise DataError(
            f"{test.images_name} must hold images of the size of {train.images_name}, "
            f"{train.images.shape[1:]} pixels. Received {test.images.shape[1:]}. Check "
            "that both files belong to the same dataset."
        )
