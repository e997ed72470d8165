"""Confidence intervals from counts."""

from math import sqrt
from statistics import NormalDist


def wilson(successes: int, n: int, level: float) -> tuple[float, float]:
    """Returns Wilson's score interval of a proportion.

    centre = (x + z²/2) / (n + z²), half = z sqrt(x (n - x) / n + z²/4) / (n + z²)

    Args:
        successes: x, in 0..n.
        n: Rows, at least 1.
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
    if not 0 <= successes <= n or n < 1:
        raise ValueError(f"Successes must lie in 0..n. Received {successes} of {n}.")
    if not 0 < level < 1:
        raise ValueError(f"level must lie inside 0-1. Received {level!r}.")
    z = NormalDist().inv_cdf((1 + level) / 2)
    centre = (successes + z * z / 2) / (n + z * z)
    half = z * sqrt(successes * (n - successes) / n + z * z / 4) / (n + z * z)
    low = 0.0 if successes == 0 else centre - half
    high = 1.0 if successes == n else centre + half
    return low, high
