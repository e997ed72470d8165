"""Scores and curves that follow from the order of the scores, one class a time."""

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


def roc_auc(is_class: NDArray[np.bool_], y_score: NDArray[np.float64]) -> Measured:
    """Returns the probability that a row of the class outscores a row outside of it.

    From midranks, so tied scores count one half: (Σ ranks of the class -
    n₁(n₁ + 1)/2) / (n₁ n₀).

    Args:
        is_class: (n,) bool, True for rows of the class.
        y_score: (n,) score of the class, of which only the order counts.

    Returns:
        Area in 0-1, higher is better; undefined without rows on both sides.

    Source:
        Hanley and McNeil 1982, The meaning and use of the area under a ROC curve.

    >>> roc_auc(np.array([False, False, True, True]), np.array([.1, .4, .35, .8])).value
    0.75
    """
    n_class = int(is_class.sum())
    n_rest = len(is_class) - n_class
    reason = _one_sided(n_class, n_rest)
    if reason:
        return undefined(reason)
    rank_sum = float(_midranks(y_score)[is_class].sum())
    area = (rank_sum - n_class * (n_class + 1) / 2) / n_class / n_rest
    return measured(area, len(is_class))


def average_precision(
    is_class: NDArray[np.bool_], y_score: NDArray[np.float64]
) -> Measured:
    """Returns Σ (R_i - R_{i-1}) P_i over distinct scores, greatest first.

    Args:
        is_class: (n,) bool, True for rows of the class.
        y_score: (n,) score of the class, of which only the order counts.

    Returns:
        Area in 0-1, higher is better; undefined without rows on both sides.

    Source:
        Zhu 2004, Recall, precision and average precision.

    >>> average_precision(np.array([True, False, True]), np.array([.9, .8, .7])).value
    0.8333333333333333
    """
    n_class = int(is_class.sum())
    reason = _one_sided(n_class, len(is_class) - n_class)
    if reason:
        return undefined(reason)
    hits, false_alarms = distinct_steps(is_class, y_score)
    precision = hits / (hits + false_alarms)
    gained = np.diff(hits, prepend=0)  # divided last, so that perfect is exactly 1
    return measured(float(gained @ precision) / n_class, len(is_class))


def roc_auc_ovr(predictions: Predictions) -> Measured:
    """Returns the mean of the one-vs-rest areas of the classes present."""
    return _mean_over_classes(predictions, roc_auc)


def average_precision_macro(predictions: Predictions) -> Measured:
    """Returns the mean of the average precisions of the classes present."""
    return _mean_over_classes(predictions, average_precision)


def top_3_accuracy(predictions: Predictions) -> Measured:
    """Returns the share of rows whose label is among the three likeliest classes.

    The rank of label y is #{p_j > p_y} + #{j < y: p_j = p_y}, so that top-1 accuracy
    is the accuracy. Undefined where three classes or fewer make it 1 by definition.
    """
    return top_k_accuracy(predictions, 3)


def top_k_accuracy(predictions: Predictions, top: int) -> Measured:
    """Returns the share of rows whose label is among the `top` likeliest classes.

    Args:
        predictions: n rows over k classes.
        top: How many classes may hold the label.
    """
    if predictions.k <= top:
        return undefined(f"{predictions.k} classes make it 1 by definition")
    own = predictions.true_proba[:, None]  # (n, 1)
    greater = (predictions.y_proba > own).sum(axis=1)
    earlier = np.arange(predictions.k) < predictions.y_true[:, None]  # (n, k)
    tied_before = (earlier & (predictions.y_proba == own)).sum(axis=1)
    return proportion(int((greater + tied_before < top).sum()), predictions.n)


def distinct_steps(
    is_class: NDArray[np.bool_], y_score: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Returns how much is accepted as the threshold falls, tied scores at once.

    Args:
        is_class: (n,) bool, True for rows of the class.
        y_score: (n,) score of the class.

    Returns:
        (p,) rows of the class and (p,) other rows at or above each of the p distinct
        scores, greatest score first.
    """
    order = np.argsort(-y_score, kind="stable")
    score = y_score[order]
    last_of_tie = np.append(score[1:] != score[:-1], True)
    accepted = np.flatnonzero(last_of_tie) + 1
    hits = np.cumsum(is_class[order])[last_of_tie]
    return hits.astype(np.int64), (accepted - hits).astype(np.int64)


Ranking = Callable[[NDArray[np.bool_], NDArray[np.float64]], Measured]


def _mean_over_classes(predictions: Predictions, family: Ranking) -> Measured:
    """Returns the mean of a one-vs-rest score over the classes present."""
    present = np.unique(predictions.y_true)
    if len(present) == 1:
        return undefined(ONE_CLASS)
    values = [
        family(predictions.y_true == c, predictions.y_proba[:, c]).value
        for c in present
    ]
    note = classes_note(len(present), predictions.k)
    return measured(float(np.mean(values)), predictions.n, note=note)


def _one_sided(n_class: int, n_rest: int) -> str | None:
    """Returns why a class cannot be told from the rest, None where it can."""
    if not n_class:
        return "0 rows of this class"
    return None if n_rest else "0 rows of other classes"


def _midranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Returns (n,) ranks from 1, ties sharing their mean rank."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    middle: NDArray[np.float64] = last - (counts - 1) / 2
    return middle[inverse]
