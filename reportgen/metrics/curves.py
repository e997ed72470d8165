"""Curves of one class against the rest, small enough to store and draw."""

import numpy as np
from numpy.typing import NDArray

from reportgen.metrics.ranking import distinct_steps
from reportgen.record import Curve

MAX_POINTS = 500
"""Points that one stored curve may have."""

Points = NDArray[np.float64]


def roc_curve(
    class_name: str, is_class: NDArray[np.bool_], y_score: NDArray[np.float64]
) -> Curve:
    """Returns true positive rate over false positive rate, from (0, 0) to (1, 1).

    Points are kept for two pictures: over the rate as it is, and over its logarithm.

    Args:
        class_name: The class.
        is_class: (n,) bool with rows on both sides.
        y_score: (n,) score of the class.
    """
    hits, false_alarms = distinct_steps(is_class, y_score)
    x = np.concatenate([[0.0], false_alarms / false_alarms[-1]])
    y = np.concatenate([[0.0], hits / hits[-1]])
    corners = _corners(x, y)
    x, y = x[corners], y[corners]
    kept = thinned((x, logarithm(x)), y, MAX_POINTS)
    return _curve(class_name, x[kept], y[kept], len(corners))


def precision_recall_curve(
    class_name: str, is_class: NDArray[np.bool_], y_score: NDArray[np.float64]
) -> Curve:
    """Returns precision over recall, from the strictest threshold to the loosest.

    The first point repeats the strictest threshold's precision at recall 0. The curve
    ends where every row of the class is found: what follows only loses precision.

    Args:
        class_name: The class.
        is_class: (n,) bool with at least one row of the class.
        y_score: (n,) score of the class.
    """
    hits, false_alarms = distinct_steps(is_class, y_score)
    end = int(np.searchsorted(hits, hits[-1])) + 1
    hits, false_alarms = hits[:end], false_alarms[:end]
    precision = hits / (hits + false_alarms)
    x = np.concatenate([[0.0], hits / hits[-1]])
    y = np.concatenate([precision[:1], precision])
    corners = _corners(x, y)
    x, y = x[corners], y[corners]
    kept = thinned((x,), y, MAX_POINTS)
    return _curve(class_name, x[kept], y[kept], len(corners))


def _curve(class_name: str, x: Points, y: Points, exact_points: int) -> Curve:
    """Returns the curve of the points kept."""
    return Curve(class_name, tuple(x.tolist()), tuple(y.tolist()), exact_points)


def _corners(x: Points, y: Points) -> NDArray[np.bool_]:
    """Returns (p,) which points do not lie inside level and upright runs."""
    level = (np.diff(y[:-1]) == 0) & (np.diff(y[1:]) == 0)
    upright = (np.diff(x[:-1]) == 0) & (np.diff(x[1:]) == 0)
    return np.concatenate([[True], ~(level | upright), [True]])


def logarithm(values: Points) -> Points:
    """Returns log10, with 0 beside the least value above it; all 0 where none is."""
    above = values[values > 0]
    if not len(above):
        return np.zeros_like(values)
    logged: Points = np.log10(np.maximum(values, above.min()))
    return logged


def thinned(pictures: tuple[Points, ...], y: Points, most: int) -> NDArray[np.int64]:
    """Returns which points to keep so that the line drawn through them looks the same.

    A point counts as much as the triangle that it makes with its two neighbours, in the
    picture where that is greatest. Those that count least go first, never two
    neighbours at once, and triangles are measured anew, until few enough are left.

    Args:
        pictures: One (p,) abscissa, rising or falling, for each scale on which the
            line will be drawn; each is measured in shares of its span.
        y: (p,) ordinates, on a scale of about 1.
        most: Points to keep at most, 2 or more.

    Returns:
        (q,) int64 indices, rising, the first and the last point among them.

    Source:
        Visvalingam and Whyatt 1993, Line generalisation by repeated elimination of
        points; here many points a round, so that a million take less than a second.
    """
    spans = tuple(x / (np.ptp(x) or 1.0) for x in pictures)
    kept = np.arange(len(y))
    odd = False
    while len(kept) > most:
        least = _least(spans, y, kept, most)
        gone = least[least % 2 == odd][: len(kept) - most]
        kept = np.delete(kept, gone)
        odd = not odd
    return kept


def _least(
    spans: tuple[Points, ...], y: Points, kept: NDArray[np.int64], most: int
) -> NDArray[np.int64]:
    """Returns the inner places of `kept` that count least, up to half of them."""
    counts = np.max([_triangles(x[kept], y[kept]) for x in spans], axis=0)
    last = min(len(kept) - most, (len(counts) + 1) // 2) - 1
    limit = np.partition(counts, last)[last]
    return np.flatnonzero(counts <= limit) + 1


def _triangles(x: Points, y: Points) -> Points:
    """Returns (p - 2,) twice the area of each inner point and its two neighbours."""
    dx, dy = np.diff(x), np.diff(y)
    doubled: Points = np.abs(dx[:-1] * dy[1:] - dx[1:] * dy[:-1])
    return doubled
