"""Hostile pickles: each asks for a name, or for memory, before anything is built."""

import os
import pickle
import zlib
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from archives import (
    BUFFER,
    DENSE,
    GETATTR,
    INPUT,
    LOADER,
    METHOD,
    SEQUENTIAL,
    Calls,
    keras_pickle,
    layer,
    sequential,
    zipped,
)
from hostile import Case

BUILD = ("build", "--dataset", "digits", "--model", "model.pkl")

ATTACK = pickle.dumps(Calls(os.system, "touch proof"), 4)


def _case(key: str, what: str, make: Callable[[], bytes], says: str) -> Case:
    """Returns the case of a file that holds those bytes."""

    def write(folder: Path) -> None:
        (folder / "model.pkl").write_bytes(make())

    return Case(
        key=key, group="pickles", what=what, write=write, command=BUILD, says=says
    )


def _text(opcodes: bytes) -> bytes:
    """Returns a pickle of protocol 4 of those opcodes."""
    return b"\x80\x04" + opcodes + b"."


def _global(module: str, name: str) -> bytes:
    return f"c{module}\n{name}\n".encode()


def _after_the_model() -> bytes:
    body = ATTACK[ATTACK.index(b"\x8c") : -1]
    return keras_pickle(zipped())[:-1] + body + b"."


def _older_keras() -> bytes:
    name = _global("keras.saving.pickle_utils", "deserialize_model_from_bytecode")
    return b"\x80\x02" + name + b"C\x02PK\x85R."


def _scikit_learn() -> bytes:
    names = ["sklearn.tree._classes", "joblib.numpy_pickle", "numpy", "posix"]
    asked = b"".join(_global(name, "f") + b"0" for name in names)
    return b"\x80\x03" + asked + b"N."


CASES = (
    _case(
        "call",
        "a call of os.system",
        lambda: ATTACK,
        "asks for 'posix.system', which is refused",
    ),
    _case(
        "old-protocol",
        "a call of os.system in the oldest protocol, which is text",
        lambda: pickle.dumps(Calls(os.system, "touch proof"), 0),
        "must be a Keras model. Received a file that begins with b'cposix",
    ),
    _case(
        "after-the-model",
        "a whole model, and a call after it",
        _after_the_model,
        "asks for 'posix.system', which is refused",
    ),
    _case(
        "many-names",
        "seven names, of which none is a model's",
        lambda: _text(
            b"".join(_global("evil", f"f{n}") + b"0" for n in range(7)) + b"N"
        ),
        "'evil.f4' and 2 more, which is refused",
    ),
    _case(
        "name-in-the-memo",
        "a name put together from the memo behind an admitted one",
        lambda: _text(
            b"\x8c\x05posix\x94\x8c\x06system\x94"
            b"\x8c\x08builtins\x8c\x07getattrh\x00h\x01\x93\x8c\x04true\x85R"
        ),
        "asks for 'posix.system', which is refused",
    ),
    _case(
        "attribute",
        "another attribute of an admitted class",
        lambda: _text(GETATTR + SEQUENTIAL + b"\x8c\x0b__globals__\x86R"),
        "getattr of '__globals__' is refused",
    ),
    _case(
        "attribute-of-getattr",
        "getattr of getattr",
        lambda: _text(GETATTR + GETATTR + METHOD + b"\x86R"),
        "getattr of '_unpickle_model' is refused",
    ),
    _case(
        "state",
        "attributes that are set on an admitted class",
        lambda: _text(SEQUENTIAL + b"N}\x8c\x08__call__K\x01s\x86b"),
        "EMPTY_DICT, which no Keras model has",
    ),
    _case(
        "extension",
        "a name by its number in the registry of copyreg",
        lambda: _text(b"\x82\x01)R"),
        "EXT1, which no Keras model has",
    ),
    _case(
        "persistent",
        "an object that the program is to look up",
        lambda: _text(b"\x8c\x04evilQ"),
        "BINPERSID, which no Keras model has",
    ),
    _case(
        "memo-bomb",
        "a memo of 2**31 places in 7 bytes",
        lambda: _text(b"Nr\xff\xff\xff\x7f"),
        "LONG_BINPUT, which no Keras model has",
    ),
    _case(
        "zeros-bomb",
        "a buffer whose state is the number 2**31, which would be as many zeros",
        lambda: _text(LOADER + BUFFER + b"J\xff\xff\xff\x7fK\x00N\x87b\x85R"),
        "a buffer must hold bytes",
    ),
    _case(
        "length-bomb",
        "text that says it is 2**62 bytes long",
        lambda: _text(b"\x8e" + (2**62).to_bytes(8, "little") + b"PK"),
        "Received a damaged one",
    ),
    _case(
        "long",
        "ten million opcodes that do nothing",
        lambda: _text(b"N0" * 5_000_000 + b"N"),
        "POP, which no Keras model has",
    ),
    _case(
        "compressed",
        "a gigabyte of zeros, compressed as joblib does",
        lambda: zlib.compress(bytes(2**30), 1),
        "a file compressed with zlib",
    ),
    _case(
        "lambda-inside",
        "a model as joblib writes it, with a Lambda in its archive",
        lambda: keras_pickle(zipped(sequential(INPUT, layer("Lambda"), DENSE))),
        "'Lambda' of 'keras.layers', which is refused",
    ),
    _case(
        "no-archive",
        "a model as joblib writes it, with another pickle in place of its archive",
        lambda: keras_pickle(ATTACK),
        "Received a pickled model without one",
    ),
    _case(
        "older-keras",
        "a model that Keras 2 pickled, which loads itself",
        _older_keras,
        "Received a model of an older Keras",
    ),
    _case(
        "scikit-learn",
        "a scikit-learn estimator with a call in it",
        _scikit_learn,
        "Received a scikit-learn estimator that asks for",
    ),
    _case(
        "dictionary",
        "a dictionary in order, which is a call as well",
        lambda: pickle.dumps(OrderedDict(weights=1), 4),
        "asks for 'collections.OrderedDict'",
    ),
)
