"""From predictions to everything that the report says of them."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from reportgen.framing import to_pixels
from reportgen.metrics import scores
from reportgen.metrics.binary import binary_view
from reportgen.metrics.calibration import calibration, confidence_histogram
from reportgen.metrics.confusions import confused_pairs, homogeneity
from reportgen.metrics.counts import confusion_counts
from reportgen.metrics.curves import precision_recall_curve, roc_curve
from reportgen.metrics.deciding import deciding, resolution
from reportgen.metrics.interval_checks import interval_checks
from reportgen.metrics.measured import HeldBack, proportion
from reportgen.metrics.per_class import class_scores
from reportgen.metrics.probability import CLIP, clipped_rows
from reportgen.metrics.slices import slices
from reportgen.metrics.suspects import suspected_rows
from reportgen.predictions import Predictions, check_made
from reportgen.record import (
    BinaryView,
    ConfusedCell,
    ConfusionMatrix,
    Curve,
    Evaluation,
    Example,
    Gallery,
    Sampling,
    Suspects,
    beyond_chance,
)

GALLERY = 25
"""Examples in one gallery."""

SURE = 0.9
"""Least probability of the predictions in the gallery of right ones."""

PAIRS = 10
"""Confused pairs that the record names."""

CELL_IMAGES = 500
"""Examples of all cells of the confusion matrix together; `GALLERY` a cell."""

CELL_BYTES = 2_000_000
"""Bytes of their pixels together, so that large images do not swell the record."""

MIN_BINNED_ROWS = 30
"""Rows below which nothing is put into bins."""

HARD_VALIDATION = "Of the validation part only predicted labels were handed over."
"""Why neither a temperature nor a threshold comes from it."""

SAMPLING = Sampling()
"""Level, replicates and seed where nobody asks for others."""

Images = NDArray[np.uint8]

Trace = Callable[[str, NDArray[np.bool_], NDArray[np.float64]], Curve]
"""From a class, its rows and its scores to a curve."""


def evaluate(  # noqa: PLR0913 - each a thing of its own that a caller may leave out
    predictions: Predictions,
    *,
    images: Images | None = None,
    validation: Predictions | None = None,
    unvalidated: str = "No validation part was handed over.",
    sampling: Sampling = SAMPLING,
    check_intervals: bool = False,
    positive: str | None = None,
) -> Evaluation:
    """Returns everything that the predictions say.

    Args:
        predictions: n rows over k classes, in file order. Of labels alone what rests on
            probabilities is left undefined, and nothing is fitted on `validation`.
        images: (n, h, w) or (n, h, w, c) uint8 images of those rows, for the
            galleries; None where there are none.
        validation: Rows that were neither fitted on nor are in `predictions`: from
            them come the temperature and the certified thresholds.
        unvalidated: Why there are none, in a sentence; heeded without `validation`.
        sampling: Level, replicates and seed of intervals and noise floors.
        check_intervals: Whether to bootstrap the scores of the confusion matrix
            beside their intervals.
        positive: Which of two classes is looked for; None for the second in label
            order.

    Raises:
        PredictionsError: What is handed over are no `Predictions`, or the positive
            class is none of two.
        ValueError: There are more or fewer images than rows, or the validation part
            has other classes.
    """
    _check_companions(predictions, images, validation)
    counts = confusion_counts(predictions)
    correct = int(np.trace(counts))
    held_back = _held_back(validation, unvalidated)
    binary = binary_view(predictions, held_back, sampling, positive=positive)
    binned = predictions.n >= MIN_BINNED_ROWS and not predictions.hard
    return Evaluation(
        n=predictions.n,
        correct=correct,
        errors=predictions.n - correct,
        class_names=predictions.class_names,
        sampling=sampling,
        scores=scores(predictions, sampling),
        classes=class_scores(predictions, sampling),
        confusion_matrix=ConfusionMatrix(
            predictions.class_names, tuple(map(tuple, counts.tolist()))
        ),
        homogeneity=homogeneity(predictions, sampling),
        confused_pairs=confused_pairs(predictions, PAIRS, sampling.level),
        cells=_cells(predictions, images, counts),
        roc=_curves(predictions, roc_curve, binary),
        precision_recall=_curves(predictions, precision_recall_curve, binary),
        calibration=calibration(predictions, held_back, sampling) if binned else None,
        confidence_histogram=confidence_histogram(predictions) if binned else None,
        correct_gallery=_correct_gallery(predictions, images),
        misclassified_gallery=_misclassified_gallery(predictions, images),
        deciding=deciding(predictions, held_back, sampling) if binned else None,
        suspects=_suspects(predictions, images, sampling.level),
        resolution=resolution(predictions, sampling.level),
        interval_checks=(
            interval_checks(predictions, sampling) if check_intervals else ()
        ),
        notes=_notes(predictions, sampling),
        hard=predictions.hard,
        binary=binary,
        slices=slices(predictions, sampling),
    )


def _check_companions(
    predictions: Predictions, images: Images | None, validation: Predictions | None
) -> None:
    """Refuses what is no predictions, images of other rows, and other classes."""
    check_made("predictions", predictions)
    if validation is not None:
        check_made("validation", validation)
    if images is not None and len(images) != predictions.n:
        raise ValueError(
            f"images must hold one image a row, {predictions.n}. Received "
            f"{len(images)}."
        )
    if validation is not None and validation.class_names != predictions.class_names:
        raise ValueError(
            f"validation must have the classes {predictions.class_names!r}. Received "
            f"{validation.class_names!r}."
        )


def _held_back(validation: Predictions | None, unvalidated: str) -> HeldBack:
    """Returns the validation part, or why nothing can be fitted on it."""
    if validation is not None and validation.hard:
        return HeldBack(None, HARD_VALIDATION)
    return HeldBack(validation, unvalidated)


def _curves(
    predictions: Predictions, trace: Trace, binary: BinaryView | None
) -> tuple[Curve, ...]:
    """Returns a curve for each class with rows inside and outside of it.

    Of two classes for the positive one alone: the other's would be its mirror image.
    """
    present = np.unique(predictions.y_true)
    if len(present) == 1 or predictions.hard:
        return ()
    return tuple(
        trace(
            predictions.class_names[c],
            predictions.y_true == c,
            predictions.y_proba[:, c],
        )
        for c in present
        if binary is None or predictions.class_names[c] == binary.positive
    )


def _correct_gallery(predictions: Predictions, images: Images | None) -> Gallery:
    """Returns the first rows that are right with a probability of `SURE` or more.

    Labels alone do not tell how sure they are: then the first that are right.
    """
    right = predictions.y_pred == predictions.y_true
    if predictions.hard:
        return _gallery(predictions, images, np.flatnonzero(right))
    rows = np.flatnonzero(right & (predictions.confidence >= SURE))
    return _gallery(predictions, images, rows, threshold=SURE)


def _misclassified_gallery(predictions: Predictions, images: Images | None) -> Gallery:
    """Returns the first rows that are wrong."""
    rows = np.flatnonzero(predictions.y_pred != predictions.y_true)
    return _gallery(predictions, images, rows)


def _suspects(
    predictions: Predictions, images: Images | None, level: float
) -> Suspects | None:
    """Returns the errors that look like mislabelled rows, the likeliest first.

    None of labels alone: an error that nobody was sure of speaks against no label.
    """
    if predictions.hard:
        return None
    rows = suspected_rows(predictions)
    right = int((predictions.y_pred == predictions.y_true).sum()) + len(rows)
    return Suspects(
        gallery=_gallery(predictions, images, rows),
        accuracy_if_mislabelled=proportion(right, predictions.n, level),
    )


def _gallery(
    predictions: Predictions,
    images: Images | None,
    rows: NDArray[np.int64],
    *,
    threshold: float | None = None,
) -> Gallery:
    """Returns the first of the chosen rows, in the order given."""
    first = rows[:GALLERY].tolist()
    examples = tuple(_example(predictions, images, row) for row in first)
    return Gallery(examples, len(rows), threshold)


def _cells(
    predictions: Predictions, images: Images | None, counts: NDArray[np.int64]
) -> tuple[ConfusedCell, ...]:
    """Returns the surest examples of each confusion, the most frequent first.

    Every cell shows as many as all of them can within `CELL_IMAGES`, at least one;
    where there are more cells than that, the rarest are left out.

    Args:
        predictions: n rows over k classes.
        images: (n, h, w) or (n, h, w, c) images of those rows, None without.
        counts: (k, k) counts, rows true, columns predicted.
    """
    wrong = counts - np.diag(np.diag(counts))  # (k, k)
    order = np.argsort(-wrong, axis=None, kind="stable")  # ties: lower labels
    budget = _affordable(images)
    flat = order[: np.count_nonzero(wrong)][:budget]  # (cells,)
    totals = wrong.ravel()[flat]
    fitting = (
        m for m in range(GALLERY, 1, -1) if np.minimum(totals, m).sum() <= budget
    )
    most = next(fitting, 1)
    rows = _by_cell(predictions)
    return tuple(
        ConfusedCell(
            true=predictions.class_names[cell // predictions.k],
            predicted=predictions.class_names[cell % predictions.k],
            total=len(rows[cell]),
            examples=tuple(
                _example(predictions, images, row) for row in rows[cell][:most]
            ),
        )
        for cell in flat.tolist()
    )


def _affordable(images: Images | None) -> int:
    """Returns how many examples the cells may hold together."""
    if images is None or not images[0].nbytes:
        return CELL_IMAGES
    return min(CELL_IMAGES, max(1, CELL_BYTES // len(to_pixels(images[0]).data)))


def _by_cell(predictions: Predictions) -> dict[int, list[int]]:
    """Returns the wrong rows by true class times k plus predicted, the surest first."""
    y_true, y_pred = predictions.y_true, predictions.y_pred
    rows = np.flatnonzero(y_true != y_pred)
    surest = rows[np.argsort(-predictions.confidence[rows], kind="stable")]
    found: dict[int, list[int]] = {}
    for row in surest.tolist():
        cell = int(y_true[row]) * predictions.k + int(y_pred[row])
        found.setdefault(cell, []).append(row)
    return found


def _example(predictions: Predictions, images: Images | None, row: int) -> Example:
    """Returns one row as the model judged it; ties go to the lower class."""
    names = predictions.class_names
    label, proba = predictions.y_true[row], predictions.y_proba[row]  # (), (k,)
    image = None if images is None else images[row]
    hard = predictions.hard
    return Example(
        row_id=str(predictions.row_ids[row]),
        true=names[label],
        predicted=names[proba.argmax()],
        probability=None if hard else float(proba.max()),
        true_probability=None if hard else float(proba[label]),
        pixels=None if image is None else to_pixels(image),
    )


def _notes(predictions: Predictions, sampling: Sampling) -> tuple[str, ...]:
    """Returns what was changed, left out or cannot be had, in sentences."""
    notes = list(predictions.notes)
    clipped = 0 if predictions.hard else clipped_rows(predictions)
    if clipped:
        notes.append(
            f"{clipped:,} {'row gives its' if clipped == 1 else 'rows give their'} "
            f"true class less than {CLIP}; the log loss counts "
            f"{'it' if clipped == 1 else 'them'} at {CLIP}."
        )
    if predictions.n < MIN_BINNED_ROWS and not predictions.hard:
        notes.append(
            f"With fewer than {MIN_BINNED_ROWS} rows nothing is put into bins: the "
            "calibration plots and the confidence histogram are left out."
        )
    absent = predictions.k - len(np.unique(predictions.y_true))
    if absent:
        notes.append(
            f"{absent:,} of {predictions.k:,} classes "
            f"{'has' if absent == 1 else 'have'} no rows in the test part; "
            "means over classes are over the others."
        )
    if not beyond_chance(1 / (1 + sampling.replicates), sampling.level):
        notes.append(
            f"{sampling.replicates:,} test sets drawn are too few for a level of "
            f"{100 * sampling.level:g} %: what is simulated ends at the outermost of "
            "them, and no calibration error can be called more than noise. More can be "
            "drawn with --bootstrap, or bootstrap= from Python."
        )
    return tuple(notes)
