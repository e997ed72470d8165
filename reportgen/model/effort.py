"""What a configuration asks of Keras, bounded before Keras reads it.

The layers of `ALLOWED` only compute, and a few kilobytes can make them compute for
ever: a network that calls a network twice, which calls another one twice, and so on;
layers in an order in which Keras finds one in each pass over all; a window of a
milliard pixels, at which TensorFlow crashes; one number spread over terabytes.
"""

from collections.abc import Iterator
from math import prod
from typing import Any

from reportgen.errors import ModelError
from reportgen.model.allowed import NETWORKS, OPERATIONS

Node = dict[str, Any]

MAX_CALLS = 3_000
"""Calls of layers in all; the largest networks of Keras have about a thousand, in a
chain of which Keras cannot follow two thousand."""

MAX_DEPTH = 8
"""Networks in networks; a head on a base takes two."""

MAX_WAITING = 100
"""Inputs that are made further behind, as of layers that are called again; for each of
them Keras may go through all layers anew."""

MAX_WINDOW = 4_096
WINDOWS = ("dilation_rate", "kernel_size", "output_padding", "pool_size", "strides")
"""Settings in pixels that may be wider than the image and make no output larger."""

MAX_SPREAD = 2**22
"""Numbers over which given means are spread, 16 MiB."""

TENSOR = "__keras_tensor__"
"""Class name of a shape and a type, by which a Functional network links its layers."""


def require_light(config: Node, *, name: str) -> None:
    """Raises ModelError for a network that Keras might never have made.

    Args:
        config: The network's configuration, of which all names were judged.
        name: Its file's name, for messages.
    """
    reason = next(_heavy(config), None)
    if reason is not None:
        raise ModelError(
            f"{name} must hold a network that is made in seconds. Received {reason}. "
            "Hand over the predictions of such a model instead: reportgen build "
            "--predictions FILE."
        )


def dictionaries(config: Any) -> Iterator[Node]:
    """Yields every dictionary in the JSON, at any depth, in its order."""
    waiting = [config]  # A list, not recursion: the file decides how deep it nests.
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            waiting.extend(reversed(node.values()))
        elif isinstance(node, list):
            waiting.extend(reversed(node))


def named(node: Node) -> tuple[str, str]:
    """Returns module and class name as text; of another type they match nothing."""
    return str(node.get("module")), str(node.get("class_name"))


def _heavy(config: Node) -> Iterator[str]:
    """Yields what is too much."""
    if _depth(config) > MAX_DEPTH:
        yield f"networks in networks, more than {MAX_DEPTH} deep"
    if _calls(config) > MAX_CALLS:
        yield f"one that calls its layers more than {MAX_CALLS:,} times"
    spread = 0
    for node in dictionaries(config):
        # By a reference to one, calls would multiply that are counted once.
        if named(node) in NETWORKS and "shared_object_id" in node:
            yield "a network that stands at several places of another one"
        if _waiting(node.get("layers")) > MAX_WAITING:
            yield f"more than {MAX_WAITING} inputs that are made further behind"
        for key in WINDOWS:
            if not _is_narrow(node.get(key)):
                yield f"{key} {str(node[key])[:40]}, wider than {MAX_WINDOW:,} pixels"
        spread += _spread(node)
        if spread > MAX_SPREAD:
            yield f"means that are spread over more than {MAX_SPREAD:,} numbers"


def _depth(config: Node) -> int:
    """Returns how deep lists of layers nest."""
    deepest = 0
    waiting: list[tuple[Any, int]] = [(config, 0)]
    while waiting:
        node, depth = waiting.pop()
        if isinstance(node, dict):
            depth += "layers" in node
            deepest = max(deepest, depth)
        below = node.values() if isinstance(node, dict) else node
        if isinstance(node, dict | list):
            waiting += [(one, depth) for one in below]
    return deepest


def _calls(config: Node) -> int:
    """Returns how often layers are called, or a number above `MAX_CALLS`.

    A layer is called once for each of its nodes, and all inside of a network as often
    as the network.
    """
    calls = 0
    waiting: list[tuple[Any, int]] = [(config, 1)]
    while waiting and calls <= MAX_CALLS:
        node, times = waiting.pop()
        if isinstance(node, list):
            waiting += [(one, times) for one in node]
        elif isinstance(node, dict):
            nodes = node.get("inbound_nodes")
            times *= max(len(nodes), 1) if isinstance(nodes, list) else 1
            is_layer = (
                node.get("module") == "keras.layers"
                or named(node) in NETWORKS | OPERATIONS
            )
            calls += times if is_layer else 0
            waiting += [(one, times) for one in node.values()]
    return calls


def _waiting(layers: Any) -> int:
    """Returns how many inputs of a network's layers are made by a layer after them."""
    if not isinstance(layers, list):
        return 0
    names = [str(one.get("name")) if isinstance(one, dict) else "" for one in layers]
    places = {name: place for place, name in enumerate(names)}
    return sum(
        places.get(source, 0) > place
        for place, layer in enumerate(layers)
        if isinstance(layer, dict)
        for source in _sources(layer.get("inbound_nodes"))
    )


def _sources(nodes: Any) -> Iterator[str]:
    """Yields the names of the layers that make the inputs of a layer."""
    for node in dictionaries(nodes):
        if node.get("class_name") == TENSOR and isinstance(node.get("config"), dict):
            history = node["config"].get("keras_history")
            if isinstance(history, list) and history:
                yield str(history[0])


def _is_narrow(window: Any) -> bool:
    """Returns whether no number of a setting is above the bound; text is none."""
    if isinstance(window, list):
        return all(map(_is_narrow, window))
    return not isinstance(window, int | float) or window <= MAX_WINDOW


def _spread(node: Node) -> int:
    """Returns over how many numbers a layer spreads the mean that it was given.

    Keras makes them when it makes the layer, of the shape that stands beside it;
    without a shape they would be as many as its input has.
    """
    config = node.get("config")
    given = isinstance(config, dict) and config.get("mean") is not None
    if node.get("class_name") != "Normalization" or not given:
        return 0
    built = node.get("build_config")
    shape = built.get("input_shape") if isinstance(built, dict) else None
    if not isinstance(shape, list):
        return MAX_SPREAD + 1
    sizes = [abs(size) for size in shape[1:] if isinstance(size, int | float)]
    return int(min(prod(sizes), MAX_SPREAD + 1))
