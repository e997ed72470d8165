"""The seven views, against pixels moved by hand and against SciPy."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import ndimage

from reportgen.data import (
    AUGMENTATIONS,
    Augmentation,
    AugmentedPart,
    augment,
    warp_matrix,
)

BY_KEY = {row.key: row for row in AUGMENTATIONS}
each_augmentation = pytest.mark.parametrize(
    "augmentation", AUGMENTATIONS, ids=lambda row: row.key
)
SIZES = [(28, 28), (8, 8), (7, 12), (13, 5)]


def noise(*shape: int, seed: int = 0) -> NDArray[np.uint8]:
    """Returns random pixels."""
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, size=shape).astype(np.uint8)


def reference(
    image: NDArray[np.uint8], augmentation: Augmentation, mode: str
) -> NDArray[np.float64]:
    """Returns the warp as SciPy's ndimage computes it, not rounded."""
    centre = (np.array(image.shape) - 1) / 2
    shift = np.array([augmentation.shift_down, augmentation.shift_right])
    warped: NDArray[np.float64] = ndimage.affine_transform(
        image.astype(np.float64),
        np.eye(2) / augmentation.zoom,
        offset=centre - (centre + shift) / augmentation.zoom,
        order=1,
        mode=mode,
        cval=0.0,
    )
    return warped


def test_there_are_seven_with_keys_and_labels_of_their_own() -> None:
    assert len(AUGMENTATIONS) == len(BY_KEY) == 7
    assert len({row.label for row in AUGMENTATIONS}) == 7
    assert AUGMENTATIONS[0].key == "original"


@each_augmentation
@pytest.mark.parametrize("size", SIZES)
def test_the_matrix_agrees_with_ndimage_up_to_the_border(
    augmentation: Augmentation, size: tuple[int, int]
) -> None:
    image = noise(*size)
    warped = warp_matrix(*size, augmentation) @ image.ravel().astype(np.float32)
    expected = reference(image, augmentation, "grid-constant")
    assert np.allclose(warped.reshape(size), expected, atol=1e-3)


@each_augmentation
def test_a_black_border_makes_both_of_ndimages_border_modes_agree(
    augmentation: Augmentation,
) -> None:
    image = np.pad(noise(26, 26), 1)
    warped = warp_matrix(28, 28, augmentation) @ image.ravel().astype(np.float32)
    expected = reference(image, augmentation, "constant")
    assert np.allclose(warped.reshape(28, 28), expected, atol=1e-3)


@each_augmentation
def test_images_are_rounded_to_the_nearest_whole_number(
    augmentation: Augmentation,
) -> None:
    images = noise(3, 28, 28)
    exact = [reference(image, augmentation, "grid-constant") for image in images]
    assert np.abs(augment(images, augmentation) - np.array(exact)).max() <= 0.5 + 1e-3


@each_augmentation
def test_weights_keep_pixels_in_range(augmentation: Augmentation) -> None:
    matrix = warp_matrix(28, 28, augmentation)
    assert matrix.dtype == np.float32
    assert matrix.shape == (784, 784)
    assert matrix.data.min() >= 0
    assert matrix.sum(axis=1).max() <= 1 + 1e-6


def test_the_original_is_untouched() -> None:
    images = noise(4, 6, 5)
    assert np.array_equal(augment(images, BY_KEY["original"]), images)


def test_shifts_move_by_two_and_vacate_to_black() -> None:
    image = noise(1, 5, 6)
    left, right, up, down = (np.zeros_like(image) for _ in range(4))
    left[:, :, :-2] = image[:, :, 2:]
    right[:, :, 2:] = image[:, :, :-2]
    up[:, :-2] = image[:, 2:]
    down[:, 2:] = image[:, :-2]
    assert np.array_equal(augment(image, BY_KEY["shift_left"]), left)
    assert np.array_equal(augment(image, BY_KEY["shift_right"]), right)
    assert np.array_equal(augment(image, BY_KEY["shift_up"]), up)
    assert np.array_equal(augment(image, BY_KEY["shift_down"]), down)


def test_a_zoom_spreads_a_dot_in_the_centre() -> None:
    # Zoomed by 2, places read 0, 0.5, 1, 1.5, 2 about the centre: the dot at 1 weighs
    # 0, 0.5, 1, 0.5, 0 along each axis.
    dot = np.zeros((1, 5, 5), dtype=np.uint8)
    dot[0, 2, 2] = 200
    grown = augment(dot, Augmentation("double", "double", 2.0, 0, 0))
    assert grown[0, 2].tolist() == [0, 100, 200, 100, 0]
    assert grown[0, 1].tolist() == [0, 50, 100, 50, 0]


def test_zooming_in_enlarges_and_zooming_out_shrinks() -> None:
    square = np.zeros((1, 28, 28), dtype=np.uint8)
    square[0, 9:19, 9:19] = 255  # 100 pixels; 1.2 and 1 / 1.2 squared: 144 and 69.4.
    sums = [augment(square, BY_KEY[key]).sum() / 255 for key in ("zoom_in", "zoom_out")]
    # The edges fall between pixels, which costs a few percent.
    assert sums == pytest.approx([144, 100 / 1.44], rel=0.05)


def test_zooms_are_symmetric_about_the_centre() -> None:
    square = np.zeros((1, 9, 8), dtype=np.uint8)
    square[0, 2:7, 2:6] = 90
    for key in ("zoom_in", "zoom_out"):
        warped = augment(square, BY_KEY[key])
        assert np.array_equal(warped, warped[:, ::-1, ::-1])


def test_blocks_leave_no_seam() -> None:
    images = noise(1100, 4, 4)
    warped = augment(images, BY_KEY["zoom_in"])
    alone = [augment(images[row : row + 1], BY_KEY["zoom_in"])[0] for row in (0, 511)]
    last = augment(images[-1:], BY_KEY["zoom_in"])[0]
    assert np.array_equal(warped[[0, 511, 1099]], np.array([*alone, last]))


def part(n: int = 5) -> AugmentedPart:
    """Returns a part of n random images, image i labelled i."""
    return AugmentedPart(noise(n, 6, 6), np.arange(n))


def test_a_part_is_seven_times_its_images() -> None:
    assert len(part(5)) == 35


@given(st.lists(st.integers(0, 34), max_size=50))
def test_an_index_names_an_augmentation_and_an_image(indices: list[int]) -> None:
    base = part(5)
    images, labels = base.batch(np.array(indices, dtype=np.int64))
    assert labels.tolist() == [index % 5 for index in indices]
    for image, index in zip(images, indices, strict=True):
        source = base.images[index % 5][None]
        assert np.array_equal(image, augment(source, AUGMENTATIONS[index // 5])[0])


def test_blocks_show_every_view_once_in_the_order_of_the_seed() -> None:
    base = part()
    first, again = (base.blocks(np.random.default_rng(7), (20, 14, 1)) for _ in "ab")
    shown = list(first)
    assert [len(images) for images, _ in shown] == [20, 14, 1]
    for one, other in zip(shown, again, strict=True):
        assert np.array_equal(one[0], other[0])
        assert np.array_equal(one[1], other[1])
    # Noise is never twice the same, so each view is told by its bytes.
    every = base.batch(np.arange(len(base)))
    assert sorted(_pairs(*every)) == sorted(
        pair for block in shown for pair in _pairs(*block)
    )
    assert [label for _, labels in shown for label in labels] != sorted(every[1])


def _pairs(
    images: NDArray[np.uint8], labels: NDArray[np.int64]
) -> list[tuple[bytes, int]]:
    """Returns each image's bytes with its label."""
    return [
        (image.tobytes(), label)
        for image, label in zip(images, labels.tolist(), strict=True)
    ]


@pytest.mark.parametrize("index", [-1, 35])
def test_an_index_out_of_range_is_a_bug(index: int) -> None:
    with pytest.raises(IndexError, match=r"0\.\.34"):
        part(5).batch(np.array([0, index]))


def test_a_batch_leaves_the_base_images_alone() -> None:
    base = part()
    before = base.images.copy()
    base.batch(np.arange(len(base)))[0][:] = 0
    assert np.array_equal(base.images, before)


def test_one_view_alone_is_the_images_themselves() -> None:
    images = noise(4, 6, 6)
    plain = AugmentedPart(images, np.arange(4), AUGMENTATIONS[:1])
    assert np.array_equal(plain.batch(np.arange(4))[0], images)


def test_images_without_labels_are_a_bug() -> None:
    with pytest.raises(ValueError, match="Received 2, 1 and 7"):
        AugmentedPart(noise(2, 3, 3), np.arange(1))


def test_rows_make_the_part_that_a_copy_of_them_would() -> None:
    images, labels = noise(20, 5, 7), np.arange(20)
    rows = np.arange(1, 20, 3)  # 7 of them
    copied = AugmentedPart(images[rows], labels[rows])
    picked = AugmentedPart(images, labels, rows=rows)
    assert len(picked) == len(copied) == 49
    one, truth = copied.batch(np.arange(49))
    same, also = picked.batch(np.arange(49))
    assert np.array_equal(one, same)
    assert np.array_equal(truth, also)


def test_a_batch_keeps_up_with_training() -> None:
    base = AugmentedPart(noise(2000, 28, 28), np.zeros(2000, dtype=np.int64))
    order = np.random.default_rng(0).permutation(len(base))
    base.batch(order[:512])  # Makes the matrices.
    start = time.process_time()
    for step in range(0, 10_240, 512):
        base.batch(order[step : step + 512])
    # Measured at about 1.1 microseconds an image; six is what training can wait for.
    assert (time.process_time() - start) / 10_240 < 6e-6
