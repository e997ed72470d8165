"""Probabilities from a network."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import ModelError
from reportgen.model.backend import Network, cause, keras_errors
from reportgen.model.outputs import to_probabilities
from reportgen.model.sizes import fitting_batch, traced_width
from reportgen.record import Reading

BATCHES = 16
"""Batches for which rows are made at once, so that not all are scaled at a time."""

WHITE = 255.0
"""Greatest value of a pixel."""


def predict_proba(
    network: Network,
    images: np.ndarray,
    *,
    batch_size: int = 2048,
    reading: Reading | None = None,
    classes: int | None = None,
) -> np.ndarray:
    """Returns the probability of each class for each image.

    The network computes in float32; its output is widened unchanged, so rows sum to 1
    within 1e-6. A network gives the same bits whether it was just trained or read from
    a file; another batch size may change the last ones.

    Args:
        network: From (n, height, width) uint8 to (n, k) probabilities, or as the
            reading says.
        images: (n, height, width) or (n, height, width, 3) uint8.
        batch_size: Images at a time, fewer where a wide layer would fill the memory.
        reading: How it is asked; None for a network of ours.
        classes: Classes, k; None for as many as the network has outputs.

    Returns:
        (n, k) float64 in 0-1.

    Raises:
        ModelError: TensorFlow cannot compute a layer, as with channels before pixels,
            or what comes out is not of the kind that the reading says.
    """
    size = _batch(network, images, most=batch_size, reading=reading)
    try:
        made = [
            network.predict(rows, batch_size=size, verbose=0)
            for rows in _rows(images, reading, size * BATCHES)
        ]
    except keras_errors() as error:
        raise ModelError(
            "The model must compute probabilities here. TensorFlow could not: "
            f"{cause(error)} Predict with the program that trained it, and hand over "
            "what it predicts: reportgen build --predictions FILE."
        ) from error
    outputs = np.concatenate(made).astype(np.float64)  # (n, k) or (n, 1)
    if reading is None:
        return outputs
    k = classes or outputs.shape[1]
    return to_probabilities(outputs, reading.output_kind, classes=k)


def _batch(
    network: Network, images: np.ndarray, *, most: int, reading: Reading | None
) -> int:
    """Returns how many images to show at a time."""
    if None not in network.input_shape[1:]:
        return fitting_batch(network, most=most)
    row = next(_rows(images[:1], reading, 1)).shape[1:]
    return fitting_batch(network, most=most, widest=traced_width(network, row))


def _rows(
    images: np.ndarray, reading: Reading | None, at_once: int
) -> Iterator[NDArray[np.generic]]:
    """Yields the images as rows of the network's input, some at a time."""
    for start in range(0, len(images), at_once):
        rows = images[start : start + at_once]
        yield rows if reading is None else _scaled(_fitted(rows, reading), reading)


def _fitted(images: np.ndarray, reading: Reading) -> np.ndarray:
    """Returns the images in the shape that the network takes."""
    if reading.fitting == "flattened":
        return images.reshape(len(images), -1)
    if reading.fitting == "channel":
        return images[..., np.newaxis]  # (n, height, width, 1)
    if reading.fitting == "repeated":
        return np.repeat(images[..., np.newaxis], 3, axis=-1)  # (n, height, width, 3)
    return images


def _scaled(rows: np.ndarray, reading: Reading) -> NDArray[np.generic]:
    """Returns the pixels on the scale that the network was trained on."""
    if reading.scale in ("inside", "none"):
        return rows
    numbers = rows.astype(np.float32)
    if reading.scale == "1/255":
        return numbers / np.float32(WHITE)
    return numbers / np.float32(WHITE / 2) - np.float32(1)  # -1 to 1
