"""Scores of the probabilities themselves."""

import numpy as np
from numpy.typing import NDArray

from reportgen.metrics.measured import Measured, measured
from reportgen.predictions import Predictions

CLIP = 1e-15
"""Least probability of the true class that enters a logarithm."""


def log_loss(predictions: Predictions) -> Measured:
    """Returns the mean cross-entropy in nats, -Σ log p_y / n.

    Args:
        predictions: n rows over k classes.

    Returns:
        0 or more, lower is better. Probabilities under `CLIP` are raised to it, with
        a note.

    Source:
        Good 1952, Rational decisions.
    """
    clipped = clipped_rows(predictions)
    note = f"{clipped:,} rows clipped at {CLIP}" if clipped else None
    return measured(float(row_log_loss(predictions).mean()), predictions.n, note=note)


def row_log_loss(predictions: Predictions) -> NDArray[np.float64]:
    """Returns (n,) cross-entropy of each row in nats."""
    losses: NDArray[np.float64] = -np.log(np.maximum(predictions.true_proba, CLIP))
    return losses


def clipped_rows(predictions: Predictions) -> int:
    """Returns how many rows give their true class less than `CLIP`."""
    return int((predictions.true_proba < CLIP).sum())


def brier_score(predictions: Predictions) -> Measured:
    """Returns the mean squared error of the probabilities, summed over classes.

    Σ_i Σ_c (p_ic - [y_i = c])² / n, the sum form: a binary problem scores twice what
    the one-column form gives.

    Returns:
        In 0-2, lower is better.

    Source:
        Brier 1950, Verification of forecasts expressed in terms of probability.
    """
    others = (predictions.y_proba**2).sum(axis=1) - predictions.true_proba**2
    rows = others + (1 - predictions.true_proba) ** 2  # (n,)
    return measured(float(rows.mean()), predictions.n)
