import numpy as np
import pytest

from reportgen.errors import ModelError
from reportgen.model import Network, keras_quietly, predict_proba


def test_rows_are_probabilities(trained: Network, images: np.ndarray) -> None:
    y_proba = predict_proba(trained, images)
    assert y_proba.shape == (41, 3)
    assert y_proba.dtype == np.float64
    assert y_proba.min() >= 0
    assert y_proba.sum(axis=1) == pytest.approx(1, abs=1e-6)


def test_the_widened_numbers_are_those_of_the_network(
    trained: Network, images: np.ndarray
) -> None:
    y_proba = predict_proba(trained, images)
    assert np.array_equal(y_proba, y_proba.astype(np.float32))


def test_asking_twice_gives_the_same_bits(trained: Network, images: np.ndarray) -> None:
    assert np.array_equal(
        predict_proba(trained, images), predict_proba(trained, images)
    )


def test_order_of_rows_does_not_matter(trained: Network, images: np.ndarray) -> None:
    forward = predict_proba(trained, images)
    backward = predict_proba(trained, images[::-1])
    assert backward[::-1] == pytest.approx(forward, abs=1e-6)


def test_a_batch_is_only_a_matter_of_memory(
    trained: Network, images: np.ndarray
) -> None:
    small = predict_proba(trained, images, batch_size=7)
    assert small == pytest.approx(predict_proba(trained, images), abs=1e-6)


def test_what_cannot_be_computed_is_an_error_of_ours() -> None:
    layers = keras_quietly().layers
    # TensorFlow counts strides in 32 bits, and finds that out when it computes.
    pool = layers.MaxPooling2D(1, strides=2**40, padding="same")
    network = keras_quietly().Sequential(
        [layers.Input((8, 8, 1)), pool, layers.Flatten()]
    )
    with pytest.raises(
        ModelError, match=r"could not: .*1099511627776.*build --predictions FILE"
    ):
        predict_proba(network, np.zeros((3, 8, 8, 1)))
