"""Arrays that nobody can change behind a value's back."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Item = TypeVar("Item", bound=np.generic)


def read_only(array: NDArray[Item]) -> NDArray[Item]:
    """Returns the array in C order, as a read-only copy unless it is that already.

    Whoever marks an array read-only promises to keep no writable view of it; in return
    a large one is not copied.
    """
    if array.flags.c_contiguous and not array.flags.writeable:
        return array
    kept = np.array(array, order="C")
    kept.setflags(write=False)
    return kept


def pieces(array: NDArray[Item], sizes: Iterable[int]) -> Iterator[NDArray[Item]]:
    """Yields consecutive pieces of an array, of those sizes; together at most all."""
    start = 0
    for size in sizes:
        yield array[start : start + size]
        start += size
