"""Opens files that may be anything: a pipe waits for ever, a device never ends."""

import errno
import os
import stat
from io import BufferedReader
from pathlib import Path

NEVER_WAITS = getattr(os, "O_NONBLOCK", 0)  # Windows has no such flag, and no pipes.
"""Without it, to open a pipe that nobody writes to takes for ever."""

KINDS = {
    stat.S_IFIFO: "a pipe",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
}
"""What may stand where a file is expected, by its kind."""


def open_regular(path: Path) -> BufferedReader:
    """Returns the file, open for reading its bytes.

    Raises:
        OSError: It cannot be opened, or what lies there is no file, which its
            `strerror` then says.
    """
    file = path.open("rb") if not NEVER_WAITS else _opened(path)
    kind = stat.S_IFMT(os.fstat(file.fileno()).st_mode)
    if kind != stat.S_IFREG:
        file.close()
        raise OSError(errno.EINVAL, f"{KINDS.get(kind, 'what')} is no file")
    return file


def size_of(file: BufferedReader) -> int:
    """Returns the bytes of an open file."""
    return os.fstat(file.fileno()).st_size


def _opened(path: Path) -> BufferedReader:
    """Returns what lies there, open at once whatever it is."""
    return open(path, "rb", opener=_never_waiting)


def _never_waiting(path: str, flags: int) -> int:
    """Returns a descriptor, at once."""
    return os.open(path, flags | NEVER_WAITS)
