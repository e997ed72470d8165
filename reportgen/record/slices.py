"""Parts of the test rows that share a property, and which of them stand out."""

from dataclasses import dataclass
from typing import Literal

from reportgen.record.estimates import Estimate
from reportgen.record.pictures import Omission
from reportgen.record.wording import Sentence, code, sentence

MISSING = "missing"
"""What a slice is called whose rows have no value; a text may read the same."""

BRIGHTNESS = "brightness"
CONTRAST = "contrast"
SLANT = "slant in degrees"
STROKE_WIDTH = "stroke width in pixels"
"""Columns that are measured on images."""

Origin = Literal["metadata", "image"]
"""Whether a column was handed over or measured on the images."""


@dataclass(frozen=True, slots=True)
class Slice:
    """The test rows with one value of a column, or with values of one range.

    Attributes:
        column: Name of the column, as "camera" or "brightness".
        origin: Where the column comes from.
        value: The value of a text; None of a number, and where it is missing.
        low: The least number in it; None of a text, and where it is missing.
        high: The greatest number in it, likewise.
        digits: Decimals that the ends of its column's ranges are printed with.
        n: Rows in it, `Slices.least_rows` or more.
        correct: Those of them that are predicted right.
        accuracy: Share right among them.
        difference: That share less the share right among all other rows.
        p_value: Chance of errors spread at least as unevenly over the slice and the
            other rows, if it made no difference to be in it; 0-1.
        p_value_adjusted: The same by Benjamini and Hochberg's method over all slices;
            two that share out all rows have one test, which counts once.
        survives: Whether the adjusted p-value is within the false-discovery rate.

    Raises:
        ValueError: The counts contradict one another, a p-value is none, or the slice
            is of a text and of a number at once.
    """

    column: str
    origin: Origin
    value: str | None
    low: float | None
    high: float | None
    digits: int
    n: int
    correct: int
    accuracy: Estimate
    difference: Estimate
    p_value: float
    p_value_adjusted: float
    survives: bool

    def __post_init__(self) -> None:
        if not 0 <= self.correct <= self.n or self.n < 1:
            raise ValueError(
                f"A slice must have rows, and no more right than there are. Received "
                f"{self.correct} of {self.n} in {self.column!r}."
            )
        if not 0 <= self.p_value <= self.p_value_adjusted <= 1:
            raise ValueError(
                "p-values must lie in 0-1, the adjusted not below its own. Received "
                f"{self.p_value!r} and {self.p_value_adjusted!r}."
            )
        ends = self.low is None, self.high is None
        if ends[0] != ends[1] or (self.value is not None and not ends[0]):
            raise ValueError(
                "A slice must have a text, both ends of a range, or neither. Received "
                f"{self.value!r}, {self.low!r} and {self.high!r} in {self.column!r}."
            )

    @property
    def missing(self) -> bool:
        """Whether it holds the rows without a value."""
        return self.value is None and self.low is None

    @property
    def label(self) -> Sentence:
        """Its value or the realised ends of its range, as a page prints them."""
        if self.low is None or self.high is None:
            return sentence("{value}", value=MISSING if self.missing else self._text)
        ends = {"low": code(self.low, self.digits)}
        if self.low == self.high:
            return sentence("{low}", **ends)
        return sentence("{low} to {high}", **ends, high=code(self.high, self.digits))

    @property
    def _text(self) -> str:
        """The value of a text."""
        assert self.value is not None
        return self.value


@dataclass(frozen=True, slots=True)
class Slices:
    """All slices that were looked at.

    Attributes:
        false_discovery_rate: Share of false ones among those that survive, at most, in
            the long run; 0-1 exclusive.
        least_rows: Rows below which a slice is not looked at.
        looked_at: How many they are.
        surviving: How many of them differ from the other rows beyond chance.
        slices: In the order of their columns, of a column in the order of its values.
        too_small: Slices that had fewer rows than that.
        skipped: Columns that were not cut into slices, with their reasons.

    Raises:
        ValueError: There are more or fewer slices than are counted.
    """

    false_discovery_rate: float
    least_rows: int
    looked_at: int
    surviving: int
    slices: tuple[Slice, ...]
    too_small: int
    skipped: tuple[Omission, ...]

    def __post_init__(self) -> None:
        counted = len(self.slices), len(self.survivors)
        if (self.looked_at, self.surviving) != counted:
            raise ValueError(
                f"looked_at and surviving must count the slices, {counted}. Received "
                f"{(self.looked_at, self.surviving)}."
            )

    @property
    def survivors(self) -> tuple[Slice, ...]:
        """Slices that differ from the other rows by more than chance would bring."""
        return tuple(one for one in self.slices if one.survives)

    def foremost(self, most: int) -> tuple[Slice, ...]:
        """Returns all slices, or of too many those of the smallest p-values, in order.

        Args:
            most: Slices to return at most.
        """
        ranked = sorted(
            range(len(self.slices)), key=lambda place: self.slices[place].p_value
        )
        return tuple(self.slices[place] for place in sorted(ranked[:most]))
