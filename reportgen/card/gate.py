"""What was required, as page one says it: how it ended, and the worst of it first."""

from collections.abc import Sequence
from dataclasses import dataclass

from reportgen.record import Judgement, Quantity, Sentence
from reportgen.record.requirements import Outcome
from reportgen.requirements import (
    MARKS,
    overall,
    remark,
    said,
    stated,
    tally,
    value_of,
)

FEW = 4
"""Requirements that the band shows; where there are more, a table has all of them."""

WORST_FIRST: tuple[Outcome, ...] = ("not met", "inconclusive", "met")


@dataclass(frozen=True, slots=True)
class Required:
    """One requirement on a page.

    Attributes:
        outcome: In words.
        mark: A sign beside the words.
        stated: As a reader who knows no expressions reads it.
        value: The value with its interval, None where it is undefined.
        remark: What to know beside them, None where nothing is.
        why: The outcome's reason in full.
    """

    outcome: Outcome
    mark: str
    stated: Sentence
    value: Quantity | None
    remark: Sentence | None
    why: Sentence


@dataclass(frozen=True, slots=True)
class Gate:
    """All that was required.

    Attributes:
        outcome: The worst one.
        mark: A sign beside its words.
        tally: How many requirements have which outcome.
        first: The worst of them, at most `FEW`.
        every: All of them, the worst first; empty where `first` holds all.
    """

    outcome: Outcome
    mark: str
    tally: Sentence
    first: tuple[Required, ...]
    every: tuple[Required, ...]


def gate(judgements: Sequence[Judgement]) -> Gate | None:
    """Returns what was required, None where nothing was.

    Args:
        judgements: On each requirement, of a record or of a comparison.
    """
    outcome = overall(judgements)
    if outcome is None:
        return None
    worst_first = sorted(judgements, key=lambda one: WORST_FIRST.index(one.outcome))
    every = tuple(_required(one) for one in worst_first)
    return Gate(
        outcome=outcome,
        mark=MARKS[outcome],
        tally=tally(judgements),
        first=every[:FEW],
        every=every if len(every) > FEW else (),
    )


def _required(judgement: Judgement) -> Required:
    """Returns one requirement as a page prints it."""
    value = value_of(judgement)
    return Required(
        outcome=judgement.outcome,
        mark=MARKS[judgement.outcome],
        stated=stated(judgement),
        value=None if isinstance(value, str) else value,
        remark=remark(judgement),
        why=said(judgement),
    )
