"""The two runs of a comparison, and the rows that just one of them predicts right."""

from dataclasses import dataclass

from reportgen.record.pixels import Pixels


@dataclass(frozen=True, slots=True)
class Side:
    """One of two runs that are compared, named so that it can be known again.

    Attributes:
        source: Name of the folder or file that it was read from, without folders.
        name: Name of the run.
        title: Title of its report.
        dataset: Title of its data.
        noun: What its rows are called on a page, "image" or "row".
        n: Its test rows.
        hard: Whether it has predicted labels alone, without probabilities.
        level: Confidence level of the intervals in its own report.
        created_at: When it was built, UTC, as "2026-11-22T12:00:00Z".
        recipe: How its weights were trained, None where that is not known.
        weights_sha256: Hash of its model's weights, None where only its predictions
            were handed over.
        predictions_sha256: Hash of its predictions.npz.
        record_sha256: Hash of its record.json; None of the run whose own record holds
            the comparison.
    """

    source: str
    name: str
    title: str
    dataset: str
    noun: str
    n: int
    hard: bool
    level: float
    created_at: str
    recipe: str | None
    weights_sha256: str | None
    predictions_sha256: str
    record_sha256: str | None


@dataclass(frozen=True, slots=True)
class Flip:
    """One row that just one of two models predicts right.

    Attributes:
        row_id: Where the row comes from, as the candidate names it.
        true: Class name of the label.
        baseline: Class name of the baseline's prediction.
        candidate: Class name of the candidate's.
        baseline_probability: Probability that the baseline gives to its prediction,
            None where it handed over labels alone.
        candidate_probability: Likewise the candidate.
        pixels: The image, None where no run has it.
    """

    row_id: str
    true: str
    baseline: str
    candidate: str
    baseline_probability: float | None
    candidate_probability: float | None
    pixels: Pixels | None


@dataclass(frozen=True, slots=True)
class FlipGallery:
    """The first rows that flipped one way, in file order.

    Attributes:
        examples: At most as many as one picture shows.
        total: Rows that flipped this way.

    Raises:
        ValueError: There are more examples than rows.
    """

    examples: tuple[Flip, ...]
    total: int

    def __post_init__(self) -> None:
        if self.total < len(self.examples):
            raise ValueError(
                "A gallery must show no more rows than flipped. Received "
                f"{len(self.examples)} of {self.total}."
            )

    @property
    def without_pixels(self) -> int:
        """Examples whose image no run has."""
        return sum(example.pixels is None for example in self.examples)
