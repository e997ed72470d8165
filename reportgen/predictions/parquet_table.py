"""A table in Parquet, of which only the columns that have a role are read.

What the footer says of rows and sizes is held against the bounds before anything is
unpacked, and then rows come in batches, so that no column is there twice.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BufferedReader
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import PredictionsError
from reportgen.predictions.advice import predicted_numbers_advice, spread_advice
from reportgen.predictions.assembling import Table
from reportgen.predictions.bounds import (
    BESIDES_BYTES,
    CHARACTER_BYTES,
    LONGEST_NAME,
    check_room,
)
from reportgen.predictions.checks import shown
from reportgen.predictions.coding import Coded, coded
from reportgen.predictions.columns import Column
from reportgen.predictions.roles import Asked, Roles, roles_of, without_beside

if TYPE_CHECKING:
    from pyarrow import Array, ChunkedArray, DataType
    from pyarrow.parquet import ParquetFile

ROWS = 65_536
"""Rows of a batch."""

MOST_LEAVES = 20_000
"""Columns that a file may have, read or not."""

LONGEST_FOOTER_TEXT = 2**24
"""Bytes of one text in the footer."""

LARGEST_UNPACKED = 2**31
"""Bytes that the columns which are read may say to unpack to."""

EXACT = 2**53
"""Whole numbers up to which float64 holds each."""

MISSING = (
    "A Parquet file needs pyarrow to be read. Received {name!r}, and no pyarrow. "
    "Install it with: pip install pyarrow. Or hand the table over as CSV."
)


def read_parquet(
    file: BufferedReader, asked: Asked, *, name: str, largest: int
) -> tuple[Table, Roles]:
    """Returns what a Parquet file holds, and what each of its columns is.

    Args:
        file: It, at its beginning.
        asked: What the user says of its columns.
        name: What to call it in an error.
        largest: Bytes that it may take in memory.

    Raises:
        PredictionsError: It is no such table, or too large, or pyarrow is missing.
    """
    try:
        from pyarrow import parquet
    except ImportError as error:
        raise PredictionsError(MISSING.format(name=name)) from error
    with _sound(name):
        found = parquet.ParquetFile(
            file,
            pre_buffer=False,
            thrift_string_size_limit=LONGEST_FOOTER_TEXT,
            thrift_container_size_limit=10 * MOST_LEAVES,
        )
        columns = _columns(found, name)
        roles = _readable(found, roles_of(columns, asked, file=name))
        _check_sizes(found, columns, roles, name, largest)
        return _table(found, roles, name), roles


@contextmanager
def _sound(name: str) -> Iterator[None]:
    """Turns what a damaged file raises inside the block into an error of ours."""
    from pyarrow import ArrowException

    try:
        yield
    except PredictionsError:
        raise
    except (ArrowException, OSError, ValueError, MemoryError) as error:
        reason = " ".join(str(error).split())[:200] or "it is cut short"
        raise PredictionsError(
            f"{name} must be a Parquet file. Received a broken one: {reason}. Write it "
            "again."
        ) from error


def _columns(found: "ParquetFile", name: str) -> tuple[str, ...]:
    """Returns the names of the columns."""
    leaves: int = found.metadata.num_columns
    if leaves > MOST_LEAVES:
        raise PredictionsError(
            f"{name} must have at most {MOST_LEAVES:,} columns. Received {leaves:,}. "
            "Write those alone that are read."
        )
    columns = tuple(map(str, found.schema_arrow.names))
    for column, times in Counter(columns).items():
        if times > 1:
            raise PredictionsError(
                f"{name} must have columns of different names. Received "
                f"{shown(column)} {times:,} times. Rename all but one."
            )
    return columns


def _readable(found: "ParquetFile", roles: Roles) -> Roles:
    """Returns the roles, without labels beside probabilities that are none."""
    from pyarrow import types

    if roles.beside is None:
        return roles
    kind = found.schema_arrow.field(roles.beside).type
    return roles if _is_name(kind) or types.is_floating(kind) else without_beside(roles)


def _check_sizes(
    found: "ParquetFile",
    columns: tuple[str, ...],
    roles: Roles,
    name: str,
    largest: int,
) -> None:
    """Refuses rows and sizes beyond the bounds, as the footer tells them."""
    n: int = found.metadata.num_rows
    if n < 1:
        raise PredictionsError(
            f"{name} must have at least one row. Received {max(n, 0)}. Hand over the "
            "rows that the model was tested on."
        )
    k = len(roles.scores)
    check_room(n * (k * 8 + BESIDES_BYTES), largest, name=name, n=n, k=k)
    read = set(columns) - set(roles.unread)
    unpacked = sum(
        chunk.total_uncompressed_size
        for group in map(found.metadata.row_group, range(found.num_row_groups))
        for chunk in map(group.column, range(group.num_columns))
        if chunk.path_in_schema.split(".")[0] in read or chunk.path_in_schema in read
    )
    if not 0 <= unpacked <= LARGEST_UNPACKED:
        raise PredictionsError(
            f"{name} must unpack to at most {LARGEST_UNPACKED:,} bytes. Received "
            f"columns that say {unpacked:,}. Evaluate a sample of the rows."
        )


def _table(found: "ParquetFile", roles: Roles, name: str) -> Table:
    """Returns the columns that have a role."""
    n: int = found.metadata.num_rows
    scores = np.empty((n, len(roles.scores)))
    wanted = [name for name in (roles.label, roles.predicted) if name is not None]
    texts = [name for name in (roles.row_ids, roles.images) if name is not None]
    metadata = [one.column for one in roles.metadata]
    others = (*wanted, *texts, *metadata, *([roles.beside] if roles.beside else []))
    _check_types(found, (*roles.scores, *others), roles, name)
    pieces: dict[str, list[NDArray[Any]]] = {column: [] for column in others}
    start = 0
    for batch in found.iter_batches(ROWS, columns=[*roles.scores, *others]):
        rows = slice(start, start + len(batch))
        if rows.stop > n:
            break
        for at, column in enumerate(roles.scores):
            scores[rows, at] = _numbers(batch.column(column), column, start, name)
        for column in others:
            needed = column in wanted or column in texts
            values = _values(batch.column(column), column, start, needed=needed)
            pieces[column].append(values)
        start += len(batch)
        _check_texts(pieces, start, name)
    if start != n:
        raise PredictionsError(
            f"{name} must have the rows that its footer names, {n:,}. Received "
            f"{start:,}. Write it again."
        )
    whole = {column: np.concatenate(found) for column, found in pieces.items()}
    return Table(
        labels=_coded(roles.label, whole),
        scores=scores if roles.scores else None,
        predicted=_coded(roles.predicted, whole) if roles.predicted else None,
        row_ids=whole[roles.row_ids].astype(np.str_) if roles.row_ids else None,
        columns=tuple(Column(one.name, whole[one.column]) for one in roles.metadata),
        images=whole[roles.images].astype(np.str_) if roles.images else None,
        beside=whole[roles.beside] if roles.beside else None,
    )


def _coded(column: str, whole: dict[str, NDArray[Any]]) -> Coded:
    """Returns a column of labels, each different one kept once."""
    return coded(column, whole[column])


def _check_types(
    found: "ParquetFile", columns: Sequence[str], roles: Roles, name: str
) -> None:
    """Refuses columns of types that have no meaning in their role."""
    from pyarrow import types

    numbers = set(roles.scores)
    names = {roles.label, roles.predicted, roles.row_ids, roles.images}
    for column in columns:
        kind = found.schema_arrow.field(column).type
        if column in numbers:
            fits = types.is_floating(kind) or types.is_integer(kind)
            wanted = "numbers"
        elif column in names:
            fits, wanted = _is_name(kind), "text or whole numbers"
        else:
            fits = _is_name(kind) or types.is_floating(kind) or types.is_temporal(kind)
            wanted = "numbers, text or dates"
        if not fits:
            raise PredictionsError(
                f"{shown(column)} in {name} must hold {wanted}. Received "
                f"{str(kind)[:80]}. {_type_advice(column, roles, kind)}"
            )


def _type_advice(column: str, roles: Roles, kind: "DataType") -> str:
    """Returns what to do with a column of a type that has no meaning in its role."""
    from pyarrow import types

    if column in roles.scores:
        if types.is_list(kind) or types.is_large_list(kind):
            return spread_advice(column)
        return "Convert it before the table is written, as astype(float) does."
    if column == roles.images:
        return (
            "Write each picture into a file beside the table and its path into the "
            "column, or give the column another name."
        )
    if column == roles.predicted and types.is_floating(kind):
        return predicted_numbers_advice(column)
    whole = "astype(int) does with whole numbers, astype(str) with text"
    advice = f"Convert it before the table is written, as {whole}."
    known = {roles.label, roles.predicted, roles.row_ids}
    return advice if column in known else f"{advice[:-1]}; or leave the column out."


def _is_name(kind: "DataType") -> bool:
    """Returns whether values of that type can name something."""
    from pyarrow import types

    if types.is_dictionary(kind):
        kind = kind.value_type
    return bool(
        types.is_string(kind)
        or types.is_large_string(kind)
        or types.is_integer(kind)
        or types.is_boolean(kind)
        or types.is_null(kind)
    )


def _numbers(
    values: "Array | ChunkedArray", column: str, start: int, name: str
) -> NDArray[np.float64]:
    """Returns a batch of scores."""
    _check_filled(values, column, start)
    found: NDArray[Any] = values.to_numpy(zero_copy_only=False)
    if found.dtype.kind in "iu" and len(found) and int(np.abs(found).max()) > EXACT:
        raise PredictionsError(
            f"{shown(column)} in {name} must hold numbers that float64 holds exactly. "
            "Received whole numbers above 2^53. Write it as float64."
        )
    return found.astype(np.float64)


def _check_filled(values: "Array", column: str, start: int) -> None:
    """Refuses missing values, naming the first row, counted from 1."""
    if not values.null_count:
        return
    missing: NDArray[np.bool_] = values.is_null().to_numpy(zero_copy_only=False)
    row = start + int(missing.argmax()) + 1
    others = values.null_count - 1
    more = f", and {others:,} more among the rows beside it" if others else ""
    raise PredictionsError(
        f"{shown(column)} must hold a value in each row. Received null in row "
        f"{row:,}, counted from 1{more}. Leave out rows that have none."
    )


def _values(values: "Array", column: str, start: int, *, needed: bool) -> NDArray[Any]:
    """Returns a batch of a column: float64, int64 or text.

    Args:
        values: The batch.
        column: Its name.
        start: Rows before it.
        needed: Whether none may be missing.
    """
    import pyarrow as pa
    from pyarrow import types

    if needed:
        _check_filled(values, column, start)
    kind = values.type
    if types.is_integer(kind) and needed:
        return np.asarray(values.to_numpy(zero_copy_only=False))
    if types.is_integer(kind) or types.is_floating(kind):
        numbers = values.cast(pa.float64(), safe=False)
        return np.asarray(numbers.to_numpy(zero_copy_only=False))
    if types.is_boolean(kind):
        texts = ["" if one is None else str(one) for one in values.to_pylist()]
        return np.array(texts, dtype=np.str_)
    if types.is_dictionary(kind):
        values = values.dictionary_decode()
    return _texts(values.cast(pa.large_string()), column, start)


def _texts(values: "Array", column: str, start: int) -> NDArray[np.str_]:
    """Returns a batch of texts, those that are missing empty."""
    from pyarrow import compute

    longest = compute.max(compute.utf8_length(values)).as_py() or 0
    if longest > LONGEST_NAME:
        raise PredictionsError(
            f"{shown(column)} must hold texts of at most {LONGEST_NAME:,} characters. "
            f"Received one of {longest:,} in the rows from {start + 1:,} on. Shorten "
            "it."
        )
    texts = compute.fill_null(values, "").to_pylist()
    if any("\0" in text for text in texts):
        raise PredictionsError(
            f"{shown(column)} must be text. Received NUL, which is none, in the rows "
            f"from {start + 1:,} on. Leave it out."
        )
    return np.array(texts, dtype=np.str_)


def _check_texts(pieces: dict[str, list[NDArray[Any]]], n: int, name: str) -> None:
    """Refuses texts that would take too much room side by side."""
    room = sum(max(p.dtype.itemsize for p in found) * n for found in pieces.values())
    if room > LARGEST_UNPACKED // 4:
        raise PredictionsError(
            f"{name} must have texts that take at most "
            f"{LARGEST_UNPACKED // 4 // CHARACTER_BYTES:,} characters, each as wide as "
            f"the longest of its column. Received more in the first {n:,} rows. Leave "
            "out columns, or shorten the longest."
        )
