"""A report taken apart: its files, what they hold, and the text of its pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reportgen.errors import ReportError
from reportgen.opening import open_regular
from reportgen.pipeline.carrying import LARGEST_CARRIED
from reportgen.pipeline.reader import Reader
from reportgen.pipeline.runs import BASELINE, PREDICTIONS, RECORD, VALIDATION
from reportgen.predictions import LARGEST_HANDED, Predictions, parse_predictions
from reportgen.record import Record, from_json
from reportgen.render.reading import LARGEST_PDF

PACKED = (PREDICTIONS, VALIDATION, BASELINE)
"""Files of predictions, of which a report carries those that are not too large."""

MOST_REPLICATES = 100_000
"""The most that a build takes; a check that asked for more might never end."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A report taken apart.

    Attributes:
        files: What it carries, and the predictions left beside it, by name.
        record: The record among them.
        predictions: Those of the test part; None where they are missing.
        validation: Likewise of the validation part.
        baseline: Likewise of the baseline that it is compared with.
        pages: The text of each page.
        content: The report itself.
    """

    files: Mapping[str, bytes]
    record: Record
    predictions: Predictions | None
    validation: Predictions | None
    baseline: Predictions | None
    pages: tuple[str, ...]
    content: bytes


def take_apart(path: Path, reader: Reader, *, beside: Path | None = None) -> Parts:
    """Returns what a report carries and prints, and what was left beside it.

    Args:
        path: A report.pdf.
        reader: Opens it.
        beside: Folder of the predictions that were too large to be carried.

    Raises:
        ReportgenError: It cannot be taken apart, or what it carries cannot be read.
    """
    carried, left, content = carried_by(path, reader, beside=beside)
    files = {**left, **carried}
    record = from_json(files[RECORD])
    if record.evaluation.sampling.replicates > MOST_REPLICATES:
        raise ReportError(
            f"A record must rest on at most {MOST_REPLICATES:,} replicates to be "
            f"checked. Received {record.evaluation.sampling.replicates:,}."
        )
    predictions, validation, baseline = (
        _predictions(name, carried, left) for name in PACKED
    )
    pages = reader.texts(content)
    return Parts(files, record, predictions, validation, baseline, pages, content)


def carried_by(
    path: Path, reader: Reader, *, beside: Path | None = None
) -> tuple[Mapping[str, bytes], Mapping[str, bytes], bytes]:
    """Returns what a report carries, what was left beside it, and the report itself.

    Its pages are not looked at. Arguments are as for `take_apart`.

    Raises:
        ReportError: It cannot be taken apart, or carries no record.
    """
    content = _content(path, LARGEST_PDF)
    carried, left = reader.attachments(content), _left_beside(beside)
    if RECORD not in carried:
        names = ", ".join(map(repr, carried)) or "nothing"
        raise ReportError(
            f"{path} must carry {RECORD}. Received a PDF that carries {names}. "
            "Ask for the file as reportgen wrote it."
        )
    return carried, left, content


def _content(path: Path, largest: int) -> bytes:
    """Returns the bytes of a file that has no more than that many."""
    try:
        with open_regular(path) as file:
            content = file.read(largest + 1)
    except OSError as error:
        raise ReportError(
            f"{path} must be a readable file: {error.strerror or error}. Give the "
            "report.pdf of a run."
        ) from error
    if len(content) > largest:
        raise ReportError(
            f"{path} must have at most {largest:,} bytes. Received more. Give the file "
            "that reportgen wrote."
        )
    return content


def _predictions(
    name: str, carried: Mapping[str, bytes], left: Mapping[str, bytes]
) -> Predictions | None:
    """Returns the predictions of that name; a build takes larger ones than it packs."""
    if name in carried:
        return parse_predictions(carried[name], name=name)
    if name in left:
        return parse_predictions(left[name], name=name, largest=LARGEST_HANDED)
    return None


def _left_beside(folder: Path | None) -> dict[str, bytes]:
    """Returns the predictions in the folder that are too large to be carried.

    Smaller ones do not count: the report would carry them, were it whole.
    """
    if folder is None:
        return {}
    paths = [folder / name for name in PACKED]
    contents = {p.name: _content(p, LARGEST_HANDED) for p in paths if p.is_file()}
    return {n: found for n, found in contents.items() if len(found) > LARGEST_CARRIED}
