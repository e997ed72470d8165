"""Requirements judged on intervals.

A requirement is met where the whole interval clears its bound. By a two-sided interval
of 95 % a model that misses the bound passes about 1 time in 40, and no oftener however
many requirements there are: what passes must clear each of them (intersection-union;
Berger 1982, Multiparameter hypothesis testing and acceptance sampling). Of "not met"
that does not hold: the more requirements, the more often chance alone misses one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from reportgen.errors import UsageError
from reportgen.record import Estimate, Evaluation
from reportgen.record.requirements import Judgement, Operator, Outcome, Requirement
from reportgen.requirements.measures import BY_KEY, P_VALUE, Found
from reportgen.requirements.rows import more_rows
from reportgen.requirements.written import nearest, shown

NAMED = 5
"""Classes that an error names."""

NOT_MET = 3
"""What a process ends with where a requirement is not met."""

NO_INTERVAL = "it has no interval, so nothing tells how far it may move"

UNMEASURED = "the comparison with the baseline does not measure its difference"
"""Why a difference is undefined that a comparison could have measured."""

Differences = Mapping[str, Found]
"""From `Requirement.measure`, as "accuracy" or "recall[8]", to new value less old one.

Differences of shares have the kind "points".
"""


def check(
    requirements: Iterable[Requirement],
    class_names: tuple[str, ...],
    *,
    compared: bool,
) -> None:
    """Refuses what cannot be judged; worth doing before anything is measured.

    Args:
        requirements: As `parse` returns them, or as a record holds them.
        class_names: Classes of the predictions.
        compared: Whether there is a baseline.

    Raises:
        UsageError: A measure or a class is unknown, or a difference is asked for
            without a baseline.
    """
    wanted = tuple(requirements)
    check_classes(wanted, class_names)
    check_compared(wanted, compared=compared)


def check_classes(
    requirements: Iterable[Requirement], class_names: tuple[str, ...]
) -> None:
    """Refuses classes that there are not, as soon as it is known which there are.

    Args:
        requirements: As `parse` returns them, or as a record holds them.
        class_names: Classes of the predictions.

    Raises:
        UsageError: A measure or a class is unknown.
    """
    for one in requirements:
        _check_measure(one)
        _check_class(one, class_names)


def check_compared(requirements: Iterable[Requirement], *, compared: bool) -> None:
    """Refuses differences without a baseline, which needs no classes to be known.

    Args:
        requirements: As `parse` returns them.
        compared: Whether there is a baseline.

    Raises:
        UsageError: A difference is asked for without a baseline.
    """
    lacking = next((one for one in requirements if one.delta and not compared), None)
    if lacking is not None:
        raise UsageError(
            "A requirement on a difference must have a baseline to differ from. "
            f"Received {shown(str(lacking))} and none. Name the run to compare with by "
            "--baseline, or baseline= from Python; or leave the requirement out."
        )


def _check_measure(requirement: Requirement) -> None:
    """Refuses what only the record of a stranger or of another version can require."""
    measure = BY_KEY.get(requirement.key)
    if measure is None or measure.of_class != (requirement.class_name is not None):
        raise UsageError(
            "A requirement must name a measure of this version of reportgen. Received "
            f"{shown(requirement.subject)}. Known are {', '.join(BY_KEY)}."
        )


def _check_class(requirement: Requirement, class_names: tuple[str, ...]) -> None:
    """Refuses a class that is none, naming the nearest, or what there is."""
    name = requirement.class_name
    if name is None or name in class_names:
        return
    close = nearest(name, class_names)
    more = ", ..." if len(class_names) > NAMED else ""
    advice = f"They are {', '.join(map(shown, class_names[:NAMED]))}{more}."
    if close is not None:
        advice = f"The nearest is {replace(requirement, class_name=close).subject}."
    raise UsageError(
        f"A requirement must name one of the {len(class_names):,} classes. "
        f"Received {shown(name)}. {advice}"
    )


def judge(
    evaluation: Evaluation,
    requirements: Iterable[Requirement],
    *,
    differences: Differences | None = None,
) -> tuple[Judgement, ...]:
    """Returns a judgement on each requirement, in their order.

    Args:
        evaluation: What was measured.
        requirements: As `parse` returns them.
        differences: What a comparison with a baseline measured; None where there is
            no comparison.

    Raises:
        UsageError: A measure or a class is unknown, or a difference is asked for
            without a baseline.
    """
    wanted = tuple(requirements)
    check(wanted, evaluation.class_names, compared=differences is not None)
    return tuple(
        _judgement(one, _found(evaluation, one, differences)) for one in wanted
    )


def _found(
    evaluation: Evaluation,
    requirement: Requirement,
    differences: Differences | None,
) -> Found:
    """Returns what there is to judge."""
    measure = BY_KEY[requirement.key]
    own = measure.find(evaluation, requirement.class_name)
    if differences is None or not requirement.delta:
        return own
    # To end here in an error would cost a measurement that took hours.
    reasons = {one.reason for one in differences.values()}
    # Of two test sets nothing is measured, of no class either, for one reason.
    reason = (reasons.pop() if len(reasons) == 1 else None) or UNMEASURED
    kind = "points" if own.kind == "share" else own.kind
    unmeasured = Found(own.label, kind, None, reason)
    return differences.get(requirement.measure, unmeasured)


def _judgement(requirement: Requirement, held: Found) -> Judgement:
    """Returns the judgement on a requirement, from what there is to judge."""
    outcome, reason = _outcome(requirement, held)
    return Judgement(
        requirement=requirement,
        label=held.label,
        kind=held.kind,
        outcome=outcome,
        estimate=held.estimate,
        more_rows=(
            _more_rows(requirement, held.estimate)
            if held.estimate and outcome == "inconclusive"
            else None
        ),
        reason=reason,
    )


def _outcome(requirement: Requirement, held: Found) -> tuple[Outcome, str | None]:
    """Returns the outcome, and why no interval was judged."""
    estimate, bound = held.estimate, requirement.bound
    if estimate is None:
        return "not met", held.reason
    if held.kind == "p_value":
        clears = _clears(estimate.value, requirement.operator, bound)
        return ("met" if clears else "not met"), P_VALUE
    if estimate.low is None or estimate.high is None:
        return "inconclusive", NO_INTERVAL
    ends = (estimate.low, estimate.high)
    cleared = {_clears(end, requirement.operator, bound) for end in ends}
    if len(cleared) > 1:
        return "inconclusive", None
    return ("met" if cleared == {True} else "not met"), None


def _clears(value: float, operator: Operator, bound: float) -> bool:
    """Returns whether a value compares with the bound as it must."""
    if operator == ">=":
        return value >= bound
    if operator == "<=":
        return value <= bound
    return value > bound if operator == ">" else value < bound


def _more_rows(requirement: Requirement, estimate: Estimate) -> int | None:
    """Returns how many more rows would settle it."""
    measure = BY_KEY[requirement.key]
    is_share = measure.most == 1 and not requirement.delta and not measure.difference
    least = measure.least if is_share else None
    return more_rows(estimate, requirement.bound, least)


def overall(judgements: Iterable[Judgement]) -> Outcome | None:
    """Returns the worst outcome, None where nothing was required."""
    outcomes = {judgement.outcome for judgement in judgements}
    ranked: tuple[Outcome, ...] = ("not met", "inconclusive", "met")
    return next((outcome for outcome in ranked if outcome in outcomes), None)


def exit_code(judgements: Iterable[Judgement], *, strict: bool = False) -> int:
    """Returns what a process ends with: 0, or 3 where a requirement is not met.

    Args:
        judgements: On each requirement.
        strict: Whether an inconclusive one counts as not met.
    """
    failed = {"not met", "inconclusive"} if strict else {"not met"}
    return NOT_MET if overall(judgements) in failed else 0
