"""The press: a process beside ours that draws half of the figures and makes the PDF.

It starts at once. While we draw the other half it draws its own and loads WeasyPrint,
and what a page asks too much of ends with it: whoever asked for the PDF goes on. One
line of JSON and the bytes that it announces go in for each job, the same comes out.
"""

import gc
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO, Any

from reportgen.errors import MissingPangoError, RenderError
from reportgen.figures import draw_figure
from reportgen.record import Record, from_json, to_json
from reportgen.render import Attachment, require_pango, to_pdf

LONGEST_S = 600
"""Seconds after which a job is given up; a card of ten classes takes about four."""

LARGEST_MEMORY = 4 * 2**30
"""Bytes of address space that the press may take; ten classes take a tenth of it."""

PROGRAM = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from reportgen.pipeline.press import main; main(int(sys.argv[2]))"
)
"""What the press runs: it finds its modules where its parent finds them."""

ERRORS = {kind.__name__: kind for kind in (MissingPangoError, RenderError)}
"""Errors that the press hands back as they are."""

SAID = 300
"""Characters of the last words of a press that are worth showing."""


@dataclass(frozen=True, slots=True)
class Press:
    """A press that takes one job after the other.

    Attributes:
        process: The process, which runs `main`.
        said: What it writes to its standard error.
        lane: Speaks with it, so that nobody waits who has other work.
    """

    process: "subprocess.Popen[bytes]"
    said: IO[bytes]
    lane: ThreadPoolExecutor

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
        drawn = self._submit({"job": "draw", "keys": keys}, to_json(record))
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
        (pdf,) = self._answer(self._submit(head, html.encode(), *contents))
        return pdf

    def _submit(self, head: dict[str, Any], *contents: bytes) -> "Future[Message]":
        """Returns the answer that is to come."""
        return self.lane.submit(self._ask, _packed(head, *contents))

    def _ask(self, job: bytes) -> "Message":
        """Returns the answer to a job."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            self.process.stdin.write(job)
            self.process.stdin.flush()
            answer = _received(self.process.stdout)
        except BrokenPipeError:
            answer = None
        if answer is None:
            raise RenderError(
                "The process that makes the PDF must live to its end, within "
                f"{LARGEST_MEMORY // 2**30} GiB of memory. It ended with "
                f"{_ending(self.process.wait())}; its last words: "
                f"{_last_words(self.said)!r}. Leave the PDF out with --format html."
            )
        return answer

    def _answer(self, coming: "Future[Message]") -> list[bytes]:
        """Returns the contents of an answer; raises what the press raised."""
        try:
            head, contents = coming.result(LONGEST_S)
        except TimeoutError as error:
            raise RenderError(
                f"The PDF must be made within {LONGEST_S} seconds. Received none by "
                "then. Leave it out with --format html."
            ) from error
        if head["error"]:
            raise ERRORS[head["error"]](contents[0].decode())
        return contents


@contextmanager
def waiting_press() -> Iterator[Press]:
    """Yields a press that is loading; it ends with the block, whatever happens."""
    with TemporaryFile() as said, ThreadPoolExecutor(1) as lane:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own words
            [sys.executable, "-c", PROGRAM, json.dumps(sys.path), str(LARGEST_MEMORY)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
        )
        try:
            yield Press(process, said, lane)
        finally:
            process.kill()
            process.wait()
            lane.shutdown()  # before the pipes that it speaks through are closed
            _close(process)


def _close(process: "subprocess.Popen[bytes]") -> None:
    """Closes the pipes to a process that has ended, whatever is left in them."""
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except BrokenPipeError:  # a job that nobody will read
                continue


def _ending(code: int) -> str:
    """Returns how a process ended: its exit code, or the signal that ended it."""
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name


def _last_words(said: IO[bytes]) -> str:
    """Returns the last line that a process wrote to its standard error."""
    said.seek(0)
    lines = said.read().decode(errors="replace").split("\n")
    return next((line for line in reversed(lines) if line.strip()), "")[-SAID:]


def main(largest_memory: int) -> None:
    """Does one job after the other: the process's whole life.

    Args:
        largest_memory: Bytes of address space that it may take.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # its parent tells of the interrupt
    gc.disable()  # it ends before there is much to collect
    _bound_memory(largest_memory)
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)  # nothing that a library prints gets among the bytes
        while (message := _received(sys.stdin.buffer)) is not None:
            answers.write(_answered(*message))
            answers.flush()
            _load()
    os._exit(0)  # to take apart what it made would take a second


def _bound_memory(largest: int) -> None:
    """Bounds the process's address space, where the system knows such a bound."""
    try:
        import resource
    except ImportError:  # Windows
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard == resource.RLIM_INFINITY or hard > largest:
        resource.setrlimit(resource.RLIMIT_AS, (largest, hard))


def _load() -> None:
    """Imports what a PDF will need, while the parent still draws."""
    from reportgen.render import typeface  # noqa: F401 - loaded ahead

    try:
        require_pango()
    except MissingPangoError:
        return  # the job will tell


def _answered(head: dict[str, Any], contents: list[bytes]) -> bytes:
    """Returns the answer to a job."""
    try:
        made = (
            _drawn(head, *contents) if head["job"] == "draw" else _pdf(head, contents)
        )
    except tuple(ERRORS.values()) as error:
        return _packed({"error": type(error).__name__}, str(error).encode())
    return _packed({"error": None}, *made)


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


Message = tuple[dict[str, Any], list[bytes]]
"""The head of a job or of an answer, and its contents."""


def _packed(head: dict[str, Any], *contents: bytes) -> bytes:
    """Returns a message: one line of JSON that tells the sizes, then the contents."""
    sizes = [len(content) for content in contents]
    return b"".join((json.dumps({**head, "sizes": sizes}).encode(), b"\n", *contents))


def _received(source: IO[bytes]) -> Message | None:
    """Returns the next message of a stream, None where it has ended."""
    line = source.readline()
    if not line.endswith(b"\n"):
        return None
    head = json.loads(line)
    contents = [source.read(size) for size in head["sizes"]]
    whole = [len(content) for content in contents] == head["sizes"]
    return (head, contents) if whole else None
