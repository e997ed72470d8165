"""A fault of rendering costs the page that it strikes, and nothing besides."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import pytest
from click.testing import CliRunner, Result

from processes import reportgen
from records import make_predictions, make_record
from reportgen import figures
from reportgen.cli.commands import main
from reportgen.cli.console import Silent
from reportgen.errors import RenderError
from reportgen.pipeline import press, render
from reportgen.record import to_json
from reportgen.render import page, template_folder, typeface

Fault = Callable[[pytest.MonkeyPatch, Path], None]


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """Returns a run folder that holds a record and nothing besides."""
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "record.json").write_bytes(to_json(make_record(make_predictions(60, 3))))
    return folder


def pages(run: Path) -> set[str]:
    """Returns the pages that were written."""
    return {path.name for path in run.glob("report.*")}


def rendered(run: Path, formats: str = "html,pdf,md") -> Result:
    return CliRunner().invoke(
        main, ["render", str(run), "--format", formats, "--quiet"]
    )


def without_pango(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    _shadowed(monkeypatch, folder, "raise OSError('no libpango')")


def weasyprint_raises(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    _shadowed(monkeypatch, folder, "def HTML(**_): raise ValueError('boom')")


def _shadowed(monkeypatch: pytest.MonkeyPatch, folder: Path, program: str) -> None:
    """Puts another weasyprint in the way of the real one."""
    place = folder / "shadow" / "weasyprint"
    place.mkdir(parents=True)
    (place / "__init__.py").write_text(program)
    (place / "urls.py").write_text(
        "class FatalURLFetchingError(BaseException): ...\nURLFetcher = dict"
    )
    monkeypatch.syspath_prepend(place.parent)


def press_without_time(monkeypatch: pytest.MonkeyPatch, _folder: Path) -> None:
    monkeypatch.setattr(press, "LONGEST_S", 0.001)


def press_without_memory(monkeypatch: pytest.MonkeyPatch, _folder: Path) -> None:
    monkeypatch.setattr(press, "LARGEST_MEMORY", 2**28)


def press_killed(monkeypatch: pytest.MonkeyPatch, _folder: Path) -> None:
    opened = press.Press.to_pdf

    def killed(self: press.Press, html: str, **others: Any) -> bytes:
        self.beside.process.kill()
        return opened(self, html, **others)

    monkeypatch.setattr(press.Press, "to_pdf", killed)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (without_pango, "WeasyPrint needs Pango"),
        (weasyprint_raises, "ValueError: boom"),
        (press_without_time, "within 0.001 seconds"),
        (press_without_memory, "within 0 GiB of memory"),
        (press_killed, "ended with SIGKILL"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_without_paper_there_is_the_page(
    fault: Fault, said: str, run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "2000")
    fault(monkeypatch, tmp_path)
    result = rendered(run)
    assert result.exit_code == 1, result.output
    assert said in result.stderr
    assert "Not written: report.pdf. Render it again with: reportgen render" in (
        result.stderr
    )
    assert pages(run) == {"report.html", "report.md"}
    assert "report.pdf" not in result.stdout


def figure_fails(monkeypatch: pytest.MonkeyPatch, _folder: Path) -> None:
    def boom(_record: object) -> NoReturn:
        raise ValueError("boom")

    broken = tuple(
        replace(spec, draw=boom) if index == 0 else spec
        for index, spec in enumerate(figures.FIGURES)
    )
    monkeypatch.setattr(figures, "FIGURES", broken)


def template_fails(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    shutil.copytree(template_folder(), folder / "templates")
    (folder / "templates" / "card.html").write_text("{{ card.titel }}")
    monkeypatch.setattr(page, "template_folder", lambda: folder / "templates")


def font_is_missing(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr(typeface, "_font_folder", lambda: folder)


def font_is_broken(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    for name in typeface.FACES.values():
        (folder / name).write_bytes(b"no font")
    font_is_missing(monkeypatch, folder)


@pytest.mark.parametrize(
    ("fault", "said", "left"),
    [
        (figure_fails, "must be drawn. Received ValueError: boom", set[str]()),
        (template_fails, "UndefinedError", {"report.md"}),
        (font_is_missing, "The typeface must lie in", {"report.md"}),
        (font_is_broken, "The typeface must lie in", {"report.md"}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_can_be_written_is_written(
    fault: Fault,
    said: str,
    left: set[str],
    run: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "2000")
    fault(monkeypatch, tmp_path)
    result = rendered(run, "html,md")
    assert result.exit_code == 1, result.output
    assert said in result.stderr
    assert "report.html" in result.stderr.partition("Not written: ")[2]
    assert pages(run) == left
    assert (run / "record.json").is_file()


def test_a_page_that_fails_leaves_the_old_one(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert rendered(run, "html").exit_code == 0
    before = (run / "report.html").read_bytes()
    template_fails(monkeypatch, tmp_path)
    assert rendered(run, "html").exit_code == 1
    assert (run / "report.html").read_bytes() == before


def test_the_failure_names_what_is_missing(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    template_fails(monkeypatch, tmp_path)
    finished = render(run, Silent(), ("html", "md", "json"))
    assert finished.missing == ("report.html",)
    assert isinstance(finished.failure, RenderError)
    assert finished.findings


@pytest.mark.slow
def test_a_training_is_kept_though_its_report_cannot_be_made(tmp_path: Path) -> None:
    # A module that every process loads at its start breaks WeasyPrint for the press.
    shadow = tmp_path / "shadow" / "weasyprint"
    shadow.mkdir(parents=True)
    (shadow / "__init__.py").write_text("raise RuntimeError('boom')")
    build = ("build", "--retrain", "--dataset", "digits", "--epochs", "1", "--quiet")
    done = reportgen(*build, folder=tmp_path, PYTHONPATH=str(shadow.parent))
    assert done.code == 1, done.stdout
    assert "RuntimeError: boom" in done.stderr
    assert "Not written: report.pdf" in done.stderr
    run = tmp_path / "output" / "digits"
    kept = {path.name for path in run.iterdir()}
    assert {"record.json", "predictions.npz", "model.keras", "report.html"} <= kept
    assert "report.pdf" not in kept
    again = reportgen("render", str(run), "--quiet", folder=tmp_path)
    assert again.code == 0, again.stderr
    assert (run / "report.pdf").is_file()
