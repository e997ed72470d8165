"""Seven views of each training image, made while training asks for them.

A view is a bilinear warp, which is linear in the pixels, so each is one sparse matrix:
row i holds the weights with which input pixels make output pixel i. A batch is warped
by one product a view, and the seven-fold training part never exists in memory.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reportgen.data.arrays import pieces, read_only

if TYPE_CHECKING:
    from scipy.sparse import csr_array

BLOCK_IMAGES = 512
"""Images warped at once; bounds the memory of their float32 copies."""


@dataclass(frozen=True, slots=True)
class Augmentation:
    """One way to change an image without changing what it shows.

    Attributes:
        key: As "shift_left".
        label: Name on the page.
        zoom: Magnification about the centre; above 1 the digit grows.
        shift_down: Pixels down, negative for up.
        shift_right: Pixels right, negative for left.
    """

    key: str
    label: str
    zoom: float
    shift_down: int
    shift_right: int


AUGMENTATIONS: tuple[Augmentation, ...] = (
    Augmentation("original", "original", 1.0, 0, 0),
    Augmentation("shift_left", "shifted left 2 px", 1.0, 0, -2),
    Augmentation("shift_right", "shifted right 2 px", 1.0, 0, 2),
    Augmentation("shift_up", "shifted up 2 px", 1.0, -2, 0),
    Augmentation("shift_down", "shifted down 2 px", 1.0, 2, 0),
    Augmentation("zoom_in", "zoomed in by 1.2", 1.2, 0, 0),
    Augmentation("zoom_out", "zoomed out by 1.2", 1 / 1.2, 0, 0),
)


@dataclass(frozen=True, slots=True, eq=False)
class AugmentedPart:
    """A training part under every augmentation, each image made when it is asked for.

    Index i stands for augmentation i // r of the part's image i % r, r being how many
    it has.

    Attributes:
        images: (n, height, width) uint8, as they lie in the files.
        labels: (n,) int64.
        augmentations: a ways to change an image; the first r indices are the first's.
        rows: (r,) which of them are the part, None for all: so it needs no copy.

    Raises:
        ValueError: Images and labels differ in number, or there are none.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    augmentations: tuple[Augmentation, ...] = AUGMENTATIONS
    rows: NDArray[np.int64] | None = None

    def __post_init__(self) -> None:
        whole = 0 < self.originals <= len(self.images) == len(self.labels)
        if not whole or not self.augmentations:
            raise ValueError(
                "An augmented part needs an image, a label for each, and an "
                f"augmentation. Received {len(self.images)}, {len(self.labels)} and "
                f"{len(self.augmentations)}."
            )
        object.__setattr__(self, "images", read_only(self.images))
        object.__setattr__(self, "labels", read_only(self.labels))

    def __len__(self) -> int:
        return len(self.augmentations) * self.originals

    @property
    def originals(self) -> int:
        """Images of the part, r."""
        return len(self.images if self.rows is None else self.rows)

    def blocks(
        self, rng: np.random.Generator, sizes: Iterable[int]
    ) -> Iterator[tuple[NDArray[np.uint8], NDArray[np.int64]]]:
        """Yields all images of one epoch and their labels, in random order.

        Args:
            rng: Decides the order.
            sizes: Images of each block; together at most a * r.

        Yields:
            Images (size, height, width) uint8, and labels (size,) int64.
        """
        for indices in pieces(rng.permutation(len(self)), sizes):
            yield self.batch(indices)

    def batch(
        self, indices: NDArray[np.int64]
    ) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """Returns the images and labels that stand at the indices, in their order.

        Args:
            indices: (b,) int64 in 0..a * r - 1.

        Returns:
            Images (b, height, width) uint8, and labels (b,) int64.

        Raises:
            IndexError: An index is out of range.
        """
        if len(indices) and not 0 <= indices.min() <= indices.max() < len(self):
            raise IndexError(f"Indices must lie in 0..{len(self) - 1}.")
        views, rows = np.divmod(indices, self.originals)  # (b,), (b,)
        rows = rows if self.rows is None else self.rows[rows]
        images = self.images[rows]  # (b, height, width)
        for view, augmentation in enumerate(self.augmentations):
            places = np.flatnonzero(views == view)
            images[places] = augment(images[places], augmentation)
        return images, self.labels[rows]


def augment(images: NDArray[np.uint8], augmentation: Augmentation) -> NDArray[np.uint8]:
    """Returns the images under the augmentation, rounded to whole numbers.

    Args:
        images: (b, height, width) uint8.
        augmentation: What to do with each.

    Returns:
        (b, height, width) uint8; pixels that come from outside the image are 0.
    """
    count, height, width = images.shape
    matrix = warp_matrix(height, width, augmentation)
    warped = np.empty_like(images)
    for start in range(0, count, BLOCK_IMAGES):
        block = slice(start, start + BLOCK_IMAGES)
        flat = images[block].reshape(-1, height * width)  # (b, h * w)
        columns = flat.T.astype(np.float32, order="C")  # (h * w, b)
        # Weights are >= 0 and sum to at most 1, so nothing leaves 0-255.
        values = np.rint(matrix @ columns).astype(np.uint8)  # (h * w, b)
        warped[block] = values.T.reshape(-1, height, width)
    return warped


@cache
def warp_matrix(height: int, width: int, augmentation: Augmentation) -> "csr_array":
    """Returns the bilinear warp of a flattened image.

    Output pixel o reads the input at (o - c - shift) / zoom + c, c being the centre
    (size - 1) / 2, and weighs the neighbours of that place by 1 - distance, along rows
    and columns alike. Beyond the border lies black, into which a place half outside
    fades. This is what `scipy.ndimage.affine_transform` computes with order=1 and
    mode="grid-constant"; its mode="constant" instead blanks every place outside the
    outermost pixel centres, so that ink at the border vanishes in a jump, and rounding
    decides over a place that falls on a centre. Images with a black border come out the
    same in both.

    Args:
        height: Image rows.
        width: Image columns.
        augmentation: Zoom and shift.

    Returns:
        (h * w, h * w) float32 sparse matrix, read-only, in row order.
    """
    from scipy import sparse

    down = _weights(height, augmentation.zoom, augmentation.shift_down)
    right = _weights(width, augmentation.zoom, augmentation.shift_right)
    both = sparse.kron(sparse.coo_array(down), sparse.coo_array(right))
    matrix = sparse.csr_array(both, dtype=np.float32)
    matrix.data.setflags(write=False)
    return matrix


def _weights(size: int, zoom: float, shift: int) -> NDArray[np.float64]:
    """Returns the (size, size) weights of input places in output places on one axis."""
    centre = (size - 1) / 2
    places = np.arange(size)
    sources = (places - centre - shift) / zoom + centre  # (size,)
    distances = np.abs(sources[:, None] - places)  # (size, size)
    weights: NDArray[np.float64] = np.maximum(0.0, 1.0 - distances)
    return weights
