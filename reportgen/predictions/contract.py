"""Predictions of a classifier on labelled rows: checked once, trusted afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reportgen.errors import PredictionsError
from reportgen.predictions.arrays import array_of, check_table
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
from reportgen.predictions.coding import as_they_are
from reportgen.predictions.columns import Column
from reportgen.predictions.frames import (
    check_categories,
    check_named_order,
    check_same_rows,
    names_of_frame,
)
from reportgen.predictions.naming import (
    ROWS_NUMBERED,
    check_paired,
    column_of,
    in_natural_order,
    labels_of,
    names_of_columns,
    names_of_rows,
    numbered,
)
from reportgen.predictions.spelling import check_spelling

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
        notes: What was made up or had to be changed to meet this contract, in
            sentences.

    Raises:
        PredictionsError: Type, shape, range, sum or identity breaks the contract, or a
            mask hides values.
    """

    y_true: NDArray[np.int64]
    y_proba: NDArray[np.float64]
    class_names: tuple[str, ...]
    row_ids: NDArray[np.str_]
    hard: bool = False
    columns: tuple[Column, ...] = ()
    contents: NDArray[np.uint64] | None = None
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        labels, proba = (
            array_of("y_true", self.y_true),
            array_of("y_proba", self.y_proba),
        )
        check_kind("y_true", labels.dtype, "iu")  # rounding would move rows to classes
        check_kind("y_proba", proba.dtype, "fiu")
        check_names(self.class_names)
        k = len(self.class_names)
        row_ids = _kept(array_of("row_ids", self.row_ids), np.str_)
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
            contents = _kept(array_of("contents", self.contents), np.uint64)
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
        object.__setattr__(self, "notes", notes + self.notes)

    @classmethod
    def of(
        cls,
        y_true: ArrayLike,
        y_proba: ArrayLike,
        *,
        class_names: ArrayLike | None = None,
        row_ids: ArrayLike | None = None,
        columns: Mapping[str, ArrayLike] | None = None,
    ) -> Self:
        """Returns predictions of labels as they are, beside what `predict_proba` gave.

        Args:
            y_true: (n,) labels, whole numbers or text. Whole numbers beside class names
                that are text are column numbers, from 0.
            y_proba: (n, k) probabilities, one column a class; rows sum to 1.
            class_names: (k,) labels in the order of the columns, as `classes_` of a
                classifier of scikit-learn. Without them the columns of a data frame
                tell where they are named after the labels, else the labels must: as
                column numbers from 0, or by an order that can only be one.
            row_ids: (n,) one name a row, all different; else the rows are numbered.
            columns: What else is known of each row, (n,) numbers or text by name.

        Raises:
            PredictionsError: The contract is broken, a column could be of more than
                one class, one class is written in two ways, or indices of two data
                frames name the same rows in two orders.

        >>> made = Predictions.of(["cat", "dog"], [[0.9, 0.1], [0.3, 0.7]])
        >>> made.class_names, made.y_true, made.row_ids.tolist()
        (('cat', 'dog'), array([0, 1]), ['row/000001', 'row/000002'])
        """
        check_same_rows(y_true, "y_proba", y_proba)
        labels, proba = labels_of("y_true", y_true), array_of("y_proba", y_proba)
        check_table(proba)
        k = proba.shape[1]
        notes: tuple[str, ...] = ()
        if class_names is not None:
            names = labels_of("class_names", class_names)
            check_named_order(names, y_proba, k)
        elif (told := names_of_frame(labels, y_proba, k)) is not None:
            labels, names = labels.astype(np.str_), told
        else:
            _check_spelling(labels)
            names, notes = names_of_columns(labels, k)
            check_categories(y_true, names)
        return cls(
            y_true=numbered("y_true", labels, names),
            y_proba=proba,
            class_names=tuple(map(str, names.tolist())),
            row_ids=_ids(row_ids, len(labels)),
            columns=_columns(columns),
            notes=notes + (() if row_ids is not None else (ROWS_NUMBERED,)),
        )

    @classmethod
    def of_labels(
        cls,
        y_true: ArrayLike,
        y_pred: ArrayLike,
        *,
        class_names: ArrayLike | None = None,
        row_ids: ArrayLike | None = None,
        columns: Mapping[str, ArrayLike] | None = None,
    ) -> Self:
        """Returns predictions of which nothing is known but the predicted labels.

        Args:
            y_true: (n,) labels, whole numbers or text.
            y_pred: (n,) predicted labels of the same kind.
            class_names: (k,) all labels there are; else those that occur, in natural
                order.
            row_ids: (n,) one name a row, all different; else the rows are numbered.
            columns: What else is known of each row, (n,) numbers or text by name.

        Raises:
            PredictionsError: The contract is broken, a label has no name, or one class
                is written in two ways.

        >>> made = Predictions.of_labels([3, 9, 9], [3, 3, 9])
        >>> made.class_names, made.y_pred, made.hard
        (('3', '9'), array([0, 0, 1]), True)
        """
        check_same_rows(y_true, "y_pred", y_pred)
        labels, predicted = labels_of("y_true", y_true), labels_of("y_pred", y_pred)
        check_paired(labels, predicted)
        if class_names is None:
            _check_spelling(labels, predicted)
            names = in_natural_order(np.concatenate([labels, predicted]))
        else:
            names = labels_of("class_names", class_names)
        codes = numbered("y_pred", predicted, names)
        check_labels(codes, len(names), name="y_pred")
        return cls(
            y_true=numbered("y_true", labels, names),
            y_proba=np.eye(len(names))[codes],
            class_names=tuple(map(str, names.tolist())),
            row_ids=_ids(row_ids, len(labels)),
            hard=True,
            columns=_columns(columns),
            notes=() if row_ids is not None else (ROWS_NUMBERED,),
        )

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


def check_made(name: str, received: object) -> None:
    """Refuses what is no `Predictions`, as arrays of which none says what it is.

    Args:
        name: What it is called.
        received: What was handed over under that name.

    Raises:
        PredictionsError: It is something else.
    """
    if not isinstance(received, Predictions):
        raise PredictionsError(
            f"{name} must be made with Predictions.of(y_true, y_proba), or with "
            "Predictions.of_labels(y_true, y_pred) where there are labels alone. "
            f"Received {type(received).__name__}. Hand labels and probabilities to one "
            "of these, and what it returns to this."
        )


def _check_spelling(
    labels: NDArray[Any], predicted: NDArray[Any] | None = None
) -> None:
    """Refuses text of which it is not clear what classes it names; numbers are."""
    if labels.dtype.kind == "U":
        check_spelling(
            as_they_are("y_true", labels),
            None if predicted is None else as_they_are("y_pred", predicted),
            in_memory=True,
        )


def _ids(row_ids: ArrayLike | None, n: int) -> NDArray[np.str_]:
    """Returns the ids that were given, or made up for want of them."""
    if row_ids is None:
        return names_of_rows(n)
    return labels_of("row_ids", row_ids).astype(np.str_)


def _columns(columns: Mapping[str, ArrayLike] | None) -> tuple[Column, ...]:
    """Returns what was told of each row besides."""
    named = (columns or {}).items()
    return tuple(Column(name, column_of(name, values)) for name, values in named)


def _kept(array: NDArray[Any], dtype: type[Item]) -> NDArray[Item]:
    """Returns the values in C order and of that type, as a copy unless they are so.

    Whoever marks an array read-only promises to keep no writable view of it; in return
    a large one is not copied.
    """
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
    refused = off > RENORMALISED + ROUNDING  # 0.999 is within, however it is held
    if refused.any():
        raise PredictionsError(
            f"y_proba must sum to 1 in each row, within {RENORMALISED}. Received "
            f"{sums[off.argmax(), 0]:.6g} and the like in row "
            f"{first_five(refused, row_ids)}. Write probabilities with more "
            "digits where they were rounded; turn other scores into probabilities "
            "first."
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
