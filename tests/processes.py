"""The command line as whole processes, for tests of what a user meets."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

WAIT_S = 400
"""Seconds that a command may take on a machine that has other work as well."""


@dataclass(frozen=True, slots=True)
class Done:
    """A process that ended."""

    code: int
    stdout: str
    stderr: str


def start(arguments: Sequence[str], folder: Path, **env: str) -> subprocess.Popen[str]:
    """Starts `reportgen` in a folder that is also its home."""
    return _start([sys.executable, "-m", "reportgen", *arguments], folder, env)


def _start(
    command: Sequence[str], folder: Path, env: dict[str, str]
) -> subprocess.Popen[str]:
    """Starts a process whose output is kept, on a fixed day and a wide terminal."""
    return subprocess.Popen(
        command,
        cwd=folder,
        env=environment_of(folder) | env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def environment_of(home: Path) -> dict[str, str]:
    """Returns the variables of a process at home in that folder, on a fixed day."""
    return os.environ | {
        "HOME": str(home),
        "SOURCE_DATE_EPOCH": "1750000000",
        "COLUMNS": "500",
    }


def finish(process: subprocess.Popen[str]) -> Done:
    """Waits for the process."""
    stdout, stderr = process.communicate(timeout=WAIT_S)
    return Done(process.returncode, stdout, stderr)


def reportgen(*arguments: str, folder: Path, **env: str) -> Done:
    """Runs `reportgen` to its end."""
    return finish(start(arguments, folder, **env))


def python(code: str, *, folder: Path, **env: str) -> Done:
    """Runs Python in a folder that is also its home."""
    return finish(_start([sys.executable, "-c", code], folder, env))


WATCH = """
import runpy, sys
sys.argv = ["reportgen", *sys.argv[1:]]
try:
    runpy.run_module("reportgen", run_name="__main__")
finally:
    heavy = {"tensorflow", "keras", "sklearn"} & set(sys.modules)
    print("loaded:", *sorted(heavy), file=sys.stderr)
"""


def watched(*arguments: str, folder: Path) -> Done:
    """Runs `reportgen`; stderr ends with the heavy libraries that it loaded."""
    command = [sys.executable, "-c", WATCH, *arguments]
    return finish(_start(command, folder, {}))
