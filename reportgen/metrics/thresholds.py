"""What comes of reading rows as positive from some probability on.

A row is read as positive where its probability of the positive class is at or above the
threshold. Thresholds that are called good were chosen on the validation part: chosen on
the test part they would flatter every number beside them.
"""

import numpy as np
from numpy.typing import NDArray

from reportgen.metrics.measured import HeldBack, proportion
from reportgen.metrics.per_class import union_f1
from reportgen.metrics.ranking import distinct_steps
from reportgen.predictions import Predictions
from reportgen.record import (
    ChosenThreshold,
    Criterion,
    Estimate,
    OperatingPoint,
    Outcomes,
    ThresholdSweep,
)

THRESHOLDS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
"""Thresholds that the table has."""

STEPS = 100
"""Steps from 0 to 1 that the picture has."""

ONE_SIDED = "The validation part holds one class only."
"""Why no threshold could be chosen on it."""

Counts = NDArray[np.int64]


def operating_points(
    predictions: Predictions, place: int, *, level: float
) -> tuple[OperatingPoint, ...]:
    """Returns what comes of each of `THRESHOLDS`.

    Args:
        predictions: n rows over two classes.
        place: Label of the positive class, 0 or 1.
        level: Confidence level in 0-1.
    """
    hits, alarms = _at_or_above(predictions, place, np.array(THRESHOLDS))
    return tuple(
        _point(predictions, place, (threshold, hit, alarm), level)
        for threshold, hit, alarm in zip(
            THRESHOLDS, hits.tolist(), alarms.tolist(), strict=True
        )
    )


def sweep(predictions: Predictions, place: int) -> ThresholdSweep:
    """Returns what is read as positive at each hundredth from 0 to 1."""
    thresholds = np.arange(STEPS + 1) / STEPS
    hits, alarms = _at_or_above(predictions, place, thresholds)
    return ThresholdSweep(
        tuple(thresholds.tolist()), tuple(hits.tolist()), tuple(alarms.tolist())
    )


def chosen_thresholds(
    predictions: Predictions, held_back: HeldBack, place: int, *, level: float
) -> tuple[tuple[ChosenThreshold, ...], str | None]:
    """Returns the validation part's best thresholds on the test part, or why none.

    Candidates are the distinct scores of the validation rows; of several that are as
    good the greatest is taken, which reads the fewest rows as positive.

    Args:
        predictions: n test rows over two classes.
        held_back: The validation part, or why there is none.
        place: Label of the positive class, 0 or 1.
        level: Confidence level in 0-1.

    Source:
        Youden 1950, Index for rating diagnostic tests.
    """
    validation = held_back.predictions
    if validation is None:
        return (), held_back.reason
    is_positive = validation.y_true == place
    positives = int(is_positive.sum())
    negatives = len(is_positive) - positives
    if not positives or not negatives:
        return (), ONE_SIDED
    score = validation.y_proba[:, place]
    hits, alarms = distinct_steps(is_positive, score)
    thresholds = np.unique(score)[::-1]  # (p,) as the steps, greatest first
    criteria: tuple[tuple[Criterion, NDArray[np.float64]], ...] = (
        ("youden", (hits * negatives - alarms * positives) / (positives * negatives)),
        ("f1", 2 * hits / (hits + alarms + positives)),
    )
    return tuple(
        ChosenThreshold(
            criterion=criterion,
            best=float(values.max()),
            rows=validation.n,
            point=_single(
                predictions, place, float(thresholds[values.argmax()]), level
            ),
        )
        for criterion, values in criteria
    ), None


def _single(
    predictions: Predictions, place: int, threshold: float, level: float
) -> OperatingPoint:
    """Returns what comes of one threshold."""
    hits, alarms = _at_or_above(predictions, place, np.array([threshold]))
    return _point(predictions, place, (threshold, int(hits[0]), int(alarms[0])), level)


def _at_or_above(
    predictions: Predictions, place: int, thresholds: NDArray[np.float64]
) -> tuple[Counts, Counts]:
    """Returns (p,) positives and (p,) negatives with at least each threshold."""
    is_positive = predictions.y_true == place
    score = predictions.y_proba[:, place]
    hits, alarms = (
        len(side) - np.searchsorted(np.sort(side), thresholds, side="left")
        for side in (score[is_positive], score[~is_positive])
    )
    return hits, alarms


def _point(
    predictions: Predictions, place: int, found: tuple[float, int, int], level: float
) -> OperatingPoint:
    """Returns what comes of a threshold, its hits and its false alarms."""
    threshold, hits, alarms = found
    positives = int((predictions.y_true == place).sum())
    negatives = predictions.n - positives
    one = Outcomes(hits, alarms, positives - hits, negatives - alarms)
    f1 = union_f1(hits, support=positives, predicted=hits + alarms, level=level)
    return OperatingPoint(
        threshold=threshold,
        outcomes=one,
        sensitivity=_share(hits, positives, level),
        specificity=_share(one.true_negatives, negatives, level),
        precision=_share(hits, hits + alarms, level),
        f1=f1.estimate,
    )


def _share(successes: int, n: int, level: float) -> Estimate | None:
    """Returns successes / n with its Wilson interval, None of none."""
    return proportion(successes, n, level) if n else None
