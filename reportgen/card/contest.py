"""A comparison as the templates print it: verdict, tables, what is said of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from reportgen.card.contest_words import (
    Mark,
    asides,
    churn_said,
    flips_said,
    homogeneity_said,
    mark_of,
    matched_said,
    scores_said,
    smallest_said,
    survivors_said,
    verdict_said,
)
from reportgen.card.findings import Finding
from reportgen.card.tiles import Tile
from reportgen.record import (
    Comparison,
    PairedComparison,
    Sentence,
    quantity,
    sentence,
)
from reportgen.record.comparison import ClassChange, Difference
from reportgen.record.wording import Kind, number, share

MOST_CLASSES = 40
"""Classes of a table; of more, those that changed most."""

TILES = ("accuracy", "f1_macro", "roc_auc_ovr", "log_loss", "brier_score")
"""Scores whose differences head the page."""


@dataclass(frozen=True, slots=True)
class Contest:
    """A comparison on its way to a page.

    Attributes:
        comparison: Where every number comes from.
        mark: The verdict at a glance.
        verdict: The verdict in a sentence, or why there is none.
        asides: What must be read beside it.
        matched: How rows were matched.
        flips: Fixes and regressions; None where rows are not the same, as are the
            next ones.
        churn: On how many rows predictions differ.
        smallest: Which difference the rows could have shown.
        homogeneity: Whether classes are predicted in different proportions.
        survivors: Which classes changed beyond chance.
        classes: Rows of the table of classes: all in label order, or those of most
            fixes and regressions.
        level: Confidence level of the intervals, None where there is none.
        notes: What must be known of several scores alike, and the labels of these;
            what concerns one score alone stands beside it.
        findings: What the numbers amount to.
        tiles: Differences that head the page.
    """

    comparison: Comparison
    mark: Mark
    verdict: Sentence
    asides: tuple[Sentence, ...]
    matched: Sentence
    flips: Sentence | None
    churn: Sentence | None
    smallest: Sentence | None
    homogeneity: Sentence | None
    survivors: Sentence | None
    classes: tuple[ClassChange, ...]
    level: float | None
    notes: Mapping[str, tuple[str, ...]]
    findings: tuple[Finding, ...]
    tiles: tuple[Tile, ...]


def contest(comparison: Comparison) -> Contest:
    """Returns the comparison as the templates print it."""
    paired = comparison.paired
    return Contest(
        comparison=comparison,
        mark=mark_of(comparison),
        verdict=verdict_said(comparison),
        asides=asides(comparison),
        matched=matched_said(comparison),
        flips=flips_said(comparison, paired) if paired else None,
        churn=churn_said(comparison, paired) if paired else None,
        smallest=smallest_said(comparison, paired) if paired else None,
        homogeneity=homogeneity_said(paired) if paired else None,
        survivors=survivors_said(paired) if paired else None,
        classes=_classes(paired) if paired else (),
        level=_level(comparison.differences),
        notes=_notes(comparison.differences),
        findings=_findings(comparison),
        tiles=_tiles(comparison),
    )


def _classes(paired: PairedComparison) -> tuple[ClassChange, ...]:
    """Returns all classes, or of too many those of most fixes and regressions.

    Classes that changed beyond chance are always among them, as far as there is room.
    """
    if len(paired.classes) <= MOST_CLASSES:
        return paired.classes
    ordered = sorted(
        paired.classes,
        key=lambda one: (
            not one.is_changed(paired.level),
            -one.fixes - one.regressions,
        ),
    )
    return tuple(ordered[:MOST_CLASSES])


def _level(differences: tuple[Difference, ...]) -> float | None:
    """Returns the level of the intervals, None where there is none."""
    levels = (one.estimate.level for one in differences if one.estimate)
    return next((level for level in levels if level is not None), None)


def _notes(differences: tuple[Difference, ...]) -> dict[str, tuple[str, ...]]:
    """Returns the notes that stand at more than one score, with the labels of these."""
    labels: dict[str, tuple[str, ...]] = {}
    for one in differences:
        if one.note:
            labels[one.note] = (*labels.get(one.note, ()), one.label)
    return {note: found for note, found in labels.items() if len(found) > 1}


def _findings(comparison: Comparison) -> tuple[Finding, ...]:
    """Returns what a reader of one page must know; the verdict stands above them."""
    paired = comparison.paired
    if paired is None:
        clear = (_difference_said(one) for one in _headline(comparison))
        return tuple(Finding(said, "scores") for said in clear if said is not None)
    if not paired.flips.changed:
        return (
            Finding(flips_said(comparison, paired), "rows"),
            Finding(scores_said(comparison), "scores"),
            Finding(smallest_said(comparison, paired), "rows"),
        )
    return (
        Finding(flips_said(comparison, paired), "rows"),
        Finding(churn_said(comparison, paired), "rows"),
        Finding(scores_said(comparison), "scores"),
        Finding(survivors_said(paired), "classes"),
        Finding(homogeneity_said(paired), "classes"),
        Finding(smallest_said(comparison, paired), "rows"),
    )


def _headline(comparison: Comparison) -> tuple[Difference, ...]:
    """Returns the differences that head the page."""
    by_key = {one.key: one for one in comparison.differences}
    return tuple(by_key[key] for key in TILES if key in by_key)


def _difference_said(one: Difference) -> Sentence | None:
    """Returns a difference between two test sets; None where it is undefined."""
    if one.estimate is None:
        return None
    return sentence(
        "{label} of the candidate less that of the baseline is {difference}"
        + (
            "."
            if one.gain or one.estimate.low is None
            else ": the interval holds zero."
        ),
        label=one.label,
        difference=quantity(one.estimate, kind_of(one)),
    )


def kind_of(one: Difference) -> Kind:
    """Returns how a difference is printed: that of two shares in points."""
    return "points" if one.unit == "share" else "number"


def _tiles(comparison: Comparison) -> tuple[Tile, ...]:
    """Returns the differences that head the page, and the churn."""
    shown = tuple(_tile(one) for one in _headline(comparison))
    paired = comparison.paired
    if paired is None:
        return shown
    churn = paired.flips.churn
    note = sentence("share of {noun}s predicted as another class", noun=comparison.noun)
    label = sentence("Churn")
    return (*shown, Tile("churn", label, quantity(churn, "share"), churn, (note,)))


def _tile(one: Difference) -> Tile:
    """Returns a difference with both of its scores, or why it is undefined."""
    label = sentence("{label}, change", label=one.label)
    if one.estimate is None:
        why = sentence("{why}", why=one.reason or "")
        return Tile(one.key, label, None, None, (why,))
    notes = [_both(one)]
    if not one.higher_is_better:
        notes.append(sentence("lower is wanted"))
    if one.estimate.low is None:
        notes.append(sentence("no interval"))
    made = quantity(one.estimate, kind_of(one))
    return Tile(one.key, label, made, one.estimate, tuple(notes))


def _both(one: Difference) -> Sentence:
    """Returns both scores in the decimals of their difference."""
    assert one.estimate is not None
    assert one.baseline is not None
    assert one.candidate is not None
    digits = quantity(one.estimate, kind_of(one)).digits
    printed = share if one.unit == "share" else number
    return sentence(
        "from {baseline} to {candidate}",
        baseline=printed(one.baseline, digits),
        candidate=printed(one.candidate, digits),
    )
