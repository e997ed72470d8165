"""HDF5 as Keras writes weights, walked through by its own bytes.

The library of HDF5 can be brought to read other files, to claim any size, and to run in
a circle for ever: one changed byte in a list of free places is enough. Here every
structure must be of the few kinds that h5py writes for groups of plain arrays, lie
inside of the file, and share no byte with another, so that no circle is left. Nothing
is opened and no number is read.

Source:
    HDF5 File Format Specification 3.0: superblock 0 (II.A), version 1 B-trees (III.A),
    symbol table nodes (III.B), local heaps (III.D), version 1 object headers (IV.A).
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from math import prod

SIGNATURE = b"\x89HDF\r\n\x1a\n"
UNDEFINED = 2**64 - 1

SUPERBLOCK = struct.Struct("<8s8B2HL6Q2L16s")
HEADER = struct.Struct("<2BH2L4x")
MESSAGE = struct.Struct("<2HB3x")
TREE = struct.Struct("<4s2BH2Q")
NODE = struct.Struct("<4s2BH")
ENTRY = struct.Struct("<2Q2L16s")
HEAP = struct.Struct("<4sB3x3Q")
PAIR = struct.Struct("<2Q")

NIL, SPACE, TYPE, OLD_FILL, FILL, LAYOUT = 0x0, 0x1, 0x3, 0x4, 0x5, 0x8
ATTRIBUTE, CONTINUED, TABLE, TIME = 0xC, 0x10, 0x11, 0x12
OF_A_GROUP = frozenset({NIL, ATTRIBUTE, CONTINUED, TABLE})
OF_A_DATASET = frozenset({NIL, SPACE, TYPE, OLD_FILL, FILL, LAYOUT, CONTINUED, TIME})
"""Kinds of message. There is none of links, filters or external files among them."""

SHARED = 0x2
"""Flag of a message that stands elsewhere."""

NUMBERS = frozenset({0, 1, 8})
"""Classes of whole numbers, of floating ones, and of the two that are true or false."""

COMPACT, CONTIGUOUS, VIRTUAL = 0, 1, 3

MAX_OBJECTS = 10_000
"""Groups and datasets; this package's network has sixty."""

MAX_DEPTH = 40
"""Groups in groups; a network in a network takes two."""

MAX_AXES = 8
MAX_NUMBER_BYTES = 8

NOTE = b"name"
"""The one attribute that Keras writes: the name of a layer."""

Messages = dict[int, list[bytes]]
"""What an object's header holds, by kind."""


class UnsoundError(Exception):
    """The file is not what Keras writes; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Array:
    """A dataset.

    Attributes:
        path: Its place, as "/layers/dense/vars/0".
        shape: Its shape, that of one number being empty.
        number_bytes: Bytes of each number.
        stored_bytes: Bytes of them that are in the file.
    """

    path: str
    shape: tuple[int, ...]
    number_bytes: int
    stored_bytes: int

    @property
    def numbers(self) -> int:
        """How many numbers it is."""
        return prod(self.shape)

    @property
    def size_bytes(self) -> int:
        """What it takes in memory."""
        return self.numbers * self.number_bytes


def is_plain(content: bytes) -> bool:
    """Returns whether the file is of the version that is walked through here."""
    return content.startswith(SIGNATURE + b"\0")


def arrays(content: bytes) -> tuple[Array, ...]:
    """Returns the datasets of a file.

    Args:
        content: The file, of superblock version 0.

    Raises:
        UnsoundError: It holds something else, or is damaged.
    """
    try:
        return _Walk(content).arrays()
    except struct.error as error:
        raise UnsoundError("a structure ends beyond the file") from error


@dataclass(slots=True)
class _Walk:
    """The walk through one file.

    Attributes:
        content: The file.
        taken: Start and end of each structure met so far.
        objects: Groups and datasets met so far.
    """

    content: bytes
    taken: dict[int, int] = field(default_factory=dict)
    objects: int = 0

    def arrays(self) -> tuple[Array, ...]:
        """Returns all datasets, once no two structures share a byte."""
        found = SUPERBLOCK.unpack_from(self.content)
        versions, base, driver = found[1:9], found[12], found[15]
        self._require(
            "/", versions == (0, 0, 0, 0, 0, 8, 8, 0), "is of another version"
        )
        self._require("/", base == 0, "begins after a block of something else")
        self._require("/", driver == UNDEFINED, "asks for a driver")
        self._take("/", 0, SUPERBLOCK.size)
        datasets = tuple(self._object(found[17], "", depth=0))
        for (_, end), (start, _) in pairwise(sorted(self.taken.items())):
            self._require("/", end <= start, "has structures that share bytes")
        return datasets

    def _object(self, address: int, path: str, *, depth: int) -> Iterator[Array]:
        """Yields the datasets of an object: itself, or those below it."""
        self.objects += 1
        self._require(
            path, self.objects <= MAX_OBJECTS, f"is one of more than {MAX_OBJECTS:,}"
        )
        self._require(path, depth <= MAX_DEPTH, "lies deeper than any network nests")
        messages = self._messages(address, path)
        if TABLE not in messages:
            yield self._dataset(messages, path)
            return
        self._require_kinds(messages, OF_A_GROUP, path)
        self._require_note(messages, path)
        tree, heap = PAIR.unpack_from(messages[TABLE][0])
        names = self._heap(heap, path)
        for entry in self._entries(tree, path, level=None):
            offset, below, cached, _, _ = entry
            name = self._name(names, offset, path)
            # 1 keeps a copy of the group's own places, 2 is a link by name.
            self._require(f"{path}/{name}", cached in {0, 1}, "is a link to elsewhere")
            yield from self._object(below, f"{path}/{name}", depth=depth + 1)

    def _messages(self, address: int, path: str) -> Messages:
        """Returns what an object's header holds, from all its blocks."""
        version, _, count, _, size = HEADER.unpack_from(self._at(address, path))
        self._require(path, version == 1, "has a header of another version")
        self._take(path, address, HEADER.size + size)
        blocks = [(address + HEADER.size, size)]
        found: Messages = {}
        met = 0
        for start, length in blocks:  # which grows on the way
            at, end = start, start + length
            while at + MESSAGE.size <= end and met < count:
                kind, held, flags = MESSAGE.unpack_from(self._at(at, path))
                content = self.content[at + MESSAGE.size : at + MESSAGE.size + held]
                at += MESSAGE.size + held
                met += 1
                self._require(path, at <= end, "has a header that is too long")
                self._require(path, not flags & SHARED, "has a header in parts")
                found.setdefault(kind, []).append(content)
                if kind == CONTINUED:
                    block = PAIR.unpack_from(content)
                    self._take(path, *block)
                    blocks.append(block)
        return found

    def _require_kinds(
        self, messages: Messages, known: frozenset[int], path: str
    ) -> None:
        """Refuses kinds of messages that Keras does not write."""
        strange = sorted(messages.keys() - known)
        self._require(
            path, not strange, f"has what Keras does not write, {_named(strange)}"
        )

    def _require_note(self, messages: Messages, path: str) -> None:
        """Refuses attributes but the one that Keras writes."""
        for note in messages.get(ATTRIBUTE, []):
            version = note[0] if note else 0
            start = 9 if version == 3 else 8  # noqa: PLR2004 -- the third has a byte more
            name = note[start : start + len(NOTE) + 1]
            self._require(path, name == NOTE + b"\0", "has attributes")

    def _heap(self, address: int, path: str) -> bytes:
        """Returns the names in a group, whose list of free places must end."""
        sign, version, size, free, start = HEAP.unpack_from(self._at(address, path))
        self._require(path, sign == b"HEAP" and version == 0, "has no names")
        self._take(path, address, HEAP.size)
        self._take(path, start, size)
        names = self.content[start : start + size]
        end = -1
        while free not in {1, UNDEFINED}:
            self._require(path, free > end, "has free places that run in a circle")
            self._require(path, free < size, "has free places beyond its names")
            following, length = PAIR.unpack_from(names, free)
            end, free = free + length - 1, following
        return names

    def _name(self, names: bytes, offset: int, path: str) -> str:
        """Returns a name, which ends inside of its heap."""
        end = names.find(b"\0", offset)
        self._require(path, 0 <= offset < end, "has a name beyond its names")
        name = names[offset:end].decode("utf-8", "replace")
        self._require(f"{path}/{name}", "/" not in name and name != ".", "is no name")
        return name

    def _entries(
        self, address: int, path: str, *, level: int | None
    ) -> Iterator[tuple[int, int, int, int, bytes]]:
        """Yields a group's table, from the leaves of its tree."""
        if level == -1:
            yield from self._leaf(address, path)
            return
        sign, kind, own, used, _, _ = TREE.unpack_from(self._at(address, path))
        self._require(path, sign == b"TREE" and kind == 0, "has no table")
        self._require(path, level in {None, own}, "has a table that is no tree")
        self._require(path, own <= MAX_AXES, "has a table that is too deep")
        self._take(path, address, TREE.size + 16 * used + 8)
        for number in range(used):
            (child,) = struct.unpack_from(
                "<Q", self.content, address + TREE.size + 16 * number + 8
            )
            yield from self._entries(child, path, level=own - 1)

    def _leaf(
        self, address: int, path: str
    ) -> Iterator[tuple[int, int, int, int, bytes]]:
        """Yields the entries of one leaf of a table."""
        sign, version, _, used = NODE.unpack_from(self._at(address, path))
        self._require(path, sign == b"SNOD" and version == 1, "has no table")
        self._take(path, address, NODE.size + ENTRY.size * used)
        for number in range(used):
            start = address + NODE.size + ENTRY.size * number
            yield ENTRY.unpack_from(self.content, start)

    def _dataset(self, messages: Messages, path: str) -> Array:
        """Returns a dataset: numbers in this file, in one piece."""
        self._require_kinds(messages, OF_A_DATASET, path)
        for kind in (SPACE, TYPE, LAYOUT):
            once = len(messages.get(kind, ())) == 1
            self._require(path, once, "is neither a group nor a dataset")
        shape = self._shape(messages[SPACE][0], path)
        number_bytes = self._number_bytes(messages[TYPE][0], path)
        size_bytes = prod(shape) * number_bytes
        stored = self._stored(messages[LAYOUT][0], size_bytes, path)
        return Array(path, shape, number_bytes, stored)

    def _shape(self, space: bytes, path: str) -> tuple[int, ...]:
        """Returns the shape, that of one number being empty."""
        version, axes, _, kind = struct.unpack_from("<4B", space)
        self._require(path, version in {1, 2}, "has a shape of another version")
        self._require(path, axes <= MAX_AXES, f"has more than {MAX_AXES} axes")
        scalar_or_simple = version == 1 or kind == (1 if axes else 0)
        self._require(path, scalar_or_simple, "has no shape")
        return struct.unpack_from(f"<{axes}Q", space, 8 if version == 1 else 4)

    def _number_bytes(self, kind: bytes, path: str) -> int:
        """Returns the bytes of one number; other kinds hold text, or references."""
        first, size = struct.unpack_from("<B3xL", kind)
        self._require(path, first & 15 in NUMBERS, "holds something else than numbers")
        fits = 0 < size <= MAX_NUMBER_BYTES
        self._require(path, fits, f"has numbers of {size:,} bytes")
        return int(size)

    def _stored(self, layout: bytes, size_bytes: int, path: str) -> int:
        """Returns how many bytes of a dataset are in the file: all, or none yet."""
        version, kind = struct.unpack_from("<2B", layout)
        self._require(path, kind != VIRTUAL, "is put together from other files")
        self._require(path, version == 3, "is laid out in another version")  # noqa: PLR2004 -- what h5py writes
        self._require(path, kind in {COMPACT, CONTIGUOUS}, "is not in one piece")
        if kind == COMPACT:
            (stored,) = struct.unpack_from("<H", layout, 2)
        else:
            address, stored = PAIR.unpack_from(layout, 2)
            if address == UNDEFINED:
                return 0
            self._take(path, address, stored)
        wrong = f"claims {size_bytes:,} bytes and holds {stored:,}"
        self._require(path, stored == size_bytes, wrong)
        return int(stored)

    def _at(self, address: int, path: str) -> memoryview:
        """Returns the file from an address on."""
        inside = address < len(self.content)
        self._require(path, inside, "lies beyond the file")
        return memoryview(self.content)[address:]

    def _take(self, path: str, start: int, size: int) -> None:
        """Notes the bytes of a structure, which lie inside of the file."""
        self._require(path, start + size <= len(self.content), "lies beyond the file")
        self._require(path, start not in self.taken, "takes bytes that are taken")
        if size:
            self.taken[start] = start + size

    def _require(self, path: str, holds: bool, why: str) -> None:  # noqa: FBT001 -- it is the condition
        """Raises UnsoundError unless that holds of the object."""
        if not holds:
            raise UnsoundError(f"{(path or '/')[:120]!r}, which {why}")


def _named(kinds: list[int]) -> str:
    """Returns what those kinds of messages are for."""
    purposes = {
        0x2: "links",
        0x6: "links",
        0x7: "other files",
        0xB: "filters",
        0xC: "attributes",
    }
    named = (purposes.get(kind, f"message {kind}") for kind in kinds)
    return ", ".join(dict.fromkeys(named))
