"""What `compare` writes: a comparison that stands alone, and its JSON."""

from dataclasses import dataclass
from typing import Any

from reportgen.record.comparison import Comparison
from reportgen.record.estimates import Sampling
from reportgen.record.layout import Layout, decoded, encoded, schema_of
from reportgen.record.provenance import Provenance, Timings
from reportgen.record.requirements import Judgement

COMPARISON_VERSION = 1


@dataclass(frozen=True, slots=True)
class ComparisonDocument:
    """Two runs beside each other, with all that a page about them says.

    Attributes:
        schema_version: Version of this layout.
        name: Name of the folder that it is written into, as "old-vs-new".
        title: Title of the page.
        sampling: Level, replicates and seed of the intervals.
        margin: Loss of accuracy that is put up with, as a share, 0 or more.
        comparison: What the two runs say of each other.
        judgements: What was required and whether it is met, as it was asked.
        provenance: What was asked, by which version, where.
        timings: The part that differs between two equal comparisons.
        notes: Warnings and fallbacks, in sentences.

    Raises:
        ValueError: The margin is no share, or not that of the verdict.
    """

    schema_version: int
    name: str
    title: str
    sampling: Sampling
    margin: float
    comparison: Comparison
    judgements: tuple[Judgement, ...]
    provenance: Provenance
    timings: Timings
    notes: tuple[str, ...]

    def __post_init__(self) -> None:
        paired = self.comparison.paired
        if not 0 <= self.margin <= 1:
            raise ValueError(f"margin must lie in 0-1. Received {self.margin!r}.")
        if paired is not None and paired.verdict.margin != self.margin:
            raise ValueError(
                f"margin must be that of the verdict, {paired.verdict.margin!r}. "
                f"Received {self.margin!r}."
            )

    @property
    def noun(self) -> str:
        """What a row is called on a page: "image" or "row"."""
        return self.comparison.noun


OF_A_COMPARISON = Layout(
    file="comparison.json",
    version=COMPARISON_VERSION,
    remedy="Compare the runs again",
    older="Compare the runs again",
)
"""How comparison.json is told from what it is not."""


def comparison_to_json(document: ComparisonDocument) -> bytes:
    """Returns the comparison as indented UTF-8 JSON that ends with a line feed."""
    return encoded(document)


def comparison_from_json(content: bytes) -> ComparisonDocument:
    """Returns the comparison that the JSON holds.

    Args:
        content: UTF-8 JSON as `comparison_to_json` writes it.

    Raises:
        RecordError: It is broken, edited or of another version.
    """
    return decoded(content, ComparisonDocument, OF_A_COMPARISON)


def comparison_schema() -> dict[str, Any]:
    """Returns the JSON Schema (2020-12) of comparison.json."""
    return schema_of(ComparisonDocument)
