"""The most memory that a training takes, beside that of importing TensorFlow alone.

Each row is a process of its own; its peak is read as Linux tells it when it has ended.
Prints a Markdown table.

    REPORTGEN_DATA=folder python benchmarks/memory.py
"""

import os
import subprocess
import sys
import tempfile

MIB = 1024
"""KiB in one."""

PASSES = {"warp": 3, "classic": 1, "literal": 1}
"""Passes after which a peak no longer grows."""


def peak_mib(command: list[str]) -> float:
    """Returns the peak resident memory of a process, the largest of its own."""
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command} ended with status {status}.")
    return used.ru_maxrss / MIB


def building(recipe: str, folder: str) -> list[str]:
    """Returns the command that trains by that recipe and writes the whole report."""
    build = [
        sys.executable,
        "-m",
        "reportgen",
        "build",
        "--retrain",
        "--recipe",
        recipe,
    ]
    return [*build, "--passes", str(PASSES[recipe]), "--output", folder, "--quiet"]


def main() -> None:
    """Prints the table."""
    alone = peak_mib([sys.executable, "-c", "import tensorflow"])
    print("| process | peak | beside importing TensorFlow |\n|---|---|---|")
    print(f"| import tensorflow | {alone:,.0f} MiB | 1.00 |")
    for recipe in PASSES:
        with tempfile.TemporaryDirectory() as folder:
            taken = peak_mib(building(recipe, folder))
        print(f"| build --retrain, {recipe} | {taken:,.0f} MiB | {taken / alone:.2f} |")


if __name__ == "__main__":
    main()
