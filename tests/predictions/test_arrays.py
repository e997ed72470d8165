"""What a program has in memory is an array, or the error says what to make of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from reportgen.errors import PredictionsError
from reportgen.predictions import Column, Predictions
from reportgen.predictions.images import checked_images

TWO = [[0.9, 0.1], [0.3, 0.7], [0.2, 0.8]]
RAGGED: Any = [[1], [2, 3], [4]]


@dataclass(frozen=True)
class Tensor:
    """A tensor of torch, as far as it is no array: with gradients, or in bfloat16."""

    error: Exception
    dtype: str = "torch.float32"

    def __array__(self, dtype: Any = None, copy: Any = None) -> NDArray[Any]:
        """Raises what torch raises."""
        raise self.error

    def detach(self) -> None:
        """Stands for what makes it one."""


LEARNT: Any = Tensor(RuntimeError("Can't call numpy() on Tensor that requires grad."))
NARROW: Any = Tensor(TypeError("Got unsupported ScalarType"), "torch.bfloat16")


@pytest.mark.parametrize("values", [RAGGED, LEARNT, NARROW])
@pytest.mark.parametrize(
    "made",
    [
        lambda values: Predictions.of([0, 1, 1], values),
        lambda values: Predictions.of(values, TWO),
        lambda values: Predictions.of([0, 1, 1], TWO, row_ids=values),
        lambda values: Predictions.of([0, 1, 1], TWO, columns={"lux": values}),
        lambda values: Predictions.of([0, 1, 1], TWO, class_names=values),
        lambda values: Predictions.of_labels([0, 1, 1], values),
        lambda values: Predictions(values, np.eye(2), ("a", "b"), np.array(["a"])),
        lambda values: Column("lux", values),
        lambda values: checked_images(values, 3),
    ],
)
def test_what_numpy_cannot_read_is_our_error(
    values: Any, made: Callable[[Any], object]
) -> None:
    with pytest.raises(PredictionsError, match="must be an array, or what NumPy can"):
        made(values)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (RAGGED, "Received list: .*the same length and shape"),
        (LEARNT, r"Tensor: Can't call.*the tensor first, with \.detach\(\)\.cpu\(\)"),
        (NARROW, r"\.detach\(\)\.float\(\)\.cpu\(\)\.numpy\(\)"),
        ([LEARNT, LEARNT], r"each tensor first, with \.detach\(\)\.cpu\(\)"),
    ],
)
def test_what_numpy_cannot_read_is_told_how_it_can(values: Any, told: str) -> None:
    with pytest.raises(PredictionsError, match=told):
        Predictions.of([0, 1, 1], values)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"a": [0.9], "b": [0.1]}, r"Received dict\. .*column_stack\(\[y_proba\[name"),
        ((row for row in TWO), r"Received generator\. Give list\(y_proba\)"),
        (csr_matrix(np.eye(3)), r"Received csr_matrix\. Give y_proba\.toarray\(\)"),
        (None, r"Received None\. Give a list or an array"),
        (0.5, r"Received float\. Give a list or an array"),
    ],
)
def test_one_thing_in_place_of_many_is_named(values: Any, told: str) -> None:
    with pytest.raises(PredictionsError, match=f"'y_proba' must be a list.*{told}"):
        Predictions.of([0, 1, 1], values)


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ({0: "a", 1: "b"}, r"Received dict.*id2label\[i\] for i in range\(k\)"),
        ({"a", "b"}, r"Received set\. A set has no order"),
        ("ab", r"Received str\. Give a list"),
        ([], r"must have shape \(k,\), one name a class\. Received \(0,\)"),
        ([["a", "b"]], r"Received \(1, 2\)\. .*class_names\.ravel\(\)"),
        (["a", ""], r"class_names must not be empty\. Received '' in place 1"),
    ],
)
def test_names_of_classes_are_a_list_of_them(names: Any, told: str) -> None:
    with pytest.raises(PredictionsError, match=told) as raised:
        Predictions.of(["a", "a", "a"], TWO, class_names=names)
    assert "argmax" not in str(raised.value)


def test_no_rows_are_not_told_to_be_one_hot() -> None:
    with pytest.raises(PredictionsError, match=r"Received \(0,\)") as raised:
        Predictions.of([], [])
    assert "argmax" not in str(raised.value)
    with pytest.raises(PredictionsError, match=r"row_ids\.ravel\(\)"):
        Predictions.of([0, 1, 1], TWO, row_ids=[["a"], ["b"], ["c"]])


ONE: Any = np.array([0.1, 0.7, 0.8])


@pytest.mark.parametrize("p", [ONE, ONE[:, np.newaxis]])
def test_one_column_is_told_a_line_that_works(p: NDArray[np.float64]) -> None:
    with pytest.raises(PredictionsError, match=r"column_stack\(\[1 - p, p\]\)"):
        Predictions.of([0, 1, 1], p)
    made = Predictions.of([0, 1, 1], np.column_stack([1 - p, p]))
    assert made.y_pred.tolist() == [0, 1, 1]


@pytest.mark.parametrize(
    ("proba", "told"),
    [
        ([0, 1, 2], r"whole numbers.*Predictions\.of_labels"),
        ([[0], [1], [2]], r"whole numbers.*of_labels.*y_proba\.ravel\(\)"),
        (["a", "b", "b"], r"text.*Predictions\.of_labels"),
        ([0.0, 1.0, 2.0], r"Predictions\.of_labels\(y_true, y_proba\.astype\(int\)\)"),
        ([TWO], r"\(1, 3, 2\)\. .*y_proba\.reshape\(n, k\)"),
        ([[row] for row in TWO], r"y_proba\.reshape\(n, k\)"),
        ([TWO, TWO], r"one output"),
    ],
)
def test_what_is_no_table_is_told_what_it_may_be(proba: Any, told: str) -> None:
    with pytest.raises(PredictionsError, match=told):
        Predictions.of([0, 1, 1], np.array(proba))


def test_rows_within_a_column_are_stacked() -> None:
    rows = np.empty(3, dtype=object)
    rows[:] = TWO
    with pytest.raises(PredictionsError, match=r"numpy\.stack\(list\(y_proba\)\)"):
        Predictions.of([0, 1, 1], rows)
    made = Predictions.of([0, 1, 1], np.stack(list(rows)))
    assert made.y_pred.tolist() == [0, 1, 1]
