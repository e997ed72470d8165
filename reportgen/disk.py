"""What goes to the disk: whole or not at all, and by one process at a time.

The system holds a lock, on an open file, and gives it back when its process ends,
however that ends: a lock is never left behind. Its file is removed by whoever held it,
while it is still held; who waits with the removed file open sees that it does not bear
its name any more, and begins anew. A killed process leaves its file, which stops
nobody.
"""

import errno
import json
import os
import platform
import re
import shlex
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from os.path import samestat
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.errors import BusyError

if TYPE_CHECKING:  # a command that takes no lock need not load it
    from filelock import BaseFileLock

PATIENCE_S = 600.0
"""How long to wait for another process; a training may take longer."""

PARTIAL = re.compile(r"\..+\.\d+\.partial")
"""Names of files that are being written."""

LONGEST_NOTE = 4096
"""Bytes of what a holder says of itself that are read."""

NO_LOCKS = frozenset({errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP})
"""What a file system says that knows no locks, as some of clusters do."""


class _RenamedError(Exception):
    """The file that was locked does not bear the lock's name any more."""


@contextmanager
def holding(
    lock: Path, *, on_wait: Callable[[], None] | None = None, patience_s: float
) -> Iterator[None]:
    """Holds a lock while the block runs.

    Args:
        lock: Its file, in a folder that exists.
        on_wait: Called once where another process holds it.
        patience_s: Seconds to wait for that process.

    Raises:
        BusyError: Another process held it for longer.
        OSError: The file cannot be made.
    """
    import filelock

    # Without locks of the system two processes would hold one: rather none does.
    held = filelock.FileLock(
        lock, fallback_to_soft=False, on_acquired=partial(_sign, lock)
    )
    try:
        _take(held, 0)
    except filelock.Timeout:
        if on_wait is not None:
            on_wait()
        _wait(held, lock, patience_s)
    try:
        yield
    finally:
        with suppress(OSError):  # it is gone, or stays where open files must
            lock.unlink()
        held.release()


def _sign(lock: Path, descriptor: int) -> None:
    """Writes who holds a lock into its file, if that still bears its name.

    A removed file without any name filelock sees itself; NFS gives it another one.
    """
    try:
        bears_it = samestat(os.fstat(descriptor), lock.stat())
    except FileNotFoundError:
        bears_it = False
    if not bears_it:
        raise _RenamedError
    try:
        os.ftruncate(descriptor, 0)
        os.write(descriptor, _note())
    except OSError:  # a full disk
        with suppress(OSError):
            lock.unlink()
        raise


def _take(held: "BaseFileLock", patience_s: float) -> None:
    """Takes the lock; raises filelock.Timeout where it does not come free."""
    while True:
        try:
            held.acquire(timeout=patience_s)
        except _RenamedError:
            continue
        except OSError as error:
            if error.errno not in NO_LOCKS:
                raise
            raise OSError(error.errno, "its file system knows no locks") from error
        return


def _wait(held: "BaseFileLock", lock: Path, patience_s: float) -> None:
    """Takes the lock when it comes free."""
    import filelock

    try:
        _take(held, patience_s)
    except filelock.Timeout as error:
        raise BusyError(
            f"{lock} must come free within {patience_s:.0f} s. Received a lock that "
            f"{_holder(lock)} holds. Wait for it or end it, then try again."
        ) from error


def _note() -> bytes:
    """Returns what a holder says of itself."""
    return json.dumps(
        {
            "process": os.getpid(),
            "host": platform.node(),
            "command": shlex.join(["reportgen", *sys.argv[1:]]),
        }
    ).encode()


def _holder(lock: Path) -> str:
    """Returns who holds a lock and since when, by the note in its file."""
    try:
        with lock.open(encoding="utf-8") as file:
            note = json.loads(file.read(LONGEST_NOTE))
            since = datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC)
        return (
            f"process {note['process']} on {note['host']} (since "
            f"{since:%Y-%m-%d %H:%M:%S} UTC: {note['command']})"
        )
    except (KeyError, OSError, RecursionError, TypeError, ValueError):
        return "another process"  # which has just taken it, or is not ours


def write_whole(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Writes files of a folder; each is the old one or the new one at any moment.

    Nothing is put in place before all are on the disk: a full one changes nothing.

    Args:
        folder: An existing folder.
        contents: Bytes by name; the files are put in place in this order.

    Raises:
        OSError: One cannot be written.
    """
    partials = {name: folder / f".{name}.{os.getpid()}.partial" for name in contents}
    try:
        for name, content in contents.items():
            _write(partials[name], content)
        for name, partial in partials.items():
            partial.replace(folder / name)
        sync(folder)
    finally:
        for partial in partials.values():
            with suppress(OSError):  # no partial file in a folder that takes none
                partial.unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    """Writes a new file and waits until it is on the disk."""
    path.unlink(missing_ok=True)  # left by a killed process of this number
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def remove_partials(folder: Path) -> None:
    """Removes what a killed process was about to write into a folder.

    The caller holds the lock under which the folder is written, so that no living
    process is at work in it. What cannot be removed is in nobody's way.
    """
    for path in list(folder.iterdir()):
        if PARTIAL.fullmatch(path.name):
            with suppress(OSError):
                path.unlink()


def sync(path: Path) -> None:
    """Waits until a file, or the list of a folder's files, is on the disk."""
    if os.name == "nt" and path.is_dir():
        return  # Windows opens no folder
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
