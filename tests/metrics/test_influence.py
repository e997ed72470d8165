"""Influence values of the confusion matrix's scores."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from reportgen.metrics import influence
from reportgen.metrics.counts import TABLE_SCORES, TableScore
from reportgen.metrics.influence import standard_error
from reportgen.metrics.margins import Margins, margins_of

PUBLISHED = np.array([[20, 10, 5], [3, 30, 15], [0, 5, 40]])


def row(key: str) -> TableScore:
    """Returns the score of that key."""
    return next(score for score in TABLE_SCORES if score.key == key)


def table(seed: int) -> NDArray[np.int64]:
    """Returns the counts of 2 to 6 classes, all of them present and predicted."""
    rng = np.random.default_rng(seed)
    k = int(rng.integers(2, 7))
    return rng.integers(0, 9, (k, k)) + np.diag(rng.integers(1, 30, k))


def moved(score: TableScore, counts: NDArray[np.int64], i: int, j: int) -> float:
    """Returns the score's derivative by the weight of cell (i, j), times n.

    Central difference of whole counts: the matrix is scaled up by 10⁶ so that one row
    more or less is a small step; the shares' sum moves too, which centres the result.
    """
    scale = 10**6
    step = np.zeros_like(counts)
    step[i, j] = 100
    more = float(score.values(margins_of(counts * scale + step)))
    less = float(score.values(margins_of(counts * scale - step)))
    return (more - less) / 200 * int(counts.sum()) * scale


@pytest.mark.parametrize("score", TABLE_SCORES, ids=lambda score: score.key)
@given(seed=st.integers(0, 2**32 - 1))
def test_influence_is_the_derivative_by_the_rows_weights(
    score: TableScore, seed: int
) -> None:
    counts = table(seed)
    found = score.influence(counts)
    centred = found - (counts / counts.sum() * found).sum()
    for i, j in np.argwhere(counts > 0)[:6]:
        assert centred[i, j] == pytest.approx(moved(score, counts, i, j), abs=2e-3)


@pytest.mark.parametrize(
    "key",
    [
        "cohen_kappa",
        "matthews_corrcoef",
        "precision_macro",
        "recall_macro",
        "f1_macro",
        "precision_weighted",
        "f1_weighted",
    ],
)
@given(seed=st.integers(0, 2**32 - 1))
def test_a_class_without_rows_or_predictions_changes_no_standard_error(
    key: str, seed: int
) -> None:
    counts, score = table(seed), row(key)
    wider = np.pad(counts, (0, 1))
    expected = standard_error(counts, score.influence(counts))
    found = standard_error(wider, score.influence(wider))
    assert found == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("key", "error"),
    [
        ("cohen_kappa", 0.060757376075739646),
        ("matthews_corrcoef", 0.0594478483),
        # Of 128 rows 90 are right: sqrt(90/128 · 38/128 / 128).
        ("accuracy", (90 * 38 / 128**3) ** 0.5),
    ],
)
def test_standard_errors_of_the_published_matrix(key: str, error: float) -> None:
    found = standard_error(PUBLISHED, row(key).influence(PUBLISHED))
    assert found == pytest.approx(error, abs=1e-10)


def test_the_derivative_of_weighted_recall_is_that_of_accuracy() -> None:
    assert row("recall_weighted").influence is influence.accuracy


def test_macro_recall_has_the_spread_of_independent_proportions() -> None:
    # With the rows of each class given it is the mean of k proportions:
    # sqrt(Σ r (1 - r) / t) / k. The delta method adds nothing for the class sizes.
    support = PUBLISHED.sum(axis=1)
    recall = np.diag(PUBLISHED) / support
    expected = np.sqrt((recall * (1 - recall) / support).sum()) / 3
    found = standard_error(PUBLISHED, influence.recall_macro(PUBLISHED))
    assert found == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("score", TABLE_SCORES, ids=lambda score: score.key)
def test_a_perfect_model_has_a_standard_error_of_exactly_zero(
    score: TableScore,
) -> None:
    counts = np.diag([7, 5, 3])
    assert standard_error(counts, score.influence(counts)) == 0


@pytest.mark.parametrize("key", ["cohen_kappa", "matthews_corrcoef"])
def test_a_constant_predictor_has_an_agreement_that_cannot_move(key: str) -> None:
    counts = np.array([[7, 0, 0], [4, 0, 0], [2, 0, 0]])
    assert standard_error(counts, row(key).influence(counts)) == 0


@pytest.mark.parametrize("score", TABLE_SCORES, ids=lambda score: score.key)
def test_many_matrices_at_once_score_as_one_by_one(score: TableScore) -> None:
    tables = np.random.default_rng(0).integers(0, 9, (20, 4, 4))
    together = score.values(
        Margins(
            correct=np.diagonal(tables, axis1=1, axis2=2),
            support=tables.sum(axis=2),
            predicted=tables.sum(axis=1),
        )
    )
    alone = [float(score.values(margins_of(one))) for one in tables]
    assert together == pytest.approx(alone, abs=1e-15, nan_ok=True)
