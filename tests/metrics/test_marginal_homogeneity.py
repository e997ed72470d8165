"""Stuart and Maxwell's test beside published values and statsmodels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2
from statsmodels.stats.contingency_tables import SquareTable

from pairs import hard, make_pair
from reportgen.metrics.marginal_homogeneity import (
    marginal_homogeneity,
    stuart_maxwell,
)
from reportgen.metrics.paired import Pair, crossed
from reportgen.metrics.paired_counts import mcnemar
from reportgen.record import Sampling

SAMPLING = Sampling()

VISION = np.array(
    [
        [1520, 266, 124, 66],
        [234, 1512, 432, 78],
        [117, 362, 1772, 205],
        [36, 82, 179, 492],
    ]
)
"""Right and left eye of 7,477 women, the table of Stuart 1955."""


def test_the_eyes_of_stuart_1955() -> None:
    found = stuart_maxwell(VISION, SAMPLING)
    assert found is not None
    assert found.statistic == pytest.approx(11.96, abs=0.005)  # as he prints it
    assert found.degrees_of_freedom == 3
    assert found.draws is None


@given(st.integers(0, 2**32 - 1), st.integers(2, 8))
def test_full_tables_agree_with_statsmodels(seed: int, k: int) -> None:
    table = np.random.default_rng(seed).integers(10, 60, (k, k))
    theirs = SquareTable(table, shift_zeros=False).homogeneity()
    found = stuart_maxwell(table, SAMPLING)
    assert found is not None
    assert found.statistic == pytest.approx(theirs.statistic, rel=1e-9, abs=1e-9)
    assert found.degrees_of_freedom == theirs.df == k - 1
    assert found.p_value == pytest.approx(theirs.pvalue, rel=1e-9)


def test_a_class_without_changes_is_left_out() -> None:
    # As if the table had three classes: statsmodels cannot invert the matrix of four.
    table = np.array([[9, 0, 40, 20], [0, 5, 0, 0], [20, 0, 9, 30], [30, 0, 10, 9]])
    kept = np.ix_([0, 2, 3], [0, 2, 3])
    theirs = SquareTable(table[kept], shift_zeros=False).homogeneity()
    found = stuart_maxwell(table, SAMPLING)
    assert found is not None
    assert found.degrees_of_freedom == 2
    assert found.statistic == pytest.approx(theirs.statistic, rel=1e-12)


def test_groups_of_classes_without_changes_between_them_add_up() -> None:
    # Two tables of two classes: (30 - 10)² / 40 + (12 - 8)² / 20 = 10 + 0.8.
    table = np.array([[5, 0, 30, 0], [0, 5, 0, 12], [10, 0, 5, 0], [0, 8, 0, 5]])
    found = stuart_maxwell(table, SAMPLING)
    assert found is not None
    assert found.statistic == pytest.approx(10.8, abs=1e-12)
    assert found.degrees_of_freedom == 2
    assert found.p_value == pytest.approx(chi2.sf(10.8, 2), rel=1e-9)


def test_few_changes_between_two_classes_have_the_exact_p_value() -> None:
    # Of 1 and 7: P(at most 1 or at least 7 of 8) = 18 / 256, as the exact McNemar test.
    found = stuart_maxwell(np.array([[20, 1], [7, 20]]), SAMPLING)
    assert found is not None
    assert found.draws == 10_000
    error = (0.07 * 0.93 / 10_000) ** 0.5
    assert found.p_value == pytest.approx(mcnemar(1, 7).exact_p, abs=4 * error)


def test_simulation_and_distribution_agree() -> None:
    # Beside the eyes stand two classes with three changes between them, so that all is
    # simulated. Those add (2 - 1)² / 3, with chance 1/4 (3 - 0)² / 3 = 3 instead.
    table = np.zeros((6, 6), dtype=np.int64)
    table[:4, :4] = VISION
    table[4, 5], table[5, 4] = 2, 1
    found, alone = (stuart_maxwell(one, SAMPLING) for one in (table, VISION))
    assert found is not None
    assert alone is not None
    assert found.draws == 10_000
    assert found.statistic == pytest.approx(alone.statistic + 1 / 3, rel=1e-12)
    eyes = found.statistic - np.array([1 / 3, 3])
    expected = float(np.array([0.75, 0.25]) @ chi2.sf(eyes, 3))
    error = (expected / 10_000) ** 0.5
    assert found.p_value == pytest.approx(expected, abs=4 * error)


def test_the_same_predictions_have_no_test() -> None:
    one = make_pair().baseline
    assert marginal_homogeneity(Pair(one, one), SAMPLING) is None


def test_models_that_change_places_have_the_same_test() -> None:
    pair = make_pair(2000)
    back = marginal_homogeneity(Pair(pair.candidate, pair.baseline), SAMPLING)
    there = marginal_homogeneity(pair, SAMPLING)
    assert there is not None
    assert back is not None
    assert there.statistic == pytest.approx(back.statistic, rel=1e-12)


def test_the_baseline_stands_in_the_rows() -> None:
    pair = hard([0, 0, 0], [0, 1, 1], [0, 2, 2], k=3)
    table = crossed(pair.before, pair.after, pair.k)
    assert table.tolist() == [[1, 0, 0], [0, 0, 2], [0, 0, 0]]
