"""One temperature for all logits: how much of the log loss it can take away."""

from dataclasses import dataclass
from math import exp

import numpy as np
from numpy.typing import NDArray

from reportgen.metrics.intervals import bca_mean
from reportgen.metrics.measured import HeldBack, estimated
from reportgen.metrics.noise_floor import noise_floor, null_errors
from reportgen.metrics.probability import CLIP, row_log_loss
from reportgen.metrics.reliability import LEAST_ROWS, Binned, binned_top
from reportgen.predictions import Predictions
from reportgen.record import (
    Estimate,
    LogLossSplit,
    Sampling,
    TemperatureScaling,
)

BOUND = 16.0
"""Greatest |log β| for β = 1 / T."""

PRECISION = 1e-10
"""Of log β."""

LEAST = float(np.finfo(np.float32).smallest_subnormal)
"""Least probability that has a logarithm: below it a float32 softmax writes 0."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fit:
    """The temperature of least log loss.

    Attributes:
        temperature: T, 1 at a bound.
        at_bound: Whether the log loss still fell at a bound.
    """

    temperature: float
    at_bound: bool


def fit_temperature(predictions: Predictions) -> Fit:
    """Returns the T of least mean log loss of softmax(log p / T).

    A softmax's log p is its logit less a constant a row, and small probabilities keep
    their digits as large ones do, so nothing but exact zeros is lost; those count as
    `LEAST`. The loss is convex in β = 1 / T, so its slope is zero at most once, and is
    sought for log β in -`BOUND`..`BOUND`. Where it is zero nowhere, as where all rows
    are right, T stays 1.

    Args:
        predictions: n rows over k classes.

    Source:
        Guo et al. 2017, On calibration of modern neural networks, section 4.2.
    """
    logits = _logits(predictions.y_proba)
    true = logits[np.arange(predictions.n), predictions.y_true]  # (n,)
    if _slope(logits, true, BOUND)[0] <= 0 or _slope(logits, true, -BOUND)[0] >= 0:
        return Fit(1.0, at_bound=True)
    return Fit(exp(-_least_loss(logits, true)), at_bound=False)


def _least_loss(logits: Floats, true: Floats) -> float:
    """Returns the log β at which the slope is zero, inside the bounds.

    Newton's step on log β is taken while it stays inside and is at most half the last
    one; else what is known to hold the zero is halved.
    """
    low, high = -BOUND, BOUND
    place, last = 0.0, np.inf
    while high - low > PRECISION and last > PRECISION:
        slope, curvature = _slope(logits, true, place)
        low, high = (place, high) if slope < 0 else (low, place)
        step = slope / (curvature * exp(place)) if curvature > 0 else np.inf
        moved = place - step
        if not (low <= moved <= high and abs(step) <= last / 2):
            moved = (low + high) / 2
        place, last = moved, abs(moved - place)
    return place


def _logits(y_proba: Floats) -> Floats:
    """Returns (n, k) log p, 0 at each row's greatest."""
    logits: Floats = np.log(np.maximum(y_proba, LEAST))
    logits -= logits.max(axis=1, keepdims=True)
    return logits


def _slope(logits: Floats, true: Floats, place: float) -> tuple[float, float]:
    """Returns the loss's first and second derivative by β, at log β = place.

    They are the mean of E z - z_y and of Var z, with z the row's logits at T = 1 and
    the class drawn from the scaled probabilities.
    """
    weights = logits * exp(place)  # (n, k)
    np.exp(weights, out=weights)
    total = weights.sum(axis=1)
    mean = np.einsum("nk,nk->n", weights, logits) / total
    square = np.einsum("nk,nk,nk->n", weights, logits, logits) / total
    return float((mean - true).mean()), float((square - mean**2).mean())


def scaled(y_proba: Floats, temperature: float) -> Floats:
    """Returns (n, k) softmax(log p / T); at T = 1 the probabilities as they are."""
    if temperature == 1:
        return y_proba
    weights = _logits(y_proba) / temperature
    np.exp(weights, out=weights)
    weights /= weights.sum(axis=1, keepdims=True)
    return weights


def log_loss_split(predictions: Predictions) -> LogLossSplit:
    """Returns log loss = refinement + miscalibration by these rows' own temperature.

    Twice n times the gain is the likelihood-ratio statistic of T = 1, which follows
    the chi-squared distribution of one degree of freedom where T = 1 is the truth.
    Losses are clipped as the log loss itself is, so that the parts make up the score.
    At a bound nothing is split: a gain of 0 then says nothing of calibration.
    """
    from scipy.special import chdtrc

    fit = fit_temperature(predictions)
    before = float(row_log_loss(predictions).mean())
    after = scaled(predictions.y_proba, fit.temperature)
    refinement = float(_row_log_loss(after, predictions.y_true).mean())
    gain = 0.0 if fit.at_bound else max(before - refinement, 0.0)  # rounding
    statistic = 2 * predictions.n * gain
    return LogLossSplit(
        temperature=fit.temperature,
        refinement=before - gain,
        miscalibration=gain,
        statistic=statistic,
        p_value=float(chdtrc(1, statistic)),
        at_bound=fit.at_bound,
    )


def temperature_scaling(
    predictions: Predictions, held_back: HeldBack, sampling: Sampling
) -> tuple[TemperatureScaling | None, str | None]:
    """Returns the validation part's temperature tried on the test rows, or why not.

    Args:
        predictions: The test part.
        held_back: The validation part, or why there is none.
        sampling: Level, draws and seed.

    Returns:
        The scaling and None, or None and a sentence.
    """
    validation = held_back.predictions
    if validation is None:
        return None, held_back.reason
    if validation.n < LEAST_ROWS:
        rows = f"{validation.n} row" + "s" * (validation.n != 1)
        return None, (
            f"The validation part holds {rows}; a temperature is fitted on "
            f"{LEAST_ROWS} or more."
        )
    fit = fit_temperature(validation)
    return _tried(predictions, fit, validation.n, sampling), None


def _tried(
    predictions: Predictions, fit: Fit, rows: int, sampling: Sampling
) -> TemperatureScaling:
    """Returns what a temperature changes on the test rows.

    Right and wrong are those of the untouched predictions, so that no rounding can
    move a row from one to the other. The error has no interval, only its noise floor.
    Changes have none where all rows are right or all wrong: whichever way a temperature
    goes, it then moves all losses to one side, and the rows that it would move to the
    other are not there to be weighed.
    """
    proba = scaled(predictions.y_proba, fit.temperature)
    y_true, n, level = predictions.y_true, predictions.n, sampling.level
    losses = _row_log_loss(proba, y_true)
    loss_change = losses - row_log_loss(predictions)
    brier_change = _row_brier(proba, y_true) - _row_brier(predictions.y_proba, y_true)
    binned = _binned(predictions, proba)
    both = 0 < binned.came_true.sum() < n
    drawn = null_errors(
        proba, predictions.y_pred, top=(binned,), classes=(), sampling=sampling
    )
    return TemperatureScaling(
        temperature=fit.temperature,
        rows=rows,
        at_bound=fit.at_bound,
        log_loss=estimated(float(losses.mean()), n, bca_mean(losses, level, least=0.0)),
        log_loss_change=_change(loss_change, level, both=both),
        brier_change=_change(brier_change, level, both=both, most=2.0),
        error=estimated(binned.error(), n, None),
        noise_floor=noise_floor(binned.error(), drawn.top[0], level),
    )


def _binned(predictions: Predictions, proba: Floats) -> Binned:
    """Returns the predicted class's scaled probability in bins of equal mass."""
    y_pred = predictions.y_pred
    confidence = proba[np.arange(predictions.n), y_pred]
    assert (confidence >= proba.max(axis=1) - 1e-12).all(), "scaling moved a prediction"
    return binned_top(confidence, y_pred == predictions.y_true, "equal_mass")


def _row_log_loss(proba: Floats, y_true: NDArray[np.int64]) -> Floats:
    """Returns (n,) cross-entropy of each row in nats."""
    true = proba[np.arange(len(proba)), y_true]
    losses: Floats = -np.log(np.maximum(true, CLIP))
    return losses


def _row_brier(proba: Floats, y_true: NDArray[np.int64]) -> Floats:
    """Returns (n,) squared errors, summed over the classes."""
    true = proba[np.arange(len(proba)), y_true]
    rows: Floats = np.einsum("nk,nk->n", proba, proba) - true**2 + (1 - true) ** 2
    return rows


def _change(
    changes: Floats, level: float, *, both: bool, most: float = np.inf
) -> Estimate:
    """Returns the mean change, with its interval where rows are right and wrong both.

    Args:
        changes: (n,) a row's loss after less before.
        level: Confidence level in 0-1.
        both: Whether there are right rows and wrong rows.
        most: Greatest change either way.
    """
    interval = bca_mean(changes, level, least=-most, most=most) if both else None
    return estimated(float(changes.mean()), len(changes), interval)
