"""Run folders: complete or absent, whatever happens."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from reportgen.errors import OutputError
from reportgen.pipeline import folders
from reportgen.pipeline.folders import alone_with, replacing


@contextmanager
def building(run: Path) -> Iterator[Path]:
    """Yields the folder that takes the run's place."""
    with alone_with(run), replacing(run) as partial:
        yield partial


def fill(run: Path, text: str) -> None:
    """Makes a run folder that holds one file of that text."""
    with building(run) as partial:
        (partial / "record.json").write_text(text)


def fail_halfway(run: Path, failure: type[BaseException]) -> None:
    """Starts to fill a run folder and fails."""
    with building(run) as partial:
        (partial / "record.json").write_text("half")
        raise failure


def text_of(run: Path) -> str:
    """Returns what `fill` wrote."""
    return (run / "record.json").read_text()


def names(folder: Path) -> list[str]:
    """Returns all that lies in a folder."""
    return sorted(path.name for path in folder.iterdir())


def test_a_run_folder_is_made_with_those_above_it(tmp_path: Path) -> None:
    fill(tmp_path / "deep" / "run", "new")
    assert text_of(tmp_path / "deep" / "run") == "new"


def test_folders_made_for_a_build_that_fails_are_removed(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError):
        fail_halfway(tmp_path / "deep" / "deeper" / "run", RuntimeError)
    assert names(tmp_path) == []


def test_a_new_run_takes_the_place_of_the_old_one_whole(tmp_path: Path) -> None:
    run = tmp_path / "run"
    fill(run, "old")
    (run / "report.pdf").touch()
    fill(run, "new")
    assert names(run) == ["record.json"]
    assert text_of(run) == "new"
    assert names(tmp_path) == ["run"]


@pytest.mark.parametrize("failure", [KeyboardInterrupt, RuntimeError, SystemExit])
def test_whatever_ends_a_build_early_leaves_the_old_run(
    tmp_path: Path, failure: type[BaseException]
) -> None:
    fill(tmp_path / "run", "old")
    with pytest.raises(failure):
        fail_halfway(tmp_path / "run", failure)
    assert text_of(tmp_path / "run") == "old"
    assert names(tmp_path) == ["run"]


def test_a_new_folder_that_vanishes_leaves_the_old_run(tmp_path: Path) -> None:
    fill(tmp_path / "run", "old")
    with (
        pytest.raises(OutputError, match="must be writable"),
        building(tmp_path / "run") as partial,
    ):
        partial.rmdir()
    assert text_of(tmp_path / "run") == "old"
    assert names(tmp_path) == ["run"]


def test_the_old_run_comes_back_where_the_new_one_cannot_move_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = tmp_path / "run"
    fill(run, "old")
    rename = Path.rename

    def failing(path: Path, target: Path) -> Path:
        if path.name.endswith(".partial"):
            raise OSError(5, "Input/output error")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(OutputError, match="run must be writable: Input/output error"):
        fill(run, "new")
    assert text_of(run) == "old"
    assert names(tmp_path) == ["run"]


def test_a_run_that_was_set_aside_is_put_back(tmp_path: Path) -> None:
    # A build was killed between its two renames.
    run = tmp_path / "run"
    fill(run, "old")
    run.rename(tmp_path / ".run.old")
    (tmp_path / ".run.1.partial").mkdir()
    with alone_with(run):
        assert text_of(run) == "old"
    assert names(tmp_path) == ["run"]


def test_a_run_that_was_set_aside_gives_way_to_the_one_in_its_place(
    tmp_path: Path,
) -> None:
    # A build was killed behind its two renames.
    fill(tmp_path / "run", "old")
    (tmp_path / "run").rename(tmp_path / ".run.old")
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "record.json").write_text("new")
    with alone_with(tmp_path / "run"):
        assert text_of(tmp_path / "run") == "new"
    assert names(tmp_path) == ["run"]


def test_what_killed_builds_left_is_removed(tmp_path: Path) -> None:
    run = tmp_path / "run"
    fill(run, "old")
    for name in (".run.1.partial", ".run.22.gone"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "record.json").touch()
    (tmp_path / "..run.seed-42.progress.1.partial").touch()
    (tmp_path / ".run.lock").touch()
    (run / ".report.html.1.partial").touch()
    with alone_with(run):
        assert names(run) == ["record.json"]
    assert names(tmp_path) == ["run"]


def test_what_other_builds_are_at_work_on_is_left_alone(tmp_path: Path) -> None:
    # Names of other runs that begin like this one, and a training to be gone on with.
    others = [
        ".run.b.1.partial",
        ".run.b.old",
        ".run.seed-1.progress",
        ".runs.1.partial",
        "..run.b.seed-1.progress.1.partial",
        "run.1.partial",
    ]
    for name in others:
        (tmp_path / name).mkdir()
    with alone_with(tmp_path / "run"):
        pass
    assert names(tmp_path) == sorted(others)


def test_names_are_no_patterns(tmp_path: Path) -> None:
    (tmp_path / ".aab.1.partial").mkdir()
    with alone_with(tmp_path / "a+b"), alone_with(tmp_path / "a.b"):
        pass
    assert names(tmp_path) == [".aab.1.partial"]


def test_a_link_among_the_leftovers_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "thesis.txt").touch()
    links = [".run.1.partial", f".run.{os.getpid()}.partial"]
    (tmp_path / "output" / "run").mkdir(parents=True)
    for name in links:
        (tmp_path / "output" / name).symlink_to(tmp_path / "home")
    fill(tmp_path / "output" / "run", "new")
    assert names(tmp_path / "home") == ["thesis.txt"]
    assert names(tmp_path / "output") == ["run"]


def make(path: Path, kind: str) -> None:
    """Makes what is no run: a file, a folder with a file in it, or a link to one."""
    path.parent.mkdir(exist_ok=True)
    if kind == "file":
        path.write_text("four years")
        return
    folder = path.with_name("home") if kind == "link" else path
    folder.mkdir()
    (folder / "thesis.txt").write_text("four years")
    if kind == "link":
        path.symlink_to("home")


@pytest.mark.parametrize("kind", ["file", "folder", "link"])
@pytest.mark.parametrize("stands", [True, False])
def test_what_bears_the_name_of_a_run_set_aside_is_left_alone(
    tmp_path: Path, kind: str, *, stands: bool
) -> None:
    # As .bashrc.old does, for a run that is called bashrc.
    run = tmp_path / "run"
    if stands:
        fill(run, "old")
    make(tmp_path / ".run.old", kind)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(OutputError, match=r"\.run\.old must be "):
        fill(run, "new")
    with alone_with(run):
        pass
    assert sorted(tmp_path.rglob("*")) == before


def test_what_a_desktop_leaves_in_a_folder_stops_no_build(tmp_path: Path) -> None:
    fill(tmp_path / "run", "old")
    (tmp_path / "run" / ".DS_Store").touch()
    fill(tmp_path / "run", "new")
    assert names(tmp_path / "run") == ["record.json"]


def test_a_link_in_the_place_of_the_run_is_refused(tmp_path: Path) -> None:
    fill(tmp_path / "elsewhere", "old")
    (tmp_path / "output").mkdir()
    (tmp_path / "output" / "run").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputError, match=r"Received a link to .*elsewhere"):
        fill(tmp_path / "output" / "run", "new")
    assert text_of(tmp_path / "elsewhere") == "old"


def test_a_link_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run").symlink_to("nowhere")
    with pytest.raises(OutputError, match="Received a link to"):
        fill(tmp_path / "run", "new")


def test_the_folder_of_all_runs_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "output").symlink_to("disk")
    fill(tmp_path / "output" / "run", "new")
    assert text_of(tmp_path / "disk" / "run") == "new"


def test_a_link_inside_of_the_old_run_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "model.keras").write_text("weights")
    fill(tmp_path / "run", "old")
    (tmp_path / "run" / "model.keras").symlink_to(tmp_path / "model.keras")
    fill(tmp_path / "run", "new")
    assert (tmp_path / "model.keras").read_text() == "weights"


@pytest.mark.parametrize("name", ["thesis.txt", "report.html/"])
def test_a_folder_that_holds_what_is_not_of_a_run_is_left_alone(
    tmp_path: Path, name: str
) -> None:
    run = tmp_path / "run"
    run.mkdir()
    if name.endswith("/"):  # a folder, though it bears the name of our file
        (run / name).mkdir()
    else:
        (run / name).touch()
    found = name.rstrip("/")
    with pytest.raises(OutputError, match=f"holds '{found}', which a build would"):
        fill(run, "new")
    assert names(run) == [found]


@pytest.mark.parametrize("name", ["report.html", "predictions.npz"])
def test_a_folder_that_was_never_a_run_is_left_alone(tmp_path: Path, name: str) -> None:
    # Other programs write files of these names, too.
    run = tmp_path / "run"
    run.mkdir()
    (run / name).touch()
    (run / ".DS_Store").touch()
    with pytest.raises(OutputError, match=r"holds files and no record\.json, which a"):
        fill(run, "new")
    assert names(run) == [".DS_Store", name]


def test_what_is_put_into_a_run_while_the_next_is_made_is_not_deleted(
    tmp_path: Path,
) -> None:
    run = tmp_path / "run"
    fill(run, "old")
    with (  # noqa: PT012 - the file comes while the block runs
        pytest.raises(OutputError, match=r"holds 'notes\.txt'"),
        building(run) as partial,
    ):
        (partial / "record.json").write_text("new")
        (run / "notes.txt").touch()
    assert names(run) == ["notes.txt", "record.json"]
    assert text_of(run) == "old"
    assert names(tmp_path) == ["run"]


def test_a_file_where_the_folder_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "run").touch()
    with pytest.raises(OutputError, match="must be a folder or absent"):
        fill(tmp_path / "run", "new")


def test_a_file_above_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "output").touch()
    with pytest.raises(OutputError, match=r"output/run must be writable"):
        fill(tmp_path / "output" / "run", "new")


def test_a_folder_below_which_nothing_can_be_made_is_named() -> None:
    # /proc takes no folder, not even from root.
    with pytest.raises(OutputError, match=r"/proc/output/run must be writable"):
        fill(Path("/proc/output/run"), "new")


def test_all_is_on_the_disk_before_the_old_run_moves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = tmp_path / "run"
    fill(run, "old")
    synced: list[tuple[str, str]] = []

    def watched(path: Path) -> None:
        synced.append((path.name.split(".")[0] or "partial", text_of(run)))

    monkeypatch.setattr(folders, "sync", watched)
    fill(run, "new")
    # The file and its folder while the old run stands, then the folder of all runs.
    above = tmp_path.name.split(".")[0]
    assert synced == [("record", "old"), ("partial", "old"), (above, "new")]
