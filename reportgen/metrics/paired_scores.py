"""The difference of every score of the report, by its key."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from reportgen.metrics import METRICS, Metric
from reportgen.metrics.counts import TABLE_SCORES, TableScore
from reportgen.metrics.intervals import Interval
from reportgen.metrics.margins import margins_of
from reportgen.metrics.measured import (
    ONE_CLASS,
    ONE_ROW,
    classes_note,
    joined,
    measured,
    undefined,
)
from reportgen.metrics.paired import Change, Pair, crossed, undefined_change
from reportgen.metrics.paired_intervals import (
    bonett_price,
    influence_difference,
    influence_interval,
    moved,
)
from reportgen.metrics.paired_ranking import RankingChanges
from reportgen.metrics.probability import (
    CLIP,
    clipped_rows,
    row_brier,
    row_log_loss,
    unseen,
)
from reportgen.metrics.ranking import within_top
from reportgen.metrics.reliability import calibration_error
from reportgen.predictions import Predictions
from reportgen.record.comparison import Difference

BIASED = (
    "a calibration error is biased upward, by more the better the calibration; compare "
    "the log losses and the calibrations"
)
"""Why calibration errors are not subtracted."""

SHARES: dict[str, Callable[[Predictions], NDArray[np.bool_]]] = {
    "accuracy": lambda predictions: predictions.y_pred == predictions.y_true,
    "recall_weighted": lambda predictions: predictions.y_pred == predictions.y_true,
    "top_3_accuracy": lambda predictions: within_top(predictions, 3),
}
"""Scores that are a share of the rows, with which rows have it."""

LOSSES: dict[str, tuple[Callable[[Predictions], NDArray[np.float64]], float]] = {
    "log_loss": (row_log_loss, np.inf),
    "brier_score": (row_brier, 2.0),
}
"""Scores that are a mean over rows, with each row's and the greatest value."""

OVER_CLASSES = frozenset(
    {"precision_macro", "recall_macro", "f1_macro", "balanced_accuracy"}
)
"""Scores that are a plain mean over the classes present."""


def differences(
    pair: Pair, level: float, *, areas: RankingChanges, precisions: RankingChanges
) -> tuple[Difference, ...]:
    """Returns the difference of every score, in the order of `METRICS`.

    Shares of rows have Bonett and Price's interval, all others one by influence values.

    Args:
        pair: n rows over k classes, predicted twice.
        level: Confidence level of the intervals, in 0-1.
        areas: Changes of the areas under the ROC curve.
        precisions: Changes of the average precisions.

    Returns:
        candidate - baseline of each; calibration errors stand beside each other without
        a difference, and where a model predicted labels alone all that rests on
        probabilities is undefined.
    """
    ranked = {
        "roc_auc_ovr": areas.mean,
        "average_precision_macro": precisions.mean,
        "ece": Change(
            calibration_error(pair.baseline),
            calibration_error(pair.candidate),
            undefined(BIASED),
        ),
    }
    unread = undefined_change(pair.without_scores) if pair.without_scores else None
    return tuple(
        _named(metric, unread)
        if unread and not metric.of_labels
        else _named(metric, ranked.get(metric.key) or _change(metric.key, pair, level))
        for metric in METRICS
    )


def _named(metric: Metric, change: Change) -> Difference:
    """Returns the change under its name."""
    return Difference(
        key=metric.key,
        label=metric.label,
        unit=metric.unit,
        higher_is_better=metric.higher_is_better,
        baseline=change.baseline,
        candidate=change.candidate,
        estimate=change.measured.estimate,
        reason=change.measured.reason,
        note=change.measured.note,
    )


def _change(key: str, pair: Pair, level: float) -> Change:
    """Returns the change of a score that does not rank rows.

    Raises:
        KeyError: There is no such score.
    """
    if key in SHARES:
        return _share_change(key, pair, level)
    if key in LOSSES:
        return _loss_change(key, pair, level)
    table = {score.key: score for score in TABLE_SCORES}
    return _table_change(table[key], pair, level)


def _share_change(key: str, pair: Pair, level: float) -> Change:
    """Returns the change of a share of the rows."""
    k = pair.k
    if key == "top_3_accuracy" and k <= 3:  # noqa: PLR2004 - the three of top 3
        return undefined_change(f"{k} classes make it 1 by definition")
    before, after = (SHARES[key](one) for one in (pair.baseline, pair.candidate))
    return share_change(before, after, level)


def share_change(
    before: NDArray[np.bool_], after: NDArray[np.bool_], level: float
) -> Change:
    """Returns the change of the share of rows that have something.

    Args:
        before: (n,) bool, whether a row has it by the baseline; at least one row.
        after: (n,) bool, likewise by the candidate.
        level: Confidence level of Bonett and Price's interval.
    """
    n, old, new = len(before), int(before.sum()), int(after.sum())
    gained, lost = int((after & ~before).sum()), int((before & ~after).sum())
    interval = None
    if n > 1:
        bounds = bonett_price(gained, lost, n, level=level)
        interval = Interval(*bounds, level, "Bonett-Price")
    note = None if interval else ONE_ROW
    change = measured((gained - lost) / n, n, interval, note=note)
    return Change(old / n, new / n, change)


def _loss_change(key: str, pair: Pair, level: float) -> Change:
    """Returns the change of a mean loss."""
    losses, most = LOSSES[key]
    before, after = losses(pair.baseline), losses(pair.candidate)
    old, new = float(before.mean()), float(after.mean())
    influence = influence_difference(before, after)
    interval = influence_interval(new - old, influence, level=level, farthest=most)
    notes = [_clipped(pair) if key == "log_loss" else None]
    if unseen(pair.baseline):
        notes.append(unseen(pair.candidate))
    return Change(old, new, moved(new - old, pair.n, interval, note=joined(notes)))


def _clipped(pair: Pair) -> str | None:
    """Returns how many rows of either model were clipped, None where none."""
    rows = clipped_rows(pair.baseline), clipped_rows(pair.candidate)
    if not any(rows):
        return None
    return f"rows clipped at {CLIP}: baseline {rows[0]:,}, candidate {rows[1]:,}"


def _table_change(score: TableScore, pair: Pair, level: float) -> Change:
    """Returns the change of a score of the confusion matrix."""
    predicted = (pair.before, pair.after)
    counts = [crossed(pair.y_true, one, pair.k) for one in predicted]
    old, new = (float(score.values(margins_of(one))) for one in counts)
    if np.isnan(old):  # the labels alone decide that
        return undefined_change(ONE_CLASS)
    influence = influence_difference(
        score.influence(counts[0])[pair.y_true, pair.before],
        score.influence(counts[1])[pair.y_true, pair.after],
    )
    interval = influence_interval(
        new - old, influence, level=level, farthest=1 - score.least
    )
    present = int(margins_of(counts[0]).present.sum())
    note = classes_note(present, pair.k) if score.key in OVER_CLASSES else None
    return Change(old, new, moved(new - old, pair.n, interval, note=note))
