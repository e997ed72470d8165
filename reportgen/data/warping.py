"""Fresh warps: images turned, sheared, stretched, moved and bent anew on every pass.

A bilinear warp is linear in the pixels, so each is one sparse matrix with four weights
a pixel. Images that share a warp pass through it in one product, which costs a
thirtieth of warping each by itself; nothing of it is stored.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reportgen.data.arrays import pieces, read_only

if TYPE_CHECKING:
    from scipy.sparse import csr_array

IMAGES_A_WARP = 64
"""Images that share a warp; the next pass puts others together."""

WARPS_AT_ONCE = 64
"""Warps whose weights are made together; bounds their memory to some megabytes."""

NEIGHBOURS = 4
"""Pixels that a place between pixels lies among."""

TRUNCATE = 3
"""Standard deviations at which the Gaussian of a bend is cut off."""


@dataclass(frozen=True, slots=True)
class Strength:
    """How far a warp may go.

    The first four are drawn uniformly between minus and plus their number.

    Attributes:
        rotation: In radians.
        scale: Height and width are each divided by 1 plus this share.
        shear: Pixels down for each pixel to the side.
        shift: Share of the image's longer side.
        bend: Root mean square of the bend in the middle of the image, as a share of its
            longer side; it falls towards the border.
        smoothness: Standard deviation of the Gaussian that smooths the bend, likewise.
    """

    rotation: float
    scale: float
    shear: float
    shift: float
    bend: float
    smoothness: float


STRENGTH = Strength(
    rotation=0.15, scale=0.1, shear=0.1, shift=1.5 / 28, bend=1 / 28, smoothness=4 / 28
)
"""Chosen on the validation part of MNIST alone, among those in docs/training.md."""


@dataclass(frozen=True, slots=True, eq=False)
class WarpedPart:
    """A training part of which every pass shows each image once, under a new warp.

    Attributes:
        images: (n, height, width) uint8, as they lie in the files.
        labels: (n,) int64.
        strength: How far the warps may go.
        rows: (r,) which of them are the part, None for all: so it needs no copy.

    Raises:
        ValueError: Images and labels differ in number, or there are none.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    strength: Strength = STRENGTH
    rows: NDArray[np.int64] | None = None

    def __post_init__(self) -> None:
        if not 0 < len(self) <= len(self.images) == len(self.labels):
            raise ValueError(
                "A warped part needs an image and a label for each. Received "
                f"{len(self.images)} and {len(self.labels)}."
            )
        object.__setattr__(self, "images", read_only(self.images))
        object.__setattr__(self, "labels", read_only(self.labels))

    def __len__(self) -> int:
        return len(self.images if self.rows is None else self.rows)

    def blocks(
        self, rng: np.random.Generator, sizes: Iterable[int]
    ) -> Iterator[tuple[NDArray[np.uint8], NDArray[np.int64]]]:
        """Yields the images of one pass and their labels, in random order.

        Args:
            rng: Decides order and warps.
            sizes: Images of each block; together at most as many as the part has.

        Yields:
            Images (size, height, width) uint8, and labels (size,) int64.
        """
        order = rng.permutation(len(self))
        order = order if self.rows is None else self.rows[order]
        for rows in pieces(order, sizes):
            images = warped(self.images, rng, self.strength, rows=rows)
            yield images, self.labels[rows]


def warped(
    images: NDArray[np.uint8],
    rng: np.random.Generator,
    strength: Strength = STRENGTH,
    *,
    rows: NDArray[np.int64] | None = None,
) -> NDArray[np.uint8]:
    """Returns the images under fresh warps, rounded to whole numbers.

    Those that share a warp are drawn at random, so that neighbours differ in theirs.

    Args:
        images: (n, height, width) uint8.
        rng: Decides the warps and who shares them.
        strength: How far they may go.
        rows: (b,) which images, None for all.

    Returns:
        (b, height, width) uint8; what comes from outside the image is 0.
    """
    n, height, width = images.shape
    flat = images.reshape(n, height * width)  # (n, h * w)
    rows = np.arange(n) if rows is None else rows
    count = len(rows)
    result = np.empty((count, height * width), np.uint8)
    groups = iter(np.array_split(rng.permutation(count), ceil(count / IMAGES_A_WARP)))
    left = ceil(count / IMAGES_A_WARP)
    while left:
        made = min(left, WARPS_AT_ONCE)
        places = warp_places((height, width), strength, rng=rng, warps=made)
        for matrix in warp_matrices(places, (height, width)):
            group = next(groups)
            columns = flat[rows[group]].T.astype(np.float32, order="C")  # (h * w, g)
            # Weights are >= 0 and sum to at most 1, so nothing leaves 0-255.
            result[group] = (matrix @ columns + np.float32(0.5)).astype(np.uint8).T
        left -= made
    return result.reshape(count, height, width)


def warp_places(
    size: tuple[int, int], strength: Strength, *, rng: np.random.Generator, warps: int
) -> NDArray[np.float64]:
    """Returns the place in the input that each output pixel shows.

    About the centre c of the image, output pixel o shows the input at
    R(angle) S(shear) diag(1 + scale) (o - c) + c + shift + bend(o), the bend being
    white noise smoothed by a Gaussian.

    Args:
        size: Height and width in pixels.
        strength: How far the warps may go.
        rng: Draws them.
        warps: How many.

    Returns:
        (warps, 2, h * w) places in pixels, down and right.

    Source:
        Simard, Steinkraus, Platt: Best Practices for Convolutional Neural Networks
        Applied to Visual Document Analysis, 2003, section 2.
    """
    side = max(size)
    offsets = np.indices(size).reshape(2, -1) - _centre(size)  # (2, h * w)
    linear = _linear(strength, rng, warps)  # (warps, 2, 2)
    shift = side * strength.shift * rng.uniform(-1, 1, (warps, 2, 1))
    return linear @ offsets + _centre(size) + shift + _bend(size, strength, rng, warps)


def _centre(size: tuple[int, int]) -> NDArray[np.float64]:
    """Returns the centre of an image, (2, 1), in pixels."""
    return (np.array(size)[:, None] - 1) / 2


def _linear(
    strength: Strength, rng: np.random.Generator, warps: int
) -> NDArray[np.float64]:
    """Returns rotation times shear times scale, (warps, 2, 2)."""
    angle = strength.rotation * rng.uniform(-1, 1, warps)
    shear = strength.shear * rng.uniform(-1, 1, warps)
    down, right = 1 + strength.scale * rng.uniform(-1, 1, (2, warps))
    cos, sin = np.cos(angle), np.sin(angle)
    rows = (
        (cos * down, (cos * shear - sin) * right),
        (sin * down, (sin * shear + cos) * right),
    )
    return np.moveaxis(np.array(rows), -1, 0)


def _bend(
    size: tuple[int, int], strength: Strength, rng: np.random.Generator, warps: int
) -> NDArray[np.float64]:
    """Returns smooth displacements, (warps, 2, h * w), in pixels."""
    side = max(size)
    down, right = (_smoothing(one, side * strength.smoothness) for one in size)
    noise = rng.uniform(-1, 1, (warps, 2, *size))
    # Uniform noise has variance 1/3; smoothing leaves the squares of its weights of it.
    rms = np.sqrt(_left(down) * _left(right) / 3)
    bends = side * strength.bend / rms * (down @ noise @ right.T)
    flat: NDArray[np.float64] = bends.reshape(warps, 2, -1)
    return flat


def _smoothing(size: int, sigma: float) -> NDArray[np.float64]:
    """Returns the matrix that smooths along one axis, (size, size); black outside."""
    from scipy.ndimage import gaussian_filter1d

    matrix: NDArray[np.float64] = gaussian_filter1d(
        np.eye(size), sigma, axis=0, mode="constant", truncate=TRUNCATE
    )
    return matrix


def _left(smoothing: NDArray[np.float64]) -> float:
    """Returns the share of the noise's variance that is left in the middle."""
    return float(np.square(smoothing[len(smoothing) // 2]).sum())


def warp_matrices(
    places: NDArray[np.float64], size: tuple[int, int]
) -> Iterator["csr_array"]:
    """Yields each warp as a sparse matrix over flattened images.

    A place weighs the four pixels around it by 1 - distance, along rows and columns
    alike; beyond the border lies black. It is what `scipy.ndimage.map_coordinates`
    computes with order=1 and mode="grid-constant".

    Args:
        places: (warps, 2, h * w) places in the input, in pixels.
        size: Height and width in pixels.

    Yields:
        (h * w, h * w) float32, four weights a row.
    """
    from scipy.sparse import csr_array

    pixels = size[0] * size[1]
    columns, weights = _neighbours(places, size)  # (warps, h * w, 4) each
    starts = np.arange(0, NEIGHBOURS * pixels + 1, NEIGHBOURS, dtype=np.int32)
    for column, weight in zip(columns, weights, strict=True):
        yield csr_array(
            (weight.ravel(), column.ravel(), starts), shape=(pixels, pixels)
        )


def _neighbours(
    places: NDArray[np.float64], size: tuple[int, int]
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Returns the four pixels around each place and their weights, 0 outside."""
    limits = np.array(size)[:, None]  # (2, 1)
    first = np.floor(places)  # (warps, 2, h * w)
    beyond = (places - first).astype(np.float32)
    columns, weights = [], []
    for corner in ((0, 0), (0, 1), (1, 0), (1, 1)):
        step = np.array(corner)[:, None]
        found = first.astype(np.int32) + step
        near = np.where(step == 1, beyond, 1 - beyond)
        inside = np.all((found >= 0) & (found < limits), axis=1)  # (warps, h * w)
        down, right = np.moveaxis(np.clip(found, 0, limits - 1), 1, 0)
        columns.append((down * size[1] + right).astype(np.int32))
        weights.append(np.where(inside, near.prod(axis=1), np.float32(0)))
    return np.stack(columns, axis=-1), np.stack(weights, axis=-1)
