"""A run that is compared: its record and its predictions, held against each other.

A run may be given as its folder, as its record.json with predictions.npz beside it, or
as its report.pdf, which carries both.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import NoReturn

from reportgen.errors import OutputError, ReportError
from reportgen.pipeline.belonging import strangers
from reportgen.pipeline.manifest import read_unchanged
from reportgen.pipeline.reader import Reader, waiting_reader
from reportgen.pipeline.runs import (
    PREDICTIONS,
    RECORD,
    read_record,
    reading,
    set_aside,
)
from reportgen.pipeline.taking_apart import carried_by, require_record
from reportgen.predictions import (
    LARGEST_CARRIED,
    LARGEST_HANDED,
    Predictions,
    parse_predictions,
)
from reportgen.record import (
    Evaluation,
    Pixels,
    Record,
    Side,
    encodable,
    from_json,
    to_json,
)

Look = Callable[[int], Pixels | None]
"""Returns the image of a test row, None where there is none."""


@dataclass(frozen=True, slots=True, eq=False)
class Entrant:
    """A run that is compared.

    Attributes:
        side: What a page says of it.
        predictions: On its test part.
        look: Returns the image of a row of these, as far as the run has it.
        content: Its predictions.npz.
    """

    side: Side
    predictions: Predictions
    look: Look
    content: bytes


def read_entrants(*paths: Path) -> tuple[tuple[Entrant, Record], ...]:
    """Returns runs to compare, each with its record.

    Args:
        paths: Of each its folder, its record.json or its report.pdf.

    Raises:
        ReportgenError: One is missing, broken, or not all of one run.
    """
    for path in paths:
        _check_reachable(path)
    if not any(_is_report(path) for path in paths):
        return tuple(_entrant(path, _files_of_run(path)) for path in paths)
    with waiting_reader() as reader:
        return tuple(
            _entrant(path, _files_of_report(path, reader))
            if _is_report(path)
            else _entrant(path, _files_of_run(path))
            for path in paths
        )


def _check_reachable(path: Path) -> None:
    """Refuses a path that cannot be followed to its end, be there something or not."""
    with reading(path):
        path.exists()


def _is_report(path: Path) -> bool:
    """Returns whether the name is that of a PDF."""
    return path.suffix.lower() == ".pdf" and not path.is_dir()


@dataclass(frozen=True, slots=True)
class _Files:
    """The files of a run that is compared.

    Attributes:
        record: What its record.json says.
        predictions: Its predictions.npz.
        largest: Bytes that these may take in memory.
    """

    record: Record
    predictions: bytes
    largest: int


def _files_of_run(path: Path) -> _Files:
    """Returns the files of a run folder, or of the one that holds a record.json."""
    if path.is_dir() or set_aside(path).is_dir():
        folder, record = path, read_record(path)
    elif path.name == RECORD:
        folder, record = path.parent, read_record(path.parent)
    else:
        _refuse(path)
    return _Files(record, _predictions_beside(folder), LARGEST_HANDED)


def _refuse(path: Path) -> NoReturn:
    """Raises the error of a path that leads to no run."""
    there = "a file of another name" if path.exists() else "nothing at that path"
    raise OutputError(
        f"{path} must be a run folder, a {RECORD} with {PREDICTIONS} beside it, or a "
        f"report.pdf. Received {there}. Name a run that reportgen build has made."
    )


def _predictions_beside(folder: Path) -> bytes:
    """Returns the predictions.npz of a run folder, as it was written."""
    for place in (folder, set_aside(folder), folder):
        try:
            return read_unchanged(place / PREDICTIONS, largest=LARGEST_HANDED)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            raise OutputError(
                f"{place / PREDICTIONS} must be readable: {error.strerror or error}."
            ) from error
    raise OutputError(
        f"{folder} must hold {PREDICTIONS} beside {RECORD} to be compared. Received "
        "none. Build the run again, or give its report.pdf."
    )


def _files_of_report(path: Path, reader: Reader) -> _Files:
    """Returns the files that a report carries.

    Predictions that were too large to be carried are read where they were left.
    """
    carried = carried_by(path, reader, beside=path.parent)
    if carried.is_comparison:
        raise ReportError(
            f"{path} must be the report.pdf of a run to be compared. Received the page "
            "of a comparison, which is of two. Give the report of one of them."
        )
    record = from_json(require_record(carried))
    if PREDICTIONS in carried.files:
        return _Files(record, carried.files[PREDICTIONS], LARGEST_CARRIED)
    if PREDICTIONS in carried.left:
        return _Files(record, carried.left[PREDICTIONS], LARGEST_HANDED)
    raise ReportError(
        f"{path} must carry {PREDICTIONS} to be compared, or have it beside it where "
        f"it is too large to be carried. Received neither. Put the {PREDICTIONS} of "
        "its run into the folder of the report, or give the run folder."
    )


def _entrant(path: Path, files: _Files) -> tuple[Entrant, Record]:
    """Returns a run whose files belong together, with its record."""
    predictions = parse_predictions(
        files.predictions, name=f"{PREDICTIONS} of {path}", largest=files.largest
    )
    differing = strangers(files.record, predictions)
    if differing:
        raise OutputError(
            f"{RECORD} and {PREDICTIONS} of {path} must be of one run to be compared. "
            f"Received two that differ in {'; '.join(differing)[:1_000]}. Take both "
            "from one run, or build it again."
        )
    record = files.record
    side = side_of(
        record,
        files.predictions,
        source=source_of(path),
        record_sha256=sha256(to_json(record)).hexdigest(),
    )
    look = looking_into(record.evaluation, predictions)
    return Entrant(side, predictions, look, files.predictions), record


def source_of(path: Path) -> str:
    """Returns what a run is called that was read from a path: its last name."""
    return encodable(path.resolve().name)


def side_of(
    record: Record, predictions: bytes, *, source: str, record_sha256: str | None
) -> Side:
    """Returns what a page says of a run.

    Args:
        record: Its record.
        predictions: Its predictions.npz.
        source: What it was read from.
        record_sha256: Hash of its record.json, None where that is not written yet.
    """
    evaluation, model = record.evaluation, record.model
    return Side(
        source=source,
        name=record.name,
        title=record.title,
        dataset=record.dataset.title,
        noun=record.noun,
        n=evaluation.n,
        hard=evaluation.hard,
        sampling=evaluation.sampling,
        created_at=record.timings.created_at,
        recipe=record.training.recipe if record.training else None,
        weights_sha256=model.weights_sha256 if model else None,
        predictions_sha256=sha256(predictions).hexdigest(),
        record_sha256=record_sha256,
    )


def looking_into(evaluation: Evaluation, predictions: Predictions) -> Look:
    """Returns what finds the image of a row among the examples of a report.

    Args:
        evaluation: With galleries and cells, which keep the images of their rows.
        predictions: On the rows.
    """
    galleries = (
        evaluation.misclassified_gallery,
        evaluation.correct_gallery,
        *((evaluation.suspects.gallery,) if evaluation.suspects else ()),
    )
    shown = chain(*(one.examples for one in (*galleries, *evaluation.cells)))
    kept: Mapping[str, Pixels] = {e.row_id: e.pixels for e in shown if e.pixels}
    return lambda row: kept.get(str(predictions.row_ids[row]))
