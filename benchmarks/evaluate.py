"""What the evaluation costs in time and memory, and how both grow with the rows.

Every size runs in a process of its own, after imports; beside it, in the same process,
scikit-learn's time for the same point values, which come without any interval. Prints a
Markdown table; memory is read as Linux tells it.

    python benchmarks/evaluate.py                       # up to 1,000,000 rows
    python benchmarks/evaluate.py --rows 10000 14000    # other sizes
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np

from populations import SIGNALS, Population
from reportgen.predictions import Predictions

ROWS = (10_000, 14_000, 100_000, 1_000_000)
TIMES = {10_000: 5, 14_000: 5, 100_000: 3}
"""Runs of which the median is printed; one where no number is named."""

MIB = 1024
"""KiB in one."""


def sklearn_points(predictions: Predictions) -> None:
    """Computes the point values that scikit-learn has functions for."""
    from sklearn import metrics

    y, p = predictions.y_true, predictions.y_proba
    predicted = p.argmax(axis=1)
    metrics.accuracy_score(y, predicted)
    metrics.balanced_accuracy_score(y, predicted)
    metrics.cohen_kappa_score(y, predicted)
    metrics.matthews_corrcoef(y, predicted)
    metrics.confusion_matrix(y, predicted)
    for average in (None, "macro", "weighted"):
        metrics.precision_recall_fscore_support(y, predicted, average=average)
    metrics.log_loss(y, p)
    metrics.top_k_accuracy_score(y, p, k=3)
    metrics.roc_auc_score(y, p, multi_class="ovr")
    for c in range(predictions.k):
        metrics.brier_score_loss(y == c, p[:, c])
        metrics.roc_auc_score(y == c, p[:, c])
        metrics.average_precision_score(y == c, p[:, c])
        metrics.roc_curve(y == c, p[:, c])
        metrics.precision_recall_curve(y == c, p[:, c])


def timed(work: Callable[[int], Callable[[], object]], times: int) -> float:
    """Returns the median wall time in seconds; each run is prepared outside of it."""
    taken = []
    for run in range(times):
        ready = work(run)
        start = time.perf_counter()
        ready()
        taken.append(time.perf_counter() - start)
    return median(taken)


def measure(rows: int, accuracy: float) -> str:
    """Returns one row of the table; memory is what a run adds at its peak."""
    from reportgen.evaluation import evaluate

    population = Population(SIGNALS[accuracy])

    def ours(run: int) -> Callable[[], object]:
        # Fresh rows a run: what one evaluation keeps must not help the next.
        rng = np.random.default_rng(run)
        test, held = population.draw(rows, rng), population.draw(rows // 10, rng)
        return lambda: evaluate(test, validation=held)

    def theirs(run: int) -> Callable[[], object]:
        test = population.draw(rows, np.random.default_rng(run))
        return lambda: sklearn_points(test)

    rng = np.random.default_rng(0)
    few = population.draw(200, rng)
    evaluate(few, validation=few)  # imports
    sklearn_points(few)
    times = TIMES.get(rows, 1)
    own, points = timed(ours, times), timed(theirs, times)
    before, peak = added_memory(ours(0))
    return (
        f"| {rows:,} | {own:.2f} s | {1e6 * own / rows:.0f} µs | "
        f"{before / MIB:,.0f} MiB | {peak / MIB:,.0f} MiB | {points:.2f} s | "
        f"{own / points:.1f} |"
    )


def added_memory(work: Callable[[], object]) -> tuple[int, int]:
    """Returns KiB resident before the work and at its peak, as Linux counts them."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before = _status("VmRSS")
    work()
    return before, _status("VmHWM")


def _status(field: str) -> int:
    """Returns a field of this process's status in KiB."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    [line] = [line for line in lines if line.startswith(field + ":")]
    return int(line.split()[1])


def main() -> None:
    """Prints the table, a process for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=ROWS)
    parser.add_argument("--accuracy", type=float, default=0.99, choices=SIGNALS)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.here:
        print(measure(asked.rows[0], asked.accuracy))
        return
    print(
        "| rows | evaluate | a row | memory before | at its peak | "
        "scikit-learn, points alone | ratio |\n|---|---|---|---|---|---|---|",
        flush=True,
    )
    for rows in asked.rows:
        command = [sys.executable, __file__, "--here", "--rows", str(rows)]
        subprocess.run([*command, "--accuracy", str(asked.accuracy)], check=True)


if __name__ == "__main__":
    main()
