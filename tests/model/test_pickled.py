import os
import pickle
from collections import OrderedDict
from pathlib import Path

import numpy as np
import pytest
from archives import (
    BUFFER,
    GETATTR,
    LOADER,
    METHOD,
    SEQUENTIAL,
    Calls,
    keras_pickle,
)

from reportgen.errors import ModelError
from reportgen.model.pickled import archive_from_pickle


def refused(content: bytes, match: str) -> None:
    with pytest.raises(ModelError, match=match):
        archive_from_pickle(content, name="m.pkl")


def test_the_archive_comes_out_as_it_went_in() -> None:
    archive = b"PK\x03\x04 and the rest"
    assert archive_from_pickle(keras_pickle(archive), name="m.pkl") == archive


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_a_hostile_call_is_refused_and_never_runs(
    tmp_path: Path, protocol: int
) -> None:
    proof = tmp_path / "proof"
    attack = pickle.dumps(Calls(os.system, f"touch {proof}"), protocol)
    refused(attack, r"asks for '(posix|nt)\.system'")
    assert not proof.exists()


def test_a_hostile_call_after_the_model_is_refused() -> None:
    attack = pickle.dumps(Calls(os.system, "true"), 4)
    body = attack[attack.index(b"\x8c") : -1]
    refused(keras_pickle(b"PK")[:-1] + body + b".", "system")


@pytest.mark.parametrize("name", ["eval", "exec", "__import__", "setattr", "open"])
def test_no_other_builtin_is_known(name: str) -> None:
    attack = f"\x80\x04cbuiltins\n{name}\n.".encode("latin-1")
    refused(attack, f"builtins.{name}")


def test_a_name_kept_in_the_memo_is_refused_all_the_same() -> None:
    # posix and system are fetched from the memo, so that the last two texts in the
    # stream are those of an admitted name.
    attack = (
        b"\x80\x04\x8c\x05posix\x94\x8c\x06system\x94"
        b"\x8c\x08builtins\x8c\x07getattrh\x00h\x01\x93."
    )
    refused(attack, "posix.system")


def test_getattr_reads_one_attribute_only() -> None:
    attack = b"\x80\x04" + GETATTR + SEQUENTIAL + b"\x8c\x0b__globals__\x86R."
    refused(attack, "getattr of '__globals__' is refused")


def test_getattr_does_not_read_from_a_stand_in() -> None:
    attack = b"\x80\x04" + GETATTR + GETATTR + METHOD + b"\x86R."
    refused(attack, "getattr of '_unpickle_model' is refused")


def test_no_attribute_of_a_stand_in_can_be_set() -> None:
    # Sequential, (None, {"x": 1}), BUILD: setattr by the back door.
    attack = b"\x80\x04" + SEQUENTIAL + b"N}\x8c\x01xK\x01s\x86b."
    refused(attack, "EMPTY_DICT")


def test_a_huge_memo_is_refused_before_it_is_made() -> None:
    # LONG_BINPUT 2**31 - 1 would ask for sixteen gigabytes.
    refused(b"\x80\x04Nr\xff\xff\xff\x7f.", "LONG_BINPUT")


def test_a_long_pickle_is_refused() -> None:
    refused(b"\x80\x04" + b"N" * 200 + b".", "opcode 201 is NONE")


@pytest.mark.parametrize(
    ("value", "received"),
    [
        ({"weights": 1}, "EMPTY_DICT"),
        (OrderedDict(), "collections.OrderedDict"),
        (np.zeros(3), "numpy"),
        ((), "pickled 'tuple'"),
        (b"PK\x03\x04", "pickled 'bytes'"),
    ],
)
def test_what_is_not_a_model_is_refused(value: object, received: str) -> None:
    refused(pickle.dumps(value, 4), received)


@pytest.mark.parametrize("length", [2, 3, 40, 100, 110])
def test_a_truncated_pickle_is_damaged(length: int) -> None:
    refused(keras_pickle(b"PK\x03\x04")[:length], "damaged")


def test_a_loader_without_a_buffer_is_refused() -> None:
    refused(b"\x80\x04" + LOADER + b"N\x85R.", "not given a buffer")


def test_a_buffer_without_bytes_gives_an_empty_archive() -> None:
    content = b"\x80\x04" + LOADER + b"\x8c\x03_io\x8c\x07BytesIO\x93)\x81\x85R."
    assert archive_from_pickle(content, name="m.pkl") == b""


def test_a_number_is_no_state_of_a_buffer() -> None:
    # BININT 2**31 - 1 as the buffer's bytes would ask for two gigabytes of zeros.
    state = b"J\xff\xff\xff\x7fK\x00N\x87b"
    refused(b"\x80\x04" + LOADER + BUFFER + state + b"\x85R.", "must hold bytes")


def test_the_archive_that_came_out_takes_no_other_state() -> None:
    # BUILD on what the loader returned, with a number where its bytes were.
    model = keras_pickle(b"PK\x03\x04")[:-1]
    refused(model + b"K\x01\x85b.", "damaged")


def test_refusals_list_every_name_once() -> None:
    names = ["a", "b", "a", "c", "d", "e", "f", "g"]  # seven, one of them twice
    asked = "".join(f"cevil\n{name}\n0" for name in names).encode()
    match = "'evil.a', 'evil.b', 'evil.c', 'evil.d', 'evil.e' and 2 more"
    refused(b"\x80\x04" + asked + b"N.", match)


@pytest.mark.parametrize(
    ("module", "holds"),
    [
        ("sklearn.svm._classes", "a scikit-learn estimator"),
        ("torch._utils", "a PyTorch model"),
        ("xgboost.core", "an XGBoost model"),
        ("keras.src.saving.pickle_utils", "a model of an older Keras"),
        ("tensorflow.python", "a TensorFlow model"),
        ("evil", "a pickle"),
    ],
)
def test_a_pickle_of_another_library_is_named(module: str, holds: str) -> None:
    content = f"\x80\x04c{module}\nf\n.".encode("latin-1")
    refused(content, f"Received {holds} that asks for '{module}.f'.*--predictions FILE")


def test_a_name_is_refused_though_the_rest_is_damaged() -> None:
    refused(b"\x80\x04cposix\nsystem\n\xff\xff", "posix.system")
