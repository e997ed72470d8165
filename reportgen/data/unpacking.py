"""The bytes of a file, gzipped or not, a piece at a time.

zlib reads gzip's own header too. Python's gzip module reads the file name in it byte by
byte, so that a name of a hundred megabytes would take half a minute.
"""

import zlib
from io import BufferedReader

GZIP_MAGIC = b"\x1f\x8b"
GZIP = 31
"""zlib's number for deflated data within gzip's header and checksum."""

PIECE_BYTES = 2**18
MOST_PACKED = 1032
"""How many times its packed size a stream may unpack to: deflate needs two bits for 258
bytes."""

MOST_MEMBERS = 2**16
"""Gzip streams that may stand behind one another: bgzip writes one for 64 KiB."""

DAMAGE = (EOFError, zlib.error)
"""What `Gzipped.take` raises where a file is cut short, altered, or goes on."""


class Plain:
    """The bytes of a file as they are."""

    def __init__(self, file: BufferedReader, size_bytes: int) -> None:
        """Reads from a file of that size."""
        self._file = file
        self.most_bytes = size_bytes

    def take(self, size: int) -> bytes:
        """Returns the next bytes, at most that many, none at the end."""
        return self._file.read(min(size, PIECE_BYTES))


class Gzipped:
    """The bytes that a gzip file unpacks to; memory stays within a few pieces."""

    def __init__(self, file: BufferedReader, size_bytes: int) -> None:
        """Reads from a file of that size."""
        self._file = file
        self._unpacker = zlib.decompressobj(GZIP)
        self._packed = b""
        self._members = 1
        self.most_bytes = size_bytes * MOST_PACKED

    def take(self, size: int) -> bytes:
        """Returns the next bytes, at most that many, none at the end.

        Raises:
            EOFError: The file ends within a stream.
            zlib.error: It is no gzip, its checksum differs, or something follows it.
        """
        while True:
            packed = self._packed or self._file.read(PIECE_BYTES)
            if self._unpacker.eof:
                if not packed:
                    return b""
                self._begin_another(packed)
            # Without more to unpack, zlib may still hold bytes back.
            content = self._unpacker.decompress(packed, min(size, PIECE_BYTES))
            self._packed = self._unpacker.unconsumed_tail or self._unpacker.unused_data
            if content:
                return content
            if not packed and not self._unpacker.eof:
                raise EOFError("the file ends within its gzip stream")

    def _begin_another(self, packed: bytes) -> None:
        """Begins the next of several streams."""
        if not packed.startswith(GZIP_MAGIC[: len(packed)]):
            raise zlib.error("other bytes follow the gzip stream")
        self._members += 1
        if self._members > MOST_MEMBERS:
            raise zlib.error(f"more than {MOST_MEMBERS:,} gzip streams follow")
        self._unpacker = zlib.decompressobj(GZIP)


def unpacking(file: BufferedReader, size_bytes: int) -> Plain | Gzipped:
    """Returns the bytes of a file; gzip is known by its first bytes.

    Args:
        file: It, open at its beginning.
        size_bytes: Its size.
    """
    is_gzip = file.peek(len(GZIP_MAGIC))[: len(GZIP_MAGIC)] == GZIP_MAGIC
    return (Gzipped if is_gzip else Plain)(file, size_bytes)
