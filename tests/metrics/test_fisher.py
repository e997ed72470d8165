"""Fisher's exact test of a part and the rest."""

from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from reportgen.metrics.fisher import fisher_exact


def test_the_lady_tasting_tea() -> None:
    # Of 8 cups 4 are chosen, 3 of them rightly. Numbers right among 4 have chances
    # 1, 16, 36, 16, 1 of 70; those at most as likely as 16: 34 / 70.
    assert fisher_exact((3, 4), (4, 8)) == pytest.approx(34 / 70, rel=1e-12)


def test_all_right_or_all_wrong_tells_nothing() -> None:
    assert fisher_exact((5, 5), (20, 20)) == 1
    assert fisher_exact((0, 5), (0, 20)) == 1


def test_a_part_outside_of_the_whole_is_refused() -> None:
    with pytest.raises(ValueError, match="lie in the whole"):
        fisher_exact((5, 6), (4, 8))


@given(st.data())
def test_it_agrees_with_scipy(data: st.DataObject) -> None:
    total = data.draw(st.integers(2, 2000))
    n = data.draw(st.integers(1, total - 1))
    all_right = data.draw(st.integers(0, total))
    least, most = max(0, n - (total - all_right)), min(n, all_right)
    right = data.draw(st.integers(least, most))
    table = [[right, n - right], [all_right - right, total - n - all_right + right]]
    theirs = stats.fisher_exact(np.array(table)).pvalue
    assert fisher_exact((right, n), (all_right, total)) == pytest.approx(
        theirs, rel=1e-6, abs=1e-300
    )


def test_many_rows_lose_no_digits() -> None:
    # One error among a million rows lies in a part of a quarter: by chance 1 / 4.
    part, whole = (249_999, 250_000), (999_999, 1_000_000)
    assert fisher_exact(part, whole) == pytest.approx(0.25, rel=1e-12)


def test_right_and_wrong_may_change_places() -> None:
    one = fisher_exact((95, 100), (980, 1000))
    assert fisher_exact((5, 100), (20, 1000)) == pytest.approx(one, rel=1e-12)


@pytest.mark.parametrize("errors", [1, 3, 10, 140])
@pytest.mark.parametrize("n", [30, 700, 2800])
@pytest.mark.parametrize("level", [0.05, 0.01, 0.001])
def test_it_keeps_its_level_exactly(errors: int, n: int, level: float) -> None:
    # The chance of each table, summed over those that are rejected.
    total = 3500
    chances = [
        comb(errors, x) * comb(total - errors, n - x) / comb(total, n)
        for x in range(max(0, n + errors - total), min(errors, n) + 1)
    ]
    first = max(0, n + errors - total)
    rejected = sum(
        chance
        for x, chance in enumerate(chances, start=first)
        if fisher_exact((n - x, n), (total - errors, total)) <= level
    )
    assert rejected <= level * (1 + 1e-9)
