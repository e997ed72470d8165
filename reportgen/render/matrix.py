"""The confusion matrix as a table whose cells lead to their images."""

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from reportgen.card import Card
from reportgen.record import ConfusedCell, Curve, Picture, count

MOST_CLASSES = 20
"""Classes up to which the matrix stands as a table; more are a picture alone."""

LINE_MM = 174
"""Width of a line of paper."""

LAST_LATIN = "\u024f"
"""Characters beyond it, and those that steer text, may be printed as code points."""

CODE_POINT = len("[U+0000]")
"""Characters that such a one then takes."""

PRINTED = 6
"""Cells whose images stand on paper too: those of most errors."""

ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
ROW_CHARACTERS = 10
"""Characters of a row's name that stand below an image of a sheet."""

POINTS = 6
"""Points of a curve that its table shows."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The images of one confusion.

    Attributes:
        cell: The rows behind them.
        picture: The images, five in a row.
        printed: Whether they stand on paper too.
    """

    cell: ConfusedCell
    picture: Picture
    printed: bool


@dataclass(frozen=True, slots=True)
class Lettering:
    """A size in which the matrix is set.

    Attributes:
        character_mm: Width of a letter that is wider than most, and of any digit.
        gap_mm: White before each column.
        least_mm: Width of a column at least, that of a finger on a screen.
        names_mm: Width that the names of rows need at least, broken into lines.
    """

    character_mm: float
    gap_mm: float
    least_mm: float
    names_mm: float


TYPE = Lettering(2.1, 2.0, 8.5, 36)
SMALL_TYPE = Lettering(1.6, 0.8, 6.5, 22)
"""What `.matrix` and `.matrix.small` of the stylesheet are set in."""


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """One cell of the matrix.

    Attributes:
        count: Rows in it.
        right: Whether it lies on the diagonal.
        sheet: Their images, None where there are none.
        label: What the count counts, in words.
    """

    count: int
    right: bool
    sheet: Sheet | None
    label: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """The matrix as a table that fits a page.

    Attributes:
        form: How it is set, as classes of the stylesheet: "plain"; "turned", with the
            names of the columns upright and cut; "turned small".
        rows: k rows of k cells, in label order.
    """

    form: str
    rows: tuple[tuple[MatrixCell, ...], ...]


def sheets(card: Card) -> tuple[Sheet, ...]:
    """Returns the images of every confusion that has some, most errors first."""
    pictures = {picture.key: picture for picture in card.pictures}
    evaluation = card.record.evaluation
    keyed = ((cell, evaluation.cell_key(cell)) for cell in evaluation.cells)
    return tuple(
        Sheet(cell, pictures[key], place < PRINTED)
        for place, (cell, key) in enumerate(keyed)
        if key in pictures
    )


def row_name(row_id: str) -> str:
    """Returns the name of a row for a sheet, its middle cut: rows differ at their ends.

    Most of the room is the end's, since the beginning of a path is the folder of its
    class, which stands above the sheet.

    >>> row_name("test/square/squ017.png")
    'te…017.png'
    """
    if len(row_id) <= ROW_CHARACTERS:
        return row_id
    head = ROW_CHARACTERS // 4
    tail = ROW_CHARACTERS - head - len(ELLIPSIS)
    return row_id[:head] + ELLIPSIS + row_id[-tail:]


def matrix(card: Card) -> Matrix | None:
    """Returns the matrix, None where it has more than a line of paper holds."""
    found = card.record.evaluation.confusion_matrix
    names = found.class_names
    form = _form(names, found.counts)
    if form is None:
        return None
    known = {(one.cell.true, one.cell.predicted): one for one in sheets(card)}
    rows = tuple(
        tuple(
            MatrixCell(n, true == read, known.get((true, read)), _label(n, true, read))
            for n, read in zip(row, names, strict=True)
        )
        for row, true in zip(found.counts, names, strict=True)
    )
    return Matrix(form, rows)


def _form(names: tuple[str, ...], counts: tuple[tuple[int, ...], ...]) -> str | None:
    """Returns the form of most legible type whose columns fit a line, None without."""
    if len(names) > MOST_CLASSES:
        return None
    columns = zip(*counts, strict=True)
    digits = [max(len(str(count(n))) for n in column) for column in columns]
    heads = [_characters(name) for name in names]
    plain = [max(both) for both in zip(digits, heads, strict=True)]
    if max(heads) * TYPE.character_mm + _width_mm(plain, TYPE) <= LINE_MM:
        return "plain"
    for form, size in (("turned", TYPE), ("turned small", SMALL_TYPE)):
        if size.names_mm + _width_mm(digits, size) <= LINE_MM:
            return form
    return None


def _characters(name: str) -> int:
    """Returns how many characters of paper a name takes at most."""
    plain = sum(one.isprintable() and one <= LAST_LATIN for one in name)
    return plain + CODE_POINT * (len(name) - plain)


def _width_mm(columns: Iterable[int], size: Lettering) -> float:
    """Returns the width of columns of so many characters."""
    widths = (size.gap_mm + size.character_mm * most for most in columns)
    return sum(max(size.least_mm, width) for width in widths)


def _label(n: int, true: str, read: str) -> str:
    """Returns what a count counts, beginning with the count as it is printed."""
    return f"{count(n)} of class {true} read as {read}"


def linked(n: int, target: str, label: str) -> Markup:
    """Returns a count that leads to an id of the page.

    The link stands within the number and holds bare text, as a tagged PDF asks.

    Args:
        n: The count.
        target: An id of the page.
        label: The same count with what it counts, for whoever hears it alone.
    """
    text = Markup('<data value="{}"><a href="#{}" aria-label="{}">{}</a></data>')
    return text.format(repr(n), target, label, str(count(n)))


def few(curve: Curve) -> tuple[tuple[float, float], ...]:
    """Returns points along a curve, its two ends among them."""
    points = tuple(zip(curve.x, curve.y, strict=True))
    last, most = len(points) - 1, min(POINTS, len(points))
    places = {round(i * last / max(1, most - 1)) for i in range(most)}
    return tuple(points[place] for place in sorted(places))
