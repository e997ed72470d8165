import numpy as np
import pytest

from reportgen.figures.sprites import (
    SPRITE_PX_PER_MM,
    Grid,
    Sprite,
    dark_ground,
    draw_sprites,
    enlarged,
    rgb,
)
from reportgen.record import Pixels

SPOT = Pixels(2, 2, 1, bytes([0, 0, 0, 255]))
PAGE = Pixels(2, 2, 1, bytes([255, 255, 255, 0]))
RED = Pixels(1, 1, 3, bytes([255, 0, 0]))


def test_light_strokes_on_black_become_ink_on_paper() -> None:
    assert dark_ground([SPOT])
    assert rgb(SPOT, ink=True)[..., 0].tolist() == [[255, 255], [255, 0]]


def test_dark_strokes_on_paper_stay_as_they_are() -> None:
    assert not dark_ground([PAGE])
    assert rgb(PAGE, ink=False)[..., 0].tolist() == [[255, 255], [255, 0]]


def test_colour_is_never_inverted() -> None:
    assert not dark_ground([RED])
    assert rgb(RED, ink=False).tolist() == [[[255, 0, 0]]]


def test_each_pixel_becomes_a_square_block() -> None:
    (image,) = enlarged([PAGE], 10)
    side = image.shape[0] // 2
    assert image.shape == (2 * side, 2 * side, 3)
    assert 2 * side >= 10 * SPRITE_PX_PER_MM
    assert (image[side:, side:] == 0).all()
    assert (image[:side] == 255).all()


def test_sprites_stand_in_rows_over_their_lines() -> None:
    sprites = [Sprite(PAGE, (f"name {i}", "note")) for i in range(5)]
    figure = draw_sprites(sprites, Grid(60, columns=3, row_mm=20, image_mm=10))
    axes = figure.axes[0]
    assert [text.get_text() for text in axes.texts[::2]] == [
        f"name {i}" for i in range(5)
    ]
    places = [text.get_position() for text in axes.texts[::2]]
    assert [x for x, _ in places] == pytest.approx([10, 30, 50, 10, 30])
    assert places[3][1] - places[0][1] == pytest.approx(20)


def test_all_sprites_share_one_picture() -> None:
    sprites = [Sprite(PAGE, ()), Sprite(SPOT, ())]
    figure = draw_sprites(sprites, Grid(40, columns=2, row_mm=20, image_mm=10))
    (sheet,) = figure.axes[0].get_images()
    array = np.asarray(sheet.get_array())
    # One black quarter of a 10 mm square in the first image, three in the second.
    black = int((array == 0).all(axis=2).sum())
    side = black / 4  # Pixels of one quarter: 1 + 3 quarters are black.
    assert side == pytest.approx((array.shape[1] / 40 * 5) ** 2, rel=0.05)
