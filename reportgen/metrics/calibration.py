"""How stated confidence compares with what came true."""

import numpy as np
from numpy.typing import NDArray

from reportgen.metrics.intervals import wilson
from reportgen.metrics.measured import LEVEL, Measured, measured
from reportgen.predictions import Predictions
from reportgen.record import Binning, Calibration, CalibrationBin, ConfidenceHistogram

BINS = 15
CLASS_BINS = 10
HISTOGRAM_BINS = 20


def ece(predictions: Predictions) -> Measured:
    """Returns the expected calibration error of the predicted class.

    Σ_b (n_b / n) |accuracy_b - confidence_b| over `BINS` bins of equal mass.

    Returns:
        Share in 0-1, lower is better. A perfectly calibrated model scores above 0 too.

    Source:
        Guo et al. 2017, On calibration of modern neural networks; equal mass after
        Roelofs et al. 2022, Mitigating bias in calibration error estimation.
    """
    right = predictions.y_pred == predictions.y_true
    index = equal_mass(predictions.confidence, BINS)
    value = calibration_error(predictions.confidence, right, index)
    return measured(value, predictions.n)


def calibration_error(
    confidence: NDArray[np.float64],
    came_true: NDArray[np.bool_],
    index: NDArray[np.int64],
) -> float:
    """Returns Σ_b (n_b / n) |frequency_b - confidence_b|.

    Args:
        confidence: (n,) stated probability.
        came_true: (n,) bool, whether the event happened.
        index: (n,) bin of each row; empty bins contribute 0.
    """
    excess = np.bincount(index, weights=confidence - came_true)  # (m,) summed
    return float(np.abs(excess).sum() / len(confidence))


def equal_width(confidence: NDArray[np.float64], bins: int) -> NDArray[np.int64]:
    """Returns (n,) bin index, clip(ceil(c m) - 1, 0, m - 1): 0 and 1 are inside."""
    raised = np.ceil(confidence * bins).astype(np.int64) - 1
    return np.clip(raised, 0, bins - 1)


def equal_mass(confidence: NDArray[np.float64], bins: int) -> NDArray[np.int64]:
    """Returns (n,) bin index with about n / m rows a bin.

    Tied confidences share a bin, so there may be fewer bins than asked for.
    """
    ordered = np.sort(confidence)
    n = len(ordered)
    last = np.ceil(np.arange(1, bins + 1) * n / bins).astype(np.int64) - 1
    edges = np.unique(ordered[last])  # upper edges
    return np.searchsorted(edges, confidence, side="left").astype(np.int64)


def predicted_class_calibration(predictions: Predictions) -> Calibration:
    """Returns the calibration of the predicted class, `BINS` bins of equal mass."""
    right = predictions.y_pred == predictions.y_true
    confidence = predictions.confidence
    index = equal_mass(confidence, BINS)
    return _calibration(confidence, right, index, asked=(None, "equal_mass", BINS))


def class_calibration(predictions: Predictions, c: int) -> Calibration:
    """Returns the calibration of one class's probability, bins of equal width.

    Args:
        predictions: n rows over k classes.
        c: The class, in 0..k-1.
    """
    came_true = predictions.y_true == c
    proba = predictions.y_proba[:, c]
    index = equal_width(proba, CLASS_BINS)
    asked: tuple[str, Binning, int] = (
        predictions.class_names[c],
        "equal_width",
        CLASS_BINS,
    )
    return _calibration(proba, came_true, index, asked=asked)


def _calibration(
    confidence: NDArray[np.float64],
    came_true: NDArray[np.bool_],
    index: NDArray[np.int64],
    *,
    asked: tuple[str | None, Binning, int],
) -> Calibration:
    """Returns bins and error for one way of putting rows into bins."""
    class_name, binning, bins_asked = asked
    bins = tuple(
        _bin(confidence[index == b], came_true[index == b]) for b in np.unique(index)
    )
    error = measured(calibration_error(confidence, came_true, index), len(confidence))
    assert error.estimate is not None
    return Calibration(class_name, binning, bins_asked, len(bins), bins, error.estimate)


def _bin(
    confidence: NDArray[np.float64], came_true: NDArray[np.bool_]
) -> CalibrationBin:
    """Returns one bin that holds rows."""
    n, happened = len(confidence), int(came_true.sum())
    low, high = wilson(happened, n, LEVEL)
    return CalibrationBin(
        low=float(confidence.min()),
        high=float(confidence.max()),
        count=n,
        confidence=float(confidence.mean()),
        frequency=happened / n,
        frequency_low=low,
        frequency_high=high,
    )


def confidence_histogram(predictions: Predictions) -> ConfidenceHistogram:
    """Returns how confident right and wrong predictions are."""
    right = predictions.y_pred == predictions.y_true
    confidence = predictions.confidence
    index = equal_width(confidence, HISTOGRAM_BINS)
    edges = np.linspace(0, 1, HISTOGRAM_BINS + 1)
    return ConfidenceHistogram(
        edges=tuple(edges.tolist()),
        correct=_counts(index[right]),
        wrong=_counts(index[~right]),
        mean_correct=_mean(confidence[right]),
        mean_wrong=_mean(confidence[~right]),
    )


def _counts(index: NDArray[np.int64]) -> tuple[int, ...]:
    """Returns rows a bin."""
    return tuple(np.bincount(index, minlength=HISTOGRAM_BINS).tolist())


def _mean(values: NDArray[np.float64]) -> float | None:
    """Returns the mean, None of nothing."""
    return float(values.mean()) if len(values) else None
