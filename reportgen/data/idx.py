"""IDX, the format in which MNIST was published: a short header, then bytes.

A file starts with two zero bytes, a type code (8 is uint8), the number of dimensions,
and each dimension as a big-endian uint32. Nothing in it is trusted: memory grows with
the bytes that arrive, never with the bytes that a header promises.
"""

import struct
from io import BufferedReader
from math import prod
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reportgen.data.published import (
    LARGEST_BYTES,
    PublishedPart,
    check_paired,
    check_room,
)
from reportgen.data.unpacking import DAMAGE, Gzipped, Plain, unpacking
from reportgen.errors import DataError
from reportgen.opening import open_regular, size_of

STEMS = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
"""The four files of a dataset; each may end in .gz, and write ".idx" for "-idx"."""

NDIM = (3, 1, 3, 1)
"""Dimensions of each of them."""


def missing_files(folder: Path) -> tuple[str, ...]:
    """Returns which of the four files the folder lacks, by their usual names."""
    return tuple(stem for stem in STEMS if _find(folder, stem) is None)


def read_folder(folder: Path) -> tuple[PublishedPart, PublishedPart]:
    """Returns the training part and the test part that lie in the folder.

    Raises:
        DataError: A file is missing, broken, or does not fit its neighbour.
    """
    missing = missing_files(folder)
    if missing:
        raise DataError(
            f"{folder} must hold the four IDX files of a dataset, plain or with .gz "
            "behind the name, or a folder of PNG or JPEG pictures for each class. "
            f"Missing: {', '.join(missing)}. Copy them there, or name an .npz file "
            "instead."
        )
    paths = [path for stem in STEMS if (path := _find(folder, stem)) is not None]
    _check_shapes(folder, paths)
    return _read_part(*paths[:2]), _read_part(*paths[2:])


def read_idx(path: Path, *, ndim: int) -> NDArray[np.uint8]:
    """Returns the array that an IDX file holds, gzipped or not.

    Args:
        path: The file; gzip is known by its content, whatever the name says.
        ndim: Dimensions that the file must have: 3 for images, 1 for labels.

    Raises:
        DataError: The file cannot be opened, is no IDX file of uint8 in so many
            dimensions, or is truncated, damaged or longer than its header says.
    """
    try:
        with open_regular(path) as file:
            return _read(file, path, ndim)
    except OSError as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: OSError) -> DataError:
    """Returns the error for a path that the system does not let us read."""
    return DataError(
        f"{path} must be there and readable. Received "
        f"{error.strerror or str(error)!r}. Check its name and its permissions."
    )


def _find(folder: Path, stem: str) -> Path | None:
    """Returns where the file lies, None where it does not."""
    stems = (stem, stem.replace("-idx", ".idx"))
    names = [name for usual in stems for name in (usual, f"{usual}.gz")]
    try:
        present = {path.name for path in folder.iterdir()}
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise unreadable(folder, error) from error
    return next((folder / name for name in names if name in present), None)


def _check_shapes(folder: Path, paths: list[Path]) -> None:
    """Refuses files whose headers do not fit together, before their data are read."""
    shapes = [_read_shape(path, ndim) for path, ndim in zip(paths, NDIM, strict=True)]
    for place in (0, 2):
        images, labels = paths[place : place + 2]
        check_paired(
            (str(images), shapes[place][0]), (str(labels), shapes[place + 1][0])
        )
    check_room(str(folder), shapes[0], shapes[2])


def _read_shape(path: Path, ndim: int) -> tuple[int, ...]:
    """Returns the dimensions that a file declares."""
    try:
        with open_regular(path) as file:
            return _begin(file, path, ndim)[1]
    except OSError as error:
        raise unreadable(path, error) from error


def _read_part(images: Path, labels: Path) -> PublishedPart:
    """Returns one part, read from its two files."""
    return PublishedPart(
        images=read_idx(images, ndim=3),
        labels=read_idx(labels, ndim=1),
        images_name=str(images),
        labels_name=str(labels),
    )


def _read(file: BufferedReader, path: Path, ndim: int) -> NDArray[np.uint8]:
    """Returns the array that an open file holds."""
    stream, shape = _begin(file, path, ndim)
    content = _take(stream, path, prod(shape), "data")
    _check_end(stream, path, len(content))
    array = np.frombuffer(content, dtype=np.uint8)
    array.setflags(write=False)  # Nobody else holds the bytes.
    return array.reshape(shape)


def _begin(
    file: BufferedReader, path: Path, ndim: int
) -> tuple[Plain | Gzipped, tuple[int, ...]]:
    """Returns the stream of a file behind its header, and the dimensions declared."""
    stream = unpacking(file, size_of(file))
    header = _take(stream, path, 4 + 4 * ndim, "header")
    shape = _shape(header, path)
    if len(header) + prod(shape) > stream.most_bytes:
        reason = f"{size_of(file):,} bytes, which cannot hold the {prod(shape):,} bytes"
        raise _broken(path, f"{reason} of data that its header declares")
    return stream, shape


def _shape(header: bytearray, path: Path) -> tuple[int, ...]:
    """Returns the dimensions that the header declares."""
    ndim = len(header) // 4 - 1
    magic = bytes((0, 0, 8, ndim))
    if header[:4] != magic:
        raise DataError(
            f"{path} must start with {magic.hex(' ')}, the mark of IDX bytes in {ndim} "
            f"dimension(s). Received {header[:4].hex(' ')}. Images have 3 dimensions, "
            "labels 1: check that the file is what its name says."
        )
    shape = struct.unpack(f">{ndim}I", header[4:])
    if not 0 < prod(shape) <= LARGEST_BYTES:
        raise DataError(
            f"{path} must declare between 1 and {LARGEST_BYTES:,} bytes. Received "
            f"dimensions {shape}. Its header is damaged: fetch the file again."
        )
    return shape


def _take(stream: Plain | Gzipped, path: Path, size: int, what: str) -> bytearray:
    """Returns the next bytes of the stream, exactly so many."""
    content = bytearray()
    try:
        while len(content) < size:
            piece = stream.take(size - len(content))
            if not piece:
                raise EOFError("the file ends there")
            content += piece
    except DAMAGE as error:
        received = f"{len(content):,} of {size:,} bytes of {what}: {error}"
        raise _broken(path, received) from error
    return content


def _check_end(stream: Plain | Gzipped, path: Path, size: int) -> None:
    """Raises DataError unless the stream ends here, with the right checksum if any."""
    try:
        more = stream.take(1)  # At the end zlib compares gzip's checksum.
    except DAMAGE as error:
        received = f"{size:,} bytes of data, but then: {error}"
        raise _broken(path, received) from error
    if more:
        raise DataError(
            f"{path} must end after the {size:,} bytes of data that its header "
            "declares. Received more, so header or data are damaged. Fetch the file "
            "again."
        )


def _broken(path: Path, received: str) -> DataError:
    """Returns the error for a file that ends or breaks too early."""
    return DataError(
        f"{path} must be whole. Received {received}. Fetch the file again."
    )
