"""The only way for a number onto a page: from the record, with its exact value.

Every measured number stands in `<data value="EXACT">as printed</data>`, where EXACT
is the number that record.json holds, so that a machine can check the page.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from markupsafe import Markup, escape

from reportgen.record import (
    CalibrationBin,
    Difference,
    Estimate,
    IntervalCheck,
    Quantity,
    Score,
    Sentence,
    Unit,
    chosen_share,
    count,
    estimated,
    number,
    off_zero,
    p_phrase,
    p_value,
    points,
    quantity,
    seconds,
    share,
    significant,
)
from reportgen.record.wording import DIGITS, Kind

UNDEFINED = Markup('<span class="undefined">n/a</span>')
NOTHING = Markup("")

HYPHENED = re.compile(r"(?<![\w-])(--[a-z-]{1,24}|p-values?)(?![\w-])")
"""Words that a line's end would part at a hyphen, none too long for a line."""


def data(found: Quantity) -> Markup:
    r"""Returns one number without its interval.

    >>> data(share(0.75))
    Markup('<data value="0.75">75.00\xa0%</data>')
    """
    text = found.text(found.value) + found.suffix
    return Markup('<data value="{}">{}</data>').format(repr(found.value), text)


def bracket(found: Quantity) -> Markup:
    """Returns the interval of a number in brackets, nothing where it has none."""
    if found.low is None or found.high is None:
        return NOTHING
    return Markup('<span class="interval">[{}, {}]</span>').format(
        _bound(found, found.low), _bound(found, found.high)
    )


def _bound(found: Quantity, value: float) -> Markup:
    """Returns a bound in the kind and digits of its number, without the unit."""
    text = Markup('<data value="{}">{}</data>')
    return text.format(repr(value), found.text(value))


def prose(sentence: Sentence) -> Markup:
    """Returns a sentence with its words escaped and its numbers checkable."""
    return Markup().join(_part(part) for part in sentence.parts)


def _part(part: str | Quantity) -> Markup:
    """Returns a word, or a number with its name or its interval.

    A space before a number stands in an element of its own: where the text fits a line
    and its last space does not, WeasyPrint breaks the line behind its first word.
    """
    if isinstance(part, Quantity):
        return _whole(part)
    if part.endswith(" "):
        return _words(part[:-1]) + Markup("<span> </span>")
    return _words(part)


def _words(text: str) -> Markup:
    """Returns text in which no line ends within the name of an option, or a p-value."""
    whole = Markup('<span class="whole">{}</span>')
    pieces = HYPHENED.split(text)  # every second of them is hyphened
    return Markup().join(
        whole.format(piece) if place % 2 else escape(piece)
        for place, piece in enumerate(pieces)
    )


def _whole(found: Quantity) -> Markup:
    """Returns a number with its name or its interval, if it has one."""
    if found.prefix:
        named = Markup('<span class="p-value">{}{}</span>')
        return named.format(found.prefix, data(found))
    beside = bracket(found)
    return data(found) + (" " + beside if beside else "")


def estimate(score: Score) -> Markup:
    """Returns a score's value with its interval, "n/a" where it is undefined."""
    found = estimated(score)
    return UNDEFINED if isinstance(found, str) else _whole(found)


def value(
    score: Score, share_digits: int | None = None, number_digits: int | None = None
) -> Markup:
    """Returns a score's value, "n/a" where it is undefined.

    Args:
        score: What to print.
        share_digits: Decimals of a percentage; as its interval asks where None.
        number_digits: Likewise of a number without a unit.
    """
    found = _quantity(score, share_digits, number_digits)
    return UNDEFINED if found is None else data(found)


def interval(
    score: Score, share_digits: int | None = None, number_digits: int | None = None
) -> Markup:
    """Returns a score's interval, nothing where it has none; arguments as `value`."""
    found = _quantity(score, share_digits, number_digits)
    return NOTHING if found is None else bracket(found)


def _quantity(
    score: Score, share_digits: int | None, number_digits: int | None
) -> Quantity | None:
    """Returns the score on its way to the page, with those decimals."""
    found = estimated(score)
    if isinstance(found, str):
        return None
    digits = share_digits if found.kind == "share" else number_digits
    return found if digits is None else replace(found, digits=digits)


def ranged(found: Estimate | None, kind: Kind, digits: int | None = None) -> Markup:
    """Returns an estimate of that kind with its interval, "n/a" where there is none."""
    return UNDEFINED if found is None else _whole(_of(found, kind, digits))


def ranged_value(
    found: Estimate | None, kind: Kind, digits: int | None = None
) -> Markup:
    """Returns an estimate without its interval, "n/a" where there is none."""
    return UNDEFINED if found is None else data(_of(found, kind, digits))


def ranged_bounds(
    found: Estimate | None, kind: Kind, digits: int | None = None
) -> Markup:
    """Returns the interval of an estimate, nothing where it has none."""
    return NOTHING if found is None else bracket(_of(found, kind, digits))


def most_decimals(found: Iterable[Estimate | None], kind: Kind) -> int:
    """Returns the most decimals that any of a column asks for, to align it by."""
    return max((quantity(one, kind).digits for one in found if one), default=0)


def decimals(proportion: float) -> int:
    """Returns the decimals that show two significant digits of a share."""
    return significant(proportion, "share").digits


def _of(found: Estimate, kind: Kind, digits: int | None) -> Quantity:
    """Returns an estimate on its way to the page, with those decimals."""
    made = quantity(found, kind)
    return made if digits is None else off_zero(replace(made, digits=digits))


def optional(proportion: float | None) -> Markup:
    """Returns a share that may be undefined."""
    return UNDEFINED if proportion is None else data(significant(proportion, "share"))


def spread(standard_error: float, unit: Unit) -> Markup:
    """Returns a standard error, that of a share in percentage points."""
    return data(significant(standard_error, "points" if unit == "share" else unit))


def bootstrap_interval(check: IntervalCheck) -> Markup:
    """Returns the percentile bounds over the replicates of a bootstrap."""
    low, high = check.bootstrap_low, check.bootstrap_high
    digits = significant(high - low, check.unit).digits
    return bracket(Quantity(low, check.unit, digits, low, high))


def exact(setting: float) -> Markup:
    """Returns a setting, as a seed or a learning rate, in all its digits."""
    return Markup('<data value="{0}">{0}</data>').format(repr(setting))


def shape(sizes: Iterable[int | None]) -> Markup:
    """Returns sizes with a multiplication sign between them; None is any length."""
    shown = ("any" if size is None else data(count(size)) for size in sizes)
    return Markup(" \N{MULTIPLICATION SIGN} ").join(shown)


def percent(proportion: float) -> Markup:
    """Returns a level, threshold or target in percent, with the decimals it has."""
    return data(chosen_share(proportion))


def before(one: Difference) -> Markup:
    """Returns the baseline's score, "n/a" where it is undefined."""
    return _side(one, one.baseline)


def after(one: Difference) -> Markup:
    """Returns the candidate's score, "n/a" where it is undefined."""
    return _side(one, one.candidate)


def _side(one: Difference, score: float | None) -> Markup:
    """Returns a score in the decimals of its difference."""
    if score is None:
        return UNDEFINED
    digits = DIGITS[one.unit] if one.estimate is None else _changed(one).digits
    return data(Quantity(score, one.unit, digits))


def change(one: Difference) -> Markup:
    """Returns a difference, of two shares in points; "n/a" where it is undefined."""
    return UNDEFINED if one.estimate is None else data(_changed(one))


def change_bounds(one: Difference) -> Markup:
    """Returns the interval of a difference, nothing where it has none."""
    return NOTHING if one.estimate is None else bracket(_changed(one))


def gained(one: Difference) -> Markup:
    """Returns a sign where a difference is clear of zero, with words for a listener."""
    signs = {1: ("▲", "better"), -1: ("▼", "worse")}
    if one.gain not in signs:
        return NOTHING
    sign, word = signs[one.gain]
    role = "met" if one.gain > 0 else "not-met"
    made = Markup('<span class="outcome {}" role="img" aria-label="{}">{}</span> ')
    return made.format(role, word, sign)


def _changed(one: Difference) -> Quantity:
    """Returns a defined difference on its way to the page."""
    assert one.estimate is not None
    return quantity(one.estimate, "points" if one.unit == "share" else "number")


def probability(proportion: float | None) -> Markup:
    """Returns a probability, "n/a" where labels alone were predicted."""
    return UNDEFINED if proportion is None else data(share(proportion))


def margin(proportion: float) -> Markup:
    """Returns a margin in points, with the decimals that it has."""
    return data(points(proportion, chosen_share(proportion).digits))


def frequency_interval(observed: CalibrationBin) -> Markup:
    """Returns the interval of the share that came true in a bin."""
    low, high = observed.frequency_low, observed.frequency_high
    return bracket(replace(share(observed.frequency), low=low, high=high))


FILTERS: dict[str, Callable[..., Markup | int]] = {
    "after": after,
    "before": before,
    "bootstrap_interval": bootstrap_interval,
    "bounds": ranged_bounds,
    "bracket": bracket,
    "change": change,
    "change_bounds": change_bounds,
    "confidence": lambda p: data(share(p, 3)),
    "count": lambda n: data(count(n)),
    "data": data,
    "decimals": decimals,
    "estimate": estimate,
    "exact": exact,
    "frequency_interval": frequency_interval,
    "gained": gained,
    "interval": interval,
    "margin": margin,
    "most_decimals": most_decimals,
    "number": lambda x, digits=4: data(number(x, digits)),
    "optional": optional,
    "p": lambda p: prose(p_phrase(p)),
    "p_value": lambda p: data(p_value(p)),
    "percent": percent,
    "points": lambda x: data(significant(x, "points")),
    "probability": probability,
    "prose": prose,
    "ranged": ranged,
    "ranged_value": ranged_value,
    "rate": lambda x: data(number(x, 6 if x else 0)),
    "seconds": lambda s: data(seconds(s)),
    "shape": shape,
    "share": lambda p, digits=2: data(share(p, digits)),
    "significant": lambda p: data(significant(p, "share")),
    "spread": spread,
    "value": value,
    "whole": _whole,
}
"""By the name under which templates know them."""
