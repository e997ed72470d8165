"""Rows that two models predict differently, counted and tested."""

from reportgen.metrics.measured import proportion
from reportgen.metrics.paired import Pair
from reportgen.record.comparison import Flips, McNemar


def flips(pair: Pair, level: float) -> Flips:
    """Returns on which rows the two models agree, and how many changed.

    Churn is the share of rows predicted as another class, right or wrong.

    Args:
        pair: n rows predicted twice.
        level: Confidence level of the churn's Wilson interval, in 0-1.

    Source:
        Milani Fard et al. 2016, Launch and iterate: reducing prediction churn.
    """
    was_right, is_right = pair.before == pair.y_true, pair.after == pair.y_true
    apart = pair.before != pair.after
    fixes = int((is_right & ~was_right).sum())
    regressions = int((was_right & ~is_right).sum())
    wrong = ~was_right & ~is_right
    return Flips(
        n=pair.n,
        both_right=int((was_right & is_right).sum()),
        fixes=fixes,
        regressions=regressions,
        both_wrong=int(wrong.sum()),
        both_wrong_apart=int((wrong & apart).sum()),
        churn=proportion(int(apart.sum()), pair.n, level),
        mcnemar=mcnemar(fixes, regressions),
    )


def mcnemar(fixes: int, regressions: int) -> McNemar:
    """Returns McNemar's test in its exact and its mid-p form, two-sided.

    Were both models right equally often, each row that tells them apart would be a fix
    or a regression by a fair coin. With m the lesser count and F the distribution of
    Binomial(fixes + regressions, ½): exact p = min(1, 2 F(m)); mid-p takes away half of
    the chance of what was seen on either side, F(m) + F(m - 1), and 1 - P(m) / 2 of
    equal counts. Without such a row both are 1.

    Args:
        fixes: Rows that the candidate alone predicts right.
        regressions: Rows that the baseline alone predicts right.

    Source:
        McNemar 1947, Note on the sampling error of the difference between correlated
        proportions or percentages; Fagerland, Lydersen and Laake 2013, The McNemar
        test for binary matched-pairs data: mid-p and asymptotic are better than exact
        conditional.

    >>> mcnemar(1, 7)
    McNemar(exact_p=0.0703125, mid_p=0.0390625)
    """
    from scipy.special import bdtr

    lesser, discordant = min(fixes, regressions), fixes + regressions
    if not discordant:
        return McNemar(exact_p=1.0, mid_p=1.0)
    up_to = float(bdtr(lesser, discordant, 0.5))
    below = float(bdtr(lesser - 1, discordant, 0.5)) if lesser else 0.0
    even = fixes == regressions
    mid_p = 1 - (up_to - below) / 2 if even else up_to + below
    return McNemar(exact_p=min(1.0, 2 * up_to), mid_p=mid_p)
