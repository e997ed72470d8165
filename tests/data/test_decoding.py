"""Pictures become the pixels that a network is shown, or are refused by name."""

import io
import os
import struct
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageFile

from reportgen.data.pictures import decode, read_picture
from reportgen.errors import DataError

GREY = np.arange(6, dtype=np.uint8).reshape(2, 3) * 40
COLOUR = np.arange(18, dtype=np.uint8).reshape(2, 3, 3) * 14


def packed(
    pixels: NDArray[Any], kind: str = "PNG", *, mode: str | None = None, **settings: Any
) -> bytes:
    """Returns the pixels as a file."""
    image = Image.fromarray(pixels)
    target = io.BytesIO()
    (image.convert(mode) if mode else image).save(target, kind, **settings)
    return target.getvalue()


def chunk(kind: bytes, content: bytes) -> bytes:
    """Returns a chunk of a PNG, by the format's description."""
    checksum = zlib.crc32(kind + content)
    return (
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)
    )


def png(width: int, height: int, *, depth: int = 8, colour: int = 0) -> bytes:
    """Returns a PNG that claims a size, with one row of nothing."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    rows = zlib.compress(bytes(16))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (chunk(b"IHDR", header), chunk(b"IDAT", rows), chunk(b"IEND", b""))
    )


def refusal(content: bytes) -> str:
    """Returns why the bytes are refused."""
    with pytest.raises(DataError) as caught:
        decode(content, name="cat.png")
    assert str(caught.value).startswith("cat.png must ")
    return str(caught.value)


def test_grey_and_colour_come_back_as_they_were() -> None:
    assert np.array_equal(decode(packed(GREY), name="a").pixels, GREY)
    assert np.array_equal(decode(packed(COLOUR), name="a").pixels, COLOUR)


def test_a_jpeg_has_the_shape_of_its_samples() -> None:
    assert decode(packed(GREY, "JPEG"), name="a").pixels.shape == (2, 3)
    assert decode(packed(COLOUR, "JPEG"), name="a").pixels.shape == (2, 3, 3)


def test_the_pixels_are_read_only() -> None:
    assert not decode(packed(GREY), name="a").pixels.flags.writeable


def test_bits_are_black_and_white() -> None:
    found = decode(packed(GREY > 100, "PNG"), name="a").pixels
    assert np.array_equal(found, np.where(GREY > 100, 255, 0))


def test_a_palette_is_looked_up() -> None:
    image = Image.new("P", (2, 1))
    image.putpalette([0, 0, 0, 200, 10, 30])
    image.putpixel((1, 0), 1)
    target = io.BytesIO()
    image.save(target, "PNG")
    found = decode(target.getvalue(), name="a").pixels
    assert found.tolist() == [[[0, 0, 0], [200, 10, 30]]]


def test_a_palette_of_greys_is_grey() -> None:
    content = packed(GREY, mode="P")
    assert np.array_equal(decode(content, name="a").pixels, GREY)


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_alpha_that_hides_nothing_is_dropped(mode: str) -> None:
    pixels = COLOUR if mode == "RGBA" else GREY
    assert np.array_equal(decode(packed(pixels, mode=mode), name="a").pixels, pixels)


def test_transparent_pixels_are_refused() -> None:
    seen = np.dstack([COLOUR, np.array([[255, 255, 255], [255, 254, 255]], np.uint8)])
    assert "transparent pixels" in refusal(packed(seen))
    assert "transparent pixels" in refusal(packed(GREY, transparency=40))


# EXIF 2.32, orientation: 1 upright, 3 by half a turn, 6 to be turned clockwise.
@pytest.mark.parametrize(("orientation", "turns"), [(1, 0), (3, 2), (6, 3), (8, 1)])
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_stands_upright(orientation: int, turns: int, kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    plain = decode(packed(COLOUR, kind), name="a").pixels
    found = decode(packed(COLOUR, kind, exif=exif), name="a")
    assert np.array_equal(found.pixels, np.rot90(plain, turns))
    assert found.turned == (orientation != 1)


def test_the_suffix_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "cat.png"
    path.write_bytes(packed(COLOUR, "JPEG"))
    assert read_picture(path).pixels.shape == (2, 3, 3)


def test_sixteen_bits_of_grey_are_refused() -> None:
    assert "samples of 16 bits" in refusal(packed(GREY.astype(np.uint16) * 257))


def test_sixteen_bits_of_colour_are_refused() -> None:
    assert "samples of 16 bits" in refusal(png(1, 1, depth=16, colour=2))


def test_the_colours_of_a_press_are_refused() -> None:
    assert "CMYK" in refusal(packed(COLOUR, "JPEG", mode="CMYK"))


def test_a_film_is_refused() -> None:
    frames = [Image.fromarray(GREY + step) for step in (1, 2)]
    target = io.BytesIO()
    Image.fromarray(GREY).save(target, "PNG", save_all=True, append_images=frames)
    assert "animated PNG of 3" in refusal(target.getvalue())


@pytest.mark.parametrize(
    ("content", "label"),
    [
        (b"", "an empty file"),
        (b"GIF89a", "a GIF"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "a WebP"),
        (b"\0\0\0\x20ftypavif", "an AVIF"),
        (b"II*\0", "a TIFF"),
        (b"<!doctype html>", "HTML"),
        (b"version https://git-lfs.github.com/spec/v1", "git lfs pull"),
        (b"\x7fELF", r"b'\x7fELF'"),
    ],
)
def test_another_format_is_named(content: bytes, label: str) -> None:
    assert label in refusal(content)


def test_other_formats_have_no_decoder() -> None:
    # A JPEG 2000 behind the first bytes of a JPEG must not find its way to another one.
    assert "damaged" in refusal(b"\xff\xd8\xff" + packed(COLOUR, "JPEG2000"))


@pytest.mark.parametrize(
    ("width", "height"),
    [(8_193, 1), (1, 8_193), (8_000, 8_000), (2**31 - 1, 2**31 - 1)],
)
def test_a_bomb_is_refused_by_its_header(width: int, height: int) -> None:
    assert "8,192 pixels, and 33,554,432 in all" in refusal(png(width, height))


def test_the_largest_picture_is_read() -> None:
    whole = packed(np.zeros((4, 8_192), np.uint8))
    assert decode(whole, name="a").pixels.shape == (4, 8_192)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_picture_cut_short_is_refused(kind: str, share: float) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (40, 40, 3)).astype(np.uint8)
    content = packed(noise, kind)
    assert "damaged" in refusal(content[: int(len(content) * share)])


def test_a_picture_cut_short_is_refused_after_a_page_was_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # WeasyPrint sets this for the whole process, when it is imported.
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    noise = np.random.default_rng(0).integers(0, 256, (40, 40, 3)).astype(np.uint8)
    content = packed(noise, "JPEG")
    assert "damaged" in refusal(content[: len(content) // 2])
    assert ImageFile.LOAD_TRUNCATED_IMAGES is True


def test_a_flipped_bit_in_a_png_is_found() -> None:
    content = bytearray(packed(COLOUR))
    place = content.index(b"IDAT") + 12
    content[place] ^= 1
    assert "damaged" in refusal(bytes(content))


def test_endless_scans_are_refused() -> None:
    assert "at most 128 scans. Received 500" in refusal(
        b"\xff\xd8\xff" + 500 * b"\xff\xda"
    )


def test_a_progressive_jpeg_is_read() -> None:
    assert decode(packed(COLOUR, "JPEG", progressive=True), name="a").pixels.size == 18


@pytest.mark.parametrize("kind", ["pipe", "device", "folder", "nothing"])
def test_what_is_no_file_is_refused(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "cat.png"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "folder":
        path.mkdir()
    with pytest.raises(DataError, match="must be there and readable"):
        read_picture(path)


def test_a_file_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cat.png"
    with path.open("wb") as file:
        file.truncate(2**26 + 1)
    with pytest.raises(DataError, match="must have at most 67,108,864 bytes"):
        read_picture(path)


def test_damaged_bytes_end_in_no_other_error() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (12, 12, 3)).astype(np.uint8)
    exif = Image.Exif()
    exif[0x0112] = 6
    rng = np.random.default_rng(2)
    for kind in ("PNG", "JPEG"):
        whole = packed(noise, kind, exif=exif)
        for _ in range(500):
            content = bytearray(whole)
            for place in rng.integers(0, len(content), 3):
                content[place] = rng.integers(0, 256)
            with suppress(DataError):  # it may as well be read
                decode(bytes(content), name="a")
