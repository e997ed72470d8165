"""Whether two models predict the classes in different proportions."""

import numpy as np

from reportgen.metrics.intervals import inner
from reportgen.metrics.margins import Counts
from reportgen.metrics.paired import Labels, Pair, crossed
from reportgen.record import Sampling
from reportgen.record.comparison import MarginalHomogeneity

LEAST_CHANGED = 10
"""Changes to or from a class with which the chi-squared distribution is trusted."""

DRAWS = 10_000
"""Tables simulated where it is not."""

DRAWS_AT_ONCE = 500
"""Tables held in memory at a time."""

SAME = 1e-9
"""Relative distance within which two statistics are one, but for rounding."""


def marginal_homogeneity(pair: Pair, sampling: Sampling) -> MarginalHomogeneity | None:
    """Returns whether the two models predict the classes in different proportions.

    Args:
        pair: n rows over k classes, predicted twice.
        sampling: Seed of the tables drawn where changes are few.

    Returns:
        None where every row is predicted alike.
    """
    return stuart_maxwell(crossed(pair.before, pair.after, pair.k), sampling)


def stuart_maxwell(table: Counts, sampling: Sampling) -> MarginalHomogeneity | None:
    """Returns Stuart and Maxwell's test that rows and columns have one margin.

    d' V⁻¹ d with d_i = n_i. - n_.i and V its variance under the hypothesis, V_ii =
    n_i. + n_.i - 2 n_ii and V_ij = -(n_ij + n_ji); of two classes it is McNemar's
    (b - c)² / (b + c). d sums to 0 over each group of classes that changes connect, so
    one class of each is left out, and so are classes that no change reaches.

    Where fewer than `LEAST_CHANGED` changes reach a class, the p-value is (1 + tables
    at least as extreme) / (1 + tables), each change going either way by a fair coin.

    Args:
        table: (k, k) int64 counts.
        sampling: Seed of the tables drawn.

    Returns:
        None where all rows are on the diagonal.

    Source:
        Stuart 1955, A test for homogeneity of the marginal distributions in a two-way
        classification; Maxwell 1970, Comparing the classification of subjects by two
        independent judges; Hope 1968 for the simulated p-value.

    >>> found = stuart_maxwell(np.array([[50, 30], [10, 60]]), Sampling())
    >>> found.statistic, found.degrees_of_freedom  # (30 - 10)² / (30 + 10)
    (10.0, 1)
    """
    changes = table + table.T
    np.fill_diagonal(changes, 0)
    reached = changes.sum(axis=1)
    if not reached.any():
        return None
    kept = np.flatnonzero(_first_of_group(changes) < np.arange(len(table)))
    apart = (table.sum(axis=1) - table.sum(axis=0))[kept].astype(np.float64)
    variance = (np.diag(reached) - changes)[np.ix_(kept, kept)].astype(np.float64)
    statistic = inner(apart, np.linalg.solve(variance, apart))
    trusted = reached[reached > 0].min() >= LEAST_CHANGED
    return MarginalHomogeneity(
        statistic=statistic,
        degrees_of_freedom=len(kept),
        p_value=(
            _chi_squared_p(statistic, len(kept))
            if trusted
            else _simulated_p(changes, kept, statistic, sampling.seed)
        ),
        draws=None if trusted else DRAWS,
    )


def _first_of_group(changes: Counts) -> Labels:
    """Returns (k,) the first class of the group that changes connect each class to."""
    one, other = np.nonzero(changes)
    first = np.arange(len(changes))
    while True:
        nearer = first.copy()
        np.minimum.at(nearer, one, first[other])
        if (nearer == first).all():
            return first
        first = nearer


def _chi_squared_p(statistic: float, degrees_of_freedom: int) -> float:
    """Returns the chance of at least that statistic."""
    from scipy.special import chdtrc

    return float(chdtrc(degrees_of_freedom, statistic))


def _simulated_p(changes: Counts, kept: Labels, statistic: float, seed: int) -> float:
    """Returns (1 + tables at least as extreme) / (1 + tables), given the changes."""
    rng = np.random.default_rng(seed)
    lower, upper = np.nonzero(np.triu(changes))
    between = changes[lower, upper]  # (c,) changes between each pair of classes
    variance = (np.diag(changes.sum(axis=1)) - changes)[np.ix_(kept, kept)]
    inverse = np.linalg.inv(variance.astype(np.float64))
    extreme = 0
    for _ in range(DRAWS // DRAWS_AT_ONCE):
        one_way = rng.binomial(between, 0.5, size=(DRAWS_AT_ONCE, len(between)))
        excess = 2 * one_way - between  # (draws, c)
        apart = _by_class(excess, lower, len(changes))
        apart -= _by_class(excess, upper, len(changes))
        drawn = ((apart[:, kept] @ inverse) * apart[:, kept]).sum(axis=1)
        extreme += int((drawn >= statistic * (1 - SAME)).sum())
    return (1 + extreme) / (1 + DRAWS)


def _by_class(excess: Counts, labels: Labels, k: int) -> Counts:
    """Returns (draws, k) sums of the pairs of each class.

    Args:
        excess: (draws, c) of each pair of classes.
        labels: (c,) one class of each pair.
        k: Classes.
    """
    totals = np.zeros((len(excess), k), dtype=np.int64)
    order = np.argsort(labels, kind="stable")
    found, starts = np.unique(labels[order], return_index=True)
    totals[:, found] = np.add.reduceat(excess[:, order], starts, axis=1)
    return totals
