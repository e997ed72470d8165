"""Differences as points with their intervals about zero, a row each, and numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from reportgen.figures.lettering import write
from reportgen.figures.style import (
    ACCENT,
    ALARM,
    FULL_MM,
    INK,
    MUTED,
    PAPER,
    RULE,
    light_grid,
    look,
    new_figure,
)
from reportgen.record import Estimate

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Side = Literal["gain", "loss", "open"]
"""On which side of zero an interval lies wholly; `open` where it holds zero."""

MARKS: dict[Side, tuple[str, str]] = {
    "gain": ("^", ACCENT),
    "loss": ("v", ALARM),
    "open": ("o", MUTED),
}
"""Shape and colour of a point: a reader who sees no colour sees the shape."""

POINTS = 100
"""Percentage points in a share of 1."""

ROW_MM = 5.2
HEAD = -0.85
"""Where the heads of the numbers stand, in rows."""

LEAST_REACH = 0.01
"""Points on either side of zero that the axis shows at least."""

LEAST_BAND = 0.01
"""Share of the axis that a band takes at least, which a line would hide else."""


@dataclass(frozen=True, slots=True)
class Row:
    """One difference.

    Attributes:
        name: What stands at its left.
        estimate: The difference, as a share.
        side: How it is marked.
        cells: What stands at its right, a text for each column.
    """

    name: str
    estimate: Estimate
    side: Side
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """The numbers beside the rows, and the words around them.

    Attributes:
        heads: A head for each column.
        ends_pt: Where each column ends, in points from the end of the axis.
        xlabel: What is measured.
        ylabel: What a row is.
    """

    heads: tuple[str, ...]
    ends_pt: tuple[float, ...]
    xlabel: str
    ylabel: str


@look()
def draw_forest(
    rows: Sequence[Row], columns: Columns, *, margin: float | None = None
) -> "Figure":
    """Returns a figure of the differences in percentage points.

    Args:
        rows: At least one, from top to bottom.
        columns: What stands beside them.
        margin: Half the width of the band that is drawn behind the first row, as a
            share; None for no band. One too thin to be seen is not drawn.
    """
    estimates = [row.estimate for row in rows]
    figure = new_figure(FULL_MM, 18 + ROW_MM * max(len(rows), 3))
    axes = figure.add_subplot()
    axes.axvline(0, color=INK, linewidth=0.8, zorder=1)
    if margin and band_shows(estimates, margin):
        _draw_band(axes, margin)
    for position, row in enumerate(rows):
        _draw_row(axes, position, row)
        _write_cells(axes, position, row.cells, columns)
    _write_cells(axes, HEAD, columns.heads, columns, colour=MUTED)
    _set_axes(axes, rows, columns, _ends(estimates, margin or 0.0))
    return figure


def band_shows(estimates: Sequence[Estimate], margin: float) -> bool:
    """Returns whether a band of that margin is wide enough to be seen.

    Args:
        estimates: All that are drawn, as shares.
        margin: Half the width of the band, as a share.
    """
    start, end = _ends(estimates, margin)
    return 2 * POINTS * margin >= LEAST_BAND * (end - start)


def _draw_band(axes: "Axes", margin: float) -> None:
    """Draws what is put up with, behind the first row."""
    from matplotlib.patches import Rectangle

    corner, width = (-POINTS * margin, -0.45), 2 * POINTS * margin
    axes.add_patch(Rectangle(corner, width, 0.9, color=RULE, zorder=0))


def _draw_row(axes: "Axes", position: int, row: Row) -> None:
    """Draws a point and its interval."""
    shape, colour = MARKS[row.side]
    found = row.estimate
    if found.low is not None and found.high is not None:
        ends = POINTS * found.low, POINTS * found.high
        axes.hlines(position, *ends, color=colour, linewidth=1.6)
    axes.plot(
        [POINTS * found.value],
        [position],
        marker=shape,
        markersize=5.5,
        color=colour,
        markerfacecolor=PAPER if row.side == "open" else colour,
        clip_on=False,
    )


def _write_cells(
    axes: "Axes",
    y: float,
    cells: tuple[str, ...],
    columns: Columns,
    *,
    colour: str = INK,
) -> None:
    """Writes texts to the right of the axes, each ending at its column."""
    at = (1, y, axes.get_yaxis_transform())
    for end_pt, text in zip(columns.ends_pt, cells, strict=True):
        note = write(
            axes,
            text,
            at=at,
            offset_pt=(end_pt, 0),
            align=("right", "center_baseline"),
        )
        note.set_color(colour)


def _ends(estimates: Sequence[Estimate], margin: float) -> tuple[float, float]:
    """Returns where the axis starts and ends, in points.

    It shows zero, every interval and the margin, with a little room beside them.
    """
    lows = [one.value if one.low is None else one.low for one in estimates]
    highs = [one.value if one.high is None else one.high for one in estimates]
    start = min(POINTS * min(*lows, -margin, 0.0), -LEAST_REACH)
    end = max(POINTS * max(*highs, margin, 0.0), LEAST_REACH)
    room = (end - start) / 25
    return start - room, end + room


def _set_axes(
    axes: "Axes", rows: Sequence[Row], columns: Columns, ends: tuple[float, float]
) -> None:
    """Sets what the axis shows, and names the rows."""
    from matplotlib.ticker import MaxNLocator

    axes.set(
        xlim=ends,
        ylim=(len(rows) - 0.5, -0.5),
        xlabel=columns.xlabel,
        ylabel=columns.ylabel,
    )
    axes.set_yticks(range(len(rows)), [row.name for row in rows])
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6))
    axes.spines["bottom"].set_visible(False)
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    light_grid(axes, "x")
