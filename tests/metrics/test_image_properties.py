"""Properties of images that were drawn by hand."""

from math import sqrt

import numpy as np
import pytest
from numpy.typing import NDArray

from reportgen.metrics import image_properties
from reportgen.metrics.image_properties import image_columns

Images = NDArray[np.uint8]


def measured(images: Images) -> dict[str, list[float]]:
    return {one.name: one.values.tolist() for one in image_columns(images)}


def slants(*images: Images) -> list[float]:
    return measured(np.stack(images))["slant in degrees"]


def widths(*images: Images) -> list[float]:
    return measured(np.stack(images))["stroke width in pixels"]


def sheet() -> Images:
    return np.zeros((28, 28), dtype=np.uint8)


def bar(width: int, *, shear: float = 0.0) -> Images:
    """Returns an upright bar, 16 rows high, moved by that many columns a row upward."""
    image = sheet()
    for row in range(6, 22):
        left = 13 + round(shear * (14 - row))
        image[row, left : left + width] = 255
    return image


def block(side: int) -> Images:
    """Returns a filled square."""
    image = sheet()
    image[4 : 4 + side, 4 : 4 + side] = 255
    return image


def test_a_sheet_of_one_grey_is_as_bright_as_it_and_has_no_contrast() -> None:
    # 51 of 255 is a fifth; 0.2 in steps of 1 / 512 is 102 / 512.
    found = measured(np.full((3, 8, 8), 51, dtype=np.uint8))
    assert found["brightness"] == [102 / 512] * 3
    assert found["contrast"] == [0.0] * 3


def test_half_black_half_white_has_the_greatest_contrast() -> None:
    image = np.zeros((1, 8, 8), dtype=np.uint8)
    image[0, :, 4:] = 255
    assert measured(image)["brightness"] == [0.5]
    assert measured(image)["contrast"] == [0.5]


def test_colours_weigh_as_the_eye_sees_them() -> None:
    colours = np.zeros((3, 8, 8, 3), dtype=np.uint8)
    for channel in range(3):
        colours[channel, ..., channel] = 255
    # 0.2126, 0.7152 and 0.0722 of 255 are the levels 54, 182 and 18.
    steps = [round(level / 255 * 512) / 512 for level in (54, 182, 18)]
    assert measured(colours)["brightness"] == steps


def test_grey_in_three_channels_is_grey() -> None:
    grey = np.stack([bar(3), bar(4, shear=0.5)])
    coloured = np.repeat(grey[..., None], 3, axis=3)
    assert measured(coloured) == measured(grey) == measured(grey[..., None])


@pytest.mark.parametrize("width", [1, 2, 3, 4, 7, 9])
def test_a_bar_is_as_wide_as_it_was_drawn(width: int) -> None:
    assert widths(bar(width), bar(width).T) == [width, width]


def test_a_bar_across_is_about_as_wide_as_its_strokes() -> None:
    # Three columns wide and moved by one a row, it is 3 / sqrt 2 = 2.12 across.
    assert widths(bar(3, shear=1))[0] == pytest.approx(3 / sqrt(2), rel=0.15)


def test_an_upright_bar_has_no_slant() -> None:
    assert slants(bar(1), bar(3), bar(8)) == [0, 0, 0]


@pytest.mark.parametrize("width", [1, 3])
def test_a_sheared_bar_leans_by_the_angle_of_its_shear(width: int) -> None:
    # One column a row is 45 degrees; to the right is positive.
    right, left = bar(width, shear=1), bar(width, shear=-1)
    assert slants(right, left) == [45, -45]


def test_a_shear_by_half_a_column_leans_by_its_arctangent() -> None:
    assert slants(bar(3, shear=0.5))[0] == pytest.approx(26.57, abs=0.75)


def test_dark_lines_on_light_ground_are_lines_too() -> None:
    light = np.stack([bar(3, shear=1), bar(4)])
    dark = 255 - light
    assert slants(*dark) == slants(*light)
    assert widths(*dark) == widths(*light)


def test_strokes_need_not_be_white() -> None:
    assert widths(bar(3) // 4) == [3]


def test_a_line_along_a_row_has_no_slant_to_measure() -> None:
    image = sheet()
    image[14, 4:24] = 255
    assert np.isnan(slants(image)).all()
    assert widths(image) == [1]


@pytest.mark.parametrize(
    "image",
    [
        pytest.param(sheet(), id="blank"),
        pytest.param(sheet() + np.eye(28, dtype=np.uint8) * 26, id="hardly any ink"),
        pytest.param(block(20), id="a block"),
        pytest.param(
            np.random.default_rng(0).integers(0, 256, (28, 28)).astype(np.uint8),
            id="no plain ground",
        ),
    ],
)
def test_what_is_no_line_has_neither_slant_nor_strokes(image: Images) -> None:
    lines = [bar(3)] * 9
    assert np.isnan(widths(*lines, image)).tolist() == [False] * 9 + [True]
    assert np.isnan(slants(*lines, image)).tolist() == [False] * 9 + [True]


def test_where_many_are_no_lines_none_is_measured() -> None:
    assert np.isnan(widths(*[bar(3)] * 8, sheet(), sheet())).all()
    assert np.isnan(slants(*[bar(3)] * 8, sheet(), sheet())).all()


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (20, 28, 28)).astype(np.uint8)
    images[:19] = bar(3)
    whole = measured(images)
    monkeypatch.setattr(image_properties, "BLOCK_PIXELS", 3 * 28 * 28)
    assert str(measured(images)) == str(whole)


def test_values_are_exact_in_thirty_two_bits() -> None:
    images = np.stack([bar(w, shear=w / 7) for w in range(1, 9)])
    for column in image_columns(images):
        narrow = column.values.astype(np.float32).astype(np.float64)
        assert narrow.tolist() == column.values.tolist()


def test_a_name_that_is_taken_is_told_apart() -> None:
    columns = image_columns(bar(3)[None], {"contrast"})
    assert [one.name for one in columns][:2] == ["brightness", "contrast (image)"]


def test_every_property_is_of_the_image() -> None:
    assert {one.origin for one in image_columns(bar(3)[None])} == {"image"}


@pytest.mark.parametrize("shape", [(4, 8), (4, 8, 8, 4), (0, 8, 8), (4, 0, 8)])
def test_what_is_no_stack_of_images_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="images must be uint8"):
        image_columns(np.zeros(shape, dtype=np.uint8))
