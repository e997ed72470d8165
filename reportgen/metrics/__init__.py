"""Pure numbers from predictions; `METRICS` lists every score of the report."""

from collections.abc import Callable
from dataclasses import dataclass

from reportgen.metrics.average_precision import average_precision_macro
from reportgen.metrics.calibration import ece
from reportgen.metrics.counts import (
    accuracy,
    balanced_accuracy,
    cohen_kappa,
    f1_macro,
    f1_weighted,
    matthews_corrcoef,
    precision_macro,
    precision_weighted,
    recall_macro,
    recall_weighted,
)
from reportgen.metrics.measured import Measured, undefined
from reportgen.metrics.probability import brier_score, log_loss
from reportgen.metrics.ranking import roc_auc_ovr, top_3_accuracy
from reportgen.predictions import Predictions
from reportgen.record import LABELS_ALONE, Sampling, Score, Unit

__all__ = ["METRICS", "Measured", "Metric", "scores"]


@dataclass(frozen=True, slots=True)
class Metric:
    """One row of `METRICS`.

    Attributes:
        key: Name in code, configuration and JSON.
        label: Name on the page.
        meaning: What it says, in one short clause.
        unit: How a page prints it.
        compute: The function that measures it.
        higher_is_better: Direction.
        of_labels: Whether predicted labels suffice, so that no probability is read.
    """

    key: str
    label: str
    meaning: str
    unit: Unit
    compute: Callable[[Predictions, Sampling], Measured]
    higher_is_better: bool = True
    of_labels: bool = True


METRICS: tuple[Metric, ...] = (
    Metric(
        "accuracy",
        "Accuracy",
        "share of test rows predicted right",
        "share",
        accuracy,
    ),
    Metric(
        "precision_weighted",
        "Precision, weighted",
        "share right of what is read as a class, by class size",
        "share",
        precision_weighted,
    ),
    Metric(
        "recall_weighted",
        "Recall, weighted",
        "share right of a class's rows, by class size",
        "share",
        recall_weighted,
    ),
    Metric(
        "f1_weighted",
        "F1, weighted",
        "harmonic mean of the two, by class size",
        "share",
        f1_weighted,
    ),
    Metric(
        "roc_auc_ovr",
        "ROC-AUC, one vs rest",
        "chance that a class's row outranks another's",
        "number",
        roc_auc_ovr,
        of_labels=False,
    ),
    Metric(
        "log_loss",
        "Log loss",
        "mean surprise at the true class, in nats",
        "number",
        log_loss,
        higher_is_better=False,
        of_labels=False,
    ),
    Metric(
        "cohen_kappa",
        "Cohen's kappa",
        "agreement with the labels beyond chance",
        "share",
        cohen_kappa,
    ),
    Metric(
        "matthews_corrcoef",
        "Matthews correlation",
        "correlation of label and prediction",
        "share",
        matthews_corrcoef,
    ),
    Metric(
        "top_3_accuracy",
        "Top-3 accuracy",
        "true class among the likeliest three",
        "share",
        top_3_accuracy,
        of_labels=False,
    ),
    Metric(
        "precision_macro",
        "Precision, macro",
        "every class counted alike",
        "share",
        precision_macro,
    ),
    Metric(
        "recall_macro",
        "Recall, macro",
        "every class counted alike",
        "share",
        recall_macro,
    ),
    Metric("f1_macro", "F1, macro", "every class counted alike", "share", f1_macro),
    Metric(
        "balanced_accuracy",
        "Balanced accuracy",
        "mean recall over the classes",
        "share",
        balanced_accuracy,
    ),
    Metric(
        "brier_score",
        "Brier score",
        "mean squared distance from the truth",
        "number",
        brier_score,
        higher_is_better=False,
        of_labels=False,
    ),
    Metric(
        "average_precision_macro",
        "Average precision, macro",
        "area under precision over recall",
        "number",
        average_precision_macro,
        of_labels=False,
    ),
    Metric(
        "ece",
        "Expected calibration error",
        "mean distance of confidence from share right",
        "share",
        ece,
        higher_is_better=False,
        of_labels=False,
    ),
)


def scores(predictions: Predictions, sampling: Sampling) -> tuple[Score, ...]:
    """Returns the score of every row of `METRICS`, in its order.

    Args:
        predictions: n rows over k classes; of labels alone what rests on probabilities
            is undefined.
        sampling: Level, replicates and seed of the intervals.
    """
    return tuple(
        _score(metric, _computed(metric, predictions, sampling)) for metric in METRICS
    )


def _computed(metric: Metric, predictions: Predictions, sampling: Sampling) -> Measured:
    """Returns the outcome, or that labels alone do not tell it."""
    if predictions.hard and not metric.of_labels:
        return undefined(LABELS_ALONE)
    return metric.compute(predictions, sampling)


def _score(metric: Metric, measured: Measured) -> Score:
    """Returns the outcome under its name."""
    return Score(
        key=metric.key,
        label=metric.label,
        meaning=metric.meaning,
        unit=metric.unit,
        higher_is_better=metric.higher_is_better,
        estimate=measured.estimate,
        reason=measured.reason,
        note=measured.note,
    )
