"""Run folders: complete or absent, with one process at work on each.

1. `alone_with` takes the run's lock, puts back a run that a killed build had set aside,
   and removes what killed builds left.
2. `replacing` yields a new folder beside the run; when all in it is on the disk, the
   old run is set aside, the new one takes its place, and the old one is removed.

Only the lock's holder makes what `LEFTOVER` matches, so what is there when the lock is
taken belongs to no living process. What is set aside has a name that others use too:
it is ours only where it is a folder that holds nothing but a run.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from reportgen.disk import PATIENCE_S, holding, remove_partials, sync
from reportgen.errors import OutputError
from reportgen.pipeline.manifest import (
    MANIFEST,
    digest_of,
    read_manifest,
    sums_of,
    to_manifest,
)
from reportgen.pipeline.runs import (
    COMPARISON,
    COMPARISON_FILES,
    FILES,
    RECORD,
    set_aside,
    writing,
)

LEFTOVER = r"\.{name}\.\d+\.(partial|gone)|\.\.{name}\.seed-\d+\.progress\.\d+\.partial"
"""What a killed build leaves beside its run."""

OF_A_DESKTOP = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
"""What Finder and Explorer leave in every folder that they show."""


@contextmanager
def alone_with(
    run: Path,
    *,
    on_wait: Callable[[], None] | None = None,
    files: frozenset[str] = FILES,
) -> Iterator[None]:
    """Holds the lock of a run folder, and begins with what killed processes left.

    Args:
        run: Run folder, or where one is to be; folders above it are made where missing,
            and removed where they stay empty.
        on_wait: Called once where another process works on the run.
        files: Names of all that such a folder may hold.

    Raises:
        BusyError: Another process works on it for too long.
        OutputError: The folder cannot be written.
    """
    missing = [folder for folder in run.parents if not os.path.lexists(folder)]
    try:
        with ExitStack() as stack:
            with writing(run):
                run.parent.mkdir(parents=True, exist_ok=True)
                lock = run.parent / f".{run.name}.lock"
                stack.enter_context(
                    holding(lock, on_wait=on_wait, patience_s=PATIENCE_S)
                )
                _put_back(run, files)
                _sweep(run, files)
            yield
    finally:
        for folder in missing:
            with suppress(OSError):  # it is not empty: a run stands in it
                folder.rmdir()


def _put_back(run: Path, files: frozenset[str]) -> None:
    """Puts a run back that was set aside, if none has taken its place."""
    if _is_run(set_aside(run), files) and not os.path.lexists(run):
        set_aside(run).rename(run)


def _sweep(run: Path, files: frozenset[str]) -> None:
    """Removes what killed processes left beside a run and inside of it."""
    beside = re.compile(LEFTOVER.format(name=re.escape(run.name)))
    if _is_run(set_aside(run), files):
        _remove(set_aside(run))
    for path in list(run.parent.iterdir()):
        if beside.fullmatch(path.name):
            _remove(path)
    if _is_folder(run):
        remove_partials(run)


def _remove(path: Path) -> None:
    """Removes a leftover, and never what a link leads to.

    One that stays, of another user perhaps, is in nobody's way.
    """
    if _is_folder(path):
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()


def require_replaceable(run: Path, files: frozenset[str]) -> None:
    """Refuses what must not be deleted: a file, a link, a folder with more.

    Args:
        run: Folder to replace or make.
        files: Names of all that such a folder may hold.

    Raises:
        OutputError: It is none, or holds what is not ours.
    """
    if run.is_symlink():
        raise OutputError(
            f"{run} must be a folder of its own, or absent. Received a link to "
            f"{os.path.realpath(run)}, which a build would not follow. Name the folder "
            "that it leads to with --output and --name, or output= and name= from "
            "Python; or remove the link."
        )
    if not run.exists():
        return
    if not run.is_dir():
        raise OutputError(
            f"{run} must be a folder or absent. Received a file. Choose another "
            "name: --name, or name= from Python."
        )
    foreign, missing = _foreign(run, files), _missing(run, files)
    if foreign or missing:
        received = repr(foreign[0]) if foreign else f"files and no {missing}"
        ours, who = (
            ("a run folder", "a build")
            if files == FILES
            else ("the folder of a comparison", "it")
        )
        raise OutputError(
            f"{run} must be absent, empty or {ours}. Received one that holds "
            f"{received}, which {who} would delete. Choose another with --name "
            "or --output, or name= or output= from Python."
        )


@contextmanager
def replacing(run: Path, files: frozenset[str] = FILES) -> Iterator[Path]:
    """Yields an empty folder that takes the place of the run folder on success.

    Whatever ends the block early, an interrupt too, leaves the old run as it was and
    nothing of the new one. The caller holds the run's lock.

    Args:
        run: Run folder to replace or make.
        files: Names of all that such a folder may hold: of one that holds anything
            else nothing is deleted.

    Raises:
        OutputError: The folder cannot be written, or holds what is not of a run.
    """
    partial = run.parent / f".{run.name}.{os.getpid()}.partial"
    with writing(run):
        for place in (run, set_aside(run)):
            require_replaceable(place, files)
        partial.mkdir()
    try:
        yield partial
        with writing(run):
            for path in (*sorted(partial.iterdir()), partial):
                sync(path)
            _move_in(partial, run, files)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _foreign(folder: Path, files: frozenset[str]) -> list[str]:
    """Returns the names in a folder that are not among those."""
    ours = files | OF_A_DESKTOP
    found = sorted(folder.iterdir())
    return [p.name for p in found if p.name not in ours or _is_folder(p)]


def _missing(folder: Path, files: frozenset[str]) -> str | None:
    """Returns what each folder of ours holds and this one does not, if not empty.

    Others write a report.html or a predictions.npz, too.
    """
    found = {path.name for path in folder.iterdir()} - OF_A_DESKTOP
    always = RECORD if files == FILES else COMPARISON
    return always if found and always not in found else None


def _is_run(path: Path, files: frozenset[str]) -> bool:
    """Returns whether what lies there may be deleted, as a folder that we made."""
    return _is_folder(path) and not _foreign(path, files) and not _missing(path, files)


def _is_folder(path: Path) -> bool:
    """Returns whether the path is a folder, and not a link to one."""
    return path.is_dir() and not path.is_symlink()


def _move_in(partial: Path, run: Path, files: frozenset[str]) -> None:
    """Puts the new folder in the old one's place, and the old one back on failure.

    Between the two renames there is no run for some microseconds; who reads then finds
    the old one aside, and a build that is killed there leaves it to the next to put
    back.
    """
    require_replaceable(run, files)  # again: a training takes its time
    old = set_aside(run)
    try:
        if run.exists():
            run.rename(old)
        partial.rename(run)
    except BaseException:
        _put_back(run, files)
        raise
    sync(run.parent)
    with suppress(OSError):  # the new run stands; the next build removes the old one
        # Under another name first: half of a run must never be put back.
        gone = run.parent / f".{run.name}.{os.getpid()}.gone"
        old.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)


def with_manifest(folder: Path, contents: Mapping[str, bytes]) -> dict[str, bytes]:
    """Returns contents to write into a folder and, last, the manifest that then holds.

    What a manifest says of other files stays, so that none is passed as unchanged that
    is not; without a manifest all files of the folder are entered.

    Args:
        folder: A run folder, or one that is being filled.
        contents: Bytes by name.

    Raises:
        OSError: A file of the folder cannot be read.
        OutputError: The manifest is none.
    """
    sums = read_manifest(folder)
    if sums is None:
        sums = {path.name: digest_of(path) for path in _files(folder)}
    return {**contents, MANIFEST: to_manifest({**sums, **sums_of(contents)})}


def _files(folder: Path) -> list[Path]:
    """Returns the files of ours that lie in a folder."""
    paths = (folder / name for name in (FILES | COMPARISON_FILES) - {MANIFEST})
    return [path for path in paths if path.is_file()]
