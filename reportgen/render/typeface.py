"""One typeface on every machine: DejaVu Sans, cut down to the characters of a page."""

import io
import re
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from unicodedata import category

from fontTools import subset
from fontTools.ttLib import TTFont, TTLibError

from reportgen.errors import RenderError

FAMILY = "Reportgen Sans"
"""A name that no machine has installed, so that only our own file answers to it."""

FACES = {400: "DejaVuSans.ttf", 600: "DejaVuSans-Bold.ttf"}
"""Files by CSS weight; Matplotlib brings them along."""

HIDDEN = frozenset({"Cc", "Cf", "Cn", "Co", "Zl", "Zp"})
"""Unicode categories that steer text, or that no typeface agrees on."""

PLAIN = frozenset("\t\n\r\f\N{SOFT HYPHEN}")
"""Those of them that a page may hold."""

JOINING = ("init", "medi", "fina", "isol", "rlig")
"""Features of the typeface without which Arabic falls apart into letters."""

LONGEST_RUN = 12
"""Code points of neighbours up to which each of them is printed."""

ALWAYS = "".join(map(chr, range(ord(" "), ord("~") + 1))) + "•\N{REPLACEMENT CHARACTER}"
"""What is printed without standing in any text, as by counters and list markers."""


def font_faces(characters: str) -> str:
    """Returns the `@font-face` rules that carry the typeface with them.

    Args:
        characters: Every character that the page prints, in any order.

    Raises:
        RenderError: Matplotlib's font files are missing.
    """
    folder = _font_folder()
    with _readable(folder):
        encoded = {w: _encoded(folder / file, characters) for w, file in FACES.items()}
    return "\n".join(
        f'@font-face {{ font-family: "{FAMILY}"; font-weight: {weight}; '
        f"src: url(data:font/ttf;base64,{font}); }}"
        for weight, font in encoded.items()
    )


def printable(html: str) -> str:
    r"""Returns the page with code points for characters that cannot be printed.

    A browser takes such a character from another font; paper has this one alone. What
    stands in the head is not printed, so a title keeps its characters.

    >>> printable("<h1>\u732b: cat</h1>")
    '<h1>[U+732B]: cat</h1>'
    """
    head, end, body = html.rpartition("</head>")
    strangers = _strangers(body)
    return head + end + (strangers.sub(_code_points, body) if strangers else body)


def first_stranger(html: str) -> str:
    """Returns the code points of the first characters that cannot be printed.

    Args:
        html: A page.

    Returns:
        As they stand on paper, "" where the typeface has all of them.
    """
    body = html.rpartition("</head>")[2]
    strangers = _strangers(body)
    found = strangers.search(body) if strangers else None
    return _code_points(found) if found else ""


def _strangers(text: str) -> re.Pattern[str] | None:
    """Returns what finds runs of characters to replace, None where there are none."""
    folder = _font_folder()
    with _readable(folder):
        known = set.intersection(*(_characters(folder / f) for f in FACES.values()))
    found = {
        character
        for character in set(text) - PLAIN
        if category(character) in HIDDEN
        or (character.isprintable() and ord(character) not in known)
    }
    return re.compile(f"[{re.escape(''.join(sorted(found)))}]+") if found else None


def _code_points(run: re.Match[str]) -> str:
    """Returns the code points of a run, those in the middle of a long one left out."""
    points = [f"U+{ord(character):04X}" for character in run[0]]
    if len(points) > LONGEST_RUN:
        half = LONGEST_RUN // 2
        points[half:-half] = ["..."]
    return f"[{' '.join(points)}]"


def _font_folder() -> Path:
    """Returns Matplotlib's font folder without importing Matplotlib."""
    spec = find_spec("matplotlib")
    if spec is None or spec.origin is None:
        raise RenderError(
            "Matplotlib must be installed: the report prints in the font that comes "
            "with it. Received no such package. Install reportgen again."
        )
    return Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf"


@contextmanager
def _readable(folder: Path) -> Iterator[None]:
    """Turns a font that is missing or broken into an error that says so."""
    try:
        yield
    except (OSError, TTLibError) as error:
        raise RenderError(
            f"The typeface must lie in {folder}, as Matplotlib brings it. Received "
            f"{type(error).__name__}: {error}. Install matplotlib again."
        ) from error


def _characters(path: Path) -> set[int]:
    """Returns the code points that a font has glyphs for."""
    with TTFont(path) as font:
        return set(font.getBestCmap())


def _encoded(path: Path, characters: str) -> str:
    """Returns the font with those characters alone, in base64."""
    options = subset.Options()
    # What joins Arabic letters; no other ligatures.
    options.layout_features = ["kern", "mark", "mkmk", "ccmp", *JOINING]
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
