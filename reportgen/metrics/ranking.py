"""Scores that follow from the order of the scores, one class against the rest."""

from dataclasses import replace
from functools import lru_cache
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from reportgen.metrics.delong import (
    Placements,
    area_influence,
    area_interval,
    placements,
)
from reportgen.metrics.intervals import ROUNDING, inner, logit_interval
from reportgen.metrics.measured import (
    ONE_CLASS,
    Measured,
    classes_note,
    counted,
    joined,
    measured,
    undefined,
)
from reportgen.predictions import Predictions
from reportgen.record import Sampling

TWO = 2
"""Classes of which each is the rest of the other."""

EITHER = "of two classes both have the same area"
"""Why a mean over two classes is no mean of two numbers."""

APART = "the mean of two areas: rounded to 0 or 1, one class's probabilities are tied"
"""Why it is, where the areas of two classes differ."""

PERFECT = "a perfect ranking: see the classes for bounds"
MOTIONLESS = "no two rows of a class are ranked differently: see the classes for bounds"
"""Why a mean area whose classes show no spread has no interval."""


def roc_auc_ovr(predictions: Predictions, sampling: Sampling) -> Measured:
    """Returns the mean of the one-vs-rest areas of the classes present.

    Its standard error is sqrt(Σ IF²) / n with the influence values of the mean, which
    hold the covariance between the classes; the interval is on the logit scale.

    Args:
        predictions: n rows over k classes.
        sampling: Level of the interval.

    Returns:
        In 0-1, higher is better; undefined where the labels are of one class.
    """
    return _areas(predictions, sampling.level)[1]


def class_areas(predictions: Predictions, sampling: Sampling) -> tuple[Measured, ...]:
    """Returns the one-vs-rest area of each of the k classes, in label order.

    The chance that a row of the class outscores a row outside of it, ties counting one
    half.

    Args:
        predictions: n rows over k classes.
        sampling: Level of DeLong's interval.

    Returns:
        Areas in 0-1, higher is better; undefined without rows on both sides, without an
        interval where a side has one row.

    Source:
        Hanley and McNeil 1982, The meaning and use of the area under a ROC curve.
    """
    return _areas(predictions, sampling.level)[0]


def top_3_accuracy(predictions: Predictions, sampling: Sampling) -> Measured:
    """Returns the share of rows whose label is among the three likeliest classes.

    The rank of label y is #{p_j > p_y} + #{j < y: p_j = p_y}, so that top-1 accuracy
    is the accuracy. Undefined where three classes or fewer make it 1 by definition.
    """
    return top_k_accuracy(predictions, 3, sampling=sampling)


def top_k_accuracy(
    predictions: Predictions, top: int, *, sampling: Sampling
) -> Measured:
    """Returns the share of rows whose label is among the `top` likeliest classes.

    Args:
        predictions: n rows over k classes.
        top: How many classes may hold the label.
        sampling: Level of Wilson's interval.
    """
    if predictions.k <= top:
        return undefined(f"{predictions.k} classes make it 1 by definition")
    within = int(within_top(predictions, top).sum())
    return counted(within, predictions.n, sampling.level)


def within_top(predictions: Predictions, top: int) -> NDArray[np.bool_]:
    """Returns (n,) bool, whether the label is among the `top` likeliest classes."""
    own = predictions.true_proba[:, None]  # (n, 1)
    greater = (predictions.y_proba > own).sum(axis=1)
    earlier = np.arange(predictions.k) < predictions.y_true[:, None]  # (n, k)
    tied_before = (earlier & (predictions.y_proba == own)).sum(axis=1)
    within: NDArray[np.bool_] = greater + tied_before < top
    return within


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


def one_sided(is_class: NDArray[np.bool_]) -> str | None:
    """Returns why a class cannot be told from the rest, None where it can."""
    n_class = int(is_class.sum())
    if not n_class:
        return "0 rows of this class"
    return None if n_class < len(is_class) else "0 rows of other classes"


@lru_cache(maxsize=1)  # the mean and the classes ask for the same predictions in turn
def _areas(
    predictions: Predictions, level: float
) -> tuple[tuple[Measured, ...], Measured]:
    """Returns the area of each class, and their mean."""
    classes: list[Measured] = []
    influence = np.zeros(predictions.n)  # summed over the classes
    for c in range(predictions.k):
        is_class = predictions.y_true == c
        reason = one_sided(is_class)
        if reason:
            classes.append(undefined(reason))
            continue
        score = np.ascontiguousarray(predictions.y_proba[:, c])
        found = placements(is_class, score)
        classes.append(_class_area(found, level))
        influence += area_influence(is_class, found)
    mean = _mean_area(classes, influence, level)
    if len(classes) == TWO and mean.estimate:
        mean = _of_two(classes, mean)
    return tuple(classes), mean


def _of_two(classes: list[Measured], mean: Measured) -> Measured:
    """Returns the area of two classes, and why it is that of either or of neither.

    p and 1 - p rank alike, but float32 rounds p to 1 long before 1 - p to 0.
    """
    first, second = (one.estimate for one in classes)
    assert first
    assert second
    if abs(first.value - second.value) > ROUNDING:
        return replace(mean, note=joined([APART, mean.note]))
    # Either has DeLong's interval: not another one beside it.
    return replace(classes[1], note=joined([EITHER, classes[1].note]))


def _class_area(found: Placements, level: float) -> Measured:
    """Returns the area with its interval, or a note that a side has one row."""
    n_class, n_rest = len(found.of_class), len(found.of_rest)
    interval = area_interval(found, level)
    one = "this class" if n_class == 1 else "the other classes"
    note = None if interval else f"one row of {one}: no interval"
    return measured(found.area, n_class + n_rest, interval, note=note)


def _mean_area(
    classes: list[Measured], influence: NDArray[np.float64], level: float
) -> Measured:
    """Returns the mean area over the classes that have one.

    Args:
        classes: The area of each class.
        influence: (n,) sum of their influence values.
        level: Confidence level in 0-1.
    """
    found = [area.estimate for area in classes if area.estimate]
    if not found:
        return undefined(ONE_CLASS)
    n, value = len(influence), float(np.mean([area.value for area in found]))
    left_out = classes_note(len(found), len(classes))
    if any(area.low is None for area in found):  # one row has no spread to add
        lonely = "a class or its rest has one row: no interval"
        return measured(value, n, None, note=joined([left_out, lonely]))
    spread = sqrt(inner(influence, influence)) / len(found) / n
    interval = logit_interval(value, spread, level, "influence values")
    still = None if interval else PERFECT if value == 1 else MOTIONLESS
    return measured(value, n, interval, note=joined([left_out, still]))
