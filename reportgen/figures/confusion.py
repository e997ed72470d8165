"""Which class is read as which."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reportgen.figures.lettering import (
    Horizontal,
    Vertical,
    axis_names,
    decimals,
    in_column,
    joined,
    write,
)
from reportgen.figures.style import (
    FULL_MM,
    PAPER,
    RULE,
    SMALL_PT,
    look,
    new_figure,
    text_on,
)
from reportgen.record import ConfusedPair, Quantity, Record, Sentence, count, sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap, LogNorm
    from matplotlib.figure import Figure

MOST_WRITTEN = 20
"""Classes up to which counts stand in the cells."""

MOST_NAMED = 40
"""Classes up to which every row and column has its name."""

MATRIX_MM = 132.0
"""Width of the cells, about."""

DIGIT_MM = 1.65
"""Width of a digit or comma of the smallest type, at most."""

MARGINS_PT = (32.0, 68.0)
"""Right edges of the numbers beside the rows, from the end of the cells."""

RIGHT: tuple[Horizontal, Vertical] = ("right", "center_baseline")


@look()
def draw_confusion_matrix(record: Record) -> "Figure":
    """Returns the counts as cells, true classes in rows; empty cells stay empty."""
    matrix = np.array(record.evaluation.confusion_matrix.counts)  # (k, k)
    k = len(matrix)
    written = k <= MOST_WRITTEN and _widest(matrix) * DIGIT_MM <= MATRIX_MM / k
    height_mm = min(max(26 + 8.6 * k, 60), 112) if k <= 10 else 138  # noqa: PLR2004 - few classes need less
    figure = new_figure(FULL_MM, height_mm)
    axes = figure.add_subplot()
    cells = np.ma.masked_equal(matrix, 0)
    shades, scale = _ramp(), _scale(matrix)
    axes.imshow(cells, cmap=shades, norm=scale, interpolation="nearest", aspect="auto")
    _name_axes(axes, record.evaluation.class_names)
    if written:
        _write_counts(axes, matrix)
        _write_margins(axes, record)
    else:
        _draw_scale(figure, axes)
    return figure


def caption_confusion_matrix(record: Record) -> Sentence:
    """Returns the commonest confusion, or that there is none."""
    evaluation = record.evaluation
    if not evaluation.confused_pairs:
        return sentence(
            "All {n} test images lie on the diagonal: no class is read as another.",
            n=count(evaluation.n),
        )
    first = evaluation.confused_pairs[0]
    opening = (
        "Class {true} read as {predicted} is the commonest confusion: "
        if _alone(evaluation.confused_pairs)
        else "No confusion is commoner than class {true} read as {predicted}: "
    )
    return joined(
        sentence(
            opening + "{count} of the {errors} errors.",
            true=first.true,
            predicted=first.predicted,
            count=count(first.count),
            errors=count(evaluation.errors),
        ),
        sentence(
            "Rows are true classes, columns predicted ones; the shade is on a "
            "logarithmic scale, and empty cells hold no image."
        ),
    )


def alt_confusion_matrix(record: Record) -> Sentence:
    """Returns how much lies on the diagonal, and the largest cell off it."""
    evaluation = record.evaluation
    opening = sentence(
        "Confusion matrix of {k} classes with {correct} of {n} images on the diagonal.",
        k=count(record.model.output_classes),
        correct=count(evaluation.correct),
        n=count(evaluation.n),
    )
    if not evaluation.confused_pairs:
        return joined(opening, sentence("Every other cell is empty."))
    first = evaluation.confused_pairs[0]
    largest = (
        "The largest cell off it is {true} read as {predicted}, with {count}."
        if _alone(evaluation.confused_pairs)
        else "No cell off it is larger than {true} read as {predicted}, with {count}."
    )
    return joined(
        opening,
        sentence(
            largest,
            true=first.true,
            predicted=first.predicted,
            count=count(first.count),
        ),
    )


def _alone(pairs: tuple[ConfusedPair, ...]) -> bool:
    """Returns whether the first confusion is commoner than every other."""
    return len(pairs) == 1 or pairs[1].count < pairs[0].count


def _widest(matrix: NDArray[np.int64]) -> int:
    """Returns the characters of the longest count."""
    return len(str(count(int(matrix.max()))))


def _ramp() -> "Colormap":
    """Returns white paper to deep blue, without the palest steps."""
    from matplotlib import colormaps
    from matplotlib.colors import ListedColormap

    ramp = ListedColormap(colormaps["Blues"](np.linspace(0.12, 1, 256)))
    return ramp.with_extremes(bad=PAPER)


def _scale(matrix: NDArray[np.int64]) -> "LogNorm":
    """Returns a logarithmic scale: one error shows beside a thousand hits."""
    from matplotlib.colors import LogNorm

    return LogNorm(1, max(int(matrix.max()), 2))


def _name_axes(axes: "Axes", class_names: tuple[str, ...]) -> None:
    """Names rows and columns, and rules hairlines between the cells."""
    k = len(class_names)
    step = -(-k // MOST_NAMED)
    names = axis_names(class_names)[::step]
    upright = max(map(len, names)) * DIGIT_MM > MATRIX_MM / len(names)
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


def _write_counts(axes: "Axes", matrix: NDArray[np.int64]) -> None:
    """Writes each count but 0 into its cell, in the colour that reads best on it."""
    image = axes.get_images()[0]
    for row, column in zip(*np.nonzero(matrix), strict=True):
        n = int(matrix[row, column])
        red, green, blue, _ = image.to_rgba(np.array(n))
        axes.text(
            column,
            row,
            str(count(n)),
            color=text_on(red, green, blue),
            fontsize=SMALL_PT,
            ha="center",
            va="center_baseline",
        )


def _write_margins(axes: "Axes", record: Record) -> None:
    """Writes what a row and a column come to: images, recall, precision."""
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
    for x_pt, head in zip(MARGINS_PT, ("images", "recall, %"), strict=True):
        at = (1, 1, axes.transAxes)
        write(axes, head, at=at, offset_pt=(x_pt, 8), align=RIGHT)
    corner = (0, 0, axes.transAxes)
    write(axes, "precision, %", at=corner, offset_pt=(-4, -9), align=RIGHT)


def _value(quantity: Quantity | None) -> str:
    """Returns the bare value for a column whose head names the unit."""
    return "n/a" if quantity is None else quantity.text(quantity.value)


def _draw_scale(figure: "Figure", axes: "Axes") -> None:
    """Draws the scale of the shades, for cells too small to hold a count."""
    from matplotlib.ticker import StrMethodFormatter

    bar = figure.colorbar(axes.get_images()[0], ax=axes, aspect=40)
    bar.ax.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    bar.ax.minorticks_off()
    bar.outline.set_visible(False)
    bar.set_label("images")
