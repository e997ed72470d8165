"""A command that is killed, without warning, at a step or after a time."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from processes import WAIT_S, Done, environment_of

HOOK = """
import os, runpy, signal, sys

last, steps = 0, []
CHANGES = {"os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.truncate"}

def hook(event, arguments):
    if event == "open":
        if not (arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            return
    elif event not in CHANGES:
        return
    if "output" not in os.fsdecode(str(arguments[0])):
        return
    steps.append(event)
    if len(steps) == last:
        os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(hook)
"""
"""Kills a process before its n-th change of the folder "output"."""

STEPS = (
    HOOK
    + """
told, last = sys.argv[1], int(sys.argv[2])
sys.argv = ["reportgen", *sys.argv[3:]]
try:
    runpy.run_module("reportgen", run_name="__main__")
finally:
    with open(told, "w") as file:
        file.write(str(len(steps)))
"""
)
"""Runs a command that dies at such a change."""

EXCHANGES = (
    HOOK
    + """
from hashlib import sha256
from pathlib import Path
from reportgen.pipeline.folders import alone_with, replacing, with_manifest
from reportgen.pipeline.manifest import read_manifest
from reportgen.pipeline.runs import set_aside, write_files

run = Path(sys.argv[1], "output", "run")

def build(text):
    with alone_with(run), replacing(run) as folder:
        contents = {"record.json": text, "report.html": text * 2}
        write_files(folder, with_manifest(folder, contents))

def is_whole(folder):
    sums = {
        path.name: sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.name != "SHA256SUMS"
    }
    return len(sums) == 2 and sums == read_manifest(folder)

build(b"old")
step = 0
while True:
    step += 1
    child = os.fork()
    if not child:
        steps.clear()
        last = step
        build(b"new")
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert is_whole(run if run.exists() else set_aside(run)), step
    build(b"old")
    assert [path.name for path in run.parent.iterdir()] == ["run"], step
    if status == 0:
        break
print(step - 1)
"""
)
"""Kills an exchange of two runs at every change; prints how many there are."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When to kill.

    Attributes:
        step: Before which change of the folder of all runs; 0 for never.
        after_s: After how many seconds; None for never.
    """

    step: int = 0
    after_s: float | None = None


def killed(command: tuple[str, ...], folder: Path, moment: Moment) -> Done:
    """Runs a command and kills it at the moment, unless it has ended by then."""
    told = folder / "steps"
    process = subprocess.Popen(
        [sys.executable, "-c", STEPS, str(told), str(moment.step), *command],
        cwd=folder,
        env=environment_of(folder)
        | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    if moment.after_s is not None:
        time.sleep(moment.after_s)
        process.kill()
    stdout, stderr = process.communicate(timeout=WAIT_S)
    return Done(process.returncode, stdout, stderr)


def steps_of(command: tuple[str, ...], folder: Path) -> int:
    """Returns how often a command that runs to its end changes the folder."""
    done = killed(command, folder, Moment())
    assert done.code == 0, done.stderr
    return int((folder / "steps").read_text())


def run_exchanges(folder: Path) -> Done:
    """Kills a process of its own before each change of an exchange."""
    done = subprocess.run(
        [sys.executable, "-c", EXCHANGES, str(folder)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        timeout=WAIT_S,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)
