"""Stored curves: few points, the same picture."""

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn import metrics as sklearn_metrics

from reportgen.metrics.curves import (
    MAX_POINTS,
    logarithm,
    precision_recall_curve,
    roc_curve,
    thinned,
)

Flags = NDArray[np.bool_]
Points = NDArray[np.float64]


def rows(n: int, gap: float, *, share: float = 0.1) -> tuple[Flags, Points]:
    """Returns n rows, a share of them in the class and that much higher in score."""
    rng = np.random.default_rng(0)
    is_class = rng.random(n) < share
    return is_class, rng.normal(size=n) + gap * is_class


def exact_roc(is_class: Flags, y_score: Points) -> tuple[Points, Points]:
    """Returns scikit-learn's whole curve."""
    x, y, _ = sklearn_metrics.roc_curve(is_class, y_score, drop_intermediate=False)
    return x, y


def test_few_points_are_all_kept() -> None:
    # Scores 4, 3, 2, 1 with the class at 4 and 2.
    curve = roc_curve(
        "a", np.array([True, False, True, False]), np.array([4.0, 3.0, 2.0, 1.0])
    )
    assert curve.x == (0.0, 0.0, 0.5, 0.5, 1.0)
    assert curve.y == (0.0, 0.5, 0.5, 1.0, 1.0)


def test_points_inside_straight_runs_are_left_out_and_counted() -> None:
    is_class = np.arange(10) < 5
    curve = roc_curve("a", is_class, -np.arange(10.0))
    assert curve.x == (0.0, 0.0, 1.0)
    assert curve.y == (0.0, 1.0, 1.0)
    assert curve.exact_points == 11


@pytest.mark.parametrize(
    ("n", "gap", "share"),
    [(3000, 0.0, 0.5), (20_000, 1.0, 0.5), (200_000, 3.0, 0.1), (200_000, 5.0, 0.01)],
)
def test_a_thinned_roc_curve_keeps_its_area_and_its_knee(
    n: int, gap: float, share: float
) -> None:
    is_class, y_score = rows(n, gap, share=share)
    x, y = exact_roc(is_class, y_score)
    curve = roc_curve("a", is_class, y_score)
    kept_x, kept_y = np.array(curve.x), np.array(curve.y)
    assert len(kept_x) <= MAX_POINTS
    exact = sklearn_metrics.roc_auc_score(is_class, y_score)
    assert np.trapezoid(kept_y, kept_x) == pytest.approx(exact, abs=1e-4)
    assert (kept_y - kept_x).max() == pytest.approx((y - x).max(), abs=5e-4)


@pytest.mark.parametrize("gap", [1.0, 4.0])
def test_a_million_rows_are_faithful_on_a_logarithmic_axis(gap: float) -> None:
    is_class, y_score = rows(1_000_000, gap)
    x, y = exact_roc(is_class, y_score)
    curve = roc_curve("a", is_class, y_score)
    rates = np.geomspace(1e-5, 1e-2, 500)
    drawn = np.interp(rates, curve.x, curve.y)
    assert np.abs(drawn - np.interp(rates, x, y)).max() < 0.002
    near = (np.array(curve.x) >= 1e-5) & (np.array(curve.x) <= 1e-2)
    assert near.sum() > 100


def test_every_point_kept_lies_on_the_whole_curve_and_the_curve_rises() -> None:
    is_class, y_score = rows(100_000, 2.0)
    curve = roc_curve("a", is_class, y_score)
    whole = set(
        zip(*(half.tolist() for half in exact_roc(is_class, y_score)), strict=True)
    )
    assert set(zip(curve.x, curve.y, strict=True)) <= whole
    assert np.all(np.diff(curve.x) >= 0)
    assert np.all(np.diff(curve.y) >= 0)
    assert (curve.x[0], curve.y[0], curve.x[-1], curve.y[-1]) == (0, 0, 1, 1)


@pytest.mark.parametrize("gap", [0.5, 2.0, 4.0])
def test_a_thinned_precision_recall_curve_stays_close(gap: float) -> None:
    is_class, y_score = rows(200_000, gap)
    precision, recall, _ = sklearn_metrics.precision_recall_curve(is_class, y_score)
    curve = precision_recall_curve("a", is_class, y_score)
    assert len(curve.x) <= MAX_POINTS
    exact = sklearn_metrics.average_precision_score(is_class, y_score)
    assert np.trapezoid(curve.y, curve.x) == pytest.approx(exact, abs=5e-4)
    shares = np.linspace(0.01, 0.99, 400)
    drawn = np.interp(shares, curve.x, curve.y)
    assert np.abs(drawn - np.interp(shares, recall[::-1], precision[::-1])).max() < 0.01


def test_points_on_a_straight_line_go_before_a_corner() -> None:
    x = np.linspace(0, 1, 1001)
    y = np.minimum(x, 0.3)
    assert thinned((x,), y, 3).tolist() == [0, 300, 1000]


def test_a_corner_that_only_the_logarithm_shows_is_kept() -> None:
    x = np.geomspace(1e-6, 1, 601)
    y = np.clip(np.log10(x) + 6, 0, 1)  # rises up to 1e-5, level from there
    assert 100 in thinned((logarithm(x),), y, 10).tolist()
    assert 100 in thinned((x, logarithm(x)), y, 10).tolist()


@pytest.mark.parametrize("most", [2, 3, 10, 99])
def test_no_more_points_are_kept_than_asked_for(most: int) -> None:
    rng = np.random.default_rng(most)
    x, y = np.sort(rng.random(1000)), rng.random(1000)
    kept = thinned((x, logarithm(x)), y, most)
    assert len(kept) == most
    assert (kept[0], kept[-1]) == (0, 999)
    assert np.all(np.diff(kept) > 0)


def test_the_logarithm_of_nought_stands_beside_the_least_value() -> None:
    assert logarithm(np.array([0.0, 0.01, 1.0])).tolist() == [-2, -2, 0]
    assert logarithm(np.zeros(3)).tolist() == [0, 0, 0]
