import numpy as np
import pytest

from reportgen.model import build_network, keras_quietly, weights_sha256


def test_mnist_gives_the_parameters_counted_by_hand() -> None:
    # Dense layers hold inputs times units plus one bias a unit: 235,500 + 60,200 +
    # 20,100 + 5,050 + 510. BatchNormalization holds four numbers a unit: 4 * 650.
    network = build_network(28, 28, classes=10, seed=1)
    assert network.count_params() == 321_360 + 2_600


def test_first_and_last_layer_follow_the_data() -> None:
    network = build_network(5, 9, classes=4, seed=1)
    assert network.input_shape == (None, 5, 9)
    assert network.output_shape == (None, 4)


def test_names_do_not_depend_on_what_was_built_before() -> None:
    first = build_network(4, 4, classes=2, seed=1)
    second = build_network(4, 4, classes=2, seed=1)
    assert [layer.name for layer in second.layers] == [
        *("pixels", "scaled"),
        *("dense_300", "batch_norm_300", "relu_300"),
        *("dense_200", "batch_norm_200", "relu_200"),
        *("dense_100", "batch_norm_100", "relu_100"),
        *("dense_50", "batch_norm_50", "relu_50"),
        "probabilities",
    ]
    assert weights_sha256(first) == weights_sha256(second)


def test_another_seed_gives_other_weights() -> None:
    first = build_network(4, 4, classes=2, seed=1)
    second = build_network(4, 4, classes=2, seed=2)
    assert weights_sha256(first) != weights_sha256(second)


def test_white_becomes_one_inside() -> None:
    network = build_network(2, 2, classes=2, seed=1)
    scaled = keras_quietly().Model(
        network.inputs[0], network.get_layer("scaled").output
    )
    pixels = np.array([[[0, 51], [102, 255]]], dtype=np.uint8)
    assert scaled(pixels).numpy()[0] == pytest.approx([0, 0.2, 0.4, 1])


def test_rows_are_read_from_left_to_right() -> None:
    network = build_network(2, 3, classes=2, seed=1)
    flat = keras_quietly().Model(network.inputs[0], network.get_layer("pixels").output)
    pixels = np.arange(6, dtype=np.uint8).reshape(1, 2, 3)
    assert flat(pixels).numpy()[0].tolist() == [0, 1, 2, 3, 4, 5]
