"""What abstaining from the least confident rows buys, and what the rows can tell."""

from math import ceil, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from reportgen.metrics.certificates import Steps, acceptance_steps, certificates
from reportgen.metrics.counts import confusion_counts
from reportgen.metrics.curves import MAX_POINTS, logarithm, thinned
from reportgen.metrics.intervals import inner, logit_interval, quantile_of
from reportgen.metrics.measured import HeldBack, estimated, proportion
from reportgen.predictions import Predictions
from reportgen.record import Deciding, Estimate, Resolution, RiskPoint, Sampling

COVERAGES = (0.99, 0.97, 0.95, 0.90)
"""Shares of rows at which the risk is told, greatest first."""

POWER = 0.8
"""Chance with which a difference should be found."""

LEAST_SUM = float(np.finfo(np.float64).smallest_subnormal)
"""Stands for a sum of probabilities that float64 holds as 0."""

ROUNDING = 1e-9
"""Rows by which a share of n may miss a whole number."""


def deciding(
    predictions: Predictions, held_back: HeldBack, sampling: Sampling
) -> Deciding:
    """Returns what is gained where the least confident rows are left to a person.

    Args:
        predictions: n test rows over k classes.
        held_back: The validation part, from which thresholds are certified, or why
            there is none.
        sampling: Level of the intervals and of the certificates.
    """
    steps = _steps(predictions)
    coverage, risk = _curve(steps)
    chosen_on = held_back.predictions
    return Deciding(
        coverage=tuple(coverage.tolist()),
        risk=tuple(risk.tolist()),
        aurc=aurc(steps, sampling.level),
        augrc=augrc(steps, sampling.level),
        at=tuple(_risk_at(steps, asked, sampling.level) for asked in COVERAGES),
        certificates=(
            certificates(_steps(chosen_on), steps, sampling.level) if chosen_on else ()
        ),
        certificates_reason=None if chosen_on else held_back.reason,
    )


def logit_margin(predictions: Predictions) -> NDArray[np.float64]:
    """Returns how much surer the model is of its prediction than of all else together.

    log p_top - log Σ_{j≠top} p_j, which is z_top - logsumexp of the other logits. The
    sum is taken of the small probabilities themselves, least first: 1 - p_top would be
    0 for half the rows of a saturated model, and its order lost.

    Args:
        predictions: n rows over k classes.

    Returns:
        (n,) float64, finite, greater is surer; unchanged where classes change places.

    >>> rows = Predictions(np.array([0]), np.array([[0.8, 0.2]]), ("a", "b"),
    ...     np.array(["x"]))
    >>> logit_margin(rows).round(4)  # log 4
    array([1.3863])
    """
    ordered = np.sort(predictions.y_proba, axis=1)  # (n, k)
    rest = np.maximum(ordered[:, :-1].sum(axis=1), LEAST_SUM)
    margin: NDArray[np.float64] = np.log(ordered[:, -1]) - np.log(rest)
    return margin


def _steps(predictions: Predictions) -> Steps:
    """Returns rows accepted and errors among them as the margin asked for falls."""
    wrong = predictions.y_pred != predictions.y_true
    return acceptance_steps(logit_margin(predictions), wrong)


def _curve(steps: Steps) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Returns coverage and risk at distinct margins, few enough to store.

    Points are kept for three pictures: over coverage as it is, over its logarithm, for
    the steep beginning, and over that of the share abstained from, for the steep end.
    The risk counts on a scale from 0 to 1 that has its middle at the risk of all rows,
    so that an early error does not flatten the rest.
    """
    coverage = steps.accepted / steps.n
    risk = steps.errors / steps.accepted
    scale = risk[-1] + risk
    height = np.divide(risk, scale, out=np.zeros_like(risk), where=scale > 0)
    pictures = (coverage, logarithm(coverage), logarithm(1 - coverage))
    kept = thinned(pictures, height, MAX_POINTS)
    return coverage[kept], risk[kept]


def aurc(steps: Steps, level: float) -> Estimate:
    """Returns the area under the risk-coverage curve.

    mean over i = 1..n of (errors among the i most confident) / i. The errors of a tie
    are spread evenly over its rows, which is the expected value over their orders.

    With r_i the i-th term, a row at place i with error e (0 or 1) has the influence
    r_i + Σ_{j≥i} (e - r_j) / j - AURC: the derivative of the mean over s of
    R(s) / C(s), with R(s) = P(error, S ≥ s) and C(s) = P(S ≥ s); a tied row has the
    mean over the places of its tie.

    Args:
        steps: Rows accepted and errors among them.
        level: Confidence level of the interval, made on the logit scale.

    Returns:
        Area in 0-1, lower is better; without an interval where all rows are right or
        all wrong.

    Source:
        Geifman and El-Yaniv 2017, Selective classification for deep neural networks.
    """
    place = np.arange(1, steps.n + 1, dtype=np.float64)
    risk = _spread_errors(steps) / place  # (n,)
    value = float(risk.mean())
    below = _sums_from(1 / place)
    base = risk - _sums_from(risk / place) - value
    return _area(steps, value, base=base, slope=below, level=level)


def augrc(steps: Steps, level: float) -> Estimate:
    """Returns the area under the generalised risk-coverage curve.

    mean over i = 1..n of (errors among the i most confident) / n, ties as in `aurc`:
    the chance that a row drawn at random is wrong and no less sure than another. The
    influence of a row at place i is R_i + e (n - i + 1) / n - 2 AUGRC.

    Args:
        steps: Rows accepted and errors among them.
        level: Confidence level of the interval, made on the logit scale.

    Returns:
        Area in 0 to (n + 1) / 2n, lower is better; intervals as in `aurc`.

    Source:
        Traub et al. 2024, Overcoming common flaws in the evaluation of selective
        classification systems.
    """
    n = steps.n
    joint = _spread_errors(steps) / n  # (n,)
    value = float(joint.mean())
    below = np.arange(n, 0, -1) / n
    return _area(steps, value, base=joint - 2 * value, slope=below, level=level)


def _spread_errors(steps: Steps) -> NDArray[np.float64]:
    """Returns (n,) errors among the i most confident rows, evenly within ties."""
    accepted = np.concatenate([[0], steps.accepted])
    errors = np.concatenate([[0], steps.errors])
    spread: NDArray[np.float64] = np.interp(np.arange(1, steps.n + 1), accepted, errors)
    return spread


def _sums_from(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Returns (n,) the sum of each value and all after it."""
    sums: NDArray[np.float64] = np.cumsum(values[::-1])[::-1]
    return sums


def _area(
    steps: Steps,
    value: float,
    *,
    base: NDArray[np.float64],
    slope: NDArray[np.float64],
    level: float,
) -> Estimate:
    """Returns an area with its interval from influence values base + e slope."""
    n, wrong = steps.n, int(steps.errors[-1])
    if wrong in (0, n):  # nothing tells how far the area may move
        return estimated(value, n, None)
    squares = _influence_squares(steps, base, slope)
    standard_error = sqrt(squares) / n
    interval = logit_interval(value, standard_error, level, "influence values")
    return estimated(value, n, interval)


def _influence_squares(
    steps: Steps, base: NDArray[np.float64], slope: NDArray[np.float64]
) -> float:
    """Returns the sum of squared influence over rows, averaged within ties first.

    Args:
        steps: p ties.
        base: (n,) influence of a right row at each place.
        slope: (n,) what an error adds to it.
    """
    starts = np.concatenate([[0], steps.accepted[:-1]])
    rows = np.diff(steps.accepted, prepend=0)  # (p,)
    wrong = np.diff(steps.errors, prepend=0)
    right_value = np.add.reduceat(base, starts) / rows
    wrong_value = right_value + np.add.reduceat(slope, starts) / rows
    return inner(rows - wrong, right_value**2) + inner(wrong, wrong_value**2)


def _risk_at(steps: Steps, asked: float, level: float) -> RiskPoint:
    """Returns the risk of the surest share of rows, tied ones included."""
    least = ceil(asked * steps.n - ROUNDING)
    index = int(np.searchsorted(steps.accepted, least))
    accepted, errors = int(steps.accepted[index]), int(steps.errors[index])
    return RiskPoint(
        asked=asked,
        accepted=accepted,
        errors=errors,
        risk=proportion(errors, accepted, level),
        threshold=float(steps.threshold[index]),
    )


def resolution(predictions: Predictions, level: float) -> Resolution | None:
    """Returns the smallest difference of accuracy that the rows could show.

    (z + z_power) sqrt(d / n), with d the share of rows on which just one of two models
    is right; 2.80 sqrt(d / n) at 95 %. A second model is not at hand, so d is assumed
    to be this model's share of errors e: that is so of two models that are each wrong
    on a share e and share half of their errors, d = 2 (e - e / 2). Models that share
    more of them can be told apart at less. Beyond e = 2/3 no two models share as few:
    d is then 2 (1 - e), that of two which are right on no row in common. A difference
    cannot be greater than d, so that d is taken to be (z + z_power)² / n at least:
    about eight rows, all one way.

    Args:
        predictions: n rows over k classes.
        level: Confidence level of the paired test, two-sided, in 0-1.

    Returns:
        The difference, at most 1, and the d that it is found with; None without an
        error, or with one row.

    Source:
        Connor 1987, Sample size for testing differences in proportions for the
        paired-sample design, with the difference's own square left out of the variance.
    """
    n = predictions.n
    errors = n - int(np.trace(confusion_counts(predictions)))
    if not errors or n == 1:
        return None
    z = quantile_of(level) + NormalDist().inv_cdf(POWER)
    supposed = min(errors, 2 * (n - errors))
    share = min(1.0, max(supposed, z**2) / n)
    return Resolution(
        difference=min(1.0, z * sqrt(share / n)),
        discordant_share=share,
        level=level,
        power=POWER,
    )
