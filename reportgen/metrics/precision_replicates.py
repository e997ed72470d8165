"""Average precision of every class in replicates of the rows."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportgen.metrics.ranking import distinct_steps
from reportgen.metrics.resampling import Weights, row_weights
from reportgen.predictions import Predictions
from reportgen.record import Sampling

BLOCK_SCORES = 2**18
"""Weights gathered at once: a block of replicates stays in the processor's cache."""

Rows = NDArray[np.int64]


def precision_replicates(
    predictions: Predictions, sampling: Sampling
) -> NDArray[np.float64]:
    """Returns each class's average precision in replicates of the rows.

    A replicate is a set of whole weights; what a threshold accepts is a running sum of
    them, so that scores are sorted once and not once a replicate.

    Args:
        predictions: n rows over k classes.
        sampling: Replicates B and seed.

    Returns:
        (B, k) float64, NaN where a replicate holds no row of the class or no other.
    """
    plans = [_plan(predictions, c) for c in range(predictions.k)]
    chunks = []
    for weights in row_weights(predictions.n, sampling):  # (b, n)
        columns = [_replicates(weights, plan) for plan in plans]
        chunks.append(np.stack(columns, axis=1))  # (b, k)
    return np.concatenate(chunks)


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """Where the weights of one class are looked up, greatest score first.

    Attributes:
        rows: (m,) rows at or above the lowest row of the class.
        ends: (p,) where among `rows` each distinct score of the class's rows ends.
        class_rows: (n₁,) rows of the class.
        class_ends: (p,) where among `class_rows` each of those scores ends.
    """

    rows: Rows
    ends: Rows
    class_rows: Rows
    class_ends: Rows


def _plan(predictions: Predictions, c: int) -> _Plan:
    """Returns the plan of one class; of one without rows it is empty."""
    is_class = predictions.y_true == c
    score = np.ascontiguousarray(predictions.y_proba[:, c])
    order = np.argsort(-score, kind="stable")
    hits, false_alarms = distinct_steps(is_class, score)
    gains = np.diff(hits, prepend=0) > 0
    accepted = (hits + false_alarms)[gains]
    return _Plan(
        rows=order[: accepted.max(initial=0)],
        ends=accepted - 1,
        class_rows=order[is_class[order]],
        class_ends=hits[gains] - 1,
    )


def _replicates(weights: Weights, plan: _Plan) -> NDArray[np.float64]:
    """Returns (b,) average precision of one class under each row of weights."""
    if not len(plan.class_rows):
        return np.full(len(weights), np.nan)
    size = max(BLOCK_SCORES // len(plan.rows), 1)
    blocks = range(0, len(weights), size)
    return np.concatenate([_weighted(weights[b : b + size], plan) for b in blocks])


def _weighted(weights: Weights, plan: _Plan) -> NDArray[np.float64]:
    """Returns (b,) average precision, NaN without a row of the class or of the rest."""
    n = weights.shape[1]  # every replicate's weights sum to it
    accepted = _running(weights, plan.rows)[:, plan.ends]  # (b, p)
    hits = _running(weights, plan.class_rows)[:, plan.class_ends]  # (b, p)
    gained = np.diff(hits, axis=1, prepend=0)
    precision = hits / np.maximum(accepted, 1)  # where none is accepted none is gained
    total = hits[:, -1]
    value = np.einsum("bp,bp->b", gained, precision) / np.maximum(total, 1)
    return np.where((total > 0) & (total < n), value, np.nan)


def _running(weights: Weights, rows: Rows) -> NDArray[np.int32]:
    """Returns (b, m) sums of the weights of the rows so far."""
    gathered = np.take(weights, rows, axis=1)
    total: NDArray[np.int32] = np.cumsum(gathered, axis=1, dtype=np.int32)
    return total
