"""The smallest difference of accuracy that two models on these rows could show."""

from math import sqrt
from statistics import NormalDist

from reportgen.metrics.deciding import POWER
from reportgen.metrics.intervals import quantile_of
from reportgen.record import Resolution
from reportgen.record.comparison import Flips


def smallest_difference(flips: Flips, level: float) -> Resolution:
    """Returns the true difference that these rows would show with a chance of `POWER`.

    (z + z_power) sqrt(d / n), with d the share of rows that just one of the models
    predicts right; 2.80 sqrt(d / n) at 95 %. A difference cannot be greater than d, so
    that d is taken to be (z + z_power)² / n at least: about eight rows, all one way.

    Args:
        flips: On which rows the models agree.
        level: Confidence level of the interval, two-sided, in 0-1.

    Returns:
        The difference, at most 1, and the d that it is found with.

    Source:
        Connor 1987, Sample size for testing differences in proportions for the
        paired-sample design, with the difference's own square left out of the variance.
    """
    z = quantile_of(level) + NormalDist().inv_cdf(POWER)
    share = min(1.0, max(flips.discordant, z**2) / flips.n)
    return Resolution(
        difference=min(1.0, z * sqrt(share / flips.n)),
        discordant_share=share,
        level=level,
        power=POWER,
    )
