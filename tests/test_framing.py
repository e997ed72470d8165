"""Images become small ones, which a record can hold and a page show."""

from fractions import Fraction

import numpy as np
import pytest

from records import make_predictions
from reportgen.evaluation import evaluate
from reportgen.framing import LONGEST_SIDE, smaller, to_pixels


def test_a_small_image_is_held_as_it_is() -> None:
    image = np.arange(96 * 20 * 3, dtype=np.uint32).reshape(96, 20, 3).astype(np.uint8)
    pixels = to_pixels(image)
    assert (pixels.height, pixels.width, pixels.channels) == (96, 20, 3)
    assert pixels.data == image.tobytes()


@pytest.mark.parametrize(
    ("shape", "held"),
    [
        ((224, 224, 3), (96, 96, 3)),
        ((100, 50), (96, 48, 1)),
        ((97, 97, 1), (96, 96, 1)),
        ((8_192, 1), (96, 1, 1)),  # a side never vanishes
    ],
)
def test_a_large_one_is_held_with_a_longer_side_of_96(
    shape: tuple[int, ...], held: tuple[int, int, int]
) -> None:
    pixels = to_pixels(np.full(shape, 7, np.uint8))
    assert (pixels.height, pixels.width, pixels.channels) == held
    assert set(pixels.data) == {7}


def test_a_pixel_is_the_mean_over_its_area() -> None:
    # Six columns and three rows become two and one: means of nine pixels each.
    image = np.arange(18, dtype=np.uint8).reshape(3, 6) ** 2 % 251
    left, right = (
        Fraction(int(image[:, part].astype(int).sum()), 9)
        for part in (slice(3), slice(3, None))
    )
    assert smaller(image, 2).tolist() == [[round(left), round(right)]]


def test_galleries_and_cells_of_large_images_stay_small() -> None:
    # Sixty photographs of 224 x 224 in colour are nine million bytes.
    rows = make_predictions(60, 3)
    images = np.zeros((60, 224, 224, 3), np.uint8)
    found = evaluate(rows, images=images)
    shown = [
        *found.correct_gallery.examples,
        *found.misclassified_gallery.examples,
        *(one for cell in found.cells for one in cell.examples),
    ]
    held = [one.pixels for one in shown if one.pixels is not None]
    assert len(held) == len(shown) > 0
    assert {max(one.height, one.width) for one in held} == {LONGEST_SIDE}
