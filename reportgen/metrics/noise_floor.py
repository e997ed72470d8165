"""What a perfectly calibrated model of the same probabilities would show by chance.

Test sets are drawn from the probabilities, y* ~ Categorical(p) row by row, and each one
is judged as the true one is. A trained model seldom misses, so only the misses are
drawn: this is exact, and a hundredth of the work where one row in a hundred is wrong.

1. The chance of a miss is the sum of the other classes' probabilities. Rows are sorted
   into levels, each with the power of two that is next above their chances.
2. In a level, all draws of all rows lie on one line. Candidates stand on it at
   geometric distances, as if each place had the level's chance of being one.
3. A candidate is a miss with its row's chance over the level's; one uniform number
   decides that and to which of the other classes the label went.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import floor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.metrics.reliability import ROUNDING, Binned
from reportgen.record import NoiseFloor, Sampling

LEVELS = 40
"""Rows that miss with a chance under 2 ** -40 never do: a million of them would in a
thousand draws once in a thousand reports."""

BLOCK_MISSES = 2**19
"""Misses drawn at a time, about; each takes some hundred bytes on its way."""

BLOCK_CELLS = 2**21
"""Rows times classes taken at a time at most."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class NullErrors:
    """Calibration errors over test sets drawn from the probabilities.

    Attributes:
        top: (families, draws) errors of the predicted class's probability.
        classes: (k, draws) errors of each class's own probability, (0, draws) where
            they were not asked for.
    """

    top: Floats
    classes: Floats


def null_errors(
    y_proba: Floats,
    y_pred: Ints,
    *,
    top: tuple[Binned, ...],
    classes: tuple[Binned, ...],
    sampling: Sampling,
) -> NullErrors:
    """Returns the errors of test sets whose labels obey the probabilities.

    Args:
        y_proba: (n, k) probabilities; rows sum to 1.
        y_pred: (n,) predicted class, one of the likeliest of its row.
        top: Binnings of the predicted class's probability.
        classes: Binnings of all k classes' own probabilities, with as many bins each,
            or none.
        sampling: How many test sets, and the seed.

    Source:
        Bröcker and Smith 2007, Increasing the reliability of reliability diagrams
        (consistency resampling); Vaicenavicius et al. 2019, Evaluating model
        calibration in classification, section 5 (as a test).
    """
    n, draws = len(y_pred), sampling.replicates
    rng = np.random.default_rng(sampling.seed)
    missed = [np.zeros((draws, family.bins), dtype=np.int64) for family in top]
    bins = classes[0].bins if classes else 0
    moved = np.zeros((draws, len(classes), bins), dtype=np.int64)  # taken - brought
    for block in _blocks(1 - y_proba[np.arange(n), y_pred], y_proba.shape[1], draws):
        others = _others(y_proba[block], y_pred[block], ranked=bool(classes))
        misses = _misses(others.miss, draws, rng)
        for f, family in enumerate(top):
            cell = family.index[block][misses.row]
            missed[f] += _counted(misses.draw, cell, missed[f].shape)
        if classes:
            cells = _class_cells(classes, block)  # (rows, k)
            left = cells[misses.row, y_pred[block][misses.row]]
            reached = cells[misses.row, others.landed(misses)]
            moved += _counted(misses.draw, left, moved.shape)
            moved -= _counted(misses.draw, reached, moved.shape)
    return NullErrors(
        top=_top_errors(top, missed), classes=_class_errors(classes, y_pred, moved)
    )


def noise_floor(observed: float, drawn: Floats, level: float) -> NoiseFloor:
    """Returns how an error compares with those of perfectly calibrated models.

    Args:
        observed: The error.
        drawn: (draws,) errors under calibration.
        level: Level of the quantile in 0-1: the least draw that an error must exceed to
            be beyond chance at this level, so that floor and p-value agree.

    >>> noise_floor(0.3, np.array([0.1, 0.2, 0.3, 0.4]), 0.5)
    NoiseFloor(quantile=0.3, level=0.5, p_value=0.6, draws=4)
    """
    as_great = int((drawn >= observed - ROUNDING).sum())
    draws = len(drawn)
    place = min(floor((draws + 1) * level), draws - 1)  # among sorted draws, from 0
    quantile = float(np.partition(drawn, place)[place])
    return NoiseFloor(quantile, level, (1 + as_great) / (1 + draws), draws)


@dataclass(frozen=True, slots=True, eq=False)
class _Misses:
    """Rows whose drawn label is not the predicted one.

    Attributes:
        draws: Test sets.
        draw: (p,) test set, in 0..draws-1.
        row: (p,) row of the block.
        point: (p,) uniform on 0 to the row's chance of a miss.
    """

    draws: int
    draw: Ints
    row: Ints
    point: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Others:
    """The classes that are not predicted, likeliest first.

    Attributes:
        miss: (n,) chance that a label is one of them.
        reached: (n, k - 1) running sums of their probabilities, (n, 0) unranked.
        order: (n, k - 1) the classes, (n, 0) unranked.
    """

    miss: Floats
    reached: Floats
    order: NDArray[np.uint32]

    def landed(self, misses: _Misses) -> Ints:
        """Returns (p,) the class that each missed label went to.

        The likeliest class is tried first, so that few need a second look.
        """
        place = np.zeros(len(misses.row), dtype=np.int64)
        left = np.arange(len(misses.row))
        while len(left):
            reached = self.reached[misses.row[left], place[left]]
            left = left[misses.point[left] >= reached]
            place[left] += 1
        return self.order[misses.row, place].astype(np.int64)


def _blocks(chance: Floats, k: int, draws: int) -> Iterator[slice]:
    """Yields runs of rows that together miss about `BLOCK_MISSES` times at most.

    Taking all draws of few rows at once keeps what is looked up by row near at hand.

    Args:
        chance: (n,) each row's chance of a miss, roughly.
        k: Classes.
        draws: Test sets.
    """
    work = chance * (draws / BLOCK_MISSES) + k / BLOCK_CELLS  # (n,) in blocks
    ends = np.flatnonzero(np.diff(np.floor(np.cumsum(work)))) + 1
    edges = [0, *ends.tolist(), len(chance)]
    yield from map(slice, edges, edges[1:])


def _others(y_proba: Floats, y_pred: Ints, *, ranked: bool) -> _Others:
    """Returns the classes that are not predicted; ranked where it matters which."""
    n, k = y_proba.shape
    proba = y_proba.copy()
    proba[np.arange(n), y_pred] = 0.0
    if not ranked:
        nothing = np.empty((n, 0))
        return _Others(proba.sum(axis=1), nothing, nothing.astype(np.uint32))
    proba[np.arange(n), y_pred] = -1.0  # last in order, even behind zeros
    order = np.argsort(-proba, axis=1)[:, : k - 1].astype(np.uint32)
    reached = np.take_along_axis(proba, order.astype(np.int64), axis=1)
    np.cumsum(reached, axis=1, out=reached)
    return _Others(reached[:, -1].copy(), reached, order)


def _misses(miss: Floats, draws: int, rng: np.random.Generator) -> _Misses:
    """Returns the misses of all draws."""
    nothing = np.empty(0, dtype=np.int64)
    parts = [_Misses(draws, nothing, nothing, nothing.astype(np.float64))]
    parts += [
        _level_misses(miss, chance, rows, draws=draws, rng=rng)
        for chance, rows in _levels(miss)
    ]
    return _Misses(
        draws,
        np.concatenate([part.draw for part in parts]),
        np.concatenate([part.row for part in parts]),
        np.concatenate([part.point for part in parts]),
    )


def _levels(miss: Floats) -> Iterator[tuple[float, Ints]]:
    """Yields 2^-j and the rows whose chance is at most that and above its half."""
    with np.errstate(divide="ignore"):  # a chance of 0 is in no level
        level = np.floor(-np.log2(miss))
    for j in range(LEVELS):
        rows = np.flatnonzero(np.maximum(level, 0) == j)
        if len(rows):
            yield 2.0**-j, rows


def _level_misses(
    miss: Floats, chance: float, rows: Ints, *, draws: int, rng: np.random.Generator
) -> _Misses:
    """Returns the misses of one level's rows."""
    place = _candidates(draws * len(rows), chance, rng)  # (p,)
    draw, which = np.divmod(place, len(rows))
    row = rows[which]
    point = chance * rng.random(len(place))
    kept = point < miss[row]
    return _Misses(draws, draw[kept], row[kept], point[kept])


def _candidates(places: int, chance: float, rng: np.random.Generator) -> Ints:
    """Returns the places taken, where each is with that chance, in rising order.

    The distance to the next is 1 + floor(E / -log(1 - chance)) for an exponential E,
    which is geometric.
    """
    rate = -np.log1p(-chance) if chance < 1 else np.inf
    found, reached = [], -1
    while reached < places - 1:
        expected = (places - 1 - reached) * chance
        size = int(expected + 4 * expected**0.5) + 16
        gaps = np.floor(rng.standard_exponential(size) / rate) + 1
        steps = reached + np.cumsum(np.minimum(gaps, places)).astype(np.int64)
        found.append(steps[steps < places])
        reached = int(steps[-1])
    return np.concatenate(found) if found else np.empty(0, dtype=np.int64)


def _counted(draw: Ints, cell: NDArray[Any], shape: tuple[int, ...]) -> Ints:
    """Returns how often each cell was hit in each draw.

    Args:
        draw: (p,) draw of each hit.
        cell: (p,) integer, its cell, which numbers all axes but the first.
        shape: Of what is returned, (draws, ...).
    """
    cells = int(np.prod(shape[1:]))
    hits = np.bincount(draw * cells + cell, minlength=shape[0] * cells)
    return hits.reshape(shape).astype(np.int64, copy=False)


def _class_cells(classes: tuple[Binned, ...], block: slice) -> Ints:
    """Returns (rows, k) number of each class's bin among all classes' bins, c m + b."""
    columns = [
        c * family.bins + family.index[block].astype(np.int64)
        for c, family in enumerate(classes)
    ]
    return np.stack(columns, axis=1)


def _top_errors(top: tuple[Binned, ...], missed: list[Ints]) -> Floats:
    """Returns (families, draws) errors: a row that does not miss is right."""
    errors = [
        np.abs(family.stated() - family.counts() + sums).sum(axis=1) / len(family.index)
        for family, sums in zip(top, missed, strict=True)
    ]
    return np.stack(errors)


def _class_errors(classes: tuple[Binned, ...], y_pred: Ints, moved: Ints) -> Floats:
    """Returns (k, draws) errors.

    A row that does not miss has the predicted class. A miss takes one label from the
    bin of that class's probability and brings one to the bin of another's.
    """
    errors = np.empty((len(classes), len(moved)))
    for c, family in enumerate(classes):
        hits = np.bincount(family.index[y_pred == c], minlength=family.bins)
        excess = family.stated() - hits + moved[:, c]  # (draws, m)
        errors[c] = np.abs(excess).sum(axis=1) / len(y_pred)
    return errors
