"""IDX, the format in which MNIST was published: a short header, then bytes.

A file starts with two zero bytes, a type code (8 is uint8), the number of dimensions,
and each dimension as a big-endian uint32. Nothing in it is trusted: memory grows with
the bytes that arrive, never with the bytes that a header promises.
"""

import gzip
import struct
import zlib
from io import BufferedReader
from math import prod
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reportgen.data.published import PublishedPart
from reportgen.errors import DataError

STEMS = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
"""The four files of a dataset; each may end in .gz, and write ".idx" for "-idx"."""

LARGEST_BYTES = 2**31
"""More than any set of small grey images holds; a larger header is taken for damage."""

GZIP_MAGIC = b"\x1f\x8b"
CHUNK_BYTES = 2**20
DAMAGE = (EOFError, zlib.error, gzip.BadGzipFile)
"""What gzip raises where a file is cut short, altered, or followed by other bytes."""

Stream = BufferedReader | gzip.GzipFile


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
            f"behind the name. Missing: {', '.join(missing)}. Copy them there, or name "
            "an .npz file instead."
        )
    train_images, train_labels, test_images, test_labels = (
        path for stem in STEMS if (path := _find(folder, stem)) is not None
    )
    return _read_part(train_images, train_labels), _read_part(test_images, test_labels)


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
        with path.open("rb") as file:
            if file.peek(len(GZIP_MAGIC))[: len(GZIP_MAGIC)] != GZIP_MAGIC:
                return _read(file, path, ndim)
            with gzip.GzipFile(fileobj=file) as stream:
                return _read(stream, path, ndim)
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


def _read_part(images: Path, labels: Path) -> PublishedPart:
    """Returns one part, read from its two files."""
    return PublishedPart(
        images=read_idx(images, ndim=3),
        labels=read_idx(labels, ndim=1),
        images_name=str(images),
        labels_name=str(labels),
    )


def _read(stream: Stream, path: Path, ndim: int) -> NDArray[np.uint8]:
    """Returns the array that the stream of unpacked bytes holds."""
    shape = _shape(_take(stream, path, 4 + 4 * ndim, "header"), path)
    content = _take(stream, path, prod(shape), "data")
    _check_end(stream, path, len(content))
    return np.frombuffer(content, dtype=np.uint8).reshape(shape)


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


def _take(stream: Stream, path: Path, size: int, what: str) -> bytearray:
    """Returns the next bytes of the stream, exactly so many."""
    content = bytearray()
    try:
        while chunk := stream.read1(min(CHUNK_BYTES, size - len(content))):
            content += chunk
    except DAMAGE as error:
        raise _broken(path, len(content), size, f"{what}: {error}") from error
    if len(content) < size:
        raise _broken(path, len(content), size, f"{what}: the file ends there")
    return content


def _check_end(stream: Stream, path: Path, size: int) -> None:
    """Raises DataError unless the stream ends here, with the right checksum if any."""
    try:
        more = stream.read1(1)  # At the end gzip compares its checksum.
    except DAMAGE as error:
        raise _broken(path, size, size, f"data, but then: {error}") from error
    if more:
        raise DataError(
            f"{path} must end after the {size:,} bytes of data that its header "
            "declares. Received more, so header or data are damaged. Fetch the file "
            "again."
        )


def _broken(path: Path, received: int, expected: int, reason: str) -> DataError:
    """Returns the error for a file that ends or breaks too early."""
    return DataError(
        f"{path} must be whole. Received {received:,} of {expected:,} bytes of "
        f"{reason}. Fetch the file again."
    )
