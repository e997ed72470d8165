"""How well each class is read."""

from math import ceil
from typing import TYPE_CHECKING

from reportgen.figures.lettering import (
    Horizontal,
    Vertical,
    axis_names,
    in_column,
    joined,
    percent,
    write,
)
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
    count,
    estimated,
    point,
    sentence,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW_MM = 5.2
MOST_DRAWN = 40
"""Classes that one page has room for."""

MOST_LISTED = 5
"""Classes that a caption names."""

COLUMNS_PT = (40.0, 82.0, 142.0)
"""Right edges of the numbers beside the rows, from the end of the axis."""

HEAD = -0.85
"""Where the heads of the numbers stand, in rows."""

STEPS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1)
WHOLE = 0.2
"""Distances of ticks; with the last the axis starts at 0."""


def no_recall(record: Record) -> str | None:
    """Returns why no class accuracy is shown."""
    if _drawn(record):
        return None
    return "No class has test images, so none has an accuracy."


@look()
def draw_per_class_accuracy(record: Record) -> "Figure":
    """Returns a point and its interval for each class, numbers at the right."""
    drawn = _drawn(record)
    figure = new_figure(FULL_MM, 18 + ROW_MM * max(len(drawn), 3))
    axes = figure.add_subplot()
    overall = record.evaluation.score("accuracy").estimate
    assert overall is not None
    for position, scores in enumerate(drawn):
        assert scores.recall.estimate is not None
        _draw_estimate(axes, position, scores.recall.estimate, overall.value)
    _write_numbers(axes, drawn)
    _set_axes(axes, drawn, _names(record, drawn))
    _draw_overall(axes, record.evaluation.score("accuracy"))
    return figure


def caption_per_class_accuracy(record: Record) -> Sentence:
    """Returns the weakest and the strongest class, and whether they differ for sure."""
    drawn = _drawn(record)
    weakest = min(drawn, key=_recall)
    strongest = max(drawn, key=_recall)
    if _recall(weakest) == _recall(strongest):
        finding = sentence(
            "Every class is read right equally often, {recall} of its images.",
            recall=point(weakest.recall),
        )
    else:
        finding = sentence(
            "Class {weakest} is read right least often, {low} of its {n} images; class "
            "{strongest} most often, {high}.",
            weakest=weakest.name,
            low=estimated(weakest.recall),
            n=count(weakest.support),
            strongest=strongest.name,
            high=estimated(strongest.recall),
        )
    return joined(finding, _below_note(record), _left_out_note(record))


def alt_per_class_accuracy(record: Record) -> Sentence:
    """Returns the span of the points and where the accuracy over all lies."""
    drawn = _drawn(record)
    return sentence(
        "Recall of each class as a point with its interval, from {low} for {weakest} "
        "to {high} for {strongest}. A dashed line marks the accuracy over all classes, "
        "{accuracy}.",
        low=point(min(drawn, key=_recall).recall),
        weakest=min(drawn, key=_recall).name,
        high=point(max(drawn, key=_recall).recall),
        strongest=max(drawn, key=_recall).name,
        accuracy=point(record.evaluation.score("accuracy")),
    )


def _drawn(record: Record) -> tuple[ClassScores, ...]:
    """Returns the classes with rows, in label order; of very many, the weakest."""
    classes = record.evaluation.classes
    present = [scores for scores in classes if scores.recall.estimate is not None]
    weakest = sorted(present, key=_recall)[:MOST_DRAWN]
    return tuple(scores for scores in present if scores in weakest)


def _recall(scores: ClassScores) -> float:
    """Returns the recall of a class with rows."""
    assert scores.recall.estimate is not None
    return scores.recall.estimate.value


def _is_below(estimate: Estimate, overall: float) -> bool:
    """Returns whether the whole interval lies below the accuracy over all."""
    return estimate.high is not None and estimate.high < overall


def _below_note(record: Record) -> Sentence:
    """Returns whether any class is weaker than all together, beyond its interval."""
    overall = record.evaluation.score("accuracy").estimate
    assert overall is not None
    below = [
        scores.name
        for scores in _drawn(record)
        if scores.recall.estimate and _is_below(scores.recall.estimate, overall.value)
    ]
    if not below:
        return sentence(
            "No class lies below the accuracy over all classes by more than its "
            "interval."
        )
    if len(below) > MOST_LISTED:
        return sentence(
            "Diamonds mark intervals wholly below the accuracy over all classes."
        )
    return sentence(
        "Diamonds mark intervals wholly below the accuracy over all classes: {names}.",
        names=", ".join(below),
    )


def _left_out_note(record: Record) -> Sentence | None:
    """Returns which classes are not drawn, and why."""
    classes = record.evaluation.classes
    absent = [scores.name for scores in classes if scores.recall.estimate is None]
    if absent:
        return sentence(
            "Not drawn, having no test images: {names}.", names=", ".join(absent)
        )
    if len(_drawn(record)) < len(classes):
        return sentence("Of many classes, the weakest are drawn.")
    return None


def _names(record: Record, drawn: tuple[ClassScores, ...]) -> list[str]:
    """Returns the names of the drawn classes for the axis."""
    classes = record.evaluation.classes
    names = axis_names([scores.name for scores in classes], most=24)
    return [
        name for name, scores in zip(names, classes, strict=True) if scores in drawn
    ]


def _draw_estimate(
    axes: "Axes", position: int, estimate: Estimate, overall: float
) -> None:
    """Draws a point and its interval; by colour and mark where it lies below."""
    below = _is_below(estimate, overall)
    colour = ALARM if below else ACCENT
    if estimate.low is not None and estimate.high is not None:
        axes.hlines(position, estimate.low, estimate.high, color=colour, linewidth=1.6)
    axes.plot(
        [estimate.value],
        [position],
        marker="D" if below else "o",
        markersize=5,
        color=colour,
        clip_on=False,
    )


def _write_numbers(axes: "Axes", drawn: tuple[ClassScores, ...]) -> None:
    """Writes support, recall and interval at the right of the rows, under heads."""
    recalls = in_column([scores.recall for scores in drawn])
    for position, (scores, recall) in enumerate(zip(drawn, recalls, strict=True)):
        assert recall is not None
        cells = (str(count(scores.support)), recall.text(recall.value), "")
        if recall.low is not None and recall.high is not None:
            bounds = f"[{recall.text(recall.low)}, {recall.text(recall.high)}]"
            cells = (*cells[:2], bounds)
        _write_row(axes, cells, position, INK)
    estimate = drawn[0].recall.estimate
    assert estimate is not None
    interval = "" if estimate.level is None else f"{percent(estimate.level)} interval"
    _write_row(axes, ("images", "recall, %", interval), HEAD, MUTED)


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


def _set_axes(axes: "Axes", drawn: tuple[ClassScores, ...], names: list[str]) -> None:
    """Zooms to where the data are, and says so."""
    ticks = _ticks(drawn)
    start = ticks[0]
    note = f" (the axis starts at {100 * start:.4g}\N{NO-BREAK SPACE}%)"
    axes.set(
        xlim=(start, 1),
        ylim=(len(drawn) - 0.5, -0.5),
        xlabel="share of the class's images read right" + (note if start else ""),
        ylabel="class",
    )
    axes.set_yticks(range(len(drawn)), names)
    axes.set_xticks(ticks, [f"{100 * tick:.4g}\N{NO-BREAK SPACE}%" for tick in ticks])
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    light_grid(axes, "x")


def _ticks(drawn: tuple[ClassScores, ...]) -> list[float]:
    """Returns round shares from under the lowest bound to 1, or all from 0 to 1."""
    estimates = [scores.recall.estimate for scores in drawn if scores.recall.estimate]
    lowest = min(e.value if e.low is None else e.low for e in estimates)
    step = next((step for step in STEPS if 1 - lowest <= 6 * step), WHOLE)
    steps = round(1 / WHOLE) if step == WHOLE else max(ceil((1 - lowest) / step), 1)
    return [round(1 - step * left, 4) for left in range(steps, -1, -1)]
