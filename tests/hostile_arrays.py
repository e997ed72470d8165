"""Array files and archives of arrays that say one thing and hold another."""

import io
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

MEBIBYTE = 2**20


def npy(values: Any) -> bytes:
    """Returns an array file as NumPy writes it."""
    file = io.BytesIO()
    np.save(file, np.asarray(values))
    return file.getvalue()


def claiming(shape: str, descr: str = "'<f8'", data: bytes = b"") -> bytes:
    """Returns an array file whose header claims that."""
    said = (
        f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    )
    return b"\x93NUMPY\x01\x00" + len(said).to_bytes(2, "little") + said + data


def zipped(
    members: Mapping[str, bytes], *, method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """Returns an archive of members, each an array file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.npy", content)
    return file.getvalue()


def with_another(content: bytes, name: str, member: bytes) -> bytes:
    """Returns the archive with one more member, whatever it already holds."""
    file = io.BytesIO(content)
    with zipfile.ZipFile(file, "a") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # zipfile's own, of a second one
        archive.writestr(name, member)
    return file.getvalue()


def write_bomb(
    path: Path, members: Mapping[str, bytes], bombs: Mapping[str, Any]
) -> None:
    """Writes an archive in which some members are a header and zeros behind it.

    Args:
        path: Where to.
        members: Array files by name.
        bombs: Header, and bytes of zeros, by name.
    """
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.npy", content)
        for name, (header, size) in bombs.items():
            zeros = bytes(MEBIBYTE)
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                member.write(header)
                for start in range(0, size, MEBIBYTE):
                    member.write(zeros[: size - start])


def encrypted(content: bytes) -> bytes:
    """Returns the archive with the flag of encryption on every member."""
    changed = bytearray(content)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = changed.find(mark)
        while start >= 0:
            changed[start + place] |= 1
            start = changed.find(mark, start + 4)
    return bytes(changed)
