"""Predictions as tables in text and in Parquet, as other programs write them."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from reportgen.predictions import Predictions

Columns = Mapping[str, Sequence[Any]]


def columns_of(predictions: Predictions) -> dict[str, list[Any]]:
    """Returns the columns of a table that hold these predictions."""
    names = np.array(predictions.class_names)
    found = {
        "row_id": predictions.row_ids.tolist(),
        "y_true": names[predictions.y_true].tolist(),
    }
    for name, proba in zip(names.tolist(), predictions.y_proba.T, strict=True):
        found[f"proba_{name}"] = proba.tolist()
    for column in predictions.columns:
        found[f"meta_{column.name}"] = column.values.tolist()
    return found


def write_csv(path: Path, columns: Columns, *, delimiter: str = ",") -> Path:
    """Writes a table as text; floats as repr does, so that none loses a bit."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    return path


def write_parquet(path: Path, columns: Columns, **settings: Any) -> Path:
    """Writes a table as Parquet."""
    import pyarrow as pa
    from pyarrow import parquet

    parquet.write_table(pa.table(dict(columns)), path, **settings)
    return path
