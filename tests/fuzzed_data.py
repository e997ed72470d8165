"""What fuzzers do to data, predictions and settings: an entry and seeds a reader.

Whatever the bytes, an entry meets no exception but ours; and what is let in is held
against a second reader, slower and of other hands.
"""

import csv
import gzip
import io
import struct
import tempfile
import tomllib
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st

from reportgen.cli.config import CARD_KEYS, read_config
from reportgen.data import idx
from reportgen.data.files import load_path, name_after
from reportgen.errors import DataError, PredictionsError, UsageError
from reportgen.predictions import parse_predictions, receive

OPTIONS = (
    "batch_size",
    "check_intervals",
    "dataset",
    "epochs",
    "level",
    "name",
    "seed",
)

NUMBERS = (0, 1, 0x7F, 0xFF, 0xFFFF, 2**31 - 1, 2**32 - 1, 2**40, 2**63, 2**64 - 1)


def _npy(array: Any) -> bytes:
    """Returns an array file."""
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def zipped(members: Mapping[str, bytes], *, method: int = 0) -> bytes:
    """Returns an archive of array files."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in members.items():
            # Without a date of its own, so that every run makes the same bytes.
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), content, method)
    return file.getvalue()


PIXELS = np.arange(48, dtype=np.uint8).reshape(8, 3, 2)
IMAGES = bytes((0, 0, 8, 3)) + struct.pack(">3I", *PIXELS.shape) + PIXELS.tobytes()
LABELS = bytes((0, 0, 8, 1)) + struct.pack(">I", 4) + bytes((3, 1, 4, 1))
IDX = (
    IMAGES,
    LABELS,
    gzip.compress(IMAGES, mtime=0),
    gzip.compress(LABELS[:6], mtime=0) + gzip.compress(LABELS[6:], mtime=0),
)
"""Files of images and of labels, plain and gzipped, the last in two streams."""

DATASET = {
    "x_train": _npy(PIXELS[:4]),
    "y_train": _npy(np.array([0, 1, 1, 0])),
    "x_test": _npy(np.asfortranarray(PIXELS[4:])),
    "y_test": _npy(np.array([[1], [0], [0], [1]], dtype=">u2")),
}
NAMED = DATASET | {
    "y_train": _npy(np.array(["a", "b", "ü", "b"])),
    "y_test": _npy(np.array(["b", "a", "a", "b"], dtype=">U2")),
}
DATASETS = (zipped(DATASET), zipped(DATASET, method=8), zipped(NAMED))

SCORES = {
    "y_true": _npy(np.array([0, 1, 1, 0])),
    "y_proba": _npy(np.array([[0.75, 0.25], [0.5, 0.5], [0.0, 1.0], [1.0, 0.0]])),
    "class_names": _npy(np.array(["no", "yes"])),
    "row_ids": _npy(np.array(["a", "b", "c", "d"])),
}
COLUMNS = np.asfortranarray([[0.75, 0.25], [0.5, 0.5], [0.0, 1.0], [1.0, 0.0]], ">f4")
PREDICTIONS = (
    zipped(SCORES),
    zipped(SCORES, method=8),
    zipped(SCORES | {"y_proba": _npy(COLUMNS), "row_ids": _npy(np.arange(4))}),
)

TABLES = (
    b"row_id,y_true,proba_no,proba_yes\na,no,0.75,0.25\nb,yes,0.5,0.5\n",
    b'\xef\xbb\xbf"label";"proba_1";"meta_x"\r\n1;0.25;7\r\n0;1e-3;"a;b"\r\n',
    b"target\tlogit_a\tlogit_b\na\t-1.5\t2\nb\t0\t3\n\n",
    b"label,y_pred,image\n3,3,a.png\n10,3,b.png\n",
)

SETTINGS = (
    b'dataset = "digits"\nepochs = 3\nlevel = 0.95\ncheck-intervals = true\n',
    b'seed = 0x2a\n[card]\ntitle = "Digits"\nlimits = """a\n\\u00e9"""\n',
    b"[card]\nlicence = 'MIT'\ncontact = '\xc3\xbc@example.org'\n",
)


@st.composite
def mutated(draw: st.DrawFn, seeds: tuple[bytes, ...]) -> bytes:
    """Draws a sound file with bits flipped, bytes cut, spliced, or made numbers."""
    content = bytearray(draw(st.sampled_from(seeds)))
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(content)))
        kind = draw(st.sampled_from(["flip", "number", "cut", "splice", "end"]))
        if kind == "flip":
            piece = bytes(
                byte ^ 1 << draw(st.integers(0, 7))
                for byte in content[place : place + 1]
            )
            content[place : place + 1] = piece
        elif kind == "number":
            width = draw(st.sampled_from([1, 2, 4, 8]))
            number = draw(st.sampled_from(NUMBERS)) % 256**width
            order = draw(st.sampled_from(["big", "little"]))
            content[place : place + width] = number.to_bytes(width, order)
        elif kind == "cut":
            del content[place : place + draw(st.integers(1, 64))]
        elif kind == "splice":
            start = draw(st.integers(0, len(content)))
            content[place:place] = content[start : start + draw(st.integers(1, 64))]
        else:
            del content[place:]
    return bytes(content)


@st.composite
def remade(draw: st.DrawFn, members: Mapping[str, bytes]) -> bytes:
    """Draws a whole archive of which some members are not sound."""
    chosen = draw(st.sets(st.sampled_from(sorted(members)), min_size=1, max_size=2))
    changed = dict(members)
    for name in sorted(chosen):
        changed[name] = draw(mutated((members[name],)) | claims() | arrays())
    return zipped(changed, method=draw(st.sampled_from([0, 8])))


def claims() -> st.SearchStrategy[bytes]:
    """Returns array files whose headers claim anything."""
    size = st.sampled_from([*range(9), *NUMBERS, -1])
    shape = st.lists(size, max_size=4).map(tuple)
    kind = st.sampled_from(
        ["|u1", "<i8", ">f4", "<f8", "<U2", "|O", "<c16", "|b1", "x"]
    )
    return st.builds(_claiming, shape, kind, st.booleans(), st.binary(max_size=64))


def _claiming(shape: tuple[int, ...], kind: str, order: bool, data: bytes) -> bytes:  # noqa: FBT001 - drawn
    """Returns an array file of that header and those bytes."""
    said = str({"descr": kind, "fortran_order": order, "shape": shape}).encode()
    return b"\x93NUMPY\x01\x00" + len(said).to_bytes(2, "little") + said + data


def arrays() -> st.SearchStrategy[bytes]:
    """Returns sound array files of other values than the seeds."""
    values = st.lists(st.integers(-3, 300), min_size=1, max_size=8)
    texts = st.lists(st.text(max_size=3), min_size=1, max_size=8)
    shares = st.lists(st.sampled_from([0.5, 0.25, 0.75, 1.0, np.nan, -1.0]), min_size=8)
    return (
        values.map(np.array).map(_npy)
        | texts.map(lambda found: _npy(np.array(found, dtype=np.str_)))
        | shares.map(lambda found: _npy(np.array(found[:8]).reshape(4, 2)))
    )


def open_idx(content: bytes) -> None:
    """Reads an IDX file of images, and one of labels.

    Raises:
        AssertionError: What is read is not what the bytes say.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file")
        path.write_bytes(content)
        for ndim in (1, 3):
            try:
                found = idx.read_idx(path, ndim=ndim)
            except DataError:
                continue
            plain = gzip.decompress(content) if content[:1] == b"\x1f" else content
            start = 4 + 4 * ndim
            assert plain[:4] == bytes((0, 0, 8, ndim))
            assert found.shape == struct.unpack(f">{ndim}I", plain[4:start])
            assert found.tobytes() == plain[start:]


def open_dataset(content: bytes) -> None:
    """Reads an archive of images and labels.

    Raises:
        AssertionError: What is read is not what NumPy reads.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "own.npz")
        path.write_bytes(content)
        try:
            found = load_path(path, naming=name_after(path, None))
        except DataError:
            return
    stored = _second_opinion(content)
    pixels = np.concatenate([stored["x_train"], stored["x_test"]])
    labels = np.concatenate([stored["y_train"].ravel(), stored["y_test"].ravel()])
    assert np.array_equal(found.images, pixels.reshape(found.images.shape))
    assert [found.class_names[code] for code in found.labels] == list(map(str, labels))


def open_predictions(content: bytes) -> None:
    """Reads an archive of predictions.

    Raises:
        AssertionError: What is read is not what NumPy reads.
    """
    try:
        found = parse_predictions(content, name="scores.npz")
    except PredictionsError:
        return
    stored = _second_opinion(content)
    proba = stored["y_proba"].astype(np.float64)
    assert np.array_equal(found.y_true, stored["y_true"])
    assert np.abs(found.y_proba - proba).max() <= 1e-3
    assert bool(found.notes) or np.array_equal(found.y_proba, np.minimum(proba, 1))
    assert found.class_names == tuple(map(str, stored["class_names"]))
    assert found.row_ids.tolist() == list(map(str, stored["row_ids"]))


def open_table(content: bytes) -> None:
    """Reads a table of predictions in text.

    Raises:
        AssertionError: What is read is not what the rows say, cell by cell.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "scores.csv")
        path.write_bytes(content)
        try:
            found = receive(path).predictions
        except PredictionsError:
            return
    lines = io.StringIO(content.decode("utf-8-sig"), newline="")
    names = lines.readline()
    rows = [names, *lines]
    delimiter = next(sign for sign in ",;\t" if len(_cells(rows, sign)[0]) > 1)
    head, *cells = (row for row in _cells(rows, delimiter) if row)
    known = ("y_true", "label", "target", "true_label")
    [label] = [at for at, name in enumerate(head) if name in known]
    assert found.n == len(cells)
    told = [found.class_names[number] for number in found.y_true]
    classes = found.class_names
    for row, name in zip(cells, told, strict=True):
        assert row[label] in {name, str(classes.index(name))}
    for at, name in enumerate(classes):
        column = f"proba_{name}"
        if column in head and not found.notes:
            stated = [min(float(row[head.index(column)]), 1.0) for row in cells]
            assert found.y_proba[:, at].tolist() == stated


def _cells(rows: list[str], delimiter: str) -> list[list[str]]:
    """Returns the cells of lines."""
    return list(csv.reader(rows, delimiter=delimiter))


def _second_opinion(content: bytes) -> dict[str, Any]:
    """Returns what NumPy reads in an archive."""
    with warnings.catch_warnings(), np.load(io.BytesIO(content)) as archive:
        warnings.simplefilter("ignore")
        return {name: archive[name] for name in archive.files}


def open_settings(content: bytes) -> None:
    """Reads a configuration.

    Raises:
        AssertionError: A value is not the file's.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "reportgen.toml")
        path.write_bytes(content)
        try:
            found = read_config(None, Path(folder), OPTIONS)
        except UsageError:
            return
    stored = tomllib.loads(content.decode())
    card = stored.pop("card", {})
    assert {key.replace("-", "_"): stored[key] for key in stored} == found.options
    assert {key: text.strip() for key, text in card.items()} == found.card
    assert found.card.keys() <= set(CARD_KEYS)
    assert str(found).isascii() or str(found).encode()
