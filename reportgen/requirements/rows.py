"""How many more rows an inconclusive judgement asks for."""

from bisect import bisect_right
from math import ceil, sqrt
from statistics import NormalDist

from reportgen.record import Estimate

SCORE_METHODS = frozenset({"Wilson", "influence values", "DeLong", "Newcombe"})
"""Intervals that hold the shares p0 with |p - p0| <= z sqrt(p0 (1 - p0) / n), or, of an
area, shrink towards an end of its range as such intervals do."""

UNION_METHOD = "Wilson of the union"
"""Such an interval of J, shown as that of F1 = 2 J / (1 + J)."""

PAIRED_METHOD = "Bonett-Price"
"""The interval of a difference that counts two rows more than there are, one each way:
what they add fades with the rows themselves, not with their square root."""

MOST_ROWS = 10**9
"""More than anyone labels: a value so near its bound counts as lying on it."""

FIGURES = 2
"""Digits of the answer: the value itself will move as well."""


def more_rows(estimate: Estimate, bound: float, least: float | None) -> int | None:
    """Returns about how many more rows would move the interval off the bound.

    The value p is taken to stay, and the distance d from it to the end e of the
    interval beyond the bound b to shrink with the square root of the rows: the bound,
    at the distance g, is left behind at n (d / g)² rows. A score interval also depends
    on the spread x (1 - x) at its own end, so there it is
    n (d / g)² b (1 - b) / (e (1 - e)), for Wilson's interval exactly
    z² b (1 - b) / (p - b)². So do the intervals of an area: Newcombe's of an area of 1
    likewise, those on the logit scale about. Bonett and Price's is computed again with
    as large a share of fixes and regressions among more rows.

    Args:
        estimate: A value with an interval around the bound.
        bound: In `estimate`'s unit.
        least: Lower end of the measure's range up to 1, or None for a difference and
            whatever else is no share.

    Returns:
        At least 1, two digits, rounded up; None where the value lies on its bound or
        too near to tell, or the bound not within the interval.

    >>> more_rows(Estimate(0.5, 0.4, 0.6, 0.95, "BCa", 100), 0.45, None)  # 4 n in all
    300
    """
    if estimate.low is None or estimate.high is None:
        return None
    value, end = estimate.value, estimate.low
    if bound > value:
        end = estimate.high
    if least is not None and estimate.method in {*SCORE_METHODS, UNION_METHOD}:
        value, end, bound = (
            _proportion(one, least, estimate.method) for one in (value, end, bound)
        )
        factor = _score_factor(value, end, bound)
    else:
        factor = _factor(value, end, bound)
    if factor is not None and estimate.method == PAIRED_METHOD:
        factor = _paired_rows(estimate, bound) / estimate.n
    if factor is None or factor < 1 or not 0 < estimate.n * factor <= MOST_ROWS:
        return None
    return _rounded_up(max(ceil(estimate.n * factor) - estimate.n, 1))


def _proportion(value: float, least: float, method: str) -> float:
    """Returns the share in 0-1 whose score interval is known."""
    share = (value - least) / (1 - least)
    return share / (2 - share) if method == UNION_METHOD else share


def _score_factor(value: float, end: float, bound: float) -> float | None:
    """Returns rows needed over rows there are, by a score interval."""
    spread, wanted = end * (1 - end), bound * (1 - bound)
    plain = _factor(value, end, bound)
    if plain is None or spread <= 0 or wanted <= 0:  # an end of the range
        return plain
    return plain * wanted / spread


def _factor(value: float, end: float, bound: float) -> float | None:
    """Returns rows needed over rows there are, by the distances alone."""
    if value == bound:
        return None
    ratio = (value - end) / (value - bound)
    return ratio * ratio  # a power would raise where this is infinite


def _paired_rows(estimate: Estimate, bound: float) -> int:
    """Returns the rows at which Bonett and Price's interval clears the bound.

    Over n + 2 rows its centre is c = value n / (n + 2) and its half width
    z sqrt((s - c²) / (n + 2)), with s the share of fixes, regressions and the two added
    rows: the end that is not cut at -1 or 1 tells s, and s (n + 2) - 2 is how many rows
    changed.
    """
    low, high, level = estimate.low, estimate.high, estimate.level
    assert low is not None
    assert high is not None
    assert level is not None
    n, value = estimate.n, estimate.value
    z, centre = NormalDist().inv_cdf((1 + level) / 2), value * n / (n + 2)
    share = (max(centre - low, high - centre) / z) ** 2 * (n + 2) + centre**2
    changed = max(share * (n + 2) - 2, 0) / n
    side = 1 if value > bound else -1

    def cleared_by(rows: int) -> float:
        """Returns how far the interval of so many rows is beyond the bound."""
        centre = value * rows / (rows + 2)
        spread = (changed * rows + 2) / (rows + 2) - centre**2
        return side * (centre - bound) - z * sqrt(max(spread, 0) / (rows + 2))

    return bisect_right(range(MOST_ROWS), 0.0, lo=n, key=cleared_by)


def _rounded_up(rows: int) -> int:
    """Returns a whole number with two digits that are not 0, never less.

    >>> [_rounded_up(rows) for rows in (7, 99, 101, 4123, 4200)]
    [7, 99, 110, 4200, 4200]
    """
    step: int = 10 ** max(len(str(rows)) - FIGURES, 0)
    return -(-rows // step) * step
