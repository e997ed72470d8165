"""Locks that name their holder, and files that are whole."""

import errno
import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest

from reportgen.disk import holding, remove_partials, write_whole
from reportgen.errors import BusyError


@contextmanager
def held(lock: Path) -> Iterator[threading.Event]:
    """Holds a lock in another thread, until the event that it yields or the end."""
    taken, free = threading.Event(), threading.Event()

    def hold() -> None:
        with holding(lock, patience_s=0):
            taken.set()
            free.wait()

    thread = threading.Thread(target=hold)
    thread.start()
    taken.wait()
    try:
        yield free
    finally:
        free.set()
        thread.join()


def test_a_lock_leaves_nothing_behind(tmp_path: Path) -> None:
    with holding(tmp_path / "lock", patience_s=0):
        assert (tmp_path / "lock").exists()
    assert list(tmp_path.iterdir()) == []


def test_who_waits_too_long_learns_who_holds_the_lock(tmp_path: Path) -> None:
    with (
        held(tmp_path / "lock"),
        pytest.raises(
            BusyError,
            match=rf"lock must come free within 0 s. .*process {os.getpid()} on \S+ "
            r"\(since 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC: reportgen",
        ),
        holding(tmp_path / "lock", patience_s=0),
    ):
        pass


def test_a_note_that_is_none_still_gives_a_message(tmp_path: Path) -> None:
    with held(tmp_path / "lock"):
        (tmp_path / "lock").write_bytes(b"[" * 5000)
        with (
            pytest.raises(BusyError, match="that another process holds"),
            holding(tmp_path / "lock", patience_s=0),
        ):
            pass


def test_who_waits_is_told_once_and_goes_on(tmp_path: Path) -> None:
    told = []
    with held(tmp_path / "lock") as free:

        def on_wait() -> None:
            told.append("waits")
            free.set()

        with holding(tmp_path / "lock", on_wait=on_wait, patience_s=60):
            assert (tmp_path / "lock").exists()
    assert told == ["waits"]


def test_the_lock_of_a_killed_process_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text('{"process": 1, "host": "x", "command": "y"}')
    with holding(tmp_path / "lock", patience_s=0):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_link_is_no_lock(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("four years")
    (tmp_path / "lock").symlink_to("thesis.txt")
    with (
        pytest.raises(OSError, match="symbolic links"),
        holding(tmp_path / "lock", patience_s=0),
    ):
        pass
    assert (tmp_path / "thesis.txt").read_text() == "four years"


def test_a_file_system_without_locks_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As Lustre is where it was mounted without flock.
    def unknown(*_arguments: object) -> NoReturn:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))

    monkeypatch.setattr("fcntl.flock", unknown)
    with (
        pytest.raises(OSError, match="its file system knows no locks"),
        holding(tmp_path / "lock", patience_s=0),
    ):
        pass


def test_a_lock_whose_file_was_renamed_is_taken_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # NFS renames what is removed while it is open: it keeps a name, but another one.
    lock, real, removed = tmp_path / "lock", fcntl.flock, tmp_path / ".nfs1"

    def late(descriptor: int, kind: int) -> None:
        if not removed.exists():
            lock.rename(removed)
        real(descriptor, kind)

    monkeypatch.setattr("fcntl.flock", late)
    with holding(lock, patience_s=60):
        assert removed.read_bytes() == b""
        assert str(os.getpid()) in lock.read_text()
    assert list(tmp_path.iterdir()) == [removed]


def test_two_never_hold_one_lock(tmp_path: Path) -> None:
    # Removing the file must not split those who wait: each adds one, none is lost.
    count = tmp_path / "count"
    count.write_text("0")

    def add() -> None:
        for _ in range(50):
            with holding(tmp_path / "lock", patience_s=60):
                count.write_text(str(int(count.read_text()) + 1))

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count.read_text() == "200"


@pytest.mark.parametrize("failing", ["write", "fsync", "replace"])
def test_a_full_disk_changes_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    write_whole(tmp_path, {"a": b"old"})

    def full(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    if failing == "write":
        monkeypatch.setattr("reportgen.disk._write", full)
    elif failing == "fsync":
        monkeypatch.setattr(os, "fsync", full)
    else:
        monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(tmp_path, {"a": b"new"})
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").read_bytes() == b"old"


def test_only_what_was_being_written_is_removed(tmp_path: Path) -> None:
    for name in (".a.1.partial", "a.1.partial", ".a.b.partial", ".a"):
        (tmp_path / name).touch()
    remove_partials(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".a",
        ".a.b.partial",
        "a.1.partial",
    ]
