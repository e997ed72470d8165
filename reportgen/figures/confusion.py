"""Which class is read as which."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reportgen.figures.lettering import (
    NAME_LENGTH,
    Horizontal,
    Vertical,
    axis_names,
    decimals,
    in_column,
    joined,
    width_mm,
    write,
)
from reportgen.figures.style import (
    FULL_MM,
    HALF_MM,
    PAPER,
    RULE,
    SMALL_PT,
    look,
    new_figure,
    text_on,
)
from reportgen.record import Quantity, Record, Sentence, count, sentence
from reportgen.record.wording import counted

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap, LogNorm
    from matplotlib.figure import Figure

MOST_WRITTEN = 20
"""Classes up to which counts stand in the cells."""

MOST_NAMED = 40
"""Classes up to which every row and column has its name."""

MOST_CELLS = 100
"""Classes up to which each has a row of cells; more are drawn in blocks of classes."""

BLOCKS = 50
"""Blocks at most, in label order."""

MATRIX_MM = 132.0
"""Width of the cells of a matrix across the page, about."""

MOST_HALF = 10
"""Classes up to which both matrices may stand side by side."""

HALF_CELLS_MM = 74.0
"""Width of the cells of a matrix across half a page, about."""

HALF_NAME = 7
"""Characters of a name beside such a matrix, where cells are too narrow for more."""

LONGEST_HALF_NAME = 12
"""Characters where they are not: more would take the room from the cells."""

BESIDE_MM = 9.0
"""Room beside the cells and the names of their rows: a label and gaps."""

GAP_MM = 1.5
"""Room between the names of columns."""

DIGIT_MM = 1.65
"""Width of a digit or comma of the smallest type, at most."""

MARGINS_PT = (32.0, 68.0)
"""Right edges of the numbers beside the rows, from the end of the cells."""

RIGHT: tuple[Horizontal, Vertical] = ("right", "center_baseline")


def matrix_width_mm(record: Record) -> float:
    """Returns half a page where both matrices fit side by side, counts and all."""
    evaluation = record.evaluation
    if evaluation.binary:
        return HALF_MM  # beside what follows from its four counts
    matrix = np.array(evaluation.confusion_matrix.counts)  # (k, k)
    cell_mm = HALF_CELLS_MM / len(matrix)
    fits = len(str(matrix.max())) * DIGIT_MM <= cell_mm
    if evaluation.errors and len(matrix) <= MOST_HALF and fits:
        return HALF_MM
    return FULL_MM


@look()
def draw_confusion_matrix(record: Record) -> "Figure":
    """Returns the counts as cells, true classes in rows; empty cells stay empty."""
    matrix, names = _drawn(record)
    figure, axes = empty_matrix(record, names)
    cells = np.ma.masked_equal(matrix, 0)
    shades, scale = ramp("Blues"), _scale(matrix)
    axes.imshow(cells, cmap=shades, norm=scale, interpolation="nearest", aspect="auto")
    if not is_written(record, matrix):
        draw_scale(figure, axes, ticks=_decades(matrix), label=f"{record.noun}s")
        return figure
    write_counts(axes, matrix)
    if matrix_width_mm(record) == FULL_MM:
        _write_margins(axes, record)
    return figure


def caption_confusion_matrix(record: Record) -> Sentence:
    """Returns how much lies on the diagonal, and how the cells are to be read."""
    return joined(
        _on_the_diagonal(record),
        sentence(
            "Rows are true classes, columns predicted ones; the shade is on a "
            "logarithmic scale"
            + (", and empty cells hold no {noun}." if _any_empty(record) else "."),
            noun=record.noun,
        ),
        _blocks_note(record),
    )


def alt_confusion_matrix(record: Record) -> Sentence:
    """Returns how much lies on the diagonal."""
    evaluation = record.evaluation
    opening = sentence(
        "Confusion matrix of {k} classes with {correct} of {rows} on the diagonal.",
        k=count(evaluation.k),
        correct=count(evaluation.correct),
        rows=counted(evaluation.n, record.noun),
    )
    if evaluation.errors:
        return opening
    return joined(opening, sentence("Every other cell is empty."))


def empty_matrix(record: Record, names: tuple[str, ...]) -> tuple["Figure", "Axes"]:
    """Returns a figure with named, ruled and still empty cells.

    Args:
        record: What decides the figure's width.
        names: Names of the rows and of the columns.
    """
    k, width_mm = len(names), matrix_width_mm(record)
    if width_mm == HALF_MM:
        height_mm = min(max(20 + 7.0 * k, 50), 88)
    else:
        height_mm = min(max(26 + 8.6 * k, 60), 112) if k <= MOST_HALF else 138
    figure = new_figure(width_mm, height_mm)
    axes = figure.add_subplot()
    _name_axes(axes, names, half=width_mm == HALF_MM)
    axes.set(xlim=(-0.5, k - 0.5), ylim=(k - 0.5, -0.5), autoscale_on=False)
    return figure, axes


def is_written(record: Record, matrix: NDArray[np.int64]) -> bool:
    """Returns whether counts stand in the cells.

    Args:
        record: What decides the figure's width.
        matrix: (k, k) cells that are drawn.
    """
    if matrix_width_mm(record) == HALF_MM:
        return True
    k = len(matrix)
    return k <= MOST_WRITTEN and _widest(matrix) * DIGIT_MM <= MATRIX_MM / k


def ramp(name: str) -> "Colormap":
    """Returns white paper to a deep colour, without the palest steps.

    Args:
        name: Matplotlib's name of a ramp of one hue.
    """
    from matplotlib import colormaps
    from matplotlib.colors import ListedColormap

    ramp = ListedColormap(colormaps[name](np.linspace(0.12, 1, 256)))
    return ramp.with_extremes(bad=PAPER)


def write_counts(axes: "Axes", matrix: NDArray[np.int64]) -> None:
    """Writes each count but 0 into its cell, in the colour that reads best on it.

    Separators of thousands are left out where a cell would be too narrow for them.
    """
    image = axes.get_images()[0]
    separated = _widest(matrix) * DIGIT_MM <= HALF_CELLS_MM / len(matrix)
    for row, column in zip(*np.nonzero(matrix), strict=True):
        n = int(matrix[row, column])
        red, green, blue, _ = image.to_rgba(np.array(n))
        axes.text(
            column,
            row,
            str(count(n)) if separated else str(n),
            color=text_on(red, green, blue),
            fontsize=SMALL_PT,
            ha="center",
            va="center_baseline",
        )


def draw_scale(figure: "Figure", axes: "Axes", *, ticks: list[int], label: str) -> None:
    """Draws the scale of the shades, for cells too small to hold a count."""
    bar = figure.colorbar(axes.get_images()[0], ax=axes, aspect=40)
    bar.set_ticks(ticks, labels=[str(count(tick)) for tick in ticks])
    bar.ax.minorticks_off()
    bar.outline.set_visible(False)
    bar.set_label(label)


def _on_the_diagonal(record: Record) -> Sentence:
    """Returns how many rows lie on the diagonal, and how many do not."""
    evaluation = record.evaluation
    if not evaluation.errors:
        return sentence(
            ("The only test {noun} lies" if evaluation.n == 1 else "All {rows} lie")
            + " on the diagonal: no class is read as another.",
            noun=record.noun,
            rows=counted(evaluation.n, f"test {record.noun}"),
        )
    lie = "lies" if evaluation.correct == 1 or evaluation.n == 1 else "lie"
    what = "it is" if evaluation.correct == 1 else "they are"
    return sentence(
        f"{{correct}} of {{rows}} {lie} on the diagonal, read as what {what}; "
        "{errors} " + ("does not." if evaluation.errors == 1 else "do not."),
        correct=count(evaluation.correct),
        rows=counted(evaluation.n, f"test {record.noun}"),
        errors=count(evaluation.errors),
    )


def _drawn(record: Record) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Returns the counts as they are drawn, and the names of their rows.

    Of more than `MOST_CELLS` classes those that follow each other share a cell, which
    has the name of the first: a cell of its own would be smaller than a dot of ink.
    """
    matrix = np.array(record.evaluation.confusion_matrix.counts)  # (k, k)
    names = record.evaluation.class_names
    side = _block_side(record)
    starts = np.arange(0, len(matrix), side)
    blocks = np.add.reduceat(np.add.reduceat(matrix, starts, axis=0), starts, axis=1)
    return blocks, names[::side]


def _any_empty(record: Record) -> bool:
    """Returns whether a cell of the figure holds nothing."""
    matrix, _ = _drawn(record)
    return not matrix.all()


def _block_side(record: Record) -> int:
    """Returns how many classes share a row of cells."""
    k = record.evaluation.k
    return 1 if k <= MOST_CELLS else -(-k // BLOCKS)


def _blocks_note(record: Record) -> Sentence | None:
    """Returns what a cell stands for, where it is more than one class."""
    side = _block_side(record)
    if side == 1:
        return None
    return sentence(
        "Of {k} classes {side} that follow each other in label order share a row and a "
        "column, named after the first: a cell of the diagonal holds their confusions "
        "with one another too.",
        k=count(record.evaluation.k),
        side=count(side),
    )


def _widest(matrix: NDArray[np.int64]) -> int:
    """Returns the characters of the longest count."""
    return len(str(count(int(matrix.max()))))


def _scale(matrix: NDArray[np.int64]) -> "LogNorm":
    """Returns a logarithmic scale: one error shows beside a thousand hits."""
    from matplotlib.colors import LogNorm

    return LogNorm(1, max(int(matrix.max()), 2))


def _decades(matrix: NDArray[np.int64]) -> list[int]:
    """Returns 1, 10, 100 and so on, and the largest count at the end."""
    most = max(int(matrix.max()), 2)
    powers = (10**power for power in range(len(str(most))))
    return [*(tick for tick in powers if 2 * tick <= most), most]


def _name_axes(axes: "Axes", class_names: tuple[str, ...], *, half: bool) -> None:
    """Names rows and columns, and rules hairlines between the cells."""
    k = len(class_names)
    step = -(-k // MOST_NAMED)
    names, upright = _half_names(class_names) if half else _full_names(class_names)
    names = names[::step]
    axes.set_xticks(range(0, k, step), names, rotation=90 if upright else 0)
    axes.set_yticks(range(0, k, step), names)
    axes.xaxis.tick_top()
    axes.xaxis.set_label_position("top")
    axes.set(xlabel="predicted class", ylabel="true class")
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    edges = np.arange(0, k + 1, step) - 0.5
    for rule in (axes.hlines, axes.vlines):
        rule(edges, -0.5, k - 0.5, color=RULE, linewidth=0.5, clip_on=False)


def _full_names(class_names: tuple[str, ...]) -> tuple[tuple[str, ...], bool]:
    """Returns the names beside a matrix across the page, and if columns are upright."""
    names = axis_names(class_names, NAME_LENGTH)
    return names, _are_upright(names, MATRIX_MM)


def _half_names(class_names: tuple[str, ...]) -> tuple[tuple[str, ...], bool]:
    """Returns the names beside a matrix across half a page, as long as they fit."""
    for most in range(LONGEST_HALF_NAME, HALF_NAME, -1):
        names = axis_names(class_names, most)
        widest_mm = max(map(width_mm, names))
        cell_mm = (HALF_MM - BESIDE_MM - widest_mm) / len(names)
        if widest_mm + GAP_MM <= cell_mm:
            return names, False
    names = axis_names(class_names, HALF_NAME)
    return names, _are_upright(names, HALF_CELLS_MM)


def _are_upright(names: tuple[str, ...], cells_mm: float) -> bool:
    """Returns whether names of columns are too long to lie level."""
    shown = names[:: -(-len(names) // MOST_NAMED)]
    return max(map(len, shown)) * DIGIT_MM > cells_mm / len(shown)


def _write_margins(axes: "Axes", record: Record) -> None:
    """Writes what a row and a column come to: its count, recall, precision."""
    classes = record.evaluation.classes
    every = [scores.recall for scores in classes]
    columns = [scores.precision for scores in classes]
    digits = min(decimals(every), decimals(columns))
    recalls, precisions = in_column(every, digits), in_column(columns, digits)
    beside, below = axes.get_yaxis_transform(), axes.get_xaxis_transform()
    for position, scores in enumerate(classes):
        row = str(count(scores.support)), _value(recalls[position])
        for x_pt, text in zip(MARGINS_PT, row, strict=True):
            offset_pt, align = (x_pt, 0.0), RIGHT
            write(
                axes, text, at=(1, position, beside), offset_pt=offset_pt, align=align
            )
        text = _value(precisions[position])
        write(axes, text, at=(position, 0, below), offset_pt=(0, -9))
    for x_pt, head in zip(MARGINS_PT, (f"{record.noun}s", "recall, %"), strict=True):
        at = (1, 1, axes.transAxes)
        write(axes, head, at=at, offset_pt=(x_pt, 8), align=RIGHT)
    corner = (0, 0, axes.transAxes)
    write(axes, "precision, %", at=corner, offset_pt=(-4, -9), align=RIGHT)


def _value(quantity: Quantity | None) -> str:
    """Returns the bare value for a column whose head names the unit."""
    return "n/a" if quantity is None else quantity.text(quantity.value)
