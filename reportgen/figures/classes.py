"""How well each class is read."""

from typing import TYPE_CHECKING

from reportgen.figures.lettering import (
    axis_names,
    decimals,
    in_column,
)
from reportgen.figures.recalls import below, drawn, recalls_in_words, span_in_words
from reportgen.figures.rows import (
    HEAD,
    ROW_MM,
    draw_estimate,
    draw_overall,
    set_share_axis,
    write_row,
)
from reportgen.figures.style import (
    FULL_MM,
    INK,
    MUTED,
    look,
    new_figure,
)
from reportgen.record import (
    ClassScores,
    Record,
    Sentence,
    chosen_share,
    count,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


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
        draw_estimate(axes, position, one.recall.estimate, apart=apart)
    _write_numbers(axes, shown, record.noun)
    _set_axes(axes, shown, _names(record))
    draw_overall(axes, record.evaluation.score("accuracy"), "all classes")
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
        write_row(axes, cells, position, INK)
    estimate = shown[0].recall.estimate
    assert estimate is not None
    level = "" if estimate.level is None else f"{chosen_share(estimate.level)} interval"
    write_row(axes, (f"{noun}s", "recall, %", level), HEAD, MUTED)


def _set_axes(axes: "Axes", shown: tuple[ClassScores, ...], names: list[str]) -> None:
    """Names the rows, and zooms to where the data are."""
    estimates = (one.recall.estimate for one in shown if one.recall.estimate)
    axes.set(ylim=(len(shown) - 0.5, -0.5), ylabel="class, by recall")
    axes.set_yticks(range(len(shown)), names)
    set_share_axis(axes, estimates, "share of the class read right")
