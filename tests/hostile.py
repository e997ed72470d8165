"""Files that want to break in or to break down, and a guarded process to open them.

A case writes its files into an empty folder, from nothing but bytes made here, and
names the command line that a user would open them with. The guard is an audit hook
inside of that process: it tells of every socket and every process, and counts those
that are ours, which have bounds on time and memory.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from processes import environment_of

LONGEST_CPU_S = 10.0
LARGEST_MIB = 1536.0

WAIT_S = 90.0
"""Seconds of the clock, which a busy machine may need for ten of the processor: what
waits for ever takes more."""

Write = Callable[[Path], None]
"""Writes the files of a case into an empty folder."""


@dataclass(frozen=True, slots=True)
class Case:
    """Some hostile files, and what a user sees who opens them.

    Attributes:
        key: Its name, one of its own; also the folder it is written into.
        group: What it pretends to be: models, pickles, datasets, predictions, tables,
            records, papers (reports as PDF) or settings.
        what: What is hostile in it, for the table.
        write: Writes it.
        command: Arguments of reportgen, run inside of that folder.
        says: A part of the panel that the user gets; spaces and lines are alike.
        code: The exit code.
        child: Whether it may start one process of ours, bounded in time and memory.
    """

    key: str
    group: str
    what: str
    write: Write
    command: tuple[str, ...]
    says: str
    code: int = 1
    child: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What opening a case came to.

    Attributes:
        code: Exit code.
        stdout: All of it.
        stderr: All of it.
        cpu_s: Seconds of processor time, of the process it started too.
        peak_mib: Largest resident memory, with that of the largest process it started.
        events: Sockets and processes that the command began, by the audit hook.
        children: How many processes of ours it started besides, each with its bounds.
        left: Files and folders below the case's folder that were not there before.
    """

    code: int
    stdout: str
    stderr: str
    cpu_s: float
    peak_mib: float
    events: tuple[str, ...]
    children: int
    left: tuple[str, ...]


GUARD = """
import json, os, resource, runpy, sys

told, events, children = sys.argv[1], [], []
PREFIXES = ("os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "pty.",
            "socket.", "subprocess.", "urllib.", "webbrowser.")

def is_ours(event, arguments):
    # From Python 3.13 on, subprocess tells of its start a second time, as a spawn.
    if event not in ("subprocess.Popen", "os.posix_spawn"):
        return False
    if arguments[0] != sys.executable:
        return False
    from reportgen.bounded import PROGRAM
    return list(arguments[1][1:4]) == ["-P", "-c", PROGRAM]

def is_python(event, arguments):
    # Importing h5py asks Python for the platform, which asks for the processor's name.
    return event == "subprocess.Popen" and list(arguments[1]) == ["uname", "-p"]

def hook(event, arguments):
    if is_python(event, arguments):
        return
    if is_ours(event, arguments):
        children.extend([event] if event == "subprocess.Popen" else [])
    elif event.startswith(PREFIXES) and event != "socket.gethostname":
        events.append(f"{event} {str(arguments)[:120]}")

sys.argv = ["reportgen", *sys.argv[2:]]
sys.addaudithook(hook)
try:
    runpy.run_module("reportgen", run_name="__main__")
finally:
    # Not RUSAGE_SELF, which begins with the peak of the process that started this one.
    with open("/proc/self/status") as file:
        own = next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))
    child = resource.getrusage(resource.RUSAGE_CHILDREN)
    seen = {
        "peak_mib": (own + child.ru_maxrss) / 1024,
        "cpu_s": sum(os.times()[:4]),
        "events": events,
        "children": len(children),
    }
    with open(told, "w") as file:
        json.dump(seen, file)
"""


def opened(case: Case, folder: Path) -> Outcome:
    """Writes the case into a new folder below that one and opens it, guarded."""
    home, told = folder / "home", folder / "told.json"
    place = folder / "place"
    for made in (home, place):
        made.mkdir()
    case.write(place)
    before = _files(folder)
    done = subprocess.run(
        [sys.executable, "-c", GUARD, str(told), *case.command],
        cwd=place,
        env=environment_of(home),
        capture_output=True,
        text=True,
        timeout=WAIT_S,
        check=False,
    )
    seen = json.loads(told.read_text())
    return Outcome(
        code=done.returncode,
        stdout=done.stdout,
        stderr=done.stderr,
        cpu_s=seen["cpu_s"],
        peak_mib=seen["peak_mib"],
        events=tuple(seen["events"]),
        children=seen["children"],
        left=tuple(sorted(_files(folder) - before - {"told.json"})),
    )


def _files(folder: Path) -> set[str]:
    """Returns the path of everything below the folder."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def panel(stderr: str) -> str:
    """Returns the words of the error's panel, without its border."""
    inside = [line.strip("│ ") for line in stderr.splitlines() if line.startswith("│")]
    return " ".join(" ".join(inside).split())
