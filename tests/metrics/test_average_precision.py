"""Average precision, its influence values and its replicates."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from records import make_predictions
from reportgen.metrics import average_precision as module
from reportgen.metrics.average_precision import (
    average_precision,
    average_precision_influence,
    average_precision_macro,
    class_average_precisions,
)
from reportgen.metrics.precision_replicates import precision_replicates
from reportgen.metrics.resampling import row_weights
from reportgen.predictions import Predictions
from reportgen.record import Sampling

SEEDS = st.integers(0, 2**32 - 1)


def rows(seed: int) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Returns rows on both sides, with scores that are often tied."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(3, 60))
    is_class = rng.permutation(np.arange(n) < rng.integers(1, n))
    return is_class, (rng.integers(0, 15, n) + 3 * is_class).astype(np.float64)


def weighted(
    is_class: NDArray[np.bool_],
    y_score: NDArray[np.float64],
    weights: NDArray[np.float64],
) -> float:
    """Returns the average precision of weighted rows, threshold by threshold."""
    total, area, before = float(weights[is_class].sum()), 0.0, 0.0
    for threshold in np.unique(y_score)[::-1]:
        accepted = y_score >= threshold
        hits = float(weights[accepted & is_class].sum())
        if hits > before:
            area += (hits - before) / total * hits / float(weights[accepted].sum())
        before = hits
    return area


@given(SEEDS)
def test_influence_is_the_derivative_by_the_rows_weights(seed: int) -> None:
    is_class, score = rows(seed)
    found = average_precision_influence(is_class, score)
    n, step = len(is_class), 1e-5
    for i in range(min(n, 5)):
        change = np.zeros(n)
        change[i] = step
        more = weighted(is_class, score, np.ones(n) + change)
        less = weighted(is_class, score, np.ones(n) - change)
        slope = (more - less) / (2 * step) * n
        assert found[i] == pytest.approx(slope, abs=1e-5 * n)


@given(SEEDS)
def test_the_mean_of_influence_values_is_zero(seed: int) -> None:
    assert average_precision_influence(*rows(seed)).mean() == pytest.approx(
        0, abs=1e-12
    )


def coarse(n: int, k: int, seed: int) -> Predictions:
    """Returns predictions whose scores are often tied, the last class without rows."""
    rng = np.random.default_rng(seed)
    y_true = rng.integers(0, k - 1, n)
    parts = rng.integers(1, 5, (n, k)) + 3 * np.eye(k)[y_true]
    proba = parts / parts.sum(axis=1, keepdims=True)
    names = tuple(map(str, range(k)))
    return Predictions(y_true, proba, names, np.arange(n).astype(np.str_))


@given(SEEDS)
@settings(deadline=None, max_examples=25)
def test_replicates_are_weighted_average_precisions(seed: int) -> None:
    p, sampling = coarse(25, 4, seed), Sampling(replicates=6, seed=seed)
    found = precision_replicates(p, sampling)
    (weights,) = row_weights(p.n, sampling)
    for b, c in np.ndindex(found.shape):
        is_class, drawn = p.y_true == c, weights[b].astype(np.float64)
        if not 0 < drawn[is_class].sum() < p.n:
            assert np.isnan(found[b, c])
        else:
            expected = weighted(is_class, p.y_proba[:, c], drawn)
            assert found[b, c] == pytest.approx(expected, abs=1e-12)


def test_the_mean_of_replicates_needs_every_class() -> None:
    # The classes have 3 rows of 40: about (1 - 3/40)^40 = 4 % of replicates miss one.
    y_true = np.repeat([0, 1], [3, 37])
    rng = np.random.default_rng(0)
    proba = rng.dirichlet([1, 1], 40)
    p = Predictions(y_true, proba, ("a", "b"), np.arange(40).astype(np.str_))
    found = average_precision_macro(p, Sampling())
    assert found.estimate is not None
    assert found.estimate.low is None
    assert found.note is not None
    assert "of 1,000 replicates: no interval" in found.note


def test_a_perfect_ranking_has_no_interval_and_says_so() -> None:
    y_true = np.arange(60) % 3
    proba = np.eye(3)[y_true] * 0.7 + 0.1
    p = Predictions(y_true, proba, tuple("abc"), np.arange(60).astype(np.str_))
    for found in (
        average_precision_macro(p, Sampling()),
        *class_average_precisions(p, Sampling()),
    ):
        assert found.value == 1
        assert found.estimate is not None
        assert found.estimate.low is None
        assert found.note is not None
        assert "perfect ranking" in found.note


def test_influence_and_bootstrap_tell_the_same_spread() -> None:
    p = make_predictions(2000, 5, seed=4)
    drawn = precision_replicates(p, Sampling(replicates=1000))
    total = np.zeros(p.n)
    for c in range(p.k):
        values = average_precision_influence(p.y_true == c, p.y_proba[:, c])
        error = np.sqrt((values**2).sum()) / p.n
        assert drawn[:, c].std(ddof=1) == pytest.approx(error, rel=0.1)
        total += values / p.k
    error = np.sqrt((total**2).sum()) / p.n
    assert drawn.mean(axis=1).std(ddof=1) == pytest.approx(error, rel=0.1)


def test_many_rows_have_nearly_the_same_interval_without_a_bootstrap(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    p = make_predictions(3000, 4, seed=6)
    drawn = average_precision_macro(p, Sampling(seed=1)).estimate
    monkeypatch.setattr(module, "MOST_SCORES", 0)
    told = average_precision_macro(p, Sampling(seed=2)).estimate
    assert drawn is not None
    assert told is not None
    assert (drawn.method, told.method) == ("BCa bootstrap", "influence values")
    assert drawn.low is not None
    assert drawn.high is not None
    assert told.low is not None
    assert told.high is not None
    width = drawn.high - drawn.low
    assert told.low == pytest.approx(drawn.low, abs=0.1 * width)
    assert told.high == pytest.approx(drawn.high, abs=0.1 * width)


def test_the_order_of_rows_changes_no_value() -> None:
    is_class, score = rows(11)
    order = np.random.default_rng(0).permutation(len(score))
    moved = average_precision(is_class[order], score[order])
    assert moved == pytest.approx(average_precision(is_class, score), abs=1e-12)
