"""What the record keeps of the data."""

from pathlib import Path

import numpy as np
import pytest

from reportgen.data import (
    AUGMENTATIONS,
    STRENGTH,
    Dataset,
    Places,
    Split,
    augment,
    load_dataset,
    pixels_sha256,
    row_ids_sha256,
    split,
    summarise,
)
from reportgen.framing import to_pixels
from reportgen.record import DatasetSummary, Images


def divided(places: Places) -> tuple[Dataset, Split]:
    """Returns the digits and their split."""
    digits = load_dataset("digits", places)
    return digits, split(digits, protocol="pooled", seed=11)


def images_of(summary: DatasetSummary) -> Images:
    """Returns the images of data that have some."""
    assert summary.images is not None
    return summary.images


def test_parts_are_counted_by_class(nowhere: Places) -> None:
    digits, parts = divided(nowhere)
    summary = summarise(digits, parts, augmentations=())
    assert [part.n for _, part in summary.parts] == [1293, 144, 360]
    totals = np.sum(
        [part.class_counts for _, part in summary.parts],
        axis=0,
    )
    assert totals.tolist() == np.bincount(digits.labels).tolist()


def test_identity_and_protocol_are_kept(nowhere: Places) -> None:
    digits, parts = divided(nowhere)
    summary = summarise(digits, parts, augmentations=())
    images = images_of(summary)
    assert (summary.key, images.n) == ("digits", 1797)
    assert (images.height, images.width, images.channels) == (8, 8, 1)
    assert (images.protocol, images.split_seed) == ("pooled", 11)
    assert images.pixels_sha256 == pixels_sha256(digits)
    assert summary.test_rows_sha256 == row_ids_sha256(digits.row_ids[parts.test])


def test_samples_are_the_first_training_images(nowhere: Places) -> None:
    digits, parts = divided(nowhere)
    samples = images_of(summarise(digits, parts, augmentations=())).samples
    assert [sample.row_id for sample in samples] == list(
        digits.row_ids[parts.train[:25]]
    )
    first = parts.train[0]
    assert samples[0].pixels == to_pixels(digits.images[first])
    assert samples[0].label == digits.class_names[digits.labels[first]]


def labels_of(*labels: int) -> list[str]:
    """Returns the labels of the samples of a training part with those labels."""
    n = len(labels)
    names = tuple(f"class {i}" for i in range(max(labels) + 2))
    data = Dataset(
        key="folder",
        title="Folder",
        source="made up",
        images=np.zeros((n, 2, 2), np.uint8),
        labels=np.array(labels),
        class_names=names,
        row_ids=np.array([f"{i:04d}" for i in range(n)]),
        official_test=None,
    )
    none = np.arange(0)
    parts = Split(np.arange(n), none, none, protocol="pooled", seed=1)
    samples = images_of(summarise(data, parts, augmentations=())).samples
    return [sample.label.removeprefix("class ") for sample in samples]


def test_of_files_in_the_order_of_their_classes_each_class_is_shown_in_turn() -> None:
    shown = labels_of(*[1] * 40, *[0] * 3, *[2] * 40)
    assert shown == list("102" * 3 + "12" * 8)
    many = [i for i in range(30) for _ in range(5)]
    assert labels_of(*many) == [str(i) for i in range(25)]


@pytest.mark.parametrize(
    "labels",
    [
        [0] * 30,  # one class
        [0] * 10 + [1] * 10 + [2] * 5,  # all classes are among the first
        [0, 1, 0, 0, 1] * 6 + [2] * 9,  # mixed, so that the first are of all kinds
    ],
)
def test_other_files_show_their_first_images(labels: list[int]) -> None:
    assert labels_of(*labels) == [str(label) for label in labels[:25]]


def test_one_image_stands_under_each_augmentation(nowhere: Places) -> None:
    digits, parts = divided(nowhere)
    images = images_of(summarise(digits, parts, augmentations=AUGMENTATIONS))
    assert images.augmentations == tuple(row.label for row in AUGMENTATIONS)
    first = parts.train[0]
    for sample, row in zip(images.augmented_samples, AUGMENTATIONS, strict=True):
        assert sample.label == row.label
        assert sample.row_id == digits.row_ids[first]
        expected = augment(digits.images[first][None], row)[0]
        assert sample.pixels == to_pixels(expected)


def test_warps_of_one_image_stand_beside_it(nowhere: Places) -> None:
    digits, parts = divided(nowhere)
    first = digits.images[parts.train[0]]
    images = images_of(summarise(digits, parts, augmentations=(), strength=STRENGTH))
    assert images.augmentations == ("fresh warp",)
    original, *others = images.augmented_samples
    assert original.label == "original"
    assert original.pixels == to_pixels(first)
    assert {one.label for one in others} == {"fresh warp"}
    assert {one.row_id for one in images.augmented_samples} == {
        digits.row_ids[parts.train[0]]
    }
    # Each is another one, and none is the image itself.
    assert len({one.pixels for one in images.augmented_samples}) == 7


def test_the_same_seed_shows_the_same_warps(nowhere: Places) -> None:
    first, again = (
        summarise(*divided(nowhere), augmentations=(), strength=STRENGTH) for _ in "ab"
    )
    assert first == again


def test_without_augmentation_nothing_is_shown_of_it(nowhere: Places) -> None:
    images = images_of(summarise(*divided(nowhere), augmentations=()))
    assert images.augmentations == ()
    assert images.augmented_samples == ()


def test_no_machines_path_enters_the_record(idx_folder: Path, nowhere: Places) -> None:
    places = Places(idx_folder, None, nowhere.cache, nowhere.keras_cache)
    dataset = load_dataset(None, places)
    parts = Split(
        np.arange(5), np.arange(5, 6), np.arange(6, 9), protocol="official", seed=0
    )
    assert str(idx_folder.parent) not in repr(
        summarise(dataset, parts, augmentations=())
    )
