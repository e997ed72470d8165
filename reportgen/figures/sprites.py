"""Images in rows and columns with words beside them, placed in millimetres."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reportgen.figures.style import INK, MUTED, RULE, SMALL_PT, look, new_figure
from reportgen.record import Pixels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SPRITE_PX_PER_MM = 9
"""Least resolution at which images are enlarged; 229 dots an inch."""

MOST_PX = 512
"""Pixels of the longest side that are shown; a sheet of more would fill the memory."""

LINE_MM = 3.1
"""From one line of the smallest type to the next."""

MARGIN_MM = 0.4

GAP_MM = 2.4
"""Between images side by side, at least."""

RGB = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Sprite:
    """One image and the lines under it.

    Attributes:
        pixels: The image.
        lines: Text, the first line in ink, the others muted.
    """

    pixels: Pixels
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """Where sprites stand on the page, in millimetres.

    Attributes:
        width_mm: Printed width of the figure.
        columns: Sprites in a row.
        row_mm: From one row to the next.
        image_mm: Height of an image, less for one that would be wider than its column.
        height_mm: Printed height, None for as high as the rows are.
    """

    width_mm: float
    columns: int
    row_mm: float
    image_mm: float
    height_mm: float | None = None


@look()
def draw_sprites(sprites: Sequence[Sprite], grid: Grid) -> "Figure":
    """Returns a figure of images, in reading order.

    All images go into one picture: a page embeds and shows one faster than many. Each
    stands right over its lines, however wide and low it is.
    """
    pixels = [sprite.pixels for sprite in sprites]
    images = enlarged(pixels, _longest_mm(pixels, grid))
    px_per_mm = max(max(image.shape) for image in images) / _longest_mm(pixels, grid)
    grid = _closed(grid, max(len(image) for image in images) / px_per_mm)
    height_mm = grid.height_mm or -(-len(sprites) // grid.columns) * grid.row_mm
    figure = new_figure(grid.width_mm, height_mm)
    figure.set_layout_engine("none")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, grid.width_mm), ylim=(height_mm, 0))
    axes.set_axis_off()
    size_px = (round(height_mm * px_per_mm), round(grid.width_mm * px_per_mm))
    sheet = np.full((*size_px, 3), 255, dtype=np.uint8)
    for position, (sprite, image) in enumerate(zip(sprites, images, strict=True)):
        row, column = divmod(position, grid.columns)
        centre_mm = (column + 0.5) * grid.width_mm / grid.columns
        foot_mm = (centre_mm, row * grid.row_mm + grid.image_mm)
        corner = _paste(sheet, image, foot_mm, px_per_mm)
        _frame(axes, corner, image.shape, px_per_mm)
        _write(axes, sprite.lines, foot_mm)
    extent = (0, size_px[1] / px_per_mm, size_px[0] / px_per_mm, 0)
    axes.imshow(sheet, extent=extent, interpolation="none", aspect="auto")
    axes.set(xlim=(0, grid.width_mm), ylim=(height_mm, 0))
    return figure


def _longest_mm(images: Sequence[Pixels], grid: Grid) -> float:
    """Returns the printed length of the longest side: all are as large as one fits."""
    height = max(image.height for image in images)
    width = max(image.width for image in images)
    column_mm = grid.width_mm / grid.columns - GAP_MM
    return min(grid.image_mm / height, column_mm / width) * max(height, width)


def _closed(grid: Grid, high_mm: float) -> Grid:
    """Returns the grid without the height of its rows that no image takes.

    Rows of a figure whose height is given keep their places.
    """
    if grid.height_mm is not None:
        return grid
    unused_mm = grid.image_mm - high_mm
    return replace(grid, row_mm=grid.row_mm - unused_mm, image_mm=high_mm)


def dark_ground(images: Sequence[Pixels]) -> bool:
    """Returns whether most pixels are darker than middle grey, and none has colour.

    Such images, as light strokes on black, are printed as ink on paper.
    """
    values = np.frombuffer(b"".join(image.data for image in images), dtype=np.uint8)
    return all(image.channels == 1 for image in images) and bool(
        np.median(values) < 128  # noqa: PLR2004 - the middle of 8 bits
    )


def enlarged(images: Sequence[Pixels], image_mm: float) -> list[RGB]:
    """Returns (h, w, 3) images, each pixel a block of equal side.

    Whole blocks stay sharp in every viewer, whatever it does when it scales a picture.
    Of images larger than anyone can see every second pixel is shown, or every third.

    Args:
        images: Images of any size; they are enlarged by the same factor.
        image_mm: Printed length of the longest side.
    """
    ink = dark_ground(images)
    longest = max(max(image.height, image.width) for image in images)
    step = -(-longest // MOST_PX)
    factor = -(-round(image_mm * SPRITE_PX_PER_MM) // -(-longest // step))
    thinned = (rgb(image, ink=ink)[::step, ::step] for image in images)
    return [one.repeat(factor, axis=0).repeat(factor, axis=1) for one in thinned]


def rgb(pixels: Pixels, *, ink: bool) -> RGB:
    """Returns (h, w, 3) pixels; with `ink` 0 is white instead of black."""
    shape = (pixels.height, pixels.width, pixels.channels)
    values = np.frombuffer(pixels.data, dtype=np.uint8).reshape(shape)
    return np.broadcast_to(255 - values if ink else values, (*shape[:2], 3))


def _paste(
    sheet: RGB, image: RGB, foot_mm: tuple[float, float], px_per_mm: float
) -> tuple[int, int]:
    """Puts the image over its foot; returns the row and column of its corner."""
    height, width = image.shape[:2]
    left = round(foot_mm[0] * px_per_mm - width / 2)
    top = round((foot_mm[1] + MARGIN_MM) * px_per_mm) - height
    sheet[top : top + height, left : left + width] = image
    return top, left


def _frame(
    axes: "Axes", corner: tuple[int, int], shape: tuple[int, ...], px_per_mm: float
) -> None:
    """Draws a hairline around an image, so that its margins can be judged."""
    from matplotlib.patches import Rectangle

    top, left = corner
    axes.add_patch(
        Rectangle(
            (left / px_per_mm, top / px_per_mm),
            shape[1] / px_per_mm,
            shape[0] / px_per_mm,
            fill=False,
            edgecolor=RULE,
            linewidth=0.5,
        )
    )


def _write(axes: "Axes", lines: tuple[str, ...], foot_mm: tuple[float, float]) -> None:
    """Writes lines under an image."""
    x_mm, y_mm = foot_mm
    for number, line in enumerate(lines):
        axes.text(
            x_mm,
            y_mm + MARGIN_MM + 2.6 + number * LINE_MM,
            line,
            color=MUTED if number else INK,
            fontsize=SMALL_PT,
            ha="center",
            va="baseline",
        )
