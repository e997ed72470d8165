"""Certified thresholds."""

import numpy as np
import pytest
from numpy.typing import NDArray
from statsmodels.stats.proportion import proportion_confint

from reportgen.metrics.certificates import (
    TARGETS,
    Steps,
    acceptance_steps,
    certificates,
    fewest_rows,
)
from reportgen.metrics.intervals import clopper_pearson_upper

LEVEL = 0.95


def in_order(wrong: list[int]) -> Steps:
    """Returns the steps of rows with margins n, n - 1 .. 1."""
    margin = np.arange(len(wrong), 0, -1, dtype=np.float64)
    return acceptance_steps(margin, np.array(wrong) > 0)


def calibrated(n: int, rng: np.random.Generator) -> tuple[NDArray[np.float64], Steps]:
    """Returns margins and steps of n rows that are right as often as they say."""
    margin = rng.normal(4, 2, size=n)
    wrong = rng.random(n) > 1 / (1 + np.exp(-margin))
    return margin, acceptance_steps(margin, wrong)


def walked(steps: Steps, target: float) -> int | None:
    """Returns the rows accepted by the definition, step by step."""
    passed = None
    for accepted, errors in zip(
        steps.accepted.tolist(), steps.errors.tolist(), strict=True
    ):
        if accepted < fewest_rows(target, LEVEL):
            continue
        if clopper_pearson_upper(errors, accepted, LEVEL) > target * (1 + 1e-12):
            break
        passed = accepted
    return passed


def test_tied_rows_are_one_step() -> None:
    steps = acceptance_steps(
        np.array([1.0, 3.0, 1.0, 2.0]), np.array([True, False, True, True])
    )
    assert steps.threshold.tolist() == [3, 2, 1]
    assert steps.accepted.tolist() == [1, 2, 4]
    assert steps.errors.tolist() == [0, 1, 3]
    assert steps.n == 4


@pytest.mark.parametrize("target", TARGETS)
def test_the_fewest_rows_pass_without_an_error_and_one_fewer_do_not(
    target: float,
) -> None:
    n = fewest_rows(target, LEVEL)
    assert clopper_pearson_upper(0, n, LEVEL) <= target
    assert clopper_pearson_upper(0, n - 1, LEVEL) > target


def test_the_walk_starts_at_the_fewest_rows_and_takes_all_without_an_error() -> None:
    # 59 rows without an error show at most 1 - 0.05^(1/59) = 4.95 %.
    loosest = certificates(in_order([0] * 59), in_order([0] * 10), LEVEL)[-1]
    assert loosest.target == 0.05
    assert (loosest.accepted, loosest.errors, loosest.threshold) == (59, 0, 1)
    assert loosest.bound == pytest.approx(1 - 0.05 ** (1 / 59))


def test_the_walk_stops_at_the_first_failure_even_where_later_steps_would_pass() -> (
    None
):
    # At 60 rows one is wrong, bound 7.7 %; at 1,000 it would be 0.47 %.
    validation = in_order([0] * 59 + [1] + [0] * 940)
    loosest = certificates(validation, in_order([0]), LEVEL)[-1]
    assert loosest.accepted == 59
    assert loosest.threshold == 1000 - 58


def test_too_few_rows_are_a_reason_with_what_they_could_show() -> None:
    # 1 - 0.05^(1/288) = 1.03 %.
    found = certificates(in_order([0] * 288), in_order([0]), LEVEL)
    assert found[2].target == 0.01
    assert found[2].reason == (
        "288 validation rows without an error could show no less than 1.03 %."
    )
    assert (found[2].threshold, found[2].accepted, found[2].bound) == (None, 0, None)
    assert found[3].reason is None


def test_an_error_among_the_surest_rows_is_a_reason() -> None:
    # 1 of 59: the bound is 7.78 %.
    validation = in_order([1] + [0] * 200)
    bound = proportion_confint(1, 59, alpha=0.1, method="beta")[1]
    loosest = certificates(validation, in_order([0]), LEVEL)[-1]
    assert loosest.reason == (
        "1 of the 59 most confident validation rows is wrong, which shows no less than "
        f"{100 * bound:.2f} %."
    )


def test_one_validation_row_certifies_nothing() -> None:
    # 1 - 0.05 = 95 %.
    found = certificates(in_order([0]), in_order([0]), LEVEL)
    assert {one.reason for one in found} == {
        "1 validation row without an error could show no less than 95 %."
    }


def test_all_rows_wrong_certify_nothing() -> None:
    found = certificates(in_order([1] * 4000), in_order([0]), LEVEL)
    assert all(one.threshold is None for one in found)


@pytest.mark.parametrize("seed", range(4))
def test_the_definition_step_by_step_accepts_the_same(seed: int) -> None:
    _, steps = calibrated(4000, np.random.default_rng(seed))
    for one in certificates(steps, steps, LEVEL):
        assert (one.accepted or None) == walked(steps, one.target)


def test_tied_rows_are_accepted_together_or_not_at_all() -> None:
    # 59 rows could pass, but the tie at the second margin brings 30 rows, 10 wrong.
    margin = np.repeat([2.0, 1.0], [70, 30])
    wrong = np.repeat([False, True], [90, 10])
    loosest = certificates(acceptance_steps(margin, wrong), in_order([0]), LEVEL)[-1]
    assert (loosest.accepted, loosest.threshold) == (70, 2)


def test_bounds_keep_the_target_and_agree_with_statsmodels() -> None:
    _, steps = calibrated(200_000, np.random.default_rng(7))
    found = certificates(steps, steps, LEVEL)
    assert [one.target for one in found] == list(TARGETS)
    for one in found:
        assert one.bound is not None
        assert one.bound <= one.target
        two_sided = proportion_confint(
            one.errors, one.accepted, alpha=0.1, method="beta"
        )
        assert one.bound == pytest.approx(two_sided[1])


def test_coverage_and_risk_are_those_of_the_test_rows() -> None:
    # Threshold 1: of the test margins 3, 2, 1, 0.5, 0 the first three are accepted.
    test = acceptance_steps(
        np.array([0.0, 1.0, 3.0, 2.0, 0.5]),
        np.array([True, True, False, False, False]),
    )
    loosest = certificates(in_order([0] * 59), test, LEVEL)[-1]
    assert loosest.threshold == 1
    assert loosest.coverage is not None
    assert loosest.risk is not None
    assert (loosest.coverage.value, loosest.coverage.n) == (3 / 5, 5)
    assert (loosest.risk.value, loosest.risk.n) == (1 / 3, 3)


def test_where_no_test_row_is_accepted_there_is_no_risk() -> None:
    test = acceptance_steps(np.array([0.0, 0.5]), np.array([False, True]))
    loosest = certificates(in_order([0] * 59), test, LEVEL)[-1]
    assert loosest.coverage is not None
    assert loosest.coverage.value == 0
    assert loosest.risk is None


def test_a_stricter_level_accepts_no_more() -> None:
    _, steps = calibrated(20_000, np.random.default_rng(8))
    for sure, surer in zip(
        certificates(steps, steps, 0.9), certificates(steps, steps, 0.99), strict=True
    ):
        assert surer.accepted <= sure.accepted


def test_a_certified_threshold_breaks_its_target_in_one_of_twenty_cases_at_most() -> (
    None
):
    # The true error above each margin, from two million rows' own probabilities.
    rng = np.random.default_rng(11)
    margins = np.sort(rng.normal(4, 2, size=2_000_000))[::-1]
    error = np.cumsum(1 / (1 + np.exp(margins))) / np.arange(1, len(margins) + 1)
    repetitions = 600
    broken = dict.fromkeys(TARGETS, 0)
    for _ in range(repetitions):
        _, steps = calibrated(4000, rng)
        for one in certificates(steps, steps, LEVEL):
            if one.threshold is not None:
                place = np.searchsorted(-margins, -one.threshold, side="right") - 1
                broken[one.target] += bool(error[place] > one.target)
    # 3 sqrt(0.05 x 0.95 / 600) = 0.027
    assert all(count / repetitions <= 0.05 + 0.027 for count in broken.values()), broken
    assert broken[0.05] > 0  # the walk does not buy its guarantee by standing still
