"""What predictions must be, a check each, with the rows that are not so."""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import PredictionsError

ROUNDING = 1e-6
"""Row sums this far from 1 come from float32 and are left as they are."""

NAMED = 5
"""Rows, labels and classes that an error names; the others it counts."""

MOST_LOOKED_AT = 1_000
"""Rows among which those to name are sought."""

SHOWN = 80
"""Characters of a name that an error shows."""

FIRST_SURROGATE, LAST_SURROGATE, LAST_CHARACTER = 0xD800, 0xDFFF, 0x10FFFF
"""Code points between and behind which there is no text."""

LINE_FEED = 0x0A

WANTED = {
    "iu": ("whole numbers", "Number the classes from 0, in the order of class_names."),
    "fiu": ("numbers", "Save probabilities as float32 or float64."),
    "Uiu": ("text or whole numbers", "Convert them with astype(int) or astype(str)."),
    "fUiu": ("numbers or text", "Convert them with astype(float) or astype(str)."),
    "u": ("hashes as uint64", "Leave them out, or save what reportgen wrote."),
}
"""What arrays of NumPy's kinds hold, and what to do with one that does not."""


def check_kind(name: str, dtype: np.dtype[Any], kinds: str) -> None:
    """Refuses values of another kind than NumPy's `kinds`, before they are cast."""
    wanted, remedy = WANTED[kinds]
    if dtype.kind not in kinds:
        raise PredictionsError(
            f"{name} must hold {wanted}. Received dtype {dtype}. {remedy}"
        )


def check_unmasked(name: str, values: object) -> None:
    """Refuses masked values: what lies beneath a mask is no value.

    Args:
        name: What they are called.
        values: As they were handed over, before they become a plain array.
    """
    if isinstance(values, np.ma.MaskedArray) and np.ma.is_masked(values):
        masked = np.count_nonzero(np.ma.getmaskarray(values))
        raise PredictionsError(
            f"{shown(name)} must hold a value in each place. Received a masked array "
            f"that masks {masked:,} of {values.size:,}. Leave out the rows that it "
            "masks, or fill them with filled(...)."
        )


def check_length(name: str, shape: tuple[int, ...], y_true: tuple[int, ...]) -> None:
    """Refuses an array that has not one value a row."""
    if shape != y_true:
        raise PredictionsError(
            f"{shown(name)} must have shape {y_true}, one value a row. Received "
            f"{shape}. Leave it out, or give a value to each row."
        )


def check_shapes(
    y_true: tuple[int, ...], row_ids: tuple[int, ...], y_proba: tuple[int, ...], k: int
) -> None:
    """Refuses shapes of no rows, that do not pair, or of fewer than two classes."""
    if len(y_true) != 1 or not y_true[0]:
        raise PredictionsError(
            f"y_true must have shape (n,) with at least one row. Received "
            f"{y_true}. Hand over the rows that the model was tested on, a label each"
            f"{flat_advice(y_true)}."
        )
    if row_ids != y_true:
        raise PredictionsError(
            f"row_ids must have shape {y_true}, one id a label. Received {row_ids}. "
            "Name each row once, as numpy.arange(n).astype(str) does."
        )
    if y_proba != (*y_true, k):
        raise PredictionsError(
            f"y_proba must have shape {(*y_true, k)}, one row per label and one column "
            f"per class. Received {y_proba}. {_shape_advice(y_true, y_proba)}"
        )
    if k < 2:  # noqa: PLR2004 - a classifier tells at least two classes apart
        raise PredictionsError(
            "y_proba must have at least two columns, one per class. Received "
            f"{y_proba}. Give the other class a column too: 1 - p."
        )


def flat_advice(shape: tuple[int, ...], name: str = "y_true") -> str:
    """Returns how what has more than one dimension becomes one a row, "" if by nothing.

    One column has no largest place: argmax would call every row the first class.
    """
    if len(shape) > 1 and prod(shape) == max(shape):
        return f": {name}.ravel() of one column"
    if len(shape) == 2 and name not in {"class_names", "row_ids"}:  # noqa: PLR2004 - rows and columns
        return ": argmax(axis=1) of one-hot rows"
    return ""


def _shape_advice(y_true: tuple[int, ...], y_proba: tuple[int, ...]) -> str:
    """Returns what to do with probabilities of another shape than is wanted."""
    if len(y_proba) != 2:  # noqa: PLR2004 - rows and columns
        return "Reshape them to one row per label: y_proba.reshape(n, k)."
    if y_proba[0] == y_true[0]:
        return "Name each column once in class_names."
    if y_proba[1] == y_true[0]:
        return "Turn rows into columns: numpy.transpose(y_proba)."
    return "Take labels and probabilities of the same rows, in one order."


def check_text(name: str, values: NDArray[np.str_]) -> None:
    """Refuses numbers that stand for no character, or for half of one.

    Args:
        name: What they are called.
        values: (n,) str in this machine's byte order.
    """
    codes = _codes(values)  # (n, w)
    if codes.max(initial=0) < FIRST_SURROGATE:
        return
    halves = (codes >= FIRST_SURROGATE) & (codes <= LAST_SURROGATE)
    wrong = np.any(halves | (codes > LAST_CHARACTER), axis=1)
    if wrong.any():
        place = int(wrong.argmax())
        code = codes[place].max()
        raise PredictionsError(
            f"{name} must be text. Received U+{code:04X}, which is no character, at "
            f"place {place:,}, counted from 0. Write it with its encoding, UTF-8 as a "
            "rule."
        )


def _codes(values: NDArray[np.str_]) -> NDArray[np.uint32]:
    """Returns the code points of n texts, (n, w), without a copy."""
    width = values.dtype.itemsize // 4
    return np.ascontiguousarray(values).view(np.uint32).reshape(len(values), width)


def shown(name: str) -> str:
    """Returns a name as an error shows it: in one line, and not all of a long one."""
    return repr(name[:SHOWN]) + "..." * (len(name) > SHOWN)


def few(names: Sequence[str]) -> str:
    """Returns the first five names, and how many there are besides."""
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return ", ".join(map(shown, names[:NAMED])) + more


def check_names(class_names: tuple[str, ...]) -> None:
    """Refuses names that are empty or no text, and two classes of one name.

    Nothing on a page could tell these apart.
    """
    if "" in class_names:
        raise PredictionsError(
            "class_names must not be empty. Received '' in place "
            f"{class_names.index('')}, counted from 0. Give each class a name that a "
            "reader sees."
        )
    for name, times in Counter(class_names).items():
        if times > 1:
            raise PredictionsError(
                f"class_names must all differ. Received {shown(name)} {times:,} times. "
                "Give each class a name of its own."
            )
        if not name.isascii():
            check_text("class_names", np.array([name]))


def check_ids(row_ids: NDArray[np.str_]) -> None:
    """Refuses ids that are no text, of more than a line, or given twice."""
    check_text("row_ids", row_ids)
    broken = np.any(_codes(row_ids) == LINE_FEED, axis=1)
    if broken.any():
        raise PredictionsError(
            "row_ids must have one line each, since they are hashed a line each. "
            f"Received line feeds in row {first_five(broken, row_ids)}. Replace them."
        )
    if np.all(row_ids[1:] > row_ids[:-1]):  # as they mostly are: nothing to sort
        return
    twice = _repeated(row_ids)
    if twice:
        raise PredictionsError(
            "row_ids must all differ. Received more than once: "
            f"{', '.join(map(shown, twice))}. Name each test row once; call a "
            "column that names something else, as a patient, by another name."
        )


def _repeated(row_ids: NDArray[np.str_]) -> list[str]:
    """Returns the first five ids that are there twice, in the order of the rows.

    Hashes are sorted in place of texts, which takes a tenth of the time; where two are
    equal, the texts decide.
    """
    hashes = _hashes(row_ids)
    order = np.argsort(hashes, kind="stable")
    after = np.flatnonzero(hashes[order[1:]] == hashes[order[:-1]]) + 1
    alike = row_ids[order[after]] == row_ids[order[after - 1]]
    if not alike.any() and len(after):  # texts that were made to have equal hashes
        found, times = np.unique(row_ids, return_counts=True)
        return [str(row_id) for row_id in found[times > 1][:NAMED]]
    again = np.sort(order[after[alike]])[:MOST_LOOKED_AT]
    return list(dict.fromkeys(row_ids[again].tolist()))[:NAMED]


def _hashes(row_ids: NDArray[np.str_]) -> NDArray[np.uint64]:
    """Returns (n,) numbers that are equal where two texts are, and hardly elsewhere."""
    codes = _codes(row_ids)  # (n, w)
    draw = np.random.default_rng(0).integers
    weights = np.array(draw(2**64, size=codes.shape[1], dtype=np.uint64))
    hashes = np.zeros(len(codes), dtype=np.uint64)
    for place, weight in enumerate(weights):
        hashes += codes[:, place] * weight  # modulo 2^64
    return hashes


def check_proba(y_proba: NDArray[Any], row_ids: NDArray[np.str_]) -> None:
    """Refuses probabilities that are no numbers, or outside of 0-1.

    Args:
        y_proba: (n, k) numbers.
        row_ids: (n,) str.
    """
    low = y_proba.min(axis=1).astype(np.float64)  # NaN where a row holds one
    high = y_proba.max(axis=1).astype(np.float64)
    finite = np.isfinite(low) & np.isfinite(high)
    if not finite.all():
        raise PredictionsError(
            f"y_proba must be finite. Received NaN or infinity in row "
            f"{first_five(~finite, row_ids)}. Mend or leave out what the model could "
            "not predict."
        )
    inside = (low >= 0) & (high <= 1 + ROUNDING)
    if not inside.all():
        raise PredictionsError(
            f"y_proba must lie in 0-1. Received values outside of it in row "
            f"{first_five(~inside, row_ids)}. {_range_advice(y_proba)}"
        )


def _range_advice(y_proba: NDArray[Any]) -> str:
    """Returns what numbers outside of 0-1 may be."""
    whole = np.abs(y_proba.sum(axis=1) - 100)
    if y_proba.min() >= 0 and whole.max() <= 1:
        return "They sum to 100, as percentages do: divide them by 100."
    logits = (
        "Turn logits into probabilities first; in a file, --logits does so with what "
        "--proba-columns names."
    )
    if _may_be_percentages(y_proba):
        return f"Divide them by 100 if they are percentages. {logits}"
    return logits


def _may_be_percentages(y_proba: NDArray[Any]) -> bool:
    """Returns whether a column beside its difference from 1 holds 0 to 100."""
    if y_proba.shape[1] != 2 or np.abs(y_proba.sum(axis=1) - 1).max() > ROUNDING:  # noqa: PLR2004 - a column and the other class
        return False
    lowest, highest = y_proba.min(axis=0), y_proba.max(axis=0)
    return bool(np.any((lowest >= 0) & (highest <= 100)))  # noqa: PLR2004 - percent


def check_labels(labels: NDArray[Any], k: int, *, name: str = "y_true") -> None:
    """Refuses labels without a class."""
    outside = np.unique(labels[(labels < 0) | (labels >= k)])
    if len(outside):
        more = f" and {len(outside) - NAMED:,} more" if len(outside) > NAMED else ""
        raise PredictionsError(
            f"{name} must lie in 0..{k - 1}, one number a class name. Received "
            f"{', '.join(map(str, outside[:NAMED]))}{more}. Count labels from 0, in "
            "the order of class_names, and name every class there; leave out rows that "
            "have no class."
        )


def check_hard(y_proba: NDArray[Any], row_ids: NDArray[np.str_]) -> None:
    """Refuses predicted labels that are not sure of one class.

    Args:
        y_proba: (n, k) numbers in 0-1.
        row_ids: (n,) str.
    """
    unsure = (y_proba.max(axis=1) != 1) | (np.count_nonzero(y_proba, axis=1) != 1)
    if unsure.any():
        raise PredictionsError(
            "y_proba of predicted labels must be 1 for one class and 0 for the others. "
            f"Received other numbers in row {first_five(unsure, row_ids)}. Hand them "
            "over as probabilities."
        )


def check_columns(lengths: Mapping[str, int], columns: int, n: int) -> None:
    """Refuses columns of one name, and any that has not one value a row.

    Args:
        lengths: Values of each column, by its name.
        columns: Columns, those of one name counted each.
        n: Rows.
    """
    if len(lengths) < columns:
        raise PredictionsError(
            f"Columns must have different names. Received {columns} of "
            f"{len(lengths)} names. Rename one."
        )
    for name, length in lengths.items():
        if length != n:
            raise PredictionsError(
                f"{shown(name)} must have {n:,} values, one a row. Received "
                f"{length:,}. Give a value to each row."
            )


def check_contents(contents: tuple[int, ...], y_true: tuple[int, ...]) -> None:
    """Refuses hashes of contents that are not one a row."""
    if contents != y_true:
        raise PredictionsError(
            f"contents must have shape {y_true}, one hash a row. Received {contents}."
            " Leave them out, or hash each row once."
        )


def first_five(mask: NDArray[np.bool_], row_ids: NDArray[np.str_]) -> str:
    """Returns the ids of the first five marked rows."""
    marked = np.flatnonzero(mask)
    more = f" and {len(marked) - NAMED:,} more" if len(marked) > NAMED else ""
    return ", ".join(map(shown, row_ids[marked[:NAMED]].tolist())) + more
