"""The PDF to keep: both standards, what it carries, and no way to harm its reader."""

import io
import zlib
from typing import Any

import page
import pikepdf
import pytest

from contests import make_document
from reportgen.card import compose_comparison
from reportgen.errors import ReportError
from reportgen.figures import draw_comparison_pictures
from reportgen.record import comparison_to_json
from reportgen.render import (
    Attachment,
    page_texts,
    read_attachments,
    reading,
    to_html,
    to_pdf,
)
from reportgen.render.reading import unlike_pages
from reports import Report, make_report

DAY = "2026-01-02T03:04:05Z"

FALSE_ALARMS = {
    "PDFA3A-METADATA-FILTER-001": "PDF/A-1 forbids packed metadata, PDF/A-3 does not",
    "PDFA3A-STREAM-LENGTH-001": "qpdf finds every stream as long as it says",
}
"""What page-validation says of sound files, and why it is no fault of theirs."""

BARE = '<html lang="en"><title>t</title><h1>t</h1><p>One line.</p>'


def failures(content: bytes, profile: page.ValidationProfile) -> set[str]:
    """Returns the rules of a standard that a PDF breaks."""
    found = page.validate_pdf_bytes(content, profile=profile).failures
    return {failure.rule_id for failure in found} - FALSE_ALARMS.keys()


def bare(*attachments: Attachment) -> bytes:
    """Returns a small PDF that carries those files."""
    return to_pdf(BARE, created_at=DAY, attachments=attachments)


@pytest.fixture(scope="module")
def report() -> Report:
    return make_report()


@pytest.fixture(scope="module")
def pdf(report: Report) -> bytes:
    return report.pdf()


@pytest.fixture
def opened(pdf: bytes) -> Any:
    return pikepdf.open(io.BytesIO(pdf))


def test_the_report_is_pdf_ua_1(pdf: bytes) -> None:
    assert failures(pdf, page.ValidationProfile.PDF_UA_1) == set()


def test_the_report_is_pdf_a_3a(pdf: bytes) -> None:
    assert failures(pdf, page.ValidationProfile.PDF_A_3A) == set()


def test_a_comparison_keeps_both_standards_and_carries_its_numbers() -> None:
    document = make_document()
    drawn = draw_comparison_pictures(document.comparison)
    content = comparison_to_json(document)
    made = to_pdf(
        to_html(compose_comparison(document, *drawn)),
        created_at=DAY,
        attachments=(Attachment("comparison.json", "The comparison", content),),
    )
    assert failures(made, page.ValidationProfile.PDF_UA_1) == set()
    assert failures(made, page.ValidationProfile.PDF_A_3A) == set()
    assert read_attachments(made) == {"comparison.json": content}


def test_streams_are_as_long_as_they_say(opened: Any) -> None:
    for found in opened.objects:
        if isinstance(found, pikepdf.Stream):
            assert len(found.read_raw_bytes()) == int(found.Length)


def test_one_metadata_names_both_standards(opened: Any) -> None:
    with opened.open_metadata() as metadata:
        assert metadata["pdfaid:part"] == "3"
        assert metadata["pdfaid:conformance"] == "A"
        assert metadata["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"


def test_the_report_is_tagged_titled_and_outlined(report: Report, opened: Any) -> None:
    root = opened.Root
    assert str(root.Lang) == "en"
    assert bool(root.MarkInfo.Marked)
    assert bool(root.ViewerPreferences.DisplayDocTitle)
    assert str(opened.docinfo["/Title"]) == report.record.title
    with opened.open_outline() as outline:
        assert outline.root


def test_headings_tables_and_figures_are_tagged(opened: Any) -> None:
    kinds = {
        str(found.S)
        for found in opened.objects
        if isinstance(found, pikepdf.Dictionary) and "/S" in found and "/P" in found
    }
    assert {"/H1", "/H2", "/Table", "/TH", "/Figure", "/L", "/Link"} <= kinds


def test_the_report_carries_its_record_and_its_rows(report: Report, pdf: bytes) -> None:
    names = ["record.json", "predictions.npz", "validation.npz"]
    assert list(report.files) == names
    assert read_attachments(pdf) == report.files


def test_what_it_carries_is_its_data(opened: Any) -> None:
    specifications = list(opened.Root.AF)
    assert len(specifications) == 3
    for specification in specifications:
        assert str(specification.AFRelationship) == "/Data"
        assert str(specification.EF.F.Params.ModDate) == "D:20260102030405Z"


def test_the_page_names_what_the_pdf_carries(report: Report, pdf: bytes) -> None:
    text = " ".join(" ".join(page_texts(pdf)).split())
    assert "carries record.json, predictions.npz and validation.npz within" in text
    assert "reportgen verify report.pdf" in report.html


def test_the_same_page_and_files_give_the_same_bytes(
    report: Report, pdf: bytes
) -> None:
    assert report.pdf() == pdf


def test_what_is_no_pdf_is_named_so() -> None:
    with pytest.raises(ReportError, match="must be a PDF"):
        read_attachments(b"PK\x03\x04")


def test_half_a_pdf_is_refused() -> None:
    content = bare()
    with pytest.raises(ReportError, match="whole PDF"):
        read_attachments(content[: len(content) // 2])


def test_half_a_pdf_has_no_text() -> None:
    content = bare()
    with pytest.raises(ReportError, match="whole PDF"):
        page_texts(content[: len(content) // 2])


def test_an_encrypted_pdf_is_refused() -> None:
    for secret in ("", "secret"):
        locked = io.BytesIO()
        with pikepdf.open(io.BytesIO(bare())) as document:
            document.save(locked, encryption=pikepdf.Encryption(owner="o", user=secret))
        with pytest.raises(ReportError, match="must not be encrypted"):
            read_attachments(locked.getvalue())


def changed(*, filters: str = "/FlateDecode", content: bytes = b"") -> bytes:
    """Returns a PDF whose attachment holds those raw bytes under that filter."""
    saved = io.BytesIO()
    with pikepdf.open(io.BytesIO(bare(Attachment("a", "a", b"a")))) as document:
        stream = document.Root.Names.EmbeddedFiles.Names[1].EF.F
        stream.write(content, filter=pikepdf.Name(filters))
        document.save(saved, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return saved.getvalue()


def test_a_bomb_is_not_unpacked() -> None:
    bomb = zlib.compress(bytes(reading.LARGEST + 1))
    with pytest.raises(ReportError, match="must have at most 67,108,864 bytes"):
        read_attachments(changed(content=bomb))


def test_an_attachment_that_ends_early_is_refused() -> None:
    packed = zlib.compress(bytes(range(256)) * 8)
    with pytest.raises(ReportError, match="ends early"):
        read_attachments(changed(content=packed[:-9]))


def test_another_packing_is_refused() -> None:
    with pytest.raises(ReportError, match="by FlateDecode"):
        read_attachments(changed(filters="/RunLengthDecode", content=b"\x00a\x80"))


def test_ten_thousand_attachments_are_counted_and_not_opened() -> None:
    saved = io.BytesIO()
    with pikepdf.open(io.BytesIO(bare(Attachment("a", "a", b"a")))) as document:
        first = document.Root.Names.EmbeddedFiles.Names[1]
        names = pikepdf.Array()
        for number in range(10_000):
            copy = pikepdf.Dictionary(UF=f"{number}", EF=first.EF)
            names.extend([pikepdf.String(f"{number:05d}"), copy])
        document.Root.Names.EmbeddedFiles = pikepdf.Dictionary(Names=names)
        document.save(saved)
    with pytest.raises(ReportError, match="at most 4 files"):
        read_attachments(saved.getvalue())


def test_a_tree_of_names_that_holds_itself_ends() -> None:
    saved = io.BytesIO()
    with pikepdf.open(io.BytesIO(bare(Attachment("a", "a", b"a")))) as document:
        node = document.make_indirect(pikepdf.Dictionary())
        node.Kids = pikepdf.Array([node])
        document.Root.Names.EmbeddedFiles = node
        document.save(saved)
    with pytest.raises(ReportError, match="too deep"):
        read_attachments(saved.getvalue())


def test_two_attachments_of_one_name_are_refused() -> None:
    twice = (Attachment("a", "a", b"a"), Attachment("a", "a", b"b"))
    with pytest.raises(ReportError, match="different names"):
        read_attachments(bare(*twice))


def test_an_attachment_of_two_contents_is_refused() -> None:
    saved = io.BytesIO()
    with pikepdf.open(io.BytesIO(bare(Attachment("a", "a", b"a")))) as document:
        held = document.Root.Names.EmbeddedFiles.Names[1].EF
        held.UF = document.make_stream(b"b", Type=pikepdf.Name.EmbeddedFile)
        document.save(saved)
    with pytest.raises(ReportError, match="'a' must hold one file"):
        read_attachments(saved.getvalue())


def covered(content: bytes) -> bytes:
    """Returns a PDF with a black square of an inch on its first page, and no word."""
    saved = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as document:
        document.pages[0].contents_add(b"q 0 g 72 72 72 72 re f Q", prepend=True)
        document.save(saved)
    return saved.getvalue()


def test_what_covers_words_is_seen() -> None:
    # A4 is 297 mm high: the square ends 2 inches, 51 mm, above its lower edge.
    assert unlike_pages(covered(bare()), bare()) == (
        "page 1: looks unlike from 25 mm from the left, 246 mm from the top",
    )
    assert page_texts(covered(bare())) == page_texts(bare())


def test_pages_of_another_size_are_not_painted() -> None:
    saved = io.BytesIO()
    with pikepdf.open(io.BytesIO(bare())) as document:
        document.pages[0].mediabox = pikepdf.Rectangle(0, 0, 14_400, 14_400)
        document.save(saved)
    assert unlike_pages(saved.getvalue(), bare()) == ("page 1: has another size",)


def test_a_pdf_looks_like_itself() -> None:
    assert unlike_pages(bare(), bare()) == ()
