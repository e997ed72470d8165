"""The record itself, and its JSON."""

from dataclasses import dataclass
from typing import Any

from reportgen.record.comparison import Comparison
from reportgen.record.evaluation import Evaluation
from reportgen.record.layout import Layout, decoded, encoded, schema_of
from reportgen.record.network import ModelSummary
from reportgen.record.provenance import Provenance, Timings
from reportgen.record.requirements import Judgement
from reportgen.record.subject import DatasetSummary, Division, Training

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
    return encoded(record)


def from_json(content: bytes) -> Record:
    """Returns the record that the JSON holds.

    Args:
        content: UTF-8 JSON as `to_json` writes it.

    Raises:
        RecordError: The JSON is broken, of another version, breaks the schema, or is
            not byte for byte what `to_json` writes; or a number is too large to print.
    """
    return decoded(content, Record, OF_A_RUN)


OF_A_RUN = Layout(
    file="record.json",
    version=SCHEMA_VERSION,
    remedy="Build the run again",
    older="Build the run again with --retrain, load its model from a folder without "
    "that record, or verify its report with the version that wrote it",
)
"""How record.json is told from what it is not."""


def to_schema() -> dict[str, Any]:
    """Returns the JSON Schema (2020-12) of record.json."""
    return schema_of(Record)
