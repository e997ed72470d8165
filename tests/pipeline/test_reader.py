"""The reader finds what this process would find, and its end is one error."""

import sys
from collections.abc import Iterator

import pytest
from hostile_papers import CASES, EMPTY_PAGE, PLAIN, carrying, raw_pdf, stream

from reportgen.errors import ReportError
from reportgen.pipeline import reader as reading_beside
from reportgen.pipeline.reader import Reader, waiting_reader
from reportgen.render import page_texts, read_attachments
from reportgen.render.reading import read_foreign, unlike_pages

FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
PAGE = EMPTY_PAGE[:-2] + b"/Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>"


def paper(text: bytes) -> bytes:
    """Returns a PDF that prints a word and carries a file."""
    shown = stream(b"BT /F 12 Tf 72 700 Td (" + text + b") Tj ET")
    return carrying({"a": stream(b"content")}, page=PAGE, others=(shown, FONT))


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with waiting_reader() as waiting:
        yield waiting


def test_it_unpacks_what_is_carried(reader: Reader) -> None:
    found = reader.attachments(paper(b"one"))
    assert found == read_attachments(paper(b"one")) == {"a": b"content"}


def test_it_reads_what_is_printed(reader: Reader) -> None:
    found = reader.texts(paper(b"one"))
    assert found == page_texts(paper(b"one"))
    assert found[0].split() == ["one"]


def test_it_sees_what_looks_unlike(reader: Reader) -> None:
    one, other = paper(b"one"), paper(b"two")
    assert reader.unlike_pages(one, one) == ()
    assert reader.unlike_pages(one, other) == unlike_pages(one, other) != ()


def test_it_names_what_no_report_holds(reader: Reader) -> None:
    assert reader.foreign(paper(b"one")) == ()
    note = PAGE[:-2] + b"/Annots [<< /Type /Annot /Subtype /Stamp >>] >>"
    content = carrying({}, page=note, others=(stream(b""), FONT))
    assert reader.foreign(content) == read_foreign(content) != ()


def test_a_hair_s_breadth_is_not_seen(reader: Reader) -> None:
    def moved(by: bytes) -> bytes:
        shown = stream(b"BT /F 12 Tf %b 600 Td (one more word) Tj ET" % by)
        return carrying({}, page=PAGE, others=(shown, FONT))

    assert reader.unlike_pages(moved(b"72.1"), moved(b"72")) == ()
    assert reader.unlike_pages(moved(b"73"), moved(b"72")) != ()


def test_a_refusal_is_that_of_this_process(reader: Reader) -> None:
    for content in (b"no pdf", raw_pdf(PLAIN)[:60]):
        with pytest.raises(ReportError) as here:
            read_attachments(content)
        with pytest.raises(ReportError) as there:
            reader.attachments(content)
        assert str(there.value) == str(here.value)


def test_a_reader_that_is_killed_is_told() -> None:
    with waiting_reader() as waiting:
        waiting.beside.process.kill()
        with pytest.raises(ReportError, match="ended with SIGKILL"):
            waiting.texts(paper(b"one"))


def test_a_pdf_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_beside, "LONGEST_S", 0.001)
    with waiting_reader() as waiting, pytest.raises(ReportError, match="takes longer"):
        waiting.texts(paper(b"one"))


def test_this_process_loads_nothing_that_reads_a_pdf(reader: Reader) -> None:
    # Others of these tests do; the reader's own modules must not ask for it.
    loaded = {name for name in ("pikepdf", "pypdfium2") if name in sys.modules}
    reader.texts(paper(b"one"))
    assert {n for n in ("pikepdf", "pypdfium2") if n in sys.modules} == loaded


def test_there_are_fourteen_hostile_papers() -> None:
    assert len(CASES) >= 14
