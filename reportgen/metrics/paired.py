"""Two models' predictions of the same rows, in the same order."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import PredictionsError
from reportgen.metrics.margins import Counts
from reportgen.metrics.measured import Measured, undefined
from reportgen.predictions import Predictions
from reportgen.predictions.checks import first_five
from reportgen.record import LABELS_ALONE

Labels = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Predictions of a baseline and of a candidate, row i of both being one image.

    Attributes:
        baseline: What there is.
        candidate: What may take its place.
        before: (n,) int64, labels that the baseline predicts.
        after: (n,) int64, labels that the candidate predicts.

    Raises:
        PredictionsError: The two differ in rows, classes or labels.
    """

    baseline: Predictions
    candidate: Predictions
    before: Labels = field(init=False)
    after: Labels = field(init=False)

    def __post_init__(self) -> None:
        _check_classes(self.baseline, self.candidate)
        _check_labels(self.baseline, self.candidate)
        object.__setattr__(self, "before", self.baseline.y_pred)
        object.__setattr__(self, "after", self.candidate.y_pred)

    @property
    def n(self) -> int:
        """Rows."""
        return self.baseline.n

    @property
    def k(self) -> int:
        """Classes."""
        return self.baseline.k

    @property
    def without_scores(self) -> str | None:
        """Why no probability may be read; None where both models gave some."""
        before, after = self.baseline.hard, self.candidate.hard
        if before and after:
            return LABELS_ALONE
        if before or after:
            return f"{'baseline' if before else 'candidate'}: {LABELS_ALONE}"
        return None

    @property
    def y_true(self) -> Labels:
        """(n,) int64, labels."""
        return self.baseline.y_true


def _check_classes(baseline: Predictions, candidate: Predictions) -> None:
    """Refuses classes that differ, or stand in another order."""
    if baseline.class_names != candidate.class_names:
        raise PredictionsError(
            "A candidate must have the baseline's classes in the same order, "
            f"{_few(baseline)}. Received {_few(candidate)}. Bring the columns into one "
            "order first."
        )


def _few(predictions: Predictions) -> str:
    """Returns the classes as a message shows them."""
    names = ", ".join(map(repr, predictions.class_names[:5]))
    return names if predictions.k <= 5 else f"{names} … ({predictions.k})"  # noqa: PLR2004 - as many as of rows


def _check_labels(baseline: Predictions, candidate: Predictions) -> None:
    """Refuses rows that cannot be the same."""
    if baseline.n != candidate.n:
        raise PredictionsError(
            f"A candidate must predict the baseline's {baseline.n:,} rows. Received "
            f"{candidate.n:,}. Match the rows first."
        )
    differing = baseline.y_true != candidate.y_true
    if differing.any():
        raise PredictionsError(
            "Rows that are compared must have one label. Received two in "
            f"{differing.sum():,} of {baseline.n:,} rows, as "
            f"{first_five(differing, baseline.row_ids)}. Match the rows first."
        )


@dataclass(frozen=True, slots=True)
class Change:
    """A score of both models, and its difference.

    Attributes:
        baseline: The baseline's score, None where it is undefined.
        candidate: The candidate's.
        measured: candidate - baseline, or why it is undefined.
    """

    baseline: float | None
    candidate: float | None
    measured: Measured


def undefined_change(reason: str) -> Change:
    """Returns no score, and why."""
    return Change(None, None, undefined(reason))


def crossed(rows: Labels, columns: Labels, k: int) -> Counts:
    """Returns (k, k) int64, how often each label of one meets each of the other.

    Args:
        rows: (n,) labels in 0..k-1.
        columns: (n,) labels of the same rows.
        k: Classes.
    """
    found = np.bincount(rows * k + columns, minlength=k * k)
    return found.reshape(k, k).astype(np.int64)
