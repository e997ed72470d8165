"""What the PDF carries: the files of its run folder from which it can be checked."""

from dataclasses import dataclass
from pathlib import Path

from reportgen.errors import OutputError
from reportgen.opening import open_regular, size_of
from reportgen.pipeline.manifest import read_unchanged
from reportgen.pipeline.runs import BASELINE, PREDICTIONS, RECORD, VALIDATION
from reportgen.record import Omission, Record, to_json
from reportgen.render import Attachment

LARGEST_CARRIED = 4 * 2**20
"""Bytes of predictions above which the PDF does not carry them."""

TOO_LARGE = "it is larger than four megabytes, and stands beside the report."
ABSENT = "it did not lie in the run folder."

DESCRIPTIONS = {
    RECORD: "Every number of the report",
    PREDICTIONS: "Labels and probabilities of the test part",
    VALIDATION: "Labels and probabilities of the validation part",
    BASELINE: "Labels and probabilities of the baseline that it is compared with",
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


def cargo(record: Record, files: dict[str, bytes | None]) -> Cargo:
    """Returns the record and those files as a PDF carries them.

    Args:
        record: The record of the run.
        files: Content by name; None where there is none.
    """
    carried = {RECORD: to_json(record)}
    left = []
    for name, content in files.items():
        if content is None:
            left.append(Omission(name, ABSENT))
        elif len(content) > LARGEST_CARRIED:
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
            if size_of(file) > LARGEST_CARRIED:
                return file.read(LARGEST_CARRIED + 1)
        return read_unchanged(path, largest=LARGEST_CARRIED)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise OutputError(
            f"{path} must be readable: {error.strerror or error}."
        ) from error
