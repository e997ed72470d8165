"""Whether errors fall on some rows more often than on the others, exactly."""

import numpy as np
from numpy.typing import NDArray

TIES = 1e-7
"""Share by which chances may differ and still be one: the same counts on the other side
of the mean have the same chance, but for rounding."""


def fisher_exact(part: tuple[int, int], whole: tuple[int, int]) -> float:
    """Returns the two-sided p-value of Fisher's exact test of a part and the rest.

    Given how many rows the part has and how many rows are right in all, the number
    right in the part is hypergeometric if it makes no difference to be in it. The
    p-value is the chance of all numbers that are at most as likely as the one counted.
    It is at most a level with at most that chance, however few the errors are, which
    mid-p-values and the chi-squared test keep only about; false-discovery control
    builds on it.

    Args:
        part: Rows right in the part, and its rows.
        whole: Rows right in all, and all rows; the part is among them.

    Returns:
        In 0-1; 1 where all rows are right or all wrong.

    Raises:
        ValueError: The counts contradict one another.

    Source:
        Fisher 1935, The logic of inductive inference; two-sided as Irwin 1935, Tests of
        significance for differences between percentages based on small numbers.

    >>> round(fisher_exact((3, 4), (4, 8)), 6)  # tea: 1 - 36 / 70
    0.485714
    """
    (right, n), (all_right, total) = part, whole
    least, most = max(0, n - (total - all_right)), min(n, all_right)
    if not least <= right <= most or n > total:
        raise ValueError(f"A part must lie in the whole. Received {part} of {whole}.")
    chances = _hypergeometric(least, most, n, all_right, total)
    p = chances[chances <= chances[right - least] * (1 + TIES)].sum()
    return min(1.0, float(p))


def _hypergeometric(
    least: int, most: int, n: int, all_right: int, total: int
) -> NDArray[np.float64]:
    """Returns the chance of each number right in the part, from the least possible.

    Chances are chained by their ratios, P(x + 1) / P(x) =
    (R - x)(n - x) / ((x + 1)(N - R - n + x + 1)): factorials of many rows would lose
    digits.
    """
    x = np.arange(least, most, dtype=np.float64)
    rise = np.log(all_right - x) + np.log(n - x)
    fall = np.log(x + 1) + np.log(total - all_right - n + x + 1)
    logs = np.concatenate(([0.0], np.cumsum(rise - fall)))
    chances: NDArray[np.float64] = np.exp(logs - logs.max())
    chances /= chances.sum()
    return chances
