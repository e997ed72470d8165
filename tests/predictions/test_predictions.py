"""The contract of predictions, and their file."""

import io
import os
import warnings
import zipfile
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from records import make_predictions
from reportgen.errors import PredictionsError
from reportgen.predictions import (
    MEMBERS,
    Predictions,
    bounds,
    checks,
    parse_predictions,
    read_predictions,
    reading,
    receive,
    write_predictions,
)
from reportgen.predictions.npz_table import read_npz

FLIPPED = 7
"""Every seventh bit is flipped: all positions within a byte take their turn."""


def make(**changes: Any) -> Predictions:
    """Returns three rows over two classes, with the named fields replaced."""
    fields: dict[str, Any] = {
        "y_true": np.array([0, 1, 1]),
        "y_proba": np.array([[0.9, 0.1], [0.2, 0.8], [0.5, 0.5]]),
        "class_names": ("no", "yes"),
        "row_ids": np.array(["a", "b", "c"]),
    }
    return Predictions(**fields | changes)


def test_ties_go_to_the_lower_class() -> None:
    assert make().y_pred.tolist() == [0, 1, 0]


def test_arrays_cannot_be_changed_from_outside() -> None:
    proba = np.array([[0.9, 0.1], [0.2, 0.8], [0.5, 0.5]])
    predictions = make(y_proba=proba)
    proba[0] = 0
    assert predictions.y_proba[0, 0] == 0.9
    with pytest.raises(ValueError, match="read-only"):
        predictions.y_proba[0] = 0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"y_true": np.array([], int), "row_ids": np.array([], str)},
            "at least one row",
        ),
        ({"row_ids": np.array(["a", "b"])}, "row_ids must have shape"),
        ({"row_ids": np.array(["a", "b", "a"])}, "more than once: 'a'"),
        ({"y_proba": np.ones((3, 3)) / 3}, r"shape \(3, 2\)"),
        ({"y_proba": np.array([[0.9, 0.1], [np.nan, 1], [1, 0]])}, "row 'b'"),
        ({"y_proba": np.array([[0.9, 0.1], [1, 0], [1.5, -0.5]])}, "row 'c'"),
        ({"y_proba": np.array([[0.9, 0.2], [1, 0], [1, 0]])}, "sum to 1"),
        ({"y_true": np.array([0, 1, 2])}, r"0\.\.1.*Received 2"),
        ({"y_true": np.array([0.7, 1.0, 1.0])}, "whole numbers.*dtype float64"),
        ({"y_true": np.array(["0", "1", "1"])}, "whole numbers.*dtype <U1"),
        ({"y_true": np.array([False, True, True])}, "whole numbers.*dtype bool"),
        ({"y_proba": np.full((3, 2), "0.5")}, "y_proba must hold numbers"),
        ({"class_names": ("yes", "yes")}, "all differ. Received 'yes' 2 times"),
        ({"class_names": ("only",), "y_proba": np.ones((3, 1))}, "two columns"),
    ],
)
def test_broken_predictions_are_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(PredictionsError, match=message):
        make(**changes)


def test_the_first_five_bad_rows_are_named() -> None:
    predictions = make_predictions(20, 4)
    proba = predictions.y_proba.copy()
    proba[3:10] = np.inf
    with pytest.raises(PredictionsError, match="'test/00007' and 2 more"):
        Predictions(
            predictions.y_true, proba, predictions.class_names, predictions.row_ids
        )


def test_rows_a_little_off_one_are_divided_with_a_note() -> None:
    found = make(y_proba=np.array([[0.9, 0.1005], [0.2, 0.8], [0.5, 0.5]]))
    assert found.y_proba[0].sum() == pytest.approx(1, abs=1e-15)
    [note] = found.notes
    assert note == (
        "1 of 3 rows of probabilities did not sum to 1 (off by at most 5.0e-04) and "
        "were divided by their sum."
    )


def test_rows_off_by_float32_rounding_are_left_alone() -> None:
    proba = np.array([[0.9, 0.1], [0.2, 0.8], [1 / 3, 2 / 3]], dtype=np.float32)
    found = make(y_proba=proba)
    assert found.notes == ()
    assert np.array_equal(found.y_proba, proba.astype(np.float64))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_file_gives_the_same_predictions_back(tmp_path: Path, dtype: type) -> None:
    made = make_predictions(50, 4)
    made = Predictions(
        made.y_true, made.y_proba.astype(dtype), made.class_names, made.row_ids
    )
    write_predictions(made, tmp_path / "p.npz")
    found = read_predictions(tmp_path / "p.npz")
    assert np.array_equal(found.y_true, made.y_true)
    assert np.array_equal(found.y_proba, made.y_proba)
    assert np.array_equal(found.row_ids, made.row_ids)
    assert found.class_names == made.class_names
    with np.load(tmp_path / "p.npz") as archive:
        assert archive["y_proba"].dtype == dtype
        assert set(archive.files) == set(MEMBERS)


def test_a_missing_member_is_named(tmp_path: Path) -> None:
    np.savez(tmp_path / "p.npz", y_true=np.zeros(3, int))
    with pytest.raises(PredictionsError, match="Missing: y_proba; received: 'y_true'"):
        read_predictions(tmp_path / "p.npz")


def test_pickled_members_are_refused(tmp_path: Path) -> None:
    members: dict[str, Any] = dict.fromkeys(MEMBERS, np.array([{}], dtype=object))
    np.savez(tmp_path / "p.npz", **members)
    with pytest.raises(PredictionsError, match="without pickled objects"):
        read_predictions(tmp_path / "p.npz")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PredictionsError, match=r"gone\.npz must exist"):
        read_predictions(tmp_path / "gone.npz")


def test_a_plain_array_is_no_npz(tmp_path: Path) -> None:
    np.save(tmp_path / "p.npy", np.zeros(3))
    with pytest.raises(PredictionsError, match="Received a single array"):
        read_predictions((tmp_path / "p.npy").rename(tmp_path / "p.npz"))


@pytest.mark.parametrize("names", [np.array("no"), np.array([["no", "yes"]])])
def test_class_names_in_another_shape_are_refused(tmp_path: Path, names: Any) -> None:
    made = make()
    members: dict[str, Any] = {key: getattr(made, key) for key in MEMBERS}
    np.savez(tmp_path / "p.npz", **members | {"class_names": names})
    with pytest.raises(PredictionsError, match=r"class_names must have shape \(k,\)"):
        read_predictions(tmp_path / "p.npz")


def test_members_that_are_no_arrays_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "p.npz", "w") as archive:
        for name in MEMBERS:
            archive.writestr(name, b"no array")
    with pytest.raises(PredictionsError):
        read_predictions(tmp_path / "p.npz")


@given(st.binary(max_size=200))
def test_any_bytes_are_refused(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "fuzz.npz"
        path.write_bytes(content)
        with pytest.raises(PredictionsError):
            read_predictions(path)


def test_a_file_with_one_flipped_bit_is_read_equal_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.npz"
    made = make()
    write_predictions(made, path)
    content = path.read_bytes()
    for bit in range(0, 8 * len(content), FLIPPED):
        broken = bytearray(content)
        broken[bit // 8] ^= 1 << bit % 8
        try:
            found = parse_predictions(bytes(broken), name=path.name)
        except PredictionsError:
            continue
        for name in MEMBERS:
            same = np.array_equal(getattr(found, name), getattr(made, name))
            assert same, f"bit {bit} changed {name}"


def packed(**arrays: bytes) -> bytes:
    """Returns an NPZ of members of those bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in arrays.items():
            archive.writestr(f"{name}.npy", content)
    return file.getvalue()


def header(shape: str, kind: str = "<f8") -> bytes:
    """Returns the header of an array file that claims that shape."""
    said = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}}}".encode()
    return b"\x93NUMPY\x01\x00" + len(said).to_bytes(2, "little") + said


def test_bytes_give_the_predictions_that_a_file_gives(tmp_path: Path) -> None:
    path = tmp_path / "predictions.npz"
    write_predictions(make(), path)
    parsed = parse_predictions(path.read_bytes(), name="predictions.npz")
    read = read_predictions(path)
    assert np.array_equal(parsed.y_proba, read.y_proba)
    assert np.array_equal(parsed.row_ids, read.row_ids)


def test_an_array_larger_than_its_file_is_refused_before_there_is_room_for_it() -> None:
    # 10^12 numbers of 8 bytes would be 7 TiB.
    content = packed(y_true=header("(1000000000000,)"))
    with pytest.raises(PredictionsError, match="0 of the 8,000,000,000,000 bytes"):
        parse_predictions(content, name="predictions.npz")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", packed(y_true=b"no array")])
def test_bytes_that_are_no_npz_are_refused(content: bytes) -> None:
    with pytest.raises(PredictionsError, match="must be an NPZ file"):
        parse_predictions(content, name="predictions.npz")


def test_bytes_with_pickled_objects_are_refused() -> None:
    content = packed(y_true=header("(1,)", "|O") + bytes(8))
    with pytest.raises(PredictionsError, match="must be an NPZ file"):
        parse_predictions(content, name="predictions.npz")


def test_bytes_with_a_member_twice_are_refused() -> None:
    # NumPy reads the last one of a name, other readers the first.
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # zipfile's own, of the second
        archive.writestr("y_proba.npy", b"one")
        archive.writestr("y_proba.npy", b"other")
    with pytest.raises(PredictionsError, match="y_proba is there 2 times"):
        parse_predictions(file.getvalue(), name="predictions.npz")


def test_bytes_with_a_strange_member_are_refused() -> None:
    with pytest.raises(PredictionsError, match=r"nothing else\. Received 'x'"):
        parse_predictions(packed(x=b"x"), name="predictions.npz")


def saved(path: Path, **changes: Any) -> Path:
    """Writes three rows over two classes, with the named members replaced."""
    made = make()
    members: dict[str, Any] = {key: getattr(made, key) for key in MEMBERS}
    np.savez_compressed(path, **members | changes)
    return path


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"y_true": np.array([0, 1, 2**64 - 1], "u8")},
            "Received 18446744073709551615",
        ),
        (
            {"y_true": np.array([0.0, 1, 1])},
            "y_true must hold text or whole numbers.*float64",
        ),
        (
            {"y_proba": np.ones((3, 2), complex)},
            "y_proba must hold numbers.*complex128",
        ),
        ({"y_proba": np.ones((3, 2), bool)}, "y_proba must hold numbers.*dtype bool"),
        ({"y_proba": np.ones((3, 2), "M8[s]")}, r"y_proba must hold.*datetime64\[s\]"),
        ({"y_proba": np.ones((3, 2), "f4,f4")}, "not one of a plain array"),
        ({"y_proba": np.ones((2, 3)) / 3}, r"y_proba must have shape \(3, 2\)"),
        ({"class_names": np.array([b"no", b"yes"])}, r"class_names.*S3.*astype\(str\)"),
        (
            {"row_ids": np.array([b"a", b"b", b"c"])},
            r"row_ids must hold text.*dtype .S1",
        ),
        ({"row_ids": np.array([1.0, 2.0, 3.0])}, "row_ids must hold text.*float64"),
        ({"row_ids": np.array(["a", "b\n", "c"])}, r"line feeds in row 'b\\n'"),
        ({"row_ids": np.array(["a", "\ud800", "c"])}, r"U\+D800.*at place 1"),
        ({"class_names": np.array(["a", "\ud800"])}, r"class_names.*U\+D800"),
        ({"class_names": np.array(["a", "b" * 1001])}, "at most 1,000 characters each"),
        ({"class_names": np.arange(2501)}, "at most 2,500 classes.*Received 2,501"),
    ],
)
def test_members_that_are_no_predictions_are_refused(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(PredictionsError, match=message):
        read_predictions(saved(tmp_path / "p.npz", **changes))


@pytest.mark.parametrize("dtype", ["<f2", ">f4", ">f8", np.longdouble])
@pytest.mark.parametrize("order", ["C", "F"])
def test_floats_of_any_width_and_order_are_read(
    tmp_path: Path, dtype: Any, order: Any
) -> None:
    # Quarters and eighths are exact in all of them.
    proba = np.array([[0.875, 0.125], [0.25, 0.75], [0.5, 0.5]])
    stored = proba.astype(dtype, order=order)
    found = read_predictions(saved(tmp_path / "p.npz", y_proba=stored))
    assert found.y_proba.tolist() == proba.tolist()
    assert found.y_proba.flags.c_contiguous


@pytest.mark.parametrize("dtype", ["u1", ">i2", "<i4", ">u8"])
def test_labels_of_any_width_are_read(tmp_path: Path, dtype: str) -> None:
    stored = np.array([0, 1, 1], dtype=dtype)
    found = read_predictions(saved(tmp_path / "p.npz", y_true=stored))
    assert found.y_true.dtype == np.int64
    assert found.y_true.tolist() == [0, 1, 1]


def test_names_that_are_numbers_are_read_as_text(tmp_path: Path) -> None:
    names = {"class_names": np.array([7, 3]), "row_ids": np.array([10, 11, 12], ">i4")}
    found = read_predictions(saved(tmp_path / "p.npz", **names))
    assert found.class_names == ("7", "3")
    assert found.row_ids.tolist() == ["10", "11", "12"]


def test_names_in_the_other_byte_order_are_read(tmp_path: Path) -> None:
    row_ids = np.array(["a", "ß", "c"], dtype=">U1")
    found = read_predictions(saved(tmp_path / "p.npz", row_ids=row_ids))
    assert found.row_ids.tolist() == ["a", "ß", "c"]


def test_arrays_besides_are_not_looked_at(tmp_path: Path) -> None:
    objects = np.array([{}], dtype=object)
    assert read_predictions(saved(tmp_path / "p.npz", features=objects)).n == 3


def test_the_first_five_ids_that_come_again_are_named() -> None:
    # 20 rows, of which the second ten are the first ten backwards.
    ids = np.array([f"id {number}" for number in (*range(10), *range(9, -1, -1))])
    made = make_predictions(20, 4)
    with pytest.raises(PredictionsError, match=r"'id 9', .*'id 5'\. Name"):
        Predictions(made.y_true, made.y_proba, made.class_names, ids)


def test_ids_whose_hashes_are_equal_may_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "_hashes", lambda ids: np.zeros(len(ids), "u8"))
    assert make(row_ids=np.array(["b", "a", "c"])).n == 3
    with pytest.raises(PredictionsError, match="more than once: 'b'"):
        make(row_ids=np.array(["b", "a", "b"]))


def test_ids_in_any_order_that_all_differ_are_taken() -> None:
    made = make_predictions(1000, 4)
    ids = np.random.default_rng(0).permutation(made.row_ids)
    assert Predictions(made.y_true, made.y_proba, made.class_names, ids).n == 1000


def test_predictions_that_take_too_much_room_are_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Three rows of two float64, an id of four bytes and forty besides: 3 (16 + 4 + 40).
    path = saved(tmp_path / "p.npz")
    monkeypatch.setattr(bounds, "LARGEST_HANDED", 180)
    assert read_predictions(path).n == 3
    monkeypatch.setattr(bounds, "LARGEST_HANDED", 179)
    with pytest.raises(PredictionsError, match="2 classes, which take 180"):
        read_predictions(path)


def test_the_digest_is_of_the_bytes_that_were_read(tmp_path: Path) -> None:
    path = saved(tmp_path / "p.npz")
    assert receive(path).sha256 == sha256(path.read_bytes()).hexdigest()


def test_a_file_that_changes_meanwhile_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(tmp_path / "p.npz")

    def read(*arguments: Any, **named: Any) -> Any:
        with path.open("ab") as file:
            file.write(b"more")
        return read_npz(*arguments, **named)

    monkeypatch.setitem(reading.READERS, ".npz", read)
    with pytest.raises(PredictionsError, match=r"must stay as it is.*wrote to meanw"):
        read_predictions(path)


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")])
def test_what_is_no_file_is_refused(tmp_path: Path, make: Any) -> None:
    make(tmp_path / "p.npz")
    with pytest.raises(PredictionsError, match=r"a (pipe|device) is no file"):
        read_predictions(tmp_path / "p.npz")
