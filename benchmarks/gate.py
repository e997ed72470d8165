"""What the gate costs in time, beside Keras's own load of the same file.

The network of this package, untrained, in both of its forms. Prints a Markdown table.

    python benchmarks/gate.py
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from reportgen.model import (
    ARCHIVE_NAME,
    PICKLE_NAME,
    build_network,
    check_model,
    keras_quietly,
    load_model,
    save_model,
)

TIMES = 21

FIRST = """
import sys, time, pathlib
from reportgen.model import check_model
start = time.perf_counter()
check_model(pathlib.Path(sys.argv[1]))
print(time.perf_counter() - start)
"""


def middle_s(what: Callable[[], object], times: int = TIMES) -> float:
    """Returns the median seconds of a call, one uncounted before it."""
    what()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        what()
        taken.append(time.perf_counter() - start)
    return median(taken)


def first_s(path: Path, times: int = 5) -> float:
    """Returns the median seconds of the first call in a new process."""
    command = [sys.executable, "-c", FIRST, str(path)]
    return median(
        float(subprocess.run(command, check=True, capture_output=True).stdout)
        for _ in range(times)
    )


def main() -> None:
    """Prints the table."""
    keras = keras_quietly()
    print("| file | gate | gate, first call | Keras alone | load_model, gate and all |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        save_model(build_network(28, 28, classes=10, seed=42), Path(folder))
        archive = Path(folder, ARCHIVE_NAME)
        alone = middle_s(lambda: keras.saving.load_model(archive, compile=False))
        for name in (ARCHIVE_NAME, PICKLE_NAME):
            path = Path(folder, name)
            gate = middle_s(lambda path=path: check_model(path))  # type: ignore[misc] # a default binds the loop's value
            whole = middle_s(lambda path=path: load_model(path))  # type: ignore[misc] # likewise
            times = (gate, first_s(path), alone, whole)
            cells = " | ".join(f"{seconds * 1000:,.1f} ms" for seconds in times)
            print(f"| {name}, {path.stat().st_size / 2**20:.1f} MiB | {cells} |")


if __name__ == "__main__":
    main()
