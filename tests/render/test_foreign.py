"""What our PDFs hold is known, and whatever else one holds is named."""

import io
from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from reportgen.render import Attachment, to_pdf
from reportgen.render.foreign import MOST
from reportgen.render.reading import read_foreign

PAGE = (
    "<!doctype html><html lang='en'><title>t</title><body><h1 id='a'>A</h1>"
    "<h2>B</h2><h2>C</h2><a href='#a'>to A</a> <a href='https://example.org'>out</a>"
)
NEVER = "which reportgen never writes"


@pytest.fixture(scope="module")
def ours() -> bytes:
    """Returns a PDF with all that one of ours can hold."""
    return to_pdf(
        PAGE,
        created_at="2026-01-02T03:04:05Z",
        attachments=(Attachment("record.json", "Numbers", b"{}"),),
    )


def after(content: bytes, change: Callable[[pikepdf.Pdf], object]) -> tuple[str, ...]:
    """Returns what is found foreign in the PDF after the change."""
    saved = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as document:
        change(document)
        document.save(saved)
    return read_foreign(saved.getvalue())


def test_what_we_write_is_not_foreign(ours: bytes) -> None:
    assert read_foreign(ours) == after(ours, lambda _: None) == ()


@pytest.mark.parametrize("key", ["AA", "AcroForm", "OCProperties", "OpenAction"])
def test_another_key_of_the_catalogue_is_foreign(key: str, ours: bytes) -> None:
    found = after(ours, lambda pdf: setattr(pdf.Root, key, Dictionary()))
    assert found == (f"the document holds {key!r}, {NEVER}",)


def test_scripts_among_the_names_are_foreign(ours: bytes) -> None:
    found = after(ours, lambda pdf: setattr(pdf.Root.Names, "JavaScript", Array()))
    assert found == (f"the list of names holds 'JavaScript', {NEVER}",)


def test_an_action_of_a_page_is_foreign(ours: bytes) -> None:
    found = after(ours, lambda pdf: setattr(pdf.pages[0].obj, "AA", Dictionary()))
    assert found == (f"page 1 holds 'AA', {NEVER}",)


def test_an_action_of_any_bookmark_is_foreign(ours: bytes) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.Root.Outlines.First.First.Next.A = Dictionary(S=Name.JavaScript)

    assert after(ours, change) == (f"a bookmark holds 'A', {NEVER}",)


def test_bookmarks_that_run_in_a_circle_end(ours: bytes) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.Root.Outlines.First.First.Next = pdf.Root.Outlines.First

    assert after(ours, change) == ()


@pytest.mark.parametrize("key", ["AA", "AP", "Border", "C", "OC"])
def test_what_paints_a_link_is_foreign(key: str, ours: bytes) -> None:
    found = after(ours, lambda pdf: setattr(_link(pdf), key, Dictionary()))
    assert found == (f"a link on page 1 holds {key!r}, {NEVER}",)


def test_a_border_of_a_link_is_foreign(ours: bytes) -> None:
    found = after(ours, lambda pdf: setattr(_link(pdf).BS, "W", 50))
    assert found == ("a link on page 1 has a border that is seen",)
    assert after(ours, lambda pdf: _link(pdf).__delitem__("/BS")) == found


@pytest.mark.parametrize("kind", ["JavaScript", "Launch", "Hide"])
def test_a_link_that_does_more_than_lead_somewhere_is_foreign(
    kind: str, ours: bytes
) -> None:
    action = Dictionary(S=Name(f"/{kind}"))
    found = after(ours, lambda pdf: setattr(_link(pdf), "A", action))
    assert found == (f"a link on page 1 begins an action of kind {kind!r}",)


def test_a_second_action_of_a_link_is_foreign(ours: bytes) -> None:
    action = Dictionary(S=Name.URI, URI="a:", Next=Dictionary(S=Name.JavaScript))
    found = after(ours, lambda pdf: setattr(_link(pdf), "A", action))
    assert found == (f"the action of a link on page 1 holds 'Next', {NEVER}",)


@pytest.mark.parametrize("kind", ["FreeText", "Popup", "Stamp"])
def test_an_annotation_that_is_no_link_is_foreign(kind: str, ours: bytes) -> None:
    note = Dictionary(Type=Name.Annot, Subtype=Name(f"/{kind}"), Rect=[0, 0, 9, 9])
    found = after(ours, lambda pdf: pdf.pages[0].Annots.append(note))
    assert found == (f"page 1 holds an annotation of kind {kind!r}, no link",)


def test_no_more_is_told_than_is_read(ours: bytes) -> None:
    note = Dictionary(Type=Name.Annot, Subtype=Name("/" + "x" * 1000))
    found = after(ours, lambda pdf: pdf.pages[0].Annots.extend([note] * (MOST + 1)))
    assert len(found) == MOST
    assert max(map(len, found)) < 100


def _link(pdf: pikepdf.Pdf) -> pikepdf.Object:
    """Returns the first link of the first page."""
    return pdf.pages[0].Annots[0]
