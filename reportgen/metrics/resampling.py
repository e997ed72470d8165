"""Rows drawn again: one set of weights for every number that is bootstrapped."""

from collections.abc import Iterator
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from reportgen.metrics.intervals import ROUNDING, Interval, inner, quantile_of
from reportgen.record import Sampling

CHUNK_BYTES = 64 * 2**20
"""Memory that one chunk of weights may take."""

BLOCK = 2**15
"""Rows whose counts fit into the cache; their numbers fit into 16 bits."""

Weights = NDArray[np.uint16]


def row_weights(n: int, sampling: Sampling) -> Iterator[Weights]:
    """Yields how often each row is drawn, n rows with replacement a replicate.

    Whoever asks with the same n and sampling is given the same weights, so numbers
    bootstrapped apart still move together.

    Args:
        n: Rows.
        sampling: Replicates and seed.

    Yields:
        (b, n) uint16 counts, each row of them summing to n; the chunks' b add up to
        the replicates.
    """
    rng = np.random.default_rng(sampling.seed)
    chunk = max(CHUNK_BYTES // (n * np.dtype(np.uint16).itemsize), 1)
    for start in range(0, sampling.replicates, chunk):
        size = min(chunk, sampling.replicates - start)
        weights = np.empty((size, n), dtype=np.uint16)
        for row in weights:
            _draw_rows(row, rng)
        yield weights


def _draw_rows(weights: Weights, rng: np.random.Generator) -> None:
    """Fills (n,) weights with how often each of n rows is drawn, n times in all.

    How many draws fall into each block is drawn first, so that counting them stays in
    the processor's cache; the law is the same.
    """
    n = len(weights)
    starts = np.arange(0, n, BLOCK)
    sizes = np.minimum(BLOCK, n - starts)
    counts = rng.multinomial(n, sizes / n)
    for start, size, drawn in zip(starts, sizes, counts, strict=True):
        rows = rng.integers(0, size, size=drawn, dtype=np.uint16)
        weights[start : start + size] = np.bincount(rows, minlength=size)


def bca_interval(
    value: float,
    replicates: NDArray[np.float64],
    influence: NDArray[np.float64],
    level: float,
) -> Interval | None:
    """Returns the bias-corrected, accelerated percentile interval.

    z0 is the normal quantile of the share of replicates under the value, ties counting
    one half; a = Σ IF³ / (6 (Σ IF²)^1.5); the bounds are the replicates' quantiles at
    Φ(z0 + (z0 ± z) / (1 - a (z0 ± z))). Where hardly a replicate lies on one side of
    the value, a bound may pass it; the value then takes its place.

    Args:
        value: The estimate.
        replicates: (B,) its value in each replicate.
        influence: (n,) its influence value of each row.
        level: Confidence level in 0-1.

    Returns:
        None where the replicates are so alike that no width is left.

    Source:
        Efron 1987, Better bootstrap confidence intervals.
    """
    count = len(replicates)
    under = float((replicates < value).sum() + (replicates == value).sum() / 2)
    shift = NormalDist().inv_cdf(min(max(under, 0.5), count - 0.5) / count)
    cubes, squares = float((influence**3).sum()), inner(influence, influence)
    skew = cubes / (6 * squares**1.5) if squares else 0.0
    z = quantile_of(level)
    shares = [_share(shift, skew, tail) for tail in (-z, z)]
    low, high = np.quantile(replicates, shares).tolist()
    if high - low <= ROUNDING * abs(value):
        return None
    return Interval(min(low, value), max(high, value), level, "BCa bootstrap")


def _share(shift: float, skew: float, tail: float) -> float:
    """Returns the share of replicates under the bound of one tail."""
    moved = shift + tail
    room = 1 - skew * moved
    if room <= 0:  # the correction has run off the scale: the outermost replicate
        return 1.0 if moved > 0 else 0.0
    return NormalDist().cdf(shift + moved / room)
