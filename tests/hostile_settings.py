"""Hostile configuration files."""

import os
from collections.abc import Callable
from pathlib import Path

from hostile import Case, Write

BUILD = ("build", "--retrain", "--dataset", "digits")
FILE = "reportgen.toml"


def _binary(folder: Path) -> None:
    (folder / FILE).write_bytes(b"\x80\x04\x95" + bytes(range(256)))


def text(make: Callable[[], str], name: str = FILE) -> Write:
    """Returns what writes the text that is made then."""

    def write(folder: Path) -> None:
        (folder / name).write_text(make(), encoding="utf-8")

    return write


def case(
    key: str, what: str, write: Write, says: str, command: tuple[str, ...] = BUILD
) -> Case:
    """Returns a case that a build reads before anything else."""
    return Case(key, "settings", what, write, command, says, code=2)


CASES = (
    case(
        "nested-toml",
        "100,000 brackets, each inside of the one before",
        text(lambda: "a = " + "[" * 100_000),
        "reportgen.toml must be readable TOML",
    ),
    case(
        "binary-toml",
        "bytes that are no text",
        _binary,
        "reportgen.toml must be readable TOML",
    ),
    case(
        "large-toml",
        "words of the author of 10 MB",
        text(lambda: f'[card]\nlimits = "{10_000_000 * "a"}"'),
        "reportgen.toml must have at most 1,048,576 bytes",
    ),
    case(
        "long-card",
        "a licence of 900,000 characters",
        text(lambda: f'[card]\nlicence = "{900_000 * "a"}"'),
        "licence as text of at most 10,000 characters. Received 900,000",
    ),
    case(
        "dotted-toml",
        "a key of 300,000 parts, over which tomllib would sit for hours",
        text(lambda: "a" + 300_000 * ".a" + " = 1"),
        "keys of at most 64 parts",
    ),
    case(
        "digits-toml",
        "a number of 100,000 digits",
        text(lambda: "seed = " + 100_000 * "9"),
        "Exceeds the limit (4300 digits)",
    ),
    case(
        "hexadecimal-toml",
        "a number that Python reads and cannot print",
        text(lambda: "name = 0x" + 100_000 * "f"),
        "Received a whole number of 400,000 bits",
    ),
    case(
        "steering-toml",
        "a title that steers the terminal",
        text(lambda: '[card]\ntitle = "\\u001b]0;owned\\u0007"'),
        r"Received '\x1b' in '\x1b]0;owned\x07'",
    ),
    case(
        "steering-key",
        "a key that steers the terminal and turns its text around",
        text(lambda: '"\\u001b[2J\\u202e" = 1'),
        r"Received '\x1b[2J\u202e'",
    ),
    case(
        "twice-toml",
        "a setting that is there twice",
        text(lambda: "[tool.reportgen]\nseed = 1\nseed = 2", "pyproject.toml"),
        "Cannot overwrite a value",
    ),
    case(
        "types-toml",
        "a table where a number belongs",
        text(lambda: "[tool.reportgen.epochs]\na = 1", "pyproject.toml"),
        "epochs as a whole number. Received {'a': 1}",
    ),
    case(
        "pipe-toml",
        "a pipe that nobody writes to",
        lambda folder: os.mkfifo(folder / FILE),
        "a pipe is no file",
    ),
    case(
        "dangling-toml",
        "a link to nothing",
        lambda folder: (folder / FILE).symlink_to("gone"),
        "reportgen.toml, a link to nothing",
    ),
    case(
        "device-toml",
        "/dev/zero",
        lambda _folder: None,
        "a device is no file",
        (*BUILD, "--config", "/dev/zero"),
    ),
)
