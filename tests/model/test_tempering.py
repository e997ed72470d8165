"""A temperature in the last layer's weights."""

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from reportgen.errors import ModelError
from reportgen.model import Network, predict_proba, temper, weights_sha256


@pytest.fixture
def tempered(trained: Network) -> Iterator[Network]:
    """Yields the trained network, whose weights are put back afterwards."""
    before = trained.get_weights()
    yield trained
    trained.set_weights(before)


@pytest.mark.parametrize("temperature", [0.25, 0.9, 1.7, 4.0])
def test_logits_are_divided(
    tempered: Network, images: NDArray[np.uint8], temperature: float
) -> None:
    before = np.log(predict_proba(tempered, images))
    temper(tempered, temperature)
    expected = np.exp(before / temperature)
    expected /= expected.sum(axis=1, keepdims=True)
    assert np.allclose(predict_proba(tempered, images), expected, atol=2e-6)


def test_each_prediction_stays(tempered: Network, images: NDArray[np.uint8]) -> None:
    before = predict_proba(tempered, images).argmax(axis=1)
    temper(tempered, 3.3)
    assert np.array_equal(predict_proba(tempered, images).argmax(axis=1), before)


def test_the_other_layers_stay(tempered: Network) -> None:
    before = tempered.get_weights()
    temper(tempered, 2.0)
    *others, kernel, bias = tempered.get_weights()
    for one, same in zip(others, before[:-2], strict=True):
        assert np.array_equal(one, same)
    # Halves are exact.
    assert np.array_equal(kernel * 2, before[-2])
    assert np.array_equal(bias * 2, before[-1])


def test_one_changes_nothing(tempered: Network) -> None:
    before = weights_sha256(tempered)
    temper(tempered, 1.0)
    assert weights_sha256(tempered) == before


@pytest.mark.parametrize("temperature", [0.0, -1.0, float("nan")])
def test_a_temperature_not_above_zero_is_refused(
    tempered: Network, temperature: float
) -> None:
    before = weights_sha256(tempered)
    with pytest.raises(ModelError, match=f"above 0. Received {temperature}"):
        temper(tempered, temperature)
    assert weights_sha256(tempered) == before
