"""What a network is: its shape, its layers, the fingerprint of its weights."""

from hashlib import sha256
from typing import Any

import numpy as np

from reportgen import record
from reportgen.errors import ModelError
from reportgen.model.backend import Network


def describe(
    network: Network, *, title: str, source: str | None
) -> record.ModelSummary:
    """Returns the network as a report shows it.

    Args:
        network: A network that `check_fits` has passed, so that its shapes are known.
        title: Name on the page.
        source: Name of the file that it was read from, None where the run trained it.
    """
    return record.ModelSummary(
        title=title,
        kind=type(network).__name__,
        input_shape=_row_shape(network.input_shape),
        output_classes=int(network.output_shape[-1]),
        layers=tuple(_layer(layer) for layer in network.layers),
        parameters=int(network.count_params()),
        trainable_parameters=_size(network.trainable_weights),
        weights_sha256=weights_sha256(network),
        source=source,
    )


def weights_sha256(network: Network) -> str:
    """Returns the SHA-256 over name, type, shape and bytes of all weights, in order.

    A weight is named by its layer and itself, as "dense_300/kernel". Keras's own path
    would not do: it begins with the network's name until the network is loaded again.
    Values are hashed as little-endian bytes, row by row.
    """
    digest = sha256()
    for layer in network.layers:
        for weight in layer.weights:
            name = f"{layer.name}/{weight.name}"
            values = np.asarray(weight.numpy())
            values = values.astype(values.dtype.newbyteorder("<"), copy=False)
            digest.update(f"{name}\0{values.dtype}\0{values.shape}\0".encode())
            digest.update(values.tobytes())
    return digest.hexdigest()


def check_fits(network: Network, *, height: int, width: int, classes: int) -> None:
    """Returns nothing if the network takes the images and tells the classes apart.

    Args:
        network: Any Keras model.
        height: Image rows.
        width: Image columns.
        classes: Probabilities that a row must have.

    Raises:
        ModelError: Input or output has another shape.
    """
    # A model that was never built has no shapes at all.
    received = (
        getattr(network, "input_shape", None),
        getattr(network, "output_shape", None),
    )
    expected = ((None, height, width), (None, classes))
    if received == expected:
        return
    raise ModelError(
        f"The model must take images of {height} x {width} pixels and return "
        f"{classes} probabilities each: {expected[0]} to {expected[1]}, None standing "
        f"for any number of rows. Received a model from {received[0]} to "
        f"{received[1]}. Name the data that it was trained on with --dataset or "
        f"--data, or train anew with --retrain."
    )


def _layer(layer: Any) -> record.Layer:
    """Returns one layer as a report shows it."""
    return record.Layer(
        name=str(layer.name),
        kind=type(layer).__name__,
        output_shape=_row_shape(layer.output.shape),
        activation=_activation(layer),
        parameters=int(layer.count_params()),
    )


def _row_shape(shape: Any) -> tuple[int, ...]:
    """Returns a shape without its first axis, the rows."""
    return tuple(int(size) for size in shape[1:])


def _activation(layer: Any) -> str | None:
    """Returns the name of the layer's activation; the identity counts as none."""
    activation = getattr(layer, "activation", None)
    name = getattr(activation, "__name__", None)
    return None if name in (None, "linear") else str(name)


def _size(weights: list[Any]) -> int:
    """Returns the numbers that the weights hold."""
    return sum(int(np.prod(weight.shape)) for weight in weights)
