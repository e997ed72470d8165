"""What the predictions on the test part amount to."""

from collections.abc import Iterator
from dataclasses import dataclass

from reportgen.record.binary import BinaryView
from reportgen.record.calibration import Calibration, ConfidenceHistogram
from reportgen.record.classes import (
    ClassScores,
    ConfusedPair,
    ConfusionMatrix,
    Homogeneity,
)
from reportgen.record.deciding import Deciding, Resolution, Suspects
from reportgen.record.estimates import IntervalCheck, Sampling, Score
from reportgen.record.pixels import ConfusedCell, Example, Gallery
from reportgen.record.slices import Slices

SCORE_KEYS = (
    "accuracy",
    "precision_weighted",
    "recall_weighted",
    "f1_weighted",
    "roc_auc_ovr",
    "log_loss",
    "cohen_kappa",
    "matthews_corrcoef",
    "top_3_accuracy",
    "precision_macro",
    "recall_macro",
    "f1_macro",
    "balanced_accuracy",
    "brier_score",
    "average_precision_macro",
    "ece",
)
"""Scores that every evaluation has: tables, captions and findings ask for them."""

FEWEST_RECALLS = 2
"""Classes with rows, without which there is nothing to differ."""


@dataclass(frozen=True, slots=True)
class Curve:
    """One class's trade-off, as points in drawing order.

    Attributes:
        class_name: The class that is told from the rest.
        x: (p,) abscissae: false positive rate (ROC) or recall (precision-recall).
        y: (p,) ordinates: true positive rate (ROC) or precision (precision-recall).
        exact_points: Points of the full curve before points on straight runs, and
            steps too small to see, were left out.

    Raises:
        ValueError: There is no point, or one half of a point is missing.
    """

    class_name: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    exact_points: int

    def __post_init__(self) -> None:
        if not self.x or len(self.x) != len(self.y):
            raise ValueError(
                f"The curve of {self.class_name!r} must have as many ordinates as "
                f"abscissae, at least one. Received {len(self.y)} and {len(self.x)}."
            )


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything that the predictions say.

    Attributes:
        n: Test rows.
        correct: Rows predicted right.
        errors: Rows predicted wrong.
        class_names: k names in label order.
        sampling: Level, replicates and seed of the intervals.
        scores: In printed order; a score for each of `SCORE_KEYS` is among them.
        classes: k classes in label order.
        confusion_matrix: Counts of label and prediction.
        homogeneity: Whether recalls differ between classes by more than chance; None
            where one class is present, or all rows are right or all wrong.
        confused_pairs: The most frequent confusions, most frequent first.
        cells: Examples of each confusion, the most frequent first; as many cells and
            examples as a page can hold.
        roc: A curve for every class that has rows inside and outside of it, of two
            classes for the positive one alone; none where labels alone were predicted.
        precision_recall: Likewise.
        calibration: Whether probabilities mean what they say; None under 30 rows, or
            where labels alone were predicted.
        confidence_histogram: Confidence of right and wrong predictions; None likewise.
        correct_gallery: The first rows that are right with high confidence; where
            labels alone were predicted, the first that are right.
        misclassified_gallery: The first rows that are wrong.
        deciding: What abstaining buys; None under 30 rows, or where labels alone were
            predicted.
        suspects: Errors that look like mislabelled rows; None where labels alone were
            predicted.
        resolution: The smallest difference that the rows could show; None without
            an error.
        interval_checks: The bootstrap beside the intervals, where it was asked for.
        notes: What was clipped, renormalised or left out, in sentences.
        slices: Accuracy by properties of the rows; None where none is known.
        hard: Whether labels alone were predicted, so that what rests on probabilities
            is undefined.
        binary: Which of two classes is looked for, and what that means; None where
            there are fewer or more.

    Raises:
        ValueError: Counts, classes or scores contradict one another.
    """

    n: int
    correct: int
    errors: int
    class_names: tuple[str, ...]
    sampling: Sampling
    scores: tuple[Score, ...]
    classes: tuple[ClassScores, ...]
    confusion_matrix: ConfusionMatrix
    homogeneity: Homogeneity | None
    confused_pairs: tuple[ConfusedPair, ...]
    cells: tuple[ConfusedCell, ...]
    roc: tuple[Curve, ...]
    precision_recall: tuple[Curve, ...]
    calibration: Calibration | None
    confidence_histogram: ConfidenceHistogram | None
    correct_gallery: Gallery
    misclassified_gallery: Gallery
    deciding: Deciding | None
    suspects: Suspects | None
    resolution: Resolution | None
    interval_checks: tuple[IntervalCheck, ...]
    notes: tuple[str, ...]
    slices: Slices | None = None
    hard: bool = False
    binary: BinaryView | None = None

    def __post_init__(self) -> None:
        _check_counts(self)
        _check_classes(self)
        _check_scores(self.scores)
        _check_hard(self)
        _check_binary(self)

    @property
    def k(self) -> int:
        """Classes."""
        return len(self.class_names)

    def score(self, key: str) -> Score:
        """Returns the score of that key; KeyError where there is none."""
        for score in self.scores:
            if score.key == key:
                return score
        raise KeyError(key)

    def cell_key(self, cell: ConfusedCell) -> str:
        """Returns the key of a cell's images: its row and its column from 0."""
        names = self.class_names
        return f"cell-{names.index(cell.true)}-{names.index(cell.predicted)}"


def _check_counts(evaluation: Evaluation) -> None:
    """Refuses counts that do not add up."""
    matrix = evaluation.confusion_matrix
    stated = evaluation.n, evaluation.correct, evaluation.errors
    counted = matrix.n, matrix.correct, matrix.n - matrix.correct
    if stated != counted:
        raise ValueError(
            "n, correct and errors must be those of the confusion matrix, "
            f"{counted}. Received {stated}."
        )
    if evaluation.n < 1:
        raise ValueError("An evaluation must have at least one row. Received none.")
    pairs = len(evaluation.confused_pairs)
    if bool(pairs) != bool(evaluation.errors):
        raise ValueError(
            "confused_pairs must hold a pair where there are errors, and only there. "
            f"Received {pairs} of {evaluation.errors} errors."
        )


def _check_classes(evaluation: Evaluation) -> None:
    """Refuses classes that are named twice, in another order, or nowhere."""
    names = evaluation.class_names
    if len(set(names)) < len(names):
        raise ValueError(f"class_names must all differ. Received {names!r}.")
    calibration = evaluation.calibration
    calibrated: tuple[str | None, ...] = names
    if calibration is not None:  # None under 30 rows
        calibrated = tuple(one.class_name for one in calibration.classes)
    for key, found in (
        ("confusion_matrix", evaluation.confusion_matrix.class_names),
        ("classes", tuple(one.name for one in evaluation.classes)),
        ("calibration", calibrated),
    ):
        if found != names:
            raise ValueError(
                f"{key} must have the classes {names!r}, in that order. Received "
                f"{found!r}."
            )
    recalls = sum(one.recall.estimate is not None for one in evaluation.classes)
    if evaluation.homogeneity is not None and recalls < FEWEST_RECALLS:
        raise ValueError(
            f"Recalls must be of {FEWEST_RECALLS} classes or more where they are "
            f"tested for being alike. Received {recalls}."
        )
    for name in _named(evaluation):
        if name not in names:
            raise ValueError(f"{name!r} must be one of the classes {names!r}.")


def _named(evaluation: Evaluation) -> Iterator[str]:
    """Yields the classes that curves, pairs and examples speak of."""
    for curve in (*evaluation.roc, *evaluation.precision_recall):
        yield curve.class_name
    for pair in evaluation.confused_pairs:
        yield from (pair.first, pair.second)
    for cell in evaluation.cells:
        yield from (cell.true, cell.predicted)
    for example in _examples(evaluation):
        yield from (example.true, example.predicted)


def _examples(evaluation: Evaluation) -> Iterator[Example]:
    """Yields the rows that galleries show."""
    yield from evaluation.correct_gallery.examples
    yield from evaluation.misclassified_gallery.examples
    if evaluation.suspects is not None:
        yield from evaluation.suspects.gallery.examples


def _check_scores(scores: tuple[Score, ...]) -> None:
    """Refuses a score given twice, and the lack of one that a page asks for."""
    keys = [score.key for score in scores]
    if len(set(keys)) < len(keys):
        raise ValueError(f"scores must have different keys. Received {keys}.")
    missing = [key for key in SCORE_KEYS if key not in keys]
    if missing:
        raise ValueError(f"scores must hold {', '.join(missing)}. Received {keys}.")


def _check_hard(evaluation: Evaluation) -> None:
    """Refuses probabilities where labels alone were predicted, and their lack."""
    cells = (example for cell in evaluation.cells for example in cell.examples)
    for example in (*_examples(evaluation), *cells):
        if (example.probability is None) != evaluation.hard:
            raise ValueError(
                "Examples must have a probability, or none where labels alone were "
                f"predicted. Received {example.probability!r} in {example.row_id!r}."
            )
    threshold = evaluation.correct_gallery.threshold
    if (threshold is None) != evaluation.hard:
        raise ValueError(
            "The gallery of right predictions must have a threshold, or none where "
            f"labels alone were predicted. Received {threshold!r}."
        )
    if (evaluation.suspects is None) != evaluation.hard:
        raise ValueError(
            "suspects must be None just where labels alone were predicted."
        )
    known = (
        *(*evaluation.roc, *evaluation.precision_recall),
        *(evaluation.calibration, evaluation.confidence_histogram),
        evaluation.deciding,
    )
    if evaluation.hard and any(one is not None for one in known):
        raise ValueError(
            "Where labels alone were predicted there must be no curve, no calibration, "
            "no histogram and no deciding. Received one."
        )


def _check_binary(evaluation: Evaluation) -> None:
    """Refuses a binary view of other classes, of other counts, or of more than two."""
    binary = evaluation.binary
    if binary is None:
        return
    names = evaluation.class_names
    if sorted((binary.positive, binary.negative)) != sorted(names):
        raise ValueError(
            f"A binary view must be of the classes {names!r}. Received "
            f"{binary.positive!r} and {binary.negative!r}."
        )
    place = names.index(binary.positive)
    counts = evaluation.confusion_matrix.counts
    stated = binary.outcomes
    if (
        *(stated.true_positives, stated.false_negatives),
        *(stated.false_positives, stated.true_negatives),
    ) != (
        *(counts[place][place], counts[place][1 - place]),
        *(counts[1 - place][place], counts[1 - place][1 - place]),
    ):
        raise ValueError(
            f"The outcomes of a binary view must be those of the confusion matrix, "
            f"{counts!r}. Received {stated!r}."
        )
