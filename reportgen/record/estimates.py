"""A number with what is known of its uncertainty, and how that came to be known."""

from dataclasses import dataclass
from math import isfinite
from typing import Literal

Unit = Literal["share", "number"]
"""A `share` in 0-1 is printed in percent; a `number` has no unit."""

SEEDS = 2**32
"""Seeds that there are, from 0: NumPy takes no negative one."""

LABELS_ALONE = "only predicted labels were handed over"
"""Why nothing is known that rests on probabilities."""

WITHOUT_PROBABILITIES = "Only predicted labels were handed over, not probabilities."
"""The same as a sentence."""


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


def beyond_chance(p_value: float, level: float) -> bool:
    """Returns whether a p-value is under 1 - level, what the level leaves to chance.

    >>> beyond_chance(0.049, 0.95), beyond_chance(0.05, 0.95)
    (True, False)
    """
    return p_value + level < 1  # 1 - 0.95 is a little more than 0.05


@dataclass(frozen=True, slots=True)
class Sampling:
    """How intervals and noise floors are made.

    Attributes:
        level: Confidence level in 0-1, exclusive.
        replicates: Bootstrap replicates, and draws of a noise floor.
        seed: Seed of both, in 0 to 2**32 - 1.

    Raises:
        ValueError: The level, the number of replicates or the seed is out of range.
    """

    level: float = 0.95
    replicates: int = 1000
    seed: int = 42

    def __post_init__(self) -> None:
        if not 0 < self.level < 1 or self.replicates < 1:
            raise ValueError(
                "level must lie inside 0-1 and replicates be at least 1. Received "
                f"{self.level!r} and {self.replicates!r}."
            )
        if not 0 <= self.seed < SEEDS:
            raise ValueError(
                f"seed must lie in 0 to {SEEDS - 1:,}. Received {self.seed!r}."
            )


@dataclass(frozen=True, slots=True)
class IntervalCheck:
    """One score's interval beside that of the multinomial bootstrap.

    Attributes:
        key: Key of the score.
        label: Its name on the page.
        unit: How a page prints it.
        standard_error: From influence values.
        bootstrap_standard_error: Standard deviation over the replicates.
        bootstrap_low: Lower percentile bound over the replicates.
        bootstrap_high: Upper percentile bound.
        replicates: Replicates drawn.
        undefined: Replicates in which the score was undefined.

    Raises:
        ValueError: A number is not finite.
    """

    key: str
    label: str
    unit: Unit
    standard_error: float
    bootstrap_standard_error: float
    bootstrap_low: float
    bootstrap_high: float
    replicates: int
    undefined: int

    def __post_init__(self) -> None:
        numbers = (
            self.standard_error,
            self.bootstrap_standard_error,
            self.bootstrap_low,
            self.bootstrap_high,
        )
        if not all(map(isfinite, numbers)):
            raise ValueError(f"{self.key} needs finite numbers. Received {numbers!r}.")


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
