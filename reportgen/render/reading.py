"""A PDF taken apart: the files that it carries, and the words on its pages.

Nothing here trusts the PDF. What it carries is unpacked here, and only as far as the
bounds allow; no code in it is run and nothing is fetched.
"""

import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from reportgen.errors import ReportError

LARGEST_PDF = 256 * 2**20
"""Bytes above which a PDF is not opened."""

LARGEST = 64 * 2**20
"""Bytes of one attachment, as it lies in the PDF and unpacked."""

MOST = 4
"""Attachments above which a PDF is not one of ours."""

MOST_PAGES = 1_000
"""Pages above which a PDF is not one of ours."""

DEEPEST = 8
"""Levels of the tree of names; ours has one."""


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


def page_texts(content: bytes) -> tuple[str, ...]:
    """Returns the text of each page, as a reader would copy it.

    Args:
        content: The PDF.

    Raises:
        ReportError: It is broken, encrypted, or has too many pages.
    """
    import pypdfium2

    _require_pdf(content)
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise ReportError(_BROKEN.format(error)) from error
    try:
        if len(document) > MOST_PAGES:
            raise ReportError(
                f"A report must have at most {MOST_PAGES} pages. Received "
                f"{len(document)}. Give the report.pdf that reportgen wrote."
            )
        return tuple(_text(document, index) for index in range(len(document)))
    except pypdfium2.PdfiumError as error:
        raise ReportError(_BROKEN.format(error)) from error
    finally:
        document.close()


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
        said = str(error).rpartition(">: ")[2]  # behind the address of our stream
        raise ReportError(_BROKEN.format(said)) from error


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


def _text(document: Any, index: int) -> str:
    """Returns the text of one page."""
    page = document[index]
    textpage = page.get_textpage()
    text: str = textpage.get_text_range()
    textpage.close()
    page.close()
    return text
