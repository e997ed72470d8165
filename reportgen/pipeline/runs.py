"""Run folders: complete or absent."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from reportgen.errors import OutputError, UsageError
from reportgen.model import ARCHIVE_NAME, PICKLE_NAME
from reportgen.record import Record, from_json, to_json

RECORD = "record.json"
PREDICTIONS = "predictions.npz"
VALIDATION = "validation.npz"
HTML = "report.html"
PDF = "report.pdf"
MARKDOWN = "report.md"

FILES = frozenset(
    {
        RECORD,
        PREDICTIONS,
        VALIDATION,
        HTML,
        PDF,
        MARKDOWN,
        ARCHIVE_NAME,
        PICKLE_NAME,
    }
)
"""All that a run folder may hold: a folder that holds more is not ours to replace."""

LONGEST_NAME_BYTES = 200
"""Leaves room for the beginning and the end of a partial folder's name."""


@contextmanager
def replacing(run: Path) -> Iterator[Path]:
    """Yields an empty folder that takes the place of the run folder on success.

    Whatever ends the block early, an interrupt too, leaves the old run as it was and
    nothing of the new one.

    Args:
        run: Run folder to replace or make; folders above it are made where missing.

    Raises:
        OutputError: The folder cannot be written, or holds what is not of a run.
    """
    partial = run.with_name(f".{run.name}.{os.getpid()}.partial")
    with writing(run):
        _require_replaceable(run)
        _make_empty(partial)
    try:
        yield partial
        with writing(run):
            _move_in(partial, run)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turns a failure to write inside the block into an error that names the path."""
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"{path} must be writable: {error.strerror or error}. Choose another "
            "--output, or free the disk."
        ) from error


def plain_name(name: str) -> str:
    """Returns the name if it is one plain folder name.

    Raises:
        UsageError: It is empty, hidden, too long, or would lead to another folder.
    """
    plain = name.isprintable() and not name.startswith(".") and Path(name).name == name
    if not name or not plain or len(os.fsencode(name)) > LONGEST_NAME_BYTES:
        raise UsageError(
            "A run's name must be one plain folder name of at most "
            f"{LONGEST_NAME_BYTES} bytes. Received {name[:80]!r}. Give one with --name."
        )
    return name


def _require_replaceable(run: Path) -> None:
    """Refuses what a build must not delete: a file, or a folder with other files."""
    if not run.exists():
        return
    if not run.is_dir():
        raise OutputError(
            f"{run} must be a folder or absent. Received a file. Choose another --name."
        )
    foreign = sorted({path.name for path in run.iterdir()} - FILES)
    if foreign:
        raise OutputError(
            f"{run} must be absent, empty or a run folder. Received one that holds "
            f"{foreign[0]!r}, which a build would delete. Choose another --name or "
            "--output."
        )


def _make_empty(folder: Path) -> None:
    """Makes an empty folder, over what a killed process of the same number left."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def _move_in(partial: Path, target: Path) -> None:
    """Puts the new folder in the old one's place, and the old one back on failure."""
    if not target.exists():
        partial.rename(target)
        return
    old = partial.with_suffix(".old")
    target.rename(old)
    try:
        partial.rename(target)
    except BaseException:
        old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def write_file(path: Path, content: bytes) -> Path:
    """Writes a file whole or not at all, and returns its path.

    Raises:
        OutputError: It cannot be written.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with writing(path):
            partial.write_bytes(content)
            partial.replace(path)
    finally:
        with suppress(OSError):  # a folder that cannot be written holds no partial file
            partial.unlink(missing_ok=True)
    return path


def write_record(record: Record, run: Path) -> Path:
    """Writes record.json into a run folder and returns its path."""
    return write_file(run / RECORD, to_json(record))


def read_record(run: Path) -> Record:
    """Returns the record of a run folder.

    Raises:
        OutputError: There is no record.
        RecordError: The record is broken.
    """
    try:
        return from_json((run / RECORD).read_bytes())
    except (FileNotFoundError, NotADirectoryError) as error:
        raise OutputError(
            f"{run} must be a run folder that holds {RECORD}. Received none. Make one "
            "with: reportgen build --retrain"
        ) from error
    except OSError as error:
        raise OutputError(
            f"{run / RECORD} must be readable: {error.strerror or error}."
        ) from error
