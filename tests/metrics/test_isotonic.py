"""The Brier score's three parts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.isotonic import IsotonicRegression

from records import make_predictions
from reportgen.metrics.isotonic import brier_split, class_split
from reportgen.predictions import Predictions

SEEDS = st.integers(0, 2**32 - 1)


def test_four_rows_split_as_published() -> None:
    proba = np.array([0.1, 0.4, 0.35, 0.8])
    split = class_split(proba, np.array([False, False, True, True]))
    # 0.4 and 0.35 stand in the wrong order and are pooled to 1/2.
    assert split.score == pytest.approx(0.158125, abs=1e-15)
    assert split.miscalibration == pytest.approx(0.033125, abs=1e-15)
    assert split.discrimination == pytest.approx(0.125, abs=1e-15)
    assert split.uncertainty == pytest.approx(0.25, abs=1e-15)


def test_two_classes_have_twice_the_parts_of_one_column() -> None:
    column = np.array([0.1, 0.4, 0.35, 0.8])
    p = Predictions(
        np.array([0, 0, 1, 1]),
        np.stack([1 - column, column], axis=1),
        ("no", "yes"),
        np.array(list("abcd")),
    )
    split = brier_split(p)
    assert split.score == pytest.approx(2 * 0.158125, abs=1e-15)
    assert split.miscalibration == pytest.approx(2 * 0.033125, abs=1e-15)
    assert split.discrimination == pytest.approx(2 * 0.125, abs=1e-15)
    assert split.uncertainty == pytest.approx(2 * 0.25, abs=1e-15)


def test_what_rounding_leaves_is_no_discrimination() -> None:
    # All rows alike: the base rate is all that recalibration can find.
    split = class_split(np.full(7, 0.3), np.array([True] * 3 + [False] * 4))
    assert split.discrimination == 0


@given(SEEDS)
def test_the_parts_make_up_the_score(seed: int) -> None:
    p = make_predictions(60, 5, seed=seed)
    split = brier_split(p)
    one_hot = np.eye(5)[p.y_true]
    brier = ((p.y_proba - one_hot) ** 2).sum(axis=1).mean()
    parts = split.miscalibration - split.discrimination + split.uncertainty
    assert split.score == pytest.approx(brier, abs=1e-12)
    assert parts == pytest.approx(brier, abs=1e-12)
    assert min(split.miscalibration, split.discrimination) >= 0


@given(SEEDS)
def test_scikit_learn_recalibrates_to_the_same_score(seed: int) -> None:
    rng = np.random.default_rng(seed)
    proba = rng.integers(0, 8, size=60) / 8  # with ties
    came_true = rng.random(60) < proba
    told = IsotonicRegression().fit_transform(proba, came_true.astype(np.float64))
    recalibrated = ((told - came_true) ** 2).mean()
    split = class_split(proba, came_true)
    assert split.miscalibration == pytest.approx(split.score - recalibrated, abs=1e-12)


def test_frequencies_as_stated_leave_nothing_to_recalibrate() -> None:
    # One in four at 1/4, three in four at 3/4.
    proba = np.array([0.25] * 4 + [0.75] * 4)
    came_true = np.array([1, 0, 0, 0, 1, 1, 1, 0], dtype=np.bool_)
    assert class_split(proba, came_true).miscalibration == 0


def test_a_constant_probability_tells_nothing_apart() -> None:
    split = class_split(np.full(4, 0.9), np.array([True, False, False, False]))
    assert split.discrimination == 0
    assert split.uncertainty == 0.1875  # 1/4 of 3/4
    assert split.miscalibration == pytest.approx(0.65**2, abs=1e-12)


def test_an_absent_class_has_no_uncertainty() -> None:
    split = class_split(np.array([0.1, 0.3]), np.array([False, False]))
    assert (split.discrimination, split.uncertainty) == (0, 0)
    assert split.miscalibration == split.score


@given(SEEDS)
def test_discrimination_survives_any_increasing_transform(seed: int) -> None:
    p = make_predictions(60, 3, seed=seed)
    proba, came_true = p.y_proba[:, 0], p.y_true == 0
    before = class_split(proba, came_true).discrimination
    squeezed = class_split(proba / 2, came_true).discrimination
    assert squeezed == pytest.approx(before, abs=1e-12)
