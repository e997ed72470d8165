"""Images of any sizes become small ones, which a record can hold and a page show."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from reportgen.record import Pixels

Image = NDArray[np.uint8]

LONGEST_SIDE = 96
"""Pixels of the longer side that a gallery shows: eleven millimetres at 220 dots an
inch."""

SHORTEST_SIDE = 8

LARGEST_BYTES = 2**29
"""Of all images together, as they are shown."""

COLOURS = 3
GREY = 2
"""Dimensions of an image without channels."""


def to_pixels(image: Image) -> Pixels:
    """Returns the image as a record holds it, its longer side of at most 96 pixels.

    Args:
        image: (h, w), (h, w, 1) or (h, w, 3), 0 is black.
    """
    shown = smaller(image, LONGEST_SIDE)
    return Pixels.of(shown.shape, shown.tobytes())


def side_of(n: int) -> int:
    """Returns the pixels of the longer side at which n images are shown.

    It is 96, and less where there are more than 19,000 images.
    """
    fitting = int((LARGEST_BYTES / (COLOURS * max(n, 1))) ** 0.5)
    return max(SHORTEST_SIDE, min(LONGEST_SIDE, fitting))


def smaller(image: Image, side: int) -> Image:
    """Returns the image, its longer side of that many pixels where it had more.

    A pixel is the mean over the area that it covers.

    Args:
        image: (h, w) or (h, w, c).
        side: Pixels.

    >>> smaller(np.array([[0, 100, 200, 100]], np.uint8), 2)
    array([[ 50, 150]], dtype=uint8)
    """
    height, width = image.shape[:2]
    if max(height, width) <= side:
        return image
    scale = side / max(height, width)
    rows = _means(height, max(1, round(height * scale)))  # (h', h)
    columns = _means(width, max(1, round(width * scale)))  # (w', w)
    strips = ((row[row > 0], image[row > 0]) for row in rows)  # a few rows in floats
    means = np.stack([np.tensordot(*one, axes=1) for one in strips])  # (h', w[, c])
    means = np.moveaxis(np.tensordot(columns, means, axes=(1, 1)), 0, 1)
    made: Image = np.rint(means).astype(np.uint8)
    return made


def _means(size: int, target: int) -> NDArray[np.float64]:
    """Returns (target, size) weights of the mean over each of equal stretches."""
    edges = np.linspace(0, size, target + 1)[:, np.newaxis]
    pixels = np.arange(size)
    ends = np.minimum(edges[1:], pixels + 1)
    covered = np.clip(ends - np.maximum(edges[:-1], pixels), 0, None)
    weights: NDArray[np.float64] = covered / covered.sum(axis=1, keepdims=True)
    return weights


def framed(images: Sequence[Image]) -> Image:
    """Returns n images as one array, (n, h, w) or (n, h, w, 3).

    Those of a smaller size stand in the middle on white, and grey ones beside coloured
    ones get three channels.

    Args:
        images: (h, w) or (h, w, c) each, c being 1 or 3.
    """
    plain = [one[..., 0] if one.shape[2:] == (1,) else one for one in images]
    height, width = (max(one.shape[axis] for one in plain) for axis in (0, 1))
    coloured = any(one.ndim > GREY for one in plain)
    channels = (COLOURS,) if coloured else ()
    frame = np.full((len(plain), height, width, *channels), 255, dtype=np.uint8)
    for place, one in zip(frame, plain, strict=True):
        top, left = (height - one.shape[0]) // 2, (width - one.shape[1]) // 2
        inside = place[top : top + one.shape[0], left : left + one.shape[1]]
        inside[:] = one[..., np.newaxis] if coloured and one.ndim == GREY else one
    return frame
