"""Average precision of each class and their mean, with bootstrapped intervals."""

from functools import lru_cache
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from reportgen.metrics.intervals import inner, logit_interval
from reportgen.metrics.measured import (
    ONE_CLASS,
    Measured,
    classes_note,
    joined,
    measured,
    undefined,
)
from reportgen.metrics.precision_replicates import precision_replicates
from reportgen.metrics.ranking import distinct_steps, one_sided
from reportgen.metrics.resampling import bca_interval
from reportgen.predictions import Predictions
from reportgen.record import Sampling

MOST_SCORES = 500_000
"""Rows times classes up to which rows are drawn again; beyond, it takes too long."""

MOST_UNDEFINED = 0.01
"""Share of undefined replicates above which there is no interval."""


def average_precision(
    is_class: NDArray[np.bool_], y_score: NDArray[np.float64]
) -> float:
    """Returns Σ (R_i - R_{i-1}) P_i over distinct scores, greatest first.

    Args:
        is_class: (n,) bool, True for rows of the class, at least one.
        y_score: (n,) score of the class, of which only the order counts.

    Returns:
        Area in 0-1, higher is better.

    Source:
        Zhu 2004, Recall, precision and average precision.

    >>> average_precision(np.array([True, False, True]), np.array([.9, .8, .7]))
    0.8333333333333333
    """
    hits, false_alarms = distinct_steps(is_class, y_score)
    precision = hits / (hits + false_alarms)
    gained = np.diff(hits, prepend=0)  # divided last, so that perfect is exactly 1
    return inner(gained, precision) / int(hits[-1])


def average_precision_macro(predictions: Predictions, sampling: Sampling) -> Measured:
    """Returns the mean of the average precisions of the classes present.

    Args:
        predictions: n rows over k classes.
        sampling: Level, replicates and seed.

    Returns:
        In 0-1, higher is better. The interval is BCa over replicates of the rows, the
        same for every class; above `MOST_SCORES` scores it comes from influence values
        on the logit scale. Both cover less than their level where classes have few
        rows or hardly any row is outranked: average precision is biased upward there.

    Source:
        Efron 1987, Better bootstrap confidence intervals.
    """
    return _precisions(predictions, sampling)[1]


def class_average_precisions(
    predictions: Predictions, sampling: Sampling
) -> tuple[Measured, ...]:
    """Returns the average precision of each of the k classes, in label order.

    The intervals are made as `average_precision_macro` says.
    """
    return _precisions(predictions, sampling)[0]


def average_precision_influence(
    is_class: NDArray[np.bool_], y_score: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Returns (n,) influence values of the average precision; their mean is 0.

    A row of outcome y and score s has [y (P(s) - AP) + y U(s) - V(s)] / π, where π is
    the class's share, P(s) the precision and B(s) the share of rows at or above s, and
    U(s) = Σ 1 / B(s_i) / n and V(s) = Σ P(s_i) / B(s_i) / n, both over the rows of the
    class at or under s: where this row is accepted, their precision moves.

    Args:
        is_class: (n,) bool, with rows of the class.
        y_score: (n,) score of the class.
    """
    n = len(is_class)
    _, step = np.unique(-y_score, return_inverse=True)  # (n,) 0 for the greatest
    hits, false_alarms = distinct_steps(is_class, y_score)
    accepted = hits + false_alarms  # (p,)
    precision = hits / accepted
    gained = np.diff(hits, prepend=0)
    under = _from_below(gained / accepted)  # U at each distinct score, (p,)
    under_precision = _from_below(gained * precision / accepted)  # V, (p,)
    value = inner(gained, precision) / int(hits[-1])
    of_class = precision - value + under  # (p,)
    influence = np.where(is_class, of_class[step], 0.0) - under_precision[step]
    scaled: NDArray[np.float64] = influence * (n / int(hits[-1]))
    return scaled


def _from_below(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Returns the sums of each value and all that follow it."""
    total: NDArray[np.float64] = np.cumsum(values[::-1])[::-1]
    return total


@lru_cache(maxsize=1)  # the mean and the classes ask for the same replicates in turn
def _precisions(
    predictions: Predictions, sampling: Sampling
) -> tuple[tuple[Measured, ...], Measured]:
    """Returns the average precision of each class, and their mean."""
    n, k = predictions.n, predictions.k
    two_classes = len(np.unique(predictions.y_true)) > 1
    bootstrapped = two_classes and n * k <= MOST_SCORES
    replicates = (
        precision_replicates(predictions, sampling) if bootstrapped else None
    )  # (B, k)
    classes: list[Measured] = []
    influence = np.zeros(n)  # summed over the classes
    for c in range(k):
        is_class = predictions.y_true == c
        reason = one_sided(is_class)
        if reason:
            classes.append(undefined(reason))
            continue
        score = np.ascontiguousarray(predictions.y_proba[:, c])
        own = average_precision_influence(is_class, score)
        value, column = average_precision(is_class, score), _column(replicates, c)
        classes.append(_measured(value, own, column, sampling.level))
        influence += own
    mean = _mean_precision(classes, influence, replicates, sampling.level)
    return tuple(classes), mean


def _column(
    replicates: NDArray[np.float64] | None, c: int
) -> NDArray[np.float64] | None:
    """Returns (B,) the replicates of one class, None where there are none."""
    return None if replicates is None else replicates[:, c]


def _mean_precision(
    classes: list[Measured],
    influence: NDArray[np.float64],
    replicates: NDArray[np.float64] | None,
    level: float,
) -> Measured:
    """Returns the mean over the classes that have an average precision.

    Args:
        classes: The average precision of each class.
        influence: (n,) sum of their influence values.
        replicates: (B, k) theirs in each replicate, None without a bootstrap.
        level: Confidence level in 0-1.
    """
    found = [c for c, one in enumerate(classes) if one.estimate]
    if not found:
        return undefined(ONE_CLASS)
    value = float(np.mean([classes[c].value for c in found]))
    means = None if replicates is None else replicates[:, found].mean(axis=1)  # (B,)
    mean = _measured(value, influence / len(found), means, level)
    note = joined([classes_note(len(found), len(classes)), mean.note])
    return Measured(mean.estimate, note=note)


def _measured(
    value: float,
    influence: NDArray[np.float64],
    replicates: NDArray[np.float64] | None,
    level: float,
) -> Measured:
    """Returns a value with its interval, or a note why it has none."""
    if replicates is not None:
        return _bootstrapped(value, influence, replicates, level)
    n = len(influence)
    spread = sqrt(inner(influence, influence)) / n
    interval = logit_interval(value, spread, level, "influence values")
    still = None if interval else _motionless(value, "its standard error is 0")
    return measured(value, n, interval, note=still)


def _bootstrapped(
    value: float,
    influence: NDArray[np.float64],
    replicates: NDArray[np.float64],
    level: float,
) -> Measured:
    """Returns a value with the interval of its replicates, NaN where undefined."""
    n, drawn = len(influence), len(replicates)
    defined = replicates[~np.isnan(replicates)]
    missing = drawn - len(defined)
    note = f"undefined in {missing:,} of {drawn:,} replicates" if missing else None
    if missing > MOST_UNDEFINED * drawn:
        return measured(value, n, None, note=f"{note}: no interval")
    interval = bca_interval(value, defined, influence, level)
    still = None if interval else _motionless(value, "its replicates hardly differ")
    return measured(value, n, interval, note=joined([note, still]))


def _motionless(value: float, sign: str) -> str:
    """Returns why a value that nothing moves has no interval, and what shows that."""
    why = "a perfect ranking" if value == 1 else sign
    return f"{why}: nothing tells how far it may move"
