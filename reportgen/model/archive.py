"""The gate for a `.keras` archive: its contents are read and judged before Keras runs.

Keras's own safe mode still finds most of `keras.*` by name. This gate admits the names
of `ALLOWED`, and no other; it reads JSON and a table of contents, and imports nothing.
"""

import json
from collections.abc import Iterator
from io import BytesIO
from struct import error as StructError  # noqa: N812 -- it is a class.
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile
from zlib import error as ZlibError  # noqa: N812 -- it is a class.

from reportgen.errors import ModelError
from reportgen.model.allowed import ALLOWED, NETWORKS

CONFIG = "config.json"
MEMBERS = frozenset({CONFIG, "metadata.json", "model.weights.h5"})
"""What Keras writes for a network without lookup tables, and all that is admitted."""

MAX_SIZE_BYTES = 512 * 2**20
"""A hundred times the network of this package; also the bound of the unpacked file."""

MAX_CONFIG_BYTES = 16 * 2**20
PACKINGS = (ZIP_STORED, ZIP_DEFLATED)

DAMAGE = (
    BadZipFile,
    EOFError,
    OSError,
    OverflowError,
    RuntimeError,  # an encrypted member, or one in need of a newer zip
    StructError,
    ValueError,
    ZlibError,
)
"""What the zip reader raises for damaged files, by its source."""

TENSOR = "__keras_tensor__"
"""Class name of a shape and a type, by which a Functional network links its layers."""

TRAIN_ANEW = "Use a model that `reportgen build --retrain` or `model.save` wrote."


def audit_archive(content: bytes, *, name: str) -> None:
    """Returns nothing if the archive names only what computes.

    Args:
        content: The file.
        name: Its name, for messages.

    Raises:
        ModelError: The archive is damaged, too large, or names something else.
    """
    try:
        with ZipFile(BytesIO(content)) as archive:
            _audit_members(archive, name)
            _require_whole(archive)
            config = _read_config(archive, name)
    except DAMAGE as error:
        raise ModelError(
            f"{name} must be a whole .keras archive. Received a damaged one: {error}. "
            f"Copy it again, or train anew with --retrain."
        ) from error
    _audit_network(config, name)
    for node in _objects(config):
        _audit_object(node, name)


def _audit_members(archive: ZipFile, name: str) -> None:
    """Raises ModelError for members that Keras does not write, or too large ones."""
    members = archive.infolist()
    found = sorted(member.filename for member in members)
    if found != sorted(MEMBERS):
        raise ModelError(
            f"{name} must hold exactly {', '.join(sorted(MEMBERS))}. Received "
            f"{', '.join(map(repr, found[:5])) or 'nothing'}"
            f"{' and more' if len(found) > 5 else ''}. {TRAIN_ANEW}"  # noqa: PLR2004 -- the first five
        )
    # Keras stores, a repacked file is deflated; for others a decoder may be missing.
    if any(member.compress_type not in PACKINGS for member in members):
        raise ModelError(
            f"{name} must be stored or deflated. Received another compression. "
            f"{TRAIN_ANEW}"
        )
    size_bytes = sum(member.file_size for member in members)
    if size_bytes > MAX_SIZE_BYTES:
        raise ModelError(
            f"{name} must unpack to at most {MAX_SIZE_BYTES:,} bytes. Received "
            f"{size_bytes:,}. {TRAIN_ANEW}"
        )


def _require_whole(archive: ZipFile) -> None:
    """Raises BadZipFile where a checksum is wrong; Keras would load such weights."""
    broken = archive.testzip()
    if broken is not None:
        raise BadZipFile(f"the checksum of {broken} is wrong")


def _read_config(archive: ZipFile, name: str) -> dict[str, Any]:
    """Returns config.json as a dictionary, without what Keras will ignore."""
    if archive.getinfo(CONFIG).file_size > MAX_CONFIG_BYTES:
        raise ModelError(
            f"{CONFIG} in {name} must have at most {MAX_CONFIG_BYTES:,} bytes. "
            f"Received {archive.getinfo(CONFIG).file_size:,}. {TRAIN_ANEW}"
        )
    try:
        config = json.loads(archive.read(CONFIG))
    except (ValueError, RecursionError) as error:
        raise ModelError(
            f"{CONFIG} in {name} must be JSON: {error}. {TRAIN_ANEW}"
        ) from error
    if not isinstance(config, dict):
        raise ModelError(
            f"{CONFIG} in {name} must hold a network. Received {str(config)[:60]!r}. "
            f"{TRAIN_ANEW}"
        )
    # Optimizer and loss stand here, of which a file may name any: the network is loaded
    # with compile=False, which makes Keras drop this key, and only at the top.
    return {key: value for key, value in config.items() if key != "compile_config"}


def _audit_network(config: dict[str, Any], name: str) -> None:
    """Raises ModelError where the whole is not a network but a part of one."""
    if (config.get("module"), config.get("class_name")) in NETWORKS:
        return
    kinds = " or ".join(sorted(kind for _, kind in NETWORKS))
    raise ModelError(
        f"{name} must hold a {kinds} network of Keras 3. Received {_label(config)}. "
        f"{TRAIN_ANEW}"
    )


def _objects(config: Any) -> Iterator[dict[str, Any]]:
    """Yields every dictionary in the JSON, at any depth, that names a class."""
    waiting = [config]  # A list, not recursion: the file decides how deep it nests.
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            # Keras resolves what has a class name; the other two never stand alone.
            if not node.keys().isdisjoint({"class_name", "registered_name", "module"}):
                yield node
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)


def _audit_object(node: dict[str, Any], name: str) -> None:
    """Raises ModelError where the dictionary names what is not on the list."""
    kind = node.get("class_name")
    if kind == TENSOR and set(node) == {"class_name", "config"}:
        return
    # Keras looks a registered name up first, among what this process has registered.
    unregistered = node.get("registered_name") in (None, kind)
    if _pair(node) in ALLOWED and unregistered:
        return
    raise ModelError(
        f"{name} must be built of layers that only compute. Received {_label(node)}, "
        f"which is refused: a model file could run code through it. Build the network "
        f"of plain layers such as Dense, Conv2D and Rescaling."
    )


def _pair(node: dict[str, Any]) -> tuple[str, str]:
    """Returns module and class name as text; of another type they match nothing."""
    return str(node.get("module")), str(node.get("class_name"))


def _label(node: dict[str, Any]) -> str:
    """Returns what the dictionary names, shortened, for a message."""
    registered = node.get("registered_name")
    module, kind = _pair(node)
    label = f"{kind!r} of {module!r}"
    if registered not in (None, node.get("class_name")):
        label += f" registered as {registered!r}"
    return label[:200]
