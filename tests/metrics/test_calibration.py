"""What the report says of calibration as a whole."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from records import make_predictions
from reportgen.metrics.calibration import (
    calibration,
    confidence_histogram,
    ece,
    overconfidence,
)
from reportgen.metrics.measured import HeldBack
from reportgen.predictions import Predictions
from reportgen.record import Sampling

SEEDS = st.integers(0, 2**32 - 1)
SAMPLING = Sampling(replicates=50)
NO_ROWS = HeldBack(None, "No validation part was handed over.")


def sure(right: int, wrong: int) -> Predictions:
    """Returns rows that all say 0.8 for class 0."""
    y_true = np.repeat([0, 1], [right, wrong])
    n = right + wrong
    ids = np.arange(n).astype(np.str_)
    return Predictions(y_true, np.tile([0.8, 0.2], (n, 1)), ("a", "b"), ids)


def test_a_model_that_claims_more_than_it_keeps_is_overconfident() -> None:
    found = overconfidence(sure(30, 20), 0.95)
    assert found.value == pytest.approx(0.2, abs=1e-12)  # 0.8 less 30/50
    assert found.low is not None
    assert found.high is not None
    assert found.low < 0.2 < found.high


def test_a_model_that_keeps_more_than_it_claims_is_below_zero() -> None:
    found = overconfidence(sure(50, 0), 0.95)
    assert found.value == pytest.approx(-0.2, abs=1e-12)


def stated(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> Predictions:
    """Returns rows that say so much for class 0 of three, right or wrong."""
    n = len(right)
    proba = np.stack([confidence, *[(1 - confidence) / 2] * 2], axis=1)
    ids = np.arange(n).astype(np.str_)
    return Predictions(np.where(right, 0, 1), proba, ("a", "b", "c"), ids)


def all_alike(right: int) -> Predictions:
    """Returns forty rows of several confidences, of which none or forty are right."""
    return stated(np.linspace(0.9, 0.99, 40), np.arange(40) < right)


@pytest.mark.parametrize("right", [0, 40])
def test_rows_all_right_or_all_wrong_do_not_tell_whether_it_claims_too_much(
    right: int,
) -> None:
    found = overconfidence(all_alike(right), 0.95)
    assert found.value == pytest.approx(0.945 - right / 40, abs=1e-12)
    assert found.low is None


@pytest.mark.parametrize(("right", "kind"), [(0, "wrong"), (40, "right")])
def test_rows_all_right_or_all_wrong_do_not_tell_how_far_the_error_may_move(
    right: int, kind: str
) -> None:
    # Of them drawn again the error moves by hundredths, as confidences do; one row
    # of the other kind would move it by a fortieth.
    found = ece(all_alike(right), SAMPLING)
    assert found.estimate is not None
    assert found.estimate.value == pytest.approx(abs(0.945 - right / 40), abs=1e-12)
    assert found.estimate.low is None
    assert found.note == f"every row is {kind}: nothing tells how far it may move"


def test_a_calibrated_model_of_few_errors_is_seldom_called_too_bold_or_too_timid() -> (
    None
):
    # 100 rows hold one error on average, and none in 37 % of the test sets.
    rng = np.random.default_rng(0)
    ids = np.arange(100).astype(np.str_)
    alarms = 0
    for _ in range(400):
        confidence = 1 - np.minimum(rng.gamma(0.2, 0.05, 100), 0.45)
        y_true = (rng.random(100) > confidence).astype(np.int64)
        proba = np.stack([confidence, 1 - confidence], axis=1)
        found = overconfidence(Predictions(y_true, proba, ("a", "b"), ids), 0.95)
        if found.low is not None and found.high is not None:
            alarms += not found.low <= 0 <= found.high
    # 20 expected at the level, standard deviation sqrt(400 x 0.05 x 0.95) = 4.4.
    assert alarms < 20 + 3 * 4.4


def test_the_score_is_the_error_of_the_reliability() -> None:
    p = make_predictions(100, 4)
    found = calibration(p, NO_ROWS, SAMPLING)
    assert ece(p, SAMPLING).estimate == found.equal_mass.error
    assert found.equal_mass.error.method == "basic bootstrap"


def test_both_binnings_and_every_class_are_there() -> None:
    p = make_predictions(100, 4)
    found = calibration(p, NO_ROWS, SAMPLING)
    assert found.equal_mass.binning == "equal_mass"
    assert found.equal_width.binning == "equal_width"
    assert [one.class_name for one in found.classes] == list(p.class_names)


def test_the_classwise_error_is_the_mean_and_names_the_worst() -> None:
    found = calibration(make_predictions(100, 4), NO_ROWS, SAMPLING)
    errors = [one.error.value for one in found.classes]
    assert found.classwise.error.value == pytest.approx(np.mean(errors), abs=1e-12)
    assert found.classwise.worst == str(int(np.argmax(errors)))


def test_the_classwise_floor_is_that_of_a_mean() -> None:
    # Means over classes vary less than the class that varies most.
    found = calibration(make_predictions(100, 4), NO_ROWS, SAMPLING)
    floors = [one.noise_floor.quantile for one in found.classes]
    assert min(floors) / 2 < found.classwise.noise_floor.quantile < max(floors)


def test_an_absent_class_is_judged_too() -> None:
    found = calibration(sure(40, 0), NO_ROWS, SAMPLING)
    # 0.2 for class b that never happened, 0.8 for class a that always did.
    errors = [one.error.value for one in found.classes]
    assert errors == pytest.approx([0.2, 0.2], abs=1e-12)


def test_no_validation_part_leaves_a_reason() -> None:
    found = calibration(make_predictions(60, 4), NO_ROWS, SAMPLING)
    assert found.temperature is None
    assert found.temperature_reason == NO_ROWS.reason


def test_a_validation_part_leaves_a_temperature() -> None:
    held_back = HeldBack(make_predictions(60, 4, seed=1), "")
    found = calibration(make_predictions(60, 4), held_back, SAMPLING)
    assert found.temperature is not None
    assert found.temperature.rows == 60


def test_the_same_seed_says_the_same() -> None:
    p, held_back = make_predictions(60, 4), HeldBack(make_predictions(40, 4), "")
    assert calibration(p, held_back, SAMPLING) == calibration(p, held_back, SAMPLING)


@given(SEEDS)
@settings(deadline=None, max_examples=20)
def test_the_order_of_rows_changes_no_error(seed: int) -> None:
    p = make_predictions(40, 4, seed=seed)
    rows = np.random.default_rng(seed).permutation(p.n)
    moved = Predictions(p.y_true[rows], p.y_proba[rows], p.class_names, p.row_ids)
    one, other = (calibration(q, NO_ROWS, SAMPLING) for q in (p, moved))
    for before, after in (
        (one.equal_mass, other.equal_mass),
        (one.equal_width, other.equal_width),
        *zip(one.classes, other.classes, strict=True),
    ):
        assert after.error.value == pytest.approx(before.error.value, abs=1e-12)
        assert after.debiased == pytest.approx(before.debiased, abs=1e-7)
    assert other.brier.miscalibration == pytest.approx(
        one.brier.miscalibration, abs=1e-12
    )


@pytest.mark.parametrize(
    ("n", "note"),
    [
        (1, "one row: no interval"),
        (2, "fewer than 30 rows: no interval"),
        (29, "fewer than 30 rows: no interval"),
    ],
)
def test_few_rows_have_a_score_without_an_interval_and_say_so(
    n: int, note: str
) -> None:
    found = ece(make_predictions(n, 4), Sampling())
    assert found.estimate is not None
    assert found.estimate.method == "none"
    assert found.note == note


def test_an_error_of_nought_is_not_called_certain() -> None:
    # All say 0.8 and 40 of 50 are right; rows drawn again are seldom so lucky.
    found = ece(sure(40, 10), SAMPLING)
    assert found.estimate is not None
    assert found.estimate.value == pytest.approx(0, abs=1e-12)
    assert found.estimate.method == "none"
    assert found.note == "no error at all: see its noise floor"


def test_an_error_that_cannot_move_says_so() -> None:
    # Right rows say 0.4, wrong ones 0.6: 0.6 is missed by each, however drawn.
    right = np.arange(40) < 20
    found = ece(stated(np.where(right, 0.4, 0.6), right), SAMPLING)
    assert found.estimate is not None
    assert found.estimate.method == "none"
    assert (found.note or "").startswith("the same in all replicates")


@given(SEEDS)
def test_the_histogram_holds_every_row_once(seed: int) -> None:
    p = make_predictions(50, 4, seed=seed)
    histogram = confidence_histogram(p)
    right = int((p.y_pred == p.y_true).sum())
    assert sum(histogram.correct) == right
    assert sum(histogram.wrong) == p.n - right


def test_a_perfect_model_has_no_mean_confidence_of_wrong_rows() -> None:
    histogram = confidence_histogram(sure(40, 0))
    assert histogram.mean_correct == pytest.approx(0.8, abs=1e-12)
    assert histogram.mean_wrong is None
