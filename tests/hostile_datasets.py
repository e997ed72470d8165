"""Hostile datasets: folders of IDX files, and archives of arrays."""

import gzip
import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from hostile import Case, Write
from hostile_arrays import MEBIBYTE, claiming, npy, write_bomb, zipped

ARCHIVE = "own.npz"
FOLDER = "own"
SIDE = 4
NAMES = {
    "x_train": "train-images-idx3-ubyte",
    "y_train": "train-labels-idx1-ubyte",
    "x_test": "t10k-images-idx3-ubyte",
    "y_test": "t10k-labels-idx1-ubyte",
}


def sound() -> dict[str, Any]:
    """Returns forty images to train on and twenty to test with, of two classes."""
    pixels = np.arange(60 * SIDE * SIDE, dtype=np.uint8).reshape(60, SIDE, SIDE)
    labels = np.arange(60, dtype=np.uint8) % 2
    return {
        "x_train": pixels[:40],
        "y_train": labels[:40],
        "x_test": pixels[40:],
        "y_test": labels[40:],
    }


def header(*shape: int) -> bytes:
    """Returns the header of an IDX file of that shape."""
    return bytes((0, 0, 8, len(shape))) + struct.pack(f">{len(shape)}I", *shape)


def idx(array: Any) -> bytes:
    """Returns an array as an IDX file."""
    return header(*array.shape) + bytes(array.tobytes())


def files(**changes: bytes) -> Write:
    """Returns what writes the four files of a folder, some of them replaced."""

    def write(folder: Path) -> None:
        place = folder / FOLDER
        place.mkdir()
        for name, array in sound().items():
            content = changes.get(name, idx(array))
            (place / NAMES[name]).write_bytes(content)

    return write


def archive(**changes: bytes) -> Write:
    """Returns what writes an archive of the four arrays, some of them replaced."""

    def write(folder: Path) -> None:
        arrays = {name: npy(array) for name, array in sound().items()}
        (folder / ARCHIVE).write_bytes(zipped(arrays | changes))

    return write


def instead(name: str, make: Callable[[Path], None]) -> Write:
    """Returns what writes a folder in which something else stands for a file."""

    def write(folder: Path) -> None:
        files()(folder)
        path = folder / FOLDER / NAMES[name]
        path.unlink()
        make(path)

    return write


def gzipped_zeros(start: bytes, size: int) -> bytes:
    """Returns a gzip file that unpacks to those bytes and zeros behind them."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = bytes(MEBIBYTE)
    pieces = [packer.compress(start)]
    pieces += [packer.compress(zeros) for _ in range(size // MEBIBYTE)]
    return b"".join([*pieces, packer.flush()])


def _endless(folder: Path) -> None:
    # Ten times as many zeros as the header claims.
    labels = np.zeros(400_000, np.uint8)
    labels[0] = 1
    content = gzipped_zeros(header(400_000, 32, 32), 4 * 2**30)
    files(x_train=content, y_train=gzip.compress(idx(labels)))(folder)


def _one_class(folder: Path) -> None:
    rows = 400_000
    images = claiming(f"({rows}, 32, 32)", "'|u1'"), rows * 1024
    labels = claiming(f"({rows},)", "'|u1'"), rows
    test = {"x_test": npy(np.zeros((1, 32, 32), np.uint8)), "y_test": npy([0])}
    write_bomb(folder / ARCHIVE, test, {"x_train": images, "y_train": labels})


def _named(packed: bytes, size: int) -> bytes:
    """Returns a gzip file with a file name of that size in its header, without end."""
    return packed[:3] + b"\x08" + packed[4:10] + size * b"a"


def _climbing(folder: Path) -> None:
    strange = {"../../x_train": npy(1), "/etc/\x1b[2Jy_train": npy(2)}
    (folder / ARCHIVE).write_bytes(zipped(strange))


def case(key: str, what: str, write: Write, *, data: str, says: str) -> Case:
    """Returns a case that reportgen is asked to train on."""
    command = ("build", "--retrain", "--data", data)
    return Case(key, "datasets", what, write, command, says)


IDX_CASES = (
    case(
        "count",
        "a header of 2^32 - 1 images",
        files(x_train=header(2**32 - 1, SIDE, SIDE)),
        data=FOLDER,
        says="must declare between 1 and 805,306,368 bytes",
    ),
    case(
        "overflow",
        "dimensions whose product is 0 to who counts in 64 bits",
        files(x_train=header(2**31, 2**31, 4)),
        data=FOLDER,
        says="Received dimensions (2147483648, 2147483648, 4)",
    ),
    case(
        "claim",
        "a header of 768 MiB before a file of 16 bytes",
        files(x_train=header(3 * 2**16, 64, 64)),
        data=FOLDER,
        says="cannot hold the 805,306,368 bytes of data",
    ),
    case(
        "pairs",
        "a million labels for forty images",
        files(y_train=gzipped_zeros(header(MEBIBYTE), MEBIBYTE)),
        data=FOLDER,
        says="1,048,576 labels for the 40 images",
    ),
    case(
        "endless",
        "a gzip of 4 GiB of zeros behind a header that fits its labels",
        _endless,
        data=FOLDER,
        says="that its header declares. Received more",
    ),
    case(
        "gzip-name",
        "100 MB of file name within the header of a gzip",
        files(y_train=_named(gzip.compress(b"", mtime=0), 10**8)),
        data=FOLDER,
        says="the file ends within its gzip stream",
    ),
    case(
        "gzip-empty",
        "a gzip of 200,000 empty streams",
        files(
            y_test=gzip.compress(idx(sound()["y_test"])) + 200_000 * gzip.compress(b"")
        ),
        data=FOLDER,
        says="more than 65,536 gzip streams",
    ),
    case(
        "gzip-cut",
        "a gzip cut short",
        files(x_test=gzip.compress(idx(sound()["x_test"]))[:-12]),
        data=FOLDER,
        says="the file ends within its gzip stream",
    ),
    case(
        "gzip-trailing",
        "a program behind a gzip",
        files(x_test=gzip.compress(idx(sound()["x_test"])) + b"#!/bin/sh"),
        data=FOLDER,
        says="other bytes follow the gzip stream",
    ),
    case(
        "pipe",
        "a pipe in the place of the labels",
        instead("y_train", os.mkfifo),
        data=FOLDER,
        says="a pipe is no file",
    ),
    case(
        "device",
        "a link to /dev/zero in the place of the images",
        instead("x_train", lambda path: path.symlink_to("/dev/zero")),
        data=FOLDER,
        says="a device is no file",
    ),
    case(
        "dangling",
        "a link to nothing in the place of the images",
        instead("x_train", lambda path: path.symlink_to("gone")),
        data=FOLDER,
        says="No such file",
    ),
)
"""Cases of a folder."""

NPZ_CASES = (
    case(
        "npz-claim",
        "an array of 2^63 rows in 200 bytes",
        archive(x_train=claiming("(9223372036854775807, 4, 4)", "'|u1'")),
        data=ARCHIVE,
        says="x_train has 0 of the 147,573,952,589,676,412,912 bytes",
    ),
    case(
        "npz-bomb",
        "400,000 images of zeros, all of one class, in 400 KB",
        _one_class,
        data=ARCHIVE,
        says="must hold images of at least two classes. Received only '0'",
    ),
    case(
        "npz-structured",
        "images that are records of fields",
        archive(x_train=npy(np.zeros((40, SIDE, SIDE), "u1,u1"))),
        data=ARCHIVE,
        says="not one of a plain array",
    ),
    case(
        "npz-classes",
        "a class for each of 100,000 images",
        archive(
            x_train=npy(np.zeros((100_000, SIDE, SIDE), np.uint8)),
            y_train=npy(np.arange(100_000)),
        ),
        data=ARCHIVE,
        says="labels must be of at most 2,500 classes. Received 100,000",
    ),
    case(
        "npz-labels",
        "labels with room for a book each",
        archive(y_train=npy(np.array(["a" * 100_000] * 40))),
        data=ARCHIVE,
        says="labels of at most 1,000 characters each",
    ),
    case(
        "npz-path",
        "members that climb out of their folder, and none that is asked for",
        _climbing,
        data=ARCHIVE,
        says=r"received: '../../x_train', '/etc/\x1b[2Jy_train'",
    ),
    case(
        "npz-one-class",
        "images of one class, named by characters that steer the terminal",
        archive(
            y_train=npy(np.array(["\x1b[2J\u202e"] * 40)),
            y_test=npy(np.array(["\x1b[2J\u202e"] * 20)),
        ),
        data=ARCHIVE,
        says=r"Received only '\x1b[2J\u202e'",
    ),
    case(
        "npz-folder",
        "a folder that calls itself an archive",
        lambda folder: (folder / ARCHIVE).mkdir(),
        data=ARCHIVE,
        says="must hold the four IDX files",
    ),
)
"""Cases of an archive."""

CASES = (*IDX_CASES, *NPZ_CASES)
