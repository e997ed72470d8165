"""A log-odds axis: it spreads the probabilities that lie close to 0 and to 1."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.axis import Axis

NAMED = (0.0001, 0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999)
"""Probabilities that an axis may name, nearly evenly spaced in log-odds."""

FINE = (0.02, 0.05, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.95, 0.98)
"""Probabilities that have a mark without a name."""

TINY = 1e-12
"""Distance from 0 and 1 below which probabilities are taken for one another."""

DECADE = log(10)
"""About the way from 0.99 to 0.999; as far beyond the ticks stand 0 and 1."""


@dataclass(frozen=True, slots=True)
class LogOdds:
    """Where probabilities stand, with room for 0 and 1, which have no log-odds.

    Attributes:
        ticks: Named probabilities, ascending, two or more.
        to_0: Whether the axis has an end for what lies below its ticks.
        to_1: Whether it has one for what lies above them.
    """

    ticks: tuple[float, ...]
    to_0: bool
    to_1: bool

    @classmethod
    def spanning(cls, values: Iterable[float]) -> "LogOdds":
        """Returns the axis with the fewest ticks around the values, in 0-1."""
        every = list(values)
        inner = [value for value in every if 0 < value < 1] or [0.5]
        first = max((at for at, p in enumerate(NAMED) if p <= min(inner)), default=0)
        last = min((at for at, p in enumerate(NAMED) if p >= max(inner)), default=-1)
        last %= len(NAMED)
        if first == last:
            first, last = max(first - 1, 0), min(last + 1, len(NAMED) - 1)
        ticks = NAMED[first : last + 1]
        return cls(ticks, min(every) < ticks[0], max(every) > ticks[-1])

    @property
    def ends(self) -> tuple[float, float]:
        """Both ends of the axis, in log-odds."""
        first, last = _log_odds([self.ticks[0], self.ticks[-1]]).tolist()
        return first - DECADE * self.to_0, last + DECADE * self.to_1

    @property
    def names(self) -> tuple[str, ...]:
        """What stands at `marks`: percentages without their unit."""
        inner = (f"{100 * tick:g}" for tick in self.ticks)
        return ("0",) * self.to_0 + tuple(inner) + ("100",) * self.to_1

    @property
    def marks(self) -> NDArray[np.float64]:
        """Where ticks and ends stand, in log-odds."""
        return self.place([*(0.0,) * self.to_0, *self.ticks, *(1.0,) * self.to_1])

    def place(self, values: Sequence[float]) -> NDArray[np.float64]:
        """Returns log(p / (1 - p)) of each probability, clipped to the axis."""
        return np.clip(_log_odds(values), *self.ends)

    def rule(self, axis: "Axis", most: int, *, fine: bool = True) -> None:
        """Names the marks of an axis, at most so many, evenly chosen.

        Args:
            axis: What to rule; axes that share it are ruled too.
            most: Names at most.
            fine: Whether marks without a name stand between them.
        """
        axis.set_ticks(self.marks, thinned(self.names, most))
        if fine:
            low, high = self.ticks[0], self.ticks[-1]
            between = [value for value in FINE if low < value < high]
            axis.set_ticks(self.place(between), minor=True)
        axis.set_view_interval(*self.ends, ignore=True)


def thinned(names: Sequence[str], most: int) -> tuple[str, ...]:
    """Returns the names with some blanked: both ends stay, and between them even steps.

    Args:
        names: Of all ticks, in order.
        most: Names to keep at most, 2 or more.
    """
    last = len(names) - 1
    step = max(-(-last // (most - 1)), 1)
    # Counted from the end; one that would crowd the first gives way to it.
    kept = {0} | {at for at in range(last, 0, -step) if at > step / 2}
    return tuple(name if at in kept else "" for at, name in enumerate(names))


def _log_odds(values: Sequence[float]) -> NDArray[np.float64]:
    """Returns the log-odds of probabilities, those of 0 and 1 large but finite."""
    inside = np.clip(np.asarray(values, dtype=np.float64), TINY, 1 - TINY)
    odds: NDArray[np.float64] = np.log(inside / (1 - inside))
    return odds
