"""Differences of scores that follow from the order of the rows, class by class."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportgen.metrics.average_precision import (
    average_precision,
    average_precision_influence,
)
from reportgen.metrics.delong import area_influence
from reportgen.metrics.intervals import ROUNDING, Interval
from reportgen.metrics.measured import ONE_CLASS, classes_note, joined, measured
from reportgen.metrics.paired import Change, Pair, undefined_change
from reportgen.metrics.paired_delong import paired_areas
from reportgen.metrics.paired_intervals import (
    ALIKE,
    influence_difference,
    influence_interval,
)
from reportgen.metrics.ranking import one_sided

LONELY = "a class or its rest has one row: no interval"
"""Why a difference has no interval, besides `ALIKE`."""

Influence = NDArray[np.float64]
Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RankingChanges:
    """What became of one kind of area.

    Attributes:
        mean: Of its mean over the classes that have it.
        classes: Of each of the k classes, in label order.
    """

    mean: Change
    classes: tuple[Change, ...]


def area_changes(pair: Pair, level: float) -> RankingChanges:
    """Returns the changes of the one-vs-rest areas under the ROC curve.

    A class's interval has DeLong's variance; that of the mean is Σ d² / n² with d the
    difference of the influence values of both means, in which the covariance between
    the classes is.

    Args:
        pair: n rows over k classes, predicted twice.
        level: Confidence level of the intervals, in 0-1.

    Returns:
        Undefined where a model predicted labels alone, for a class without rows on both
        sides, and for the mean where the labels are of one class; without intervals
        where a side has one row.
    """
    if pair.without_scores:
        return _undefined(pair.k, pair.without_scores)
    return _changes((_area(one, level) for one in _columns(pair)), level)


def precision_changes(pair: Pair, level: float) -> RankingChanges:
    """Returns the changes of the average precisions, intervals by influence values."""
    if pair.without_scores:
        return _undefined(pair.k, pair.without_scores)
    return _changes((_precision(one, level) for one in _columns(pair)), level)


def _undefined(k: int, reason: str) -> RankingChanges:
    """Returns no area of any class, and why."""
    change = undefined_change(reason)
    return RankingChanges(change, (change,) * k)


@dataclass(frozen=True, slots=True, eq=False)
class _Column:
    """One class against the rest.

    Attributes:
        is_class: (n,) bool, its rows.
        baseline: (n,) the baseline's score of it.
        candidate: (n,) the candidate's.
    """

    is_class: NDArray[np.bool_]
    baseline: Scores
    candidate: Scores

    @property
    def lonely(self) -> bool:
        """Whether a side has one row, which has no spread."""
        own = int(self.is_class.sum())
        return min(own, len(self.is_class) - own) == 1


def _columns(pair: Pair) -> Iterator[_Column]:
    """Yields each class."""
    for c in range(pair.k):
        yield _Column(
            is_class=pair.y_true == c,
            baseline=np.ascontiguousarray(pair.baseline.y_proba[:, c]),
            candidate=np.ascontiguousarray(pair.candidate.y_proba[:, c]),
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Class:
    """One class's change, and how each row moves it.

    Attributes:
        change: The change.
        influence: (n,) on the difference, None where it is undefined.
        lonely: Whether a side has one row.
    """

    change: Change
    influence: Influence | None
    lonely: bool = False


def _area(column: _Column, level: float) -> _Class:
    """Returns the change of a class's area under the ROC curve."""
    reason = one_sided(column.is_class)
    if reason:
        return _Class(undefined_change(reason), None)
    found = paired_areas(column.is_class, column.baseline, column.candidate)
    influence = influence_difference(
        area_influence(column.is_class, found.baseline),
        area_influence(column.is_class, found.candidate),
    )
    areas = found.baseline.area, found.candidate.area
    return _of_class(column, areas, influence, found.interval(level))


def _precision(column: _Column, level: float) -> _Class:
    """Returns the change of a class's average precision."""
    is_class = column.is_class
    reason = one_sided(is_class)
    if reason:
        return _Class(undefined_change(reason), None)
    scores = column.baseline, column.candidate
    before, after = (average_precision(is_class, score) for score in scores)
    influence = influence_difference(
        *(average_precision_influence(is_class, score) for score in scores)
    )
    interval = None
    if not column.lonely:
        interval = influence_interval(
            after - before, influence, level=level, farthest=1.0
        )
    return _of_class(column, (before, after), influence, interval)


def _of_class(
    column: _Column,
    scores: tuple[float, float],
    influence: Influence,
    interval: Interval | None,
) -> _Class:
    """Returns a class's change with its interval, or a note why it has none."""
    before, after = scores
    why = LONELY if column.lonely else ALIKE
    note = None if interval else why
    change = measured(after - before, len(influence), interval, note=note)
    return _Class(Change(before, after, change), influence, column.lonely)


def _changes(classes: Iterable[_Class], level: float) -> RankingChanges:
    """Returns the changes of the classes and of their mean."""
    changes: list[Change] = []
    influence: Influence | None = None  # summed over the classes that have a score
    lonely = False
    for one in classes:  # one at a time: a thousand of them may not fit
        changes.append(one.change)
        lonely = lonely or one.lonely
        if one.influence is not None:
            influence = one.influence + (0 if influence is None else influence)
    return RankingChanges(
        _mean(changes, influence, lonely=lonely, level=level), tuple(changes)
    )


def _mean(
    changes: list[Change], influence: Influence | None, *, lonely: bool, level: float
) -> Change:
    """Returns the change of the mean over the classes that have a score.

    Args:
        changes: Of each class.
        influence: (n,) sum of their influence values, None where none has a score.
        lonely: Whether a class or its rest has one row.
        level: Confidence level in 0-1.
    """
    if influence is None:
        return undefined_change(ONE_CLASS)
    before = [one.baseline for one in changes if one.baseline is not None]
    after = [one.candidate for one in changes if one.candidate is not None]
    old, new, n = float(np.mean(before)), float(np.mean(after)), len(influence)
    interval = None
    each = influence / len(before)
    if not lonely and np.abs(each).max() > ROUNDING:  # of classes that cancel: noise
        interval = influence_interval(new - old, each, level=level, farthest=1.0)
    why = None if interval else LONELY if lonely else ALIKE
    note = joined([classes_note(len(before), len(changes)), why])
    return Change(old, new, measured(new - old, n, interval, note=note))
