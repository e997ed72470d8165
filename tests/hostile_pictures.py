"""Hostile pictures, and folders of them."""

import io
import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from hostile import Case, Write
from PIL import Image

FOLDER = "photos"
GREY = np.arange(64, dtype=np.uint8).reshape(8, 8)
MAGIC = b"\x89PNG\r\n\x1a\n"


def packed(pixels: Any, kind: str = "PNG", **settings: Any) -> bytes:
    """Returns pixels as a picture."""
    target = io.BytesIO()
    Image.fromarray(pixels).save(target, kind, **settings)
    return target.getvalue()


def chunk(kind: bytes, content: bytes) -> bytes:
    """Returns a chunk of a PNG."""
    checksum = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + checksum


def png(*between: bytes, width: int = 8, height: int = 8, depth: int = 8) -> bytes:
    """Returns a PNG of zeros that claims a size, with chunks before its pixels."""
    header = struct.pack(">IIBBBBB", width, height, depth, 0, 0, 0, 0)
    rows = chunk(b"IDAT", zlib.compress(bytes(72)))
    return b"".join(
        (MAGIC, chunk(b"IHDR", header), *between, rows, chunk(b"IEND", b""))
    )


def photos(folder: Path) -> Path:
    """Returns a folder with two classes of three sound pictures, newly written."""
    for name in ("cat", "dog"):
        place = folder / FOLDER / name
        place.mkdir(parents=True)
        for number in range(1, 4):
            (place / f"{number}.png").write_bytes(packed(GREY))
    return folder / FOLDER


def beside(content: bytes, name: str = "4.png") -> Write:
    """Returns what writes a picture of those bytes beside sound ones."""

    def write(folder: Path) -> None:
        (photos(folder) / "cat" / name).write_bytes(content)

    return write


def changed(make: Callable[[Path], None]) -> Write:
    """Returns what writes sound pictures and then does something to their folder."""
    return lambda folder: make(photos(folder))


def _film() -> bytes:
    return packed(GREY, save_all=True, append_images=[Image.fromarray(GREY + 1)])


def _press() -> bytes:
    target = io.BytesIO()
    Image.fromarray(GREY).convert("CMYK").save(target, "JPEG")
    return target.getvalue()


def _loop(folder: Path) -> None:
    (folder / "cat" / "cat").symlink_to(folder)


def _many(folder: Path) -> None:
    for number in range(2_600):
        (folder / f"class {number}").mkdir()


def case(key: str, what: str, write: Write, *, says: str) -> Case:
    """Returns a case that reportgen is asked to train on."""
    command = ("build", "--retrain", "--data", FOLDER)
    return Case(key, "pictures", what, write, command, says)


CASES = (
    case(
        "bomb",
        "a PNG of 2^31 - 1 pixels a side in 100 bytes",
        beside(png(width=2**31 - 1, height=2**31 - 1)),
        says="sides of at most 8,192 pixels",
    ),
    case(
        "claim",
        "a PNG that claims 33 million pixels and holds 64",
        beside(png(width=8_192, height=4_096)),
        says="damaged one",
    ),
    case(
        "text-bomb",
        "a PNG with a comment that unpacks to 1 GiB",
        beside(png(chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(2**30), 9)))),
        says="damaged one",
    ),
    case(
        "checksum",
        "a PNG with one bit turned",
        beside(png().replace(b"IDAT", b"IDAU")),
        says="damaged one",
    ),
    case(
        "scans",
        "a progressive JPEG of ten thousand scans",
        beside(b"\xff\xd8\xff" + 10_000 * b"\xff\xda\x00\x08", "4.jpg"),
        says="at most 128 scans. Received 10,000",
    ),
    case(
        "cut",
        "a JPEG cut short",
        beside(packed(np.tile(GREY, (16, 16)), "JPEG")[:900], "4.jpg"),
        says="damaged one",
    ),
    case("film", "an animated PNG", beside(_film()), says="animated PNG of 2"),
    case(
        "deep",
        "a PNG of 16 bits",
        beside(packed(GREY.astype(np.uint16) * 257)),
        says="samples of 16 bits",
    ),
    case(
        "press",
        "a JPEG in the colours of a press",
        beside(_press(), "4.jpg"),
        says="CMYK, the colours of a press",
    ),
    case(
        "glass",
        "a PNG one can see through",
        beside(packed(GREY, transparency=5)),
        says="transparent pixels",
    ),
    case(
        "disguised",
        "an SVG with a script that calls itself a PNG",
        beside(b"<svg><script>alert(1)</script></svg>"),
        says="Received an SVG",
    ),
    case(
        "postscript",
        "a program in PostScript that calls itself a PNG",
        beside(b"%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) (r) file"),
        says="a file that begins with b'%!PS-Ado'",
    ),
    case(
        "picture-pipe",
        "a pipe among the pictures",
        changed(lambda folder: os.mkfifo(folder / "cat" / "4.png")),
        says="a pipe is no file",
    ),
    case(
        "picture-device",
        "a link to /dev/zero among the pictures",
        changed(lambda folder: (folder / "cat" / "4.png").symlink_to("/dev/zero")),
        says="a device is no file",
    ),
    case(
        "loop",
        "a folder that holds itself",
        changed(_loop),
        says="Received the folder 'cat' in it",
    ),
    case(
        "many",
        "2,600 folders of classes",
        changed(_many),
        says="folders of at most 2,500 classes",
    ),
    case(
        "bytes",
        "a class whose name is no text",
        changed(lambda folder: (folder / os.fsdecode(b"\xff[b]")).mkdir()),
        says=r"names in UTF-8. Received b'\xff[b]'",
    ),
    case(
        "steering",
        "a folder in a class, named by characters that steer the terminal",
        changed(lambda folder: (folder / "cat" / "\x1b[2J\u202e").mkdir()),
        says=r"Received the folder '\x1b[2J\u202e' in it",
    ),
)
"""Cases of a folder of pictures."""
