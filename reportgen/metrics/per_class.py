"""Every class against the rest."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from reportgen.metrics.average_precision import class_average_precisions
from reportgen.metrics.counts import confusion_counts
from reportgen.metrics.intervals import Interval, wilson
from reportgen.metrics.measured import ONE_ROW, Measured, counted, measured, undefined
from reportgen.metrics.ranking import class_areas
from reportgen.predictions import Predictions
from reportgen.record import LABELS_ALONE, ClassScores, Sampling, Score


@dataclass(frozen=True, slots=True)
class _Margin:
    """Counts of one class: its rows, its predictions, and where they agree."""

    support: int
    predicted: int
    correct: int


@dataclass(frozen=True, slots=True)
class _Ranked:
    """What the order of a class's scores says."""

    area: Measured
    average_precision: Measured


def class_scores(
    predictions: Predictions, sampling: Sampling
) -> tuple[ClassScores, ...]:
    """Returns the scores of each class, in label order.

    Args:
        predictions: n rows over k classes.
        sampling: Level, replicates and seed of the intervals.

    Returns:
        k entries. A class without rows has no recall, F1, AUC or average precision; a
        class never predicted has no precision. Of labels alone no class has an AUC or
        an average precision.
    """
    counts = confusion_counts(predictions)
    columns = (counts.sum(axis=1), counts.sum(axis=0), np.diag(counts))
    margins = [_Margin(*row) for row in np.stack(columns, axis=1).tolist()]
    ranked = _ranked(predictions, sampling)
    rows = zip(predictions.class_names, margins, ranked, strict=True)
    return tuple(_one_class(*row, level=sampling.level) for row in rows)


def _ranked(predictions: Predictions, sampling: Sampling) -> Iterable[_Ranked]:
    """Returns what the order of each class's scores says; of labels alone nothing."""
    if predictions.hard:
        unknown = undefined(LABELS_ALONE)
        return [_Ranked(unknown, unknown)] * predictions.k
    areas = class_areas(predictions, sampling)
    return map(_Ranked, areas, class_average_precisions(predictions, sampling))


def _f1(margin: _Margin, level: float) -> Measured:
    """Returns the F1 of a class."""
    return union_f1(
        margin.correct, support=margin.support, predicted=margin.predicted, level=level
    )


def _one_class(
    name: str, margin: _Margin, ranked: _Ranked, *, level: float
) -> ClassScores:
    """Returns the scores of one class."""
    return ClassScores(
        name=name,
        support=margin.support,
        predicted=margin.predicted,
        correct=margin.correct,
        precision=_score("precision", "precision", _precision(margin, level)),
        recall=_score("recall", "recall", _recall(margin, level)),
        f1=_score("f1", "F1", _f1(margin, level)),
        roc_auc=_score("roc_auc", "ROC-AUC", ranked.area),
        average_precision=_score(
            "average_precision", "average precision", ranked.average_precision
        ),
    )


def _score(key: str, label: str, measured_value: Measured) -> Score:
    """Returns a class's score; all of them are shares or areas, higher is better."""
    return Score(
        key=key,
        label=label,
        meaning="the class against the rest",
        unit="number" if key in {"roc_auc", "average_precision"} else "share",
        higher_is_better=True,
        estimate=measured_value.estimate,
        reason=measured_value.reason,
        note=measured_value.note,
    )


def _precision(margin: _Margin, level: float) -> Measured:
    """Returns correct / predicted."""
    if not margin.predicted:
        return undefined("never predicted")
    return counted(margin.correct, margin.predicted, level)


def _recall(margin: _Margin, level: float) -> Measured:
    """Returns correct / support."""
    if not margin.support:
        return undefined("0 rows")
    return counted(margin.correct, margin.support, level)


def union_f1(correct: int, *, support: int, predicted: int, level: float) -> Measured:
    """Returns 2 correct / (support + predicted), from the union of both sets of rows.

    F1 = 2 J / (1 + J) with J = correct / union, a proportion: Wilson's interval of J,
    moved through this increasing function, keeps its coverage.

    Args:
        correct: Rows of the class that are predicted as it.
        support: Rows of the class.
        predicted: Rows predicted as the class.
        level: Confidence level in 0-1.

    Returns:
        In 0-1, higher is better; undefined without rows of the class.
    """
    if not support:
        return undefined("0 rows")
    value = 2 * correct / (support + predicted)
    union = support + predicted - correct
    if union == 1:
        return measured(value, union, None, note=ONE_ROW)
    low, high = (2 * j / (1 + j) for j in wilson(correct, union, level))
    interval = Interval(low, high, level, "Wilson of the union")
    return measured(value, union, interval)
