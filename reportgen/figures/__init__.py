"""Pictures: each a function from the record to a figure, a caption and an alt text."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.errors import RenderError
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
)
from reportgen.figures.cells import cell_pictures
from reportgen.figures.export import to_svg
from reportgen.figures.lettering import joined, lost_in_words
from reportgen.figures.style import FULL_MM, HALF_MM
from reportgen.record import Omission, Picture, Record, Sentence

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SVG = "image/svg+xml"


def _never(_: Record) -> None:
    """Returns no reason: the figure can always be drawn."""


@dataclass(frozen=True, slots=True)
class FigureSpec:
    """One row of `FIGURES`.

    Attributes:
        key: As "confusion_matrix"; the id of its `<figure>`.
        section: Key of the section in which it stands.
        draw: Returns the figure, drawn afresh.
        caption: Returns what it shows.
        alt: Returns what someone who cannot see it needs to know.
        absent: Returns why there is nothing to draw, None where there is.
        width_mm: Printed width in millimetres.
        width_of: Returns the printed width where the record decides it; `width_mm`
            holds everywhere else.
    """

    key: str
    section: str
    draw: Callable[[Record], "Figure"]
    caption: Callable[[Record], Sentence]
    alt: Callable[[Record], Sentence]
    absent: Callable[[Record], str | None] = _never
    width_mm: float = FULL_MM
    width_of: Callable[[Record], float] | None = None


FIGURES: tuple[FigureSpec, ...] = (
    FigureSpec(
        "sample_digit",
        "data",
        samples.draw_sample_digit,
        samples.caption_sample_digit,
        samples.alt_sample_digit,
        samples.no_samples,
        HALF_MM,
    ),
    FigureSpec(
        "sample_grid",
        "data",
        samples.draw_sample_grid,
        samples.caption_sample_grid,
        samples.alt_sample_grid,
        samples.no_samples,
        HALF_MM,
    ),
    FigureSpec(
        "train_distribution",
        "data",
        distribution.draw_train_distribution,
        distribution.caption_train_distribution,
        distribution.alt_train_distribution,
        distribution.no_train_distribution,
        HALF_MM,
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
        HALF_MM,
    ),
    FigureSpec(
        "accuracy_history",
        "training",
        history.draw_accuracy_history,
        history.caption_accuracy_history,
        history.alt_accuracy_history,
        history.no_training,
        HALF_MM,
    ),
    FigureSpec(
        "learning_rate",
        "training",
        learning_rate.draw_learning_rate,
        learning_rate.caption_learning_rate,
        learning_rate.alt_learning_rate,
        learning_rate.no_learning_rate,
        HALF_MM,
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
        width_of=confusion.matrix_width_mm,
    ),
    FigureSpec(
        "per_class_accuracy",
        "classes",
        classes.draw_per_class_accuracy,
        classes.caption_per_class_accuracy,
        classes.alt_per_class_accuracy,
        classes.no_recall,
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
    }
)
"""Figures in which no class is named."""


FAULTS = (
    ArithmeticError,
    AttributeError,
    ImportError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What is raised where Matplotlib cannot draw: a font or memory is missing, NumPy is of
another version, a record holds numbers that no axis takes. As wide as that, because a
run of hours is worth more than one figure; the page then fails with what was raised."""


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
    reasons = {spec.key: spec.absent(record) for spec in FIGURES}
    drawn = _drawn(
        record, tuple(key for key, why in reasons.items() if not why), elsewhere
    )
    pictures = (
        _picture(spec, record, drawn[spec.key]) for spec in FIGURES if spec.key in drawn
    )
    omissions = tuple(Omission(key, why) for key, why in reasons.items() if why)
    return (*pictures, *cell_pictures(record)), omissions


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
    (spec,) = (spec for spec in FIGURES if spec.key == key)
    try:
        return to_svg(spec.draw(record))
    except FAULTS as error:
        raise RenderError(
            f"The figure {key!r} must be drawn. Received {type(error).__name__}: "
            f"{error}. If the record is as reportgen wrote it, install matplotlib "
            "again, in a version that reportgen was tested with."
        ) from error


def _picture(spec: FigureSpec, record: Record, svg: bytes) -> Picture:
    """Returns one figure with its words."""
    return Picture(
        key=spec.key,
        section=spec.section,
        caption=_caption(spec, record),
        alt=spec.alt(record),
        media_type=SVG,
        data=svg,
        width_mm=spec.width_of(record) if spec.width_of else spec.width_mm,
    )


def _caption(spec: FigureSpec, record: Record) -> Sentence:
    """Returns what a figure shows, and which of its names it could not print."""
    said = spec.caption(record)
    if spec.key in NAMELESS:
        return said
    return joined(said, lost_in_words(record.evaluation.class_names))
