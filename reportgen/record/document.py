"""The record itself, and its JSON."""

from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from reportgen.errors import RecordError
from reportgen.record.comparison import Comparison
from reportgen.record.evaluation import Evaluation
from reportgen.record.magnitudes import immoderate
from reportgen.record.provenance import Provenance, Timings
from reportgen.record.requirements import Judgement
from reportgen.record.subject import DatasetSummary, Division, ModelSummary, Training

SCHEMA_VERSION = 7


@dataclass(frozen=True, slots=True)
class AuthorWord:
    """What only the author can say, as intended use or licence.

    Attributes:
        key: Name in `[card]`, as "intended_use".
        label: Name on the page.
        text: The author's words, None where they are not filled in.
    """

    key: str
    label: str
    text: str | None


@dataclass(frozen=True, slots=True)
class Record:
    """All that a report can say.

    Attributes:
        schema_version: Version of this layout.
        name: Name of the run, as "mnist".
        title: Title of the report.
        author: The author's words, in the order in which they are printed.
        dataset: The data as they were used.
        model: The model as it was used, None where predictions were handed over.
        training: How the weights came to be, None where that is not known.
        trained_on: The images that they were fitted on, None where not known.
        evaluation: What the predictions say.
        provenance: What was asked, by which version, where.
        timings: The part that differs between two equal runs.
        notes: Warnings and fallbacks of the run, in sentences.
        comparison: This run as the candidate beside a baseline, None without one.
        judgements: What was required of it and whether that is met, as it was asked.

    Raises:
        ValueError: There is a model although its predictions were handed over, none
            although they were not, or a training without a model.
    """

    schema_version: int
    name: str
    title: str
    author: tuple[AuthorWord, ...]
    dataset: DatasetSummary
    model: ModelSummary | None
    training: Training | None
    trained_on: Division | None
    evaluation: Evaluation
    provenance: Provenance
    timings: Timings
    notes: tuple[str, ...]
    comparison: Comparison | None = None
    judgements: tuple[Judgement, ...] = ()

    def __post_init__(self) -> None:
        if (self.model is None) != (self.dataset.handed is not None):
            raise ValueError(
                "A record must have a model, or predictions that were handed over. "
                f"Received {'neither' if self.model is None else 'both'}."
            )
        if self.model is None and (self.training or self.trained_on):
            raise ValueError(
                "A record without a model must have no training. Received one."
            )

    @property
    def noun(self) -> str:
        """What a row is called on a page: "image", or "row" where there are none."""
        return self.dataset.noun


def to_json(record: Record) -> bytes:
    """Returns the record as indented UTF-8 JSON that ends with a line feed."""
    return msgspec.json.format(msgspec.json.encode(record), indent=1) + b"\n"


def from_json(content: bytes) -> Record:
    """Returns the record that the JSON holds.

    Args:
        content: UTF-8 JSON as `to_json` writes it.

    Raises:
        RecordError: The JSON is broken, of another version, breaks the schema, or is
            not byte for byte what `to_json` writes; or a number is too large to print.
    """
    version = _decoded(content, _Versioned).schema_version
    if version != SCHEMA_VERSION:
        raise RecordError(
            f"record.json must have schema_version {SCHEMA_VERSION}. Received "
            f"{repr(version)[:80]}, of another version of reportgen. Build the run "
            "again with --retrain, load its model from a folder without that record, "
            "or verify its report with the version that wrote it."
        )
    record = _decoded(content, Record)
    place = immoderate(record)
    if place is not None:
        raise RecordError(
            "record.json must hold numbers that a page can print. Received a larger "
            f"one - at `{place}`. Build the run again."
        )
    if to_json(record) != content:
        raise RecordError(
            "record.json must be as reportgen wrote it, since every page prints its "
            "hash. Received one that was edited. Build the run again."
        )
    return record


class _Versioned(msgspec.Struct):
    """What every version has; no other member is held in memory to find it."""

    schema_version: Any = None


Decoded = TypeVar("Decoded")


def _decoded(content: bytes, kind: type[Decoded]) -> Decoded:
    """Returns what the JSON holds, as a value of that kind."""
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.ValidationError as error:
        raise RecordError(
            f"record.json breaks its schema: {error}. Build the run again."
        ) from error
    except (
        msgspec.DecodeError,
        RecursionError,  # lists in lists in lists
        UnicodeDecodeError,
    ) as error:
        raise RecordError(
            f"record.json must be UTF-8 JSON: {error}. Build the run again."
        ) from error


def to_schema() -> dict[str, Any]:
    """Returns the JSON Schema (2020-12) of record.json."""
    schema: dict[str, Any] = msgspec.json.schema(Record)
    # Defaults are Python's values: as JSON they are what anyone else would read.
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(schema))
    return plain
