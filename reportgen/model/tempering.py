"""A temperature put into the weights, so that the model itself states it."""

from reportgen.errors import ModelError
from reportgen.model.backend import Network

LAST = "probabilities"
"""Name of the layer whose softmax gives the probabilities."""


def temper(network: Network, temperature: float) -> None:
    """Divides the network's logits by a temperature, in place.

    The logits are linear in kernel and bias of the last layer, so both are divided: the
    layers stay what they are, and so does each prediction.

    Args:
        network: As `build_network` returned it.
        temperature: T, above 0; 1 changes nothing.

    Raises:
        ModelError: The temperature is not above 0.

    Source:
        Guo et al. 2017, On calibration of modern neural networks, section 4.2.
    """
    if not temperature > 0:
        raise ModelError(f"A temperature must be above 0. Received {temperature!r}.")
    last = network.get_layer(LAST)
    last.set_weights([values / temperature for values in last.get_weights()])
