"""A column cut into slices: numbers at their quantiles, texts by their values."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportgen.natural import natural
from reportgen.predictions import Column

BINS = 5
"""Slices of a column of numbers, at most; those without one come on top."""

MOST_VALUES = 200
"""Values of a text above which its column is not cut."""

MOST_DIGITS = 6
"""Decimals that the end of a range is printed with, at most."""

GREATEST = 1e15
"""Size of a number above which its column is not cut: no page could tell it."""

LEAST_ROWS = 30
"""Rows below which a slice is not looked at."""

NOT_LINES = (
    "it is measured of lines on a plain ground only, and fewer than nine in ten of the "
    "images show any that it could be measured of"
)
"""Why a property that holds no value was not measured of the images."""


@dataclass(frozen=True, slots=True)
class Part:
    """One value or range of a column; neither where the value is missing.

    Attributes:
        value: The text.
        low: The least number.
        high: The greatest number.
    """

    value: str | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """A column cut into parts.

    Attributes:
        parts: In natural order, the missing last.
        codes: (n,) the part of each row.
        digits: Decimals that the ends of ranges are printed with.
    """

    parts: tuple[Part, ...]
    codes: NDArray[np.int64]
    digits: int = 0

    def counts(self) -> NDArray[np.int64]:
        """Returns the rows of each part."""
        return np.bincount(self.codes, minlength=len(self.parts))


def cut(column: Column) -> Cut | str:
    """Returns the parts of a column, or why it has none to compare.

    Numbers of at most `BINS` values are cut by value; of more, at quantiles: ties stay
    together, and no more parts are made than there are times `LEAST_ROWS` rows.
    Rows without a value are a part of their own.

    Args:
        column: n rows.
    """
    found = _texts(column) if column.values.dtype.kind == "U" else _numbers(column)
    if isinstance(found, str):
        return found
    if not found.parts or (len(found.parts) == 1 and found.parts[0] == Part()):
        return NOT_LINES if column.origin == "image" else "it holds no value"
    if len(found.parts) == 1:
        alone = found.parts[0]
        return (
            "all rows have one value"
            if alone.low == alone.high
            else "there are too few rows to cut it"
        )
    if found.counts().max() < LEAST_ROWS:
        return f"none of its values has {LEAST_ROWS} rows"
    return found


def _texts(column: Column) -> Cut | str:
    """Returns a column of texts cut by value, or why it is not."""
    values, codes = np.unique(column.values, return_inverse=True)
    texts = [str(value) for value in values]
    known = sorted((text for text in texts if text), key=natural)
    if len(known) > MOST_VALUES:
        return f"it has {len(known):,} values, more than {MOST_VALUES}"
    place = {text: at for at, text in enumerate(known)} | {"": len(known)}
    order = np.array([place[text] for text in texts], dtype=np.int64)
    missing = (Part(),) if "" in texts else ()
    return Cut((*(Part(value=text) for text in known), *missing), order[codes])


def _numbers(column: Column) -> Cut | str:
    """Returns a column of numbers cut at quantiles, or why it is not."""
    values = column.values.astype(np.float64, copy=False)
    known = ~np.isnan(values)
    if np.abs(values[known]).max(initial=0) > GREATEST:
        return "it holds numbers of more than fifteen digits"
    found = np.sort(values[known])
    uppers = _uppers(found)
    codes = np.full(len(values), len(uppers), dtype=np.int64)
    codes[known] = np.searchsorted(uppers, values[known], side="left")
    starts = np.searchsorted(found, uppers[:-1], side="right")
    lowers = found[np.concatenate(([0], starts)).astype(np.int64)[: len(uppers)]]
    ends = list(zip(lowers.tolist(), uppers.tolist(), strict=True))
    parts = tuple(Part(low=low, high=high) for low, high in ends)
    missing = () if known.all() else (Part(),)
    digits = _digits(parts)
    if len({(round(low, digits), round(high, digits)) for low, high in ends}) < len(
        parts
    ):
        return f"its numbers lie too close together for {MOST_DIGITS} decimals"
    return Cut((*parts, *missing), codes, digits)


def _uppers(ordered: NDArray[np.float64]) -> NDArray[np.float64]:
    """Returns the greatest number of each part, in rising order.

    Args:
        ordered: (n,) the numbers that are known, in rising order.
    """
    n, distinct = len(ordered), np.unique(ordered)
    if len(distinct) <= BINS:
        return distinct
    bins = min(max(n // LEAST_ROWS, 1), BINS)
    last = (np.arange(1, bins + 1) * n + bins - 1) // bins - 1
    uppers = np.unique(ordered[last])
    if bins > 1 and len(uppers) == 1:  # most rows have the greatest number
        return distinct[-2:]
    return uppers


def _digits(parts: tuple[Part, ...]) -> int:
    """Returns the decimals that print all ends exactly, or a tenth of any range."""
    ends = [end for one in parts for end in (one.low, one.high) if end is not None]
    lows, highs = np.array(ends[::2]), np.array(ends[1::2])
    widths = np.concatenate((np.diff(lows), highs - lows))
    narrowest = widths[widths > 0].min(initial=np.inf)
    for digits in range(MOST_DIGITS):
        exact = all(round(end, digits) == end for end in ends)
        if exact or 10**-digits <= narrowest / 10:
            return digits
    return MOST_DIGITS
