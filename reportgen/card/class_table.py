"""The classes as the tables print them: weakest first, decimals aligned."""

from dataclasses import dataclass
from math import inf

from reportgen.record import (
    ClassScores,
    Evaluation,
    Score,
    Sentence,
    Unit,
    point,
    sentence,
)
from reportgen.record.wording import DIGITS


@dataclass(frozen=True, slots=True)
class ClassTable:
    """What the tables of classes print.

    Attributes:
        rows: The classes by recall, the weakest first, those without one last.
        share_digits: Decimals of a percentage.
        number_digits: Decimals of an area.
        count_methods: How the intervals of recall, precision and F1 were made.
        area_methods: How those of the areas were made.
        undefined: Why a score of a class is n/a, a sentence each, in label order.
    """

    rows: tuple[ClassScores, ...]
    share_digits: int
    number_digits: int
    count_methods: Sentence
    area_methods: Sentence
    undefined: tuple[Sentence, ...]


def class_table(evaluation: Evaluation) -> ClassTable:
    """Returns the classes as the tables print them."""
    classes = evaluation.classes
    every = tuple(score for one in classes for score in _counted(one) + _areas(one))
    return ClassTable(
        rows=tuple(sorted(classes, key=_recall)),
        share_digits=most_digits(every, "share"),
        number_digits=most_digits(every, "number"),
        count_methods=_methods([_counted(one) for one in classes]),
        area_methods=_methods([_areas(one) for one in classes]),
        undefined=tuple(
            _undefined(one, score)
            for one in classes
            for score in _counted(one) + _areas(one)
            if score.estimate is None
        ),
    )


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


def _undefined(one: ClassScores, score: Score) -> Sentence:
    """Returns why a score of a class is n/a."""
    return sentence(
        "{label} of class “{name}” is n/a: {reason}.",
        label=score.label,
        name=one.name,
        reason=score.reason or "",
    )
