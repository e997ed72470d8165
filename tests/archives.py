"""Model files made by hand: archives with plain zipfile and h5py, pickles by opcode."""

import json
import pickle
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from types import MappingProxyType
from typing import Any

import h5py
import numpy as np

Json = dict[str, Any]

DENSE: Json = {
    "module": "keras.layers",
    "class_name": "Dense",
    "config": {"name": "probabilities", "units": 3, "activation": "softmax"},
    "registered_name": None,
}

INPUT: Json = {
    "module": "keras.layers",
    "class_name": "InputLayer",
    "config": {"batch_shape": [None, 4], "dtype": "float32", "name": "images"},
    "registered_name": None,
}


def layer(kind: str, module: str = "keras.layers", **config: Any) -> Json:
    """Returns the configuration of a layer, as Keras writes it."""
    return {
        "module": module,
        "class_name": kind,
        "config": config,
        "registered_name": None,
    }


def sequential(*layers: Json) -> Json:
    """Returns the configuration of a Sequential network, as Keras writes it."""
    return {
        "module": "keras",
        "class_name": "Sequential",
        "config": {"name": "net", "layers": list(layers)},
        "registered_name": None,
    }


def weights(change: Callable[[Any], object] = lambda _: None) -> bytes:
    """Returns the weights of `DENSE` on `INPUT`, changed.

    Args:
        change: What to do to the open h5py.File.
    """
    target = BytesIO()
    with h5py.File(target, "w") as file:
        numbers = file.create_group("layers/dense/vars")
        numbers.attrs["name"] = "probabilities"
        numbers["0"] = np.arange(12, dtype=np.float32).reshape(4, 3)
        numbers["1"] = np.zeros(3, np.float32)
        file.create_group("vars").attrs["name"] = "net"
        change(file)
    return target.getvalue()


WEIGHTS = weights()
PLAIN = sequential(INPUT, DENSE)


def members(config: Any = PLAIN, held: bytes = WEIGHTS) -> dict[str, bytes]:
    """Returns what a `.keras` archive holds, by name."""
    text = config if isinstance(config, bytes) else json.dumps(config).encode()
    return {
        "metadata.json": b"{}",
        "config.json": text,
        "model.weights.h5": held,
    }


def zipped(
    config: Any = PLAIN,
    others: Mapping[str, bytes] = MappingProxyType({}),
    *,
    packing: int = zipfile.ZIP_STORED,
) -> bytes:
    """Returns a `.keras` archive of that configuration, further members after it."""
    return packed({**members(config), **others}, packing)


def packed(held: dict[str, bytes], packing: int = zipfile.ZIP_STORED) -> bytes:
    """Returns a zip of those members, in their order, as written on one fixed day."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", packing) as archive:
        for name, content in held.items():
            member = zipfile.ZipInfo(name)
            member.compress_type = packing
            archive.writestr(member, content)
    return target.getvalue()


SEQUENTIAL = b"\x8c\x1bkeras.src.models.sequential\x8c\x0aSequential\x93"
GETATTR = b"\x8c\x08builtins\x8c\x07getattr\x93"
METHOD = b"\x8c\x0f_unpickle_model"
LOADER = GETATTR + SEQUENTIAL + METHOD + b"\x86R"
"""getattr(Sequential, "_unpickle_model"), in the opcodes of protocol 4."""

BUFFER = b"\x8c\x03_io\x8c\x07BytesIO\x93)\x81"
"""An empty buffer that waits for its state."""


def keras_pickle(archive: bytes) -> bytes:
    """Returns what pickle writes of a Keras model that saves itself as the archive."""
    buffer = pickle.dumps(BytesIO(archive), protocol=4)
    body = buffer[buffer.index(b"\x8c") : -1]  # without PROTO, FRAME and STOP
    return b"\x80\x04" + LOADER + body + b"\x85R."


class Calls:
    """Pickles as a call: what every attack by pickle is made of."""

    def __init__(self, function: Callable[..., Any], *arguments: object) -> None:
        self.call = (function, arguments)

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[object, ...]]:
        return self.call
