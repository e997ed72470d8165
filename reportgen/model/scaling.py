"""What a network's own layers make of a pixel, before the first weights it learned.

A layer that scales is no sign by itself: `Normalization` fitted on numbers of 0 to 1,
or `Rescaling(255)` before a network that divides again, stand in models that were shown
pixels scaled before. So a pixel is followed through all of them, and what it becomes
tells for which numbers they were made.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from reportgen.model.backend import Network

GREY = 127.5
"""The pixel that is followed, halfway from 0 to 255."""

SMALL = 32.0
"""What such a pixel becomes at most where layers were made for 0 to 255: 0.5 by a
division, about 1 by a mean and a deviation, 24 where a mean is taken off alone. Made
for numbers of 0 to 1 they make it 127 or more, and for -1 to 1 more than 60."""

ARITHMETIC: dict[str, Callable[..., Any]] = {
    "Add": np.add,
    "Divide": np.divide,
    "Multiply": np.multiply,
    "Subtract": np.subtract,
    "TrueDivide": np.divide,
}
"""Operations that scale where their other operand is a number; Add and Multiply are
layers too, which join branches."""

PLAIN_OPERATIONS = "keras.src.ops"


def takes_whole_numbers(network: Network) -> bool:
    """Returns whether the network's input is of whole numbers, as pixels are."""
    return "int" in str(network.inputs[0].dtype)


def grey_inside(network: Network) -> float | None:
    """Returns what middle grey becomes inside, None where nothing scales it.

    Args:
        network: A network of one input.
    """
    grey = None
    for one in _operations(network):
        with np.errstate(all="ignore"):  # a file may divide by nought
            scaled = _scaled(one, GREY if grey is None else grey)
        grey = grey if scaled is None else scaled
        if scaled is None and getattr(one, "weights", None):
            break
    return grey


def scales_pixels(network: Network) -> bool:
    """Returns whether the network's own layers scale pixels of 0 to 255."""
    grey = grey_inside(network)
    return grey is not None and abs(grey) <= SMALL


def _scaled(one: Any, grey: float) -> float | None:
    """Returns what a layer or operation makes of a pixel, None if it scales none."""
    kind = type(one)
    if kind.__module__.startswith(PLAIN_OPERATIONS):
        made = ARITHMETIC.get(kind.__name__)
        return None if made is None else _computed(one, made, grey)
    if kind.__name__ == "Rescaling":
        return float(np.mean(grey * np.asarray(one.scale) + np.asarray(one.offset)))
    return _normalised(one, grey) if kind.__name__ == "Normalization" else None


def _computed(one: Any, made: Callable[..., Any], grey: float) -> float | None:
    """Returns what arithmetic makes of a pixel, None where it joins two branches."""
    arguments = one._inbound_nodes[0].arguments  # noqa: SLF001 - Keras tells them nowhere else
    operands = [*arguments.args, *arguments.kwargs.values()]
    tensors = [hasattr(operand, "_keras_history") for operand in operands]
    if sum(tensors) != 1:
        return None
    numbers = [
        grey if tensor else np.asarray(operand, dtype=np.float64)
        for operand, tensor in zip(operands, tensors, strict=True)
    ]
    return float(np.mean(made(*numbers)))


def _normalised(one: Any, grey: float) -> float | None:
    """Returns what `Normalization` makes of a pixel, over all that it was fitted on."""
    if one.mean is None or one.variance is None:
        return None
    mean = float(np.mean(np.asarray(one.mean)))
    deviation = float(np.sqrt(np.mean(np.asarray(one.variance))))
    if one.invert:
        return grey * deviation + mean
    return (grey - mean) / deviation if deviation else None


def _operations(network: Network) -> Iterator[Any]:
    """Yields layers and operations in order, those of inner networks too."""
    for one in getattr(network, "operations", None) or network.layers:
        if hasattr(one, "layers"):
            yield from _operations(one)
        else:
            yield one
