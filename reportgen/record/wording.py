"""Sentences that remember their numbers, so that a page can be checked.

A template, a caption and a finding never hold a bare digit that was measured: each
number is a `Quantity` taken from the record, and text is made of it here.

>>> str(sentence("{right} of {n} images.", right=count(13838), n=count(14000)))
'13,838 of 14,000 images.'
"""

from dataclasses import dataclass, replace
from math import copysign, floor, log10
from string import Formatter
from typing import Literal
from unicodedata import category

from reportgen.record.estimates import Estimate, Score

Kind = Literal[
    "count", "share", "points", "number", "code", "seconds", "p_value", "p_phrase"
]

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
DIGITS: dict[Kind, int] = {
    "count": 0,
    "share": 2,
    "points": 2,
    "number": 4,
    "code": 0,
    "seconds": 1,
    "p_value": 2,
    "p_phrase": 2,
}
"""Decimals where neither an interval nor the author of a sentence says more."""

UNITS: dict[Kind, str] = {"share": "%", "points": "points", "seconds": "s"}
"""What stands behind a number; the other kinds have no unit."""

HUNDREDS: frozenset[Kind] = frozenset({"share", "points"})
"""Kinds that print a hundred times their value."""

P_KINDS: frozenset[Kind] = frozenset({"p_value", "p_phrase"})
"""Kinds of a p-value: alone in its cell, and with its name within a sentence."""

MOST_DECIMALS = 6
"""Decimals that a number is printed with, at most."""

LEAST_P = 0.001
"""p-values below it print as less than it: the tail of a test is not known so well."""

HIDDEN = frozenset({"Cc", "Cf", "Zl", "Zp"})
"""Unicode categories that steer text instead of showing."""

REPLACED = "\N{REPLACEMENT CHARACTER}"

CERTAIN_AT_1: frozenset[Kind] = P_KINDS | {"share", "number"}
"""Kinds in which 1 means that nothing is wrong, so that only 1 may print as 1."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of the record on its way to a page.

    Attributes:
        value: The number exactly as the record holds it.
        kind: What it is; shares are printed in percent, differences of shares in
            percentage points.
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
        text = self.prefix + self.text(self.value) + self.suffix
        if self.low is None or self.high is None:
            return text
        return f"{text} [{self.text(self.low)}, {self.text(self.high)}]"

    def text(self, value: float) -> str:
        """Returns the value in this quantity's kind and digits, without its unit.

        Rounding never makes a number certain: what is not 0 or 1 is printed as less or
        more than the last step before it, as in "> 99.99".
        """
        return self._rounded(value).replace("-", MINUS)

    def _rounded(self, value: float) -> str:
        """Returns the value in ASCII."""
        if self.kind == "code":  # adding 0 makes -0 plain
            return f"{round(value, self.digits) + 0.0:.{self.digits}f}"
        scale = 100 if self.kind in HUNDREDS else 1
        text = f"{value * scale:,.{self.digits}f}"
        step = 10**-self.digits
        if self.kind == "points" and not float(text.replace(",", "")):
            return f"{0:.{self.digits}f}"  # No difference is not a certainty.
        if self.kind in P_KINDS and value < LEAST_P:
            return f"<{NO_BREAK_SPACE}{LEAST_P}"
        if value and float(text.replace(",", "")) == 0:
            beyond = "<" if value > 0 else ">"
            return f"{beyond}{NO_BREAK_SPACE}{copysign(step, value):.{self.digits}f}"
        if value < 1 and self._is_bounded and text == f"{scale:.{self.digits}f}":
            return f">{NO_BREAK_SPACE}{scale - step:.{self.digits}f}"
        return text

    @property
    def _is_bounded(self) -> bool:
        """Whether 1 is the most that there is; an interval of a loss may go beyond."""
        return self.kind in CERTAIN_AT_1 and (self.high is None or self.high <= 1)

    @property
    def prefix(self) -> str:
        """The name before a p-value within a sentence, with the sign it asks for."""
        if self.kind != "p_phrase":
            return ""
        sign = "" if self.text(self.value)[0] in "<>" else f"{NO_BREAK_SPACE}="
        return f"p{sign}{NO_BREAK_SPACE}"

    @property
    def suffix(self) -> str:
        """The unit behind the number."""
        unit = UNITS.get(self.kind)
        if unit == "points" and self.text(self.value).lstrip(MINUS) == "1":
            unit = "point"
        return NO_BREAK_SPACE + unit if unit else ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """Text and numbers in reading order; `str()` gives the plain text."""

    parts: tuple[str | Quantity, ...]

    def __str__(self) -> str:
        return "".join(str(part) for part in self.parts)


def sentence(template: str, **values: str | Quantity | Sentence) -> Sentence:
    """Returns the template with each `{name}` replaced by its value.

    Args:
        template: Text with `{name}` fields; no format specifications.
        values: Class names and other words as str, numbers as `Quantity`, parts that
            were made before as `Sentence`. Characters of words that print nothing but
            turn or break the text around them are replaced.

    Raises:
        KeyError: A field has no value.
    """
    parts: list[str | Quantity] = []
    for text, field, _, _ in Formatter().parse(template):
        parts.append(text)
        if field is not None:
            parts += _parts(values[field])
    return Sentence(tuple(part for part in parts if part != ""))


def _parts(value: str | Quantity | Sentence) -> tuple[str | Quantity, ...]:
    """Returns what a field is replaced by."""
    if isinstance(value, Sentence):
        return value.parts
    return (visible(value) if isinstance(value, str) else value,)


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


def counted(value: int, noun: str) -> Sentence:
    """Returns a whole number with what it counts.

    >>> str(counted(1, "error")), str(counted(2, "error")), str(counted(2, "class"))
    ('1 error', '2 errors', '2 classes')
    """
    several = "es" if noun.endswith("s") else "s"
    return sentence("{n} " + noun + several * (value != 1), n=count(value))


def share(value: float, digits: int = DIGITS["share"]) -> Quantity:
    """Returns a proportion in 0-1, printed in percent."""
    return Quantity(value, "share", digits)


def number(value: float, digits: int = DIGITS["number"]) -> Quantity:
    """Returns a number without a unit."""
    return Quantity(value, "number", digits)


def code(value: float, digits: int = DIGITS["code"]) -> Quantity:
    """Returns a number that may be a year or a code: thousands are not separated.

    >>> str(code(2024))
    '2024'
    """
    return Quantity(value, "code", digits)


def seconds(value: float, digits: int = DIGITS["seconds"]) -> Quantity:
    """Returns a duration in seconds."""
    return Quantity(value, "seconds", digits)


def points(value: float, digits: int = DIGITS["points"]) -> Quantity:
    """Returns a difference of two shares, printed in percentage points."""
    return Quantity(value, "points", digits)


def chosen_share(value: float) -> Quantity:
    r"""Returns a proportion that someone chose, as a level, with the decimals it has.

    >>> str(chosen_share(0.95)), str(chosen_share(0.001))
    ('95\xa0%', '0.1\xa0%')
    """
    return share(value, len(f"{100 * value:.6f}".rstrip("0").partition(".")[2]))


def significant(value: float, kind: Kind, figures: int = 2) -> Quantity:
    """Returns a number with that many significant digits, at most six decimals."""
    return Quantity(value, kind, _decimals(value, kind, figures))


def p_value(value: float) -> Quantity:
    r"""Returns a p-value with two significant digits, "< 0.001" below that.

    >>> [str(p_value(p)) for p in (0.51, 0.0432, 0.0001)]
    ['0.51', '0.043', '<\xa00.001']
    """
    digits = max(_decimals(max(value, LEAST_P), "p_value", 2), DIGITS["p_value"])
    return Quantity(value, "p_value", digits)


def p_phrase(value: float) -> Sentence:
    r"""Returns a p-value as a part of a sentence, which no line's end breaks.

    >>> [str(p_phrase(p)) for p in (0.0432, 0.0001, 0.999)]
    ['p\xa0=\xa00.043', 'p\xa0<\xa00.001', 'p\xa0>\xa00.99']
    """
    return Sentence((replace(p_value(value), kind="p_phrase"),))


def quantity(estimate: Estimate, kind: Kind) -> Quantity:
    r"""Returns an estimate with its interval, if it has one.

    That of a difference ends on the side of zero that it is on.

    Args:
        estimate: Value and interval.
        kind: How a page prints them.

    >>> str(quantity(Estimate(0.06, 0.0003, 0.12, 0.95, "BCa", 90), "points"))
    '6.00\xa0points [0.03, 12.00]'
    """
    digits = _digits(estimate, kind)
    found = Quantity(estimate.value, kind, digits, estimate.low, estimate.high)
    return off_zero(found)


def off_zero(found: Quantity) -> Quantity:
    """Returns the quantity, of a difference with decimals that keep its ends off 0.

    Points print a bare 0 for what rounds to it: as the value of a difference that is
    no certainty, as its end it would say that zero is reached.

    Args:
        found: A quantity, with its interval if it has one.
    """
    if found.kind != "points" or found.low is None:
        return found
    return told_apart(found, 0.0)


def told_apart(found: Quantity, *marks: float) -> Quantity:
    """Returns the quantity with decimals that show on which side of the marks it is.

    An interval that ends at 98.496 would else stand beside a bound of 98.5 as if it
    reached it. Without an interval the value counts, else its ends.

    Args:
        found: A quantity.
        marks: What it was judged by, in its own unit.

    >>> str(told_apart(Quantity(0.5, "number", 1, 0.29, 0.7), 0.3))
    '0.50 [0.29, 0.70]'
    """
    ends = [end for end in (found.low, found.high) if end is not None]
    for digits in range(found.digits, MOST_DECIMALS + 1):
        finer = replace(found, digits=digits)
        if all(
            end == mark or finer.text(end) != finer.text(mark)
            for end in ends or [found.value]
            for mark in marks
        ):
            return finer
    return found


def in_order(first: Quantity, second: Quantity) -> tuple[Quantity, Quantity]:
    """Returns both, in more decimals where rounding hides which is the greater.

    Args:
        first: A quantity.
        second: Another in the same unit, maybe of other decimals.

    >>> [str(one) for one in in_order(number(13.398, 1), number(13.412, 0))]
    ['13.40', '13.41']
    """
    for digits in range(max(first.digits, second.digits), MOST_DECIMALS + 1):
        if _is_ordered(first, second):
            break
        first, second = replace(first, digits=digits), replace(second, digits=digits)
    return first, second


def _is_ordered(first: Quantity, second: Quantity) -> bool:
    """Returns whether the rounded values are as the values are, equal or not."""
    places = 2 if first.kind in HUNDREDS else 0
    one, other = (round(each.value, each.digits + places) for each in (first, second))
    true = first.value - second.value
    return (one > other) == (true > 0) and (one < other) == (true < 0)


def estimated(score: Score) -> str | Quantity:
    """Returns the score's value with its interval, or "n/a" where it is undefined."""
    if score.estimate is None:
        return "n/a"
    return quantity(score.estimate, score.unit)


def point(score: Score) -> str | Quantity:
    """Returns the score's value alone, or "n/a" where it is undefined."""
    if score.estimate is None:
        return "n/a"
    digits = _digits(score.estimate, score.unit)
    return Quantity(score.estimate.value, score.unit, digits)


def _digits(estimate: Estimate, kind: Kind) -> int:
    """Returns decimals that show two significant digits of the interval's width."""
    if estimate.low is None or estimate.high is None or estimate.low == estimate.high:
        return DIGITS[kind]
    return _decimals(estimate.high - estimate.low, kind, 2)


def _decimals(value: float, kind: Kind, figures: int) -> int:
    """Returns decimals that show that many significant digits, at most six."""
    if value == 0:
        return DIGITS[kind]
    printed = abs(value) * (100 if kind in HUNDREDS else 1)
    return min(max(figures - 1 - floor(log10(printed)), 0), MOST_DECIMALS)
