"""Which classes are read as which, and whether one may be called the worst."""

import numpy as np
from numpy.typing import NDArray

from reportgen.metrics.counts import confusion_counts
from reportgen.metrics.measured import proportion
from reportgen.metrics.multiple import holm
from reportgen.predictions import Predictions
from reportgen.record import ConfusedPair, Homogeneity, Sampling

LEAST_EXPECTED = 5.0
"""Least expected count with which the chi-squared distribution is trusted."""

DRAWS = 10_000
"""Tables simulated where it is not."""

DRAWS_AT_ONCE = 500
"""Tables held in memory at a time."""

SAME = 1e-9
"""Relative distance within which two statistics are one, but for rounding."""


def confused_pairs(
    predictions: Predictions, most: int, level: float
) -> tuple[ConfusedPair, ...]:
    """Returns the pairs of classes with most errors between them, most first.

    Pairs are ordered by c_ij + c_ji, then by the lower labels. The direction of a pair
    is tested against a fair coin by the exact binomial test, two-sided: p = min(1,
    2 P(X <= min(c_ij, c_ji))) with X ~ Binomial(c_ij + c_ji, ½). Holm's method corrects
    for the pairs listed, not for those that were never looked at.

    Args:
        predictions: n rows over k classes.
        most: Pairs to list at most; pairs without an error are left out.
        level: Confidence level of the Wilson intervals, in 0-1.

    Returns:
        At most `most` pairs; none where no row is wrong.

    Source:
        Holm 1979, A simple sequentially rejective multiple test procedure.
    """
    counts = confusion_counts(predictions)
    directed = _commonest(counts, most)
    p_values = [_coin_p(int(counts[i, j]), int(counts[j, i])) for i, j in directed]
    corrected = holm(p_values)
    return tuple(
        _pair(predictions.class_names, counts, pair, level=level, p_values=both)
        for pair, both in zip(
            directed, zip(p_values, corrected, strict=True), strict=True
        )
    )


def _commonest(counts: NDArray[np.int64], most: int) -> list[tuple[int, int]]:
    """Returns the pairs of most errors, each with its commoner direction first."""
    lower, upper = np.triu_indices(len(counts), k=1)
    errors = counts[lower, upper] + counts[upper, lower]
    order = np.argsort(-errors, kind="stable")[:most]  # stable: ties by lower labels
    pairs = ((int(lower[p]), int(upper[p])) for p in order if errors[p])
    return [(i, j) if counts[i, j] >= counts[j, i] else (j, i) for i, j in pairs]


def _coin_p(one_way: int, other_way: int) -> float:
    """Returns the two-sided p-value of the exact binomial test of one half."""
    from scipy.special import bdtr

    errors = one_way + other_way
    return min(1.0, 2 * float(bdtr(min(one_way, other_way), errors, 0.5)))


def _pair(
    names: tuple[str, ...],
    counts: NDArray[np.int64],
    pair: tuple[int, int],
    *,
    level: float,
    p_values: tuple[float, float],
) -> ConfusedPair:
    """Returns two classes with their errors, the commoner direction first."""
    first, second = pair
    there, back = int(counts[first, second]), int(counts[second, first])
    support = counts.sum(axis=1).tolist()
    errors = int(counts.sum() - np.trace(counts))
    return ConfusedPair(
        first=names[first],
        second=names[second],
        first_as_second=there,
        second_as_first=back,
        first_share=proportion(there, support[first], level),
        second_share=(
            proportion(back, support[second], level) if support[second] else None
        ),
        share_of_errors=(there + back) / errors,
        direction_p=p_values[0],
        direction_p_holm=p_values[1],
    )


def homogeneity(predictions: Predictions, sampling: Sampling) -> Homogeneity | None:
    """Returns whether the recalls of the classes differ by more than chance.

    Pearson's chi-squared of the table of right and wrong rows by class: with support
    t_c, errors w_c and error share e over all rows, Σ (w_c - t_c e)² / (t_c e (1 - e)).
    Where a table cell is expected to hold fewer than `LEAST_EXPECTED` rows, the p-value
    is (1 + tables at least as extreme) / (1 + tables) over `DRAWS` tables drawn with
    the same margins.

    Args:
        predictions: n rows over k classes.
        sampling: Seed of the tables drawn.

    Returns:
        None where one class is present, no row is wrong or none is right: there is
        nothing to compare.

    Source:
        Cochran 1954, Some methods for strengthening the common chi-squared tests
        (the least expected count); Hope 1968, A simplified Monte Carlo significance
        test procedure.
    """
    counts = confusion_counts(predictions)
    present = counts.sum(axis=1) > 0
    support = counts.sum(axis=1)[present]
    wrong = support - np.diag(counts)[present]
    if len(support) == 1 or wrong.sum() in (0, predictions.n):
        return None
    statistic = float(_pearson(support, wrong))
    expected = support.min() * min(wrong.sum(), predictions.n - wrong.sum())
    trusted = expected / predictions.n >= LEAST_EXPECTED
    return Homogeneity(
        statistic=statistic,
        degrees_of_freedom=len(support) - 1,
        p_value=(
            _chi_squared_p(statistic, len(support) - 1)
            if trusted
            else _simulated_p(support, wrong, sampling.seed)
        ),
        draws=None if trusted else DRAWS,
    )


def _pearson(
    support: NDArray[np.int64], wrong: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Returns Pearson's chi-squared.

    Args:
        support: (c,) rows a class.
        wrong: (..., c) wrong rows a class, of one or several tables.
    """
    share = wrong.sum(axis=-1, keepdims=True) / support.sum()
    excess = wrong - support * share
    variance = support * share * (1 - share)
    statistic: NDArray[np.float64] = (excess**2 / variance).sum(axis=-1)
    return statistic


def _chi_squared_p(statistic: float, degrees_of_freedom: int) -> float:
    """Returns the chance of at least that statistic."""
    from scipy.special import chdtrc

    return float(chdtrc(degrees_of_freedom, statistic))


def _simulated_p(
    support: NDArray[np.int64], wrong: NDArray[np.int64], seed: int
) -> float:
    """Returns (1 + tables at least as extreme) / (1 + tables), given the margins."""
    rng = np.random.default_rng(seed)
    observed = float(_pearson(support, wrong)) * (1 - SAME)
    extreme = 0
    for _ in range(DRAWS // DRAWS_AT_ONCE):
        # "marginals" works class by class; "count" would lay out every single row.
        tables = rng.multivariate_hypergeometric(
            support, int(wrong.sum()), size=DRAWS_AT_ONCE, method="marginals"
        )  # (draws, c)
        extreme += int((_pearson(support, tables) >= observed).sum())
    return (1 + extreme) / (1 + DRAWS)
