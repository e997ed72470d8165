"""A PDF taken apart: the files that it carries, the words and the looks of its pages.

Nothing here trusts the PDF. What it carries is unpacked here, and only as far as the
bounds allow; no code in it is run and nothing is fetched. Where the PDF is a stranger's
all of this runs in a process of its own, which `main` is.
"""

import io
import json
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from reportgen.bounded import serve
from reportgen.errors import ReportError
from reportgen.render.foreign import foreign_parts

if TYPE_CHECKING:  # Only looks need NumPy, and it is loaded when they are compared.
    import numpy as np
    from numpy.typing import NDArray

LARGEST_PDF = 256 * 2**20
"""Bytes above which a PDF is not opened."""

LARGEST = 64 * 2**20
"""Bytes of one attachment, as it lies in the PDF and unpacked."""

MOST = 4
"""Attachments above which a PDF is not one of ours."""

MOST_PAGES = 1_000
"""Pages above which a PDF is not one of ours."""

MOST_CHARACTERS = 2_000_000
"""Characters of its pages above which a PDF is not one of ours."""

DEEPEST = 8
"""Levels of the tree of names; ours has one."""

PIXELS_A_POINT = 2
"""At which looks are compared: a stroke of the smallest print is a pixel or two."""

VISIBLE = 64
"""Of 255, by which a pixel must differ to count: a hair's breadth moves an edge."""

BLOCK = 16
"""Pixels of a side of the squares whose mean shades are compared: 2.8 mm."""

SHADE = 8
"""Of 255, by which such a mean must differ to count. An edge that stays below `VISIBLE`
moved by a quarter of a pixel, and so its square by VISIBLE / BLOCK = 4; this is that of
two edges. A grey that the eye finds on white paper is beyond it."""


def read_attachments(content: bytes) -> dict[str, bytes]:
    """Returns the files that a PDF carries, by name.

    Args:
        content: The PDF.

    Raises:
        ReportError: It is broken, encrypted, or carries too much.
    """
    _require_pdf(content)
    with _opened(content) as pdf:
        specifications = dict(_specifications(pdf))  # all are named before one is read
        return {name: _unpacked(name, spec) for name, spec in specifications.items()}


def read_foreign(content: bytes) -> tuple[str, ...]:
    """Returns what a PDF holds that reportgen never writes, a sentence each.

    Args:
        content: The PDF.

    Raises:
        ReportError: It is broken or encrypted.
    """
    _require_pdf(content)
    with _opened(content) as pdf:
        return foreign_parts(pdf)


def page_texts(content: bytes) -> tuple[str, ...]:
    """Returns the text of each page, as a reader would copy it.

    Args:
        content: The PDF.

    Raises:
        ReportError: It is broken, encrypted, or prints too much.
    """
    texts, left = [], MOST_CHARACTERS
    with _document(content) as document:
        for index in range(len(document)):
            texts.append(_text(document, index, left))
            left -= len(texts[-1])
    return tuple(texts)


def unlike_pages(one: bytes, other: bytes) -> tuple[str, ...]:
    """Returns which pages of two PDFs look unlike and where, a sentence each.

    Pages are painted with their pictures and what covers their words, but without the
    fields of forms, which `read_foreign` names; of the first PDF none but those of the
    second's size, so that no page asks for more room than ours.

    Args:
        one: The PDF in question, of as many pages as the other.
        other: The PDF that it should look like.

    Raises:
        ReportError: One is broken, encrypted, or has too many pages.
    """
    with _document(one) as left, _document(other) as right:
        places = (_unlike(left[i], right[i]) for i in range(len(right)))
        return tuple(
            f"page {number}: {place}"
            for number, place in enumerate(places, start=1)
            if place is not None
        )


@contextmanager
def _document(content: bytes) -> Iterator[Any]:
    """Yields the PDF as PDFium reads it; what that finds broken ends in one error."""
    import pypdfium2

    _require_pdf(content)
    try:
        document = pypdfium2.PdfDocument(content)
        try:
            if len(document) > MOST_PAGES:
                raise ReportError(
                    f"A report must have at most {MOST_PAGES:,} pages. Received "
                    f"{len(document):,}. Give the report.pdf that reportgen wrote."
                )
            yield document
        finally:
            document.close()
    except pypdfium2.PdfiumError as error:
        raise ReportError(_BROKEN.format(error)) from error


_BROKEN = (
    "The report must be a whole PDF. Received one that cannot be read: {}. Ask for the "
    "file again."
)


def _require_pdf(content: bytes) -> None:
    """Refuses what does not begin as a PDF, or is too large to be a report."""
    if not content.startswith(b"%PDF-"):
        raise ReportError(
            f"The report must be a PDF. Received a file that begins {content[:8]!r}. "
            "Give the report.pdf of a run."
        )
    if len(content) > LARGEST_PDF:
        raise ReportError(
            f"The report must have at most {LARGEST_PDF:,} bytes. Received "
            f"{len(content):,}. Give the report.pdf that reportgen wrote."
        )


@contextmanager
def _opened(content: bytes) -> Iterator[Any]:
    """Yields the PDF; whatever pikepdf finds broken in it ends in one error."""
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(content), suppress_warnings=True) as pdf:
            if pdf.is_encrypted:
                raise ReportError(_ENCRYPTED)
            yield pdf
    except pikepdf.PasswordError as error:
        raise ReportError(_ENCRYPTED) from error
    except (
        pikepdf.PdfError,
        pikepdf.ForeignObjectError,
        AttributeError,  # pikepdf: a key that an object lacks
        KeyError,  # likewise
        RuntimeError,  # qpdf: what it holds impossible
        TypeError,  # pikepdf: an object of another kind than is asked for
        ValueError,  # pikepdf: likewise
    ) as error:
        raise ReportError(_BROKEN.format(_STREAM.sub("", str(error)))) from error


_STREAM = re.compile(r"^(stream )?<_io\.BytesIO[^>]*>:? ?")
"""The name that pikepdf gives to a file in memory: its address."""

_ENCRYPTED = (
    "The report must not be encrypted. Received a PDF that is. Ask for it as reportgen "
    "wrote it."
)


def _specifications(pdf: Any) -> Iterator[tuple[str, Any]]:
    """Yields name and file specification of each attachment.

    The tree of names is walked here: what it holds is counted before any is opened.
    """
    seen: set[str] = set()
    names = pdf.Root.get("/Names", {}).get("/EmbeddedFiles")
    for spec in _leaves(names, 0) if names is not None else ():
        name = str(spec.get("/UF", spec.get("/F", "")))
        if name in seen:
            raise ReportError(
                f"Attachments must have different names. Received {name!r} twice. Ask "
                "for the report as reportgen wrote it."
            )
        seen.add(name)
        if len(seen) > MOST:
            raise ReportError(
                f"A report must carry at most {MOST} files. Received more. Ask for it "
                "as reportgen wrote it."
            )
        yield name, spec


def _leaves(node: Any, depth: int) -> Iterator[Any]:
    """Yields the values of a tree of names: in each leaf every other is a value."""
    if depth > DEEPEST:
        raise ReportError(_BROKEN.format("its names lie too deep"))
    leaf = node.get("/Names")
    for index in range(1, len(leaf) if leaf is not None else 0, 2):
        yield leaf[index]
    for child in node.get("/Kids", ()):
        yield from _leaves(child, depth + 1)


def _unpacked(name: str, spec: Any) -> bytes:
    """Returns the bytes of an attachment, unpacked no further than is allowed."""
    streams = list(spec.EF.values())
    if any(other.objgen != streams[0].objgen for other in streams):
        raise ReportError(
            f"{name!r} must hold one file. Received several, of which readers choose "
            "differently. Ask for the report as reportgen wrote it."
        )
    stream = spec.EF.F
    raw: bytes = stream.read_raw_bytes()
    if len(raw) > LARGEST:
        raise _too_large(name)
    packing = stream.get("/Filter")
    if packing is None:
        return raw
    if str(packing) != "/FlateDecode" or "/DecodeParms" in stream:
        raise ReportError(
            f"{name!r} must be packed as reportgen packs it, by FlateDecode. Received "
            f"{str(packing)[:80]}. Ask for the report as reportgen wrote it."
        )
    return _inflated(name, raw)


def _inflated(name: str, raw: bytes) -> bytes:
    """Returns what the bytes were deflated from."""
    stream = zlib.decompressobj()
    try:
        content = stream.decompress(raw, LARGEST + 1)
    except zlib.error as error:
        raise ReportError(_BROKEN.format(f"{name!r}: {error}")) from error
    if len(content) > LARGEST:
        raise _too_large(name)
    if not stream.eof:
        raise ReportError(_BROKEN.format(f"{name!r} ends early"))
    return content


def _too_large(name: str) -> ReportError:
    """Returns the error for an attachment beyond its bound."""
    return ReportError(
        f"{name!r} must have at most {LARGEST:,} bytes. Received more. Ask for the "
        "report as reportgen wrote it."
    )


def _text(document: Any, index: int, most: int) -> str:
    """Returns the text of one page, of at most that many characters."""
    page = document[index]
    textpage = page.get_textpage()
    if textpage.count_chars() > most:
        raise ReportError(
            f"A report must print at most {MOST_CHARACTERS:,} characters. Received "
            "more. Give the report.pdf that reportgen wrote."
        )
    text: str = textpage.get_text_range()
    textpage.close()
    page.close()
    return text


def _unlike(one: Any, other: Any) -> str | None:
    """Returns how a page differs to the eye from another, None where it does not."""
    if one.get_size() != other.get_size():
        return "has another size"
    import numpy as np

    left, right = _painted(one), _painted(other)
    change = left - right  # (h, w, 3)
    differs = (np.abs(change).max(axis=2) > VISIBLE) | _shaded(change)  # (h, w)
    if not differs.any():
        return None
    top, first = (int(np.flatnonzero(differs.any(axis=axis))[0]) for axis in (1, 0))
    across, down = (_millimetres(pixels) for pixels in (first, top))
    return f"looks unlike from {across} mm from the left, {down} mm from the top"


def _shaded(change: "NDArray[np.int16]") -> "NDArray[np.bool_]":
    """Returns which pixels lie in a square whose mean shade is another, (h, w)."""
    import numpy as np

    height, width, _ = change.shape
    sums = change.astype(np.int32)
    for axis, side in ((0, height), (1, width)):
        sums = np.add.reduceat(sums, np.arange(0, side, BLOCK), axis=axis)
    shaded: NDArray[np.bool_] = np.abs(sums).max(axis=2) > SHADE * BLOCK**2
    return shaded.repeat(BLOCK, 0).repeat(BLOCK, 1)[:height, :width]


def _painted(page: Any) -> "NDArray[np.int16]":
    """Returns the page as a reader shows it, (h, w, 3)."""
    bitmap = page.render(scale=PIXELS_A_POINT)
    pixels: NDArray[np.int16] = bitmap.to_numpy().astype("int16")
    bitmap.close()
    page.close()
    return pixels


def _millimetres(pixels: int) -> int:
    """Returns a distance on the page."""
    return round(pixels / PIXELS_A_POINT / 72 * 25.4)  # 72 points an inch of 25.4 mm


def main() -> None:
    """Takes one PDF apart after the other: the whole life of a process beside ours."""
    serve(_answered)


def _answered(head: dict[str, Any], contents: list[bytes]) -> list[bytes]:
    """Returns what a job asked for."""
    if head["job"] == "attachments":
        found = read_attachments(*contents)
        return [json.dumps(list(found)).encode(), *found.values()]
    if head["job"] == "foreign":
        return [json.dumps(read_foreign(*contents)).encode()]
    if head["job"] == "texts":
        return [json.dumps(page_texts(*contents)).encode()]
    return [json.dumps(unlike_pages(*contents)).encode()]
