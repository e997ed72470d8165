"""Test images read right, read wrong, and those whose label is doubted."""

from typing import TYPE_CHECKING

from reportgen.figures.lettering import WITHOUT_IMAGES, axis_names, percent, row_shown
from reportgen.figures.sprites import Grid, Sprite, draw_sprites
from reportgen.figures.style import FULL_MM
from reportgen.record import (
    WITHOUT_PROBABILITIES,
    Example,
    Gallery,
    Record,
    Sentence,
    Suspects,
    count,
    point,
    quantity,
    sentence,
    share,
)
from reportgen.record.wording import counted

if TYPE_CHECKING:
    from matplotlib.figure import Figure

GALLERY = Grid(FULL_MM, columns=5, row_mm=18.4, image_mm=11.6)
"""Two galleries of five rows, a heading and the captions fit on one page of A4."""

DIGITS = 1
"""Decimals of a probability, the same in a caption as under the images."""

LABEL_DIGITS = 2
"""Decimals of the probability of a suspected label, which is small."""

ARROW = "\N{RIGHTWARDS ARROW}"


def no_correct(record: Record) -> str | None:
    """Returns why no gallery of right predictions is shown."""
    gallery = record.evaluation.correct_gallery
    if not gallery.examples:
        asked = "" if record.evaluation.hard else " with the probability asked for"
        return f"No test {record.noun} was read right{asked}."
    return _no_images(gallery)


def no_misclassified(record: Record) -> str | None:
    """Returns why no gallery of wrong predictions is shown."""
    gallery = record.evaluation.misclassified_gallery
    if not gallery.examples:
        return f"No test {record.noun} was read wrong, so there is none to show."
    return _no_images(gallery)


def no_suspects(record: Record) -> str | None:
    """Returns why no gallery of suspected labels is shown."""
    if record.evaluation.suspects is None:
        return WITHOUT_PROBABILITIES
    gallery = record.evaluation.suspects.gallery
    if not gallery.examples:
        return f"No test {record.noun} looks mislabelled, so there is none to show."
    return _no_images(gallery)


def draw_correct_gallery(record: Record) -> "Figure":
    """Returns the first right predictions."""
    return _draw(record.evaluation.correct_gallery, record.evaluation.class_names)


def draw_misclassified_gallery(record: Record) -> "Figure":
    """Returns the first wrong predictions."""
    gallery = record.evaluation.misclassified_gallery
    return _draw(gallery, record.evaluation.class_names)


def draw_suspects_gallery(record: Record) -> "Figure":
    """Returns the suspects of least probability of their label."""
    gallery = _suspects(record).gallery
    return _draw(gallery, record.evaluation.class_names, suspected=True)


def caption_correct_gallery(record: Record) -> Sentence:
    """Returns how many such images there are."""
    gallery = record.evaluation.correct_gallery
    are, these = "are", "these are the first of them in file order"
    if gallery.total == 1:
        are, these = "is", "this is it"
    total = count(gallery.total)
    images = counted(record.evaluation.n, "test image")
    if gallery.threshold is None:
        return sentence(
            f"{{total}} of {{images}} {are} read right; {these}: labels alone do not "
            "tell how sure it was. Under each: true and predicted class, the row.",
            total=total,
            images=images,
        )
    return sentence(
        f"{{total}} of {{images}} {are} read right with a probability of {{threshold}} "
        f"or more; {these}. Under each: true and predicted class, the probability of "
        "the prediction, the row.",
        total=total,
        images=images,
        threshold=share(gallery.threshold, 0),
    )


def caption_misclassified_gallery(record: Record) -> Sentence:
    """Returns how many errors there are, and the surest of those shown."""
    gallery = record.evaluation.misclassified_gallery
    extent = (
        "Every test image that is read wrong, {total} in all, in file order"
        if gallery.total == len(gallery.examples)
        else "The first of {total} test images that are read wrong, in file order"
    )
    if gallery.total == 1:
        extent = "The only test image that is read wrong"
    if record.evaluation.hard:
        return sentence(
            extent + ". Under each: true and predicted class, the row.",
            total=count(gallery.total),
        )
    surest, *others = sorted(gallery.examples, key=_probability, reverse=True)
    alone = not others or _printed(others[0]) != _printed(surest)
    finding = (
        "the surest of these errors reads {row_id}, class {true}, as {predicted} with "
        "{probability}."
        if alone
        else "none of these errors is surer than {row_id}, class {true} read as "
        "{predicted} with {probability}."
    )
    if gallery.total == 1:
        finding = "{row_id}, class {true}, is read as {predicted} with {probability}."
    return sentence(
        extent
        + "; "
        + finding
        + " Under each: true and predicted class, the probability of the "
        "prediction, the row.",
        total=count(gallery.total),
        row_id=surest.row_id,
        true=surest.true,
        predicted=surest.predicted,
        probability=share(_probability(surest), DIGITS),
    )


def caption_suspects_gallery(record: Record) -> Sentence:
    """Returns how many labels are suspected, and what accuracy would be without."""
    evaluation, suspects = record.evaluation, _suspects(record)
    extent = (
        "shown are all of them"
        if suspects.gallery.total == len(suspects.gallery.examples)
        else "shown are those whose label has the least probability"
    )
    if suspects.gallery.total == 1:
        extent = "it is shown"
    return sentence(
        "Suspected of a wrong label, not proven: {total} of {errors}, made as surely "
        "as the model usually reads that class; "
        + extent
        + ". Were every such label wrong and the reading right, accuracy would be "
        "{mended}, not {accuracy}. Under each: "
        "given label and predicted class, the probability of the given label, the row.",
        total=count(suspects.gallery.total),
        errors=counted(evaluation.errors, "error"),
        mended=quantity(suspects.accuracy_if_mislabelled, "share"),
        accuracy=point(evaluation.score("accuracy")),
    )


def alt_correct_gallery(record: Record) -> Sentence:
    """Returns what the gallery shows."""
    first = record.evaluation.correct_gallery.examples[0]
    if first.probability is None:
        return sentence(
            "Small test images in rows, each read right, with class and row under it. "
            "The first is {row_id}, class {true}.",
            row_id=first.row_id,
            true=first.true,
        )
    return sentence(
        "Small test images in rows, each read right, with class, probability and row "
        "under it. The first is {row_id}, class {true}, with {probability}.",
        row_id=first.row_id,
        true=first.true,
        probability=share(first.probability, DIGITS),
    )


def alt_misclassified_gallery(record: Record) -> Sentence:
    """Returns what the gallery shows."""
    first = record.evaluation.misclassified_gallery.examples[0]
    if first.probability is None:
        return sentence(
            "Small test images in rows, each read wrong, with true and predicted class "
            "and row under it. The first is {row_id}, class {true} read as "
            "{predicted}.",
            row_id=first.row_id,
            true=first.true,
            predicted=first.predicted,
        )
    return sentence(
        "Small test images in rows, each read wrong, with true and predicted class, "
        "probability and row under it. The first is {row_id}, class {true} read as "
        "{predicted} with {probability}.",
        row_id=first.row_id,
        true=first.true,
        predicted=first.predicted,
        probability=share(first.probability, DIGITS),
    )


def alt_suspects_gallery(record: Record) -> Sentence:
    """Returns what the gallery shows."""
    first = _suspects(record).gallery.examples[0]
    assert first.true_probability is not None
    return sentence(
        "Small test images in rows whose labels are suspected, each with given label, "
        "predicted class, probability of the label and row under it. The first is "
        "{row_id}, labelled {true} and read as {predicted}; its label has "
        "{probability}.",
        row_id=first.row_id,
        true=first.true,
        predicted=first.predicted,
        probability=share(first.true_probability, LABEL_DIGITS),
    )


def _suspects(record: Record) -> Suspects:
    """Returns the suspects of a record that has some."""
    assert record.evaluation.suspects is not None
    return record.evaluation.suspects


def _probability(example: Example) -> float:
    """Returns how sure the prediction is, where that is known."""
    assert example.probability is not None
    return example.probability


def _printed(example: Example) -> str:
    """Returns how sure the prediction is, as it stands under the image."""
    return percent(_probability(example), DIGITS)


def _no_images(gallery: Gallery) -> str | None:
    """Returns that images are missing, where they are."""
    missing = any(example.pixels is None for example in gallery.examples)
    return WITHOUT_IMAGES if missing else None


def _draw(
    gallery: Gallery, class_names: tuple[str, ...], *, suspected: bool = False
) -> "Figure":
    """Returns the gallery's images with what the model made of them.

    Args:
        gallery: What to show.
        class_names: k names in label order.
        suspected: Whether to print the probability of the label instead of the one
            of the prediction.
    """
    short = dict(zip(class_names, axis_names(class_names, 9), strict=True))
    sprites = []
    for one in gallery.examples:
        assert one.pixels is not None
        verdict = f"{short[one.true]} {ARROW} {short[one.predicted]}"
        sprites.append(
            Sprite(one.pixels, (verdict, _evidence(one, suspected=suspected)))
        )
    return draw_sprites(sprites, GALLERY)


def _evidence(example: Example, *, suspected: bool) -> str:
    """Returns the second line under an image: how sure, if that is known, and where."""
    if example.probability is None or example.true_probability is None:
        return row_shown(example.row_id, 22)
    sure = (
        percent(example.true_probability, LABEL_DIGITS)
        if suspected
        else _printed(example)
    )
    return f"{sure} · {row_shown(example.row_id, 14)}"
