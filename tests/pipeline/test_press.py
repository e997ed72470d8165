"""The press makes what `to_pdf` makes, and its end is told, however it comes."""

import sys
from pathlib import Path
from typing import Any

import pytest

from reportgen.errors import MissingPangoError, RenderError
from reportgen.pipeline.press import waiting_press
from reportgen.render import Attachment, to_pdf

DAY = "2026-01-02T03:04:05Z"

PAGE = """<!DOCTYPE html><html lang="en"><head><title>Ten</title></head>
<body><h1>Ten</h1><p>Of ten rows ten are right.</p></body></html>"""

FILE = Attachment("record.json", "Every number", b"{}\n")


@pytest.fixture
def bounds(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Returns what sets a bound of the press for one test."""
    module = sys.modules["reportgen.pipeline.press"]
    return lambda name, value: monkeypatch.setattr(module, name, value)


def test_the_press_makes_the_same_bytes_as_this_process() -> None:
    with waiting_press() as waiting:
        made = waiting.to_pdf(PAGE, created_at=DAY, attachments=(FILE,))
    assert made == to_pdf(PAGE, created_at=DAY, attachments=(FILE,))


def test_an_error_of_the_page_comes_back_as_it_is() -> None:
    page = PAGE.replace("<p>", '<img src="https://example.org/a.png" alt="A"><p>')
    with pytest.raises(RenderError) as here:
        to_pdf(page, created_at=DAY)
    with waiting_press() as waiting, pytest.raises(RenderError) as there:
        waiting.to_pdf(page, created_at=DAY)
    assert str(there.value) == str(here.value)


def test_a_missing_library_is_told_when_the_page_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "weasyprint.py").write_text("raise OSError('no libpango')")
    monkeypatch.syspath_prepend(tmp_path)
    with (
        waiting_press() as waiting,
        pytest.raises(MissingPangoError, match=r"Received: no libpango\. On Debian"),
    ):
        waiting.to_pdf(PAGE, created_at=DAY)


def test_a_page_that_takes_too_long_is_given_up(bounds: Any) -> None:
    bounds("LONGEST_S", 0.01)
    with (
        waiting_press() as waiting,
        pytest.raises(RenderError, match=r"within 0\.01 seconds"),
    ):
        waiting.to_pdf(PAGE, created_at=DAY)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems bound nothing")
def test_a_page_that_takes_too_much_memory_is_given_up(bounds: Any) -> None:
    bounds("LARGEST_MEMORY", 2**30 // 4)
    long = PAGE.replace("<p>", "<p>" + "So it goes. " * 2_000_000 + "</p><p>")
    with (
        waiting_press() as waiting,
        pytest.raises(RenderError, match=r"live to its end, within 0 GiB"),
    ):
        waiting.to_pdf(long, created_at=DAY)


def test_a_press_that_is_killed_says_by_what() -> None:
    with waiting_press() as waiting:
        waiting.beside.process.kill()
        with pytest.raises(RenderError, match="ended with SIGKILL"):
            waiting.to_pdf(PAGE, created_at=DAY)


def test_a_press_without_a_page_ends_with_its_block() -> None:
    with waiting_press() as waiting:
        assert waiting.beside.process.poll() is None
    assert waiting.beside.process.returncode < 0
