"""A short training on all of MNIST, from pixels to PDF."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from reportgen.pipeline import read_record

pytestmark = [pytest.mark.mnist, pytest.mark.full_mnist]


def test_three_epochs_read_975_of_1000_digits_right(
    collection: Path, tmp_path: Path
) -> None:
    subprocess.run(
        [sys.executable, "-m", "reportgen", "build", "--retrain", "--epochs", "3"],
        cwd=tmp_path,
        env=os.environ | {"REPORTGEN_DATA": str(collection), "HOME": str(tmp_path)},
        check=True,
    )
    run = tmp_path / "output" / "mnist"
    evaluation = read_record(run).evaluation
    accuracy = evaluation.score("accuracy").estimate
    assert accuracy is not None
    assert evaluation.n == 14_000
    assert accuracy.value >= 0.975
    assert (run / "report.pdf").read_bytes().startswith(b"%PDF")
