"""The ZIP around the arrays: its directory, its members, and what they unpack to."""

import io
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, BinaryIO

import numpy as np
from numpy.typing import DTypeLike, NDArray

from reportgen.npz.header import Header, UnsoundError, read_header

ENDING = ".npy"
BEGINNING = b"PK\x03\x04"
ENCRYPTED = 0x1
"""Bit of a ZIP member's flags."""

PIECE_BYTES = 2**20
"""Bytes read at once. The directory is one piece too, so it has no more: millions of
members that nobody asked for would take minutes to list."""

MOST_PACKED = {zipfile.ZIP_STORED: 1, zipfile.ZIP_DEFLATED: 1032}
"""How many times its packed size a member may unpack to, by its compression: deflate
needs two bits for 258 bytes. `numpy.savez` and `savez_compressed` write these two."""

DAMAGE = (
    EOFError,
    NotImplementedError,  # A version or flag that zipfile does not know.
    OverflowError,  # An offset past all files.
    RuntimeError,  # A password is asked for.
    ValueError,  # A name or an offset that cannot be.
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)
"""What zipfile raises where an archive is cut short or altered."""


@dataclass(frozen=True, slots=True)
class Npz:
    """An open NPZ of which no array was unpacked yet.

    Attributes:
        names: Names of all members, those of arrays without ".npy".
        arrays: Names of those that are arrays.
        headers: What each array says of itself that was asked for and is there.
    """

    names: tuple[str, ...]
    arrays: tuple[str, ...]
    headers: Mapping[str, Header]
    _archive: zipfile.ZipFile

    def read(self, name: str, *, dtype: DTypeLike | None = None) -> NDArray[Any]:
        """Returns an array, read-only; memory grows with the bytes that arrive.

        Args:
            name: A key of `headers`.
            dtype: What to turn its values into; None for their own in this machine's
                byte order.

        Raises:
            UnsoundError: It is damaged.
        """
        header = self.headers[name]
        target = header.dtype.newbyteorder("=") if dtype is None else np.dtype(dtype)
        values = np.empty(header.size, dtype=target)
        with _sound(name), self._archive.open(name + ENDING) as stream:
            stream.read(header.offset)
            _fill(values, stream, header.dtype)
        values.setflags(write=False)
        return values.reshape(header.shape, order="F" if header.column_order else "C")


Choose = Callable[[tuple[str, ...]], Iterable[str]]
"""Returns the names of arrays to look at, of those that there are."""


@contextmanager
def open_npz(file: BinaryIO, wanted: Iterable[str] | Choose) -> Iterator[Npz]:
    """Yields an NPZ, its directory and the headers of its arrays looked at.

    Args:
        file: It, open.
        wanted: Names of arrays to look at, or what chooses them; whatever else it holds
            is not.

    Raises:
        OSError: It cannot be read.
        UnsoundError: It is damaged, holds a wanted array twice, or one that is packed
            otherwise than NumPy does or has other bytes than its header claims.
    """
    _check_beginning(file)
    with _sound():
        archive = zipfile.ZipFile(_InPieces(file))
    with archive:
        with _sound():
            npz = _looked_at(archive, wanted)
        yield npz


@contextmanager
def _sound(name: str | None = None) -> Iterator[None]:
    """Turns what a damaged archive raises inside the block into an UnsoundError."""
    try:
        yield
    except UnsoundError as error:
        raise UnsoundError(f"{name} {error}" if name else str(error)) from error
    except DAMAGE as error:
        reason = str(error) or "it ends too early"
        raise UnsoundError(
            f"{name} is damaged: {reason}" if name else reason
        ) from error


def _looked_at(archive: zipfile.ZipFile, wanted: Iterable[str] | Choose) -> Npz:
    """Returns what an archive says of itself."""
    names = archive.namelist()
    arrays = tuple(n.removesuffix(ENDING) for n in names if n.endswith(ENDING))
    chosen = tuple(wanted(arrays) if callable(wanted) else wanted)
    _check_once(names, chosen)
    known = set(names)
    present = [name for name in chosen if name + ENDING in known]
    return Npz(
        names=tuple(name.removesuffix(ENDING) for name in names),
        arrays=arrays,
        headers={name: _header(archive, name) for name in present},
        _archive=archive,
    )


def _check_beginning(file: BinaryIO) -> None:
    """Refuses what zipfile would read past: another file with an archive behind it."""
    if file.read(len(BEGINNING)) != BEGINNING:
        raise UnsoundError("it is not a zip file, or does not begin as one")


def _check_once(names: list[str], wanted: Iterable[str]) -> None:
    """Refuses a member that is there twice: readers choose differently."""
    counted = Counter(names)
    for name in wanted:
        times = counted[name + ENDING]
        if times > 1:
            raise UnsoundError(f"{name} is there {times:,} times")


def _header(archive: zipfile.ZipFile, name: str) -> Header:
    """Returns what an array says of itself, if its member holds just that."""
    member = archive.getinfo(name + ENDING)
    with _sound(name):
        _check_packing(member)
        with archive.open(member) as stream:
            header = read_header(stream)
        held = member.file_size - header.offset
        if held != header.size_bytes:
            raise UnsoundError(
                f"has {held:,} of the {header.size_bytes:,} bytes that its header "
                f"claims, {header}"
            )
    return header


def _check_packing(member: zipfile.ZipInfo) -> None:
    """Refuses what NumPy never writes, and sizes that cannot be."""
    if member.flag_bits & ENCRYPTED:
        raise UnsoundError("is encrypted")
    most = MOST_PACKED.get(member.compress_type)
    if most is None:
        raise UnsoundError(
            f"is packed by method {member.compress_type} of ZIP, neither stored nor "
            "deflated"
        )
    if member.file_size > most * member.compress_size:
        raise UnsoundError(
            f"claims {member.file_size:,} bytes in {member.compress_size:,}, which is "
            "more than fits"
        )


def _fill(values: NDArray[Any], stream: IO[bytes], dtype: np.dtype[Any]) -> None:
    """Writes the values of a stream into a flat array, a piece after the other."""
    each = max(PIECE_BYTES // dtype.itemsize, 1)
    for start in range(0, len(values), each):
        room = values[start : start + each]
        content = _take(stream, len(room) * dtype.itemsize)
        room[:] = np.frombuffer(content, dtype=dtype)


def _take(stream: IO[bytes], size: int) -> bytes | bytearray:
    """Returns the next bytes of a member; at its end, zipfile compares checksums."""
    content: bytes | bytearray = stream.read(min(PIECE_BYTES, size))
    while len(content) < size:
        piece = stream.read(min(PIECE_BYTES, size - len(content)))
        if not piece:
            raise UnsoundError("ends too early")
        content = bytearray().join((content, piece))
    return content


class _InPieces(io.BufferedIOBase):
    """A file for zipfile, which asks for the whole of a directory at once."""

    def __init__(self, file: BinaryIO) -> None:
        """Reads from that file."""
        self._file = file

    def read(self, size: int | None = -1, /) -> bytes:
        """Returns that many bytes, or all that are left, if it is no more than a piece.

        Raises:
            BadZipFile: More is asked for.
        """
        wanted = PIECE_BYTES + 1 if size is None or size < 0 else size
        if wanted > PIECE_BYTES + 1:
            raise zipfile.BadZipFile(f"it has a directory of {wanted:,} bytes")
        return self._file.read(wanted)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Goes to a place in the file.

        Raises:
            BadZipFile: It lies before the beginning.
        """
        if whence == io.SEEK_SET and offset < 0:
            raise zipfile.BadZipFile("it points to before its beginning")
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Returns the place in the file."""
        return self._file.tell()

    def seekable(self) -> bool:
        """Returns that it is, as zipfile wants to know."""
        return True
