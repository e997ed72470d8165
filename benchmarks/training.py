"""How well and how fast each recipe trains, on MNIST, in one run on one machine.

Every training is a `reportgen build --retrain` of its own, from the command to the end,
whose record says when each pass ended. `literal` and `classic` are measured for three
epochs, and the end of `literal` taken to be thirty times their median; `warp` runs to
its end. The test part is scored by the builds alone, once each. Prints Markdown tables.

    REPORTGEN_DATA=folder python benchmarks/training.py              # some 10 minutes
    REPORTGEN_DATA=folder python benchmarks/training.py --seeds 42   # one full form
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from itertools import pairwise
from math import prod
from pathlib import Path
from statistics import mean, median
from typing import Any

PASSES = 20
"""Passes of the short form of warp."""

GOAL = 0.9884
"""Validation accuracy that the short form is to reach."""

LITERAL_EPOCHS = 30

PUBLISHED = {
    "accuracy": 0.9884,
    "precision_weighted": 0.9884,
    "recall_weighted": 0.9884,
    "f1_weighted": 0.9884,
    "roc_auc_ovr": 0.9996,
    "log_loss": 0.085,
    "cohen_kappa": 0.9871,
    "matthews_corrcoef": 0.9871,
    "top_3_accuracy": 0.9988,
}
"""What a published notebook of the classic recipe reports."""

PEAK = """
import time
import tensorflow as tf
a, b = tf.random.normal((2048, 2048)), tf.random.normal((2048, 2048))
multiply = tf.function(tf.matmul)
taken = []
for _ in range(30):
    start = time.perf_counter()
    multiply(a, b).numpy()
    taken.append(time.perf_counter() - start)
print(2 * 2048**3 / min(taken))
"""
"""Prints the most multiplications and additions a second of one large product."""


@dataclass(frozen=True, slots=True)
class Run:
    """A finished build, as its record tells it."""

    record: dict[str, Any]

    @property
    def ends_s(self) -> list[float]:
        """Seconds from the beginning of the training to the end of each pass."""
        return [float(end) for end in self.record["timings"]["epoch_ends_s"]]

    @property
    def pass_s(self) -> float:
        """Median seconds of a pass, the first, which compiles, left out."""
        return median(late - early for early, late in pairwise(self.ends_s))

    @property
    def images_a_second(self) -> float:
        """Images trained on in a second of a pass."""
        return int(self.record["training"]["images_per_epoch"]) / self.pass_s

    def reached_s(self, goal: float) -> float | None:
        """Returns when the validation accuracy first reached the goal, if it did."""
        history = self.record["training"]["history"]["validation_accuracy"]
        pairs = zip(self.ends_s, history, strict=True)
        return next((end for end, accuracy in pairs if accuracy >= goal), None)

    def score(self, key: str) -> dict[str, Any]:
        """Returns a score of the test part with its interval."""
        scores = self.record["evaluation"]["scores"]
        found: dict[str, Any] = next(one for one in scores if one["key"] == key)
        return found

    def value(self, key: str) -> float:
        """Returns a score of the test part."""
        return float(self.score(key)["estimate"]["value"])

    def bound(self, key: str) -> float:
        """Returns the worse end of a score's interval."""
        score = self.score(key)
        end = "low" if score["higher_is_better"] else "high"
        return float(score["estimate"][end])


def build(recipe: str, *, passes: int | None = None, seed: int = 42) -> Run:
    """Returns a build of MNIST by that recipe, made in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "reportgen", "build", "--retrain", "--quiet"]
        command += ["--recipe", recipe, "--seed", str(seed), "--output", folder]
        command += ["--format", "json"]
        command += ["--passes", str(passes)] if passes else []
        subprocess.run(command, check=True, capture_output=True)
        return Run(json.loads(Path(folder, "mnist", "record.json").read_bytes()))


def peak() -> float:
    """Returns the floating-point operations a second of a large matrix product."""
    command = [sys.executable, "-c", PEAK]
    quiet = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(command, check=True, capture_output=True, env=quiet)
    return float(done.stdout)


def operations(run: Run) -> int:
    """Returns the operations that one image costs in the kernels.

    They are six a weight: two on the way up, two for its gradient, and two to bring the
    gradient down to the layer's input, which the first layer need not.
    """
    sizes = [prod(run.record["model"]["input_shape"])]
    layers = run.record["model"]["layers"]
    sizes += [one["output_shape"][0] for one in layers if one["kind"] == "Dense"]
    first, *others = (int(one * other) for one, other in pairwise(sizes))
    return 4 * first + 6 * sum(others)


def speed_table(runs: dict[str, Run]) -> str:
    """Returns the table of one pass."""
    most = peak()
    base = runs["literal"].images_a_second
    lines = ["| recipe | images a second | beside literal | share of matrix peak |"]
    lines += ["|---|---|---|---|"]
    for name, run in runs.items():
        rate = run.images_a_second
        share = rate * operations(run) / most
        lines.append(f"| {name} | {rate:,.0f} | {rate / base:.1f} | {share:.0%} |")
    lines.append(
        f"\nMatrix peak: {most / 1e9:.0f} GFLOP/s. FLOPs an image: "
        f"{operations(runs['literal']):,}."
    )
    return "\n".join(lines)


def time_table(literal: Run, short: Run, full: list[Run]) -> str:
    """Returns the table of times to a goal and to the end."""
    end = LITERAL_EPOCHS * median(
        late - early for early, late in pairwise([0.0, *literal.ends_s])
    )
    goal = short.reached_s(GOAL)
    ends = median(run.ends_s[-1] for run in full)
    rows: list[tuple[str, float | None]] = [
        ("literal to its end (30 times the median epoch)", end)
    ]
    rows += [(f"warp, {PASSES} passes, to {GOAL:.2%} on validation", goal)]
    rows += [("warp in full to its end, median of the seeds", ends)]
    lines = ["| training | seconds | sooner than literal |", "|---|---|---|"]
    for name, taken in rows:
        told = f"{taken:,.1f} | {end / taken:.1f}" if taken else "not reached |"
        lines.append(f"| {name} | {told} |")
    return "\n".join(lines)


def score_table(full: list[Run]) -> str:
    """Returns the table of the nine scores."""
    seeds = ", ".join(str(run.record["training"]["seed"]) for run in full)
    lines = [f"| score (seeds {seeds}) | each | mean | worst bound | published |"]
    lines += ["|---|---|---|---|---|"]
    for key, published in PUBLISHED.items():
        each = [run.value(key) for run in full]
        up = full[0].score(key)["higher_is_better"]
        bounds = [run.bound(key) for run in full]
        worst = min(bounds) if up else max(bounds)
        told = ", ".join(f"{value:.5f}" for value in each)
        lines.append(
            f"| {key} | {told} | {mean(each):.5f} | {worst:.5f} | {published} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[42, 43, 44])
    asked = parser.parse_args()
    runs = {
        "literal": build("literal", passes=3),
        "classic": build("classic", passes=3),
        "warp": build("warp", passes=PASSES),
    }
    print(speed_table(runs), flush=True)
    full = [build("warp", seed=seed) for seed in asked.seeds]
    print("\n" + time_table(runs["literal"], runs["warp"], full))
    print("\n" + score_table(full))


if __name__ == "__main__":
    main()
