"""Parts of the test rows that share a property, and which of them stand out."""

from dataclasses import dataclass
from typing import Literal

from reportgen.record.estimates import Estimate
from reportgen.record.pictures import Omission

Origin = Literal["metadata", "image"]
"""Whether a column was handed over or measured on the images."""


@dataclass(frozen=True, slots=True)
class Slice:
    """The test rows with one value of a column, or with values of one range.

    Attributes:
        column: Name of the column, as "camera" or "ink".
        origin: Where the column comes from.
        value: The value, or the range in words that print alone.
        n: Rows in it, `Slices.least_rows` or more.
        correct: Those of them that are predicted right.
        accuracy: Share right among them.
        difference: That share less the share right among all other rows.
        p_value: Chance of a difference of at least that size if there were none, 0-1.
        p_value_adjusted: The same by Benjamini and Hochberg's method over all slices.
        survives: Whether the adjusted p-value is within the false-discovery rate.

    Raises:
        ValueError: The counts contradict one another, or a p-value is none.
    """

    column: str
    origin: Origin
    value: str
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


@dataclass(frozen=True, slots=True)
class Slices:
    """All slices that were looked at.

    Attributes:
        false_discovery_rate: Share of false ones among those that survive, at most, in
            the long run; 0-1 exclusive.
        least_rows: Rows below which a slice is not looked at.
        slices: In the order of their columns, of a column in the order of its values.
        too_small: Slices that had fewer rows than that.
        skipped: Columns that were not cut into slices, with their reasons.
    """

    false_discovery_rate: float
    least_rows: int
    slices: tuple[Slice, ...]
    too_small: int
    skipped: tuple[Omission, ...]

    @property
    def survivors(self) -> tuple[Slice, ...]:
        """Slices that differ from the other rows by more than chance would bring."""
        return tuple(one for one in self.slices if one.survives)
