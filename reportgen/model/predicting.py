"""Probabilities from a network."""

import numpy as np

from reportgen.errors import ModelError
from reportgen.model.backend import Network, cause, keras_errors
from reportgen.model.sizes import fitting_batch


def predict_proba(
    network: Network, images: np.ndarray, *, batch_size: int = 2048
) -> np.ndarray:
    """Returns the probability of each class for each image.

    The network computes in float32; its output is widened unchanged, so rows sum to 1
    within 1e-6. A network gives the same bits whether it was just trained or read from
    a file; another batch size may change the last ones.

    Args:
        network: From (n, height, width) uint8 to (n, k) probabilities.
        images: (n, height, width) uint8.
        batch_size: Images at a time, fewer where a wide layer would fill the memory.

    Returns:
        (n, k) float64 in 0-1.

    Raises:
        ModelError: TensorFlow cannot compute a layer, as with channels before pixels.
    """
    size = fitting_batch(network, most=batch_size)
    try:
        probabilities = network.predict(images, batch_size=size, verbose=0)
    except keras_errors() as error:
        raise ModelError(
            "The model must compute probabilities here. TensorFlow could not: "
            f"{cause(error)} Predict with the program that trained it, and hand over "
            "what it predicts: reportgen build --predictions FILE."
        ) from error
    return np.asarray(probabilities, dtype=np.float64)  # (n, k)
