"""Labels as they stand in a file, numbered from 0."""

from collections.abc import Iterable
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import DataError
from reportgen.natural import natural

ClassOrder = Literal["natural", "sorted"]
"""How names of classes are numbered: "class 9" before "class 10", or by their
characters, which is what Keras does with the names of folders."""

MOST_CLASSES = 2_500
"""The table of classes by classes makes the record too large to be read again."""


def encode_labels(labels: NDArray[Any]) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Returns each label's number and the class names in the order of the numbers.

    Classes are numbered in natural order: whole numbers by size, whatever gaps they
    have, and words with the numbers inside of them by size.

    Args:
        labels: (n,) whole numbers or text.

    Returns:
        (n,) int64 in 0..k-1, and the k labels as text.

    Raises:
        DataError: There are more classes than can be tabled against one another.

    >>> encode_labels(np.array(["no 10", "no 9", "no 10"]))
    (array([1, 0, 1]), ('no 9', 'no 10'))
    """
    values, codes = np.unique(labels, return_inverse=True)
    if len(values) > MOST_CLASSES:
        raise DataError(
            f"labels must be of at most {MOST_CLASSES:,} classes. Received "
            f"{len(values):,} different ones. Give images of one kind the same label."
        )
    found = values.tolist()
    if values.dtype.kind == "U":
        order = sorted(range(len(found)), key=lambda place: natural(found[place]))
        place_of = np.empty(len(found), dtype=np.int64)
        place_of[order] = np.arange(len(found))
        found, codes = [found[place] for place in order], place_of[codes]
    return codes.astype(np.int64), tuple(map(str, found))


def class_order(
    names: Iterable[str], order: ClassOrder | None
) -> tuple[tuple[str, ...], bool]:
    """Returns the names in order, and whether that is a guess.

    Args:
        names: Names of classes, each once.
        order: The order asked for, None for the natural one.

    >>> class_order(["no 10", "no 9"], None)
    (('no 9', 'no 10'), True)
    """
    by_characters = tuple(sorted(names))
    by_numbers = tuple(sorted(by_characters, key=natural))
    ordered = by_characters if order == "sorted" else by_numbers
    return ordered, order is None and by_numbers != by_characters
