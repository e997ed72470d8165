"""Files fetched once, from the first mirror that answers, with their checksums.

pooch downloads into a temporary file, compares its SHA-256 and moves it in place, so
that a file in the cache is whole; a lock keeps two processes from fetching it twice.
"""

import logging
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from reportgen.errors import DataError

TIMEOUT_S = (10.0, 30.0)
"""Patience for a connection, and for the next bytes of an answer."""

LOCK_TIMEOUT_S = 600.0
"""Patience while another process downloads the same files."""

CHUNK_BYTES = 2**16


def fetch(
    checksums: Mapping[str, str], folder: Path, *, mirrors: tuple[str, ...]
) -> None:
    """Brings the files into the folder; those that are there and whole stay.

    Args:
        checksums: SHA-256 in hex by file name.
        folder: Where the files go; made where it is missing.
        mirrors: URLs of folders that hold all files, each ending in a slash.

    Raises:
        DataError: The folder cannot be written, or a file came from no mirror with its
            right checksum.
    """
    import filelock

    lock = folder.with_name(f"{folder.name}.lock")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(lock, timeout=LOCK_TIMEOUT_S):
            for name, sha256 in checksums.items():
                _fetch_file(name, sha256, folder, mirrors)
    except filelock.Timeout as error:
        raise DataError(
            f"{lock} must come free within {LOCK_TIMEOUT_S:.0f} s. Another process has "
            "held it for longer. Wait for it or end it, then try again."
        ) from error
    except OSError as error:
        raise DataError(
            f"{folder} must be a folder that can be written. Received "
            f"{error.strerror or str(error)!r}. Check its permissions and its disk."
        ) from error


def _fetch_file(name: str, sha256: str, folder: Path, mirrors: tuple[str, ...]) -> None:
    """Brings one file into the folder, from the first mirror that has it."""
    reasons = []
    for mirror in mirrors:
        reason = _try_mirror(mirror, name, sha256, folder)
        if reason is None:
            return
        reasons.append(f"{urlsplit(mirror).hostname}: {reason}")
    raise DataError(
        f"{name} must come whole from one of its mirrors. Received "
        f"{'; '.join(reasons)}. Check the network."
    )


def _try_mirror(mirror: str, name: str, sha256: str, folder: Path) -> str | None:
    """Returns None once the file is in place, else why it is not."""
    import pooch

    # pooch would write to stderr, which belongs to the command line.
    pooch.get_logger().setLevel(logging.WARNING)
    downloader = pooch.HTTPDownloader(timeout=TIMEOUT_S, chunk_size=CHUNK_BYTES)
    try:
        pooch.retrieve(
            url=mirror + name,
            known_hash=f"sha256:{sha256}",
            fname=name,
            path=folder,
            downloader=downloader,
        )
    except ValueError:
        return "another SHA-256 than the published file"
    except OSError as error:  # Every error of requests is one of these too.
        return error.strerror or type(error).__name__
    return None
