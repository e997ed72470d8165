"""How well each class is read."""

from math import ceil
from typing import TYPE_CHECKING

from reportgen.figures.lettering import (
    Horizontal,
    Vertical,
    axis_names,
    decimals,
    in_column,
    percent,
    write,
)
from reportgen.figures.recalls import below, drawn, recalls_in_words, span_in_words
from reportgen.figures.style import (
    ACCENT,
    ALARM,
    FULL_MM,
    INK,
    MUTED,
    light_grid,
    look,
    new_figure,
)
from reportgen.record import (
    ClassScores,
    Estimate,
    Record,
    Score,
    Sentence,
    chosen_share,
    count,
    point,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW_MM = 5.2
COLUMNS_PT = (40.0, 82.0, 142.0)
"""Right edges of the numbers beside the rows, from the end of the axis."""

HEAD = -0.85
"""Where the heads of the numbers stand, in rows."""

STEPS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1)
WHOLE = 0.2
"""Distances of ticks; with the last the axis starts at 0."""


def no_recall(record: Record) -> str | None:
    """Returns why no class accuracy is shown."""
    if drawn(record):
        return None
    return f"No class has test {record.noun}s, so none has an accuracy."


@look()
def draw_per_class_accuracy(record: Record) -> "Figure":
    """Returns a point and its interval for each class, weakest first, and numbers."""
    shown = drawn(record)
    figure = new_figure(FULL_MM, 18 + ROW_MM * max(len(shown), 3))
    axes = figure.add_subplot()
    singled_out = below(record)
    for position, one in enumerate(shown):
        assert one.recall.estimate is not None
        apart = one in singled_out
        _draw_estimate(axes, position, one.recall.estimate, apart=apart)
    _write_numbers(axes, shown, record.noun)
    _set_axes(axes, shown, _names(record))
    _draw_overall(axes, record.evaluation.score("accuracy"))
    return figure


def caption_per_class_accuracy(record: Record) -> Sentence:
    """Returns whether classes differ for sure, and only then which is weakest."""
    return recalls_in_words(record)


def alt_per_class_accuracy(record: Record) -> Sentence:
    """Returns the span of the points and where the accuracy over all lies."""
    return span_in_words(record)


def _names(record: Record) -> list[str]:
    """Returns the names of the drawn classes for the axis."""
    names = record.evaluation.class_names
    short = dict(zip(names, axis_names(names, most=24), strict=True))
    return [short[one.name] for one in drawn(record)]


def _draw_estimate(
    axes: "Axes", position: int, estimate: Estimate, *, apart: bool
) -> None:
    """Draws a point and its interval; by colour and mark where it lies below."""
    colour = ALARM if apart else ACCENT
    if estimate.low is not None and estimate.high is not None:
        axes.hlines(position, estimate.low, estimate.high, color=colour, linewidth=1.6)
    axes.plot(
        [estimate.value],
        [position],
        marker="D" if apart else "o",
        markersize=5,
        color=colour,
        clip_on=False,
    )


def _write_numbers(axes: "Axes", shown: tuple[ClassScores, ...], noun: str) -> None:
    """Writes support, recall and interval at the right of the rows, under heads."""
    every = [scores.recall for scores in shown]
    recalls = in_column(every, decimals(every))
    for position, (scores, recall) in enumerate(zip(shown, recalls, strict=True)):
        assert recall is not None
        cells = (str(count(scores.support)), recall.text(recall.value), "")
        if recall.low is not None and recall.high is not None:
            bounds = f"[{recall.text(recall.low)}, {recall.text(recall.high)}]"
            cells = (*cells[:2], bounds)
        _write_row(axes, cells, position, INK)
    estimate = shown[0].recall.estimate
    assert estimate is not None
    level = "" if estimate.level is None else f"{chosen_share(estimate.level)} interval"
    _write_row(axes, (f"{noun}s", "recall, %", level), HEAD, MUTED)


def _write_row(
    axes: "Axes", cells: tuple[str, str, str], y: float, colour: str
) -> None:
    """Writes three cells to the right of the axes, each ending at its column."""
    at = (1, y, axes.get_yaxis_transform())
    for x_pt, text in zip(COLUMNS_PT, cells, strict=True):
        align: tuple[Horizontal, Vertical] = ("right", "center_baseline")
        write(axes, text, at=at, offset_pt=(x_pt, 0), align=align).set_color(colour)


def _draw_overall(axes: "Axes", accuracy: Score) -> None:
    """Draws the accuracy over all classes; its name stands to the roomier side."""
    assert accuracy.estimate is not None
    value = accuracy.estimate.value
    axes.axvline(value, color=MUTED, linewidth=0.8, linestyle=(0, (4, 2)), zorder=1)
    start, end = axes.get_xlim()
    side: Horizontal = "right" if value > (start + end) / 2 else "left"
    at = (value, HEAD, axes.transData)
    text = f"all classes {point(accuracy)}"
    write(axes, text, at=at, align=(side, "center_baseline"))


def _set_axes(axes: "Axes", shown: tuple[ClassScores, ...], names: list[str]) -> None:
    """Zooms to where the data are, and says so."""
    ticks = _ticks(shown)
    start = ticks[0]
    note = f" (the axis starts at {100 * start:.4g}\N{NO-BREAK SPACE}%)"
    axes.set(
        xlim=(start, 1),
        ylim=(len(shown) - 0.5, -0.5),
        xlabel="share of the class read right" + (note if start else ""),
        ylabel="class, by recall",
    )
    axes.set_yticks(range(len(shown)), names)
    digits = chosen_share(ticks[-1] - ticks[-2]).digits
    axes.set_xticks(ticks, [percent(tick, digits) for tick in ticks])
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    light_grid(axes, "x")


def _ticks(shown: tuple[ClassScores, ...]) -> list[float]:
    """Returns round shares from under the lowest bound to 1, or all from 0 to 1."""
    estimates = [scores.recall.estimate for scores in shown if scores.recall.estimate]
    lowest = min(e.value if e.low is None else e.low for e in estimates)
    step = next((step for step in STEPS if 1 - lowest <= 6 * step), WHOLE)
    steps = round(1 / WHOLE) if step == WHOLE else max(ceil((1 - lowest) / step), 1)
    return [round(1 - step * left, 4) for left in range(steps, -1, -1)]
