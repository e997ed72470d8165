"""The press: a process of its own in which the PDF is made, within bounds.

It starts at once and loads WeasyPrint while the figures are still drawn. What a page
asks too much of ends with the press: whoever asked for the PDF goes on. One line of
JSON and the bytes that it announces go in, the same comes out.
"""

import gc
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

from reportgen.errors import MissingPangoError, RenderError
from reportgen.render.archive import Attachment

LONGEST_S = 600
"""Seconds after which a PDF is given up; a card of ten classes takes about four."""

LARGEST_MEMORY = 4 * 2**30
"""Bytes of address space that the press may take; ten classes take a tenth of it."""

PROGRAM = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from reportgen.render.press import main; main(int(sys.argv[2]))"
)
"""What the press runs: it finds its modules where its parent finds them."""

ERRORS = {kind.__name__: kind for kind in (MissingPangoError, RenderError)}
"""Errors that the press hands back as they are."""

SAID = 300
"""Characters of the last words of a press that are worth showing."""


@dataclass(frozen=True, slots=True)
class Press:
    """A press that waits for one page.

    Attributes:
        process: The process, which runs `main`.
    """

    process: "subprocess.Popen[bytes]"

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
        job = _packed(
            {
                "created_at": created_at,
                "files": [[one.name, one.description] for one in attachments],
            },
            html.encode(),
            *(one.content for one in attachments),
        )
        try:
            answer, said = self.process.communicate(job, timeout=LONGEST_S)
        except subprocess.TimeoutExpired as error:
            raise RenderError(
                f"The PDF must be made within {LONGEST_S} seconds. Received none by "
                "then. Leave it out with --format html."
            ) from error
        return _answered(answer, said, self.process.returncode)


@contextmanager
def waiting_press() -> Iterator[Press]:
    """Yields a press that is loading; it ends with the block, whatever happens."""
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own words
        [sys.executable, "-c", PROGRAM, json.dumps(sys.path), str(LARGEST_MEMORY)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with process:
        try:
            yield Press(process)
        finally:
            process.kill()


def _answered(answer: bytes, said: bytes, code: int) -> bytes:
    """Returns the PDF of an answer; raises what the press raised."""
    if code:
        raise RenderError(
            "The process that makes the PDF must live to its end, within "
            f"{LARGEST_MEMORY // 2**30} GiB of memory. It ended with {_ending(code)}; "
            f"its last words: {_last_words(said)!r}. Leave the PDF out with --format "
            "html."
        )
    head, (content,) = _unpacked(answer)
    if head["error"]:
        raise ERRORS[head["error"]](content.decode())
    return content


def _ending(code: int) -> str:
    """Returns how a process ended: its exit code, or the signal that ended it."""
    return f"exit code {code}" if code > 0 else signal.Signals(-code).name


def _last_words(said: bytes) -> str:
    """Returns the last line that a process wrote to its standard error."""
    lines = said.decode(errors="replace").split("\n")
    return next((line for line in reversed(lines) if line.strip()), "")[-SAID:]


def main(largest_memory: int) -> None:
    """Makes one PDF: the process's whole life.

    Args:
        largest_memory: Bytes of address space that it may take.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # its parent tells of the interrupt
    gc.disable()  # it ends before there is much to collect
    _bound_memory(largest_memory)
    with os.fdopen(os.dup(1), "wb") as answer:
        os.dup2(2, 1)  # nothing that a library prints gets among the bytes
        _load()
        answer.write(_made(sys.stdin.buffer))
    os._exit(0)  # what it made is told; to take it apart again would take a second


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
    """Imports what the job will need, while its parent draws the figures."""
    from reportgen.render import typeface  # noqa: F401 - loaded ahead
    from reportgen.render.paper import weasyprint_module

    try:
        weasyprint_module()
    except MissingPangoError:
        return  # the job will tell


def _made(source: BinaryIO) -> bytes:
    """Returns the answer to the job in a stream."""
    from reportgen.render import to_pdf

    job, (html, *contents) = _unpacked(source.read())
    attachments = tuple(
        Attachment(name, description, content)
        for (name, description), content in zip(job["files"], contents, strict=True)
    )
    try:
        pdf = to_pdf(
            html.decode(), created_at=job["created_at"], attachments=attachments
        )
    except tuple(ERRORS.values()) as error:
        return _packed({"error": type(error).__name__}, str(error).encode())
    return _packed({"error": None}, pdf)


def _packed(head: dict[str, Any], *contents: bytes) -> bytes:
    """Returns a message: one line of JSON that tells the sizes, then the contents."""
    sizes = [len(content) for content in contents]
    return b"".join((json.dumps({**head, "sizes": sizes}).encode(), b"\n", *contents))


def _unpacked(message: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """Returns the head of a message and its contents."""
    line, _, rest = message.partition(b"\n")
    head = json.loads(line)
    contents = []
    for size in head["sizes"]:
        contents.append(rest[:size])
        rest = rest[size:]
    return head, contents
