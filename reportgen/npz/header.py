"""The header of an .npy file: matched against a pattern, never evaluated.

NumPy's own reader takes it for an expression of Python, and warns, recurses or runs out
of memory where a stranger writes a strange one.
"""

import re
from dataclasses import dataclass
from math import prod
from typing import IO, Any

import numpy as np

MAGIC = b"\x93NUMPY"
LENGTH_BYTES = {b"\x01\x00": 2, b"\x02\x00": 4}
"""Bytes of the header's length, by version; 3 is for structured types alone."""

LARGEST_BYTES = 10_000
"""NumPy's own bound on a header."""

MOST_DIMENSIONS = 8
SHOWN = 80
"""Bytes of a strange header that an error quotes."""

DIMENSION = rb"(?:0|[1-9][0-9]{0,18})"
PATTERN = re.compile(
    rb"\{\s*'descr'\s*:\s*'(?P<type>[<>=|]?[a-zA-Z][0-9]{0,10}(?:\[[0-9a-zA-Z]*\])?)'"
    rb"\s*,\s*'fortran_order'\s*:\s*(?P<column_order>True|False)"
    rb"\s*,\s*'shape'\s*:\s*\((?P<shape>\s*|\s*D\s*,\s*|\s*D\s*(?:,\s*D\s*)+,?\s*)\)"
    rb"\s*,?\s*\}\s*".replace(b"D", DIMENSION)
)
"""What NumPy and its like in other languages write of a plain array."""

KINDS = frozenset("biufcmMSUV")
"""Letters of the types that are plain bytes: all but pickled objects."""


class UnsoundError(Exception):
    """A file that is no sound NPZ; the message is the reason, for a longer one."""


@dataclass(frozen=True, slots=True)
class Header:
    """What an .npy file says of its array.

    Attributes:
        shape: Dimensions, none negative.
        dtype: Type of one value, in the file's byte order.
        column_order: Whether the first index runs fastest, as in Fortran.
        offset: Bytes before the first value.
    """

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    column_order: bool
    offset: int

    @property
    def size(self) -> int:
        """Values."""
        return prod(self.shape)

    @property
    def size_bytes(self) -> int:
        """Bytes of all values."""
        return self.size * self.dtype.itemsize

    def __str__(self) -> str:
        return f"{self.dtype} of shape {self.shape}"


def read_header(stream: IO[bytes]) -> Header:
    """Returns the header at the beginning of an .npy file.

    Raises:
        UnsoundError: There is none, or not one of a plain array.
    """
    start = stream.read(len(MAGIC) + 2)
    width = LENGTH_BYTES.get(start[-2:])
    if start[: len(MAGIC)] != MAGIC or width is None:
        raise UnsoundError(f"begins with {start!r} where NumPy writes {MAGIC!r}")
    length = int.from_bytes(stream.read(width), "little")
    if length > LARGEST_BYTES:
        raise UnsoundError(f"has a header of {length:,} bytes")
    return _parsed(stream.read(length), offset=len(start) + width + length)


def _parsed(text: bytes, *, offset: int) -> Header:
    """Returns what the text of a header says."""
    found = PATTERN.fullmatch(text)
    if found is None:
        raise UnsoundError(f"has the header {text[:SHOWN]!r}, not one of a plain array")
    shape = tuple(map(int, re.findall(rb"[0-9]+", found["shape"])))
    if len(shape) > MOST_DIMENSIONS:
        raise UnsoundError(f"has {len(shape)} dimensions")
    column_order = found["column_order"] == b"True"
    return Header(shape, _dtype(found["type"].decode()), column_order, offset)


def _dtype(text: str) -> np.dtype[Any]:
    """Returns the type of that name."""
    if "O" in text:
        raise UnsoundError(
            "holds pickled objects, which are never loaded; of such text make plain "
            "text with astype(str)"
        )
    if text.lstrip("<>=|")[0] not in KINDS:
        raise UnsoundError(f"is of the unknown type {text!r}")
    try:
        dtype: np.dtype[Any] = np.dtype(text)
    except (TypeError, ValueError) as error:
        raise UnsoundError(f"is of the unknown type {text!r}") from error
    if not dtype.itemsize:
        raise UnsoundError(f"holds values of no size, of type {text!r}")
    return dtype
