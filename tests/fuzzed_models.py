"""What fuzzers do to model files: one entry a reader, and the files they begin with."""

import io
import json
import pickle
import zipfile
from io import BytesIO

import h5py
import numpy as np
from archives import (
    DENSE,
    INPUT,
    LOADER,
    keras_pickle,
    layer,
    members,
    packed,
    sequential,
)

from reportgen.errors import ModelError
from reportgen.model.allowed import ALLOWED, WORDS
from reportgen.model.archive import MEMBERS
from reportgen.model.gate import Admitted, admit
from reportgen.model.pickled import archive_from_pickle

TENSOR = layer("Dropout", rate=0.5) | {
    "inbound_nodes": [
        {"args": [{"class_name": "__keras_tensor__", "config": {}}], "kwargs": {}}
    ]
}


def _few_weights() -> bytes:
    """Returns as small a file of weights as there is, for small examples."""
    target = BytesIO()
    with h5py.File(target, "w") as file:
        file.attrs["name"] = "net"
        file["0"] = np.arange(3, dtype=np.float32)
    return target.getvalue()


FEW_WEIGHTS = _few_weights()

ARCHIVES = (
    packed(members(held=FEW_WEIGHTS)),
    packed(members(), zipfile.ZIP_DEFLATED),
    packed(members(sequential(INPUT, TENSOR, layer("Flatten"), DENSE), FEW_WEIGHTS)),
    packed(members(held=b"")),
)
PICKLES = (
    keras_pickle(b"PK\x03\x04 and the rest"),
    keras_pickle(ARCHIVES[0][:200]),
    pickle.dumps(io.BytesIO(b"PK"), 2),
    b"\x80\x04" + LOADER + b".",
)


def open_any_part(content: bytes) -> None:
    """Puts bytes before the gate: as an archive, its configuration or its weights.

    No blind change of a zip gets past its checksums, so the first byte may ask for a
    true zip around the rest. Weights are of the version that is read in this process:
    another one starts a process for each.

    Raises:
        AssertionError: The gate let in what a careful reader would not.
    """
    kind, rest = content[:1], content[1:]
    if kind == b"c":
        open_archive(packed(members(rest, FEW_WEIGHTS)))
    elif kind == b"w":
        open_archive(packed(members(held=rest[:8] + b"\0" + rest[9:])))
    else:
        open_archive(content)


ANY_PARTS = (
    *ARCHIVES,
    b"c" + members(sequential(INPUT, TENSOR, DENSE))["config.json"],
    b"w" + FEW_WEIGHTS,
)


def open_archive(content: bytes) -> None:
    """Puts the bytes before the gate; what passes is read again, with care.

    Raises:
        AssertionError: The gate let in what a careful reader would not.
    """
    try:
        admitted = admit(content, name="m.keras")
    except ModelError:
        return
    _read_with_care(admitted)


def _read_with_care(admitted: Admitted) -> None:
    """Reads an archive by other means, and asserts what was promised of it."""
    with zipfile.ZipFile(BytesIO(admitted.archive)) as archive:
        assert set(archive.namelist()) == MEMBERS
        assert len(archive.namelist()) == len(MEMBERS)
        assert archive.testzip() is None
        config = json.loads(archive.read("config.json"))
        held = archive.read("model.weights.h5")
    config.pop("compile_config", None)
    text = json.dumps(config)
    assert _names(json.loads(text)) <= ALLOWED
    assert _numbers(held) in {None, admitted.numbers}


def _names(node: object) -> set[tuple[str, str]]:
    """Returns every (module, class name) in the JSON, those of tensors left out."""
    if isinstance(node, list):
        return set().union(*map(_names, node))
    if not isinstance(node, dict):
        return set()
    found = set().union(*map(_names, node.values()))
    if isinstance(node.get("activation"), str):
        assert node["activation"] in WORDS
    if "class_name" in node and node["class_name"] != "__keras_tensor__":
        found.add((str(node.get("module")), str(node["class_name"])))
    return found


DAMAGE = (KeyError, OSError, OverflowError, RuntimeError, TypeError, ValueError)
"""What h5py raises for what it cannot find or read; loading turns it into ours."""


def _numbers(held: bytes) -> int | None:
    """Returns how many numbers HDF5 finds in a file, None where it finds damage."""
    try:
        with h5py.File(BytesIO(held)) as file:
            return _numbers_below(file)
    except DAMAGE:
        return None


def _numbers_below(group: h5py.Group) -> int:
    """Returns how many numbers a group holds, found by name as Keras finds them."""
    count = 0
    for name in group:
        found = group[name]
        if isinstance(found, h5py.Group):
            count += _numbers_below(found)
            continue
        assert found.external is None
        assert not found.is_virtual
        assert np.asarray(found[()]).dtype.kind in "fiub"
        count += found.size
    return count


def open_pickle(content: bytes) -> None:
    """Takes the archive out of a pickle; what comes out stands in it as it is.

    Raises:
        AssertionError: What came out was not in the file.
    """
    try:
        archive = archive_from_pickle(content, name="m.pkl")
    except ModelError:
        return
    assert archive in content
