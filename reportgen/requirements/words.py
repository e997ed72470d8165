"""Judgements in sentences."""

from collections.abc import Iterable

from reportgen.record import (
    Quantity,
    Sentence,
    chosen_share,
    count,
    p_value,
    quantity,
    sentence,
    told_apart,
)
from reportgen.record.requirements import Judgement, Operator, Outcome
from reportgen.record.wording import HUNDREDS, NO_BREAK_SPACE, Kind
from reportgen.requirements.measures import BY_KEY

OUTCOMES: tuple[Outcome, ...] = ("met", "not met", "inconclusive")

HOLDS = {
    "met": "The whole {level} interval clears the bound.",
    "not met": "None of the {level} interval clears the bound.",
    "inconclusive": "The {level} interval is on both sides of the bound, or ends there",
}
"""What is said of an outcome that an interval brought."""


def said(judgement: Judgement) -> Sentence:
    """Returns why the judgement is what it is.

    Class names do not stand in it: the requirement beside it holds them.
    """
    reason = judgement.reason
    if judgement.estimate is None:
        return sentence("It is undefined: {reason}.", reason=reason or "")
    if reason is not None:
        return sentence("{reason}.", reason=f"{reason[:1].upper()}{reason[1:]}")
    level = chosen_share(judgement.estimate.level or 0.0)
    held = sentence(HOLDS[judgement.outcome], level=level)
    if judgement.outcome != "inconclusive":
        return held
    return sentence("{held}; {asked}.", held=held, asked=_asked(judgement))


def _asked(judgement: Judgement) -> Sentence:
    """Returns how many more rows an inconclusive judgement asks for."""
    more = judgement.more_rows
    if more is None:
        return sentence("how many more rows would settle it cannot be told")
    # A record may hold a measure that this version does not know.
    measure = BY_KEY.get(judgement.requirement.key)
    nouns = measure.counted if measure else "rows"
    noun = nouns if more != 1 else nouns.replace("rows", "row", 1)
    return sentence(
        "about {more} more " + noun + " would settle it, if the value stays",
        more=count(more),
    )


def remark(judgement: Judgement) -> Sentence | None:
    """Returns what to know beside outcome, value and interval; None where nothing is.

    Class names do not stand in it.
    """
    if judgement.reason is not None:
        return sentence("{reason}", reason=judgement.reason)
    return _asked(judgement) if judgement.outcome == "inconclusive" else None


def stated(judgement: Judgement) -> Sentence:
    r"""Returns the requirement as a reader who knows no expressions reads it.

    The bound is told as the value is, a share in percent.
    """
    wanted = judgement.requirement
    return sentence(
        "{label}{of_class}{delta} {sign}" + NO_BREAK_SPACE + "{bound}",
        label=judgement.label,
        of_class=(
            sentence(" of “{name}”", name=wanted.class_name)
            if wanted.class_name is not None
            else ""
        ),
        delta=", difference from the baseline" if wanted.delta else "",
        sign=SIGNS[wanted.operator],
        bound=_bound(wanted.bound, judgement.kind),
    )


SIGNS: dict[Operator, str] = {">=": "≥", "<=": "≤", ">": ">", "<": "<"}

MOST_DECIMALS = 12
"""Of a bound; a share has them in percent."""


def _bound(bound: float, kind: Kind) -> Quantity:
    """Returns a bound with all the decimals that it was given."""
    printed: Kind = kind if kind in HUNDREDS else "number"
    scaled = bound * 100 if kind in HUNDREDS else bound
    decimals = f"{scaled:.{MOST_DECIMALS}f}".rstrip("0").partition(".")[2]
    return Quantity(bound, printed, len(decimals))


def tally(judgements: Iterable[Judgement]) -> Sentence:
    """Returns how many requirements have which outcome.

    >>> str(tally([]))
    '0 met · 0 not met · 0 inconclusive'
    """
    outcomes = [judgement.outcome for judgement in judgements]
    met, missed, open_ = (outcomes.count(one) for one in OUTCOMES)
    return sentence(
        "{met} met · {missed} not met · {open} inconclusive",
        met=count(met),
        missed=count(missed),
        open=count(open_),
    )


def value_of(judgement: Judgement) -> str | Quantity:
    """Returns the value with its interval as a page prints it, or "n/a".

    As many decimals are printed as show on which side of the bound the interval ends.
    """
    if judgement.estimate is None:
        return "n/a"
    found = (
        p_value(judgement.estimate.value)
        if judgement.kind == "p_value"
        else quantity(judgement.estimate, judgement.kind)
    )
    return told_apart(found, judgement.requirement.bound)
