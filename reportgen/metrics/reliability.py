"""Rows of like confidence put into bins, and how far each bin is from its word."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.metrics.intervals import Interval, binomial_quantile, wilson
from reportgen.metrics.measured import estimated
from reportgen.metrics.resampling import row_weights
from reportgen.predictions import Predictions
from reportgen.record import (
    Binning,
    CalibrationBin,
    Estimate,
    NoiseFloor,
    Reliability,
    Sampling,
)

BINS = 15
"""Bins of the predicted class's probability."""

CLASS_BINS = 10
"""Bins of one class's own probability."""

LEAST_ROWS = 30
"""Rows that a bin needs to count for the greatest distance, and rows altogether that
an interval of the error needs."""

ROUNDING = 1e-12
"""Errors that differ by less are one: sums in another order round otherwise."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Binned:
    """One probability a row, whether it came true, and the row's bin.

    Attributes:
        class_name: The class whose probability it is, None for the predicted class.
        binning: How rows were put into bins.
        bins: m, bins asked for.
        confidence: (n,) stated probability.
        came_true: (n,) whether the event happened.
        index: (n,) uint8, bin of each row in 0..m-1; a bin may be empty.
    """

    class_name: str | None
    binning: Binning
    bins: int
    confidence: Floats
    came_true: NDArray[np.bool_]
    index: NDArray[np.uint8]

    def counts(self) -> NDArray[np.int64]:
        """Returns (m,) rows a bin."""
        return np.bincount(self.index, minlength=self.bins)

    def stated(self) -> Floats:
        """Returns (m,) sum of the stated probabilities a bin."""
        return _sums(self.index, self.confidence, self.bins)

    def happened(self) -> Floats:
        """Returns (m,) rows a bin in which the event happened."""
        return _sums(self.index, self.came_true, self.bins)

    def error(self) -> float:
        """Returns Σ_b (n_b / n) |frequency_b - confidence_b|, in 0-1."""
        excess = self.stated() - self.happened()  # (m,) summed
        return float(np.abs(excess).sum() / len(self.confidence))


def _sums(index: NDArray[np.uint8], weights: NDArray[Any], bins: int) -> Floats:
    """Returns (m,) sum of the weights a bin."""
    return np.bincount(index, weights=weights, minlength=bins).astype(np.float64)


def binned_top(
    confidence: Floats, right: NDArray[np.bool_], binning: Binning
) -> Binned:
    """Returns the predicted class's probability in `BINS` bins.

    Args:
        confidence: (n,) probability of the predicted class.
        right: (n,) whether the prediction is right.
        binning: How rows are put into bins.
    """
    put = equal_mass if binning == "equal_mass" else equal_width
    return Binned(None, binning, BINS, confidence, right, put(confidence, BINS))


def calibration_error(predictions: Predictions) -> float:
    """Returns the predicted class's calibration error in bins of equal mass, in 0-1.

    Args:
        predictions: n rows over k classes.
    """
    right = predictions.y_pred == predictions.y_true
    return binned_top(predictions.confidence, right, "equal_mass").error()


def binned_class(predictions: Predictions, c: int) -> Binned:
    """Returns the probability of class c in `CLASS_BINS` bins of equal width."""
    proba = predictions.y_proba[:, c]
    return Binned(
        predictions.class_names[c],
        "equal_width",
        CLASS_BINS,
        proba,
        predictions.y_true == c,
        equal_width(proba, CLASS_BINS),
    )


def equal_width(confidence: Floats, bins: int) -> NDArray[np.uint8]:
    """Returns (n,) bin index, clip(ceil(c m) - 1, 0, m - 1): 0 and 1 are inside.

    Args:
        confidence: (n,) stated probability.
        bins: m, 255 at most.

    >>> equal_width(np.array([0.0, 0.5, 0.51, 1.0]), 2).tolist()
    [0, 0, 1, 1]
    """
    raised: Floats = np.ceil(confidence * bins) - 1
    return np.clip(raised, 0, bins - 1, out=raised).astype(np.uint8)


def equal_mass(confidence: Floats, bins: int) -> NDArray[np.uint8]:
    """Returns (n,) bin index with about n / m rows a bin.

    Tied confidences share a bin, so there may be fewer bins than asked for.

    Args:
        confidence: (n,) stated probability.
        bins: m, 255 at most.

    Source:
        Roelofs et al. 2022, Mitigating bias in calibration error estimation.

    >>> equal_mass(np.array([0.9, 0.8, 0.8, 0.7]), 2).tolist()
    [1, 0, 0, 0]
    """
    ordered = np.sort(confidence)
    n = len(ordered)
    last = np.ceil(np.arange(1, bins + 1) * n / bins).astype(np.int64) - 1
    edges = np.unique(ordered[last])  # upper edges
    return np.searchsorted(edges, confidence, side="left").astype(np.uint8)


def bootstrapped_errors(
    families: tuple[Binned, ...], sampling: Sampling
) -> tuple[Estimate, ...]:
    """Returns each calibration error with the basic bootstrap interval over rows.

    Bins stay as they are while rows are drawn again, the same rows for all families.
    The bounds are 2 θ - quantiles, in 0-1: the error is biased upward and replicates
    are so a second time, hence quantiles taken as they are would miss low truths. For
    the same reason a bound may pass the value, which then takes its place. An error
    near 0 is mostly noise, and a noise floor says more of it than any interval. Under
    `LEAST_ROWS` rows there is no interval, nor where all rows are right or all wrong:
    only confidences differ there, and what a row of the other kind would add is not in
    their spread.

    Args:
        families: Binnings of the same n rows.
        sampling: Level, replicates and seed.

    Source:
        Davison and Hinkley 1997, Bootstrap methods and their application, 5.2.
    """
    n = len(families[0].confidence)
    both = all(0 < family.came_true.sum() < n for family in families)
    if n < LEAST_ROWS or not both:
        return tuple(estimated(family.error(), n, None) for family in families)
    replicates = _replicated_errors(families, sampling)  # (families, replicates)
    return tuple(
        estimated(family.error(), n, _basic(family.error(), drawn, sampling.level))
        for family, drawn in zip(families, replicates, strict=True)
    )


def _replicated_errors(families: tuple[Binned, ...], sampling: Sampling) -> Floats:
    """Returns (families, replicates) errors of rows drawn again."""
    n = len(families[0].confidence)
    excess = [family.confidence - family.came_true for family in families]  # (n,) each
    drawn = np.empty((len(families), sampling.replicates))
    replicate = 0
    for weights in row_weights(n, sampling):
        for row in weights:
            for f, family in enumerate(families):
                sums = np.bincount(family.index, weights=row * excess[f])
                drawn[f, replicate] = np.abs(sums).sum() / n
            replicate += 1
    return drawn


def _basic(value: float, replicates: Floats, level: float) -> Interval | None:
    """Returns 2 θ - the upper and the lower quantile, in 0-1 and around the value.

    None where all replicates are one, or the value is 0 and all others above it:
    nothing then tells how far it may move.
    """
    if np.ptp(replicates) < ROUNDING:
        return None
    tails = np.quantile(replicates, [(1 + level) / 2, (1 - level) / 2])
    low, high = np.clip(2 * value - tails, 0, 1).tolist()
    low, high = min(low, value), max(high, value)
    if high - low < ROUNDING:
        return None
    return Interval(low, high, level, "basic bootstrap")


def reliability(
    binned: Binned, *, error: Estimate, noise_floor: NoiseFloor, level: float
) -> Reliability:
    """Returns bins and errors of one probability.

    Args:
        binned: The probability in bins.
        error: Its expected calibration error.
        noise_floor: What a perfectly calibrated model would show for it.
        level: Confidence level of the bins' bounds in 0-1.
    """
    bins = calibration_bins(binned, level)
    return Reliability(
        class_name=binned.class_name,
        binning=binned.binning,
        bins_asked=binned.bins,
        bins_filled=len(bins),
        bins=bins,
        error=error,
        debiased=debiased_error(bins),
        largest=largest_distance(bins, LEAST_ROWS),
        least_rows=LEAST_ROWS,
        share_in_small_bins=share_in_small_bins(bins, LEAST_ROWS),
        noise_floor=noise_floor,
    )


def calibration_bins(binned: Binned, level: float) -> tuple[CalibrationBin, ...]:
    """Returns the bins that hold rows, by confidence.

    Args:
        binned: The probability in bins.
        level: Of the Wilson bounds and of the consistency bounds.

    Source:
        Bröcker and Smith 2007, Increasing the reliability of reliability diagrams
        (consistency bounds).
    """
    counts = binned.counts()
    filled = np.flatnonzero(counts)
    n = counts[filled]
    confidence = np.minimum(binned.stated()[filled] / n, 1.0)  # sums may round up
    happened = binned.happened()[filled].astype(np.int64)
    low, high = _extremes(binned)
    consistent = _consistent(n, confidence, level)  # (2, filled)
    return tuple(
        CalibrationBin(
            low=float(low[filled[b]]),
            high=float(high[filled[b]]),
            count=int(n[b]),
            confidence=float(confidence[b]),
            frequency=int(happened[b]) / int(n[b]),
            frequency_low=bounds[0],
            frequency_high=bounds[1],
            consistent_low=float(consistent[0, b]),
            consistent_high=float(consistent[1, b]),
        )
        for b, bounds in enumerate(
            wilson(int(x), int(rows), level)
            for x, rows in zip(happened, n, strict=True)
        )
    )


def _extremes(binned: Binned) -> tuple[Floats, Floats]:
    """Returns (m,) least and (m,) greatest confidence a bin."""
    low, high = np.full(binned.bins, np.inf), np.full(binned.bins, -np.inf)
    np.minimum.at(low, binned.index, binned.confidence)
    np.maximum.at(high, binned.index, binned.confidence)
    return low, high


def _consistent(n: NDArray[np.int64], confidence: Floats, level: float) -> Floats:
    """Returns (2, bins) frequencies between which chance would keep a true word."""
    tails = np.array([[(1 - level) / 2], [(1 + level) / 2]])  # (2, 1)
    return binomial_quantile(tails, n, confidence) / n


def debiased_error(bins: tuple[CalibrationBin, ...]) -> float | None:
    """Returns the L2 calibration error less what noise alone adds.

    sqrt(max(0, Σ w_b [(c_b - y_b)² - y_b (1 - y_b) / (n_b - 1)])), w_b the bin's share
    of the rows in bins of two rows or more; others have no variance to take away.

    Returns:
        Share in 0-1, lower is better; None where no bin holds two rows.

    Source:
        Kumar, Liang and Ma 2019, Verified uncertainty calibration, section 5.
    """
    usable = [one for one in bins if one.count > 1]
    if not usable:
        return None
    rows = sum(one.count for one in usable)
    squared = sum(
        one.count
        / rows
        * (
            (one.confidence - one.frequency) ** 2
            - one.frequency * (1 - one.frequency) / (one.count - 1)
        )
        for one in usable
    )
    return float(max(0.0, squared) ** 0.5)


def largest_distance(bins: tuple[CalibrationBin, ...], least_rows: int) -> float | None:
    """Returns the greatest |frequency - confidence| of a bin, the maximum error.

    Args:
        bins: The bins that hold rows.
        least_rows: Rows that a bin needs to count.

    Returns:
        Share in 0-1, lower is better; None where no bin has as many rows.
    """
    return max(
        (
            abs(one.frequency - one.confidence)
            for one in bins
            if one.count >= least_rows
        ),
        default=None,
    )


def share_in_small_bins(bins: tuple[CalibrationBin, ...], least_rows: int) -> float:
    """Returns the share in 0-1 of the rows that are in bins too small to judge alone.

    Args:
        bins: The bins that hold rows.
        least_rows: Rows that a bin needs not to be small.
    """
    small = sum(one.count for one in bins if one.count < least_rows)
    return small / sum(one.count for one in bins)
