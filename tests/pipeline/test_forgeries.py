"""A report that was made to show something else, once it is open, is not true."""

import io
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from cards import make_pictures
from reportgen.cli.console import Silent
from reportgen.pipeline import showing, verify, verifying
from reportgen.render import to_pdf
from reports import make_report

Forge = Callable[[pikepdf.Pdf], None]

PRINTED, PRINTED_ALONE = 4, 36
"""Flags of an annotation: shown everywhere, or on paper and not on the screen."""

SCRIPT = Dictionary(S=Name.JavaScript, JS="app.alert('Accuracy 99.9 %')")


@pytest.fixture(autouse=True)
def _boxes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draws boxes for figures, and lays out here: a press loads for two seconds."""
    press = nullcontext(SimpleNamespace(to_pdf=to_pdf, draw=None))
    monkeypatch.setattr(
        showing, "draw_pictures", lambda record, _: (make_pictures(record), ())
    )
    monkeypatch.setattr(verifying, "waiting_press", lambda: press)


@pytest.fixture(scope="module")
def written() -> bytes:
    """Returns a true report."""
    return make_report().pdf()


def told(written: bytes, forge: Forge, folder: Path) -> dict[str, tuple[str, ...]]:
    """Returns what is found to differ in the report after a change, by check."""
    path = folder / "report.pdf"
    with pikepdf.open(io.BytesIO(written)) as document:
        forge(document)
        document.save(path)
    found = verify(path, Silent())
    return {one.name: one.differences for one in found.checks if one.differences}


def lay_over(document: pikepdf.Pdf, kind: pikepdf.Name, flags: int) -> pikepdf.Object:
    """Lays a white box with a number in it over the first page, and returns it."""
    paint = document.make_stream(
        b"1 g 0 0 300 60 re f 0 g BT /F 30 Tf 9 20 Td (Accuracy 99.9 %) Tj ET",
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=[0, 0, 300, 60],
        Resources=Dictionary(Font=Dictionary(F=_helvetica())),
    )
    box = Dictionary(Type=Name.Annot, Subtype=kind, F=flags, AP=Dictionary(N=paint))
    box.Rect = Array([60, 600, 360, 660])
    laid = document.make_indirect(box)
    document.pages[0].Annots.append(laid)
    return laid


def _helvetica() -> Dictionary:
    return Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)


def test_a_field_of_a_form_over_a_number_is_named(
    written: bytes, tmp_path: Path
) -> None:
    def forge(document: pikepdf.Pdf) -> None:
        field = lay_over(document, Name.Widget, PRINTED)
        field.FT, field.T = Name.Tx, pikepdf.String("a")
        document.Root.AcroForm = Dictionary(Fields=Array([field]))

    assert told(written, forge, tmp_path) == {
        "other content": (
            "the document holds 'AcroForm', which reportgen never writes",
            "page 1 holds an annotation of kind 'Widget', no link",
        )
    }


def test_a_stamp_that_shows_on_paper_alone_is_named(
    written: bytes, tmp_path: Path
) -> None:
    def forge(document: pikepdf.Pdf) -> None:
        lay_over(document, Name.Stamp, PRINTED_ALONE)

    assert told(written, forge, tmp_path) == {
        "other content": ("page 1 holds an annotation of kind 'Stamp', no link",)
    }


def test_a_script_that_runs_once_it_is_open_is_named(
    written: bytes, tmp_path: Path
) -> None:
    def forge(document: pikepdf.Pdf) -> None:
        document.Root.OpenAction = SCRIPT

    assert told(written, forge, tmp_path) == {
        "other content": (
            "the document holds 'OpenAction', which reportgen never writes",
        )
    }


@pytest.mark.parametrize("grey", [b"0.76", b"0.96"])
def test_a_grey_box_that_hides_no_word_is_named(
    grey: bytes, written: bytes, tmp_path: Path
) -> None:
    def forge(document: pikepdf.Pdf) -> None:
        darker = Dictionary(ExtGState=Dictionary(Dark=Dictionary(BM=Name.Multiply)))
        box = document.make_stream(
            b"/Dark gs %b g 0 0 300 60 re f" % grey,
            Type=Name.XObject,
            Subtype=Name.Form,
            BBox=[0, 0, 300, 60],
            Resources=darker,
        )
        page = document.pages[0]
        name = page.add_resource(box, Name.XObject)
        page.contents_add(b"q 1 0 0 1 60 130 cm %b Do Q" % str(name).encode())

    found = told(written, forge, tmp_path)
    assert list(found) == ["looks"]
    assert found["looks"][0].startswith("page 1: looks unlike from")


def test_a_grey_band_under_the_margin_is_named(written: bytes, tmp_path: Path) -> None:
    def forge(document: pikepdf.Pdf) -> None:
        document.pages[0].contents_add(b"q 0.76 g 0 0 595 40 re f Q", prepend=True)

    assert list(told(written, forge, tmp_path)) == ["looks"]
