"""The area under each class's curve: ranked, in a key and in words."""

from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING

from reportgen.figures.lettering import (
    Horizontal,
    Vertical,
    axis_names,
    decimals,
    in_column,
    joined,
    width_mm,
    write,
)
from reportgen.figures.style import FEW, INK, MUTED, Stroke
from reportgen.record import (
    Curve,
    Evaluation,
    Record,
    Score,
    Sentence,
    chosen_share,
    count,
    estimated,
    number,
    sentence,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STROKE_MM = 7.0
GAP_MM = 2.0
ROW_MM = 4.2
CENTRE: Vertical = "center_baseline"

NAME_LENGTHS = (14, 13, 12, 11, 10)
"""Characters of a class name in the key, the most that fit into its column."""

NAME_MM = 19.0
"""Width of that column; the shortest names may be wider."""


@dataclass(frozen=True, slots=True)
class Area:
    """One class's curve and the area under it.

    Attributes:
        curve: The curve.
        score: The area.
        label: The class's name as the key prints it.
        negatives: Rows outside of the class.
    """

    curve: Curve
    score: Score
    label: str
    negatives: int

    @property
    def value(self) -> float:
        """The area, infinite where it is undefined, so that it sorts last."""
        return inf if self.score.estimate is None else self.score.estimate.value


def ranked(
    evaluation: Evaluation, curves: tuple[Curve, ...], scores: list[Score]
) -> tuple[Area, ...]:
    """Returns the `FEW` curves with the smallest areas, smallest first.

    Args:
        evaluation: Where the classes come from.
        curves: Curves of classes that have one.
        scores: k areas, one a class.
    """
    names = evaluation.class_names
    places = [names.index(curve.class_name) for curve in curves]
    areas = [
        Area(
            curve,
            scores[place],
            curve.class_name,
            evaluation.n - evaluation.classes[place].support,
        )
        for curve, place in zip(curves, places, strict=True)
    ]
    return _labelled(sorted(areas, key=lambda area: area.value)[:FEW], names)


def _labelled(areas: list[Area], names: tuple[str, ...]) -> tuple[Area, ...]:
    """Returns the areas with as much of their names as the key has room for.

    Args:
        areas: Those that are drawn, by their whole names.
        names: k class names, none of which a label may be taken for.
    """
    labels: list[str] = []
    for length in NAME_LENGTHS:
        short = dict(zip(names, axis_names(names, length), strict=True))
        labels = [short[area.label] for area in areas]
        if max(map(width_mm, labels), default=0.0) <= NAME_MM:
            break
    return tuple(
        replace(area, label=label) for area, label in zip(areas, labels, strict=True)
    )


@dataclass(frozen=True, slots=True)
class Key:
    """A table of strokes, classes, areas and intervals.

    Attributes:
        rows: Class, area and interval in words, a row for each curve.
        heads: What stands over the three columns.
        widths_mm: Widths of the three columns.
    """

    rows: tuple[tuple[str, str, str], ...]
    heads: tuple[str, str, str]
    widths_mm: tuple[float, float, float]

    @property
    def width_mm(self) -> float:
        """Width of the whole table."""
        return STROKE_MM + sum(self.widths_mm) + 3 * GAP_MM


def key_of(areas: tuple[Area, ...], name: str) -> Key:
    """Returns the table beside the curves; it has no intervals if none is known.

    Args:
        areas: Smallest first.
        name: What an area is called in the head of its column.
    """
    scores = [area.score for area in areas]
    numbers = in_column(scores, decimals(scores))
    rows = []
    for area, one in zip(areas, numbers, strict=True):
        value = "n/a" if one is None else one.text(one.value)
        bounds = ""
        if one is not None and one.low is not None and one.high is not None:
            bounds = f"[{one.text(one.low)}, {one.text(one.high)}]"
        rows.append((area.label, value, bounds))
    levels = {s.estimate.level for s in scores if s.estimate} - {None}
    head = str(chosen_share(min(level for level in levels if level))) if levels else ""
    heads = ("class", name, f"{head} interval" if head else "")
    widths = [max(map(width_mm, column)) for column in zip(heads, *rows, strict=True)]
    return Key(tuple(rows), heads, (widths[0], widths[1], widths[2]))


def draw_key(axes: "Axes", key: Key, strokes: tuple[Stroke, ...]) -> None:
    """Writes the table, in the middle of axes that measure in millimetres.

    Args:
        axes: Empty axes whose limits are their printed size.
        key: What to write.
        strokes: How the curve of each row is drawn.
    """
    axes.set_axis_off()
    low_mm, high_mm = axes.get_ylim()
    top_mm = (low_mm + high_mm + ROW_MM * len(key.rows)) / 2
    _write_row(axes, key, key.heads, top_mm)
    for rank, (row, stroke) in enumerate(zip(key.rows, strokes, strict=True)):
        y_mm = top_mm - (rank + 1) * ROW_MM
        _write_row(axes, key, row, y_mm)
        axes.plot(
            (0, STROKE_MM),
            (y_mm, y_mm),
            color=stroke.colour,
            linestyle=stroke.dash,
            linewidth=line_width(rank),
        )
    axes.set(xlim=(0, key.width_mm), ylim=(low_mm, high_mm))


def line_width(rank: int) -> float:
    """Returns the width in points of a curve: the weakest is the thicker one."""
    return 1.2 if rank else 2.0


def _write_row(axes: "Axes", key: Key, row: tuple[str, str, str], y_mm: float) -> None:
    """Writes three cells: the name from its left, the numbers to their right."""
    name_mm = STROKE_MM + GAP_MM
    area_mm = name_mm + key.widths_mm[0] + GAP_MM + key.widths_mm[1]
    bounds_mm = area_mm + GAP_MM + key.widths_mm[2]
    cells: tuple[tuple[str, float, Horizontal], ...] = (
        (row[0], name_mm, "left"),
        (row[1], area_mm, "right"),
        (row[2], bounds_mm, "right"),
    )
    for text, x_mm, side in cells:
        at, align = (x_mm, y_mm, axes.transData), (side, CENTRE)
        written = write(axes, text, at=at, align=align)
        written.set_color(MUTED if row is key.heads else INK)


def in_words(areas: tuple[Area, ...], name: str) -> Sentence:
    """Returns the smallest areas; the first class is weakest only beyond intervals.

    Args:
        areas: Smallest first.
        name: What an area is called.
    """
    weakest = areas[0]
    if weakest.value == 1:
        return sentence(
            "Every class is told from the rest without an error: each has an {name} of "
            "{value}.",
            name=name,
            value=number(weakest.value),
        )
    if len(areas) == 1:
        return sentence(
            "Class {weakest} has an {name} of {low}.",
            weakest=weakest.curve.class_name,
            name=name,
            low=estimated(weakest.score),
        )
    template = (
        "Class {first} has the smallest {name}, {low}; class {second} follows with "
        "{next}."
        if _apart(*areas[:2])
        else "The smallest {name} is {low}, of class {first}; the next {next}, of "
        "class {second}; " + _closeness(*areas[:2])
    )
    return sentence(
        template,
        name=name,
        first=weakest.curve.class_name,
        low=estimated(weakest.score),
        second=areas[1].curve.class_name,
        next=estimated(areas[1].score),
    )


def left_out_note(record: Record, curves: tuple[Curve, ...]) -> Sentence | None:
    """Returns that classes are left out, where they are.

    Args:
        record: Where the classes come from.
        curves: Curves of classes that have one, drawn or not.
    """
    many = sentence(
        "Drawn are the ten smallest areas among {k} classes.", k=count(len(curves))
    )
    absent = sentence("Classes without test {noun}s have no curve.", noun=record.noun)
    notes = (
        many if len(curves) > FEW else None,
        absent if len(curves) < record.evaluation.k else None,
    )
    return joined(*notes) if any(notes) else None


def _apart(one: Area, other: Area) -> bool:
    """Returns whether both intervals are known and do not overlap."""
    below, above = one.score.estimate, other.score.estimate
    if below is None or above is None or below.high is None or above.low is None:
        return False
    return below.high < above.low


def _closeness(one: Area, other: Area) -> str:
    """Returns why neither class is called the weakest."""
    known = all(
        area.score.estimate is not None and area.score.estimate.low is not None
        for area in (one, other)
    )
    if known:
        return "their intervals overlap."
    return "without an interval of both they are not ranked."
