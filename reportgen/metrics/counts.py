"""Scores that follow from the confusion matrix alone."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from reportgen.metrics.measured import (
    ONE_CLASS,
    Measured,
    classes_note,
    measured,
    proportion,
    undefined,
)
from reportgen.predictions import Predictions


def confusion_counts(predictions: Predictions) -> NDArray[np.int64]:
    """Returns the confusion matrix.

    Args:
        predictions: n rows over k classes.

    Returns:
        (k, k) int64, rows true, columns predicted; its sum is n.
    """
    k = predictions.k
    cells = predictions.y_true * k + predictions.y_pred
    return np.bincount(cells, minlength=k * k).reshape(k, k).astype(np.int64)


def accuracy(predictions: Predictions) -> Measured:
    """Returns the share of rows predicted right, with its Wilson interval.

    Args:
        predictions: n rows over k classes.

    Returns:
        Share in 0-1, higher is better.
    """
    right = int(np.trace(confusion_counts(predictions)))
    return proportion(right, predictions.n)


def balanced_accuracy(predictions: Predictions) -> Measured:
    """Returns the mean of the classes' recalls, over the classes present.

    Source:
        Brodersen et al. 2010, The balanced accuracy and its posterior distribution.
    """
    return _mean(predictions, _recalls, weighted=False)


def precision_macro(predictions: Predictions) -> Measured:
    """Returns the plain mean of the classes' precisions, over the classes present.

    A class that is never predicted counts as 0, with a note.
    """
    return _mean(predictions, _precisions, weighted=False)


def precision_weighted(predictions: Predictions) -> Measured:
    """Returns the mean of the classes' precisions, weighted by support."""
    return _mean(predictions, _precisions, weighted=True)


def recall_macro(predictions: Predictions) -> Measured:
    """Returns the plain mean of the classes' recalls, which is balanced accuracy."""
    return balanced_accuracy(predictions)


def recall_weighted(predictions: Predictions) -> Measured:
    """Returns the mean of recalls weighted by support, which is the accuracy.

    Σ (t_c / n) (C_cc / t_c) = Σ C_cc / n; it therefore has accuracy's interval.
    """
    return accuracy(predictions)


def f1_macro(predictions: Predictions) -> Measured:
    """Returns the plain mean of the classes' F1, over the classes present."""
    return _mean(predictions, _f1s, weighted=False)


def f1_weighted(predictions: Predictions) -> Measured:
    """Returns the mean of the classes' F1, weighted by support."""
    return _mean(predictions, _f1s, weighted=True)


def cohen_kappa(predictions: Predictions) -> Measured:
    """Returns agreement beyond chance, (p_o - p_e) / (1 - p_e).

    p_o is the accuracy and p_e = Σ t_c q_c, with the margins t of labels and q of
    predictions.

    Returns:
        In -1..1, higher is better; 0 for a constant predictor.

    Source:
        Cohen 1960, A coefficient of agreement for nominal scales.
    """
    if _classes_present(predictions) == 1:
        return undefined(ONE_CLASS)
    counts = confusion_counts(predictions)
    n = predictions.n
    by_chance = int(counts.sum(axis=1) @ counts.sum(axis=0))  # times n², hence exact
    value = (n * int(np.trace(counts)) - by_chance) / (n * n - by_chance)
    return measured(value, n, note=_constant_note(predictions))


def matthews_corrcoef(predictions: Predictions) -> Measured:
    """Returns the correlation of labels and predictions over k classes, R_K.

    (p_o - t·q) / sqrt((1 - q·q)(1 - t·t)), with the margins t of labels and q of
    predictions; computed from counts, which are exact.

    Returns:
        In -1..1, higher is better; 0 for a constant predictor.

    Source:
        Gorodkin 2004, Comparing two K-category assignments by a K-category
        correlation coefficient.
    """
    if _classes_present(predictions) == 1:
        return undefined(ONE_CLASS)
    constant = _constant_note(predictions)
    if constant:
        return measured(0.0, predictions.n, note=constant)
    counts = confusion_counts(predictions).astype(np.float64)  # (k, k)
    true, predicted = counts.sum(axis=1), counts.sum(axis=0)
    n = float(predictions.n)
    above = np.trace(counts) * n - true @ predicted
    below = np.sqrt(n * n - predicted @ predicted) * np.sqrt(n * n - true @ true)
    return measured(above / below, predictions.n)


def _classes_present(predictions: Predictions) -> int:
    """Returns how many classes have a row."""
    return len(np.unique(predictions.y_true))


def _constant_note(predictions: Predictions) -> str | None:
    """Returns a flag where every row is predicted as the same class."""
    if len(np.unique(predictions.y_pred)) > 1:
        return None
    return "constant predictor: every row is predicted as the same class"


Family = Callable[[NDArray[np.int64]], NDArray[np.float64]]
"""From a (k, k) confusion matrix to (k,) values, NaN where a class has none."""


def _mean(predictions: Predictions, family: Family, *, weighted: bool) -> Measured:
    """Returns the mean of a per-class value over the classes present."""
    counts = confusion_counts(predictions)
    support = counts.sum(axis=1)  # (k,)
    present = support > 0
    values = np.nan_to_num(family(counts)[present], nan=0.0)
    weights = support[present] if weighted else None
    undefined_values = int(np.isnan(family(counts)[present]).sum())
    return measured(
        np.average(values, weights=weights),
        predictions.n,
        note=_mean_note(present, undefined_values),
    )


def _mean_note(present: NDArray[np.bool_], undefined_values: int) -> str | None:
    """Returns which classes a mean over classes leaves out or counts as 0."""
    notes = [classes_note(int(present.sum()), len(present))]
    if undefined_values:  # of the classes present, only a precision can be
        notes.append(f"{undefined_values} never predicted, precision counted as 0")
    return "; ".join(filter(None, notes)) or None


def _precisions(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Returns (k,) correct / predicted."""
    return _ratio(np.diag(counts), counts.sum(axis=0))


def _recalls(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Returns (k,) correct / support."""
    return _ratio(np.diag(counts), counts.sum(axis=1))


def _f1s(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Returns (k,) 2 correct / (support + predicted)."""
    return _ratio(2 * np.diag(counts), counts.sum(axis=1) + counts.sum(axis=0))


def _ratio(above: NDArray[np.int64], below: NDArray[np.int64]) -> NDArray[np.float64]:
    """Returns above / below, NaN where below is 0."""
    safe = np.where(below > 0, below, 1)
    return np.where(below > 0, above / safe, np.nan)
