"""The reader: a process beside ours that takes a stranger's PDF apart.

No byte of such a file is parsed in our own process. What qpdf and PDFium can be made
to do, to hang, to crash or to fill the memory, ends with the reader, in one error.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from reportgen.bounded import (
    Bounded,
    LateError,
    UnansweredError,
    bounded_process,
)
from reportgen.errors import ReportError

LARGEST_MEMORY = 2**30
"""Bytes of address space that it may take; a report of ten classes takes a fifth."""

READING_S = 3
"""Seconds of processor time to unpack a report or to read it; ours take a thirtieth."""

PAINTING_S = 120
"""Likewise to paint its pages beside ours: a page takes about a fifteenth of one."""

LONGEST_S = 300
"""Seconds after which a job is given up, whatever else the machine is busy with."""

MODULE = "reportgen.render.reading"
"""What it runs: nothing but what reads a PDF."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader that takes one job after the other.

    Attributes:
        beside: The process that does them.
    """

    beside: Bounded

    def attachments(self, content: bytes) -> dict[str, bytes]:
        """Returns the files that a PDF carries, as `render.read_attachments` does."""
        names, *files = self._asked("attachments", READING_S, content)
        return dict(zip(json.loads(names), files, strict=True))

    def foreign(self, content: bytes) -> tuple[str, ...]:
        """Returns what no report holds, as `reading.read_foreign` does."""
        (found,) = self._asked("foreign", READING_S, content)
        return tuple(json.loads(found))

    def texts(self, content: bytes) -> tuple[str, ...]:
        """Returns the text of each page, as `render.page_texts` does."""
        (texts,) = self._asked("texts", READING_S, content)
        return tuple(json.loads(texts))

    def unlike_pages(self, one: bytes, other: bytes) -> tuple[str, ...]:
        """Returns which pages look unlike and where, as `reading.unlike_pages` does."""
        (places,) = self._asked("looks", PAINTING_S, one, other)
        return tuple(json.loads(places))

    def _asked(self, job: str, cpu_s: int, *contents: bytes) -> list[bytes]:
        """Returns the answer to a job.

        Raises:
            ReportError: The PDF is not one of ours, or asks for too much.
        """
        coming = self.beside.submit({"job": job, "cpu_s": cpu_s}, *contents)
        try:
            return self.beside.answer(coming, LONGEST_S)
        except LateError as error:
            raise ReportError(
                f"The report must be read within {error}. Received a PDF that takes "
                "longer. Ask for the report as reportgen wrote it."
            ) from error
        except UnansweredError as error:
            raise _ended(error) from error


def _ended(error: UnansweredError) -> ReportError:
    """Returns the error of a reader that reads no PDF."""
    return ReportError(
        "The report must be a PDF that can be read, within "
        f"{LARGEST_MEMORY // 2**20:,} MiB of memory. Received one with which the "
        f"process that reads it ended with {error}. Ask for the report as reportgen "
        "wrote it."
    )


@contextmanager
def waiting_reader() -> Iterator[Reader]:
    """Yields a reader that is loading; it ends with the block, whatever happens.

    Raises:
        ReportError: It cannot be started.
    """
    try:
        with bounded_process(MODULE, largest_memory=LARGEST_MEMORY) as beside:
            yield Reader(beside)
    except UnansweredError as error:
        raise _ended(error) from error
