"""Hostile `.keras` archives, and model files of formats that are not read.

The classes of Keras's own advisories are all here: code in a layer, any function by its
name, the switch that turns safe mode off, downloads, files read as vocabularies, models
of other libraries, HDF5 that reads other files or claims any size.
"""

import base64
import marshal
import os
import struct
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from archives import (
    DENSE,
    INPUT,
    PLAIN,
    WEIGHTS,
    layer,
    members,
    packed,
    sequential,
    weights,
    zipped,
)
from hostile import Case, Write

BUILD = ("build", "--dataset", "digits", "--model", "model.keras")

CODE = base64.b64encode(
    marshal.dumps(compile("open('proof', 'w')", "model", "eval"))
).decode()
"""What would leave a file behind if it were run."""


def _file(make: Callable[[], bytes]) -> Write:
    """Returns what writes the bytes as a model file."""
    return lambda folder: _write(folder, make())


def _write(folder: Path, content: bytes) -> None:
    (folder / "model.keras").write_bytes(content)


def _network(*layers: dict[str, Any]) -> Write:
    """Returns what writes an archive of plain layers with those among them."""
    return _file(lambda: zipped(sequential(INPUT, *layers, DENSE)))


def _held(change: Callable[[Any], object]) -> Write:
    """Returns what writes an archive of a plain network with changed weights."""
    return _file(lambda: packed(members(PLAIN, weights(change))))


def _external_link(file: Any) -> None:
    del file["layers/dense/vars/0"]
    file["layers/dense/vars/0"] = h5py.ExternalLink("/etc/passwd", "/")


def _soft_link(file: Any) -> None:
    del file["layers/dense/vars/1"]
    file["layers/dense/vars/1"] = h5py.SoftLink("/layers/dense/vars/0")


def _external_storage(file: Any) -> None:
    del file["layers/dense/vars/1"]
    file["layers/dense/vars"].create_dataset(
        "1", (3,), np.float32, external=[("/etc/passwd", 0, 12)]
    )


def _virtual(file: Any) -> None:
    layout = h5py.VirtualLayout((3,), np.float32)
    layout[:] = h5py.VirtualSource("/etc/passwd", "/0", (3,))
    del file["layers/dense/vars/1"]
    file["layers/dense/vars"].create_virtual_dataset("1", layout)


def _plugin(file: Any) -> None:
    plan = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plan.set_chunk((3,))
    # 32015 is Zstandard, which HDF5 looks for in the folders of its plugins.
    plan.set_filter(32015, h5py.h5z.FLAG_OPTIONAL, ())
    space = h5py.h5s.create_simple((3,))
    group = file["layers/dense/vars"]
    h5py.h5d.create(group.id, b"2", h5py.h5t.NATIVE_FLOAT, space, plan)


def _shape(file: Any) -> None:
    del file["layers/dense/vars/0"]
    file["layers/dense/vars"].create_dataset("0", (2**20, 2**20), np.float32)


def _circle(file: Any) -> None:
    file["layers/dense/vars/layers"] = file["layers"]


def _endless() -> bytes:
    """The first free place of a list of names says that the next one is itself."""
    content = bytearray(WEIGHTS)
    heap = content.index(b"HEAP")
    free, start = struct.unpack_from("<2Q", content, heap + 16)
    struct.pack_into("<Q", content, start + free, free)
    return bytes(content)


def _newer_link() -> bytes:
    target = BytesIO()
    with h5py.File(target, "w", libver="latest") as file:
        file["a"] = h5py.ExternalLink("/etc/passwd", "/")
    return target.getvalue()


def _reference(file: Any) -> None:
    del file["layers/dense/vars/1"]
    kept = file["layers/dense/vars"].create_dataset("1", (1,), h5py.ref_dtype)
    kept[0] = file["layers"].ref


def _objects(file: Any) -> None:
    for number in range(10_001):
        file.create_group(f"layers/{number}")


def _ratio_bomb() -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members(held=b"").items():
            if name != "model.weights.h5":
                archive.writestr(name, content)
        with archive.open("model.weights.h5", "w") as member:
            for _ in range(400):
                member.write(bytes(2**20))
    return target.getvalue()


def _overlapping() -> bytes:
    """Both JSON members share one stretch of the file: as in a quine of zips."""
    content = bytearray(packed({"config.json": b"{}", **members()}))
    entries = [at for at in range(len(content)) if content[at:].startswith(b"PK\1\2")]
    first = content[entries[0] + 42 : entries[0] + 46]
    content[entries[1] + 42 : entries[1] + 46] = first
    return bytes(content)


def _longer_than_it_says() -> bytes:
    """The table and the header say 2 bytes; what is stored unpacks to a gigabyte."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, held in members().items():
            if name != "metadata.json":
                archive.writestr(name, held)
        with archive.open("metadata.json", "w") as member:
            member.write(b"{}")
            for _ in range(1024):
                member.write(bytes(2**20))
    content = bytearray(target.getvalue())
    header = content.index(b"metadata.json") - 30
    entry = content.rindex(b"metadata.json") - 46
    for at in (header + 14, entry + 16):
        struct.pack_into("<L", content, at, zlib.crc32(b"{}"))
        struct.pack_into("<L", content, at + 8, 2)
    return bytes(content)


def _twice() -> bytes:
    held = packed(members(sequential(INPUT, layer("Lambda"), DENSE)))
    other = packed(members())
    # One zip behind the other, and one table of contents for both.
    tables = [one[one.index(b"PK\1\2") : -22] for one in (held, other)]
    bodies = [one[: one.index(b"PK\1\2")] for one in (held, other)]
    moved = bytearray(tables[1])
    at = 0
    while (at := moved.find(b"PK\1\2", at)) >= 0:
        (offset,) = struct.unpack_from("<L", moved, at + 42)
        struct.pack_into("<L", moved, at + 42, offset + len(bodies[0]))
        at += 46
    table = tables[0] + bytes(moved)
    places = len(table), len(bodies[0]) + len(bodies[1])
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 6, 6, *places, 0)
    return b"".join((*bodies, table, end))


def _encrypted() -> bytes:
    content = bytearray(zipped())
    for signature, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        content[content.index(signature) + place] |= 1
    return bytes(content)


def _many_members() -> bytes:
    held = {f"{number:08}": b"" for number in range(60_000)}
    return packed({**members(), **held})


def _second_end() -> bytes:
    """A second end in 64 bits, which says that the table has 2**40 bytes."""
    content = zipped()
    record = struct.pack(
        "<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 3, 3, 2**40, len(content)
    )
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, len(content) - 22, 1)
    return content[:-22] + record + locator + content[-22:]


def _calls() -> bytes:
    """Returns a network that calls a network ten times, five deep."""
    called: list[dict[str, Any]] = [{"args": [], "kwargs": {}}] * 10
    network = sequential(layer("ReLU"))
    for _ in range(5):
        network = sequential(INPUT, network | {"inbound_nodes": called})
    return zipped(network)


def _torch(folder: Path) -> None:
    held = {"archive/data.pkl": b"\x80\x02cos\nsystem\nX\x04\0\0\0true\x85R."}
    _write(folder, packed(held))


def _saved_model(folder: Path) -> None:
    (folder / "model.keras").mkdir()
    (folder / "model.keras" / "saved_model.pb").write_bytes(b"\x08\x01")


def _lasting_trust(folder: Path) -> None:
    (folder / "reportgen.toml").write_text("trust-model = true")


CASES = (
    Case(
        key="lambda",
        group="models",
        what="a Lambda layer with marshalled code",
        write=_network(
            layer("Lambda", function={"class_name": "__lambda__", "config": CODE})
        ),
        command=BUILD,
        says="'Lambda' of 'keras.layers', '__lambda__' of 'None', which is refused",
    ),
    Case(
        key="any-function",
        group="models",
        what="os.system named as an activation",
        write=_network(
            layer(
                "Activation",
                activation={
                    "module": "os",
                    "class_name": "function",
                    "config": "system",
                    "registered_name": "system",
                },
            )
        ),
        command=BUILD,
        says="'system' of 'os' registered as 'system', which is refused",
    ),
    Case(
        key="safe-mode-off",
        group="models",
        what="the function of Keras that turns its safe mode off, then a Lambda",
        write=_network(
            layer("function", "keras.config")
            | {"config": "enable_unsafe_deserialization"},
            layer("Lambda", function=CODE),
        ),
        command=BUILD,
        says="'enable_unsafe_deserialization' of 'keras.config', 'Lambda'",
    ),
    Case(
        key="download",
        group="models",
        what="keras.utils.get_file, which downloads and unpacks",
        write=_network(layer("function", "keras.utils") | {"config": "get_file"}),
        command=BUILD,
        says="'get_file' of 'keras.utils'",
    ),
    Case(
        key="vocabulary",
        group="models",
        what="a StringLookup whose vocabulary is /etc/passwd",
        write=_network(layer("StringLookup", vocabulary="/etc/passwd")),
        command=BUILD,
        says="'StringLookup' of 'keras.layers'",
    ),
    Case(
        key="torch-in-keras",
        group="models",
        what="a TorchModuleWrapper, which holds a pickle",
        write=_network(layer("TorchModuleWrapper", module_=CODE)),
        command=BUILD,
        says="'TorchModuleWrapper' of 'keras.layers'",
    ),
    Case(
        key="another-model",
        group="models",
        what="a TFSMLayer, which loads a SavedModel from any path",
        write=_network(layer("TFSMLayer", filepath="/tmp/evil")),
        command=BUILD,
        says="'TFSMLayer' of 'keras.layers'",
    ),
    Case(
        key="many-refusals",
        group="models",
        what="seven foreign parts in one network",
        write=_network(*(layer(f"Evil{number}", "evil") for number in range(7))),
        command=BUILD,
        says="'Evil4' of 'evil' and 2 more, which is refused",
    ),
    Case(
        key="type-specification",
        group="models",
        what="a type specification, a class found by its module",
        write=_network(
            layer("Flatten")
            | {
                "config": {
                    "spec": {
                        "class_name": "__typespec__",
                        "spec_name": "system",
                        "module": "os",
                        "config": [],
                        "registered_name": None,
                    }
                }
            }
        ),
        command=BUILD,
        says="'__typespec__' of 'os'",
    ),
    Case(
        key="registered-name",
        group="models",
        what="a Dense layer that is registered as something else",
        write=_network(layer("Dense", units=3) | {"registered_name": "evil>Dense"}),
        command=BUILD,
        says="registered as 'evil>Dense', which is refused",
    ),
    Case(
        key="older-layer",
        group="models",
        what="a layer without a module, which Keras reads by its older rules",
        write=_network({"class_name": "Lambda", "config": {"function": [CODE, None]}}),
        command=BUILD,
        says="'Lambda' of 'None'",
    ),
    Case(
        key="inner-compilation",
        group="models",
        what="a loss of its own in the compilation of a network in the network",
        write=_network(
            sequential(DENSE)
            | {
                "compile_config": {
                    "loss": layer("function", "os") | {"config": "system"}
                }
            }
        ),
        command=BUILD,
        says="'system' of 'os'",
    ),
    Case(
        key="activation-word",
        group="models",
        what="an activation that is the name of a function elsewhere",
        write=_network(layer("Activation", activation="subprocess.getoutput")),
        command=BUILD,
        says="activation 'subprocess.getoutput', which is refused",
    ),
    Case(
        key="operation",
        group="models",
        what="an operation of Keras in place of a layer",
        write=_network(layer("Einsum", "keras.src.ops.numpy", subscripts="i,j")),
        command=BUILD,
        says="'Einsum' of 'keras.src.ops.numpy'",
    ),
    Case(
        key="calls",
        group="models",
        what="a network that calls a network ten times, and so on: 100,000 calls",
        write=_file(_calls),
        command=BUILD,
        says="one that calls its layers more than 3,000 times",
    ),
    Case(
        key="window",
        group="models",
        what="a window of a milliard pixels, at which TensorFlow crashes",
        write=_network(layer("MaxPooling2D", pool_size=10**9, padding="same")),
        command=BUILD,
        says="pool_size 1000000000, wider than 4,096 pixels",
    ),
    Case(
        key="spread",
        group="models",
        what="one number that a layer spreads over 4 TiB",
        write=_network(
            layer("Normalization", mean=0.5, variance=1.0)
            | {"build_config": {"input_shape": [None, 10**12]}}
        ),
        command=BUILD,
        says="means that are spread over more than 4,194,304 numbers",
    ),
    Case(
        key="device",
        group="models",
        what="a link to /dev/zero",
        write=lambda folder: (folder / "model.keras").symlink_to("/dev/zero"),
        command=BUILD,
        says="a device is no file",
    ),
    Case(
        key="pipe",
        group="models",
        what="a pipe that nobody writes to",
        write=lambda folder: os.mkfifo(folder / "model.keras"),
        command=BUILD,
        says="a pipe is no file",
    ),
    Case(
        key="deep-configuration",
        group="models",
        what="100,000 lists, each inside of the one before",
        write=_file(lambda: zipped(b"[" * 100_000)),
        command=BUILD,
        says="config.json in model.keras must be JSON",
    ),
    Case(
        key="external-link",
        group="models",
        what="weights that are a link to another file",
        write=_held(_external_link),
        command=BUILD,
        says="which has what Keras does not write, links",
    ),
    Case(
        key="soft-link",
        group="models",
        what="weights that are a link by name",
        write=_held(_soft_link),
        command=BUILD,
        says="'/layers/dense/vars/1', which is a link to elsewhere",
    ),
    Case(
        key="external-storage",
        group="models",
        what="weights stored in /etc/passwd",
        write=_held(_external_storage),
        command=BUILD,
        says="which has what Keras does not write, other files",
    ),
    Case(
        key="virtual-dataset",
        group="models",
        what="weights put together from another file",
        write=_held(_virtual),
        command=BUILD,
        says="which is put together from other files",
    ),
    Case(
        key="plugin-filter",
        group="models",
        what="weights that ask HDF5 for a plugin",
        write=_held(_plugin),
        command=BUILD,
        says="which has what Keras does not write, filters",
    ),
    Case(
        key="shape-bomb",
        group="models",
        what="weights of 4 TiB in 5 kB",
        write=_held(_shape),
        command=BUILD,
        says="which claims 4,398,046,511,104 bytes and holds 0",
    ),
    Case(
        key="circle",
        group="models",
        what="a group that holds itself",
        write=_held(_circle),
        command=BUILD,
        says="which takes bytes that are taken",
    ),
    Case(
        key="endless-list",
        group="models",
        what="one byte that sends HDF5 round in a circle for ever",
        write=_file(lambda: packed(members(held=_endless()))),
        command=BUILD,
        says="which has free places that run in a circle",
    ),
    Case(
        key="newer-hdf5",
        group="models",
        what="a link to another file in HDF5 of a newer version",
        write=_file(lambda: packed(members(held=_newer_link()))),
        command=BUILD,
        says="'/a', which is a link to elsewhere",
        child=True,
    ),
    Case(
        key="reference",
        group="models",
        what="references in place of numbers",
        write=_held(_reference),
        command=BUILD,
        says="which holds something else than numbers",
    ),
    Case(
        key="many-objects",
        group="models",
        what="ten thousand groups",
        write=_held(_objects),
        command=BUILD,
        says="which is one of more than 10,000",
    ),
    Case(
        key="zip-bomb",
        group="models",
        what="400 MiB of zeros in 400 kB",
        write=_file(_ratio_bomb),
        command=BUILD,
        says="must hold members that unpack to at most 100 times what is stored",
    ),
    Case(
        key="zip-overlap",
        group="models",
        what="two members that share their bytes",
        write=_file(_overlapping),
        command=BUILD,
        says="overlaps the member before it",
    ),
    Case(
        key="zip-lie",
        group="models",
        what="a member of 2 bytes that unpacks to 1 GiB",
        write=_file(_longer_than_it_says),
        command=BUILD,
        says="'metadata.json' does not end where it should",
    ),
    Case(
        key="zip-twice",
        group="models",
        what="two config.json, of which readers may pick either",
        write=_file(_twice),
        command=BUILD,
        says="must hold each member once. Received 'config.json' twice",
    ),
    Case(
        key="zip-encrypted",
        group="models",
        what="an encrypted member",
        write=_file(_encrypted),
        command=BUILD,
        says="Received 'metadata.json' encrypted",
    ),
    Case(
        key="zip-path",
        group="models",
        what="a member named ../../.bashrc",
        write=_file(lambda: packed({**members(), "../../.bashrc": b"true"})),
        command=BUILD,
        says="'../../.bashrc'",
    ),
    Case(
        key="zip-many",
        group="models",
        what="60,003 members",
        write=_file(_many_members),
        command=BUILD,
        says="its table of contents has 3,240,178 bytes",
    ),
    Case(
        key="zip-second-end",
        group="models",
        what="a second table of contents that claims 1 TiB",
        write=_file(_second_end),
        command=BUILD,
        says="its table of contents",
    ),
    Case(
        key="older-format",
        group="models",
        what="an HDF5 model (.h5), whose Lambda would run whatever safe mode says",
        write=_file(lambda: WEIGHTS),
        command=BUILD,
        says="a Keras model in the older format, HDF5 (.h5)",
    ),
    Case(
        key="torch",
        group="models",
        what="a PyTorch file with a call in its pickle",
        write=_torch,
        command=BUILD,
        says="Received a PyTorch model (.pt)",
    ),
    Case(
        key="onnx",
        group="models",
        what="an ONNX file, whose tensors may lie in other files",
        write=_file(lambda: b"\x08\x0a\x12\x07pytorch\x3a\x10"),
        command=BUILD,
        says="an ONNX file or a SavedModel",
    ),
    Case(
        key="safetensors",
        group="models",
        what="safetensors whose header says it is 2**40 bytes long",
        write=_file(lambda: (2**40).to_bytes(8, "little") + b"{}"),
        command=BUILD,
        says="Received a safetensors file",
    ),
    Case(
        key="saved-model",
        group="models",
        what="a SavedModel, a folder of operations that write files",
        write=_saved_model,
        command=BUILD,
        says="Received a SavedModel folder",
    ),
    Case(
        key="lasting-trust",
        group="models",
        what="a configuration that asks to trust the model",
        write=_lasting_trust,
        command=BUILD,
        says="is asked for on the command line only: --trust-model",
        code=2,
    ),
)
