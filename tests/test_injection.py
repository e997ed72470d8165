"""Every string of a record may be written by a stranger: none of them is ever code."""

import io
import json
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import msgspec
import pikepdf
import pytest
import yaml
from click.testing import CliRunner
from markdown_it import MarkdownIt

from cards import make_pictures
from records import make_handed_record, make_predictions, make_record, with_warps
from reportgen.card import Card, compose
from reportgen.cli.commands import main
from reportgen.errors import RecordError
from reportgen.record import Record, from_json, to_json
from reportgen.render import to_html, to_markdown, to_pdf

EVIL = (
    "<script>alert(1)</script>\"'><img src=x onerror=alert(1)></style></title> "
    "{{7*7}} [/] [a](javascript:alert(1)) ![b](file:///etc/passwd) "
    "<a href='javascript:alert(1)'>c</a> url(file:///etc/passwd) `d` "
    "\n---\nevil: true\n\n# Evil\n\u202e\x1b[31m\x1b]0;evil\x07\x9b2J "
)
"""Whatever HTML, CSS, Jinja2, Markdown, YAML, rich and a terminal would act on."""

RECORDS = {
    "trained": lambda: with_warps(make_record(make_predictions(60, 3))),
    "handed": lambda: make_handed_record(make_predictions(60, 3)),
}


def texts(value: Any) -> Iterator[str]:
    """Yields every string of a document, keys left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from texts(part)


def swapped(value: Any, new: dict[str, str]) -> Any:
    """Returns the document with those strings replaced wherever they stand."""
    if isinstance(value, str):
        return new.get(value, value)
    if isinstance(value, dict):
        return {key: swapped(part, new) for key, part in value.items()}
    return [swapped(part, new) for part in value] if isinstance(value, list) else value


def read(document: Any) -> Record:
    """Returns the record of a document."""
    return from_json(
        msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n"
    )


def is_free(document: Any, text: str) -> bool:
    """Returns whether a string may be any other one: a key may not."""
    try:
        read(swapped(document, {text: EVIL}))
    except RecordError:
        return False
    return True


@cache
def evil_record(kind: str) -> Record:
    """Returns a record of which every string is evil that can be."""
    document = json.loads(to_json(RECORDS[kind]()))
    words = sorted(set(texts(document)))
    free = [word for word in words if is_free(document, word)]
    assert len(free) > 100
    return read(swapped(document, {w: f"{EVIL}{n}" for n, w in enumerate(free)}))


@pytest.fixture(scope="module", params=RECORDS)
def card(request: pytest.FixtureRequest) -> Card:
    record = evil_record(request.param)
    return compose(record, make_pictures(record), ())


@pytest.fixture(scope="module")
def html(card: Card) -> str:
    return to_html(card)


class Tags(HTMLParser):
    """Counts tags, and keeps what could act: addresses and attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


ADDRESSES = {"src", "href", "action", "srcset", "poster", "formaction"}


def test_the_page_holds_no_tag_of_theirs(card: Card, html: str) -> None:
    found = Tags(html)
    assert found.tags.count("script") == found.tags.count("style") == 1
    assert 0 < found.tags.count("img") <= len(card.pictures)
    assert not [name for name, _ in found.attributes if name.startswith("on")]
    assert not [name for name, _ in found.attributes if name == "style"]


def test_the_page_leads_nowhere_else(html: str) -> None:
    for name, value in Tags(html).attributes:
        if name in ADDRESSES:
            assert value.startswith(("data:", "#")), (name, value)


def test_the_style_holds_no_word_of_theirs(html: str) -> None:
    style = html.partition("<style>")[2].partition("</style>")[0]
    assert "alert" not in style
    assert "passwd" not in style


def test_no_template_is_made_of_their_words(html: str) -> None:
    assert "{{7*7}}" in html


def test_paper_is_made_of_it_and_fetches_nothing(html: str) -> None:
    content = to_pdf(html, created_at="2026-01-02T03:04:05Z")
    with pikepdf.open(io.BytesIO(content)) as document:
        actions = {
            str(found.S)
            for found in document.objects
            if isinstance(found, pikepdf.Dictionary) and "/S" in found
        }
    assert not actions & {"/JavaScript", "/Launch", "/URI", "/SubmitForm", "/GoToR"}


def test_the_model_card_is_yaml_with_our_keys_alone(card: Card) -> None:
    _, head, _ = to_markdown(card).split("---\n", 2)
    known = {"library_name", "license", "license_name", "model-index", "pipeline_tag"}
    assert set(yaml.safe_load(head)) <= known | {"tags"}
    assert "<" not in head


def test_the_model_card_renders_without_a_tag_or_a_link_of_theirs(card: Card) -> None:
    body = to_markdown(card).split("---\n", 2)[2]
    found = Tags(MarkdownIt("commonmark", {"html": True}).render(body))
    assert not {"script", "img", "a", "style"} & set(found.tags)
    assert found.tags.count("h1") == 1


def test_no_word_of_the_model_card_steers_a_terminal(card: Card) -> None:
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(to_markdown(card))


def test_no_word_of_a_record_steers_the_terminal(card: Card, tmp_path: Path) -> None:
    (tmp_path / "record.json").write_bytes(to_json(card.record))
    result = CliRunner().invoke(main, ["show", str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(result.output)
