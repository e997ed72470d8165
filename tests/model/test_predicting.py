import numpy as np
import pytest

from reportgen.model import Network, predict_proba


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
