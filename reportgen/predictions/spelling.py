"""A class is written in one way: labels that may be none, or two of one, are refused.

Labels in files and labels in memory are asked the same, where nobody named the classes.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any
from unicodedata import normalize

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import PredictionsError
from reportgen.predictions.advice import predicted_numbers_advice
from reportgen.predictions.checks import few, shown
from reportgen.predictions.coding import Coded, is_whole, without_decimal
from reportgen.predictions.naming import HAND_PROBABILITIES

WHOLE = re.compile(r"\+?(-?)0*([0-9]+)(?:\.0)?")
"""A whole number with what it can be written without: "+", zeros and a decimal."""

FRACTION = re.compile(
    r"-?[0-9]*\.(?!0+$)[0-9]+(?:[eE][-+]?[0-9]+)?|-?[0-9]+[eE]-[0-9]+"
)
"""A number with decimals, as a program writes a score."""

MISSING = frozenset(
    {"nan", "NaN", "NA", "N/A", "n/a", "#N/A", "#NA", "<NA>", "NaT", "NULL", "null"}
)
"""What programs write for a label that is missing, and nobody calls a class.

"None" is not among them: Python writes it for a missing one, but as in "none of these"
it is the name of a class in many a table.
"""


def check_spelling(
    labels: Coded, predicted: Coded | None = None, *, in_memory: bool = False
) -> None:
    """Refuses labels of classes that nobody named, unless it is clear which they are.

    Args:
        labels: The true labels.
        predicted: The predicted ones, None where scores were handed over.
        in_memory: Whether a program handed them over and no file: it gives other names
            to what mends them.

    Raises:
        PredictionsError: A label may stand for none, two may be one, or the predicted
            ones cannot be of the classes of the true ones.
    """
    several = [labels] if predicted is None else [labels, predicted]
    if predicted is not None:
        _check_kinds(labels, predicted, in_memory=in_memory)
    for one in several:
        _check_named(one, in_memory=in_memory)
        if not in_memory:  # there a type tells numbers from text
            _check_no_measurements(one)
    _check_unlike({v for one in several for v in one.values}, in_memory=in_memory)
    if predicted is not None:
        _check_capitals(labels, predicted, in_memory=in_memory)


def may_be_names(several: Iterable[NDArray[Any]], class_names: Sequence[str]) -> bool:
    """Returns whether numbers of classes could be names, and then of other classes.

    Args:
        several: Whole numbers, taken as places among the names, from 0.
        class_names: Names of the k classes.

    >>> may_be_names([np.array([1, 1])], ["1", "2"])
    True
    >>> may_be_names([np.array([0, 1])], ["1", "2"])
    False
    """
    found = sorted({number for one in several for number in np.unique(one).tolist()})
    if not found or found[0] < 0 or found[-1] >= len(class_names):
        return False
    place_of = {plainly(name): place for place, name in enumerate(class_names)}
    named = [place_of.get(str(number)) for number in found]
    return None not in named and named != found


def plainly(label: str) -> str:
    """Returns a label in the one form of all ways to write it, save capitals.

    >>> plainly(" +01.0"), plainly("A 01")
    ('1', 'A 01')
    """
    text = normalize("NFC", label).strip()
    whole = WHOLE.fullmatch(text)
    return "".join(whole.groups()) if whole else text


def _check_kinds(labels: Coded, predicted: Coded, *, in_memory: bool) -> None:
    """Refuses fractions beside whole numbers, and numbers beside words."""
    whole = all(is_whole(without_decimal(value)) for value in labels.values)
    fraction = next(filter(FRACTION.fullmatch, predicted.values), None)
    if whole and fraction:
        advice = (
            f"{HAND_PROBABILITIES} Make whole numbers of labels with astype(int)."
            if in_memory
            else predicted_numbers_advice(predicted.column)
        )
        raise PredictionsError(
            f"{shown(predicted.column)} must hold labels as {shown(labels.column)} "
            f"does, whole numbers. Received {shown(fraction)}. {advice}"
        )
    foreign = {without_decimal(one) for one in predicted.values}
    shared = foreign & {without_decimal(one) for one in labels.values}
    if not shared and whole != all(map(is_whole, foreign)):
        raise PredictionsError(
            f"{shown(predicted.column)} must hold labels as {shown(labels.column)} "
            f"does. Received {few(predicted.values)} beside {few(labels.values)}. "
            "Write both as the same names, or both as the same numbers."
        )


def _check_named(labels: Coded, *, in_memory: bool) -> None:
    """Refuses a label that may say that there is none."""
    for value, place in zip(labels.values, labels.places, strict=True):
        if not value.strip() or value.strip() in MISSING:
            raise PredictionsError(
                f"{shown(labels.column)} must hold a label in each row. Received "
                f"{shown(value)} in {place}, which programs write for a missing one. "
                "Leave the row out; if it is a class, name all classes with "
                f"{_classes(in_memory)}."
            )


def _check_no_measurements(labels: Coded) -> None:
    """Refuses numbers of which one has decimals: they measure, and name no class."""
    fractions = [bool(FRACTION.fullmatch(value)) for value in labels.values]
    numbers = (
        is_fraction or WHOLE.fullmatch(value)
        for is_fraction, value in zip(fractions, labels.values, strict=True)
    )
    if any(fractions) and all(numbers):
        first = fractions.index(True)
        raise PredictionsError(
            f"{shown(labels.column)} must hold text or whole numbers. Received "
            f"{shown(labels.values[first])} in {labels.places[first]}. Cut what is "
            "measured into classes first; if these are classes, name all with "
            "--classes."
        )


def _check_unlike(values: Iterable[str], *, in_memory: bool) -> None:
    """Refuses two labels that differ in nothing that tells classes apart."""
    known: dict[str, str] = {}
    for value in sorted(values):
        other = known.setdefault(plainly(value), value)
        if other != value:
            raise _written_twice(other, value, in_memory=in_memory)


def _check_capitals(labels: Coded, predicted: Coded, *, in_memory: bool) -> None:
    """Refuses labels that are equal but for capitals, where none is quite equal.

    Where one is, "a" and "A" may be two classes.
    """
    if set(labels.values) & set(predicted.values):
        return
    known = {plainly(value).casefold(): value for value in labels.values}
    for value in predicted.values:
        other = known.get(plainly(value).casefold())
        if other is not None:
            raise _written_twice(other, value, in_memory=in_memory)


def _written_twice(one: str, other: str, *, in_memory: bool) -> PredictionsError:
    """Returns the error for two ways to write what may be one class."""
    received = f"{shown(one)} and {shown(other)}"
    advice = "Write them alike"
    if normalize("NFC", one) == normalize("NFC", other):  # they print alike
        received = f"{one!a} and {other!a}, which print alike"
        advice += ", as unicodedata.normalize('NFC', label) does"
    return PredictionsError(
        f"Labels of one class must be written in one way. Received {received}. "
        f"{advice}; if they are two classes, name all classes with "
        f"{_classes(in_memory)}."
    )


def _classes(in_memory: bool) -> str:  # noqa: FBT001 - private, and its name says it
    """Returns where all classes can be named."""
    return "class_names" if in_memory else "--classes"
