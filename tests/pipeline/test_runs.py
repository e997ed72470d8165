"""Run folders: complete or absent, whatever happens."""

from pathlib import Path

import pytest

from records import make_record
from reportgen.errors import OutputError, UsageError
from reportgen.pipeline.runs import (
    plain_name,
    read_record,
    replacing,
    write_file,
    write_record,
)


def fill(run: Path, text: str) -> None:
    """Makes a run folder that holds one file of that text."""
    with replacing(run) as partial:
        (partial / "record.json").write_text(text)


def fail_halfway(run: Path, failure: type[BaseException]) -> None:
    """Starts to fill a run folder and fails."""
    with replacing(run) as partial:
        (partial / "record.json").write_text("half")
        raise failure


def test_a_run_folder_is_made_with_those_above_it(tmp_path: Path) -> None:
    fill(tmp_path / "deep" / "run", "new")
    assert (tmp_path / "deep" / "run" / "record.json").read_text() == "new"


def test_a_new_run_takes_the_place_of_the_old_one_whole(tmp_path: Path) -> None:
    run = tmp_path / "run"
    fill(run, "old")
    (run / "report.pdf").touch()
    fill(run, "new")
    assert [path.name for path in run.iterdir()] == ["record.json"]
    assert (run / "record.json").read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize("failure", [KeyboardInterrupt, RuntimeError, SystemExit])
def test_whatever_ends_a_build_early_leaves_the_old_run(
    tmp_path: Path, failure: type[BaseException]
) -> None:
    fill(tmp_path / "run", "old")
    with pytest.raises(failure):
        fail_halfway(tmp_path / "run", failure)
    assert (tmp_path / "run" / "record.json").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_the_old_run_comes_back_where_the_new_one_cannot_move_in(
    tmp_path: Path,
) -> None:
    fill(tmp_path / "run", "old")
    with (
        pytest.raises(OutputError, match="must be writable"),
        replacing(tmp_path / "run") as partial,
    ):
        partial.rmdir()
    assert (tmp_path / "run" / "record.json").read_text() == "old"


def test_a_folder_that_holds_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "thesis.txt").touch()
    with (
        pytest.raises(OutputError, match=r"holds 'thesis\.txt', which a build would"),
        replacing(tmp_path / "run"),
    ):
        pass
    assert (tmp_path / "run" / "thesis.txt").exists()


def test_a_file_where_the_folder_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "run").touch()
    with (
        pytest.raises(OutputError, match="must be a folder or absent"),
        replacing(tmp_path / "run"),
    ):
        pass


def test_a_file_above_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "output").touch()
    with (
        pytest.raises(OutputError, match=r"output/run must be writable"),
        replacing(tmp_path / "output" / "run"),
    ):
        pass


@pytest.mark.parametrize(
    "name", ["", ".", "..", "a/b", "../a", "/a", ".hidden", "a\0b", "a\nb", "a" * 201]
)
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="one plain folder name"):
        plain_name(name)


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "report.html").mkdir()
    with pytest.raises(OutputError, match=r"report\.html must be writable"):
        write_file(tmp_path / "report.html", b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    write_record(make_record(), tmp_path)
    assert read_record(tmp_path) == make_record()


def test_a_folder_without_a_record_is_no_run(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="reportgen build --retrain"):
        read_record(tmp_path)
