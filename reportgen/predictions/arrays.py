"""What a program has in memory becomes an array, or an error says what it is."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import PredictionsError
from reportgen.predictions.checks import check_unmasked, shown

OF_A_MAPPING = {
    "class_names": "List the names in the order of the columns, as [id2label[i] for i "
    "in range(k)] or sorted(label2id, key=label2id.get) does.",
    "y_true": "Give its values in the order of the rows.",
    "y_proba": "Stack its columns in the order of class_names: "
    "numpy.column_stack([y_proba[name] for name in class_names]).",
}
"""What to do with a mapping, by what it was handed over as."""

NOT_PROBABLE = {"b": "truth values", "U": "text"}
"""What is no probability, by NumPy's kind; else it is whole numbers."""

PLAIN = "Give a list or an array."


def array_of(name: str, values: object) -> NDArray[Any]:
    """Returns values as an array of one dimension or more.

    Args:
        name: What they are called in an error.
        values: As they were handed over.

    Raises:
        PredictionsError: They are masked, one thing only, or nothing that NumPy makes
            an array of.

    >>> array_of("y_true", [0, 1])
    array([0, 1])
    """
    check_unmasked(name, values)
    try:
        found = np.asarray(None if isinstance(values, Mapping) else values)
    except (RuntimeError, TypeError, ValueError) as error:
        said = str(error).partition(". ")[0].rstrip(".")
        raise PredictionsError(
            f"{shown(name)} must be an array, or what NumPy can make one of. Received "
            f"{type(values).__name__}: {said}. {_advice_on_contents(values)}"
        ) from error
    if found.ndim == 0:
        received = "None" if values is None else type(values).__name__
        raise PredictionsError(
            f"{shown(name)} must be a list or an array. Received {received}. "
            f"{_advice_on_type(name, values)}"
        )
    return found


def check_table(y_proba: NDArray[Any]) -> None:
    """Refuses probabilities that have not a column for each of two classes or more."""
    if y_proba.ndim == 2 and y_proba.shape[1] != 1:  # noqa: PLR2004 - rows and columns
        return
    raise PredictionsError(
        "y_proba must have shape (n, k), one column a class. Received "
        f"{y_proba.shape}. {_advice_on_shape(y_proba)}"
    )


def _advice_on_shape(y_proba: NDArray[Any]) -> str:
    """Returns what to do with what has not one column a class."""
    if y_proba.size > max(y_proba.shape):
        few = sum(side > 1 for side in y_proba.shape) == 2  # noqa: PLR2004 - n and k
        rest = "y_proba.reshape(n, k)" if few else "the one output that tells classes"
        return f"Take one row per label and one column per class: {rest}."
    if y_proba.dtype == object:
        return "Make a table of a row in each place: numpy.stack(list(y_proba))."
    kind = y_proba.dtype.kind
    counted = kind == "f" and y_proba.max(initial=0) > 1 and not np.any(y_proba % 1)
    if kind in "biuU" or counted:
        flat = ".ravel()" * (y_proba.ndim > 1) + ".astype(int)" * counted
        return (
            f"These are {NOT_PROBABLE.get(kind, 'whole numbers')}, as labels are: hand "
            f"them over with Predictions.of_labels(y_true, y_proba{flat})."
        )
    return "Give both classes of two a column: numpy.column_stack([1 - p, p])."


def _advice_on_contents(values: object) -> str:
    """Returns what to do with what should become an array, and does not."""
    first = values[0] if isinstance(values, list | tuple) and values else values
    if not hasattr(first, "detach"):
        return "Give each row the same length and shape."
    whole = ".float()" if "bfloat16" in str(getattr(first, "dtype", "")) else ""
    each = "the tensor" if first is values else "each tensor"
    return f"Make an array of {each} first, with .detach(){whole}.cpu().numpy()."


def _advice_on_type(name: str, values: object) -> str:
    """Returns what to do with one thing that holds several."""
    if isinstance(values, Mapping):
        return OF_A_MAPPING.get(name, PLAIN)
    if isinstance(values, AbstractSet):
        return "A set has no order: give a list that has the right one."
    if isinstance(values, Iterator):
        return f"Give list({name})."
    if hasattr(values, "toarray"):
        return f"Give {name}.toarray()."
    if hasattr(values, "as_numpy_iterator"):
        return (
            "Take the rows out of its batches, as numpy.concatenate([y for x, y in "
            "dataset]) does with y."
        )
    return PLAIN
