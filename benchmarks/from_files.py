"""What a report of predictions takes in time and memory, from the file to its pages.

Rows of ten classes are written as NPZ, CSV and Parquet; each file goes through
`reportgen build --predictions`, and the first two runs of a size through `reportgen
compare`. Beside them stands a process that loads the NPZ and computes scikit-learn's
point values alone. Memory is the greatest sum over a command and the processes that it
started, as Linux tells it. Prints a Markdown table.

    python benchmarks/from_files.py                    # 10,000, 100,000, 1,000,000 rows
    python benchmarks/from_files.py --rows 10000       # other sizes
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from populations import SIGNALS, Population
from reportgen.predictions import Predictions

ROWS = (10_000, 100_000, 1_000_000)
MIB = 2**20
EVERY_S = 0.02
"""Seconds between two looks at the memory."""

POINTS = """
import sys
import numpy as np
from evaluate import sklearn_points
from reportgen.predictions import read_predictions
from pathlib import Path
sklearn_points(read_predictions(Path(sys.argv[1])))
"""
"""Scikit-learn's point values of a file, as a process of its own."""


def cost(command: list[str]) -> tuple[float, float]:
    """Returns the seconds that a command took, and its peak memory in MiB."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(map(_resident, _family(process.pid))))
        time.sleep(EVERY_S)
    if process.returncode:
        raise SystemExit(f"{command} ended with status {process.returncode}.")
    return time.perf_counter() - start, peak / MIB


def _family(process: int) -> Iterator[int]:
    """Yields a process and all that it started, as far as they live."""
    yield process
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            children = path.read_text(encoding="ascii").split()
        except OSError:  # it has ended meanwhile
            continue
        for child in children:
            yield from _family(int(child))


def _resident(process: int) -> int:
    """Returns the bytes that a process holds alone, or shares by its part of them."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0
    return next(
        (int(line.split()[1]) * 1024 for line in lines.splitlines() if "Pss:" in line),
        0,
    )


def write_files(folder: Path, rows: int) -> dict[str, Path]:
    """Writes the same predictions in each form, and others on the same rows."""
    rng = np.random.default_rng(0)
    population = Population(SIGNALS[0.99])
    predictions = population.draw(rows, rng)
    other = _other(predictions, rng)
    paths = {form: folder / f"scores-{form}.{form}" for form in ("npz", "csv")}
    paths["parquet"] = folder / "scores-parquet.parquet"
    paths["other"] = folder / "other.npz"
    _write_npz(paths["npz"], predictions)
    _write_npz(paths["other"], other)
    _write_csv(paths["csv"], predictions)
    _write_parquet(paths["parquet"], predictions)
    return paths


def _other(predictions: Predictions, rng: np.random.Generator) -> Predictions:
    """Returns what another model might say of the same rows: a little noise on each."""
    noise = rng.exponential(1e-3, predictions.y_proba.shape)
    proba = predictions.y_proba + noise
    proba /= proba.sum(axis=1, keepdims=True)
    return Predictions(
        predictions.y_true, proba, predictions.class_names, predictions.row_ids
    )


def _write_npz(path: Path, predictions: Predictions) -> None:
    """Writes an NPZ as anyone would."""
    np.savez(
        path,
        y_true=predictions.y_true,
        y_proba=predictions.y_proba,
        class_names=np.array(predictions.class_names),
        row_ids=predictions.row_ids,
    )


def _columns(predictions: Predictions) -> list[str]:
    """Returns the names of the columns of a table."""
    return ["row_id", "y_true", *(f"proba_{name}" for name in predictions.class_names)]


def _labels(predictions: Predictions) -> NDArray[np.str_]:
    """Returns (n,) names of the true classes."""
    return np.array(predictions.class_names)[predictions.y_true]


def _write_csv(path: Path, predictions: Predictions) -> None:
    """Writes a CSV with every digit of each probability."""
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(_columns(predictions)) + "\n")
        for row_id, label, proba in zip(
            predictions.row_ids, _labels(predictions), predictions.y_proba, strict=True
        ):
            file.write(f"{row_id},{label},{','.join(map(repr, proba.tolist()))}\n")


def _write_parquet(path: Path, predictions: Predictions) -> None:
    """Writes a Parquet file."""
    import pyarrow as pa
    from pyarrow import parquet

    arrays = [predictions.row_ids, _labels(predictions), *predictions.y_proba.T]
    table = pa.table(dict(zip(_columns(predictions), arrays, strict=True)))
    parquet.write_table(table, path)


def commands(paths: dict[str, Path], folder: Path) -> dict[str, list[str]]:
    """Returns what is measured, by its name."""
    program = [sys.executable, "-m", "reportgen"]
    output = ["--output", str(folder), "--quiet"]
    build = [*program, "build", *output, "--predictions"]
    runs = [str(folder / paths[name].stem) for name in ("npz", "other")]
    return {
        "scikit-learn, points alone": [
            sys.executable,
            "-c",
            POINTS,
            str(paths["npz"]),
        ],
        "build, NPZ": [*build, str(paths["npz"])],
        "build, CSV": [*build, str(paths["csv"])],
        "build, Parquet": [*build, str(paths["parquet"])],
        "build, the other NPZ": [*build, str(paths["other"])],
        "compare": [*program, "compare", *runs, *output],
    }


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=ROWS)
    os.environ["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    print("| rows | command | time | peak memory | beside scikit-learn |")
    print("|---|---|---|---|---|", flush=True)
    for rows in parser.parse_args().rows:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            paths = write_files(folder, rows)
            points = 0.0
            for name, command in commands(paths, folder / "runs").items():
                taken, peak = cost(command)
                points = points or taken
                print(
                    f"| {rows:,} | {name} | {taken:.1f} s | {peak:,.0f} MiB | "
                    f"{taken / points:.1f} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
