"""Areas under the ROC curve and their intervals."""

from itertools import product
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import rankdata

from records import make_predictions
from reportgen.metrics.delong import (
    area_influence,
    area_interval,
    newcombe,
    placements,
)
from reportgen.metrics.ranking import class_areas, roc_auc_ovr
from reportgen.metrics.resampling import row_weights
from reportgen.predictions import Predictions
from reportgen.record import Sampling

SEEDS = st.integers(0, 2**32 - 1)


def sides(seed: int) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Returns two rows or more on both sides, with scores that are often tied."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(4, 60))
    is_class = rng.permutation(np.arange(n) < rng.integers(2, n - 1))
    return is_class, (rng.integers(0, 12, n) + 2 * is_class).astype(np.float64)


def test_area_and_variance_of_the_published_four_rows() -> None:
    # The class's 0.35 outscores one of two, its 0.8 both: V10 = (1/2, 1), and likewise
    # V01 = (1, 1/2). Each has variance 1/8, over two rows 1/16; the sum is 1/8.
    is_class = np.array([False, False, True, True])
    found = placements(is_class, np.array([0.1, 0.4, 0.35, 0.8]))
    assert found.area == 0.75
    assert found.standard_error**2 == pytest.approx(0.125, abs=1e-15)


@given(SEEDS)
def test_the_area_counts_the_pairs_that_are_ordered_right(seed: int) -> None:
    is_class, score = sides(seed)
    pairs = list(product(score[is_class], score[~is_class]))
    wins = sum(1.0 if a > b else 0.5 if a == b else 0.0 for a, b in pairs)
    assert placements(is_class, score).area == pytest.approx(wins / len(pairs))


@given(SEEDS)
def test_placements_are_differences_of_midranks(seed: int) -> None:
    # As Sun and Xu write them.
    is_class, score = sides(seed)
    found = placements(is_class, score)
    ranks = rankdata(score)
    within_class, within_rest = rankdata(score[is_class]), rankdata(score[~is_class])
    assert found.of_class == pytest.approx(ranks[is_class] - within_class)
    n_class = len(found.of_class)
    assert found.of_rest == pytest.approx(n_class - (ranks[~is_class] - within_rest))


@given(SEEDS)
def test_the_mean_of_influence_values_is_zero(seed: int) -> None:
    is_class, score = sides(seed)
    values = area_influence(is_class, placements(is_class, score))
    assert values.mean() == pytest.approx(0, abs=1e-12)


@given(SEEDS)
def test_influence_values_and_delong_agree_but_for_small_samples(seed: int) -> None:
    # DeLong divides by rows less one, influence values by rows.
    is_class, score = sides(seed)
    found = placements(is_class, score)
    values = area_influence(is_class, found)
    own = float((values[is_class] ** 2).sum()) / len(values) ** 2
    rest = float((values[~is_class] ** 2).sum()) / len(values) ** 2
    n_class, n_rest = len(found.of_class), len(found.of_rest)
    expected = own * n_class / (n_class - 1) + rest * n_rest / (n_rest - 1)
    assert found.standard_error**2 == pytest.approx(expected, abs=1e-12)


def test_newcombe_matches_the_published_bound() -> None:
    found = newcombe(1.0, 5, 5, 0.95)
    assert found.low == pytest.approx(0.642702823931, abs=1e-12)
    assert found.high == 1


def test_newcombe_of_the_reversed_order_is_the_mirror_image() -> None:
    for area in (0.0, 0.3, 0.5, 0.9):
        found, mirrored = newcombe(area, 7, 4, 0.9), newcombe(1 - area, 7, 4, 0.9)
        assert found.low == pytest.approx(1 - mirrored.high, abs=1e-12)
        assert 0 <= found.low <= area <= found.high <= 1


def test_a_perfect_ranking_falls_back_on_newcombe() -> None:
    found = area_interval(placements(np.arange(10) < 5, -np.arange(10.0)), 0.95)
    assert found is not None
    assert found.method == "Newcombe"
    assert found.low == pytest.approx(0.642702823931, abs=1e-12)


def test_tied_scores_have_an_interval_around_one_half() -> None:
    found = area_interval(placements(np.arange(40) < 10, np.full(40, 0.1)), 0.95)
    assert found is not None
    assert found.method == "Newcombe"
    assert found.low + found.high == pytest.approx(1, abs=1e-12)


def test_one_row_on_a_side_gives_no_interval() -> None:
    lonely = placements(np.arange(6) < 1, np.array([0.5, 0.1, 0.2, 0.7, 0.3, 0.4]))
    assert area_interval(lonely, 0.95) is None
    with pytest.raises(ValueError, match="two rows of the class"):
        _ = lonely.standard_error


def test_the_mean_area_moves_as_its_bootstrap_does() -> None:
    p, sampling = make_predictions(1500, 5, seed=2), Sampling(replicates=800)
    found = roc_auc_ovr(p, sampling).estimate
    assert found is not None
    assert found.low is not None
    assert found.high is not None
    (weights,) = row_weights(p.n, sampling)
    means = [
        np.mean([weighted_area(p, c, row.astype(np.float64)) for c in range(p.k)])
        for row in weights
    ]
    # On the logit scale the interval's half-width is z SE / (A (1 - A)).
    logit = np.log([found.low / (1 - found.low), found.high / (1 - found.high)])
    spread = found.value * (1 - found.value)
    error = (logit[1] - logit[0]) / 2 / 1.959964 * spread
    assert np.std(means, ddof=1) == pytest.approx(error, rel=0.1)


def weighted_area(p: Predictions, c: int, weights: NDArray[np.float64]) -> float:
    """Returns the area of a class from sums of weights, no scores being tied."""
    order = np.argsort(p.y_proba[:, c])
    own = weights[order] * (p.y_true[order] == c)
    rest = weights[order] - own
    wins = own @ (np.cumsum(rest) - rest)
    return float(wins / own.sum() / rest.sum())


def test_the_mean_of_two_mirrored_classes_moves_as_each_of_them() -> None:
    # Two classes have one area: their mean must not look twice as sure.
    p = make_predictions(400, 2, seed=5)
    mean, one = roc_auc_ovr(p, Sampling()).estimate, class_areas(p, Sampling())[0]
    assert mean is not None
    assert one.estimate is not None
    assert mean.low == pytest.approx(one.estimate.low, abs=2e-4)
    assert mean.high == pytest.approx(one.estimate.high, abs=2e-4)


@given(SEEDS)
def test_an_increasing_transform_changes_no_interval(seed: int) -> None:
    is_class, score = sides(seed)
    plain = area_interval(placements(is_class, score), 0.95)
    moved = area_interval(placements(is_class, np.exp2(score)), 0.95)
    assert plain == moved


def test_the_interval_of_an_area_by_hand() -> None:
    # A = 0.75 and SE = sqrt(1/8): logit 1.0986 ± 1.96 · 0.35355 / 0.1875 = 3.6957.
    is_class = np.array([False, False, True, True])
    found = area_interval(placements(is_class, np.array([0.1, 0.4, 0.35, 0.8])), 0.95)
    assert found is not None
    half = 1.959963984540054 * sqrt(0.125) / 0.1875
    assert found.low == pytest.approx(1 / (1 + np.exp(half - np.log(3))), abs=1e-12)
    assert found.high == pytest.approx(1 / (1 + np.exp(-half - np.log(3))), abs=1e-12)
    assert found.method == "DeLong"
