"""p-values of several tests at once."""

from collections.abc import Sequence

import numpy as np


def holm(p_values: Sequence[float]) -> list[float]:
    """Returns the p-values by Holm's method, in the order given.

    The i-th smallest of m, from 0, becomes (m - i) p, at least the one before it. The
    chance of any false alarm among those under a level is then at most that level.

    Args:
        p_values: m of them, each in 0-1.

    Source:
        Holm 1979, A simple sequentially rejective multiple test procedure.

    >>> holm([0.03, 0.01, 0.04])
    [0.06, 0.03, 0.06]
    """
    given = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(given, kind="stable")
    times = np.arange(len(given), 0, -1)
    corrected = np.empty_like(given)
    corrected[order] = np.minimum(np.maximum.accumulate(times * given[order]), 1.0)
    found: list[float] = corrected.tolist()
    return found
