"""How often rows that share a property are read right, column by column."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.figures.lettering import (
    UNPRINTABLE,
    axis_names,
    joined,
    shown,
)
from reportgen.figures.rows import (
    HEAD,
    ROW_MM,
    draw_estimate,
    draw_overall,
    set_share_axis,
    write_row,
)
from reportgen.figures.style import FULL_MM, INK, MUTED, look, new_figure
from reportgen.record import (
    Quantity,
    Record,
    Sentence,
    Slice,
    Slices,
    chosen_share,
    count,
    point,
    quantity,
    sentence,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_LINES = 32
"""Slices and names of columns that one page has room for, with the words above."""

NAME_LENGTH = 24
"""Characters of a column's name or a value that the axis has room for."""


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the figure: the name of a column, or a slice of it.

    Attributes:
        label: What stands at the axis.
        one: The slice, None in the line of a name.
    """

    label: str
    one: Slice | None


def no_slices(record: Record) -> str | None:
    """Returns why no slices are drawn."""
    found = record.evaluation.slices
    if found is not None and found.slices:
        return None
    return f"No test {record.noun}s are known to share a property."


@look()
def draw_slices(record: Record) -> "Figure":
    """Returns a point and its interval for each slice, under its column's name."""
    rows = _rows(_slices(record))
    figure = new_figure(FULL_MM, 18 + ROW_MM * max(len(rows), 3))
    axes = figure.add_subplot()
    drawn = [one for _, one in _drawn(rows)]
    for position, one in _drawn(rows):
        draw_estimate(axes, position, one.accuracy, apart=one.survives)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    overall = record.evaluation.score("accuracy")
    assert overall.estimate is not None
    # What is over all may lie below every slice: small ones are not looked at.
    estimates = [one.accuracy for one in drawn] + [overall.estimate]
    set_share_axis(axes, estimates, f"share of the {record.noun}s read right")
    _name_rows(axes, rows)
    _write_numbers(axes, rows, record)
    draw_overall(axes, overall, f"all {record.noun}s")
    return figure


def caption_slices(record: Record) -> Sentence:
    """Returns how many slices stand out, and how they are marked."""
    found = _slices(record)
    return joined(_marked(record, found), _chosen(found), _lost(found))


def alt_slices(record: Record) -> Sentence:
    """Returns the span of the points and where the accuracy over all lies."""
    found = _foremost(_slices(record))
    low = min(found, key=lambda one: one.accuracy.value)
    high = max(found, key=lambda one: one.accuracy.value)
    span = (
        "Accuracy of the one slice as a point with its interval, {low} where "
        "“{low_column}” is {low_label}."
        if len(found) == 1
        else "Accuracy of each slice as a point with its interval, from {low} where "
        "“{low_column}” is {low_label} to {high} where “{high_column}” is "
        "{high_label}."
    )
    return sentence(
        span + " A dashed line marks the accuracy over all {noun}s, {accuracy}.",
        low=_bare(low),
        low_column=low.column,
        low_label=low.label,
        high=_bare(high),
        high_column=high.column,
        high_label=high.label,
        noun=record.noun,
        accuracy=point(record.evaluation.score("accuracy")),
    )


def _slices(record: Record) -> Slices:
    """Returns the slices of a record that has some."""
    assert record.evaluation.slices is not None
    return record.evaluation.slices


def _foremost(found: Slices) -> tuple[Slice, ...]:
    """Returns the slices that fit on a page, those of the smallest p-values first."""
    for most in range(MOST_LINES, 1, -1):
        slices = found.foremost(most)
        if len(slices) + len({one.column for one in slices}) <= MOST_LINES:
            return slices
    return found.foremost(1)


def _rows(found: Slices) -> list[_Row]:
    """Returns the lines of the figure from the top."""
    groups: dict[str, list[Slice]] = {}
    for one in _foremost(found):
        groups.setdefault(one.column, []).append(one)
    rows = []
    for name, group in zip(axis_names(list(groups), 32), groups.values(), strict=True):
        labels = axis_names([str(one.label) for one in group], NAME_LENGTH)
        rows.append(_Row(name, None))
        rows += [_Row(*pair) for pair in zip(labels, group, strict=True)]
    return rows


def _drawn(rows: list[_Row]) -> list[tuple[int, Slice]]:
    """Returns the slices, each with its line."""
    return [(at, row.one) for at, row in enumerate(rows) if row.one is not None]


def _name_rows(axes: "Axes", rows: list[_Row]) -> None:
    """Writes the labels at the axis, those of columns muted."""
    axes.set_yticks(range(len(rows)), [row.label for row in rows])
    for row, label in zip(rows, axes.get_yticklabels(), strict=True):
        if row.one is None:
            label.set_color(MUTED)
            label.set_fontstyle("italic")


def _write_numbers(axes: "Axes", rows: list[_Row], record: Record) -> None:
    """Writes rows, accuracy, interval and verdict at the right, under heads."""
    drawn = _drawn(rows)
    digits = max(quantity(one.accuracy, "share").digits for _, one in drawn)
    for position, one in drawn:
        low, high = one.accuracy.low, one.accuracy.high
        found = Quantity(one.accuracy.value, "share", digits, low, high)
        bounds = (
            f"[{found.text(low)}, {found.text(high)}]"
            if low is not None and high is not None
            else ""
        )
        cells = (str(count(one.n)), found.text(found.value), bounds, _word(one))
        write_row(axes, cells, position, INK)
    level = chosen_share(record.evaluation.sampling.level)
    heads = (f"{record.noun}s", "right, %", f"{level} interval", "")
    write_row(axes, heads, HEAD, MUTED)


def _word(one: Slice) -> str:
    """Returns on which side of the others a slice lies that stands out."""
    if not one.survives:
        return ""
    return "lower" if one.difference.value < 0 else "higher"


def _bare(one: Slice) -> Quantity:
    """Returns a slice's accuracy without its interval."""
    found = quantity(one.accuracy, "share")
    return Quantity(found.value, found.kind, found.digits)


def _marked(record: Record, found: Slices) -> Sentence:
    """Returns how many slices stand out."""
    return sentence(
        _marks(found) + " from the other {noun}s by more than chance would bring; the "
        "dashed line is the accuracy over all.",
        k=count(found.surviving),
        n=count(found.looked_at),
        noun=record.noun,
    )


def _marks(found: Slices) -> str:
    """Returns the beginning of the sentence on slices that stand out."""
    alone = found.looked_at == 1
    if not found.surviving:
        return (
            "The one slice does not differ" if alone else "None of {n} slices differs"
        )
    if found.surviving == 1:
        marked = "the one slice, which" if alone else "the one of {n} slices that"
        return f"A diamond, with a word beside it, marks {marked} differs"
    return "Diamonds, with a word beside them, mark {k} of {n} slices that differ"


def _chosen(found: Slices) -> Sentence | None:
    """Returns which of too many slices are drawn."""
    if found.looked_at == len(_foremost(found)):
        return None
    return sentence("Of many slices, those of the smallest p-values are drawn.")


def _lost(found: Slices) -> Sentence | None:
    """Returns what stands for characters that no figure can print."""
    names = [text for one in found.slices for text in (one.column, str(one.label))]
    if not any(UNPRINTABLE in shown(name, len(name) + 1) for name in names):
        return None
    return sentence(
        "The typeface of the figures lacks characters of some names, for which {mark} "
        "or a number stands; the table below has them.",
        mark=UNPRINTABLE,
    )
