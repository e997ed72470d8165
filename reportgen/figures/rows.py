"""Shares below each other: a point and its interval in each row, numbers beside it."""

from collections.abc import Iterable, Sequence
from math import ceil
from typing import TYPE_CHECKING

from reportgen.figures.lettering import Horizontal, Vertical, percent, write
from reportgen.figures.style import ACCENT, ALARM, MUTED, light_grid
from reportgen.record import Estimate, Score, chosen_share, point

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROW_MM = 5.2
"""Height of a row."""

COLUMNS_PT = (40.0, 82.0, 142.0, 147.0)
"""Where the numbers beside the rows stand, from the end of the axis: right edges, and
of the fourth the left edge."""

MARK_PT = 5.0
"""Side of a mark."""

CLEAR_PT = 6.5
"""Room between names and axis, of which half a diamond at its start takes some."""

HEAD = -0.85
"""Where the heads of the numbers stand, in rows."""

STEPS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1)
WHOLE = 0.2
"""Distances of ticks; with the last the axis starts at 0."""

MIDDLE: Vertical = "center_baseline"


def draw_estimate(
    axes: "Axes", position: float, estimate: Estimate, *, apart: bool
) -> None:
    """Draws a point and its interval; by colour and mark where it is singled out."""
    colour = ALARM if apart else ACCENT
    if estimate.low is not None and estimate.high is not None:
        axes.hlines(position, estimate.low, estimate.high, color=colour, linewidth=1.6)
    axes.plot(
        [estimate.value],
        [position],
        marker="D" if apart else "o",
        markersize=MARK_PT,
        color=colour,
        clip_on=False,
    )


def write_row(axes: "Axes", cells: Sequence[str], y: float, colour: str) -> None:
    """Writes up to four cells to the right of the axes, each at its column."""
    at = (1, y, axes.get_yaxis_transform())
    sides: tuple[Horizontal, ...] = ("right", "right", "right", "left")
    for x_pt, side, text in zip(COLUMNS_PT, sides, cells, strict=False):
        found = write(axes, text, at=at, offset_pt=(x_pt, 0), align=(side, MIDDLE))
        found.set_color(colour)


def draw_overall(axes: "Axes", accuracy: Score, of: str) -> None:
    """Draws the accuracy over all rows; its name stands to the roomier side.

    Args:
        axes: With its limits set.
        accuracy: Over all rows.
        of: What it is over, as "all classes".
    """
    assert accuracy.estimate is not None
    value = accuracy.estimate.value
    axes.axvline(value, color=MUTED, linewidth=0.8, linestyle=(0, (4, 2)), zorder=1)
    start, end = axes.get_xlim()
    side: Horizontal = "right" if value > (start + end) / 2 else "left"
    at = (value, HEAD, axes.transData)
    write(axes, f"{of} {point(accuracy)}", at=at, align=(side, MIDDLE))


def set_share_axis(axes: "Axes", estimates: Iterable[Estimate], label: str) -> None:
    """Zooms the axis to where the shares are, and says so behind its label."""
    ticks = round_ticks(estimates)
    start = ticks[0]
    note = f" (the axis starts at {100 * start:.4g}\N{NO-BREAK SPACE}%)"
    axes.set(xlim=(start, 1), xlabel=label + (note if start else ""))
    digits = chosen_share(ticks[-1] - ticks[-2]).digits
    axes.set_xticks(ticks, [percent(tick, digits) for tick in ticks])
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(axis="y", length=0, pad=CLEAR_PT)
    light_grid(axes, "x")


def round_ticks(estimates: Iterable[Estimate]) -> list[float]:
    """Returns round shares from under the lowest bound to 1, or all from 0 to 1."""
    lowest = min(e.value if e.low is None else e.low for e in estimates)
    step = next((step for step in STEPS if 1 - lowest <= 6 * step), WHOLE)
    steps = round(1 / WHOLE) if step == WHOLE else max(ceil((1 - lowest) / step), 1)
    return [round(1 - step * left, 4) for left in range(steps, -1, -1)]
