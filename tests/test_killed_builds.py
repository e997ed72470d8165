"""A build that is killed without warning leaves a whole run or none."""

import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from handed import write_scores
from killing import Forked, Moment, killed, run_exchanges, steps_of
from processes import Done, reportgen
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
"""Moments: random shares of the time that a command takes, or of its changes."""


@dataclass(frozen=True, slots=True)
class Measured:
    """How long a command is, undisturbed."""

    steps: int
    seconds: float


Run = Callable[[Moment], Done]
"""Runs a command and kills it at a moment, or never at one that is none."""


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
def quick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forked]:
    """Yields a build, loaded once, in a folder that holds a run of it."""
    folder = tmp_path_factory.mktemp("quick")
    write_scores(folder / "scores.npz")
    forked = Forked(QUICK, folder)
    try:
        first = forked.run(Moment())
        assert first.code == 0, first.stderr
        yield forked
    finally:
        forked.close()


@pytest.fixture(scope="module")
def length(quick: Forked) -> Measured:
    """Returns how long it takes to build another run."""
    start = time.monotonic()
    assert quick.run(Moment()).code == 0
    seconds = time.monotonic() - start
    return Measured(int((quick.folder / "steps").read_text()), seconds)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Measured]:
    """Likewise where a network is trained."""
    folder = tmp_path_factory.mktemp("trained")
    return folder, measured(TRAINED, folder)


def check(run_it: Run, folder: Path, moment: Moment) -> None:
    """Kills a build and looks at what is left; then builds to the end."""
    output = folder / "output"
    done = run_it(moment)
    assert done.code in ({-9} if moment.step else {-9, 0}), done.stderr
    run = output / "digits"
    aside = output / ".digits.old"
    stands = run if run.exists() else aside
    assert whole(stands)
    assert read_record(run).name == "digits"
    again = run_it(Moment())
    assert again.code == 0, again.stderr
    assert whole(run)
    assert [path.name for path in output.iterdir()] == ["digits"]


def test_a_build_killed_before_any_change(quick: Forked, length: Measured) -> None:
    # Lock, folder, each file written and put in place, renames, and removals.
    assert length.steps >= 15
    for step in range(1, length.steps + 1):
        check(quick.run, quick.folder, Moment(step=step))


@pytest.mark.parametrize("share", SHARES[:16])
def test_a_build_killed_after_a_time(
    share: float, quick: Forked, length: Measured
) -> None:
    check(quick.run, quick.folder, Moment(after_s=share * length.seconds))


@pytest.mark.parametrize("share", SHARES[16:18])
def test_a_training_killed_before_a_change(
    share: float, trained: tuple[Path, Measured]
) -> None:
    folder, length = trained
    step = 1 + int(share * length.steps)
    check(partial(killed, TRAINED, folder), folder, Moment(step=step))


@pytest.mark.parametrize("share", SHARES[18:])
def test_a_training_killed_after_a_time(
    share: float, trained: tuple[Path, Measured]
) -> None:
    folder, length = trained
    after_s = share * length.seconds
    check(partial(killed, TRAINED, folder), folder, Moment(after_s=after_s))


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
    killed(QUICK, tmp_path, Moment(step=12))
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
