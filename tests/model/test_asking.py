"""What a network takes and returns is found from shapes and layers, or asked for."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from reportgen.errors import ModelError, ReportgenError, UsageError
from reportgen.model import Network, Said, find_reading, keras_quietly, predict_proba
from reportgen.model.outputs import to_probabilities
from reportgen.record import OutputKind, Reading

NAMES = ("a", "b", "c")
LOGITS = np.array([[2.0, 0.0, -1.0], [-800.0, 0.0, 800.0], [0.5, 0.5, 0.5]])


def small(
    row: tuple[int | None, ...],
    last: Callable[[Any, Any], Any],
    *,
    scaled: bool = True,
) -> Network:
    """Returns a functional network with weights that follow from a seed."""
    keras = keras_quietly()
    layers = keras.layers
    keras.utils.set_random_seed(3)
    image = keras.Input(row, name="image")
    found = layers.Rescaling(1 / 255)(image) if scaled else image
    if len(row) == 3:
        found = layers.Conv2D(4, 3, padding="same", activation="relu")(found)
        found = layers.GlobalAveragePooling2D()(found)
    elif len(row) == 2:
        found = layers.Flatten()(found)
    return keras.Model(image, last(layers, found))


def softmax(layers: Any, found: Any) -> Any:
    return layers.Dense(3, activation="softmax")(found)


def logits(layers: Any, found: Any) -> Any:
    return layers.Dense(3)(found)


def images(*shape: int) -> NDArray[np.uint8]:
    """Returns noise."""
    noise = np.random.default_rng(0).integers(0, 256, shape)
    return noise.astype(np.uint8)


def asked(network: Network, image: tuple[int, ...] = (8, 8, 3), **said: Any) -> Reading:
    """Returns how the network is asked."""
    return find_reading(network, image, class_names=NAMES, said=Said(**said))


@pytest.mark.parametrize(
    ("row", "image", "fitting"),
    [
        ((8, 8), (8, 8), "whole"),
        ((8, 8, 1), (8, 8), "channel"),
        ((8, 8, 3), (8, 8), "repeated"),
        ((64,), (8, 8), "flattened"),
        ((192,), (8, 8, 3), "flattened"),
        ((8, 8, 3), (8, 8, 3), "whole"),
        ((None, None, 3), (8, 8, 3), "whole"),
        ((None, None, 1), (8, 8), "channel"),
    ],
)
def test_an_image_is_put_into_the_shape_that_is_taken(
    row: tuple[int | None, ...], image: tuple[int, ...], fitting: str
) -> None:
    network = small(row, softmax)
    reading = asked(network, image)
    assert reading.fitting == fitting
    proba = predict_proba(network, images(5, *image), reading=reading, classes=3)
    assert proba.shape == (5, 3)
    assert proba.sum(axis=1) == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize(
    ("row", "image"),
    [((8, 9, 3), (8, 8, 3)), ((8, 8, 1), (8, 8, 3)), ((8, 8, 4), (8, 8, 3))],
)
def test_other_shapes_are_refused_with_both(
    row: tuple[int, ...], image: tuple[int, ...]
) -> None:
    with pytest.raises(ModelError, match=r"RGB images of 8 x 8.*Received a model from"):
        asked(small(row, softmax), image)


def test_other_classes_are_refused() -> None:
    with pytest.raises(ModelError, match=r"return 2 probabilities each"):
        find_reading(small((8, 8), softmax), (8, 8), class_names=("a", "b"))


def test_a_network_without_shapes_is_refused() -> None:
    keras = keras_quietly()
    with pytest.raises(ModelError, match="from None to None"):
        asked(keras.Sequential([keras.layers.Dense(3)]))


@pytest.mark.parametrize("several", ["input", "output"])
def test_several_inputs_or_outputs_are_named(several: str) -> None:
    keras = keras_quietly()
    one, two = keras.Input((3,), name="left"), keras.Input((3,), name="right")
    if several == "input":
        network = keras.Model([one, two], keras.layers.Add()([one, two]))
    else:
        network = keras.Model(one, [one * 2.0, one * 3.0])
    with pytest.raises(ModelError, match=f"must have one {several}.*Received 2"):
        asked(network, (8,))


@pytest.mark.parametrize(
    ("last", "kind"),
    [
        (softmax, "softmax"),
        (logits, "logits"),
        (lambda k, x: k.Activation("softmax")(k.Dense(3)(x)), "softmax"),
        (lambda k, x: k.Softmax()(k.Dense(3)(x)), "softmax"),
        (lambda k, x: k.Activation("linear")(softmax(k, x)), "softmax"),
        (lambda k, x: k.Reshape((3,))(k.Dropout(0.5)(softmax(k, x))), "softmax"),
        (lambda k, x: k.Dense(3, activation="log_softmax")(x), "logits"),
        (lambda k, x: keras_quietly().ops.softmax(k.Dense(3)(x)), "softmax"),
    ],
)
def test_the_kind_is_found_from_the_end(
    last: Callable[[Any, Any], Any], kind: str
) -> None:
    network = small((8, 8, 3), last)
    assert asked(network).output_kind == kind
    keras = keras_quietly()
    outer = keras.Input((8, 8, 3))
    assert asked(keras.Model(outer, network(outer))).output_kind == kind


def test_an_end_that_says_nothing_is_asked_about() -> None:
    network = small((8, 8), lambda k, x: k.BatchNormalization()(k.Dense(3)(x)))
    with pytest.raises(UsageError, match=r"--output-kind.*'BatchNormalization'"):
        asked(network, (8, 8))
    reading = asked(network, (8, 8), output_kind="logits")
    assert (reading.output_kind, reading.output_kind_asked) == ("logits", True)


def test_sigmoids_for_several_classes_are_asked_about() -> None:
    network = small((8, 8), lambda k, x: k.Dense(3, activation="sigmoid")(x))
    with pytest.raises(UsageError, match="a model of 3 sigmoids"):
        asked(network, (8, 8))
    reading = asked(network, (8, 8), output_kind="sigmoid")
    proba = predict_proba(network, images(4, 8, 8), reading=reading, classes=3)
    assert proba.sum(axis=1) == pytest.approx(1, abs=1e-12)


def test_a_softmax_over_one_output_is_refused() -> None:
    network = small((8, 8), lambda k, x: k.Activation("sigmoid")(k.Dense(1)(x)))
    names = ("no", "yes")
    assert find_reading(network, (8, 8), class_names=names).output_kind == "sigmoid"
    with pytest.raises(ModelError, match="a single one, which is always 1"):
        find_reading(
            network, (8, 8), class_names=names, said=Said(output_kind="softmax")
        )


def test_pixels_that_nothing_scales_are_asked_about() -> None:
    network = small((8, 8), softmax, scaled=False)
    with pytest.raises(UsageError, match="--scale must say"):
        asked(network, (8, 8))
    assert asked(network, (8, 8), scale="none").scale_asked


def test_scaling_that_comes_too_late_does_not_count() -> None:
    late = small(
        (8, 8),
        lambda k, x: softmax(k, k.Rescaling(2.0)(k.Dense(4)(x))),
        scaled=False,
    )
    with pytest.raises(UsageError, match="--scale"):
        asked(late, (8, 8))


def test_arithmetic_on_pixels_scales_them() -> None:
    keras = keras_quietly()
    image = keras.Input((8, 8))
    flat = keras.layers.Flatten()(image / 127.5 - 1.0)
    network = keras.Model(image, keras.layers.Dense(3)(flat))
    assert asked(network, (8, 8)).scale == "inside"


@pytest.mark.parametrize(
    ("scale", "factor", "offset"), [("1/255", 1 / 255, 0), ("-1..1", 1 / 127.5, -1)]
)
def test_a_scale_outside_does_what_a_layer_inside_does(
    scale: str, factor: float, offset: float
) -> None:
    keras = keras_quietly()
    bare = small((8, 8, 3), softmax, scaled=False)
    image = keras.Input((8, 8, 3))
    scaled = keras.layers.Rescaling(factor, offset)(image)
    whole = keras.Model(image, bare(scaled))
    noise = images(9, 8, 8, 3)
    outside = asked(bare, scale=scale)
    assert asked(whole).scale == "inside"
    assert predict_proba(bare, noise, reading=outside, classes=3) == pytest.approx(
        predict_proba(whole, noise, reading=asked(whole), classes=3), abs=1e-6
    )


def test_softmax_and_logits_of_one_network_agree() -> None:
    keras = keras_quietly()
    ending = small((8, 8, 3), logits)
    whole = keras.Model(ending.input, keras.layers.Softmax()(ending.output))
    noise = images(9, 8, 8, 3)
    assert predict_proba(
        ending, noise, reading=asked(ending), classes=3
    ) == pytest.approx(
        predict_proba(whole, noise, reading=asked(whole), classes=3), abs=1e-6
    )


def test_one_sigmoid_one_logit_and_two_classes_agree() -> None:
    keras = keras_quietly()
    one = small((8, 8), lambda k, x: k.Dense(1)(x))
    squashed = keras.Model(one.input, keras.layers.Activation("sigmoid")(one.output))
    # softmax of (0, z) is (1 - sigmoid(z), sigmoid(z)).
    both = keras.layers.Concatenate()([one.output * 0.0, one.output])
    pair = keras.Model(one.input, keras.layers.Softmax()(both))
    noise = images(9, 8, 8)
    found = []
    for network in (one, squashed, pair):
        reading = find_reading(network, (8, 8), class_names=("no", "yes"))
        found.append(predict_proba(network, noise, reading=reading, classes=2))
    assert found[0] == pytest.approx(found[1], abs=1e-6)
    assert found[0] == pytest.approx(found[2], abs=1e-6)


def reading(kind: OutputKind, outputs: int) -> Reading:
    """Returns a reading of such outputs."""
    return Reading(
        "whole",
        "none",
        scale_asked=True,
        output_kind=kind,
        output_kind_asked=True,
        outputs=outputs,
    )


def test_logits_are_turned_by_hand() -> None:
    # exp(2), 1, exp(-1) over their sum 8.757...; a gap of 800 leaves exact 0 and 1.
    found = to_probabilities(LOGITS, "logits", classes=3)
    assert found[0] == pytest.approx([0.8437947, 0.1141952, 0.0420101], abs=1e-7)
    assert found[1].tolist() == [0.0, 0.0, 1.0]
    assert found[2] == pytest.approx([1 / 3] * 3)


def test_one_logit_is_the_second_class() -> None:
    made = to_probabilities(
        np.array([[0.0], [np.log(3)], [-1000.0]]), "logits", classes=2
    )
    assert made == pytest.approx(np.array([[0.5, 0.5], [0.25, 0.75], [1, 0]]))


@pytest.mark.parametrize(
    ("kind", "outputs", "says"),
    [
        ("softmax", [[0.2, 0.2], [0.5, 0.5]], "1 of 2 rows.*row 0, is 0.2, 0.2"),
        ("softmax", [[1.5, -0.5]], "sum to one"),
        ("softmax", [[0.51, 0.5], [0.5, 0.5]], "last layer dtype='float32'"),
        ("sigmoid", [[0.5, 1.5]], "as 'sigmoid' makes them"),
        ("sigmoid", [[0.0, 0.0]], "above zero"),
        ("logits", [[np.nan, 1.0]], "finite numbers"),
        ("logits", [[0.25, 0.75], [1.0, 0.0]], "Received probabilities in all 2 rows"),
        ("logits", [[0.5]] * 30, "Received probabilities in all 30 rows"),
    ],
)
def test_outputs_of_another_kind_are_refused(
    kind: OutputKind, outputs: list[list[float]], says: str
) -> None:
    numbers = np.array(outputs)
    with pytest.raises(ReportgenError, match=says):
        to_probabilities(numbers, kind, classes=2)


def test_open_sides_bound_how_many_images_go_at_once() -> None:
    network = small((None, None, 3), softmax)
    proba = predict_proba(
        network, images(3, 64, 64, 3), reading=asked(network), classes=3
    )
    assert proba.shape == (3, 3)


def test_open_sides_that_grow_without_end_are_refused() -> None:
    keras = keras_quietly()
    image = keras.Input((None, None, 3))
    grown = keras.layers.UpSampling2D(4096)(keras.layers.Rescaling(1 / 255)(image))
    flat = keras.layers.GlobalAveragePooling2D()(grown)
    network = keras.Model(image, keras.layers.Dense(3)(flat))
    with pytest.raises(ModelError, match="at most 16,777,216 numbers"):
        predict_proba(network, images(2, 8, 8, 3), reading=asked(network), classes=3)


def test_other_classes_are_named_with_what_stands_for_one_without_images() -> None:
    with pytest.raises(
        ModelError, match=r"have the classes 'no', 'yes': .* is an empty folder"
    ):
        find_reading(small((8, 8), softmax), (8, 8), class_names=("no", "yes"))


def test_outputs_that_are_no_row_are_not_taken_for_other_classes() -> None:
    keras = keras_quietly()
    image = keras.Input((8, 8, 3))
    spread = keras.Model(image, keras.layers.Conv2D(3, 1)(image / 255.0))
    with pytest.raises(ModelError, match="end in one row of numbers an image"):
        asked(spread)


@pytest.mark.parametrize(
    ("row", "image"), [((4, 5, 3), (8, 6, 3)), ((4, 5, 3), (8, 6)), ((4, 5, 1), (8, 6))]
)
def test_another_size_is_resized_by_the_layer_that_is_advised(
    row: tuple[int, ...], image: tuple[int, ...]
) -> None:
    keras = keras_quietly()
    model = small(row, softmax)
    entry = (8, 6, row[-1])
    advised = (
        f"keras.Sequential([keras.Input({entry}), keras.layers.Resizing(4, 5), model])"
    )
    with pytest.raises(ModelError, match=re.escape(advised)):
        asked(model, image)
    resized = keras.Sequential([keras.Input(entry), keras.layers.Resizing(4, 5), model])
    assert asked(resized, image).scale == "inside"


def test_whole_numbers_that_nothing_scales_are_said_to_be_as_they_are() -> None:
    keras = keras_quietly()
    image = keras.Input((8, 8), dtype="uint8")
    found = keras.layers.Dense(3)(keras.layers.Flatten()(image))
    reading = asked(keras.Model(image, found), (8, 8))
    assert (reading.scale, reading.scale_asked) == ("none", False)


def test_a_network_never_built_is_told_to_be() -> None:
    keras = keras_quietly()
    with pytest.raises(ModelError, match=r"give it keras\.Input\(\(8, 8, 3\)\)"):
        asked(keras.Sequential([keras.layers.Dense(3)]))


@pytest.mark.parametrize(
    ("row", "image"), [((3, 6, 8), (6, 8, 3)), ((1, 6, 8), (6, 8))]
)
def test_channels_before_pixels_are_moved_by_the_layer_that_is_advised(
    row: tuple[int, ...], image: tuple[int, ...]
) -> None:
    keras = keras_quietly()
    model = small(row, softmax)
    with pytest.raises(ModelError, match="channels before pixels") as caught:
        asked(model, image)
    entry = (*image[:2], row[0])
    advised = (
        f"keras.Sequential([keras.Input({entry}), keras.layers.Permute((3, 1, 2)), "
        "model])"
    )
    assert advised in str(caught.value)
    moved = keras.Sequential(
        [keras.Input(entry), keras.layers.Permute((3, 1, 2)), model]
    )
    assert asked(moved, image).scale == "inside"


def test_weights_that_are_no_numbers_are_looked_for_where_none_come_out() -> None:
    with pytest.raises(ModelError, match="whether its weights are finite"):
        to_probabilities(np.array([[np.nan, 1.0]]), "softmax", classes=2)
