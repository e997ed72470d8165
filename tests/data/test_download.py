"""Fetching files from a server on this machine."""

import errno
import hashlib
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.server import (
    BaseHTTPRequestHandler,
    SimpleHTTPRequestHandler,
)
from pathlib import Path

import pytest

from reportgen.data import download
from reportgen.disk import holding
from reportgen.errors import BusyError, DataError
from serving import serving

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
    with serving(partial(handler, directory=served)) as url:
        yield url


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
        match=r"a must come.*127.0.0.1: status 404; localhost: ConnectionError",
    ):
        download.fetch({"a": SHA256}, tmp_path, mirrors=(f"{mirror}gone/", closed))


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match="must be a folder that can be written"):
        download.fetch({"a": SHA256}, tmp_path / "file" / "to", mirrors=())


def test_a_full_disk_is_told_and_leaves_nothing(
    tmp_path: Path, mirror: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DataError, match="Received 'No space left on device'"):
        download.fetch({"a": SHA256}, tmp_path / "to", mirrors=(mirror,))
    assert list((tmp_path / "to").iterdir()) == []


def test_what_a_killed_download_left_is_removed(tmp_path: Path, mirror: str) -> None:
    (tmp_path / "to").mkdir()
    (tmp_path / "to" / ".a.1.partial").touch()
    download.fetch({"a": SHA256}, tmp_path / "to", mirrors=(mirror,))
    assert [path.name for path in (tmp_path / "to").iterdir()] == ["a"]


def test_waiting_for_another_process_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "PATIENCE_S", 0.01)
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with holding(tmp_path / "to.lock", patience_s=0):
            held.set()
            done.wait()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    try:
        with pytest.raises(BusyError, match=rf"to.lock must .* process {os.getpid()} "):
            download.fetch({"a": SHA256}, tmp_path / "to", mirrors=())
    finally:
        done.set()
        thread.join()


@contextmanager
def answering(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """Yields the URL of a server that gives every request that answer."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_arguments: object) -> None:
            """Writes no log."""

        def do_GET(self) -> None:
            with suppress(ConnectionError):  # who asked has heard enough
                answer(self)

    with serving(Handler) as url:
        yield url


def test_no_redirect_is_followed(tmp_path: Path, mirror: str, asked: list[str]) -> None:
    def elsewhere(request: BaseHTTPRequestHandler) -> None:
        request.send_response(302)
        request.send_header("Location", f"{mirror}a")
        request.end_headers()

    with (
        answering(elsewhere) as url,
        pytest.raises(DataError, match=r"127.0.0.1: a redirect to another address"),
    ):
        download.fetch({"a": SHA256}, tmp_path / "to", mirrors=(url,))
    assert asked == []


def test_an_answer_without_end_is_ended(
    tmp_path: Path, mirror: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "LARGEST", 2**20)

    def endless(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        while True:
            request.wfile.write(bytes(2**16))

    with answering(endless) as url:
        with pytest.raises(DataError, match=r"127.0.0.1: more than 1,048,576 bytes"):
            download.fetch({"a": SHA256}, tmp_path / "to", mirrors=(url,))
        assert list((tmp_path / "to").iterdir()) == []
        download.fetch({"a": SHA256}, tmp_path / "to", mirrors=(url, mirror))
    assert (tmp_path / "to" / "a").read_bytes() == CONTENT


def test_an_answer_byte_by_byte_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Every byte comes in time, the file never does.
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(download, "LONGEST_S", 0.2)
    enough = threading.Event()

    def slow(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        while not enough.wait(0.02):
            request.wfile.write(b"x")

    with answering(slow) as url:
        try:
            with pytest.raises(DataError, match=r"no whole file within 0 s"):
                download.fetch({"a": SHA256}, tmp_path / "to", mirrors=(url,))
        finally:
            enough.set()


def test_an_answer_that_breaks_off_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")

    def short(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", "1000")
        request.end_headers()
        request.wfile.write(CONTENT)

    with (
        answering(short) as url,
        pytest.raises(DataError, match=r"127\.0\.0\.1: ProtocolError"),
    ):
        download.fetch({"a": SHA256}, tmp_path / "to", mirrors=(url,))


def test_no_password_is_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    seen: list[str] = []

    def whole(request: BaseHTTPRequestHandler) -> None:
        seen.extend(name.lower() for name in request.headers)
        request.send_response(200)
        request.end_headers()
        request.wfile.write(CONTENT)

    with answering(whole) as url:
        download.fetch({"a": SHA256}, tmp_path / "to", mirrors=(url,))
    assert "user-agent" in seen
    assert not {"authorization", "cookie"} & set(seen)
