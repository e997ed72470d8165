"""Differences between two models that were measured on different rows.

Nothing cancels here that both test sets share, and what the sets themselves differ in
is counted as if the models did: such a difference may be told, but never be called
better.
"""

from collections.abc import Iterable
from math import hypot, inf

from reportgen.metrics.intervals import Interval
from reportgen.metrics.measured import Measured, measured, undefined
from reportgen.record import Estimate, Score
from reportgen.record.comparison import Difference

BIASED = (
    "a calibration error is biased upward, by more on fewer rows; compare the log "
    "losses and the calibrations"
)
"""Why there is no difference of two of them."""

RANGES = {
    "log_loss": inf,
    "cohen_kappa": 2.0,
    "matthews_corrcoef": 2.0,
    "brier_score": 2.0,
}
"""Greatest size of a score's difference, where it is not 1."""


def unpaired_differences(
    baseline: Iterable[Score], candidate: Iterable[Score]
) -> tuple[Difference, ...]:
    """Returns the difference of every score of a baseline, in its order.

    Args:
        baseline: Its scores.
        candidate: The candidate's; the difference of a score that it lacks is
            undefined.
    """
    after = {score.key: score for score in candidate}
    return tuple(_difference(score, after.get(score.key)) for score in baseline)


def _difference(before: Score, after: Score | None) -> Difference:
    """Returns the difference of one score."""
    old = before.estimate
    new = after.estimate if after else None
    change = _change(before, after, farthest=RANGES.get(before.key, 1.0))
    return Difference(
        key=before.key,
        label=before.label,
        unit=before.unit,
        higher_is_better=before.higher_is_better,
        baseline=old.value if old else None,
        candidate=new.value if new else None,
        estimate=change.estimate,
        reason=change.reason,
        note=change.note,
    )


def _change(before: Score, after: Score | None, *, farthest: float) -> Measured:
    """Returns candidate - baseline, or why it is undefined."""
    if before.key == "ece":
        return undefined(BIASED)
    if after is None:
        return undefined("not measured of the candidate")
    if before.estimate is None:
        return undefined(f"baseline: {before.reason}")
    if after.estimate is None:
        return undefined(f"candidate: {after.reason}")
    value, n = after.estimate.value - before.estimate.value, _rows(before, after)
    interval = square_and_add(before.estimate, after.estimate, farthest=farthest)
    note = None if interval else "no interval of one of the two, or at another level"
    return measured(value, n, interval, note=note)


def _rows(before: Score, after: Score) -> int:
    """Returns how many rows two defined scores rest on."""
    return sum(score.estimate.n for score in (before, after) if score.estimate)


def square_and_add(
    baseline: Estimate, candidate: Estimate, *, farthest: float = 1.0
) -> Interval | None:
    """Returns the interval of a difference from the intervals of both values.

    With values a and b of baseline and candidate and their bounds l and u: from
    b - a - sqrt((b - l_b)² + (u_a - a)²) to b - a + sqrt((u_b - b)² + (a - l_a)²). Of
    two Wilson intervals it is Newcombe's hybrid score interval.

    Args:
        baseline: With an interval.
        candidate: With an interval at the same level, from other rows.
        farthest: Greatest size of the difference, to which bounds are clipped.

    Returns:
        None where an interval is lacking, or the levels differ.

    Source:
        Newcombe 1998, Interval estimation for the difference between independent
        proportions, method 10; Zou and Donner 2008, Construction of confidence limits
        about effect measures (any two statistics).
    """
    if baseline.level is None or baseline.level != candidate.level:
        return None
    below, above = _reach(baseline), _reach(candidate)
    value = candidate.value - baseline.value
    low = value - hypot(above[0], below[1])
    high = value + hypot(above[1], below[0])
    return Interval(
        max(-farthest, low), min(farthest, high), baseline.level, "square-and-add"
    )


def _reach(estimate: Estimate) -> tuple[float, float]:
    """Returns how far the bounds lie from the value, below and above."""
    assert estimate.low is not None
    assert estimate.high is not None
    return estimate.value - estimate.low, estimate.high - estimate.value
