"""Which row of a baseline is the row of a candidate."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from records import make_predictions
from reportgen.errors import PredictionsError
from reportgen.pipeline.matching import (
    MOVED,
    NUMBERED,
    PARTLY,
    REORDERED,
    TIED,
    match_rows,
)
from reportgen.predictions import Predictions
from reportgen.predictions.naming import names_of_rows

N = 60
ORDER = np.random.default_rng(0).permutation(N)


def made(**changes: Any) -> Predictions:
    """Returns sixty rows over three classes, with the named fields replaced."""
    return replace(make_predictions(N, 3), **changes)


def shown(predictions: Predictions, contents: Any = None) -> Predictions:
    """Returns the predictions on rows that show something of their own each."""
    found = np.arange(N, dtype=np.uint64) if contents is None else contents
    return replace(predictions, contents=found.astype(np.uint64))


def turned(predictions: Predictions, **changes: Any) -> Predictions:
    """Returns the rows in another order."""
    contents = predictions.contents
    return Predictions(
        predictions.y_true[ORDER],
        predictions.y_proba[ORDER],
        predictions.class_names,
        changes.get("row_ids", predictions.row_ids[ORDER]),
        hard=predictions.hard,
        contents=None if contents is None else contents[ORDER],
    )


def assert_same(one: Predictions, other: Predictions) -> None:
    """Asserts that rows, labels, probabilities and classes are those of the other."""
    assert np.array_equal(one.row_ids, other.row_ids)
    assert np.array_equal(one.y_true, other.y_true)
    assert np.array_equal(one.y_proba, other.y_proba)
    assert one.class_names == other.class_names


def test_rows_are_matched_by_their_ids_whatever_their_order() -> None:
    candidate = made()
    found = match_rows(turned(candidate), candidate)
    assert found.by == "ids"
    assert found.shared == N
    assert found.reason is None
    assert_same(found.baseline, candidate)
    assert found.rows is not None
    assert np.array_equal(ORDER[found.rows], np.arange(N))


def test_the_order_is_the_candidates() -> None:
    candidate = turned(made())
    found = match_rows(made(), candidate)
    assert found.candidate is candidate
    assert_same(found.baseline, candidate)


def test_rows_of_other_ids_are_matched_by_what_they_show() -> None:
    candidate = shown(made())
    names = np.array([f"other/{row}" for row in range(N)])
    found = match_rows(turned(candidate, row_ids=names), candidate)
    assert found.by == "content"
    assert found.notes == (MOVED,)
    assert_same(found.baseline, candidate)


def test_what_rows_show_counts_for_more_than_their_ids() -> None:
    candidate = shown(made())
    found = match_rows(turned(candidate, row_ids=candidate.row_ids), candidate)
    assert found.by == "content"
    assert_same(found.baseline, candidate)


def test_rows_that_show_other_things_are_not_the_same_under_one_id() -> None:
    candidate = shown(made())
    found = match_rows(shown(made(), np.arange(N) + 50), candidate)
    assert found.by is None
    assert found.rows is None
    assert found.shared == N - 50
    assert found.reason == PARTLY


def test_rows_that_show_the_same_are_told_apart_by_ids_alone() -> None:
    contents = np.arange(N) // 2
    candidate = shown(made(), contents)
    assert match_rows(turned(candidate), candidate).by == "ids"
    names = np.array([f"other/{row}" for row in range(N)])
    found = match_rows(turned(candidate, row_ids=names), candidate)
    assert found.by is None
    assert found.reason is not None
    assert "several test rows show the same" in found.reason


def test_ids_decide_where_one_run_does_not_know_what_rows_show() -> None:
    assert match_rows(made(), shown(made())).by == "ids"


def test_other_ids_are_other_rows() -> None:
    names = made().row_ids.copy()
    names[:2] = "a", "b"
    found = match_rows(made(row_ids=names), made())
    assert found.by is None
    assert found.shared == N - 2
    assert found.reason == PARTLY


def test_ids_that_none_share_are_other_ids() -> None:
    found = match_rows(made(row_ids=np.char.add("x", made().row_ids)), made())
    assert (found.by, found.shared) == (None, 0)
    assert found.reason == "the test rows have other ids"


def test_a_part_of_the_rows_is_not_the_same_rows() -> None:
    whole = made()
    part = Predictions(
        whole.y_true[:50], whole.y_proba[:50], whole.class_names, whole.row_ids[:50]
    )
    found = match_rows(part, whole)
    assert found.by is None
    assert found.shared == 50


def test_a_row_of_two_labels_is_refused_by_name() -> None:
    labels = made().y_true.copy()
    labels[7] = (labels[7] + 1) % 3
    with pytest.raises(PredictionsError, match=r"1 of 60 rows, as 'test/00007'"):
        match_rows(made(y_true=labels), made())


def test_numbered_rows_are_matched_by_place_and_say_so() -> None:
    numbered = made(row_ids=names_of_rows(N))
    found = match_rows(numbered, numbered)
    assert found.by == "place"
    assert found.notes == (NUMBERED,)


def test_numbered_rows_of_other_labels_are_not_matched() -> None:
    labels = made().y_true.copy()
    labels[7] = (labels[7] + 1) % 3
    numbered = made(row_ids=names_of_rows(N))
    found = match_rows(replace(numbered, y_true=labels), numbered)
    assert found.by is None
    assert found.shared is None
    assert found.reason is not None
    assert "there the labels differ" in found.reason


def test_numbered_rows_of_another_number_are_not_matched() -> None:
    one, other = make_predictions(50, 3), make_predictions(N, 3)
    found = match_rows(
        replace(one, row_ids=names_of_rows(50)),
        replace(other, row_ids=names_of_rows(N)),
    )
    assert found.by is None
    assert found.shared is None


def test_classes_in_another_order_are_brought_into_the_candidates() -> None:
    candidate = made()
    # Classes 0, 1, 2 called 2, 0, 1 by the baseline: its column 1 is class 0.
    baseline = made(
        y_true=(candidate.y_true + 1) % 3,
        y_proba=np.roll(candidate.y_proba, 1, axis=1),
        class_names=("2", "0", "1"),
    )
    found = match_rows(baseline, candidate)
    assert found.notes == (REORDERED,)
    assert_same(found.baseline, candidate)


def test_ties_that_another_order_resolves_otherwise_are_told() -> None:
    candidate = made()
    # The first two classes of the baseline are tied in a row: it predicts its class
    # "2", and with the columns moved class "0".
    y_proba = np.roll(candidate.y_proba, 1, axis=1)
    y_proba[0] = [0.5, 0.5, 0.0]
    baseline = made(
        y_true=(candidate.y_true + 1) % 3, y_proba=y_proba, class_names=("2", "0", "1")
    )
    assert match_rows(baseline, candidate).notes == (REORDERED, TIED)


def test_other_classes_are_refused() -> None:
    with pytest.raises(
        PredictionsError, match="'2' only in the baseline and 'x' only in the candidate"
    ):
        match_rows(made(), made(class_names=("0", "1", "x")))


def test_labels_alone_stay_labels_alone() -> None:
    soft = made()
    hard = replace(soft, y_proba=np.eye(3)[soft.y_pred], hard=True)
    assert match_rows(turned(hard), soft).baseline.hard
