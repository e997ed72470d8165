"""Axes of shares in percent: from one end to the other, or over their logarithm."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reportgen.record import Curve

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

RATE_LABELS = 6
"""Decades that all have room for their names."""

FILLED = 24
"""Points put into a sloping run, which a logarithmic axis bends."""

CLEAR = 0.09
"""Share of a logarithmic axis beside its left end that holds no other name."""

Points = tuple[NDArray[np.float64], NDArray[np.float64]]


def points_of(curve: Curve) -> Points:
    """Returns the curve's abscissae and ordinates, (p,) each."""
    return np.array(curve.x), np.array(curve.y)


def set_range(axis: "Axis", ends: tuple[float, float], step: float) -> None:
    """Sets an axis with a little room at its ends, and its ticks in percent."""
    margin = (ends[1] - ends[0]) / 50
    ticks = np.linspace(*ends, round((ends[1] - ends[0]) / step) + 1)
    axis.set_ticks(ticks, [f"{100 * tick:.4g}" for tick in ticks])
    axis.set_view_interval(ends[0] - margin, ends[1] + margin, ignore=True)


def set_rates(axes: "Axes", least: float) -> None:
    """Sets a logarithmic axis of rates, whose left end stands for none."""
    decades = -int(np.floor(np.log10(least)))
    step = -(-decades // RATE_LABELS)
    room = (1 / least) ** CLEAR
    rates = [10.0**-power for power in range(0, decades + 1, step)]
    ticks = [least] + [rate for rate in reversed(rates) if rate > least * room]
    axes.set_xscale("log")
    axes.minorticks_off()
    axes.set_xticks(ticks, ["0", *(f"{100 * tick:g}" for tick in ticks[1:])])
    axes.set_xlim(least, 1.1)


def stretched(curve: Curve, least: float) -> Points:
    """Returns the curve for a logarithmic axis that begins at `least`.

    A tie of rows from both sides is a sloping run, straight on a plain axis: points
    are put into it, so that it has its true course on this one.
    """
    x, y = points_of(curve)
    along = np.linspace(0, 1, FILLED + 2)[:-1]
    every_x, every_y = [x[:1]], [y[:1]]
    for at in range(len(x) - 1):
        slopes = x[at + 1] > x[at] and y[at + 1] != y[at]
        # Where it begins at 0, the whole of a logarithmic axis lies within it.
        start = max(x[at], least)
        run = start * (x[at + 1] / start) ** along[1:] if slopes else x[:0]
        share = (run - x[at]) / (x[at + 1] - x[at]) if slopes else run
        every_x += [run, x[at + 1 : at + 2]]
        every_y += [y[at] + share * (y[at + 1] - y[at]), y[at + 1 : at + 2]]
    return np.maximum(np.concatenate(every_x), least), np.concatenate(every_y)
