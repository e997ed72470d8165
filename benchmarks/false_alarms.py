"""How often a calibrated classifier is called miscalibrated, and a spoilt one is not.

Draws test sets of a classifier whose probabilities are exact (temperature 1), too
bold (its logits divided by less than 1) or too timid (divided by more), and counts
p-values under 0.05. Prints a Markdown table.

    python benchmarks/false_alarms.py              # 1,000 sets a row, some minutes
    python benchmarks/false_alarms.py --sets 100   # a first look
"""

import argparse
import os
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np

from populations import SIGNALS, Population
from reportgen.metrics.calibration import calibration
from reportgen.metrics.measured import HeldBack
from reportgen.record import Sampling

SIZES = (500, 14_000)
TEMPERATURES = (1.0, 1.5, 1 / 1.5)
ALARM = 0.05
BATCH = 25
TESTS = (
    "error, equal mass",
    "error, equal width",
    "error, classwise",
    "likelihood ratio of T = 1",
)


def p_values(population: Population, n: int, seed: int) -> tuple[float, ...]:
    """Returns the p-values of `TESTS` on n fresh rows."""
    predictions = population.draw(n, np.random.default_rng(seed))
    found = calibration(predictions, HeldBack(None, "Not asked for."), Sampling())
    return (
        found.equal_mass.noise_floor.p_value,
        found.equal_width.noise_floor.p_value,
        found.classwise.noise_floor.p_value,
        found.log_loss.p_value,
    )


def p_values_of_batch(
    population: Population, n: int, seeds: list[int]
) -> list[tuple[float, ...]]:
    """Returns the p-values of several test sets."""
    return [p_values(population, n, seed) for seed in seeds]


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=int, default=1000)
    sets = parser.parse_args().sets
    print(f"| n | accuracy | temperature | {' | '.join(TESTS)} |")
    print("|---" * (3 + len(TESTS)) + "|")
    seeds = [list(range(s, min(s + BATCH, sets))) for s in range(0, sets, BATCH)]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for accuracy, signal in SIGNALS.items():
            for temperature in TEMPERATURES:
                for n in SIZES:
                    work = partial(p_values_of_batch, Population(signal, temperature))
                    batches = pool.map(partial(work, n), seeds)
                    found = np.array([one for batch in batches for one in batch])
                    alarms = 100 * (found < ALARM).mean(axis=0)
                    cells = " | ".join(f"{share:.1f} %" for share in alarms)
                    row = f"| {n:,} | {accuracy} | {temperature:.3g} | {cells} |"
                    print(row, flush=True)
    error = 100 * np.sqrt(ALARM * (1 - ALARM) / sets)
    print(f"\n{sets:,} test sets a row; Monte Carlo error {error:.1f} points at 5 %.")


if __name__ == "__main__":
    main()
