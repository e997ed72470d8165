"""What a data frame says beside its numbers: whose a column is, and which row is which.

pandas, polars and pyarrow are asked by what they have in common; none is imported.
"""

from collections import Counter
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import PredictionsError
from reportgen.predictions.checks import few
from reportgen.predictions.coding import as_they_are, without_prefix
from reportgen.predictions.naming import NAME_THEM
from reportgen.predictions.spelling import plainly

NAMED_IN = ("columns", "column_names")
"""Where pandas and polars, and pyarrow, hold the names of columns."""


def names_of_frame(
    labels: NDArray[Any], y_proba: object, k: int
) -> NDArray[np.str_] | None:
    """Returns (k,) classes that the columns are named after, None where by none.

    Args:
        labels: (n,) as `labels_of` returns them; whole numbers are names here as well.
        y_proba: (n, k) probabilities as they were handed over.
        k: Columns.

    Raises:
        PredictionsError: Some columns are named after a class, and not one for each
            class.
    """
    names = _named(labels, y_proba, k)
    if names == tuple(map(str, range(k))):  # counted, and so named after nothing
        return None
    known = set(np.unique(labels).astype(np.str_).tolist())
    if known <= set(names):
        return np.array(names)
    if {plainly(one).casefold() for one in known} & {
        plainly(one).casefold() for one in names
    }:
        raise PredictionsError(
            "y_proba must have a column named after each label, or none. Received "
            f"columns {few(names)} beside labels {few(sorted(known))}. {NAME_THEM}"
        )
    return None


def check_named_order(class_names: NDArray[Any], y_proba: object, k: int) -> None:
    """Refuses a frame whose columns are the classes that were named, in another order.

    Args:
        class_names: (k,) as `labels_of` returns them.
        y_proba: (n, k) probabilities as they were handed over.
        k: Columns.
    """
    given = tuple(map(str, class_names.tolist()))
    names = _named(class_names, y_proba, k)
    if names != given and sorted(names) == sorted(given):
        raise PredictionsError(
            "class_names must be in the order of y_proba's columns. Received "
            f"{few(given)} beside columns {few(names)}. Leave class_names out to go by "
            "the columns; if these have wrong names, hand over y_proba.to_numpy()."
        )


def check_categories(y_true: object, class_names: NDArray[Any]) -> None:
    """Refuses labels that say another order than the one that columns are taken in.

    Args:
        y_true: (n,) labels as they were handed over: a Categorical has an order.
        class_names: (k,) classes in the order in which columns would be taken.
    """
    categories = np.asarray(getattr(getattr(y_true, "dtype", None), "categories", None))
    if categories.ndim != 1:
        return
    place_of = {str(name): place for place, name in enumerate(class_names.tolist())}
    order = tuple(filter(place_of.__contains__, map(_word, categories.tolist())))
    if any(place_of[a] > place_of[b] for a, b in pairwise(order)):
        raise PredictionsError(
            "y_true must have categories in the order of labels, since nothing else "
            f"tells which column is whose. Received {few(order)}. {NAME_THEM}"
        )


def check_same_rows(y_true: object, name: str, other: object) -> None:
    """Refuses rows that are called the same, in another order.

    Args:
        y_true: Labels as they were handed over.
        name: What the other is called.
        other: What was predicted of the rows, likewise.
    """
    first, second = _row_names(y_true), _row_names(other)
    if first and second and first != second and Counter(first) == Counter(second):
        raise PredictionsError(
            f"{name} must have its rows in the order of y_true. Received an index of "
            "the same values in another order. Sort its rows with "
            f"{name}.loc[y_true.index]; if they are in order and the index is not, "
            f"hand over {name}.to_numpy()."
        )


def _named(labels: NDArray[Any], y_proba: object, k: int) -> tuple[str, ...]:
    """Returns the names of k columns without what all begin with, () of none."""
    for place in NAMED_IN:
        found = np.asarray(getattr(y_proba, place, None))
        if found.shape == (k,):
            names = tuple(map(_word, found.tolist()))
            return without_prefix(as_they_are("y_true", labels), names)
    return ()


def _word(name: object) -> str:
    """Returns a name as labels are written: whole numbers without a decimal."""
    if isinstance(name, tuple) and name:  # of several levels
        return _word(name[-1])
    whole = isinstance(name, float) and name.is_integer()
    return f"{name:.0f}" if whole else str(name)


def _row_names(values: object) -> list[object]:
    """Returns what rows are called, none where they are counted or have no names."""
    index = getattr(values, "index", None)  # a method of a list
    found = np.asarray(None if callable(index) else index)
    if found.ndim != 1 or np.array_equal(found, np.arange(len(found))):
        return []
    names: list[object] = found.tolist()
    return names
