"""What must hold for any predictions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from records import make_predictions
from reportgen.metrics import scores
from reportgen.metrics.calibration import (
    BINS,
    confidence_histogram,
    equal_mass,
    equal_width,
    predicted_class_calibration,
)
from reportgen.metrics.curves import MAX_POINTS, precision_recall_curve, roc_curve
from reportgen.metrics.per_class import class_scores
from reportgen.metrics.ranking import average_precision, roc_auc, top_k_accuracy
from reportgen.predictions import Predictions

SEEDS = st.integers(0, 2**32 - 1)


def two_sided(seed: int) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Returns rows on both sides, with scores that are sometimes tied."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 200))
    is_class = rng.permutation(np.arange(n) < rng.integers(1, n))
    return is_class, (rng.integers(0, 30, n) + 3 * is_class).astype(np.float64)


def values(predictions: Predictions) -> dict[str, float | None]:
    """Returns each score's value."""
    return {
        score.key: score.estimate.value if score.estimate else None
        for score in scores(predictions)
    }


@given(SEEDS)
def test_weighted_recall_is_accuracy(seed: int) -> None:
    found = values(make_predictions(40, 4, seed=seed))
    assert found["recall_weighted"] == found["accuracy"]


@given(SEEDS)
@settings(deadline=None)
def test_permuting_the_classes_permutes_the_classes_and_changes_nothing_else(
    seed: int,
) -> None:
    p = make_predictions(60, 5, seed=seed)
    order = np.random.default_rng(seed).permutation(p.k)
    moved = Predictions(
        np.argsort(order)[p.y_true],
        p.y_proba[:, order],
        tuple(p.class_names[c] for c in order),
        p.row_ids,
    )
    assert values(moved) == pytest.approx(values(p), abs=1e-12)
    supports = [c.support for c in class_scores(p)]
    assert [c.support for c in class_scores(moved)] == [supports[c] for c in order]


@given(SEEDS)
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    p = make_predictions(40, 4, seed=seed)
    rows = np.random.default_rng(seed).permutation(p.n)
    moved = Predictions(p.y_true[rows], p.y_proba[rows], p.class_names, p.row_ids)
    assert values(moved) == pytest.approx(values(p), abs=1e-12)


@given(SEEDS)
def test_area_survives_any_increasing_transform(seed: int) -> None:
    is_class, score = two_sided(seed)
    assert roc_auc(is_class, np.exp2(score)).value == roc_auc(is_class, score).value


@given(SEEDS)
def test_area_of_score_and_of_its_negative_sum_to_one(seed: int) -> None:
    is_class, score = two_sided(seed)
    both = roc_auc(is_class, score).value + roc_auc(is_class, -score).value
    assert both == pytest.approx(1, abs=1e-12)


def test_area_of_tied_scores_is_one_half() -> None:
    assert roc_auc(np.array([True, False, True]), np.full(3, 0.3)).value == 0.5


def test_top_one_accuracy_is_accuracy_where_all_is_tied() -> None:
    p = Predictions(
        np.array([0, 1, 2, 0]),
        np.full((4, 3), 1 / 3),
        ("a", "b", "c"),
        np.array(list("wxyz")),
    )
    # Ties go to the lowest class: rows 0 and 3 are right.
    assert top_k_accuracy(p, 1).value == values(p)["accuracy"] == 0.5


@given(SEEDS)
def test_area_under_the_stored_roc_curve_is_the_area(seed: int) -> None:
    is_class, score = two_sided(seed)
    curve = roc_curve("a", is_class, score)
    area = np.trapezoid(curve.y, curve.x)
    assert area == pytest.approx(roc_auc(is_class, score).value, abs=1e-12)


@given(SEEDS)
def test_steps_under_the_stored_precision_recall_curve_bound_its_area(
    seed: int,
) -> None:
    is_class, score = two_sided(seed)
    curve = precision_recall_curve("a", is_class, score)
    assert curve.x[0] == 0
    assert curve.x[-1] == 1
    steps = np.diff(curve.x) @ np.array(curve.y[1:])
    exact = average_precision(is_class, score).value
    assert steps == pytest.approx(exact, abs=1e-12)


def test_a_long_curve_is_thinned_to_what_can_be_seen() -> None:
    rng = np.random.default_rng(0)
    is_class = rng.random(20_000) < 0.5
    score = rng.random(20_000) + 0.2 * is_class
    curve = roc_curve("a", is_class, score)
    assert curve.exact_points > 10 * MAX_POINTS
    assert len(curve.x) <= MAX_POINTS
    area = np.trapezoid(curve.y, curve.x)
    assert area == pytest.approx(roc_auc(is_class, score).value, abs=5e-4)


def test_equal_width_bins_hold_both_ends() -> None:
    found = equal_width(np.array([0.0, 0.1, 0.100001, 0.95, 1.0]), 10)
    assert found.tolist() == [0, 0, 1, 9, 9]


def test_equal_mass_bins_hold_about_equally_many_rows() -> None:
    index = equal_mass(np.random.default_rng(0).random(1000), 8)
    assert np.bincount(index).tolist() == [125] * 8


def test_tied_confidences_share_a_bin() -> None:
    confidence = np.array([0.5] * 10 + [0.6, 0.7, 0.8, 0.9, 1.0])
    index = equal_mass(confidence, 5)
    assert len(np.unique(index[:10])) == 1
    assert len(np.unique(index)) == 3


@given(SEEDS)
def test_bins_hold_every_row_once(seed: int) -> None:
    p = make_predictions(50, 4, seed=seed)
    found = predicted_class_calibration(p)
    assert sum(b.count for b in found.bins) == p.n
    assert len(found.bins) <= BINS
    histogram = confidence_histogram(p)
    assert sum(histogram.correct) + sum(histogram.wrong) == p.n


@given(SEEDS)
def test_calibration_error_is_the_scores_and_the_bins(seed: int) -> None:
    p = make_predictions(50, 4, seed=seed)
    found = predicted_class_calibration(p)
    by_bins = sum(b.count / p.n * abs(b.frequency - b.confidence) for b in found.bins)
    assert found.error.value == pytest.approx(by_bins, abs=1e-12)
    assert values(p)["ece"] == found.error.value


@given(st.integers(1, 60), st.integers(1, 60))
def test_a_perfect_ranking_scores_exactly_one(n_class: int, n_rest: int) -> None:
    is_class = np.arange(n_class + n_rest) < n_class
    score = np.linspace(1, 0, n_class + n_rest)
    assert average_precision(is_class, score).value == 1
    assert roc_auc(is_class, score).value == 1


def test_a_constant_predictor_has_a_kappa_of_exactly_zero() -> None:
    for n in range(2, 60):
        y_true = np.arange(n) % 7
        proba = np.tile(np.eye(7)[0], (n, 1))
        ids = np.arange(n).astype(np.str_)
        p = Predictions(y_true, proba, tuple("abcdefg"), ids)
        assert values(p)["cohen_kappa"] == 0
