"""How well each class is read."""

from dataclasses import dataclass, replace
from math import ceil
from typing import TYPE_CHECKING

from reportgen.figures.lettering import (
    Horizontal,
    Vertical,
    axis_names,
    decimals,
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
    Quantity,
    Record,
    Score,
    Sentence,
    count,
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


@dataclass(frozen=True, slots=True)
class _Ends:
    """The two ends of the classes' recalls, as they are printed.

    Attributes:
        weakest: A class with the smallest recall.
        strongest: A class with the greatest recall.
        low: Recall of the weakest.
        high: Recall of the strongest.
        weakest_shared: Whether another class prints the same as the weakest.
        strongest_shared: Whether another class prints the same as the strongest.
    """

    weakest: ClassScores
    strongest: ClassScores
    low: Quantity
    high: Quantity
    weakest_shared: bool
    strongest_shared: bool

    @property
    def all_alike(self) -> bool:
        """Whether even the two ends print the same."""
        return self.low.text(self.low.value) == self.high.text(self.high.value)


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
    ends = _ends(record)
    finding = sentence(
        _ranking(ends),
        weakest=ends.weakest.name,
        low=ends.low,
        n=count(ends.weakest.support),
        strongest=ends.strongest.name,
        # Several classes have one value, but each its own interval.
        high=_bare(ends.high) if ends.strongest_shared else ends.high,
        recall=_bare(ends.low),
    )
    return joined(finding, _below_note(record), _left_out_note(record))


def alt_per_class_accuracy(record: Record) -> Sentence:
    """Returns the span of the points and where the accuracy over all lies."""
    ends = _ends(record)
    span = (
        "{low} for every class"
        if ends.all_alike
        else "from {low}"
        + " for {weakest}" * (not ends.weakest_shared)
        + " to {high}"
        + " for {strongest}" * (not ends.strongest_shared)
    )
    return sentence(
        "Recall of each class as a point with its interval, " + span + ". A dashed "
        "line marks the accuracy over all classes, {accuracy}.",
        low=_bare(ends.low),
        weakest=ends.weakest.name,
        high=_bare(ends.high),
        strongest=ends.strongest.name,
        accuracy=point(record.evaluation.score("accuracy")),
    )


def _ends(record: Record) -> _Ends:
    """Returns the weakest and the strongest of all classes, drawn or not."""
    present = sorted(_present(record), key=_recall)
    numbers = in_column([scores.recall for scores in present], _digits(record))
    recalls = [recall for recall in numbers if recall is not None]
    printed = [recall.text(recall.value) for recall in recalls]
    return _Ends(
        weakest=present[0],
        strongest=present[-1],
        low=recalls[0],
        high=recalls[-1],
        weakest_shared=printed.count(printed[0]) > 1,
        strongest_shared=printed.count(printed[-1]) > 1,
    )


def _ranking(ends: _Ends) -> str:
    """Returns a sentence that ranks the classes only as far as that shows."""
    if ends.all_alike:
        return "Every class is read right equally often, {recall} of its images" + (
            "." if ends.low.value == ends.high.value else ", to the digits shown."
        )
    low = (
        "No class is read right less often than class {weakest}, {low} of its {n} "
        "images; "
        if ends.weakest_shared
        else "Class {weakest} is read right least often, {low} of its {n} images; "
    )
    if ends.strongest_shared:
        return low + "the best, {high}, is reached by more than one class."
    return low + "class {strongest} is read right most often, {high}."


def _bare(quantity: Quantity) -> Quantity:
    """Returns the quantity without its interval."""
    return replace(quantity, low=None, high=None)


def _present(record: Record) -> tuple[ClassScores, ...]:
    """Returns the classes with rows, in label order."""
    classes = record.evaluation.classes
    return tuple(scores for scores in classes if scores.recall.estimate is not None)


def _digits(record: Record) -> int:
    """Returns the decimals of the recalls, in the drawing and in its words."""
    return decimals([scores.recall for scores in _drawn(record)])


def _drawn(record: Record) -> tuple[ClassScores, ...]:
    """Returns the classes with rows, in label order; of very many, the weakest."""
    present = _present(record)
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
    every = [scores.recall for scores in drawn]
    recalls = in_column(every, decimals(every))
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
