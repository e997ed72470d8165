"""Predictions in files: written as NPZ, and read again from bytes of strangers."""

import io
from pathlib import Path
from typing import Any

import numpy as np

from reportgen.predictions.assembling import assembled
from reportgen.predictions.bounds import LARGEST_CARRIED
from reportgen.predictions.contract import Predictions
from reportgen.predictions.npz_roles import CONTENTS, MEASURED
from reportgen.predictions.npz_table import read_npz
from reportgen.predictions.roles import METADATA, Asked

MEMBERS = ("y_true", "y_proba", "class_names", "row_ids")
"""Members of every file of probabilities; of labels alone, y_pred is in y_proba's
place. Hashes of contents and columns may stand beside them."""


def write_predictions(predictions: Predictions, path: Path) -> None:
    """Writes an NPZ, probabilities in float32 where that loses nothing.

    It holds `MEMBERS`; hashes of contents as `contents`, and each column as "meta_" or
    "image_" and its name.

    Args:
        predictions: What to write.
        path: File to write; it should end in ".npz".
    """
    path.write_bytes(to_npz(predictions))


def to_npz(predictions: Predictions) -> bytes:
    """Returns the file that `write_predictions` writes; its bytes follow from the rows.

    Args:
        predictions: What it holds.
    """
    file = io.BytesIO()
    np.savez_compressed(file, **_members(predictions))
    return file.getvalue()


def _members(predictions: Predictions) -> dict[str, Any]:
    """Returns the arrays of a file by name."""
    members: dict[str, Any] = {
        "y_true": predictions.y_true,
        "class_names": np.array(predictions.class_names, dtype=np.str_),
        "row_ids": predictions.row_ids,
    }
    if predictions.hard:
        members["y_pred"] = predictions.y_pred
    else:
        narrow = predictions.y_proba.astype(np.float32)
        lossless = np.array_equal(narrow.astype(np.float64), predictions.y_proba)
        members["y_proba"] = narrow if lossless else predictions.y_proba
    if predictions.contents is not None:
        members[CONTENTS] = predictions.contents
    for column in predictions.columns:
        prefix = MEASURED if column.origin == "image" else METADATA
        members[prefix + column.name] = column.values
    return members


def parse_predictions(
    content: bytes, *, name: str, largest: int = LARGEST_CARRIED
) -> Predictions:
    """Returns the predictions in the bytes of an NPZ file that came from elsewhere.

    Args:
        content: The file, packed; its size is for the caller to bound.
        name: What to call it in an error.
        largest: Bytes that they may take in memory.

    Raises:
        PredictionsError: It is broken, breaks the contract, holds more than reportgen
            writes, or takes more than `largest`.
    """
    file = io.BytesIO(content)
    table, roles = read_npz(file, Asked(), name=name, largest=largest, alone=True)
    return assembled(table, roles, part="row", largest=largest)[0]
