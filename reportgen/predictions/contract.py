"""Predictions of a classifier on labelled rows: checked once, trusted afterwards."""

from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reportgen.errors import PredictionsError
from reportgen.predictions.checks import (
    ROUNDING,
    check_columns,
    check_contents,
    check_hard,
    check_ids,
    check_kind,
    check_labels,
    check_names,
    check_proba,
    check_shapes,
    first_five,
)
from reportgen.predictions.columns import Column

RENORMALISED = 1e-3
"""Row sums up to this far from 1 are divided out, with a note; beyond, refused."""

Item = TypeVar("Item", bound=np.generic)


@dataclass(frozen=True, slots=True, eq=False)
class Predictions:
    """Labels and class probabilities of n rows over k classes.

    Attributes:
        y_true: (n,) int64, labels in 0..k-1.
        y_proba: (n, k) float64, one probability a class, rows sum to 1.
        class_names: k names in label order.
        row_ids: (n,) str, one name a row, all different, each in one line.
        hard: Whether labels alone were predicted: `y_proba` is then 1 for the predicted
            class and 0 for the others, and nothing may be read from it but that class.
        columns: What else is known of each row, as metadata; names all differ.
        contents: (n,) uint64 hashes of what the rows show, equal for two rows just
            where they show the same; None where that is not known.
        notes: What had to be changed to meet this contract, in sentences.

    Raises:
        PredictionsError: Type, shape, range, sum or identity breaks the contract.
    """

    y_true: NDArray[np.int64]
    y_proba: NDArray[np.float64]
    class_names: tuple[str, ...]
    row_ids: NDArray[np.str_]
    hard: bool = False
    columns: tuple[Column, ...] = ()
    contents: NDArray[np.uint64] | None = None
    notes: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        labels, proba = np.asarray(self.y_true), np.asarray(self.y_proba)
        check_kind("y_true", labels.dtype, "iu")  # rounding would move rows to classes
        check_kind("y_proba", proba.dtype, "fiu")
        check_names(self.class_names)
        k = len(self.class_names)
        row_ids = _kept(self.row_ids, np.str_)
        check_shapes(labels.shape, row_ids.shape, proba.shape, k)
        check_ids(row_ids)
        check_proba(proba, row_ids)
        check_labels(labels, k)
        if self.hard:
            check_hard(proba, row_ids)
        check_columns(
            {c.name: c.n for c in self.columns}, len(self.columns), len(labels)
        )
        if self.contents is not None:
            contents = _kept(self.contents, np.uint64)
            check_contents(contents.shape, labels.shape)
            contents.setflags(write=False)
            object.__setattr__(self, "contents", contents)
        y_true = _kept(labels, np.int64)
        y_proba, notes = _normalised(_kept(proba, np.float64), row_ids)
        for name, array in (
            ("y_true", y_true),
            ("y_proba", y_proba),
            ("row_ids", row_ids),
        ):
            array.setflags(write=False)
            object.__setattr__(self, name, array)
        object.__setattr__(self, "notes", notes)

    @property
    def n(self) -> int:
        """Rows."""
        return len(self.y_true)

    @property
    def k(self) -> int:
        """Classes."""
        return len(self.class_names)

    @property
    def y_pred(self) -> NDArray[np.int64]:
        """(n,) predicted labels; of tied classes, the lower."""
        first: NDArray[np.int64] = self.y_proba.argmax(axis=1)
        return first

    @property
    def confidence(self) -> NDArray[np.float64]:
        """(n,) probability of the predicted class."""
        top: NDArray[np.float64] = self.y_proba.max(axis=1)
        return top

    @property
    def true_proba(self) -> NDArray[np.float64]:
        """(n,) probability of the true class."""
        return self.y_proba[np.arange(self.n), self.y_true]


def _kept(values: ArrayLike, dtype: type[Item]) -> NDArray[Item]:
    """Returns the values in C order and of that type, as a copy unless they are so.

    Whoever marks an array read-only promises to keep no writable view of it; in return
    a large one is not copied.
    """
    array = np.asarray(values)
    native = array.dtype.isnative and np.issubdtype(array.dtype, dtype)
    if native and array.flags.c_contiguous and not array.flags.writeable:
        return array
    kept: NDArray[Item] = np.array(array, dtype=dtype, order="C")
    return kept if kept.dtype.isnative else kept.astype(kept.dtype.newbyteorder("="))


def _normalised(
    y_proba: NDArray[np.float64], row_ids: NDArray[np.str_]
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Returns rows that sum to 1, and what was done to get there."""
    if y_proba.max() > 1:
        y_proba = np.minimum(y_proba, 1.0)
    sums = y_proba.sum(axis=1, keepdims=True)  # (n, 1)
    off = np.abs(sums[:, 0] - 1)
    refused = off > RENORMALISED
    if refused.any():
        raise PredictionsError(
            f"y_proba must sum to 1 in each row, within {RENORMALISED}. Received "
            f"{sums[refused][0, 0]:.6g} and the like in row "
            f"{first_five(refused, row_ids)}. Turn scores into probabilities first."
        )
    changed = off > ROUNDING
    if not changed.any():
        return y_proba, ()
    y_proba = np.where(changed[:, None], y_proba / sums, y_proba)
    note = (
        f"{changed.sum():,} of {len(y_proba):,} rows of probabilities did not sum to 1 "
        f"(off by at most {off.max():.1e}) and were divided by their sum."
    )
    return y_proba, (note,)
