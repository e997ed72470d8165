"""What clinics and fraud desks ask of two classes: sensitivity and what follows it."""

from collections.abc import Sequence
from difflib import get_close_matches
from math import exp, log, sqrt

import numpy as np

from reportgen.errors import PredictionsError
from reportgen.metrics.intervals import Interval, quantile_of
from reportgen.metrics.measured import (
    HeldBack,
    Measured,
    counted,
    measured,
    proportion,
    undefined,
)
from reportgen.metrics.per_class import union_f1
from reportgen.metrics.thresholds import chosen_thresholds, operating_points, sweep
from reportgen.predictions import Predictions
from reportgen.record import (
    WITHOUT_PROBABILITIES,
    BinaryView,
    Outcomes,
    Sampling,
    Score,
    Unit,
)

TWO = 2
"""Classes of a binary problem."""

NO_POSITIVES = "0 rows of the positive class"
NO_NEGATIVES = "0 rows of the negative class"


def check_positive(class_names: Sequence[str], positive: object) -> None:
    """Refuses a positive class that is none of two, or no text.

    Raises:
        PredictionsError: There are not two classes, or none of that name.
    """
    if positive is None:
        return
    if len(class_names) != TWO:
        raise PredictionsError(
            "A positive class must be one of two. Received "
            f"{positive!r} for {len(class_names):,} classes. Leave out "
            "--positive, or positive= from Python."
        )
    if not isinstance(positive, str) or positive not in class_names:
        first, second = class_names
        nearest = get_close_matches(str(positive), class_names, n=1)
        raise PredictionsError(
            f"A positive class must be {first!r} or {second!r}. Received {positive!r}. "
            + (f"The nearest is {nearest[0]!r}." if nearest else "Name one of these.")
        )


def binary_view(
    predictions: Predictions,
    held_back: HeldBack,
    sampling: Sampling,
    *,
    positive: str | None = None,
) -> BinaryView | None:
    """Returns what is said of two classes; None of fewer or more.

    Args:
        predictions: n rows over k classes.
        held_back: The validation part, from which thresholds are chosen, or why there
            is none.
        sampling: Level of the intervals.
        positive: The class that is looked for; None for the second.

    Raises:
        PredictionsError: The positive class is none of two.
    """
    check_positive(predictions.class_names, positive)
    if predictions.k != TWO:
        return None
    named = positive is not None
    place = predictions.class_names.index(positive) if positive is not None else 1
    level = sampling.level
    outcomes = predicted_outcomes(predictions, place)
    hard = predictions.hard
    chosen, reason = (
        ((), WITHOUT_PROBABILITIES)
        if hard
        else chosen_thresholds(predictions, held_back, place, level=level)
    )
    return BinaryView(
        positive=predictions.class_names[place],
        negative=predictions.class_names[1 - place],
        named=named,
        prevalence=proportion(outcomes.positives, predictions.n, level),
        outcomes=outcomes,
        measures=measures(outcomes, level),
        points=() if hard else operating_points(predictions, place, level=level),
        chosen=chosen,
        chosen_reason=reason,
        sweep=None if hard else sweep(predictions, place),
    )


def predicted_outcomes(predictions: Predictions, place: int) -> Outcomes:
    """Returns the rows by what they are and what they are predicted as.

    Args:
        predictions: n rows over two classes.
        place: Label of the positive class, 0 or 1.
    """
    is_positive = predictions.y_true == place
    read = predictions.y_pred == place
    return Outcomes(
        true_positives=int(np.sum(is_positive & read)),
        false_positives=int(np.sum(~is_positive & read)),
        false_negatives=int(np.sum(is_positive & ~read)),
        true_negatives=int(np.sum(~is_positive & ~read)),
    )


def measures(outcomes: Outcomes, level: float) -> tuple[Score, ...]:
    """Returns what the four counts say, each with its interval.

    Args:
        outcomes: Rows by what they are and what they are read as.
        level: Confidence level in 0-1.
    """
    one = outcomes
    read_as_negative = one.false_negatives + one.true_negatives
    return (
        _share(
            ("sensitivity", "Sensitivity (recall)"),
            "positives that are read as positive",
            _counted(one.true_positives, one.positives, level, NO_POSITIVES),
        ),
        _share(
            ("specificity", "Specificity"),
            "negatives that are read as negative",
            _counted(one.true_negatives, one.negatives, level, NO_NEGATIVES),
        ),
        _share(
            ("positive_predictive_value", "Positive predictive value (precision)"),
            "positives among those read as positive",
            _counted(
                one.true_positives, one.read_as_positive, level, "never predicted"
            ),
        ),
        _share(
            ("negative_predictive_value", "Negative predictive value"),
            "negatives among those read as negative",
            _counted(one.true_negatives, read_as_negative, level, "never predicted"),
        ),
        _share(
            ("f1", "F1 of the positive class"),
            "harmonic mean of sensitivity and positive predictive value",
            _f1(one, level),
        ),
        _ratio(
            ("positive_likelihood_ratio", "Positive likelihood ratio"),
            "how much oftener positives are read as positive than negatives are",
            positive_likelihood_ratio(one, level),
        ),
        _ratio(
            ("negative_likelihood_ratio", "Negative likelihood ratio"),
            "how much oftener positives are read as negative than negatives are",
            negative_likelihood_ratio(one, level),
            higher_is_better=False,
        ),
    )


def _share(names: tuple[str, str], meaning: str, found: Measured) -> Score:
    """Returns a measure that is a share; higher is better."""
    return _score(names, meaning, found, "share")


def _ratio(
    names: tuple[str, str],
    meaning: str,
    found: Measured,
    *,
    higher_is_better: bool = True,
) -> Score:
    """Returns a measure that is a ratio of shares."""
    return _score(names, meaning, found, "number", higher_is_better=higher_is_better)


def _score(
    names: tuple[str, str],
    meaning: str,
    found: Measured,
    unit: Unit,
    *,
    higher_is_better: bool = True,
) -> Score:
    """Returns a measure under its key and its label."""
    return Score(
        key=names[0],
        label=names[1],
        meaning=meaning,
        unit=unit,
        higher_is_better=higher_is_better,
        estimate=found.estimate,
        reason=found.reason,
        note=found.note,
    )


def _counted(successes: int, n: int, level: float, without: str) -> Measured:
    """Returns successes / n by Wilson, or why there is nothing to count."""
    return counted(successes, n, level) if n else undefined(without)


def _f1(outcomes: Outcomes, level: float) -> Measured:
    """Returns the F1 of the positive class; undefined without positives."""
    if not outcomes.positives:
        return undefined(NO_POSITIVES)
    return union_f1(
        outcomes.true_positives,
        support=outcomes.positives,
        predicted=outcomes.read_as_positive,
        level=level,
    )


def positive_likelihood_ratio(outcomes: Outcomes, level: float) -> Measured:
    """Returns sensitivity / (1 - specificity): the odds' factor of a positive reading.

    Args:
        outcomes: Rows by what they are and what they are read as.
        level: Confidence level in 0-1.

    Returns:
        0 or more, higher is better, 1 tells nothing; undefined without rows on both
        sides, or where no negative is read as positive.

    Source:
        Simel, Samsa and Matchar 1991, Likelihood ratios with confidence.

    >>> round(positive_likelihood_ratio(Outcomes(90, 20, 10, 80), 0.95).value, 6)
    4.5
    """
    above = outcomes.true_positives, outcomes.positives
    below = outcomes.false_positives, outcomes.negatives
    return _likelihood_ratio(above, below, level, read="positive")


def negative_likelihood_ratio(outcomes: Outcomes, level: float) -> Measured:
    """Returns (1 - sensitivity) / specificity: the odds' factor of a negative reading.

    Returns:
        0 or more, lower is better, 1 tells nothing; undefined without rows on both
        sides, or where no negative is read as negative.

    >>> round(negative_likelihood_ratio(Outcomes(90, 20, 10, 80), 0.95).value, 6)
    0.125
    """
    above = outcomes.false_negatives, outcomes.positives
    below = outcomes.true_negatives, outcomes.negatives
    return _likelihood_ratio(above, below, level, read="negative")


def _likelihood_ratio(
    above: tuple[int, int], below: tuple[int, int], level: float, *, read: str
) -> Measured:
    """Returns (x / P) / (y / N) with the interval of its logarithm.

    The variance of the logarithm is 1/x - 1/P + 1/y - 1/N.

    Args:
        above: x of P positives.
        below: y of N negatives.
        level: Confidence level in 0-1.
        read: What x and y are read as, in a word.
    """
    (x, positives), (y, negatives) = above, below
    if not positives or not negatives:
        return undefined(NO_NEGATIVES if positives else NO_POSITIVES)
    if not y:
        return undefined(f"no negative is read as {read}")
    value, n = x * negatives / (positives * y), positives + negatives
    if not x:
        return measured(
            value, n, None, note=f"no positive is read as {read}: no interval"
        )
    variance = 1 / x - 1 / positives + 1 / y - 1 / negatives
    if variance <= 0:
        return measured(value, n, None, note="all rows are read alike: no interval")
    reach = quantile_of(level) * sqrt(variance)
    low, high = exp(log(value) - reach), exp(log(value) + reach)
    return measured(value, n, Interval(low, high, level, "log ratio"))
