"""Curves of one class against the rest, small enough to store and draw."""

import numpy as np
from numpy.typing import NDArray

from reportgen.metrics.ranking import distinct_steps
from reportgen.record import Curve

MAX_POINTS = 500
"""Points that one stored curve may have, about."""

Points = NDArray[np.float64]


def roc_curve(
    class_name: str, is_class: NDArray[np.bool_], y_score: NDArray[np.float64]
) -> Curve:
    """Returns true positive rate over false positive rate, from (0, 0) to (1, 1).

    Args:
        class_name: The class.
        is_class: (n,) bool with rows on both sides.
        y_score: (n,) score of the class.
    """
    hits, false_alarms = distinct_steps(is_class, y_score)
    x = np.concatenate([[0.0], false_alarms / false_alarms[-1]])
    y = np.concatenate([[0.0], hits / hits[-1]])
    return _curve(class_name, x, y)


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
    recall = hits / hits[-1]
    precision = hits / (hits + false_alarms)
    return _curve(
        class_name,
        np.concatenate([[0.0], recall]),
        np.concatenate([precision[:1], precision]),
    )


def _curve(class_name: str, x: Points, y: Points) -> Curve:
    """Returns the curve with few enough points."""
    kept_x, kept_y = _thinned(*_corners(x, y))
    return Curve(class_name, tuple(kept_x.tolist()), tuple(kept_y.tolist()), len(x))


def _corners(x: Points, y: Points) -> tuple[Points, Points]:
    """Drops points inside level and upright runs, which changes no line drawn."""
    level = (np.diff(y[:-1]) == 0) & (np.diff(y[1:]) == 0)
    upright = (np.diff(x[:-1]) == 0) & (np.diff(x[1:]) == 0)
    kept = np.concatenate([[True], ~(level | upright), [True]])
    return x[kept], y[kept]


def _thinned(x: Points, y: Points) -> tuple[Points, Points]:
    """Keeps the first point of every `MAX_POINTS`-th of the way, and the last point."""
    if len(x) <= MAX_POINTS:
        return x, y
    steps = np.abs(np.diff(x)) + np.abs(np.diff(y))
    way = np.concatenate([[0.0], np.cumsum(steps)])
    cell = np.floor(way / way[-1] * (MAX_POINTS - 2)).astype(np.int64)
    kept = np.concatenate([[True], np.diff(cell) > 0])
    kept[-1] = True
    return x[kept], y[kept]
