"""What a metric returns: a value, or the reason why there is none."""

from dataclasses import dataclass

from reportgen.metrics.intervals import wilson
from reportgen.record import Estimate

LEVEL = 0.95

ONE_CLASS = "y_true holds one class only"
"""Why what tells classes apart is undefined."""


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


def measured(value: float, n: int, *, note: str | None = None) -> Measured:
    """Returns a value that rests on n rows and has no interval."""
    return Measured(Estimate(float(value), None, None, None, "none", n), note=note)


def proportion(successes: int, n: int, *, note: str | None = None) -> Measured:
    """Returns successes / n with its Wilson interval; one row has none."""
    if n == 1:
        return measured(successes / n, n, note=note)
    low, high = wilson(successes, n, LEVEL)
    return Measured(Estimate(successes / n, low, high, LEVEL, "Wilson", n), note=note)


def undefined(reason: str) -> Measured:
    """Returns no value, and why."""
    return Measured(None, reason=reason)


def classes_note(present: int, k: int) -> str | None:
    """Returns which classes a mean over classes leaves out, None where none.

    Args:
        present: Classes with rows.
        k: Classes.
    """
    return f"over {present} of {k} classes" if present < k else None
