import os
import subprocess
import sys
from pathlib import Path

import pytest

from reportgen.model.backend import cause, keras_quietly, stderr_held


def run(code: str, *, shell: str = "") -> subprocess.CompletedProcess[str]:
    """Returns what the code wrote, in an interpreter of its own."""
    command = ["sh", "-c", f'exec "$0" "$@" {shell}', sys.executable, "-c", code]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False
    )


def test_a_long_cause_is_seen_to_be_cut() -> None:
    assert cause(ValueError("no" * 100)) == "no" * 100
    assert cause(ValueError("no" * 101)) == "no" * 100 + " ..."


def test_what_c_code_writes_is_held_back() -> None:
    code = (
        "import os, sys\n"
        "from reportgen.model.backend import stderr_held\n"
        "print('before', file=sys.stderr)\n"
        "with stderr_held():\n"
        "    os.write(2, b'from C')\n"
        "    print('from Python', file=sys.stderr)\n"
        "print('after', file=sys.stderr)\n"
    )
    done = run(code)
    assert (done.returncode, done.stderr) == (0, "before\nafter\n")


def test_it_is_shown_when_the_body_fails() -> None:
    code = (
        "import os\n"
        "from reportgen.model.backend import stderr_held\n"
        "with stderr_held():\n"
        "    os.write(2, b'the reason\\n')\n"
        "    raise ImportError('no library')\n"
    )
    done = run(code)
    assert done.returncode == 1
    assert "the reason" in done.stderr
    assert "ImportError: no library" in done.stderr


@pytest.mark.parametrize("shell", ["2>&-", ""])
def test_a_closed_or_missing_stream_does_no_harm(shell: str) -> None:
    code = (
        "import sys\n"
        "from reportgen.model.backend import stderr_held\n"
        "sys.stderr = None\n"
        "with stderr_held():\n"
        "    pass\n"
        "print('done')\n"
    )
    assert run(code, shell=shell).stdout == "done\n"


def test_no_descriptor_is_left_open() -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    with stderr_held():
        pass
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_another_backend_of_the_environment_is_overruled() -> None:
    assert keras_quietly().backend.backend() == "tensorflow"
    assert os.environ["KERAS_BACKEND"] == "tensorflow"
