"""Hostile PDFs, each one a report.pdf that a stranger asks to have verified."""

import io
import os
import zlib
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import pikepdf
from hostile import Case, Write

from records import make_predictions, make_record
from reportgen.record import to_json

VERIFY = ("verify", "report.pdf", "--quiet")

EMPTY_PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"

PLAIN: tuple[bytes, ...] = (
    b"<< /Type /Catalog /Pages 2 0 R >>",
    b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
    EMPTY_PAGE,
)
"""The objects of an empty page, numbered from 1, the catalogue first."""


def raw_pdf(objects: tuple[bytes, ...], trailer: bytes = b"") -> bytes:
    """Returns a PDF of those objects, as no library would agree to write it."""
    file, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, start=1):
        places.append(len(file))
        file += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    start = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    file += b"".join(b"%010d 00000 n \n" % place for place in places)
    file += b"trailer\n<< /Size %d /Root 1 0 R %b >>\n" % (len(places) + 1, trailer)
    return bytes(file) + b"startxref\n%d\n%%%%EOF\n" % start


def stream(content: bytes, words: bytes = b"") -> bytes:
    """Returns a stream object that holds the content, packed."""
    return raw_stream(zlib.compress(content, 9), b"/Filter /FlateDecode " + words)


def raw_stream(content: bytes, words: bytes = b"") -> bytes:
    """Returns a stream object that holds those bytes as they are."""
    head = b"<< /Length %d %b >>" % (len(content), words)
    return head + b"\nstream\n" + content + b"\nendstream"


@cache
def zeros(size: int) -> bytes:
    """Returns that many zeros, deflated: one mebibyte of them over and over."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
    rest = packer.compress(bytes(size % 2**20)) + packer.flush()
    # The head of zlib at level 9; RFC 1950's sum of zeros: 1, and how many, mod 65521.
    checksum = (size % 65521) << 16 | 1
    return b"\x78\xda" + block * (size // 2**20) + rest + checksum.to_bytes(4, "big")


def carrying(
    files: dict[str, bytes],
    pages: bytes = b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
    page: bytes = EMPTY_PAGE,
    others: tuple[bytes, ...] = (),
) -> bytes:
    """Returns a PDF that carries files, each a stream object as it is given.

    Args:
        files: Stream objects by the name of the file.
        pages: Object 2, the tree of pages.
        page: Object 3, a page.
        others: Objects from 4 on.
    """
    first = 4 + len(others)
    entries, objects = [], []
    for index, (name, content) in enumerate(files.items()):
        number = first + 2 * index
        entries.append(b"(%b) %d 0 R" % (name.encode(), number))
        ef = b"<< /F %d 0 R >>" % (number + 1)
        spec = b"<< /Type /Filespec /UF (%b) /EF %b >>" % (name.encode(), ef)
        objects += [spec, content]
    names = b"<< /EmbeddedFiles << /Names [%b] >> >>" % b" ".join(entries)
    root = b"<< /Type /Catalog /Pages 2 0 R /Names %b >>" % names
    return raw_pdf((root, pages, page, *others, *objects))


@cache
def record() -> bytes:
    """Returns a sound record, so that reading goes on behind it."""
    return stream(to_json(make_record(make_predictions(29, 2))))


def report(make: Callable[[], bytes]) -> Write:
    """Returns what writes those bytes as report.pdf."""
    return lambda folder: _write(folder, make())


def _write(folder: Path, content: bytes) -> None:
    (folder / "report.pdf").write_bytes(content)


def _encrypted() -> bytes:
    saved = io.BytesIO()
    with pikepdf.open(io.BytesIO(raw_pdf(PLAIN))) as document:
        document.save(saved, encryption=pikepdf.Encryption(owner="o", user="u"))
    return saved.getvalue()


def _tree_of_names(*nodes: bytes) -> bytes:
    root = b"<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles 4 0 R >> >>"
    return raw_pdf((root, *PLAIN[1:], *nodes))


def _carrying_raw(size: int, packing: bytes) -> bytes:
    """Returns a PDF that carries that many zeros under that filter."""
    held = raw_stream(zeros(size), b"/Filter " + packing)
    return carrying({"record.json": held})


def _deep_names() -> bytes:
    chain = (b"<< /Kids [%d 0 R] >>" % number for number in range(5, 50_005))
    return _tree_of_names(*chain, b"<< /Names [] >>")


def _many_files() -> bytes:
    one = b"<< /Type /Filespec /UF (%d) /EF << /F 3 0 R >> >>"
    leaf = b" ".join(b"(%d) %b" % (n, one % n) for n in range(100_000))
    return _tree_of_names(b"<< /Names [%b] >>" % leaf)


def _brackets() -> bytes:
    return raw_pdf((PLAIN[0][:-2] + b"/A " + b"[" * 500_000 + b">>", *PLAIN[1:]))


def _object_bomb() -> bytes:
    """A catalogue that lies in a stream of objects of 3 GiB."""
    packed = zeros(3 * 2**30)
    held = raw_stream(packed, b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode")
    file = bytearray(b"%PDF-1.7\n1 0 obj\n" + held + b"\nendobj\n")
    start = len(file)
    # Object 1 lies in the file, object 2 within it; a row is kind, place and index.
    rows = b"\x00\x00\x00\x00\x00" + b"\x01\x00\x00\x09\x00" + b"\x02\x00\x00\x01\x00"
    table = raw_stream(rows, b"/Type /XRef /Size 3 /W [1 3 1] /Root 2 0 R")
    file += b"3 0 obj\n" + table + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % start
    return bytes(file)


def _laughs() -> bytes:
    """A page that shows a drawing ten times, which shows one ten times, and so on."""
    depth, first = 12, 4
    forms = []
    for level in range(depth):
        inner = first + level + 1
        words = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << "
        words += b"/XObject << /X %d 0 R >> >>" % inner
        forms.append(stream(b"/X Do " * 10, words))
    last = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]"
    forms += [stream(b"0 0 9 9 re f", last), stream(b"/X Do " * 10)]
    page = EMPTY_PAGE[:-2] + b"/Contents %d 0 R /Resources << /XObject << /X 4 0 R >> "
    page = page % (first + depth + 1) + b">> >>"
    return carrying({"record.json": record()}, page=page, others=tuple(forms))


def _flood() -> bytes:
    """A page that prints six million letters."""
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    text = b"BT /F 1 Tf " + (b"(" + b"a" * 10_000 + b") Tj ") * 300 + b" ET"
    page = EMPTY_PAGE[:-2] + b"/Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>"
    files = {"record.json": record()}
    return carrying(files, page=page, others=(stream(text), font))


def _recovery() -> bytes:
    """Seventy megabytes of objects that no table knows."""
    return b"%PDF-1.7\n" + b"1 0 obj\n" * 9_000_000


def _page_bomb() -> bytes:
    page = EMPTY_PAGE[:-2] + b"/Contents 4 0 R >>"
    bomb = raw_stream(zeros(3 * 2**30), b"/Filter /FlateDecode")
    return carrying({"record.json": record()}, page=page, others=(bomb,))


def _many_pages() -> bytes:
    kids = b"3 0 R " * 100_000
    pages = b"<< /Type /Pages /Count 100000 /Kids [%b] >>" % kids
    return carrying({"record.json": record()}, pages=pages)


def _page_loop() -> bytes:
    pages = b"<< /Type /Pages /Count 9 /Kids [2 0 R 2 0 R 2 0 R] /Parent 2 0 R >>"
    return carrying({"record.json": record()}, pages=pages)


def _xref_loop() -> bytes:
    content = raw_pdf(PLAIN)
    place = content.rindex(b"xref\n0 ")
    return content.replace(b"/Root", b"/Prev %d /Root" % place, 1)


def _xref_size() -> bytes:
    table = raw_stream(
        b"\x00" * 8,
        b"/Type /XRef /Size 2147483647 /Index [0 2147483647] /W [1 3 4] /Root 1 0 R",
    )
    start = b"%PDF-1.7\n"
    end = b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(start)
    return start + b"1 0 obj\n" + table + end


def _sparse(folder: Path) -> None:
    with (folder / "report.pdf").open("wb") as file:
        file.write(b"%PDF-1.7\n")
        file.truncate(2**33)


def _pipe(folder: Path) -> None:
    os.mkfifo(folder / "report.pdf")


def _two_contents() -> bytes:
    spec = b"<< /Type /Filespec /UF (record.json) /EF << /F 5 0 R /UF 6 0 R >> >>"
    leaf = b"<< /Names [(record.json) %b] >>" % spec
    return _tree_of_names(leaf, stream(b"{}"), stream(b"[]"))


def _paper(key: str, what: str, write: Write, says: str) -> Case:
    """Returns the case of one PDF."""
    return Case(key, "papers", what, write, VERIFY, says, child=True)


BROKEN = "The report must be a whole PDF"

CASES = (
    _paper("half", "half of a PDF", report(lambda: raw_pdf(PLAIN)[:60]), BROKEN),
    _paper("locked", "an encrypted PDF", report(_encrypted), "must not be encrypted"),
    _paper(
        "sparse",
        "8 GiB, of which nine bytes lie on the disk",
        _sparse,
        "at most 268,435,456 bytes",
    ),
    _paper("pipe", "a pipe into which nobody writes", _pipe, "a pipe is no file"),
    _paper(
        "attached-bomb",
        "an attachment of 64 MiB in 64 KiB",
        report(partial(_carrying_raw, 2**26 + 1, b"/FlateDecode")),
        "'record.json' must have at most 67,108,864 bytes",
    ),
    _paper(
        "attached-layers",
        "an attachment packed ten times over",
        report(partial(_carrying_raw, 9, b"[" + b"/FlateDecode " * 10 + b"]")),
        "must be packed as reportgen packs it",
    ),
    _paper(
        "two-contents",
        "an attachment of two contents, of which readers choose",
        report(_two_contents),
        "must hold one file",
    ),
    _paper(
        "names-loop",
        "a tree of names that holds itself",
        report(partial(_tree_of_names, b"<< /Kids [4 0 R 4 0 R] >>")),
        "too deep",
    ),
    _paper(
        "names-deep",
        "a tree of names 50,000 levels deep",
        report(_deep_names),
        "too deep",
    ),
    _paper("many-files", "100,000 attachments", report(_many_files), "at most 4 files"),
    _paper(
        "brackets",
        "500,000 brackets, each inside of the one before",
        report(_brackets),
        BROKEN,
    ),
    _paper(
        "object-bomb",
        "a stream of objects of 3 GiB in 3 MiB",
        report(_object_bomb),
        BROKEN,
    ),
    _paper(
        "xref-loop",
        "a table of objects that continues in itself",
        report(_xref_loop),
        "must carry record.json",
    ),
    _paper(
        "xref-size",
        "a table of two thousand million objects in eight bytes",
        report(_xref_size),
        BROKEN,
    ),
    _paper(
        "page-loop",
        "a tree of pages that holds itself",
        report(_page_loop),
        "Loop detected in /Pages",
    ),
    _paper(
        "many-pages",
        "100,000 pages, all of them one",
        report(_many_pages),
        "at most 1,000 pages",
    ),
    _paper(
        "page-bomb",
        "a page of 3 GiB in 3 MiB",
        report(_page_bomb),
        "within 1,024 MiB of memory",
    ),
    _paper(
        "laughs",
        "drawings in drawings, 1,000,000,000,000 in all",
        report(_laughs),
        "must be a PDF that can be read",
    ),
    _paper(
        "recovery",
        "a broken table, and nine million objects to make a new one of",
        report(_recovery),
        "must be read within 3 seconds of processor time",
    ),
    _paper(
        "flood",
        "a page of three million letters",
        report(_flood),
        "must print at most 2,000,000 characters",
    ),
)
