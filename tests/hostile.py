"""Files that want to break in or to break down, and a guarded process to open them.

A case writes its files into an empty folder, from nothing but bytes made here, and
names the command line that a user would open them with. The guard is an audit hook
inside of that process: it tells of every socket and every process.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from processes import environment_of

LONGEST_S = 10.0
LARGEST_MIB = 1536.0

Write = Callable[[Path], None]
"""Writes the files of a case into an empty folder."""


@dataclass(frozen=True, slots=True)
class Case:
    """Some hostile files, and what a user sees who opens them.

    Attributes:
        key: Its name, one of its own; also the folder it is written into.
        group: What it pretends to be: models, pickles, datasets, predictions, records,
            papers (reports as PDF) or settings.
        what: What is hostile in it, for the table.
        write: Writes it.
        command: Arguments of reportgen, run inside of that folder.
        says: A part of the panel that the user gets; spaces and lines are alike.
        code: The exit code.
    """

    key: str
    group: str
    what: str
    write: Write
    command: tuple[str, ...]
    says: str
    code: int = 1


@dataclass(frozen=True, slots=True)
class Outcome:
    """What opening a case came to.

    Attributes:
        code: Exit code.
        stdout: All of it.
        stderr: All of it.
        seconds: From start to end.
        peak_mib: Largest resident memory.
        events: Sockets and processes that the command began, by the audit hook.
        left: Files and folders below the case's folder that were not there before.
    """

    code: int
    stdout: str
    stderr: str
    seconds: float
    peak_mib: float
    events: tuple[str, ...]
    left: tuple[str, ...]


GUARD = """
import json, resource, runpy, sys

told, events = sys.argv[1], []
PREFIXES = ("os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "pty.",
            "socket.", "subprocess.", "urllib.", "webbrowser.")

def hook(event, arguments):
    if event.startswith(PREFIXES) and event != "socket.gethostname":
        events.append(f"{event} {str(arguments)[:120]}")

sys.argv = ["reportgen", *sys.argv[2:]]
sys.addaudithook(hook)
try:
    runpy.run_module("reportgen", run_name="__main__")
finally:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with open(told, "w") as file:
        json.dump({"peak_mib": peak, "events": events}, file)
"""


def opened(case: Case, folder: Path) -> Outcome:
    """Writes the case into a new folder below that one and opens it, guarded."""
    home, told = folder / "home", folder / "told.json"
    place = folder / "place"
    for made in (home, place):
        made.mkdir()
    case.write(place)
    before = _files(folder)
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", GUARD, str(told), *case.command],
        cwd=place,
        env=environment_of(home),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    seconds = time.monotonic() - start
    seen = json.loads(told.read_text())
    return Outcome(
        code=done.returncode,
        stdout=done.stdout,
        stderr=done.stderr,
        seconds=seconds,
        peak_mib=seen["peak_mib"],
        events=tuple(seen["events"]),
        left=tuple(sorted(_files(folder) - before - {"told.json"})),
    )


def _files(folder: Path) -> set[str]:
    """Returns the path of everything below the folder."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def panel(stderr: str) -> str:
    """Returns the words of the error's panel, without its border."""
    inside = [line.strip("│ ") for line in stderr.splitlines() if line.startswith("│")]
    return " ".join(" ".join(inside).split())
