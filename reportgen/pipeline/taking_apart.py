"""A report taken apart: its files, what they hold, and the text of its pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reportgen.errors import ReportError
from reportgen.opening import open_regular
from reportgen.pipeline.carrying import LARGEST_ATTACHED
from reportgen.pipeline.reader import Reader
from reportgen.pipeline.runs import (
    BASELINE,
    CANDIDATE,
    COMPARISON,
    PREDICTIONS,
    RECORD,
    VALIDATION,
)
from reportgen.predictions import LARGEST_HANDED, Predictions, parse_predictions
from reportgen.record import (
    ComparisonDocument,
    Record,
    Sampling,
    comparison_from_json,
    from_json,
)
from reportgen.render.reading import LARGEST_PDF

PACKED = (PREDICTIONS, VALIDATION, BASELINE, CANDIDATE)
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


@dataclass(frozen=True, slots=True)
class ComparisonParts:
    """The page of a comparison taken apart.

    Attributes:
        files: What it carries, and the predictions left beside it, by name.
        document: The comparison among them.
        baseline: Predictions of the baseline; None where they are missing.
        candidate: Likewise of the candidate.
        pages: The text of each page.
        content: The PDF itself.
    """

    files: Mapping[str, bytes]
    document: ComparisonDocument
    baseline: Predictions | None
    candidate: Predictions | None
    pages: tuple[str, ...]
    content: bytes


@dataclass(frozen=True, slots=True)
class Carried:
    """A PDF whose files are taken out, while its pages are not looked at.

    Attributes:
        path: Where it was read.
        files: What it carries, by name.
        left: Predictions that were left beside it, by name.
        content: The PDF itself.
    """

    path: Path
    files: Mapping[str, bytes]
    left: Mapping[str, bytes]
    content: bytes

    @property
    def is_comparison(self) -> bool:
        """Whether it is the page of a comparison, and no report."""
        return COMPARISON in self.files and RECORD not in self.files


def carried_by(path: Path, reader: Reader, *, beside: Path | None = None) -> Carried:
    """Returns what a PDF carries, and what was left beside it.

    Args:
        path: A report.pdf or a comparison.pdf.
        reader: Opens it.
        beside: Folder of the predictions that were too large to be carried.

    Raises:
        ReportError: It cannot be taken apart.
    """
    content = _content(path, LARGEST_PDF)
    return Carried(path, reader.attachments(content), _left_beside(beside), content)


def require_record(carried: Carried) -> bytes:
    """Returns the record.json that a report carries.

    Raises:
        ReportError: It carries none.
    """
    if RECORD not in carried.files:
        names = ", ".join(map(repr, carried.files)) or "nothing"
        raise ReportError(
            f"{carried.path} must carry {RECORD}. Received a PDF that carries {names}. "
            "Ask for the file as reportgen wrote it."
        )
    return carried.files[RECORD]


def take_apart(carried: Carried, reader: Reader) -> Parts:
    """Returns what a report carries and prints, and what was left beside it.

    Raises:
        ReportgenError: What it carries cannot be read.
    """
    record = from_json(require_record(carried))
    check_replicates(record.evaluation.sampling)
    return Parts(
        files={**carried.left, **carried.files},
        record=record,
        predictions=_predictions(PREDICTIONS, carried),
        validation=_predictions(VALIDATION, carried),
        baseline=_predictions(BASELINE, carried),
        pages=reader.texts(carried.content),
        content=carried.content,
    )


def take_comparison_apart(carried: Carried, reader: Reader) -> ComparisonParts:
    """Returns what the page of a comparison carries and prints, likewise.

    Raises:
        ReportgenError: What it carries cannot be read.
    """
    document = comparison_from_json(carried.files[COMPARISON])
    check_replicates(document.sampling)
    return ComparisonParts(
        files={**carried.left, **carried.files},
        document=document,
        baseline=_predictions(BASELINE, carried),
        candidate=_predictions(CANDIDATE, carried),
        pages=reader.texts(carried.content),
        content=carried.content,
    )


def check_replicates(sampling: Sampling) -> None:
    """Refuses what would be computed for ever, because a stranger's file asks for it.

    Raises:
        ReportError: There are more replicates than a build takes.
    """
    if sampling.replicates > MOST_REPLICATES:
        raise ReportError(
            f"A record must rest on at most {MOST_REPLICATES:,} replicates to be "
            f"checked. Received {sampling.replicates:,}. Build the report again with "
            "a smaller --bootstrap."
        )


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


def _predictions(name: str, carried: Carried) -> Predictions | None:
    """Returns the predictions of that name; a build takes larger ones than it packs."""
    if name in carried.files:
        return parse_predictions(carried.files[name], name=name)
    if name in carried.left:
        content = carried.left[name]
        return parse_predictions(content, name=name, largest=LARGEST_HANDED)
    return None


def _left_beside(folder: Path | None) -> dict[str, bytes]:
    """Returns the predictions in the folder that are too large to be carried.

    Smaller ones do not count: the report would carry them, were it whole.
    """
    if folder is None:
        return {}
    paths = [folder / name for name in PACKED]
    contents = {p.name: _content(p, LARGEST_HANDED) for p in paths if p.is_file()}
    return {n: found for n, found in contents.items() if len(found) > LARGEST_ATTACHED}
