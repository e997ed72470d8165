"""Confused pairs and the homogeneity of recalls."""

import numpy as np
import pytest
from scipy.stats import binomtest, chi2_contingency, fisher_exact
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from records import make_predictions
from reportgen.metrics.confusions import DRAWS, confused_pairs, homogeneity
from reportgen.predictions import Predictions
from reportgen.record import Sampling

LEVEL = 0.95


def from_counts(counts: list[list[int]]) -> Predictions:
    """Returns sure predictions with that confusion matrix."""
    matrix = np.array(counts)
    k = len(matrix)
    labels, predicted = np.divmod(np.repeat(np.arange(k * k), matrix.ravel()), k)
    row_ids = np.array([f"row {i}" for i in range(len(labels))])
    return Predictions(labels, np.eye(k)[predicted], tuple("abcdefgh"[:k]), row_ids)


# Between a and b: 10 + 3; a and c: 5 + 0; b and c: 15 + 5. Errors: 38.
COUNTS = [[20, 10, 5], [3, 30, 15], [0, 5, 40]]


def test_pairs_stand_by_errors_both_ways_with_the_commoner_way_first() -> None:
    pairs = confused_pairs(from_counts(COUNTS), 10, LEVEL)
    assert [(pair.first, pair.second, pair.count) for pair in pairs] == [
        ("b", "c", 20),
        ("a", "b", 13),
        ("a", "c", 5),
    ]
    assert pairs[0].first_as_second == 15
    assert pairs[0].second_as_first == 5


def test_the_commoner_way_may_start_at_the_higher_class() -> None:
    (pair,) = confused_pairs(from_counts([[5, 1], [4, 5]]), 10, LEVEL)
    assert (pair.first, pair.second) == ("b", "a")
    assert (pair.first_as_second, pair.second_as_first) == (4, 1)


def test_ties_go_to_the_lower_classes() -> None:
    pairs = confused_pairs(from_counts([[5, 1, 1], [1, 5, 0], [1, 2, 5]]), 10, LEVEL)
    assert [(pair.first, pair.second) for pair in pairs] == [
        ("a", "b"),
        ("a", "c"),
        ("c", "b"),
    ]


def test_no_more_pairs_are_listed_than_asked_for() -> None:
    pairs = confused_pairs(from_counts(COUNTS), 2, LEVEL)
    assert [pair.count for pair in pairs] == [20, 13]


def test_a_pair_without_errors_is_no_pair() -> None:
    assert confused_pairs(from_counts([[3, 0], [0, 4]]), 10, LEVEL) == ()


def test_shares_are_of_the_rows_of_the_class_with_wilson_intervals() -> None:
    pair = confused_pairs(from_counts(COUNTS), 10, LEVEL)[0]
    assert pair.first_share.value == 15 / 48
    assert (pair.first_share.low, pair.first_share.high) == pytest.approx(
        proportion_confint(15, 48, alpha=0.05, method="wilson")
    )
    assert pair.second_share is not None
    assert pair.second_share.value == 5 / 45


def test_a_class_without_rows_has_no_share() -> None:
    (pair,) = confused_pairs(from_counts([[5, 2], [0, 0]]), 10, LEVEL)
    assert pair.second_share is None


def test_shares_of_all_errors_count_both_ways() -> None:
    pairs = confused_pairs(from_counts(COUNTS), 10, LEVEL)
    assert [pair.share_of_errors for pair in pairs] == [20 / 38, 13 / 38, 5 / 38]


def test_directions_are_tested_as_scipy_does() -> None:
    for pair in confused_pairs(make_predictions(3000, 10), 45, LEVEL):
        expected = binomtest(pair.first_as_second, pair.count, 0.5).pvalue
        assert pair.direction_p == pytest.approx(expected)


def test_as_many_either_way_says_nothing_of_direction() -> None:
    (pair,) = confused_pairs(from_counts([[5, 3], [3, 5]]), 10, LEVEL)
    assert pair.direction_p == 1


def test_holm_is_over_the_pairs_listed_as_statsmodels_does_it() -> None:
    pairs = confused_pairs(make_predictions(3000, 10), 7, LEVEL)
    expected = multipletests([pair.direction_p for pair in pairs], method="holm")[1]
    assert [pair.direction_p_holm for pair in pairs] == pytest.approx(expected)


def test_homogeneity_is_pearsons_chi_squared() -> None:
    found = homogeneity(from_counts(COUNTS), Sampling())
    expected = chi2_contingency([[20, 30, 40], [15, 18, 5]])
    assert found is not None
    assert found.draws is None
    assert found.degrees_of_freedom == 2
    assert found.statistic == pytest.approx(expected.statistic)
    assert found.p_value == pytest.approx(expected.pvalue)


def test_small_expected_counts_are_simulated_close_to_the_exact_test() -> None:
    # Of 10 and 30 rows 4 and 1 are wrong, 1.25 and 3.75 expected. For two classes the
    # tables with given margins are few, and Fisher's exact test sums them up.
    found = homogeneity(from_counts([[6, 4], [1, 29]]), Sampling())
    assert found is not None
    assert found.draws == DRAWS
    exact = fisher_exact([[6, 4], [29, 1]]).pvalue
    error = np.sqrt(exact * (1 - exact) / DRAWS)
    assert found.p_value == pytest.approx(exact, abs=4 * error + 1 / DRAWS)


def test_the_simulation_repeats_and_follows_the_seed() -> None:
    predictions = from_counts([[6, 4], [1, 29]])
    once, again, other = (
        homogeneity(predictions, Sampling(seed=seed)) for seed in (1, 1, 2)
    )
    assert once == again
    assert once != other


def test_a_simulated_p_value_is_never_nought() -> None:
    # All 4 rows of the first class are wrong, none of 996 others: 1 table in 4e10.
    found = homogeneity(from_counts([[0, 4], [0, 996]]), Sampling())
    assert found is not None
    assert found.p_value == pytest.approx(1 / (1 + DRAWS))


def test_equal_recalls_are_homogeneous_by_simulation_too() -> None:
    found = homogeneity(from_counts([[9, 1], [1, 9]]), Sampling())
    assert found is not None
    assert found.statistic == 0
    assert found.p_value == 1


def test_a_class_without_rows_is_not_compared() -> None:
    two = homogeneity(from_counts([[20, 10], [15, 30]]), Sampling())
    three = homogeneity(from_counts([[20, 10, 0], [15, 30, 0], [0, 0, 0]]), Sampling())
    assert two == three


@pytest.mark.parametrize(
    "counts",
    [
        pytest.param([[5, 3], [0, 0]], id="one class present"),
        pytest.param([[5, 0], [0, 3]], id="no row wrong"),
        pytest.param([[0, 5], [3, 0]], id="no row right"),
    ],
)
def test_without_two_sides_there_is_nothing_to_compare(
    counts: list[list[int]],
) -> None:
    assert homogeneity(from_counts(counts), Sampling()) is None


def test_equal_classes_are_called_different_in_one_of_twenty_cases() -> None:
    # Simulated p-values at an expected 2 errors a class: at most 5 % under 0.05, but
    # for the error of 300 repetitions, 3 sqrt(0.05 x 0.95 / 300) = 0.038.
    rng = np.random.default_rng(0)
    found = []
    for _ in range(300):
        wrong = rng.binomial(40, 0.05, size=4).tolist()
        counts = [[40 - wrong[0], wrong[0], 0, 0], [wrong[1], 40 - wrong[1], 0, 0]]
        counts += [[0, 0, 40 - wrong[2], wrong[2]], [0, 0, wrong[3], 40 - wrong[3]]]
        outcome = homogeneity(from_counts(counts), Sampling())
        found.append(outcome is not None and outcome.p_value <= 0.05)
    assert np.mean(found) <= 0.05 + 0.038
