"""How often a calibrated classifier is called miscalibrated, and a spoilt one is not.

Draws test sets of a classifier whose probabilities are exact (temperature 1), too
bold (its logits divided by less than 1) or too timid (divided by more), and counts
p-values under 0.05. Prints a Markdown table.

    python benchmarks/false_alarms.py             # 1,000 sets, some minutes
    python benchmarks/false_alarms.py --sets 100  # a first look

Of the greater size a fifth of the sets is drawn.
"""

import argparse
import os
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np

from populations import SIGNALS, Population
from reportgen.metrics.noise_floor import noise_floor, null_errors
from reportgen.metrics.reliability import binned_class, binned_top
from reportgen.metrics.temperature import log_loss_split
from reportgen.record import Sampling

SIZES = {500: 1, 14_000: 5}
"""Rows of a test set, and what the number of sets is divided by."""

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
    right = predictions.y_pred == predictions.y_true
    mass = binned_top(predictions.confidence, right, "equal_mass")
    width = binned_top(predictions.confidence, right, "equal_width")
    classes = tuple(binned_class(predictions, c) for c in range(predictions.k))
    drawn = null_errors(
        predictions.y_proba,
        predictions.y_pred,
        top=(mass, width),
        classes=classes,
        sampling=Sampling(),
    )
    classwise = float(np.mean([one.error() for one in classes]))
    observed = (mass.error(), width.error(), classwise)
    null = (*drawn.top, drawn.classes.mean(axis=0))
    floors = (noise_floor(o, d, 0.95) for o, d in zip(observed, null, strict=True))
    return (
        *(floor.p_value for floor in floors),
        log_loss_split(predictions).p_value,
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
    print(f"| n | sets | accuracy | temperature | {' | '.join(TESTS)} |")
    print("|---" * (4 + len(TESTS)) + "|")
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for accuracy, signal in SIGNALS.items():
            for temperature in TEMPERATURES:
                for n, fewer in SIZES.items():
                    most = sets // fewer
                    starts = range(0, most, BATCH)
                    seeds = [list(range(s, min(s + BATCH, most))) for s in starts]
                    work = partial(p_values_of_batch, Population(signal, temperature))
                    batches = pool.map(partial(work, n), seeds)
                    found = np.array([one for batch in batches for one in batch])
                    alarms = 100 * (found < ALARM).mean(axis=0)
                    cells = " | ".join(f"{share:.1f} %" for share in alarms)
                    head = f"| {n:,} | {most:,} | {accuracy} | {temperature:.3g}"
                    print(f"{head} | {cells} |", flush=True)
    errors = [100 * np.sqrt(ALARM * (1 - ALARM) * f / sets) for f in SIZES.values()]
    print(f"\nMonte Carlo error at 5 %: {errors[0]:.1f} and {errors[1]:.1f} points.")


if __name__ == "__main__":
    main()
