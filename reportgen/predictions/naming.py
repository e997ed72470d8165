"""Labels and rows as a program has them: labels get numbers, rows get names.

Which column of the probabilities is which class is never guessed: it follows from names
that were given, from labels that are column numbers, or from labels whose order can
only be one.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reportgen.errors import PredictionsError
from reportgen.natural import natural
from reportgen.predictions.arrays import array_of
from reportgen.predictions.checks import few, flat_advice, shown

ROWS_NUMBERED = "No row ids were handed over: the rows were numbered in their order."
"""Told where ids were made here: rows of two files cannot be told apart by them."""

LABEL_ORDER = (
    "No class names were handed over: the columns were taken in the order of labels."
)
"""Told where labels that are no column numbers decided which column is whose."""

HAND_PROBABILITIES = "Hand probabilities over with Predictions.of, a column a class."
"""What to do with probabilities in the place of labels."""

WANTED = {
    "class_names": "(k,), one name a class",
    "row_ids": "(n,), one id a row",
}
"""Shapes of what is no label, by its name."""

NAME_THEM = (
    "Name the classes in the order of the columns with class_names, as a classifier of "
    "scikit-learn does in its classes_."
)


def labels_of(name: str, values: ArrayLike) -> NDArray[Any]:
    """Returns (n,) labels as int64 or as text; True and False are text.

    Args:
        name: What they are called in an error.
        values: (n,) whole numbers, text, or truth values.

    Raises:
        PredictionsError: They are none of these, masked, or not one a row.

    >>> labels_of("y_true", [True, False])
    array(['True', 'False'], dtype='<U5')
    """
    labels = array_of(name, values)
    if labels.ndim != 1 or not labels.size:
        wanted = WANTED.get(name, "(n,), one label a row, of at least one row")
        raise PredictionsError(
            f"{name} must have shape {wanted}. Received {labels.shape}. Give one of "
            f"each{flat_advice(labels.shape, name)}."
        )
    if labels.dtype == object:
        labels = _plain(name, labels)
    if labels.dtype.kind in "bU":
        return labels.astype(np.str_)
    if labels.dtype.kind in "iu":
        return labels.astype(np.int64)
    remedy = "Convert it with astype(int) or astype(str)."
    if labels.dtype.kind == "f" and np.any(labels % 1 > 0):
        remedy = HAND_PROBABILITIES
    raise PredictionsError(
        f"{name} must hold whole numbers or text. Received dtype {labels.dtype}. "
        f"{remedy}"
    )


def column_of(name: str, values: ArrayLike) -> NDArray[Any]:
    """Returns (n,) values of a column, as numbers or as text; None is missing text.

    Args:
        name: What it is called in an error.
        values: (n,) numbers, text, or truth values.

    Raises:
        PredictionsError: They are of more than one kind, or masked.

    >>> column_of("camera", ["left", None])
    array(['left', ''], dtype='<U4')
    """
    found = array_of(name, values)
    if found.dtype == object and found.ndim == 1:
        texts = ["" if value is None else value for value in found.tolist()]
        found = _plain(name, np.array(texts, dtype=object))
    return found.astype(np.str_) if found.dtype.kind == "b" else found


def check_paired(labels: NDArray[Any], predicted: NDArray[Any]) -> None:
    """Refuses predicted labels that are not one a row, and of the kind of the others.

    Args:
        labels: (n,) as `labels_of` returns them.
        predicted: Likewise.
    """
    if labels.shape != predicted.shape:
        raise PredictionsError(
            f"y_pred must have shape {labels.shape}, one label a row. Received "
            f"{predicted.shape}. Predict the rows of y_true, and no others."
        )
    if labels.dtype.kind != predicted.dtype.kind:
        raise PredictionsError(
            f"y_pred must be of the kind of y_true, {_kind(labels)}. Received "
            f"{_kind(predicted)}. Convert one with astype."
        )


def _kind(labels: NDArray[Any]) -> str:
    """Returns what labels are in words; truth values were made text."""
    if labels.dtype.kind == "i":
        return "whole numbers"
    return "text" if set(labels.tolist()) - {"True", "False"} else "truth values"


def _plain(name: str, labels: NDArray[Any]) -> NDArray[Any]:
    """Returns objects as an array of numbers or text, all of one kind."""
    kinds = {type(label) for label in labels.tolist()}
    if kinds in ({str}, {int}, {bool}, {np.str_}):
        return np.array(labels.tolist())
    strange = sorted(kind.__name__ for kind in kinds)
    raise PredictionsError(
        f"{name} must hold labels of one kind, whole numbers or text. Received "
        f"{', '.join(strange)}. Fill what is missing, and convert it with astype(str)."
    )


def numbered(
    name: str, labels: NDArray[Any], class_names: NDArray[Any]
) -> NDArray[np.int64]:
    """Returns (n,) the number of each label's class.

    Args:
        name: What the labels are called in an error.
        labels: (n,) as `labels_of` returns them. Whole numbers beside names that are
            text are numbers already, from 0.
        class_names: (k,) likewise, in the order of the columns.

    Raises:
        PredictionsError: A label has no name, or it is not clear which it has.

    >>> numbered("y_true", np.array(["b", "a"]), np.array(["b", "a"]))
    array([0, 1])
    """
    if labels.dtype.kind == "i" and class_names.dtype.kind == "U":
        _check_not_misleading(name, class_names)
        return labels
    names = class_names.astype(labels.dtype.type)
    order = np.argsort(names, kind="stable")
    places = np.searchsorted(names, labels, sorter=order)
    found = order[np.minimum(places, len(names) - 1)]  # (n,)
    strange = names[found] != labels
    if strange.any():
        first = list(dict.fromkeys(labels[strange].tolist()))
        raise PredictionsError(
            f"{name} must hold labels among class_names. Received "
            f"{few([str(one) for one in first])}, in "
            f"{int(strange.sum()):,} rows. Name every class in class_names."
        )
    return found.astype(np.int64)


def _check_not_misleading(name: str, class_names: NDArray[Any]) -> None:
    """Refuses names that are numbers as text, and other ones than their places."""
    misleading = [
        text
        for place, text in enumerate(class_names.tolist())
        if text.isdecimal() and text != str(place)
    ]
    if misleading:
        raise PredictionsError(
            f"{name} must be of the kind of class_names where these are numbers. "
            f"Received whole numbers beside the text {shown(misleading[0])}: is a "
            "label the name or the place of its class? Give both as numbers, or both "
            "as text."
        )


def names_of_columns(
    labels: NDArray[Any], k: int
) -> tuple[NDArray[Any], tuple[str, ...]]:
    """Returns (k,) the classes of k columns that nobody named, and what to tell of it.

    Args:
        labels: (n,) as `labels_of` returns them.
        k: Columns.

    Raises:
        PredictionsError: More than one order is possible.

    >>> names_of_columns(np.array([0, 2]), 3)
    (array([0, 1, 2]), ())
    """
    found = np.unique(labels)
    if labels.dtype.kind == "i" and found[0] == 0 and found[-1] < k:
        return np.arange(k), ()
    if len(found) != k:
        raise PredictionsError(
            f"y_true must tell which of {k:,} columns is whose. Received labels of "
            f"{len(found):,} classes. {NAME_THEM}"
        )
    if found.tolist() != in_natural_order(found).tolist():
        raise PredictionsError(
            "y_true must have labels that can be sorted in one way only. Received "
            f"numbers within text, as {shown(str(found[0]))}: by size or by their "
            f"digits? {NAME_THEM}"
        )
    return found, (LABEL_ORDER,)


def in_natural_order(labels: NDArray[Any]) -> NDArray[Any]:
    """Returns the labels, each once: numbers by size, words as a reader sorts them."""
    found = np.unique(labels)
    if found.dtype.kind != "U":
        return found
    return np.array(sorted(found.tolist(), key=natural))


def names_of_rows(n: int, *, part: str = "row") -> NDArray[np.str_]:
    """Returns (n,) ids of rows that nobody named, counted from 1.

    Args:
        n: Rows.
        part: What their ids begin with: rows of two parts must not share one.

    >>> names_of_rows(2)
    array(['row/000001', 'row/000002'], dtype='<U10')
    """
    return np.array([f"{part}/{row:06d}" for row in range(1, n + 1)], dtype=np.str_)
