"""Rows whose label the model doubts."""

import numpy as np
from numpy.typing import NDArray

from records import make_predictions
from reportgen.metrics.suspects import suspected_rows
from reportgen.predictions import Predictions


def judged(labels: list[int], proba: list[list[float]]) -> Predictions:
    """Returns those rows over as many classes as there are probabilities."""
    names = tuple("abcdef"[: len(proba[0])])
    rows = np.array([f"row {i}" for i in range(len(labels))])
    return Predictions(np.array(labels), np.array(proba), names, rows)


def suspected_by_loops(predictions: Predictions) -> list[int]:
    """Returns the suspects by the definition, row by row."""
    labels, proba = predictions.y_true.tolist(), predictions.y_proba.tolist()
    found = []
    for row, label in enumerate(labels):
        j = max(range(predictions.k), key=lambda c: (proba[row][c], -c))
        own = [proba[i][j] for i, other in enumerate(labels) if other == j]
        if j != label and own and proba[row][j] >= sum(own) / len(own):
            found.append(row)
    return sorted(found, key=lambda row: (proba[row][labels[row]], row))


def rows(array: NDArray[np.int64]) -> list[int]:
    """Returns the row numbers as a list."""
    found: list[int] = array.tolist()
    return found


def test_a_wrong_row_as_sure_as_the_class_usually_is_is_suspected() -> None:
    # t_1 = (0.75 + 0.25) / 2 = 0.5: the first row's 0.5 of class 1 reaches it.
    predictions = judged(
        [0, 1, 1],
        [[0.25, 0.5, 0.25], [0.25, 0.75, 0.0], [0.625, 0.25, 0.125]],
    )
    assert 0 in suspected_by_loops(predictions)
    assert rows(suspected_rows(predictions)) == suspected_by_loops(predictions)


def test_a_wrong_row_less_sure_than_the_class_usually_is_is_not_suspected() -> None:
    # t_1 = 0.875, the first row has 0.5625 of it.
    predictions = judged([0, 1, 0], [[0.4375, 0.5625], [0.125, 0.875], [1.0, 0.0]])
    assert rows(suspected_rows(predictions)) == []


def test_the_least_probable_label_comes_first_and_ties_keep_their_order() -> None:
    # t_1 = 0.625 by the last row; all three errors are above, two of them tied.
    predictions = judged(
        [0, 0, 0, 1], [[0.25, 0.75], [0.125, 0.875], [0.25, 0.75], [0.375, 0.625]]
    )
    assert rows(suspected_rows(predictions)) == [1, 0, 2]


def test_no_row_is_suspected_to_belong_to_a_class_without_rows() -> None:
    predictions = judged([0, 1], [[0.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
    assert rows(suspected_rows(predictions)) == []


def test_a_right_row_is_never_suspected() -> None:
    predictions = make_predictions(900, 3, seed=1)
    found = suspected_rows(predictions)
    assert len(found)
    assert np.all(predictions.y_pred[found] != predictions.y_true[found])


def test_the_definition_row_by_row_finds_the_same() -> None:
    for seed in range(5):
        predictions = make_predictions(400, 5, seed=seed)
        assert rows(suspected_rows(predictions)) == suspected_by_loops(predictions)


def test_a_perfect_model_has_no_suspects() -> None:
    predictions = judged([0, 1], [[1.0, 0.0], [0.0, 1.0]])
    assert suspected_rows(predictions).shape == (0,)
