"""Whether the model is right as often on rows that share a property as on the others.

Many slices are looked at, so some stand out by chance alone: what is named has passed
a test that takes their number into account.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportgen.metrics.cutting import LEAST_ROWS, Cut, Part, cut
from reportgen.metrics.fisher import fisher_exact
from reportgen.metrics.measured import estimated, proportion
from reportgen.metrics.multiple import benjamini_hochberg
from reportgen.metrics.unpaired import square_and_add
from reportgen.predictions import Column, Predictions
from reportgen.record import Estimate, Omission, Sampling, Slice, Slices

FALSE_DISCOVERY_RATE = 0.05
"""Share of false ones among the slices that are named, at most, in the long run."""

MOST_COLUMNS = 50
"""Columns that are cut; the more are looked at, the less each can show."""

SURPLUS = f"only the first {MOST_COLUMNS} columns are looked at"
"""Why a column behind these is not cut."""


@dataclass(frozen=True, slots=True)
class _Counted:
    """A slice before it is tested against the rest.

    Attributes:
        column: Its column.
        part: Its value or range.
        digits: Decimals of its ends.
        n: Rows in it.
        correct: Those of them that are right.
    """

    column: Column
    part: Part
    digits: int
    n: int
    correct: int


def slices(predictions: Predictions, sampling: Sampling) -> Slices | None:
    """Returns the accuracy of each slice beside that of all other rows.

    Accuracy has Wilson's interval and the difference Newcombe's hybrid score interval,
    each at the level asked for by itself. Fisher's exact test compares a slice with the
    other rows; Benjamini and Hochberg's method over the tests of all columns decides
    which are named. Two slices that share out all rows have one test.

    Args:
        predictions: n rows and what is known of each.
        sampling: Level of the intervals.

    Returns:
        None where nothing is known of the rows.
    """
    if not predictions.columns:
        return None
    right = predictions.y_pred == predictions.y_true
    counted: list[_Counted] = []
    skipped: list[Omission] = []
    too_small = 0
    for place, column in enumerate(predictions.columns):
        found = cut(column) if place < MOST_COLUMNS else SURPLUS
        if isinstance(found, str):
            skipped.append(Omission(column.name, found))
            continue
        every = _counted(column, found, right)
        large = [one for one in every if one.n >= LEAST_ROWS]
        counted += large
        too_small += len(every) - len(large)
    whole = int(right.sum()), predictions.n
    tested = _tested(counted, whole, sampling.level)
    return Slices(
        false_discovery_rate=FALSE_DISCOVERY_RATE,
        least_rows=LEAST_ROWS,
        looked_at=len(tested),
        surviving=sum(one.survives for one in tested),
        slices=tested,
        too_small=too_small,
        skipped=tuple(skipped),
    )


def _counted(column: Column, found: Cut, right: NDArray[np.bool_]) -> list[_Counted]:
    """Returns all slices of a column, those too small among them."""
    rows = found.counts().tolist()
    hits = np.bincount(found.codes[right], minlength=len(found.parts)).tolist()
    return [
        _Counted(column, part, found.digits, n, correct)
        for part, n, correct in zip(found.parts, rows, hits, strict=True)
    ]


def _tested(
    counted: list[_Counted], whole: tuple[int, int], level: float
) -> tuple[Slice, ...]:
    """Returns each slice with its tests.

    Args:
        counted: Slices with rows inside and outside of them.
        whole: Rows right in all, and all rows.
        level: Confidence level in 0-1.
    """
    p_values = [fisher_exact((one.correct, one.n), whole) for one in counted]
    tests = _tests(counted, whole[1])  # (s,) which test is that of each slice
    first = [tests.index(test) for test in range(max(tests, default=-1) + 1)]
    corrected = benjamini_hochberg([p_values[place] for place in first])
    p_values = [p_values[first[test]] for test in tests]
    adjusted = [corrected[test] for test in tests]
    return tuple(
        Slice(
            column=one.column.name,
            origin=one.column.origin,
            value=one.part.value,
            low=one.part.low,
            high=one.part.high,
            digits=one.digits,
            n=one.n,
            correct=one.correct,
            accuracy=proportion(one.correct, one.n, level),
            difference=_difference(one, whole, level),
            p_value=p,
            p_value_adjusted=q,
            survives=q <= FALSE_DISCOVERY_RATE,
        )
        for one, p, q in zip(counted, p_values, adjusted, strict=True)
    )


def _tests(counted: list[_Counted], n: int) -> list[int]:
    """Returns the number of each slice's test.

    Two slices that share out all rows are held against each other: that is one test.
    Counted twice, it would make its column easier to name than the others.
    """
    numbers: list[int] = []
    for one, before in zip(counted, [None, *counted], strict=False):
        halved = before and before.column is one.column and before.n + one.n == n
        latest = numbers[-1] if numbers else -1
        numbers.append(latest if halved else latest + 1)
    return numbers


def _difference(one: _Counted, whole: tuple[int, int], level: float) -> Estimate:
    """Returns the share right of a slice less that of the other rows."""
    inside = proportion(one.correct, one.n, level)
    outside = proportion(whole[0] - one.correct, whole[1] - one.n, level)
    interval = square_and_add(outside, inside)
    return estimated(inside.value - outside.value, whole[1], interval)
