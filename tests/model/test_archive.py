import json
import zipfile
from io import BytesIO
from typing import Any

import pytest

from reportgen.errors import ModelError
from reportgen.model.archive import audit_archive

DENSE = {
    "module": "keras.layers",
    "class_name": "Dense",
    "config": {"units": 3, "activation": "relu"},
    "registered_name": None,
}


def sequential(*layers: dict[str, Any]) -> dict[str, Any]:
    """Returns the configuration of a Sequential network, as Keras writes it."""
    return {
        "module": "keras",
        "class_name": "Sequential",
        "config": {"name": "net", "layers": list(layers)},
        "registered_name": None,
    }


def zipped(config: Any, **others: bytes) -> bytes:
    """Returns an archive with that configuration."""
    members = {"metadata.json": b"{}", "model.weights.h5": b"", **others}
    members["config.json"] = (
        config if isinstance(config, bytes) else json.dumps(config).encode()
    )
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def refused(content: bytes, match: str) -> None:
    with pytest.raises(ModelError, match=match):
        audit_archive(content, name="m.keras")


def test_plain_layers_are_admitted() -> None:
    audit_archive(zipped(sequential(DENSE)), name="m.keras")


@pytest.mark.parametrize(
    ("module", "kind"),
    [
        ("keras.layers", "Lambda"),
        ("keras.layers", "TFSMLayer"),
        ("keras.layers", "StringLookup"),
        ("keras.layers", "TorchModuleWrapper"),
        ("keras.src.ops.numpy", "Add"),
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
    refused(zipped(config, **{"assets/vocabulary.txt": b""}), "assets/vocabulary")


def test_an_archive_of_another_kind_is_refused() -> None:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("archive/data.pkl", b"")
    refused(target.getvalue(), "archive/data.pkl")


def test_a_member_that_stands_there_twice_is_refused() -> None:
    target = BytesIO(zipped(sequential(DENSE)))
    with (
        pytest.warns(UserWarning, match="Duplicate name"),
        zipfile.ZipFile(target, "a") as archive,
    ):
        archive.writestr("config.json", b"{}")
    refused(target.getvalue(), "'config.json', 'config.json'")


def test_an_archive_that_unpacks_to_too_much_is_refused() -> None:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", json.dumps(sequential(DENSE)))
        archive.writestr("metadata.json", b"{}")
        with archive.open("model.weights.h5", "w") as member:
            for _ in range(513):
                member.write(bytes(2**20))
    assert len(target.getvalue()) < 2**20
    refused(target.getvalue(), "at most 536,870,912 bytes")


def test_a_rare_compression_is_refused() -> None:
    target = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(zipped(sequential(DENSE)))) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_LZMA) as archive,
    ):
        for name in source.namelist():
            archive.writestr(name, source.read(name))
    refused(target.getvalue(), "stored or deflated")


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


def test_a_truncated_archive_is_damaged() -> None:
    refused(zipped(sequential(DENSE))[:-30], "damaged")


def test_flipped_bits_are_damage() -> None:
    content = zipped(sequential(DENSE))
    at = content.index(b'"units"')
    refused(
        content[:at] + b"#" + content[at + 1 :], r"checksum of config\.json is wrong"
    )


def test_damaged_weights_are_refused_though_keras_would_take_them() -> None:
    content = zipped(sequential(DENSE), **{"model.weights.h5": b"weights"})
    at = content.index(b"weights.h5weights") + len(b"weights.h5")
    content = content[:at] + b"W" + content[at + 1 :]
    refused(content, r"checksum of model\.weights\.h5 is wrong")


def test_an_encrypted_member_is_refused() -> None:
    content = bytearray(zipped(sequential(DENSE)))
    at = content.rindex(b"PK\x01\x02")  # config.json comes last; bit 0 of its flags
    content[at + 8] |= 1
    refused(bytes(content), "damaged")
