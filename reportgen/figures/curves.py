"""How each class trades one error for the other, as a whole and close up."""

from dataclasses import dataclass
from math import inf, isclose
from typing import TYPE_CHECKING

import numpy as np

from reportgen.figures.lettering import alike, axis_names, joined
from reportgen.figures.style import (
    FEW,
    FULL_MM,
    MUTED,
    RULE,
    SMALL_PT,
    light_grid,
    look,
    new_figure,
    strokes,
)
from reportgen.record import (
    ClassScores,
    Curve,
    Record,
    Score,
    Sentence,
    count,
    estimated,
    number,
    point,
    sentence,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

HEIGHT_MM = 66.0
ONE_CLASS = "The test images are all of one class, so there is nothing to tell apart."
ZOOMS = {0.5: 0.1, 0.2: 0.05, 0.1: 0.02, 0.05: 0.01, 0.02: 0.005, 0.01: 0.0025}
"""Sides that the enlarged corner may have, and the distance of its ticks."""

ROOM = 2.5
"""Sides of the enlarged corner over the farthest knee in it, at least."""


@dataclass(frozen=True, slots=True)
class _Line:
    """One class's curve with the area under it."""

    curve: Curve
    area: Score
    label: str

    @property
    def value(self) -> float:
        """The area, infinite where it is undefined, so that it sorts last."""
        return inf if self.area.estimate is None else self.area.estimate.value


@dataclass(frozen=True, slots=True)
class _Kind:
    """What the two figures of this room differ in.

    Attributes:
        corner_x: Abscissa of the corner of a perfect curve; its ordinate is 1.
        x_label: Of the abscissa.
        y_label: Of the ordinate.
        area: What the area under a curve is called.
    """

    corner_x: int
    x_label: str
    y_label: str
    area: str


ROC = _Kind(0, "false positive rate", "true positive rate", "area under the curve")
PRECISION_RECALL = _Kind(1, "recall", "precision", "average precision")


def no_roc(record: Record) -> str | None:
    """Returns why no ROC curve is shown."""
    if record.evaluation.roc:
        return None
    return ONE_CLASS


def no_precision_recall(record: Record) -> str | None:
    """Returns why no precision-recall curve is shown."""
    if record.evaluation.precision_recall:
        return None
    return ONE_CLASS


def draw_roc(record: Record) -> "Figure":
    """Returns the ROC curves, as a whole and enlarged at the upper left."""
    return _draw(_roc_lines(record), ROC)


def draw_precision_recall(record: Record) -> "Figure":
    """Returns the precision-recall curves, whole and enlarged at the upper right."""
    return _draw(_precision_recall_lines(record), PRECISION_RECALL)


def caption_roc(record: Record) -> Sentence:
    """Returns the class whose curve leaves most above it."""
    return _caption(record, _roc_lines(record), ROC)


def caption_precision_recall(record: Record) -> Sentence:
    """Returns the class whose precision falls first."""
    return _caption(record, _precision_recall_lines(record), PRECISION_RECALL)


def alt_roc(record: Record) -> Sentence:
    """Returns the span of the areas."""
    return _alt(_roc_lines(record), "ROC curves, one class against the rest", ROC)


def alt_precision_recall(record: Record) -> Sentence:
    """Returns the span of the areas."""
    return _alt(
        _precision_recall_lines(record),
        "Precision-recall curves, one class against the rest",
        PRECISION_RECALL,
    )


def _roc_lines(record: Record) -> tuple[_Line, ...]:
    """Returns the ROC curves to draw, weakest first."""
    classes = record.evaluation.classes
    return _lines(classes, record.evaluation.roc, [c.roc_auc for c in classes])


def _precision_recall_lines(record: Record) -> tuple[_Line, ...]:
    """Returns the precision-recall curves to draw, weakest first."""
    classes = record.evaluation.classes
    areas = [c.average_precision for c in classes]
    return _lines(classes, record.evaluation.precision_recall, areas)


def _lines(
    classes: tuple[ClassScores, ...], curves: tuple[Curve, ...], areas: list[Score]
) -> tuple[_Line, ...]:
    """Returns the `FEW` curves with the smallest areas, smallest first."""
    names = [scores.name for scores in classes]
    labels = axis_names(names, most=12)
    places = [names.index(curve.class_name) for curve in curves]
    lines = [
        _Line(curve, areas[place], labels[place])
        for curve, place in zip(curves, places, strict=True)
    ]
    return tuple(sorted(lines, key=lambda line: line.value)[:FEW])


@look()
def _draw(lines: tuple[_Line, ...], kind: _Kind) -> "Figure":
    """Returns the whole at the left, the corner in the middle, areas at the right."""
    figure = new_figure(FULL_MM, HEIGHT_MM)
    whole, corner, key = figure.subplots(1, 3, width_ratios=(1, 1, 0.5))
    for axes in (whole, corner):
        _draw_lines(axes, lines)
        axes.set(xlabel=kind.x_label, ylabel=kind.y_label, box_aspect=1)
        light_grid(axes, "both")
    side_x, side_y = _zoom(lines, kind.corner_x)
    _mark_corner(whole, kind, (side_x, side_y))
    _set_range(whole.xaxis, (0, 1), 0.25)
    _set_range(whole.yaxis, (0, 1), 0.25)
    start = 0.0 if kind.corner_x == 0 else 1 - side_x
    _set_range(corner.xaxis, (start, start + side_x), ZOOMS[side_x])
    _set_range(corner.yaxis, (1 - side_y, 1), ZOOMS[side_y])
    key.set_axis_off()
    key.legend(
        *corner.get_legend_handles_labels(),
        loc="center left",
        bbox_to_anchor=(-0.15, 0.55),
        borderaxespad=0,
        title=f"class, {kind.area},\nsmallest first",
        alignment="left",
        handlelength=3.2,
        labelspacing=0.75,
    )
    return figure


def _draw_lines(axes: "Axes", lines: tuple[_Line, ...]) -> None:
    """Draws the curves, the weakest last and thicker, so that it lies on top."""
    styles = strokes(len(lines))
    for rank, (line, stroke) in enumerate(zip(lines, styles, strict=True)):
        axes.plot(
            line.curve.x,
            line.curve.y,
            color=stroke.colour,
            linestyle=stroke.dash,
            linewidth=1.2 if rank else 2.0,
            label=f"{line.label}   {point(line.area)}",
            zorder=3 - rank / len(lines),
        )


def _zoom(lines: tuple[_Line, ...], corner_x: int) -> tuple[float, float]:
    """Returns width and height of a corner in which every knee has room.

    The knee of a curve is its point nearest to the corner, by the sum of both ways.
    """
    ways = []
    for line in lines:
        x, y = np.abs(np.array(line.curve.x) - corner_x), 1 - np.array(line.curve.y)
        knee = int(np.argmin(x + y))
        ways.append((x[knee], y[knee]))
    far_x, far_y = np.max(ways, axis=0)
    return _side(far_x), _side(far_y)


def _side(way: float) -> float:
    """Returns the smallest round side with room for a knee that far off."""
    return min((side for side in ZOOMS if side >= ROOM * way), default=max(ZOOMS))


def _mark_corner(axes: "Axes", kind: _Kind, sides: tuple[float, float]) -> None:
    """Frames the enlarged corner in the whole, and says where to find it."""
    from matplotlib.patches import Rectangle

    width, height = sides
    left = 0.0 if kind.corner_x == 0 else 1 - width
    axes.add_patch(
        Rectangle(
            (left, 1 - height), width, height, fill=False, edgecolor=MUTED, zorder=4
        )
    )
    axes.annotate(
        "enlarged\nat the right",
        (left + width if kind.corner_x == 0 else left, 1 - height),
        xytext=(14 if kind.corner_x == 0 else -14, -22),
        textcoords="offset points",
        ha="left" if kind.corner_x == 0 else "right",
        va="top",
        fontsize=SMALL_PT,
        color=MUTED,
        arrowprops={"arrowstyle": "-", "color": RULE, "linewidth": 0.6},
    )


def _set_range(axis: "Axis", ends: tuple[float, float], step: float) -> None:
    """Sets an axis with a little room at its ends, and its ticks in percent."""
    margin = (ends[1] - ends[0]) / 50
    ticks = np.linspace(*ends, round((ends[1] - ends[0]) / step) + 1)
    axis.set_ticks(ticks, [f"{100 * tick:.4g}\N{NO-BREAK SPACE}%" for tick in ticks])
    axis.set_view_interval(ends[0] - margin, ends[1] + margin, ignore=True)


def _caption(record: Record, lines: tuple[_Line, ...], kind: _Kind) -> Sentence:
    """Returns the weakest classes, and what is not drawn."""
    weakest = lines[0]
    if isclose(weakest.value, 1):
        finding = sentence(
            "Every class is told from the rest without an error: each has an {area} of "
            "{value}.",
            area=kind.area,
            value=number(weakest.value),
        )
    else:
        finding = _smallest(lines, kind)
    return joined(finding, _left_out_note(record, lines))


def _smallest(lines: tuple[_Line, ...], kind: _Kind) -> Sentence:
    """Returns the class with the smallest area, ranked only where that shows."""
    weakest = lines[0]
    if _shared(lines):
        template = "No class has a smaller {area} than class {weakest}: {low}."
    else:
        template = "Class {weakest} has the smallest {area}, {low}"
    finding = sentence(
        template,
        area=kind.area,
        weakest=weakest.curve.class_name,
        low=estimated(weakest.area),
    )
    if _shared(lines):
        return finding
    return Sentence((*finding.parts, *_runner_up(lines).parts))


def _shared(lines: tuple[_Line, ...]) -> bool:
    """Returns whether the first area prints like the one after it."""
    return len(lines) > 1 and alike(lines[0].area, lines[1].area)


def _runner_up(lines: tuple[_Line, ...]) -> Sentence:
    """Returns the end of a sentence that names the next weakest class, if any."""
    if len(lines) == 1:
        return sentence(".")
    return sentence(
        "; no other class has less than {value}."
        if _shared(lines[1:])
        else "; class {name} follows with {value}.",
        name=lines[1].curve.class_name,
        value=estimated(lines[1].area),
    )


def _left_out_note(record: Record, lines: tuple[_Line, ...]) -> Sentence | None:
    """Returns that classes are left out, where they are."""
    if len(lines) == len(record.evaluation.classes):
        return None
    if len(lines) == FEW:
        return sentence(
            "Drawn are the ten smallest areas among {k} classes.",
            k=count(record.model.output_classes),
        )
    return sentence("Classes without test images have no curve.")


def _alt(lines: tuple[_Line, ...], what: str, kind: _Kind) -> Sentence:
    """Returns the areas that a reader would look for first."""
    corner = "upper left" if kind.corner_x == 0 else "upper right"
    finding = sentence(
        what + ", as a whole and with the " + corner + " corner enlarged. "
        "The smallest {area} is {low}"
        + (
            ", reached by more than one class."
            if _shared(lines)
            else " for class {weakest}"
        ),
        area=kind.area,
        low=point(lines[0].area),
        weakest=lines[0].curve.class_name,
    )
    if _shared(lines):
        return finding
    return Sentence((*finding.parts, *_runner_up(lines).parts))
