"""A command that is killed, without warning, at a step or after a time."""

import json
import os
import subprocess
import sys
import time
from dataclasses import astuple, dataclass
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

FORKS = (
    HOOK
    + """
import json, time
import numpy
from reportgen import pipeline
from reportgen.cli import main

sys.argv = ["reportgen", *sys.argv[1:]]

def run(step, after_s):
    global last
    child = os.fork()
    if not child:
        steps.clear()
        last = step
        os.dup2(2, 1)
        try:
            main(prog_name="reportgen")
        except SystemExit as end:
            if not step and after_s is None:
                with open("steps", "w") as file:
                    file.write(str(len(steps)))
            os._exit(end.code or 0)
        finally:
            os._exit(70)
    if after_s is not None:
        time.sleep(after_s)
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

for line in sys.stdin:
    print(run(*json.loads(line)), flush=True)
"""
)
"""Runs a command once for each line that it reads, and dies likewise.

All is loaded once; a process of its own, split off from the first, does each run.
"""

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


class Forked:
    """A command that is loaded once and run many times, to its end or not."""

    def __init__(self, command: tuple[str, ...], folder: Path) -> None:
        """Loads it; nothing is run yet."""
        self.folder = folder
        self.said = folder / "said"
        with self.said.open("w") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-c", FORKS, *command],
                cwd=folder,
                env=_environment(folder),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
                text=True,
            )

    def run(self, moment: Moment) -> Done:
        """Runs it and kills it at the moment, unless it has ended by then."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(json.dumps(astuple(moment)), file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        return Done(int(line or 70), "", self.said.read_text())

    def close(self) -> None:
        """Ends the process."""
        self.process.communicate(timeout=WAIT_S)


def killed(command: tuple[str, ...], folder: Path, moment: Moment) -> Done:
    """Runs a command and kills it at the moment, unless it has ended by then."""
    told = folder / "steps"
    process = subprocess.Popen(
        [sys.executable, "-c", STEPS, str(told), str(moment.step), *command],
        cwd=folder,
        env=_environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    if moment.after_s is not None:
        time.sleep(moment.after_s)
        process.kill()
    stdout, stderr = process.communicate(timeout=WAIT_S)
    return Done(process.returncode, stdout, stderr)


def _environment(home: Path) -> dict[str, str]:
    """Returns the variables of a process that finds what this one finds."""
    path = os.pathsep.join(filter(None, sys.path))
    return environment_of(home) | {"PYTHONPATH": path}


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
