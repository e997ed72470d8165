"""A short training on all of MNIST, from pixels to PDF."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from handed import build_from_tables, largest_difference
from reportgen.pipeline import read_record

pytestmark = [pytest.mark.mnist, pytest.mark.full_mnist]


@pytest.fixture(scope="module")
def run(collection: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns the run of three epochs."""
    folder = tmp_path_factory.mktemp("mnist")
    subprocess.run(
        [sys.executable, "-m", "reportgen", "build", "--retrain", "--epochs", "3"],
        cwd=folder,
        env=os.environ | {"REPORTGEN_DATA": str(collection), "HOME": str(folder)},
        check=True,
    )
    return folder / "output" / "mnist"


def test_three_epochs_read_975_of_1000_digits_right(run: Path) -> None:
    evaluation = read_record(run).evaluation
    accuracy = evaluation.score("accuracy").estimate
    assert accuracy is not None
    assert evaluation.n == 14_000
    assert accuracy.value >= 0.975
    assert (run / "report.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("end", ["npz", "csv", "parquet"])
def test_every_number_comes_of_the_predictions_too(run: Path, end: str) -> None:
    done = build_from_tables(run, "predictions.npz", "validation.npz", end=end)
    assert done.code == 0, done.stderr
    again = read_record(run / "output" / end)
    assert largest_difference(read_record(run), again) <= 1e-12
