"""Two models on the same rows, for tests of what compares them."""

import numpy as np
from numpy.typing import NDArray

from reportgen.metrics.paired import Pair
from reportgen.predictions import Predictions


def make_pair(
    n: int = 400, k: int = 5, *, seed: int = 0, shared: float = 0.7, edge: float = 0.0
) -> Pair:
    """Returns two models that share part of their noise, equally good on average.

    Args:
        n: Rows.
        k: Classes.
        seed: Of the rows and of both models.
        shared: Share of the noise's variance that both models see.
        edge: By how much the candidate's signal is greater.
    """
    rng = np.random.default_rng(seed)
    y_true = rng.permutation(np.arange(n) % k)
    common = rng.standard_normal((n, k))
    models = [
        _model(y_true, common, signal, shared=shared, rng=rng)
        for signal in (3.0, 3.0 + edge)
    ]
    return Pair(*models)


def _model(
    y_true: NDArray[np.int64],
    common: NDArray[np.float64],
    signal: float,
    *,
    shared: float,
    rng: np.random.Generator,
) -> Predictions:
    """Returns one model's predictions from the noise of both and its own."""
    n, k = common.shape
    own = rng.standard_normal((n, k))
    scores = shared**0.5 * common + (1 - shared) ** 0.5 * own
    scores[np.arange(n), y_true] += signal
    logits = signal * scores
    proba = np.exp(logits - logits.max(axis=1, keepdims=True))
    proba /= proba.sum(axis=1, keepdims=True)
    return Predictions(y_true, proba, _names(k), _ids(n))


def hard(y_true: list[int], before: list[int], after: list[int], *, k: int) -> Pair:
    """Returns two models that are sure of the given predictions.

    Args:
        y_true: n labels.
        before: n predictions of the baseline.
        after: n predictions of the candidate.
        k: Classes.
    """
    labels = np.array(y_true)
    return Pair(
        *(
            Predictions(labels, np.eye(k)[predicted], _names(k), _ids(len(labels)))
            for predicted in (before, after)
        )
    )


def resampled(pair: Pair, rows: NDArray[np.int64]) -> Pair:
    """Returns both models on rows of theirs, drawn with replacement."""
    return Pair(
        *(
            Predictions(
                one.y_true[rows],
                one.y_proba[rows],
                one.class_names,
                _ids(len(rows)),
            )
            for one in (pair.baseline, pair.candidate)
        )
    )


def _names(k: int) -> tuple[str, ...]:
    """Returns the names of k classes."""
    return tuple(map(str, range(k)))


def _ids(n: int) -> NDArray[np.str_]:
    """Returns the names of n rows."""
    return np.array([f"row {row}" for row in range(n)])
