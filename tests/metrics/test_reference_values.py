"""Published values and values worked out by hand."""

import numpy as np
import pytest

from reportgen.metrics import METRICS, scores
from reportgen.metrics.counts import confusion_counts, matthews_corrcoef
from reportgen.metrics.per_class import class_scores
from reportgen.metrics.ranking import top_k_accuracy
from reportgen.predictions import Predictions
from reportgen.record import Sampling

FEW = Sampling(replicates=2)

SIX_ROWS = Predictions(
    y_true=np.array([0, 0, 1, 1, 2, 2]),
    y_proba=np.array(
        [
            [0.8, 0.1, 0.1],
            [0.4, 0.5, 0.1],
            [0.2, 0.7, 0.1],
            [0.3, 0.3, 0.4],
            [0.1, 0.2, 0.7],
            [0.3, 0.4, 0.3],
        ]
    ),
    class_names=("a", "b", "c"),
    row_ids=np.array(list("uvwxyz")),
)


def from_counts(counts: list[list[int]]) -> Predictions:
    """Returns sure predictions with that confusion matrix."""
    matrix = np.array(counts)
    true, predicted = np.indices(matrix.shape)
    y_true = np.repeat(true.ravel(), matrix.ravel())
    y_pred = np.repeat(predicted.ravel(), matrix.ravel())
    k = len(matrix)
    ids = np.arange(len(y_true)).astype(np.str_)
    return Predictions(y_true, np.eye(k)[y_pred], tuple(map(str, range(k))), ids)


def value_of(key: str, predictions: Predictions) -> float:
    """Returns the score of that key."""
    score = next(score for score in scores(predictions, FEW) if score.key == key)
    assert score.estimate is not None
    return score.estimate.value


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("accuracy", 0.5),
        ("recall_weighted", 0.5),
        # Precisions 1, 1/3 and 1/2; their plain mean is 11/18.
        ("precision_macro", 11 / 18),
        ("roc_auc_ovr", 0.875),
        ("log_loss", 0.7101216299529503),
        # The sum form: squared errors over all three columns.
        ("brier_score", 2.44 / 6),
        ("cohen_kappa", 0.25),
        ("matthews_corrcoef", 0.26111648393354675),
        ("average_precision_macro", (1 + 0.75 + 5 / 6) / 3),
    ],
)
def test_six_rows_score_as_worked_out_by_hand(key: str, value: float) -> None:
    assert value_of(key, SIX_ROWS) == pytest.approx(value, abs=1e-12)


def test_six_rows_have_the_confusion_matrix_worked_out_by_hand() -> None:
    expected = [[1, 1, 0], [0, 1, 1], [0, 1, 1]]
    assert confusion_counts(SIX_ROWS).tolist() == expected


def test_six_rows_have_the_class_areas_worked_out_by_hand() -> None:
    found = class_scores(SIX_ROWS, FEW)
    areas = [c.roc_auc.estimate and c.roc_auc.estimate.value for c in found]
    precisions = [
        c.average_precision.estimate and c.average_precision.estimate.value
        for c in found
    ]
    assert areas == pytest.approx([1, 0.75, 0.875], abs=1e-12)
    assert precisions == pytest.approx([1, 0.75, 5 / 6], abs=1e-12)


def test_a_tie_before_the_label_pushes_it_out_of_the_two_likeliest() -> None:
    # Rows x and z give their label second place together with class 0, which goes
    # first: 4 of 6 remain. Ranking ties the other way round would make all six right,
    # but then top-1 accuracy would no longer be the accuracy.
    assert top_k_accuracy(SIX_ROWS, 2, sampling=FEW).value == 4 / 6


def test_scores_of_a_published_matrix() -> None:
    predictions = from_counts([[20, 10, 5], [3, 30, 15], [0, 5, 40]])
    expected = {
        "accuracy": 0.703125,
        "cohen_kappa": 0.5462263270827502,
        "matthews_corrcoef": 0.5562561866820318,
        "precision_macro": 0.7342995169,
        "recall_macro": 0.6951058201,
        "f1_macro": 0.6989070749,
        "precision_weighted": 0.7221467391,
        "recall_weighted": 0.703125,
        "f1_weighted": 0.6983702129,
    }
    found = {key: value_of(key, predictions) for key in expected}
    assert found == pytest.approx(expected, abs=1e-10)


def test_matthews_of_four_rows_is_minus_a_third() -> None:
    # Labels 1, 1, 1, -1 and predictions 1, -1, 1, 1.
    predictions = from_counts([[0, 1], [1, 2]])
    assert matthews_corrcoef(predictions, FEW).value == pytest.approx(-1 / 3, abs=1e-15)


@pytest.mark.parametrize("n", [3, 7, 100, 333])
def test_matthews_of_a_perfect_model_is_one_and_not_nearly(n: int) -> None:
    # Three classes of n rows each: the product of two roots of 6n² need not be whole.
    predictions = from_counts([[n, 0, 0], [0, n, 0], [0, 0, n]])
    assert matthews_corrcoef(predictions, FEW).value == 1.0


def test_metric_keys_are_unique() -> None:
    assert len({metric.key for metric in METRICS}) == len(METRICS)
