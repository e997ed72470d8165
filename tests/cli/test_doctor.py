"""doctor: every dependency against its minimum, and what cannot be looked at."""

import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from reportgen.cli import machine, main
from reportgen.cli.doctor import Checkup, examine
from reportgen.pipeline import Places

PROJECT = Path(__file__).parents[2] / "pyproject.toml"
DECLARED = tomllib.loads(PROJECT.read_text("utf-8"))["project"]["dependencies"]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes an empty folder home, lines as long as they are, and a checkout enough."""
    require(monkeypatch, *DECLARED)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("COLUMNS", "1000")
    monkeypatch.delenv("KERAS_HOME", raising=False)
    monkeypatch.delenv("REPORTGEN_DATA", raising=False)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(None, None, tmp_path / "cache", tmp_path / "keras")


def invoke() -> Result:
    return CliRunner().invoke(main, ["doctor"])


def require(monkeypatch: pytest.MonkeyPatch, *requirements: str) -> None:
    """Makes those the requirements of reportgen."""
    monkeypatch.setattr(metadata, "requires", lambda _: list(requirements))


def install(monkeypatch: pytest.MonkeyPatch, version: str | None) -> None:
    """Makes that the installed version of every package."""
    monkeypatch.setattr(machine, "version", lambda _: version)


def checkup(places: Places | None, name: str) -> Checkup:
    [found] = [one for one in examine(places) if one.name == name]
    return found


def test_a_working_installation_is_in_order() -> None:
    result = invoke()
    assert result.exit_code == 0, result.output
    for name in ("python", "tensorflow", "weasyprint", "pango", "mnist"):
        assert name in result.stdout


def test_every_dependency_is_looked_at(places: Places) -> None:
    names = {one.name for one in examine(places)}
    for requirement in DECLARED:
        # One minimum and nothing else is all that the check understands.
        assert re.fullmatch(r"[\w-]+>=[\d.]+", requirement), requirement
        assert requirement.partition(">=")[0] in names


def test_a_missing_package_ends_with_one_and_the_line_that_mends_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    require(monkeypatch, "no-such-package>=1.2")
    result = invoke()
    assert result.exit_code == 1
    assert 'pip install --upgrade "no-such-package>=1.2"' in result.stdout


def test_a_missing_extra_is_told_and_is_no_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    require(monkeypatch, "no-such-package>=1.2; extra == 'parquet'")
    result = invoke()
    assert result.exit_code == 0, result.output
    assert 'pip install --upgrade "no-such-package>=1.2"' in result.stdout
    assert "mend" not in result.stdout


def test_an_extra_that_is_too_old_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    require(monkeypatch, "numpy>=1000; extra == 'parquet'")
    assert invoke().exit_code == 1


@pytest.mark.parametrize(
    ("installed", "minimum"), [("3.9", "3.10"), ("2.9.9", "3"), ("3.15.0", "3.15.1")]
)
def test_a_package_below_its_minimum_is_named(
    monkeypatch: pytest.MonkeyPatch, places: Places, installed: str, minimum: str
) -> None:
    require(monkeypatch, f"keras>={minimum}")
    install(monkeypatch, installed)
    found = checkup(places, "keras")
    assert found.state == f"{installed} is older than {minimum}"
    assert found.remedy == f'pip install --upgrade "keras>={minimum}"'


@pytest.mark.parametrize(
    ("installed", "minimum"),
    [("3.10", "3.9"), ("3.10", "3.10"), ("3", "3.0.0"), ("2.21.0rc1", "2.21")],
)
def test_a_package_at_or_above_its_minimum_is_in_order(
    monkeypatch: pytest.MonkeyPatch, places: Places, installed: str, minimum: str
) -> None:
    require(monkeypatch, f"keras>={minimum}")
    install(monkeypatch, installed)
    assert checkup(places, "keras") == Checkup("keras", installed)


def test_a_program_that_is_not_installed_says_so(
    monkeypatch: pytest.MonkeyPatch, places: Places
) -> None:
    def lost(name: str) -> list[str]:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "requires", lost)
    assert checkup(places, "reportgen").remedy == "pip install ."


def test_what_needs_a_missing_package_is_not_checked(
    monkeypatch: pytest.MonkeyPatch, places: Places
) -> None:
    monkeypatch.setitem(sys.modules, "reportgen.pipeline", None)  # import fails
    for name in ("pango", "mnist"):
        found = checkup(places, name)
        assert found.state == "not checked: packages are missing"
        assert found.remedy


def test_without_places_mnist_is_not_checked() -> None:
    assert checkup(None, "mnist").state == "not checked: packages are missing"


@pytest.mark.slow
def test_the_doctor_comes_without_numpy() -> None:
    code = "import sys, reportgen.cli.doctor; sys.exit('numpy' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_collection_without_mnist_is_a_remark_and_no_failure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("REPORTGEN_DATA", str(tmp_path))
    result = invoke()
    assert result.exit_code == 0, result.output
    assert f"REPORTGEN_DATA={tmp_path} holds no mnist folder" in result.stdout


def test_a_collection_with_mnist_goes_without_remark(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "mnist").mkdir()
    monkeypatch.setenv("REPORTGEN_DATA", str(tmp_path))
    assert "holds no mnist folder" not in invoke().stdout
