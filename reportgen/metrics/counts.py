"""Scores that follow from the confusion matrix alone."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportgen.metrics import influence, margins
from reportgen.metrics.influence import Influence, standard_error
from reportgen.metrics.intervals import effective_wilson
from reportgen.metrics.margins import Counts, Margins, margins_of
from reportgen.metrics.measured import (
    ONE_CLASS,
    ONE_ROW,
    Measured,
    classes_note,
    counted,
    joined,
    measured,
    undefined,
)
from reportgen.predictions import Predictions
from reportgen.record import Sampling

CONSTANT = "constant predictor: every row is predicted as the same class"
"""What a reader must know of an agreement beyond chance of 0 without an interval."""


def confusion_counts(predictions: Predictions) -> Counts:
    """Returns the confusion matrix.

    Args:
        predictions: n rows over k classes.

    Returns:
        (k, k) int64, rows true, columns predicted; its sum is n.
    """
    k = predictions.k
    cells = predictions.y_true * k + predictions.y_pred
    return np.bincount(cells, minlength=k * k).reshape(k, k).astype(np.int64)


def accuracy(predictions: Predictions, sampling: Sampling) -> Measured:
    """Returns the share of rows predicted right, with its Wilson interval.

    Args:
        predictions: n rows over k classes.
        sampling: Level of the interval.

    Returns:
        Share in 0-1, higher is better.
    """
    right = int(np.trace(confusion_counts(predictions)))
    return counted(right, predictions.n, sampling.level)


def balanced_accuracy(predictions: Predictions, sampling: Sampling) -> Measured:
    """Returns the mean of the classes' recalls, over the classes present.

    Source:
        Brodersen et al. 2010, The balanced accuracy and its posterior distribution.
    """
    return _mean(predictions, sampling, "balanced_accuracy")


def precision_macro(predictions: Predictions, sampling: Sampling) -> Measured:
    """Returns the plain mean of the classes' precisions, over the classes present.

    A class that is never predicted counts as 0, with a note.
    """
    return _mean(predictions, sampling, "precision_macro")


def precision_weighted(predictions: Predictions, sampling: Sampling) -> Measured:
    """Returns the mean of the classes' precisions, weighted by support."""
    return _mean(predictions, sampling, "precision_weighted")


def recall_macro(predictions: Predictions, sampling: Sampling) -> Measured:
    """Returns the plain mean of the classes' recalls, which is balanced accuracy."""
    return balanced_accuracy(predictions, sampling)


def recall_weighted(predictions: Predictions, sampling: Sampling) -> Measured:
    """Returns the mean of recalls weighted by support, which is the accuracy.

    Σ (t_c / n) (C_cc / t_c) = Σ C_cc / n; it therefore has accuracy's interval.
    """
    return accuracy(predictions, sampling)


def f1_macro(predictions: Predictions, sampling: Sampling) -> Measured:
    """Returns the plain mean of the classes' F1, over the classes present."""
    return _mean(predictions, sampling, "f1_macro")


def f1_weighted(predictions: Predictions, sampling: Sampling) -> Measured:
    """Returns the mean of the classes' F1, weighted by support."""
    return _mean(predictions, sampling, "f1_weighted")


def cohen_kappa(predictions: Predictions, sampling: Sampling) -> Measured:
    """Returns agreement beyond chance, (p_o - p_e) / (1 - p_e).

    p_o is the accuracy and p_e = Σ t_c q_c, with the margins t of labels and q of
    predictions.

    Returns:
        In -1..1, higher is better; 0 for a constant predictor.

    Source:
        Cohen 1960, A coefficient of agreement for nominal scales.
    """
    return _beyond_chance(predictions, sampling, "cohen_kappa")


def matthews_corrcoef(predictions: Predictions, sampling: Sampling) -> Measured:
    """Returns the correlation of labels and predictions over k classes, R_K.

    (p_o - t·q) / sqrt((1 - q·q)(1 - t·t)), with the margins t of labels and q of
    predictions; computed from counts, which are exact.

    Returns:
        In -1..1, higher is better; 0 for a constant predictor.

    Source:
        Gorodkin 2004, Comparing two K-category assignments by a K-category
        correlation coefficient.
    """
    return _beyond_chance(predictions, sampling, "matthews_corrcoef")


@dataclass(frozen=True, slots=True)
class TableScore:
    """A score of the confusion matrix, for one matrix or for many replicates of it.

    Attributes:
        key: Its key in `METRICS`.
        values: From margins (..., k) to (...,) values, NaN where undefined.
        influence: From one (k, k) matrix to the score's (k, k) influence values.
        least: Lower end of its range; the upper is 1.
    """

    key: str
    values: Callable[[Margins], NDArray[np.float64]]
    influence: Callable[[Counts], Influence]
    least: float = 0.0


TABLE_SCORES: tuple[TableScore, ...] = (
    TableScore("accuracy", margins.accuracies, influence.accuracy),
    TableScore(
        "precision_weighted", margins.precisions_weighted, influence.precision_weighted
    ),
    TableScore("recall_weighted", margins.accuracies, influence.accuracy),
    TableScore("f1_weighted", margins.f1s_weighted, influence.f1_weighted),
    TableScore("cohen_kappa", margins.kappas, influence.kappa, least=-1.0),
    TableScore(
        "matthews_corrcoef", margins.correlations, influence.correlation, least=-1.0
    ),
    TableScore("precision_macro", margins.precisions_macro, influence.precision_macro),
    TableScore("recall_macro", margins.recalls_macro, influence.recall_macro),
    TableScore("f1_macro", margins.f1s_macro, influence.f1_macro),
    TableScore("balanced_accuracy", margins.recalls_macro, influence.recall_macro),
)
"""Every score that follows from the confusion matrix alone, in the order of METRICS."""


def _mean(predictions: Predictions, sampling: Sampling, key: str) -> Measured:
    """Returns a mean over the classes present, and which of them it treats apart."""
    counts = confusion_counts(predictions)
    of = margins_of(counts)
    notes = [classes_note(int(of.present.sum()), predictions.k)]
    never = int((of.present & (of.predicted == 0)).sum())
    if never and key.startswith("precision"):
        notes.append(f"{never} never predicted, precision counted as 0")
    return _from_counts(counts, sampling.level, key, notes)


def _beyond_chance(predictions: Predictions, sampling: Sampling, key: str) -> Measured:
    """Returns agreement beyond chance, undefined where the labels are of one class."""
    counts = confusion_counts(predictions)
    of = margins_of(counts)
    if of.present.sum() == 1:
        return undefined(ONE_CLASS)
    constant = int((of.predicted > 0).sum()) == 1
    if constant:  # the value is 0 whatever the labels are, and so cannot move
        return measured(0.0, predictions.n, None, note=CONSTANT)
    return _from_counts(counts, sampling.level, key, [])


def _from_counts(
    counts: Counts, level: float, key: str, notes: list[str | None]
) -> Measured:
    """Returns the score of that key with its interval, or a note why it has none."""
    score = next(row for row in TABLE_SCORES if row.key == key)
    value = float(score.values(margins_of(counts)))
    spread = standard_error(counts, score.influence(counts))
    interval = effective_wilson(value, spread, level, least=score.least)
    if not np.trace(counts):  # the margins that chance is told by would be all it is of
        interval = None
    if interval is None:
        notes = [*notes, _motionless(counts)]
    return measured(value, int(counts.sum()), interval, note=joined(notes))


def _motionless(counts: Counts) -> str:
    """Returns why a score of these counts has no interval."""
    n, correct = int(counts.sum()), int(np.trace(counts))
    if n == 1:
        return ONE_ROW
    if correct == n:
        return "no errors: nothing tells how far it may move; see accuracy"
    if not correct:
        return "no row is right: nothing tells how far it may move; see accuracy"
    return "its standard error is 0: nothing tells how far it may move"
