import subprocess
import sys

import pytest

from reportgen.errors import ModelError
from reportgen.model.gate import admit


@pytest.mark.parametrize(
    ("content", "received"),
    [
        (b"", "an empty file"),
        (b"\x89HDF\r\n\x1a\n....", "HDF5"),
        (b"\x1c\x00\x00\x00TFL3", "TensorFlow Lite"),
        (b"\x08\x07\x12\x07pytorch", "ONNX"),
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
    with pytest.raises(ModelError, match=r"reads model\.keras and the pickle"):
        admit(b"hello", name="model")


def test_the_room_opens_without_keras() -> None:
    code = (
        "import sys, reportgen.model\n"
        "heavy = {'keras', 'tensorflow', 'h5py', 'joblib'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
