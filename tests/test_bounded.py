"""A process with bounds: it answers, or its end is told; it outlives nobody."""

import errno
import io
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NoReturn

import pytest

from reportgen.bounded import (
    LateError,
    UnansweredError,
    _lower,
    _received,
    bounded_process,
)
from reportgen.errors import ReportError

JOBS = """
import os, sys, time
from reportgen.bounded import serve
from reportgen.errors import ReportError

def answer(head, contents):
    job = head["job"]
    if job == "echo":
        return contents
    if job == "spin":
        while True:
            pass
    if job == "fill":
        return [bytes(2**40)]
    if job == "refuse":
        raise ReportError("It must be so.")
    if job == "crash":
        os.abort()
    if job == "print":
        print("no bytes of an answer", flush=True)
        return [b"answer"]
    if job == "lie":
        os.write(1, b"")
        os.write(answers(), b'{"error": null, "sizes": [1000000000000]}\\n')
        time.sleep(60)
    if job == "bounds":
        import json, resource
        kinds = resource.RLIMIT_AS, resource.RLIMIT_CORE, resource.RLIMIT_CPU
        return [json.dumps([resource.getrlimit(kind) for kind in kinds]).encode()]
    if job == "threads":
        import numpy
        return [str(len(os.listdir("/proc/self/task"))).encode()]
    if job == "where":
        import json
        return [json.__file__.encode()]
    if job == "litter":
        from tempfile import mkstemp
        handle, path = mkstemp()
        os.write(handle, contents[0])
        return [path.encode()]
    raise ValueError("boom")

def answers():
    return max(int(name) for name in os.listdir("/proc/self/fd") if os.path.exists(
        f"/proc/self/fd/{name}") and "pipe" in os.readlink(f"/proc/self/fd/{name}"))

def main():
    serve(answer)
"""

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="other systems bound less"
)


@pytest.fixture(autouse=True)
def _jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bounded_jobs.py").write_text(JOBS)
    monkeypatch.syspath_prepend(tmp_path)


def asked(job: str, *contents: bytes, longest_s: float = 60) -> list[bytes]:
    """Returns what a new process answers."""
    with bounded_process("bounded_jobs", largest_memory=2**30) as beside:
        coming = beside.submit({"job": job, "cpu_s": 1}, *contents)
        return beside.answer(coming, longest_s)


def test_bytes_come_back_as_they_went() -> None:
    assert asked("echo", b"", b"a\nb\0", bytes(10**6)) == [b"", b"a\nb\0", bytes(10**6)]


def test_what_is_no_text_among_the_places_of_modules_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path, tmp_path / "mine"])
    assert asked("echo", b"a") == [b"a"]


def test_one_process_does_job_after_job() -> None:
    with bounded_process("bounded_jobs", largest_memory=2**30) as beside:
        for word in (b"one", b"two"):
            coming = beside.submit({"job": "echo"}, word)
            assert beside.answer(coming, 60) == [word]


def test_an_error_of_ours_comes_back_as_it_is() -> None:
    with pytest.raises(ReportError, match=r"^It must be so\.$"):
        asked("refuse")


def test_a_job_that_hangs_is_given_up() -> None:
    with pytest.raises(LateError, match="1 seconds of processor time"):
        asked("spin")


def test_nobody_waits_for_longer_than_he_said() -> None:
    with pytest.raises(LateError, match=r"0\.2 seconds"):
        asked("spin", longest_s=0.2)


def test_a_job_that_fills_the_memory_ends_alone() -> None:
    with pytest.raises(UnansweredError, match=r"exit code 1.*MemoryError"):
        asked("fill")


def test_a_crash_is_told_by_its_signal_and_leaves_no_core(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = set(tmp_path.iterdir())
    with pytest.raises(UnansweredError, match="SIGABRT"):
        asked("crash")
    assert {path.name for path in set(tmp_path.iterdir()) - before} <= {"__pycache__"}


def test_a_bug_is_told_by_its_last_words() -> None:
    with pytest.raises(UnansweredError, match="ValueError: boom"):
        asked("bug")


def test_what_a_library_prints_is_no_answer() -> None:
    assert asked("print") == [b"answer"]


def test_who_announces_more_than_allowed_is_ended() -> None:
    with pytest.raises(UnansweredError, match="SIGKILL"):
        asked("lie")


def test_a_module_in_the_folder_of_a_strangers_file_is_not_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "downloads"
    place.mkdir()
    for name in ("json", "importlib", "signal", "resource", "pikepdf"):
        (place / f"{name}.py").write_text("raise SystemExit('run by accident')")
    monkeypatch.chdir(place)
    (where,) = asked("where")
    assert str(place) not in where.decode()


BOUNDS = """
import resource, sys
sys.path.insert(0, sys.argv[1])
for kind, bounds in ((resource.RLIMIT_AS, (2**29, -1)), (resource.RLIMIT_CPU, (9, 60))):
    resource.setrlimit(kind, bounds)
from reportgen.bounded import bounded_process
with bounded_process("bounded_jobs", largest_memory=2**30) as beside:
    coming = beside.submit({"job": "bounds", "cpu_s": 120})
    print(beside.answer(coming, 60)[0].decode())
"""


def test_bounds_that_its_user_set_are_not_lifted(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BOUNDS, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    # The lower one of each pair, and 120 seconds are not to be had within 9.
    assert json.loads(done.stdout) == [[2**29] * 2, [0, 0], [9, 9]]


def test_its_own_bounds_cannot_be_lifted_from_within() -> None:
    (said,) = asked("bounds")
    memory, core, _ = json.loads(said)
    assert memory == [2**30] * 2
    assert core == [0, 0]


def test_a_system_that_cannot_bound_memory_goes_without(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # As macOS does: ValueError, "current limit exceeds maximum limit".
    def refuse(*_arguments: object) -> NoReturn:
        raise ValueError("current limit exceeds maximum limit")

    monkeypatch.setattr(resource, "setrlimit", refuse)
    _lower(resource.RLIMIT_AS, 2**30)


def test_many_processors_do_not_fill_its_memory_with_threads() -> None:
    assert asked("threads") == [b"1"]


def test_a_process_that_cannot_be_started_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_arguments: object, **_named: object) -> NoReturn:
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    monkeypatch.setattr(subprocess, "Popen", refuse)
    with pytest.raises(UnansweredError, match="its start: Resource temporarily"):
        asked("echo")


@pytest.mark.parametrize(
    "said",
    [
        b"{}\n",
        b"[]\n",
        b"nonsense\n",
        b'{"sizes": [-1]}\n',
        b'{"sizes": [true]}\n',
        b'{"sizes": ["1"]}\n',
        b'{"sizes": 1}\n',
        b'{"sizes": [11]}\n' + bytes(11),
        b"\xff\n",
    ],
)
def test_what_is_no_message_is_refused(said: bytes) -> None:
    with pytest.raises((KeyError, ValueError)):
        _received(io.BytesIO(said), 10)


@pytest.mark.parametrize("said", [b"", b"{", b'{"sizes": [3]}\nab', b"x" * 2**21])
def test_half_a_message_is_none(said: bytes) -> None:
    assert _received(io.BytesIO(said), 10) is None


PARENT = """
import sys, time
sys.path.insert(0, sys.argv[1])
from reportgen.bounded import bounded_process
with bounded_process("bounded_jobs", largest_memory=2**30) as beside:
    beside.submit({"job": "spin"})
    time.sleep(1)
    print(beside.process.pid, flush=True)
    time.sleep(60)
"""


@pytest.mark.slow
def test_it_ends_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child = json.loads(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)
    for _ in range(100):
        if not _lives(child):
            return
        time.sleep(0.1)
    os.kill(child, signal.SIGKILL)
    pytest.fail("The process outlived its parent.")


def _lives(process: int) -> bool:
    """Returns whether a process runs, and is not merely not yet buried."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_its_temporary_files_go_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = tmp_path / "temporary"
    ours.mkdir()
    monkeypatch.setenv("TMPDIR", str(ours))
    monkeypatch.setattr(tempfile, "tempdir", None)
    with bounded_process("bounded_jobs", largest_memory=2**30) as beside:
        coming = beside.submit({"job": "litter"}, b"a font")
        (place,) = beside.answer(coming, 60)
        assert Path(place.decode()).read_bytes() == b"a font"
        assert ours in Path(place.decode()).parents
    assert not list(ours.iterdir())
