"""Abstaining: the margin, the risk-coverage curve, its areas, and resolution."""

from collections.abc import Callable
from itertools import permutations
from math import log
from statistics import NormalDist

import numpy as np
import pytest
from numpy.typing import NDArray
from statsmodels.stats.proportion import proportion_confint

from records import make_predictions
from reportgen.metrics.certificates import Steps, acceptance_steps
from reportgen.metrics.curves import MAX_POINTS
from reportgen.metrics.deciding import (
    augrc,
    aurc,
    deciding,
    logit_margin,
    resolution,
)
from reportgen.metrics.measured import HeldBack
from reportgen.metrics.paired_intervals import bonett_price
from reportgen.predictions import Predictions
from reportgen.record import Estimate, Sampling

LEVEL = 0.95
NONE = HeldBack(None, "There is no validation part.")

Flags = NDArray[np.bool_]
Weighted = Callable[[NDArray[np.float64], Flags], float]


def judged(labels: list[int], proba: list[list[float]]) -> Predictions:
    """Returns those rows over as many classes as there are probabilities."""
    names = tuple("abcdef"[: len(proba[0])])
    rows = np.array([f"row {i}" for i in range(len(labels))])
    return Predictions(np.array(labels), np.array(proba), names, rows)


def in_order(wrong: list[int]) -> Steps:
    """Returns the steps of rows without ties, the most confident first."""
    return acceptance_steps(
        -np.arange(len(wrong), dtype=np.float64), np.array(wrong) > 0
    )


def made_up(n: int, *, seed: int = 0, ties: bool = False) -> tuple[Steps, Flags]:
    """Returns the steps of n calibrated rows and their errors, surest first."""
    rng = np.random.default_rng(seed)
    margin = np.sort(rng.normal(3, 2, size=n))[::-1]
    margin = np.round(margin) if ties else margin
    wrong = rng.random(n) > 1 / (1 + np.exp(-margin))
    return acceptance_steps(margin, wrong), wrong


def standard_error(estimate: Estimate) -> float:
    """Returns the standard error from which a logit interval was made."""
    assert estimate.low is not None
    assert estimate.high is not None
    logits = [log(bound / (1 - bound)) for bound in (estimate.low, estimate.high)]
    z = NormalDist().inv_cdf(0.975)
    value = estimate.value
    return (logits[1] - logits[0]) / (2 * z) * value * (1 - value)


def test_the_margin_is_the_logit_less_the_others_together() -> None:
    # z = (3, 1, 0): 3 - log(e + 1).
    logits = np.array([3.0, 1.0, 0.0])
    proba = np.exp(logits) / np.exp(logits).sum()
    margin = logit_margin(judged([0], [proba.tolist()]))
    assert margin == pytest.approx([3 - log(np.e + 1)])


def test_saturated_rows_keep_their_order() -> None:
    predictions = judged([0, 0], [[1.0, 1e-30], [1.0, 1e-20]])
    assert predictions.confidence.tolist() == [1.0, 1.0]
    assert logit_margin(predictions) == pytest.approx([30 * log(10), 20 * log(10)])


def test_a_margin_is_finite_even_where_all_else_is_nought() -> None:
    margin = logit_margin(judged([0, 0], [[1.0, 0.0], [1.0, 5e-324]]))
    assert np.all(np.isfinite(margin))
    assert margin[0] == margin[1]


def test_the_margin_is_below_nought_where_the_others_weigh_more() -> None:
    # log 0.4 - log 0.6
    margin = logit_margin(judged([0], [[0.4, 0.3, 0.3]]))
    assert margin == pytest.approx([log(0.4 / 0.6)])


def test_the_margin_does_not_heed_the_order_of_classes() -> None:
    p = make_predictions(500, 6)
    order = np.random.default_rng(1).permutation(6)
    moved = Predictions(
        np.argsort(order)[p.y_true], p.y_proba[:, order], p.class_names, p.row_ids
    )
    assert np.array_equal(logit_margin(p), logit_margin(moved))


def test_areas_by_hand() -> None:
    # Errors at places 2 and 4 of 4: AURC = (0 + 1/2 + 1/3 + 2/4) / 4 = 1/3,
    # AUGRC = (0 + 1 + 1 + 2) / 16 = 1/4.
    steps = in_order([0, 1, 0, 1])
    assert aurc(steps, LEVEL).value == pytest.approx(1 / 3)
    assert augrc(steps, LEVEL).value == pytest.approx(1 / 4)


@pytest.mark.parametrize("area", [aurc, augrc])
def test_tied_rows_count_as_the_mean_over_their_orders(
    area: Callable[[Steps, float], Estimate],
) -> None:
    tied = acceptance_steps(
        np.array([3.0, 2.0, 2.0, 2.0, 2.0, 1.0]),
        np.array([False, True, False, True, False, True]),
    )
    orders = [
        area(in_order([0, *middle, 1]), LEVEL).value
        for middle in permutations([1, 0, 1, 0])
    ]
    assert area(tied, LEVEL).value == pytest.approx(np.mean(orders))


def test_where_all_rows_are_tied_aurc_is_the_share_of_errors() -> None:
    # Nothing is told apart: 12 of 40 wrong, SE sqrt(0.3 x 0.7 / 40).
    estimate = aurc(acceptance_steps(np.zeros(40), np.arange(40) < 12), LEVEL)
    assert estimate.value == pytest.approx(0.3)
    assert standard_error(estimate) == pytest.approx(np.sqrt(0.3 * 0.7 / 40))


@pytest.mark.parametrize("area", [aurc, augrc])
def test_a_better_order_of_the_same_errors_has_a_smaller_area(
    area: Callable[[Steps, float], Estimate],
) -> None:
    best, worst = in_order([0, 0, 0, 1, 1]), in_order([1, 1, 0, 0, 0])
    assert area(best, LEVEL).value < area(worst, LEVEL).value


def test_augrc_is_the_chance_of_an_error_no_less_sure_than_another_row() -> None:
    # All pairs of rows, each row with itself as well.
    _, wrong = made_up(300)
    pairs = [wrong[j] for i in range(300) for j in range(i + 1)]
    assert augrc(in_order(wrong.tolist()), LEVEL).value == pytest.approx(
        sum(pairs) / 300**2
    )


@pytest.mark.parametrize("area", [aurc, augrc])
@pytest.mark.parametrize("wrong", [[0, 0, 0], [1, 1, 1]])
def test_all_right_or_all_wrong_have_no_interval(
    area: Callable[[Steps, float], Estimate], wrong: list[int]
) -> None:
    estimate = area(in_order(wrong), LEVEL)
    assert estimate.low is None
    assert estimate.method == "none"
    assert (estimate.value == 0) == (not any(wrong))


def weighted_aurc(weights: NDArray[np.float64], wrong: Flags) -> float:
    """Returns Σ w_i R_i / C_i of rows in order, the most confident first."""
    w = weights / weights.sum()
    return float(w @ (np.cumsum(w * wrong) / np.cumsum(w)))


def weighted_augrc(weights: NDArray[np.float64], wrong: Flags) -> float:
    """Returns Σ w_i R_i of rows in order, the most confident first."""
    w = weights / weights.sum()
    return float(w @ np.cumsum(w * wrong))


@pytest.mark.parametrize(
    ("area", "weighted"), [(aurc, weighted_aurc), (augrc, weighted_augrc)]
)
def test_influence_is_the_derivative_in_the_weight_of_a_row(
    area: Callable[[Steps, float], Estimate], weighted: Weighted
) -> None:
    n, step = 200, 1e-5
    steps, wrong = made_up(n)
    influence = np.empty(n)
    for row in range(n):
        more, less = np.ones(n), np.ones(n)
        more[row] += step
        less[row] -= step
        influence[row] = (weighted(more, wrong) - weighted(less, wrong)) / (2 * step)
    influence *= n  # a weight of 1 is a share of 1 / n
    assert influence.mean() == pytest.approx(0, abs=1e-6)
    expected = np.sqrt((influence**2).sum()) / n
    assert standard_error(area(steps, LEVEL)) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("area", [aurc, augrc])
def test_a_bootstrap_of_rows_has_the_same_standard_error(
    area: Callable[[Steps, float], Estimate], *, ties: bool
) -> None:
    n = 2000
    rng = np.random.default_rng(5)
    margin = rng.normal(3, 2, size=n)
    margin = np.round(margin) if ties else margin
    wrong = rng.random(n) > 1 / (1 + np.exp(-margin))
    replicates = []
    for _ in range(1000):
        rows = rng.integers(0, n, size=n)
        # A row drawn twice stands in two places, not in a tie that spreads its errors.
        shifted = margin[rows] if ties else margin[rows] + rng.normal(size=n) * 1e-9
        replicates.append(area(acceptance_steps(shifted, wrong[rows]), LEVEL).value)
    found = standard_error(area(acceptance_steps(margin, wrong), LEVEL))
    assert np.std(replicates) == pytest.approx(found, rel=0.1)


@pytest.mark.parametrize("area", [aurc, augrc])
def test_intervals_cover_the_true_area(
    area: Callable[[Steps, float], Estimate],
) -> None:
    # 300 repetitions at 95 %: 3 sqrt(0.95 x 0.05 / 300) = 0.038.
    truth = area(made_up(1_000_000, seed=99)[0], LEVEL).value
    covered = []
    for seed in range(300):
        estimate = area(made_up(1000, seed=seed)[0], LEVEL)
        assert estimate.low is not None
        assert estimate.high is not None
        covered.append(estimate.low <= truth <= estimate.high)
    assert np.mean(covered) == pytest.approx(0.95, abs=0.038)


def test_the_curve_ends_at_all_rows_with_the_share_of_errors() -> None:
    predictions = make_predictions(600)
    found = deciding(predictions, NONE, Sampling())
    wrong = int((predictions.y_pred != predictions.y_true).sum())
    assert (found.coverage[-1], found.risk[-1]) == (1.0, wrong / 600)
    assert np.all(np.diff(found.coverage) > 0)


def test_the_curve_has_a_point_for_each_distinct_margin_only() -> None:
    # The two tied rows are accepted together: one of the three is wrong.
    predictions = judged([0, 0, 1], [[0.875, 0.125], [0.75, 0.25], [0.75, 0.25]])
    found = deciding(predictions, NONE, Sampling())
    assert found.coverage == (1 / 3, 1.0)
    assert found.risk == (0.0, 1 / 3)


def test_a_thinned_curve_keeps_both_steep_ends() -> None:
    predictions = make_predictions(20_000, seed=3)
    found = deciding(predictions, NONE, Sampling())
    assert len(found.coverage) <= MAX_POINTS
    coverage = np.array(found.coverage)
    wrong = predictions.y_pred != predictions.y_true
    steps = acceptance_steps(logit_margin(predictions), wrong)
    exact = steps.errors / steps.accepted
    drawn = np.interp(steps.accepted / steps.n, coverage, found.risk)
    # Off by less than the half-width of the risk's own interval, at every point.
    low, high = proportion_confint(steps.errors, steps.accepted, method="wilson")
    assert np.all(np.abs(drawn - exact) < (high - low) / 2)
    assert coverage[0] == 1 / 20_000
    assert (coverage > 0.99).sum() > 10


def test_risk_is_told_at_round_coverages() -> None:
    # 100 rows, the least confident five are wrong: 0, 2, 4 and 5 of them are accepted.
    sure = np.linspace(0.99, 0.6, 100)
    labels = [0] * 95 + [1] * 5
    found = deciding(judged(labels, np.c_[sure, 1 - sure].tolist()), NONE, Sampling())
    assert [(p.asked, p.accepted, p.errors) for p in found.at] == [
        (0.99, 99, 4),
        (0.97, 97, 2),
        (0.95, 95, 0),
        (0.90, 90, 0),
    ]
    assert found.at[0].risk.value == 4 / 99
    assert (found.at[0].risk.low, found.at[0].risk.high) == pytest.approx(
        proportion_confint(4, 99, method="wilson")
    )
    assert found.at[2].threshold == pytest.approx(log(sure[94] / (1 - sure[94])))


def test_tied_rows_are_accepted_together() -> None:
    found = deciding(judged([0] * 9 + [1], [[0.75, 0.25]] * 10), NONE, Sampling())
    assert [(p.accepted, p.errors) for p in found.at] == [(10, 1)] * 4


def test_without_a_validation_part_there_is_a_reason_and_no_certificate() -> None:
    found = deciding(make_predictions(60), NONE, Sampling())
    assert found.certificates == ()
    assert found.certificates_reason == NONE.reason


def test_with_a_validation_part_there_are_certificates_and_no_reason() -> None:
    held_back = HeldBack(make_predictions(500, seed=1), "")
    found = deciding(make_predictions(60), held_back, Sampling(level=0.9))
    assert found.certificates
    assert {one.level for one in found.certificates} == {0.9}
    assert {one.rows for one in found.certificates} == {500}
    assert found.certificates_reason is None


def test_two_calls_say_the_same() -> None:
    held_back = HeldBack(make_predictions(500, seed=1), "")
    once, again = (
        deciding(make_predictions(600), held_back, Sampling()) for _ in range(2)
    )
    assert once == again


def test_resolution_is_280_standard_errors_of_a_paired_difference() -> None:
    # 162 of 14,000 wrong: 2.8016 sqrt(162) / 14,000 = 0.002547.
    labels = [1] * 162 + [0] * 13838
    found = resolution(judged(labels, [[1.0, 0.0]] * 14_000), LEVEL)
    assert found is not None
    assert found.discordant_share == 162 / 14_000
    assert found.difference == pytest.approx(0.002547, abs=1e-6)
    assert (found.level, found.power) == (0.95, 0.8)


def test_a_difference_of_that_size_is_found_in_four_of_five_cases() -> None:
    # Of 2,000 rows a share d = 0.1 is discordant, split so that the models differ by
    # the resolution; 2,000 repetitions: 3 sqrt(0.8 x 0.2 / 2000) = 0.027.
    n, share = 2000, 0.1
    found = resolution(judged([1] * 200 + [0] * 1800, [[1.0, 0.0]] * n), LEVEL)
    assert found is not None
    better, worse = (share + found.difference) / 2, (share - found.difference) / 2
    rng = np.random.default_rng(0)
    n01, n10, _ = rng.multinomial(n, [better, worse, 1 - share], size=2000).T
    difference = (n01 - n10) / n
    se = np.sqrt(n01 + n10 - (n01 - n10) ** 2 / n) / n
    shown = difference - NormalDist().inv_cdf(0.975) * se > 0
    assert shown.mean() == pytest.approx(0.8, abs=0.027)


def test_no_difference_is_greater_than_the_rows_that_could_show_it() -> None:
    # 3 of 1,000 wrong: 2.8016² = 7.849 rows, all one way, where 2.8016 sqrt(3) = 4.85
    # rows would be more than the three that tell the models apart.
    n = 1000
    found = resolution(judged([1] * 3 + [0] * 997, [[1.0, 0.0]] * n), LEVEL)
    assert found is not None
    assert found.discordant_share == pytest.approx(0.0078489, abs=1e-7)
    assert found.difference == pytest.approx(found.discordant_share)
    assert found.one_way
    # Found in four of five cases by the interval of the verdict, 3 sigma = 0.027.
    fixes = np.random.default_rng(0).binomial(n, found.difference, size=2000)
    shown = [bonett_price(fix, 0, n, level=LEVEL)[0] > 0 for fix in fixes.tolist()]
    assert np.mean(shown) == pytest.approx(0.8, abs=0.027)


def test_two_models_wrong_on_most_rows_cannot_share_just_half_of_them() -> None:
    # 90 of 100 wrong: each is right on ten, so just one of the two on 20 at most, and
    # 2.8016 sqrt(20) / 100 = 0.12529.
    found = resolution(judged([1] * 90 + [0] * 10, [[1.0, 0.0]] * 100), LEVEL)
    assert found is not None
    assert found.discordant_share == 0.2
    assert found.difference == pytest.approx(0.12529, abs=1e-5)
    assert not found.one_way


def test_no_error_and_one_row_have_no_resolution() -> None:
    assert resolution(judged([0, 0], [[1.0, 0.0]] * 2), LEVEL) is None
    assert resolution(judged([1], [[1.0, 0.0]]), LEVEL) is None


def test_a_resolution_is_no_more_than_everything() -> None:
    found = resolution(judged([1, 0], [[1.0, 0.0]] * 2), LEVEL)
    assert found is not None
    assert found.difference == 1
