"""Areas under the ROC curve with DeLong's variance, and intervals at the boundary."""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from reportgen.metrics.intervals import Interval, logit_interval, quantile_of

HALVINGS = 100
"""Steps of a bisection inside 0-1: more than a float64 can tell apart."""


@dataclass(frozen=True, slots=True, eq=False)
class Placements:
    """How many rows of the other side each row outranks or is outranked by.

    Attributes:
        of_class: (n₁,) float64, other rows that a row of the class outscores.
        of_rest: (n₀,) float64, rows of the class that outscore another row. Ties count
            one half on both sides.
    """

    of_class: NDArray[np.float64]
    of_rest: NDArray[np.float64]

    @property
    def area(self) -> float:
        """Area under the ROC curve, exactly 1 of a perfect ranking."""
        return float(self.of_class.sum()) / len(self.of_class) / len(self.of_rest)

    @property
    def standard_error(self) -> float:
        """DeLong's; 0 where no row outranks more than another of its side.

        Raises:
            ValueError: A side has one row, which has no variance.
        """
        n_class, n_rest = len(self.of_class), len(self.of_rest)
        if min(n_class, n_rest) < 2:  # noqa: PLR2004 - a variance needs two values
            raise ValueError(
                "DeLong's variance needs two rows of the class and two others. "
                f"Received {n_class} and {n_rest}. Collect more rows."
            )
        # Of whole and half numbers, so that equal placements vary by exactly 0.
        within_class = float(self.of_class.var(ddof=1)) / n_rest**2 / n_class
        within_rest = float(self.of_rest.var(ddof=1)) / n_class**2 / n_rest
        return sqrt(within_class + within_rest)


def placements(is_class: NDArray[np.bool_], y_score: NDArray[np.float64]) -> Placements:
    """Returns the placements of the rows of a class and of the rest.

    V10 = (midrank among all - midrank within the class) / n₀ is a count of outscored
    rows, found here in the sorted other side; V01 likewise.

    Args:
        is_class: (n,) bool, with rows on both sides.
        y_score: (n,) score of the class, of which only the order counts.

    Source:
        DeLong, DeLong and Clarke-Pearson 1988, Comparing the areas under two or more
        correlated receiver operating characteristic curves; Sun and Xu 2014, Fast
        implementation of DeLong's algorithm.

    >>> found = placements(np.array([False, False, True, True]),
    ...                    np.array([.1, .4, .35, .8]))
    >>> found.area, round(found.standard_error**2, 6)
    (0.75, 0.125)
    """
    of_class, of_rest = y_score[is_class], y_score[~is_class]
    return Placements(
        of_class=_outscored(of_class, of_rest),
        of_rest=len(of_class) - _outscored(of_rest, of_class),
    )


def area_influence(
    is_class: NDArray[np.bool_], found: Placements
) -> NDArray[np.float64]:
    """Returns (n,) influence values of the area; their mean is 0.

    (V10 - A) / π for rows of the class and (V01 - A) / (1 - π) for the others.

    Args:
        is_class: (n,) bool, as the placements were found with.
        found: The placements.
    """
    n, area = len(is_class), found.area
    n_class, n_rest = len(found.of_class), len(found.of_rest)
    values = np.empty(n)
    values[is_class] = (found.of_class / n_rest - area) * (n / n_class)
    values[~is_class] = (found.of_rest / n_class - area) * (n / n_rest)
    return values


def area_interval(found: Placements, level: float) -> Interval | None:
    """Returns DeLong's interval on the logit scale, Newcombe's where it has no width.

    Args:
        found: The placements.
        level: Confidence level in 0-1.

    Returns:
        None where a side has one row.
    """
    n_class, n_rest = len(found.of_class), len(found.of_rest)
    if min(n_class, n_rest) < 2:  # noqa: PLR2004 - one row has no variance
        return None
    spread = found.standard_error
    interval = logit_interval(found.area, spread, level, "DeLong")
    return interval or newcombe(found.area, n_class, n_rest, level)


def newcombe(area: float, n_class: int, n_rest: int, level: float) -> Interval:
    """Returns Newcombe's interval of an area, which has width at 0 and 1 too.

    Its bounds solve |θ - A| = z sqrt(θ (1 - θ) [1 + (M - 1) ((1 - θ) / (2 - θ) +
    θ / (1 + θ))] / (n₁ n₀)) with M = (n₁ + n₀) / 2.

    Args:
        area: A, in 0-1.
        n_class: n₁, rows of the class.
        n_rest: n₀, other rows.
        level: Confidence level in 0-1.

    Source:
        Newcombe 2006, Confidence intervals for an effect size measure based on the
        Mann-Whitney statistic, part 2, method 5.

    >>> round(newcombe(1.0, 5, 5, 0.95).low, 6)
    0.642703
    """
    z = quantile_of(level)
    pairs, rows = n_class * n_rest, (n_class + n_rest) / 2
    low = _lower_root(area, z, pairs, rows)
    high = 1 - _lower_root(1 - area, z, pairs, rows)  # θ -> 1 - θ changes no variance
    return Interval(low, high, level, "Newcombe")


def _lower_root(area: float, z: float, pairs: int, rows: float) -> float:
    """Returns the θ in 0..area whose distance from the area is z standard errors."""
    low, high = 0.0, area  # at `high` the distance is 0, at `low` the spread is
    for _ in range(HALVINGS):
        theta = (low + high) / 2
        bracket = 1 + (rows - 1) * ((1 - theta) / (2 - theta) + theta / (1 + theta))
        spread = sqrt(theta * (1 - theta) * bracket / pairs)
        if area - theta > z * spread:
            low = theta
        else:
            high = theta
    return low


def _outscored(
    scores: NDArray[np.float64], others: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Returns how many of the others each score is above, ties counting one half."""
    ordered = np.sort(others)
    below = np.searchsorted(ordered, scores, side="left")
    not_above = np.searchsorted(ordered, scores, side="right")
    count: NDArray[np.float64] = (below + not_above) / 2
    return count
