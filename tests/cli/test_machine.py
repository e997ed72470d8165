"""What is asked of git, and what a stranger's repository cannot make it start."""

import os
import subprocess
from pathlib import Path

import pytest

from reportgen.cli.machine import revision

AUTHOR = ("-c", "user.name=a", "-c", "user.email=a@example.org")


def git(folder: Path, *words: str) -> str:
    """Returns what git prints."""
    done = subprocess.run(
        ["git", "-C", str(folder), *AUTHOR, *words],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Returns a working tree with one commit of one file."""
    git(tmp_path, "init", "--quiet")
    (tmp_path / "a.txt").write_text("one")
    git(tmp_path, "add", "a.txt")
    git(tmp_path, "commit", "--quiet", "--message", "one")
    return tmp_path


def test_an_unchanged_tree_is_clean_and_a_changed_one_is_not(repository: Path) -> None:
    found = revision(repository)
    assert found is not None
    assert (found.commit, found.dirty) == (
        git(repository, "rev-parse", "HEAD").strip(),
        False,
    )
    (repository / "a.txt").write_text("two")
    changed = revision(repository)
    assert changed is not None
    assert changed.dirty


def test_a_folder_without_a_repository_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert revision(tmp_path) is None


def test_a_tree_of_which_git_cannot_say_whether_it_is_clean_has_none(
    repository: Path,
) -> None:
    (repository / ".git" / "index").write_bytes(b"no index")
    assert revision(repository) is None


@pytest.mark.parametrize(
    "setting",
    ["filter.x.clean", "filter.x.process", "core.fsmonitor", "filter.a=b.clean"],
)
def test_no_program_that_a_repository_names_is_started(
    setting: str, repository: Path
) -> None:
    program = f"touch {repository}/started; cat"
    git(repository, "config", setting, program)
    git(repository, "config", "filter.x.required", "true")
    name = "a=b" if "=" in setting else "x"
    (repository / ".gitattributes").write_text(f"* filter={name}\n")
    (repository / "a.txt").write_text("two")
    changed = revision(repository)
    assert changed is not None
    assert changed.dirty
    assert not (repository / "started").exists()


def test_a_changed_file_may_have_any_name(repository: Path) -> None:
    git(repository, "config", "core.quotePath", "false")
    name = os.fsdecode(b"caf\xe9")
    (repository / name).write_text("one")
    git(repository, "add", ".")
    changed = revision(repository)
    assert changed is not None
    assert changed.dirty
