"""The gate for a `.keras` archive: its contents are read and judged before Keras runs.

Keras's own safe mode still finds most of `keras.*` by name. This gate admits the names
of `ALLOWED`, and no other; it reads JSON and a table of contents, and imports nothing.
"""

import json
from collections.abc import Iterator
from typing import Any

from reportgen.errors import ModelError
from reportgen.model.allowed import ALLOWED, NAMED_BY, NETWORKS, OPERATIONS, WORDS
from reportgen.model.directory import Packed, packed, unpacked
from reportgen.model.effort import TENSOR, dictionaries, named, require_light
from reportgen.model.formats import OTHERWISE

CONFIG = "config.json"
WEIGHTS = "model.weights.h5"
MEMBERS = frozenset({CONFIG, "metadata.json", WEIGHTS})
"""What Keras writes for a network without lookup tables, and all that is admitted."""

ASSETS = "assets/"
"""Where Keras keeps lookup tables; admitted of a trusted file only."""

MAX_CONFIG_BYTES = 16 * 2**20

SHOWN = 5
"""Names of what is refused that a message shows; of the others it says how many."""

TRAIN_ANEW = "Use a model that `reportgen build --retrain` or `model.save` wrote."


def audit_archive(content: bytes, *, name: str, trusted: bool = False) -> bytes:
    """Returns the weights in the archive, if it names only what computes.

    Args:
        content: The file.
        name: Its name, for messages.
        trusted: Whether the user vouches for the file, so that it may name anything.
            Table of contents, sizes and checksums are judged all the same.

    Raises:
        ModelError: The archive is damaged, too large, names something else, or asks for
            more than can be computed.
    """
    zipped = packed(content, name=name)
    _audit_members(zipped, name, trusted=trusted)
    members = unpacked(zipped, name=name)
    config = _read_config(members[CONFIG], name)
    if not trusted:
        _audit_network(config, name)
        refused = (_refused_objects, _refused_words, _refused_operands)
        _refuse([label for look in refused for label in look(config)], name)
        require_light(config, name=name)
    return members[WEIGHTS]


def _audit_members(zipped: Packed, name: str, *, trusted: bool) -> None:
    """Raises ModelError for members that Keras does not write, or too large ones."""
    found = {one for one in zipped.names if not (trusted and _is_asset(one))}
    if found != MEMBERS:
        shown = ", ".join(repr(one[:60]) for one in zipped.names[:SHOWN]) or "nothing"
        more = len(zipped.names) - SHOWN
        raise ModelError(
            f"{name} must hold exactly {', '.join(sorted(MEMBERS))}. Received {shown}"
            f"{f' and {more} more' if more > 0 else ''}. {TRAIN_ANEW}"
        )
    sizes = {member.filename: member.file_size for member in zipped.members}
    if sizes[CONFIG] > MAX_CONFIG_BYTES:
        raise ModelError(
            f"{CONFIG} in {name} must have at most {MAX_CONFIG_BYTES:,} bytes. "
            f"Received {sizes[CONFIG]:,}. {TRAIN_ANEW}"
        )


def _is_asset(member: str) -> bool:
    """Returns whether a member lies below the assets, and nowhere else."""
    parts = member.replace("\\", "/").split("/")
    return member.startswith(ASSETS) and not {"..", "."} & set(parts)


def _read_config(content: bytes, name: str) -> dict[str, Any]:
    """Returns config.json as a dictionary, without what Keras will ignore."""
    try:
        config = json.loads(content)
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
    if named(config) in NETWORKS:
        return
    kinds = " or ".join(sorted(kind for _, kind in NETWORKS))
    raise ModelError(
        f"{name} must hold a {kinds} network of Keras 3. Received {_label(config)}. "
        f"A class of one's own is code that no file holds. {TRAIN_ANEW} {OTHERWISE}"
    )


def _refuse(refused: list[str], name: str) -> None:
    """Raises ModelError for what is not on the list, in the order of the file."""
    labels = list(dict.fromkeys(refused))
    if not labels:
        return
    more = f" and {len(labels) - SHOWN} more" if len(labels) > SHOWN else ""
    raise ModelError(
        f"{name} must be built of layers that only compute. Received "
        f"{', '.join(labels[:SHOWN])}{more}, which is refused: a model file could run "
        f"code or read files through it. Build the network of plain layers such as "
        f"Dense, Conv2D and Rescaling. {OTHERWISE} Or, where you trust who made the "
        "file as you trust a program that you run, add --trust-model."
    )


def _refused_objects(config: Any) -> Iterator[str]:
    """Yields the label of every object in the JSON that is not on the list."""
    for node in dictionaries(config):
        # Keras resolves what has a class name; the other two never stand alone.
        if node.keys().isdisjoint({"class_name", "registered_name", "module"}):
            continue
        if not _is_allowed(node):
            yield _label(node)


def _is_allowed(node: dict[str, Any]) -> bool:
    """Returns whether a dictionary that names a class names one on the list."""
    kind = node.get("class_name")
    if kind == TENSOR and set(node) == {"class_name", "config"}:
        return True
    # Keras looks a registered name up first, among what this process has registered.
    return named(node) in ALLOWED and node.get("registered_name") in (None, kind)


def _refused_words(config: Any) -> Iterator[str]:
    """Yields the label of every text that names a function, and none of Keras's."""
    for node in dictionaries(config):
        for key, value in node.items():
            if not key.endswith(NAMED_BY) or not isinstance(value, str):
                continue
            if value not in WORDS:
                yield f"{key} {value!r}"[:200]


def _refused_operands(config: Any) -> Iterator[str]:
    """Yields the label of every operation on anything but tensors and numbers.

    A list of a million numbers would be spread over each image when it is computed, of
    which no shape tells beforehand.
    """
    for node in dictionaries(config):
        if named(node) in OPERATIONS and not _is_plain(node.get("inbound_nodes")):
            yield f"{_label(node)} on more than tensors and numbers"


def _is_plain(calls: Any) -> bool:
    """Returns whether the calls of an operation are on tensors and numbers alone."""
    if not isinstance(calls, list):
        return calls is None
    return all(_is_plain_call(call) for call in calls)


def _is_plain_call(call: Any) -> bool:
    """Returns whether a call of an operation is on tensors and numbers alone."""
    if not isinstance(call, dict):
        return False
    args, kwargs = call.get("args"), call.get("kwargs") or {}
    if not isinstance(args, list) or not isinstance(kwargs, dict):
        return False
    return all(_is_operand(one) for one in [*args, *kwargs.values()])


def _is_operand(one: Any) -> bool:
    """Returns whether that is a tensor, a number or a setting."""
    if isinstance(one, dict):
        return one.get("class_name") == TENSOR
    return not isinstance(one, list)


def _label(node: dict[str, Any]) -> str:
    """Returns what the dictionary names, shortened, for a message."""
    registered = node.get("registered_name")
    module, kind = named(node)
    label = f"{kind[:80]!r} of {module[:80]!r}"
    # A function has its own name where a class has its settings.
    if kind == "function" and isinstance(node.get("config"), str):
        label = f"{node['config'][:80]!r} of {module[:80]!r}"
    if registered not in (None, node.get("class_name")):
        label += f" registered as {str(registered)[:60]!r}"
    return label
