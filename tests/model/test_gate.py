import subprocess
import sys

import pytest
from archives import keras_pickle, layer, packed, sequential, zipped

from reportgen.errors import ModelError
from reportgen.model.gate import admit


@pytest.mark.parametrize(
    ("content", "received"),
    [
        (b"", "an empty file"),
        (b"\x89HDF\r\n\x1a\n....", "HDF5"),
        (b"\x1c\x00\x00\x00TFL3", "TensorFlow Lite"),
        (b"\x08\x07\x12\x07pytorch", "ONNX"),
        ((9).to_bytes(8, "little") + b'{"a": 0}', "safetensors"),
        (b'{"learner": {}}', r"XGBoost model \(\.json\)"),
        (b"{L\x00\x00", r"XGBoost model \(\.ubj\)"),
        (b"tree\nversion=v4", "LightGBM"),
        (b"CBM1", "CatBoost"),
        (b"\x93NUMPY\x01\x00", "NumPy array"),
        (packed({"archive/data.pkl": b""}), "PyTorch"),
        (packed({"x/.data/serialization_id": b""}), "PyTorch"),
        (packed({"y_true.npy": b""}), "NumPy archive"),
        (packed({"schema.json": b""}), "skops"),
        (b"\x1f\x8b\x08", "compressed with gzip"),
        (b"x\x9c", "compressed with zlib"),
        (b"\xfd7zXZ\x00", "compressed with xz"),
        (b"BZh9", "compressed with bzip2"),
        (b"hello, world", "begins with b'hello, w'"),
        (b"\x80", "begins with"),
        (b"\x80\xff", "begins with"),
        (b"PK\x03\x04", "damaged"),
    ],
)
def test_other_formats_are_named(content: bytes, received: str) -> None:
    with pytest.raises(ModelError, match=received):
        admit(content, name="model")


def test_the_message_says_what_is_read() -> None:
    with pytest.raises(
        ModelError, match=r"reads a \.keras file of Keras 3 and the pickle"
    ):
        admit(b"hello", name="model")


def test_the_room_opens_without_keras() -> None:
    code = (
        "import sys, reportgen.model\n"
        "heavy = {'keras', 'tensorflow', 'h5py', 'joblib'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_what_is_admitted_is_what_was_judged() -> None:
    content = zipped()
    for file in (content, keras_pickle(content)):
        admitted = admit(file, name="model")
        assert admitted.archive == content
        assert admitted.numbers == 15  # a kernel of 4 x 3 and 3 biases


def test_other_formats_end_in_how_to_hand_over_predictions() -> None:
    with pytest.raises(ModelError, match="reportgen build --predictions FILE"):
        admit(b"\x89HDF\r\n\x1a\n....", name="model")


def test_trust_admits_names_and_not_what_reads_other_files() -> None:
    config = sequential(layer("Lambda"))
    assert admit(zipped(config), name="model", trusted=True).numbers == 15
