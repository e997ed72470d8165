"""A build that is killed without warning leaves a whole run or none."""

import hashlib
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from handed import write_scores
from killing import Moment, killed, run_exchanges, steps_of
from processes import reportgen
from reportgen.pipeline import read_record
from reportgen.pipeline.manifest import MANIFEST, read_manifest

pytestmark = pytest.mark.slow

QUICK = (
    *("build", "--predictions", "scores.npz", "--name", "digits"),
    *("--bootstrap", "100", "--format", "json"),
)
TRAINED = (
    *("build", "--retrain", "--dataset", "digits", "--epochs", "1"),
    *("--bootstrap", "100", "--format", "json"),
)
RENDER = ("render", "output/digits", "--format", "md")

RNG = np.random.default_rng(20)
SHARES = tuple(float(share) for share in RNG.uniform(0, 1, 20))
"""The moments: random shares of all steps, or of the time that a command takes."""


@dataclass(frozen=True, slots=True)
class Measured:
    """How long a command is, undisturbed."""

    steps: int
    seconds: float


def whole(run: Path) -> bool:
    """Returns whether the run is as its manifest says, and asserts that it has one."""
    sums = read_manifest(run)
    assert sums is not None
    assert set(sums) | {MANIFEST} == {path.name for path in run.iterdir()}
    return sums == {
        name: hashlib.sha256((run / name).read_bytes()).hexdigest() for name in sums
    }


def measured(command: tuple[str, ...], folder: Path) -> Measured:
    """Runs a command to its end."""
    start = time.monotonic()
    steps = steps_of(command, folder)
    return Measured(steps, time.monotonic() - start)


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Measured]:
    """Returns a folder with a run, and how long it takes to build another."""
    folder = tmp_path_factory.mktemp("quick")
    write_scores(folder / "scores.npz")
    reportgen(*QUICK, folder=folder)
    return folder, measured(QUICK, folder)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Measured]:
    """Likewise where a network is trained."""
    folder = tmp_path_factory.mktemp("trained")
    return folder, measured(TRAINED, folder)


def check(command: tuple[str, ...], folder: Path, moment: Moment) -> None:
    """Kills a build and looks at what is left; then builds to the end."""
    output = folder / "output"
    done = killed(command, folder, moment)
    assert done.code in ({-9} if moment.step else {-9, 0}), done.stderr
    run = output / "digits"
    aside = output / ".digits.old"
    stands = run if run.exists() else aside
    assert whole(stands)
    assert read_record(run).name == "digits"
    again = reportgen(*command, folder=folder)
    assert again.code == 0, again.stderr
    assert whole(run)
    assert [path.name for path in output.iterdir()] == ["digits"]


@pytest.mark.parametrize("share", SHARES[:8])
def test_a_build_killed_before_a_change(
    share: float, quick: tuple[Path, Measured]
) -> None:
    folder, length = quick
    check(QUICK, folder, Moment(step=1 + int(share * length.steps)))


@pytest.mark.parametrize("share", SHARES[8:16])
def test_a_build_killed_after_a_time(
    share: float, quick: tuple[Path, Measured]
) -> None:
    folder, length = quick
    check(QUICK, folder, Moment(after_s=share * length.seconds))


@pytest.mark.parametrize("share", SHARES[16:18])
def test_a_training_killed_before_a_change(
    share: float, trained: tuple[Path, Measured]
) -> None:
    folder, length = trained
    check(TRAINED, folder, Moment(step=1 + int(share * length.steps)))


@pytest.mark.parametrize("share", SHARES[18:])
def test_a_training_killed_after_a_time(
    share: float, trained: tuple[Path, Measured]
) -> None:
    folder, length = trained
    check(TRAINED, folder, Moment(after_s=share * length.seconds))


def test_a_first_build_that_is_killed_leaves_no_run(tmp_path: Path) -> None:
    write_scores(tmp_path / "scores.npz")
    killed(QUICK, tmp_path, Moment(step=5))
    assert not (tmp_path / "output" / "digits").exists()
    again = reportgen(*QUICK, folder=tmp_path)
    assert again.code == 0, again.stderr
    assert [path.name for path in (tmp_path / "output").iterdir()] == ["digits"]


def test_a_report_killed_while_it_was_built_verifies(tmp_path: Path) -> None:
    # The old run stands: its PDF still proves its own numbers.
    command = (*QUICK[:-1], "html,pdf")
    write_scores(tmp_path / "scores.npz")
    assert reportgen(*command, folder=tmp_path).code == 0
    killed(command, tmp_path, Moment(step=12))
    assert whole(tmp_path / "output" / "digits")
    verified = reportgen("verify", "output/digits/report.pdf", folder=tmp_path)
    assert verified.code == 0, verified.stdout


def test_a_render_killed_at_any_change_is_noticed_and_mended(tmp_path: Path) -> None:
    write_scores(tmp_path / "scores.npz")
    assert reportgen(*QUICK, folder=tmp_path).code == 0
    run = tmp_path / "output" / "digits"
    steps = steps_of(RENDER, tmp_path)
    (run / "report.md").write_text("a page of another version")
    # The last changes: two files put in place, what was not needed, the lock's removal.
    for step in range(steps - 4, steps + 1):
        done = killed(RENDER, tmp_path, Moment(step=step))
        assert done.code == -9, done.stderr
        # What the numbers rest on is never touched.
        assert read_record(run).name == "digits"
    again = reportgen(*RENDER, folder=tmp_path)
    assert again.code == 0, again.stderr
    assert whole(run)
    assert [path.name for path in run.parent.iterdir()] == ["digits"]


def test_an_exchange_killed_at_any_change_is_mended(tmp_path: Path) -> None:
    done = run_exchanges(tmp_path)
    assert done.code == 0, done.stderr
    # Lock, folder, three files written and put in place, three renames, and removals.
    assert int(done.stdout) >= 15
