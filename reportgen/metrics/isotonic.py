"""The Brier score as miscalibration, discrimination and uncertainty."""

import numpy as np
from numpy.typing import NDArray

from reportgen.metrics.intervals import ROUNDING, inner
from reportgen.predictions import Predictions
from reportgen.record import BrierSplit

Floats = NDArray[np.float64]


def brier_split(predictions: Predictions) -> BrierSplit:
    """Returns score = miscalibration - discrimination + uncertainty, sum form.

    Every class against the rest: its probabilities are recalibrated by isotonic
    regression on these very rows. Miscalibration is what the score loses by that,
    discrimination what the recalibrated score is below that of the base rate, and
    uncertainty the base rate's own. All three are summed over the classes, so two
    classes give twice what the one-column form gives.

    Args:
        predictions: n rows over k classes.

    Source:
        Dimitriadis, Gneiting and Jordan 2021, Stable reliability diagrams for
        probabilistic classifiers (CORP).
    """
    splits = [
        class_split(predictions.y_proba[:, c], predictions.y_true == c)
        for c in range(predictions.k)
    ]
    return BrierSplit(
        score=sum(one.score for one in splits),
        miscalibration=sum(one.miscalibration for one in splits),
        discrimination=sum(one.discrimination for one in splits),
        uncertainty=sum(one.uncertainty for one in splits),
    )


def class_split(proba: Floats, came_true: NDArray[np.bool_]) -> BrierSplit:
    """Returns the split of one event's probability, one-column form.

    Args:
        proba: (n,) stated probability.
        came_true: (n,) whether the event happened.

    >>> split = class_split(
    ...     np.array([0.1, 0.4, 0.35, 0.8]), np.array([False, False, True, True])
    ... )
    >>> round(split.miscalibration, 6), split.discrimination, split.uncertainty
    (0.033125, 0.125, 0.25)
    """
    score = float(((proba - came_true) ** 2).mean())
    base = float(came_true.mean())
    uncertainty = base * (1 - base)
    recalibrated = _recalibrated_score(proba, came_true)
    return BrierSplit(
        score=score,
        miscalibration=_plain(score - recalibrated),
        discrimination=_plain(uncertainty - recalibrated),
        uncertainty=uncertainty,
    )


def _plain(difference: float) -> float:
    """Returns a difference that is never below 0, without what rounding left of it."""
    return difference if difference > ROUNDING else 0.0


def _recalibrated_score(proba: Floats, came_true: NDArray[np.bool_]) -> float:
    """Returns the Brier score after isotonic regression; ties share one value.

    A group of rows with frequency f that is told g scores f (1 - g)² + (1 - f) g².
    """
    from scipy.optimize import isotonic_regression

    order = np.argsort(proba)
    ordered = proba[order]
    first = np.flatnonzero(np.append(True, ordered[1:] > ordered[:-1]))  # of each tie
    rows = np.diff(np.append(first, len(ordered)))  # (p,) rows a distinct score
    hits = np.add.reduceat(came_true[order].astype(np.int64), first)
    frequency = hits / rows
    told: Floats = isotonic_regression(frequency, weights=rows).x
    lost = frequency * (1 - told) ** 2 + (1 - frequency) * told**2
    return inner(rows, lost) / len(ordered)
