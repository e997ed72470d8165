"""What this machine is, what is installed on it, and what time it has."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from reportgen.errors import UsageError
from reportgen.record import Environment, Package, Revision

PACKAGES = (
    "jinja2",
    "joblib",
    "keras",
    "matplotlib",
    "msgspec",
    "numpy",
    "scikit-learn",
    "scipy",
    "tensorflow",
    "weasyprint",
)
"""Distributions that can change a number or a picture."""


def environment() -> Environment:
    """Returns the interpreter, the platform and the versions of `PACKAGES`."""
    found = ((name, version(name)) for name in PACKAGES)
    return Environment(
        python=platform.python_version(),
        platform=f"{platform.system()}-{platform.release()}-{platform.machine()}",
        processors=_processors(),
        packages=tuple(Package(name, found) for name, found in found if found),
    )


def now() -> str:
    """Returns the time in UTC, or that of SOURCE_DATE_EPOCH where it is set."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        moment = datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
    except (OSError, OverflowError, ValueError) as error:
        raise UsageError(
            f"SOURCE_DATE_EPOCH must be seconds since 1970. Received {epoch!r}."
        ) from error
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def version(distribution: str) -> str | None:
    """Returns the installed version of a distribution, None where it is missing."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


def _processors() -> int:
    """Returns how many processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)  # Linux only
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def revision(folder: Path) -> Revision | None:
    """Returns the git commit of a working tree and whether tracked files differ.

    The repository may be a stranger's, whose configuration names programs for git to
    start: none of them is. Submodules count by their commit alone.

    Args:
        folder: Any folder of the working tree.

    Returns:
        None where there is no git, no working tree, no commit yet, or no answer in
        time.
    """
    commit = _git(folder, "rev-parse", "--verify", "HEAD")
    if commit is None:
        return None
    filters = _git(folder, *FILTERS) or ""
    changes = _git(folder, *STATUS, unset=tuple(filter(None, filters.split("\0"))))
    return None if changes is None else Revision(commit.strip(), dirty=bool(changes))


STATUS = ("status", "--porcelain", "--untracked-files=no", "--ignore-submodules=dirty")

FILTERS = ("config", "--null", "--name-only", "--get-regexp", r"^filter\.")
"""Asks for the settings that name programs through which git reads changed files."""

QUIET = ("--no-optional-locks", "-c", "core.fsmonitor=false")
"""Git writes nothing, and starts no program that watches the files."""


def _git(folder: Path, *words: str, unset: tuple[str, ...] = ()) -> str | None:
    """Returns what git prints with some settings unset, None where it fails."""
    count = os.environ.get("GIT_CONFIG_COUNT", "")
    first = int(count) if count.isdecimal() else 0  # behind what the user set so
    # An object that a partial clone lacks would be fetched, by a program or a socket.
    settings = {"GIT_ALLOW_PROTOCOL": ""}
    settings["GIT_CONFIG_COUNT"] = str(first + len(unset))
    for number, name in enumerate(unset, start=first):
        settings |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": ""}
    command = ["git", *QUIET, "-C", str(folder), *words]
    try:
        done = subprocess.run(  # noqa: S603 - fixed words and a folder, no shell
            command,
            env=os.environ | settings,
            capture_output=True,
            text=True,
            errors="surrogateescape",  # names of files are bytes
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
