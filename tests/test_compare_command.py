"""`compare` and `build --baseline`, as a user calls them."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from pairs import make_pair
from processes import Done, reportgen

pytestmark = pytest.mark.slow

N = 400
NAMES = np.array(["cat", "dog", "owl", "fox", "[/]"])


def write(path: Path, which: str, **changes: object) -> None:
    """Writes the predictions of one of two models on the same rows."""
    one = getattr(make_pair(N, 5, edge=0.6), which)
    arrays = {
        "y_true": one.y_true,
        "y_proba": one.y_proba,
        "class_names": NAMES,
        "row_ids": one.row_ids,
    }
    np.savez(path, **{**arrays, **changes})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns a folder with two runs, and a third one on other rows."""
    folder = tmp_path_factory.mktemp("runs")
    write(folder / "old.npz", "baseline")
    write(folder / "new.npz", "candidate")
    write(folder / "other.npz", "baseline", row_ids=np.arange(N) + 10_000)
    for name in ("old", "new", "other"):
        done = called(f"build --predictions {name}.npz --bootstrap 100", folder)
        assert done.code == 0, done.stderr
    return folder


def called(command: str, folder: Path) -> Done:
    """Runs a command quietly in that folder."""
    return reportgen(*command.split(), "--quiet", folder=folder)


def told(command: str, folder: Path) -> dict[str, object]:
    """Returns what a command tells a machine."""
    done = called(f"{command} --json --format json", folder)
    assert done.code == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_two_reports_alone_give_the_paired_verdict(
    folder: Path, tmp_path: Path
) -> None:
    for name in ("old", "new"):
        shutil.copy(folder / "output" / name / "report.pdf", tmp_path / f"{name}.pdf")
    done = called("compare old.pdf new.pdf", tmp_path)
    assert done.code == 0, done.stderr
    written = json.loads((tmp_path / "output/old-vs-new/comparison.json").read_text())
    paired = written["comparison"]["paired"]
    assert paired["verdict"]["kind"] == "better"
    assert paired["flips"]["n"] == N
    pages = {path.name for path in (tmp_path / "output/old-vs-new").iterdir()}
    assert {"comparison.html", "comparison.pdf"} <= pages
    said = " ".join(done.stdout.split())
    assert "The candidate is better than the baseline" in said
    assert (
        "- The margin, a loss of accuracy that is put up with, is 0.1 points." in said
    )
    left = {path.name for path in tmp_path.iterdir() if path.name[0] != "."}
    assert left == {"new.pdf", "old.pdf", "output"}


def test_folders_records_and_reports_give_the_same_numbers(
    folder: Path, tmp_path: Path
) -> None:
    found = []
    for a, b in (("old", "new"), ("old/record.json", "new/report.pdf")):
        command = f"compare output/{a} output/{b} --output {tmp_path}"
        one = told(command, folder)
        found.append({key: value for key, value in one.items() if key != "paths"})
    assert found[0] == found[1]
    assert found[0]["name"] == "old-vs-new"


def test_a_model_with_itself_decides_alike(folder: Path, tmp_path: Path) -> None:
    found = told(f"compare output/old output/old --output {tmp_path}", folder)
    assert found["verdict"] == "identical"
    assert (found["fixes"], found["regressions"]) == (0, 0)
    done = called(f"compare output/old output/old --output {tmp_path}", folder)
    assert done.stdout.count("nothing tells how far") == 1  # for all scores at once


def test_other_rows_get_no_verdict(folder: Path, tmp_path: Path) -> None:
    found = told(f"compare output/other output/new --output {tmp_path}", folder)
    assert found["verdict"] is None
    assert found["paired"] is False
    assert found["reason"] == "the test rows have other ids"
    done = called(f"compare output/other output/new --output {tmp_path}", folder)
    said = " ".join(done.stdout.split())
    assert "none is called better or worse" in said
    assert "is better" not in said


def test_a_run_is_never_replaced_by_a_comparison(folder: Path) -> None:
    done = called("compare output/old output/new --name new", folder)
    assert done.code == 1
    assert "the folder of a comparison" in " ".join(done.stderr.split())
    assert (folder / "output/new/record.json").exists()


def test_a_comparison_is_replaced_by_the_next(folder: Path, tmp_path: Path) -> None:
    for margin in ("0.001", "0.002"):
        command = f"compare output/old output/new --margin {margin}"
        assert told(f"{command} --output {tmp_path}", folder)["margin"] == float(margin)
    (only,) = (one for one in tmp_path.iterdir() if one.is_dir())
    assert only.name == "old-vs-new"
    assert json.loads((only / "comparison.json").read_text())["margin"] == 0.002


def test_a_comparison_can_be_gated(folder: Path, tmp_path: Path) -> None:
    done = reportgen(
        *f"compare output/new output/old --quiet --output {tmp_path}".split(),
        "--require",
        "delta.accuracy >= 0",
        folder=folder,
    )
    assert done.code == 3, done.stderr
    assert "delta.accuracy >= 0.0" in done.stderr
    assert (tmp_path / "new-vs-old/comparison.json").exists()


def test_a_build_beside_a_baseline_can_be_verified(folder: Path) -> None:
    command = "build --predictions new.npz --name beside --bootstrap 100"
    done = called(f"{command} --baseline output/old", folder)
    assert done.code == 0, done.stderr
    run = folder / "output" / "beside"
    assert (run / "baseline.npz").read_bytes() == (
        folder / "output/old/predictions.npz"
    ).read_bytes()
    alone = told(f"compare output/old {run} --output alone", folder)
    found = json.loads((run / "record.json").read_text())["comparison"]
    assert found["paired"]["verdict"]["kind"] == alone["verdict"] == "better"
    verified = called(f"verify {run}/report.pdf --json", folder)
    assert verified.code == 0, verified.stdout
    checks = {one["name"]: one for one in json.loads(verified.stdout)["checks"]}
    assert checks["comparison"]["verdict"] == "agrees"


def test_a_run_can_be_the_baseline_of_the_one_that_replaces_it(folder: Path) -> None:
    write(folder / "mine.npz", "baseline")
    assert called("build --predictions mine.npz --format json", folder).code == 0
    write(folder / "mine.npz", "candidate")
    command = "build --predictions mine.npz --baseline output/mine --format json"
    assert called(command, folder).code == 0
    run = folder / "output" / "mine"
    found = json.loads((run / "record.json").read_text())["comparison"]
    assert found["paired"]["verdict"]["kind"] == "better"
    assert found["baseline"]["name"] == found["candidate"]["name"] == "mine"


def test_comparing_loads_no_tensorflow(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\n"
        "for name in ('tensorflow', 'keras', 'h5py'):\n    sys.modules[name] = None\n"
    )
    done = reportgen(
        *f"compare output/old output/new --quiet --output {tmp_path}".split(),
        folder=folder,
        PYTHONPATH=f"{tmp_path}:{Path(__file__).parents[1]}",
    )
    assert done.code == 0, done.stderr


def test_a_margin_needs_a_baseline(folder: Path) -> None:
    done = called("build --predictions new.npz --margin 0.01", folder)
    assert done.code == 2
    assert "--margin must come with --baseline" in " ".join(done.stderr.split())
