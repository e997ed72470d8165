import numpy as np
import pytest

from reportgen.errors import ModelError
from reportgen.model import Network, keras_quietly
from reportgen.model.sizes import (
    UNSAVED_NUMBERS,
    fitting_batch,
    making_at_most,
    require_narrow,
    width,
)


def test_the_widest_layer_is_counted_for_one_row(network: Network) -> None:
    assert width(network) == 300  # 64 pixels, then 300, 200, 100, 50 and 3


def test_layers_of_a_network_in_the_network_are_counted() -> None:
    keras = keras_quietly()
    inner = keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(70), keras.layers.Dense(2)]
    )
    outer = keras.Sequential([keras.Input((2,)), inner, keras.layers.Dense(5)])
    assert width(outer) == 70


def test_an_open_axis_counts_one() -> None:
    keras = keras_quietly()
    images = keras.Input((None, None, 3))
    assert width(keras.Model(images, keras.layers.Conv2D(7, 1)(images))) == 7


def test_a_wide_network_is_refused() -> None:
    keras = keras_quietly()
    wide = keras.Sequential(
        [keras.Input((2,)), keras.layers.RepeatVector(2**23 + 1)]
    )  # twice 2**23 + 1 are two too many
    with pytest.raises(ModelError, match="one of 16,777,218"):
        require_narrow(wide, name="m.keras")


def test_a_batch_shrinks_where_layers_are_wide(network: Network) -> None:
    keras = keras_quietly()
    wide = keras.Sequential([keras.Input((2,)), keras.layers.RepeatVector(2**20)])
    assert fitting_batch(wide, most=2048) == 32  # of 2**21 numbers, 2**26 in all
    assert fitting_batch(network, most=2048) == 2048


def test_weights_beyond_the_bound_are_refused_before_they_are_made() -> None:
    keras = keras_quietly()
    with (
        pytest.raises(ModelError, match="10,000,000,000 or more"),
        making_at_most(100, name="m.keras"),
    ):
        keras.layers.Dense(10**5).build((None, 10**5))


def test_weights_within_the_bound_are_made() -> None:
    keras = keras_quietly()
    dense = keras.layers.Dense(3)
    with making_at_most(15, name="m.keras"):
        dense.build((None, 4))
    assert np.shape(dense.kernel) == (4, 3)


def test_seeds_need_no_place_in_the_file() -> None:
    keras = keras_quietly()
    with making_at_most(0, name="m.keras"):
        keras.layers.Dropout(0.5)
        keras.layers.Dense(1).build((None, UNSAVED_NUMBERS // 2))
