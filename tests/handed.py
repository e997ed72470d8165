"""Predictions in files that are handed over, and the numbers that come of them."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from processes import Done, reportgen
from reportgen.predictions import read_predictions
from reportgen.record import Record, to_json
from tables import columns_of, write_csv, write_parquet


def write_scores(path: Path, *, n: int = 60) -> None:
    """Writes predictions on n made-up rows of three classes."""
    rng = np.random.default_rng(7)
    np.savez(
        path,
        y_true=rng.integers(0, 3, n),
        y_proba=rng.dirichlet(np.ones(3), n),  # (n, 3)
        class_names=np.array(["a", "b", "c"]),
        row_ids=np.array([f"row-{i}" for i in range(n)]),
    )


def build_from_tables(folder: Path, test: str, validation: str, *, end: str) -> Done:
    """Writes both parts as tables, builds a run of them and names it after their end.

    Args:
        folder: Where to work.
        test: The predictions of the test part.
        validation: Those of the validation part.
        end: The ending of the tables: npz, csv or parquet.
    """
    for name, source in (("test", test), ("held-back", validation)):
        path = folder / f"{name}.{end}"
        if end == "npz":
            path.write_bytes((folder / source).read_bytes())
            continue
        columns = columns_of(read_predictions(folder / source))
        if end == "csv":
            write_csv(path, columns)
        else:
            write_parquet(path, columns)
    handed = ("--predictions", f"test.{end}", "--validation-predictions")
    beside = (f"held-back.{end}", "--name", end, "--format", "json", "--quiet")
    return reportgen("build", *handed, *beside, folder=folder)


def largest_difference(one: Record, other: Record) -> float:
    """Returns by how much two evaluations differ at most, in any of their numbers.

    Raises:
        AssertionError: The one has a number that the other has not.
    """
    first, second = _numbers(one), _numbers(other)
    assert first.keys() == second.keys()
    assert len(first) > 1_000
    return max(abs(second[place] - value) for place, value in first.items())


def _numbers(record: Record) -> dict[str, float]:
    """Returns all numbers of an evaluation by their places, but those of images."""
    found: dict[str, float] = {}
    left: list[tuple[str, Any]] = [("", json.loads(to_json(record))["evaluation"])]
    while left:
        place, value = left.pop()
        if isinstance(value, dict):
            some = {key: one for key, one in value.items() if key != "pixels"}
            left += [(f"{place}.{key}", one) for key, one in some.items()]
        elif isinstance(value, list):
            left += [(f"{place}.{at}", one) for at, one in enumerate(value)]
        elif isinstance(value, int | float):
            found[place] = float(value)
    return found
