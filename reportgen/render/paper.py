"""The PDF: the same HTML on A4, tagged, silent and equal to the byte."""

import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from reportgen.errors import MissingPangoError, RenderError
from reportgen.render.archive import (
    VARIANT,
    Attachment,
    accessible,
    embedded,
    name_once,
)

LONGEST_MESSAGE = 200
"""Characters of a warning that are worth showing; some hold a whole picture."""

SCREEN_ONLY = re.compile(r'<(\w+)(?=[^>]*\bclass="(?:[^">]* )?screen-only[ "])[^>]*>')
"""The first tag of an element that is for screens alone."""

ALLOWED_WARNINGS: tuple[str, ...] = ()
"""Beginnings of what WeasyPrint may say without harm; each with its reason."""


def pdf_pages(
    html: str, *, created_at: str, attachments: tuple[Attachment, ...] = ()
) -> bytes:
    """Returns the page as PDF.

    Args:
        html: One self-contained page.
        created_at: The time that the bytes carry, UTC, as "2026-11-22T12:00:00Z".
        attachments: Files that it carries.

    Raises:
        MissingPangoError: WeasyPrint's system libraries are absent.
        RenderError: WeasyPrint warned of something or asked for another file.
    """
    weasyprint = weasyprint_module()
    with _source_date(created_at), _silence():
        try:
            document = weasyprint.HTML(
                string=html, url_fetcher=_fetcher(weasyprint)
            ).render(pdf_variant=VARIANT)
        except weasyprint.urls.FatalURLFetchingError as error:
            raise RenderError(
                f"A page must carry everything within itself: {error}. Embed the file "
                "as a data: address."
            ) from error
        metadata = document.metadata
        metadata.generate_rdf_metadata = accessible(metadata.generate_rdf_metadata)
        metadata.attachments = embedded(weasyprint, attachments, created_at=created_at)
        content: bytes = document.write_pdf(pdf_variant=VARIANT, finisher=name_once)
    return content


def without_screen(body: str) -> str:
    """Returns the page without the elements that paper never shows.

    They are two fifths of all: the stylesheet hides them too, but by then each one has
    been read, styled and thrown away.

    Args:
        body: A page of ours, in which every `<` and `>` of a text is escaped.

    >>> without_screen('<p>a</p><div class="screen-only"><div>b</div></div><p>c</p>')
    '<p>a</p><p>c</p>'
    """
    kept, end = [], 0
    while begun := SCREEN_ONLY.search(body, end):
        kept.append(body[end : begun.start()])
        end = _end_of(body, begun)
    return "".join([*kept, body[end:]])


def _end_of(body: str, begun: re.Match[str]) -> int:
    """Returns where the element ends whose first tag was found."""
    depth = 1
    for tag in re.compile(rf"<(/?){begun[1]}\b[^>]*>").finditer(body, begun.end()):
        depth += -1 if tag[1] else 1
        if not depth:
            return tag.end()
    raise RenderError(
        f"Every element of a page must end. Received {begun[0]!r} without its end. "
        "Mend the template."
    )


def weasyprint_module() -> Any:
    """Returns the library; MissingPangoError where it cannot find its own."""
    try:
        import weasyprint
        import weasyprint.urls
    except OSError as error:
        raise MissingPangoError(
            "WeasyPrint needs Pango to write a PDF. Received: "
            f"{str(error).splitlines()[0]}. On Debian or Ubuntu: apt install "
            "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0. On macOS: brew "
            "install pango."
        ) from error
    return weasyprint


def _fetcher(weasyprint: Any) -> Any:
    """Returns a fetcher that opens nothing but what the page carries."""
    return weasyprint.urls.URLFetcher(
        allowed_protocols=("data",), allow_redirects=False, fail_on_errors=True
    )


@contextmanager
def _source_date(created_at: str) -> Iterator[None]:
    """Sets the clock that fonts are stamped with, where the user set none."""
    name = "SOURCE_DATE_EPOCH"
    if name in os.environ:
        yield
        return
    os.environ[name] = str(int(datetime.fromisoformat(created_at).timestamp()))
    try:
        yield
    finally:
        del os.environ[name]


class _Listener(logging.Handler):
    """Keeps what WeasyPrint warns of: it logs a missing picture and goes on."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.heard: list[str] = []
        self.interrupted = False

    def emit(self, record: logging.LogRecord) -> None:
        """Keeps the message unless it is a known harmless one.

        WeasyPrint catches every exception while it draws a picture, Ctrl-C too, and
        tells of it only here, in a message of the lowest level.
        """
        if record.exc_info and isinstance(record.exc_info[1], KeyboardInterrupt):
            self.interrupted = True
        message = record.getMessage()
        if record.levelno >= logging.WARNING and not message.startswith(
            ALLOWED_WARNINGS
        ):
            self.heard.append(message[:LONGEST_MESSAGE])


@contextmanager
def _silence() -> Iterator[None]:
    """Raises RenderError at the end where WeasyPrint warned of anything."""
    listener = _Listener()
    logger = logging.getLogger("weasyprint")
    level, propagate = logger.level, logger.propagate
    logger.addHandler(listener)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(listener)
        logger.setLevel(level)
        logger.propagate = propagate
    if listener.interrupted:
        raise KeyboardInterrupt
    if listener.heard:
        raise RenderError(
            f"WeasyPrint must have nothing to say. Received {listener.heard}. Mend the "
            "template or the picture."
        )
