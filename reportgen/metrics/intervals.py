"""Confidence intervals of single numbers; bounds never leave the number's range."""

from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROUNDING = 1e-12
"""Spread of numbers, next to their size, that is rounding and nothing else."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval and how it was made.

    Attributes:
        low: Lower bound.
        high: Upper bound.
        level: Confidence level in 0-1.
        method: In a word or two, as a page prints it.
    """

    low: float
    high: float
    level: float
    method: str


def quantile_of(level: float) -> float:
    """Returns z, the normal quantile that leaves (1 - level) / 2 above it.

    Raises:
        ValueError: The level is out of range.

    >>> round(quantile_of(0.95), 6)
    1.959964
    """
    if not 0 < level < 1:
        raise ValueError(f"level must lie inside 0-1. Received {level!r}.")
    return NormalDist().inv_cdf((1 + level) / 2)


def wilson(successes: float, n: float, level: float) -> tuple[float, float]:
    """Returns Wilson's score interval of a proportion.

    centre = (x + z²/2) / (n + z²), half = z sqrt(x (n - x) / n + z²/4) / (n + z²)

    Args:
        successes: x, in 0..n; a fraction where n is an effective number of rows.
        n: Rows, above 0.
        level: Confidence level in 0-1, exclusive.

    Returns:
        Lower and upper bound in 0-1; exactly 0 at 0/n and exactly 1 at n/n.

    Raises:
        ValueError: The counts or the level are out of range.

    Source:
        Wilson 1927, Probable inference, the law of succession, and statistical
        inference.

    >>> [round(bound, 6) for bound in wilson(0, 20, 0.95)]
    [0.0, 0.161125]
    """
    if not 0 <= successes <= n or n <= 0:
        raise ValueError(f"Successes must lie in 0..n. Received {successes} of {n}.")
    z = quantile_of(level)
    centre = (successes + z * z / 2) / (n + z * z)
    half = z * sqrt(successes * (n - successes) / n + z * z / 4) / (n + z * z)
    low = 0.0 if successes == 0 else centre - half
    high = 1.0 if successes == n else centre + half
    return low, high


def clopper_pearson_upper(errors: int, n: int, confidence: float) -> float:
    """Returns the one-sided upper bound of a proportion that is guaranteed.

    The p at which at most that many errors among n have chance 1 - confidence.

    Args:
        errors: x, in 0..n.
        n: Rows, at least 1.
        confidence: One-sided, in 0-1.

    Source:
        Clopper and Pearson 1934, The use of confidence or fiducial limits illustrated
        in the case of the binomial.

    >>> round(clopper_pearson_upper(0, 100, 0.95), 4)  # 1 - 0.05 ** (1 / 100)
    0.0295
    """
    from scipy.special import betaincinv

    if errors == n:
        return 1.0
    return float(betaincinv(errors + 1, n - errors, confidence))


def binomial_quantile(
    tails: NDArray[np.float64], n: NDArray[np.int64], p: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Returns the least count that at most which has at least the chance of the tail.

    What `scipy.stats.binom.ppf` returns, found by halving; that module takes longer to
    import than all else of an evaluation to run.

    Args:
        tails: In 0-1, exclusive; broadcast against n and p.
        n: Rows.
        p: Chance of each row, 0-1.

    >>> binomial_quantile(np.array([0.025, 0.975]), np.array([10]), np.array([0.5]))
    array([2., 8.])
    """
    from scipy.special import bdtr

    below, enough = np.broadcast_arrays(-1, n, tails * p)[:2]
    while np.any(enough - below > 1):
        middle = np.maximum((below + enough) // 2, 0)
        reached = bdtr(middle, n, p) >= tails
        below, enough = (
            np.where(reached, below, middle),
            np.where(reached, middle, enough),
        )
    return enough.astype(np.float64)


def effective_wilson(
    value: float, standard_error: float, level: float, *, least: float = 0.0
) -> Interval | None:
    """Returns Wilson's interval with the number of rows that the standard error tells.

    The value, moved to 0-1, is treated as a proportion of n* = p (1 - p) / SE² rows.
    Near its ends the interval is skew and stays inside, where value ± z SE does not.

    Args:
        value: In `least`..1.
        standard_error: Of the value, 0 or more.
        level: Confidence level in 0-1.
        least: Lower end of the value's range, 0 or -1.

    Returns:
        None where the standard error is 0 or the value lies at an end of its range:
        nothing then tells how far it may move.

    Source:
        Korn and Graubard 1998, Confidence intervals for proportions with small expected
        number of positive counts estimated from survey data (effective sample size).
    """
    width = 1 - least
    p, se = (value - least) / width, standard_error / width
    if se <= 0 or not 0 < p < 1:
        return None
    n = p * (1 - p) / se**2
    low, high = wilson(n * p, n, level)
    return Interval(
        least + width * low, least + width * high, level, "influence values"
    )


def logit_interval(
    value: float, standard_error: float, level: float, method: str
) -> Interval | None:
    """Returns value ± z SE on the logit scale, turned back.

    Args:
        value: In 0-1.
        standard_error: Of the value, 0 or more.
        level: Confidence level in 0-1.
        method: What the page calls it.

    Returns:
        None where the value is 0 or 1 or the standard error 0 but for rounding.
    """
    if not 0 < value < 1 or standard_error <= ROUNDING * value * (1 - value):
        return None
    centre = log(value) - log1m(value)
    half = quantile_of(level) * standard_error / (value * (1 - value))
    return Interval(_expit(centre - half), _expit(centre + half), level, method)


def log1m(value: float) -> float:
    """Returns log(1 - value)."""
    return float(np.log1p(-value))


def inner(one: NDArray[Any], other: NDArray[Any]) -> float:
    """Returns Σ a b of two vectors over rows.

    BLAS, which `@` calls, sums in as many parts as it has threads: its last digit then
    depends on the machine, and the record's bytes with it.

    Args:
        one: (n,) whole numbers or float64.
        other: (n,) float64.

    >>> inner(np.array([1, 2]), np.array([3.0, 0.5]))
    4.0
    """
    return float((one * other).sum())


def _expit(logit: float) -> float:
    """Returns 1 / (1 + exp(-logit)) without overflow."""
    if logit < 0:
        return exp(logit) / (1 + exp(logit))
    return 1 / (1 + exp(-logit))


def bca_mean(
    values: NDArray[np.float64],
    level: float,
    *,
    least: float = -np.inf,
    most: float = np.inf,
) -> Interval | None:
    """Returns the bias-corrected, accelerated interval of a mean from three moments.

    SE = sqrt(M2) / n and a = z0 = M3 / (6 M2^1.5), with M2 and M3 the sums of squared
    and cubed deviations; for each tail z: u = z0 + (z0 + z) / (1 - a (z0 + z)), and the
    bound is mean + SE (u + a (u² - 1)).

    Args:
        values: (n,) one value a row.
        level: Confidence level in 0-1.
        least: Lower end of the mean's range, to which bounds are clipped.
        most: Upper end.

    Returns:
        None of one row, or where all values are one.

    Source:
        Efron 1987, Better bootstrap confidence intervals; the endpoint by
        Cornish-Fisher expansion of the bootstrap distribution of a mean.
    """
    n = len(values)
    deviations = values - values.mean()
    m2 = inner(deviations, deviations)
    if n == 1 or np.ptp(values) <= ROUNDING * np.abs(values).max():
        return None
    m3 = inner(deviations**2, deviations)
    se, a = sqrt(m2) / n, m3 / (6 * m2**1.5)
    z = quantile_of(level)
    low, high = (_bca_bound(a, tail) for tail in (-z, z))
    mean = float(values.mean())
    return Interval(
        float(np.clip(mean + se * low, least, most)),
        float(np.clip(mean + se * high, least, most)),
        level,
        "BCa",
    )


def _bca_bound(a: float, tail: float) -> float:
    """Returns the bound in standard errors from the mean."""
    u = a + (a + tail) / (1 - a * (a + tail))
    return u + a * (u * u - 1)
