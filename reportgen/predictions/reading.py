"""Predictions that were handed over, in whatever file, and what was done to read them.

1. The file is opened if it is one, and its bytes are hashed.
2. Its ending tells the reader, which gives each column its role.
3. The table becomes predictions; the file must be as it was.
"""

import os
from dataclasses import dataclass
from hashlib import file_digest
from io import BufferedReader
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import PredictionsError
from reportgen.opening import open_regular
from reportgen.predictions import bounds
from reportgen.predictions.assembling import Table, assembled
from reportgen.predictions.contract import Predictions
from reportgen.predictions.csv_table import read_csv
from reportgen.predictions.npz_table import read_npz
from reportgen.predictions.parquet_table import read_parquet
from reportgen.predictions.roles import Asked, Roles


class Reader(Protocol):
    """Reads a table from an open file."""

    def __call__(
        self, file: BufferedReader, asked: Asked, /, *, name: str, largest: int
    ) -> tuple[Table, Roles]:
        """Returns what it holds, and what each of its columns is."""


READERS: dict[str, Reader] = {
    ".npz": read_npz,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".parquet": read_parquet,
}
"""How a file is read, by the ending of its name."""

PACKED = frozenset({".gz", ".bz2", ".xz", ".zip", ".zst", ".7z"})
"""Endings of files around another one."""

OTHERS = frozenset(
    {".json", ".jsonl", ".pkl", ".pickle", ".feather", ".arrow", ".xls", ".xlsx", ".h5"}
)
"""Endings of tables that no reader is for; a pickle is never loaded."""

NOTHING = Asked()


@dataclass(frozen=True, slots=True, eq=False)
class Received:
    """What a file was read as.

    Attributes:
        predictions: The predictions.
        sha256: Hash of just those bytes that were read.
        notes: What was done and what was left unread, in sentences.
        images: (n,) str, paths of images as they stand in the file; None without.
        numbered: Whether nobody named the rows, so that their ids are numbers.
    """

    predictions: Predictions
    sha256: str
    notes: tuple[str, ...]
    images: NDArray[np.str_] | None
    numbered: bool


def read_predictions(path: Path, asked: Asked = NOTHING) -> Predictions:
    """Returns the predictions in a file; no pickle is loaded.

    Args:
        path: A file as for `receive`.
        asked: What the user says of its columns.

    Raises:
        PredictionsError: As for `receive`.
    """
    return receive(path, asked).predictions


def receive(path: Path, asked: Asked = NOTHING, *, part: str = "row") -> Received:
    """Returns what a file of predictions was read as.

    Args:
        path: An NPZ, CSV, TSV or Parquet file, by the ending of its name.
        asked: What the user says of its columns.
        part: What the ids of rows begin with that nobody named.

    Raises:
        PredictionsError: The ending is unknown, the file is missing, broken or breaks
            the contract, takes more than `bounds.LARGEST_HANDED`, or changed while it
            was read.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise PredictionsError(
            f"A file of predictions must end in {', '.join(list(READERS)[:-1])} or "
            f"{list(READERS)[-1]}. Received {path.name!r}. {_ending_advice(path)}"
        )
    try:
        with open_regular(path) as file:
            return _received(file, reader, path, asked, part=part)
    except FileNotFoundError as error:
        raise PredictionsError(
            f"{path} must exist. Received no such file. Check its name."
        ) from error
    except OSError as error:
        raise PredictionsError(
            f"{path} must be readable: {error.strerror or error}. Name a file."
        ) from error


def _ending_advice(path: Path) -> str:
    """Returns what to do with a file of another ending."""
    ending = path.suffix.lower()
    if ending in PACKED:
        return "Unpack it first."
    if ending == ".npy":
        return "Save labels and probabilities together with numpy.savez."
    if ending in OTHERS:
        return "Write the table as CSV or Parquet, as to_csv of pandas does."
    return "Name it after what it holds."


def _received(
    file: BufferedReader, reader: Reader, path: Path, asked: Asked, *, part: str
) -> Received:
    """Returns what an open file was read as."""
    before = _state(file)
    digest = file_digest(file, "sha256").hexdigest()
    file.seek(0)
    largest = bounds.LARGEST_HANDED
    table, roles = reader(file, asked, name=path.name, largest=largest)
    _check_unchanged(before, _state(file), path)
    predictions, notes = assembled(table, roles, part=part, largest=largest)
    numbered = table.row_ids is None
    return Received(predictions, digest, notes, table.images, numbered)


def _state(file: BufferedReader) -> tuple[int, int]:
    """Returns size and time of the last change of an open file."""
    found = os.fstat(file.fileno())
    return found.st_size, found.st_mtime_ns


def _check_unchanged(
    before: tuple[int, int], after: tuple[int, int], path: Path
) -> None:
    """Refuses a file that was written to meanwhile: which bytes were read?"""
    if before != after:
        raise PredictionsError(
            f"{path} must stay as it is while it is read. Received one that another "
            "program wrote to meanwhile. Wait until it is done."
        )
