"""What a metric returns: a value, or the reason why there is none."""

from collections.abc import Iterable
from dataclasses import dataclass

from reportgen.metrics.intervals import Interval, wilson
from reportgen.predictions import Predictions
from reportgen.record import Estimate

ONE_CLASS = "y_true holds one class only"
"""Why what tells classes apart is undefined."""

ONE_ROW = "one row: no interval"
"""Why a value that rests on one row stands alone."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One metric's outcome.

    Attributes:
        estimate: The value, None where it is undefined.
        reason: Why it is undefined, None where it is defined.
        note: What a reader must know beside the value.
    """

    estimate: Estimate | None
    reason: str | None = None
    note: str | None = None

    @property
    def value(self) -> float:
        """The value; ValueError where it is undefined."""
        if self.estimate is None:
            raise ValueError(f"Undefined: {self.reason}.")
        return self.estimate.value


@dataclass(frozen=True, slots=True)
class HeldBack:
    """Rows for choices that must not see the test part, or why there are none.

    Attributes:
        predictions: The validation part, None where there is none.
        reason: Why there is none, in a sentence; heeded only then.
    """

    predictions: Predictions | None
    reason: str


def estimated(value: float, n: int, interval: Interval | None) -> Estimate:
    """Returns a value that rests on n rows, with its interval where there is one."""
    if interval is None:
        return Estimate(float(value), None, None, None, "none", n)
    low, high = interval.low, interval.high
    return Estimate(float(value), low, high, interval.level, interval.method, n)


def measured(
    value: float, n: int, interval: Interval | None, *, note: str | None = None
) -> Measured:
    """Returns a value that rests on n rows, with its interval where there is one."""
    return Measured(estimated(value, n, interval), note=note)


def proportion(successes: int, n: int, level: float) -> Estimate:
    """Returns successes / n with its Wilson interval; one row has none."""
    if n == 1:
        return estimated(successes / n, n, None)
    low, high = wilson(successes, n, level)
    return estimated(successes / n, n, Interval(low, high, level, "Wilson"))


def counted(successes: int, n: int, level: float) -> Measured:
    """Returns successes / n with its Wilson interval, or a note that one row has none.

    Args:
        successes: In 0..n.
        n: Rows, at least 1.
        level: Confidence level in 0-1.
    """
    note = ONE_ROW if n == 1 else None
    return Measured(proportion(successes, n, level), note=note)


def undefined(reason: str) -> Measured:
    """Returns no value, and why."""
    return Measured(None, reason=reason)


def classes_note(present: int, k: int) -> str | None:
    """Returns which classes a mean over classes leaves out, None where none.

    Args:
        present: Classes with rows.
        k: Classes.
    """
    return f"over {present:,} of {k:,} classes" if present < k else None


def joined(notes: Iterable[str | None]) -> str | None:
    """Returns the notes that there are as one, None where there are none."""
    return "; ".join(note for note in notes if note) or None
