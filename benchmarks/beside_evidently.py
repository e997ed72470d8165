"""From a file of predictions to a report, beside Evidently's classification preset.

Both are whole processes, one after the other in turn, as seen by someone who waits:
`reportgen build --predictions FILE` writes record, HTML and PDF, Evidently its HTML.
Evidently needs an environment of its own. Prints a Markdown table of medians.

    python -m venv /tmp/evidently
    /tmp/evidently/bin/pip install "evidently==0.7.23" "pandas<3"
    python benchmarks/beside_evidently.py output/mnist/predictions.npz \
        --evidently /tmp/evidently/bin/python
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

EVIDENTLY = """
import sys

import numpy as np
import pandas as pd
from evidently import DataDefinition, Dataset, MulticlassClassification, Report
from evidently.presets import ClassificationPreset

with np.load(sys.argv[1]) as file:
    y_true, y_proba = file["y_true"], file["y_proba"].astype(float)
    names = [str(name) for name in file["class_names"]]
frame = pd.DataFrame(y_proba, columns=names)
frame["target"] = np.array(names)[y_true]
task = MulticlassClassification(
    target="target", prediction_labels=None, prediction_probas=names
)
data = Dataset.from_pandas(
    frame,
    data_definition=DataDefinition(
        classification=[task], categorical_columns=["target"]
    ),
)
Report([ClassificationPreset()]).run(data, None).save_html(sys.argv[2])
"""
"""What a notebook would do with the same file."""


def ours(predictions: Path, folder: Path, formats: str) -> list[str]:
    """Returns the command that writes our report into a folder."""
    build = ["-m", "reportgen", "build", "--predictions", str(predictions)]
    there = ["--output", str(folder), "--name", "run", "--format", formats, "--quiet"]
    return [sys.executable, *build, *there]


def theirs(python: Path, predictions: Path, folder: Path) -> list[str]:
    """Returns the command that writes Evidently's report into a folder."""
    return [str(python), "-c", EVIDENTLY, str(predictions), str(folder / "report.html")]


def seconds(command: list[str]) -> float:
    """Returns the seconds from the start of a process to its end."""
    surroundings = dict(os.environ)
    surroundings.pop("PYTHONDONTWRITEBYTECODE", None)  # as after any first use
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=surroundings)
    return time.perf_counter() - start


def megabytes(folder: Path, name: str) -> str:
    """Returns the size of the file of that name within a folder, in megabytes."""
    return f"{next(folder.rglob(name)).stat().st_size / 1e6:.2f} MB"


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("predictions", type=Path)
    parser.add_argument("--evidently", type=Path, required=True, metavar="PYTHON")
    parser.add_argument("--times", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        both, page, preset = (Path(folder, name) for name in ("both", "page", "preset"))
        preset.mkdir()
        commands = {
            "reportgen, HTML and PDF": ours(asked.predictions, both, "html,pdf"),
            "reportgen, HTML alone": ours(asked.predictions, page, "html"),
            "Evidently, HTML alone": theirs(asked.evidently, asked.predictions, preset),
        }
        for command in commands.values():
            seconds(command)  # compiles what it imports
        rounds = [
            [seconds(command) for command in commands.values()]
            for _ in range(asked.times)
        ]
        sizes = [megabytes(one, "report.html") for one in (both, page, preset)]
    print("| whole process | median | beside Evidently | HTML |\n|---|---|---|---|")
    for at, (name, size) in enumerate(zip(commands, sizes, strict=True)):
        taken = median(one[at] for one in rounds)
        ratio = median(one[at] / one[-1] for one in rounds)
        print(f"| {name} | {taken:.1f} s | {ratio:.2f} | {size} |")


if __name__ == "__main__":
    main()
