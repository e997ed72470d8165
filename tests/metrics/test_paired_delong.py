"""Paired DeLong beside published values."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from reportgen.metrics.delong import placements
from reportgen.metrics.paired_delong import PairedAreas, paired_areas

# DeLong, DeLong and Clarke-Pearson 1988: patients with ovarian cancer, the 43 that have
# all three tests; albumin, total protein, K-G score, whether surgery did not help.
PATIENTS = """
3.0 5.8 10 0  3.2 6.3 5 1  3.9 6.8 3 1  2.8 4.8 6 0  3.2 5.8 3 1  0.9 4.0 5 0
2.5 5.7 8 0  1.6 5.6 5 1  3.8 5.7 5 1  3.7 6.7 6 1  3.2 5.4 4 1  3.8 6.6 6 1
4.1 6.6 5 1  3.6 5.7 5 1  4.3 7.0 4 1  3.6 6.7 4 0  2.3 4.4 6 1  4.2 7.6 4 0
4.0 6.6 6 0  3.5 5.8 6 1  3.8 6.8 7 1  3.0 4.7 8 0  4.5 7.4 5 1  3.7 7.4 5 1
3.1 6.6 6 1  4.1 8.2 6 1  4.3 7.0 5 1  4.3 6.5 4 1  3.2 5.1 5 1  2.6 4.7 6 1
3.3 6.8 6 0  1.7 4.0 7 0  3.7 6.1 5 1  3.3 6.3 7 1  4.2 7.7 6 1  3.5 6.2 5 1
2.9 5.7 9 0  2.1 4.8 7 1  2.8 6.2 8 0  4.0 7.0 7 1  3.3 5.7 6 1  3.7 6.9 5 1
3.6 6.6 5 1
"""
ALBUMIN, PROTEIN, K_G, HELPED = (
    np.array(PATIENTS.split(), dtype=np.float64).reshape(-1, 4).T
)


def against_k_g(test: NDArray[np.float64]) -> PairedAreas:
    """Returns the areas of the K-G score and of another test; low values are ill."""
    return paired_areas(HELPED == 0, K_G, -test)


@pytest.mark.parametrize(
    ("test", "difference", "standard_error", "chi_squared", "p_value"),
    [
        (ALBUMIN, 0.0108, 0.0953, 0.0127, 0.9102),
        (PROTEIN, -0.0780, 0.1046, 0.5554, 0.4561),
    ],
    ids=["albumin", "total protein"],
)
def test_the_ovarian_cancers_of_delong_1988(
    test: NDArray[np.float64],
    difference: float,
    standard_error: float,
    chi_squared: float,
    p_value: float,
) -> None:
    # To the four decimals that SAS/STAT's LOGISTIC prints of them.
    found = against_k_g(test)
    assert found.difference == pytest.approx(difference, abs=5e-5)
    assert found.standard_error == pytest.approx(standard_error, abs=5e-5)
    ratio = found.difference / found.standard_error
    assert ratio**2 == pytest.approx(chi_squared, abs=5e-5)
    assert found.p_value == pytest.approx(p_value, abs=5e-5)


@pytest.mark.parametrize(
    ("score", "area", "standard_error"),
    [(-ALBUMIN, 0.7366, 0.0927), (-PROTEIN, 0.6478, 0.1000), (K_G, 0.7258, 0.1028)],
    ids=["albumin", "total protein", "K-G"],
)
def test_the_areas_of_delong_1988(
    score: NDArray[np.float64], area: float, standard_error: float
) -> None:
    found = placements(HELPED == 0, score)
    assert found.area == pytest.approx(area, abs=5e-5)
    assert found.standard_error == pytest.approx(standard_error, abs=5e-5)


def two_scores(
    seed: int,
) -> tuple[NDArray[np.bool_], NDArray[np.float64], NDArray[np.float64]]:
    """Returns rows of two sides with two related scores, often tied."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(6, 50))
    is_class = rng.permutation(np.arange(n) < rng.integers(2, n - 1))
    first = rng.integers(0, 12, n) + 2.0 * is_class
    return is_class, first, first + rng.integers(-3, 4, n)


SEEDS = st.integers(0, 2**32 - 1)


@given(SEEDS)
def test_the_variance_is_both_less_twice_their_covariance(seed: int) -> None:
    is_class, first, second = two_scores(seed)
    found = paired_areas(is_class, first, second)
    n_class, n_rest = int(is_class.sum()), int((~is_class).sum())
    own = np.cov(found.baseline.of_class, found.candidate.of_class) / n_rest**2
    rest = np.cov(found.baseline.of_rest, found.candidate.of_rest) / n_class**2
    both = own / n_class + rest / n_rest  # (2, 2) covariance of the two areas
    expected = both[0, 0] + both[1, 1] - 2 * both[0, 1]
    assert found.standard_error**2 == pytest.approx(expected, abs=1e-12)


@given(SEEDS)
def test_scores_that_change_places_mirror_the_interval(seed: int) -> None:
    is_class, first, second = two_scores(seed)
    there = paired_areas(is_class, first, second).interval(0.95)
    back = paired_areas(is_class, second, first).interval(0.95)
    assert (there is None) == (back is None)
    if there and back:
        assert there.low == pytest.approx(-back.high, abs=1e-12)
        assert there.high == pytest.approx(-back.low, abs=1e-12)


@given(SEEDS)
def test_an_increasing_transform_of_either_score_changes_nothing(seed: int) -> None:
    is_class, first, second = two_scores(seed)
    plain = paired_areas(is_class, first, second)
    moved = paired_areas(is_class, np.exp2(first), second * 3 - 5)
    assert plain.difference == moved.difference
    assert plain.interval(0.9) == moved.interval(0.9)


def test_the_interval_adds_two_rows_to_delongs_variance() -> None:
    # Of four rows, as in the doctest: of the class's placements one rises by 1 of 2,
    # likewise outside. Each deviates by 1/4, over two rows 1/8: Q = 4 / 8^4 = 1 / 1024,
    # V = 1/8, and V + 2 Q / V = 9/64. 0.25 ± 1.96 · 3/8, above 1/4 + 0.735 = 0.985.
    is_class = np.array([False, False, True, True])
    found = paired_areas(
        is_class, np.array([0.1, 0.4, 0.35, 0.8]), np.array([0.1, 0.3, 0.35, 0.8])
    ).interval(0.95)
    assert found is not None
    half = 1.959963984540054 * 3 / 8
    assert (found.low, found.high) == pytest.approx((0.25 - half, 0.25 + half))


def test_a_score_beside_itself_has_neither_interval_nor_p_value() -> None:
    found = paired_areas(HELPED == 0, K_G, K_G)
    assert found.difference == 0
    assert found.standard_error == 0
    assert found.p_value is None
    assert found.interval(0.95) is None


def test_one_row_on_a_side_gives_no_interval() -> None:
    lonely = np.arange(5) < 1
    score = np.array([0.5, 0.1, 0.7, 0.2, 0.9])
    found = paired_areas(lonely, score, score**2 - score)
    assert found.interval(0.95) is None


def test_the_interval_is_wider_than_delongs_but_hardly_with_many_rows() -> None:
    rng = np.random.default_rng(0)
    is_class = np.arange(4000) < 2000
    first = rng.normal(size=4000) + is_class
    found = paired_areas(is_class, first, first + rng.normal(size=4000))
    interval = found.interval(0.95)
    assert interval is not None
    ratio = (interval.high - interval.low) / (3.919927969 * found.standard_error)
    assert 1 < ratio < sqrt(1.002)
