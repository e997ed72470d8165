"""Two classes: one is looked for, and a threshold decides when it is found."""

from dataclasses import dataclass
from typing import Literal

from reportgen.record.estimates import Estimate, Score

Criterion = Literal["youden", "f1"]
"""What a threshold makes as large as it can be: sensitivity and specificity together
(Youden's J, their sum less one), or the F1 of the positive class."""

HALF = 0.5
"""The threshold at which the likelier class is read."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Rows by what they are and what they are read as.

    Attributes:
        true_positives: Rows of the positive class that are read as it.
        false_positives: Rows of the negative class that are read as positive.
        false_negatives: Rows of the positive class that are read as negative.
        true_negatives: Rows of the negative class that are read as it.

    Raises:
        ValueError: A count is negative.
    """

    true_positives: int
    false_positives: int
    false_negatives: int
    true_negatives: int

    def __post_init__(self) -> None:
        counts = (
            *(self.true_positives, self.false_positives),
            *(self.false_negatives, self.true_negatives),
        )
        if min(counts) < 0:
            raise ValueError(f"Outcomes must not be negative. Received {counts}.")

    @property
    def positives(self) -> int:
        """Rows of the positive class."""
        return self.true_positives + self.false_negatives

    @property
    def negatives(self) -> int:
        """Rows of the negative class."""
        return self.true_negatives + self.false_positives

    @property
    def read_as_positive(self) -> int:
        """Rows that are read as the positive class."""
        return self.true_positives + self.false_positives


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """What comes of one threshold.

    A row is read as positive where its probability of the positive class is at or above
    the threshold.

    Attributes:
        threshold: In 0-1.
        outcomes: The rows by what they are and what they are then read as.
        sensitivity: Share of the positives read as positive; None without positives.
        specificity: Share of the negatives read as negative; None without negatives.
        precision: Share of positives among those read as positive; None where no row
            is.
        f1: Harmonic mean of precision and sensitivity; None without positives.
    """

    threshold: float
    outcomes: Outcomes
    sensitivity: Estimate | None
    specificity: Estimate | None
    precision: Estimate | None
    f1: Estimate | None


@dataclass(frozen=True, slots=True)
class ChosenThreshold:
    """A threshold that was chosen on the validation part, and tried on the test part.

    Attributes:
        criterion: What was made as large as it can be.
        best: What it came to on the validation part.
        rows: Validation rows that it was chosen on.
        point: What comes of it on the test part.
    """

    criterion: Criterion
    best: float
    rows: int
    point: OperatingPoint


@dataclass(frozen=True, slots=True)
class ThresholdSweep:
    """Rows read as positive while the threshold rises, for a picture.

    Attributes:
        thresholds: (p,) in 0-1, rising.
        true_positives: (p,) positives at or above each.
        false_positives: (p,) negatives at or above each.

    Raises:
        ValueError: There is none, or one part of a point is missing.
    """

    thresholds: tuple[float, ...]
    true_positives: tuple[int, ...]
    false_positives: tuple[int, ...]

    def __post_init__(self) -> None:
        sizes = {
            *(len(self.thresholds), len(self.true_positives)),
            len(self.false_positives),
        }
        if len(sizes) > 1 or not self.thresholds:
            raise ValueError(
                "A sweep must have as many counts as thresholds, at least one. "
                f"Received {sorted(sizes)}."
            )


@dataclass(frozen=True, slots=True)
class BinaryView:
    """What is said of two classes, one of which is looked for.

    Attributes:
        positive: The class that is looked for.
        negative: The other class.
        named: Whether the positive class was named; else it is the second in order.
        prevalence: Share of the positive class among the test rows.
        outcomes: The test rows by what they are and what they are predicted as.
        measures: Sensitivity, specificity, the predictive values, F1 and the likelihood
            ratios of the predictions, in printed order.
        points: What comes of round thresholds, rising; none where labels alone were
            predicted.
        chosen: Thresholds from the validation part; none without one.
        chosen_reason: Why there is none, in a sentence; None where there are some.
        sweep: For a picture; None where labels alone were predicted.

    Raises:
        ValueError: A threshold was chosen and a reason is given, or neither; there is a
            sweep without the point at a half, or a point without a sweep; the two
            classes are one; or a measure is given twice.
    """

    positive: str
    negative: str
    named: bool
    prevalence: Estimate
    outcomes: Outcomes
    measures: tuple[Score, ...]
    points: tuple[OperatingPoint, ...]
    chosen: tuple[ChosenThreshold, ...]
    chosen_reason: str | None
    sweep: ThresholdSweep | None

    def __post_init__(self) -> None:
        if bool(self.chosen) == (self.chosen_reason is not None):
            raise ValueError("Chosen thresholds must be there, or a reason, not both.")
        halves = sum(point.threshold == HALF for point in self.points)
        if halves != (self.sweep is not None) or (self.points and not halves):
            raise ValueError(
                f"points must hold one at {HALF} where there is a sweep, and be none "
                f"where there is none. Received {halves} at {HALF}."
            )
        if self.positive == self.negative:
            raise ValueError(
                f"positive and negative must differ. Received {self.positive!r} twice."
            )
        keys = [measure.key for measure in self.measures]
        if len(set(keys)) < len(keys) or set(MEASURE_KEYS) - set(keys):
            raise ValueError(
                f"measures must hold {', '.join(MEASURE_KEYS)}, each once. Received "
                f"{keys}."
            )

    def measure(self, key: str) -> Score:
        """Returns the measure of that key; KeyError where there is none."""
        for measure in self.measures:
            if measure.key == key:
                return measure
        raise KeyError(key)


MEASURE_KEYS = (
    "sensitivity",
    "specificity",
    "positive_predictive_value",
    "negative_predictive_value",
    "f1",
    "positive_likelihood_ratio",
    "negative_likelihood_ratio",
)
"""Measures that every binary view has, in printed order."""
