"""Fixes, regressions and McNemar's test."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom
from statsmodels.stats.contingency_tables import mcnemar as their_mcnemar

from pairs import hard, make_pair
from reportgen.errors import PredictionsError
from reportgen.metrics.intervals import wilson
from reportgen.metrics.paired import Pair
from reportgen.metrics.paired_counts import flips, mcnemar
from reportgen.predictions import Predictions
from reportgen.record.comparison import Flips, McNemar

COUNTS = st.integers(0, 400)


@pytest.mark.parametrize(
    ("fixes", "regressions", "exact_p", "mid_p"),
    [
        (1, 7, 0.0703125, 0.0390625),  # Fagerland, Lydersen and Laake 2013
        (7, 1, 0.0703125, 0.0390625),
        (5, 5, 1.0, 0.876953125),  # 1 - C(10, 5) / 2^10 / 2
        (0, 0, 1.0, 1.0),
        (5, 0, 0.0625, 0.03125),  # 2 / 2^5, and half of it
    ],
)
def test_mcnemar_matches_published_values_and_hand_arithmetic(
    fixes: int, regressions: int, exact_p: float, mid_p: float
) -> None:
    found = mcnemar(fixes, regressions)
    assert found.exact_p == pytest.approx(exact_p, abs=1e-15)
    assert found.mid_p == pytest.approx(mid_p, abs=1e-15)


@given(COUNTS, COUNTS)
def test_the_exact_test_is_that_of_statsmodels(fixes: int, regressions: int) -> None:
    theirs = their_mcnemar([[9, regressions], [fixes, 9]], exact=True).pvalue
    if fixes + regressions:
        found = mcnemar(fixes, regressions).exact_p
        assert found == pytest.approx(theirs, rel=1e-9)


@given(COUNTS, COUNTS)
def test_mid_p_takes_away_the_chance_of_what_was_seen(
    fixes: int, regressions: int
) -> None:
    found = mcnemar(fixes, regressions)
    seen = binom.pmf(min(fixes, regressions), fixes + regressions, 0.5)
    taken = seen / 2 if fixes == regressions else seen
    if fixes + regressions:
        assert found.mid_p == pytest.approx(found.exact_p - taken, abs=1e-12)


@given(COUNTS, COUNTS)
def test_which_model_is_named_first_changes_no_p_value(one: int, other: int) -> None:
    assert mcnemar(one, other) == mcnemar(other, one)


def test_a_million_changes_are_counted_without_overflow() -> None:
    # 1,000,000 coins, 2,000 off the middle: z = 4,000 / 1,000 = 4.
    found = mcnemar(502_000, 498_000)
    assert found.mid_p == pytest.approx(6.334e-5, rel=1e-3)


def test_rows_are_counted_by_hand() -> None:
    # Right and right, fixed, regressed, wrong alike, wrong in two ways.
    pair = hard([0, 0, 0, 0, 0], [0, 1, 0, 1, 1], [0, 0, 2, 1, 2], k=3)
    found = flips(pair, 0.95)
    assert (found.both_right, found.fixes, found.regressions) == (1, 1, 1)
    assert (found.both_wrong, found.both_wrong_apart) == (2, 1)
    assert (found.discordant, found.changed) == (2, 3)
    assert found.churn.value == 3 / 5
    assert (found.churn.low, found.churn.high) == wilson(3, 5, 0.95)


def test_a_model_beside_itself_changes_nothing() -> None:
    one = make_pair().baseline
    found = flips(Pair(one, one), 0.95)
    assert found.changed == 0
    assert found.churn.value == 0
    assert found.mcnemar == McNemar(1.0, 1.0)


def test_models_that_change_places_change_fixes_for_regressions() -> None:
    pair = make_pair()
    there = flips(pair, 0.95)
    back = flips(Pair(pair.candidate, pair.baseline), 0.95)
    assert (there.fixes, there.regressions) == (back.regressions, back.fixes)
    assert there.churn == back.churn


def test_other_rows_are_refused() -> None:
    with pytest.raises(PredictionsError, match="Received 10"):
        Pair(make_pair(20).baseline, make_pair(10).baseline)


def test_other_labels_are_refused_and_named() -> None:
    one, other = (make_pair(6, 2, seed=seed).baseline for seed in (0, 1))
    row = int(np.flatnonzero(one.y_true != other.y_true)[0])
    with pytest.raises(PredictionsError, match=f"'row {row}'"):
        Pair(one, other)


def test_classes_in_another_order_are_refused() -> None:
    one = make_pair(20).baseline
    turned = Predictions(one.y_true, one.y_proba, one.class_names[::-1], one.row_ids)
    with pytest.raises(PredictionsError, match="same order"):
        Pair(one, turned)


def test_rows_that_do_not_add_up_are_refused() -> None:
    churn = flips(make_pair(), 0.95).churn
    with pytest.raises(ValueError, match="add up"):
        Flips(10, 5, 2, 2, 2, 0, churn, McNemar(1.0, 1.0))
    with pytest.raises(ValueError, match="two ways"):
        Flips(11, 5, 2, 2, 2, 3, churn, McNemar(1.0, 1.0))
