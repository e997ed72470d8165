"""Whether the intervals hold what they promise.

Draws test sets of a population whose true scores are known, and counts how often each
score's interval holds the true one. Prints a Markdown table.

    python benchmarks/coverage.py                  # 2,000 sets, some minutes
    python benchmarks/coverage.py --sets 200       # a first look
"""

import argparse
import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np

from populations import SIGNALS, Population
from reportgen.metrics import METRICS
from reportgen.record import Sampling

KEYS = (
    "accuracy",
    "f1_macro",
    "cohen_kappa",
    "matthews_corrcoef",
    "roc_auc_ovr",
    "log_loss",
    "brier_score",
)
SIZES = (500, 14_000)
SAMPLING = Sampling(level=0.95, replicates=1000, seed=0)
TRUTH_ROWS = 1_000_000
TRUTH_DRAWS = 10
BATCH = 50

ROWS = {metric.key: metric for metric in METRICS}


@dataclass(frozen=True, slots=True)
class Tally:
    """How often intervals held, missed below, missed above, or were not given."""

    held: int
    too_high: int
    too_low: int
    absent: int
    width: float


def measure(population: Population, n: int, seed: int) -> dict[str, tuple[float, ...]]:
    """Returns value, low and high of each score on n fresh rows."""
    predictions = population.draw(n, np.random.default_rng(seed))
    found: dict[str, tuple[float, ...]] = {}
    for key in KEYS:
        estimate = ROWS[key].compute(predictions, SAMPLING).estimate
        assert estimate is not None
        low, high = estimate.low, estimate.high
        bounds = (np.nan, np.nan) if low is None or high is None else (low, high)
        found[key] = (estimate.value, *bounds)
    return found


def measure_batch(
    population: Population, n: int, seeds: list[int]
) -> list[dict[str, tuple[float, ...]]]:
    """Returns the scores of several test sets."""
    return [measure(population, n, seed) for seed in seeds]


def truth(population: Population, pool: ProcessPoolExecutor) -> dict[str, float]:
    """Returns the scores over very many rows, with which noise does not count."""
    seeds = [10**9 + i for i in range(TRUTH_DRAWS)]
    runs = pool.map(partial(measure, population, TRUTH_ROWS), seeds)
    values = [{key: run[key][0] for key in KEYS} for run in runs]
    return {key: float(np.mean([one[key] for one in values])) for key in KEYS}


def tally(bounds: np.ndarray, true: float) -> Tally:
    """Returns how the (sets, 3) values and bounds compare with the truth."""
    _, low, high = bounds.T
    given = np.isfinite(low)
    return Tally(
        held=int(((low <= true) & (true <= high)).sum()),
        too_high=int((low > true).sum()),
        too_low=int((high < true).sum()),
        absent=int((~given).sum()),
        width=float(np.mean((high - low)[given])),
    )


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=int, default=2000)
    sets = parser.parse_args().sets
    print(
        "| n | accuracy | score | true value | coverage | truth below / above | "
        "no interval | mean width |\n|---|---|---|---|---|---|---|---|"
    )
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for accuracy, signal in SIGNALS.items():
            population = Population(signal)
            true = truth(population, pool)
            for n in SIZES:
                report(population, n, true, accuracy=accuracy, sets=sets, pool=pool)
    error = 100 * np.sqrt(0.95 * 0.05 / sets)
    print(f"\n{sets:,} test sets a row; Monte Carlo error {error:.1f} points.")


def report(
    population: Population,
    n: int,
    true: dict[str, float],
    *,
    accuracy: float,
    sets: int,
    pool: ProcessPoolExecutor,
) -> None:
    """Prints the rows of one population and one size."""
    seeds = [list(range(s, min(s + BATCH, sets))) for s in range(0, sets, BATCH)]
    batches = pool.map(partial(measure_batch, population, n), seeds)
    found = [one for batch in batches for one in batch]
    for key in KEYS:
        counted = tally(np.array([one[key] for one in found]), true[key])
        given = sets - counted.absent
        print(
            f"| {n:,} | {accuracy} | {ROWS[key].label} | {true[key]:.5f} | "
            f"{100 * counted.held / given:.1f} % | "
            f"{100 * counted.too_high / given:.1f} / "
            f"{100 * counted.too_low / given:.1f} % | "
            f"{counted.absent} | {counted.width:.5f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
