"""Scores as functions of a confusion matrix's diagonal and margins, one or many."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Margins:
    """What every score of the confusion matrix follows from.

    Attributes:
        correct: (..., k) int64, rows of each class predicted as it.
        support: (..., k) int64, rows of each class.
        predicted: (..., k) int64, rows predicted as each class.
    """

    correct: Counts
    support: Counts
    predicted: Counts

    @property
    def n(self) -> Counts:
        """(...,) rows."""
        total: Counts = self.support.sum(axis=-1)
        return total

    @property
    def present(self) -> NDArray[np.bool_]:
        """(..., k) bool, whether a class has rows."""
        return self.support > 0


def margins_of(counts: Counts) -> Margins:
    """Returns the margins of one confusion matrix.

    Args:
        counts: (k, k) int64, rows true, columns predicted.
    """
    return Margins(np.diag(counts), counts.sum(axis=1), counts.sum(axis=0))


def accuracies(margins: Margins) -> Values:
    """Returns (...,) share of rows predicted right."""
    return _ratio(margins.correct.sum(axis=-1), margins.n)


def kappas(margins: Margins) -> Values:
    """Returns (...,) Cohen's kappa, NaN where the labels are of one class.

    From whole numbers, (n Σ correct - t·q) / (n² - t·q), hence exactly 0 for a constant
    predictor.
    """
    n = margins.n
    by_chance = (margins.support * margins.predicted).sum(axis=-1)  # times n²
    above = n * margins.correct.sum(axis=-1) - by_chance
    return _told_apart(margins, _ratio(above, n * n - by_chance))


def correlations(margins: Margins) -> Values:
    """Returns (...,) Matthews correlation R_K, NaN where the labels are of one class.

    0 where all rows are predicted as one class.
    """
    n = margins.n
    above = n * margins.correct.sum(axis=-1)
    above = above - (margins.support * margins.predicted).sum(axis=-1)
    spread_true = n * n - (margins.support**2).sum(axis=-1)
    spread_predicted = n * n - (margins.predicted**2).sum(axis=-1)
    roots = np.sqrt(spread_true) * np.sqrt(spread_predicted)
    # Of equal margins the root is whole: without it no perfect model would have 1.
    below = np.where(spread_true == spread_predicted, spread_true, roots)
    values = np.where(below > 0, above / np.where(below > 0, below, 1), 0.0)
    return _told_apart(margins, np.clip(values, -1, 1))  # rounding of the roots


def precisions(margins: Margins) -> Values:
    """Returns (..., k) correct / predicted, NaN where never predicted."""
    return _ratio(margins.correct, margins.predicted)


def recalls(margins: Margins) -> Values:
    """Returns (..., k) correct / support, NaN where there are no rows."""
    return _ratio(margins.correct, margins.support)


def f1s(margins: Margins) -> Values:
    """Returns (..., k) 2 correct / (support + predicted)."""
    return _ratio(2 * margins.correct, margins.support + margins.predicted)


def precisions_macro(margins: Margins) -> Values:
    """Returns (...,) plain mean of the precisions of the classes present."""
    return _macro(margins, precisions(margins))


def precisions_weighted(margins: Margins) -> Values:
    """Returns (...,) mean of the precisions by support."""
    return _weighted(margins, precisions(margins))


def recalls_macro(margins: Margins) -> Values:
    """Returns (...,) plain mean of the recalls of the classes present."""
    return _macro(margins, recalls(margins))


def f1s_macro(margins: Margins) -> Values:
    """Returns (...,) plain mean of the F1 of the classes present."""
    return _macro(margins, f1s(margins))


def f1s_weighted(margins: Margins) -> Values:
    """Returns (...,) mean of the F1 by support."""
    return _weighted(margins, f1s(margins))


def _macro(margins: Margins, values: Values) -> Values:
    """Returns (...,) the plain mean over the classes present, undefined ones as 0."""
    kept = np.where(margins.present, np.nan_to_num(values), 0.0)
    mean: Values = kept.sum(axis=-1) / margins.present.sum(axis=-1)
    return mean


def _weighted(margins: Margins, values: Values) -> Values:
    """Returns (...,) the mean over classes by support, undefined ones as 0."""
    total = (margins.support * np.nan_to_num(values)).sum(axis=-1)
    mean: Values = total / margins.n
    return mean


def _told_apart(margins: Margins, values: Values) -> Values:
    """Returns the values, NaN where the labels are of one class."""
    return np.where(margins.present.sum(axis=-1) > 1, values, np.nan)


def _ratio(above: Counts, below: Counts) -> Values:
    """Returns above / below, NaN where below is 0."""
    safe = np.where(below > 0, below, 1)
    return np.where(below > 0, above / safe, np.nan)
