"""Fresh warps, against SciPy's ndimage and against what a warp must keep."""

from dataclasses import replace
from math import hypot

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import ndimage

from reportgen.data import STRENGTH, Places, Strength, WarpedPart, load_dataset, warped
from reportgen.data.warping import (
    IMAGES_A_WARP,
    WARPS_AT_ONCE,
    warp_matrices,
    warp_places,
)

STILL = Strength(rotation=0, scale=0, shear=0, shift=0, bend=0, smoothness=1 / 7)
STIFF = replace(STRENGTH, bend=0)
SIZES = [(28, 28), (8, 8), (7, 12), (13, 5)]
each_size = pytest.mark.parametrize("size", SIZES)


def noise(*shape: int, seed: int = 0) -> NDArray[np.uint8]:
    """Returns random pixels."""
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, size=shape).astype(np.uint8)


def places_of(
    size: tuple[int, int], strength: Strength = STRENGTH, warps: int = 20
) -> NDArray[np.float64]:
    """Returns the places of some warps, (warps, 2, h, w)."""
    rng = np.random.default_rng(3)
    places = warp_places(size, strength, rng=rng, warps=warps)
    return places.reshape(warps, 2, *size)


@each_size
def test_a_warp_agrees_with_map_coordinates(size: tuple[int, int]) -> None:
    image = noise(*size).astype(np.float32)
    places = places_of(size)
    flat = places.reshape(len(places), 2, -1)
    for place, matrix in zip(places, warp_matrices(flat, size), strict=True):
        expected = ndimage.map_coordinates(image, place, order=1, mode="grid-constant")
        found = (matrix @ image.ravel()).reshape(size)
        assert np.allclose(found, expected, atol=1e-3)


@each_size
def test_a_stiff_warp_agrees_with_affine_transform(size: tuple[int, int]) -> None:
    # Three corners tell an affine map: the first is where it puts the origin, and the
    # ways from there to its neighbours are its columns.
    image = noise(*size).astype(np.float32)
    places = places_of(size, STIFF)
    flat = places.reshape(len(places), 2, -1)
    for place, matrix in zip(places, warp_matrices(flat, size), strict=True):
        origin = place[:, 0, 0]
        down, right = place[:, 1, 0] - origin, place[:, 0, 1] - origin
        expected = ndimage.affine_transform(
            image,
            np.stack([down, right], axis=1),
            offset=origin,
            order=1,
            mode="grid-constant",
        )
        found = (matrix @ image.ravel()).reshape(size)
        assert np.allclose(found, expected, atol=1e-2)


def test_images_are_rounded_to_the_nearest_whole_number() -> None:
    # One warp serves all images, and it is the first that the generator draws after
    # the order of the images.
    images = noise(5, 28, 28)
    rng = np.random.default_rng(4)
    found = warped(images, rng)
    again = np.random.default_rng(4)
    again.permutation(5)
    [place] = warp_places((28, 28), STRENGTH, rng=again, warps=1)
    for image, seen in zip(images, found, strict=True):
        exact = ndimage.map_coordinates(
            image.astype(np.float64),
            place.reshape(2, 28, 28),
            order=1,
            mode="grid-constant",
        )
        assert np.abs(seen - exact).max() <= 0.5 + 1e-3


@each_size
def test_weights_are_shares_of_at_most_one(size: tuple[int, int]) -> None:
    flat = places_of(size).reshape(20, 2, -1)
    for matrix in warp_matrices(flat, size):
        assert matrix.dtype == np.float32
        assert matrix.shape == (size[0] * size[1],) * 2
        assert matrix.data.min() >= 0
        assert matrix.sum(axis=1).max() <= 1 + 1e-6


@each_size
def test_no_strength_gives_the_images_back(size: tuple[int, int]) -> None:
    images = noise(70, *size)
    assert np.array_equal(warped(images, np.random.default_rng(0), STILL), images)


def test_a_place_between_rows_weighs_both_and_fades_into_black() -> None:
    # Half a pixel further down: (0 + 3) / 2, (3 + 6) / 2, and (6 + black) / 2.
    image = np.arange(9, dtype=np.float32)
    place = np.indices((3, 3), dtype=np.float64).reshape(1, 2, -1)
    place[:, 0] += 0.5
    [matrix] = warp_matrices(place, (3, 3))
    rows = [[1.5, 2.5, 3.5], [4.5, 5.5, 6.5], [3, 3.5, 4]]
    assert (matrix @ image).reshape(3, 3).tolist() == rows


def test_places_stay_near_their_pixel() -> None:
    # |R S D x - x| <= |R x - x| + |S x - x| + |D x - x| up to products of two of them:
    # 0.15 + 0.1 + 0.1, with a fifth more, of 13.5 sqrt(2) = 19.1 px at the corner, and
    # a shift of 1.5 px each way.
    moved = np.abs(places_of((28, 28), STIFF, warps=500) - np.indices((28, 28)))
    away = np.hypot(moved[:, 0], moved[:, 1])
    corner = hypot(13.5, 13.5)
    assert away.max() <= 1.2 * 0.35 * corner + hypot(1.5, 1.5)
    # In the middle there is the shift alone, half a pixel beside the very centre; of
    # 1,000 draws some come near its end.
    assert 1.45 <= moved[:, :, 14, 14].max() <= 1.5 + 1.2 * 0.35


def test_a_bend_seldom_leaves_three_of_its_deviations() -> None:
    bend = _bends((28, 28), warps=500)
    assert np.abs(bend).max() < 6
    assert (np.abs(bend) < 3).mean() > 0.995


@each_size
def test_the_bends_root_mean_square_is_as_said(size: tuple[int, int]) -> None:
    # Two draws a warp of a standard deviation known to 1 / sqrt(2 * 8000): 0.8 %.
    bend = _bends(size, warps=4000)[:, :, size[0] // 2, size[1] // 2]
    rms = np.sqrt(np.square(bend).mean())
    assert rms == pytest.approx(max(size) / 28, rel=0.04)
    assert bend.mean() == pytest.approx(0, abs=0.05 * rms)


def test_a_bend_is_smooth() -> None:
    # A Gaussian of standard deviation s leaves neighbours a correlation of
    # exp(-1 / (4 s^2)), which is 0.984 for 4 px.
    bend = _bends((28, 28), warps=400)[:, :, 8:20, 8:20]
    both = bend[:, :, :, :-1].ravel(), bend[:, :, :, 1:].ravel()
    assert np.corrcoef(*both)[0, 1] == pytest.approx(np.exp(-1 / 64), abs=0.01)


def _bends(size: tuple[int, int], *, warps: int) -> NDArray[np.float64]:
    """Returns where warps that bend alone move each pixel, (warps, 2, h, w)."""
    bent = replace(STILL, bend=STRENGTH.bend)
    return places_of(size, bent, warps) - np.indices(size)


def test_ink_stays_in_the_frame() -> None:
    # A box of 20 x 20, as large as MNIST's digits are. Stretching by 1 / (1 + s) for s
    # in +-0.1 makes it atanh(0.1)^2 / 0.1^2 = 1.0067 as large on average.
    box = np.zeros((3000, 28, 28), dtype=np.uint8)
    box[:, 4:24, 4:24] = 255
    kept = warped(box, np.random.default_rng(0)).mean() / box.mean()
    assert kept == pytest.approx(1.0067, abs=0.03)


def test_what_lies_outside_is_black() -> None:
    white = np.full((1, 9, 9), 255, dtype=np.uint8)
    away = replace(STILL, shift=100)
    assert warped(white, np.random.default_rng(0), away).max() == 0


@each_size
def test_white_stays_white_and_never_turns_over(size: tuple[int, int]) -> None:
    # A sum of weights above 1 would make 256 of 255, which uint8 reads as 0. Inside the
    # frame there is white all around.
    white = np.full((640, *size), 255, dtype=np.uint8)
    middle = warped(white, np.random.default_rng(0))[:, size[0] // 2, size[1] // 2]
    assert middle.min() >= 254


@pytest.mark.mnist
def test_mnist_keeps_its_ink(mnist_places: Places) -> None:
    images = load_dataset("mnist", mnist_places).images[:2000]
    kept = warped(images, np.random.default_rng(0)).mean() / images.mean()
    assert kept == pytest.approx(1.0067, abs=0.03)


def part(n: int, *size: int) -> WarpedPart:
    """Returns a part of n images, image i wholly of grey i and labelled i."""
    images = np.arange(n, dtype=np.uint8)[:, None, None] * np.ones(size, np.uint8)
    return WarpedPart(images, np.arange(n), STILL)


def test_a_pass_shows_every_image_once_with_its_label() -> None:
    blocks = list(part(200, 3, 4).blocks(np.random.default_rng(1), (90, 90, 20)))
    assert [len(images) for images, _ in blocks] == [90, 90, 20]
    for images, labels in blocks:
        assert images.dtype == np.uint8
        assert images[:, 1, 2].tolist() == labels.tolist()
    shown = np.concatenate([labels for _, labels in blocks])
    assert sorted(shown.tolist()) == list(range(200))
    assert shown.tolist() != list(range(200))


def test_more_images_than_one_round_of_warps_keep_their_places() -> None:
    count = IMAGES_A_WARP * WARPS_AT_ONCE + 100
    images = noise(count, 3, 3)
    assert np.array_equal(warped(images, np.random.default_rng(0), STILL), images)


def test_the_generator_alone_decides() -> None:
    images = noise(100, 8, 8)
    first, again, other = (warped(images, np.random.default_rng(s)) for s in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_passes_differ() -> None:
    base = WarpedPart(noise(10, 8, 8), np.zeros(10, dtype=np.int64))
    rng = np.random.default_rng(0)
    [(first, _)], [(second, _)] = base.blocks(rng, (10,)), base.blocks(rng, (10,))
    assert not np.array_equal(np.sort(first, axis=0), np.sort(second, axis=0))


def test_neighbours_have_warps_of_their_own() -> None:
    # 640 images share ten warps; were they cut off in a row, 630 of 639 neighbours
    # would look the same, while a tenth do by chance.
    same = np.repeat(noise(1, 28, 28), 640, axis=0)
    shown = warped(same, np.random.default_rng(0))
    alike = (shown[1:] == shown[:-1]).all(axis=(1, 2)).mean()
    assert alike == pytest.approx(0.1, abs=0.05)
    assert len(np.unique(shown, axis=0)) == 10


def test_rows_make_the_part_that_a_copy_of_them_would() -> None:
    images, labels = noise(50, 6, 9), np.arange(50)
    rows = np.arange(1, 50, 3)
    copied = WarpedPart(images[rows], labels[rows])
    picked = WarpedPart(images, labels, rows=rows)
    assert len(picked) == len(copied) == 17
    pairs = zip(
        copied.blocks(np.random.default_rng(1), (10, 7)),
        picked.blocks(np.random.default_rng(1), (10, 7)),
        strict=True,
    )
    for (one, truth), (same, also) in pairs:
        assert np.array_equal(one, same)
        assert np.array_equal(truth, also)


def test_shear_moves_down_with_each_pixel_to_the_side() -> None:
    # Nothing but shear: a place's column stays, its row goes with the column.
    sheared = replace(STILL, shear=0.1)
    moved = places_of((9, 9), sheared, warps=200) - np.indices((9, 9))
    assert np.allclose(moved[:, 1], 0)
    a_pixel = moved[:, 0, 4, 5]
    assert 0.095 < np.abs(a_pixel).max() <= 0.1
    assert np.allclose(moved[:, 0, 0, 8], 4 * a_pixel)


def test_the_images_are_left_alone() -> None:
    images = noise(10, 8, 8)
    before = images.copy()
    base = WarpedPart(images, np.zeros(10, dtype=np.int64))
    for block, _ in base.blocks(np.random.default_rng(0), (10,)):
        block[:] = 0
    assert np.array_equal(base.images, before)
    assert len(base) == 10


@pytest.mark.parametrize(("images", "labels"), [(2, 1), (0, 0)])
def test_images_without_labels_are_a_bug(images: int, labels: int) -> None:
    with pytest.raises(ValueError, match=f"Received {images} and {labels}"):
        WarpedPart(noise(images, 3, 3), np.zeros(labels, dtype=np.int64))
