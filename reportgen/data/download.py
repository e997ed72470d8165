"""Files fetched once, from the first mirror that answers, with their checksums.

A file is kept in memory until its SHA-256 is right, and then written whole: what lies
in the cache is whole, and a download that is killed leaves nothing. A lock keeps two
processes from fetching it twice. Size and time are bounded, for a mirror may send
without end; no redirect is followed, and no credentials of the user are sent.
"""

import time
from collections.abc import Mapping
from hashlib import file_digest, sha256
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from reportgen.disk import PATIENCE_S, holding, remove_partials, write_whole
from reportgen.errors import DataError

if TYPE_CHECKING:  # only a download loads it
    from requests import PreparedRequest

TIMEOUT_S = (10.0, 30.0)
"""Patience for a connection, and for the next bytes of an answer."""

LONGEST_S = 600.0
"""Patience for a whole file: bytes that come one by one end too."""

LARGEST = 64 * 2**20
"""Bytes of an answer that are taken; the largest of our files has ten million."""

CHUNK_BYTES = 2**16


class _UnwantedError(Exception):
    """An answer that is not taken; its text is the reason."""


def fetch(
    checksums: Mapping[str, str], folder: Path, *, mirrors: tuple[str, ...]
) -> None:
    """Brings the files into the folder; those that are there and whole stay.

    Args:
        checksums: SHA-256 in hex by file name.
        folder: Where the files go; made where it is missing.
        mirrors: URLs of folders that hold all files, each ending in a slash.

    Raises:
        BusyError: Another process downloads the same files for too long.
        DataError: The folder cannot be written, or a file came from no mirror with its
            right checksum.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = folder.with_name(f"{folder.name}.lock")
        with holding(lock, patience_s=PATIENCE_S):
            remove_partials(folder)
            for name, digest in checksums.items():
                if not _is_whole(folder / name, digest):
                    _fetch_file(name, digest, folder, mirrors)
    except OSError as error:
        raise DataError(
            f"{folder} must be a folder that can be written. Received "
            f"{error.strerror or str(error)!r}. Check its permissions and its disk."
        ) from error


def _is_whole(path: Path, digest: str) -> bool:
    """Returns whether a file is there with that SHA-256."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest() == digest


def _fetch_file(name: str, digest: str, folder: Path, mirrors: tuple[str, ...]) -> None:
    """Brings one file into the folder, from the first mirror that has it."""
    reasons = []
    for mirror in mirrors:
        try:
            write_whole(folder, {name: _downloaded(mirror + name, digest)})
        except _UnwantedError as error:
            reasons.append(f"{urlsplit(mirror).hostname}: {error}")
        else:
            return
    raise DataError(
        f"{name} must come whole from one of its mirrors. Received "
        f"{'; '.join(reasons)}. Check the network."
    )


def _downloaded(url: str, digest: str) -> bytes:
    """Returns the file of that address, if its SHA-256 is the one that it must have.

    Raises:
        _UnwantedError: It is not, or there is none.
    """
    import requests
    from urllib3.exceptions import HTTPError

    try:
        content = _answer(url)
    except (requests.RequestException, HTTPError) as error:
        raise _UnwantedError(type(error).__name__) from error
    if sha256(content).hexdigest() != digest:
        raise _UnwantedError("another SHA-256 than the published file")
    return content


def _answer(url: str) -> bytes:
    """Returns what a server answers, within the bounds of size and time."""
    import requests

    end_s = time.monotonic() + LONGEST_S  # the only clock that the room reads
    content = bytearray()
    with requests.get(
        url,
        stream=True,
        timeout=TIMEOUT_S,
        allow_redirects=False,
        auth=_nobody,
        headers={"Accept-Encoding": "identity"},
    ) as response:
        if response.is_redirect:
            raise _UnwantedError("a redirect to another address")
        if not response.ok:
            raise _UnwantedError(f"status {response.status_code}")
        while chunk := response.raw.read1(CHUNK_BYTES, decode_content=False):
            content += chunk
            if len(content) > LARGEST:
                raise _UnwantedError(f"more than {LARGEST:,} bytes")
            if time.monotonic() > end_s:
                raise _UnwantedError(f"no whole file within {LONGEST_S:.0f} s")
    return bytes(content)


def _nobody(request: "PreparedRequest") -> "PreparedRequest":
    """Returns the request as it is: with this, no .netrc is asked for a password."""
    return request
