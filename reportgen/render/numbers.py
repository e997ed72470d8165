"""The only way for a number onto a page: from the record, with its exact value.

Every measured number stands in `<data value="EXACT">as printed</data>`, where EXACT
is the number that record.json holds, so that a machine can check the page.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from markupsafe import Markup, escape

from reportgen.record import (
    CalibrationBin,
    Quantity,
    Score,
    Sentence,
    count,
    estimated,
    number,
    seconds,
    share,
)

UNDEFINED = Markup('<span class="undefined">n/a</span>')
NOTHING = Markup("")


def data(quantity: Quantity) -> Markup:
    r"""Returns one number without its interval.

    >>> data(share(0.75))
    Markup('<data value="0.75">75.00\xa0%</data>')
    """
    text = quantity.text(quantity.value) + quantity.suffix
    return Markup('<data value="{}">{}</data>').format(repr(quantity.value), text)


def bracket(quantity: Quantity) -> Markup:
    """Returns the interval of a number in brackets, nothing where it has none."""
    if quantity.low is None or quantity.high is None:
        return NOTHING
    return Markup('<span class="interval">[{}, {}]</span>').format(
        _bound(quantity, quantity.low), _bound(quantity, quantity.high)
    )


def _bound(quantity: Quantity, value: float) -> Markup:
    """Returns a bound in the kind and digits of its number, without the unit."""
    text = Markup('<data value="{}">{}</data>')
    return text.format(repr(value), quantity.text(value))


def prose(sentence: Sentence) -> Markup:
    """Returns a sentence with its words escaped and its numbers checkable."""
    return Markup().join(_part(part) for part in sentence.parts)


def _part(part: str | Quantity) -> Markup:
    """Returns a word or a number with its interval."""
    return escape(part) if isinstance(part, str) else _whole(part)


def _whole(quantity: Quantity) -> Markup:
    """Returns a number with its interval, if it has one."""
    beside = bracket(quantity)
    return data(quantity) + (" " + beside if beside else "")


def estimate(score: Score) -> Markup:
    """Returns a score's value with its interval, "n/a" where it is undefined."""
    quantity = estimated(score)
    return UNDEFINED if isinstance(quantity, str) else _whole(quantity)


def value(score: Score, share_digits: int | None = None) -> Markup:
    """Returns a score's value, "n/a" where it is undefined."""
    quantity = _quantity(score, share_digits)
    return UNDEFINED if quantity is None else data(quantity)


def interval(score: Score, share_digits: int | None = None) -> Markup:
    """Returns a score's interval, nothing where it has none."""
    quantity = _quantity(score, share_digits)
    return NOTHING if quantity is None else bracket(quantity)


def _quantity(score: Score, share_digits: int | None) -> Quantity | None:
    """Returns the score on its way to the page, percentages with those decimals."""
    quantity = estimated(score)
    if isinstance(quantity, str):
        return None
    if share_digits is not None and quantity.kind == "share":
        return replace(quantity, digits=share_digits)
    return quantity


def exact(setting: float) -> Markup:
    """Returns a setting, as a seed or a learning rate, in all its digits."""
    return Markup('<data value="{0}">{0}</data>').format(repr(setting))


def shape(sizes: Iterable[int]) -> Markup:
    """Returns sizes with a multiplication sign between them."""
    return Markup(" \N{MULTIPLICATION SIGN} ").join(data(count(size)) for size in sizes)


def percent(proportion: float) -> Markup:
    """Returns a confidence level or threshold in whole percent."""
    return data(share(proportion, 0))


def frequency_interval(observed: CalibrationBin) -> Markup:
    """Returns the interval of the share that came true in a bin."""
    low, high = observed.frequency_low, observed.frequency_high
    return bracket(replace(share(observed.frequency), low=low, high=high))


FILTERS: dict[str, Callable[..., Markup]] = {
    "confidence": lambda p: data(share(p, 3)),
    "count": lambda n: data(count(n)),
    "estimate": estimate,
    "exact": exact,
    "frequency_interval": frequency_interval,
    "interval": interval,
    "number": lambda x: data(number(x)),
    "percent": percent,
    "prose": prose,
    "rate": lambda x: data(number(x, 6)),
    "seconds": lambda s: data(seconds(s)),
    "shape": shape,
    "share": lambda p: data(share(p)),
    "value": value,
}
"""By the name under which templates know them."""
