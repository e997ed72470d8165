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


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Returns the p-values by Benjamini and Hochberg's method, in the order given.

    The i-th smallest of m, from 1, becomes p m / i, at most the one behind it. Of the
    tests whose value is then at most a rate, in the long run at most that share are
    false alarms: proven where the p-values of true null hypotheses are independent of
    the others or depend on them positively. Where they depend negatively, as those of
    several slices of one column, the share may be greater, by a bounded factor that
    does not grow with m.

    Args:
        p_values: m of them, each in 0-1.

    Source:
        Benjamini and Hochberg 1995, Controlling the false discovery rate; Benjamini
        and Yekutieli 2001, The control of the false discovery rate in multiple testing
        under dependency, theorem 1.2; Chi, Ramdas and Wang 2025, Multiple testing under
        negative dependence.

    >>> benjamini_hochberg([0.02, 0.01, 0.5])
    [0.03, 0.03, 0.5]
    """
    given = np.asarray(p_values, dtype=np.float64)
    m = len(given)
    order = np.argsort(given, kind="stable")
    scaled = given[order] * m / np.arange(1, m + 1)
    lowered = np.minimum.accumulate(scaled[::-1])[::-1]
    adjusted = np.empty_like(given)
    adjusted[order] = np.clip(lowered, given[order], 1.0)  # p m / m may round below p
    found: list[float] = adjusted.tolist()
    return found
