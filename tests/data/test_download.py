"""Fetching files from a server on this machine."""

import hashlib
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import filelock
import pytest

from reportgen.data import download
from reportgen.errors import DataError

CONTENT = b"four files make a dataset"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Quiet(SimpleHTTPRequestHandler):
    """A file server that remembers what it was asked and writes no log."""

    asked: list[str]

    def log_message(self, *_arguments: object) -> None:
        self.asked.append(self.path)


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def mirror(
    tmp_path: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """The URL of a folder with the file "a"."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    served = tmp_path / "served"
    served.mkdir()
    (served / "a").write_bytes(CONTENT)
    handler = type("Handler", (Quiet,), {"asked": asked})
    with ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(handler, directory=served)
    ) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_a_file_is_fetched_once(tmp_path: Path, mirror: str, asked: list[str]) -> None:
    folder = tmp_path / "cache" / "mnist"
    for _ in range(2):
        download.fetch({"a": SHA256}, folder, mirrors=(mirror,))
    assert (folder / "a").read_bytes() == CONTENT
    assert asked == ["/a"]


def test_the_second_mirror_steps_in(tmp_path: Path, mirror: str) -> None:
    download.fetch({"a": SHA256}, tmp_path / "to", mirrors=(f"{mirror}gone/", mirror))
    assert (tmp_path / "to" / "a").read_bytes() == CONTENT


def test_a_wrong_checksum_is_refused_and_leaves_nothing(
    tmp_path: Path, mirror: str
) -> None:
    with pytest.raises(DataError, match=r"127.0.0.1: another SHA-256"):
        download.fetch({"a": "0" * 64}, tmp_path / "to", mirrors=(mirror,))
    assert list((tmp_path / "to").iterdir()) == []


def test_a_damaged_file_in_the_cache_is_fetched_again(
    tmp_path: Path, mirror: str
) -> None:
    (tmp_path / "to").mkdir()
    (tmp_path / "to" / "a").write_bytes(CONTENT[:5])
    download.fetch({"a": SHA256}, tmp_path / "to", mirrors=(mirror,))
    assert (tmp_path / "to" / "a").read_bytes() == CONTENT


def test_every_mirrors_reason_is_told(tmp_path: Path, mirror: str) -> None:
    closed = "http://localhost:1/"
    with pytest.raises(
        DataError,
        match=r"a must come.*127.0.0.1: HTTPError; localhost: ConnectionError",
    ):
        download.fetch({"a": SHA256}, tmp_path, mirrors=(f"{mirror}gone/", closed))


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match="must be a folder that can be written"):
        download.fetch({"a": SHA256}, tmp_path / "file" / "to", mirrors=())


def test_waiting_for_another_process_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "LOCK_TIMEOUT_S", 0.01)
    held = threading.Event()
    done = threading.Event()

    def hold() -> None:
        with filelock.FileLock(tmp_path / "to.lock"):
            held.set()
            done.wait()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    try:
        with pytest.raises(DataError, match=r"to.lock must come free"):
            download.fetch({"a": SHA256}, tmp_path / "to", mirrors=())
    finally:
        done.set()
        thread.join()
