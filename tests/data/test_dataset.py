"""The contract of a dataset, and its hashes."""

import dataclasses
import hashlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from reportgen.data import (
    Dataset,
    labels_sha256,
    pixels_sha256,
    row_ids_sha256,
)
from reportgen.errors import DataError
from reportgen.framing import to_pixels

MakeDataset = Callable[[list[int]], Dataset]


def test_arrays_are_read_only(make_dataset: MakeDataset) -> None:
    dataset = make_dataset([0, 1])
    arrays: list[Any] = [dataset.images, dataset.labels, dataset.row_ids]
    assert not any(array.flags.writeable for array in arrays)


def test_sizes_are_named(make_dataset: MakeDataset) -> None:
    dataset = make_dataset([0, 1, 1])
    assert (dataset.n, dataset.height, dataset.width) == (3, 2, 2)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"images": np.zeros((3, 2, 2))}, "images must be uint8.*float64"),
        ({"images": np.zeros((3, 4), np.uint8)}, r"images must be.*\(3, 4\)"),
        ({"images": np.zeros((0, 2, 2), np.uint8)}, "at least one pixel"),
        ({"labels": np.array([0, 1])}, r"labels must be int64 of shape \(3,\)"),
        ({"labels": np.array([0.0, 1.0, 1.0])}, "labels must be int64.*float64"),
        ({"labels": np.array([0, 1, 2])}, "labels must lie in 0 to 1.*0 to 2"),
        ({"labels": np.array([0, -1, 1])}, "labels must lie in 0 to 1.*-1 to 1"),
        ({"class_names": ("a", "a")}, "class_names must differ.*'a' 2 times"),
        ({"row_ids": np.array(["a", "b", "a"])}, "row_ids must be unique.*'a'"),
        ({"row_ids": np.array([1, 2, 3])}, "row_ids must be str_"),
        ({"official_test": np.array([0, 0, 1])}, "official_test must be bool"),
        ({"official_test": np.zeros(3, dtype=bool)}, "official_test.*False for all 3"),
    ],
)
def test_a_broken_contract_is_refused(
    make_dataset: MakeDataset, change: dict[str, Any], message: str
) -> None:
    with pytest.raises(DataError, match=message):
        dataclasses.replace(make_dataset([0, 1, 1]), **change)


def test_pixels_are_hashed_in_file_order(make_dataset: MakeDataset) -> None:
    pixels = np.arange(8, dtype=np.uint8).reshape(2, 2, 2)
    dataset = dataclasses.replace(make_dataset([0, 1]), images=pixels)
    assert pixels_sha256(dataset) == hashlib.sha256(bytes(range(8))).hexdigest()


def test_labels_are_hashed_as_little_endian_int64(make_dataset: MakeDataset) -> None:
    expected = hashlib.sha256(b"\x01" + bytes(7) + b"\x00" + bytes(7)).hexdigest()
    assert labels_sha256(make_dataset([1, 0])) == expected


def test_row_ids_are_hashed_line_by_line() -> None:
    expected = hashlib.sha256(b"test/00001\ntest/00004\n").hexdigest()
    assert row_ids_sha256(np.array(["test/00001", "test/00004"])) == expected


def test_the_order_of_row_ids_counts() -> None:
    assert row_ids_sha256(np.array(["a", "b"])) != row_ids_sha256(np.array(["b", "a"]))


def test_pixels_keep_rows_and_columns() -> None:
    pixels = to_pixels(np.array([[1, 2, 3], [4, 5, 6]], dtype=np.uint8))
    assert (pixels.height, pixels.width, pixels.channels) == (2, 3, 1)
    assert pixels.data == bytes((1, 2, 3, 4, 5, 6))
