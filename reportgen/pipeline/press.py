"""The press: a process beside ours that draws half of the figures and makes the PDF.

It starts at once. While we draw the other half it draws its own and loads WeasyPrint,
and what a page asks too much of ends with it: whoever asked for the PDF goes on.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reportgen.bounded import (
    Bounded,
    LateError,
    Message,
    UnansweredError,
    bounded_process,
    serve,
)
from reportgen.errors import MissingPangoError, RenderError
from reportgen.figures import draw_figure
from reportgen.record import Record, from_json, to_json
from reportgen.render import Attachment, require_pango, to_pdf

if TYPE_CHECKING:
    from concurrent.futures import Future

LONGEST_S = 600
"""Seconds after which a job is given up; a card of ten classes takes about four."""

LARGEST_MEMORY = 4 * 2**30
"""Bytes of address space that the press may take; ten classes take a tenth of it."""


@dataclass(frozen=True, slots=True)
class Press:
    """A press that takes one job after the other.

    Attributes:
        beside: The process that does them.
    """

    beside: Bounded

    def draw(
        self, record: Record, keys: tuple[str, ...]
    ) -> Callable[[], dict[str, bytes]]:
        """Returns what waits for figures that the press begins to draw.

        Args:
            record: All that the figures show.
            keys: Which ones to draw.

        Returns:
            A function that returns SVG by key; it raises RenderError.
        """
        drawn = self.beside.submit({"job": "draw", "keys": keys}, to_json(record))
        return lambda: dict(zip(keys, self._answer(drawn), strict=True))

    def to_pdf(
        self, html: str, *, created_at: str, attachments: tuple[Attachment, ...] = ()
    ) -> bytes:
        """Returns the page as PDF, as `render.to_pdf` does.

        Args:
            html: What `to_html` returned.
            created_at: The time that the bytes carry, UTC.
            attachments: Files that travel inside of it.

        Raises:
            MissingPangoError: WeasyPrint's system libraries are absent.
            RenderError: The page could not be made, or not within the bounds.
        """
        files = [[one.name, one.description] for one in attachments]
        contents = (one.content for one in attachments)
        head = {"job": "pdf", "created_at": created_at, "files": files}
        (pdf,) = self._answer(self.beside.submit(head, html.encode(), *contents))
        return pdf

    def _answer(self, coming: "Future[Message]") -> list[bytes]:
        """Returns the contents of an answer; raises what the press raised."""
        try:
            return self.beside.answer(coming, LONGEST_S)
        except LateError as error:
            raise RenderError(
                f"The PDF must be made within {LONGEST_S} seconds. Received none by "
                "then. Leave it out with --format html, or formats=['html'] from "
                "Python."
            ) from error
        except UnansweredError as error:
            raise _ended(error) from error


def _ended(error: UnansweredError) -> RenderError:
    """Returns the error of a press that makes no PDF."""
    return RenderError(
        "The process that makes the PDF must live to its end, within "
        f"{LARGEST_MEMORY // 2**30} GiB of memory. It ended with {error}. Leave the "
        "PDF out with --format html, or formats=['html'] from Python."
    )


@contextmanager
def waiting_press() -> Iterator[Press]:
    """Yields a press that is loading; it ends with the block, whatever happens.

    Raises:
        RenderError: It cannot be started.
    """
    try:
        with bounded_process(__name__, largest_memory=LARGEST_MEMORY) as beside:
            yield Press(beside)
    except UnansweredError as error:
        raise _ended(error) from error


def main() -> None:
    """Does one job after the other: the process's whole life."""
    serve(_answered, between=_load)


def _load() -> None:
    """Imports what a PDF will need, while the parent still draws."""
    from reportgen.render import typeface  # noqa: F401 - loaded ahead

    try:
        require_pango()
    except MissingPangoError:
        return  # the job will tell


def _answered(head: dict[str, Any], contents: list[bytes]) -> list[bytes]:
    """Returns what a job asked for."""
    return _drawn(head, *contents) if head["job"] == "draw" else _pdf(head, contents)


def _drawn(head: dict[str, Any], record: bytes) -> list[bytes]:
    """Returns the figures that were asked for."""
    found = from_json(record)
    return [draw_figure(key, found) for key in head["keys"]]


def _pdf(head: dict[str, Any], contents: list[bytes]) -> list[bytes]:
    """Returns the PDF of a page and the files that it carries."""
    html, *files = contents
    attachments = tuple(
        Attachment(name, description, content)
        for (name, description), content in zip(head["files"], files, strict=True)
    )
    created_at = head["created_at"]
    return [to_pdf(html.decode(), created_at=created_at, attachments=attachments)]
