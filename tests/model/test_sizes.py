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


def test_what_a_convolution_makes_on_the_way_is_counted() -> None:
    keras = keras_quietly()
    spread = keras.layers.SeparableConv1D(
        1, 3, padding="same", dilation_rate=100, depth_multiplier=5
    )
    # 20 numbers and 3 x 100 - 1 around them, for 2 channels, 5 times.
    assert width(keras.Sequential([keras.Input((20, 2)), spread])) == 3190
    first = keras.layers.Conv2D(1, (3, 1), data_format="channels_first")
    # (4 + 2) x 5 for 7 channels; 2 x 5 are put out.
    images = keras.Input((7, 4, 5))
    assert width(keras.Model(images, first(images))) == 210


@pytest.mark.parametrize(("framed", "most"), [(True, 4_000), (False, 40)])
def test_the_frame_of_images_is_counted(*, framed: bool, most: int) -> None:
    keras = keras_quietly()
    # Of shape 1 to 20, 10 x 1 pixels lie in a frame of 10 x 200, in 2 channels.
    made = keras.layers.Resizing(1, 20, pad_to_aspect_ratio=framed)
    assert width(keras.Sequential([keras.Input((10, 1, 2)), made])) == most


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
