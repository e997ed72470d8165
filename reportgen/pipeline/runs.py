"""Run folders: complete or absent."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reportgen.errors import OutputError, UsageError
from reportgen.record import Record, from_json, to_json

RECORD = "record.json"
PREDICTIONS = "predictions.npz"
HTML = "report.html"
PDF = "report.pdf"


@contextmanager
def replacing(run: Path) -> Iterator[Path]:
    """Yields an empty folder that takes the place of the run folder on success.

    Whatever ends the block early, an interrupt too, leaves the old run as it was and
    nothing of the new one.

    Args:
        run: Run folder to replace or make; folders above it are made where missing.

    Raises:
        OutputError: The folder cannot be written.
    """
    if run.exists() and not run.is_dir():
        raise OutputError(
            f"{run} must be a folder or absent. Received a file. Choose another --name."
        )
    partial = run.with_name(f".{run.name}.{os.getpid()}.partial")
    with writing(run):
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
        UsageError: It is empty, hidden, or would lead to another folder.
    """
    if name in {"", ".", ".."} or name.startswith(".") or Path(name).name != name:
        raise UsageError(
            f"--name must be one plain folder name. Received {name!r}. Try 'mnist'."
        )
    return name


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
