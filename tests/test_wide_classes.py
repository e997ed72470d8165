"""A hundred and a thousand classes: tables that can be read, pages that end."""

import io
import re
from itertools import chain

import numpy as np
import pypdfium2
import pytest

from records import make_predictions, make_record
from reportgen.card import Card, compose
from reportgen.figures import draw_pictures
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
    assert len(re.findall(ends, html)) == 3


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
