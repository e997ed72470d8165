"""Slices by hand, planted ones found, and no more false ones than promised."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import false_discovery_control
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep

from reportgen.metrics.multiple import benjamini_hochberg
from reportgen.metrics.slices import MOST_COLUMNS, slices
from reportgen.predictions import Column, Predictions
from reportgen.record import Sampling, Slices

SAMPLING = Sampling(replicates=50)


def predicted(right: NDArray[np.bool_], *columns: Column) -> Predictions:
    """Returns rows of two classes that are right where that is said."""
    y_true = np.zeros(len(right), dtype=np.int64)
    y_proba = np.where(right[:, None], [0.9, 0.1], [0.1, 0.9])
    ids = np.array([f"row {row}" for row in range(len(right))])
    return Predictions(y_true, y_proba, ("a", "b"), ids, columns=columns)


def sliced(right: NDArray[np.bool_], *columns: Column) -> Slices:
    """Returns the slices of rows with columns."""
    found = slices(predicted(right, *columns), SAMPLING)
    assert found is not None
    return found


def column(values: Any, name: str = "camera") -> Column:
    return Column(name, np.array(values))


def test_p_values_by_hand() -> None:
    # Sorted 0.01, 0.02, 0.04, 0.5 times 4 / 1, 4 / 2, 4 / 3, 4 / 4: 0.04, 0.04,
    # 0.0533, 0.5; none may exceed the one behind it.
    found = benjamini_hochberg([0.5, 0.02, 0.04, 0.01])
    assert found == pytest.approx([0.5, 0.04, 0.16 / 3, 0.04])


def test_no_p_values_are_none() -> None:
    assert benjamini_hochberg([]) == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_adjusted_p_values_agree_with_scipy_and_statsmodels(p: list[float]) -> None:
    found = benjamini_hochberg(p)
    assert found == pytest.approx(false_discovery_control(p), abs=1e-12)
    assert found == pytest.approx(multipletests(p, method="fdr_bh")[1], abs=1e-12)
    assert all(q >= one for q, one in zip(found, p, strict=True))


def test_slices_by_hand() -> None:
    # Of 40 rows of camera A 30 are right, of 60 rows of B 57: 0.75 - 0.95 = -0.2.
    right = np.arange(100) % 40 < 30
    right[40:] = np.arange(60) < 57
    found = sliced(right, column(["A"] * 40 + ["B"] * 60))
    one, other = found.slices
    assert (str(one.label), one.n, one.correct) == ("A", 40, 30)
    assert (str(other.label), other.n, other.correct) == ("B", 60, 57)
    assert one.accuracy.value == 0.75
    assert one.difference.value == pytest.approx(-0.2)
    assert other.difference.value == pytest.approx(0.2)
    assert one.p_value == pytest.approx(other.p_value)
    theirs = confint_proportions_2indep(30, 40, 57, 60, method="newcomb")
    assert (one.difference.low, one.difference.high) == pytest.approx(theirs)


def test_nothing_known_of_the_rows_is_no_slice() -> None:
    assert slices(predicted(np.ones(100, dtype=bool)), SAMPLING) is None


def test_a_slice_of_few_rows_is_counted_but_not_looked_at() -> None:
    right = np.arange(100) > 3
    found = sliced(right, column(["A"] * 71 + ["B"] * 29))
    assert [one.n for one in found.slices] == [71]
    assert found.too_small == 1


def test_a_column_of_one_value_is_named_with_its_reason() -> None:
    found = sliced(np.arange(60) > 3, column(["A"] * 60))
    assert found.slices == ()
    assert [(o.key, o.reason) for o in found.skipped] == [
        ("camera", "all rows have one value")
    ]


def test_columns_behind_many_are_named_too() -> None:
    halves = np.arange(60) % 2
    columns = [column(halves, f"c{i}") for i in range(MOST_COLUMNS + 2)]
    found = sliced(np.arange(60) > 3, *columns)
    assert len(found.slices) == 2 * MOST_COLUMNS
    assert [omission.key for omission in found.skipped] == ["c50", "c51"]


def test_a_perfect_model_has_no_slice_that_stands_out() -> None:
    found = sliced(np.ones(60, dtype=bool), column([0, 1] * 30))
    assert [one.p_value_adjusted for one in found.slices] == [1, 1]
    assert found.survivors == ()


def random_columns(n: int, rng: np.random.Generator) -> tuple[Column, ...]:
    """Returns correlated numbers, skewed texts and rare missing values."""
    ink = rng.normal(size=n)
    width = ink + 0.5 * rng.normal(size=n)
    width[rng.random(n) < 0.02] = np.nan
    site = rng.choice(
        ["A", "B", "C", "D", "E", "F"], n, p=[0.5, 0.3, 0.1, 0.05, *[0.025] * 2]
    )
    return (
        column(ink, "ink"),
        column(width, "width"),
        column(np.round(np.abs(ink), 1), "tied"),
        column(site, "site"),
    )


def test_a_planted_slice_is_found_and_the_others_are_not() -> None:
    rng = np.random.default_rng(0)
    columns = random_columns(4000, rng)
    planted = columns[3].values == "C"
    right = rng.random(4000) > np.where(planted, 0.08, 0.02)
    found = sliced(right, *columns)
    assert [(one.column, one.value) for one in found.survivors] == [("site", "C")]
    assert found.survivors[0].difference.value < 0


@pytest.mark.parametrize("errors", [8, 60, 400])
def test_false_discoveries_are_as_rare_as_promised(errors: int) -> None:
    # Errors fall anywhere: whatever survives is false, so the rate is the share of
    # runs with any. With 400 runs at exactly 5 %, more than 8 % has chance 0.004.
    rng = np.random.default_rng(7)
    columns = random_columns(2000, rng)
    right = np.arange(2000) >= errors
    runs = [sliced(rng.permutation(right), *columns) for _ in range(400)]
    assert np.mean([bool(run.survivors) for run in runs]) <= 0.08


def test_two_slices_that_share_out_all_rows_are_one_test() -> None:
    # Beside three cameras, two sites are one test more: four p-values, not five. Of
    # the sites' p and the three others, all greater, the adjusted is p times 4 / 1.
    right = np.arange(300) % 10 > 0
    right[:50] = np.arange(50) % 2 > 0
    site = column(np.where(np.arange(300) < 100, "A", "B"), "site")
    found = sliced(right, column(np.resize(["x", "y", "z"], 300)), site)
    one, other = found.slices[3:]
    assert one.p_value == other.p_value < min(s.p_value for s in found.slices[:3])
    assert one.p_value_adjusted == pytest.approx(4 * one.p_value)
    assert other.p_value_adjusted == one.p_value_adjusted
    assert found.looked_at == 5


def test_two_columns_that_each_halve_the_rows_are_two_tests() -> None:
    right = np.arange(200) % 3 > 0
    one = column(np.where(np.arange(200) < 100, "A", "B"), "one")
    same = column(np.where(np.arange(200) < 100, "A", "B"), "same")
    found = sliced(right, one, same)
    assert found.slices[0].p_value_adjusted == pytest.approx(found.slices[0].p_value)


def test_a_year_is_no_count() -> None:
    found = sliced(np.arange(100) % 3 > 0, column(np.resize([2023.0, 2024.0], 100)))
    assert [str(one.label) for one in found.slices] == ["2023", "2024"]
