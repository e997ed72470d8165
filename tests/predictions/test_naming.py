"""Labels and probabilities as a notebook has them become predictions, never guessed."""

import numpy as np
import pytest
from numpy.typing import ArrayLike

from reportgen.errors import PredictionsError
from reportgen.predictions import Predictions
from reportgen.predictions.naming import LABEL_ORDER, ROWS_NUMBERED

TWO = [[0.9, 0.1], [0.3, 0.7], [0.2, 0.8]]
THREE = [[0.7, 0.2, 0.1], [0.1, 0.2, 0.7]]


def test_labels_are_looked_up_among_the_names_in_the_order_of_the_columns() -> None:
    made = Predictions.of(["b", "a", "a"], TWO, class_names=["b", "a"])
    assert made.y_true.tolist() == [0, 1, 1]
    assert made.class_names == ("b", "a")


def test_numbers_are_names_where_the_names_are_numbers() -> None:
    # As classes_ of a classifier of scikit-learn holds them.
    made = Predictions.of([7, 3, 7], TWO, class_names=np.array([3, 7]))
    assert made.y_true.tolist() == [1, 0, 1]
    assert made.class_names == ("3", "7")


def test_numbers_are_places_where_the_names_are_words() -> None:
    made = Predictions.of([1, 0, 1], TWO, class_names=["cat", "dog"])
    assert made.y_true.tolist() == [1, 0, 1]


def test_numbers_beside_numbers_as_text_are_refused() -> None:
    # Is 1 the class "1", in the first column, or that of column 1, named "2"?
    with pytest.raises(PredictionsError, match="the name or the place of its class"):
        Predictions.of([1, 1, 0], TWO, class_names=["1", "2"])


def test_numbers_beside_their_own_places_as_text_are_clear() -> None:
    made = Predictions.of([1, 1, 0], TWO, class_names=["0", "1"])
    assert made.y_true.tolist() == [1, 1, 0]


def test_column_numbers_need_no_names_although_a_class_is_absent() -> None:
    made = Predictions.of([0, 2], THREE)
    assert made.class_names == ("0", "1", "2")
    assert made.notes == (ROWS_NUMBERED,)


def test_numbers_that_might_be_counted_from_one_are_refused() -> None:
    with pytest.raises(PredictionsError, match="which of 3 columns is whose"):
        Predictions.of([1, 2], THREE)


def test_as_many_numbers_as_columns_go_by_size_and_that_is_told() -> None:
    made = Predictions.of([1, -1, 1], TWO)
    assert made.class_names == ("-1", "1")
    assert made.y_true.tolist() == [1, 0, 1]
    assert LABEL_ORDER in made.notes


def test_words_with_numbers_have_two_orders_and_are_refused() -> None:
    # Natural order says "no 9", "no 10"; scikit-learn sorts "no 10" first.
    with pytest.raises(PredictionsError, match=r"sorted in one way only.*class_names"):
        Predictions.of(["no 9", "no 10", "no 9"], TWO)


def test_truth_values_are_words() -> None:
    made = Predictions.of([True, False, True], TWO)
    assert made.class_names == ("False", "True")


def test_given_ids_are_kept_and_nothing_is_noted() -> None:
    made = Predictions.of([0, 1, 1], TWO, row_ids=[10, 20, 30])
    assert made.row_ids.tolist() == ["10", "20", "30"]
    assert made.notes == ()


def test_a_label_without_a_name_is_refused_by_name() -> None:
    with pytest.raises(PredictionsError, match="Received 'bird', in 1 rows"):
        Predictions.of(["cat", "bird", "dog"], TWO, class_names=["cat", "dog"])


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        ([0.0, 1.0, 1.0], "Received dtype float64.*astype"),
        ([[1, 0], [0, 1], [0, 1]], r"argmax\(axis=1\)"),
        ([], "at least one row"),
        (["a", None, "b"], "Received NoneType, str"),
    ],
)
def test_what_is_no_label_is_refused(labels: ArrayLike, said: str) -> None:
    with pytest.raises(PredictionsError, match=said):
        Predictions.of(np.asarray(labels), TWO)


def test_a_column_of_labels_is_never_told_to_take_its_largest() -> None:
    with pytest.raises(PredictionsError, match=r"y_true\.ravel\(\)"):
        Predictions.of([[0], [1]], np.eye(2))


def test_probabilities_in_place_of_labels_are_told_where_they_go() -> None:
    with pytest.raises(PredictionsError, match=r"y_pred.*with Predictions\.of,"):
        Predictions.of_labels([0, 1], [0.2, 0.7])
    with pytest.raises(PredictionsError, match=r"astype\(int\)"):
        Predictions.of_labels([0, 1], [0.0, 1.0])


def test_one_column_of_two_is_refused_with_the_line_that_mends_it() -> None:
    with pytest.raises(PredictionsError, match="column_stack"):
        Predictions.of([0, 1], [0.1, 0.7])


HIDDEN = np.ma.MaskedArray(["a", "b", "b"], mask=[False, True, False])


def test_masked_labels_are_refused() -> None:
    told = "'y_true' must hold a value.*masks 1 of 3.*Leave out"
    with pytest.raises(PredictionsError, match=told):
        Predictions.of(HIDDEN, TWO)
    with pytest.raises(PredictionsError, match=r"'y_pred'.*masks 1 of 3"):
        Predictions.of_labels(["a", "b", "b"], HIDDEN)


def test_masked_probabilities_are_refused() -> None:
    proba = np.ma.masked_less(TWO, 0.15)
    with pytest.raises(PredictionsError, match=r"'y_proba'.*masks 1 of 6"):
        Predictions.of([0, 1, 1], proba)
    ids = np.array(["a", "b", "c"])
    with pytest.raises(PredictionsError, match=r"'y_proba'.*masks 1 of 6"):
        Predictions(np.array([0, 1, 1]), proba, ("a", "b"), ids)


def test_masked_columns_and_ids_are_refused() -> None:
    with pytest.raises(PredictionsError, match=r"'lux'.*masks 1 of 3"):
        Predictions.of(
            [0, 1, 1], TWO, columns={"lux": np.ma.masked_equal([1, 2, 3], 2)}
        )
    with pytest.raises(PredictionsError, match=r"'row_ids'.*masks 1 of 3"):
        Predictions.of([0, 1, 1], TWO, row_ids=HIDDEN)


def test_a_mask_that_hides_nothing_is_taken() -> None:
    labels = np.ma.MaskedArray(["a", "b", "b"])
    assert Predictions.of(labels, np.ma.MaskedArray(TWO)).y_true.tolist() == [0, 1, 1]


def test_text_in_the_other_byte_order_is_text() -> None:
    camera = np.array(["x", "ß", "x"], dtype=">U1")
    made = Predictions.of([0, 1, 1], TWO, columns={"camera": camera})
    assert made.columns[0].values.tolist() == ["x", "ß", "x"]
    assert made.columns[0].values.dtype.isnative


def test_columns_are_kept_beside_the_rows() -> None:
    cameras = np.array(["left", None, "right"], dtype=object)
    made = Predictions.of([0, 1, 1], TWO, columns={"camera": cameras, "lux": [1, 2, 3]})
    assert [column.name for column in made.columns] == ["camera", "lux"]
    assert made.columns[0].values.tolist() == ["left", "", "right"]


def test_predicted_labels_alone_are_known_to_be_no_probabilities() -> None:
    made = Predictions.of_labels(["b", "a 10", "a 9"], ["b", "b", "a 9"])
    assert made.hard
    assert made.class_names == ("a 9", "a 10", "b")
    assert made.y_pred.tolist() == [2, 2, 0]


def test_a_predicted_label_without_a_name_is_refused() -> None:
    with pytest.raises(PredictionsError, match=r"y_pred must lie in 0\.\.1"):
        Predictions.of_labels([0, 1], [0, 2], class_names=["cat", "dog"])


def test_predicted_labels_of_another_kind_are_refused() -> None:
    with pytest.raises(PredictionsError, match="y_pred must be of the kind of y_true"):
        Predictions.of_labels([0, 1], ["0", "1"])


def test_truth_values_beside_numbers_are_called_so() -> None:
    told = "kind of y_true, truth values. Received whole numbers"
    with pytest.raises(PredictionsError, match=told):
        Predictions.of_labels([True, False], [1, 0])


def test_predicted_labels_of_other_rows_are_refused() -> None:
    with pytest.raises(PredictionsError, match=r"y_pred must have shape \(2,\)"):
        Predictions.of_labels([0, 1], [0, 1, 1])


def test_one_class_of_labels_alone_is_refused() -> None:
    with pytest.raises(PredictionsError, match="at least two columns"):
        Predictions.of_labels([1, 1], [1, 1])
