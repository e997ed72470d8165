import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

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


def frames_of(figure: Figure) -> list[Rectangle]:
    """Returns the hairlines around the images, in millimetres from the top."""
    return [one for one in figure.axes[0].patches if isinstance(one, Rectangle)]


@pytest.mark.parametrize(
    ("height", "width"), [(48, 96), (4, 96), (96, 96), (64, 32), (700, 1200)]
)
@pytest.mark.parametrize("height_mm", [None, 70.0])
def test_an_image_stands_nearer_to_its_own_lines_than_to_others(
    height: int, width: int, height_mm: float | None
) -> None:
    picture = Pixels(height, width, 1, bytes(height * width))
    sprites = [Sprite(picture, ("name", "note"))] * 4
    figure = draw_sprites(sprites, Grid(80, 2, 20, 12, height_mm))
    first, _, under, _ = frames_of(figure)
    name, note = figure.axes[0].texts[0], figure.axes[0].texts[1]
    own = name.get_position()[1] - (first.get_y() + first.get_height())
    # Both are measured to the line of writing; the type is 2.5 mm high.
    assert own == pytest.approx(2.6, abs=0.1)
    assert under.get_y() - note.get_position()[1] >= 1.5
    assert own - 2.5 < under.get_y() - note.get_position()[1]


def test_a_wide_image_is_as_high_as_the_others_until_it_fills_its_column() -> None:
    grid = Grid(80, columns=2, row_mm=20, image_mm=12)
    for width, high in ((96, 12.0), (480, 3.76)):  # (40 - 2.4) / 480 * 48 = 3.76
        picture = Pixels(48, width, 1, bytes(48 * width))
        (frame,) = frames_of(draw_sprites([Sprite(picture, ())], grid))
        assert frame.get_height() == pytest.approx(high, rel=0.01)


def test_rows_of_low_images_are_closed_up() -> None:
    low = Sprite(Pixels(4, 96, 1, bytes(4 * 96)), ("name",))
    figure = draw_sprites([low] * 4, Grid(80, columns=2, row_mm=20, image_mm=12))
    # 37.6 mm / 96 * 4 = 1.57 mm high, 10.43 less than there is room for.
    lines = [text.get_position()[1] for text in figure.axes[0].texts]
    assert lines[2] - lines[0] == pytest.approx(20 - 10.43, abs=0.01)
