"""Predicted labels that stand beside probabilities, held against these."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.predictions.checks import shown
from reportgen.predictions.coding import is_whole, without_decimal


def beside_told(
    column: str,
    decided: NDArray[Any],
    class_names: Sequence[str],
    y_proba: NDArray[np.float64],
    *,
    placed: bool,
) -> str:
    """Returns in how many rows a predicted label is not the most probable class.

    Args:
        column: What the predicted labels are called.
        decided: (n,) labels, whole numbers or text; NaN or empty where one is missing.
        class_names: Names of the k classes.
        y_proba: (n, k) probabilities.
        placed: Whether whole numbers are numbers of classes, counted from 0.
    """
    values, codes = np.unique(_texts(decided), return_inverse=True)
    known = [str(number) for number in range(len(class_names))] if placed else None
    number_of = {name: at for at, name in enumerate(known or class_names)}
    numbers = np.array(
        [number_of.get(_known(value, number_of), -1) for value in values.tolist()]
    )
    strange = values[numbers < 0]
    if len(strange):
        return (
            f"Column {shown(column)} was not held against the probabilities: it holds "
            f"{shown(str(strange[0]))}, which is no class."
        )
    differing = int((numbers[codes] != y_proba.argmax(axis=1)).sum())
    if not differing:
        return (
            f"Column {shown(column)} tells the most probable class in every row, as "
            "this report does."
        )
    return (
        f"In {differing:,} of {len(decided):,} rows column {shown(column)} tells "
        "another class than the most probable one, by which this report counts: a "
        "decision threshold may be behind it. --prediction-column evaluates the "
        "column in place of the probabilities."
    )


def _texts(decided: NDArray[Any]) -> NDArray[np.str_]:
    """Returns labels as text, whole numbers without decimals, empty where missing."""
    if decided.dtype.kind != "f":
        return decided.astype(np.str_)
    values, codes = np.unique(decided, return_inverse=True)
    texts = ["" if np.isnan(value) else repr(value) for value in values.tolist()]
    return np.array(texts, dtype=np.str_)[codes]


def _known(value: str, number_of: dict[str, int]) -> str:
    """Returns a label as its class is written: 1.0 may be 1."""
    bare = without_decimal(value)
    return value if value in number_of or not is_whole(bare) else bare
