"""How many rows each class has."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reportgen.figures.lettering import axis_names, without_images
from reportgen.figures.samples import images_of
from reportgen.figures.style import (
    ACCENT,
    HALF_MM,
    MUTED,
    PAPER,
    SMALL_PT,
    light_grid,
    look,
    new_figure,
)
from reportgen.record import Part, Quantity, Record, Sentence, count, sentence
from reportgen.record.wording import counted

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BAR_MM = 4.6
MOST_NAMED = 48
"""Classes up to which each bar has room for its name and count; more are ranked."""

RANKED_MM = 62.0
"""Height of the figure of ranked classes."""

SPREAD = 20
"""Times the smallest class that the largest may have for a scale from 0 on."""

FLOOR = 0.5
"""Where a class without rows stands on the logarithmic axis."""

FRAME_MM = 12.0


def no_train_distribution(record: Record) -> str | None:
    """Returns why the training part is not drawn."""
    if record.dataset.images is None:
        return without_images(record)
    return None if record.dataset.images.train else "Every image is a test image."


def draw_train_distribution(record: Record) -> "Figure":
    """Returns a bar for each class of the training part."""
    return _draw(record, _train(record))


def draw_test_distribution(record: Record) -> "Figure":
    """Returns a bar for each class of the test part."""
    return _draw(record, record.dataset.test)


def caption_train_distribution(record: Record) -> Sentence:
    """Returns how even the training part is."""
    where = "training part"
    if images_of(record).augmentations:
        where += " (before augmentation)"
    return _caption(record, _train(record), where)


def caption_test_distribution(record: Record) -> Sentence:
    """Returns how even the test part is."""
    return _caption(record, record.dataset.test, "test part")


def alt_train_distribution(record: Record) -> Sentence:
    """Returns the span of the training part's bars."""
    return _alt(record, _train(record), "training part")


def alt_test_distribution(record: Record) -> Sentence:
    """Returns the span of the test part's bars."""
    return _alt(record, record.dataset.test, "test part")


def _train(record: Record) -> Part:
    """Returns the training part of a record that has one."""
    part = images_of(record).train
    assert part is not None
    return part


@look()
def _draw(record: Record, part: Part) -> "Figure":
    """Returns a level bar for each class, its count at its end; of many, their rank."""
    from matplotlib.ticker import MaxNLocator, StrMethodFormatter

    k = len(part.class_counts)
    if k > MOST_NAMED:
        return _draw_ranked(record, part)
    figure = new_figure(HALF_MM, FRAME_MM + BAR_MM * max(k, 5))
    axes = figure.add_subplot()
    axes.barh(np.arange(k), part.class_counts, height=0.66, color=ACCENT)
    axes.set(ylim=(k - 0.5, -0.5), xlabel=f"{record.noun}s", ylabel="class")
    axes.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.spines["bottom"].set_visible(False)
    light_grid(axes, "x")
    axes.tick_params(axis="y", length=0)
    axes.set_yticks(range(k), axis_names(record.dataset.class_names))
    _write_counts(axes, part.class_counts)
    return figure


def _draw_ranked(record: Record, part: Part) -> "Figure":
    """Returns the rows of each class over its rank, the largest first.

    They are bars from 0; a line where the scale is logarithmic, which has no 0 for
    bars to begin at.
    """
    from matplotlib.ticker import StrMethodFormatter

    ranked = np.sort(np.array(part.class_counts))[::-1]  # (k,)
    figure = new_figure(HALF_MM, RANKED_MM)
    axes = figure.add_subplot()
    draw = _draw_steps if _is_spread(record) else _draw_bars
    draw(axes, ranked, f"{record.noun}s")
    axes.set(xlim=(0.5, len(ranked) + 0.5), xlabel="classes, the largest first")
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.spines["left"].set_visible(False)
    light_grid(axes, "y")
    return figure


def _is_spread(record: Record) -> bool:
    """Returns whether classes of a part are too unlike in size for bars.

    Parts side by side have one kind of scale.
    """
    images = record.dataset.images
    parts = (images.train if images else None, record.dataset.test)
    every = [part.class_counts for part in parts if part]
    return any(max(counts) > SPREAD * max(min(counts), 1) for counts in every)


def _draw_bars(axes: "Axes", ranked: NDArray[np.int64], noun: str) -> None:
    """Draws bars from 0, each beside the next."""
    from matplotlib.ticker import MaxNLocator, StrMethodFormatter

    places = np.arange(len(ranked) + 1) + 0.5
    axes.stairs(ranked, places, fill=True, color=ACCENT)
    axes.set(ylim=(0, 1.05 * max(int(ranked[0]), 1)), ylabel=noun)
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))


def _draw_steps(axes: "Axes", ranked: NDArray[np.int64], noun: str) -> None:
    """Draws a line in steps over powers of ten, 0 at the foot where there is one."""
    low, high = int(ranked[-1]), max(int(ranked[0]), 1)
    foot = 10.0 ** (len(str(low)) - 1) if low else FLOOR
    places = np.arange(len(ranked) + 1) + 0.5
    steps = np.maximum(ranked, FLOOR)
    axes.stairs(steps, places, baseline=None, color=ACCENT, linewidth=1.6)
    axes.set_yscale("log")
    axes.set(ylim=(foot / 1.1, 1.5 * high), ylabel=f"{noun} (logarithmic scale)")
    powers = [10**power for power in range(len(str(high))) if 10**power >= foot]
    named = [*([] if low else [(FLOOR, "0")]), *((n, str(count(n))) for n in powers)]
    axes.set_yticks([tick for tick, _ in named], [name for _, name in named])
    axes.minorticks_off()


def _write_counts(axes: "Axes", counts: tuple[int, ...]) -> None:
    """Writes each count at the end of its bar, on paper that hides the grid."""
    for position, n in enumerate(counts):
        axes.annotate(
            str(count(n)),
            (n, position),
            xytext=(2, 0),
            textcoords="offset points",
            color=MUTED,
            fontsize=SMALL_PT,
            va="center_baseline",
            bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.6},
        )


def _caption(record: Record, part: Part, where: str) -> Sentence:
    """Returns the rarest and the most frequent class, or that there is none."""
    counts = part.class_counts
    low, high = min(counts), max(counts)
    words: dict[str, str | Quantity] = {
        "noun": record.noun,
        "n": count(part.n),
        "where": where,
        "rarest": record.dataset.class_names[counts.index(low)],
        "commonest": record.dataset.class_names[counts.index(high)],
        "low": count(low),
        "high": count(high),
    }
    if low == high:
        template = "Every class has {low} of the {n} {noun}s of the {where}."
    elif counts.count(0) > 1:
        words["absent"] = count(counts.count(0))
        template = (
            "{absent} classes have no {noun} in the {where}, and the largest has "
            "{high} of its {n}"
            + " (class {commonest})" * (counts.count(high) == 1)
            + "."
        )
    elif low == 0:
        template = (
            "Class {rarest} has no {noun} in the {where}, and the largest has {high} "
            "of its {n}."
        )
    else:
        template = (
            "The {n} {noun}s of the {where} fall into classes of {low}"
            + " (class {rarest})" * (counts.count(low) == 1)
            + " to {high} {noun}s"
            + " (class {commonest})" * (counts.count(high) == 1)
            + "."
        )
    return sentence(template, **words)


def _alt(record: Record, part: Part, where: str) -> Sentence:
    """Returns the span of the bars, or of the line."""
    low, high = min(part.class_counts), max(part.class_counts)
    span = (
        "All are alike, at {high}."
        if low == high
        else "They reach from {low} to {high}."
    )
    ranked = len(part.class_counts) > MOST_NAMED
    lined = ranked and _is_spread(record)
    return sentence(
        ("A line through" if lined else "Bars of")
        + " the {noun}s of each of {k} classes in the {where}"
        + ", ranked" * ranked
        + ", on a logarithmic axis" * lined
        + ". "
        + span,
        noun=record.noun,
        k=count(record.evaluation.k),
        where=where,
        low=count(low),
        high=counted(high, record.noun),
    )
