"""One temperature: found to many digits, honest at its bounds, harmless to accuracy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import logsumexp
from scipy.stats import chi2

from records import make_predictions
from reportgen.metrics.measured import HeldBack
from reportgen.metrics.noise_floor import noise_floor, null_errors
from reportgen.metrics.reliability import binned_top
from reportgen.metrics.temperature import (
    LEAST,
    fit_temperature,
    log_loss_split,
    scaled,
    temperature_scaling,
)
from reportgen.predictions import Predictions
from reportgen.record import Sampling, TemperatureScaling

SEEDS = st.integers(0, 2**32 - 1)
SAMPLING = Sampling(replicates=50)
NO_ROWS = HeldBack(None, "No validation part was handed over.")


def predictions_of(
    y_true: NDArray[np.int64], y_proba: NDArray[np.float64]
) -> Predictions:
    """Returns predictions of unnamed classes."""
    names = tuple(map(str, range(y_proba.shape[1])))
    return Predictions(y_true, y_proba, names, np.arange(len(y_true)).astype(np.str_))


def obeyed(n: int, *, seed: int, temperature: float = 1.0) -> Predictions:
    """Returns probabilities that labels obey at that temperature."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(size=(n, 5)) * 2
    truth = np.exp(logits / temperature)
    truth /= truth.sum(axis=1, keepdims=True)
    y_true = (rng.random((n, 1)) > np.cumsum(truth, axis=1)).sum(axis=1)
    stated = np.exp(logits)
    stated /= stated.sum(axis=1, keepdims=True)
    return predictions_of(np.minimum(y_true, 4), stated)


def tried(test: Predictions, validation: Predictions) -> TemperatureScaling:
    """Returns the validation part's temperature on the test rows."""
    found, reason = temperature_scaling(test, HeldBack(validation, ""), SAMPLING)
    assert found is not None
    assert reason is None
    return found


def test_two_classes_have_the_temperature_worked_out_by_hand() -> None:
    # All rows say 0.9 and 3 of 4 are right: softmax(log p / T) must say 3/4, hence
    # log 3 = log 9 / T and T = 2.
    y_proba = np.tile([0.9, 0.1], (4, 1))
    fit = fit_temperature(predictions_of(np.array([0, 0, 0, 1]), y_proba))
    assert fit.temperature == pytest.approx(2, abs=1e-9)
    assert not fit.at_bound


@given(SEEDS)
@settings(deadline=None)
def test_scipy_finds_the_same_temperature(seed: int) -> None:
    p = make_predictions(80, 4, seed=seed)
    logits = np.log(p.y_proba)

    def loss(log_beta: float) -> float:
        z = np.exp(log_beta) * logits
        rows = logsumexp(z, axis=1) - z[np.arange(p.n), p.y_true]
        return float(rows.mean())

    fit = fit_temperature(p)
    if fit.at_bound:
        assert (p.y_pred == p.y_true).all()
        return
    found = minimize_scalar(loss, bounds=(-16, 16), options={"xatol": 1e-9})
    assert loss(-np.log(fit.temperature)) <= found.fun + 1e-12


@given(SEEDS, st.floats(0.2, 5))
@settings(deadline=None)
def test_temperatures_multiply(seed: int, temperature: float) -> None:
    p = make_predictions(200, 4, seed=seed)
    once = fit_temperature(p)
    cooled = predictions_of(p.y_true, scaled(p.y_proba, temperature))
    twice = fit_temperature(cooled)
    if not once.at_bound:
        assert twice.temperature * temperature == pytest.approx(
            once.temperature, rel=1e-8
        )


def test_all_rows_right_keep_their_temperature() -> None:
    p = make_predictions(50, 4)
    sure = predictions_of(p.y_pred, p.y_proba)
    fit = fit_temperature(sure)
    assert (fit.temperature, fit.at_bound) == (1, True)


def test_a_model_worse_than_guessing_keeps_its_temperature() -> None:
    y_proba = np.tile([0.9, 0.1], (40, 1))
    fit = fit_temperature(predictions_of(np.ones(40, dtype=np.int64), y_proba))
    assert (fit.temperature, fit.at_bound) == (1, True)


def test_equal_probabilities_have_no_temperature() -> None:
    fit = fit_temperature(predictions_of(np.arange(40) % 4, np.full((40, 4), 0.25)))
    assert (fit.temperature, fit.at_bound) == (1, True)


def test_saturated_rows_have_a_temperature() -> None:
    # 1 in 10 wrong, told 0 and 1: 103.28 / T = log 9 makes it 0.9 (LEAST is 2^-149).
    y_true = (np.arange(50) % 10 == 0).astype(np.int64)
    fit = fit_temperature(predictions_of(y_true, np.tile([1.0, 0.0], (50, 1))))
    assert fit.temperature == pytest.approx(-np.log(LEAST) / np.log(9), rel=1e-9)


def test_small_probabilities_keep_their_digits() -> None:
    # As float32 holds them: 1e-30 at T = 2 is 1e-15.
    y_proba = np.array([[1.0, 1e-30, 1e-20]], dtype=np.float32).astype(np.float64)
    assert scaled(y_proba, 2.0)[0] == pytest.approx([1, 1e-15, 1e-10], rel=1e-6)


def test_one_is_no_change_at_all() -> None:
    p = make_predictions(40, 4)
    assert scaled(p.y_proba, 1.0) is p.y_proba


@given(SEEDS, st.floats(0.1, 10))
def test_scaling_leaves_the_likeliest_and_the_three_likeliest_classes(
    seed: int, temperature: float
) -> None:
    p = make_predictions(50, 6, seed=seed)
    after = scaled(p.y_proba, temperature)
    assert after.argmax(axis=1).tolist() == p.y_pred.tolist()
    first = np.argsort(-p.y_proba, axis=1)[:, :3]
    assert np.argsort(-after, axis=1)[:, :3].tolist() == first.tolist()


@given(SEEDS)
def test_what_is_left_and_what_is_gained_make_up_the_log_loss(seed: int) -> None:
    p = make_predictions(80, 4, seed=seed)
    split = log_loss_split(p)
    log_loss = -np.log(p.true_proba).mean()
    assert split.refinement + split.miscalibration == pytest.approx(log_loss, abs=1e-12)
    assert split.miscalibration >= 0


def test_the_likelihood_ratio_is_worked_out_by_hand() -> None:
    # As above at T = 2; gain = cross-entropy of 3/4 told 9/10, less that told 3/4.
    p = predictions_of(np.array([0, 0, 0, 1]), np.tile([0.9, 0.1], (4, 1)))
    told = -(0.75 * np.log(0.9) + 0.25 * np.log(0.1))
    best = -(0.75 * np.log(0.75) + 0.25 * np.log(0.25))
    split = log_loss_split(p)
    assert split.refinement == pytest.approx(best, abs=1e-12)
    assert split.statistic == pytest.approx(8 * (told - best), abs=1e-12)
    assert split.p_value == pytest.approx(chi2(1).sf(8 * (told - best)), abs=1e-12)


def test_a_calibrated_model_is_rejected_one_time_in_twenty() -> None:
    rejected = [log_loss_split(obeyed(300, seed=s)).p_value < 0.05 for s in range(400)]
    # 20 expected, standard deviation sqrt(400 x 0.05 x 0.95) = 4.4.
    assert 20 - 3 * 4.4 < sum(rejected) < 20 + 3 * 4.4


def test_no_gain_is_claimed_at_a_bound() -> None:
    p = make_predictions(50, 4)
    split = log_loss_split(predictions_of(p.y_pred, p.y_proba))
    assert (split.temperature, split.miscalibration, split.p_value) == (1, 0, 1)
    assert split.at_bound


def test_the_validation_part_finds_what_the_test_part_needs() -> None:
    validation, test = (obeyed(4000, seed=s, temperature=1.5) for s in (1, 2))
    found = tried(test, validation)
    assert found.temperature == pytest.approx(1.5, abs=0.1)
    assert found.rows == 4000
    assert (found.log_loss_change.high or 0) < 0
    assert found.brier_change.value < 0
    assert found.noise_floor.p_value > 0.02


def test_changes_are_of_the_test_rows_after_less_before() -> None:
    test, validation = obeyed(60, seed=2), obeyed(60, seed=3, temperature=1.5)
    found = tried(test, validation)
    after = scaled(test.y_proba, found.temperature)
    one_hot = np.eye(5)[test.y_true]
    log_loss = -np.log(after[one_hot == 1]).mean()
    before = -np.log(test.true_proba).mean()
    brier = (((after - one_hot) ** 2) - ((test.y_proba - one_hot) ** 2)).sum(axis=1)
    assert found.log_loss.value == pytest.approx(log_loss, abs=1e-12)
    assert found.log_loss_change.value == pytest.approx(log_loss - before, abs=1e-12)
    assert found.brier_change.value == pytest.approx(brier.mean(), abs=1e-12)


def test_the_floor_is_that_of_the_scaled_probabilities() -> None:
    test, validation = obeyed(300, seed=2), obeyed(300, seed=3, temperature=3)
    found = tried(test, validation)
    after = scaled(test.y_proba, found.temperature)
    right = test.y_pred == test.y_true
    binned = binned_top(after.max(axis=1), right, "equal_mass")
    drawn = null_errors(
        after, test.y_pred, top=(binned,), classes=(), sampling=SAMPLING
    )
    assert found.error.value == pytest.approx(binned.error(), abs=1e-12)
    assert found.noise_floor == noise_floor(binned.error(), drawn.top[0], 0.95)


def test_the_test_labels_have_no_say_in_the_temperature() -> None:
    test, validation = obeyed(60, seed=2), obeyed(60, seed=3)
    other = predictions_of((test.y_true + 1) % 5, test.y_proba)
    assert tried(test, validation).temperature == tried(other, validation).temperature


def test_a_bound_changes_nothing() -> None:
    p = make_predictions(60, 4)
    found = tried(p, predictions_of(p.y_pred, p.y_proba))
    assert found.at_bound
    assert found.log_loss_change.value == found.brier_change.value == 0
    assert found.log_loss_change.low is None


@pytest.mark.parametrize("turn", [0, 1])
def test_rows_all_right_or_all_wrong_do_not_tell_what_a_temperature_changes(
    turn: int,
) -> None:
    p = make_predictions(60, 4)
    test = predictions_of((p.y_pred + turn) % 4, p.y_proba)
    found = tried(test, obeyed_by_four(60))
    assert found.temperature != 1
    assert found.log_loss_change.value != 0
    assert found.log_loss_change.low is None
    assert found.brier_change.low is None


def obeyed_by_four(n: int) -> Predictions:
    """Returns rows over four classes of which nine in ten are right."""
    y_proba = np.tile([0.7, 0.1, 0.1, 0.1], (n, 1))
    return predictions_of((np.arange(n) % 10 == 0).astype(np.int64), y_proba)


def test_no_validation_part_is_said_so() -> None:
    found, reason = temperature_scaling(make_predictions(60, 4), NO_ROWS, SAMPLING)
    assert found is None
    assert reason == NO_ROWS.reason


def test_few_validation_rows_are_said_so() -> None:
    held_back = HeldBack(make_predictions(29, 4), "")
    found, reason = temperature_scaling(make_predictions(60, 4), held_back, SAMPLING)
    assert found is None
    assert reason == (
        "The validation part holds 29 rows; a temperature is fitted on 30 or more."
    )


def test_one_validation_row_is_no_plural() -> None:
    held_back = HeldBack(make_predictions(1, 4), "")
    _, reason = temperature_scaling(make_predictions(60, 4), held_back, SAMPLING)
    assert reason is not None
    assert reason.startswith("The validation part holds 1 row; ")
