"""Variables of odd bytes, and a machine that knows no UTF-8."""

from pathlib import Path

import numpy as np
import pytest

from processes import reportgen
from records import make_predictions
from reportgen.pipeline import read_record
from reportgen.predictions import write_predictions

pytestmark = pytest.mark.slow

ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
"""Makes Python print in ASCII, and read names of files as it."""

STEERING = "\x1b]0;owned\x07\x1b[2J"
NO_UTF_8 = "\udcff\udc80"
"""What Python makes of the bytes 0xff 0x80 in a variable."""


@pytest.mark.parametrize("value", [STEERING, NO_UTF_8])
@pytest.mark.parametrize(
    ("variable", "code"),
    [
        ("BATCH_SIZE", 2),
        ("CONFIG", 2),
        ("DATASET", 2),
        ("FORMAT", 2),
        ("LEVEL", 2),
        ("NAME", 2),
        ("PREDICTIONS", 2),
        ("PROTOCOL", 2),
        ("RECIPE", 2),
        ("SEED", 2),
    ],
)
def test_a_variable_cannot_steer_the_terminal(
    tmp_path: Path, variable: str, code: int, value: str
) -> None:
    odd = {"REPORTGEN_DATASET": "digits", f"REPORTGEN_{variable}": value}
    trained = () if variable == "PREDICTIONS" else ("--retrain",)
    done = reportgen("build", *trained, folder=tmp_path, **odd)
    assert done.code == code, done.stderr
    assert "\x1b" not in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("╭") == 1
    assert not (tmp_path / "output").exists()


@pytest.mark.parametrize("name", ["scores.npz", "Übung.npz"])
def test_a_report_is_made_where_nothing_is_utf_8(tmp_path: Path, name: str) -> None:
    write_predictions(make_predictions(60, 3), tmp_path / name)
    (tmp_path / "reportgen.toml").write_text(
        '[card]\ntitle = "Über Ziffern 手"', encoding="utf-8"
    )
    command = ("build", "--predictions", name, "--name", "run", "--format", "html")
    done = reportgen(*command, folder=tmp_path, **ASCII)
    assert done.code == 0, done.stderr
    record = read_record(tmp_path / "output" / "run")
    assert record.title == "Über Ziffern 手"
    assert record.dataset.source == name


def test_an_error_is_told_where_nothing_is_utf_8(tmp_path: Path) -> None:
    np.savez(tmp_path / "Übung.npz", y_true=np.zeros(3))
    command = ("build", "--predictions", "Übung.npz", "--name", "run")
    done = reportgen(*command, folder=tmp_path, **ASCII)
    assert done.code == 1, done.stderr
    assert "bung.npz must hold y_true" in done.stderr
    assert "Traceback" not in done.stderr
