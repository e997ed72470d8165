"""Everything that the report says of calibration, put together."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from reportgen.metrics.intervals import bca_mean
from reportgen.metrics.isotonic import brier_split
from reportgen.metrics.measured import ONE_ROW, HeldBack, Measured, estimated
from reportgen.metrics.noise_floor import noise_floor, null_errors
from reportgen.metrics.reliability import (
    LEAST_ROWS,
    ROUNDING,
    Binned,
    binned_class,
    binned_top,
    bootstrapped_errors,
    equal_width,
    reliability,
)
from reportgen.metrics.temperature import log_loss_split, temperature_scaling
from reportgen.predictions import Predictions
from reportgen.record import (
    Calibration,
    ClasswiseError,
    ConfidenceHistogram,
    Estimate,
    Reliability,
    Sampling,
)

HISTOGRAM_BINS = 20

Floats = NDArray[np.float64]


def ece(predictions: Predictions, sampling: Sampling) -> Measured:
    """Returns the expected calibration error of the predicted class.

    Σ_b (n_b / n) |accuracy_b - confidence_b| over 15 bins of equal mass.

    Args:
        predictions: n rows over k classes.
        sampling: Level, replicates and seed of the basic bootstrap.

    Returns:
        Share in 0-1, lower is better, without an interval under `LEAST_ROWS` rows. A
        perfectly calibrated model scores above 0 too.

    Source:
        Guo et al. 2017, On calibration of modern neural networks; equal mass after
        Roelofs et al. 2022, Mitigating bias in calibration error estimation.
    """
    found = _top_errors(predictions, sampling)[0]
    right = predictions.y_pred == predictions.y_true
    return Measured(found, note=_why_alone(found, int(right.sum())))


def _why_alone(error: Estimate, right: int) -> str | None:
    """Returns why a calibration error has no interval, None where it has one."""
    if error.low is not None:
        return None
    if error.n == 1:
        return ONE_ROW
    if error.n < LEAST_ROWS:
        return f"fewer than {LEAST_ROWS} rows: no interval"
    if error.value < ROUNDING:
        return "no error at all: see its noise floor"
    if right in (0, error.n):
        kind = "right" if right else "wrong"
        return f"every row is {kind}: nothing tells how far it may move"
    return "the same in all replicates: nothing tells how far it may move"


def calibration(
    predictions: Predictions, held_back: HeldBack, sampling: Sampling
) -> Calibration:
    """Returns whether the probabilities mean what they say.

    Args:
        predictions: n rows over k classes, the test part.
        held_back: The validation part, which a temperature is fitted on.
        sampling: Level, replicates and seed.
    """
    top = _top(predictions)
    classes = tuple(binned_class(predictions, c) for c in range(predictions.k))
    drawn = null_errors(
        predictions.y_proba,
        predictions.y_pred,
        top=top,
        classes=classes,
        sampling=sampling,
    )
    equal_mass, equal_width_ = (
        _reliability(family, errors, error, sampling.level)
        for family, errors, error in zip(
            top, drawn.top, _top_errors(predictions, sampling), strict=True
        )
    )
    temperature, reason = temperature_scaling(predictions, held_back, sampling)
    return Calibration(
        overconfidence=overconfidence(predictions, sampling.level),
        log_loss=log_loss_split(predictions),
        brier=brier_split(predictions),
        equal_mass=equal_mass,
        equal_width=equal_width_,
        classwise=_classwise(classes, drawn.classes, sampling.level),
        classes=tuple(
            _reliability(
                family,
                errors,
                estimated(family.error(), predictions.n, None),
                sampling.level,
            )
            for family, errors in zip(classes, drawn.classes, strict=True)
        ),
        temperature=temperature,
        temperature_reason=reason,
    )


@lru_cache(maxsize=1)
def _top_errors(predictions: Predictions, sampling: Sampling) -> tuple[Estimate, ...]:
    """Returns the errors of equal mass and equal width, with their intervals.

    Kept, since the score and the bins both ask: a million rows drawn a thousand times
    take seconds.
    """
    return bootstrapped_errors(_top(predictions), sampling)


def _top(predictions: Predictions) -> tuple[Binned, Binned]:
    """Returns the predicted class's probability in bins of equal mass and width."""
    right, confidence = predictions.y_pred == predictions.y_true, predictions.confidence
    return (
        binned_top(confidence, right, "equal_mass"),
        binned_top(confidence, right, "equal_width"),
    )


def _reliability(
    family: Binned, drawn: Floats, error: Estimate, level: float
) -> Reliability:
    """Returns one probability's bins, with the noise floor from its null errors."""
    floor = noise_floor(error.value, drawn, level)
    return reliability(family, error=error, noise_floor=floor, level=level)


def _classwise(
    classes: tuple[Binned, ...], drawn: Floats, level: float
) -> ClasswiseError:
    """Returns the mean over the classes, and the worst of them."""
    errors = np.array([family.error() for family in classes])  # (k,)
    mean, worst = float(errors.mean()), classes[int(errors.argmax())].class_name
    assert worst is not None
    return ClasswiseError(
        error=estimated(mean, len(classes[0].confidence), None),
        noise_floor=noise_floor(mean, drawn.mean(axis=0), level),
        worst=worst,
    )


def overconfidence(predictions: Predictions, level: float) -> Estimate:
    """Returns mean confidence less accuracy, -1 to 1; above 0 claims too much.

    Without an interval where all rows are right or all wrong. Only confidences differ
    there, and their spread alone would call a calibrated model timid whenever a test
    set happens to hold no error.

    Args:
        predictions: n rows over k classes.
        level: Confidence level in 0-1.
    """
    right = predictions.y_pred == predictions.y_true
    excess = predictions.confidence - right  # (n,)
    both = 0 < right.sum() < predictions.n
    interval = bca_mean(excess, level, least=-1.0, most=1.0) if both else None
    return estimated(float(excess.mean()), predictions.n, interval)


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


def _mean(values: Floats) -> float | None:
    """Returns the mean, None of nothing."""
    return float(values.mean()) if len(values) else None
