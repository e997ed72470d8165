"""Ctrl-C at any moment leaves the old run whole and nothing half written."""

import signal
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from processes import Done, finish, start
from records import make_record
from reportgen.pipeline.manifest import MANIFEST
from reportgen.pipeline.runs import FILES, RECORD, write_record

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Returns a folder with an old run, of which only the record is real."""
    run = tmp_path / "output" / "digits"
    run.mkdir(parents=True)
    for name in FILES - {RECORD, MANIFEST}:
        (run / name).write_text(f"an old {name}")
    write_record(make_record(), run)
    return tmp_path


def interrupted(arguments: Sequence[str], folder: Path, *, at: str) -> Done:
    """Runs `reportgen` and sends Ctrl-C once stderr has a line with those words."""
    process = start(arguments, folder)
    assert process.stderr is not None
    said = ""
    for line in process.stderr:
        said += line
        if at in said:
            process.send_signal(signal.SIGINT)
            break
    done = finish(process)
    return replace(done, stderr=said + done.stderr)


def state(run: Path) -> dict[str, bytes]:
    """Returns all bytes of a run folder."""
    return {path.name: path.read_bytes() for path in run.iterdir()}


def told(done: Done) -> str:
    """Returns what stands on stderr, out of its panel."""
    return " ".join(done.stderr.replace("│", " ").split())


@pytest.mark.parametrize("at", ["epoch ", "writing the PDF"])
def test_an_interrupted_build_leaves_the_old_run(folder: Path, at: str) -> None:
    run = folder / "output" / "digits"
    before = state(run)
    epochs = "500" if at == "epoch " else "1"
    build = ("build", "--retrain", "--dataset", "digits", "--epochs", epochs)
    done = interrupted(build, folder, at=at)
    assert done.code == 130, done.stderr
    assert "Interrupted" in done.stderr
    assert "a training goes on from its last finished pass" in told(done)
    assert "Traceback" not in done.stderr
    assert state(run) == before
    left = {path.name for path in (folder / "output").iterdir()}
    # What an epoch left behind is to be gone on with; the first may not have ended.
    assert left - {".digits.seed-42.progress"} == {"digits"}


def test_an_interrupted_render_leaves_the_old_pages(folder: Path) -> None:
    run = folder / "output" / "digits"
    before = state(run)
    done = interrupted(("render", "output/digits"), folder, at="writing the PDF")
    assert done.code == 130, done.stderr
    assert "Interrupted. The run folder is as it was before. " in f"{told(done)} "
    assert "training" not in told(done)
    assert state(run) == before
