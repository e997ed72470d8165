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
from records import make_predictions, make_record, with_warps
from reportgen.card import SECTIONS, compose
from reportgen.figures.cells import cell_pictures
from reportgen.metrics.paired import Pair
from reportgen.predictions import Predictions
from reportgen.record import Comparison, Record, to_json
from reportgen.render import to_html

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


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for name in KEYS:
        text = section_of(small_page(), name)
        (GOLDEN / f"{name}.html").write_text(text, encoding="utf-8")
