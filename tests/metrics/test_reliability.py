"""Bins, their bounds and the errors that they sum up to."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from records import make_predictions
from reportgen.metrics.intervals import wilson
from reportgen.metrics.reliability import (
    BINS,
    Binned,
    binned_class,
    binned_top,
    bootstrapped_errors,
    calibration_bins,
    debiased_error,
    equal_mass,
    equal_width,
    largest_distance,
    share_in_small_bins,
)
from reportgen.metrics.resampling import row_weights
from reportgen.record import CalibrationBin, Sampling

SEEDS = st.integers(0, 2**32 - 1)


def in_two_bins(confidence: list[float], came_true: list[int]) -> Binned:
    """Returns a binary probability in two bins of equal width."""
    stated = np.array(confidence)
    index = equal_width(stated, 2)
    happened = np.array(came_true, dtype=np.bool_)
    return Binned("1", "equal_width", 2, stated, happened, index)


FIVE_ROWS = in_two_bins([0.25, 0.25, 0.55, 0.75, 0.75], [0, 0, 1, 1, 1])
"""Two rows at 0.25 of which none happened, three at 0.683 which all did."""


def a_bin(count: int, confidence: float, frequency: float) -> CalibrationBin:
    """Returns a bin of which only these three count."""
    return CalibrationBin(0, 1, count, confidence, frequency, 0, 1, 0, 1)


def top_of(n: int, *, seed: int = 0) -> Binned:
    """Returns the predicted class's probability of made-up predictions."""
    p = make_predictions(n, 4, seed=seed)
    return binned_top(p.confidence, p.y_pred == p.y_true, "equal_mass")


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


def test_a_saturated_model_has_one_bin() -> None:
    assert equal_mass(np.ones(100), BINS).tolist() == [0] * 100


def test_the_error_of_five_rows_is_the_published_one() -> None:
    # 2/5 of |0 - 0.25| and 3/5 of |1 - 2.05/3|: 0.1 + 0.19.
    assert FIVE_ROWS.error() == pytest.approx(0.29, abs=1e-15)


def test_the_squared_and_the_greatest_error_of_five_rows_are_the_published_ones() -> (
    None
):
    # Frequencies 0 and 1 have no variance: nothing is taken from the L2 error.
    bins = calibration_bins(FIVE_ROWS, 0.95)
    assert debiased_error(bins) == pytest.approx(0.29183328574147716, abs=1e-15)
    assert largest_distance(bins, 1) == pytest.approx(0.31666666666666665, abs=1e-15)


def test_few_rows_do_not_count_for_the_greatest_distance() -> None:
    bins = (a_bin(29, 0.9, 0.1), a_bin(30, 0.9, 0.8))
    assert largest_distance(bins, 30) == pytest.approx(0.1, abs=1e-15)
    assert largest_distance(bins[:1], 30) is None


def test_the_share_in_small_bins_is_of_all_rows() -> None:
    # Two of the five rows are in a bin of fewer than three.
    bins = calibration_bins(FIVE_ROWS, 0.95)
    assert share_in_small_bins(bins, 3) == pytest.approx(2 / 5)
    assert share_in_small_bins(bins, 2) == 0


def test_noise_is_taken_from_the_squared_error() -> None:
    # (0.7 - 0.5)² - 0.25 / 9 = 0.04 - 0.02777... = 0.0122...
    bins = (a_bin(10, 0.7, 0.5),)
    assert debiased_error(bins) == pytest.approx((0.04 - 0.25 / 9) ** 0.5, abs=1e-15)


def test_an_error_within_noise_is_zero_after_debiasing() -> None:
    assert debiased_error((a_bin(10, 0.6, 0.5),)) == 0  # 0.01 - 0.25 / 9 is below


def test_a_bin_of_one_row_has_no_variance_to_take_away() -> None:
    usable = a_bin(10, 0.7, 0.5)
    assert debiased_error((usable, a_bin(1, 0.9, 0.0))) == debiased_error((usable,))
    assert debiased_error((a_bin(1, 0.9, 0.0),)) is None


def test_the_debiased_square_is_right_on_average() -> None:
    # One bin of 20 rows at 0.7 of which 0.6 come true: the true square is 0.01; plain
    # squares average 0.01 + 0.24 / 20 = 0.022. Unclipped terms are averaged, as a sum
    # over two bins of which the first is far off shows them.
    rng = np.random.default_rng(0)
    far = a_bin(20, 1.0, 0.0)  # adds exactly 1, without variance
    frequencies = rng.binomial(20, 0.6, size=20_000) / 20
    squares = [
        2 * (debiased_error((far, a_bin(20, 0.7, f))) or 0.0) ** 2 - 1
        for f in frequencies.tolist()
    ]
    # The Monte-Carlo error is 0.024 / sqrt(20,000) = 0.0002 or so.
    assert np.mean(squares) == pytest.approx(0.01, abs=8e-4)


@given(SEEDS)
def test_bins_hold_every_row_once_and_make_up_the_error(seed: int) -> None:
    binned = top_of(50, seed=seed)
    bins = calibration_bins(binned, 0.95)
    assert sum(b.count for b in bins) == 50
    assert len(bins) <= BINS
    by_bins = sum(b.count / 50 * abs(b.frequency - b.confidence) for b in bins)
    assert binned.error() == pytest.approx(by_bins, abs=1e-12)
    for b in bins:
        assert b.low - 1e-12 <= b.confidence <= b.high + 1e-12


def test_a_bin_knows_its_own_rows() -> None:
    first, last = calibration_bins(FIVE_ROWS, 0.9)
    assert (first.low, first.high, first.count) == (0.25, 0.25, 2)
    assert (last.low, last.high, last.count) == (0.55, 0.75, 3)
    assert (first.frequency, last.frequency) == (0, 1)
    assert (first.frequency_low, first.frequency_high) == wilson(0, 2, 0.9)


def test_consistency_bounds_are_the_quantiles_of_so_many_coins() -> None:
    # Of two rows at 0.25 none happens in 9/16, one in 6/16, both in 1/16 of test
    # sets: with 0.05 in each tail the bounds are 0 and 1, with 0.1 they are 0 and 1/2.
    (wide, _), (narrow, _) = (calibration_bins(FIVE_ROWS, v) for v in (0.9, 0.8))
    assert (wide.consistent_low, wide.consistent_high) == (0, 1)
    assert (narrow.consistent_low, narrow.consistent_high) == (0, 0.5)


def test_consistency_bounds_hold_their_share_of_calibrated_bins() -> None:
    (one,) = calibration_bins(
        Binned(
            "1",
            "equal_width",
            1,
            np.full(500, 0.3),
            np.zeros(500, dtype=np.bool_),
            np.zeros(500, dtype=np.uint8),
        ),
        0.95,
    )
    inside = binom(500, 0.3).cdf(500 * one.consistent_high + 0.5) - binom(500, 0.3).cdf(
        500 * one.consistent_low - 0.5
    )
    assert 0.95 <= inside < 0.965


def test_sure_bins_are_consistent_with_nothing_else() -> None:
    (one,) = calibration_bins(in_two_bins([1.0, 1.0], [1, 0]), 0.95)
    assert (one.consistent_low, one.consistent_high) == (1, 1)


def test_a_class_is_binned_by_its_own_probability() -> None:
    p = make_predictions(50, 4)
    binned = binned_class(p, 2)
    assert binned.class_name == "2"
    assert binned.happened().sum() == (p.y_true == 2).sum()
    assert binned.stated().sum() == pytest.approx(p.y_proba[:, 2].sum(), abs=1e-12)


def test_the_interval_is_basic_and_of_the_shared_weights() -> None:
    binned, sampling = top_of(60), Sampling(0.9, 50, 3)
    (weights,) = row_weights(60, sampling)
    # Rows that are drawn w times stand w times in their bin.
    replicates = [
        Binned(
            None,
            "equal_mass",
            BINS,
            np.repeat(binned.confidence, w),
            np.repeat(binned.came_true, w),
            np.repeat(binned.index, w),
        ).error()
        for w in weights
    ]
    low, high = np.quantile(replicates, [0.05, 0.95])
    (error,) = bootstrapped_errors((binned,), sampling)
    assert error.method == "basic bootstrap"
    assert error.low == pytest.approx(max(2 * error.value - high, 0), abs=1e-12)
    assert error.high == pytest.approx(2 * error.value - low, abs=1e-12)


@given(SEEDS)
@settings(max_examples=30)
def test_an_interval_holds_its_value(seed: int) -> None:
    binned = top_of(60, seed=seed)
    assume(not binned.came_true.all())
    (error,) = bootstrapped_errors((binned,), Sampling(replicates=50))
    assert error.low is not None
    assert error.high is not None
    assert 0 <= error.low <= error.value <= error.high <= 1


def test_an_error_that_no_drawn_rows_change_has_no_interval() -> None:
    # Right rows say 0.4, wrong ones 0.6: whatever is drawn, 0.6.
    right = np.arange(40) % 2 == 0
    same = binned_top(np.where(right, 0.4, 0.6), right, "equal_mass")
    (error,) = bootstrapped_errors((same,), Sampling(replicates=20))
    assert error.value == pytest.approx(0.6, abs=1e-12)
    assert error.method == "none"


@pytest.mark.parametrize("n", [1, 29])
def test_few_rows_have_an_error_without_an_interval(n: int) -> None:
    binned = top_of(n)
    (error,) = bootstrapped_errors((binned,), Sampling())
    assert error.value == binned.error()
    assert error.method == "none"
