"""The manifest of a run: what a stranger checks with sha256sum."""

import hashlib
from pathlib import Path

import pytest

from reportgen.errors import OutputError
from reportgen.pipeline.folders import with_manifest
from reportgen.pipeline.manifest import (
    MANIFEST,
    read_manifest,
    read_unchanged,
    require_unchanged,
    sums_of,
    to_manifest,
)

# echo -n abc | sha256sum, as in FIPS 180-4
ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_a_line_is_as_sha256sum_writes_it() -> None:
    assert to_manifest(sums_of({"a": b"abc"})) == f"{ABC}  a\n".encode()


def test_a_manifest_is_read_as_it_was_written(tmp_path: Path) -> None:
    sums = sums_of({"b": b"", "a": b"abc"})
    (tmp_path / MANIFEST).write_bytes(to_manifest(sums))
    assert read_manifest(tmp_path) == sums


@pytest.mark.parametrize("text", ["no sum", "0" * 64, f"{'g' * 64}  a", "\0" * 100_000])
def test_another_text_is_no_manifest(tmp_path: Path, text: str) -> None:
    (tmp_path / MANIFEST).write_text(text)
    with pytest.raises(OutputError, match="must hold lines of sha256sum"):
        read_manifest(tmp_path)


def test_no_manifest_judges_nothing(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert read_manifest(tmp_path) is None
    assert read_unchanged(tmp_path / "a", largest=3) == b"abc"
    require_unchanged(tmp_path / "a")


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text(f"{ABC}  a\n")
    (tmp_path / "a").write_bytes(b"abd")
    with pytest.raises(OutputError, match="a must be as it was written"):
        read_unchanged(tmp_path / "a", largest=3)
    with pytest.raises(OutputError, match="a must be as it was written"):
        require_unchanged(tmp_path / "a")


def test_a_rendering_enters_its_own_files_only(tmp_path: Path) -> None:
    # record.json was changed by hand: its line must not be made to agree.
    (tmp_path / MANIFEST).write_text(f"{ABC}  record.json\n{ABC}  report.html\n")
    (tmp_path / "record.json").write_bytes(b"changed")
    contents = with_manifest(tmp_path, {"report.html": b""})
    assert list(contents) == ["report.html", MANIFEST]
    empty = hashlib.sha256().hexdigest()
    assert contents[MANIFEST] == f"{ABC}  record.json\n{empty}  report.html\n".encode()


def test_a_first_manifest_enters_all_files_of_the_run(tmp_path: Path) -> None:
    (tmp_path / "record.json").write_bytes(b"abc")
    (tmp_path / "notes.txt").write_bytes(b"not of the run")
    contents = with_manifest(tmp_path, {"report.html": b"abc"})
    assert contents[MANIFEST] == f"{ABC}  record.json\n{ABC}  report.html\n".encode()
