"""What is installed, what is missing, and the line that mends it."""

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from reportgen.cli import machine
from reportgen.errors import MissingPangoError
from reportgen.record.wording import visible

if TYPE_CHECKING:  # The pipeline loads NumPy, and that may be what is missing.
    from reportgen.pipeline import Places

OLDEST, NEWEST = (3, 11), (3, 13)
INSTALL = "pip install ."
NOT_CHECKED = "not checked: packages are missing"


@dataclass(frozen=True, slots=True)
class Checkup:
    """One thing that a build needs.

    Attributes:
        name: What was looked at.
        state: What was found, in words.
        remedy: The line that mends it, None where nothing is wrong.
    """

    name: str
    state: str
    remedy: str | None = None


def examine(places: "Places | None") -> tuple[Checkup, ...]:
    """Returns a checkup of everything that a build needs.

    Args:
        places: Where datasets may lie, None where the packages that know are missing.
    """
    return (_python(), *_packages(), _pango(), _mnist(places))


def _python() -> Checkup:
    """Returns whether this interpreter is one that all packages support."""
    received = ".".join(map(str, sys.version_info[:3]))
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return Checkup("python", received)
    wanted = " to ".join(".".join(map(str, version)) for version in (OLDEST, NEWEST))
    return Checkup("python", received, f"make a virtual environment of Python {wanted}")


def _packages() -> Iterator[Checkup]:
    """Returns whether each package that reportgen asks for is there and new enough."""
    try:
        requirements = metadata.requires("reportgen") or []
    except metadata.PackageNotFoundError:
        yield Checkup("reportgen", "not installed: what it needs is unknown", INSTALL)
        return
    for requirement in sorted(requirements):
        needed, _, marker = requirement.partition(";")
        name, _, minimum = needed.partition(">=")
        yield _package(name.strip(), minimum.strip(), extra="extra" in marker)


def _package(name: str, minimum: str, *, extra: bool) -> Checkup:
    """Returns whether a package is installed in that version or a later one.

    Args:
        name: Name of its distribution.
        minimum: The oldest version that will do.
        extra: Whether most builds do without it, so that its lack is no fault.
    """
    remedy = f'pip install --upgrade "{name}>={minimum}"'
    version = machine.version(name)
    if version is None and extra:
        return Checkup(name, f"not installed, and needed for an extra alone: {remedy}")
    if version is None:
        return Checkup(name, "missing", remedy)
    if _release(version) < _release(minimum):
        return Checkup(name, f"{version} is older than {minimum}", remedy)
    return Checkup(name, version)


def _release(version: str) -> tuple[int, ...]:
    """Returns the numbers that a version begins with: "2.10.0rc1" is (2, 10)."""
    leading = re.match(r"[\d.]*", version)
    numbers = [int(part) for part in leading[0].split(".") if part] if leading else []
    while numbers and numbers[-1] == 0:
        numbers.pop()  # 2.0 and 2 are one release
    return tuple(numbers)


def _pango() -> Checkup:
    """Returns whether WeasyPrint finds its system libraries."""
    try:
        from reportgen.pipeline import require_pango

        require_pango()
    except ImportError as error:
        return Checkup("pango", NOT_CHECKED, f"install the packages first: {error}")
    except MissingPangoError as error:
        return Checkup("pango", "missing: HTML is written, PDF is not", str(error))
    return Checkup("pango", "found")


def _mnist(places: "Places | None") -> Checkup:
    """Returns where MNIST lies; that it is missing is no fault."""
    if places is None:
        return Checkup("mnist", NOT_CHECKED, "install the packages first")
    try:
        from reportgen.pipeline import find_mnist
    except ImportError as error:
        return Checkup("mnist", NOT_CHECKED, f"install the packages first: {error}")
    found = find_mnist(places)
    if found:
        return Checkup("mnist", f"{_remark(places)}found in {found}")
    state = "not on this machine; build downloads it once (11 MB)"
    return Checkup("mnist", _remark(places) + state)


def _remark(places: "Places") -> str:
    """Returns that REPORTGEN_DATA leads nowhere, or nothing where it does not."""
    if places.collection is None or (places.collection / "mnist").is_dir():
        return ""
    return f"REPORTGEN_DATA={places.collection} holds no mnist folder; "


def print_checkups(checkups: Iterable[Checkup]) -> None:
    """Prints one line a checkup on stdout, with its remedy below."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for checkup in checkups:
        mark = "mend" if checkup.remedy else "ok"
        table.add_row(mark, Text(checkup.name), Text(visible(checkup.state)))
        if checkup.remedy:
            table.add_row("", "", Text(visible(checkup.remedy)))
    Console().print(table)
