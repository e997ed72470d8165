"""Read-only arrays."""

import numpy as np

from reportgen.data.arrays import read_only


def test_a_writable_array_is_copied() -> None:
    array = np.array([1, 2])
    kept = read_only(array)
    array[0] = 9
    assert kept.tolist() == [1, 2]
    assert not kept.flags.writeable


def test_a_read_only_array_is_not_copied() -> None:
    array = np.array([1, 2])
    array.setflags(write=False)
    assert read_only(array) is array


def test_columns_are_brought_into_row_order() -> None:
    assert read_only(np.ones((3, 2)).T).flags.c_contiguous
