"""Intervals of a difference between two models on the same rows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from reportgen.metrics.paired_counts import mcnemar
from reportgen.metrics.paired_intervals import (
    bonett_price,
    influence_difference,
    influence_interval,
)

Z = 1.959963984540054


def test_bonett_price_by_hand() -> None:
    # 9/100 and 3/100: 0.06 ± 1.96 sqrt((0.12 - 0.0036) / 100).
    half = Z * (0.1164 / 100) ** 0.5
    found = bonett_price(8, 2, 98, level=0.95)
    assert found == pytest.approx((0.06 - half, 0.06 + half), abs=1e-15)


def test_with_many_rows_it_is_the_paired_wald_interval() -> None:
    # (n01 - n10)/n ± z sqrt(n01 + n10 - (n01 - n10)²/n)/n, of 9,000 and 10,000 rows.
    n, gained, lost = 10**6, 10_000, 9_000
    half = Z * (gained + lost - (gained - lost) ** 2 / n) ** 0.5 / n
    found = bonett_price(gained, lost, n, level=0.95)
    assert found == pytest.approx((0.001 - half, 0.001 + half), abs=2e-8)


def test_without_a_change_the_interval_still_has_width() -> None:
    # One row of n + 2 each way: ± 1.96 sqrt(2) / 1000.
    low, high = bonett_price(0, 0, 998, level=0.95)
    assert high == pytest.approx(Z * 2**0.5 / 1000, abs=1e-15)
    assert low == -high


@given(st.integers(0, 50), st.integers(0, 50), st.integers(1, 500))
def test_models_that_change_places_mirror_the_interval(
    fixes: int, regressions: int, others: int
) -> None:
    n = fixes + regressions + others
    low, high = bonett_price(fixes, regressions, n, level=0.95)
    assert (-high, -low) == pytest.approx(
        bonett_price(regressions, fixes, n, level=0.95), abs=1e-15
    )
    assert -1 <= low <= high <= 1


def test_four_changes_all_one_way_are_no_proof() -> None:
    # A fair coin gives them one time in eight; the plain interval has 4 > 1.96 sqrt 4.
    assert bonett_price(4, 0, 10_000, level=0.95)[0] < 0
    assert bonett_price(6, 0, 10_000, level=0.95)[0] > 0  # one time in 32


@pytest.mark.parametrize("n", [1_000, 14_000])
def test_what_the_interval_shows_mcnemar_shows_too(n: int) -> None:
    for discordant in range(201):
        for fixes in range(discordant + 1):
            low, high = bonett_price(fixes, discordant - fixes, n, level=0.95)
            if low > 0 or high < 0:
                assert mcnemar(fixes, discordant - fixes).mid_p < 0.05


@pytest.mark.parametrize("one_way", [0.5, 0.75, 0.95])
@pytest.mark.parametrize("expected", [2, 5, 10, 20, 50])
def test_bonett_price_covers_at_least_as_it_says(expected: int, one_way: float) -> None:
    # Exactly, over all outcomes: discordant rows are binomial, and so are the fixes
    # among them. The plain interval covers 77 % of the first of these.
    n = 2_000
    share = expected / n
    truth = share * (2 * one_way - 1)
    covered = 0.0
    for discordant in range(expected * 4 + 20):
        fixes = np.arange(discordant + 1)
        chance = binom.pmf(discordant, n, share) * binom.pmf(fixes, discordant, one_way)
        for gained, weight in zip(fixes.tolist(), chance.tolist(), strict=True):
            low, high = bonett_price(gained, discordant - gained, n, level=0.95)
            covered += weight * (low <= truth <= high)
    assert covered > 0.945


def test_influence_values_of_shares_give_nearly_bonett_price() -> None:
    # Of d in -1, 0, 1: Q / S is 1, so that two rows are added; d is less its mean.
    changes = np.repeat([1.0, -1.0, 0.0], [8, 2, 9_990])
    value = float(changes.mean())
    found = influence_interval(value, changes - value, level=0.95)
    assert found is not None
    expected = bonett_price(8, 2, 10_000, level=0.95)
    assert (found.low, found.high) == pytest.approx(expected, abs=2e-7)


def test_an_interval_from_influence_values_by_hand() -> None:
    # S = 4 + 4 + 1 + 1 = 10, Q = 34: half = 1.96 sqrt(10 + 6.8) / 4.
    found = influence_interval(0.1, np.array([2.0, -2.0, 1.0, -1.0]), level=0.95)
    assert found is not None
    half = Z * 16.8**0.5 / 4
    assert (found.low, found.high) == pytest.approx((0.1 - half, 0.1 + half))


def test_bounds_stay_within_the_range() -> None:
    found = influence_interval(0.9, np.array([2.0, -2.0]), level=0.95, farthest=1.0)
    assert found is not None
    assert (found.low, found.high) == (-1.0, 1.0)


def test_rows_treated_alike_give_no_interval() -> None:
    assert influence_interval(0.0, np.zeros(5), level=0.95) is None
    assert influence_interval(0.0, np.array([1.0]), level=0.95) is None


def test_rounding_does_not_tell_models_apart() -> None:
    one = np.array([0.1, 0.2, 0.7])
    other = one + np.array([0.0, 1e-17, 1e-16])
    assert (influence_difference(one, other) == 0).all()
    moved = influence_difference(one, one + np.array([0.0, 0.0, 0.3]))
    assert moved == pytest.approx([-0.1, -0.1, 0.2])


def test_a_difference_lies_in_its_interval_at_any_level() -> None:
    # At 50 % the added rows alone would put 60 fixes of 60 at 0.946 to 0.989.
    assert bonett_price(60, 0, 60, level=0.5)[1] == 1
    assert bonett_price(0, 2, 3, level=0.5)[0] == pytest.approx(-2 / 3)
