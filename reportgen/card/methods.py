"""How intervals are made, a clause each: no method is named without being explained."""

from dataclasses import dataclass

from reportgen.record import Evaluation, Score


@dataclass(frozen=True, slots=True)
class Method:
    """A way of making intervals.

    Attributes:
        name: As an estimate carries it.
        meaning: What it does, in a clause.
    """

    name: str
    meaning: str


METHODS: tuple[Method, ...] = (
    Method(
        "Wilson",
        "every share at which a test would not reject the share that was counted",
    ),
    Method(
        "Wilson of the union",
        "Wilson's interval of the rows right among those of a class or read as it, "
        "of which the F1 is a function",
    ),
    Method(
        "influence values",
        "the spread of what each row adds to the score (the delta method)",
    ),
    Method(
        "log ratio",
        "the spread of the logarithm of a ratio of two shares, from their counts",
    ),
    Method(
        "DeLong",
        "the spread of where each row ranks among those of the other side",
    ),
    Method(
        "Newcombe",
        "from the area and the counts of both sides alone, where all ranks are alike "
        "and have no spread",
    ),
    Method(
        "BCa",
        "bias-corrected and accelerated: a few rows carry most of the score, so its "
        "skewness moves the bounds",
    ),
    Method(
        "BCa bootstrap",
        "bias-corrected and accelerated, from the score of many test sets drawn from "
        "this one with replacement",
    ),
    Method(
        "basic bootstrap",
        "the score of many test sets drawn from this one with replacement, their "
        "quantiles mirrored at the value, because the score is biased upward",
    ),
)
"""Every method that the intervals of scores name."""


def methods(evaluation: Evaluation) -> tuple[Method, ...]:
    """Returns the methods behind the intervals of all scores, in order of `METHODS`."""
    used = {
        score.estimate.method
        for score in _every_score(evaluation)
        if score.estimate is not None
    }
    return tuple(method for method in METHODS if method.name in used)


def _every_score(evaluation: Evaluation) -> tuple[Score, ...]:
    """Returns the scores of the test set, of each class, and of the one looked for."""
    of_classes = (
        (one.recall, one.precision, one.f1, one.roc_auc, one.average_precision)
        for one in evaluation.classes
    )
    of_two = evaluation.binary.measures if evaluation.binary else ()
    return (
        *evaluation.scores,
        *(score for row in of_classes for score in row),
        *of_two,
    )
