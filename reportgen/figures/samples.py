"""The training part: one image close up, many images, one image altered.

Where every image is tested there is none; then the test part is shown.
"""

from typing import TYPE_CHECKING

import numpy as np

from reportgen.figures.lettering import (
    axis_names,
    joined,
    shown,
    without_images,
)
from reportgen.figures.sprites import (
    Grid,
    Sprite,
    dark_ground,
    draw_sprites,
    enlarged,
    rgb,
)
from reportgen.figures.style import (
    FULL_MM,
    HALF_MM,
    RULE,
    SMALL_PT,
    look,
    new_figure,
    text_on,
)
from reportgen.record import Images, Part, Record, Sample, Sentence, count, sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PAIR_MM = 74.0
"""Height of the close-up and of the grid beside it."""

LEGIBLE_SIDE = 12
"""Pixels a side up to which a value can be printed in each."""

CLOSE_UP_MM = 60.0

MOST = 25
"""Images of the grid."""

COLOURED = "three whole numbers, for red, green and blue,"
"""What a pixel of RGB is."""

SAMPLES = Grid(HALF_MM, columns=5, row_mm=14.8, image_mm=11.2, height_mm=PAIR_MM)
AUGMENTED = Grid(FULL_MM, columns=7, row_mm=27.5, image_mm=22.4)


def no_samples(record: Record) -> str | None:
    """Returns why no image of the training part, or the test part, is shown."""
    images = record.dataset.images
    if images is None:
        return without_images(record)
    return None if images.samples else "The record holds no training images."


def no_augmentations(record: Record) -> str | None:
    """Returns why no augmentation is shown."""
    images = record.dataset.images
    if images is None:
        return without_images(record)
    if images.augmented_samples:
        return None
    if record.training is None:
        return "How the model was trained is not known."
    return "The training images were not augmented."


def images_of(record: Record) -> Images:
    """Returns the images of a record that has some."""
    assert record.dataset.images is not None
    return record.dataset.images


def part_shown(record: Record) -> str:
    """Returns the name of the part that images are shown of."""
    return "training part" if images_of(record).train else "test part"


@look()
def draw_sample_digit(record: Record) -> "Figure":
    """Returns one image close up, with its scale or its values."""
    sample = images_of(record).samples[0]
    pixels = sample.pixels
    figure = new_figure(HALF_MM, PAIR_MM)
    figure.set_layout_engine("none")
    axes = figure.add_axes(_in_figure(9.0, CLOSE_UP_MM))
    axes.imshow(
        enlarged([pixels], CLOSE_UP_MM)[0],
        extent=(-0.5, pixels.width - 0.5, pixels.height - 0.5, -0.5),
        interpolation="none",
    )
    axes.spines[:].set(visible=True, color=RULE)
    axes.tick_params(length=0)
    axes.set(xticks=_ticks(pixels.width), yticks=_ticks(pixels.height))
    axes.set(xlabel="column", ylabel="row")
    _rule_pixels(axes, pixels.height, pixels.width)
    if pixels.channels == 1:
        ink = dark_ground([pixels])
        _draw_scale(figure, figure.add_axes(_in_figure(71.0, 2.6)), ink=ink)
        if max(pixels.height, pixels.width) <= LEGIBLE_SIDE:
            _write_values(axes, sample, ink=ink)
    return figure


def caption_sample_digit(record: Record) -> Sentence:
    """Returns what one image is to the model, which sees it whole."""
    images = images_of(record)
    sample = images.samples[0]
    drawn = (sample.pixels.height, sample.pixels.width)
    smaller = drawn != (images.height, images.width)
    return joined(
        sentence(
            "The first image of the {part}, labelled {label}: {height} by {width} "
            "pixels, each "
            + ("a whole number" if sample.pixels.channels == 1 else COLOURED)
            + " of eight bits, are all that a model sees of it"
            + ("; drawn here with {rows} by {columns}." if smaller else "."),
            part=part_shown(record),
            label=sample.label,
            height=count(images.height),
            width=count(images.width),
            rows=count(drawn[0]),
            columns=count(drawn[1]),
        ),
        _ink_note([sample]),
    )


def alt_sample_digit(record: Record) -> Sentence:
    """Returns what the close-up shows."""
    sample = images_of(record).samples[0]
    return sentence(
        "Close-up of one image of the {part}, labelled {label}, {height} by {width} "
        "pixels. Rows and columns are numbered"
        + (
            ", and a scale translates grey into pixel values."
            if sample.pixels.channels == 1
            else "; it is in colour."
        ),
        part=part_shown(record),
        label=sample.label,
        height=count(sample.pixels.height),
        width=count(sample.pixels.width),
    )


def draw_sample_grid(record: Record) -> "Figure":
    """Returns some images with their labels."""
    names = record.dataset.class_names
    short = dict(zip(names, axis_names(names, 9), strict=True))
    return draw_sprites(
        [
            Sprite(sample.pixels, (short[sample.label],))
            for sample in images_of(record).samples[:MOST]
        ],
        SAMPLES,
    )


def caption_sample_grid(record: Record) -> Sentence:
    """Returns how many images there are like these, and which they are."""
    part = images_of(record).train or record.dataset.test
    return sentence(
        _which(record, part)
        + (", above its label" if part.n == 1 else ", each above its label")
        + "; the model must tell {k} classes apart.",
        n=count(part.n),
        part=part_shown(record),
        k=count(record.evaluation.k),
    )


def _which(record: Record, part: Part) -> str:
    """Returns which images of the part are drawn, as a template."""
    there = sum(n > 0 for n in part.class_counts)
    labels = [sample.label for sample in images_of(record).samples[:MOST]]
    if part.n == 1:
        return "The only image of the {part}"
    if there == 1 or not _in_turn(record, part, labels):
        return "The first of the {n} images of the {part} in file order"
    said = "Of the {n} images of the {part} the first of each class"
    if there > len(labels):
        return said + ", of as many classes as there is room for"
    return said + ", then the second and so on" * (there < len(labels))


def _in_turn(record: Record, part: Part, labels: list[str]) -> bool:
    """Returns whether each class comes once, each once more, until none is left.

    Such are images of files in the order of their classes, and those of files in which
    the classes take turns.
    """
    names, counts = record.dataset.class_names, part.class_counts
    rows = dict(zip(names, counts, strict=True))
    order = dict.fromkeys(labels)
    turns = [name for turn in range(len(labels)) for name in order if rows[name] > turn]
    most = min(sum(n > 0 for n in counts), len(labels))
    return len(order) == most and labels == turns[: len(labels)]


def alt_sample_grid(record: Record) -> Sentence:
    """Returns what the grid shows."""
    labels = ", ".join(sample.label for sample in images_of(record).samples[:5])
    return sentence(
        "Small images of the {part}, {height} by {width} pixels each, in rows and with "
        "their labels. The first row shows {labels}.",
        part=part_shown(record),
        height=count(images_of(record).height),
        width=count(images_of(record).width),
        labels=labels,
    )


def draw_augmentations(record: Record) -> "Figure":
    """Returns one image of the training part under each augmentation, or warped."""
    return draw_sprites(
        [
            Sprite(sample.pixels, (shown(sample.label, 18),))
            for sample in images_of(record).augmented_samples
        ],
        AUGMENTED,
    )


def caption_augmentations(record: Record) -> Sentence:
    """Returns what augmentation makes of one image."""
    if _is_warped(record):
        return sentence(
            "Image {row_id} of the training part, and fresh warps of it. Every pass of "
            "the training draws others; each keeps the label, and validation and test "
            "images are never altered.",
            row_id=images_of(record).augmented_samples[0].row_id,
        )
    return sentence(
        "Image {row_id} of the training part under each augmentation: {names}. Each "
        "copy keeps the label; validation and test images are never altered.",
        row_id=images_of(record).augmented_samples[0].row_id,
        names=", ".join(_names(record)),
    )


def alt_augmentations(record: Record) -> Sentence:
    """Returns what the row of images shows."""
    if _is_warped(record):
        return sentence(
            "An image of the training part, and beside it the same under fresh warps: "
            "turned, sheared, stretched, moved and bent, each otherwise. Thin frames "
            "show how far it moves or changes size."
        )
    return sentence(
        "The same image of the training part side by side under each augmentation: "
        "{names}. Thin frames show how far it moves or changes size.",
        names=", ".join(_names(record)),
    )


def _is_warped(record: Record) -> bool:
    """Returns whether training drew warps in place of fixed augmentations."""
    return record.training is not None and record.training.warping is not None


def _names(record: Record) -> dict[str, None]:
    """Returns what the image was put under, each once and in order."""
    return dict.fromkeys(one.label for one in images_of(record).augmented_samples)


def _ink_note(samples: list[Sample]) -> Sentence | None:
    """Returns a sentence that owns up to the inversion, where there is one."""
    if not dark_ground([sample.pixels for sample in samples]):
        return None
    return sentence(
        "Light strokes on a dark ground are printed as ink on paper here and below."
    )


def _in_figure(left_mm: float, width_mm: float) -> tuple[float, float, float, float]:
    """Returns the place of the image, or of the scale as high as it, as shares."""
    bottom_mm = PAIR_MM - CLOSE_UP_MM - 1.5
    return (
        left_mm / HALF_MM,
        bottom_mm / PAIR_MM,
        width_mm / HALF_MM,
        CLOSE_UP_MM / PAIR_MM,
    )


def _ticks(length: int) -> list[int]:
    """Returns about five pixel numbers, the first and the last among them."""
    return sorted({round(tick) for tick in np.linspace(0, length - 1, 5)})


def _rule_pixels(axes: "Axes", height: int, width: int) -> None:
    """Draws hairlines between pixels, where they would not hide them."""
    if max(height, width) > 2 * 32:
        return
    rows, columns = np.arange(1, height) - 0.5, np.arange(1, width) - 0.5
    axes.hlines(rows, -0.5, width - 0.5, color=RULE, linewidth=0.3)
    axes.vlines(columns, -0.5, height - 0.5, color=RULE, linewidth=0.3)


def _draw_scale(figure: "Figure", beside: "Axes", *, ink: bool) -> None:
    """Draws the grey scale from 0 to 255."""
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    scale = ScalarMappable(Normalize(0, 255), cmap="Greys" if ink else "gray")
    bar = figure.colorbar(scale, cax=beside, ticks=[0, 64, 128, 192, 255])
    bar.outline.set(edgecolor=RULE, linewidth=0.5)
    bar.ax.tick_params(length=0)
    bar.set_label("pixel value", labelpad=2)


def _write_values(axes: "Axes", sample: Sample, *, ink: bool) -> None:
    """Writes each pixel's value into it, in the colour that reads best on it."""
    pixels = sample.pixels
    for position, value in enumerate(pixels.data):
        row, column = divmod(position, pixels.width)
        red, green, blue = rgb(pixels, ink=ink)[row, column] / 255
        axes.text(
            column,
            row,
            str(value),
            color=text_on(red, green, blue),
            fontsize=SMALL_PT,
            ha="center",
            va="center",
        )
