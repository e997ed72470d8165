"""Networks that would be made, or would compute, for ever: refused by their text."""

from typing import Any

import pytest
from archives import DENSE, INPUT, Json, layer, sequential, zipped

from reportgen.errors import ModelError
from reportgen.model.archive import audit_archive
from reportgen.model.effort import MAX_CALLS, MAX_DEPTH, MAX_WAITING


def tensor(source: str) -> Json:
    """Returns the output of a layer, as Keras writes it."""
    history = {"shape": [None, 4], "dtype": "float32", "keras_history": [source, 0, 0]}
    return {"class_name": "__keras_tensor__", "config": history}


def called(part: Json, name: str, *sources: str) -> Json:
    """Returns a part of a network, called once on each of those layers' outputs."""
    nodes = [{"args": [tensor(source)], "kwargs": {}} for source in sources]
    return part | {"name": name, "inbound_nodes": nodes}


def functional(*layers: Json) -> Json:
    """Returns the configuration of a Functional network, as Keras writes it."""
    config = {"name": "net", "layers": list(layers)}
    return {
        "module": "keras.src.models.functional",
        "class_name": "Functional",
        "config": config,
        "registered_name": "Functional",
    }


IMAGES = called(INPUT, "images")
RELU = layer("ReLU")


def refused(config: Json, match: str) -> None:
    with pytest.raises(ModelError, match=f"{match}.*build --predictions FILE"):
        audit_archive(zipped(config), name="m.keras")


def admitted(config: Json) -> None:
    audit_archive(zipped(config), name="m.keras")


def twice(depth: int, calls: int) -> Json:
    """Returns a network that calls a network, which calls another one, and so on."""
    network = functional(IMAGES, called(RELU, "relu", "images"))
    for _ in range(depth - 1):
        network = functional(IMAGES, called(network, "inner", *["images"] * calls))
    return network


def test_calls_in_calls_multiply() -> None:
    # Of a network with an input and a layer, 4 * 4 * 4 * 4 = 256 calls make
    # 2 + 4 * (2 + 4 * (2 + 4 * (2 + 4 * 3))) calls, which is below 3,000, with the
    # networks themselves; ten a step are more than 10,000.
    admitted(twice(5, 4))
    refused(twice(5, 10), f"calls its layers more than {MAX_CALLS:,} times")


def test_a_deep_nest_is_refused() -> None:
    admitted(twice(MAX_DEPTH, 1))
    refused(twice(MAX_DEPTH + 1, 1), f"networks in networks, more than {MAX_DEPTH}")


def test_many_layers_are_refused() -> None:
    admitted(sequential(*[RELU] * (MAX_CALLS - 1)))  # the network is one too
    refused(sequential(*[RELU] * MAX_CALLS), "calls its layers more than")


@pytest.mark.parametrize("shared", [7, None])
def test_a_network_stands_at_one_place(shared: int | None) -> None:
    inner = sequential(RELU) | {"shared_object_id": shared}
    refused(sequential(INPUT, inner), "a network that stands at several places")


def test_a_layer_may_stand_at_several_places() -> None:
    admitted(sequential(INPUT, RELU | {"shared_object_id": 7}))


def chain(length: int) -> list[Json]:
    """Returns layers of which each but the first needs the one before it."""
    return [called(RELU, str(at), str(at - 1)) for at in range(1, length + 1)]


def test_layers_stand_in_the_order_of_their_inputs() -> None:
    first = called(INPUT, "0")
    length = MAX_WAITING + 1
    admitted(functional(first, *chain(length)))
    admitted(functional(first, *chain(MAX_WAITING)[::-1]))  # a pass for each
    refused(functional(*chain(length)[::-1], first), "made further behind")


def test_the_order_is_judged_inside_of_a_network_too() -> None:
    inner = functional(*chain(MAX_WAITING + 1)[::-1], called(INPUT, "0"))
    refused(functional(IMAGES, called(inner, "inner", "images")), "further behind")


@pytest.mark.parametrize(
    "setting",
    [
        {"pool_size": 4097},
        {"pool_size": [2, 4097]},
        {"strides": [[10**30]]},
        {"dilation_rate": 1e9},
        {"kernel_size": float("inf")},
        {"output_padding": [2**31, 1]},
    ],
)
def test_a_window_is_bounded(setting: dict[str, Any]) -> None:
    (key,) = setting
    refused(sequential(INPUT, layer("MaxPooling2D", **setting)), f"{key} .*wider than")


@pytest.mark.parametrize("setting", [[2, 2], 4096, None, "same", [None], True])
def test_other_windows_are_admitted(setting: Any) -> None:
    admitted(sequential(INPUT, layer("MaxPooling2D", strides=setting)))


def spread(*shape: Any, mean: float | None = 0.5) -> Json:
    """Returns a layer that spreads a mean over that shape."""
    normalised = layer("Normalization", mean=mean, variance=mean)
    return normalised | {"build_config": {"input_shape": [None, *shape]}}


def test_a_given_mean_is_spread_over_few_numbers() -> None:
    admitted(sequential(INPUT, spread(28, 28, 1), spread(None, 3)))
    refused(sequential(INPUT, spread(2**11, 2**12)), "spread over more than 4,194,304")
    halves = [spread(2**21 + 1)] * 2
    refused(sequential(INPUT, *halves), "spread over more than")


@pytest.mark.parametrize("size", [1e300, float("inf"), 10**400, -(10**9)])
def test_a_size_that_is_none_is_no_way_past(size: float) -> None:
    refused(sequential(INPUT, spread(size, size), spread(-size)), "spread over")


def test_a_given_mean_says_its_shape() -> None:
    unsaid = layer("Normalization", mean=0.5, variance=1.0)
    refused(sequential(INPUT, unsaid), "spread over")
    refused(sequential(INPUT, unsaid | {"build_config": [1]}), "spread over")


def test_a_mean_of_the_weights_needs_no_bound() -> None:
    admitted(sequential(INPUT, spread(10**9, mean=None)))


def test_an_odd_configuration_is_left_to_keras() -> None:
    odd = DENSE | {"inbound_nodes": [{"class_name": "__keras_tensor__", "config": {}}]}
    admitted(sequential(odd | {"name": ["a"]}))
    admitted(functional({"inbound_nodes": 3}, {"name": None}))
    admitted(functional() | {"config": {"layers": "dense"}})
