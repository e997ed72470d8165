"""What the predictions on the test part amount to."""

from dataclasses import dataclass
from typing import Literal

from reportgen.record.estimates import Estimate, Score
from reportgen.record.pixels import Gallery

Binning = Literal["equal_mass", "equal_width"]


@dataclass(frozen=True, slots=True)
class ClassScores:
    """One class against the rest.

    Attributes:
        name: Class name.
        support: Rows whose label is this class.
        predicted: Rows predicted as this class.
        correct: Rows of this class that were predicted as it.
        precision: correct / predicted.
        recall: correct / support, the accuracy within the class.
        f1: Harmonic mean of the two.
        roc_auc: Area under the one-vs-rest ROC curve.
        average_precision: Area under the step-wise precision-recall curve.
    """

    name: str
    support: int
    predicted: int
    correct: int
    precision: Score
    recall: Score
    f1: Score
    roc_auc: Score
    average_precision: Score


@dataclass(frozen=True, slots=True)
class ConfusionMatrix:
    """Counts of label and prediction.

    Attributes:
        class_names: k names, in the order of rows and columns.
        counts: (k, k) counts, rows true, columns predicted.
    """

    class_names: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class ConfusedPair:
    """Rows of one class that were read as another.

    Attributes:
        true: Class name of the label.
        predicted: Class name of the prediction.
        count: Rows.
        share_of_class: count / support of the true class.
        share_of_errors: count / all errors.
    """

    true: str
    predicted: str
    count: int
    share_of_class: float
    share_of_errors: float


@dataclass(frozen=True, slots=True)
class Curve:
    """One class's trade-off, as points in drawing order.

    Attributes:
        class_name: The class that is told from the rest.
        x: (p,) abscissae: false positive rate (ROC) or recall (precision-recall).
        y: (p,) ordinates: true positive rate (ROC) or precision (precision-recall).
        exact_points: Points of the full curve before points on straight runs, and
            steps too small to see, were left out.
    """

    class_name: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    exact_points: int


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Rows of similar confidence.

    Attributes:
        low: Least confidence in the bin.
        high: Greatest confidence in the bin.
        count: Rows.
        confidence: Mean confidence.
        frequency: Share of the rows in which the event came true.
        frequency_low: Lower 95 % Wilson bound of `frequency`.
        frequency_high: Upper 95 % Wilson bound of `frequency`.
    """

    low: float
    high: float
    count: int
    confidence: float
    frequency: float
    frequency_low: float
    frequency_high: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """How stated confidence compares with what came true.

    Attributes:
        class_name: The class whose probability is judged, None for the predicted class.
        binning: How rows were put into bins.
        bins_asked: Bins asked for; ties and empty bins can make them fewer.
        bins_filled: Bins that hold rows.
        bins: The bins that hold rows, by confidence.
        error: Expected calibration error over the bins.
    """

    class_name: str | None
    binning: Binning
    bins_asked: int
    bins_filled: int
    bins: tuple[CalibrationBin, ...]
    error: Estimate


@dataclass(frozen=True, slots=True)
class ConfidenceHistogram:
    """Confidence of right and of wrong predictions, in bins of equal width.

    Attributes:
        edges: (m + 1,) bin edges from 0 to 1.
        correct: (m,) right predictions a bin.
        wrong: (m,) wrong predictions a bin.
        mean_correct: Mean confidence of right predictions, None where there are none.
        mean_wrong: Mean confidence of wrong predictions, None where there are none.
    """

    edges: tuple[float, ...]
    correct: tuple[int, ...]
    wrong: tuple[int, ...]
    mean_correct: float | None
    mean_wrong: float | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything that the predictions say.

    Attributes:
        n: Test rows.
        correct: Rows predicted right.
        errors: Rows predicted wrong.
        class_names: k names in label order.
        scores: The scores of `METRICS`, in its order.
        classes: k classes in label order.
        confusion_matrix: Counts of label and prediction.
        confused_pairs: The most frequent confusions, most frequent first.
        roc: A curve for every class that has rows inside and outside of it.
        precision_recall: Likewise.
        calibration: The predicted class's probability; None under 30 rows.
        class_calibration: Each class's probability, k classes in label order; empty
            under 30 rows.
        confidence_histogram: Confidence of right and wrong predictions; None under
            30 rows.
        correct_gallery: The first rows that are right with high confidence.
        misclassified_gallery: The first rows that are wrong.
        notes: What was clipped, renormalised or left out, in sentences.
    """

    n: int
    correct: int
    errors: int
    class_names: tuple[str, ...]
    scores: tuple[Score, ...]
    classes: tuple[ClassScores, ...]
    confusion_matrix: ConfusionMatrix
    confused_pairs: tuple[ConfusedPair, ...]
    roc: tuple[Curve, ...]
    precision_recall: tuple[Curve, ...]
    calibration: Calibration | None
    class_calibration: tuple[Calibration, ...]
    confidence_histogram: ConfidenceHistogram | None
    correct_gallery: Gallery
    misclassified_gallery: Gallery
    notes: tuple[str, ...]

    def score(self, key: str) -> Score:
        """Returns the score of that key; KeyError where there is none."""
        for score in self.scores:
            if score.key == key:
                return score
        raise KeyError(key)
