"""Training, validation and test part, as row numbers into one dataset."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportgen.data.arrays import read_only
from reportgen.data.dataset import Dataset
from reportgen.errors import DataError
from reportgen.record import Protocol

LEAST_ROWS = 2
"""Rows that a class needs so that a stratified cut can leave some on either side."""


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Which rows belong to which part; the arrays are read-only.

    Attributes:
        train: (n_train,) int64 row numbers, ascending, so in file order.
        validation: (n_validation,) likewise.
        test: (n_test,) likewise.
        protocol: "pooled" for a fresh stratified split, "official" for the published,
            "all" where every row is a test row.
        seed: Seed of the random cuts.

    Raises:
        ValueError: A row stands in two parts or rows are not in ascending order.
    """

    train: NDArray[np.int64]
    validation: NDArray[np.int64]
    test: NDArray[np.int64]
    protocol: Protocol
    seed: int

    def __post_init__(self) -> None:
        parts = (self.train, self.validation, self.test)
        if any((np.diff(part) <= 0).any() for part in parts):
            raise ValueError("Rows of a part must be in ascending order.")
        rows = np.concatenate(parts)
        if len(np.unique(rows)) != len(rows):
            raise ValueError("A row must stand in one part only.")
        object.__setattr__(self, "train", read_only(self.train))
        object.__setattr__(self, "validation", read_only(self.validation))
        object.__setattr__(self, "test", read_only(self.test))


def split(
    dataset: Dataset,
    *,
    protocol: Protocol,
    seed: int,
    test_share: float = 0.2,
    validation_share: float = 0.1,
) -> Split:
    """Returns three parts that do not overlap and together hold every row.

    Both cuts are stratified: each part holds the classes in the proportions of the
    whole, to the row. Where all rows are tested, the other two parts are empty.

    Args:
        dataset: The rows to divide.
        protocol: "pooled" cuts the test part from all rows; "official" takes the
            published test part; "all" takes every row.
        seed: Seed of the cuts.
        test_share: Share of all rows for the test part, 0-1; "official" ignores it.
        validation_share: Share of the rows outside the test part that is watched while
            training, 0-1.

    Raises:
        DataError: A class has too few rows, or no published split exists.
    """
    if protocol == "all":
        none = np.arange(0, dtype=np.int64)
        rows = np.arange(dataset.n, dtype=np.int64)
        return Split(none, none, rows, protocol=protocol, seed=seed)
    if protocol == "official":
        rest, test = _published(dataset)
        if not len(rest):  # a test part alone, for a model that was made elsewhere
            return Split(rest, rest, test, protocol=protocol, seed=seed)
    else:
        rows = np.arange(dataset.n, dtype=np.int64)
        rest, test = _cut(dataset, rows, share=test_share, seed=seed)
    train, validation = _cut(dataset, rest, share=validation_share, seed=seed)
    return Split(train, validation, test, protocol=protocol, seed=seed)


def _published(dataset: Dataset) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Returns the rows of the published training part and of the test part."""
    if dataset.official_test is None:
        raise DataError(
            "protocol 'official' needs a dataset with a published test part. Received "
            f"{dataset.key!r}, which has none. Use --protocol pooled, or all for a "
            "model that was made elsewhere."
        )
    rest = np.flatnonzero(~dataset.official_test)
    test = np.flatnonzero(dataset.official_test)
    return rest.astype(np.int64), test.astype(np.int64)


def _cut(
    dataset: Dataset, rows: NDArray[np.int64], *, share: float, seed: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Returns the rows divided by class: the larger part and the given share."""
    from sklearn.model_selection import train_test_split

    labels = dataset.labels[rows]
    _check_classes(dataset, labels)
    _check_share(dataset, labels, share)
    kept, taken = train_test_split(
        rows, test_size=share, random_state=seed, stratify=labels
    )
    return np.sort(kept), np.sort(taken)


def _check_classes(dataset: Dataset, labels: NDArray[np.int64]) -> None:
    """Raises DataError where a class has too few rows to be divided."""
    counts = np.bincount(labels, minlength=len(dataset.class_names))
    scarce = np.flatnonzero((counts > 0) & (counts < LEAST_ROWS))
    if len(scarce):
        names = ", ".join(repr(dataset.class_names[code]) for code in scarce[:5])
        raise DataError(
            f"{dataset.key} must have at least {LEAST_ROWS} rows of each class to "
            f"divide, for the test part and again for the validation part. Received 1 "
            f"row of class {names}. Add rows or leave the class out."
        )


def _check_share(dataset: Dataset, labels: NDArray[np.int64], share: float) -> None:
    """Raises DataError where a part would have fewer rows than there are classes."""
    classes = len(np.unique(labels))
    taken = int(np.ceil(len(labels) * share))
    if min(taken, len(labels) - taken) < classes:
        raise DataError(
            f"{dataset.key} must have a row of each of {classes} classes in each "
            f"part. Received {len(labels)} rows, of which {share:.0%} is {taken}. Add "
            "rows."
        )
