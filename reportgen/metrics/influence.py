"""Influence values of the confusion matrix's scores, and their standard errors.

Let G_ij be a score's derivative by the joint share P_ij = C_ij / n. One more row of
label i predicted as j moves the score by about (G_ij - Σ P G) / n, and the delta method
gives its variance, (Σ P_ij G_ij² - (Σ P_ij G_ij)²) / n.
"""

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from reportgen.metrics.intervals import ROUNDING
from reportgen.metrics.margins import (
    Counts,
    Margins,
    f1s,
    margins_of,
    precisions,
    recalls,
)

Influence = NDArray[np.float64]
"""(k, k) float64, the derivative of a score by each joint share."""


def standard_error(counts: Counts, influence: Influence) -> float:
    """Returns sqrt(Σ P (G - Σ P G)² / n), exactly 0 where all filled cells agree.

    Args:
        counts: (k, k) int64 confusion matrix of n rows.
        influence: (k, k) derivative of the score by the joint shares.

    Source:
        Agresti 2013, Categorical data analysis, section 16.1 (the delta method for
        multinomial counts).

    >>> counts = np.array([[3, 1], [0, 4]])  # accuracy 7/8: sqrt(7/8 · 1/8 / 8)
    >>> round(standard_error(counts, accuracy(counts)), 6)
    0.116927
    """
    shares = counts[counts > 0] / counts.sum()
    values = influence[counts > 0]
    deviations = values - shares @ values
    if np.abs(deviations).max() <= ROUNDING * np.abs(values).max():
        return 0.0
    return sqrt(float(shares @ deviations**2) / int(counts.sum()))


def accuracy(counts: Counts) -> Influence:
    """Returns the influence on accuracy and on weighted recall: the identity."""
    return np.eye(len(counts))


def kappa(counts: Counts) -> Influence:
    """Returns [i=j] / (1 - pe) - (1 - po) / (1 - pe)² (q_i + t_j).

    Args:
        counts: (k, k) int64, with labels of two classes or more.

    Source:
        Fleiss, Cohen and Everitt 1969, Large sample standard errors of kappa and
        weighted kappa.
    """
    t, q, po = _shares(counts)
    pe = t @ q
    by_chance = q[:, None] + t[None, :]  # (k, k)
    own = np.eye(len(counts)) / (1 - pe)
    found: Influence = own - (1 - po) / (1 - pe) ** 2 * by_chance
    return found


def correlation(counts: Counts) -> Influence:
    """Returns the influence on the Matthews correlation R_K = N / D.

    ([i=j] - q_i - t_j) / D + (N / D) (q_j / A + t_i / B), with N = po - t·q,
    A = 1 - q·q, B = 1 - t·t and D = sqrt(A B). 0 for a constant predictor: whatever
    the labels are, its correlation stays 0.

    Args:
        counts: (k, k) int64, with labels of two classes or more.
    """
    t, q, po = _shares(counts)
    if np.count_nonzero(q) == 1:
        return np.zeros(counts.shape)
    a, b = 1 - q @ q, 1 - t @ t
    above, below = po - t @ q, np.sqrt(a * b)
    own = np.eye(len(counts)) - q[:, None] - t[None, :]  # (k, k)
    scale = q[None, :] / a + t[:, None] / b  # (k, k)
    found: Influence = (own + above * scale) / below
    return found


def precision_macro(counts: Counts) -> Influence:
    """Returns the influence on macro precision; never predicted classes have none."""
    return _precision(counts, _alike(counts))


def precision_weighted(counts: Counts) -> Influence:
    """Returns p_i - t_j p_j / q_j + [i=j] t_j / q_j: the weights move as well."""
    t, _, _ = _shares(counts)
    own = np.nan_to_num(precisions(margins_of(counts)))
    return _precision(counts, t) + own[:, None]


def recall_macro(counts: Counts) -> Influence:
    """Returns the influence on macro recall, which is balanced accuracy."""
    t, _, _ = _shares(counts)
    each = _over(_alike(counts), t)  # (k,)
    own = np.nan_to_num(recalls(margins_of(counts)))
    return np.diag(each) - (each * own)[:, None]


def f1_macro(counts: Counts) -> Influence:
    """Returns the influence on macro F1."""
    return _f1(counts, _alike(counts))


def f1_weighted(counts: Counts) -> Influence:
    """Returns the influence on weighted F1: the weights move as well."""
    t, _, _ = _shares(counts)
    own = np.nan_to_num(f1s(margins_of(counts)))
    return _f1(counts, t) + own[:, None]


def _precision(counts: Counts, weights: NDArray[np.float64]) -> Influence:
    """Returns -w_j p_j / q_j + [i=j] w_j / q_j, the weights held still."""
    _, q, _ = _shares(counts)
    each = _over(weights, q)  # (k,)
    own = np.nan_to_num(precisions(margins_of(counts)))
    return np.diag(each) - (each * own)[None, :]


def _f1(counts: Counts, weights: NDArray[np.float64]) -> Influence:
    """Returns the influence on Σ w_c f_c, the weights held still."""
    t, q, _ = _shares(counts)
    each = _over(weights, t + q)  # (k,)
    own = each * np.nan_to_num(f1s(margins_of(counts)))
    return 2 * np.diag(each) - own[:, None] - own[None, :]


def _shares(
    counts: Counts,
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Returns t (k,) labels, q (k,) predictions and po, all as shares of the rows."""
    margins: Margins = margins_of(counts)
    n = int(margins.n)
    correct = float(margins.correct.sum() / n)
    return margins.support / n, margins.predicted / n, correct


def _alike(counts: Counts) -> NDArray[np.float64]:
    """Returns (k,) weights: one share for each class present, 0 for the others."""
    present = margins_of(counts).present
    alike: NDArray[np.float64] = present / present.sum()
    return alike


def _over(above: NDArray[np.float64], below: NDArray[np.float64]) -> Influence:
    """Returns above / below, 0 where below is 0: such a class contributes nothing."""
    return np.where(below > 0, above / np.where(below > 0, below, 1), 0.0)
