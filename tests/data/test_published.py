"""Pooling what was published in two parts."""

import numpy as np
import pytest

from reportgen.data.published import Naming, PublishedPart, pool
from reportgen.errors import DataError

NAMING = Naming(key="own", title="Own", source="own.npz")


def part(
    labels: list[int] | list[str], *, height: int = 2, fill: int = 0
) -> PublishedPart:
    """Returns a part of images of one colour."""
    images = np.full((len(labels), height, 3), fill, dtype=np.uint8)
    return PublishedPart(images, np.array(labels), "images", "labels")


def test_training_rows_come_first() -> None:
    dataset = pool(part([0, 1], fill=1), part([1], fill=2), naming=NAMING)
    assert dataset.images[:, 0, 0].tolist() == [1, 1, 2]
    assert dataset.row_ids.tolist() == ["train/00000", "train/00001", "test/00000"]
    assert dataset.official_test is not None
    assert dataset.official_test.tolist() == [False, False, True]


def test_labels_with_gaps_are_numbered_in_natural_order() -> None:
    dataset = pool(part([10, 2, -1]), part([2, 9]), naming=NAMING)
    assert dataset.class_names == ("-1", "2", "9", "10")
    assert dataset.labels.tolist() == [3, 1, 0, 1, 2]


def test_labels_of_text_are_numbered_in_natural_order() -> None:
    dataset = pool(part(["no 10", "b"]), part(["no 9", "no 09"]), naming=NAMING)
    assert dataset.class_names == ("b", "no 09", "no 9", "no 10")
    assert dataset.labels.tolist() == [3, 0, 2, 1]


def test_numbers_of_any_length_are_compared() -> None:
    long = "9" * 5000
    dataset = pool(part([f"x{long}", "x2"]), part(["x10"]), naming=NAMING)
    assert dataset.class_names == ("x2", "x10", f"x{long}")


def test_labels_of_two_kinds_are_refused() -> None:
    with pytest.raises(DataError, match="labels of the kind"):
        pool(part([0, 1]), part(["a"]), naming=NAMING)


def test_complete_labels_keep_their_numbers() -> None:
    dataset = pool(part([2, 0]), part([1]), naming=NAMING)
    assert dataset.class_names == ("0", "1", "2")
    assert dataset.labels.tolist() == [2, 0, 1]


def test_images_of_two_sizes_are_refused() -> None:
    with pytest.raises(DataError, match=r"\(2, 3\) pixels. Received \(5, 3\)"):
        pool(part([0, 1]), part([1], height=5), naming=NAMING)


def test_the_naming_is_kept() -> None:
    dataset = pool(part([0]), part([1]), naming=NAMING)
    assert (dataset.key, dataset.title, dataset.source) == ("own", "Own", "own.npz")
