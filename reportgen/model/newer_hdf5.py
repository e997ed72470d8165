"""HDF5 of newer versions, read by HDF5 itself: in a process with bounds, never ours."""

import json
from dataclasses import astuple, dataclass, field
from io import BytesIO
from typing import Any

from reportgen.bounded import serve
from reportgen.model.hdf5 import (
    MAX_AXES,
    MAX_DEPTH,
    MAX_NUMBER_BYTES,
    MAX_OBJECTS,
    NOTE,
    Array,
    UnsoundError,
)

DAMAGE = (KeyError, MemoryError, OSError, OverflowError, RuntimeError, ValueError)
"""What h5py raises for damaged files, by trial."""


def main() -> None:
    """Answers with why a file is refused, or with its datasets as JSON."""
    serve(_answer)


def _answer(_head: dict[str, Any], contents: list[bytes]) -> list[bytes]:
    """Returns the answer to one file: two contents, of which one is empty."""
    try:
        found = read_arrays(contents[0])
    except UnsoundError as error:
        return [str(error).encode(), b""]
    return [b"", json.dumps([astuple(one) for one in found]).encode()]


def read_arrays(content: bytes) -> tuple[Array, ...]:
    """Returns the datasets of a file; it may hang or crash on what is hostile.

    Args:
        content: The file.

    Raises:
        UnsoundError: It holds something else, or is damaged.
    """
    import h5py

    walk = _Walk(h5py)
    try:
        with h5py.File(BytesIO(content), "r") as file:
            walk.group(file.id, "", depth=0)
    except DAMAGE as error:
        raise UnsoundError(f"a damaged one: {str(error)[:200]}") from error
    return tuple(walk.found)


@dataclass(slots=True)
class _Walk:
    """Walks through a file by hard links, each object once.

    Attributes:
        h5py: The library.
        seen: Addresses of the objects met so far.
        found: The datasets met so far.
    """

    h5py: Any
    seen: set[int] = field(default_factory=set)
    found: list[Array] = field(default_factory=list)

    def group(self, group: Any, path: str, *, depth: int) -> None:
        """Judges a group and all below it."""
        _require(path, depth <= MAX_DEPTH, "lies deeper than any network nests")
        count = self.h5py.h5a.get_num_attrs(group)
        noted = count == 0 or (count == 1 and self.h5py.h5a.exists(group, NOTE))
        _require(path, noted, "has attributes")
        few = group.get_num_objs() + len(self.seen) <= MAX_OBJECTS
        _require(path, few, f"is one of more than {MAX_OBJECTS:,}")
        for key in list(group):
            below = f"{path}/{key.decode('utf-8', 'replace')}"
            hard = group.links.get_info(key).type == self.h5py.h5l.TYPE_HARD
            _require(below, hard, "is a link to elsewhere")
            self._object(self.h5py.h5o.open(group, key), below, depth=depth)

    def _object(self, opened: Any, path: str, *, depth: int) -> None:
        """Judges a group or a dataset; there is to be no other object."""
        address = self.h5py.h5o.get_info(opened).addr
        _require(path, address not in self.seen, "takes bytes that are taken")
        self.seen.add(address)
        if isinstance(opened, self.h5py.h5g.GroupID):
            self.group(opened, path, depth=depth + 1)
            return
        known = isinstance(opened, self.h5py.h5d.DatasetID)
        _require(path, known, "is neither a group nor a dataset")
        self.found.append(self._dataset(opened, path))

    def _dataset(self, dataset: Any, path: str) -> Array:
        """Returns a dataset: numbers in this file, in one piece."""
        _require(path, not self.h5py.h5a.get_num_attrs(dataset), "has attributes")
        self._require_one_piece(dataset.get_create_plist(), path)
        kind, space = dataset.get_type(), dataset.get_space()
        kinds = (self.h5py.h5t.FLOAT, self.h5py.h5t.INTEGER, self.h5py.h5t.ENUM)
        plain = not kind.committed() and kind.get_class() in kinds
        _require(path, plain, "holds something else than numbers")
        size = int(kind.get_size())
        _require(path, 0 < size <= MAX_NUMBER_BYTES, f"has numbers of {size:,} bytes")
        null = space.get_simple_extent_type() == self.h5py.h5s.NULL
        _require(path, not null, "has no shape")
        few = space.get_simple_extent_ndims() <= MAX_AXES
        _require(path, few, f"has more than {MAX_AXES} axes")
        shape = tuple(int(one) for one in space.get_simple_extent_dims())
        return Array(path, shape, size, int(dataset.get_storage_size()))

    def _require_one_piece(self, plan: Any, path: str) -> None:
        """Refuses what is packed, in chunks, or in other files."""
        h5d = self.h5py.h5d
        pieces = {h5d.COMPACT, h5d.CONTIGUOUS}
        _require(path, plan.get_layout() in pieces, "is not in one piece")
        _require(path, not plan.get_external_count(), "is in another file")
        _require(path, not plan.get_nfilters(), "is packed by a filter")


def _require(path: str, holds: bool, why: str) -> None:  # noqa: FBT001 -- it is the condition
    """Raises UnsoundError unless that holds of the object."""
    if not holds:
        raise UnsoundError(f"{(path or '/')[:120]!r}, which {why}")
