"""From predictions to everything that the report says of them."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from reportgen.metrics import scores
from reportgen.metrics.calibration import (
    class_calibration,
    confidence_histogram,
    predicted_class_calibration,
)
from reportgen.metrics.counts import confusion_counts
from reportgen.metrics.curves import precision_recall_curve, roc_curve
from reportgen.metrics.per_class import class_scores, confused_pairs
from reportgen.metrics.probability import CLIP, clipped_rows
from reportgen.predictions import Predictions
from reportgen.record import (
    ConfusionMatrix,
    Curve,
    Evaluation,
    Example,
    Gallery,
    Pixels,
)

GALLERY = 25
"""Examples in one gallery."""

SURE = 0.9
"""Least probability of the predictions in the gallery of right ones."""

PAIRS = 10
"""Confused pairs that the record names."""

MIN_BINNED_ROWS = 30
"""Rows below which nothing is put into bins."""

Images = NDArray[np.uint8]

Trace = Callable[[str, NDArray[np.bool_], NDArray[np.float64]], Curve]
"""From a class, its rows and its scores to a curve."""


def evaluate(predictions: Predictions, *, images: Images | None = None) -> Evaluation:
    """Returns everything that the predictions say.

    Args:
        predictions: n rows over k classes, in file order.
        images: (n, h, w) or (n, h, w, c) uint8 images of those rows, for the
            galleries; None where there are none.

    Raises:
        ValueError: There are more or fewer images than rows.
    """
    if images is not None and len(images) != predictions.n:
        raise ValueError(
            f"images must hold one image a row, {predictions.n}. Received "
            f"{len(images)}."
        )
    counts = confusion_counts(predictions)
    correct = int(np.trace(counts))
    binned = predictions.n >= MIN_BINNED_ROWS
    return Evaluation(
        n=predictions.n,
        correct=correct,
        errors=predictions.n - correct,
        class_names=predictions.class_names,
        scores=scores(predictions),
        classes=class_scores(predictions),
        confusion_matrix=ConfusionMatrix(
            predictions.class_names, tuple(map(tuple, counts.tolist()))
        ),
        confused_pairs=confused_pairs(predictions, PAIRS),
        roc=_curves(predictions, roc_curve),
        precision_recall=_curves(predictions, precision_recall_curve),
        calibration=predicted_class_calibration(predictions) if binned else None,
        class_calibration=tuple(
            class_calibration(predictions, c) for c in range(predictions.k) if binned
        ),
        confidence_histogram=confidence_histogram(predictions) if binned else None,
        correct_gallery=_correct_gallery(predictions, images),
        misclassified_gallery=_misclassified_gallery(predictions, images),
        notes=_notes(predictions),
    )


def _curves(predictions: Predictions, trace: Trace) -> tuple[Curve, ...]:
    """Returns a curve for each class with rows inside and outside of it."""
    present = np.unique(predictions.y_true)
    if len(present) == 1:
        return ()
    return tuple(
        trace(
            predictions.class_names[c],
            predictions.y_true == c,
            predictions.y_proba[:, c],
        )
        for c in present
    )


def _correct_gallery(predictions: Predictions, images: Images | None) -> Gallery:
    """Returns the first rows that are right with a probability of `SURE` or more."""
    right = predictions.y_pred == predictions.y_true
    return _gallery(predictions, images, right & (predictions.confidence >= SURE), SURE)


def _misclassified_gallery(predictions: Predictions, images: Images | None) -> Gallery:
    """Returns the first rows that are wrong."""
    return _gallery(predictions, images, predictions.y_pred != predictions.y_true, None)


def _gallery(
    predictions: Predictions,
    images: Images | None,
    chosen: NDArray[np.bool_],
    threshold: float | None,
) -> Gallery:
    """Returns the first of the chosen rows, in file order."""
    first = np.flatnonzero(chosen)[:GALLERY].tolist()
    examples = tuple(_example(predictions, images, row) for row in first)
    return Gallery(examples, int(chosen.sum()), threshold)


def _example(predictions: Predictions, images: Images | None, row: int) -> Example:
    """Returns one row as the model judged it; ties go to the lower class."""
    names = predictions.class_names
    label, proba = predictions.y_true[row], predictions.y_proba[row]  # (), (k,)
    image = None if images is None else images[row]
    return Example(
        row_id=str(predictions.row_ids[row]),
        true=names[label],
        predicted=names[proba.argmax()],
        probability=float(proba.max()),
        true_probability=float(proba[label]),
        pixels=None if image is None else Pixels.of(image.shape, image.tobytes()),
    )


def _notes(predictions: Predictions) -> tuple[str, ...]:
    """Returns what was changed or left out, in sentences."""
    notes = list(predictions.notes)
    clipped = clipped_rows(predictions)
    if clipped:
        notes.append(
            f"{clipped:,} rows give their true class less than {CLIP}; the log loss "
            f"counts them at {CLIP}."
        )
    if predictions.n < MIN_BINNED_ROWS:
        notes.append(
            f"With fewer than {MIN_BINNED_ROWS} rows nothing is put into bins: the "
            "calibration plots and the confidence histogram are left out."
        )
    absent = predictions.k - len(np.unique(predictions.y_true))
    if absent:
        notes.append(
            f"{absent} of {predictions.k} classes have no rows in the test part; means "
            "over classes are over the others."
        )
    return tuple(notes)
