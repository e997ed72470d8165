"""The confusion matrix as a table whose cells lead to their images."""

from dataclasses import dataclass

from markupsafe import Markup

from reportgen.card import Card
from reportgen.record import ConfusedCell, Curve, Picture, count

MOST_CLASSES = 20
"""Classes up to which the matrix stands as a table; more are a picture alone."""

PRINTED = 6
"""Cells whose images stand on paper too: those of most errors."""

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


def matrix(card: Card) -> tuple[tuple[MatrixCell, ...], ...]:
    """Returns the rows of the matrix, none of more classes than a table can hold."""
    found = card.record.evaluation.confusion_matrix
    names = found.class_names
    if len(names) > MOST_CLASSES:
        return ()
    known = {(one.cell.true, one.cell.predicted): one for one in sheets(card)}
    return tuple(
        tuple(
            MatrixCell(n, true == read, known.get((true, read)), _label(n, true, read))
            for n, read in zip(row, names, strict=True)
        )
        for row, true in zip(found.counts, names, strict=True)
    )


def _label(n: int, true: str, read: str) -> str:
    """Returns what a count counts, beginning with the count as it is printed."""
    return f"{count(n)} of class {true} read as {read}"


def linked(n: int, target: str, label: str, kind: str = "") -> Markup:
    """Returns a count that leads to an id of the page.

    The link stands within the number and holds bare text, as a tagged PDF asks.

    Args:
        n: The count.
        target: An id of the page.
        label: The same count with what it counts, for whoever hears it alone.
        kind: Class of the number, as "print-only".
    """
    text = Markup('<data value="{}"{}><a href="#{}" aria-label="{}">{}</a></data>')
    classes = Markup(' class="{}"').format(kind) if kind else ""
    return text.format(repr(n), classes, target, label, str(count(n)))


def few(curve: Curve) -> tuple[tuple[float, float], ...]:
    """Returns points along a curve, its two ends among them."""
    points = tuple(zip(curve.x, curve.y, strict=True))
    last, most = len(points) - 1, min(POINTS, len(points))
    places = {round(i * last / max(1, most - 1)) for i in range(most)}
    return tuple(points[place] for place in sorted(places))
