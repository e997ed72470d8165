"""The gate: from any file to the bytes of a `.keras` archive that is safe to load.

1. The first bytes tell the format; the suffix is never believed.
2. A pickle gives up its archive without running.
3. The archive names only what computes.

Nothing here imports Keras, and no byte of the file is executed.
"""

from reportgen.errors import ModelError
from reportgen.model.archive import audit_archive
from reportgen.model.pickled import SAVE_AGAIN, archive_from_pickle

ZIP = b"PK\x03\x04"
PICKLE = b"\x80"
"""First byte of a pickle from protocol 2 on; the second is the protocol."""

PROTOCOLS = range(2, 6)

COMPRESSED = {
    b"\x1f\x8b": "gzip",
    b"BZ": "bzip2",
    b"\xfd7zXZ": "xz",
    b"]\x00\x00": "lzma",
    b"\x04\x22\x4d\x18": "lz4",
    b"x": "zlib",
}
"""First bytes of what `joblib.dump(..., compress=...)` writes."""

FOREIGN = {
    b"\x89HDF\r\n\x1a\n": "an HDF5 file (.h5)",
    b"\x08": "an ONNX file or a SavedModel",
}
"""First bytes of other formats that hold models."""

READ = "reportgen reads model.keras and the pickle that joblib.dump makes of it."


def admit(content: bytes, *, name: str) -> bytes:
    """Returns the `.keras` archive in the file, once it has been judged.

    Args:
        content: The file: a `.keras` archive, or a Keras model pickled by joblib.
        name: Its name, for messages.

    Raises:
        ModelError: It is neither, is damaged, or names what is not admitted.
    """
    archive = content if content.startswith(ZIP) else _unpickled(content, name)
    if not archive.startswith(ZIP):
        raise ModelError(
            f"{name} must hold a .keras archive. Received a pickled model without one. "
            f"{SAVE_AGAIN}"
        )
    audit_archive(archive, name=name)
    return archive


def _unpickled(content: bytes, name: str) -> bytes:
    """Returns the archive in a file that is not an archive itself."""
    if content[:1] == PICKLE and content[1:2] and content[1] in PROTOCOLS:
        return archive_from_pickle(content, name=name)
    raise ModelError(f"{name} must be a Keras model. Received {_format(content)}")


def _format(content: bytes) -> str:
    """Returns what the first bytes look like, and what to do about it."""
    for start, label in COMPRESSED.items():
        if content.startswith(start):
            return f"a file compressed with {label}. {SAVE_AGAIN}"
    if content[4:8] == b"TFL3":
        return f"a TensorFlow Lite file. {READ}"
    for start, label in FOREIGN.items():
        if content.startswith(start):
            return f"{label}. {READ}"
    if not content:
        return f"an empty file. {READ}"
    return f"a file that begins with {content[:8]!r}. {READ}"
