"""The classes as the tables print them: weakest first, decimals aligned, few enough."""

from dataclasses import dataclass
from itertools import chain
from math import inf
from typing import TypeVar

from reportgen.record import (
    ClassScores,
    Evaluation,
    Record,
    Reliability,
    Score,
    Sentence,
    Unit,
    point,
    sentence,
)
from reportgen.record.wording import DIGITS

Row = TypeVar("Row")

END = 20
"""Classes at either end of a table that cannot hold them all."""

_RECALL = "the twenty of lowest and the twenty of highest recall"
_FEW_RECALLS = "the forty of lowest recall, those without test {noun}s last"
_ERROR = "the twenty of greatest and the twenty of least error"


@dataclass(frozen=True, slots=True)
class ClassTable:
    """What the tables of classes print.

    Attributes:
        groups: The classes by recall, the weakest first, those without one last; of
            more than twice `END` the first and the last ones, a group each.
        calibrations: What their tables of calibration print: all in label order, or of
            more than twice `END` those of greatest and of least error, a group each.
        sized: Labels of the classes whose rows are counted by part: all in order, or of
            more than twice `END` those of most test rows and those of fewest.
        chosen: Which classes the groups hold, in words; None where they hold all.
        calibrations_chosen: Likewise of `calibrations`.
        share_digits: Decimals of a percentage.
        number_digits: Decimals of an area.
        count_methods: How the intervals of recall, precision and F1 were made.
        area_methods: How those of the areas were made.
        undefined: Why scores are n/a, a sentence for each score and reason.
    """

    groups: tuple[tuple[ClassScores, ...], ...]
    calibrations: tuple[tuple[Reliability, ...], ...]
    sized: tuple[int, ...]
    chosen: str | None
    calibrations_chosen: str | None
    share_digits: int
    number_digits: int
    count_methods: Sentence
    area_methods: Sentence
    undefined: tuple[Sentence, ...]


def class_table(record: Record) -> ClassTable:
    """Returns the classes as the tables print them."""
    evaluation = record.evaluation
    groups = _groups(evaluation.classes)
    rows = tuple(chain(*groups))
    whole = len(rows) == len(evaluation.classes)
    every = tuple(score for one in rows for score in _counted(one) + _areas(one))
    return ClassTable(
        groups=groups,
        calibrations=_calibrations(evaluation),
        sized=_sized(record),
        chosen=None if whole else _chosen(record, groups),
        calibrations_chosen=None if whole else _ERROR,
        share_digits=most_digits(every, "share"),
        number_digits=most_digits(every, "number"),
        count_methods=_methods([_counted(one) for one in rows]),
        area_methods=_methods([_areas(one) for one in rows]),
        undefined=_undefined(rows, areas=not evaluation.hard),
    )


def _groups(classes: tuple[ClassScores, ...]) -> tuple[tuple[ClassScores, ...], ...]:
    """Returns all classes by recall, or those at either end that have one."""
    ordered = tuple(sorted(classes, key=_recall))
    ranked = tuple(one for one in ordered if one.recall.estimate is not None)
    if len(ordered) > 2 * END >= len(ranked):
        return (ordered[: 2 * END],)
    return _ends(ordered if len(ordered) <= 2 * END else ranked)


def _sized(record: Record) -> tuple[int, ...]:
    """Returns all labels, or those of the largest and of the smallest classes."""
    counts = record.dataset.test.class_counts
    if len(counts) <= 2 * END:
        return tuple(range(len(counts)))
    largest = sorted(range(len(counts)), key=lambda label: -counts[label])
    return tuple(chain(*_ends(tuple(largest))))


def _chosen(record: Record, groups: tuple[tuple[ClassScores, ...], ...]) -> str:
    """Returns which classes stand in a table that cannot hold them all."""
    return _RECALL if len(groups) > 1 else _FEW_RECALLS.format(noun=record.noun)


def _calibrations(evaluation: Evaluation) -> tuple[tuple[Reliability, ...], ...]:
    """Returns the calibration of all classes, or of those at either end."""
    if evaluation.calibration is None:
        return ()
    classes = evaluation.calibration.classes
    if len(classes) <= 2 * END:
        return (classes,)
    return _ends(tuple(sorted(classes, key=lambda one: -one.error.value)))


def _ends(rows: tuple[Row, ...]) -> tuple[tuple[Row, ...], ...]:
    """Returns all rows as one group, or the first and the last of too many."""
    return (rows,) if len(rows) <= 2 * END else (rows[:END], rows[-END:])


def most_digits(scores: tuple[Score, ...], unit: Unit) -> int:
    """Returns the most decimals that any interval of that unit asks for.

    A column of numbers aligns on its decimal point only if all have as many decimals;
    those without an interval follow those with one.
    """
    found = (point(score) for score in scores if score.unit == unit and _wide(score))
    digits = (quantity.digits for quantity in found if not isinstance(quantity, str))
    return max(digits, default=DIGITS[unit])


def _wide(score: Score) -> bool:
    """Returns whether the score has an interval."""
    return score.estimate is not None and score.estimate.low is not None


def _counted(one: ClassScores) -> tuple[Score, ...]:
    """Returns the scores of a class that are counted, in the order of their columns."""
    return one.recall, one.precision, one.f1


def _areas(one: ClassScores) -> tuple[Score, ...]:
    """Returns the areas under a class's curves, in the order of their columns."""
    return one.roc_auc, one.average_precision


def _recall(one: ClassScores) -> float:
    """Returns a class's recall, more than any where it is undefined."""
    return inf if one.recall.estimate is None else one.recall.estimate.value


def _methods(rows: list[tuple[Score, ...]]) -> Sentence:
    """Returns how the intervals of each column were made, as "Recall: Wilson"."""
    said = (_column_methods(column) for column in zip(*rows, strict=True))
    return sentence("{said}", said="; ".join(filter(None, said)))


def _column_methods(column: tuple[Score, ...]) -> str:
    """Returns the methods of one column, nothing where it has no intervals."""
    methods = [
        score.estimate.method
        for score in column
        if score.estimate is not None and score.estimate.low is not None
    ]
    if not methods:
        return ""
    return f"{column[0].label}: {', '.join(dict.fromkeys(methods))}"


def _undefined(rows: tuple[ClassScores, ...], *, areas: bool) -> tuple[Sentence, ...]:
    """Returns why scores are n/a, the classes of one score and reason together.

    Args:
        rows: The classes that the tables print.
        areas: Whether they print the areas under their curves.
    """
    names: dict[tuple[str, str], list[str]] = {}
    for one in rows:
        for score in _counted(one) + (_areas(one) if areas else ()):
            if score.estimate is None:
                names.setdefault((score.label, score.reason or ""), []).append(one.name)
    return tuple(
        sentence(
            "{label} of class" + "es" * (len(found) > 1) + " {names} is n/a: {reason}.",
            label=label[:1].upper() + label[1:],
            names=", ".join(f"“{name}”" for name in found),
            reason=reason,
        )
        for (label, reason), found in names.items()
    )
