"""Differences of areas under the ROC curve of two models on the same rows."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from reportgen.metrics.delong import Placements, placements
from reportgen.metrics.intervals import Interval, inner, quantile_of


@dataclass(frozen=True, slots=True, eq=False)
class PairedAreas:
    """Areas of two scores of the same rows.

    Attributes:
        baseline: The baseline's placements.
        candidate: The candidate's, of the same rows in the same order.
    """

    baseline: Placements
    candidate: Placements

    @property
    def difference(self) -> float:
        """The candidate's area less the baseline's."""
        return self.candidate.area - self.baseline.area

    @property
    def standard_error(self) -> float:
        """DeLong's, of the difference: the areas' covariance is in it.

        Raises:
            ValueError: A side has one row, which has no variance.
        """
        return self._apart.standard_error

    @property
    def p_value(self) -> float | None:
        """Two-sided, of equal areas; None where the standard error is 0."""
        spread = self.standard_error
        if not spread:
            return None
        return 2 * NormalDist().cdf(-abs(self.difference) / spread)

    @property
    def _apart(self) -> Placements:
        """Each row's placement by the candidate less that by the baseline.

        var(A - B) = var(A) + var(B) - 2 cov(A, B), so the variance of the differences
        is all that is needed.
        """
        return Placements(
            of_class=self.candidate.of_class - self.baseline.of_class,
            of_rest=self.candidate.of_rest - self.baseline.of_rest,
        )

    def interval(self, level: float) -> Interval | None:
        """Returns the difference ± z SE, two rows added as in `influence_interval`.

        Args:
            level: Confidence level in 0-1.

        Returns:
            None where a side has one row, or all are ranked alike.
        """
        apart = self._apart
        n_class, n_rest = len(apart.of_class), len(apart.of_rest)
        if min(n_class, n_rest) < 2 or not apart.standard_error:  # noqa: PLR2004 - one row has no variance
            return None
        variance = apart.standard_error**2
        deviations = (
            apart.of_class - apart.of_class.mean(),
            apart.of_rest - apart.of_rest.mean(),
        )
        squares = [(each / n_rest / n_class) ** 2 for each in deviations]
        added = 2 * sum(inner(each, each) for each in squares) / variance
        half = quantile_of(level) * sqrt(variance + added)
        low, high = self.difference - half, self.difference + half
        return Interval(max(-1.0, low), min(1.0, high), level, "paired DeLong")


def paired_areas(
    is_class: NDArray[np.bool_],
    baseline: NDArray[np.float64],
    candidate: NDArray[np.float64],
) -> PairedAreas:
    """Returns the areas of two scores of the same rows.

    Args:
        is_class: (n,) bool, with rows on both sides.
        baseline: (n,) the baseline's score of the class.
        candidate: (n,) the candidate's.

    Source:
        DeLong, DeLong and Clarke-Pearson 1988, Comparing the areas under two or more
        correlated receiver operating characteristic curves.

    >>> found = paired_areas(np.array([False, False, True, True]),
    ...     np.array([.1, .4, .35, .8]), np.array([.1, .3, .35, .8]))
    >>> found.difference, round(found.standard_error**2, 6)
    (0.25, 0.125)
    """
    return PairedAreas(placements(is_class, baseline), placements(is_class, candidate))
