"""The network: pixels in, probabilities out, hidden layers of falling width."""

from reportgen.model.backend import Network, keras_quietly, seed_everything

UNITS = (300, 200, 100, 50)
"""Width of each hidden layer, from the pixels to the probabilities."""

WHITE = 255
"""Greatest value of a pixel."""


def build_network(height: int, width: int, *, classes: int, seed: int) -> Network:
    """Returns an untrained network whose weights follow from the seed alone.

    Each hidden layer is Dense, BatchNormalization, ReLU. Scaling to 0-1 happens inside,
    so that images stay uint8 outside and no caller can forget it. Every name is given:
    Keras would otherwise number layers by what the process built before.

    Args:
        height: Image rows.
        width: Image columns.
        classes: Probabilities a row, k.
        seed: Seed of the first weights; seeds the process, see `seed_everything`.

    Returns:
        A Sequential network from (n, height, width) uint8 to (n, k) float32.
    """
    keras = keras_quietly()
    layers = keras.layers
    seed_everything(seed)
    # Types and layouts are spelled out: a user's keras.json may hold other defaults.
    network = keras.Sequential(name="sequential_perceptron")
    network.add(keras.Input((height, width), dtype="uint8", name="images"))
    network.add(layers.Flatten("channels_last", name="pixels", dtype="float32"))
    network.add(layers.Rescaling(1 / WHITE, name="scaled", dtype="float32"))
    for units in UNITS:
        _add_hidden(network, units)
    network.add(
        layers.Dense(
            classes, activation="softmax", name="probabilities", dtype="float32"
        )
    )
    return network


def _add_hidden(network: Network, units: int) -> None:
    """Appends Dense, BatchNormalization and ReLU of one width to the network."""
    layers = keras_quietly().layers
    network.add(layers.Dense(units, name=f"dense_{units}", dtype="float32"))
    network.add(layers.BatchNormalization(name=f"batch_norm_{units}", dtype="float32"))
    network.add(layers.Activation("relu", name=f"relu_{units}", dtype="float32"))
