"""A disk that is full, at whichever byte, leaves the old run as it was."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from handed import write_scores
from processes import WAIT_S, environment_of, reportgen
from reportgen.cli.console import printing

pytestmark = pytest.mark.slow

BUILD = ("build", "--predictions", "scores.npz", "--bootstrap", "100", "--name", "run")
RENDER = ("render", "output/run", "--format", "md")

FULL = """
import builtins, errno, io, json, os, sys
from hashlib import sha256
from pathlib import Path

real_open, real_sync, real_mkdir, real_write = io.open, os.fsync, os.mkdir, os.write
failing, steps = 0, 0

def step(path):
    global steps
    if "output" not in os.fsdecode(str(path)):
        return
    steps += 1
    if steps == failing:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

class Disk(io.FileIO):
    def write(self, content):
        step(self.name)
        return super().write(content)

def opened(file, mode="r", *arguments, **named):
    if not set(mode) & set("wxa+") or "output" not in os.fsdecode(str(file)):
        return real_open(file, mode, *arguments, **named)
    step(file)
    raw = Disk(file, mode.replace("b", "").replace("t", ""))
    found = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
    return found if "b" in mode else io.TextIOWrapper(found, encoding="utf-8")

def synced(descriptor):
    step(os.readlink(f"/proc/self/fd/{descriptor}"))
    real_sync(descriptor)

def written(descriptor, content):
    step(os.readlink(f"/proc/self/fd/{descriptor}"))
    return real_write(descriptor, content)

def made(path, *arguments, **named):
    if not os.path.exists(path):
        step(path)
    real_mkdir(path, *arguments, **named)

def state():
    files = sorted(path for path in Path("output").rglob("*"))
    return [(str(p), sha256(p.read_bytes()).hexdigest()) for p in files if p.is_file()]

io.open = builtins.open = opened
os.fsync, os.mkdir, os.write = synced, made, written
sys.argv = ["reportgen", *sys.argv[1:]]
from reportgen.cli import main

try:
    main(prog_name="reportgen")
except SystemExit as end:
    assert not end.code, end.code
all_steps, before, told = steps, state(), []
for failing in range(1, all_steps + 1):
    read, write = os.pipe()
    child = os.fork()
    if not child:
        steps = 0
        os.dup2(write, 2)
        main(prog_name="reportgen")
    os.close(write)
    with real_open(read, encoding="utf-8") as said:
        stderr = said.read()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    told.append({"code": code, "stderr": stderr, "stands": state() == before})
with real_open("told.json", "w") as file:
    json.dump(told, file)
"""
"""Runs a command on a disk that is full at its n-th write, sync or folder, for all n.

All is loaded once; a process of its own, split off from the first, does each run.
"""


@dataclass(frozen=True, slots=True)
class Told:
    """How a command on such a disk ended.

    Attributes:
        code: Exit code.
        stderr: All of it.
        stands: Whether all below the folder "output" is as it was.
    """

    code: int
    stderr: str
    stands: bool


def on_full_disk(command: tuple[str, ...], folder: Path) -> list[Told]:
    """Runs a command once for each of its steps on the disk, which fails there."""
    done = run(FULL, command, folder)
    assert done.returncode == 0, done.stderr
    told = json.loads((folder / "told.json").read_text())
    return [Told(**one) for one in told]


def run(
    code: str, command: tuple[str, ...], folder: Path
) -> subprocess.CompletedProcess[str]:
    """Runs code of Python that calls a command."""
    return subprocess.run(
        [sys.executable, "-c", code, *command],
        cwd=folder,
        env=environment_of(folder)
        | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        timeout=WAIT_S,
        check=False,
    )


def state(folder: Path) -> dict[str, bytes]:
    """Returns all that lies below a folder."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns a folder with an old run."""
    folder = tmp_path_factory.mktemp("full")
    write_scores(folder / "scores.npz")
    done = reportgen(*BUILD, "--format", "json", folder=folder)
    assert done.code == 0, done.stderr
    return folder


@pytest.mark.parametrize("command", [(*BUILD, "--format", "json"), RENDER])
def test_a_full_disk_at_any_step_leaves_the_old_run(
    command: tuple[str, ...], folder: Path
) -> None:
    told = on_full_disk(command, folder)
    # To render: the lock's note; page and manifest opened, written, synced; the folder.
    assert len(told) >= 1 + 2 * 3 + 1
    # The last step is the sync of a folder in which the new files stand already.
    for one in told[:-1]:
        assert one.code == 1, one.stderr
        assert "No space left on device" in one.stderr
        assert "must be writable" in one.stderr
        assert "Traceback" not in one.stderr
        assert one.stderr.count("╭") == 1
        assert one.stands


LIMITED = """
import resource, runpy
resource.setrlimit(resource.RLIMIT_FSIZE, (2**16, 2**16))
runpy.run_module("reportgen", run_name="__main__")
"""
"""The real thing: the kernel refuses the bytes above 64 KiB of any file."""


def test_a_page_too_large_for_the_disk_leaves_the_old_run(folder: Path) -> None:
    before = state(folder / "output")
    done = run(LIMITED, (*BUILD, "--format", "html"), folder)
    assert done.returncode == 1, done.stderr
    assert "must be writable: File too large" in done.stderr
    assert "Traceback" not in done.stderr
    assert state(folder / "output") == before


ON_DEV_FULL = """
import os, runpy, sys
os.dup2(os.open("/dev/full", os.O_WRONLY), 1)
sys.argv[0] = "reportgen"
runpy.run_module("reportgen", run_name="__main__")
"""
"""stdout on a disk that is full from the beginning."""


@pytest.mark.parametrize(
    "command",
    [
        ("--help",),
        ("--version",),
        ("build", "--help"),
        ("schema",),
        ("doctor",),
        ("show", "output/run"),
        (*RENDER, "--quiet"),
        (*BUILD, "--format", "json", "--quiet"),
        (*BUILD, "--format", "json", "--quiet", "--json"),
    ],
)
def test_a_full_disk_below_stdout_is_told(
    command: tuple[str, ...], folder: Path
) -> None:
    done = run(ON_DEV_FULL, command, folder)
    assert done.returncode == 1, done.stderr
    said = " ".join(done.stderr.split())
    assert "stdout must be writable: No space left on device." in said
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    assert done.stderr.count("╭") == 1


@pytest.mark.parametrize("command", ["--version", "schema"])
def test_a_reader_that_is_gone_is_told_nothing(command: str, folder: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "reportgen", command],
        cwd=folder,
        env=environment_of(folder),
        stdout=write,
        stderr=subprocess.PIPE,
        timeout=WAIT_S,
        check=False,
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (1, b"")


def test_an_error_that_is_not_of_stdout_stays_what_it_is() -> None:
    with pytest.raises(OSError, match="of another file"), printing():
        raise OSError("of another file")


def test_a_small_disk_that_is_full_leaves_the_old_run(tmp_path: Path) -> None:
    # A file system of its own, with room for one run and not for two.
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=144k", "tmpfs", str(disk)]
    try:
        made = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        made = False
    if not made:
        pytest.skip("only root may mount a file system, and not in every container")
    try:
        write_scores(tmp_path / "scores.npz")
        command = (*BUILD, "--format", "json", "--output", str(disk))
        first = reportgen(*command, folder=tmp_path)
        assert first.code == 0, first.stderr
        before = state(disk)
        second = reportgen(*command, folder=tmp_path)
        assert second.code == 1, second.stderr
        assert "must be writable: No space left on device" in second.stderr
        assert state(disk) == before
    finally:
        subprocess.run(["umount", str(disk)], check=True)
