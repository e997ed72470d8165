"""What is installed, what is missing, and the line that mends it."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table
from rich.text import Text

from reportgen.cli import machine
from reportgen.errors import MissingPangoError
from reportgen.pipeline import Places, find_mnist, require_pango

OLDEST, NEWEST = (3, 11), (3, 13)


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


def examine(places: Places) -> tuple[Checkup, ...]:
    """Returns a checkup of everything that a build needs.

    Args:
        places: Where datasets may lie.
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
    """Returns whether each package that a build needs is installed."""
    for name in machine.PACKAGES:
        version = machine.version(name)
        if version:
            yield Checkup(name, version)
        else:
            yield Checkup(name, "missing", "pip install reportgen")


def _pango() -> Checkup:
    """Returns whether WeasyPrint finds its system libraries."""
    try:
        require_pango()
    except MissingPangoError as error:
        return Checkup("pango", "missing: HTML is written, PDF is not", str(error))
    return Checkup("pango", "found")


def _mnist(places: Places) -> Checkup:
    """Returns where MNIST lies; that it is missing is no fault."""
    found = find_mnist(places)
    if found:
        return Checkup("mnist", f"found in {found}")
    return Checkup("mnist", "not on this machine; build downloads it once (11 MB)")


def print_checkups(checkups: Iterable[Checkup]) -> None:
    """Prints one line a checkup on stdout, with its remedy below."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for checkup in checkups:
        mark = "missing" if checkup.remedy else "ok"
        table.add_row(mark, Text(checkup.name), Text(checkup.state))
        if checkup.remedy:
            table.add_row("", "", Text(checkup.remedy))
    Console().print(table)
