import zipfile
from io import BytesIO
from typing import Any

import pytest
from archives import DENSE, INPUT, layer, sequential, zipped

from reportgen.errors import ModelError
from reportgen.model.archive import audit_archive


def refused(content: bytes, match: str) -> None:
    with pytest.raises(ModelError, match=match):
        audit_archive(content, name="m.keras")


def test_plain_layers_are_admitted() -> None:
    audit_archive(zipped(sequential(DENSE)), name="m.keras")


def test_a_model_of_a_class_of_its_own_is_shown_the_way_without_it() -> None:
    own: dict[str, Any] = {"module": None, "class_name": "Mine", "config": {}}
    refused(zipped(own), r"code that no file holds.*--predictions FILE")


@pytest.mark.parametrize(
    ("module", "kind"),
    [
        ("keras.layers", "Lambda"),
        ("keras.layers", "TFSMLayer"),
        ("keras.layers", "StringLookup"),
        ("keras.layers", "TorchModuleWrapper"),
        ("keras.src.ops.numpy", "Einsum"),
        ("keras.utils", "get_file"),
        ("builtins", "Dense"),
        ("os", "system"),
        ("keras.layers", "__lambda__"),
    ],
)
def test_a_foreign_layer_is_refused_by_name(module: str, kind: str) -> None:
    layer = {"module": module, "class_name": kind, "config": {}}
    refused(zipped(sequential(DENSE, layer)), f"'{kind}' of '{module}'")


@pytest.mark.parametrize(
    "hidden",
    [
        {"kernel_initializer": {"module": "m", "class_name": "X", "config": {}}},
        {"activation": {"class_name": "function", "config": "f", "module": "builtins"}},
        {"deep": [[{"deeper": {"class_name": "__lambda__", "config": {"value": ""}}}]]},
        {"nested": {"class_name": "Lambda", "config": {}}},
        {"odd": {"class_name": ["Dense"], "module": "keras.layers"}},
        {"odd": {"registered_name": "package>Thing"}},
    ],
)
def test_an_object_inside_a_layer_is_judged_too(hidden: dict[str, Any]) -> None:
    layer = DENSE | {"config": {"units": 3} | hidden}
    refused(zipped(sequential(layer)), "is refused")


def test_a_registered_name_is_refused() -> None:
    layer = DENSE | {"registered_name": "package>Dense"}
    refused(zipped(sequential(layer)), "registered as 'package>Dense'")


def test_the_compile_configuration_of_the_whole_is_ignored_as_keras_ignores_it() -> (
    None
):
    compiled = {"loss": {"module": "mine", "class_name": "Loss", "config": {}}}
    config = sequential(DENSE) | {"compile_config": compiled}
    audit_archive(zipped(config), name="m.keras")


def test_the_compile_configuration_of_a_part_is_judged() -> None:
    compiled = {"loss": {"module": "mine", "class_name": "Loss", "config": {}}}
    part = sequential(DENSE) | {"compile_config": compiled}
    refused(zipped(sequential(part)), "'Loss' of 'mine'")


def test_a_layer_alone_is_no_network() -> None:
    refused(zipped(DENSE), "Functional or Sequential network")


def test_tensors_of_a_functional_network_are_admitted() -> None:
    tensor = {"class_name": "__keras_tensor__", "config": {"shape": [None, 3]}}
    layer = DENSE | {"inbound_nodes": [{"args": [tensor], "kwargs": {}}]}
    audit_archive(zipped(sequential(layer)), name="m.keras")


def test_a_tensor_with_a_module_is_not_a_tensor() -> None:
    tensor = {"class_name": "__keras_tensor__", "config": {}, "module": "os"}
    refused(zipped(sequential(DENSE | {"config": {"t": tensor}})), "refused")


def test_other_members_are_refused() -> None:
    config = sequential(DENSE)
    refused(zipped(config, {"assets/vocabulary.txt": b""}), "assets/vocabulary")


def test_an_archive_of_another_kind_is_refused() -> None:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("archive/data.pkl", b"")
    refused(target.getvalue(), "archive/data.pkl")


def test_a_huge_configuration_is_refused() -> None:
    refused(zipped(b" " * (16 * 2**20 + 1)), "16,777,216 bytes")


@pytest.mark.parametrize(
    ("config", "match"),
    [
        (b"{", "must be JSON"),
        (b"\xff", "must be JSON"),
        (b"[" * 100_000, "must be JSON"),
        (b"[]", "must hold a network"),
        (b"{}", "must hold a Functional or Sequential"),
    ],
)
def test_a_broken_configuration_is_refused(config: bytes, match: str) -> None:
    refused(zipped(config), match)


def test_refusals_list_what_was_refused_once_and_in_order() -> None:
    names = ["A", "B", "A", "C", "D", "E", "F", "G"]  # seven names, one of them twice
    content = zipped(sequential(INPUT, *(layer(name, "m") for name in names)))
    refused(content, "'A' of 'm', 'B' of 'm', 'C' of 'm', 'D' of 'm', 'E' of 'm' and 2")


def test_a_refusal_names_both_ways_on() -> None:
    content = zipped(sequential(INPUT, layer("Lambda")))
    refused(content, "reportgen build --predictions FILE.*--trust-model")


def test_a_function_is_refused_by_its_own_name() -> None:
    function = layer("function", "os") | {"config": "system"}
    refused(zipped(sequential(INPUT, function)), "'system' of 'os'")


@pytest.mark.parametrize(
    "setting",
    [
        {"activation": "os.system"},
        {"recurrent_activation": "eval"},
        {"kernel_initializer": "evil>Zeros"},
        {"bias_regularizer": "open"},
        {"gamma_constraint": "exec"},
    ],
)
def test_a_word_that_names_no_function_of_keras_is_refused(
    setting: dict[str, str],
) -> None:
    ((key, word),) = setting.items()
    refused(zipped(sequential(INPUT, layer("Dense", **setting))), f"{key} '{word}'")


@pytest.mark.parametrize("word", ["relu", "softmax", "gelu", "glorot_uniform", "Zeros"])
def test_words_of_keras_are_admitted(word: str) -> None:
    part = layer("Dense", activation=word, kernel_initializer=word)
    audit_archive(zipped(sequential(INPUT, part)), name="m.keras")


def test_a_trusted_archive_may_name_anything() -> None:
    content = zipped(sequential(layer("Lambda")), {"assets/a/words.txt": b"a"})
    refused(content, "assets/a/words.txt")
    audit_archive(content, name="m.keras", trusted=True)


@pytest.mark.parametrize("name", ["assets/../../x", "assets\\..\\x", "x", "/assets/x"])
def test_a_trusted_archive_stays_in_its_folder(name: str) -> None:
    content = zipped(others={name: b""})
    with pytest.raises(ModelError, match="must hold exactly"):
        audit_archive(content, name="m.keras", trusted=True)


def test_a_trusted_archive_is_bounded_all_the_same() -> None:
    content = zipped(b" " * (16 * 2**20 + 1))
    with pytest.raises(ModelError, match="16,777,216 bytes"):
        audit_archive(content, name="m.keras", trusted=True)


@pytest.mark.parametrize("operand", [[1.0, 2.0], [[1.0]]])
def test_arithmetic_on_a_list_is_refused(operand: list[Any]) -> None:
    add = {
        "module": "keras.src.ops.numpy",
        "class_name": "Add",
        "config": {},
        "inbound_nodes": [{"args": [operand], "kwargs": {}}],
    }
    refused(
        zipped(sequential(DENSE, add)), "'keras.src.ops.numpy' on more than tensors"
    )


@pytest.mark.parametrize("call", ["ab", ["a"], {"args": [], "kwargs": "ab"}])
def test_calls_of_another_shape_are_refused(call: Any) -> None:
    add = {
        "module": "keras.src.ops.numpy",
        "class_name": "Add",
        "config": {"name": "add"},
        "inbound_nodes": [call],
    }
    refused(
        zipped(sequential(DENSE, add)), "'keras.src.ops.numpy' on more than tensors"
    )
