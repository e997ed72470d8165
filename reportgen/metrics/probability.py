"""Scores of the probabilities themselves."""

import numpy as np
from numpy.typing import NDArray

from reportgen.metrics.intervals import bca_mean
from reportgen.metrics.measured import ONE_ROW, Measured, joined, measured
from reportgen.predictions import Predictions
from reportgen.record import Sampling

CLIP = 1e-15
"""Least probability of the true class that enters a logarithm."""


def log_loss(predictions: Predictions, sampling: Sampling) -> Measured:
    """Returns the mean cross-entropy in nats, -Σ log p_y / n.

    Args:
        predictions: n rows over k classes.
        sampling: Level of the interval.

    Returns:
        0 or more, lower is better. Probabilities under `CLIP` are raised to it, with
        a note.

    Source:
        Good 1952, Rational decisions.
    """
    clipped = clipped_rows(predictions)
    notes = [
        f"{clipped:,} row{'s' * (clipped != 1)} clipped at {CLIP}" if clipped else None
    ]
    notes.append(unseen(predictions))
    return _mean_loss(
        row_log_loss(predictions), sampling.level, most=np.inf, note=joined(notes)
    )


def row_log_loss(predictions: Predictions) -> NDArray[np.float64]:
    """Returns (n,) cross-entropy of each row in nats."""
    losses: NDArray[np.float64] = -np.log(np.maximum(predictions.true_proba, CLIP))
    return losses


def clipped_rows(predictions: Predictions) -> int:
    """Returns how many rows give their true class less than `CLIP`."""
    return int((predictions.true_proba < CLIP).sum())


def brier_score(predictions: Predictions, sampling: Sampling) -> Measured:
    """Returns the mean squared error of the probabilities, summed over classes.

    Σ_i Σ_c (p_ic - [y_i = c])² / n, the sum form: a binary problem scores twice what
    the one-column form gives.

    Returns:
        In 0-2, lower is better.

    Source:
        Brier 1950, Verification of forecasts expressed in terms of probability.
    """
    return _mean_loss(
        row_brier(predictions), sampling.level, most=2, note=unseen(predictions)
    )


def row_brier(predictions: Predictions) -> NDArray[np.float64]:
    """Returns (n,) squared error of each row, summed over classes."""
    others = (predictions.y_proba**2).sum(axis=1) - predictions.true_proba**2
    rows: NDArray[np.float64] = others + (1 - predictions.true_proba) ** 2
    return rows


def unseen(predictions: Predictions) -> str | None:
    """Returns what the loss of rows that are all right cannot know, else None.

    Args:
        predictions: n rows over k classes.
    """
    if (predictions.y_pred != predictions.y_true).any():
        return None
    return "no errors: what a wrong row would add is not in it"


def _mean_loss(
    losses: NDArray[np.float64], level: float, *, most: float, note: str | None
) -> Measured:
    """Returns the mean loss, BCa because few rows carry most of it."""
    interval = bca_mean(losses, level, least=0, most=most)
    if interval is None:
        alike = "all rows have the same loss: nothing tells how far it may move"
        note = joined([note, ONE_ROW if len(losses) == 1 else alike])
    return measured(float(losses.mean()), len(losses), interval, note=note)
