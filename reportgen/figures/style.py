"""One look for every figure: sizes, colours, strokes, type."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FULL_MM = 174.0
"""Printed width of a figure across an A4 page with margins of 18 mm."""

HALF_MM = 85.0
"""Printed width of each of two figures side by side."""

MM_PER_INCH = 25.4

INK = "#1b1f24"
MUTED = "#57606a"
RULE = "#d0d7de"
PAPER = "#ffffff"
ACCENT = "#0b5cad"
ALARM = "#b42318"

FONT = "DejaVu Sans"
TEXT_PT = 8.0
SMALL_PT = 7.0
"""The smallest type of a figure, as it is printed."""

FLARE = 0.05
"""Light that a surface always throws back, as a share of white."""

FEW = 10
"""Classes that strokes can tell apart."""

COLOURS = (
    *("#0173b2", "#de8f05", "#029e73", "#d55e00", "#cc78bc"),
    *("#ca9161", "#fbafe4", "#949494", "#ece133", "#56b4e9"),
)
"""seaborn's palette "colorblind"; seaborn takes about as long to import as all figures
to draw."""

DASHES: tuple[tuple[float, ...], ...] = (
    (),
    (5, 1.5),
    (1.2, 1.2),
    (6, 1.5, 1.2, 1.5),
    (3, 1, 1, 1, 1, 1),
    (9, 1.5),
    (2.5, 1),
    (1, 2),
    (6, 1.2, 1.2, 1.2, 1.2, 1.2),
    (9, 1.5, 3, 1.5),
)
"""On-off lengths of `FEW` strokes, in line widths; the first is solid."""

LOOK: dict[str, object] = {
    "font.family": FONT,
    "font.size": TEXT_PT,
    # A class may be called "$x$": nothing in a picture is a formula.
    "text.parse_math": False,
    "text.color": INK,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.labelsize": TEXT_PT,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": SMALL_PT,
    "ytick.labelsize": SMALL_PT,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "grid.color": RULE,
    "grid.linewidth": 0.5,
    "legend.frameon": False,
    "legend.fontsize": SMALL_PT,
    "legend.title_fontsize": SMALL_PT,
    "lines.linewidth": 1.2,
    "hatch.linewidth": 0.6,
    "figure.facecolor": PAPER,
    "figure.constrained_layout.w_pad": 0.02,
    "figure.constrained_layout.h_pad": 0.02,
    "image.composite_image": False,
    "svg.fonttype": "path",
    "svg.hashsalt": "reportgen",
}
"""What differs from Matplotlib's own defaults."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """How the line of one class is drawn.

    Attributes:
        colour: As "#0173b2".
        dash: Matplotlib dash pattern: offset and on-off lengths, empty for solid.
    """

    colour: str
    dash: tuple[float, tuple[float, ...]]


@contextmanager
def look() -> Iterator[None]:
    """Draws inside of it in the house's look; what a user's settings say is put back.

    It decorates each function that draws: texts and formatters take their settings
    from where they are made, not from where they are saved.
    """
    from matplotlib import style

    with style.context(["default", LOOK]):
        yield


def new_figure(width_mm: float, height_mm: float) -> "Figure":
    """Returns an empty figure that lays out its axes by what stands around them.

    Args:
        width_mm: Printed width in millimetres.
        height_mm: Printed height in millimetres.
    """
    from matplotlib.figure import Figure

    size = (width_mm / MM_PER_INCH, height_mm / MM_PER_INCH)
    return Figure(figsize=size, layout="constrained")


def light_grid(axes: "Axes", axis: str) -> None:
    """Rules the value axis lightly; `axis` is "x", "y" or "both"."""
    assert axis in {"x", "y", "both"}
    axes.grid(visible=True, axis=axis)  # type: ignore[arg-type] # Narrowed above.
    axes.tick_params(axis=axis, length=0)  # type: ignore[arg-type] # Narrowed above.


def text_on(red: float, green: float, blue: float) -> str:
    """Returns paper or ink: whichever has the greater contrast to the colour.

    Args:
        red: sRGB value in 0-1, as are `green` and `blue`.
        green: Likewise.
        blue: Likewise.

    Source: Web Content Accessibility Guidelines 2.2, "contrast ratio".
    """
    from matplotlib.colors import to_rgb

    ground = _luminance(red, green, blue)
    paper = (_luminance(*to_rgb(PAPER)) + FLARE) / (ground + FLARE)
    ink = (ground + FLARE) / (_luminance(*to_rgb(INK)) + FLARE)
    return PAPER if paper > ink else INK


def _luminance(*channels: float) -> float:
    """Returns the relative luminance in 0-1 of an sRGB colour in 0-1."""
    linear = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - sRGB's own
        for value in channels
    )
    weights = (0.2126, 0.7152, 0.0722)
    return sum(w * value for w, value in zip(weights, linear, strict=True))


def strokes(count: int) -> tuple[Stroke, ...]:
    """Returns that many strokes, told apart by colour and by dash.

    Args:
        count: Lines to draw, at most `FEW`.

    Raises:
        ValueError: More strokes are asked for than can be told apart.
    """
    if count > FEW:
        raise ValueError(f"strokes must be at most {FEW}. Received {count!r}.")
    return tuple(Stroke(COLOURS[i], (0, DASHES[i])) for i in range(count))
