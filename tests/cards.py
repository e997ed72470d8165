"""Small cards with one-box pictures, for tests of the page and of the paper."""

import dataclasses
from typing import TypeVar

from records import make_record
from reportgen.card import Card, compose
from reportgen.record import (
    AuthorWord,
    Calibration,
    ConfusedCell,
    ConfusedPair,
    Curve,
    Evaluation,
    Example,
    Gallery,
    Images,
    Omission,
    Picture,
    Record,
    Reliability,
    count,
    sentence,
)

OfClass = TypeVar("OfClass", Curve, Reliability)

FIGURES = {
    "data": (
        "sample_digit",
        "sample_grid",
        "train_distribution",
        "test_distribution",
        "augmentations",
    ),
    "training": ("loss_history", "accuracy_history", "learning_rate"),
    "classes": ("confusion_matrix", "confusion_errors", "per_class_accuracy"),
    "slices": ("slices",),
    "curves": ("roc", "precision_recall"),
    "calibration": ("calibration", "class_calibration", "confidence_histogram"),
    "deciding": ("risk_coverage",),
    "errors": ("correct_gallery", "misclassified_gallery", "suspects_gallery"),
}
"""Figures by section."""

BOX = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="80mm" height="40mm" '
    b'viewBox="0 0 80 40"><rect width="80" height="40" fill="#cccccc"/></svg>'
)

BESIDE = ("differences", "class_changes", "fixes_gallery", "regressions_gallery")
"""Figures of the section that a baseline adds."""

LETTERS = tuple("ABCDEFGHIJ")


def make_pictures(record: Record) -> tuple[Picture, ...]:
    """Returns a box for each figure."""
    n = count(record.evaluation.n)
    beside = {"comparison": BESIDE} if record.comparison else {}
    return tuple(
        Picture(
            key=key,
            section=section,
            caption=sentence("{n} images in a <box>.", n=n),
            alt=sentence('A "box" for {n} images.', n=n),
            media_type="image/svg+xml",
            data=BOX,
            width_mm=80.0 if section in {"data", "training"} else 160.0,
        )
        for section, keys in (FIGURES | beside).items()
        for key in keys
    )


def make_card(record: Record | None = None, *omissions: Omission) -> Card:
    """Returns a card of that record with a box for each figure."""
    record = record or lettered(make_record())
    return compose(record, make_pictures(record), omissions)


def lettered(record: Record, names: tuple[str, ...] = LETTERS) -> Record:
    """Returns the record with those class names, by default without any digit."""
    new = dict(zip(record.evaluation.class_names, names, strict=True))
    dataset = dataclasses.replace(
        record.dataset,
        class_names=names,
        images=record.dataset.images and _shown(record.dataset.images, new),
    )
    evaluation = _renamed(record.evaluation, new)
    return dataclasses.replace(record, dataset=dataset, evaluation=evaluation)


def _shown(images: Images, new: dict[str, str]) -> Images:
    samples = tuple(
        dataclasses.replace(sample, label=new[sample.label])
        for sample in images.samples
    )
    return dataclasses.replace(images, samples=samples)


def _renamed(evaluation: Evaluation, new: dict[str, str]) -> Evaluation:
    """Returns the evaluation with its classes renamed wherever they are named."""
    names = tuple(new.values())
    return dataclasses.replace(
        evaluation,
        class_names=names,
        classes=tuple(
            dataclasses.replace(one, name=new[one.name]) for one in evaluation.classes
        ),
        confusion_matrix=dataclasses.replace(
            evaluation.confusion_matrix, class_names=names
        ),
        confused_pairs=tuple(_pair(p, new) for p in evaluation.confused_pairs),
        cells=tuple(_cell(cell, new) for cell in evaluation.cells),
        binary=evaluation.binary
        and dataclasses.replace(
            evaluation.binary,
            positive=new[evaluation.binary.positive],
            negative=new[evaluation.binary.negative],
        ),
        roc=tuple(_of_class(curve, new) for curve in evaluation.roc),
        precision_recall=tuple(_of_class(c, new) for c in evaluation.precision_recall),
        calibration=evaluation.calibration
        and _calibration(evaluation.calibration, new),
        correct_gallery=_gallery(evaluation.correct_gallery, new),
        misclassified_gallery=_gallery(evaluation.misclassified_gallery, new),
        suspects=evaluation.suspects
        and dataclasses.replace(
            evaluation.suspects, gallery=_gallery(evaluation.suspects.gallery, new)
        ),
    )


def _gallery(gallery: Gallery, new: dict[str, str]) -> Gallery:
    examples = tuple(_judged(example, new) for example in gallery.examples)
    return dataclasses.replace(gallery, examples=examples)


def _cell(cell: ConfusedCell, new: dict[str, str]) -> ConfusedCell:
    return dataclasses.replace(
        cell,
        true=new[cell.true],
        predicted=new[cell.predicted],
        examples=tuple(_judged(example, new) for example in cell.examples),
    )


def _judged(value: Example, new: dict[str, str]) -> Example:
    return dataclasses.replace(
        value, true=new[value.true], predicted=new[value.predicted]
    )


def _pair(pair: ConfusedPair, new: dict[str, str]) -> ConfusedPair:
    return dataclasses.replace(pair, first=new[pair.first], second=new[pair.second])


def _calibration(calibration: Calibration, new: dict[str, str]) -> Calibration:
    worst = new[calibration.classwise.worst]
    return dataclasses.replace(
        calibration,
        classwise=dataclasses.replace(calibration.classwise, worst=worst),
        classes=tuple(_of_class(one, new) for one in calibration.classes),
    )


def _of_class(value: OfClass, new: dict[str, str]) -> OfClass:
    return dataclasses.replace(value, class_name=new[value.class_name or ""])


def with_words(record: Record, text: str | None) -> Record:
    """Returns the record with one word of the author."""
    word = AuthorWord("intended_use", "Intended use", text)
    return dataclasses.replace(record, author=(word,))
