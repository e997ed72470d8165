"""A table as text, CSV: a line of names, then a line for each row.

1. The first line tells what stands between the cells, and names the columns.
2. As many rows as there are lines can be at most, so their room is known beforehand.
3. Rows are read a few thousand at a time and go into arrays at once.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from io import BufferedReader

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import PredictionsError
from reportgen.predictions.advice import number_advice
from reportgen.predictions.assembling import Table
from reportgen.predictions.bounds import (
    BESIDES_BYTES,
    CHARACTER_BYTES,
    LONGEST_NAME,
    check_room,
)
from reportgen.predictions.checks import shown
from reportgen.predictions.coding import Coded, check_label, check_label_count
from reportgen.predictions.columns import Column
from reportgen.predictions.roles import Asked, Roles, listed, roles_of
from reportgen.predictions.text_lines import check_text_file, count_lines, lines_of

DELIMITERS = {",": "a comma", ";": "a semicolon", "\t": "a tab"}
"""What may stand between cells; the first line tells which."""

CELLS = 200_000
"""Cells that are read at once."""


def read_csv(
    file: BufferedReader, asked: Asked, *, name: str, largest: int
) -> tuple[Table, Roles]:
    """Returns what a CSV file holds, and what each of its columns is.

    Args:
        file: It, at its beginning.
        asked: What the user says of its columns.
        name: What to call it in an error.
        largest: Bytes that it may take in memory.

    Raises:
        PredictionsError: It is no such table, or too large.
    """
    check_text_file(file, name)
    most = count_lines(file) - 1
    file.seek(0)
    with closing(lines_of(file, name)) as lines:
        header = next(lines, "")  # there is none behind half a mark of UTF-8
        _check_first(header, name)
        delimiter = _delimiter(header, name)
        columns = _columns(header, delimiter, name)
        roles = roles_of(columns, asked, file=name)
        room = most * (len(roles.scores) * 8 + BESIDES_BYTES)
        check_room(room, largest, name=name, n=most, k=len(roles.scores))
        filling = _Filling(name, columns, roles, most, largest - room)
        for rows, before in _rows(lines, delimiter, name, len(columns)):
            filling.add(rows, before)
    if not filling.n:
        raise PredictionsError(
            f"{name} must have a line for each row. Received a line of names alone. "
            "Hand over the rows that the model was tested on."
        )
    return filling.table(), roles


def _check_first(header: str, name: str) -> None:
    """Refuses the line by which some programs tell Excel what stands between cells."""
    if header.lower().startswith("sep=") and len(header.strip()) <= len("sep=,"):
        raise PredictionsError(
            f"{name} must have a first line that names its columns. Received "
            f"{shown(header.rstrip())}, which speaks to Excel alone. Leave that line "
            "out."
        )


def _delimiter(header: str, name: str) -> str:
    """Returns what stands between the cells of the first line."""
    found = {}
    for sign in DELIMITERS:
        try:
            [cells] = csv.reader([header], delimiter=sign, strict=True)
        except (ValueError, csv.Error):  # it is cut within quotes, or there is none
            continue
        if len(cells) > 1:
            found[sign] = cells
    if len(found) == 1:
        return next(iter(found))
    wanted = "a comma, a semicolon or a tab"
    received = " and ".join(DELIMITERS[sign] for sign in found) or "none of them"
    quoted = "Put names that hold another one between quotes."
    advice = quoted if found else "Write the table with commas."
    raise PredictionsError(
        f"{name} must have one of {wanted} between the names of its first line. "
        f"Received {received} in {shown(header.rstrip())}. {advice}"
    )


def _columns(header: str, delimiter: str, name: str) -> tuple[str, ...]:
    """Returns the names of the columns."""
    [cells] = csv.reader([header], delimiter=delimiter, strict=True)
    if floats(list(filter(None, cells))) is not None:
        raise PredictionsError(
            f"{name} must have a first line that names its columns. Received numbers "
            f"alone: {listed(cells)}. Put a line of names before them."
        )
    for column, times in Counter(cells).items():
        if times > 1:
            raise PredictionsError(
                f"{name} must have columns of different names. Received "
                f"{shown(column)} {times:,} times in line 1. Rename all but one."
            )
        if len(column) > LONGEST_NAME:
            raise PredictionsError(
                f"{name} must have names of at most {LONGEST_NAME:,} characters. "
                f"Received one of {len(column):,}, {shown(column)}. Shorten it."
            )
    return tuple(cells)


def _rows(
    lines: Iterator[str], delimiter: str, name: str, width: int
) -> Iterator[tuple[list[list[str]], int]]:
    """Yields some rows at a time, with the line before the first of them."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    most = max(1, CELLS // width)
    rows: list[list[str]] = []
    before = 0
    try:
        for row in _without_empty_end(reader):
            rows.append(row)
            if len(rows) == most:
                yield rows, before + 1
                rows, before = [], reader.line_num
    except csv.Error as error:
        raise PredictionsError(
            f"{name} must be a table whose quotes are closed and doubled within a "
            f"cell. Received one that breaks off in line {reader.line_num + 1:,}: "
            f"{error}. Look for a quote there or before."
        ) from error
    if rows:
        yield rows, before + 1


def _without_empty_end(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    """Yields rows; empty ones once a filled one follows: those at the end are none."""
    empty = 0
    for row in rows:
        if not row:
            empty += 1
            continue
        yield from ([] for _ in range(empty))
        empty = 0
        yield row


class _Numbering(dict[str, int]):
    """Numbers for texts, each new one the next."""

    def __missing__(self, text: str) -> int:
        """Returns the number of a text that has none yet."""
        number = self[text] = len(self)
        return number


@dataclass(slots=True)
class _Filling:
    """The arrays of a table while they are filled, which is what it is not frozen for.

    Attributes:
        name: What to call the file in an error.
        columns: Names of its columns.
        roles: What each of them is.
        most: Rows that it can have at most.
        spare: Bytes that its texts may take.
        n: Rows so far.
    """

    name: str
    columns: tuple[str, ...]
    roles: Roles
    most: int
    spare: int
    n: int = 0
    _scores: NDArray[np.float64] = field(init=False)
    _codes: dict[str, NDArray[np.int64]] = field(init=False)
    _numbers: dict[str, _Numbering] = field(init=False)
    _places: dict[str, list[str]] = field(init=False)
    _texts: dict[str, list[NDArray[np.str_]]] = field(init=False)

    def __post_init__(self) -> None:
        roles = self.roles
        coded = [name for name in (roles.label, roles.predicted) if name is not None]
        several = (roles.row_ids, roles.images, roles.beside)
        texts = [name for name in several if name is not None]
        self._scores = np.empty((self.most, len(roles.scores)))
        self._codes = {name: np.empty(self.most, np.int64) for name in coded}
        self._numbers = {name: _Numbering() for name in coded}
        self._places = {name: [] for name in coded}
        self._texts = {
            name: [] for name in (*texts, *(one.column for one in roles.metadata))
        }

    def add(self, rows: list[list[str]], before: int) -> None:
        """Takes rows in.

        Args:
            rows: Their cells.
            before: The line before the first of them.
        """
        self._check_widths(rows, before)
        place = {name: at for at, name in enumerate(self.columns)}
        cells = list(zip(*rows, strict=True))
        part = slice(self.n, self.n + len(rows))
        for at, name in enumerate(self.roles.scores):
            column = cells[place[name]]
            self._scores[part, at] = self._floats(name, column, rows, before)
        for name, codes in self._codes.items():
            codes[part] = self._coded(name, cells[place[name]], rows, before)
        for name, pieces in self._texts.items():
            pieces.append(self._text(name, cells[place[name]], rows, before))
        self.n += len(rows)
        self._check_texts()

    def table(self) -> Table:
        """Returns all rows."""
        roles, n = self.roles, self.n
        numbers, texts = self._numbers, self._texts
        coded = {
            name: Coded(
                name, tuple(numbers[name]), codes[:n], tuple(self._places[name])
            )
            for name, codes in self._codes.items()
        }
        return Table(
            labels=coded[roles.label],
            scores=self._scores[:n] if roles.scores else None,
            predicted=coded[roles.predicted] if roles.predicted else None,
            row_ids=np.concatenate(texts[roles.row_ids]) if roles.row_ids else None,
            columns=tuple(
                Column(one.name, _typed(one.column, np.concatenate(texts[one.column])))
                for one in roles.metadata
            ),
            images=np.concatenate(texts[roles.images]) if roles.images else None,
            beside=np.concatenate(texts[roles.beside]) if roles.beside else None,
        )

    def _check_widths(self, rows: list[list[str]], before: int) -> None:
        """Refuses a row with more or fewer cells than names."""
        width = len(self.columns)
        wrong = next((at for at, row in enumerate(rows) if len(row) != width), None)
        if wrong is not None:
            cells = rows[wrong]
            received = f"{len(cells):,}, {listed(cells)}" if cells else "an empty line"
            raise PredictionsError(
                f"{self.name} must have {width:,} cells in each line, one a column. "
                f"Received {received}, in line {_line(rows, before, wrong):,}. "
                f"{_width_advice(len(cells), width)}"
            )

    def _floats(
        self, name: str, cells: Sequence[str], rows: list[list[str]], before: int
    ) -> NDArray[np.float64]:
        """Returns the numbers in cells."""
        found = floats(cells)
        if found is not None:
            return found
        wrong = next(at for at, cell in enumerate(cells) if floats([cell]) is None)
        raise PredictionsError(
            f"{shown(name)} in {self.name} must hold a number in each row. Received "
            f"{shown(cells[wrong])} in line {_line(rows, before, wrong):,}. "
            f"{number_advice(cells[wrong], name)}"
        )

    def _coded(
        self, name: str, cells: Sequence[str], rows: list[list[str]], before: int
    ) -> NDArray[np.int64]:
        """Returns the numbers of labels; new ones get the next."""
        numbers = self._numbers[name]
        known = len(numbers)
        codes = np.fromiter(map(numbers.__getitem__, cells), np.int64, len(cells))
        check_label_count(len(numbers), name)  # before each new one is looked for
        for label in list(numbers)[known:]:
            place = f"line {_line(rows, before, cells.index(label)):,}"
            check_label(label, name, place)
            self._places[name].append(place)
        return codes

    def _text(
        self, name: str, cells: Sequence[str], rows: list[list[str]], before: int
    ) -> NDArray[np.str_]:
        """Returns texts."""
        needed = name in {self.roles.row_ids, self.roles.images}
        lengths = list(map(len, cells))
        wrong = lengths.index(0) if needed and 0 in lengths else -1
        if max(lengths) > LONGEST_NAME:
            wrong = lengths.index(max(lengths))
        if wrong >= 0:
            least = 1 if needed else 0
            raise PredictionsError(
                f"{shown(name)} in {self.name} must hold {least} to {LONGEST_NAME:,} "
                f"characters in each row. Received {lengths[wrong]:,} in line "
                f"{_line(rows, before, wrong):,}. Fill in or shorten it."
            )
        return np.array(cells, dtype=np.str_)

    def _check_texts(self) -> None:
        """Refuses texts that would take too much room side by side."""
        room = sum(
            max(piece.dtype.itemsize for piece in pieces) * self.n
            for pieces in self._texts.values()
        )
        if 2 * room > self.spare:
            raise PredictionsError(
                f"{self.name} must have texts that take at most "
                f"{self.spare // 2 // CHARACTER_BYTES:,} characters, each as wide as "
                f"the longest of its column. Received more in the first {self.n:,} "
                "rows. Leave out columns, or shorten the longest."
            )


def _width_advice(cells: int, width: int) -> str:
    """Returns what to do with a line of another number of cells."""
    if not cells:
        return "Leave that line out."
    quoted = "Put cells that hold the sign between cells between quotes"
    if cells == width + 1:
        return f"{quoted}, or name the column of row names (in R, row.names = FALSE)."
    return f"{quoted}."


def _line(rows: list[list[str]], before: int, at: int) -> int:
    """Returns the line of a row: cells between quotes may hold ends of lines."""
    within = "".join(cell + " " for row in rows[:at] for cell in row)
    ends = within.count("\n") + within.count("\r") - within.count("\r\n")
    return before + 1 + at + ends


def floats(cells: Sequence[str]) -> NDArray[np.float64] | None:
    """Returns the numbers in cells as float64, None unless all are such.

    Python's own reading is exact; that it takes 1_0 for 10 and digits of other scripts
    is undone.
    """
    joined = "".join(cells)
    if "_" in joined or not joined.isascii():
        return None
    try:
        return np.fromiter(map(float, cells), np.float64, len(cells))
    except ValueError:
        return None


def _typed(
    name: str, texts: NDArray[np.str_]
) -> NDArray[np.float64] | NDArray[np.str_]:
    """Returns a column as numbers, NaN where empty, if all others are; else as text."""
    filled = texts != ""
    numbers = floats(texts[filled].tolist())
    if numbers is None or not filled.any():
        return texts
    if np.isinf(numbers).any():
        raise PredictionsError(
            f"{shown(name)} must hold finite numbers, or be empty where there is none. "
            "Received infinity. Leave it empty there."
        )
    values = np.full(len(texts), np.nan)
    values[filled] = numbers
    return values
