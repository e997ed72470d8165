"""The workflow in the README builds, gates and keeps the PDF, as it says."""

import re
import shlex
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import yaml
from click.testing import CliRunner, Result

from reportgen.cli import main

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def steps() -> list[dict[str, Any]]:
    """Returns the steps of the workflow's only job."""
    [block] = re.findall(r"```yaml\n(.*?)```", README, flags=re.DOTALL)
    [job] = yaml.safe_load(block)["jobs"].values()
    found: list[dict[str, Any]] = job["steps"]
    return found


def ours() -> list[list[str]]:
    """Returns the words of each command that calls this program."""
    lines = (shlex.split(step.get("run", ""), comments=True) for step in steps())
    return [words[1:] for words in lines if words and words[0] == "reportgen"]


def kept() -> list[str]:
    """Returns the paths that the workflow keeps, whatever happened before."""
    [upload] = [s for s in steps() if "upload-artifact" in s.get("uses", "")]
    assert upload["if"] == "always()"
    paths: str = upload["with"]["path"]
    return paths.split()


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs each test in an empty folder that is also home."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("REPORTGEN_BOOTSTRAP", "100")


def write_predictions(name: str, *, right: float) -> None:
    """Writes 2,000 rows of two classes that a calibrated model predicts.

    Args:
        name: Name of the file.
        right: Probability of the predicted class, and share of rows predicted right.
    """
    n = 2000
    wrong = np.arange(n) < round(n * (1 - right))
    y_true = np.arange(n) % 2
    proba = np.full((n, 2), 1 - right)
    proba[np.arange(n), np.where(wrong, 1 - y_true, y_true)] = right
    names, row_ids = ["cat", "dog"], [f"row-{row}" for row in range(n)]
    np.savez(name, y_true=y_true, y_proba=proba, class_names=names, row_ids=row_ids)


def gated(*more: str, right: float) -> Result:
    """Calls what the workflow calls, on predictions of that quality.

    The run folder of 1,980 of 2,000 right stands for its report as the baseline.
    """
    write_predictions("in-use.npz", right=0.99)
    baseline = ["build", "--predictions", "in-use.npz", "--format", "json"]
    assert CliRunner().invoke(main, baseline).exit_code == 0
    write_predictions("scores.npz", right=right)
    [words] = ours()
    words = ["output/in-use" if word == "in-use.pdf" else word for word in words]
    assert "output/in-use" in words
    return CliRunner().invoke(main, [*words, *more])


def test_the_workflow_lets_a_good_model_pass() -> None:
    # 1,990 of 2,000 right: Wilson's interval of 95 % is [0.9908, 0.9973].
    result = gated("--format", "json", right=0.995)
    assert result.exit_code == 0, result.output


@pytest.mark.slow
def test_the_workflow_stops_a_bad_model_and_keeps_its_report() -> None:
    # 1,800 of 2,000 right: Wilson's interval of 95 % is [0.8861, 0.9124].
    result = gated(right=0.9)
    assert result.exit_code == 3, result.output
    assert all(Path(path).is_file() for path in kept())
    assert len(list(ET.parse("junit.xml").iter("failure"))) == 2


def test_what_it_shows_beside_the_run_is_written() -> None:
    [words] = ours()
    [told] = re.findall(r"cat (\S+) >>", "\n".join(s.get("run", "") for s in steps()))
    assert "md" in words[words.index("--format") + 1].split(",")
    assert Path(told).name == "requirements.md"
    assert str(Path(told).parent) in {str(Path(path).parent) for path in kept()}


def test_every_step_uses_a_fixed_version() -> None:
    used = [step["uses"] for step in steps() if "uses" in step]
    assert used
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", one) for one in used)
