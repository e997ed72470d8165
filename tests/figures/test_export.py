import base64
import io
import re

import numpy as np
from PIL import Image

from reportgen.figures.export import to_svg
from reportgen.figures.style import look, new_figure


def drawn_image(pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> bytes:
    with look():
        figure = new_figure(40, 40)
        axes = figure.add_subplot()
        axes.set_axis_off()
        axes.imshow(pixels, interpolation="none")
    return to_svg(figure)


def embedded(svg: bytes) -> Image.Image:
    (content,) = re.findall(rb"data:image/png;base64,([^\"]+)", svg)
    return Image.open(io.BytesIO(base64.b64decode(content)))


def test_an_embedded_picture_keeps_its_pixels_and_loses_its_alpha() -> None:
    pixels = np.arange(27, dtype=np.uint8).reshape(3, 3, 3) * 9
    picture = embedded(drawn_image(pixels))
    assert picture.mode == "P"
    assert np.array_equal(np.asarray(picture.convert("RGB")), pixels)


def test_a_grey_picture_takes_one_byte_a_pixel() -> None:
    grey = np.arange(9, dtype=np.uint8).reshape(3, 3, 1) * 20
    picture = embedded(drawn_image(np.broadcast_to(grey, (3, 3, 3)).copy()))
    assert picture.mode == "L"
    assert np.array_equal(np.asarray(picture), grey[..., 0])


def test_a_picture_of_many_colours_stays_exact() -> None:
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, size=(40, 40, 3)).astype(np.uint8)
    assert np.array_equal(np.asarray(embedded(drawn_image(pixels))), pixels)


def test_svg_carries_no_date_no_version_and_no_text() -> None:
    with look():
        figure = new_figure(40, 40)
        figure.add_subplot().set_xlabel("secret -- label")
    svg = to_svg(figure)
    assert b"secret" not in svg
    assert b"Matplotlib" not in svg
    assert b"<metadata" not in svg
