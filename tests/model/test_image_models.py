"""What image models of Keras are made of passes the gate, and is computed as before."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.errors import ModelError
from reportgen.model import Network, keras_quietly, load_model
from reportgen.model.allowed import _RANDOM_LAYERS
from reportgen.model.describing import describe

SETTINGS: dict[str, dict[str, Any]] = {
    "RandomBrightness": {"factor": 0.2},
    "RandomColorDegeneration": {"factor": 0.5},
    "RandomColorJitter": {"value_range": (0, 255), "brightness_factor": 0.2},
    "RandomContrast": {"factor": 0.2},
    "RandomHue": {"factor": 0.2},
    "RandomPosterization": {"factor": 4},
    "RandomRotation": {"factor": 0.1},
    "RandomSaturation": {"factor": 0.4},
    "RandomSharpness": {"factor": 0.4},
    "RandomShear": {"x_factor": (0.0, 0.2)},
    "RandomTranslation": {"height_factor": 0.1, "width_factor": 0.1},
    "RandomZoom": {"height_factor": 0.1},
}


def noise(*shape: int) -> np.ndarray:
    """Returns pixels of 0 to 255."""
    return np.random.default_rng(0).integers(0, 256, shape).astype(np.float32)


def agree(network: Network, path: Path, shape: tuple[int, ...]) -> Network:
    """Returns the network from its file, after it has computed the same."""
    network.save(path)
    found = load_model(path)
    images = noise(2, *shape)
    expected = network.predict(images, verbose=0)
    assert np.array_equal(found.predict(images, verbose=0), expected)
    return found


def test_layers_that_change_images_at_random_hand_them_on(tmp_path: Path) -> None:
    keras = keras_quietly()
    image = found = keras.Input((16, 16, 3))
    for kind in sorted(_RANDOM_LAYERS):
        found = getattr(keras.layers, kind)(**SETTINGS.get(kind, {}))(found)
    network = agree(keras.Model(image, found), tmp_path / "m.keras", (16, 16, 3))
    images = noise(2, 16, 16, 3)
    assert np.array_equal(network.predict(images, verbose=0), images)


@pytest.mark.parametrize(
    ("build", "side"),
    [
        (lambda a: a.MobileNetV2, 32),
        (lambda a: a.MobileNetV3Small, 32),
    ],
    ids=["MobileNetV2", "MobileNetV3Small"],
)
def test_a_network_of_keras_applications_is_admitted(
    build: Callable[[Any], Any], side: int, tmp_path: Path
) -> None:
    keras = keras_quietly()
    network = build(keras.applications)(
        weights=None, input_shape=(side, side, 3), classes=3
    )
    found = agree(network, tmp_path / "m.keras", (side, side, 3))
    assert describe(found, title="m", source="m").parameters == network.count_params()


def test_a_head_on_a_base_with_arithmetic_between_is_admitted(tmp_path: Path) -> None:
    keras = keras_quietly()
    layers = keras.layers
    image = keras.Input((32, 32, 3))
    turned = keras.Sequential([layers.RandomFlip(), layers.RandomRotation(0.2)])(image)
    scaled = keras.applications.mobilenet_v2.preprocess_input(turned)
    base = keras.Sequential([layers.Conv2D(4, 3), layers.GlobalAveragePooling2D()])
    network = keras.Model(image, layers.Dense(3)(base(scaled)))
    found = agree(network, tmp_path / "m.keras", (32, 32, 3))
    kinds = [layer.kind for layer in describe(found, title="m", source="m").layers]
    assert {"TrueDivide", "Subtract"} < set(kinds)


def test_arithmetic_that_spreads_one_image_over_another_is_bounded(
    tmp_path: Path,
) -> None:
    keras = keras_quietly()
    image = keras.Input((64, 128))
    flat = keras.layers.Flatten()(image)  # 8,192 numbers
    column = keras.layers.Reshape((8192, 1))(flat)
    row = keras.layers.Reshape((1, 8192))(flat)
    spread = keras.layers.GlobalAveragePooling1D()(column * row)
    keras.Model(image, spread).save(tmp_path / "m.keras")
    with pytest.raises(ModelError, match="Received one of 67,108,864"):
        load_model(tmp_path / "m.keras")
