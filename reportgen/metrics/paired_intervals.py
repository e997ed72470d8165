"""Intervals of a difference between two models on the same rows.

Only rows that the two treat differently tell them apart, and they may be few however
many rows there are: four changes for the better and none for the worse would pass for
proof on the plain normal interval, though a fair coin gives as much one time in eight.
All intervals here therefore count two rows more, one each way, of the size of those
that carry the difference.
"""

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from reportgen.metrics.intervals import ROUNDING, Interval, inner, quantile_of
from reportgen.metrics.measured import ONE_ROW, Measured, joined, measured

ALIKE = "every row moves it alike: nothing tells how far it may move"
"""Why a difference has no interval."""


def bonett_price(
    fixes: int, regressions: int, n: int, *, level: float
) -> tuple[float, float]:
    """Returns the interval of the difference of two shares of the same rows.

    The paired Wald interval with one row added to the fixes and one to the regressions:
    with a = (fixes + 1) / (n + 2) and b = (regressions + 1) / (n + 2),
    a - b ± z sqrt((a + b - (a - b)²) / (n + 2)).

    Args:
        fixes: Rows that the candidate alone has right.
        regressions: Rows that the baseline alone has right.
        n: Rows.
        level: Confidence level in 0-1.

    Returns:
        Lower and upper bound in -1..1; they have width without a discordant row too.
        The added rows draw the centre towards 0: at a low level a bound may pass a
        great difference, which then takes its place.

    Source:
        Bonett and Price 2012, Adjusted Wald confidence interval for a difference of
        binomial proportions based on paired data; recommended by Fagerland, Lydersen
        and Laake 2014, Recommended tests and confidence intervals for paired binomial
        proportions.

    >>> [round(bound, 4) for bound in bonett_price(8, 2, 98, level=0.95)]
    [-0.0069, 0.1269]
    """
    rows = n + 2
    gained, lost = (fixes + 1) / rows, (regressions + 1) / rows
    centre = gained - lost
    half = quantile_of(level) * sqrt((gained + lost - centre**2) / rows)
    value = (fixes - regressions) / n
    return max(-1.0, min(centre - half, value)), min(1.0, max(centre + half, value))


def influence_interval(
    value: float,
    influence: NDArray[np.float64],
    *,
    level: float,
    farthest: float = np.inf,
    method: str = "paired influence values",
) -> Interval | None:
    """Returns the interval of a difference from its influence values.

    value ± z sqrt(S + 2 Q / S) / n with S = Σ d² and Q = Σ d⁴. S / n² is the variance
    of the difference by the delta method. Q / S is the squared size of the rows that
    carry S, so that 2 Q / S stands for two rows more; where every d is -1, 0 or 1 it is
    2, as Bonett and Price add.

    Args:
        value: candidate - baseline.
        influence: (n,) d, the candidate's influence value of each row less the
            baseline's; their mean is 0.
        level: Confidence level in 0-1.
        farthest: Greatest size of the difference, to which bounds are clipped.
        method: What the page calls it.

    Returns:
        None where no row tells the two apart, or there is only one.

    Source:
        Efron and Tibshirani 1993, An introduction to the bootstrap, chapter 21
        (influence values); Bonett and Price 2012 for the added rows, here extended to
        rows of unequal size.
    """
    squares = influence**2
    variance = inner(influence, influence)
    if len(influence) == 1 or variance == 0:
        return None
    added = 2 * inner(squares, squares) / variance
    half = quantile_of(level) * sqrt(variance + added) / len(influence)
    return Interval(
        max(-farthest, value - half), min(farthest, value + half), level, method
    )


def influence_difference(
    baseline: NDArray[np.float64], candidate: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Returns (n,) candidate - baseline, less its mean, rounding taken for 0.

    Args:
        baseline: (n,) influence value of each row, or what it adds to a mean.
        candidate: (n,) likewise.
    """
    difference: NDArray[np.float64] = candidate - baseline
    difference -= difference.mean()
    largest = max(np.abs(baseline).max(), np.abs(candidate).max())
    if np.abs(difference).max() <= ROUNDING * largest:
        return np.zeros_like(difference)
    return difference


def moved(
    value: float, n: int, interval: Interval | None, *, note: str | None = None
) -> Measured:
    """Returns a difference with its interval, or with a note why it has none.

    Args:
        value: candidate - baseline.
        n: Rows that it rests on.
        interval: Its interval, None where `influence_interval` finds none.
        note: What a reader must know besides.
    """
    why = ONE_ROW if n == 1 else ALIKE
    return measured(value, n, interval, note=joined([note, None if interval else why]))
