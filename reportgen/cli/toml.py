"""A TOML file from anywhere, read within bounds."""

import os
import re
import tomllib
from pathlib import Path
from typing import Any

from reportgen.errors import UsageError
from reportgen.opening import open_regular

FILE = "reportgen.toml"
PROJECT_FILE = "pyproject.toml"

LARGEST_BYTES = 2**20
"""Of a configuration file."""

MOST_PARTS = 64
"""Parts of a dotted key: tomllib takes a time that grows with their square."""

PART = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')"""
DEEP_KEY = re.compile(rf"(?<![\w-]){PART}(?:[ \t]*+\.[ \t]*+{PART}){{{MOST_PARTS}}}")
"""A key of more parts, or words with as many dots between them."""


def find_toml(folder: Path) -> Path | None:
    """Returns the configuration file of a folder, None where there is none.

    Whatever bears its name is taken for it: a link to nothing is not passed over.
    """
    for name in (FILE, PROJECT_FILE):
        if os.path.lexists(folder / name):
            return folder / name
    return None


def read_toml(path: Path) -> dict[str, Any]:
    """Returns the top table of a file.

    Raises:
        UsageError: It is missing, too large, nested too deep, or no TOML.
    """
    try:
        return tomllib.loads(_text(path))
    except FileNotFoundError as error:
        raise _missing(path) from error
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from error
    except RecursionError as error:  # lists in lists in lists
        raise _unreadable(path, "its lists or tables are nested too deep") from error
    except ValueError as error:  # no UTF-8, no TOML, or a number of 5,000 digits
        raise _unreadable(path, str(error)) from error


def _text(path: Path) -> str:
    """Returns the text of a file that tomllib can be given."""
    with open_regular(path) as file:
        content = file.read(LARGEST_BYTES + 1)
    if len(content) > LARGEST_BYTES:
        raise UsageError(
            f"{path} must have at most {LARGEST_BYTES:,} bytes. Received more. Keep "
            "settings and a few sentences in it, and name another file with --config."
        )
    text = content.decode("utf-8")
    if DEEP_KEY.search(text):
        raise UsageError(
            f"{path} must have keys of at most {MOST_PARTS} parts. Received more, or "
            "as many words with nothing but dots between them. Divide them."
        )
    return text


def _missing(path: Path) -> UsageError:
    """Returns the error for a name that leads to no file."""
    received = "a link to nothing" if path.is_symlink() else "no such file"
    return UsageError(
        f"--config must name a file. Received {path}, {received}. Name another one, or "
        f"write {FILE} in this folder."
    )


def _unreadable(path: Path, reason: str) -> UsageError:
    """Returns the error for a file that is no configuration."""
    return UsageError(
        f"{path} must be readable TOML. Received another file: {reason}. Mend it, or "
        "name another one with --config."
    )
