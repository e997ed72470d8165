"""From what a file holds to predictions, and to what must be told of the way there."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import PredictionsError
from reportgen.predictions.advice import copied, likely_scores
from reportgen.predictions.beside import beside_told
from reportgen.predictions.bounds import check_room
from reportgen.predictions.checks import check_labels, shown
from reportgen.predictions.coding import (
    Coded,
    as_whole,
    by_place,
    classes_among,
    numbers_of,
    without_prefix,
)
from reportgen.predictions.columns import Column
from reportgen.predictions.contract import Predictions
from reportgen.predictions.naming import names_of_rows
from reportgen.predictions.roles import NAMED_UNREAD, PAIR, Roles
from reportgen.predictions.softmax import softmax
from reportgen.predictions.spelling import check_spelling, may_be_names

INDEX = "Unnamed: "
"""What pandas calls a column without a name, that of the index as a rule."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """What the columns of n rows hold, each as its role.

    Attributes:
        labels: True labels; (n,) int where they are numbers of classes already.
        scores: (n, m) float64, one column a class, or one for two; None without.
        predicted: Predicted labels, as `labels`; None without.
        row_ids: (n,) str, None without.
        columns: Metadata.
        images: (n,) str, paths of images; None without.
        contents: (n,) uint64 hashes of what the rows show, None without.
        beside: (n,) predicted labels that stand beside scores; None without.
    """

    labels: Coded | NDArray[Any]
    scores: NDArray[np.float64] | None
    predicted: Coded | NDArray[Any] | None
    row_ids: NDArray[np.str_] | None
    columns: tuple[Column, ...] = ()
    images: NDArray[np.str_] | None = None
    contents: NDArray[np.uint64] | None = None
    beside: NDArray[Any] | None = None

    @property
    def n(self) -> int:
        """Rows."""
        labels = self.labels
        return len(labels.codes if isinstance(labels, Coded) else labels)

    @property
    def placed(self) -> tuple[NDArray[Any], ...]:
        """Labels that are numbers of classes already, true and predicted."""
        both = self.labels, self.predicted
        return tuple(one for one in both if isinstance(one, np.ndarray))


def assembled(
    table: Table, roles: Roles, *, part: str, largest: int
) -> tuple[Predictions, tuple[str, ...]]:
    """Returns the predictions of a table, and what was done to get there.

    Args:
        table: What the file holds; its scores are overwritten.
        roles: What each column is.
        part: What the ids of rows begin with that nobody named.
        largest: Bytes that they may take in memory.

    Raises:
        PredictionsError: Labels have no class, or the predictions break the contract.
    """
    row_ids = table.row_ids
    if row_ids is None:
        row_ids = names_of_rows(table.n, part=part)
    table, floated = _whole(table, roles)
    names = _class_names(table, roles)
    if table.scores is None:
        assert table.predicted is not None  # one of both was asked for
        k = len(names)
        check_room(table.n * k * 8, largest, name="y_pred", n=table.n, k=k)
        numbers = _numbers(table.predicted, names)
        check_labels(numbers, k, name="y_pred")
        y_proba = np.eye(k)[numbers]
    else:
        y_proba = _probabilities(table.scores, roles, names, row_ids)
    y_proba.setflags(write=False)
    predictions = Predictions(
        y_true=_numbers(table.labels, names),
        y_proba=y_proba,
        class_names=names,
        row_ids=row_ids,
        hard=table.scores is None,
        columns=table.columns,
        contents=table.contents,
    )
    notes = floated + tuple(_notes(table, roles, names, row_ids))
    if table.beside is not None and roles.beside is not None:
        y_proba, placed = predictions.y_proba, _placed(table.labels, names)
        told = beside_told(roles.beside, table.beside, names, y_proba, placed=placed)
        notes += (told,)
    return predictions, notes


def _whole(table: Table, roles: Roles) -> tuple[Table, tuple[str, ...]]:
    """Returns the table with labels such as 1.0 as 1, and what to tell of that."""
    both = table.labels, table.predicted
    plain = [
        as_whole(one, roles.class_names) if isinstance(one, Coded) else one
        for one in both
    ]
    if all(new is old for new, old in zip(plain, both, strict=True)):
        return table, ()
    assert plain[0] is not None  # there are true labels
    told = "Labels are whole numbers with a decimal, such as 1.0: they were taken as 1."
    return replace(table, labels=plain[0], predicted=plain[1]), (told,)


def _placed(labels: Coded | NDArray[Any], names: tuple[str, ...]) -> bool:
    """Returns whether labels are numbers of columns."""
    return not isinstance(labels, Coded) or by_place(labels, names)


def _numbers(labels: Coded | NDArray[Any], names: tuple[str, ...]) -> NDArray[Any]:
    """Returns (n,) the number of each label's class."""
    return numbers_of(labels, names) if isinstance(labels, Coded) else labels


def _class_names(table: Table, roles: Roles) -> tuple[str, ...]:
    """Returns the names of the classes, in the order of their numbers."""
    if roles.positive is not None:
        return roles.class_names or _two_classes(table, roles, roles.positive)
    if roles.class_names:
        if isinstance(table.labels, Coded):
            return without_prefix(table.labels, roles.class_names)
        return roles.class_names
    several = [one for one in (table.labels, table.predicted) if isinstance(one, Coded)]
    check_spelling(*several)
    names = classes_among(*several)
    if len(names) == 1:
        raise PredictionsError(
            "Labels must be of at least two classes. Received "
            f"{shown(names[0])} alone, true and predicted. Name the others with "
            "--classes."
        )
    return names


def _two_classes(table: Table, roles: Roles, positive: str) -> tuple[str, str]:
    """Returns the classes of one column: that of the other labels, then its own."""
    assert isinstance(table.labels, Coded)  # an array of scores names both classes
    check_spelling(table.labels)
    found = table.labels.values
    if len(found) != PAIR or positive not in found:
        raise PredictionsError(
            "One column of scores must be of one of the two classes that the labels "
            f"are of. Received a column of {shown(positive)}, and labels of "
            f"{len(found):,}: {', '.join(map(shown, sorted(found)[:5]))}. Name both "
            "with --proba-columns and --classes, that of the column last"
            f"{_example(found, roles)}; or give each class a column."
        )
    [other] = set(found) - {positive}
    return other, positive


def _example(found: tuple[str, ...], roles: Roles) -> str:
    """Returns the options that say it, where the labels are of two classes."""
    if len(found) != PAIR:
        return ""
    first, last = sorted(found)
    columns, classes = copied(roles.scores[:1]), copied((first, last))
    options = f"--proba-columns {columns} --classes {classes}"
    return f", as {options} if it is of {shown(last)}"


def _probabilities(
    scores: NDArray[np.float64],
    roles: Roles,
    names: tuple[str, ...],
    row_ids: NDArray[np.str_],
) -> NDArray[np.float64]:
    """Returns (n, k) probabilities, of logits by softmax; one column gets its pair.

    The sigmoid of one logit z is the softmax of 0 and z.
    """
    if roles.positive is not None:
        rest = np.zeros_like(scores) if roles.logits else 1 - scores
        both = (scores, rest) if names[0] == roles.positive else (rest, scores)
        scores = np.concatenate(both, axis=1)  # (n, 2)
    elif not scores.flags.writeable and roles.logits:
        scores = scores.copy()
    if roles.logits:
        softmax(scores, row_ids)
    return scores


def _notes(
    table: Table, roles: Roles, names: tuple[str, ...], row_ids: NDArray[np.str_]
) -> list[str]:
    """Returns what was done and what was left unread, in sentences."""
    notes = []
    if roles.unread:
        few = ", ".join(map(shown, roles.unread[:NAMED_UNREAD]))
        more = len(roles.unread) - NAMED_UNREAD
        also = f" and {more:,} more" if more > 0 else ""
        notes.append(f"Columns not read: {few}{also}.{_looked_at(roles.unread)}")
    if roles.logits:
        notes.append(
            "Logits were handed over; the probabilities are their softmax, computed "
            "in float64."
        )
    if roles.numbered:
        notes.append(
            "No class names were handed over: the classes are called by the numbers of "
            "their columns, counted from 0."
        )
    if roles.positive is not None:
        other = names[1] if names[0] == roles.positive else names[0]
        notes.append(
            f"One column of scores was handed over, that of class "
            f"{shown(roles.positive)}; the probability of {shown(other)} is 1 less it."
        )
    if roles.class_names and names != roles.class_names:
        notes.append(
            f"Classes are called by what tells their columns apart, "
            f"{shown(names[0])} for {shown(roles.class_names[0])}, since labels are."
        )
    if isinstance(table.labels, Coded) and by_place(table.labels, names):
        notes.append(
            "Labels are whole numbers and classes are words: the labels were taken as "
            f"numbers of classes, counted from 0, so that 0 is {shown(names[0])}."
        )
    if may_be_names(table.placed, names):
        notes.append(
            "Labels are whole numbers that could be names of classes as well: they "
            "were taken as numbers of classes, counted from 0, so that 0 is "
            f"{shown(names[0])}. Save them with astype(str) if they are names."
        )
    if table.row_ids is None:
        notes.append(
            "No row ids were handed over: the rows were numbered, from "
            f"{row_ids[0]} on."
        )
    return notes


def _looked_at(unread: tuple[str, ...]) -> str:
    """Returns how to have columns looked at, unless they number rows or are scores."""
    idle = {"", *likely_scores(unread)}
    if all(name in idle or name.startswith(INDEX) for name in unread):
        return ""
    return (
        " Name those with --metadata-columns that rows may fare worse by, to have them "
        "looked at."
    )
