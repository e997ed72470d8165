"""How large a network may be: no more weights than its file, no layer without end.

A file of two kilobytes can describe a network of terabytes, which Keras would make
before it looks for the weights.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import prod
from typing import Any

from reportgen.errors import ModelError
from reportgen.model.backend import Network, keras_quietly

UNSAVED_NUMBERS = 2**20
"""Numbers that a network may make beside its weights, as seeds of a dropout."""

MAX_WIDTH = 2**24
"""Numbers that a layer may make for one image, 64 MiB."""

AT_ONCE = 2**26
"""Numbers that a layer may make for all images of a batch, 256 MiB."""


@contextmanager
def making_at_most(numbers: int, *, name: str) -> Iterator[None]:
    """Refuses a network in the body that asks for more weights than its file holds.

    Args:
        numbers: How many numbers the file holds.
        name: Its name, for messages.

    Raises:
        ModelError: A layer asks for weights beyond that; they are not made.
    """
    import tensorflow as tf

    graph = tf.Graph()
    made = 0

    def create(make: Callable[..., Any], **settings: Any) -> Any:
        nonlocal made
        made += _numbers(settings.get("initial_value"), graph)
        if made > numbers + UNSAVED_NUMBERS:
            raise ModelError(
                f"{name} must hold all weights of its network. Received {numbers:,} "
                f"numbers for layers that ask for {made:,} or more. Save the model "
                f"again with `model.save`, or train anew with --retrain."
            )
        return make(**settings)

    with tf.variable_creator_scope(create):
        yield


def _numbers(value: Any, graph: Any) -> int:
    """Returns how many numbers a variable begins with, without making them."""
    if not callable(value):
        return prod(getattr(value, "shape", ()))
    with graph.as_default():  # Where a value is a plan of it.
        return prod(value().shape)


def require_narrow(network: Network, *, name: str) -> None:
    """Returns nothing if each layer makes what fits into memory.

    Args:
        network: Any Keras model.
        name: Its file's name, for messages.

    Raises:
        ModelError: A layer makes too many numbers for a single image.
    """
    _require_width(width(network), name)


def _require_width(widest: int, name: str) -> None:
    """Raises ModelError for too many numbers a row."""
    if widest > MAX_WIDTH:
        raise ModelError(
            f"{name} must hold layers that make at most {MAX_WIDTH:,} numbers for "
            f"an image. Received one of {widest:,}. Hand over the predictions of so "
            f"wide a model instead: reportgen build --predictions FILE."
        )


def traced_width(network: Network, row: tuple[int, ...]) -> int:
    """Returns the most numbers that a network makes for a row of that shape.

    For a network whose sides are open: the shapes of its layers tell nothing, those of
    what TensorFlow would compute tell all, before any of it is computed.

    Args:
        network: Any Keras model of one input.
        row: Shape of one row of its input.

    Raises:
        ModelError: They are too many for a single image.
    """
    import tensorflow as tf

    taken = tf.TensorSpec((1, *row), network.inputs[0].dtype)
    graph = tf.function(network).get_concrete_function(taken, training=False).graph
    shapes = [made.shape for one in graph.get_operations() for made in one.outputs]
    known = (shape.num_elements() or 1 for shape in shapes if shape.rank is not None)
    widest = max((*known, width(network)))
    _require_width(widest, "The model")
    return widest


def width(network: Network) -> int:
    """Returns the most numbers that a layer makes for a row, 1 at least."""
    return max((_width(layer) for layer in _layers(network)), default=1)


def _layers(network: Network) -> Iterator[Any]:
    """Yields layers and operations of a network, and of networks inside of it."""
    for layer in getattr(network, "operations", None) or network.layers:
        yield layer
        if hasattr(layer, "layers"):
            yield from _layers(layer)


def _width(layer: Any) -> int:
    """Returns the numbers that a layer makes for a row; an open axis counts one."""
    output = getattr(layer, "output", None)
    if output is None:  # a layer that was never called
        return 1
    shapes = [tensor.shape for tensor in keras_quietly().tree.flatten(output)]
    widest = max((prod(size or 1 for size in shape[1:]) for shape in shapes), default=1)
    return max(widest, _padded(layer), _framed(layer))


def _padded(layer: Any) -> int:
    """Returns the numbers of a convolution's input, padded by all its kernel spans.

    A depth multiplier makes as many copies of it, of which the output tells nothing.
    """
    kernel = getattr(layer, "kernel_size", None)
    rates = getattr(layer, "dilation_rate", None)  # a blur at random has none
    ours = type(layer).__module__.startswith("keras.")
    if kernel is None or rates is None or not ours:
        return 1
    sides, channels = _sides(layer)
    spans = [
        side + size * rate - 1  # rounded up to whole steps
        for side, size, rate in zip(sides, kernel, rates, strict=True)
    ]
    copies = getattr(layer, "depth_multiplier", None) or 1
    return int(prod(spans) * channels * copies)


def _framed(layer: Any) -> int:
    """Returns the numbers of images that are framed before they are resized.

    Keras pads them to the shape of what they become, in pixels of what they are.
    """
    if not isinstance(layer, keras_quietly().layers.Resizing):
        return 1
    (height, width), channels = _sides(layer)
    shape = max(layer.height, 1) / max(layer.width, 1)
    framed = max(height, width * shape) * max(width, height / shape) * channels
    return int(framed) if layer.pad_to_aspect_ratio else 1


def _sides(layer: Any) -> tuple[list[int], int]:
    """Returns the sides and the channels of a layer's input."""
    sizes = [size or 1 for size in layer.input.shape[1:]]
    if layer.data_format == "channels_last":
        return sizes[:-1], sizes[-1]
    return sizes[1:], sizes[0]


def fitting_batch(network: Network, *, most: int, widest: int | None = None) -> int:
    """Returns how many images to show at a time, so that no layer fills the memory.

    Args:
        network: Any Keras model.
        most: Images at a time at most.
        widest: Numbers that it makes for a row; None to look at its layers.
    """
    return max(1, min(most, AT_ONCE // (widest or width(network))))
