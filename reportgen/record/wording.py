"""Sentences that remember their numbers, so that a page can be checked.

A template, a caption and a finding never hold a bare digit that was measured: each
number is a `Quantity` taken from the record, and text is made of it here.

>>> str(sentence("{right} of {n} images.", right=count(13838), n=count(14000)))
'13,838 of 14,000 images.'
"""

from dataclasses import dataclass
from math import floor, log10
from string import Formatter
from typing import Literal
from unicodedata import category

from reportgen.record.estimates import Estimate, Score

Kind = Literal["count", "share", "number", "seconds"]

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
DIGITS: dict[Kind, int] = {"count": 0, "share": 2, "number": 4, "seconds": 1}
"""Decimals where neither an interval nor the author of a sentence says more."""


HIDDEN = frozenset({"Cc", "Cf", "Zl", "Zp"})
"""Unicode categories that steer text instead of showing."""

REPLACED = "\N{REPLACEMENT CHARACTER}"

CERTAIN_AT_1 = frozenset({"share", "number"})
"""Kinds in which 1 means that nothing is wrong, so that only 1 may print as 1."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of the record on its way to a page.

    Attributes:
        value: The number exactly as the record holds it.
        kind: What it is; shares are printed in percent.
        digits: Decimals to print.
        low: Lower bound to print beside it, or None.
        high: Upper bound to print beside it, or None.
    """

    value: float
    kind: Kind
    digits: int
    low: float | None = None
    high: float | None = None

    def __str__(self) -> str:
        """Returns the number and, where there is one, its interval in brackets."""
        text = self.text(self.value) + self.suffix
        if self.low is None or self.high is None:
            return text
        return f"{text} [{self.text(self.low)}, {self.text(self.high)}]"

    def text(self, value: float) -> str:
        """Returns the value in this quantity's kind and digits, without its unit.

        Rounding never makes a number certain: what is not 0 or 1 is printed as less or
        more than the last step before it, as in "> 99.99".
        """
        scale = 100 if self.kind == "share" else 1
        text = f"{value * scale:,.{self.digits}f}"
        step = 10**-self.digits
        if value > 0 and float(text.replace(",", "")) == 0:
            return f"<{NO_BREAK_SPACE}{step:.{self.digits}f}"
        if (
            value < 1
            and self.kind in CERTAIN_AT_1
            and text == f"{scale:.{self.digits}f}"
        ):
            return f">{NO_BREAK_SPACE}{scale - step:.{self.digits}f}"
        return text

    @property
    def suffix(self) -> str:
        """The unit behind the number."""
        units: dict[Kind, str] = {"share": "%", "seconds": "s"}
        unit = units.get(self.kind)
        return NO_BREAK_SPACE + unit if unit else ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """Text and numbers in reading order; `str()` gives the plain text."""

    parts: tuple[str | Quantity, ...]

    def __str__(self) -> str:
        return "".join(str(part) for part in self.parts)


def sentence(template: str, **values: str | Quantity) -> Sentence:
    """Returns the template with each `{name}` replaced by its value.

    Args:
        template: Text with `{name}` fields; no format specifications.
        values: Class names and other words as str, numbers as `Quantity`. Characters
            that print nothing but turn or break the text around them are replaced.

    Raises:
        KeyError: A field has no value.
    """
    parts: list[str | Quantity] = []
    for text, field, _, _ in Formatter().parse(template):
        parts.append(text)
        if field is not None:
            value = values[field]
            parts.append(visible(value) if isinstance(value, str) else value)
    return Sentence(tuple(part for part in parts if part != ""))


def visible(text: str) -> str:
    """Returns the text with control and direction characters as U+FFFD."""
    return "".join(REPLACED if category(c) in HIDDEN else c for c in text)


def encodable(text: str) -> str:
    """Returns the text with bytes that are no UTF-8 replaced, fit for JSON.

    Args:
        text: A word of the command line or a file's name, as Python hands it over.
    """
    return text.encode(errors="surrogateescape").decode(errors="replace")


def count(value: int) -> Quantity:
    """Returns a whole number, printed with thousands separated."""
    return Quantity(value, "count", 0)


def share(value: float, digits: int = DIGITS["share"]) -> Quantity:
    """Returns a proportion in 0-1, printed in percent."""
    return Quantity(value, "share", digits)


def number(value: float, digits: int = DIGITS["number"]) -> Quantity:
    """Returns a number without a unit."""
    return Quantity(value, "number", digits)


def seconds(value: float, digits: int = DIGITS["seconds"]) -> Quantity:
    """Returns a duration in seconds."""
    return Quantity(value, "seconds", digits)


def estimated(score: Score) -> str | Quantity:
    """Returns the score's value with its interval, or "n/a" where it is undefined."""
    if score.estimate is None:
        return "n/a"
    digits = _digits(score.estimate, score.unit)
    estimate = score.estimate
    return Quantity(estimate.value, score.unit, digits, estimate.low, estimate.high)


def point(score: Score) -> str | Quantity:
    """Returns the score's value alone, or "n/a" where it is undefined."""
    if score.estimate is None:
        return "n/a"
    digits = _digits(score.estimate, score.unit)
    return Quantity(score.estimate.value, score.unit, digits)


def _digits(estimate: Estimate, unit: Kind) -> int:
    """Returns decimals that show two significant digits of the interval's width."""
    if estimate.low is None or estimate.high is None or estimate.low == estimate.high:
        return DIGITS[unit]
    width = (estimate.high - estimate.low) * (100 if unit == "share" else 1)
    return min(max(1 - floor(log10(width)), 0), 6)
