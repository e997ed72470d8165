"""One typeface on every machine: DejaVu Sans, cut down to the characters of a page."""

import io
from base64 import b64encode
from importlib.util import find_spec
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from reportgen.errors import RenderError

FAMILY = "Reportgen Sans"
"""A name that no machine has installed, so that only our own file answers to it."""

FACES = {400: "DejaVuSans.ttf", 600: "DejaVuSans-Bold.ttf"}
"""Files by CSS weight; Matplotlib brings them along."""

MISSING = "\N{REPLACEMENT CHARACTER}"
"""Stands on paper for a character that the typeface does not have."""

ALWAYS = "".join(map(chr, range(ord(" "), ord("~") + 1))) + "•" + MISSING
"""What is printed without standing in any text, as by counters and list markers."""


def font_faces(characters: str) -> str:
    """Returns the `@font-face` rules that carry the typeface with them.

    Args:
        characters: Every character that the page prints, in any order.

    Raises:
        RenderError: Matplotlib's font files are missing.
    """
    folder = _font_folder()
    return "\n".join(
        f'@font-face {{ font-family: "{FAMILY}"; font-weight: {weight}; '
        f"src: url(data:font/ttf;base64,{_encoded(folder / file, characters)}); }}"
        for weight, file in FACES.items()
    )


def printable(text: str) -> str:
    """Returns the text with U+FFFD for every character that the typeface lacks.

    A browser takes such a character from another font; paper has this one alone.
    """
    folder = _font_folder()
    known = set.intersection(*(_characters(folder / file) for file in FACES.values()))
    strangers = {ord(c) for c in set(text) if c.isprintable()} - known
    return text.translate(dict.fromkeys(strangers, MISSING))


def _font_folder() -> Path:
    """Returns Matplotlib's font folder without importing Matplotlib."""
    spec = find_spec("matplotlib")
    if spec is None or spec.origin is None:
        raise RenderError(
            "Matplotlib must be installed: the report prints in the font that comes "
            "with it. Received no such package. Install reportgen again."
        )
    return Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf"


def _characters(path: Path) -> set[int]:
    """Returns the code points that a font has glyphs for."""
    with TTFont(path) as font:
        return set(font.getBestCmap())


def _encoded(path: Path, characters: str) -> str:
    """Returns the font with those characters alone, in base64."""
    options = subset.Options()
    options.layout_features = ["kern", "mark", "mkmk", "ccmp"]  # No ligatures.
    options.notdef_outline = True
    options.hinting = False
    options.drop_tables += ["FFTM"]  # A date stamp that the subsetter does not know.
    # The date of the font stays the date of the font: equal pages, equal bytes.
    with TTFont(path, recalcTimestamp=False) as font:
        subsetter = subset.Subsetter(options)
        subsetter.populate(text=characters + ALWAYS)
        subsetter.subset(font)
        content = io.BytesIO()
        font.save(content)
    return b64encode(content.getvalue()).decode("ascii")
