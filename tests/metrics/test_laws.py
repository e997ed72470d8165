"""What must hold for any predictions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from records import make_predictions
from reportgen.metrics import scores
from reportgen.metrics.average_precision import average_precision
from reportgen.metrics.curves import MAX_POINTS, precision_recall_curve, roc_curve
from reportgen.metrics.delong import placements
from reportgen.metrics.per_class import class_scores
from reportgen.metrics.ranking import top_k_accuracy
from reportgen.predictions import Predictions
from reportgen.record import ClassScores, Sampling

FEW = Sampling(replicates=25)
SEEDS = st.integers(0, 2**32 - 1)


def two_sided(seed: int) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Returns rows on both sides, with scores that are sometimes tied."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 200))
    is_class = rng.permutation(np.arange(n) < rng.integers(1, n))
    return is_class, (rng.integers(0, 30, n) + 3 * is_class).astype(np.float64)


def area(is_class: NDArray[np.bool_], y_score: NDArray[np.float64]) -> float:
    """Returns the area under the ROC curve."""
    return placements(is_class, y_score).area


def values(predictions: Predictions) -> dict[str, float | None]:
    """Returns each score's value."""
    return {
        score.key: score.estimate.value if score.estimate else None
        for score in scores(predictions, FEW)
    }


def numbers(scores_of_class: ClassScores) -> list[float | None]:
    """Returns counts, values and bounds of one class."""
    one = scores_of_class
    found: list[float | None] = [one.support, one.predicted, one.correct]
    for score in (one.recall, one.f1, one.roc_auc, one.average_precision):
        assert score.estimate is not None
        found += [score.estimate.value, score.estimate.low, score.estimate.high]
    return found


@given(SEEDS)
@settings(deadline=None)
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
    table, moved_table = class_scores(p, FEW), class_scores(moved, FEW)
    for place, c in enumerate(order):
        assert numbers(moved_table[place]) == pytest.approx(numbers(table[c]))


@given(SEEDS)
@settings(deadline=None)
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    p = make_predictions(40, 4, seed=seed)
    rows = np.random.default_rng(seed).permutation(p.n)
    moved = Predictions(p.y_true[rows], p.y_proba[rows], p.class_names, p.row_ids)
    assert values(moved) == pytest.approx(values(p), abs=1e-12)


@given(SEEDS)
def test_area_survives_any_increasing_transform(seed: int) -> None:
    is_class, score = two_sided(seed)
    assert area(is_class, np.exp2(score)) == area(is_class, score)


@given(SEEDS)
def test_area_of_score_and_of_its_negative_sum_to_one(seed: int) -> None:
    is_class, score = two_sided(seed)
    both = area(is_class, score) + area(is_class, -score)
    assert both == pytest.approx(1, abs=1e-12)


def test_area_of_tied_scores_is_one_half() -> None:
    assert area(np.array([True, False, True]), np.full(3, 0.3)) == 0.5


def test_top_one_accuracy_is_accuracy_where_all_is_tied() -> None:
    p = Predictions(
        np.array([0, 1, 2, 0]),
        np.full((4, 3), 1 / 3),
        ("a", "b", "c"),
        np.array(list("wxyz")),
    )
    # Ties go to the lowest class: rows 0 and 3 are right.
    assert top_k_accuracy(p, 1, sampling=FEW).value == values(p)["accuracy"] == 0.5


@given(SEEDS)
def test_area_under_the_stored_roc_curve_is_the_area(seed: int) -> None:
    is_class, score = two_sided(seed)
    curve = roc_curve("a", is_class, score)
    under = np.trapezoid(curve.y, curve.x)
    assert under == pytest.approx(area(is_class, score), abs=1e-12)


@given(SEEDS)
def test_steps_under_the_stored_precision_recall_curve_bound_its_area(
    seed: int,
) -> None:
    is_class, score = two_sided(seed)
    curve = precision_recall_curve("a", is_class, score)
    assert curve.x[0] == 0
    assert curve.x[-1] == 1
    steps = np.diff(curve.x) @ np.array(curve.y[1:])
    exact = average_precision(is_class, score)
    assert steps == pytest.approx(exact, abs=1e-12)


def test_a_long_curve_is_thinned_to_what_can_be_seen() -> None:
    rng = np.random.default_rng(0)
    is_class = rng.random(20_000) < 0.5
    score = rng.random(20_000) + 0.2 * is_class
    curve = roc_curve("a", is_class, score)
    assert curve.exact_points > 10 * MAX_POINTS
    assert len(curve.x) <= MAX_POINTS
    under = np.trapezoid(curve.y, curve.x)
    assert under == pytest.approx(area(is_class, score), abs=5e-4)


@given(SEEDS)
@settings(deadline=None)
def test_bounds_hold_the_value_and_stay_in_range(seed: int) -> None:
    for score in scores(make_predictions(60, 5, seed=seed), FEW):
        estimate = score.estimate
        if estimate and estimate.low is not None and estimate.high is not None:
            most = 2 if score.key in {"log_loss", "brier_score"} else 1
            assert -1 <= estimate.low < estimate.high <= most, score.key
            assert estimate.low <= estimate.value <= estimate.high, score.key


def test_a_higher_level_makes_a_wider_interval() -> None:
    p = make_predictions(200, 5)
    narrow, wide = (scores(p, Sampling(level=level)) for level in (0.9, 0.99))
    for one, other in zip(narrow, wide, strict=True):
        assert one.estimate is not None
        assert other.estimate is not None
        assert one.estimate.low is not None
        assert other.estimate.low is not None
        assert other.estimate.low < one.estimate.low, one.key
        assert one.estimate.high is not None
        assert other.estimate.high is not None
        assert other.estimate.high > one.estimate.high, one.key


def test_the_same_inputs_give_the_same_scores() -> None:
    first, second = (scores(make_predictions(80, 5), FEW) for _ in range(2))
    assert first == second


@given(st.integers(1, 60), st.integers(1, 60))
def test_a_perfect_ranking_scores_exactly_one(n_class: int, n_rest: int) -> None:
    is_class = np.arange(n_class + n_rest) < n_class
    score = np.linspace(1, 0, n_class + n_rest)
    assert average_precision(is_class, score) == 1
    assert area(is_class, score) == 1


def test_a_constant_predictor_has_a_kappa_of_exactly_zero() -> None:
    for n in range(2, 60):
        y_true = np.arange(n) % 7
        proba = np.tile(np.eye(7)[0], (n, 1))
        ids = np.arange(n).astype(np.str_)
        p = Predictions(y_true, proba, tuple("abcdefg"), ids)
        assert values(p)["cohen_kappa"] == 0
