"""Probabilities from a network."""

import numpy as np

from reportgen.model.backend import Network
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
    """
    size = fitting_batch(network, most=batch_size)
    probabilities = network.predict(images, batch_size=size, verbose=0)
    return np.asarray(probabilities, dtype=np.float64)  # (n, k)
