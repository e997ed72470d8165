"""One golden file a section; running this file as a script writes them again.

PYTHONPATH=.:tests python tests/templates/test_sections.py
"""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cards import lettered, make_pictures
from contests import make_comparison
from judged import required
from pairs import make_pair
from records import make_handed_record, make_predictions, make_record, with_warps
from reportgen.card import SECTIONS, compose
from reportgen.figures.cells import cell_pictures
from reportgen.metrics.paired import Pair
from reportgen.predictions import Predictions
from reportgen.record import Comparison, Record, to_json
from reportgen.render import to_html
from reportgen.render.numbers import decimals

GOLDEN = Path(__file__).parent / "golden"
KEYS = [section.key for section in SECTIONS]


def rounded(value: Any) -> Any:
    """Returns the document with its fractions to three digits.

    The last bits of a mean differ between processors; a golden file holds none.
    """
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [rounded(item) for item in value]
    return round(value, 3) if isinstance(value, float) else value


def small_comparison(names: tuple[str, ...]) -> Comparison:
    """Returns two models of those classes on sixty rows."""
    pair = make_pair(60, len(names))
    named = (
        Predictions(one.y_true, one.y_proba, names, one.row_ids)
        for one in (pair.baseline, pair.candidate)
    )
    return make_comparison(Pair(*named))


def small_record() -> Record:
    """Returns a record of sixty rows over three classes, trained on fresh warps.

    More is required of it than page one shows, with every outcome.
    """
    names = ("cat", "dog & co", "<owl>")
    record = lettered(with_warps(make_record(make_predictions(60, 3))), names)
    record = required(
        record,
        "accuracy >= 0.1",
        "recall['<owl>'] >= 0.95",
        "ece_null_p >= 0",
        "log_loss <= 0.001",
        "top_3_accuracy >= 99.5 %",
    )
    record = replace(record, comparison=small_comparison(names))
    content = json.dumps(rounded(json.loads(to_json(record))))
    return msgspec.json.decode(content, type=Record)


def small_page() -> str:
    """Returns the page of that record without the bytes of its pictures."""
    record = small_record()
    pictures = make_pictures(record) + cell_pictures(record)
    page = to_html(compose(record, pictures, ()))
    page = re.sub(r"base64,[A-Za-z0-9+/=]+", "base64,…", page)
    return re.sub(r"(image/svg\+xml,)[^\"]+", r"\1…", page)


def section_of(page: str, key: str) -> str:
    """Returns one section of a page."""
    start = page.index(f'<section id="section-{key}"')
    return page[start : page.index("</section>", start)] + "</section>\n"


@pytest.fixture(scope="module")
def page() -> str:
    return small_page()


@pytest.mark.parametrize("key", KEYS)
def test_the_section_is_as_its_golden_file(key: str, page: str) -> None:
    golden = (GOLDEN / f"{key}.html").read_text(encoding="utf-8")
    assert section_of(page, key).splitlines() == golden.splitlines()


def test_there_is_no_golden_file_without_a_section() -> None:
    assert sorted(file.stem for file in GOLDEN.iterdir()) == sorted(KEYS)


def test_one_row_is_counted_as_one() -> None:
    page = to_html(compose(make_record(make_predictions(1)), (), ()))
    for key in ("performance", "classes", "errors"):
        text = re.sub("<[^>]*>", "", section_of(page, key))
        assert re.search(r"\b1 test image\b", text), key
        assert not re.search(r"\b1 test images\b", text), key


def test_the_page_is_true_where_no_pdf_was_written() -> None:
    card = compose(make_record(), (), (), attached=("record.json",))
    text = section_of(to_html(card), "provenance")
    said = "The PDF of this report, where one was written, carries"
    assert f'<span class="screen-only">{said}</span>' in text
    assert '<span class="print-only">This PDF carries</span>' in text


def test_a_figure_that_never_scrolls_is_no_tab_stop(page: str) -> None:
    rows = re.findall(r'<div class="row"([^>]*)>(.*?)</div>', page, flags=re.DOTALL)
    alone = [("tabindex" in attributes, body) for attributes, body in rows]
    assert {True, False} == {stop for stop, _ in alone}
    assert all((body.count("<figure") == 1) == stop for stop, body in alone)


def test_a_table_longer_than_its_page_may_be_parted() -> None:
    page = to_html(compose(make_handed_record(), (), ()))
    for label in ("Wrong predictions", "Right predictions", "Suspected labels"):
        assert f'<div class="scroll long" role="region" aria-label="{label}"' in page
    rows = section_of(small_page(), "comparison")
    assert re.search('<div class="scroll long[^"]*" role="region" aria-label="F', rows)


def test_the_galleries_that_are_there_are_spoken_of() -> None:
    record = small_record()
    both = ("correct_gallery", "misclassified_gallery")
    for keys, spoken in (
        (both, "The galleries of right and of wrong images show the first of each"),
        (both[1:], "The gallery of wrong images shows the first in file order;"),
        (both[:1], "The gallery of right images shows the first in file order;"),
        ((), ""),
    ):
        pictures = tuple(one for one in make_pictures(record) if one.key in keys)
        text = section_of(to_html(compose(record, pictures, ())), "errors")
        assert ("chosen by hand" in text) == bool(spoken)
        assert spoken in text


def test_rows_that_are_not_listed_are_not_spoken_of() -> None:
    record = make_handed_record(make_predictions(60, 3))
    none = replace(record.evaluation.correct_gallery, examples=(), total=0)
    unsure = replace(record.evaluation, correct_gallery=none)
    for evaluation, spoken in (
        (record.evaluation, "tables list the first of each kind in file order"),
        (unsure, "a table lists the first wrong ones in file order"),
    ):
        card = compose(replace(record, evaluation=evaluation), (), ())
        assert spoken in section_of(to_html(card), "errors")


def test_parts_of_a_model_from_elsewhere_are_not_said_to_be_used() -> None:
    def caption(record: Record) -> str:
        text = section_of(to_html(compose(record, (), ())), "data")
        return text.partition("<caption>")[2].partition("</caption>")[0]

    known = make_record()
    elsewhere = replace(known, training=None, trained_on=None)
    assert caption(known) == "Images by class and part, before augmentation."
    assert caption(elsewhere) == (
        "Images by class and part; the model was not trained here, so only the test "
        "part was used."
    )


def test_a_noise_floor_of_zero_is_no_more_than_zero() -> None:
    record = make_record(make_predictions(60, 3))
    calibration = record.evaluation.calibration
    assert calibration is not None
    mass = calibration.equal_mass
    for quantile in (mass.noise_floor.quantile, 0.0):
        floor = replace(mass.noise_floor, quantile=quantile)
        changed = replace(calibration, equal_mass=replace(mass, noise_floor=floor))
        evaluation = replace(record.evaluation, calibration=changed)
        card = compose(replace(record, evaluation=evaluation), (), ())
        text = section_of(to_html(card), "calibration")
        assert ("does not score zero on a finite" in text) == bool(quantile)
        assert ("The noise floor is what a perfectly" in text) == (not quantile)


def test_errors_of_one_table_have_the_decimals_of_their_noise_floors() -> None:
    record = make_record(make_predictions(200, 2))
    evaluation = record.evaluation
    assert evaluation.calibration is not None
    assert evaluation.binary is not None
    positive = evaluation.class_names.index(evaluation.binary.positive)
    own = evaluation.calibration.classes[positive]
    text = section_of(to_html(compose(record, (), ())), "calibration")
    row = text.partition("Of “")[2].partition("</tr>")[0]
    digits = decimals(own.noise_floor.quantile)
    assert f"{100 * own.error.value:.{digits}f}\N{NO-BREAK SPACE}%" in row


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for name in KEYS:
        text = section_of(small_page(), name)
        (GOLDEN / f"{name}.html").write_text(text, encoding="utf-8")
