"""The slices in words and as their table prints them."""

from dataclasses import dataclass

from reportgen.record import (
    Omission,
    Record,
    Sentence,
    Slice,
    Slices,
    count,
    p_phrase,
    quantity,
    sentence,
)
from reportgen.record.slices import BRIGHTNESS, CONTRAST, SLANT, STROKE_WIDTH
from reportgen.record.wording import Kind, counted

MOST_ROWS = 40
"""Slices that the table holds."""

MOST_SKIPPED = 10
"""Columns that were not cut of which the page tells why."""


DEFINITIONS = (
    (BRIGHTNESS, "the mean luminance, from zero (black) to one (white)"),
    (CONTRAST, "the standard deviation of the luminance"),
    (SLANT, "the shear of the ink from the vertical, positive to the right"),
    (STROKE_WIDTH, "how far the ink reaches across its strokes, on average"),
)
"""What was measured on the images, a clause each."""


@dataclass(frozen=True, slots=True)
class SliceTable:
    """What the section of slices prints.

    Attributes:
        verdict: How many were looked at, and which stand out.
        groups: The slices of each column, a group each.
        chosen: Which slices the groups hold, in words; None where they hold all.
        share_digits: Decimals of a percentage.
        point_digits: Decimals of a difference.
        definitions: Columns that were measured on the images, with a clause each.
        skipped: The first columns that were not cut, with their reasons.
        further: How many more there are, None where there are none.
    """

    verdict: Sentence
    groups: tuple[tuple[Slice, ...], ...]
    chosen: str | None
    share_digits: int
    point_digits: int
    definitions: tuple[tuple[str, str], ...]
    skipped: tuple[Omission, ...]
    further: Sentence | None


def slice_table(record: Record) -> SliceTable | None:
    """Returns the slices as their section prints them; None where there are none."""
    found = record.evaluation.slices
    if found is None or not found.slices:
        return None
    rows = found.foremost(MOST_ROWS)
    more = len(found.skipped) - MOST_SKIPPED
    return SliceTable(
        verdict=_verdict(record, found),
        groups=_by_column(rows),
        chosen="the forty of smallest p-values"
        if len(rows) < len(found.slices)
        else None,
        share_digits=_most_digits(rows, "share"),
        point_digits=_most_digits(rows, "points"),
        definitions=_definitions(rows),
        skipped=found.skipped[:MOST_SKIPPED],
        further=counted(more, "further column") if more > 0 else None,
    )


def slices_said(record: Record) -> Sentence | None:
    """Returns which slices stand out, for page one; None where none does."""
    found = record.evaluation.slices
    return _verdict(record, found) if found and found.survivors else None


def _verdict(record: Record, found: Slices) -> Sentence:
    """Returns how many slices were looked at, how many stand out, and the farthest."""
    survivors = found.survivors
    return sentence(
        _opening(found)
        + " from the other {noun}s by more than chance would bring."
        + (" {farthest}" if survivors else ""),
        n=count(found.looked_at),
        k=count(found.surviving),
        noun=record.noun,
        farthest=_farthest(record, survivors) if survivors else "",
    )


def _opening(found: Slices) -> str:
    """Returns how many of how many slices differ, or that the only one does or not."""
    surviving = found.surviving
    if found.looked_at == 1:
        return "The one slice looked at " + (
            "differs" if surviving else "does not differ"
        )
    if not surviving:
        return "Of {n} slices looked at, none differs"
    return "Of {n} slices looked at, {k} " + ("differs" if surviving == 1 else "differ")


def _farthest(record: Record, survivors: tuple[Slice, ...]) -> Sentence:
    """Returns where the model is weakest, or where nothing is, strongest."""
    low = min(survivors, key=lambda one: one.difference.value)
    weak = low.difference.value < 0
    one = low if weak else max(survivors, key=lambda one: one.difference.value)
    return sentence(
        "It is right {often} where “{column}” is {label}: {accuracy} of {n} {noun}s, "
        "{difference} against the others ({chance}, adjusted).",
        often="less often" if weak else "more often",
        column=one.column,
        label=_quoted(one),
        accuracy=quantity(one.accuracy, "share"),
        n=count(one.n),
        noun=record.noun,
        difference=quantity(one.difference, "points"),
        chance=p_phrase(one.p_value_adjusted),
    )


def _quoted(one: Slice) -> Sentence:
    """Returns the value or range of a slice, a text in quotation marks."""
    return one.label if one.value is None else sentence("“{v}”", v=one.label)


def _by_column(rows: tuple[Slice, ...]) -> tuple[tuple[Slice, ...], ...]:
    """Returns the slices of each column together, in order."""
    groups: dict[str, list[Slice]] = {}
    for one in rows:
        groups.setdefault(one.column, []).append(one)
    return tuple(tuple(group) for group in groups.values())


def _definitions(rows: tuple[Slice, ...]) -> tuple[tuple[str, str], ...]:
    """Returns the columns that were measured, each with what it means."""
    names = dict.fromkeys(one.column for one in rows if one.origin == "image")
    return tuple(
        (name, meaning)
        for name in names
        for begins, meaning in DEFINITIONS
        if name.startswith(begins)  # One may be called "contrast (image)".
    )


def _most_digits(rows: tuple[Slice, ...], kind: Kind) -> int:
    """Returns the most decimals that an interval of a column asks for, to align it."""
    estimates = (one.accuracy if kind == "share" else one.difference for one in rows)
    return max(quantity(one, kind).digits for one in estimates)
