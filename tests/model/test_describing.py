from hashlib import sha256

import numpy as np

from reportgen.model import (
    Network,
    describe,
    keras_quietly,
    weights_sha256,
)
from reportgen.record import Layer


def test_the_summary_counts_what_there_is(network: Network) -> None:
    summary = describe(network, title="Digits", source=None)
    assert summary.kind == "Sequential"
    assert summary.input_shape == (8, 8)
    assert summary.output_classes == 3
    # Dense layers: 19,500 + 60,200 + 20,100 + 5,050 + 153. BatchNormalization: 4 * 650,
    # of which mean and variance, 1,300, are not learnt.
    assert summary.parameters == 105_003 + 2_600
    assert summary.parameters - summary.trainable_parameters == 1_300
    assert sum(layer.parameters for layer in summary.layers) == summary.parameters
    assert summary.weights_sha256 == weights_sha256(network)


def test_layers_stand_from_input_to_output(network: Network) -> None:
    layers = describe(network, title="Digits", source="a").layers
    assert layers[0] == Layer("pixels", "Flatten", (64,), None, 0)
    assert layers[2] == Layer("dense_300", "Dense", (300,), None, 64 * 300 + 300)
    assert layers[4] == Layer("relu_300", "Activation", (300,), "relu", 0)
    assert layers[-1] == Layer("probabilities", "Dense", (3,), "softmax", 153)


def test_one_changed_weight_changes_the_hash(network: Network) -> None:
    before = weights_sha256(network)
    weights = network.get_weights()
    weights[0][0, 0] = np.nextafter(weights[0][0, 0], np.float32(1))
    network.set_weights(weights)
    assert weights_sha256(network) != before


def test_the_hash_of_a_small_network_is_the_one_worked_out_beside_it() -> None:
    keras = keras_quietly()
    network = keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(1, use_bias=False, name="d")], name="n"
    )
    network.set_weights([np.array([[1], [2]], dtype=np.float32)])
    # IEEE 754: 1.0 is 3f800000, 2.0 is 40000000, little-endian.
    expected = b"d/kernel\0float32\0(2, 1)\0" + bytes.fromhex("0000803f00000040")
    assert weights_sha256(network) == sha256(expected).hexdigest()
