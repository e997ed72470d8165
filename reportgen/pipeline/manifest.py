"""SHA256SUMS: what a run folder held when it was made, for a stranger to check.

`sha256sum -c SHA256SUMS` tells whether every file is as it was written, and whoever
reads a file of a run holds it against its line. A file without a line is not judged:
that is how a hand-made change is made known.
"""

import re
from collections.abc import Mapping
from hashlib import file_digest, sha256
from pathlib import Path

from reportgen.errors import OutputError
from reportgen.opening import open_regular, size_of

MANIFEST = "SHA256SUMS"

LARGEST = 2**16
"""Bytes of a manifest that are read; ours has nine lines."""

LINE = re.compile(r"([0-9a-f]{64}) [ *](.+)")

READINGS = 3
"""How often to read: between file and manifest another run may have moved in."""


def to_manifest(sums: Mapping[str, str]) -> bytes:
    """Returns the manifest as sha256sum writes it.

    Args:
        sums: SHA-256 in hex by file name.
    """
    return "".join(f"{sums[name]}  {name}\n" for name in sorted(sums)).encode()


def sums_of(contents: Mapping[str, bytes]) -> dict[str, str]:
    """Returns the SHA-256 of each content, in hex, by name."""
    return {name: sha256(content).hexdigest() for name, content in contents.items()}


def digest_of(path: Path) -> str:
    """Returns the SHA-256 of a file, in hex.

    Raises:
        OSError: It cannot be read, or is no file.
    """
    with open_regular(path) as file:
        return file_digest(file, "sha256").hexdigest()


def read_manifest(folder: Path) -> dict[str, str] | None:
    """Returns what the manifest of a folder says, None where there is none.

    Raises:
        OutputError: It cannot be read, or is none.
    """
    path = folder / MANIFEST
    try:
        with open_regular(path) as file:
            lines = file.read(LARGEST).decode("ascii", "replace").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise OutputError(
            f"{path} must be readable: {error.strerror or error}."
        ) from error
    matches = [LINE.fullmatch(line) for line in lines]
    if not all(matches):
        raise OutputError(
            f"{path} must hold lines of sha256sum: 64 hexadecimal digits, two spaces, "
            "a name. Received another text. Build the run again; or, if you trust the "
            f"files, delete {MANIFEST}."
        )
    return {match[2]: match[1] for match in matches if match}


def read_unchanged(path: Path, *, largest: int) -> bytes:
    """Returns the bytes of a file of a run, if they are those that were written.

    Args:
        path: The file.
        largest: Bytes that it may have.

    Raises:
        FileNotFoundError: There is no such file.
        OSError: It cannot be read.
        OutputError: The manifest beside it says otherwise, or it is too large.
    """
    for _ in range(READINGS):
        content = _content(path, largest)
        if _agrees(path, sha256(content).hexdigest()):
            return content
    raise _changed(path)


def require_unchanged(path: Path) -> None:
    """Refuses a file that is not as the manifest beside it says.

    Args:
        path: A file that another reader opens: that one says if it cannot be read.

    Raises:
        OutputError: The manifest beside it says otherwise.
    """
    if path.name not in (read_manifest(path.parent) or {}):
        return
    for _ in range(READINGS):
        digest = _digest(path)
        if digest is None or _agrees(path, digest):
            return
    raise _changed(path)


def _digest(path: Path) -> str | None:
    """Returns the SHA-256 of a file in hex, None where it is none or unreadable."""
    try:
        return digest_of(path)
    except OSError:
        return None


def _content(path: Path, largest: int) -> bytes:
    """Returns the bytes of a file, which is no pipe and no device."""
    with open_regular(path) as file:
        if size_of(file) > largest:
            raise OutputError(
                f"{path} must have at most {largest:,} bytes. Received "
                f"{size_of(file):,}. Give the folder of a run that reportgen wrote."
            )
        return file.read(largest)


def _agrees(path: Path, digest: str) -> bool:
    """Returns whether the manifest beside a file gives that hash for it, or none."""
    return (read_manifest(path.parent) or {}).get(path.name, digest) == digest


def _changed(path: Path) -> OutputError:
    """Returns the error of a file that is not as it was written."""
    return OutputError(
        f"{path} must be as it was written, for a report to be true. Received a file "
        f"whose SHA-256 is not the one in {MANIFEST} beside it. Build the run again; "
        f"or, if the change is yours and you stand by it, delete the line of "
        f"{path.name} from {MANIFEST}."
    )
