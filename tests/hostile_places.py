"""Run folders and outputs that lead astray, stand in the way, or have no end."""

import os
from pathlib import Path

from hostile import Case, Write

from handed import write_scores

BUILD = ("build", "--predictions", "scores.npz", "--name", "run", "--bootstrap", "100")


def _plain(folder: Path) -> None:
    write_scores(folder / "scores.npz")


def _scores(folder: Path) -> Path:
    """Writes predictions that are in order, and makes the folder of all runs."""
    write_scores(folder / "scores.npz")
    output = folder / "output"
    output.mkdir()
    return output


def _linked(folder: Path) -> None:
    (folder / "thesis").mkdir()
    (folder / "thesis" / "chapter.txt").write_text("four years")
    (_scores(folder) / "run").symlink_to(folder / "thesis")


def _dangling(folder: Path) -> None:
    (_scores(folder) / "run").symlink_to("/nowhere/at/all")


def _occupied(folder: Path) -> None:
    run = _scores(folder) / "run"
    run.mkdir()
    (run / "report.html").mkdir()
    (run / "report.html" / "chapter.txt").write_text("four years")


def _file_above(folder: Path) -> None:
    write_scores(folder / "scores.npz")
    (folder / "output").write_text("not a folder")


def _linked_lock(folder: Path) -> None:
    (folder / "thesis.txt").write_text("four years")
    (_scores(folder) / ".run.lock").symlink_to(folder / "thesis.txt")


def _loop(folder: Path) -> None:
    write_scores(folder / "scores.npz")
    (folder / "output").symlink_to("output")


def _run(folder: Path) -> Path:
    """Makes the folder of a run."""
    run = folder / "output" / "run"
    run.mkdir(parents=True)
    return run


def _pipe(folder: Path) -> None:
    os.mkfifo(_run(folder) / "record.json")


def _device(folder: Path) -> None:
    (_run(folder) / "record.json").symlink_to("/dev/zero")


def _hole(folder: Path) -> None:
    with (_run(folder) / "record.json").open("wb") as file:
        file.truncate(2**42)


def _forged(folder: Path) -> None:
    run = _run(folder)
    (run / "record.json").write_text("{}")
    (run / "SHA256SUMS").write_text(f"{'0' * 64}  record.json\n")


def _pipe_as_manifest(folder: Path) -> None:
    run = _run(folder)
    (run / "record.json").write_text("{}")
    os.mkfifo(run / "SHA256SUMS")


def _thesis_aside(folder: Path) -> None:
    aside = _scores(folder) / ".run.old"
    aside.mkdir()
    (aside / "chapter.txt").write_text("four years")


def _endless_manifest(folder: Path) -> None:
    run = _run(folder)
    (run / "record.json").write_text("{}")
    (run / "SHA256SUMS").symlink_to("/dev/zero")


def _case(
    key: str, what: str, write: Write, says: str, command: tuple[str, ...] = BUILD
) -> Case:
    """Returns a case of this file."""
    return Case(key, "targets", what, write, command, says)


RENDER, SHOW = ("render", "output/run"), ("show", "output/run")

CASES = (
    _case("linked-run", "a run that is a link to a thesis", _linked, "a link to"),
    _case("dangling-run", "a run that is a link to nothing", _dangling, "a link to"),
    _case(
        "folder-as-page",
        "a folder by the name of a page, with a thesis in it",
        _occupied,
        "holds 'report.html', which a build would delete",
    ),
    _case("file-as-output", "a file above the run", _file_above, "must be writable"),
    _case("linked-lock", "a lock that is a link", _linked_lock, "symbolic links"),
    _case("output-loop", "an output that is a link to itself", _loop, "must be writ"),
    _case(
        "unwritable-output",
        "an output in which not even root may write",
        _plain,
        "/proc/output/run must be writable",
        (*BUILD, "--output", "/proc/output"),
    ),
    _case(
        "endless-output",
        "an output whose name has 300 characters",
        _plain,
        "File name too long",
        (*BUILD, "--output", "a" * 300),
    ),
    _case(
        "pipe-as-record",
        "a pipe that nobody writes to, as record",
        _pipe,
        "record.json must be readable: a pipe is no file",
        SHOW,
    ),
    _case(
        "device-as-record",
        "/dev/zero as record",
        _device,
        "record.json must be readable: a device is no file",
        RENDER,
    ),
    _case("hole-as-record", "4 TiB of nothing as record", _hole, "at most", RENDER),
    _case(
        "forged-record",
        "a record that its manifest does not know",
        _forged,
        "must be as it was written",
        RENDER,
    ),
    _case(
        "endless-manifest",
        "/dev/zero as manifest",
        _endless_manifest,
        "SHA256SUMS must be readable: a device is no file",
        SHOW,
    ),
    _case(
        "pipe-as-manifest",
        "a pipe that nobody writes to, as manifest",
        _pipe_as_manifest,
        "SHA256SUMS must be readable: a pipe is no file",
        SHOW,
    ),
    _case(
        "thesis-aside",
        "a thesis where a build sets the old run aside",
        _thesis_aside,
        "holds 'chapter.txt', which a build would delete",
    ),
)
