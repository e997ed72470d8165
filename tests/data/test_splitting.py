"""Dividing a dataset."""

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.data import Dataset, Places, Split, load_dataset, split
from reportgen.errors import DataError

MakeDataset = Callable[[list[int]], Dataset]


def rows(*values: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Returns row numbers."""
    return np.array(values, dtype=np.int64)


def test_a_pooled_split_has_the_asked_shares(make_dataset: MakeDataset) -> None:
    # 100 rows: 20 for the test part, 10 % of the other 80 for the validation part.
    parts = split(make_dataset([0, 1] * 50), protocol="pooled", seed=0)
    assert (len(parts.train), len(parts.validation), len(parts.test)) == (72, 8, 20)


def test_every_part_holds_the_classes_in_the_same_proportion(
    make_dataset: MakeDataset,
) -> None:
    # Three in four rows are of class 0, and so are those of each part.
    dataset = make_dataset([0, 0, 0, 1] * 50)
    parts = split(dataset, protocol="pooled", seed=3)
    counts = [
        np.bincount(dataset.labels[part]).tolist()
        for part in (parts.train, parts.validation, parts.test)
    ]
    assert counts == [[108, 36], [12, 4], [30, 10]]


def covers(parts: Split, n: int) -> bool:
    """Returns whether every row stands in one part and each part is in file order."""
    everything = np.concatenate([parts.train, parts.validation, parts.test])
    ordered = all(
        (np.diff(part) > 0).all()
        for part in (parts.train, parts.validation, parts.test)
    )
    return ordered and np.array_equal(np.sort(everything), np.arange(n))


@given(
    counts=st.lists(st.integers(20, 60), min_size=2, max_size=4),
    seed=st.integers(0, 2**32 - 1),
)
def test_parts_cover_all_rows_once(counts: list[int], seed: int) -> None:
    labels = np.repeat(np.arange(len(counts)), counts)
    dataset = Dataset(
        key="made",
        title="Made up",
        source="a test",
        images=np.zeros((len(labels), 1, 1), dtype=np.uint8),
        labels=labels,
        class_names=tuple(map(str, range(len(counts)))),
        row_ids=np.array([str(row) for row in range(len(labels))]),
        official_test=None,
    )
    assert covers(split(dataset, protocol="pooled", seed=seed), dataset.n)


def test_the_seed_decides(make_dataset: MakeDataset) -> None:
    dataset = make_dataset([0, 1] * 50)
    first, again, other = (
        split(dataset, protocol="pooled", seed=seed) for seed in (1, 1, 2)
    )
    assert np.array_equal(first.train, again.train)
    assert np.array_equal(first.validation, again.validation)
    assert not np.array_equal(first.test, other.test)


def test_rows_are_read_only_int64(make_dataset: MakeDataset) -> None:
    parts = split(make_dataset([0, 1] * 50), protocol="pooled", seed=0)
    for part in (parts.train, parts.validation, parts.test):
        assert part.dtype == np.int64
        assert not part.flags.writeable


def test_the_official_protocol_keeps_the_published_test_part(
    make_dataset: MakeDataset,
) -> None:
    published = np.arange(100) % 10 == 3
    dataset = dataclasses.replace(
        make_dataset([0, 1, 1, 0] * 25), official_test=published
    )
    parts = split(dataset, protocol="official", seed=0)
    assert parts.test.tolist() == list(range(3, 100, 10))
    assert len(parts.validation) == 9  # 10 % of the other 90.
    assert covers(parts, 100)
    assert parts.protocol == "official"


def test_the_official_protocol_needs_a_published_split(
    make_dataset: MakeDataset,
) -> None:
    with pytest.raises(
        DataError, match=r"published test part. Received 'made'.*or all for"
    ):
        split(make_dataset([0, 1] * 50), protocol="official", seed=0)


def test_a_class_of_one_row_is_named(make_dataset: MakeDataset) -> None:
    with pytest.raises(DataError, match=r"at least 2 rows.*1 row of class 'class 1'"):
        split(make_dataset([0] * 50 + [1]), protocol="pooled", seed=0)


def test_a_class_that_the_first_cut_leaves_one_row_is_named(
    make_dataset: MakeDataset,
) -> None:
    # Of two rows one goes to each side of an even cut; the second cut has only one.
    dataset = make_dataset([0] * 50 + [1, 1])
    with pytest.raises(DataError, match="class 'class 1'"):
        split(dataset, protocol="pooled", seed=0, test_share=0.5)


def test_fewer_test_rows_than_classes_are_refused(make_dataset: MakeDataset) -> None:
    with pytest.raises(DataError, match=r"4 classes.*12 rows, of which 20% is 3"):
        split(make_dataset([0, 1, 2, 3] * 3), protocol="pooled", seed=0)


def test_a_row_in_two_parts_is_a_bug() -> None:
    with pytest.raises(ValueError, match="one part only"):
        Split(rows(0, 1), rows(1), rows(2), protocol="pooled", seed=0)


def test_rows_out_of_order_are_a_bug() -> None:
    with pytest.raises(ValueError, match="ascending"):
        Split(rows(1, 0), rows(2), rows(3), protocol="pooled", seed=0)


@pytest.mark.mnist
def test_mnist_is_divided_as_promised(mnist_places: Places) -> None:
    mnist = load_dataset("mnist", mnist_places)
    pooled = split(mnist, protocol="pooled", seed=42)
    official = split(mnist, protocol="official", seed=42)
    assert list(map(len, (pooled.train, pooled.validation, pooled.test))) == [
        50_400,
        5_600,
        14_000,
    ]
    assert list(map(len, (official.train, official.validation, official.test))) == [
        54_000,
        6_000,
        10_000,
    ]
    assert mnist.row_ids[official.test[0]] == "test/00000"
