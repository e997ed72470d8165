"""Images that just one of two models reads right."""

from typing import TYPE_CHECKING

from reportgen.figures.lettering import (
    WITHOUT_IMAGES,
    axis_names,
    joined,
    percent,
    row_shown,
    width_mm,
)
from reportgen.figures.sprites import Grid, Sprite, draw_sprites
from reportgen.figures.style import FULL_MM
from reportgen.record import (
    Comparison,
    Flip,
    FlipGallery,
    Sentence,
    count,
    sentence,
    share,
)
from reportgen.record.wording import counted

if TYPE_CHECKING:
    from matplotlib.figure import Figure

GALLERY = Grid(FULL_MM, columns=5, row_mm=22.4, image_mm=11.6)
"""As the galleries of errors, with a line more under each image."""

NAME_LENGTHS = (6, 5, 4, 3)
"""Characters of a class name, three of which stand in a line: as many as fit."""

LINE_MM = GALLERY.width_mm / GALLERY.columns - 1
"""Room for a line under an image."""

DIGITS = 1
"""Decimals of a probability."""

ARROW = "\N{RIGHTWARDS ARROW}"

UNDER = (
    "Under each: true class {arrow} what the baseline / the candidate reads, the "
    "probability that each gives to its reading, the row."
)


def no_fixes(comparison: Comparison) -> str | None:
    """Returns why no gallery of fixes is shown."""
    said = "No {noun} is read right by the candidate alone, so there is none to show."
    return _none(comparison, comparison.fixes, said)


def no_regressions(comparison: Comparison) -> str | None:
    """Returns why no gallery of regressions is shown."""
    said = "No {noun} is read right by the baseline alone, so there is none to show."
    return _none(comparison, comparison.regressions, said)


def draw_fixes(comparison: Comparison) -> "Figure":
    """Returns the first images that the candidate alone reads right."""
    return _draw(comparison.fixes, comparison.class_names)


def draw_regressions(comparison: Comparison) -> "Figure":
    """Returns the first images that the baseline alone reads right."""
    return _draw(comparison.regressions, comparison.class_names)


def caption_fixes(comparison: Comparison) -> Sentence:
    """Returns how many fixes there are."""
    said = "Fixes: the candidate alone is right on {total} of {n}{extent}."
    return _caption(comparison, comparison.fixes, said)


def caption_regressions(comparison: Comparison) -> Sentence:
    """Returns how many regressions there are."""
    said = "Regressions: the baseline alone is right on {total} of {n}{extent}."
    return _caption(comparison, comparison.regressions, said)


def alt_fixes(comparison: Comparison) -> Sentence:
    """Returns what the gallery shows."""
    return _alt(comparison.fixes, "candidate")


def alt_regressions(comparison: Comparison) -> Sentence:
    """Returns what the gallery shows."""
    return _alt(comparison.regressions, "baseline")


def pictured(gallery: FlipGallery) -> tuple[Flip, ...]:
    """Returns the examples of which a run has the image."""
    return tuple(one for one in gallery.examples if one.pixels is not None)


def _none(comparison: Comparison, gallery: FlipGallery, said: str) -> str | None:
    """Returns why nothing is shown: not the same rows, no flip, no image."""
    if comparison.paired is None:
        return "The test rows of the two runs are not the same."
    if not gallery.total:
        return said.format(noun=comparison.noun)
    return None if pictured(gallery) else WITHOUT_IMAGES


def _draw(gallery: FlipGallery, class_names: tuple[str, ...]) -> "Figure":
    """Returns the gallery's images with what both models made of them."""
    examples = pictured(gallery)
    readings = _readings(examples, class_names)
    sprites = []
    for one, read in zip(examples, readings, strict=True):
        assert one.pixels is not None
        lines = (read, _sure(one), row_shown(one.row_id, 20))
        sprites.append(Sprite(one.pixels, tuple(line for line in lines if line)))
    return draw_sprites(sprites, GALLERY)


def _readings(
    examples: tuple[Flip, ...], class_names: tuple[str, ...]
) -> tuple[str, ...]:
    """Returns the true class and what both read, names as long as the widest fits."""
    readings: tuple[str, ...] = ()
    for length in NAME_LENGTHS:
        names = axis_names(class_names, length)
        short = dict(zip(class_names, names, strict=True))
        readings = tuple(
            f"{short[one.true]} {ARROW} {short[one.baseline]} / {short[one.candidate]}"
            for one in examples
        )
        if max(map(width_mm, readings)) <= LINE_MM:
            break
    return readings


def _sure(one: Flip) -> str:
    """Returns both probabilities, nothing where labels alone were predicted."""
    both = (one.baseline_probability, one.candidate_probability)
    if both == (None, None):
        return ""
    return " / ".join("n/a" if p is None else percent(p, DIGITS) for p in both)


def _caption(comparison: Comparison, gallery: FlipGallery, said: str) -> Sentence:
    """Returns how many rows flipped, which are shown, and what stands below each."""
    assert comparison.paired is not None
    every = gallery.total == len(gallery.examples)
    found = sentence(
        said,
        total=count(gallery.total),
        n=counted(comparison.paired.flips.n, "image"),
        extent="" if every else "; shown are the first in file order",
    )
    lacking = gallery.without_pixels
    unseen = sentence(
        "{lacking} more stands in the table alone: no run has its image."
        if lacking == 1
        else "{lacking} more stand in the table alone: no run has their images.",
        lacking=count(lacking),
    )
    return joined(found, unseen if lacking else None, sentence(UNDER, arrow=ARROW))


def _alt(gallery: FlipGallery, right: str) -> Sentence:
    """Returns what the gallery shows, and its first image."""
    first = pictured(gallery)[0]
    sure = first.candidate_probability
    return sentence(
        "Small test images in rows, each read right by the "
        + right
        + " alone, with both readings, their probabilities and the row under it. The "
        "first is {row_id}, class {true}, read as {baseline} by the baseline and as "
        "{candidate} by the candidate" + (" with {sure}." if sure is not None else "."),
        row_id=first.row_id,
        true=first.true,
        baseline=first.baseline,
        candidate=first.candidate,
        sure=share(sure or 0.0, DIGITS),
    )
