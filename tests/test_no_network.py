"""No command opens a socket, nor does any process that it starts."""

import os
from pathlib import Path

import pytest

from handed import write_scores
from processes import Done, python, reportgen

pytestmark = pytest.mark.slow

BLOCK = """
import os, sys

def probes():
    frame = sys._getframe()
    while frame is not None and frame.f_code.co_name != "_has_ipv6":
        frame = frame.f_back
    return frame is not None and frame.f_globals["__name__"].startswith("urllib3.")

def hook(event, arguments):
    if event == "socket.gethostname" or not event.startswith("socket."):
        return
    if not probes():
        told = os.open(os.environ["TOLD"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(told, f"{event} {arguments} in {sys.argv}\\n".encode())
        os.close(told)
        raise PermissionError(f"{event} is blocked")

sys.addaudithook(hook)
with open(os.environ["TOLD"] + ".started", "a") as file:
    file.write(f"{os.getpid()}\\n")
"""
"""What Python runs first of all in every process that finds it on its path.

TensorFlow imports urllib3, which asks the system while it is imported whether there is
IPv6: it makes a socket, binds it to this machine's own ::1, and closes it.
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns a folder in which Python opens no socket."""
    folder = tmp_path_factory.mktemp("alone")
    (folder / "sitecustomize.py").write_text(BLOCK)
    write_scores(folder / "scores.npz")
    return folder


def blocked(*arguments: str, folder: Path) -> tuple[Done, str, int]:
    """Runs a command; returns how it ended, the sockets it tried, its processes."""
    done = reportgen(*arguments, folder=folder, **watched(folder))
    return done, *seen(folder)


def watched(folder: Path) -> dict[str, str]:
    """Returns the variables of a process that tells of its sockets in the folder."""
    (folder / "told.started").unlink(missing_ok=True)
    path = os.pathsep.join((str(folder), str(Path(__file__).parents[1])))
    return {"PYTHONPATH": path, "TOLD": str(folder / "told"), "REPORTGEN_DATA": ""}


def seen(folder: Path) -> tuple[str, int]:
    """Returns the sockets that were tried, and how many processes there were."""
    told = folder / "told"
    tried = told.read_text() if told.exists() else ""
    return tried, len((folder / "told.started").read_text().splitlines())


@pytest.mark.parametrize(
    ("command", "processes"),
    [
        ("build --predictions scores.npz --bootstrap 100", 2),
        ("render output/scores", 2),
        ("show output/scores", 1),
        ("verify output/scores/report.pdf", 2),
        ("compare output/scores output/scores/report.pdf", 2),
        ("schema", 1),
        ("doctor", 1),
        ("build --retrain --dataset digits --epochs 1 --format json", 1),
        ("build --dataset digits --format json", 1),
    ],
)
def test_no_socket_is_opened(command: str, processes: int, folder: Path) -> None:
    done, tried, started = blocked(*command.split(), folder=folder)
    assert done.code == 0, done.stderr
    assert tried == ""
    assert started >= processes  # the process that makes the PDF was watched too


FROM_PYTHON = """
from reportgen import Predictions, build_report
predictions = Predictions.of([0, 1, 1] * 20, [[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]] * 20)
assert build_report(predictions, bootstrap=100).failure is None
"""


def test_no_socket_is_opened_from_python(folder: Path) -> None:
    done = python(FROM_PYTHON, folder=folder, **watched(folder))
    assert (done.code, done.stdout, done.stderr) == (0, "", "")
    tried, started = seen(folder)
    assert tried == ""
    assert started >= 2  # the process that makes the PDF was watched too


def test_the_block_is_in_force(folder: Path) -> None:
    done, tried, _ = blocked("build", "--retrain", folder=folder)
    (folder / "told").unlink()
    assert done.code == 1
    assert "must lie on this machine or be reachable" in done.stderr
    assert "socket.getaddrinfo" in tried


def test_offline_does_not_even_try(folder: Path) -> None:
    for arguments in (("--offline",), ()):
        environment = {"REPORTGEN_OFFLINE": "" if arguments else "1"}
        command = ("build", "--retrain", *arguments)
        done = reportgen(*command, folder=folder, REPORTGEN_DATA="", **environment)
        assert done.code == 1
        assert "since --offline forbids its download" in done.stderr
        assert "--data PATH" in done.stderr
        assert "--dataset digits" in done.stderr
