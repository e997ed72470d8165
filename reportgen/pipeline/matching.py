"""Which row of a baseline is the row of a candidate: by its id or by what it shows.

1. Classes are brought into the candidate's order; other classes are refused.
2. Where what the rows show is known of both, that decides; else their ids do.
3. What was matched must have one label in both.

Nothing is matched in part: what is said of pairs is said of one test set, and not of
those of its rows that happen to be in another one too.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import PredictionsError
from reportgen.predictions import Predictions
from reportgen.predictions.checks import few, first_five
from reportgen.predictions.naming import names_of_rows
from reportgen.record.comparison import MatchedBy

Rows = NDArray[np.int64]

MOVED = (
    "Rows were matched by what they show: their ids differ, or name other rows in the "
    "other run."
)
NUMBERED = (
    "The rows have no ids of their own but were numbered in their order. They were "
    "matched by their place, since all labels agree; that they are the same rows is "
    "taken on trust."
)
PARTLY = "only part of the test rows is in both runs; evaluate both on the same rows"
OTHER_IMAGES = "the test rows show other things"
OTHER_IDS = "the test rows have other ids"
REORDERED = "The baseline names the classes in another order; its columns were moved."
TIED = (
    "Of classes that are equally likely the first is taken as predicted, and in this "
    "order that is another one for some rows of the baseline: what rests on its "
    "predictions may differ from its own report."
)


@dataclass(frozen=True, slots=True, eq=False)
class Match:
    """What became of looking for the same rows.

    Attributes:
        baseline: Its predictions, classes in the candidate's order; matched, rows in
            the candidate's order and under its ids.
        candidate: Its predictions.
        rows: (n,) the row that the baseline itself has for each of the candidate's;
            None where they are not the same.
        by: How rows were matched, None where they are not the same.
        shared: Rows that are test rows of both; None where that cannot be told.
        reason: Why rows are not the same, in words; None where they are.
        notes: What a reader must know of it, in sentences.
    """

    baseline: Predictions
    candidate: Predictions
    rows: Rows | None
    by: MatchedBy | None
    shared: int | None
    reason: str | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """Which rows are the same.

    Attributes:
        rows: (n,) the baseline's row for each of the candidate's, None without.
        by: How that was told, None without.
        shared: As in `Match`.
        reason: Likewise.
        notes: Likewise.
    """

    rows: Rows | None
    by: MatchedBy | None
    shared: int | None
    reason: str | None = None
    notes: tuple[str, ...] = ()


def match_rows(baseline: Predictions, candidate: Predictions) -> Match:
    """Returns both runs on the same rows, or why they are not on the same.

    Args:
        baseline: n rows over k classes.
        candidate: m rows over the same classes, in any order.

    Raises:
        PredictionsError: The classes differ, or a row has two labels.
    """
    notes: tuple[str, ...] = ()
    if baseline.class_names != candidate.class_names:
        baseline, notes = _reordered(baseline, candidate.class_names)
    found = _by_content(baseline, candidate) or _by_ids(baseline, candidate)
    if found.rows is not None:
        baseline = _taken(baseline, found.rows, candidate.row_ids)
        _check_labels(baseline, candidate)
    return Match(
        baseline=baseline,
        candidate=candidate,
        rows=found.rows,
        by=found.by,
        shared=found.shared,
        reason=found.reason,
        notes=notes + found.notes,
    )


def _reordered(
    baseline: Predictions, names: tuple[str, ...]
) -> tuple[Predictions, tuple[str, ...]]:
    """Returns the predictions with the classes in that order, and notes on that."""
    check_classes_shared(baseline.class_names, names)
    places = {name: c for c, name in enumerate(baseline.class_names)}
    columns = np.array([places[name] for name in names])  # (k,) of the baseline
    labels = np.argsort(columns)[baseline.y_true]
    made = _made(baseline, labels, baseline.y_proba[:, columns], class_names=names)
    moved = not np.array_equal(columns[made.y_pred], baseline.y_pred)
    return made, (REORDERED, TIED) if moved else (REORDERED,)


def check_classes_shared(baseline: tuple[str, ...], candidate: tuple[str, ...]) -> None:
    """Refuses classes that are not the same, in whatever order.

    Raises:
        PredictionsError: One has a class that the other has not.
    """
    only = {
        "baseline": sorted(set(baseline) - set(candidate)),
        "candidate": sorted(set(candidate) - set(baseline)),
    }
    told = " and ".join(
        f"{few(names)} only in the {side}" for side, names in only.items() if names
    )
    if told:
        raise PredictionsError(
            "Two runs must tell the same classes apart to be compared: every score is "
            "of the whole task, and with other classes it is of another. Received "
            f"{told}. Evaluate both on the rows of one set of classes."
        )


def _by_content(baseline: Predictions, candidate: Predictions) -> _Found | None:
    """Returns what the rows themselves say, None where that is not known of both."""
    old, new = baseline.contents, candidate.contents
    if old is None or new is None:
        return None
    rows = _rows_of(old, new)
    if rows is None:
        shared = len(np.intersect1d(old, new))
        return _Found(None, None, shared, PARTLY if shared else OTHER_IMAGES)
    named = _rows_of(baseline.row_ids, candidate.row_ids)
    if named is not None and np.array_equal(old[named], new):
        return _Found(named, "ids", candidate.n)
    if len(np.unique(new)) == candidate.n:
        return _Found(rows, "content", candidate.n, notes=(MOVED,))
    reason = "several test rows show the same, and their ids do not tell them apart"
    return _Found(None, None, candidate.n, reason)


def _by_ids(baseline: Predictions, candidate: Predictions) -> _Found:
    """Returns what the ids of the rows say."""
    rows = _rows_of(baseline.row_ids, candidate.row_ids)
    if _numbered(baseline) or _numbered(candidate):
        return _by_place(baseline, candidate, rows)
    if rows is None:
        shared = len(np.intersect1d(baseline.row_ids, candidate.row_ids))
        return _Found(None, None, shared, PARTLY if shared else OTHER_IDS)
    return _Found(rows, "ids", candidate.n)


def _by_place(
    baseline: Predictions, candidate: Predictions, rows: Rows | None
) -> _Found:
    """Returns what ids say that tell of a row no more than its place."""
    why = "rows without ids of their own can only be matched by their place, and "
    if rows is None:
        return _Found(None, None, None, why + "there are other places")
    if not np.array_equal(baseline.y_true[rows], candidate.y_true):
        return _Found(None, None, None, why + "there the labels differ")
    return _Found(rows, "place", candidate.n, notes=(NUMBERED,))


def _numbered(predictions: Predictions) -> bool:
    """Returns whether the ids were made up for want of any."""
    if predictions.row_ids[0] != names_of_rows(1)[0]:
        return False  # before a million names are made
    return np.array_equal(predictions.row_ids, names_of_rows(predictions.n))


def _rows_of(old: NDArray[Any], new: NDArray[Any]) -> Rows | None:
    """Returns (n,) the place in `old` of each of `new`, None where sets differ."""
    if len(old) != len(new):
        return None
    if np.array_equal(old, new):
        return np.arange(len(new))
    before, after = np.argsort(old, kind="stable"), np.argsort(new, kind="stable")
    if not np.array_equal(old[before], new[after]):
        return None
    rows = np.empty_like(before)
    rows[after] = before
    return rows


def _taken(baseline: Predictions, rows: Rows, row_ids: NDArray[np.str_]) -> Predictions:
    """Returns those rows of a baseline, under the ids that a candidate gives them."""
    if np.array_equal(rows, np.arange(baseline.n)) and np.array_equal(
        baseline.row_ids, row_ids
    ):
        return baseline
    return _made(baseline, baseline.y_true[rows], baseline.y_proba[rows], row_ids)


def _made(
    predictions: Predictions,
    y_true: NDArray[np.int64],
    y_proba: NDArray[np.float64],
    row_ids: NDArray[np.str_] | None = None,
    *,
    class_names: tuple[str, ...] | None = None,
) -> Predictions:
    """Returns other rows or columns of the predictions; arrays are handed over."""
    proba = np.ascontiguousarray(y_proba)
    for array in (y_true, proba):
        array.setflags(write=False)  # nobody else has it: it need not be copied
    return Predictions(
        y_true,
        proba,
        predictions.class_names if class_names is None else class_names,
        predictions.row_ids if row_ids is None else row_ids,
        hard=predictions.hard,
        contents=predictions.contents if row_ids is None else None,
    )


def _check_labels(baseline: Predictions, candidate: Predictions) -> None:
    """Refuses rows that have one label in one run and another in the other."""
    differing = baseline.y_true != candidate.y_true
    if differing.any():
        raise PredictionsError(
            "A row must have the same label in both runs. Received other labels in "
            f"{differing.sum():,} of {candidate.n:,} rows, as "
            f"{first_five(differing, candidate.row_ids)}: these are not the same rows, "
            "or their labels were corrected. Evaluate both on the same labels."
        )
