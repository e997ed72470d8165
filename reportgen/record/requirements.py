"""What a model must reach to pass, and whether it did."""

import json
import re
from dataclasses import dataclass
from math import isfinite
from typing import Literal

from reportgen.record.estimates import Estimate
from reportgen.record.wording import Kind

Operator = Literal[">=", "<=", ">", "<"]

Outcome = Literal["met", "not met", "inconclusive"]
"""Of one requirement, or of several together."""

BARE_NAME = re.compile(r"\w(?:[\w .-]*\w)?", re.ASCII)
"""Class names that an expression holds without quotes."""

ESCAPED = frozenset("|`")
"""What prints, but ends a cell or a code span of Markdown."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """A number that a measure must reach or stay under.

    `str()` gives the expression in one form, which parses to the same requirement and
    holds nothing that a terminal, XML or a cell of Markdown would stumble over.

    Attributes:
        key: Name of the measure, as "accuracy" or "recall".
        class_name: The class that it is measured for, None where it is one for all.
        delta: Whether the measure's difference from a baseline is meant, the new
            model's value less the old one's.
        operator: How the measure must compare with the bound.
        bound: Finite; a share in 0-1, never in percent.

    Raises:
        ValueError: The key is no name, or the bound is not finite.

    >>> str(Requirement("recall", "T-shirt/top", False, ">=", 0.97))
    'recall["T-shirt/top"] >= 0.97'
    >>> str(Requirement("accuracy", None, True, ">=", -0.001))
    'delta.accuracy >= -0.001'
    """

    key: str
    class_name: str | None
    delta: bool
    operator: Operator
    bound: float

    def __post_init__(self) -> None:
        if not (self.key.isascii() and self.key.isidentifier()):
            raise ValueError(f"A key must be a name in ASCII. Received {self.key!r}.")
        if not isfinite(self.bound):
            raise ValueError(f"A bound must be finite. Received {self.bound!r}.")

    def __str__(self) -> str:
        return f"{self.subject} {self.operator} {self.bound!r}"

    @property
    def subject(self) -> str:
        """What is compared, as `recall[8]` or `delta.accuracy`."""
        return f"{'delta.' if self.delta else ''}{self.measure}"

    @property
    def measure(self) -> str:
        """What is measured, or whose difference is, as `recall[8]` or `accuracy`."""
        if self.class_name is None:
            return self.key
        return f"{self.key}[{bracketed(self.class_name)}]"


def bracketed(class_name: str) -> str:
    r"""Returns a class name as an expression holds it within its brackets.

    >>> print(bracketed("8"), bracketed('a "b"'), bracketed("c|d\n"))
    8 "a \"b\"" "c\u007cd\n"
    """
    if BARE_NAME.fullmatch(class_name):
        return class_name
    return '"' + "".join(map(_escaped, class_name)) + '"'


def _escaped(character: str) -> str:
    """Returns a character as a string of JSON holds it, escaped unless it shows."""
    if character in ESCAPED:
        return f"\\u{ord(character):04x}"
    # Quotes and backslashes print, yet JSON escapes them: it is asked in both cases.
    return json.dumps(character, ensure_ascii=not character.isprintable())[1:-1]


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a requirement is met, as far as the test rows can tell.

    Attributes:
        requirement: What was required.
        label: Name of the measure on a page.
        kind: How a page prints its value and the bound.
        outcome: "met" where the whole interval clears the bound, "not met" where none
            of it does, else "inconclusive".
        estimate: The value, None where it is undefined.
        more_rows: About how many more rows like these would end an inconclusive
            judgement, were the value to stay as it is; two digits, rounded up. None
            where that cannot be told, or nothing is left open.
        reason: Why no interval was judged, in words; None where one was.

    Raises:
        ValueError: The parts contradict one another.
    """

    requirement: Requirement
    label: str
    kind: Kind
    outcome: Outcome
    estimate: Estimate | None
    more_rows: int | None
    reason: str | None

    def __post_init__(self) -> None:
        if self.estimate is None and self.outcome != "not met":
            raise ValueError(
                "What is undefined must be not met. Received "
                f"{self.outcome!r} for {self.requirement}."
            )
        without = self.estimate is None or self.estimate.low is None
        if without != (self.reason is not None):
            raise ValueError(
                f"The judgement on {self.requirement} needs an interval, or a reason "
                "why none was judged, and not both."
            )
        if self.more_rows is not None and self.outcome != "inconclusive":
            raise ValueError(
                "Only an inconclusive judgement can ask for more rows. Received "
                f"{self.more_rows!r} for {self.requirement}, {self.outcome}."
            )
