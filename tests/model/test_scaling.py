"""For which pixels a network was made is told by what its layers make of one."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from reportgen.errors import UsageError
from reportgen.model import Network, Said, find_reading, keras_quietly, reading_notes
from reportgen.model.scaling import grey_inside

NAMES = ("a", "b", "c")
MEANS = (103.939, 116.779, 123.68)


def network(scaling: Callable[[Any, Any], Any]) -> Network:
    """Returns a network of RGB images of 8 x 8, scaled so before its first weights."""
    keras = keras_quietly()
    image = keras.Input((8, 8, 3))
    found = keras.layers.Conv2D(4, 3)(scaling(keras.layers, image))
    found = keras.layers.GlobalAveragePooling2D()(found)
    return keras.Model(image, keras.layers.Dense(3)(found))


def normalised(layers: Any, found: Any, *, white: float) -> Any:
    """Returns images normalised as those were whose mean and deviation are known."""
    return layers.Normalization(mean=white / 2, variance=(white / 4) ** 2)(found)


@pytest.mark.parametrize(
    ("scaling", "grey"),
    [
        (lambda k, x: k.Rescaling(1 / 255)(x), 0.5),
        (lambda k, x: k.Rescaling(1 / 127.5, offset=-1)(x), 0),
        (lambda _, x: x / 127.5 - 1.0, 0),
        (lambda _, x: 1.0 - x / 255.0, 0.5),
        (lambda k, x: normalised(k, x, white=255.0), 0),
        # 127.5 less the mean of three, 114.799...
        (lambda k, x: k.Rescaling(1.0, offset=[-m for m in MEANS])(x), 12.701),
        (lambda k, x: k.Rescaling(2.0, offset=-1)(k.Rescaling(1 / 255)(x)), 0),
    ],
)
def test_layers_made_for_pixels_scale_them(
    scaling: Callable[[Any, Any], Any], grey: float
) -> None:
    made = network(scaling)
    assert grey_inside(made) == pytest.approx(grey, abs=1e-3)
    assert find_reading(made, (8, 8, 3), class_names=NAMES).scale == "inside"


@pytest.mark.parametrize(
    ("scaling", "grey"),
    [
        # (127.5 - 0.5) / 0.25, 2 x 127.5 - 1, 255 x 127.5 / 255, 255 x 127.5 / 127.5
        (lambda k, x: normalised(k, x, white=1.0), "508"),
        (lambda k, x: k.Rescaling(2.0, offset=-1)(x), "254"),
        (lambda k, x: k.Rescaling(1 / 255)(k.Rescaling(255.0)(x)), "127.5"),
        (lambda _, x: x * 255.0 / 127.5, "255"),
        (lambda k, x: k.Normalization(mean=0.0, variance=1.0)(x), "127.5"),
    ],
)
def test_layers_made_for_numbers_scaled_before_are_asked_about(
    scaling: Callable[[Any, Any], Any], grey: str
) -> None:
    made = network(scaling)
    with pytest.raises(UsageError, match=rf"--scale must say.* into {grey}, as if"):
        find_reading(made, (8, 8, 3), class_names=NAMES)
    said = find_reading(made, (8, 8, 3), class_names=NAMES, said=Said(scale="1/255"))
    assert reading_notes(made, said) == ()


def test_normalization_fitted_on_pixels_that_stay_black_scales_them() -> None:
    keras = keras_quietly()
    pixels = np.zeros((4, 8, 8), np.float32)
    pixels[:2, 2:6, 2:6] = 250
    layer = keras.layers.Normalization(axis=(1, 2))
    layer.adapt(pixels)
    image = keras.Input((8, 8))
    flat = keras.layers.Flatten()(layer(image))
    made = keras.Model(image, keras.layers.Dense(3)(flat))
    # Mean 125 / 4 over all, deviation 125 / 2: a quarter of them vary.
    assert grey_inside(made) == pytest.approx((127.5 - 31.25) / 62.5)


def test_frozen_weights_end_what_comes_before_the_first() -> None:
    keras = keras_quietly()
    image = keras.Input((8, 8, 3))
    found = keras.layers.SeparableConv2D(3, 3, padding="same")(image)
    flat = keras.layers.Flatten()(found / 255.0)
    made = keras.Model(image, keras.layers.Dense(3)(flat))
    made.trainable = False
    assert grey_inside(made) is None


def test_a_division_by_nought_is_asked_about() -> None:
    made = network(lambda _, x: x / 0.0)
    with pytest.raises(UsageError, match="into inf, as if"):
        find_reading(made, (8, 8, 3), class_names=NAMES)


def test_branches_that_join_scale_nothing() -> None:
    assert grey_inside(network(lambda _, x: x + x)) is None


def test_pixels_scaled_twice_are_told_of() -> None:
    made = network(lambda k, x: k.Rescaling(1 / 255)(x))
    said = find_reading(made, (8, 8, 3), class_names=NAMES, said=Said(scale="-1..1"))
    (note,) = reading_notes(made, said)
    assert "as --scale -1..1 says" in note
    found = find_reading(made, (8, 8, 3), class_names=NAMES)
    assert reading_notes(made, found) == ()
    assert reading_notes(made, None) == ()
