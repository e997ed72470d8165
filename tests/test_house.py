"""The floors of the house, its two wings, and one room a library."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import reportgen

PACKAGE = Path(reportgen.__file__).parent

FLOORS = {
    "errors": set[str](),
    "disk": {"errors"},
    "bounded": {"errors"},
    "opening": set(),
    "natural": set(),
    "npz": set(),
    "record": {"errors"},
    "framing": {"record"},
    "data": {"errors", "disk", "framing", "opening", "natural", "npz", "record"},
    "predictions": {"errors", "opening", "natural", "npz", "record"},
    "model": {"errors", "bounded", "opening", "npz", "record", "data", "predictions"},
    "metrics": {"errors", "natural", "record", "data", "predictions"},
    "evaluation": {"errors", "framing", "record", "metrics", "predictions"},
    "requirements": {"errors", "record"},
    "figures": {"errors", "record"},
    "card": {"errors", "record", "requirements"},
    "render": {"errors", "bounded", "record", "card"},
    "pipeline": {
        "errors",
        "disk",
        "bounded",
        "framing",
        "opening",
        "record",
        "data",
        "predictions",
        "model",
        "metrics",
        "evaluation",
        "requirements",
        "figures",
        "card",
        "render",
    },
    "cli": {"errors", "opening", "record", "requirements", "pipeline"},
    # Beside `fit`, which the user calls: above all that a report is made of.
    "callback": {
        "errors",
        "record",
        "model",
        "predictions",
        "requirements",
        "pipeline",
        "reporting",
        "cli",
    },
    "reporting": {
        "errors",
        "record",
        "predictions",
        "requirements",
        "pipeline",
        "cli",
    },
}
"""What each room may import of ours; a room may always import itself."""

HOMES = {
    "msgspec": {"record"},
    "requests": {"data"},
    "urllib3": {"data"},
    "filelock": {"disk"},
    "keras": {"callback", "model"},  # a callback is a class of Keras's own
    "tensorflow": {"model"},
    "h5py": {"model"},
    "joblib": {"model"},
    "sklearn": {"data"},
    "scipy": {"data", "metrics"},
    "pyarrow": {"predictions"},
    "PIL": {"data", "figures"},  # reads strangers' pictures, and writes our own
    "matplotlib": {"figures"},
    "jinja2": {"render"},
    "weasyprint": {"render"},
    "pikepdf": {"render"},
    "pypdfium2": {"render"},
    "fontTools": {"render"},
    "click": {"cli"},
    "rich_click": {"cli"},
    "rich": {"cli"},
    "platformdirs": {"cli"},
}
"""The only rooms that may import a library."""

HEAVY = ("numpy", "scipy", "sklearn", "matplotlib", "tensorflow", "keras", "weasyprint")


def room_of(path: Path) -> str:
    """Returns the room that a file stands in."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports_of(path: Path) -> Iterator[str]:
    """Yields the dotted name of every module that a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            if node.module == "reportgen":
                yield from (f"reportgen.{alias.name}" for alias in node.names)
            else:
                yield node.module or ""


FILES = [
    path
    for path in sorted(PACKAGE.rglob("*.py"))
    if room_of(path) not in {"__init__", "__main__"}
]


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_point_down_the_floors(path: Path) -> None:
    room = room_of(path)
    ours = {name.split(".")[1] for name in imports_of(path) if "reportgen." in name}
    ours -= {"__version__", room}
    assert ours <= FLOORS[room], f"{room} imports {ours - FLOORS[room]}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_library_has_one_room(path: Path) -> None:
    for name in imports_of(path):
        homes = HOMES.get(name.split(".")[0])
        assert homes is None or room_of(path) in homes, f"{path} imports {name}"


def test_every_room_stands_on_a_floor() -> None:
    assert {room_of(path) for path in FILES} == set(FLOORS)


def test_the_showing_wing_never_meets_the_measuring_wing() -> None:
    measuring = {"data", "model", "predictions", "metrics", "evaluation"}
    for room in ("figures", "card", "render"):
        assert not FLOORS[room] & measuring


def test_no_file_grows_past_400_lines() -> None:
    for path in FILES:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 400, path


def loaded_by(*arguments: str) -> set[str]:
    """Returns which heavy libraries a command loads."""
    code = (
        "import sys, runpy\n"
        f"sys.argv = ['reportgen', *{list(arguments)!r}]\n"
        "try:\n    runpy.run_module('reportgen', run_name='__main__')\n"
        "except SystemExit as stop:\n    assert not stop.code, stop.code\n"
        f"print(*[name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return set(done.stderr.split())


@pytest.mark.parametrize(
    "command",
    ["", "build", "render", "show", "compare", "verify", "schema", "doctor"],
)
def test_help_loads_nothing_heavy(command: str) -> None:
    assert loaded_by(*command.split(), "--help") == set()


def test_the_version_loads_nothing_heavy() -> None:
    assert loaded_by("--version") == set()


def test_the_package_loads_nothing_but_itself() -> None:
    code = (
        "import sys, reportgen\n"
        "print(*[name for name in sys.modules if name.startswith('reportgen.')])\n"
        f"print(*[name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []
