"""A hundred and a thousand classes: tables that can be read, pages that end."""

import io
import re
from itertools import chain
from typing import Any

import numpy as np
import pypdfium2
import pytest
from matplotlib.patches import StepPatch

from records import make_predictions, make_record
from reportgen.card import Card, compose
from reportgen.figures import draw_pictures
from reportgen.figures.classes import caption_per_class_accuracy
from reportgen.figures.confusion import caption_confusion_matrix, draw_confusion_matrix
from reportgen.figures.confusion_errors import (
    caption_confusion_errors,
    draw_confusion_errors,
)
from reportgen.figures.distribution import (
    alt_test_distribution,
    caption_test_distribution,
    draw_test_distribution,
)
from reportgen.predictions import Predictions
from reportgen.record import Record
from reportgen.render import to_html, to_pdf

MOST_PAGES = 40
ENDS = 20


def card_of(record: Record) -> Card:
    return compose(record, *draw_pictures(record))


@pytest.fixture(scope="module", params=[100, 1000])
def card(request: pytest.FixtureRequest) -> Card:
    return card_of(make_record(make_predictions(2000, request.param)))


@pytest.fixture(scope="module")
def html(card: Card) -> str:
    return to_html(card)


def recalls(card: Card) -> list[float]:
    """Returns the recalls of all classes, lowest first."""
    found = (one.recall.estimate for one in card.record.evaluation.classes)
    return sorted(estimate.value for estimate in found if estimate)


def test_the_table_of_classes_holds_the_twenty_lowest_and_highest(card: Card) -> None:
    lowest, highest = card.classes.groups
    values = [
        one.recall.estimate.value
        for one in chain(lowest, highest)
        if one.recall.estimate
    ]
    assert values == recalls(card)[:ENDS] + recalls(card)[-ENDS:]


def test_the_table_of_calibration_holds_the_twenty_worst_and_best(card: Card) -> None:
    assert card.record.evaluation.calibration is not None
    every = card.record.evaluation.calibration.classes
    errors = sorted((one.error.value for one in every), reverse=True)
    shown = [one.error.value for one in chain(*card.classes.calibrations)]
    assert shown == errors[:ENDS] + errors[-ENDS:]


def test_the_record_holds_every_class(card: Card) -> None:
    evaluation = card.record.evaluation
    assert len(evaluation.classes) == len(evaluation.class_names)


def test_each_bounded_table_says_which_classes_it_holds(html: str) -> None:
    ends = r"Of <data[^>]*>[\d,]+</data> classes these are the twenty of "
    assert len(re.findall(ends, html)) == 4


def test_the_paper_ends_before_forty_pages(html: str, card: Card) -> None:
    pdf = to_pdf(html, created_at=card.record.timings.created_at)
    with pypdfium2.PdfDocument(io.BytesIO(pdf)) as document:
        assert len(document) < MOST_PAGES


def test_forty_classes_all_stand_in_their_table() -> None:
    classes = card_of(make_record(make_predictions(400, 40))).classes
    assert [len(group) for group in classes.groups] == [40]
    assert classes.chosen is None


def test_classes_without_images_are_no_best_ones() -> None:
    # Of 1,000 classes the 60 with images are ranked; the others have no recall.
    drawn = make_predictions(600, 1000)
    y_true = np.arange(600) % 60
    predictions = Predictions(y_true, drawn.y_proba, drawn.class_names, drawn.row_ids)
    classes = compose(make_record(predictions), (), ()).classes
    assert [len(group) for group in classes.groups] == [ENDS, ENDS]
    assert all(one.recall.estimate for one in chain(*classes.groups))


def test_reasons_are_said_once_for_all_classes_they_hold_for() -> None:
    # Ten classes with images, so that thirty of the table's forty have no recall.
    drawn = make_predictions(600, 1000)
    y_true = np.arange(600) % 10
    predictions = Predictions(y_true, drawn.y_proba, drawn.class_names, drawn.row_ids)
    classes = compose(make_record(predictions), (), ()).classes
    assert [len(group) for group in classes.groups] == [2 * ENDS]
    assert len(classes.undefined) <= 10
    assert classes.chosen is not None
    assert "those without test images last" in classes.chosen


def many(k: int = 300) -> Record:
    """Returns a record of classes by Zipf's law, one in twenty without rows."""
    drawn = make_predictions(3000, k)
    weights = 1 / np.arange(1, k + 1)
    weights[::20] = 0
    rng = np.random.default_rng(4)
    y_true = rng.choice(k, size=drawn.n, p=weights / weights.sum())
    y_proba = np.array(drawn.y_proba)
    own = np.arange(drawn.n)
    top = drawn.y_pred
    # Nine in ten are read as what they are, the others as what was drawn.
    right = rng.random(drawn.n) < 0.9
    y_proba[own[right], top[right]], y_proba[own[right], y_true[right]] = (
        y_proba[own[right], y_true[right]],
        y_proba[own[right], top[right]],
    )
    return make_record(Predictions(y_true, y_proba, drawn.class_names, drawn.row_ids))


@pytest.fixture(scope="module")
def zipf() -> Record:
    return many()


def test_three_hundred_classes_share_blocks_that_lose_no_row(zipf: Record) -> None:
    axes = draw_confusion_matrix(zipf).axes[0]
    drawn: np.ma.MaskedArray[Any, Any] = np.ma.asarray(axes.get_images()[0].get_array())
    cells = drawn.filled(0)
    assert cells.shape == (50, 50)  # six classes a block
    assert cells.sum() == zipf.evaluation.n
    matrix = np.array(zipf.evaluation.confusion_matrix.counts)
    assert cells[0, 0] == matrix[:6, :6].sum()
    assert "6 that follow each other" in str(caption_confusion_matrix(zipf))


def test_the_errors_drawn_are_of_the_classes_with_most(zipf: Record) -> None:
    axes = draw_confusion_errors(zipf).axes[0]
    assert 19 <= len(axes.get_yticklabels()) <= 20  # a pair may not fit any more
    written = sum(int(text.get_text().replace(",", "")) for text in axes.texts)
    caption = str(caption_confusion_errors(zipf))
    assert f"among them lie {written} of {zipf.evaluation.errors} errors" in caption


def test_of_many_classes_the_table_of_rows_has_the_largest_and_the_smallest(
    zipf: Record,
) -> None:
    counts = zipf.dataset.test.class_counts
    shown = [counts[label] for label in compose(zipf, (), ()).classes.sized]
    ordered = sorted(counts, reverse=True)
    assert shown == ordered[:20] + ordered[-20:]


def test_of_many_classes_the_rows_are_drawn_by_rank(zipf: Record) -> None:
    axes = draw_test_distribution(zipf).axes[0]
    (steps,) = (patch for patch in axes.patches if isinstance(patch, StepPatch))
    heights = np.asarray(steps.get_data()[0])
    counts = sorted(zipf.dataset.test.class_counts, reverse=True)
    assert heights.tolist() == [max(n, 0.5) for n in counts]
    assert not steps.get_fill()
    assert axes.get_yscale() == "log"
    assert [label.get_text() for label in axes.get_yticklabels()][:2] == ["0", "1"]
    said = str(alt_test_distribution(zipf))
    assert said.startswith("A line through the images of each of")
    assert "on a logarithmic axis" in said
    absent = zipf.dataset.test.class_counts.count(0)
    caption = str(caption_test_distribution(zipf))
    assert caption.startswith(f"{absent} classes have no image in the test part")


def test_many_classes_of_like_size_are_bars_from_zero() -> None:
    # Each of a hundred classes has twenty rows, so nothing asks for a logarithm.
    record = make_record(make_predictions(2000, 100))
    axes = draw_test_distribution(record).axes[0]
    (bars,) = (patch for patch in axes.patches if isinstance(patch, StepPatch))
    assert bars.get_fill()
    assert axes.get_yscale() == "linear"
    assert axes.get_ylim()[0] == 0
    assert "logarithmic" not in axes.get_ylabel()
    said = str(alt_test_distribution(record))
    assert said.startswith("Bars of the images of each of 100 classes")
    assert "logarithmic" not in said


def test_absent_classes_are_counted_where_they_are_many(zipf: Record) -> None:
    caption = str(caption_per_class_accuracy(zipf))
    absent = zipf.dataset.test.class_counts.count(0)
    assert f"Not drawn are {absent} classes without test images." in caption
    assert "the 40 of lowest recall are drawn" in caption
