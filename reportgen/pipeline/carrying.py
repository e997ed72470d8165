"""What the PDF carries: the files of its run folder from which it can be checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reportgen.errors import OutputError
from reportgen.opening import open_regular, size_of
from reportgen.pipeline.manifest import read_unchanged
from reportgen.pipeline.runs import (
    BASELINE,
    CANDIDATE,
    COMPARISON,
    PREDICTIONS,
    RECORD,
    VALIDATION,
)
from reportgen.record import (
    ComparisonDocument,
    Omission,
    Record,
    comparison_to_json,
    to_json,
)
from reportgen.render import Attachment

LARGEST_ATTACHED = 4 * 2**20
"""Bytes of predictions above which the PDF does not carry them."""

TOO_LARGE = "it is larger than four megabytes, and stands beside the PDF."
ABSENT = "it did not lie in the run folder."

DESCRIPTIONS = {
    RECORD: "Every number of the report",
    PREDICTIONS: "Labels and probabilities of the test part",
    VALIDATION: "Labels and probabilities of the validation part",
    BASELINE: "Labels and probabilities of the baseline that it is compared with",
    COMPARISON: "Every number of the comparison",
    CANDIDATE: "Labels and probabilities of the candidate",
}
"""What each file holds, as a reader of the PDF lists it."""


@dataclass(frozen=True, slots=True)
class Cargo:
    """What a PDF carries, and what it leaves behind.

    Attributes:
        attachments: Files that it carries.
        left: Files that it does not, with their reasons.
    """

    attachments: tuple[Attachment, ...]
    left: tuple[Omission, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the files that it carries."""
        return tuple(one.name for one in self.attachments)


def cargo_of(record: Record, folder: Path) -> Cargo:
    """Returns what the PDF of a run carries.

    Args:
        record: The record of the run.
        folder: The run folder.

    Raises:
        OutputError: A file of the folder cannot be read, or was changed since.
    """
    files = {name: _content(folder / name) for name in predictions_of(record)}
    validation = _content(folder / VALIDATION)
    if validation is not None:  # not every run has one
        files[VALIDATION] = validation
    return cargo(record, files)


def predictions_of(record: Record) -> tuple[str, ...]:
    """Returns the names of the predictions that a record cannot be checked without."""
    return (PREDICTIONS, BASELINE) if record.comparison else (PREDICTIONS,)


def cargo(
    record: Record, files: dict[str, bytes | None], *, absent: str = ABSENT
) -> Cargo:
    """Returns the record and those files as a PDF carries them.

    Args:
        record: The record of the run.
        files: Content by name; None where there is none.
        absent: Why there is none.
    """
    return _cargo({RECORD: to_json(record)}, files, absent)


def comparison_cargo(
    document: ComparisonDocument,
    evidence: Mapping[str, bytes | None],
    *,
    absent: str = ABSENT,
) -> Cargo:
    """Returns the comparison and the predictions of both runs as its PDF carries them.

    Args:
        document: What the page says.
        evidence: Predictions by name; None where there are none.
        absent: Why there are none.
    """
    return _cargo({COMPARISON: comparison_to_json(document)}, evidence, absent)


def absence_told(pages: tuple[str, ...]) -> str:
    """Returns why a file is not carried, which of a PDF alone only its pages tell.

    Args:
        pages: Their text.
    """
    words = " ".join(" ".join(pages).split())
    return TOO_LARGE if TOO_LARGE in words else ABSENT


def _cargo(
    carried: dict[str, bytes], files: Mapping[str, bytes | None], absent: str
) -> Cargo:
    """Returns what is carried in any case, and the files that are not too large.

    Args:
        carried: Content by name; the files are added to it.
        files: Content by name; None where there is none.
        absent: Why there is none.
    """
    left = []
    for name, content in files.items():
        if content is None:
            left.append(Omission(name, absent))
        elif len(content) > LARGEST_ATTACHED:
            left.append(Omission(name, TOO_LARGE))
        else:
            carried[name] = content
    attachments = tuple(
        Attachment(name, DESCRIPTIONS[name], content)
        for name, content in carried.items()
    )
    return Cargo(attachments, tuple(left))


def _content(path: Path) -> bytes | None:
    """Returns the bytes of a file, None where there is none.

    Of one that is too large to be carried these are no more than tell that it is.
    """
    try:
        with open_regular(path) as file:
            if size_of(file) > LARGEST_ATTACHED:
                return file.read(LARGEST_ATTACHED + 1)
        return read_unchanged(path, largest=LARGEST_ATTACHED)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise OutputError(
            f"{path} must be readable: {error.strerror or error}."
        ) from error
