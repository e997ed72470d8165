"""The gate: from any file to the bytes of a `.keras` archive that is safe to load.

1. The first bytes tell the format; the suffix is never believed.
2. A pickle gives up its archive without running.
3. The archive's table of contents is plain, and true of sizes and places.
4. The archive names only what computes, and soon, unless the user vouches for it.
5. Its weights are numbers in their own file.

Nothing here imports Keras, and no byte of the file is executed.
"""

from dataclasses import dataclass

from reportgen.errors import ModelError
from reportgen.model.archive import audit_archive
from reportgen.model.formats import OTHERWISE, ZIP, foreign_format, way_to_keras
from reportgen.model.pickled import SAVE_AGAIN, archive_from_pickle
from reportgen.model.weights_file import audit_weights

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

READS = (
    "reportgen reads a .keras file of Keras 3 and the pickle that joblib.dump makes of "
    "such a model."
)
READ = f"{READS} {OTHERWISE}"


@dataclass(frozen=True, slots=True)
class Admitted:
    """A `.keras` archive that has been judged.

    Attributes:
        archive: Its bytes.
        numbers: How many numbers its weights are.
    """

    archive: bytes
    numbers: int


def admit(content: bytes, *, name: str, trusted: bool = False) -> Admitted:
    """Returns the `.keras` archive in the file, once it has been judged.

    Args:
        content: The file: a `.keras` archive, or a Keras model pickled by joblib.
        name: Its name, for messages.
        trusted: Whether the user vouches for the archive, so that it may name anything.
            A pickle is never run, sizes are bounded and weights are numbers all the
            same.

    Raises:
        ModelError: It is neither, is damaged, or names what is not admitted.
    """
    archive = content if content.startswith(ZIP) else _unpickled(content, name)
    if not archive.startswith(ZIP):
        raise ModelError(
            f"{name} must hold a .keras archive. Received a pickled model without one. "
            f"{SAVE_AGAIN}"
        )
    foreign = foreign_format(archive)
    if foreign is not None:
        raise ModelError(f"{name} must be a Keras model. Received {foreign}. {READ}")
    weights = audit_archive(archive, name=name, trusted=trusted)
    return Admitted(archive, audit_weights(weights, name=name))


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
    foreign = foreign_format(content)
    if foreign is not None:
        return f"{foreign}. {READS} {way_to_keras(content)}{OTHERWISE}"
    if not content:
        return f"an empty file. {READ}"
    return f"a file that begins with {content[:8]!r}. {READ}"
