import struct
from collections.abc import Callable
from io import BytesIO
from typing import Any

import h5py
import numpy as np
import pytest
from archives import WEIGHTS, weights

from reportgen.errors import ModelError
from reportgen.model.weights_file import audit_weights

Change = Callable[[Any], object]


def refused(change: Change, match: str) -> None:
    with pytest.raises(ModelError, match=match):
        audit_weights(weights(change), name="m.keras")


def test_numbers_are_counted() -> None:
    # A kernel of 4 x 3 and 3 biases.
    assert audit_weights(WEIGHTS, name="m.keras") == 15


@pytest.mark.parametrize("kind", [np.float16, np.float64, np.int64, np.uint8, np.bool_])
def test_numbers_of_every_kind_are_admitted(kind: type) -> None:
    held = weights(lambda file: file.update({"n": np.zeros((), kind)}))
    assert audit_weights(held, name="m.keras") == 16


@pytest.mark.parametrize(
    "settings",
    [
        {"chunks": (50,)},
        {"compression": "gzip", "shuffle": True, "fletcher32": True},
    ],
)
def test_what_is_not_in_one_piece_is_refused(settings: dict[str, Any]) -> None:
    def add(file: Any) -> None:
        file.create_dataset("n", data=np.arange(100, dtype=np.float32), **settings)

    refused(add, "filters|not in one piece")


@pytest.mark.parametrize(
    "value",
    [
        b"text",
        np.array([b"a"]),
        np.zeros(2, [("a", "f4"), ("b", "i4")]),
        np.zeros(2, np.complex64),
        np.void(b"\0\0"),
    ],
)
def test_what_is_no_number_is_refused(value: Any) -> None:
    refused(lambda file: file.update({"n": value}), "something else than numbers")


def test_an_empty_dataset_is_refused() -> None:
    refused(
        lambda file: file.update({"n": h5py.Empty("f4")}), "'/n', which has no shape"
    )


def test_a_type_with_a_name_is_refused() -> None:
    refused(
        lambda file: file.update({"t": np.dtype("f4")}), "neither a group nor a dataset"
    )


def test_a_dataset_of_a_named_type_is_refused() -> None:
    def add(file: Any) -> None:
        file["t"] = np.dtype("f4")
        file.create_dataset("n", (2,), file["t"])
        del file["t"]

    refused(add, "has a header in parts")


def test_a_second_name_is_refused() -> None:
    refused(lambda file: file.update({"n": file["vars"]}), "takes bytes that are taken")


def test_other_attributes_are_refused() -> None:
    refused(lambda file: file.attrs.update(evil="x"), "attributes")
    refused(
        lambda file: file["layers/dense/vars/0"].attrs.update(name="x"),
        "attributes",
    )


def test_deep_nesting_is_refused() -> None:
    refused(lambda file: file.create_group("/".join("a" * 60)), "lies deeper")


def test_many_small_claims_add_up() -> None:
    # 600 datasets of 1 MiB each that hold nothing: below the bound one by one.
    def add(file: Any) -> None:
        for number in range(600):
            file.create_dataset(str(number), (2**18,), np.float32)

    refused(add, "weights of 629,145,660 bytes, more than")


def newer(change: Change = lambda _: None) -> bytes:
    """Returns the same weights in HDF5 of the newest version, changed."""
    target = BytesIO()
    with h5py.File(target, "w", libver="latest") as file:
        numbers = file.create_group("layers/dense/vars")
        numbers.attrs["name"] = "probabilities"
        numbers["0"] = np.arange(12, dtype=np.float32).reshape(4, 3)
        numbers["1"] = np.zeros(3, np.float32)
        for number in range(12):  # so many that the table of names is a heap
            file.create_group(f"layers/{number}")
        change(file)
    return target.getvalue()


def test_newer_files_are_read_in_a_process_of_their_own() -> None:
    assert audit_weights(newer(), name="m.keras") == 15


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (lambda f: f.update({"n": h5py.SoftLink("/layers")}), "a link to elsewhere"),
        (lambda f: f.update({"n": f["layers"]}), "takes bytes that are taken"),
        (lambda f: f.update({"n": b"text"}), "something else than numbers"),
        (lambda f: f.create_dataset("n", (9,), "f4", chunks=(9,)), "not in one piece"),
        (lambda f: f.create_dataset("n", (2**30,), "f4"), "holds 0"),
        (lambda f: f.create_dataset("n", (9,), "f4", external="x"), "in another file"),
        (lambda f: f.attrs.update(evil=1), "has attributes"),
        (lambda f: f.create_group("/".join("a" * 60)), "lies deeper"),
    ],
)
def test_newer_files_are_held_to_the_same(change: Change, match: str) -> None:
    with pytest.raises(ModelError, match=match):
        audit_weights(newer(change), name="m.keras")


def test_damage_in_a_newer_file_is_an_error_of_ours() -> None:
    content = bytearray(newer())
    content[len(content) // 2] ^= 1
    with pytest.raises(ModelError, match="a damaged one"):
        audit_weights(bytes(content[:300]), name="m.keras")


@pytest.mark.parametrize("length", [9, 100, 700, 2000])
def test_half_a_file_is_damaged(length: int) -> None:
    with pytest.raises(ModelError, match="beyond"):
        audit_weights(WEIGHTS[:length], name="m.keras")


@pytest.mark.parametrize(
    ("free", "match"),
    [(2**63, "free places beyond its names"), (0, "run in a circle")],
)
def test_a_list_of_free_places_ends(free: int, match: str) -> None:
    content = bytearray(WEIGHTS)
    heap = content.index(b"HEAP")
    first, names = struct.unpack_from("<2Q", content, heap + 16)
    struct.pack_into("<Q", content, names + first, free)
    with pytest.raises(ModelError, match=match):
        audit_weights(bytes(content), name="m.keras")


def test_what_is_no_hdf5_is_refused() -> None:
    with pytest.raises(ModelError, match="begins with b'hello'"):
        audit_weights(b"hello", name="m.keras")


def test_a_file_with_a_block_before_it_is_refused() -> None:
    with pytest.raises(ModelError, match="must be an HDF5 file"):
        audit_weights(bytes(512) + WEIGHTS, name="m.keras")
