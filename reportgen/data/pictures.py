"""One PNG or JPEG of a stranger, as the pixels that a network is shown.

1. The first bytes tell the format; the suffix is never believed, and no other format
   has a decoder here.
2. The header tells depth, size and kind of the samples; what has no one meaning in
   eight bits of grey or RGB is refused before it is unpacked.
3. What is unpacked is whole, and stands upright as its EXIF orientation says.

A colour profile is not applied, as no training pipeline of Keras applies one.
"""

import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reportgen.data.idx import unreadable
from reportgen.errors import DataError
from reportgen.opening import open_regular, size_of

if TYPE_CHECKING:
    from PIL.Image import Image

LARGEST_FILE_BYTES = 2**26
"""Of one picture as it lies on the disk, 64 MiB."""

LONGEST_SIDE = 8_192
MOST_PIXELS = 2**25
"""Of one picture; a camera of 33 megapixels. Zeros pack to a thousandth."""

MOST_SCANS = 128
"""Passes over a progressive JPEG; encoders write about ten, and each costs the time of
a whole picture in a few bytes."""

SCAN = b"\xff\xda"
"""How each of them begins."""

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"
DECODERS = ("PNG", "JPEG")
"""The only formats that Pillow is let loose on."""

STARTS = (
    (b"GIF8", "a GIF"),
    (b"BM", "a BMP"),
    (b"II*\0", "a TIFF"),
    (b"MM\0*", "a TIFF"),
    (b"\0\0\1\0", "an icon"),
    (b"8BPS", "a Photoshop file"),
    (b"P5", "a PGM"),
    (b"P6", "a PPM"),
    (b"%PDF", "a PDF"),
    (b"<svg", "an SVG"),
    (b"<", "a text in angle brackets, as HTML or SVG"),
    (b"version https://git-lfs", "a pointer of Git LFS; fetch it with git lfs pull"),
)
"""First bytes of what is found in folders of pictures, too."""

DEPTH_AT = 24
"""Place of the bits of a sample in a PNG, within the header that must come first."""

BITS = 8
OPAQUE = 255
ORIENTATION = 0x0112
"""EXIF's number for which way is up."""

UPRIGHT = 1

BENIGN = "Image appears to be a malformed MPO"
"""Pillow's word for a photograph whose second picture is lost; the first is whole."""

DAMAGE = (
    EOFError,
    IndexError,
    KeyError,
    OSError,
    OverflowError,
    SyntaxError,
    TypeError,
    ValueError,
    Warning,
    struct.error,
    zlib.error,
)
"""What Pillow raises for a damaged picture, by its tests and by trial."""


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """A picture as a network is shown it.

    Attributes:
        pixels: (height, width) uint8 where it is grey, (height, width, 3) where it has
            colours, be they all alike; read-only.
        turned: Whether it was turned or mirrored, as its EXIF orientation says.
    """

    pixels: NDArray[np.uint8]
    turned: bool


def read_picture(path: Path) -> Decoded:
    """Returns the picture in a file.

    Args:
        path: A PNG or a JPEG, whatever its name ends in.

    Raises:
        DataError: It cannot be read, or `decode` refuses it.
    """
    try:
        with open_regular(path) as file:
            size_bytes = size_of(file)
            content = file.read(LARGEST_FILE_BYTES + 1)
    except OSError as error:
        raise unreadable(path, error) from error
    if len(content) > LARGEST_FILE_BYTES:
        raise DataError(
            f"{path} must have at most {LARGEST_FILE_BYTES:,} bytes. Received "
            f"{size_bytes:,}. Save the picture at the size that the model takes."
        )
    return decode(content, name=str(path))


def decode(content: bytes, *, name: str) -> Decoded:
    """Returns the picture in the bytes of a PNG or JPEG.

    Palettes and grey of fewer bits are unpacked exactly. Of several pictures in a JPEG,
    as phones write them, the first is taken, as every viewer does.

    Args:
        content: The file.
        name: Its name, for messages.

    Raises:
        DataError: It is neither, or damaged, too large, animated, transparent, or of
            samples that are no eight bits of grey or RGB.
    """
    from PIL import Image

    _check_format(content, name)
    with _sound(name):
        with Image.open(BytesIO(content), formats=DECODERS) as image:
            _check_size(image, name)
            _check_kind(image, content, name)
            image.verify()  # checksums, which decoding alone does not compare
        with Image.open(BytesIO(content), formats=DECODERS) as image:
            image.load()
            return _upright(_opaque(image, name))


@contextmanager
def _sound(name: str) -> Iterator[None]:
    """Turns what a damaged picture raises inside the block into a DataError."""
    from PIL.Image import DecompressionBombError, DecompressionBombWarning

    try:
        with _whole(), warnings.catch_warnings():
            warnings.simplefilter("error")
            warnings.filterwarnings("ignore", BENIGN)
            yield
    except (DecompressionBombError, DecompressionBombWarning) as error:
        raise _too_large(name, "more") from error
    except DAMAGE as error:
        reason = (str(error) or type(error).__name__).rstrip(".")[:200]
        raise DataError(
            f"{name} must be a whole PNG or JPEG. Received a damaged one: {reason}. "
            "Save or fetch the picture again, or take it out."
        ) from error


@contextmanager
def _whole() -> Iterator[None]:
    """Has Pillow refuse pictures that end early inside the block.

    WeasyPrint tells it not to, for the whole process, when it is imported.
    """
    from PIL import ImageFile

    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _check_format(content: bytes, name: str) -> None:
    """Refuses what is neither a PNG nor a JPEG, or a JPEG of endless scans."""
    if not content.startswith((PNG, JPEG)):
        raise DataError(
            f"{name} must be a PNG or a JPEG. Received {_format(content)}. Save the "
            "picture as PNG, or take the file out."
        )
    scans = content.count(SCAN)
    if content.startswith(JPEG) and scans > MOST_SCANS:
        raise DataError(
            f"{name} must be a JPEG of at most {MOST_SCANS} scans. Received {scans:,}. "
            "Save the picture again."
        )


def _format(content: bytes) -> str:
    """Returns what the first bytes look like."""
    if not content:
        return "an empty file"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "a WebP"
    if content[4:8] == b"ftyp":
        return "an AVIF, a HEIC or a film"
    known = (label for start, label in STARTS if content.startswith(start))
    return next(known, f"a file that begins with {content[:8]!r}")


def _check_size(image: "Image", name: str) -> None:
    """Refuses sides and pixels beyond the bounds, by the header alone."""
    width, height = image.size
    if max(width, height) > LONGEST_SIDE or width * height > MOST_PIXELS:
        raise _too_large(name, f"{width:,} x {height:,}")


def _too_large(name: str, received: str) -> DataError:
    """Returns the error for a picture of too many pixels."""
    return DataError(
        f"{name} must have sides of at most {LONGEST_SIDE:,} pixels, and "
        f"{MOST_PIXELS:,} in all. Received {received}. Save the picture at the size "
        "that the model takes."
    )


def _check_kind(image: "Image", content: bytes, name: str) -> None:
    """Refuses films, and samples that eight bits of grey or RGB cannot tell.

    Pillow reads 16 bits of colour without a word, and drops the lower eight.
    """
    bits = content[DEPTH_AT] if image.format == "PNG" else BITS
    if bits > BITS or image.mode.startswith(("I", "F")):
        raise _untranslatable(name, "samples of 16 bits")
    if image.mode == "CMYK":
        raise _untranslatable(name, "CMYK, the colours of a press")
    frames: int = getattr(image, "n_frames", 1)
    if image.format == "PNG" and frames > 1:
        raise DataError(
            f"{name} must be one picture. Received an animated PNG of {frames:,}. Save "
            "the one that is meant."
        )


def _untranslatable(name: str, received: str) -> DataError:
    """Returns the error for samples that have more than one translation."""
    return DataError(
        f"{name} must be grey or RGB of 8 bits. Received {received}. Convert it as was "
        "done for the training of the model, which the picture does not tell, and save "
        "it so."
    )


def _opaque(image: "Image", name: str) -> "Image":
    """Returns the picture as grey or RGB; refuses one that shows what is behind it."""
    if image.mode in {"L", "RGB"} and "transparency" not in image.info:
        return image
    if image.mode == "1" and "transparency" not in image.info:
        return image.convert("L")
    whole = image.convert("RGBA")
    least = whole.getchannel("A").getextrema()[0]
    if least != OPAQUE:
        raise DataError(
            f"{name} must be opaque. Received transparent pixels, of which the picture "
            "does not say on what ground they are seen. Save it on the ground that the "
            "model was trained on."
        )
    colours = whole.convert("RGB")
    return colours.convert("L") if _is_grey(image) else colours


def _is_grey(image: "Image") -> bool:
    """Returns whether no sample has colour, nor any of its palette that is used."""
    if image.mode in {"1", "L", "LA"}:
        return True
    if image.palette is None or image.mode not in {"P", "PA"}:
        return False
    used = np.frombuffer(image.convert("RGB").tobytes(), np.uint8).reshape(-1, 3)
    return bool((used == used[:, :1]).all())


def _upright(image: "Image") -> Decoded:
    """Returns the pixels of a picture, turned as its EXIF orientation says."""
    from PIL.ImageOps import exif_transpose

    orientation = image.getexif().get(ORIENTATION, UPRIGHT)
    upright = exif_transpose(image)
    pixels = np.array(upright, dtype=np.uint8)  # (height, width) or (height, width, 3)
    pixels.setflags(write=False)
    return Decoded(pixels, turned=orientation in range(2, 9))
