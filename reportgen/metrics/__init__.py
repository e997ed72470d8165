"""Pure numbers from predictions; `METRICS` lists every score of the report."""

from collections.abc import Callable
from dataclasses import dataclass

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
from reportgen.metrics.measured import Measured
from reportgen.metrics.probability import brier_score, log_loss
from reportgen.metrics.ranking import (
    average_precision_macro,
    roc_auc_ovr,
    top_3_accuracy,
)
from reportgen.predictions import Predictions
from reportgen.record import Score, Unit

__all__ = ["METRICS", "Measured", "Metric", "scores"]


@dataclass(frozen=True, slots=True)
class Metric:
    """One row of `METRICS`.

    Attributes:
        key: Name in code, configuration and JSON.
        label: Name on the page.
        unit: How a page prints it.
        compute: The function that measures it.
        higher_is_better: Direction.
    """

    key: str
    label: str
    unit: Unit
    compute: Callable[[Predictions], Measured]
    higher_is_better: bool = True


METRICS: tuple[Metric, ...] = (
    Metric("accuracy", "Accuracy", "share", accuracy),
    Metric("precision_weighted", "Precision, weighted", "share", precision_weighted),
    Metric("recall_weighted", "Recall, weighted", "share", recall_weighted),
    Metric("f1_weighted", "F1, weighted", "share", f1_weighted),
    Metric("roc_auc_ovr", "ROC-AUC, one vs rest", "number", roc_auc_ovr),
    Metric("log_loss", "Log loss", "number", log_loss, higher_is_better=False),
    Metric("cohen_kappa", "Cohen's kappa", "share", cohen_kappa),
    Metric("matthews_corrcoef", "Matthews correlation", "share", matthews_corrcoef),
    Metric("top_3_accuracy", "Top-3 accuracy", "share", top_3_accuracy),
    Metric("precision_macro", "Precision, macro", "share", precision_macro),
    Metric("recall_macro", "Recall, macro", "share", recall_macro),
    Metric("f1_macro", "F1, macro", "share", f1_macro),
    Metric("balanced_accuracy", "Balanced accuracy", "share", balanced_accuracy),
    Metric("brier_score", "Brier score", "number", brier_score, higher_is_better=False),
    Metric(
        "average_precision_macro",
        "Average precision, macro",
        "number",
        average_precision_macro,
    ),
    Metric("ece", "Expected calibration error", "share", ece, higher_is_better=False),
)


def scores(predictions: Predictions) -> tuple[Score, ...]:
    """Returns the score of every row of `METRICS`, in its order.

    Args:
        predictions: n rows over k classes.
    """
    return tuple(_score(metric, metric.compute(predictions)) for metric in METRICS)


def _score(metric: Metric, measured: Measured) -> Score:
    """Returns the outcome under its name."""
    return Score(
        key=metric.key,
        label=metric.label,
        unit=metric.unit,
        higher_is_better=metric.higher_is_better,
        estimate=measured.estimate,
        reason=measured.reason,
        note=measured.note,
    )
