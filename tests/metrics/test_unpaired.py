"""Differences between models that were measured on different rows."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep

from pairs import make_pair
from reportgen.metrics import scores
from reportgen.metrics.measured import proportion
from reportgen.metrics.unpaired import square_and_add, unpaired_differences
from reportgen.record import Estimate, Sampling

SAMPLING = Sampling(replicates=50)


@pytest.mark.parametrize(
    ("successes", "low", "high"),
    [  # Newcombe 1998, table II, method 10: 56/70 - 48/80, 9/10 - 3/10, 10/10 - 0/10
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((10, 10, 0, 10), 0.6075, 1.0000),
    ],
)
def test_two_shares_have_newcombes_interval(
    successes: tuple[int, int, int, int], low: float, high: float
) -> None:
    new, n_new, old, n_old = successes
    found = square_and_add(proportion(old, n_old, 0.95), proportion(new, n_new, 0.95))
    assert found is not None
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(2, 500), st.integers(2, 500), st.floats(0, 1), st.floats(0, 1))
def test_two_shares_agree_with_statsmodels(
    n_old: int, n_new: int, old_share: float, new_share: float
) -> None:
    old, new = round(old_share * n_old), round(new_share * n_new)
    theirs = confint_proportions_2indep(new, n_new, old, n_old, method="newcomb")
    found = square_and_add(proportion(old, n_old, 0.95), proportion(new, n_new, 0.95))
    assert found is not None
    assert (found.low, found.high) == pytest.approx(theirs, abs=1e-9)


def test_an_even_interval_adds_variances() -> None:
    # ± 3 and ± 4 give ± 5.
    old = Estimate(10.0, 7.0, 13.0, 0.95, "any", 5)
    new = Estimate(11.0, 7.0, 15.0, 0.95, "any", 5)
    found = square_and_add(old, new, farthest=100.0)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((-4.0, 6.0))


def test_two_levels_give_no_interval() -> None:
    old, new = proportion(5, 10, 0.95), proportion(5, 10, 0.9)
    assert square_and_add(old, new) is None


def test_a_value_without_interval_gives_none() -> None:
    old, new = proportion(1, 1, 0.95), proportion(5, 10, 0.95)
    assert square_and_add(old, new) is None


def test_every_score_is_compared_by_its_key() -> None:
    pair = make_pair(200, 5)
    before, after = (scores(one, SAMPLING) for one in (pair.baseline, pair.candidate))
    found = unpaired_differences(before, after[::-1])
    assert [one.key for one in found] == [one.key for one in before]
    for one, old in zip(found, before, strict=True):
        if one.key == "ece":  # biased, and told below
            continue
        assert one.estimate is not None
        assert old.estimate is not None
        assert one.estimate.method == "square-and-add"
        assert one.estimate.n == 400
        assert one.baseline == old.estimate.value


def test_what_one_of_them_lacks_is_told() -> None:
    before = scores(make_pair(200, 5).baseline, SAMPLING)
    gone = dataclasses.replace(before[0], estimate=None, reason="not to be known")
    found = unpaired_differences(before[:2], (gone,))
    assert found[0].reason == "candidate: not to be known"
    assert found[1].reason == "not measured of the candidate"
    assert (
        unpaired_differences((gone,), before)[0].reason == "baseline: not to be known"
    )


def test_errors_of_calibration_are_not_set_beside_each_other() -> None:
    # Biased upward, by more on fewer rows: two calibrated models would seem to differ.
    pair = make_pair()
    both = [scores(one, SAMPLING) for one in (pair.baseline, pair.candidate)]
    [found] = [d for d in unpaired_differences(*both) if d.key == "ece"]
    assert found.estimate is None
    assert "biased upward" in (found.reason or "")
