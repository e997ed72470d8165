"""The files of a run: what they are called, how each is written and read."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from reportgen.disk import write_whole
from reportgen.errors import OutputError, UsageError
from reportgen.model import ARCHIVE_NAME, PICKLE_NAME
from reportgen.pipeline.manifest import MANIFEST, read_unchanged
from reportgen.record import Record, from_json, to_json

RECORD = "record.json"
PREDICTIONS = "predictions.npz"
VALIDATION = "validation.npz"
BASELINE = "baseline.npz"
CANDIDATE = "candidate.npz"
HTML = "report.html"
PDF = "report.pdf"
MARKDOWN = "report.md"
REQUIREMENTS = "requirements.md"

FILES = frozenset(
    {
        RECORD,
        PREDICTIONS,
        VALIDATION,
        BASELINE,
        HTML,
        PDF,
        MARKDOWN,
        REQUIREMENTS,
        ARCHIVE_NAME,
        PICKLE_NAME,
        MANIFEST,
    }
)
"""All that a run folder may hold: a folder that holds more is not ours to replace."""

COMPARISON = "comparison.json"
COMPARISON_PAGES = {
    "html": "comparison.html",
    "pdf": "comparison.pdf",
    "md": "comparison.md",
}
"""What each format of a comparison is written as."""

COMPARISON_FILES = frozenset(
    {COMPARISON, BASELINE, CANDIDATE, *COMPARISON_PAGES.values(), MANIFEST}
)
"""All that the folder of a comparison may hold, likewise."""

LONGEST_NAME_BYTES = 200
"""Leaves room for the beginning and the end of a partial folder's name."""

LARGEST_RECORD = 64 * 2**20
"""Bytes of a record: one of ten classes has a tenth of a megabyte, of 2,500 sixty."""


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turns a failure to write inside the block into an error that names the path."""
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"{path} must be writable: {error.strerror or error}. Choose another "
            "folder, or free the disk."
        ) from error


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turns a failure to read inside the block into an error that names the path."""
    try:
        yield
    except OSError as error:
        raise _unreadable(path, error) from error


def plain_name(name: str) -> str:
    """Returns the name if it is one plain folder name.

    Raises:
        UsageError: It is empty, hidden, too long, or would lead to another folder.
    """
    plain = name.isprintable() and not name.startswith(".") and Path(name).name == name
    if not name or not plain or len(os.fsencode(name)) > LONGEST_NAME_BYTES:
        raise UsageError(
            "A run's name must be one plain folder name of at most "
            f"{LONGEST_NAME_BYTES} bytes. Received {name[:80]!r}. Give one "
            "with --name, or name= from Python."
        )
    return name


def write_file(path: Path, content: bytes) -> Path:
    """Writes a file whole or not at all, and returns its path.

    Raises:
        OutputError: It cannot be written.
    """
    with writing(path):
        write_whole(path.parent, {path.name: content})
    return path


def write_files(folder: Path, contents: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Writes files of a folder, as `write_whole` does, and returns their paths.

    Raises:
        OutputError: One cannot be written.
    """
    with writing(folder):
        write_whole(folder, contents)
    return tuple(folder / name for name in contents)


def write_record(record: Record, run: Path) -> Path:
    """Writes record.json into a run folder and returns its path.

    Raises:
        OutputError: It cannot be written, or is larger than what is read again.
    """
    content = to_json(record)
    if len(content) > LARGEST_RECORD:
        raise OutputError(
            f"{RECORD} must have at most {LARGEST_RECORD:,} bytes, to be read again. "
            f"Received {len(content):,}, of {len(record.evaluation.class_names):,} "
            "classes. Pool the rarest classes, or shorten their names."
        )
    return write_file(run / RECORD, content)


def set_aside(run: Path) -> Path:
    """Returns where a run lies for the moment in which another takes its place."""
    return run.parent / f".{run.name}.old"


def read_record(run: Path) -> Record:
    """Returns the record of a run folder, as it was written.

    Reading takes no lock and changes nothing. A run that a build has set aside, and
    was then killed, is read where it lies.

    Raises:
        OutputError: There is no record, or it was changed since.
        RecordError: The record is broken.
    """
    for folder in (run, set_aside(run), run):  # a build that lives has moved on by then
        try:
            content = read_unchanged(folder / RECORD, largest=LARGEST_RECORD)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            raise _unreadable(folder / RECORD, error) from error
        return from_json(content)
    raise _no_run(run)


def require_run(run: Path) -> None:
    """Raises OutputError where no run stands, before anything is made beside it."""
    with reading(run / RECORD):
        found = [(folder / RECORD).exists() for folder in (run, set_aside(run))]
    if not any(found):
        raise _no_run(run)


def _no_run(run: Path) -> OutputError:
    """Returns the error of a folder that is no run, or of a file of one."""
    advice = (
        "Received none. Name another, or make one with: reportgen build --retrain (a "
        "model), or: reportgen build --predictions FILE"
    )
    if run.is_file() and (run.parent / RECORD).is_file():
        advice = f"Received a file in one. Name the folder: {run.parent}"
    return OutputError(f"{run} must be a run folder that holds {RECORD}. {advice}")


def _unreadable(path: Path, error: OSError) -> OutputError:
    """Returns the error of a file that is there and cannot be read."""
    return OutputError(f"{path} must be readable: {error.strerror or error}.")
