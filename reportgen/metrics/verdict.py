"""What may be said of two models on the same rows."""

from reportgen.record import Estimate
from reportgen.record.comparison import Flips, PairedVerdict, VerdictKind

MARGIN = 0.001
"""Loss of accuracy put up with unless another is asked for: 0.1 points."""


def verdict(
    flips: Flips, difference: Estimate, *, margin: float = MARGIN
) -> PairedVerdict:
    """Returns the verdict by the interval of the difference of accuracies.

    It is of these two sets of weights: a recipe trained once more may give a third.

    Args:
        flips: On which rows the models agree.
        difference: candidate - baseline, with its interval unless there is one row.
        margin: Loss of accuracy that is put up with, as a share, 0 or more.

    Returns:
        "identical" where every row is predicted alike; else "better" where low > 0 and
        "worse" where high < 0. Of the others "equivalent" where -margin < low and
        high < margin, "not_worse" where -margin < low, "inconclusive" where neither is
        so.

    Source:
        Piaggio et al. 2012, Reporting of noninferiority and equivalence randomized
        trials.
    """
    if not flips.changed:
        return PairedVerdict("identical", margin, difference)
    return PairedVerdict(_by_interval(difference, margin), margin, difference)


def _by_interval(difference: Estimate, margin: float) -> VerdictKind:
    """Returns the verdict on models that differ in a row or more."""
    low, high = difference.low, difference.high
    if low is None or high is None:
        return "inconclusive"
    if low > 0:
        return "better"
    if high < 0:
        return "worse"
    if low <= -margin:
        return "inconclusive"
    return "equivalent" if high < margin else "not_worse"
