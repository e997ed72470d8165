"""The gate for `model.weights.h5`: an HDF5 file that holds numbers and nothing else.

HDF5 can read other files: through links, external storage, virtual datasets and filters
that are loaded as plugins. It can also claim any size in a few bytes. Here is judged
what Keras will open, from memory, before Keras runs; no number is read.

A file of the version that h5py writes by default is walked through in this process, by
its bytes alone. One of a newer version is read by HDF5 itself, which may hang or crash
on what was made for it: in a process of its own, with bounds.
"""

import json

from reportgen.bounded import UnansweredError, bounded_process
from reportgen.errors import ModelError
from reportgen.model.directory import MAX_RATIO, MAX_SIZE_BYTES, SMALL_BYTES
from reportgen.model.hdf5 import SIGNATURE, Array, UnsoundError, arrays, is_plain

SAVE_AGAIN = "Save the model again with `model.save`, or train anew with --retrain."

READER = "reportgen.model.newer_hdf5"
"""Module of the process that reads newer files."""

LONGEST_S = 60
CPU_S = 5
LARGEST_MEMORY = 3 * 2**30
"""Bounds of that process; a good file takes it half a second."""


def audit_weights(content: bytes, *, name: str) -> int:
    """Returns how many numbers the file holds, if it holds nothing else.

    Args:
        content: The HDF5 file.
        name: The model's file name, for messages.

    Raises:
        ModelError: The file is damaged, claims more than it holds, or reaches beyond
            itself.
    """
    if not content.startswith(SIGNATURE):
        raise ModelError(
            f"The weights in {name} must be an HDF5 file. Received one that begins "
            f"with {content[:8]!r}. {SAVE_AGAIN}"
        )
    try:
        found = arrays(content) if is_plain(content) else _newer(content)
        return _numbers(found)
    except UnsoundError as error:
        raise ModelError(
            f"The weights in {name} must be an HDF5 file of plain numbers, as Keras "
            f"writes them. Received {error}: it is refused. {SAVE_AGAIN}"
        ) from error


def _numbers(found: tuple[Array, ...]) -> int:
    """Returns how many numbers the datasets hold, whose sizes are bounded.

    Raises:
        UnsoundError: One claims much more than it holds, or all together too much.
    """
    for one in found:
        if one.size_bytes > max(SMALL_BYTES, MAX_RATIO * one.stored_bytes):
            raise UnsoundError(
                f"{one.path!r}, which claims {one.size_bytes:,} bytes and holds "
                f"{one.stored_bytes:,}"
            )
    size_bytes = sum(one.size_bytes for one in found)
    if size_bytes > MAX_SIZE_BYTES:
        raise UnsoundError(
            f"weights of {size_bytes:,} bytes, more than {MAX_SIZE_BYTES:,}"
        )
    return sum(one.numbers for one in found)


def _newer(content: bytes) -> tuple[Array, ...]:
    """Returns the datasets of a file that HDF5 itself has to read."""
    try:
        with bounded_process(READER, largest_memory=LARGEST_MEMORY) as reader:
            coming = reader.submit({"cpu_s": CPU_S}, content)
            refused, listed = reader.answer(coming, LONGEST_S)
    except UnansweredError as error:
        raise UnsoundError(
            f"a file that HDF5 cannot read within bounds, {error}"
        ) from error
    if refused:
        raise UnsoundError(refused.decode())
    return tuple(
        Array(path, tuple(shape), number_bytes, stored_bytes)
        for path, shape, number_bytes, stored_bytes in json.loads(listed)
    )
