import dataclasses
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from matplotlib.text import Text

from records import (
    images_of,
    make_handed_record,
    make_images,
    make_predictions,
    make_record,
    of_one_class,
    with_warps,
)
from reportgen.evaluation import evaluate
from reportgen.figures import FIGURES, draw_pictures
from reportgen.figures.drawing import FigureSpec
from reportgen.figures.export import to_svg
from reportgen.figures.galleries import draw_misclassified_gallery
from reportgen.figures.style import FULL_MM, HALF_MM, MM_PER_INCH, SMALL_PT, look
from reportgen.predictions import Predictions
from reportgen.record import (
    Evaluation,
    Omission,
    Picture,
    Quantity,
    Record,
    Sentence,
    to_json,
)
from reportgen.record.wording import visible

KEYS = {
    "data": [
        "sample_digit",
        "sample_grid",
        "train_distribution",
        "test_distribution",
        "augmentations",
    ],
    "training": ["loss_history", "accuracy_history", "learning_rate"],
    "classes": ["confusion_matrix", "confusion_errors", "per_class_accuracy"],
    "slices": ["slices"],
    "curves": ["roc", "precision_recall", "thresholds"],
    "calibration": ["calibration", "class_calibration", "confidence_histogram"],
    "deciding": ["risk_coverage"],
    "errors": ["correct_gallery", "misclassified_gallery", "suspects_gallery"],
}

HOSTILE = ("<script>alert(1)</script>", "$x$", "_^{", "a" * 300, "\u202e[/]\n", "你好")

PAIRS = [
    ("sample_digit", "sample_grid"),
    ("train_distribution", "test_distribution"),
    ("loss_history", "accuracy_history"),
    ("confusion_matrix", "confusion_errors"),
]


def named(predictions: Predictions, names: tuple[str, ...]) -> Predictions:
    """Returns the predictions with other class names."""
    return Predictions(
        predictions.y_true, predictions.y_proba, names, predictions.row_ids
    )


def perfect() -> Predictions:
    """Every row is right with certainty."""
    y_true = np.arange(90) % 3
    ids = np.array([f"test/{row}" for row in range(90)])
    return Predictions(y_true, np.eye(3)[y_true], ("a", "b", "c"), ids)


def hopeless() -> Predictions:
    """Every row is wrong with certainty."""
    right = perfect()
    proba = np.eye(3)[(right.y_true + 1) % 3]
    return Predictions(right.y_true, proba, right.class_names, right.row_ids)


CASES = {
    "ten": make_predictions(),
    "digits": make_predictions(360),
    "two": make_predictions(80, 2),
    "three": make_predictions(90, 3),
    "thirty": make_predictions(300, 30),
    "hundred": make_predictions(300, 100),
    "few rows": make_predictions(12, 3),
    "hostile": named(make_predictions(120, 6), HOSTILE),
    "perfect": perfect(),
    "hopeless": hopeless(),
    "one class": of_one_class(3),
}

RECORDS = {name: make_record(predictions) for name, predictions in CASES.items()}
RECORDS["warped"] = with_warps(make_record())


@cache
def pictures_of(name: str) -> tuple[tuple[Picture, ...], tuple[Omission, ...]]:
    """Drawing takes seconds: each case is drawn once for all tests.

    The images of each confusion, which follow the figures, have tests of their own.
    """
    pictures, omissions = draw_pictures(RECORDS[name])
    return tuple(p for p in pictures if not p.key.startswith("cell-")), omissions


def omitted(record: Record) -> set[str]:
    """Returns the keys of the figures that cannot be drawn."""
    return {spec.key for spec in of_kind(record) if spec.absent(record) is not None}


def of_kind(record: Record) -> list[FigureSpec[Record]]:
    """Returns the figures that are for such a record."""
    return [spec for spec in FIGURES if spec.applies(record)]


@pytest.fixture(params=RECORDS)
def case(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def record(case: str) -> Record:
    return RECORDS[case]


def drawable(record: Record) -> Iterator[FigureSpec[Record]]:
    """Returns the figures that can be drawn."""
    return (spec for spec in of_kind(record) if spec.absent(record) is None)


def sentences(record: Record) -> Iterator[tuple[str, Sentence]]:
    """Every caption and alt text, with the key of its figure."""
    for spec in drawable(record):
        yield spec.key, spec.caption(record)
        yield spec.key, spec.alt(record)


def values_of(document: object) -> Iterator[object]:
    """Every number and text of a JSON document."""
    if isinstance(document, dict):
        for value in document.values():
            yield from values_of(value)
    elif isinstance(document, list):
        for value in document:
            yield from values_of(value)
    else:
        yield document


def test_keys_and_sections_are_these_in_order() -> None:
    expected = [(key, section) for section, keys in KEYS.items() for key in keys]
    assert [(spec.key, spec.section) for spec in FIGURES] == expected


def test_every_figure_is_drawn_or_named_with_a_reason(case: str) -> None:
    pictures, omissions = pictures_of(case)
    keys = [picture.key for picture in pictures] + [one.key for one in omissions]
    assert sorted(keys) == sorted(spec.key for spec in of_kind(RECORDS[case]))
    assert all(one.reason.endswith(".") for one in omissions)


def test_every_picture_is_whole_svg_of_its_printed_width(case: str) -> None:
    for picture in pictures_of(case)[0]:
        root = ET.fromstring(picture.data)
        width_mm = float(root.attrib["width"].removesuffix("pt")) / 72 * MM_PER_INCH
        assert width_mm == pytest.approx(picture.width_mm, abs=0.01), picture.key


def test_every_number_of_a_caption_is_in_the_record(record: Record) -> None:
    known = set(values_of(json.loads(to_json(record))))
    for key, words in sentences(record):
        for part in words.parts:
            if isinstance(part, Quantity):
                bounds = {part.low, part.high} - {None}
                assert {part.value, *bounds} <= known, (key, part)


def test_literal_text_of_a_caption_has_no_digit(record: Record) -> None:
    images = images_of(record)
    labels = [one.label for one in (*images.samples[:5], *images.augmented_samples)]
    known = {
        visible(one)
        for one in values_of(json.loads(to_json(record)))
        if isinstance(one, str)
    }
    lists = {visible(", ".join(labels[:5]))}
    for key, words in sentences(record):
        for part in words.parts:
            if isinstance(part, str) and re.search(r"\d", part):
                listed = set(part.split(", ")) <= known
                assert part in known | lists or listed, (key, part)


def test_alt_texts_are_two_sentences_at_most() -> None:
    record = RECORDS["three"]
    for spec in drawable(record):
        ends = re.findall(r"[.!?](?:\s|$)", str(spec.alt(record)))
        assert len(ends) <= 2, (spec.key, str(spec.alt(record)))


@pytest.mark.parametrize("name", ["ten", "hostile", "hundred"])
def test_no_text_is_small_and_none_is_a_formula(name: str) -> None:
    for spec in drawable(RECORDS[name]):
        # Ticks are made when someone looks at them.
        with look():
            texts = spec.draw(RECORDS[name]).findobj(Text)
        for text in texts:
            assert isinstance(text, Text)
            assert float(text.get_fontsize()) >= SMALL_PT, (spec.key, text.get_text())
            assert not text.get_parse_math(), (spec.key, text.get_text())


def test_hostile_names_stay_out_of_the_file() -> None:
    for picture in pictures_of("hostile")[0]:
        assert b"script" not in picture.data, picture.key


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair[0])
@pytest.mark.parametrize("name", ["ten", "two", "thirty", "hostile"])
def test_figures_side_by_side_have_one_height(pair: tuple[str, str], name: str) -> None:
    specs = {spec.key: spec for spec in FIGURES}
    left, right = (specs[key].draw(RECORDS[name]) for key in pair)
    assert left.get_figheight() == right.get_figheight()


def test_both_matrices_of_few_classes_take_half_the_width() -> None:
    widths = {one.key: one.width_mm for one in pictures_of("ten")[0]}
    assert widths["confusion_matrix"] == widths["confusion_errors"] == HALF_MM


@pytest.mark.parametrize("name", ["thirty", "perfect"])
def test_a_matrix_of_many_classes_or_alone_takes_the_whole_width(name: str) -> None:
    widths = {one.key: one.width_mm for one in pictures_of(name)[0]}
    assert widths["confusion_matrix"] == FULL_MM


def test_two_halves_fit_beside_each_other() -> None:
    assert 2 * HALF_MM <= FULL_MM


@pytest.mark.parametrize("spec", FIGURES, ids=lambda spec: spec.key)
def test_drawing_twice_gives_the_same_bytes(spec: FigureSpec[Record]) -> None:
    record = RECORDS["ten" if spec.applies(RECORDS["ten"]) else "two"]
    assert to_svg(spec.draw(record)) == to_svg(spec.draw(record))


PROGRAM = """
import hashlib
from records import make_record
from reportgen.figures import draw_pictures
pictures, _ = draw_pictures(make_record())
print(hashlib.sha256(b"".join(one.data for one in pictures)).hexdigest())
"""


@pytest.mark.slow
def test_another_process_gives_the_same_bytes() -> None:
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(sys.path),
        "PYTHONHASHSEED": "7",
        "SOURCE_DATE_EPOCH": "86400",
    }
    other = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    pictures, _ = draw_pictures(RECORDS["ten"])
    here = hashlib.sha256(b"".join(one.data for one in pictures)).hexdigest()
    assert other.stdout.strip() == here


def test_pictures_of_ten_classes_stay_small() -> None:
    pictures, _ = pictures_of("ten")
    assert sum(len(picture.data) for picture in pictures) < 425_000


def test_a_perfect_model_has_no_gallery_of_errors() -> None:
    reasons = {one.key: one.reason for one in pictures_of("perfect")[1]}
    assert reasons == {
        "confusion_errors": "No test image was read wrong, so no class is confused "
        "with another.",
        "misclassified_gallery": "No test image was read wrong, so there is none to "
        "show.",
        "suspects_gallery": "No test image looks mislabelled, so there is none to "
        "show.",
    }


def test_a_hopeless_model_has_no_gallery_of_right_ones() -> None:
    assert omitted(RECORDS["hopeless"]) == {"correct_gallery"}


def test_predictions_without_images_have_no_galleries() -> None:
    predictions = make_predictions(60, 3)
    evaluation: Evaluation = evaluate(predictions)
    record = dataclasses.replace(make_record(predictions), evaluation=evaluation)
    assert omitted(record) == {
        "correct_gallery",
        "misclassified_gallery",
        "slices",
        "suspects_gallery",
    }


def test_handed_over_predictions_have_every_picture_that_needs_no_image() -> None:
    assert omitted(make_handed_record(make_predictions(60, 3))) == {
        "sample_digit",
        "sample_grid",
        "train_distribution",
        "augmentations",
        "loss_history",
        "accuracy_history",
        "learning_rate",
        "correct_gallery",
        "misclassified_gallery",
        "suspects_gallery",
    }


def test_handed_over_predictions_are_of_rows_in_every_caption() -> None:
    for picture in draw_pictures(make_handed_record(make_predictions(60, 3)))[0]:
        for said in (picture.caption, picture.alt):
            assert "image" not in str(said), picture.key
        assert b"images" not in picture.data, picture.key


def test_a_loaded_model_has_no_history() -> None:
    assert omitted(make_record(training=None)) == set(KEYS["training"])


def test_few_rows_are_not_binned() -> None:
    assert omitted(RECORDS["few rows"]) >= {
        "calibration",
        "class_calibration",
        "confidence_histogram",
        "risk_coverage",
    }


def test_one_class_has_no_curves() -> None:
    assert omitted(RECORDS["one class"]) >= {"roc", "precision_recall"}


def test_images_in_colour_are_drawn_as_they_are() -> None:
    predictions = make_predictions(60, 3)
    grey = make_images(60)
    colour = np.stack([grey, grey // 2, grey // 3], axis=-1)
    evaluation = evaluate(predictions, images=colour)
    record = dataclasses.replace(make_record(predictions), evaluation=evaluation)
    figure = draw_misclassified_gallery(record)
    sheet = np.asarray(figure.axes[0].get_images()[0].get_array())
    assert (sheet[..., 0] != sheet[..., 1]).any()
