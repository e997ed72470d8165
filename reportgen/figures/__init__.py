"""Pictures: each a function from the record to a figure, a caption and an alt text."""

from collections.abc import Callable

from reportgen.figures import (
    calibration,
    class_calibration,
    classes,
    confidence,
    confusion,
    confusion_errors,
    curves,
    deciding,
    distribution,
    galleries,
    history,
    learning_rate,
    samples,
    slices,
    thresholds,
)
from reportgen.figures.cells import cell_pictures
from reportgen.figures.contest import COMPARISON_FIGURES, in_report
from reportgen.figures.drawing import FigureSpec, drawn, picture
from reportgen.figures.style import HALF_MM
from reportgen.record import Comparison, Omission, Picture, Record


def _to_two(record: Record) -> bool:
    """Returns whether there are two classes, one of which is looked for."""
    return record.evaluation.binary is not None


def _to_many(record: Record) -> bool:
    """Returns whether there are other than two classes.

    Of two the matrix and the measures beside it say what each class's recall is.
    """
    return record.evaluation.binary is None


FIGURES: tuple[FigureSpec[Record], ...] = (
    FigureSpec(
        "sample_digit",
        "data",
        samples.draw_sample_digit,
        samples.caption_sample_digit,
        samples.alt_sample_digit,
        samples.no_samples,
        width_mm=HALF_MM,
    ),
    FigureSpec(
        "sample_grid",
        "data",
        samples.draw_sample_grid,
        samples.caption_sample_grid,
        samples.alt_sample_grid,
        samples.no_samples,
        width_mm=HALF_MM,
    ),
    FigureSpec(
        "train_distribution",
        "data",
        distribution.draw_train_distribution,
        distribution.caption_train_distribution,
        distribution.alt_train_distribution,
        distribution.no_train_distribution,
        width_mm=HALF_MM,
    ),
    FigureSpec(
        "test_distribution",
        "data",
        distribution.draw_test_distribution,
        distribution.caption_test_distribution,
        distribution.alt_test_distribution,
        width_mm=HALF_MM,
    ),
    FigureSpec(
        "augmentations",
        "data",
        samples.draw_augmentations,
        samples.caption_augmentations,
        samples.alt_augmentations,
        samples.no_augmentations,
    ),
    FigureSpec(
        "loss_history",
        "training",
        history.draw_loss_history,
        history.caption_loss_history,
        history.alt_loss_history,
        history.no_training,
        width_mm=HALF_MM,
    ),
    FigureSpec(
        "accuracy_history",
        "training",
        history.draw_accuracy_history,
        history.caption_accuracy_history,
        history.alt_accuracy_history,
        history.no_training,
        width_mm=HALF_MM,
    ),
    FigureSpec(
        "learning_rate",
        "training",
        learning_rate.draw_learning_rate,
        learning_rate.caption_learning_rate,
        learning_rate.alt_learning_rate,
        learning_rate.no_learning_rate,
        width_mm=HALF_MM,
    ),
    FigureSpec(
        "confusion_matrix",
        "classes",
        confusion.draw_confusion_matrix,
        confusion.caption_confusion_matrix,
        confusion.alt_confusion_matrix,
        width_of=confusion.matrix_width_mm,
    ),
    FigureSpec(
        "confusion_errors",
        "classes",
        confusion_errors.draw_confusion_errors,
        confusion_errors.caption_confusion_errors,
        confusion_errors.alt_confusion_errors,
        confusion_errors.no_confusion_errors,
        applies=_to_many,
        width_of=confusion.matrix_width_mm,
    ),
    FigureSpec(
        "per_class_accuracy",
        "classes",
        classes.draw_per_class_accuracy,
        classes.caption_per_class_accuracy,
        classes.alt_per_class_accuracy,
        classes.no_recall,
        applies=_to_many,
    ),
    FigureSpec(
        "slices",
        "slices",
        slices.draw_slices,
        slices.caption_slices,
        slices.alt_slices,
        slices.no_slices,
    ),
    FigureSpec(
        "roc",
        "curves",
        curves.draw_roc,
        curves.caption_roc,
        curves.alt_roc,
        curves.no_roc,
    ),
    FigureSpec(
        "precision_recall",
        "curves",
        curves.draw_precision_recall,
        curves.caption_precision_recall,
        curves.alt_precision_recall,
        curves.no_precision_recall,
    ),
    FigureSpec(
        "thresholds",
        "curves",
        thresholds.draw_thresholds,
        thresholds.caption_thresholds,
        thresholds.alt_thresholds,
        thresholds.no_thresholds,
        applies=_to_two,
    ),
    FigureSpec(
        "calibration",
        "calibration",
        calibration.draw_calibration,
        calibration.caption_calibration,
        calibration.alt_calibration,
        calibration.no_calibration,
    ),
    FigureSpec(
        "class_calibration",
        "calibration",
        class_calibration.draw_class_calibration,
        class_calibration.caption_class_calibration,
        class_calibration.alt_class_calibration,
        calibration.no_calibration,
    ),
    FigureSpec(
        "confidence_histogram",
        "calibration",
        confidence.draw_confidence_histogram,
        confidence.caption_confidence_histogram,
        confidence.alt_confidence_histogram,
        confidence.no_confidence_histogram,
    ),
    FigureSpec(
        "risk_coverage",
        "deciding",
        deciding.draw_risk_coverage,
        deciding.caption_risk_coverage,
        deciding.alt_risk_coverage,
        deciding.no_risk_coverage,
    ),
    FigureSpec(
        "correct_gallery",
        "errors",
        galleries.draw_correct_gallery,
        galleries.caption_correct_gallery,
        galleries.alt_correct_gallery,
        galleries.no_correct,
    ),
    FigureSpec(
        "misclassified_gallery",
        "errors",
        galleries.draw_misclassified_gallery,
        galleries.caption_misclassified_gallery,
        galleries.alt_misclassified_gallery,
        galleries.no_misclassified,
    ),
    FigureSpec(
        "suspects_gallery",
        "errors",
        galleries.draw_suspects_gallery,
        galleries.caption_suspects_gallery,
        galleries.alt_suspects_gallery,
        galleries.no_suspects,
    ),
)
"""Every figure, in the order in which the report shows them."""


NAMELESS = frozenset(
    {
        "augmentations",
        "loss_history",
        "accuracy_history",
        "learning_rate",
        "slices",
        "calibration",
        "confidence_histogram",
        "risk_coverage",
        "differences",
    }
)
"""Figures in which no class is named."""


Elsewhere = Callable[[Record, tuple[str, ...]], Callable[[], dict[str, bytes]]]
"""Begins to draw the figures of those keys, and returns what waits for them."""


def draw_pictures(
    record: Record, elsewhere: Elsewhere | None = None
) -> tuple[tuple[Picture, ...], tuple[Omission, ...]]:
    """Returns every figure as a picture, or as an omission with its reason.

    Behind the figures stand the images of each confusion, a picture a cell.

    Args:
        record: All that the figures show.
        elsewhere: Draws every other figure meanwhile; None to draw all of them here.
    """
    specs = figures_of(record)
    reasons = {spec.key: spec.absent(record) for spec in specs}
    ready = _drawn(
        record, tuple(key for key, why in reasons.items() if not why), elsewhere
    )
    pictures = (
        picture(spec, record, svg=ready[spec.key], names=_names(spec, record))
        for spec in specs
        if spec.key in ready
    )
    omissions = tuple(Omission(key, why) for key, why in reasons.items() if why)
    return (*pictures, *cell_pictures(record)), omissions


def draw_comparison_pictures(
    comparison: Comparison,
) -> tuple[tuple[Picture, ...], tuple[Omission, ...]]:
    """Returns every figure of a comparison as a picture, or why it is left out.

    Args:
        comparison: All that the figures show, on a page of its own.
    """
    reasons = {spec.key: spec.absent(comparison) for spec in COMPARISON_FIGURES}
    pictures = tuple(
        picture(
            spec,
            comparison,
            svg=drawn(spec, comparison),
            names=() if spec.key in NAMELESS else comparison.class_names,
        )
        for spec in COMPARISON_FIGURES
        if not reasons[spec.key]
    )
    return pictures, tuple(Omission(key, why) for key, why in reasons.items() if why)


def figures_of(record: Record) -> tuple[FigureSpec[Record], ...]:
    """Returns all figures of its kind, and with a baseline those beside it."""
    of_kind = tuple(spec for spec in FIGURES if spec.applies(record))
    if record.comparison is None:
        return of_kind
    return (*of_kind, *map(in_report, COMPARISON_FIGURES))


def _drawn(
    record: Record, keys: tuple[str, ...], elsewhere: Elsewhere | None
) -> dict[str, bytes]:
    """Returns the figures of those keys."""
    if elsewhere is None:
        return {key: draw_figure(key, record) for key in keys}
    others = elsewhere(record, keys[1::2])
    return {key: draw_figure(key, record) for key in keys[::2]} | others()


def draw_figure(key: str, record: Record) -> bytes:
    """Returns the figure of that key as SVG.

    Args:
        key: Key of a figure that the record can show.
        record: All that it shows.

    Raises:
        RenderError: Matplotlib cannot draw it.
    """
    (spec,) = (spec for spec in figures_of(record) if spec.key == key)
    return drawn(spec, record)


def _names(spec: FigureSpec[Record], record: Record) -> tuple[str, ...]:
    """Returns the names of classes that a figure prints."""
    return () if spec.key in NAMELESS else record.evaluation.class_names
