"""What a report is written as: each format alone, together, and the unknown ones."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from records import make_predictions, make_record
from reportgen.cli.commands import main
from reportgen.pipeline.manifest import MANIFEST
from reportgen.record import to_json


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run folder that holds nothing but its record."""
    record = make_record(make_predictions(60, 3))
    (tmp_path / "record.json").write_bytes(to_json(record))
    return tmp_path


def written(run: Path, *options: str, environment: str | None = None) -> set[str]:
    """Renders the run and returns the names that stdout lists beside the manifest."""
    result = CliRunner().invoke(
        main,
        ["render", str(run), "--quiet", *options],
        env={"REPORTGEN_FORMAT": environment},
    )
    assert result.exit_code == 0, result.output
    names = {Path(line).name for line in result.stdout.splitlines()}
    assert names <= {path.name for path in run.iterdir()}
    assert MANIFEST in names
    return names - {MANIFEST}


def test_the_pages_are_written_where_nothing_is_asked_for(run: Path) -> None:
    assert written(run) == {"report.html", "report.pdf"}


def test_only_what_is_asked_for_is_written(run: Path) -> None:
    assert written(run, "--format", "md") == {"report.md"}
    found = {path.name for path in run.iterdir()}
    assert found == {"record.json", "report.md", MANIFEST}


def test_the_record_is_the_json(run: Path) -> None:
    before = (run / "record.json").read_bytes()
    assert written(run, "--format", "json") == {"record.json"}
    assert (run / "record.json").read_bytes() == before


def test_spaces_capitals_and_repeats_change_nothing(run: Path) -> None:
    assert written(run, "--format", "MD, json,md") == {"report.md", "record.json"}


def test_the_environment_sets_the_formats(run: Path) -> None:
    assert written(run, environment="md") == {"report.md"}
    assert written(run, "--format", "json", environment="md") == {"record.json"}


@pytest.mark.parametrize("formats", ["docx", "html,", "", "html;pdf"])
def test_an_unknown_format_is_refused(run: Path, formats: str) -> None:
    result = CliRunner().invoke(main, ["render", str(run), "--format", formats])
    assert result.exit_code == 2
    assert "must be a list of html, pdf, json, md" in " ".join(
        result.stderr.replace("│", "").split()
    )


def test_a_paper_alone_leaves_no_page(run: Path) -> None:
    assert written(run, "--format", "pdf") == {"report.pdf"}
    assert not (run / "report.html").exists()
