"""Every class against the rest."""

from dataclasses import dataclass

import numpy as np

from reportgen.metrics.counts import confusion_counts
from reportgen.metrics.measured import Measured, measured, proportion, undefined
from reportgen.metrics.ranking import average_precision, roc_auc
from reportgen.predictions import Predictions
from reportgen.record import ClassScores, ConfusedPair, Score


@dataclass(frozen=True, slots=True)
class _Margin:
    """Counts of one class: its rows, its predictions, and where they agree."""

    support: int
    predicted: int
    correct: int
    n: int


def class_scores(predictions: Predictions) -> tuple[ClassScores, ...]:
    """Returns the scores of each class, in label order.

    Args:
        predictions: n rows over k classes.

    Returns:
        k entries. A class without rows has no recall, F1, AUC or average precision; a
        class never predicted has no precision.
    """
    counts = confusion_counts(predictions)
    support, predicted = counts.sum(axis=1).tolist(), counts.sum(axis=0).tolist()
    correct = np.diag(counts).tolist()
    return tuple(
        _one_class(predictions, c, _Margin(*margin, predictions.n))
        for c, margin in enumerate(zip(support, predicted, correct, strict=True))
    )


def _one_class(predictions: Predictions, c: int, margin: _Margin) -> ClassScores:
    """Returns the scores of class c."""
    is_class = predictions.y_true == c
    proba = predictions.y_proba[:, c]
    return ClassScores(
        name=predictions.class_names[c],
        support=margin.support,
        predicted=margin.predicted,
        correct=margin.correct,
        precision=_score("precision", "precision", _precision(margin)),
        recall=_score("recall", "recall", _recall(margin)),
        f1=_score("f1", "F1", _f1(margin)),
        roc_auc=_score("roc_auc", "ROC-AUC", roc_auc(is_class, proba)),
        average_precision=_score(
            "average_precision",
            "average precision",
            average_precision(is_class, proba),
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


def _precision(margin: _Margin) -> Measured:
    """Returns correct / predicted."""
    if not margin.predicted:
        return undefined("never predicted")
    return proportion(margin.correct, margin.predicted)


def _recall(margin: _Margin) -> Measured:
    """Returns correct / support."""
    if not margin.support:
        return undefined("0 rows")
    return proportion(margin.correct, margin.support)


def _f1(margin: _Margin) -> Measured:
    """Returns 2 correct / (support + predicted)."""
    if not margin.support:
        return undefined("0 rows")
    return measured(2 * margin.correct / (margin.support + margin.predicted), margin.n)


def confused_pairs(predictions: Predictions, most: int) -> tuple[ConfusedPair, ...]:
    """Returns the commonest errors by label and prediction, commonest first.

    Args:
        predictions: n rows over k classes.
        most: Pairs to return at most; of equally common ones those of the lower label.
    """
    off = confusion_counts(predictions)
    support = off.sum(axis=1)
    np.fill_diagonal(off, 0)
    errors = int(off.sum())
    order = np.argsort(-off, axis=None, kind="stable")[:most].tolist()
    cells = [divmod(cell, predictions.k) for cell in order]
    return tuple(
        ConfusedPair(
            true=predictions.class_names[i],
            predicted=predictions.class_names[j],
            count=int(off[i, j]),
            share_of_class=float(off[i, j] / support[i]),
            share_of_errors=float(off[i, j] / errors),
        )
        for i, j in cells
        if off[i, j]
    )
