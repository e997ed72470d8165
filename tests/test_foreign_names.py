"""Names from everywhere, and names that would rather be code, in every output."""

import io
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from click.testing import CliRunner

from cards import lettered
from records import make_record
from reportgen.card import Card, compose
from reportgen.cli.commands import main
from reportgen.cli.console import show_error
from reportgen.figures import FIGURES, NAMELESS, draw_pictures
from reportgen.record import to_json
from reportgen.render import to_html, to_markdown, to_pdf

LONG = "long " * 59 + "last."
NAMES = (
    "<script>alert(1)</script>",
    "[/]",
    "{{7*7}}",
    "\u202eturned",
    LONG,
    "手写数字",
    "سبعة",
    "🚀",
    "猫 cat",
    "plain",
)
"""Ten class names; the fifth has 300 characters."""

ON_PAPER = (
    *NAMES[:3],
    "[U+202E]turned",
    LONG,
    "[U+624B U+5199 U+6570 U+5B57]",
    "سبعة",
    "[U+1F680]",
    "[U+732B] cat",
    "plain",
)
"""The same as paper prints them: DejaVu has Arabic, and neither Chinese nor rockets."""


@pytest.fixture(scope="module")
def card() -> Card:
    record = replace(lettered(make_record(), NAMES), title="[/] \u202e\x1b[31m title")
    return compose(record, *draw_pictures(record))


@pytest.fixture(scope="module")
def html(card: Card) -> str:
    return to_html(card)


@pytest.fixture(scope="module")
def paper(html: str) -> str:
    """Returns the text of the PDF without its white space."""
    content = to_pdf(html, created_at="2026-01-02T03:04:05Z")
    with pypdfium2.PdfDocument(io.BytesIO(content)) as document:
        return squeezed(
            "".join(page.get_textpage().get_text_bounded() for page in document)
        )


def squeezed(text: str) -> str:
    """Returns the text without spaces, line ends and the hyphens that end lines."""
    return "".join(text.replace("\ufffe", "").split())


@pytest.fixture
def run(card: Card, tmp_path: Path) -> Path:
    (tmp_path / "record.json").write_bytes(to_json(card.record))
    return tmp_path


def test_the_page_runs_none_of_them(html: str) -> None:
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "{{7*7}}" in html


@pytest.mark.parametrize("name", [name for name in NAMES if "<" not in name])
def test_the_page_prints_them_whole(name: str, html: str) -> None:
    assert f">{name}<" in html


@pytest.mark.parametrize("name", [name for name in ON_PAPER if name != "سبعة"])
def test_paper_prints_them_or_their_code_points(name: str, paper: str) -> None:
    assert squeezed(name) in paper


def test_paper_prints_arabic(paper: str) -> None:
    # From right to left, and in joined forms: any order and form of its letters.
    assert any(0x0600 <= ord(character) <= 0xFEFF for character in paper)


def test_page_one_of_the_paper_explains_code_points(paper: str) -> None:
    assert squeezed("are printed as their code points, as [U+") in paper


def test_captions_say_what_the_typeface_lacks(card: Card) -> None:
    captions = {picture.key: str(picture.caption) for picture in card.pictures}
    drawn = [spec.key for spec in FIGURES if spec.key in captions]
    assert len(drawn) >= len(FIGURES) - 1  # thresholds are of two classes alone
    for key in drawn:
        said = captions[key]
        if key not in NAMELESS:
            assert "The typeface of the figures lacks characters of some names" in said
            assert "no. 6 is “手写数字”, no. 7 is “سبعة”, no. 8 is “🚀”" in said


def test_the_terminal_prints_them(run: Path) -> None:
    result = CliRunner().invoke(main, ["show", str(run)])
    assert result.exit_code == 0, result.output
    assert not {"\u202e", "\x1b"} & set(result.stdout)
    # The most confused pair and the reasons name classes; markup would be an error.
    assert "“" in result.stdout


def test_markdown_prints_them_as_text(card: Card) -> None:
    text = to_markdown(card)
    assert "<script>" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    for name in ("手写数字", "سبعة", "🚀", "猫 cat", LONG, r"\{\{7\*7\}\}", r"\[/\]"):
        assert f"| {name} |" in text


def test_an_error_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    show_error("one\x1b[2J\ntwo\u202e")
    said = capsys.readouterr().err
    assert "one\ufffd[2J" in said
    assert "two\ufffd" in said


@pytest.mark.parametrize("name", NAMES)
def test_an_error_prints_them(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    show_error(f"Received {name!r}.")
    said = squeezed(capsys.readouterr().err.replace("│", ""))
    assert squeezed(repr(name)) in said
