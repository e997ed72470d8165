"""What a network is: its shape, its layers, the fingerprint of its weights."""

from hashlib import sha256
from typing import Any

import numpy as np

from reportgen import record
from reportgen.model.backend import Network


def describe(
    network: Network,
    *,
    title: str,
    source: str | None,
    reading: record.Reading | None = None,
    classes: int | None = None,
) -> record.ModelSummary:
    """Returns the network as a report shows it.

    Args:
        network: A network that fits its data, so that its shapes are known.
        title: Name on the page.
        source: Name of the file that it was read from, None where the run trained it.
        reading: How it was asked, None for a network of ours.
        classes: Classes, k; None for as many as the network has outputs.
    """
    return record.ModelSummary(
        title=title,
        kind=type(network).__name__,
        input_shape=_row_shape(network.input_shape),
        output_classes=classes or int(network.output_shape[-1]),
        layers=tuple(map(_layer, _steps(network))),
        parameters=int(network.count_params()),
        trainable_parameters=_size(network.trainable_weights),
        weights_sha256=weights_sha256(network),
        source=source,
        reading=reading,
    )


def _steps(network: Network) -> list[Any]:
    """Returns layers, and operations between them, from input to output.

    Sequential tells of no operation, having none, and of no layer for its input.
    """
    return list(getattr(network, "operations", None) or network.layers)


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


def _layer(layer: Any) -> record.Layer:
    """Returns one layer as a report shows it."""
    return record.Layer(
        name=str(layer.name),
        kind=type(layer).__name__,
        output_shape=_row_shape(layer.output.shape),
        activation=_activation(layer),
        parameters=int(layer.count_params()) if hasattr(layer, "count_params") else 0,
    )


def _row_shape(shape: Any) -> tuple[int | None, ...]:
    """Returns a shape without its first axis, the rows; None for an open side."""
    return tuple(None if size is None else int(size) for size in shape[1:])


def _activation(layer: Any) -> str | None:
    """Returns the name of the layer's activation; the identity counts as none."""
    activation = getattr(layer, "activation", None)
    name = getattr(activation, "__name__", None)
    return None if name in (None, "linear") else str(name)


def _size(weights: list[Any]) -> int:
    """Returns the numbers that the weights hold."""
    return sum(int(np.prod(weight.shape)) for weight in weights)
