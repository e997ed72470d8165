"""How each class trades one error for the other, as a whole and close up."""

from typing import TYPE_CHECKING

import numpy as np

from reportgen.figures.areas import (
    Area,
    draw_key,
    in_words,
    key_of,
    left_out_note,
    line_width,
    ranked,
)
from reportgen.figures.lettering import joined
from reportgen.figures.scales import (
    Points,
    points_of,
    set_range,
    set_rates,
    stretched,
)
from reportgen.figures.style import (
    FULL_MM,
    MUTED,
    RULE,
    SMALL_PT,
    light_grid,
    look,
    new_figure,
    strokes,
)
from reportgen.figures.two_classes import (
    area_said,
    binary_of,
    draw_predictions,
    precision_said,
    rates_said,
    value_of,
)
from reportgen.record import WITHOUT_PROBABILITIES, Record, Sentence, sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HEIGHT_MM = 64.0
AREA = "area under the curve"
AVERAGE_PRECISION = "average precision"

ZOOMS = {
    1.0: 0.25,
    0.5: 0.1,
    0.2: 0.05,
    0.1: 0.02,
    0.05: 0.01,
    0.02: 0.005,
    0.01: 0.0025,
}
"""Sides that an enlarged corner may have, and the distance of its ticks."""

ROOM = 2.5
"""Sides of the enlarged corner over the farthest knee in it, at least."""

LEFT_MM, RIGHT_MM, BOTTOM_MM, TOP_MM = 13.5, 2.5, 11.0, 2.5
"""Room around a panel: at the left and below for its labels."""

KEY_GAP_MM, EDGE_MM = 4.0, 0.5
"""Room between panels and key, and behind the key."""

NONE_AT = 0.4
"""Where a rate of 0 stands on a logarithmic axis, in rates of a single row."""

LOW_RATE = 0.001
"""False positive rate down to which the enlarged curves stay in their panel."""


def no_roc(record: Record) -> str | None:
    """Returns why no ROC curve is shown."""
    return None if record.evaluation.roc else _one_class(record)


def no_precision_recall(record: Record) -> str | None:
    """Returns why no precision-recall curve is shown."""
    return None if record.evaluation.precision_recall else _one_class(record)


def _one_class(record: Record) -> str:
    """Returns why no class has a curve."""
    if record.evaluation.hard:
        return WITHOUT_PROBABILITIES
    return (
        f"The test {record.noun}s are all of one class, so there is nothing to tell "
        "apart."
    )


@look()
def draw_roc(record: Record) -> "Figure":
    """Returns the ROC curves, plain and over a logarithmic false positive rate."""
    areas = _roc_areas(record)
    figure, (plain, enlarged) = _panels(areas, "area", 2)
    for axes, scale in ((plain, ""), (enlarged, ", logarithmic")):
        axes.set_xlabel("false positive rate, %" + scale)
        axes.set_ylabel("true positive rate, %")
        light_grid(axes, "both")
    plain.plot((0, 1), (0, 1), color=MUTED, linewidth=0.7, linestyle=(0, (4, 2)))
    _draw_curves(plain, areas, [points_of(area.curve) for area in areas])
    if record.evaluation.binary:
        _mark_rates(plain, record, 0.0)
    _set_whole(plain)
    single = 1 / max(area.negatives for area in areas)
    least = NONE_AT * single
    _draw_curves(enlarged, areas, [stretched(area.curve, least) for area in areas])
    if record.evaluation.binary:
        _mark_rates(enlarged, record, least)
    set_rates(enlarged, least)
    missed = max(_missed(area, max(single, LOW_RATE)) for area in areas)
    side = _side(missed) if missed else 1.0
    set_range(enlarged.yaxis, (1 - side, 1), ZOOMS[side])
    return figure


@look()
def draw_precision_recall(record: Record) -> "Figure":
    """Returns the precision-recall curves; enlarged, too, if they have a corner."""
    areas = _precision_recall_areas(record)
    sides = _corner(areas)
    figure, panels = _panels(areas, "AP", 2 if sides else 1)
    for axes in panels:
        _draw_curves(axes, areas, [points_of(area.curve) for area in areas])
        axes.set(xlabel="recall, %", ylabel="precision, %")
        light_grid(axes, "both")
        if record.evaluation.binary:
            _mark_precision(axes, record)
        _set_whole(axes)
    if sides:
        set_range(panels[1].xaxis, (1 - sides[0], 1), ZOOMS[sides[0]])
        set_range(panels[1].yaxis, (1 - sides[1], 1), ZOOMS[sides[1]])
        _mark_corner(panels[0], sides)
    return figure


def caption_roc(record: Record) -> Sentence:
    """Returns the class whose curve leaves most above it, if intervals tell."""
    areas = _roc_areas(record)
    return joined(
        _roc_said(record),
        rates_said(record) if record.evaluation.binary else None,
        sentence(
            f"At the right the same curve{'s' * (len(areas) > 1)} over a logarithmic "
            "false positive rate, whose left end stands for none; the dashed line is "
            "guessing."
        ),
    )


def caption_precision_recall(record: Record) -> Sentence:
    """Returns the class whose precision falls first, if intervals tell."""
    areas = _precision_recall_areas(record)
    return joined(
        _precision_recall_said(record),
        precision_said(record) if record.evaluation.binary else None,
        sentence(
            "AP is average precision; the frame is enlarged at the right."
            if _corner(areas)
            else "AP is average precision."
        ),
    )


def alt_roc(record: Record) -> Sentence:
    """Returns the smallest areas."""
    return joined(
        sentence(
            "ROC curves, one class against the rest, plain and over a logarithmic "
            "false positive rate."
            if record.evaluation.binary is None
            else "ROC curve, plain and over a logarithmic false positive rate."
        ),
        _roc_said(record),
    )


def alt_precision_recall(record: Record) -> Sentence:
    """Returns the smallest areas."""
    return joined(
        sentence(
            "Precision-recall curves, one class against the rest."
            if record.evaluation.binary is None
            else "Precision-recall curve."
        ),
        _precision_recall_said(record),
    )


def _roc_said(record: Record) -> Sentence:
    """Returns what the areas under the ROC curves are, and which are not drawn."""
    areas = _roc_areas(record)
    if record.evaluation.binary:
        return area_said(record, areas, AREA)
    note = left_out_note(record, record.evaluation.roc)
    return joined(in_words(areas, AREA), note)


def _precision_recall_said(record: Record) -> Sentence:
    """Returns what the average precisions are, and which are not drawn."""
    areas = _precision_recall_areas(record)
    if record.evaluation.binary:
        return area_said(record, areas, AVERAGE_PRECISION)
    note = left_out_note(record, record.evaluation.precision_recall)
    return joined(in_words(areas, AVERAGE_PRECISION), note)


def _mark_rates(axes: "Axes", record: Record, least: float) -> None:
    """Marks where the predictions of two classes stand on a ROC curve.

    Args:
        axes: Where the curve is drawn.
        record: What it is drawn from.
        least: Rate that stands for none.
    """
    spared = value_of(record, "specificity")
    x = None if spared is None else max(1 - spared, least)
    draw_predictions(axes, x, value_of(record, "sensitivity"))


def _mark_precision(axes: "Axes", record: Record) -> None:
    """Marks where the predictions of two classes stand, and what guessing comes to."""
    guessing = binary_of(record).prevalence.value
    axes.axhline(guessing, color=MUTED, linewidth=0.7, linestyle=(0, (4, 2)))
    draw_predictions(
        axes,
        value_of(record, "sensitivity"),
        value_of(record, "positive_predictive_value"),
    )


def _roc_areas(record: Record) -> tuple[Area, ...]:
    """Returns the ROC curves to draw, weakest first."""
    evaluation = record.evaluation
    scores = [one.roc_auc for one in evaluation.classes]
    return ranked(evaluation, evaluation.roc, scores)


def _precision_recall_areas(record: Record) -> tuple[Area, ...]:
    """Returns the precision-recall curves to draw, weakest first."""
    evaluation = record.evaluation
    scores = [one.average_precision for one in evaluation.classes]
    return ranked(evaluation, evaluation.precision_recall, scores)


def _panels(
    areas: tuple[Area, ...], head: str, number: int
) -> tuple["Figure", tuple["Axes", ...]]:
    """Returns that many empty panels of one size, the key to the curves beside them.

    All is placed in millimetres: a key that grows with its names and digits must take
    its room from the panels, and never lie over a curve.
    """
    key = key_of(areas, head)
    figure = new_figure(FULL_MM, HEIGHT_MM)
    figure.set_layout_engine("none")
    each_mm = (FULL_MM - key.width_mm - KEY_GAP_MM) / number
    panels = tuple(
        _placed(figure, at * each_mm + LEFT_MM, each_mm - LEFT_MM - RIGHT_MM)
        for at in range(number)
    )
    beside = _placed(figure, FULL_MM - key.width_mm - EDGE_MM, key.width_mm)
    beside.set_ylim(0, HEIGHT_MM - BOTTOM_MM - TOP_MM)
    draw_key(beside, key, strokes(len(areas)))
    return figure, panels


def _placed(figure: "Figure", left_mm: float, wide_mm: float) -> "Axes":
    """Returns axes of that width, as high as the figure's labels leave room."""
    high_mm = HEIGHT_MM - BOTTOM_MM - TOP_MM
    return figure.add_axes(
        (
            left_mm / FULL_MM,
            BOTTOM_MM / HEIGHT_MM,
            wide_mm / FULL_MM,
            high_mm / HEIGHT_MM,
        )
    )


def _draw_curves(axes: "Axes", areas: tuple[Area, ...], points: list[Points]) -> None:
    """Draws the curves, the weakest last and thicker, so that it lies on top."""
    styles = strokes(len(areas))
    for rank, (area, stroke) in enumerate(zip(areas, styles, strict=True)):
        x, y = points[rank]
        axes.plot(
            x,
            y,
            color=stroke.colour,
            linestyle=stroke.dash,
            linewidth=line_width(rank),
            label=area.label,
            zorder=3 - rank / len(areas),
        )


def _missed(area: Area, rate: float) -> float:
    """Returns the share of its class that a curve has not found at that rate."""
    x, y = points_of(area.curve)
    return float(1 - y[x <= rate].max())


def _corner(areas: tuple[Area, ...]) -> tuple[float, float] | None:
    """Returns width and height of a corner in which every knee has room, if one does.

    The knee of a curve is its point nearest to the corner, by the sum of both ways.
    """
    ways = []
    for area in areas:
        x, y = points_of(area.curve)
        knee = int(np.argmax(x + y))
        ways.append((1 - x[knee], 1 - y[knee]))
    far_x, far_y = ROOM * np.max(ways, axis=0)
    sides = _side(far_x), _side(far_y)
    return None if max(sides) == 1 or max(far_x, far_y) == 0 else sides


def _side(way: float) -> float:
    """Returns the smallest round side that is as long as that."""
    return min((side for side in ZOOMS if side >= way), default=1.0)


def _mark_corner(axes: "Axes", sides: tuple[float, float]) -> None:
    """Frames the enlarged corner in the whole, and says where to find it."""
    from matplotlib.patches import Rectangle

    width, height = sides
    start = (1 - width, 1 - height)
    axes.add_patch(Rectangle(start, *sides, fill=False, edgecolor=MUTED, zorder=4))
    axes.annotate(
        "enlarged\nat the right",
        start,
        xytext=(-14, -22),
        textcoords="offset points",
        ha="right",
        va="top",
        fontsize=SMALL_PT,
        color=MUTED,
        arrowprops={"arrowstyle": "-", "color": RULE, "linewidth": 0.6},
    )


def _set_whole(axes: "Axes") -> None:
    """Sets both axes from 0 to 1."""
    for axis in (axes.xaxis, axes.yaxis):
        set_range(axis, (0, 1), ZOOMS[1.0])
