"""Hostile configuration files."""

from pathlib import Path

from hostile import Case

BUILD = ("build", "--retrain", "--dataset", "digits")


def _deep(folder: Path) -> None:
    (folder / "reportgen.toml").write_text("a = " + "[" * 100_000)


def _binary(folder: Path) -> None:
    (folder / "reportgen.toml").write_bytes(b"\x80\x04\x95" + bytes(range(256)))


CASES = (
    Case(
        key="nested-toml",
        group="settings",
        what="100,000 brackets, each inside of the one before",
        write=_deep,
        command=BUILD,
        says="reportgen.toml must be",
        code=2,
    ),
    Case(
        key="binary-toml",
        group="settings",
        what="bytes that are no text",
        write=_binary,
        command=BUILD,
        says="reportgen.toml must be",
        code=2,
    ),
)
