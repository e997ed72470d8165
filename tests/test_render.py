"""The page and the paper: the law of numbers, safety, sameness."""

import builtins
import dataclasses
import io
import json
import logging
import os
import re
import subprocess
import sys
from base64 import b64encode
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from statistics import fmean, stdev
from typing import Any, get_args

import pikepdf
import pypdfium2
import pytest
from jinja2 import UndefinedError

from cards import FIGURES, lettered, make_card, make_pictures, with_words
from judged import required
from pages import WITH_DIGITS, Page, is_shown, leaves, words_of
from records import (
    make_hard,
    make_predictions,
    make_record,
    of_one_class,
    sliced,
    with_warps,
)
from reportgen.card import Card, compose
from reportgen.card.findings import Finding
from reportgen.errors import MissingPangoError, RenderError
from reportgen.evaluation import evaluate
from reportgen.figures import draw_pictures
from reportgen.predictions import Predictions
from reportgen.record import (
    AuthorWord,
    History,
    Omission,
    Record,
    Sampling,
    count,
    p_phrase,
    sentence,
    share,
    to_json,
)
from reportgen.record.requirements import Outcome
from reportgen.render import paper, to_html, to_pdf
from reportgen.render.numbers import prose
from reportgen.render.page import _environment

DAY = "2026-01-02T03:04:05Z"

Printed = tuple[Card, Page]

EXPRESSIONS = (
    "accuracy >= 98.5 %",
    "recall[A] >= 0.1",
    "log_loss <= 1e-7",
    "ece_null_p >= 1e-4",
    "overconfidence <= 1.25 points",
    "f1_macro >= 0.999",
)
"""More requirements than the band of page one shows."""


def bare(body: str) -> str:
    """Returns the least page that WeasyPrint has nothing against."""
    return f'<html lang="en"><title>t</title>{body}'


@pytest.fixture(scope="module")
def card() -> Card:
    return make_card(None, Omission("extra", "There is none."))


@pytest.fixture(scope="module")
def html(card: Card) -> str:
    return to_html(card)


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def to_paper(card: Card) -> bytes:
    """Returns the card as PDF."""
    return to_pdf(to_html(card), created_at=card.record.timings.created_at)


@pytest.fixture(scope="module")
def pdf(card: Card) -> bytes:
    return to_paper(card)


@pytest.fixture(scope="module", params=["boxes", "drawn", "checked", "warped", "gated"])
def printed(request: pytest.FixtureRequest, card: Card, page: Page) -> Printed:
    """A card and its page: boxes, drawings, checked intervals, warps, requirements."""
    if request.param == "boxes":
        return card, page
    if request.param == "checked":
        checked = make_card(lettered(checked_record()))
        return checked, Page(to_html(checked))
    if request.param == "warped":
        warped = make_card(with_warps(card.record))
        return warped, Page(to_html(warped))
    if request.param == "gated":
        gated = make_card(required(card.record, *EXPRESSIONS))
        return gated, Page(to_html(gated))
    drawn = compose(card.record, *draw_pictures(card.record))
    return drawn, Page(to_html(drawn))


def checked_record(*, level: float = 0.95) -> Record:
    """Returns a record of intervals at that level, with the bootstrap beside them."""
    record, predictions = make_record(), make_predictions()
    sampling = Sampling(level=level, replicates=200)
    evaluation = evaluate(predictions, sampling=sampling, check_intervals=True)
    known = sliced(evaluation, predictions)
    return dataclasses.replace(record, evaluation=known)


def test_every_printed_number_comes_from_the_record(printed: Printed) -> None:
    card, page = printed
    numbers, _ = leaves(json.loads(to_json(card.record)))
    numbers |= derived(card.record)
    assert len(page.data) > 200
    strangers = [value for value, _ in page.data if json.loads(value) not in numbers]
    assert strangers == []


def derived(record: Record) -> set[float]:
    """Returns the numbers that follow from those of a record, computed anew."""
    training = record.training
    assert training is not None
    found = {training.epochs * training.images_per_epoch, *range(1, training.epochs)}
    # Which accuracies are looked for in the history was chosen, not measured.
    found |= {0.9, 0.95, 0.98, 0.99, 0.995}
    outcomes = [judgement.outcome for judgement in record.judgements]
    found |= {len(outcomes), *(outcomes.count(one) for one in get_args(Outcome))}
    if training.repeats:
        for scores in (
            [repeat.accuracy for repeat in training.repeats],
            [repeat.log_loss for repeat in training.repeats],
        ):
            found |= {fmean(scores), stdev(scores), len(scores)}
    return found


def test_every_printed_number_is_its_value_rounded(printed: Printed) -> None:
    _, page = printed
    for value, text in page.data:
        assert is_shown(float(value), text), (value, text)


def test_no_digit_stands_outside_of_data_and_strings(printed: Printed) -> None:
    card, page = printed
    _, strings = leaves(json.loads(to_json(card.record)))
    day = card.record.timings.created_at[:10]
    known = words_of([*strings, *WITH_DIGITS, card.fingerprint, day])
    strangers = {word for word in words_of(page.text) if re.search(r"\d", word)} - known
    assert strangers == set()


def test_alt_texts_are_those_of_the_pictures(printed: Printed) -> None:
    card, page = printed
    assert page.alts == {picture.key: str(picture.alt) for picture in card.pictures}


def test_all_figures_have_their_id(page: Page) -> None:
    keys = [key for keys in FIGURES.values() for key in keys]
    assert len(keys) == 21
    assert set(keys) <= set(page.ids)


def test_no_id_stands_twice(page: Page) -> None:
    assert len(page.ids) == len(set(page.ids))


def test_every_link_leads_to_an_id_of_the_page(page: Page) -> None:
    assert page.links
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)


ODD = {
    "one row": make_predictions(1),
    "two classes, rows of one": of_one_class(2),
    "three classes, rows of one": of_one_class(3),
    "labels alone": make_hard(60, 3),
    "labels alone, two classes, rows of one": of_one_class(2, hard=True),
    "sixty classes": make_predictions(120, 60),
}


@pytest.mark.parametrize("kind", ODD)
def test_no_link_leads_to_a_section_that_was_left_out(kind: str) -> None:
    page = Page(to_html(compose(make_record(ODD[kind]), (), ())))
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)


def test_the_page_asks_for_no_other_file(page: Page, html: str) -> None:
    for name, value in page.attributes:
        if name in {"src", "href", "action", "srcset"}:
            assert value.startswith(("data:", "#"))
    urls = re.findall(r"url\(([^)]{0,5})", html)
    assert set(urls) == {"data:"}
    assert "@import" not in html


def test_the_page_holds_one_script_and_no_inline_style(page: Page) -> None:
    assert page.tags.count("script") == 1
    assert not {"style", "onload", "onerror"} & {name for name, _ in page.attributes}


def test_the_policy_allows_exactly_this_style_and_this_script(html: str) -> None:
    digests = [
        b64encode(sha256(text.encode()).digest()).decode()
        for tag in ("style", "script")
        for text in [html.partition(f"<{tag}>")[2].partition(f"</{tag}>")[0]]
    ]
    policy = (
        "default-src 'none'; img-src data:; font-src data:; style-src "
        "'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'"
    )
    assert dict(Page(html).attributes)["lang"] == "en"
    assert f'content="{policy.format(*digests)}"' in html.replace("&#39;", "'")


def test_headings_skip_no_level(page: Page) -> None:
    levels = [int(tag[1]) for tag in page.tags if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    steps = [b - a for a, b in pairwise(levels)]
    assert max(steps) <= 1


def test_landmarks_stand_once(page: Page) -> None:
    assert page.tags.count("main") == page.tags.count("nav") == 1
    assert page.tags.count("footer") == 1


def test_every_table_has_a_caption(page: Page) -> None:
    assert page.tags.count("table") == page.tags.count("caption") > 0


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "[/]", "{{7*7}}", '"><img src=x>', "&amp;"]
)
def test_hostile_class_names_are_printed_as_they_are(name: str) -> None:
    names = (name, *"BCDEFGHIJ")
    page = Page(to_html(make_card(lettered(make_record(), names))))
    assert name in "".join(page.text)
    assert page.tags.count("script") == 1
    assert ("src", "x") not in page.attributes


def test_hostile_words_of_the_author_are_escaped() -> None:
    record = with_words(make_record(), "</style><script>1</script>")
    html = to_html(make_card(record))
    assert html.count("<script>") == 1
    assert "</style><script>1" not in html
    assert "&lt;script&gt;" in html


def test_a_misspelt_name_is_an_error() -> None:
    template = _environment().from_string("{{ card.titel }}")
    with pytest.raises(UndefinedError):
        template.render(card=make_card())


def test_every_template_is_escaped() -> None:
    environment = _environment()
    assert environment.from_string("{{ x }}").render(x="<b>") == "&lt;b&gt;"


def test_an_undefined_score_is_printed_with_its_reason() -> None:
    record = make_record(make_predictions(7))
    text = " ".join("".join(Page(to_html(make_card(record))).text).split())
    reason = record.evaluation.classes[9].recall.reason
    assert f"n/a: {reason}" in text


def test_the_bootstrap_stands_beside_the_intervals_it_checks() -> None:
    record = checked_record()
    text = text_of(record)
    assert "Standard errors by influence values and by the bootstrap" in text
    assert record.evaluation.interval_checks[0].label in text
    assert "Standard errors by influence" not in text_of(make_record())


def test_another_level_is_said_on_every_page_that_shows_intervals() -> None:
    html = to_html(make_card(checked_record(level=0.9)))
    for key in ("summary", "performance", "classes", "deciding", "provenance"):
        start = html.index(f'<section id="section-{key}"')
        section = html[start : html.index("</section>", start)]
        assert '<data value="0.9">90\N{NO-BREAK SPACE}%</data>' in section
        assert ">95\N{NO-BREAK SPACE}%</data> confidence interval" not in section


def test_what_has_no_interval_is_printed_without_brackets() -> None:
    # One row gives no interval to anything.
    assert "interval" not in dict.fromkeys(
        value
        for name, value in Page(to_html(make_card(one_row()))).attributes
        if name == "class"
    )


def one_row() -> Record:
    """Returns a record of a single test image."""
    return make_record(make_predictions(1))


def text_of(record: Record) -> str:
    """Returns the words of a record's page."""
    return " ".join("".join(Page(to_html(make_card(record))).text).split())


def test_paper_marks_what_its_typeface_lacks_and_the_page_keeps_it() -> None:
    # A name in a script that DejaVu does not have; bold, too, as in a title.
    card = make_card(lettered(make_record(), ("漢字", *"BCDEFGHIJ")))
    html = to_html(dataclasses.replace(card, title="漢字 and others"))
    assert "漢字" in html
    text = " ".join(" ".join(pages_of(to_pdf(html, created_at=DAY))).split())
    assert "漢" not in text
    assert "[U+6F22 U+5B57] and others" in text
    assert "are printed as their code points, as [U+6F22 U+5B57];" in text


def test_a_p_value_is_never_parted_from_its_name() -> None:
    space = "\N{NO-BREAK SPACE}"
    assert str(prose(p_phrase(0.04))) == (
        f'<span class="p-value">p{space}={space}<data value="0.04">0.040</data></span>'
    )


@pytest.mark.parametrize(
    ("epochs", "shown"),
    [
        (20, [*range(1, 21)]),
        (25, [1, *range(2, 25, 2), 25]),
        (30, [1, *range(2, 31, 2)]),
        (500, [1, *range(25, 501, 25)]),
    ],
)
def test_paper_shows_a_few_of_many_epochs(epochs: int, shown: list[int]) -> None:
    pages = pages_of(to_paper(make_card(trained_for(epochs))))
    table = " ".join(pages).partition("Learning rate ")[2].partition("record ")[0]
    # Each row is its number, then loss, loss, accuracy, accuracy and rate.
    numbers = re.findall(r"(?:^| )(\d+) 0\.5", table)
    assert [int(number) for number in numbers] == shown


def trained_for(epochs: int) -> Record:
    """Returns a record of that many epochs, each number half of a whole and more."""
    record = make_record()
    assert record.training is not None
    rates = tuple(0.5 + epoch / 10_000 for epoch in range(1, epochs + 1))
    history = History(rates, rates, rates, rates, rates)
    training = dataclasses.replace(record.training, epochs=epochs, history=history)
    return dataclasses.replace(record, training=training)


def test_the_page_holds_every_epoch_behind_the_few() -> None:
    html = to_html(make_card(trained_for(500)))
    summary = '<summary>All <data value="500">500</data> epochs as a table</summary>'
    hidden = html.partition(summary)[2].partition("</details>")[0]
    assert hidden.count("<tr>") == 1 + 500
    assert '<div class="scroll tall"' not in to_html(make_card(trained_for(20)))


def test_omissions_notes_and_missing_words_are_named(page: Page) -> None:
    text = "".join(page.text)
    assert "Figure left out: extra. There is none." in text
    assert "The shapes were made up." in text
    assert "Not filled in by the author: Licence." in text


def test_other_weights_than_the_training_left_are_pointed_out() -> None:
    record = make_record()
    assert record.model is not None
    model = dataclasses.replace(record.model, weights_sha256="e" * 64)
    html = to_html(make_card(dataclasses.replace(record, model=model)))
    assert "Not the same weights." in html
    assert "Not the same weights." not in to_html(make_card(record))


def test_a_perfect_model_is_rendered() -> None:
    predictions = make_predictions(40)
    sure = 0.999 * (predictions.y_true[:, None] == range(10)) + 0.0001
    names, rows = predictions.class_names, predictions.row_ids
    right = Predictions(predictions.y_true, sure, names, rows)
    assert "There are no errors in" in to_html(make_card(make_record(right)))


def test_a_page_without_pictures_is_rendered() -> None:
    assert "<figure" not in to_html(compose(make_record(), (), ()))


def pages_of(pdf: bytes) -> list[str]:
    """Returns the text of each page."""
    document = pypdfium2.PdfDocument(pdf)
    texts = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return [" ".join(text.split()) for text in texts]


def test_the_summary_fills_exactly_the_first_page(pdf: bytes) -> None:
    pages = pages_of(pdf)
    assert "Summary" in pages[0]
    assert "What is not here" in pages[0]
    assert "What is it?" in pages[1]


def test_a_long_title_and_several_notes_still_fit_the_first_page() -> None:
    words = tuple(
        AuthorWord(key, label, None)
        for key, label in (
            ("intended_use", "Intended use"),
            ("limits", "Limits and trade-offs"),
            ("ethics", "Ethical considerations"),
            ("contact", "Contact"),
            ("licence", "Licence"),
        )
    )
    record = dataclasses.replace(
        make_record(),
        title="Handwritten letters and digits, Sequential perceptron",
        author=words,
        notes=("The shapes were made up.", "They were read from the cache."),
    )
    pages = pages_of(to_paper(make_card(record)))
    assert "They were read from the cache." in pages[0]
    assert "What is it?" in pages[1]


def test_many_omissions_still_fit_the_first_page() -> None:
    record = make_record(make_predictions(20), training=None)
    pages = pages_of(to_paper(make_card(record)))
    assert "the confidence histogram are left out" in " ".join(pages[0].split())
    assert not any("What is not here" in page for page in pages[1:])
    assert "What is it?" in pages[0]  # the room that is left is the next section's


def test_every_page_knows_its_number_and_its_record(card: Card, pdf: bytes) -> None:
    pages = pages_of(pdf)
    for number, text in enumerate(pages, start=1):
        assert f"page {number} of {len(pages)}" in text
        assert card.fingerprint in text


def test_a_line_is_full_before_it_is_broken() -> None:
    # At some widths the text fits a line and the space behind it does not.
    said = sentence("No two classes are mixed up more than two, in {n}.", n=share(0.1))
    for width_mm in range(60, 110):
        style = f"<style>@page {{ size: {width_mm}mm 60mm; margin: 0 }}</style>"
        html = bare(f"{style}<p>{prose(said)}")
        document = pypdfium2.PdfDocument(paper.pdf_pages(html, created_at=DAY))
        first = document[0].get_textpage().get_text_range().splitlines()[0]
        document.close()
        assert len(first) > 20, width_mm


def test_no_word_of_a_finding_is_torn_at_the_end_of_a_line(card: Card) -> None:
    # Each is a letter longer than the one before: at some a line ends within "images".
    found = tuple(
        Finding(
            sentence(
                "{start} {share} of {n} {noun}s, {share} less than of the others.",
                start="some are right " * 3 + "i" * more,
                share=dataclasses.replace(share(0.75), low=0.7, high=0.8),
                n=count(2816),
                noun="image",
            ),
            "performance",
        )
        for more in range(30)
    )
    html = to_html(dataclasses.replace(card, findings=found))
    style = html[html.index("<style>") : html.index("</style>")] + "</style>"
    listed = html[html.index('<ol class="findings">') :].partition("</section>")[0]
    alone = bare(f'{style}<section id="section-performance">{listed}</section>')
    said = " ".join(pages_of(paper.pdf_pages(alone, created_at=DAY)))
    assert said.split().count("images,") == len(found)


def test_no_line_ends_within_an_option_or_a_p_value() -> None:
    # A class may have any name; one that is longer than an option breaks as it did.
    long = "--" + "a" * 200
    said = sentence("A p-value (--positive): “{name}”, --{name}.", name=long)
    assert prose(said) == (
        'A <span class="whole">p-value</span> (<span class="whole">--positive</span>): '
        f"“{long}”, --{long}."
    )


def test_later_pages_carry_the_running_head(card: Card, pdf: bytes) -> None:
    # Its title holds the dataset's, which is not said twice.
    head = card.title
    assert card.record.dataset.title in head
    assert all(head in text for text in pages_of(pdf)[1:])


def test_the_contents_name_the_page_of_each_section(card: Card, pdf: bytes) -> None:
    pages = pages_of(pdf)
    for section in card.sections[1:]:
        page = next(i for i, p in enumerate(pages, 1) if f"{section.question}?" in p)
        assert f"{section.title} {page}" in pages[0]


def test_the_outline_names_every_section(card: Card, pdf: bytes) -> None:
    document = pypdfium2.PdfDocument(pdf)
    titles = [mark.get_title() for mark in document.get_toc()]
    document.close()
    for section in card.sections:
        assert any(section.title in title for title in titles)


def test_pages_are_a4_portrait(pdf: bytes) -> None:
    document = pypdfium2.PdfDocument(pdf)
    sizes = {tuple(round(side) for side in page.get_size()) for page in document}
    document.close()
    assert sizes == {(595, 842)}


def test_the_pdf_is_tagged_titled_and_dated(card: Card, pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert str(document.Root.Lang) == "en"
        assert bool(document.Root.MarkInfo.Marked)
        assert "/StructTreeRoot" in document.Root
        assert str(document.docinfo["/Title"]) == card.title
        assert str(document.docinfo["/Subject"]) == str(card.findings[0].sentence)
        assert str(document.docinfo["/CreationDate"]) == "D:20260102030405Z"


def test_only_our_own_typeface_is_embedded(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        fonts = {
            str(font.BaseFont)
            for page in document.pages
            for font in page.Resources.get("/Font", {}).values()
        }
    assert fonts
    assert all("Reportgen-Sans" in font for font in fonts)


RENDER = """
import hashlib
from cards import make_card
from reportgen.render import to_html, to_pdf
card = make_card()
html = to_html(card)
pdf = to_pdf(html, created_at=card.record.timings.created_at)
print(hashlib.sha256(html.encode()).hexdigest())
print(hashlib.sha256(pdf).hexdigest())
"""


@pytest.mark.slow
def test_two_processes_write_the_same_bytes(tmp_path: Path) -> None:
    package = Path(paper.__file__).parents[2]
    tests = Path(__file__).parent
    environment = {
        **{k: v for k, v in os.environ.items() if k != "SOURCE_DATE_EPOCH"},
        "PYTHONPATH": os.pathsep.join(map(str, (package, tests))),
    }
    runs = [
        subprocess.run(
            [sys.executable, "-c", RENDER],
            env={**environment, "PYTHONHASHSEED": seed},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]
    assert len(runs[0].split()) == 2


def test_the_environment_is_left_as_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    paper.pdf_pages(bare("<p>x"), created_at=DAY)
    assert "SOURCE_DATE_EPOCH" not in os.environ


def test_a_date_set_by_the_user_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "7")
    paper.pdf_pages(bare("<p>x"), created_at=DAY)
    assert os.environ["SOURCE_DATE_EPOCH"] == "7"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("<img alt='a' src='https://example.org/x.png'>", "example.org"),
        ("<img alt='a' src='file:///etc/hostname'>", "hostname"),
        ("<style>@import 'https://example.org/x.css';</style>", "example.org"),
        ("<style>p { colour: red }</style>", "colour"),
        ("<img alt='a' src='data:image/png;base64,AAAA'>", "image"),
        ("<a href='#nowhere'>x</a>", "nowhere"),
    ],
)
def test_what_weasyprint_would_only_log_is_an_error(body: str, message: str) -> None:
    with pytest.raises(RenderError, match=message):
        paper.pdf_pages(bare(body), created_at=DAY)


def test_the_listener_leaves_the_logger_when_done() -> None:
    before = list(logging.getLogger("weasyprint").handlers)
    with pytest.raises(RenderError):
        paper.pdf_pages(bare("<a href='#x'>x</a>"), created_at=DAY)
    assert logging.getLogger("weasyprint").handlers == before


def test_missing_pango_names_the_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without_pango(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.startswith("weasyprint"):
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without_pango)
    with pytest.raises(MissingPangoError, match="libpangoft2"):
        paper.pdf_pages(bare("<p>x"), created_at=DAY)


def test_letters_outside_the_typeface_do_not_stop_the_page() -> None:
    names = ("三", *"BCDEFGHIJ")
    record = lettered(make_record(), names)
    assert "三" in to_html(compose(record, make_pictures(record)[:1], ()))
