"""What the record keeps of the data."""

import numpy as np
from numpy.typing import NDArray

from reportgen.data.augmentation import Augmentation, augment
from reportgen.data.dataset import (
    Dataset,
    labels_sha256,
    pixels_sha256,
    row_ids_sha256,
)
from reportgen.data.splitting import Split
from reportgen.data.warping import Strength, warped
from reportgen.framing import to_pixels
from reportgen.record import DatasetSummary, Images, Part, Sample

SAMPLES = 25
"""Training images that one picture shows."""

WARPS = 6
"""Warps of one image that a picture shows beside it."""

WARPED = "fresh warp"
"""What each of them is called."""


def summarise(
    dataset: Dataset,
    split: Split,
    *,
    augmentations: tuple[Augmentation, ...],
    strength: Strength | None = None,
) -> DatasetSummary:
    """Returns the data as they were used, with a few images.

    Args:
        dataset: All rows.
        split: How they were divided.
        augmentations: What was applied to the training part, empty where nothing was.
        strength: How far its images were warped in place of that, None where not.
    """
    return DatasetSummary(
        key=dataset.key,
        title=dataset.title,
        source=dataset.source,
        class_names=dataset.class_names,
        validation=_part(dataset, split.validation) if len(split.validation) else None,
        test=_part(dataset, split.test),
        test_rows_sha256=row_ids_sha256(dataset.row_ids[split.test]),
        images=_images(dataset, split, augmentations, strength),
        handed=None,
    )


def _images(
    dataset: Dataset,
    split: Split,
    augmentations: tuple[Augmentation, ...],
    strength: Strength | None,
) -> Images:
    """Returns the images and how they were divided."""
    shown: tuple[Sample, ...]
    first = int(split.train[0]) if len(split.train) else 0
    if strength is None:
        labels = tuple(row.label for row in augmentations)
        shown = _augmented(dataset, first, augmentations)
    else:
        labels, shown = (WARPED,), _warped(dataset, first, strength, split.seed)
    return Images(
        n=dataset.n,
        height=dataset.height,
        width=dataset.width,
        channels=dataset.channels,
        pixels_sha256=pixels_sha256(dataset),
        labels_sha256=labels_sha256(dataset),
        protocol=split.protocol,
        published_split=dataset.official_test is not None,
        split_seed=split.seed,
        train=_part(dataset, split.train) if len(split.train) else None,
        augmentations=labels,
        samples=tuple(_sample(dataset, row) for row in _shown(dataset, split)),
        augmented_samples=shown,
    )


def _shown(dataset: Dataset, split: Split) -> list[int]:
    """Returns the first rows of the training part; of the test part where all are.

    Of files in the order of their classes, as folders are read, these would be of one
    class or a few; of such the first row of each class is taken, then the second.
    """
    rows = split.train if len(split.train) else split.test
    labels = dataset.labels[rows]
    first = labels[:SAMPLES]
    runs = 1 + np.count_nonzero(np.diff(first))
    there = min(len(np.unique(labels)), SAMPLES)
    in_class_order = runs == len(np.unique(first)) < there
    chosen = rows[_in_turn(labels)] if in_class_order else rows
    return [int(row) for row in chosen[:SAMPLES]]


def _in_turn(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Returns the places of the first row of each class, of the second, and so on.

    Classes follow each other in the order in which they first appear.
    """
    _, first, classes = np.unique(labels, return_index=True, return_inverse=True)
    counts = np.bincount(classes)  # (k,)
    by_class = np.argsort(classes, kind="stable")  # (n,)
    turn = np.empty_like(by_class)
    turn[by_class] = np.arange(len(labels)) - np.repeat(
        np.cumsum(counts) - counts, counts
    )
    return np.lexsort((first[classes], turn))


def _part(dataset: Dataset, rows: NDArray[np.int64]) -> Part:
    """Returns how many images a part has, in all and of each class."""
    counts = np.bincount(dataset.labels[rows], minlength=len(dataset.class_names))
    return Part(n=len(rows), class_counts=tuple(counts.tolist()))


def _sample(dataset: Dataset, row: int) -> Sample:
    """Returns one image under the name of its class."""
    return Sample(
        label=dataset.class_names[dataset.labels[row]],
        row_id=str(dataset.row_ids[row]),
        pixels=to_pixels(dataset.images[row]),
    )


def _augmented(
    dataset: Dataset, row: int, augmentations: tuple[Augmentation, ...]
) -> tuple[Sample, ...]:
    """Returns one image under each augmentation's name."""
    image = dataset.images[row : row + 1]  # (1, height, width)
    return tuple(
        Sample(
            label=augmentation.label,
            row_id=str(dataset.row_ids[row]),
            pixels=to_pixels(augment(image, augmentation)[0]),
        )
        for augmentation in augmentations
    )


def _warped(
    dataset: Dataset, row: int, strength: Strength, seed: int
) -> tuple[Sample, ...]:
    """Returns one image, and the same under some fresh warps."""
    image = dataset.images[row]
    rng = np.random.default_rng(seed)
    shown = [("original", image)]
    shown += [(WARPED, warped(image[None], rng, strength)[0]) for _ in range(WARPS)]
    return tuple(
        Sample(label, str(dataset.row_ids[row]), to_pixels(pixels))
        for label, pixels in shown
    )
