"""Simulated classifiers of known quality, from which test sets are drawn.

Each row has ten Gaussian scores, that of its class raised by a signal; probabilities
are the exact posterior, so the classifier is calibrated unless a temperature spoils it.
Classes differ in size and in difficulty.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportgen.predictions import Predictions

K = 10
SHARES = np.linspace(0.8, 1.2, K) / K
EASE = np.linspace(-0.15, 0.15, K)
"""What each class adds to the signal, as a share of it."""

SIGNALS = {0.6: 1.748, 0.9: 2.973, 0.99: 4.276}
"""The signal that gives each accuracy, about."""


@dataclass(frozen=True, slots=True)
class Population:
    """A classifier and the rows that it meets.

    Attributes:
        signal: How far the score of the true class is raised, in standard deviations.
        temperature: Divides the logits; 1 leaves the classifier calibrated.
    """

    signal: float
    temperature: float = 1.0

    def draw(self, n: int, rng: np.random.Generator) -> Predictions:
        """Returns n fresh rows."""
        y_true = rng.choice(K, size=n, p=SHARES)
        signals = self.signal * (1 + EASE)  # (k,)
        scores = rng.standard_normal((n, K))
        scores[np.arange(n), y_true] += signals[y_true]
        proba = self.posterior(scores)
        names = tuple(map(str, range(K)))
        row_ids = np.char.mod("%d", np.arange(n))
        return Predictions(y_true, proba, names, row_ids)

    def posterior(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Returns (n, k) probabilities of the classes given the scores."""
        signals = self.signal * (1 + EASE)
        logits = scores * signals - signals**2 / 2 + np.log(SHARES)
        logits /= self.temperature
        logits -= logits.max(axis=1, keepdims=True)
        proba: NDArray[np.float64] = np.exp(logits)
        proba /= proba.sum(axis=1, keepdims=True)
        return proba
