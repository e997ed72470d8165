"""Requirements and what they are judged on, for tests of a gate."""

from dataclasses import replace

from reportgen.record import Estimate, Record
from reportgen.record.requirements import Judgement, Operator, Outcome, Requirement
from reportgen.record.wording import Kind
from reportgen.requirements import Found, judge, parse


def make_requirement(
    bound: float = 0.9,
    operator: Operator = ">=",
    *,
    key: str = "accuracy",
    class_name: str | None = None,
    delta: bool = False,
) -> Requirement:
    """Returns `accuracy >= 0.9`, with the named parts replaced."""
    return Requirement(key, class_name, delta, operator, bound)


def make_estimate(
    value: float,
    low: float | None = None,
    high: float | None = None,
    *,
    method: str = "BCa",
    n: int = 100,
) -> Estimate:
    """Returns a value, with a 95 % interval where bounds are given."""
    if low is None:
        return Estimate(value, None, None, None, "none", n)
    return Estimate(value, low, high, 0.95, method, n)


def make_difference(estimate: Estimate | None) -> Found:
    """Returns a difference of shares, undefined where there is no estimate."""
    return Found("Accuracy", "points", estimate, None if estimate else "0 rows")


def make_judgement(
    outcome: Outcome,
    requirement: Requirement | None = None,
    *,
    reason: str | None = None,
    more_rows: int | None = None,
    kind: Kind = "share",
) -> Judgement:
    """Returns a judgement; a reason leaves its value undefined."""
    estimate = None if reason else make_estimate(0.91, 0.89, 0.93)
    return Judgement(
        requirement=requirement or make_requirement(),
        label="Accuracy",
        kind=kind,
        outcome=outcome,
        estimate=estimate,
        more_rows=more_rows,
        reason=reason,
    )


def required(record: Record, *expressions: str) -> Record:
    """Returns the record with a judgement on each expression."""
    judgements = judge(record, map(parse, expressions))
    return replace(record, judgements=judgements)
