"""Processes that want the same run folder, or the same dataset, at the same time."""

import hashlib
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

import pytest

from handed import write_scores
from processes import WAIT_S, environment_of, finish, start
from reportgen.pipeline.manifest import read_manifest
from serving import serving

pytestmark = pytest.mark.slow

BUILD = ("build", "--predictions", "scores.npz", "--bootstrap", "100", "--format")


def test_builds_of_one_run_follow_each_other(tmp_path: Path) -> None:
    write_scores(tmp_path / "scores.npz")
    processes = [start((*BUILD, "json"), tmp_path) for _ in range(3)]
    done = [finish(process) for process in processes]
    assert [one.code for one in done] == [0, 0, 0], done
    run = tmp_path / "output" / "scores"
    assert read_manifest(run) == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in run.iterdir()
        if path.name != "SHA256SUMS"
    }
    assert [path.name for path in run.parent.iterdir()] == ["scores"]


def test_who_waits_says_so_and_goes_on_when_the_other_is_killed(
    tmp_path: Path,
) -> None:
    write_scores(tmp_path / "scores.npz")
    first = start((*BUILD, "json"), tmp_path)
    lock = tmp_path / "output" / ".scores.lock"
    end_s = time.monotonic() + WAIT_S
    while not lock.exists() and time.monotonic() < end_s:
        time.sleep(0.005)
    first.send_signal(signal.SIGSTOP)  # it holds the lock, and does nothing
    second = start((*BUILD, "json"), tmp_path)
    assert second.stderr is not None
    said = second.stderr.readline()
    assert "waiting for another process that is at work on this run" in said
    first.kill()
    assert finish(first).code == -9
    assert finish(second).code == 0
    assert [path.name for path in (tmp_path / "output").iterdir()] == ["scores"]


FETCH = """
import sys
from pathlib import Path
from reportgen.data import mnist
from reportgen.data.places import Places

mnist.MIRRORS = (sys.argv[2],)
mnist.CHECKSUMS = {name: sys.argv[3] for name in ("a", "b", "c", "d")}
cache = Path(sys.argv[1])
print(mnist._download(Places(None, None, cache, cache)))
"""
"""Downloads a dataset of four equal files into a cache."""

CONTENT = bytes(range(256)) * 2**12


class Slow(SimpleHTTPRequestHandler):
    """A file server that takes its time and remembers what it was asked."""

    asked: list[str]

    def log_message(self, *_arguments: object) -> None:
        """Remembers what was asked for."""
        self.asked.append(self.path)
        time.sleep(0.1)


@pytest.fixture
def asked() -> list[str]:
    """What the mirror was asked for."""
    return []


@pytest.fixture
def mirror(tmp_path: Path, asked: list[str]) -> Iterator[str]:
    """The URL of a folder with four files."""
    served = tmp_path / "served"
    served.mkdir()
    for name in "abcd":
        (served / name).write_bytes(CONTENT)
    handler = partial(type("Handler", (Slow,), {"asked": asked}), directory=served)
    with serving(handler) as url:
        yield url


def test_four_processes_on_a_cold_cache_download_once(
    tmp_path: Path, mirror: str, asked: list[str]
) -> None:
    digest = hashlib.sha256(CONTENT).hexdigest()
    cache = tmp_path / "home" / ".cache"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", FETCH, str(cache), mirror, digest],
            env=environment_of(tmp_path) | {"NO_PROXY": "127.0.0.1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    done = [finish(process) for process in processes]
    assert [one.code for one in done] == [0] * 4, done
    assert sorted(asked) == ["/a", "/b", "/c", "/d"]
    assert [path.name for path in cache.iterdir()] == ["mnist"]
    assert all((cache / "mnist" / name).read_bytes() == CONTENT for name in "abcd")
