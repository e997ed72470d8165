"""Standard errors from influence values beside those of the multinomial bootstrap."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from reportgen.metrics import METRICS
from reportgen.metrics.counts import TABLE_SCORES, TableScore, confusion_counts
from reportgen.metrics.influence import standard_error
from reportgen.metrics.margins import Counts, Margins, margins_of
from reportgen.metrics.resampling import CHUNK_BYTES
from reportgen.predictions import Predictions
from reportgen.record import IntervalCheck, Sampling

Draws = NDArray[np.int64]


def interval_checks(
    predictions: Predictions, sampling: Sampling, *, replicates: int = 10_000
) -> tuple[IntervalCheck, ...]:
    """Returns the check of every score that follows from the confusion matrix.

    Drawing n rows with replacement and counting them anew has the law of a multinomial
    draw from the cells, so a replicate costs k² numbers and not n rows.

    Args:
        predictions: n rows over k classes.
        sampling: Level and seed.
        replicates: Confusion matrices drawn, at least 2.

    Returns:
        One entry a score, in the order of `METRICS`; none for a score that is
        undefined, or that fewer than two replicates define.

    Source:
        Efron and Tibshirani 1993, An introduction to the bootstrap.
    """
    counts = confusion_counts(predictions)
    drawn = list(_drawn(counts, sampling.seed, replicates))
    checks = []
    for score in TABLE_SCORES:
        if np.isnan(score.values(margins_of(counts))):
            continue
        values = np.concatenate([score.values(margins) for margins in drawn])
        if np.isfinite(values).sum() > 1:
            checks.append(_check(score, counts, values, sampling.level))
    return tuple(checks)


def _check(
    score: TableScore, counts: Counts, values: NDArray[np.float64], level: float
) -> IntervalCheck:
    """Returns one score's check from its (B,) replicates, NaN where undefined."""
    metric = next(row for row in METRICS if row.key == score.key)
    defined = values[np.isfinite(values)]
    tails = [(1 - level) / 2, (1 + level) / 2]
    low, high = np.quantile(defined, tails).tolist()
    return IntervalCheck(
        key=metric.key,
        label=metric.label,
        unit=metric.unit,
        standard_error=standard_error(counts, score.influence(counts)),
        bootstrap_standard_error=float(defined.std(ddof=1)),
        bootstrap_low=low,
        bootstrap_high=high,
        replicates=len(values),
        undefined=len(values) - len(defined),
    )


def _drawn(counts: Counts, seed: int, replicates: int) -> Iterator[Margins]:
    """Yields the margins of replicates of a confusion matrix, (b, k) each a chunk.

    Empty cells stay empty in every replicate, so only the filled ones are drawn.
    """
    rng = np.random.default_rng(seed)
    true, predicted = np.nonzero(counts)
    filled, k, n = counts[true, predicted], len(counts), int(counts.sum())
    size = max(CHUNK_BYTES // (8 * (len(filled) + 3 * k)), 1)
    for start in range(0, replicates, size):
        draws = rng.multinomial(n, filled / n, size=min(size, replicates - start))
        right = true == predicted
        yield Margins(
            correct=_by_class(draws[:, right], true[right], k),
            support=_by_class(draws, true, k),
            predicted=_by_class(draws, predicted, k),
        )


def _by_class(draws: Draws, labels: NDArray[np.int64], k: int) -> Counts:
    """Returns (b, k) sums of the cells of each label.

    Args:
        draws: (b, c) rows in each filled cell.
        labels: (c,) label of each cell.
        k: Classes.
    """
    totals = np.zeros((len(draws), k), dtype=np.int64)
    if len(labels):
        order = np.argsort(labels, kind="stable")
        found, starts = np.unique(labels[order], return_index=True)
        totals[:, found] = np.add.reduceat(draws[:, order], starts, axis=1)
    return totals
