"""What became of each class."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportgen.metrics.multiple import holm
from reportgen.metrics.paired import Change, Pair, undefined_change
from reportgen.metrics.paired_counts import mcnemar
from reportgen.metrics.paired_intervals import (
    influence_difference,
    influence_interval,
    moved,
)
from reportgen.metrics.paired_ranking import RankingChanges
from reportgen.metrics.paired_scores import share_change
from reportgen.record import Unit
from reportgen.record.comparison import ClassChange, Difference

NO_ROWS = "0 rows of this class"
"""Why a class has neither recall nor F1."""


def class_changes(
    pair: Pair, level: float, *, areas: RankingChanges, precisions: RankingChanges
) -> tuple[ClassChange, ...]:
    """Returns what became of each class, in label order.

    Within the rows of a class fixes and regressions are tested as over all rows, by
    McNemar's mid-p; Holm's method corrects for the classes that have rows. Precision
    and F1 rest on other rows in each model, so their intervals are by influence values.

    Args:
        pair: n rows over k classes, predicted twice.
        level: Confidence level of the intervals, in 0-1; they are not corrected.
        areas: Changes of the areas under the ROC curve.
        precisions: Changes of the average precisions.
    """
    rows = tuple(_each_class(pair))
    p_values = [one.p_value for one in rows]
    corrected = iter(holm([p for p in p_values if p is not None]))
    holms = [None if p is None else next(corrected) for p in p_values]
    return tuple(
        _class_change(
            name,
            one,
            level=level,
            p_values=(p, p_holm),
            ranked=(areas.classes[c], precisions.classes[c]),
        )
        for c, (name, one, p, p_holm) in enumerate(
            zip(pair.baseline.class_names, rows, p_values, holms, strict=True)
        )
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """The rows that say something of one class.

    Attributes:
        own: (m,) bool, whether the class is a row's label.
        before: (m,) bool, whether the baseline predicts it.
        after: (m,) bool, whether the candidate does.
    """

    own: NDArray[np.bool_]
    before: NDArray[np.bool_]
    after: NDArray[np.bool_]

    @property
    def support(self) -> int:
        """Rows whose label is this class."""
        return int(self.own.sum())

    @property
    def fixes(self) -> int:
        """Those that the candidate alone predicts right."""
        return int((self.own & self.after & ~self.before).sum())

    @property
    def regressions(self) -> int:
        """Those that the baseline alone predicts right."""
        return int((self.own & self.before & ~self.after).sum())

    @property
    def p_value(self) -> float | None:
        """McNemar's mid-p, None without rows of the class."""
        return mcnemar(self.fixes, self.regressions).mid_p if self.support else None


def _each_class(pair: Pair) -> Iterator[_Rows]:
    """Yields each class."""
    labels = np.stack([pair.y_true, pair.before, pair.after])  # (3, n)
    for c in range(pair.k):
        of_class = labels == c
        yield _Rows(*of_class[:, of_class.any(axis=0)])


def _class_change(
    name: str,
    rows: _Rows,
    *,
    level: float,
    p_values: tuple[float | None, float | None],
    ranked: tuple[Change, Change],
) -> ClassChange:
    """Returns what became of one class.

    Args:
        name: Its name.
        rows: Its rows.
        level: Confidence level in 0-1.
        p_values: McNemar's mid-p, as it is and by Holm's method.
        ranked: Changes of its two areas.
    """
    return ClassChange(
        name=name,
        support=rows.support,
        fixes=rows.fixes,
        regressions=rows.regressions,
        predicted_by_baseline=int(rows.before.sum()),
        predicted_by_candidate=int(rows.after.sum()),
        p_value=p_values[0],
        p_value_holm=p_values[1],
        recall=_named("recall", "recall", _recall(rows, level)),
        precision=_named("precision", "precision", _precision(rows, level)),
        f1=_named("f1", "F1", _f1(rows, level)),
        roc_auc=_named("roc_auc", "ROC-AUC", ranked[0], unit="number"),
        average_precision=_named(
            "average_precision", "average precision", ranked[1], unit="number"
        ),
    )


def _named(key: str, label: str, change: Change, *, unit: Unit = "share") -> Difference:
    """Returns the change of a class's score; of all of them, more is better."""
    return Difference(
        key=key,
        label=label,
        unit=unit,
        higher_is_better=True,
        baseline=change.baseline,
        candidate=change.candidate,
        estimate=change.measured.estimate,
        reason=change.measured.reason,
        note=change.measured.note,
    )


def _recall(rows: _Rows, level: float) -> Change:
    """Returns the change of correct / support, within the rows of the class."""
    if not rows.support:
        return undefined_change(NO_ROWS)
    return share_change(rows.before[rows.own], rows.after[rows.own], level)


def _precision(rows: _Rows, level: float) -> Change:
    """Returns the change of correct / predicted."""
    if not rows.before.any() or not rows.after.any():
        lacking = "candidate" if rows.before.any() else "baseline"
        return undefined_change(f"never predicted by the {lacking}")
    either = rows.before | rows.after
    own = rows.own[either].astype(np.int64)
    before, after = (
        _ratio(own & predicted, predicted.astype(np.int64))
        for predicted in (rows.before[either], rows.after[either])
    )
    return _ratio_change(before, after, level)


def _f1(rows: _Rows, level: float) -> Change:
    """Returns the change of 2 correct / (support + predicted)."""
    if not rows.support:
        return undefined_change(NO_ROWS)
    own = rows.own.astype(np.int64)
    before, after = (
        _ratio(2 * (own & predicted), own + predicted)
        for predicted in (rows.before, rows.after)
    )
    return _ratio_change(before, after, level)


@dataclass(frozen=True, slots=True, eq=False)
class _Ratio:
    """A ratio of two sums over rows.

    Attributes:
        value: Σ above / Σ below.
        influence: (m,) (above - value · below) / mean of below. Rows of which both are
            0 have no influence and may be left out: the variance Σ IF² / m² is one.
    """

    value: float
    influence: NDArray[np.float64]


def _ratio(above: NDArray[np.int64], below: NDArray[np.int64]) -> _Ratio:
    """Returns Σ above / Σ below.

    Args:
        above: (m,) what each row adds above the line.
        below: (m,) what it adds below, their sum not 0.
    """
    value = int(above.sum()) / int(below.sum())
    influence: NDArray[np.float64] = (above - value * below) / below.mean()
    return _Ratio(value, influence)


def _ratio_change(before: _Ratio, after: _Ratio, level: float) -> Change:
    """Returns the change of a ratio."""
    value, m = after.value - before.value, len(before.influence)
    influence = influence_difference(before.influence, after.influence)
    interval = influence_interval(value, influence, level=level, farthest=1.0)
    return Change(before.value, after.value, moved(value, m, interval))
