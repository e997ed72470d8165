"""The files of a run: names, writing, reading."""

import os
from pathlib import Path

import pytest

from records import make_record
from reportgen.errors import OutputError, UsageError
from reportgen.pipeline import runs
from reportgen.pipeline.manifest import MANIFEST
from reportgen.pipeline.runs import (
    plain_name,
    read_record,
    require_run,
    set_aside,
    write_file,
    write_files,
    write_record,
)


@pytest.mark.parametrize(
    "name", ["", ".", "..", "a/b", "../a", "/a", ".hidden", "a\0b", "a\nb", "a" * 201]
)
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="one plain folder name"):
        plain_name(name)


def test_the_longest_name_leaves_room_for_what_stands_beside_it(tmp_path: Path) -> None:
    # The progress of a training, while it is being written: 4,194,304 is Linux's
    # largest process, 255 bytes its longest name.
    name = plain_name("a" * 200)
    path = tmp_path / f"..{name}.seed-4294967295.progress.4194304.partial"
    path.touch()


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "report.html").mkdir()
    with pytest.raises(OutputError, match=r"report\.html must be writable"):
        write_file(tmp_path / "report.html", b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_files_of_one_call_are_put_in_place_together(tmp_path: Path) -> None:
    # The last of three cannot even be begun: the first two stay as they are.
    write_files(tmp_path, {"a": b"old", "b": b"old"})
    with pytest.raises(OutputError, match="must be writable"):
        write_files(tmp_path, {"a": b"new", "b": b"new", "c" * 300: b"new"})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        "a": b"old",
        "b": b"old",
    }


def test_a_link_in_the_place_of_a_file_is_replaced_and_not_followed(
    tmp_path: Path,
) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "thesis.txt").write_text("four years")
    for name in ("report.html", f".report.html.{os.getpid()}.partial"):
        (tmp_path / "run" / name).symlink_to(tmp_path / "thesis.txt")
    write_file(tmp_path / "run" / "report.html", b"new")
    assert (tmp_path / "thesis.txt").read_text() == "four years"
    assert not (tmp_path / "run" / "report.html").is_symlink()


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    write_record(make_record(), tmp_path)
    assert read_record(tmp_path) == make_record()


def test_a_record_that_was_set_aside_is_read_where_it_lies(tmp_path: Path) -> None:
    run = tmp_path / "run"
    set_aside(run).mkdir()
    write_record(make_record(), set_aside(run))
    require_run(run)
    assert read_record(run) == make_record()
    assert not run.exists()


def test_a_folder_without_a_record_is_no_run(tmp_path: Path) -> None:
    for read in (read_record, require_run):
        with pytest.raises(OutputError, match="reportgen build --retrain"):
            read(tmp_path)


def test_a_record_that_was_changed_is_refused_with_a_way_on(tmp_path: Path) -> None:
    write_record(make_record(), tmp_path)
    (tmp_path / MANIFEST).write_text(f"{'0' * 64}  record.json\n")
    with pytest.raises(OutputError, match=r"delete the line of record\.json from SHA"):
        read_record(tmp_path)
    (tmp_path / MANIFEST).write_text(f"{'0' * 64}  report.html\n")
    assert read_record(tmp_path) == make_record()


def test_a_pipe_in_the_place_of_a_record_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "record.json")
    with pytest.raises(OutputError, match="must be readable: a pipe is no file"):
        read_record(tmp_path)


def test_a_record_that_could_not_be_read_again_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "LARGEST_RECORD", 1000)
    with pytest.raises(OutputError, match=r"at most 1,000 bytes.* Pool the"):
        write_record(make_record(), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_record_without_end_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "record.json").open("wb") as file:
        file.truncate(64 * 2**20 + 1)  # a hole: no byte of it is on the disk
    with pytest.raises(OutputError, match="at most 67,108,864 bytes"):
        read_record(tmp_path)
