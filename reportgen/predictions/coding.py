"""Labels as they stand in a file become the numbers of classes."""

import re
from dataclasses import dataclass, replace
from os.path import commonprefix
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import PredictionsError
from reportgen.predictions.bounds import LONGEST_NAME, MOST_CLASSES
from reportgen.predictions.checks import few, shown
from reportgen.predictions.naming import in_natural_order

WITH_DECIMAL = re.compile(r"(?:-?[1-9][0-9]*|0)\.0")
"""A whole number as it is written where it was once held as a float."""

SEPARATORS = "_.- "
"""Signs between what all columns of scores begin with and the name of the class."""


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """Labels of n rows, each different one kept once.

    Attributes:
        column: Where they stand.
        values: The labels that there are, as text.
        codes: (n,) int64 places in `values`.
        places: Where each value stands first, as "line 17".
    """

    column: str
    values: tuple[str, ...]
    codes: NDArray[np.int64]
    places: tuple[str, ...]


def coded(column: str, labels: NDArray[Any]) -> Coded:
    """Returns (n,) labels, text or whole numbers, each different one kept once.

    Raises:
        PredictionsError: There are too many, or one is empty or too long.
    """
    found = as_they_are(column, labels)
    for value, place in zip(
        found.values[: MOST_CLASSES + 1], found.places, strict=False
    ):
        check_label(value, column, place)
    check_label_count(len(found.values), column)
    return found


def as_they_are(column: str, labels: NDArray[Any]) -> Coded:
    """Returns (n,) labels, each different one kept once, however many and long."""
    values, first, codes = np.unique(labels, return_index=True, return_inverse=True)
    places = tuple(f"row {place + 1:,}" for place in first.tolist())
    return Coded(
        column, tuple(map(str, values.tolist())), codes.astype(np.int64), places
    )


def check_label(value: str, column: str, place: str) -> None:
    """Refuses a label that is empty, or that nobody could read."""
    if not value or len(value) > LONGEST_NAME:
        raise PredictionsError(
            f"{shown(column)} must hold a label of 1 to {LONGEST_NAME:,} characters in "
            f"each row. Received {shown(value)} in {place}. Fill it in, or leave the "
            "row out."
        )


def check_label_count(count: int, column: str) -> None:
    """Refuses more different labels than can be tabled against one another."""
    if count > MOST_CLASSES:
        raise PredictionsError(
            f"{shown(column)} must hold labels of at most {MOST_CLASSES:,} classes. "
            "Received more. Pool the rarest, or name another column; name one of "
            "probabilities with --proba-columns."
        )


def as_whole(labels: Coded, class_names: tuple[str, ...]) -> Coded:
    """Returns labels of which all are written as 1.0, and none so a class, as 1."""
    if not all(map(WITH_DECIMAL.fullmatch, labels.values)):
        return labels
    if set(labels.values) & set(class_names):
        return labels
    return replace(labels, values=tuple(map(without_decimal, labels.values)))


def without_decimal(value: str) -> str:
    """Returns the whole number of a text such as 1.0, any other text as it is."""
    return value[:-2] if WITH_DECIMAL.fullmatch(value) else value


def classes_among(*several: Coded) -> tuple[str, ...]:
    """Returns the labels that there are, in natural order, whole numbers by size."""
    values = sorted({value for one in several for value in one.values})
    if all(map(is_whole, values)):
        return tuple(map(str, sorted(map(int, values))))
    return tuple(in_natural_order(np.array(values)).tolist())


def without_prefix(labels: Coded, class_names: tuple[str, ...]) -> tuple[str, ...]:
    """Returns names of classes without what all begin with, where labels are so.

    Of prob_1 and prob_2 it is 1 and 2 where labels are whole numbers: these are never
    taken as places of columns that have other numbers.

    Args:
        labels: The true labels.
        class_names: Names of columns, as a rule.
    """
    start = commonprefix(class_names)  # noqa: RUF071 - of names, not of paths
    length = max(start.rfind(sign) for sign in SEPARATORS) + 1
    short = tuple(name[length:] for name in class_names)
    if not length or not all(short) or set(labels.values) <= set(class_names):
        return class_names
    numbers = all(map(is_whole, (*short, *labels.values)))
    return short if numbers or set(labels.values) <= set(short) else class_names


def numbers_of(labels: Coded, class_names: tuple[str, ...]) -> NDArray[np.int64]:
    """Returns (n,) the number of each label's class.

    Whole numbers beside names of which none is a number are numbers of columns.

    Raises:
        PredictionsError: A label is no class.
    """
    number_of = {name: number for number, name in enumerate(class_names)}
    if by_place(labels, class_names):
        number_of = {str(number): number for number in range(len(class_names))}
    strange = next((at for at, v in enumerate(labels.values) if v not in number_of), -1)
    if strange >= 0:
        raise PredictionsError(
            f"{shown(labels.column)} must hold a class in each row, one of "
            f"{few(class_names)}. Received {shown(labels.values[strange])} in "
            f"{labels.places[strange]}. Give that class a column of probabilities, "
            "write the label as its column does, or name the classes in the order of "
            "their columns with --classes beside --proba-columns."
        )
    numbers = np.array([number_of[value] for value in labels.values], dtype=np.int64)
    return numbers[labels.codes]


def by_place(labels: Coded, class_names: tuple[str, ...]) -> bool:
    """Returns whether labels are numbers of columns, beside names that are words."""
    return all(map(is_whole, labels.values)) and not any(map(is_whole, class_names))


def is_whole(text: str) -> bool:
    """Returns whether the text is a whole number as a program writes it."""
    digits = text.removeprefix("-")
    return digits.isascii() and digits.isdecimal() and str(int(text)) == text
