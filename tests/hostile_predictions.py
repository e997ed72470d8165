"""Hostile files of predictions."""

import os
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from hostile import Case, Write
from hostile_arrays import claiming, encrypted, npy, with_another, write_bomb, zipped

FILE = "scores.npz"
BUILD = ("build", "--predictions", FILE)
N = 40


class Steps:
    """Leaves a file behind where anything unpickles it."""

    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, ("touch unpickled",)


def sound() -> dict[str, Any]:
    """Returns the arrays of forty rows over two classes."""
    right = np.linspace(0.1, 0.9, N)
    return {
        "y_true": np.arange(N) % 2,
        "y_proba": np.stack([right, 1 - right], axis=1),
        "class_names": np.array(["no", "yes"]),
        "row_ids": np.array([f"row {row:02d}" for row in range(N)]),
    }


def packed(**changes: Any) -> bytes:
    """Returns those arrays in a file, with some of them replaced."""
    return zipped({name: npy(array) for name, array in {**sound(), **changes}.items()})


def members(*without: str) -> dict[str, bytes]:
    """Returns the array files, without those."""
    found = sound().items()
    return {name: npy(array) for name, array in found if name not in without}


def of(make: Callable[[], bytes]) -> Write:
    """Returns what writes the bytes that are made then."""

    def write(folder: Path) -> None:
        (folder / FILE).write_bytes(make())

    return write


def changed(place: Any, value: Any) -> Write:
    """Returns what writes the predictions with one probability changed."""

    def make() -> bytes:
        proba = sound()["y_proba"]
        proba[place] = value
        return packed(y_proba=proba)

    return of(make)


def _bomb(folder: Path) -> None:
    zeros = 4 * 2**30
    shape = f"({N}, {zeros // 8 // N})"
    size = zeros // 8 // N * N * 8
    write_bomb(folder / FILE, members("y_proba"), {"y_proba": (claiming(shape), size)})


def _largest(folder: Path) -> None:
    # All that the headers may claim, and found wrong in the very first row.
    rows = 14_000_000
    ids = claiming(f"({rows},)", "'<U1'"), rows * 4
    labels = claiming(f"({rows},)", "'|u1'"), rows
    proba = claiming(f"({rows}, 2)", "'<f8'"), rows * 16
    few: Mapping[str, bytes] = members("y_true", "y_proba", "row_ids")
    bombs = {"row_ids": ids, "y_true": labels, "y_proba": proba}
    write_bomb(folder / FILE, few, bombs)


def _pipe(folder: Path) -> None:
    os.mkfifo(folder / FILE)


def _zeros(folder: Path) -> None:
    (folder / FILE).symlink_to("/dev/zero")


def _folder(folder: Path) -> None:
    (folder / FILE).mkdir()


def _directory(folder: Path) -> None:
    with zipfile.ZipFile(folder / FILE, "w") as archive:
        for number in range(60_000):
            archive.writestr(f"{number}", b"")


def _pickle() -> bytes:
    content = np.empty(N, dtype=object)
    content[:] = Steps()
    return packed(row_ids=content)


def _steering() -> bytes:
    ids = sound()["row_ids"].astype("<U40")
    ids[:2] = "\x1b]0;owned\x07\x1b[2J\u202eegassem\u2066\x85"
    return packed(row_ids=ids)


def _steering_name(folder: Path) -> None:
    (folder / "a\x1b[2J\u202e.npz").write_bytes(b"PK")


def case(key: str, what: str, write: Write, says: str) -> Case:
    """Returns a case that reportgen is asked to evaluate."""
    return Case(key, "predictions", what, write, BUILD, says)


CASES = (
    case(
        "bomb",
        "4 GiB of zeros as probabilities in 4 MiB",
        _bomb,
        "y_proba must have shape (40, 2)",
    ),
    case(
        "largest",
        "fourteen million rows of zeros in 400 KB, with headers that fit",
        _largest,
        "row_ids must all differ. Received more than once: ''",
    ),
    case(
        "overflow",
        "a shape whose bytes are more than 64 bits can count",
        of(
            lambda: zipped(
                members("y_proba")
                | {"y_proba": claiming("(4294967296, 4294967296)", data=bytes(640))}
            )
        ),
        "y_proba has 640 of the 147,573,952,589,676,412,928 bytes",
    ),
    case(
        "negative",
        "a negative shape",
        of(lambda: zipped(members("y_true") | {"y_true": claiming("(-1,)", "'<i8'")})),
        "y_true has the header",
    ),
    case(
        "expression",
        "a header that calls a function",
        of(
            lambda: zipped(
                members("y_true") | {"y_true": claiming("__import__('os').getpid()")}
            )
        ),
        "not one of a plain array",
    ),
    case(
        "wide-text",
        "class names of 2^28 characters each",
        of(
            lambda: zipped(
                members("class_names")
                | {"class_names": claiming("(2,)", "'<U268435456'")}
            )
        ),
        "class_names has 0 of the 2,147,483,648 bytes",
    ),
    case(
        "long-names",
        "class names of a million characters, as honest as they are long",
        of(lambda: packed(class_names=np.array(["a" * 10**6, "b"]))),
        "must have at most 1,000 characters each",
    ),
    case(
        "pickle",
        "row ids that are pickled objects, which run a program",
        of(_pickle),
        "row_ids holds pickled objects, which are never loaded",
    ),
    case(
        "twice",
        "two members of one name",
        of(lambda: with_another(packed(), "y_true.npy", npy(np.zeros(N, int)))),
        "y_true is there 2 times",
    ),
    case(
        "encrypted",
        "encrypted members",
        of(lambda: encrypted(packed())),
        "y_true is encrypted",
    ),
    case(
        "lzma",
        "members packed by LZMA, whose dictionary takes what it likes",
        of(lambda: zipped(members(), method=zipfile.ZIP_LZMA)),
        "packed by method 14 of ZIP",
    ),
    case(
        "directory",
        "a directory of 60,000 members that nobody asked for",
        _directory,
        "it has a directory of",
    ),
    case(
        "truncated",
        "an archive cut short",
        of(lambda: packed()[:-400]),
        "must be an NPZ file",
    ),
    case("pipe", "a pipe that nobody writes to", _pipe, "a pipe is no file"),
    case("device", "a link to /dev/zero", _zeros, "a device is no file"),
    case("folder", "a folder of that name", _folder, "Is a directory"),
    case(
        "not-a-number",
        "a probability that is NaN",
        changed((7, 1), np.nan),
        "NaN or infinity in row 'row 07'",
    ),
    case(
        "outside",
        "a probability of 1.5, and one of -0.5 beside it",
        changed(3, np.array([1.5, -0.5])),
        "values outside of it in row 'row 03'",
    ),
    case(
        "sum",
        "a row that adds up to 1.4",
        changed((0, 0), 0.5),
        "Received 1.4 and the like in row 'row 00'",
    ),
    case(
        "labels",
        "a label of 2^64 - 1, which is -1 to who casts it",
        of(lambda: packed(y_true=np.array([2**64 - 1] * N, dtype=np.uint64))),
        "Received 18446744073709551615",
    ),
    case(
        "complex",
        "complex probabilities",
        of(lambda: packed(y_proba=np.full((N, 2), 0.5 + 0j))),
        "y_proba must hold numbers. Received dtype complex128",
    ),
    case(
        "surrogates",
        "row ids of halves of characters, which no file can hold",
        of(lambda: packed(row_ids=np.array([f"\ud800{row}" for row in range(N)]))),
        "Received U+D800, which is no character",
    ),
    case(
        "steering",
        "row ids that steer the terminal and turn its text around",
        of(_steering),
        r"Received more than once: '\x1b]0;owned\x07\x1b[2J\u202eegassem\u2066\x85'",
    ),
    Case(
        "steering-name",
        "predictions",
        "a file whose name steers the terminal",
        _steering_name,
        ("build", "--name", "run", "--predictions", "a\x1b[2J\u202e.npz"),
        "a\ufffd[2J\ufffd.npz must be an NPZ file",
    ),
)
