"""Reading NPZ archives, whole and broken."""

import io
import os
import pickle
import re
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from reportgen.data import npz, published, split
from reportgen.data.files import load_path, name_after
from reportgen.errors import DataError


def good() -> dict[str, NDArray[Any]]:
    """Four training and two test images of 3 x 2 pixels."""
    pixels = np.arange(36, dtype=np.uint8).reshape(6, 3, 2)
    labels = np.array([0, 1, 0, 1, 1, 0])
    return {
        "x_train": pixels[:4],
        "y_train": labels[:4],
        "x_test": pixels[4:],
        "y_test": labels[4:],
    }


def save(
    path: Path | io.BytesIO, arrays: dict[str, Any], *, how: Any = np.savez
) -> None:
    """Writes the arrays under their names."""
    how(path, **arrays)


def training_part(path: Path) -> published.PublishedPart:
    """Returns the training part of an archive that holds one."""
    train, _ = npz.read_npz(path)
    assert train is not None
    return train


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "own.npz"


@pytest.mark.parametrize("how", [np.savez, np.savez_compressed])
def test_what_numpy_saves_is_read(path: Path, how: Any) -> None:
    save(path, good(), how=how)
    train, test = npz.read_npz(path)
    assert train is not None
    assert np.array_equal(train.images, good()["x_train"])
    assert np.array_equal(train.labels, good()["y_train"])
    assert np.array_equal(test.images, good()["x_test"])
    assert np.array_equal(test.labels, good()["y_test"])


def test_one_channel_behind_the_columns_is_dropped(path: Path) -> None:
    arrays = good()
    save(path, {**arrays, "x_train": arrays["x_train"][..., None]})
    assert np.array_equal(training_part(path).images, arrays["x_train"])


def test_a_test_part_may_stand_alone(path: Path) -> None:
    arrays = good()
    save(path, {name: arrays[name] for name in ("x_test", "y_test")})
    dataset = load_path(path, naming=name_after(path, None))
    assert dataset.official_test is not None
    assert dataset.official_test.all()
    assert dataset.row_ids.tolist() == ["test/00000", "test/00001"]
    parts = split(dataset, protocol="official", seed=0)
    assert (len(parts.train), len(parts.validation), len(parts.test)) == (0, 0, 2)


def test_a_training_part_may_not(path: Path) -> None:
    arrays = good()
    save(path, {name: arrays[name] for name in ("x_train", "y_train")})
    with pytest.raises(DataError, match=r"the latter two alone.*Missing: x_test"):
        npz.read_npz(path)


def test_arrays_in_column_order_are_read(path: Path) -> None:
    arrays = good()
    save(path, {**arrays, "x_train": np.asfortranarray(arrays["x_train"])})
    assert np.array_equal(training_part(path).images, arrays["x_train"])


@pytest.mark.parametrize("dtype", ["u1", "i2", "<i4", ">i8", "u8"])
def test_labels_of_any_integer_type_are_read(path: Path, dtype: str) -> None:
    labels = np.array([[0], [7], [0], [7]], dtype=dtype)
    save(path, {**good(), "y_train": labels})
    read = training_part(path).labels
    assert read.dtype == np.int64
    assert read.tolist() == [0, 7, 0, 7]


def test_labels_of_text_are_read(path: Path) -> None:
    save(path, {**good(), "y_train": np.array([["b"], ["a"], ["b"], ["ä"]])})
    assert training_part(path).labels.tolist() == ["b", "a", "b", "ä"]


@pytest.mark.parametrize(
    ("name", "array", "message"),
    [
        ("x_train", np.zeros((4, 3, 2)), r"x_train.*uint8.*float64 of shape \(4, 3, 2"),
        ("x_train", np.zeros((4, 6), np.uint8), r"uint8 of shape \(4, 6\)"),
        ("x_test", np.zeros((2, 3, 2, 4), np.uint8), r"x_test.*\(2, 3, 2, 4\)"),
        ("x_test", np.zeros((0, 3, 2), np.uint8), "n at least 1"),
        ("x_train", np.zeros((4, 3, 2), np.int64), "x_train.*int64.*astype"),
        ("y_train", np.zeros((4, 10), np.int64), "y_train.*argmax"),
        ("y_train", np.zeros(4), "y_train.*whole numbers.*float64"),
        ("y_train", np.array([b"a", b"b", b"a", b"b"]), "y_train.*S1"),
        ("y_train", np.array(["a", "\ud800", "a", "b"]), "y_train.*surrogates"),
        (
            "y_train",
            np.array([97, 2**32 - 1, 97, 98], np.uint32).view("U1"),
            r"y_train: U\+FFFFFFFF is no character",
        ),
        ("x_train", np.full((4, 3, 2), "a"), "x_train.*<U1"),
        ("y_test", np.array(3), r"y_test.*shape \(\)"),
        ("y_test", np.full(2, 2**63, np.uint64), "y_test.*uint64"),
        ("y_train", np.zeros(3, np.int64), "3 labels for the 4 images of x_train in"),
        ("x_train", np.zeros((4, 3, 2), "f4,i4"), "version|x_train"),
    ],
)
def test_an_array_that_does_not_fit_is_refused(
    path: Path, name: str, array: NDArray[Any], message: str
) -> None:
    save(path, {**good(), name: array})
    with pytest.raises(DataError, match=message):
        npz.read_npz(path)


class Bomb:
    """Ends the test run where anything unpickles it."""

    def __reduce__(self) -> tuple[type[SystemExit], tuple[str]]:
        return SystemExit, ("unpickled",)


def test_an_array_of_objects_is_refused_without_unpickling(path: Path) -> None:
    objects = np.array([Bomb()] * 4, dtype=object)
    assert b"unpickled" in pickle.dumps(objects)
    save(path, {**good(), "y_train": objects})
    with pytest.raises(DataError, match="y_train holds pickled objects"):
        npz.read_npz(path)


@pytest.mark.parametrize(
    ("name", "change", "mend"),
    [
        (
            "x_test",
            lambda x: (x / 255).astype(np.float32),
            ("(255 * x).round().astype('uint8')", lambda x: (255 * x).round()),
        ),
        (
            "x_test",
            lambda x: np.stack([x] * 3, axis=1),
            ("numpy.moveaxis(x, 1, -1)", lambda x: np.moveaxis(x, 1, -1)),
        ),
        ("y_test", lambda y: y.astype(bool), ("astype(int)", lambda y: y.astype(int))),
        ("y_test", lambda y: y.astype("S"), ("astype(str)", lambda y: y.astype(str))),
    ],
)
def test_the_advice_makes_an_array_that_is_read(
    path: Path,
    name: str,
    change: Callable[[NDArray[Any]], NDArray[Any]],
    mend: tuple[str, Callable[[NDArray[Any]], NDArray[Any]]],
) -> None:
    alone = {key: good()[key] for key in npz.TESTED}
    refused = change(alone[name])
    advice, mended = mend
    save(path, {**alone, name: refused})
    with pytest.raises(DataError, match=re.escape(advice)):
        npz.read_npz(path)
    made = mended(refused)
    save(path, {**alone, name: made.astype("uint8") if name == "x_test" else made})
    _, test = npz.read_npz(path)
    assert len(test.labels) == len(test.images) == 2


def test_arrays_beside_are_told_of_and_not_read(path: Path) -> None:
    naming = name_after(path, None)
    save(path, good())
    assert load_path(path, naming=naming).notes == ()
    save(path, {**good(), "class_names": np.array(["a", "b"]), "x_val": np.zeros(1)})
    (note,) = load_path(path, naming=naming).notes
    assert note.endswith("were not read: 'class_names', 'x_val'.")


def test_missing_arrays_are_named(path: Path) -> None:
    np.savez(path, x_train=good()["x_train"], y_test=good()["y_test"])
    with pytest.raises(DataError, match="Missing: y_train, x_test; received: 'x_t"):
        npz.read_npz(path)


def test_a_file_that_is_no_archive_is_refused(path: Path) -> None:
    path.write_bytes(b"no archive")
    with pytest.raises(DataError, match=r"own.npz must be an NPZ archive.*not a zip"):
        npz.read_npz(path)


def test_a_missing_file_is_named(path: Path) -> None:
    with pytest.raises(DataError, match=r"own.npz must be there.*No such file"):
        npz.read_npz(path)


def write_member(path: Path, content: bytes) -> None:
    """Writes an archive whose x_train.npy holds these bytes."""
    save(path, {name: good()[name] for name in ("y_train", "x_test", "y_test")})
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("x_train.npy", content)


@pytest.mark.parametrize("shape", ["(10**12, 3, 2)", "(4, 3, 3)", "(2**63 - 1, 3, 2)"])
def test_a_header_that_lies_about_its_bytes_is_refused(path: Path, shape: str) -> None:
    numbers = str(eval(shape))  # A header holds plain numbers.
    header = (
        f"{{'descr': '|u1', 'fortran_order': False, 'shape': {numbers}}}\n".encode()
    )
    content = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header
    write_member(path, content + bytes(24))
    with pytest.raises(DataError, match="x_train has 24 of"):
        npz.read_npz(path)


def claimed(shape: str, descr: str = "'|u1'", more: str = "") -> bytes:
    """Returns the text of a header."""
    said = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}{more}}}"
    return said.encode()


HEADERS = (
    b"{",
    b"(((",
    b"\xff" * 4,
    b"'\\N{",
    b"[]",
    b"-" * 9_000 + b"1",
    claimed("(-4, -3, 2)"),
    claimed("(4)"),
    claimed("(9223372036854775808000, 1)"),
    claimed("(4, 3, 2)", more=", 'x': 1"),
    claimed("(4, 3, 2)", "'|u1', 'descr': '|u2'"),
    claimed("(4, 3, 2)", "[('a', '|u1')]"),
    claimed("(4, 3, 2)", "'|U0'"),
    claimed("(4, 3, 2)", "'<U2147483648'"),
    claimed("(4, 3, 2)", "'<f3'"),
    claimed("(" + "1," * 9 + ")"),
    claimed("__import__('os')"),
    b" " * 20_000,
)


@pytest.mark.parametrize("header", HEADERS)
def test_a_header_of_another_form_is_refused(path: Path, header: bytes) -> None:
    size = len(header).to_bytes(2, "little")
    write_member(path, b"\x93NUMPY\x01\x00" + size + header)
    with pytest.raises(DataError, match="broken one: x_train"):
        npz.read_npz(path)


def test_a_member_that_unpacks_to_more_than_it_declares_is_refused(path: Path) -> None:
    packed = io.BytesIO()
    large = {**good(), "x_train": np.zeros((99, 99, 99), "u1")}
    save(packed, large, how=np.savez_compressed)
    content = packed.getvalue()
    true, lie = (99**3 + 128).to_bytes(4, "little"), (200).to_bytes(4, "little")
    assert content.count(true) == 2  # Before the member and in the directory.
    path.write_bytes(content.replace(true, lie))
    with pytest.raises(DataError, match="broken one"):
        npz.read_npz(path)


def test_a_member_that_is_there_twice_is_refused(path: Path) -> None:
    save(path, good())
    with zipfile.ZipFile(path, "a") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # zipfile's own, of the second
        archive.writestr("x_train.npy", b"other")
    with pytest.raises(DataError, match="x_train is there 2 times"):
        npz.read_npz(path)


def test_arrays_besides_the_four_are_not_looked_at(path: Path) -> None:
    save(path, {**good(), "extra": np.array([Bomb()], dtype=object)})
    assert len(training_part(path).images) == 4


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packing_that_numpy_never_uses_is_refused(path: Path, method: int) -> None:
    file = io.BytesIO()
    np.save(file, good()["x_train"])
    save(path, {name: good()[name] for name in ("y_train", "x_test", "y_test")})
    with zipfile.ZipFile(path, "a", method) as archive:
        archive.writestr("x_train.npy", file.getvalue())
    with pytest.raises(DataError, match=f"packed by method {method} of ZIP"):
        npz.read_npz(path)


def test_a_directory_of_many_members_is_refused_unread(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(20):
            archive.writestr(f"{number:02d}" + 60_000 * "a", b"")
    with pytest.raises(DataError, match=r"has a directory of 1,20\d,\d{3} bytes"):
        npz.read_npz(path)


def test_labels_for_other_images_are_refused_before_they_are_unpacked(
    path: Path,
) -> None:
    save(path, {**good(), "y_test": np.zeros(3, np.int64)})
    with pytest.raises(DataError, match="3 labels for the 2 images of x_test in"):
        npz.read_npz(path)


def test_more_images_than_there_is_room_for_are_refused(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(path, good())
    monkeypatch.setattr(published, "MOST_ROWS", 5)  # there are six
    with pytest.raises(DataError, match=r"at most 5 images.*Received 6 of 36"):
        npz.read_npz(path)


def test_labels_with_room_for_a_book_are_refused(path: Path) -> None:
    save(path, {**good(), "y_test": np.array(["a", "b" * 1001])})
    with pytest.raises(DataError, match=r"at most 1,000 characters.*<U1001"):
        npz.read_npz(path)


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")])
def test_what_is_no_file_is_refused(path: Path, make: Callable[[Path], None]) -> None:
    make(path)
    with pytest.raises(DataError, match=r"Received 'a (pipe|device) is no file'"):
        npz.read_npz(path)


@given(place=st.integers(min_value=0), value=st.integers(0, 255))
def test_one_altered_byte_never_changes_the_arrays_unseen(
    tmp_path_factory: pytest.TempPathFactory, place: int, value: int
) -> None:
    packed = io.BytesIO()
    save(packed, good(), how=np.savez_compressed)
    content = bytearray(packed.getvalue())
    content[place % len(content)] = value
    file = tmp_path_factory.getbasetemp() / "altered.npz"
    file.write_bytes(content)
    try:
        train, test = npz.read_npz(file)
    except DataError:
        return
    assert train is not None
    # Dates and the like in the directory say nothing of the content.
    assert np.array_equal(train.images, good()["x_train"])
    assert np.array_equal(test.labels, good()["y_test"])


@given(content=st.binary(max_size=300))
def test_arbitrary_members_only_ever_raise_data_errors(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    file = tmp_path_factory.getbasetemp() / "arbitrary.npz"
    write_member(file, b"\x93NUMPY" + content)
    with pytest.raises(DataError):
        npz.read_npz(file)
