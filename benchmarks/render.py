"""What a report costs in time and bytes: imports, figures, HTML, PDF, and the command.

Every number is the median of fresh processes. The command is `reportgen render` on a
copy of a run folder, from start to end, as seen by someone who waits; the stages are
timed in a process of their own. Prints two Markdown tables. A first, uncounted run
fills the cache of compiled modules, which every installation has after its first use.

    python benchmarks/render.py output/mnist              # a run folder
    python benchmarks/render.py output/mnist --times 9    # more processes
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

MEASURING = ("tensorflow", "keras", "sklearn")
"""Libraries of the measuring wing, which a rendering must not load."""

STAGES = ("imports", "figures", "html", "pdf")


@dataclass(frozen=True, slots=True)
class Moment:
    """Wall and processor time of this process in seconds."""

    wall_s: float
    cpu_s: float

    @classmethod
    def now(cls) -> "Moment":
        """Returns the present one."""
        return cls(time.perf_counter(), time.process_time())

    def since(self, earlier: "Moment") -> tuple[float, float]:
        """Returns seconds of wall and of processor time."""
        return self.wall_s - earlier.wall_s, self.cpu_s - earlier.cpu_s


def stages(run: Path) -> dict[str, Any]:
    """Returns the seconds of each stage, the bytes made, and what was loaded."""
    moments = [Moment.now()]
    import matplotlib.backends.backend_svg  # noqa: F401 - timed here
    import weasyprint  # noqa: F401 - timed here

    from reportgen import pipeline
    from reportgen.card import compose
    from reportgen.figures import draw_pictures
    from reportgen.pipeline.collecting import seldom_collecting
    from reportgen.render import to_html, to_pdf

    record = pipeline.read_record(run)
    moments.append(Moment.now())
    with seldom_collecting():
        pictures, omissions = draw_pictures(record)
        moments.append(Moment.now())
        html = to_html(compose(record, pictures, omissions))
        moments.append(Moment.now())
        pdf = to_pdf(html, created_at=record.timings.created_at)
        moments.append(Moment.now())
    return {
        "seconds": [late.since(early) for early, late in pairwise(moments)],
        "bytes": {
            **{picture.key: len(picture.data) for picture in pictures},
            "report.html": len(html.encode()),
            "report.pdf": len(pdf),
        },
        "loaded": sorted(set(MEASURING) & sys.modules.keys()),
    }


def fresh_stages(run: Path) -> dict[str, Any]:
    """Returns what `stages` measures in a new process."""
    command = [sys.executable, __file__, "--here", str(run)]
    done = subprocess.run(command, check=True, capture_output=True, env=_surroundings())
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured


def whole_command(run: Path) -> tuple[float, float]:
    """Returns wall and processor seconds of `reportgen render`, in a new process."""
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copytree(run, Path(folder, "run"))
        command = [sys.executable, "-m", "reportgen", "render", str(copy), "--quiet"]
        before, start = _children_s(), time.perf_counter()
        subprocess.run(command, check=True, capture_output=True, env=_surroundings())
        return time.perf_counter() - start, _children_s() - before


def _children_s() -> float:
    """Returns the processor seconds of all processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _surroundings() -> dict[str, str]:
    """Returns the environment, in which compiled modules may be kept."""
    return {
        name: value
        for name, value in os.environ.items()
        if name != "PYTHONDONTWRITEBYTECODE"
    }


def times_table(run: Path, times: int) -> tuple[str, dict[str, int]]:
    """Returns the table of seconds, and the bytes that one process made."""
    whole_command(run)  # compiles what it imports
    commands = [whole_command(run) for _ in range(times)]
    measured = [fresh_stages(run) for _ in range(times)]
    rows = [
        (stage, [one["seconds"][at] for one in measured])
        for at, stage in enumerate(STAGES)
    ]
    rows.append(("reportgen render", commands))
    lines = [
        f"| {name} | {median(wall for wall, _ in pairs):.2f} s | "
        f"{median(cpu for _, cpu in pairs):.2f} s |"
        for name, pairs in rows
    ]
    loaded = ", ".join(measured[0]["loaded"]) or "none"
    head = "| stage | wall | processor |\n|---|---|---|"
    note = f"\nLibraries of the measuring wing that were loaded: {loaded}."
    return "\n".join([head, *lines, note]), measured[0]["bytes"]


def bytes_table(sizes: dict[str, int]) -> str:
    """Returns the table of sizes; the images of a cell of the matrix are one row."""
    cells = {key for key in sizes if key.startswith("cell-")}
    rows = {key: size for key, size in sizes.items() if key not in cells}
    if cells:
        rows[f"{len(cells)} cells"] = sum(sizes[key] for key in cells)
    lines = [f"| {key} | {size / 1e3:,.1f} kB |" for key, size in rows.items()]
    return "\n".join(["| what | size |\n|---|---|", *lines])


def main() -> None:
    """Prints both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.here:
        print(json.dumps(stages(asked.run)))
        return
    times, sizes = times_table(asked.run, asked.times)
    print(times, bytes_table(sizes), sep="\n\n")


if __name__ == "__main__":
    main()
