"""What can be required, where the evaluation holds it, and which values it can have."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Literal

from reportgen.record import (
    LABELS_ALONE,
    SCORE_KEYS,
    Calibration,
    Deciding,
    Estimate,
    Evaluation,
    NoiseFloor,
    Score,
)
from reportgen.record.wording import Kind
from reportgen.requirements.written import nearest

P_VALUE = "a p-value has no interval and is judged as a point"

UNBINNED = "there are too few rows to put into bins"
"""Why an evaluation with probabilities has no calibration and no way to decide."""


@dataclass(frozen=True, slots=True)
class Found:
    """What an evaluation holds for a measure, or a comparison for its difference.

    Attributes:
        label: Name on a page.
        kind: How a page prints it.
        estimate: The value, None where it is undefined.
        reason: Why it is undefined, in words; None where it is defined.
    """

    label: str
    kind: Kind
    estimate: Estimate | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Measure:
    """One row of `MEASURES`.

    Attributes:
        key: Name in an expression.
        find: Returns what an evaluation holds for it; of which class, if `of_class`.
        least: Lower end of its range.
        most: Upper end of its range.
        of_class: Whether each class has its own.
        counted: What the rows are that a value rests on.
        difference: Whether it is a difference of two shares itself.
        alone: Why nothing can be required of its difference from a baseline, in a
            sentence; None where something can.
    """

    key: str
    find: Callable[[Evaluation, str | None], Found]
    least: float = 0.0
    most: float = 1.0
    of_class: bool = False
    counted: str = "rows"
    difference: bool = False
    alone: str | None = None

    def range_of(self, *, delta: bool) -> tuple[float, float]:
        """Returns the least and the greatest value of it, or of its difference."""
        width = self.most - self.least
        return (-width, width) if delta else (self.least, self.most)

    def unit_of(self, *, delta: bool) -> str | None:
        """Returns the unit in which it, or its difference, can be written.

        A difference "of 1 %" may mean 1 % of the old value, so it is told in points.
        """
        if self.most != 1:
            return None
        return "points" if delta or self.difference else "%"


A_P_VALUE = "A p-value is for one model."
BIASED = "A calibration error is biased upward, by more the better the calibration is."
UNCOMPARED = "No comparison measures it."
"""Why nothing can be required of a difference."""

RANGES = {
    "log_loss": (0.0, inf),
    "brier_score": (0.0, 2.0),
    "cohen_kappa": (-1.0, 1.0),
    "matthews_corrcoef": (-1.0, 1.0),
}
"""Values that a score can have; others lie in 0-1."""

ClassKey = Literal["precision", "recall", "f1", "roc_auc", "average_precision"]

CLASS_ROWS: dict[ClassKey, str] = {
    "precision": "rows predicted as this class",
    "recall": "rows of this class",
    "f1": "rows of this class or predicted as it",
    "roc_auc": "rows",
    "average_precision": "rows",
}
"""What each class has of its own, with what its rows are."""


def _score(key: str) -> Measure:
    """Returns the measure that a score of the evaluation is."""
    least, most = RANGES.get(key, (0.0, 1.0))
    return Measure(
        key,
        lambda evaluation, _: _found(evaluation.score(key)),
        least,
        most,
        alone=BIASED if key == "ece" else None,
    )


def _found(score: Score, label: str | None = None) -> Found:
    """Returns what a score holds, under another label where one is given."""
    return Found(label or score.label, score.unit, score.estimate, score.reason)


def _class_score(key: ClassKey, counted: str) -> Measure:
    """Returns the measure that a score of every class is."""

    def find(evaluation: Evaluation, class_name: str | None) -> Found:
        one = next(one for one in evaluation.classes if one.name == class_name)
        score: Score = getattr(one, key)
        return _found(score, f"{score.label[:1].upper()}{score.label[1:]}")

    return Measure(key, find, of_class=True, counted=counted)


def _unbinned(evaluation: Evaluation) -> str:
    """Returns why an evaluation has neither a calibration nor a way to decide."""
    return LABELS_ALONE if evaluation.hard else UNBINNED


def _null_p(
    key: str, label: str, floor: Callable[[Calibration], NoiseFloor]
) -> Measure:
    """Returns the measure that a noise floor's p-value is."""

    def find(evaluation: Evaluation, _: str | None) -> Found:
        if evaluation.calibration is None:
            return Found(label, "p_value", None, _unbinned(evaluation))
        p = floor(evaluation.calibration).p_value
        estimate = Estimate(p, None, None, None, "none", evaluation.n)
        return Found(label, "p_value", estimate, None)

    return Measure(key, find, alone=A_P_VALUE)


def _overconfidence(evaluation: Evaluation, _: str | None) -> Found:
    """Returns mean confidence less accuracy."""
    label = "Over-confidence"
    if evaluation.calibration is None:
        return Found(label, "points", None, _unbinned(evaluation))
    return Found(label, "points", evaluation.calibration.overconfidence, None)


def _area(key: str, label: str, area: Callable[[Deciding], Estimate]) -> Measure:
    """Returns the measure that an area under errors over coverage is."""

    def find(evaluation: Evaluation, _: str | None) -> Found:
        if evaluation.deciding is None:
            return Found(label, "number", None, _unbinned(evaluation))
        return Found(label, "number", area(evaluation.deciding), None)

    return Measure(key, find, alone=UNCOMPARED)


MEASURES: tuple[Measure, ...] = (
    *(_score(key) for key in SCORE_KEYS),
    *(_class_score(key, counted) for key, counted in CLASS_ROWS.items()),
    _null_p(
        "ece_null_p",
        "Calibration error, p-value",
        lambda calibration: calibration.equal_mass.noise_floor,
    ),
    _null_p(
        "classwise_ece_null_p",
        "Classwise calibration error, p-value",
        lambda calibration: calibration.classwise.noise_floor,
    ),
    Measure(
        "overconfidence",
        _overconfidence,
        least=-1.0,
        difference=True,
        alone=UNCOMPARED,
    ),
    _area("aurc", "AURC", lambda deciding: deciding.aurc),
    _area("augrc", "AUGRC", lambda deciding: deciding.augrc),
)
"""What a requirement can name."""

BY_KEY = {measure.key: measure for measure in MEASURES}

ALSO_CALLED = {
    "acc": "accuracy",
    "ap": "average_precision_macro",
    "auc": "roc_auc_ovr",
    "auprc": "average_precision_macro",
    "auroc": "roc_auc_ovr",
    "bacc": "balanced_accuracy",
    "brier": "brier_score",
    "ce": "log_loss",
    "crossentropy": "log_loss",
    "f1score": "f1_macro",
    "kappa": "cohen_kappa",
    "map": "average_precision_macro",
    "mcc": "matthews_corrcoef",
    "nll": "log_loss",
    "ppv": "precision",
    "prauc": "average_precision_macro",
    "rocaucscore": "roc_auc_ovr",
    "sensitivity": "recall",
    "top3": "top_3_accuracy",
    "tpr": "recall",
}
"""What other programs call a measure, in small letters alone, and its key here."""


def key_like(word: str) -> str | None:
    """Returns the measure that a word may mean, None where none is like it.

    >>> key_like("AUC"), key_like("acuracy"), key_like("n")
    ('roc_auc_ovr', 'accuracy', None)
    """
    return ALSO_CALLED.get(word.casefold().replace("_", "")) or nearest(word, BY_KEY)
