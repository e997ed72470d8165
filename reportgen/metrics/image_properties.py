"""What images look like, a number each: brightness, contrast, slant, stroke width.

The slices of a report are cut by them where nothing else is known of the images. All
sums are of whole numbers, and results are rounded to binary fractions: they are the
same on every machine, exact in 32 bits, and small in a packed file.
"""

from collections.abc import Collection, Iterator
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from reportgen.predictions import Column
from reportgen.record.slices import BRIGHTNESS, CONTRAST, SLANT, STROKE_WIDTH

LUMINANCE = (2126, 7152, 722)
"""Weights of red, green and blue in ten-thousandths (Recommendation ITU-R BT.709, whose
primaries are those of sRGB), of the values as they are stored (luma)."""

WHITE = 255

BLOCK_PIXELS = 2**20
"""Pixels that are measured at once: so memory stays bounded."""

LINES = 0.9
"""Least share of images that must be lines on a plain ground for slant and stroke width
to be measured at all."""

NEAR = 26
"""Distance from the ground, of 255 levels, within which a pixel is ground: a tenth."""

PLAIN = 0.5
"""Least share of the border that is ground where the ground is plain."""

THIN = 0.5
"""Strokes of lines are narrower than this share of the image's shorter side: those of a
digit in eight by eight pixels take a third."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Images = NDArray[np.uint8]


def image_columns(images: Images, taken: Collection[str] = ()) -> tuple[Column, ...]:
    """Returns the properties of n images, a column each.

    - brightness: mean luminance, from 0 (black) to 1 (white);
    - contrast: standard deviation of the luminance, 0 to 0.5;
    - slant in degrees: the angle from the vertical, positive to the right, by which
      the ink is sheared: arctan(μ11 / μ02) of its second moments, y upward;
    - stroke width in pixels: mean over the ink of the run of ink across the longest one
      through a pixel, of the runs along row, column and both diagonals. It is exact of
      a bar along rows or columns; of one along a diagonal about a tenth too great.

    Ink is what differs from the ground by more than half as much as the pixel that
    differs most; the ground is the median level of the border. The last two are
    measured of lines on a plain ground alone: at least half of the border is within a
    tenth of the scale of the ground, some pixel is not, and the strokes are narrower
    than half of the shorter side. Any other image has no value, and where fewer
    than nine in ten are lines, none has.

    Args:
        images: (n, h, w), (n, h, w, 1) or (n, h, w, 3) uint8.
        taken: Names of columns that there are; a property of that name has "(image)"
            behind it.

    Returns:
        Columns of origin "image", NaN where nothing was measured.

    Raises:
        ValueError: The images have another shape or type.

    Source:
        Peli 1990, Contrast in complex images (RMS contrast); LeCun et al. 1998,
        Gradient-based learning applied to document recognition, section III-A (upright
        by second moments); Epshtein, Ofek and Wexler 2010, Detecting text in natural
        scenes with stroke width transform (a pixel's stroke is as
        wide as the ink on the ray across it; here without gradients).
    """
    _check_images(images)
    blocks = [_measured(_luminance(block)) for block in _blocks(images)]
    brightness, contrast, slant, stroke = np.concatenate(blocks, axis=1)  # (n,) each
    if np.isfinite(stroke).sum() < LINES * len(images):
        slant = stroke = np.full(len(images), np.nan)
    return (
        _column(BRIGHTNESS, brightness, taken, steps=512),
        _column(CONTRAST, contrast, taken, steps=512),
        _column(SLANT, slant, taken, steps=4),
        _column(STROKE_WIDTH, stroke, taken, steps=32),
    )


def _check_images(images: Images) -> None:
    """Refuses what is no stack of grey or coloured images."""
    shape = images.shape
    stacked = len(shape) == 3 or shape[3:] in {(1,), (3,)}  # noqa: PLR2004 - n, h, w
    if images.dtype != np.uint8 or not stacked or 0 in shape:
        raise ValueError(
            "images must be uint8 of shape (n, h, w) or (n, h, w, 3), with pixels. "
            f"Received {images.dtype} of shape {shape}."
        )


def _column(name: str, values: Floats, taken: Collection[str], *, steps: int) -> Column:
    """Returns a property in steps of one over that number, which is a power of two."""
    unlike = f"{name} (image)" if name in taken else name
    return Column(unlike, np.round(values * steps) / steps, "image")


def _blocks(images: Images) -> Iterator[Images]:
    """Yields the images in blocks of about `BLOCK_PIXELS`."""
    height, width = images.shape[1:3]
    step = max(1, BLOCK_PIXELS // (height * width))
    for start in range(0, len(images), step):
        yield images[start : start + step]


def _luminance(images: Images) -> Images:
    """Returns (n, h, w) levels, those of colours by `LUMINANCE`."""
    if images.ndim == 3:  # noqa: PLR2004 - rows, columns and the images themselves
        return images
    if images.shape[3] == 1:
        return images[..., 0]
    weighted = (images * np.array(LUMINANCE, dtype=np.int32)).sum(axis=3)
    whole = sum(LUMINANCE)
    levels: Images = ((weighted + whole // 2) // whole).astype(np.uint8)
    return levels


def _measured(levels: Images) -> Floats:
    """Returns (4, n) brightness, contrast, slant and stroke width.

    Args:
        levels: (n, h, w) luminance.
    """
    pixels = levels[0].size
    flat = levels.reshape(len(levels), pixels)
    total = flat.sum(axis=1, dtype=np.int64)  # (n,)
    squares = np.square(flat, dtype=np.int64).sum(axis=1)  # (n,)
    spread = np.sqrt((pixels * squares - total**2).astype(np.float64))
    slant, stroke = _line_properties(levels)
    scale = pixels * WHITE
    return np.stack([total / scale, spread / scale, slant, stroke])


def _line_properties(levels: Images) -> tuple[Floats, Floats]:
    """Returns (n,) slant and (n,) stroke width, NaN where an image is no line."""
    slant, stroke = np.full((2, len(levels)), np.nan)
    border = _border(levels)
    ground = np.partition(border, border.shape[1] // 2)[:, border.shape[1] // 2]
    near = np.abs(border - ground[:, None]) <= NEAR
    plain = np.flatnonzero(near.mean(axis=1) >= PLAIN)
    distance = np.abs(levels[plain] - ground[plain, None, None])  # (p, h, w)
    peak = distance.max(axis=(1, 2), initial=0)
    ink = (2 * distance > peak[:, None, None]) & (peak > NEAR)[:, None, None]
    width = _stroke_widths(ink)
    thin = (width > 0) & (width < THIN * min(levels.shape[1:]))
    slant[plain[thin]] = _slants(np.where(ink, distance, 0)[thin])
    stroke[plain[thin]] = width[thin]
    return slant, stroke


def _border(levels: Images) -> NDArray[np.int16]:
    """Returns (n, b) levels of the outermost pixels."""
    sides = [levels[:, 0], levels[:, -1], levels[:, 1:-1, 0], levels[:, 1:-1, -1]]
    return np.concatenate(sides, axis=1).astype(np.int16)


def _slants(ink: NDArray[np.int16]) -> Floats:
    """Returns (n,) angle from the vertical in degrees, ink weighed by its distance.

    Ink in one row has no height to be sheared along: its slant is NaN.
    """
    x, y = np.arange(ink.shape[2]), -np.arange(ink.shape[1])  # upward
    along = (ink * x).sum(axis=2)  # (n, h)
    rows = ink.sum(axis=2, dtype=np.int64)  # (n, h)
    mass = rows.sum(axis=1)  # (n,)
    mean_y = (rows * y).sum(axis=1) / mass
    skew = (along * y).sum(axis=1) - along.sum(axis=1) * mean_y
    height = (rows * y**2).sum(axis=1) - (rows * y).sum(axis=1) * mean_y
    several = np.count_nonzero(rows, axis=1) > 1
    shear = np.divide(skew, height, out=np.full(len(ink), np.nan), where=several)
    angles: Floats = np.degrees(np.arctan(shear))
    return angles


def _stroke_widths(ink: Bools) -> Floats:
    """Returns (n,) mean over the ink of the run across the longest, 0 without ink."""
    along_row, along_column = _runs(ink.swapaxes(1, 2)).swapaxes(1, 2), _runs(ink)
    falling, rising = _runs(ink, 1) * sqrt(2), _runs(ink, -1) * sqrt(2)
    runs = np.stack([along_row, along_column, falling, rising])  # (4, n, h, w)
    across = np.array([1, 0, 3, 2])[runs.argmax(axis=0)]  # of ties, no diagonal
    width = np.take_along_axis(runs, across[None], axis=0)[0]  # 0 outside of the ink
    pixels = np.count_nonzero(ink, axis=(1, 2))
    widths: Floats = width.sum(axis=(1, 2)) / np.maximum(pixels, 1)
    return widths


def _runs(ink: Bools, step: int = 0) -> NDArray[np.int16]:
    """Returns (n, h, w) ink pixels of the straight run through each, 0 where none is.

    Args:
        ink: (n, h, w).
        step: Columns that the run moves by from a row to the one below: -1, 0 or 1.
    """
    below, above = _downward(ink, step), _downward(ink[:, ::-1], -step)[:, ::-1]
    return np.where(ink, below + above - 1, 0).astype(np.int16)


def _downward(ink: Bools, step: int) -> NDArray[np.int16]:
    """Returns (n, h, w) pixels of the run down to and with each."""
    lengths = np.empty(ink.shape, dtype=np.int16)
    before = np.zeros((len(ink), ink.shape[2] + 2), dtype=np.int16)  # a rim each side
    inner = slice(1, -1)
    moved = slice(1 - step, before.shape[1] - 1 - step)
    for row in range(ink.shape[1]):
        before[:, inner] = (before[:, moved] + 1) * ink[:, row]
        lengths[:, row] = before[:, inner]
    return lengths
