"""How often two equal models are called different, and whether intervals hold.

Four tables in Markdown. Two models of one accuracy, whose noise is shared in part: how
often the verdict is "better" or "worse", and how often each paired test or interval
tells them apart. A candidate that is better: how
often the interval of each difference holds the true one. And two seeds of one recipe, a
small network on scikit-learn's digits, trained and tested anew for each pair: how often
the verdict is "better" or "worse", while it still learns and when it is done.

    python benchmarks/paired.py            # 1,000 sets a row, about an hour
    python benchmarks/paired.py --sets 100  # a first look
"""

import argparse
import os
import warnings
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from populations import EASE, SHARES, SIGNALS, K, Population
from reportgen.metrics import METRICS
from reportgen.metrics.comparison import compare
from reportgen.metrics.paired import Pair
from reportgen.metrics.paired_counts import mcnemar
from reportgen.metrics.paired_intervals import bonett_price
from reportgen.predictions import Predictions
from reportgen.record import Sampling
from reportgen.record.comparison import PairedComparison

SIZES = {500: 1, 14_000: 5}
"""Rows of a test set, and what the number of sets is divided by."""

SHARED = (0.5, 0.98)
"""Share of the noise's variance that both models see."""

BETTER = 1.05
"""What the candidate's signal is multiplied by where it is better."""

KEYS = (
    "accuracy",
    "f1_macro",
    "cohen_kappa",
    "matthews_corrcoef",
    "roc_auc_ovr",
    "average_precision_macro",
    "log_loss",
    "brier_score",
)
TESTS = ("McNemar mid-p", "Stuart-Maxwell", "any class, Holm")
SAMPLING = Sampling(level=0.95)
TRUTH_ROWS = 250_000
TRUTH_DRAWS = 4
BATCH = 25
HELD_OUT = 797
"""Digits on which two seeds are compared; the other 1,000 train them."""

EPOCHS = (20, 60, 200)
"""Training of the network that two seeds are compared of: at 200 it has converged."""


@dataclass(frozen=True, slots=True)
class Rivals:
    """Two models on the same rows.

    Attributes:
        signal: The baseline's, as in `Population`.
        factor: What the candidate's is multiplied by; 1 makes them equal.
        shared: Share of the noise's variance that both see.
    """

    signal: float
    factor: float
    shared: float

    def draw(self, n: int, rng: np.random.Generator) -> Pair:
        """Returns both models' predictions of n fresh rows."""
        y_true = self.draw_labels(n, rng)
        row_ids = np.char.mod("%d", np.arange(n))
        names = tuple(map(str, range(K)))
        models = self.draw_proba(y_true, rng)
        return Pair(*(Predictions(y_true, one, names, row_ids) for one in models))

    def draw_labels(self, n: int, rng: np.random.Generator) -> NDArray[np.int64]:
        """Returns (n,) labels."""
        return rng.choice(K, size=n, p=SHARES)

    def draw_proba(
        self, y_true: NDArray[np.int64], rng: np.random.Generator
    ) -> list[NDArray[np.float64]]:
        """Returns (n, k) probabilities of the baseline, and of the candidate."""
        n = len(y_true)
        common = rng.standard_normal((n, K)) * self.shared**0.5
        models = []
        for signal in (self.signal, self.signal * self.factor):
            own = rng.standard_normal((n, K)) * (1 - self.shared) ** 0.5
            scores = common + own
            scores[np.arange(n), y_true] += (signal * (1 + EASE))[y_true]
            models.append(Population(signal).posterior(scores))
        return models


def bounds(comparison: PairedComparison) -> NDArray[np.float64]:
    """Returns (scores, 3) value, low and high of `KEYS`, without an interval NaN."""
    by_key = {one.key: one.estimate for one in comparison.differences}
    found = []
    for key in KEYS:
        estimate = by_key[key]
        assert estimate is not None
        low, high = estimate.low, estimate.high
        around = (np.nan, np.nan) if low is None or high is None else (low, high)
        found.append((estimate.value, *around))
    return np.array(found)


def p_values(comparison: PairedComparison) -> tuple[float, ...]:
    """Returns the p-values of `TESTS`."""
    homogeneity = comparison.homogeneity
    of_classes = [one.p_value_holm for one in comparison.classes]
    return (
        comparison.flips.mcnemar.mid_p,
        homogeneity.p_value if homogeneity else 1.0,
        min(p for p in of_classes if p is not None),
    )


def measure(
    rivals: Rivals, n: int, seeds: list[int]
) -> list[tuple[NDArray[np.float64], tuple[float, ...]]]:
    """Returns bounds and p-values of several test sets."""
    found = []
    for seed in seeds:
        pair = rivals.draw(n, np.random.default_rng(seed))
        comparison = compare(pair, SAMPLING)
        found.append((bounds(comparison), p_values(comparison)))
    return found


def truth_of(rivals: Rivals, seed: int) -> NDArray[np.float64]:
    """Returns (scores,) differences over very many rows."""
    pair = rivals.draw(TRUTH_ROWS, np.random.default_rng(seed))
    values: NDArray[np.float64] = bounds(compare(pair, SAMPLING))[:, 0]
    return values


def verdicts(rivals: Rivals, n: int, sets: int) -> tuple[float, float, float]:
    """Returns how often equal models are told apart, and on how many rows they differ.

    Returns:
        Rows that one alone predicts right, on average; the share of sets with a verdict
        of better or worse; and that of a mid-p under 0.05.
    """
    rng = np.random.default_rng(7_000)
    discordant = apart = found = 0
    for _ in range(sets):
        y_true = rivals.draw_labels(n, rng)
        before, after = (
            proba.argmax(axis=1) == y_true for proba in rivals.draw_proba(y_true, rng)
        )
        fixes, regressions = int((after & ~before).sum()), int((before & ~after).sum())
        low, high = bonett_price(fixes, regressions, n, level=SAMPLING.level)
        discordant += fixes + regressions
        apart += low > 0 or high < 0
        found += mcnemar(fixes, regressions).mid_p < 1 - SAMPLING.level
    return discordant / sets, apart / sets, found / sets


def two_seeds(epochs: int, seed: int) -> PairedComparison:
    """Returns a comparison of two seeds of one recipe on digits held out."""
    from sklearn.datasets import load_digits
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier

    images, labels = load_digits(return_X_y=True)
    order = np.random.default_rng(seed).permutation(len(labels))
    test, train = order[:HELD_OUT], order[HELD_OUT:]
    models = []
    for which in (2 * seed, 2 * seed + 1):
        network = MLPClassifier((100,), max_iter=epochs, random_state=which)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # few epochs are meant
            network.fit(images[train] / 16, labels[train])
        proba = network.predict_proba(images[test] / 16).astype(np.float64)
        names = tuple(map(str, range(10)))
        models.append(Predictions(labels[test], proba, names, np.char.mod("%d", test)))
    return compare(Pair(*models), SAMPLING)


def rows_of_tables(
    pool: ProcessPoolExecutor, sets: int, factor: float
) -> Iterator[tuple[str, Rivals, NDArray[np.float64], NDArray[np.float64]]]:
    """Yields each row's head, its models, and their bounds and p-values."""
    for accuracy, signal in SIGNALS.items():
        for shared in SHARED:
            rivals = Rivals(signal, factor, shared)
            for n, fewer in SIZES.items():
                most = sets // fewer
                starts = range(0, most, BATCH)
                seeds = [list(range(s, min(s + BATCH, most))) for s in starts]
                batches = pool.map(partial(measure, rivals, n), seeds)
                found = [one for batch in batches for one in batch]
                head = f"| {n:,} | {most:,} | {accuracy} | {shared}"
                around, chances = zip(*found, strict=True)
                yield head, rivals, np.array(around), np.array(chances)


def print_false_alarms(pool: ProcessPoolExecutor, sets: int) -> None:
    """Prints how often equal models are told apart."""
    print_head("Equal models told apart", [*KEYS, *TESTS])
    for head, _, around, chances in rows_of_tables(pool, sets, 1.0):
        apart = (around[:, :, 1] > 0) | (around[:, :, 2] < 0)
        print_row(head, [*apart.mean(axis=0), *(chances < 0.05).mean(axis=0)])


def print_verdicts(pool: ProcessPoolExecutor, sets: int) -> None:
    """Prints how often the verdict on equal models is that one is the better."""
    cells = "n | sets | accuracy | noise shared | fixes and regressions"
    print(f"\nVerdicts on equal models\n\n| {cells} | verdict | mid-p |\n{'|---' * 7}|")
    cases = [(a, h, n) for a in SIGNALS for h in SHARED for n in SIZES]
    models = [Rivals(SIGNALS[accuracy], 1.0, shared) for accuracy, shared, _ in cases]
    sizes = [n for _, _, n in cases]
    rows = pool.map(verdicts, models, sizes, [sets] * len(cases))
    for (accuracy, shared, n), (rows_apart, *shares) in zip(cases, rows, strict=True):
        head = f"| {n:,} | {sets:,} | {accuracy} | {shared} | {rows_apart:,.1f}"
        print_row(head, shares)


def print_coverage(pool: ProcessPoolExecutor, sets: int) -> None:
    """Prints how often the interval of a difference holds the true one."""
    print_head("Intervals that hold the true difference", list(KEYS))
    for head, rivals, around, _ in rows_of_tables(pool, sets, BETTER):
        draws = [10**9 + i for i in range(TRUTH_DRAWS)]
        truth = np.mean(list(pool.map(partial(truth_of, rivals), draws)), axis=0)
        held = (around[:, :, 1] <= truth) & (truth <= around[:, :, 2])
        given = ~np.isnan(around[:, :, 1])
        print_row(head, list(held.sum(axis=0) / given.sum(axis=0)))


def print_seeds(pool: ProcessPoolExecutor, sets: int) -> None:
    """Prints how often two seeds of one recipe are called better or worse.

    McNemar's test takes rows to flip each for itself, so that the mean of (fixes -
    regressions)² is that of fixes + regressions. Where it is more, one seed is truly
    the better network, and a verdict on these two says nothing of the recipe.
    """
    pairs = max(sets // 5, 1)
    cells = "epochs | pairs | fixes and regressions | variance over McNemar's | apart"
    print(f"\nTwo seeds of one recipe\n\n| {cells} |\n{'|---' * 5}|")
    for epochs in EPOCHS:
        found = list(pool.map(partial(two_seeds, epochs), range(pairs)))
        flips = [one.flips for one in found]
        discordant = np.mean([one.discordant for one in flips])
        squares = np.mean([(one.fixes - one.regressions) ** 2 for one in flips])
        apart = np.mean([one.verdict.kind in {"better", "worse"} for one in found])
        ratio = squares / discordant
        head = f"| {epochs} | {pairs} | {discordant:.1f} | {ratio:.2f}"
        print(f"{head} | {100 * apart:.1f} % |", flush=True)


def print_head(title: str, columns: list[str]) -> None:
    """Prints the head of a table."""
    labels = {metric.key: metric.label for metric in METRICS}
    cells = ["n", "sets", "accuracy", "shared", *(labels.get(c, c) for c in columns)]
    print(f"\n{title}\n\n| {' | '.join(cells)} |\n{'|---' * len(cells)}|")


def print_row(head: str, shares: list[float]) -> None:
    """Prints a row of shares in percent."""
    cells = " | ".join(f"{100 * share:.1f} %" for share in shares)
    print(f"{head} | {cells} |", flush=True)


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=int, default=1000)
    sets = parser.parse_args().sets
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        print_verdicts(pool, 2 * sets)
        print_false_alarms(pool, sets)
        print_coverage(pool, sets)
        print_seeds(pool, sets)
    errors = [100 * (0.05 * 0.95 * f / sets) ** 0.5 for f in SIZES.values()]
    print(f"\nMonte Carlo error at 5 %: {errors[0]:.1f} and {errors[1]:.1f} points.")


if __name__ == "__main__":
    main()
