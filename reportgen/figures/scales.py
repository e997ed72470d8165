"""Axes of shares in percent: from one end to the other, or over their logarithm."""

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reportgen.figures.lettering import width_mm
from reportgen.figures.style import MM_PER_INCH
from reportgen.record import Curve

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

FILLED = 24
"""Points put into a sloping run, which a logarithmic axis bends."""

CLEAR_MM = 1.0
"""Room between names of a logarithmic axis, at least."""

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
    """Sets a logarithmic axis of rates, whose left end stands for none.

    It names every power of ten, or every second, or so many that none touches another.
    """
    axes.set_xscale("log")
    axes.set_xlim(least, 1.1)
    axes.minorticks_off()
    steps = range(1, 1 - int(np.floor(np.log10(least))))
    choices = [_powers(axes, least, step) for step in steps]
    fitting = (ticks for ticks in choices if _are_apart(axes, ticks))
    ticks = next(fitting, choices[-1])
    axes.set_xticks(ticks, [_name(axes, tick) for tick in ticks])


def _powers(axes: "Axes", least: float, step: int) -> list[float]:
    """Returns the left end and powers of ten that are clear of it, up to 1."""
    decades = -int(np.floor(np.log10(least)))
    rates = [10.0**-power for power in reversed(range(0, decades + 1, step))]
    clear = [rate for rate in rates if rate > least]
    return [least, *(rate for rate in clear if _are_apart(axes, [least, rate]))]


def _are_apart(axes: "Axes", ticks: list[float]) -> bool:
    """Returns whether there is room between the names of neighbours."""
    low, high = axes.get_xlim()
    # The scale is as long as the axes, which were placed before.
    wide_mm = axes.get_window_extent().width / axes.figure.dpi * MM_PER_INCH
    decade_mm = wide_mm / np.log10(high / low)
    return all(
        decade_mm * np.log10(right / left)
        >= (width_mm(_name(axes, left)) + width_mm(_name(axes, right))) / 2 + CLEAR_MM
        for left, right in pairwise(ticks)
    )


def _name(axes: "Axes", rate: float) -> str:
    """Returns a rate in percent without the sign; the left end stands for none."""
    return "0" if rate == axes.get_xlim()[0] else f"{100 * rate:g}"


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
