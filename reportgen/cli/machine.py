"""What this machine is and what is installed on it."""

import os
import platform
import subprocess
from importlib import metadata
from pathlib import Path

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

    Args:
        folder: Any folder of the working tree.

    Returns:
        None where there is no git, no working tree, or no commit yet.
    """
    commit = _git(folder, "rev-parse", "--verify", "HEAD")
    if commit is None:
        return None
    changes = _git(folder, "status", "--porcelain", "--untracked-files=no")
    return Revision(commit.strip(), dirty=bool(changes))


def _git(folder: Path, *words: str) -> str | None:
    """Returns what git prints, None where it fails."""
    # Without what a stranger's repository may ask git to start, and without writing.
    quiet = ["--no-optional-locks", "-c", "core.fsmonitor=false"]
    command = ["git", *quiet, "-C", str(folder), *words]
    try:
        done = subprocess.run(  # noqa: S603 - fixed words and a folder, no shell
            command, capture_output=True, text=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
