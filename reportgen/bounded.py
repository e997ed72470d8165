"""A process beside ours with bounds on time and memory, for what may ask too much.

It answers one job after the other: one line of JSON and the bytes that it announces go
in, the same comes out. Nothing that it says is ever run, and a job that hangs, crashes
or fills the memory ends with it: whoever asked goes on.

- Memory is bounded by the system where that can (macOS and Windows cannot), and so is
  the processor's time for a job that names one: a machine that is busy with other
  things does not make a job too long.
- It ends with its parent, also where that is killed: at once on Linux, elsewhere when
  it is done with its job.
- It leaves no core file and no temporary files: it has a folder for them, which its
  parent removes. It finds its modules where its parent finds them: a module that lies
  in the folder of a stranger's file is not one of them.
"""

import gc
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Any

from reportgen.errors import MissingPangoError, RenderError, ReportError

PROGRAM = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from importlib import import_module; from reportgen.bounded import bind; "
    "bind(*map(int, sys.argv[3:])); import_module(sys.argv[2]).main()"
)
"""What such a process runs."""

ERRORS = {kind.__name__: kind for kind in (MissingPangoError, RenderError, ReportError)}
"""Errors that come back as they are."""

LARGEST_HEAD = 2**20
"""Bytes of the line before the contents of an answer."""

LARGEST_ANSWER = 2**29
"""Bytes of an answer: what has been broken into may say what it likes."""

ENDING_S = 2
"""Seconds that a process has for its end, between its last byte and its exit code."""

SAID = 300
"""Characters of the last words of a process that are worth showing."""

DIES_WITH_PARENT = 1
"""Linux's number for the signal that a process gets when its parent ends."""

ALONE = dict.fromkeys(
    ("MKL_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"
)
"""Variables for one thread: each of NumPy's takes 40 MiB of the address space, and a
machine of many processors would fill it with threads that do nothing here."""

Message = tuple[dict[str, Any], list[bytes]]
"""The head of a job or of an answer, and its contents."""


class UnansweredError(Exception):
    """A job that got no answer; the message tells how the process ended."""


class LateError(UnansweredError):
    """A job that took more time than it was given."""


@dataclass(frozen=True, slots=True)
class Bounded:
    """A process that takes one job after the other.

    Attributes:
        process: The process, which runs `main` of its module.
        said: What it writes to its standard error.
        lane: Speaks with it, so that nobody waits who has other work.
    """

    process: "subprocess.Popen[bytes]"
    said: IO[bytes]
    lane: ThreadPoolExecutor

    def submit(self, head: dict[str, Any], *contents: bytes) -> "Future[Message]":
        """Returns the answer that is to come.

        Args:
            head: What to do; under `cpu_s` the seconds of processor time that it may
                take, none for as long as the parent waits.
            contents: What to do it with.
        """
        return self.lane.submit(self._ask, head, contents)

    def _ask(self, head: dict[str, Any], contents: tuple[bytes, ...]) -> Message:
        """Returns the answer to a job."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            _send(self.process.stdin, head, *contents)
            answer = _received(self.process.stdout, LARGEST_ANSWER)
        except (BrokenPipeError, ValueError):  # it has ended, or speaks no JSON of ours
            answer = None
        if answer is None:
            raise self._ended(head)
        return answer

    def _ended(self, head: dict[str, Any]) -> UnansweredError:
        """Returns the error for a process that gave no answer, and is gone."""
        try:
            code = self.process.wait(ENDING_S)
        except subprocess.TimeoutExpired:
            self.process.kill()  # it lives, and keeps to no rule
            code = self.process.wait()
        if code == -getattr(signal, "SIGXCPU", 0):
            return LateError(f"{head.get('cpu_s')} seconds of processor time")
        return UnansweredError(
            f"{_ending(code)}; its last words: {_last_words(self.said)!r}"
        )

    def answer(self, coming: "Future[Message]", longest_s: float) -> list[bytes]:
        """Returns the contents of an answer.

        Args:
            coming: What `submit` returned.
            longest_s: Seconds after which it is given up.

        Raises:
            ReportgenError: One of `ERRORS`, as the process raised it.
            UnansweredError: There is no answer.
        """
        try:
            head, contents = coming.result(longest_s)
        except TimeoutError as error:
            raise LateError(f"{longest_s} seconds") from error
        if head.get("error") is not None:
            raise ERRORS[head["error"]](contents[0].decode())
        return contents


def _ending(code: int) -> str:
    """Returns how a process ended: its exit code, or the signal that ended it."""
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name


def _last_words(said: IO[bytes]) -> str:
    """Returns the last line that a process wrote to its standard error."""
    said.seek(0)
    lines = said.read().decode(errors="replace").split("\n")
    return next((line for line in reversed(lines) if line.strip()), "")[-SAID:]


@contextmanager
def bounded_process(module: str, *, largest_memory: int) -> Iterator[Bounded]:
    """Yields a process that is loading; it ends with the block, whatever happens.

    Args:
        module: Dotted name of the module whose `main` it runs, which calls `serve`.
        largest_memory: Bytes of address space that it may take.

    Raises:
        UnansweredError: It cannot be started.
    """
    with ExitStack() as stack:
        try:
            said = stack.enter_context(TemporaryFile())
            folder = stack.enter_context(
                TemporaryDirectory(prefix="reportgen-", ignore_cleanup_errors=True)
            )
            process = _started(module, largest_memory, said, folder)
        except OSError as error:  # no room for a file, or for one more process
            raise UnansweredError(f"its start: {error.strerror or error}") from error
        lane = stack.enter_context(ThreadPoolExecutor(1))
        try:
            yield Bounded(process, said, lane)
        finally:
            process.kill()
            process.wait()
            lane.shutdown()  # before the pipes that it speaks through are closed
            _close(process)


def _started(
    module: str, largest_memory: int, said: IO[bytes], folder: str
) -> "subprocess.Popen[bytes]":
    """Returns such a process, which has just begun."""
    bounds = (largest_memory, os.getpid())
    # Python itself passes over what is no text, as a Path that a notebook appends.
    places = [place for place in sys.path if isinstance(place, str)]
    return subprocess.Popen(  # noqa: S603 - our own interpreter, our own words
        [
            *(sys.executable, "-P", "-c", PROGRAM),
            *(json.dumps(places), module, *map(str, bounds)),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=said,
        env={**os.environ, **ALONE, "TMPDIR": folder},
    )


def _close(process: "subprocess.Popen[bytes]") -> None:
    """Closes the pipes to a process that has ended, whatever is left in them."""
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except BrokenPipeError:  # a job that nobody will read
                continue


def bind(largest_memory: int, parent: int) -> None:
    """Bounds this process, as far as the system can.

    Args:
        largest_memory: Bytes of address space that it may take.
        parent: Number of the process with which it ends.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # its parent tells of the interrupt
    try:
        import resource
    except ImportError:  # Windows
        return
    _lower(resource.RLIMIT_AS, largest_memory)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_CPU, resource.RLIM_INFINITY)  # as its user bounds it
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(DIES_WITH_PARENT, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before it was listened for
            os._exit(1)


def _lower(kind: int, largest: int) -> None:
    """Bounds a resource of this process for good, unless it is bounded lower."""
    import resource

    lowest = _lowest(largest, *resource.getrlimit(kind))
    with suppress(OSError, ValueError):  # macOS refuses to bound the address space
        resource.setrlimit(kind, (lowest, lowest))


def _lowest(*bounds: int) -> int:
    """Returns the lowest of some bounds, of which some may be none."""
    import resource

    found = [bound for bound in bounds if bound != resource.RLIM_INFINITY]
    return min(found, default=resource.RLIM_INFINITY)


def serve(
    answer: Callable[[dict[str, Any], list[bytes]], list[bytes]],
    *,
    between: Callable[[], None] = lambda: None,
) -> None:
    """Does one job after the other: the process's whole life.

    Args:
        answer: Returns the contents of the answer to a job; it may raise `ERRORS`.
        between: What to do after each answer, while no job waits.
    """
    gc.disable()  # it ends before there is much to collect
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)  # nothing that a library prints gets among the bytes
        while (message := _received(sys.stdin.buffer, None)) is not None:
            head, contents = message
            _bound_time(head.get("cpu_s"))
            try:
                made = answer(head, contents)
            except tuple(ERRORS.values()) as error:
                _send(answers, {"error": type(error).__name__}, str(error).encode())
            else:
                _send(answers, {"error": None}, *made)
            between()
    os._exit(0)  # to take apart what it made would take a second


def _bound_time(cpu_s: int | None) -> None:
    """Bounds the processor's time for the next job; None for as long as may be."""
    try:
        import resource
    except ImportError:  # Windows
        return
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime) + 1
    last = hard if cpu_s is None else _lowest(spent + cpu_s, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (last, hard))


def _send(target: IO[bytes], head: dict[str, Any], *contents: bytes) -> None:
    """Writes a message: one line of JSON that tells the sizes, then the contents."""
    sizes = [len(content) for content in contents]
    target.write(json.dumps({**head, "sizes": sizes}).encode() + b"\n")
    for content in contents:
        target.write(content)
    target.flush()


def _received(source: IO[bytes], largest: int | None) -> Message | None:
    """Returns the next message of a stream, None where it has ended.

    Raises:
        ValueError: It is no message, or announces more bytes than `largest`.
    """
    line = source.readline(LARGEST_HEAD)
    if not line.endswith(b"\n"):
        return None
    head = json.loads(line)
    sizes = head["sizes"] if isinstance(head, dict) else None
    if not isinstance(sizes, list) or not all(_is_size(size) for size in sizes):
        raise ValueError("A message must tell its sizes.")
    if largest is not None and sum(sizes) > largest:
        raise ValueError(f"A message must have at most {largest} bytes.")
    contents = [source.read(size) for size in sizes]
    whole = [len(content) for content in contents] == sizes
    return (head, contents) if whole else None


def _is_size(size: object) -> bool:
    """Returns whether that is a number of bytes."""
    return type(size) is int and size >= 0
