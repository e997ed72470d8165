"""What a data frame says of its columns and rows is heard, without its library."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray

from reportgen.errors import PredictionsError
from reportgen.predictions import Predictions
from reportgen.predictions.naming import LABEL_ORDER, ROWS_NUMBERED

TWO = [[0.9, 0.1], [0.3, 0.7], [0.2, 0.8]]
THREE = np.array([[0.7, 0.2, 0.1], [0.1, 0.2, 0.7], [0.2, 0.5, 0.3]])


@dataclass(frozen=True)
class Frame:
    """As much of pandas.DataFrame, or Series, as is asked of it."""

    values: Any
    columns: Any = None
    index: Any = None
    dtype: Any = field(default=None)

    def __array__(self, dtype: Any = None, copy: Any = None) -> NDArray[Any]:
        """Returns the values alone, as a data frame does."""
        del copy
        return np.asarray(self.values, dtype=dtype)


@dataclass(frozen=True)
class Categories:
    """As much of pandas.CategoricalDtype as is asked of it."""

    categories: Any


def test_columns_named_after_the_labels_are_theirs_in_any_order() -> None:
    # By hand: the largest are in columns 0, 2 and 1: setosa, banana, versicolor.
    names = ["setosa", "versicolor", "banana"]
    made = Predictions.of(["setosa", "banana", "versicolor"], Frame(THREE, names))
    assert made.class_names == tuple(names)
    assert made.y_true.tolist() == made.y_pred.tolist() == [0, 2, 1]
    assert made.notes == (ROWS_NUMBERED,)


def test_a_column_may_be_of_a_class_that_does_not_occur() -> None:
    made = Predictions.of(["c", "c", "b"], Frame(THREE, ["c", "a", "b"]))
    assert made.class_names == ("c", "a", "b")
    assert made.y_true.tolist() == [0, 0, 2]


@pytest.mark.parametrize(
    "columns", [[2, 0, 1], ["2", "0", "1"], [2.0, 0.0, 1.0], ["p_2", "p_0", "p_1"]]
)
def test_whole_numbers_are_names_of_columns_too(columns: list[object]) -> None:
    made = Predictions.of([2, 1, 0], Frame(THREE, columns))
    assert made.class_names == ("2", "0", "1")
    assert made.y_true.tolist() == [0, 2, 1]


def test_columns_may_begin_alike_as_in_a_file() -> None:
    made = Predictions.of(["b", "a", "a"], Frame(TWO, ["proba_b", "proba_a"]))
    assert made.class_names == ("b", "a")


def test_of_columns_of_several_levels_the_last_names_the_class() -> None:
    columns = np.empty(2, dtype=object)  # as a MultiIndex is an array
    columns[:] = [("proba", "b"), ("proba", "a")]
    made = Predictions.of(["b", "a", "a"], Frame(TWO, columns))
    assert made.class_names == ("b", "a")


def test_a_table_of_pyarrow_names_its_columns_as_well() -> None:
    table = pa.table({"b": [0.9, 0.3, 0.2], "a": [0.1, 0.7, 0.8]})
    made = Predictions.of(["b", "a", "a"], table)
    assert made.class_names == ("b", "a")
    assert made.y_true.tolist() == [0, 1, 1]


@pytest.mark.parametrize("columns", [[0, 1], ["column_0", "column_1"], ["x", "y"]])
def test_columns_named_after_nothing_go_by_the_labels(columns: list[object]) -> None:
    made = Predictions.of(["cat", "dog", "dog"], Frame(TWO, columns))
    assert made.class_names == ("cat", "dog")
    assert LABEL_ORDER in made.notes


def test_counted_columns_are_no_names_where_labels_count_from_one() -> None:
    made = Predictions.of([1, 2, 2], Frame(TWO, [0, 1]))
    assert made.class_names == ("1", "2")
    assert LABEL_ORDER in made.notes


@pytest.mark.parametrize("columns", [["dog", "other"], ["Dog", "Cat"]])
def test_columns_named_after_some_labels_are_in_doubt(columns: list[str]) -> None:
    told = "a column named after each label, or none.*class_names"
    with pytest.raises(PredictionsError, match=told):
        Predictions.of(["cat", "dog", "dog"], Frame(TWO, columns))


@pytest.mark.parametrize("columns", [[0, 1, 2], ["0", "1", "2"]])
def test_columns_that_are_counted_leave_a_class_in_doubt(columns: list[object]) -> None:
    # They are what a frame without names has: 1 and 2 may be of the first or last two.
    with pytest.raises(PredictionsError, match="which of 3 columns is whose"):
        Predictions.of([1, 2, 1], Frame(THREE, columns))


def test_class_names_in_another_order_than_the_columns_are_refused() -> None:
    frame = Frame(TWO, ["b", "a"])
    told = "Received 'a', 'b' beside columns 'b', 'a'.*to_numpy"
    with pytest.raises(PredictionsError, match=told):
        Predictions.of(["a", "b", "b"], frame, class_names=["a", "b"])
    assert Predictions.of(["a", "b", "b"], frame).class_names == ("b", "a")
    plain = Predictions.of(["a", "b", "b"], np.asarray(frame), class_names=["a", "b"])
    assert plain.class_names == ("a", "b")


def test_class_names_stand_beside_columns_of_other_names() -> None:
    made = Predictions.of(["a", "b", "b"], Frame(TWO, [0, 1]), class_names=["b", "a"])
    assert made.class_names == ("b", "a")


def test_categories_in_another_order_leave_the_columns_in_doubt() -> None:
    # A model that was fitted on the codes has "low" first, one on the words "high".
    labels = Frame(["low", "high", "high"], dtype=Categories(["low", "high"]))
    with pytest.raises(PredictionsError, match=r"Received 'low', 'high'.*class_names"):
        Predictions.of(labels, TWO)
    made = Predictions.of(labels, TWO, class_names=["low", "high"])
    assert made.y_true.tolist() == [0, 1, 1]
    assert Predictions.of(labels, Frame(TWO, ["low", "high"])).y_true[0] == 0


def test_categories_in_the_order_of_labels_say_nothing_new() -> None:
    labels = Frame(["a", "b", "b"], dtype=Categories(["a", "unseen", "b"]))
    assert Predictions.of(labels, TWO).class_names == ("a", "b")


def test_rows_in_another_order_are_never_paired_by_their_place() -> None:
    labels = Frame(["a", "b", "b"], index=[12, 10, 11])
    told = "y_proba must have its rows in the order of y_true"
    with pytest.raises(PredictionsError, match=told):
        Predictions.of(labels, Frame(TWO, index=[10, 11, 12]))
    with pytest.raises(PredictionsError, match="y_pred must have its rows in the"):
        Predictions.of_labels(labels, Frame(["a", "b", "b"], index=[10, 11, 12]))


@pytest.mark.parametrize("index", [[12, 10, 11], [7, 8, 9], [0, 1, 2], None])
def test_rows_of_the_same_or_of_no_other_names_are_paired(index: Any) -> None:
    labels = Frame(["a", "b", "b"], index=[12, 10, 11])
    assert Predictions.of(labels, Frame(TWO, index=index)).y_true.tolist() == [0, 1, 1]
