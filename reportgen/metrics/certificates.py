"""Thresholds that keep the error of accepted rows under a target, guaranteed.

Rows are accepted from a threshold on. The threshold is chosen on rows that the test
part does not hold, and only then looked up on the test rows.
"""

from dataclasses import dataclass
from math import ceil, log

import numpy as np
from numpy.typing import NDArray

from reportgen.metrics.intervals import clopper_pearson_upper
from reportgen.metrics.measured import proportion
from reportgen.record import Certificate

TARGETS = (0.001, 0.005, 0.01, 0.02, 0.05)
"""Shares of errors among accepted rows to certify, strictest first."""


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """How many rows are accepted as the threshold falls, tied scores at once.

    Attributes:
        threshold: (p,) float64, the distinct scores, greatest first.
        accepted: (p,) int64, rows at or above each.
        errors: (p,) int64, errors among them.
    """

    threshold: NDArray[np.float64]
    accepted: NDArray[np.int64]
    errors: NDArray[np.int64]

    @property
    def n(self) -> int:
        """All rows."""
        return int(self.accepted[-1])


def acceptance_steps(y_score: NDArray[np.float64], wrong: NDArray[np.bool_]) -> Steps:
    """Returns the rows accepted, and the errors among them, at each distinct score.

    Args:
        y_score: (n,) score, at least one; greater is surer.
        wrong: (n,) bool, whether the prediction is wrong.

    >>> acceptance_steps(np.array([1., 3., 1.]), np.array([True, False, True])).errors
    array([0, 2])
    """
    order = np.argsort(-y_score, kind="stable")
    score = y_score[order]
    last_of_tie = np.append(score[1:] != score[:-1], True)
    return Steps(
        threshold=score[last_of_tie],
        accepted=np.flatnonzero(last_of_tie).astype(np.int64) + 1,
        errors=np.cumsum(wrong[order], dtype=np.int64)[last_of_tie],
    )


def certificates(
    validation: Steps, test: Steps, level: float
) -> tuple[Certificate, ...]:
    """Returns a certificate for each of `TARGETS`, strictest first.

    Thresholds are tested in a fixed sequence, from strict to loose, each by the
    one-sided Clopper-Pearson bound of the error among the validation rows it accepts,
    and the walk ends at the first bound above the target. It begins at the fewest rows
    that could pass, N = ceil(log(1 - level) / log(1 - target)) without an error: before
    them every test would fail whatever the model.

    Let s be the first threshold whose true error exceeds the target. Where s accepts N
    rows or more, anything looser is certified only by a walk that passed the test at s,
    and that one test passes with a chance of at most 1 - level, since the errors above
    a fixed s are binomial; so no correction for the number of thresholds is due. Where
    s accepts fewer, the walk begins beyond it. If the error does not fall as the
    threshold does, those N rows err more often than the target, and all are right with
    a chance of at most (1 - target)^N <= 1 - level. This holds for rows to come that
    are drawn as the validation rows were, and for nothing else.

    Each target holds by itself at the level; that all hold together is not promised.

    Args:
        validation: Rows that neither the model was fitted on nor the test part holds.
        test: The test rows, for coverage and error at the thresholds found.
        level: Confidence level of each certificate, one-sided, in 0-1.

    Source:
        Bauer 1991, Multiple testing in clinical trials (fixed sequences); Angelopoulos
        et al. 2021, Learn then test: calibrating predictive algorithms to achieve risk
        control; Clopper and Pearson 1934.
    """
    return tuple(_certificate(validation, test, level, target) for target in TARGETS)


def _certificate(
    validation: Steps, test: Steps, level: float, target: float
) -> Certificate:
    """Returns the certificate of one target, or the reason why there is none."""
    first = int(np.searchsorted(validation.accepted, fewest_rows(target, level)))
    if first == len(validation.accepted):
        return _refused(validation.n, level, target, _too_few(validation.n, level))
    end = _first_failure(validation, first, level=level, target=target)
    if end == first:
        reason = _wrong_at_once(validation, first, level)
        return _refused(validation.n, level, target, reason)
    return _granted(validation, test, end - 1, level=level, target=target)


def fewest_rows(target: float, level: float) -> int:
    """Returns how many rows without an error show an error of at most the target.

    ceil(log(1 - level) / log(1 - target)), from (1 - target)^n <= 1 - level.

    >>> fewest_rows(0.05, 0.95), fewest_rows(0.001, 0.95)
    (59, 2995)
    """
    return ceil(log(1 - level) / log(1 - target))


def _first_failure(steps: Steps, first: int, *, level: float, target: float) -> int:
    """Returns the first step from `first` on whose bound exceeds the target.

    The bound is at most the target where P(X <= errors) <= 1 - level for X ~
    Binomial(accepted, target). It can only rise where an error came in, so that only
    those steps are tested. The number of steps is returned where none fails.
    """
    from scipy.special import bdtr

    came_in = np.flatnonzero(np.diff(steps.errors[first:])) + first + 1
    tested = np.concatenate([[first], came_in])
    chance = bdtr(
        steps.errors[tested].astype(np.float64), steps.accepted[tested], target
    )
    failed = tested[chance > 1 - level]
    return int(failed[0]) if len(failed) else len(steps.accepted)


def _too_few(rows: int, level: float) -> str:
    """Returns why the validation part cannot certify, in a sentence."""
    return (
        f"{rows:,} validation {'row' if rows == 1 else 'rows'} without an error could "
        "show no less than "
        f"{_percent(clopper_pearson_upper(0, rows, level))}."
    )


def _wrong_at_once(steps: Steps, first: int, level: float) -> str:
    """Returns why the walk ended where it began, in a sentence."""
    errors, accepted = int(steps.errors[first]), int(steps.accepted[first])
    bound = clopper_pearson_upper(errors, accepted, level)
    return (
        f"{errors:,} of the {accepted:,} most confident validation rows "
        f"{'is' if errors == 1 else 'are'} wrong, which shows no less than "
        f"{_percent(bound)}."
    )


def _percent(share: float) -> str:
    """Returns a share in percent with three significant digits at most."""
    return f"{100 * share:.3g} %"


def _refused(rows: int, level: float, target: float, reason: str) -> Certificate:
    """Returns that no threshold could be certified, and why."""
    return Certificate(
        target=target,
        level=level,
        rows=rows,
        threshold=None,
        accepted=0,
        errors=0,
        bound=None,
        coverage=None,
        risk=None,
        reason=reason,
    )


def _granted(
    validation: Steps, test: Steps, last: int, *, level: float, target: float
) -> Certificate:
    """Returns the threshold of the last step that passed, tried on the test rows."""
    threshold = float(validation.threshold[last])
    errors, accepted = int(validation.errors[last]), int(validation.accepted[last])
    test_accepted, test_errors = _at(test, threshold)
    return Certificate(
        target=target,
        level=level,
        rows=validation.n,
        threshold=threshold,
        accepted=accepted,
        errors=errors,
        bound=clopper_pearson_upper(errors, accepted, level),
        coverage=proportion(test_accepted, test.n, level),
        risk=proportion(test_errors, test_accepted, level) if test_accepted else None,
        reason=None,
    )


def _at(steps: Steps, threshold: float) -> tuple[int, int]:
    """Returns how many rows lie at or above a threshold, and errors among them."""
    reached = int(np.searchsorted(-steps.threshold, -threshold, side="right"))
    if not reached:
        return 0, 0
    return int(steps.accepted[reached - 1]), int(steps.errors[reached - 1])
