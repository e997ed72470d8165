"""Hostile tables of predictions, in text and in Parquet, and their images."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from hostile import Case, Write

TEXT, TABLE = "scores.csv", "scores.parquet"
HEAD = b"y_true,proba_no,proba_yes\n"
ROW = b"no,0.75,0.25\n"


def text(make: Callable[[], bytes]) -> Write:
    """Returns what writes those bytes as a table."""

    def write(folder: Path) -> None:
        (folder / TEXT).write_bytes(make())

    return write


def _parquet(**columns: Any) -> Write:
    """Returns what writes a Parquet file of those columns, and sound ones else."""

    def write(folder: Path) -> None:
        import pyarrow as pa
        from pyarrow import parquet

        sound = {
            "y_true": ["no", "yes"],
            "proba_no": [0.75, 0.5],
            "proba_yes": [0.25, 0.5],
        }
        parquet.write_table(pa.table(sound | columns), folder / TABLE)

    return write


def _many_rows(folder: Path) -> None:
    # Forty million equal rows, which dictionaries and run lengths pack into little.
    import pyarrow as pa
    from pyarrow import parquet

    rows = 1_000_000
    batch = pa.table(
        {
            "y_true": np.zeros(rows, np.int8),
            "proba_no": np.zeros(rows, np.float32),
            "proba_yes": np.ones(rows, np.float32),
        }
    )
    with parquet.ParquetWriter(folder / TABLE, batch.schema, compression="zstd") as to:
        for _ in range(40):
            to.write_table(batch)


def _long_texts(folder: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    labels = pa.array(["no" * 10_000_000, "yes"])
    columns = {"y_true": labels, "proba_no": [0.75, 0.5], "proba_yes": [0.25, 0.5]}
    parquet.write_table(pa.table(columns), folder / TABLE, compression="zstd")


def _damaged(folder: Path) -> None:
    _parquet()(folder)
    path = folder / TABLE
    content = bytearray(path.read_bytes())
    content[-200:-100] = bytes(100)
    path.write_bytes(content)


def _image(path: str) -> Write:
    """Returns what writes a table whose rows show the picture of that path."""
    return text(lambda: b"image," + HEAD + f"{path},no,1,0\n{path},yes,0,1\n".encode())


def _device(folder: Path) -> None:
    _image("zero.png")(folder)
    (folder / "zero.png").symlink_to("/dev/zero")


def _pipe(folder: Path) -> None:
    os.mkfifo(folder / TEXT)


def case(key: str, what: str, write: Write, says: str, *, file: str = TEXT) -> Case:
    """Returns a case that reportgen is asked to evaluate."""
    return Case(key, "tables", what, write, ("build", "--predictions", file), says)


CASES = (
    case(
        "lines",
        "a hundred million empty lines",
        text(lambda: HEAD + b"\n" * 10**8),
        "must take at most 1,073,741,824 bytes of memory",
    ),
    case(
        "one-line",
        "a line of 64 MiB",
        text(lambda: HEAD + b"a" * 2**26),
        "Received more than 1,048,575 characters in line 2",
    ),
    case(
        "open-quote",
        "a quote that is never closed, over a million lines",
        text(lambda: HEAD + b'"' + ROW * 10**6),
        "field larger than field limit",
    ),
    case(
        "columns",
        "a hundred thousand classes",
        text(
            lambda: (
                b"y_true," + b",".join(b"proba_%d" % k for k in range(10**5)) + b"\n"
            )
        ),
        "Received more than 1,048,575 characters in line 1",
    ),
    case(
        "classes",
        "three thousand classes",
        text(
            lambda: b"y_true," + b",".join(b"proba_%d" % k for k in range(3000)) + b"\n"
        ),
        "at most 2,500 classes",
    ),
    case(
        "labels",
        "a label of its own for each of a million rows",
        text(
            lambda: (
                b"label,y_pred\n"
                + b"".join(b"%d,%d\n" % (row, row) for row in range(10**6))
            )
        ),
        "labels of at most 2,500 classes",
    ),
    case(
        "formula",
        "a label that is a formula of a spreadsheet, and steers the terminal",
        text(lambda: HEAD + b"=cmd|'/c calc'!A1\x1b[2J,0.5,0.5\n"),
        "'/c calc'!A1\\x1b[2J",
    ),
    case("pipe", "a pipe that nobody writes to", _pipe, "a pipe is no file"),
    case(
        "image-outside",
        "a path of an image that leads out of the folder",
        _image("../../../etc/passwd"),
        "must be relative to the table",
    ),
    case(
        "image-device",
        "an image that is a device",
        _device,
        "a device is no file",
    ),
    case(
        "parquet-rows",
        "forty million rows in a few kilobytes",
        _many_rows,
        "must take at most 1,073,741,824 bytes of memory",
        file=TABLE,
    ),
    case(
        "parquet-text",
        "a label of twenty million characters in two kilobytes",
        _long_texts,
        "must hold texts of at most 1,000 characters",
        file=TABLE,
    ),
    case(
        "parquet-damaged",
        "a footer of zeros",
        _damaged,
        "must be a Parquet file. Received a broken one",
        file=TABLE,
    ),
)
