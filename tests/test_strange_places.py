"""Homes, locales and folders that a program seldom meets."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from handed import write_scores
from processes import WAIT_S, Done, environment_of, reportgen

pytestmark = pytest.mark.slow

BUILD = ("build", "--predictions", "scores.npz", "--bootstrap", "100", "--format")
ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
"""A locale that knows no letter beyond z, and no help from Python."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Returns a folder with predictions."""
    write_scores(tmp_path / "scores.npz")
    return tmp_path


def python(code: str, arguments: Sequence[str], folder: Path, **env: str) -> Done:
    """Runs code that ends in a command."""
    done = subprocess.run(
        [sys.executable, "-c", code + COMMAND, *arguments],
        cwd=folder,
        env=environment_of(folder)
        | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        | env,
        capture_output=True,
        text=True,
        timeout=WAIT_S,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


COMMAND = """
import sys
from reportgen.cli import main
sys.argv[0] = "reportgen"
main(prog_name="reportgen")
"""


@pytest.mark.parametrize("name", [b"caf\xc3\xa9", b"caf\xe9"])
def test_any_folder_takes_runs_in_any_locale(folder: Path, name: bytes) -> None:
    output = os.fsdecode(os.fsencode(folder) + b"/" + name)
    for env in ({}, ASCII):
        done = reportgen(*BUILD, "html,md", "--output", output, folder=folder, **env)
        assert done.code == 0, done.stderr
        assert "Traceback" not in done.stderr
        shown = reportgen("show", f"{output}/scores", folder=folder, **env)
        assert shown.code == 0, shown.stderr


def test_a_deleted_folder_is_named(folder: Path) -> None:
    (folder / "gone").mkdir()
    code = "import os; os.chdir('gone'); os.rmdir('../gone')\n"
    done = python(code, (*BUILD, "json"), folder)
    assert done.code == 2, done.stderr
    assert "The current folder must exist" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_run_is_built_without_a_home(folder: Path) -> None:
    done = python("import os; del os.environ['HOME']\n", (*BUILD, "json"), folder)
    assert done.code == 0, done.stderr


def test_a_run_is_built_where_home_is_no_folder(folder: Path) -> None:
    done = reportgen(*BUILD, "html", folder=folder, HOME="/proc/nowhere")
    assert done.code == 0, done.stderr
    assert "Traceback" not in done.stderr


def test_a_dataset_that_cannot_be_kept_is_told(folder: Path) -> None:
    done = reportgen(
        "build", "--retrain", folder=folder, HOME="/proc/nowhere", REPORTGEN_DATA=""
    )
    assert done.code == 1, done.stderr
    assert "/proc/nowhere/.cache/reportgen/mnist must be a folder that" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_run_is_as_private_as_its_owner_asks(folder: Path) -> None:
    done = python("import os; os.umask(0o077)\n", (*BUILD, "json"), folder)
    assert done.code == 0, done.stderr
    run = folder / "output" / "scores"
    assert run.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in run.iterdir())


def test_a_run_is_shown_and_rendered_from_inside_of_it(folder: Path) -> None:
    assert reportgen(*BUILD, "json", folder=folder).code == 0
    code = "import os; os.chdir('output/scores')\n"
    shown = python(code, ("show", "."), folder)
    assert shown.code == 0, shown.stderr
    rendered = python(code, ("render", ".", "--format", "md"), folder)
    assert rendered.code == 0, rendered.stderr
    assert [path.name for path in (folder / "output").iterdir()] == ["scores"]


def test_a_run_is_rendered_through_a_link(folder: Path) -> None:
    assert reportgen(*BUILD, "json", folder=folder).code == 0
    (folder / "latest").symlink_to("output/scores")
    done = reportgen("render", "latest", "--format", "md", folder=folder)
    assert done.code == 0, done.stderr
    assert (folder / "output" / "scores" / "report.md").exists()
    assert (folder / "latest").is_symlink()


READ_ONLY = """
import ctypes, os
CAPBSET_DROP, OVERRIDE, CHOWN_SEARCH = 24, 1, 2
libc = ctypes.CDLL(None, use_errno=True)
if os.geteuid() == 0 and "DROPPED" not in os.environ:
    for capability in (OVERRIDE, CHOWN_SEARCH):
        assert libc.prctl(CAPBSET_DROP, capability, 0, 0, 0) == 0
    os.environ["DROPPED"] = "1"
    import sys
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
"""
"""Root without the right to write where the mode forbids it."""


def test_a_folder_that_may_only_be_read_is_told(folder: Path) -> None:
    assert reportgen(*BUILD, "json", folder=folder).code == 0
    output, run = folder / "output", folder / "output" / "scores"
    for path in (run, output):
        path.chmod(0o555)
    try:
        built = python(READ_ONLY, (*BUILD, "json"), folder)
        rendered = python(READ_ONLY, ("render", "output/scores"), folder)
        shown = python(READ_ONLY, ("show", "output/scores"), folder)
    finally:
        for path in (output, run):
            path.chmod(0o755)
    for done in (built, rendered):
        assert done.code == 1, done.stderr
        assert "scores must be writable: Permission denied" in done.stderr
        assert "Traceback" not in done.stderr
    assert shown.code == 0, shown.stderr


def test_a_folder_that_vanishes_meanwhile_is_told(folder: Path) -> None:
    code = """
import shutil
from pathlib import Path
import reportgen.pipeline as pipeline
write = pipeline._write
def vanish(measurement, folder):
    write(measurement, folder)
    shutil.rmtree(folder)
pipeline._write = vanish
"""
    done = python(code, (*BUILD, "json"), folder)
    assert done.code == 1, done.stderr
    assert "must be writable: No such file or directory" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (folder / "output").exists()
