"""A number with what is known of its uncertainty."""

from dataclasses import dataclass
from math import isfinite
from typing import Literal

Unit = Literal["share", "number"]
"""A `share` in 0-1 is printed in percent; a `number` has no unit."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """One estimated value and its interval, if an interval is known.

    Attributes:
        value: Point estimate, finite.
        low: Lower bound of the interval, None where no interval is given.
        high: Upper bound of the interval, None where no interval is given.
        level: Confidence level of the interval in 0-1, None without one.
        method: How the interval was made, in a word; "none" without one.
        n: Rows that the value rests on.

    Raises:
        ValueError: A value is not finite, or the interval is half given or reversed.
    """

    value: float
    low: float | None
    high: float | None
    level: float | None
    method: str
    n: int

    def __post_init__(self) -> None:
        if not isfinite(self.value):
            raise ValueError(f"An estimate must be finite. Received {self.value!r}.")
        if (self.low is None) != (self.high is None):
            raise ValueError("An interval needs both bounds or none.")
        if self.low is None or self.high is None:
            return
        if not (isfinite(self.low) and isfinite(self.high) and self.low <= self.high):
            raise ValueError(
                f"An interval must be finite and ordered. Received {self.low!r}, "
                f"{self.high!r}."
            )


@dataclass(frozen=True, slots=True)
class Score:
    """A named quality of the predictions, or the reason why it is undefined.

    Attributes:
        key: The name by which code and configuration know it, as `log_loss`.
        label: The name that a page prints.
        meaning: What it says, in one short clause.
        unit: How a page prints it.
        higher_is_better: Direction.
        estimate: The value, None where it is undefined.
        reason: Why it is undefined, in words; None where it is defined.
        note: What a reader must know beside the value, as a class left out of a mean.

    Raises:
        ValueError: Neither or both of `estimate` and `reason` are given.
    """

    key: str
    label: str
    meaning: str
    unit: Unit
    higher_is_better: bool
    estimate: Estimate | None
    reason: str | None
    note: str | None

    def __post_init__(self) -> None:
        if (self.estimate is None) == (self.reason is None):
            raise ValueError(f"{self.key} needs an estimate or a reason, and not both.")
