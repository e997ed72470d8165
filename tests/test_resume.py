"""A training that was killed goes on where it was, and ends as if it never had been."""

import time
from pathlib import Path
from shutil import copytree

import pytest

from processes import Done, finish, reportgen, start
from reportgen.pipeline import read_record
from reportgen.pipeline.learning import progress_file
from reportgen.record import Training

pytestmark = pytest.mark.slow

PASSES = "60"
WARP = ("build", "--retrain", "--dataset", "digits", "--recipe", "warp")
WAIT_S = 120


def training_of(folder: Path) -> Training:
    """Returns how the run in that folder was trained."""
    training = read_record(folder / "output" / "digits").training
    assert training is not None
    return training


def hidden(folder: Path) -> list[str]:
    """Returns what stands beside the run."""
    return sorted(
        path.name for path in (folder / "output").iterdir() if path.name != "digits"
    )


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which a training was killed without warning after some passes."""
    folder = tmp_path_factory.mktemp("killed")
    process = start((*WARP, "--passes", PASSES, "--format", "json"), folder)
    progress = progress_file(folder / "output" / "digits", 42)
    first = _written_after(0, progress)
    _written_after(first, progress)
    process.kill()  # SIGKILL: no handler, no clearing up
    done = finish(process)
    assert done.code == -9, done.stderr
    assert not (folder / "output" / "digits").exists()
    return folder


def _written_after(moment: int, progress: Path) -> int:
    """Waits until the progress was written after the moment; returns when it was."""
    end_s = time.monotonic() + WAIT_S
    while time.monotonic() < end_s:
        written = progress.stat().st_mtime_ns if progress.exists() else 0
        if written > moment:
            return written
        time.sleep(0.01)
    pytest.fail("no progress was written")


def build(folder: Path, *more: str) -> Done:
    """Builds to the end."""
    return reportgen(*WARP, "--format", "json", *more, folder=folder)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Training:
    """A training that nothing interrupted."""
    folder = tmp_path_factory.mktemp("whole")
    done = build(folder, "--passes", PASSES)
    assert done.code == 0, done.stderr
    assert hidden(folder) == []
    return training_of(folder)


def test_digits_are_learnt_from_warps(whole: Training) -> None:
    assert (whole.recipe, whole.epochs) == ("warp", 60)
    assert whole.history.validation_accuracy[-1] >= 0.95
    assert whole.warping is not None
    assert whole.tempering is not None


def test_a_killed_training_goes_on_to_the_same_weights(
    whole: Training, killed: Path, tmp_path: Path
) -> None:
    copytree(killed / "output", tmp_path / "output")
    other = build(tmp_path, "--passes", "59", "--resume")
    assert other.code == 1
    assert "asked for the same" in other.stderr
    assert "leave --resume out" in other.stderr
    assert "Traceback" not in other.stderr
    assert other.stderr.count("╭") == 1
    resumed = build(tmp_path, "--passes", PASSES, "--resume")
    assert resumed.code == 0, resumed.stderr
    assert f"epoch  1/{PASSES}" not in resumed.stderr
    assert f"epoch {PASSES}/{PASSES}" in resumed.stderr
    assert training_of(tmp_path) == whole
    assert not list((tmp_path / "output").glob("*.progress"))


def test_without_resume_it_starts_anew(killed: Path, tmp_path: Path) -> None:
    copytree(killed / "output", tmp_path / "output")
    anew = build(tmp_path, "--passes", "2")
    assert anew.code == 0, anew.stderr
    assert "epoch 1/2" in anew.stderr
    assert training_of(tmp_path).epochs == 2
    assert not list((tmp_path / "output").glob("*.progress"))
