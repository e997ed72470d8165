"""How many more rows would settle it."""

from math import ceil, sqrt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from judged import make_estimate
from reportgen.metrics.delong import newcombe
from reportgen.metrics.intervals import effective_wilson, wilson
from reportgen.metrics.paired_intervals import bonett_price
from reportgen.record import Estimate
from reportgen.requirements.rows import more_rows


def wilson_estimate(right: int, n: int) -> Estimate:
    """Returns right / n with its Wilson interval."""
    low, high = wilson(right, n, 0.95)
    return make_estimate(right / n, low, high, method="Wilson", n=n)


def test_half_the_distance_takes_four_times_the_rows() -> None:
    # d = 0.1, g = 0.05: 100 (0.1 / 0.05)² = 400 rows in all, 300 more.
    assert more_rows(make_estimate(0.5, 0.4, 0.6), 0.45, None) == 300


def test_the_end_beyond_the_bound_counts() -> None:
    # Upwards d = 0.2, g = 0.1: 400 in all; downwards d = 0.1 and g = 0.08: 156.25.
    estimate = make_estimate(0.5, 0.4, 0.7)
    assert more_rows(estimate, 0.6, None) == 300
    assert more_rows(estimate, 0.42, None) == 57


def test_two_digits_are_told_rounded_up() -> None:
    # 100 (0.1 / 0.03)² = 1111.1, so 1,012 more: 1,100.
    assert more_rows(make_estimate(0.5, 0.4, 0.6), 0.47, None) == 1100


def test_a_value_on_its_bound_can_never_be_told() -> None:
    assert more_rows(make_estimate(0.5, 0.4, 0.6), 0.5, None) is None


def test_a_value_next_to_its_bound_cannot_be_told() -> None:
    assert more_rows(make_estimate(0.5, 0.4, 0.6), 0.5 + 1e-9, None) is None
    assert more_rows(make_estimate(0.0, -0.1, 0.1), 5e-324, None) is None


def test_without_an_interval_nothing_can_be_told() -> None:
    assert more_rows(make_estimate(1.0), 0.9, 0.0) is None


def test_wilsons_interval_is_taken_at_its_word_at_an_end() -> None:
    # 20 of 20: 3.8415 · 0.985 / 0.015 = 252.3 rows without an error, 233 more: 240.
    # By the distances alone it would be 20 (0.1611 / 0.015)² = 2,308 rows.
    assert more_rows(wilson_estimate(20, 20), 0.985, 0.0) == 240


@given(st.integers(2, 5000), st.data())
def test_with_so_many_rows_wilsons_interval_clears_the_bound(
    n: int, data: st.DataObject
) -> None:
    estimate = wilson_estimate(data.draw(st.integers(0, n)), n)
    assert estimate.low is not None
    assert estimate.high is not None
    bound = data.draw(st.floats(estimate.low, estimate.high))
    assume(abs(estimate.value - bound) > 1e-3)
    assume(0 < bound < 1)
    more = more_rows(estimate, bound, 0.0)
    assert more is not None
    low, high = wilson(estimate.value * (n + more), n + more, 0.95)
    assert low >= bound - 1e-12 or high <= bound + 1e-12


@given(st.floats(0.55, 0.99), st.floats(0.002, 0.02), st.floats(0.1, 0.9))
def test_so_does_the_interval_of_an_effective_number_of_rows(
    value: float, error: float, part: float
) -> None:
    # Kappa runs from -1. Its standard error shrinks with the square root of the rows.
    n = 1000
    interval = effective_wilson(value, error, 0.95, least=-1.0)
    assert interval is not None
    low, high = interval.low, interval.high
    estimate = make_estimate(value, low, high, method="influence values", n=n)
    bound = value + part * (low - value)
    more = more_rows(estimate, bound, -1.0)
    assert more is not None
    less = effective_wilson(value, error * sqrt(n / (n + more)), 0.95, least=-1.0)
    assert less is not None
    assert less.low >= bound - 1e-12


@given(st.integers(20, 500), st.data())
def test_so_does_that_of_f1(union: int, data: st.DataObject) -> None:
    def f1(share: float) -> float:
        return 2 * share / (1 + share)

    right = data.draw(st.integers(1, union - 1))
    low, high = map(f1, wilson(right, union, 0.95))
    value = f1(right / union)
    method = "Wilson of the union"
    estimate = make_estimate(value, low, high, method=method, n=union)
    bound = (value + high) / 2
    more = more_rows(estimate, bound, 0.0)
    assert more is not None
    rows = union + more
    assert f1(wilson(right / union * rows, rows, 0.95)[1]) <= bound + 1e-12


def test_an_area_of_one_asks_for_as_many_rows_as_its_interval_needs() -> None:
    # Newcombe's interval counts the rows of both sides; half of the rows are the
    # class's. By the distances alone 1,500 rows would be asked for.
    narrow = newcombe(1.0, 50, 50, 0.95)
    estimate = make_estimate(1.0, narrow.low, narrow.high, method="Newcombe", n=100)
    bound = 1 - (1 - narrow.low) / 4
    more = more_rows(estimate, bound, 0.0)
    assert more is not None
    side = (100 + more) // 2
    assert newcombe(1.0, side, side, 0.95).low >= bound
    assert newcombe(1.0, side * 9 // 10, side * 9 // 10, 0.95).low < bound


def test_a_great_area_asks_for_about_as_many_rows_as_its_interval_needs() -> None:
    # On the logit scale: 0.98 lies 1.695 above 0.9, its lower bound, and 0.947 above
    # 0.95: 100 (1.695 / 0.947)² = 320 rows in all. By the distances alone it would be
    # 100 (0.08 / 0.03)² = 711.
    estimate = make_estimate(0.98, 0.9, 0.996, method="DeLong")
    assert more_rows(estimate, 0.95, 0.0) == pytest.approx(220, rel=0.3)


@given(st.integers(100, 5000), st.floats(0.3, 0.97))
def test_no_more_are_asked_for_than_two_digits_cost(n: int, part: float) -> None:
    estimate = wilson_estimate(ceil(0.9 * n), n)
    assert estimate.low is not None
    bound = estimate.value + part * (estimate.low - estimate.value)
    more = more_rows(estimate, bound, 0.0)
    assert more is not None
    assume(more > 100)
    fewer = n + int(more / 1.1) - 2  # what 1,001 gains by becoming 1,100
    assert wilson(estimate.value * fewer, fewer, 0.95)[0] <= bound


@pytest.mark.parametrize(("n", "low"), [(0, 0.4), (-1, 0.4)])
def test_a_strangers_number_of_rows_breaks_nothing(n: int, low: float) -> None:
    assert more_rows(make_estimate(0.5, low, 0.6, n=n), 0.45, None) is None


def paired_estimate(fixes: int, regressions: int, n: int) -> Estimate:
    """Returns the difference of two accuracies with Bonett and Price's interval."""
    low, high = bonett_price(fixes, regressions, n, level=0.95)
    value = (fixes - regressions) / n
    return make_estimate(value, low, high, method="Bonett-Price", n=n)


def test_decisions_that_are_identical_ask_for_few_rows_more() -> None:
    # Without a changed row the interval is ± z sqrt(2 / (n + 2)) / sqrt(n + 2): it is
    # within 0.001 from n + 2 = 1.96 sqrt(2) / 0.001 = 2,771.8 rows on, which is 2,670
    # more than 100. By the square root of the rows 74,000 would be asked for.
    assert more_rows(paired_estimate(0, 0, 100), -0.001, None) == 2700


@given(st.integers(2, 3000), st.data())
def test_with_so_many_rows_the_paired_interval_clears_the_bound(
    n: int, data: st.DataObject
) -> None:
    fixes = data.draw(st.integers(0, n // 2))
    regressions = data.draw(st.integers(0, n // 2))
    estimate = paired_estimate(fixes, regressions, n)
    assert estimate.low is not None
    assert estimate.high is not None
    bound = data.draw(st.floats(estimate.low, estimate.value))
    assume(estimate.low + 1e-9 < bound < estimate.value - 1e-3)
    assume(estimate.low > -1 or estimate.high < 1)  # else nothing tells its width
    more = more_rows(estimate, bound, None)
    assert more is not None
    low = lower_end(fixes / n, regressions / n, n + more)
    assert low >= bound - 1e-9


def lower_end(fixed: float, lost: float, n: int) -> float:
    """Returns the lower end where so large a share of n rows changed."""
    gained, worse = (fixed * n + 1) / (n + 2), (lost * n + 1) / (n + 2)
    centre = gained - worse
    half = 1.959963984540054 * sqrt((gained + worse - centre**2) / (n + 2))
    return min(centre - half, fixed - lost)
