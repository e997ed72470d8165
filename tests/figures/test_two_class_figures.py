"""Figures of two classes: each thing once, and where the predictions stand."""

import numpy as np
import pytest

from records import make_hard, make_predictions, make_record
from reportgen.evaluation import evaluate
from reportgen.figures import (
    FIGURES,
    class_calibration,
    confusion,
    curves,
    draw_pictures,
    thresholds,
)
from reportgen.figures.style import HALF_MM
from reportgen.predictions import Predictions
from reportgen.record import WITHOUT_PROBABILITIES, BinaryView


def overlapping(n: int = 600) -> Predictions:
    """Returns rows of two classes, one in four of the second, that overlap."""
    rng = np.random.default_rng(5)
    y_true = (np.arange(n) % 4 == 0).astype(int)
    p = 1 / (1 + np.exp(-rng.normal(3 * y_true - 2, 1.5)))
    ids = np.array([f"test/{row}" for row in range(n)])
    return Predictions(y_true, np.c_[1 - p, p], ("0", "1"), ids)


RECORD = make_record(overlapping())


def binary() -> BinaryView:
    assert RECORD.evaluation.binary is not None
    return RECORD.evaluation.binary


def value(key: str) -> float:
    estimate = binary().measure(key).estimate
    assert estimate is not None
    return estimate.value


def test_there_is_one_curve_of_either_kind() -> None:
    assert [one.class_name for one in RECORD.evaluation.roc] == ["1"]
    assert [one.class_name for one in RECORD.evaluation.precision_recall] == ["1"]


def test_captions_speak_of_one_curve_and_of_no_other_class() -> None:
    roc = str(curves.caption_roc(RECORD))
    assert "the same curve over" in roc
    calibrated = str(class_calibration.caption_class_calibration(RECORD))
    assert "any other" not in calibrated
    three = make_record(make_predictions(400, 3))
    assert "the same curves over" in str(curves.caption_roc(three))


@pytest.mark.parametrize("rows", [600, 8])
def test_empty_cells_are_explained_where_there_are_any(rows: int) -> None:
    record = make_record(overlapping(rows))
    empty = not np.array(record.evaluation.confusion_matrix.counts).all()
    caption = str(confusion.caption_confusion_matrix(record))
    assert ("empty cells hold no" in caption) is empty is (rows == 8)


def test_what_would_say_things_twice_is_not_drawn_nor_missed() -> None:
    pictures, omissions = draw_pictures(RECORD)
    told = {picture.key for picture in pictures} | {one.key for one in omissions}
    assert not told & {"confusion_errors", "per_class_accuracy"}
    assert "thresholds" in {picture.key for picture in pictures}


def test_more_classes_have_no_thresholds_and_miss_none() -> None:
    (spec,) = (spec for spec in FIGURES if spec.key == "thresholds")
    assert not spec.applies(make_record(make_predictions(60, 3)))


def test_the_ring_stands_at_the_predictions() -> None:
    for axes in curves.draw_roc(RECORD).axes[:2]:
        (ring,) = (line for line in axes.lines if line.get_label() == "_predictions")
        assert ring.get_xdata() == pytest.approx([1 - value("specificity")])
        assert ring.get_ydata() == pytest.approx([value("sensitivity")])


def test_the_ring_lies_on_the_curve() -> None:
    # The prediction is the threshold of a half, a point of the curve.
    curve = RECORD.evaluation.roc[0]
    found = np.interp(1 - value("specificity"), curve.x, curve.y)
    assert found == pytest.approx(value("sensitivity"), abs=0.01)


def test_guessing_is_ruled_at_the_prevalence() -> None:
    axes = curves.draw_precision_recall(RECORD).axes[0]
    levels = [np.unique(line.get_ydata()).tolist() for line in axes.lines]
    assert [binary().prevalence.value] in levels


def test_the_caption_of_one_curve_names_the_two_classes() -> None:
    caption = str(curves.caption_roc(RECORD))
    assert caption.startswith("Class 1 is told from class 0 with an area under the ")
    assert "The ring is the prediction: sensitivity" in caption
    assert "Classes without test" not in caption


def test_the_lines_over_the_threshold_are_the_counts_as_shares() -> None:
    axes = thresholds.draw_thresholds(RECORD).axes[0]
    lines = {line.get_label(): line for line in axes.lines}
    at = thresholds.HALF
    for label, key in (
        ("sensitivity", "sensitivity"),
        ("specificity", "specificity"),
        ("positive predictive value", "positive_predictive_value"),
    ):
        x = np.asarray(lines[label].get_xdata())
        y = np.asarray(lines[label].get_ydata())
        assert y[x == at] == pytest.approx([value(key)])


def test_chosen_thresholds_are_ruled_and_named() -> None:
    axes = thresholds.draw_thresholds(RECORD).axes[0]
    words = [text.get_text() for text in axes.texts]
    assert words == ["best J, validation", "best F1, validation"]


def test_labels_alone_have_no_thresholds_to_draw() -> None:
    hard = make_hard(200, 2)
    record = make_record(hard, evaluation=evaluate(hard))
    _, omissions = draw_pictures(record)
    reasons = {one.key: one.reason for one in omissions}
    assert reasons["thresholds"] == reasons["roc"] == WITHOUT_PROBABILITIES


def test_the_matrix_leaves_room_for_its_measures_beside_it() -> None:
    assert confusion.matrix_width_mm(RECORD) == HALF_MM


def test_the_calibration_of_the_positive_class_alone_is_drawn() -> None:
    figure = class_calibration.draw_class_calibration(RECORD)
    assert len(figure.axes) == 1
    caption = str(class_calibration.caption_class_calibration(RECORD))
    assert caption.startswith("The stated probability of class 1 and its observed")
    assert "ten classes" not in caption
