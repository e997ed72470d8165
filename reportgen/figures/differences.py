"""By how much the scores of two models differ, and the recalls of their classes."""

from dataclasses import replace
from typing import TYPE_CHECKING

from reportgen.figures.forest import Columns, Row, Side, band_shows, draw_forest
from reportgen.figures.lettering import axis_names, joined
from reportgen.record import (
    Comparison,
    Difference,
    PairedComparison,
    Quantity,
    Sentence,
    chosen_share,
    count,
    off_zero,
    p_phrase,
    points,
    quantity,
    sentence,
    share,
)
from reportgen.record.comparison import ClassChange
from reportgen.record.wording import counted

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_DRAWN = 20
"""Classes that are drawn; of more, those whose recall changed most."""

MOST_NAMED = 5
"""Classes that a caption names."""

ALIKE = "Both models predict every {noun} alike, so no difference can be drawn."
XLABEL = "candidate less baseline, percentage points"


def no_differences(comparison: Comparison) -> str | None:
    """Returns why no differences of scores are drawn."""
    if _alike(comparison):
        return ALIKE.format(noun=comparison.noun)
    return None if _drawn(comparison) else "No score has a difference in points."


def draw_differences(comparison: Comparison) -> "Figure":
    """Returns the differences of all scores that are printed in percent."""
    drawn = _drawn(comparison)
    paired = comparison.paired
    rows = [
        Row(
            name=one.label,
            estimate=made,
            side=_side(one.gain if paired else 0),
            cells=_cells(one, _digits(comparison)),
        )
        for one in drawn
        if (made := one.estimate)
    ]
    heads = ("baseline, %", "candidate, %", "points", _level(drawn))
    ends_pt = (54.0, 110.0, 146.0, 224.0)
    return draw_forest(
        rows,
        Columns(heads, ends_pt, XLABEL, ""),
        margin=paired.verdict.margin if paired else None,
    )


def caption_differences(comparison: Comparison) -> Sentence:
    """Returns how many scores differ for sure."""
    drawn = _drawn(comparison)
    if comparison.paired is None:
        return sentence(
            "The scores of two test sets, not of one: a difference may lie in the "
            "rows as well as in the models. {label} differs by {first}.",
            label=drawn[0].label,
            first=_points_of(drawn[0]),
        )
    gains = [one.gain for one in drawn]
    said = sentence(
        "Of {n} scores that are printed in percent {better} clear of zero on the "
        "better side (upward triangles) and {worse} on the worse (downward triangles); "
        "the verdict goes by accuracy alone."
        if any(gains)
        else "None of {n} scores that are printed in percent lies clear of zero; the "
        "verdict goes by accuracy alone.",
        n=count(len(drawn)),
        better=_counted(gains.count(1)),
        worse=count(gains.count(-1)) if -1 in gains else "none",
    )
    return joined(said, _band_said(comparison, comparison.paired))


def alt_differences(comparison: Comparison) -> Sentence:
    """Returns the span of the differences, and that of accuracy."""
    drawn = _drawn(comparison)
    values = sorted(_value(one) for one in drawn)
    return sentence(
        "A row for each score with its difference as a point and its interval as a "
        "line beside a vertical line at zero, from {low} to {high}. The first, "
        "{label}, differs by {first}.",
        low=points(values[0]),
        high=points(values[-1]),
        label=drawn[0].label,
        first=_points_of(drawn[0]),
    )


def no_class_changes(comparison: Comparison) -> str | None:
    """Returns why no changes of classes are drawn."""
    if comparison.paired is None:
        return "The test rows of the two runs are not the same."
    if _alike(comparison):
        return ALIKE.format(noun=comparison.noun)
    return None if _changed(comparison.paired) else "No class has a recall in both."


def draw_class_changes(comparison: Comparison) -> "Figure":
    """Returns the difference of each class's recall, greatest gain first."""
    assert comparison.paired is not None
    shown = _changed(comparison.paired)
    names = axis_names(comparison.class_names, most=24)
    short = dict(zip(comparison.class_names, names, strict=True))
    digits = _median([_points_of(one.recall).digits for one in shown])
    rows = [
        Row(
            name=short[one.name],
            estimate=made,
            side=_class_side(one, comparison.paired),
            cells=(
                str(count(one.support)),
                str(count(one.fixes)),
                str(count(one.regressions)),
                *_in_points(one.recall, digits),
            ),
        )
        for one in shown
        if (made := one.recall.estimate)
    ]
    recalls = tuple(one.recall for one in shown)
    heads = (
        f"{comparison.noun}s",
        "fixes",
        "regressions",
        "points",
        _level(recalls),
    )
    ends_pt = (34.0, 64.0, 118.0, 152.0, 224.0)
    return draw_forest(rows, Columns(heads, ends_pt, XLABEL, "recall of class"))


def caption_class_changes(comparison: Comparison) -> Sentence:
    """Returns which classes changed by more than chance, Holm's method over all."""
    paired = comparison.paired
    assert paired is not None
    return joined(_survivors_said(paired), _left_out(comparison, paired))


def alt_class_changes(comparison: Comparison) -> Sentence:
    """Returns the ends of the drawn changes."""
    assert comparison.paired is not None
    shown = _changed(comparison.paired)
    return sentence(
        "A row for each class with the difference of its recall as a point and its "
        "interval as a line beside a vertical line at zero. At the top class {first}, "
        "{most}, at the bottom class {last}, {least}.",
        first=shown[0].name,
        most=_points_of(shown[0].recall),
        last=shown[-1].name,
        least=_points_of(shown[-1].recall),
    )


def _class_side(one: ClassChange, paired: PairedComparison) -> Side:
    """Returns how a class is marked: as changed only if its test survives."""
    if not one.is_changed(paired.level):
        return "open"
    return "gain" if one.fixes > one.regressions else "loss"


def _side(gain: int) -> Side:
    """Returns how a score is marked."""
    if not gain:
        return "open"
    return "gain" if gain > 0 else "loss"


def _alike(comparison: Comparison) -> bool:
    """Returns whether both models predict every row as the same class."""
    return comparison.paired is not None and not comparison.paired.flips.changed


def _drawn(comparison: Comparison) -> tuple[Difference, ...]:
    """Returns the differences in points that are defined, in printed order."""
    return tuple(
        one
        for one in comparison.differences
        if one.unit == "share" and one.estimate is not None
    )


def _value(one: Difference) -> float:
    """Returns a difference that is defined."""
    assert one.estimate is not None
    return one.estimate.value


def _points_of(one: Difference) -> Quantity:
    """Returns a defined difference with its interval, in points."""
    assert one.estimate is not None
    return quantity(one.estimate, "points")


def _digits(comparison: Comparison) -> int:
    """Returns the decimals of the drawing's columns."""
    return _median([_points_of(one).digits for one in _drawn(comparison)])


def _median(digits: list[int]) -> int:
    """Returns the middle one: what stands below each other has equal decimals."""
    return sorted(digits)[len(digits) // 2]


def _cells(one: Difference, digits: int) -> tuple[str, ...]:
    """Returns both scores, their difference and its interval."""
    assert one.baseline is not None
    assert one.candidate is not None
    both = (share(score, digits) for score in (one.baseline, one.candidate))
    scores = tuple(found.text(found.value) for found in both)
    return (*scores, *_in_points(one, digits))


def _in_points(one: Difference, digits: int) -> tuple[str, str]:
    """Returns a difference and its interval, in that many decimals."""
    found = off_zero(replace(_points_of(one), digits=digits))
    if found.low is None or found.high is None:
        return found.text(found.value), ""
    bounds = f"[{found.text(found.low)}, {found.text(found.high)}]"
    return found.text(found.value), bounds


def _level_share(drawn: tuple[Difference, ...]) -> str | Quantity:
    """Returns the level of the intervals, a word where there is none."""
    levels = [one.estimate.level for one in drawn if one.estimate]
    known = [level for level in levels if level is not None]
    return chosen_share(known[0]) if known else "no"


def _level(drawn: tuple[Difference, ...]) -> str:
    """Returns the head of the intervals."""
    return f"{_level_share(drawn)} interval"


def _counted(n: int) -> Sentence:
    """Returns how many scores lie somewhere."""
    template = "{n} lies" if n == 1 else "{n} lie"
    return sentence(template, n=count(n) if n else "none")


def _band_said(comparison: Comparison, paired: PairedComparison) -> Sentence | None:
    """Returns what the band behind accuracy is; None where none can be seen."""
    estimates = [one.estimate for one in _drawn(comparison) if one.estimate]
    margin = paired.verdict.margin
    if not margin or not band_shows(estimates, margin):
        return None
    return sentence(
        "The grey band behind accuracy is the margin, {margin} either way.",
        margin=points(margin, chosen_share(margin).digits),
    )


def _changed(paired: PairedComparison) -> tuple[ClassChange, ...]:
    """Returns the classes to draw, greatest gain first, ties in label order."""
    most = sorted(
        _known(paired),
        key=lambda one: (not one.is_changed(paired.level), -abs(_value(one.recall))),
    )
    return tuple(sorted(most[:MOST_DRAWN], key=lambda one: -_value(one.recall)))


def _known(paired: PairedComparison) -> tuple[ClassChange, ...]:
    """Returns the classes that have a recall, in label order."""
    return tuple(one for one in paired.classes if one.recall.estimate is not None)


def _survivors_said(paired: PairedComparison) -> Sentence:
    """Returns which classes changed beyond chance."""
    found = paired.changed_classes
    tested = counted(paired.tested_classes, "class")
    if not found:
        return sentence(
            "No class has fixes and regressions that differ by more than chance, "
            "tested by Holm's method over {tested}.",
            tested=tested,
        )
    surest = min(found, key=lambda one: one.p_value_holm or 0.0)
    named = ", ".join(f"“{one.name}”" for one in found[:MOST_NAMED])
    return sentence(
        "By more than chance changed {names}{more} ("
        + ("triangle" if len(found) == 1 else "triangles")
        + "), tested by Holm's method over {tested}; the surest is “{surest}”, "
        "{recall} ({chance}).",
        names=named,
        more=" and others" if len(found) > MOST_NAMED else "",
        tested=tested,
        surest=surest.name,
        recall=_points_of(surest.recall),
        chance=p_phrase(surest.p_value_holm or 0.0),
    )


def _left_out(comparison: Comparison, paired: PairedComparison) -> Sentence | None:
    """Returns which classes are not drawn; None where all are."""
    known = len(_known(paired))
    many = sentence("Of {k} classes those are drawn that changed most.", k=count(known))
    absent = sentence(
        "Classes without test {noun}s are left out.", noun=comparison.noun
    )
    notes = (
        many if known > MOST_DRAWN else None,
        absent if known < len(paired.classes) else None,
    )
    return joined(*notes) if any(notes) else None
