"""Names and numbers as a picture prints them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Literal
from unicodedata import bidirectional

from reportgen.figures.style import FONT, MM_PER_INCH, MUTED, SMALL_PT
from reportgen.record import (
    WITHOUT_PROBABILITIES,
    Quantity,
    Record,
    Score,
    Sentence,
    estimated,
    point,
    sentence,
    share,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Annotation
    from matplotlib.transforms import Transform

Horizontal = Literal["left", "center", "right"]
Vertical = Literal["top", "center", "center_baseline", "baseline", "bottom"]

UNPRINTABLE = "\N{REPLACEMENT CHARACTER}"
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
WITHOUT_IMAGES = "The predictions were handed over without their images."
WITHOUT_TRAINING = (
    "The predictions were handed over without the images that the model was trained on."
)
"""Why no picture shows pixels, nor what a model was trained on."""

WITHOUT_MODEL = "The predictions were handed over without their model."
"""Why no picture shows how it was trained."""

NAME_LENGTH = 16
FINE_DPI = 7200
LEFTWARD = frozenset({"R", "AL"})
"""Directions of scripts that a figure would print from the wrong end, unjoined."""

MOST_EXPLAINED = 10
"""Numbers of classes that a caption explains."""


def without_images(record: Record) -> str:
    """Returns why no image is shown that a model was trained on."""
    return WITHOUT_TRAINING if record.dataset.pictured else WITHOUT_IMAGES


def unbinned(record: Record) -> str:
    """Returns why nothing is drawn that takes thirty rows and their probabilities."""
    if record.evaluation.hard:
        return WITHOUT_PROBABILITIES
    return f"There are too few test {record.noun}s to put into bins."


def shown(name: str, most: int = NAME_LENGTH) -> str:
    """Returns the name in one line, its end cut, of characters the typeface has.

    A control character would break the line or turn its direction, and a missing glyph
    would print as nothing, so both become U+FFFD.

    Args:
        name: A class name, a row id: any text.
        most: Characters to print at most.
    """
    clean = _printable(name)
    if len(clean) > most:
        clean = clean[: most - 1].rstrip() + ELLIPSIS
    return clean or "(no name)"


def row_shown(row_id: str, most: int) -> str:
    """Returns the name of a row in one line, its middle cut: rows differ at their ends.

    A picture is named by its path, which begins with the folder of its class.

    Args:
        row_id: Any text.
        most: Characters to print at most.

    >>> row_shown("a long name of a class/17.png", 14)
    'a long…17.png'
    """
    return _without_middle(_printable(row_id), most)


def axis_names(names: Sequence[str], most: int = NAME_LENGTH) -> tuple[str, ...]:
    """Returns the names for an axis, all different if they differ.

    A name of which nothing can be printed becomes its number. Names that are the same
    once their ends are cut lose their middles instead; those that are still the same
    are numbered.

    Args:
        names: k class names in label order.
        most: Characters of a name to print at most.
    """
    readable = [
        _number(position) if _is_lost(name) else name
        for position, name in enumerate(names, start=1)
    ]
    cut = [shown(name, most) for name in readable]
    if len(set(cut)) < len(cut):
        cut = [_without_middle(_printable(name), most) for name in readable]
    times = Counter(cut)
    return tuple(
        name if times[name] == 1 else f"{position}: {name}"
        for position, name in enumerate(cut, start=1)
    )


def lost_in_words(names: Sequence[str]) -> Sentence | None:
    """Returns what stands for characters that no figure can print, None without any.

    Args:
        names: k class names in label order.
    """
    if not any(UNPRINTABLE in _printable(name) for name in names):
        return None
    lost = [
        sentence("{number} is “{name}”", number=_number(position), name=name)
        for position, name in enumerate(names, start=1)
        if _is_lost(name)
    ]
    opening = sentence(
        "The typeface of the figures lacks characters of some names: {mark} stands for "
        "each"
        + (", and a number in label order for a name of no others:" if lost else "."),
        mark=UNPRINTABLE,
    )
    return joined(opening, _listed(lost) if lost else None)


def _listed(lost: list[Sentence]) -> Sentence:
    """Returns the first of the names that became numbers, in a row."""
    parts: list[str | Quantity] = []
    for one in lost[:MOST_EXPLAINED]:
        parts += [", ", *one.parts] if parts else one.parts
    end = "." if len(lost) <= MOST_EXPLAINED else ", and so on."
    return Sentence((*parts, end))


def _number(position: int) -> str:
    """Returns what stands for a name that is lost."""
    return f"no. {position}"


def _is_lost(name: str) -> bool:
    """Returns whether nothing of a name can be printed."""
    return set(_printable(name)) - {" "} == {UNPRINTABLE}


def _without_middle(name: str, most: int) -> str:
    """Returns the beginning and the end of a name that is too long."""
    if len(name) <= most:
        return name or "(no name)"
    tail = (most - 1) // 2
    return name[: most - 1 - tail].rstrip() + ELLIPSIS + name[-tail:].lstrip()


def _printable(name: str) -> str:
    """Returns the name with U+FFFD for what cannot be printed."""
    return "".join(
        character if _is_printable(character) else UNPRINTABLE for character in name
    )


def _is_printable(character: str) -> bool:
    """Returns whether a figure prints the character, and prints it rightly."""
    known = character.isprintable() and character in _characters()
    return known and bidirectional(character) not in LEFTWARD


@cache
def _characters() -> frozenset[str]:
    """Returns the characters that the typeface can print."""
    from matplotlib.font_manager import findfont, get_font

    return frozenset(map(chr, get_font(findfont(FONT)).get_charmap()))


def width_mm(text: str) -> float:
    """Returns the printed width of a line of the smallest type, in millimetres."""
    from matplotlib.font_manager import findfont, get_font

    font = get_font(findfont(FONT))
    # At a high resolution, where advances are not rounded to whole pixels.
    font.set_size(SMALL_PT, FINE_DPI)
    font.set_text(text)
    subpixels = 64  # FreeType measures in 64ths of a pixel.
    return float(font.get_width_height()[0]) / subpixels * MM_PER_INCH / FINE_DPI


def percent(value: float, digits: int = 0) -> str:
    """Returns a share in 0-1 as the report prints it."""
    return str(share(value, digits))


def decimals(scores: Sequence[Score]) -> int:
    """Returns the median of the decimals that the scores' intervals ask for."""
    quantities = [point(score) for score in scores]
    digits = sorted(one.digits for one in quantities if isinstance(one, Quantity))
    return digits[len(digits) // 2] if digits else 0


def in_column(scores: Sequence[Score], digits: int) -> tuple[Quantity | None, ...]:
    """Returns the scores with equally many decimals, None where one is undefined.

    What stands below each other is compared, so one number of decimals serves all.
    """
    quantities = [estimated(score) for score in scores]
    return tuple(
        replace(one, digits=digits) if isinstance(one, Quantity) else None
        for one in quantities
    )


def joined(*sentences: Sentence | None) -> Sentence:
    """Returns the sentences as one, in order, without those that are None."""
    parts: list[str | Quantity] = []
    for one in sentences:
        if one is not None:
            parts += [" ", *one.parts] if parts else one.parts
    return Sentence(tuple(parts))


def write(
    axes: "Axes",
    text: str,
    *,
    at: "tuple[float, float, Transform]",
    offset_pt: tuple[float, float] = (0.0, 0.0),
    align: tuple[Horizontal, Vertical] = ("center", "center_baseline"),
) -> "Annotation":
    """Writes a muted note in the smallest type, which may stand outside of the axes.

    Args:
        axes: Where to write.
        text: What to write.
        at: Where: x, y and the transform that says what they are in.
        offset_pt: How far from there, in points to the right and up.
        align: Which side and height of the text stands there.
    """
    return axes.annotate(
        text,
        at[:2],
        xycoords=at[2],
        xytext=offset_pt,
        textcoords="offset points",
        ha=align[0],
        va=align[1],
        color=MUTED,
        fontsize=SMALL_PT,
        annotation_clip=False,
    )
