"""What is said where a score or its interval is undefined."""

import numpy as np
import pytest
from numpy.typing import ArrayLike

from reportgen.metrics import scores
from reportgen.metrics.per_class import class_scores
from reportgen.predictions import Predictions
from reportgen.record import ClassScores, Sampling, Score

SAMPLING = Sampling(replicates=50)

PERFECT = "no errors: nothing tells how far it may move; see accuracy"
CONSTANT = "constant predictor: every row is predicted as the same class"


def rows(y_true: ArrayLike, y_proba: ArrayLike) -> Predictions:
    """Returns predictions of those labels and probabilities."""
    proba = np.array(y_proba, dtype=np.float64)
    names = tuple("abcdefg"[: proba.shape[1]])
    return Predictions(
        np.array(y_true), proba, names, np.arange(len(proba)).astype(np.str_)
    )


def sure(y_true: list[int], y_pred: list[int], k: int) -> Predictions:
    """Returns predictions that put 0.9 on one class."""
    proba = np.eye(k)[y_pred] * (0.9 - 0.1 / (k - 1)) + 0.1 / (k - 1)
    return rows(y_true, proba)


def by_key(predictions: Predictions) -> dict[str, Score]:
    """Returns the scores by key."""
    return {score.key: score for score in scores(predictions, SAMPLING)}


def classes(predictions: Predictions) -> tuple[ClassScores, ...]:
    """Returns the scores of each class."""
    return class_scores(predictions, SAMPLING)


def without_interval(score: Score) -> str:
    """Returns the note of a value that has no interval."""
    assert score.estimate is not None
    assert score.estimate.low is None
    assert score.estimate.method == "none"
    assert score.note is not None
    return score.note


def test_a_class_without_rows_is_left_out_of_means_with_a_note() -> None:
    p = sure([0, 0, 0, 1, 1, 1] * 5, [0, 0, 1, 1, 1, 0] * 5, 3)
    found = by_key(p)
    for key in ("precision_macro", "f1_macro", "recall_macro", "roc_auc_ovr"):
        assert found[key].note == "over 2 of 3 classes"
        estimate = found[key].estimate
        assert estimate is not None
        assert estimate.low is not None
    # Both recalls are 2/3, both precisions as well.
    assert found["f1_macro"].estimate is not None
    assert found["f1_macro"].estimate.value == pytest.approx(2 / 3, abs=1e-12)


def test_a_class_without_rows_has_reasons_instead_of_scores() -> None:
    absent = classes(sure([0, 0, 1, 1], [0, 1, 1, 0], 3))[2]
    assert (absent.recall.estimate, absent.recall.reason) == (None, "0 rows")
    assert (absent.f1.estimate, absent.f1.reason) == (None, "0 rows")
    assert absent.precision.reason == "never predicted"
    assert absent.roc_auc.reason == "0 rows of this class"
    assert absent.average_precision.reason == "0 rows of this class"


def test_a_class_never_predicted_counts_as_zero_with_a_note() -> None:
    # Precisions: class a 4/8, class b none.
    found = by_key(sure([0] * 4 + [1] * 4, [0] * 8, 2))["precision_macro"]
    assert found.estimate is not None
    assert found.estimate.value == 0.25
    assert found.estimate.low is not None
    assert found.note == "1 never predicted, precision counted as 0"


def test_labels_of_one_class_leave_accuracy_and_log_loss_standing() -> None:
    found = by_key(sure([0, 0, 0, 0], [0, 0, 1, 0], 2))
    for key in (
        "roc_auc_ovr",
        "average_precision_macro",
        "cohen_kappa",
        "matthews_corrcoef",
    ):
        assert found[key].estimate is None
        assert found[key].reason == "y_true holds one class only"
    for key in ("accuracy", "log_loss", "brier_score"):
        estimate = found[key].estimate
        assert estimate is not None
        assert estimate.low is not None


def test_labels_of_one_class_have_no_ranking_of_that_class() -> None:
    only = classes(sure([0, 0, 0], [0, 0, 1], 2))[0]
    assert only.roc_auc.reason == "0 rows of other classes"
    assert only.average_precision.reason == "0 rows of other classes"


@pytest.mark.parametrize("key", ["cohen_kappa", "matthews_corrcoef"])
def test_a_constant_predictor_agrees_no_more_than_chance(key: str) -> None:
    found = by_key(sure([0, 1, 1, 2], [1, 1, 1, 1], 3))[key]
    assert found.estimate is not None
    assert found.estimate.value == 0
    assert without_interval(found) == CONSTANT


def test_tied_scores_have_an_area_of_one_half_and_bounds_around_it() -> None:
    p = rows([0, 1, 0, 1, 1], np.full((5, 2), 0.5))
    for one in classes(p):
        assert one.roc_auc.estimate is not None
        assert one.roc_auc.estimate.value == 0.5
        assert one.roc_auc.estimate.method == "Newcombe"
    three = rows([0, 1, 2, 0, 1, 2], np.full((6, 3), 1 / 3))
    assert "no two rows" in without_interval(by_key(three)["roc_auc_ovr"])


def test_a_perfect_ranking_is_not_called_a_tied_one() -> None:
    found = by_key(sure([0, 1, 2, 0, 1, 2], [0, 1, 2, 0, 1, 2], 3))["roc_auc_ovr"]
    assert without_interval(found) == "a perfect ranking: see the classes for bounds"


def test_no_chance_for_the_true_class_is_clipped_with_a_note() -> None:
    found = by_key(rows([0, 1, 1], [[1.0, 0.0], [1.0, 0.0], [0.3, 0.7]]))["log_loss"]
    assert found.estimate is not None
    # -(log 1 + log 1e-15 + log 0.7) / 3
    expected = -(np.log(1e-15) + np.log(0.7)) / 3
    assert found.estimate.value == pytest.approx(expected, abs=1e-12)
    assert found.note == "1 row clipped at 1e-15"


def test_one_row_has_numbers_without_intervals_and_says_so() -> None:
    found = by_key(rows([1], [[0.1, 0.6, 0.1, 0.2]]))
    for key in (
        "accuracy",
        "f1_macro",
        "precision_weighted",
        "log_loss",
        "brier_score",
        "top_3_accuracy",
    ):
        assert "one row: no interval" in without_interval(found[key]), key


def test_a_class_of_one_row_has_a_recall_without_an_interval() -> None:
    one = classes(sure([0, 0, 0, 1], [0, 0, 1, 1], 2))[1]
    assert without_interval(one.recall) == "one row: no interval"
    assert without_interval(one.roc_auc) == "one row of this class: no interval"
    assert one.precision.estimate is not None
    assert one.precision.estimate.low is not None


def test_a_mean_area_with_a_class_of_one_row_has_no_interval() -> None:
    p = sure([0, 0, 0, 1, 1, 2], [0, 0, 1, 1, 1, 2], 3)
    assert "one row: no interval" in without_interval(by_key(p)["roc_auc_ovr"])


@pytest.mark.parametrize("k", [2, 3])
def test_as_many_places_as_classes_leave_top_three_out(k: int) -> None:
    found = by_key(sure([0, 1, 1], [0, 1, 0], k))["top_3_accuracy"]
    assert found.estimate is None
    assert found.reason == f"{k} classes make it 1 by definition"


def test_a_perfect_model_has_wilsons_accuracy_and_no_other_interval() -> None:
    found = by_key(sure([0, 1, 2] * 10, [0, 1, 2] * 10, 3))
    accuracy = found["accuracy"].estimate
    assert accuracy is not None
    assert accuracy.method == "Wilson"
    assert accuracy.high == 1
    for key in ("f1_macro", "precision_weighted", "cohen_kappa", "matthews_corrcoef"):
        assert without_interval(found[key]) == PERFECT
    for key in ("log_loss", "brier_score"):  # every row has the same probability
        assert "all rows have the same loss" in without_interval(found[key])


NEVER_RIGHT = "no row is right: nothing tells how far it may move; see accuracy"


@pytest.mark.parametrize("key", ["log_loss", "brier_score"])
def test_losses_without_an_error_say_what_they_cannot_know(key: str) -> None:
    spread = np.linspace(0.6, 0.99, 40)
    proba = np.stack([spread, 1 - spread], axis=1)
    right, wrong = np.zeros(40, int), np.arange(40) // 39
    assert by_key(rows(right, proba))[key].note == (
        "no errors: what a wrong row would add is not in it"
    )
    assert by_key(rows(wrong, proba))[key].note is None


def test_a_model_that_is_never_right_says_so() -> None:
    found = by_key(sure([0, 1, 2], [1, 2, 0], 3))
    assert without_interval(found["f1_macro"]) == NEVER_RIGHT


@pytest.mark.parametrize("key", ["cohen_kappa", "matthews_corrcoef"])
def test_margins_alone_are_no_interval_of_agreement(key: str) -> None:
    # Kappa is below 0 by what chance gives, which classes of unlike size vary.
    y_true, y_pred = [0] * 40 + [1] * 30 + [2] * 20, [1] * 25 + [2] * 15 + [0] * 50
    assert without_interval(by_key(sure(y_true, y_pred, 3))[key]) == NEVER_RIGHT


def test_weighted_recall_has_the_interval_of_accuracy() -> None:
    found = by_key(sure([0, 1, 1, 0, 1], [0, 1, 0, 0, 1], 2))
    assert found["recall_weighted"].estimate == found["accuracy"].estimate
