"""What is found and what is spared as the threshold rises."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reportgen.figures.lettering import Horizontal, joined, write
from reportgen.figures.scales import set_range
from reportgen.figures.style import (
    ACCENT,
    COLOURS,
    FULL_MM,
    MUTED,
    light_grid,
    look,
    new_figure,
)
from reportgen.figures.two_classes import binary_of
from reportgen.record import (
    WITHOUT_PROBABILITIES,
    ChosenThreshold,
    OperatingPoint,
    Record,
    Sentence,
    ThresholdSweep,
    chosen_share,
    quantity,
    sentence,
    share,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HEIGHT_MM = 58.0

TICKS = 0.1
"""From one tick to the next."""

HALF = 0.5
"""Threshold of the likelier of two classes."""

BEST = {"youden": "best J", "f1": "best F1"}
"""What a chosen threshold is called in the picture."""

LATE = 0.8
"""Threshold beyond which a note stands at the left of its line."""

FIRST_NOTE, NOTE_STEP = 0.06, 0.08
"""Heights of the notes beside chosen thresholds, in heights of the axes."""

LINES = (
    ("sensitivity", ACCENT, ()),
    ("specificity", COLOURS[1], (5, 1.5)),
    ("positive predictive value", COLOURS[2], (1.2, 1.2)),
)
"""What is drawn, its colour and its dash."""

Values = NDArray[np.float64]


def no_thresholds(record: Record) -> str | None:
    """Returns why no thresholds are shown."""
    binary = record.evaluation.binary
    if binary is not None and binary.sweep is not None:
        return None
    return WITHOUT_PROBABILITIES


@look()
def draw_thresholds(record: Record) -> "Figure":
    """Returns sensitivity, specificity and precision over the threshold."""
    sweep = _sweep(record)
    figure = new_figure(FULL_MM, HEIGHT_MM)
    axes = figure.add_subplot()
    for (name, colour, dash), values in zip(LINES, _values(record), strict=True):
        axes.plot(
            sweep.thresholds, values, color=colour, linestyle=(0, dash), label=name
        )
    for axis in (axes.xaxis, axes.yaxis):
        set_range(axis, (0, 1), TICKS)
    axes.set(
        xlabel="threshold: least probability of the class that is read as it, %",
        ylabel="share, %",
    )
    light_grid(axes, "both")
    _mark_thresholds(axes, record)
    axes.legend(
        loc="lower left",
        bbox_to_anchor=(0, 1.07),
        borderaxespad=0,
        ncols=3,
        handlelength=2.6,
    )
    return figure


def caption_thresholds(record: Record) -> Sentence:
    """Returns what the threshold of a half comes to, and what a chosen one does."""
    binary = binary_of(record)
    half = next(point for point in binary.points if point.threshold == HALF)
    return joined(
        _point_said(
            "What is read as class {positive} from {threshold} on", record, half
        ),
        *(_chosen_said(record, one) for one in binary.chosen if one.criterion == "f1"),
    )


def alt_thresholds(record: Record) -> Sentence:
    """Returns what the lines show at both ends of the table's thresholds."""
    points = binary_of(record).points
    return joined(
        sentence(
            "Sensitivity, specificity and positive predictive value as lines over the "
            "threshold."
        ),
        _point_said("A threshold of {threshold}", record, points[0]),
        _point_said("One of {threshold}", record, points[-1]),
    )


def _sweep(record: Record) -> ThresholdSweep:
    """Returns the sweep of a record that has one."""
    sweep = binary_of(record).sweep
    assert sweep is not None
    return sweep


def _values(record: Record) -> tuple[Values, Values, Values]:
    """Returns (p,) sensitivity, specificity and precision; NaN, undrawn, undefined."""
    outcomes, sweep = binary_of(record).outcomes, _sweep(record)
    hits, alarms = np.array(sweep.true_positives), np.array(sweep.false_positives)
    return (
        _shares(hits, np.full(len(hits), outcomes.positives)),
        _shares(outcomes.negatives - alarms, np.full(len(hits), outcomes.negatives)),
        _shares(hits, hits + alarms),
    )


def _shares(above: NDArray[np.int64], below: NDArray[np.int64]) -> Values:
    """Returns above / below, NaN where below is 0."""
    return np.where(below > 0, above / np.where(below > 0, below, 1), np.nan)


def _mark_thresholds(axes: "Axes", record: Record) -> None:
    """Rules the half and the chosen thresholds, and names these above."""
    axes.axvline(HALF, color=MUTED, linewidth=0.7, linestyle=(0, (4, 2)), zorder=1)
    for row, one in enumerate(binary_of(record).chosen):
        x = one.point.threshold
        axes.axvline(x, color=MUTED, linewidth=0.7, zorder=1)
        side: Horizontal = "right" if x > LATE else "left"
        write(
            axes,
            f"{BEST[one.criterion]}, validation",
            at=(x, FIRST_NOTE + NOTE_STEP * row, axes.get_xaxis_transform()),
            offset_pt=(-3.0 if x > LATE else 3.0, 0.0),
            align=(side, "center"),
        )


def _chosen_said(record: Record, one: ChosenThreshold) -> Sentence:
    """Returns what the threshold chosen on the validation part comes to."""
    opening = "The threshold of greatest {score} on the validation part, {chosen},"
    return _point_said(opening, record, one.point)


def _point_said(opening: str, record: Record, point: OperatingPoint) -> Sentence:
    """Returns what comes of one threshold, in a sentence that begins like that."""
    found = "finds {sensitivity} of its {noun}s" if point.sensitivity else "finds none"
    right = (
        "; of those read so {precision} are of it."
        if point.precision
        else "; nothing is read so."
    )
    return sentence(
        f"{opening} {found}{right}",
        noun=record.noun,
        positive=binary_of(record).positive,
        threshold=chosen_share(point.threshold),
        chosen=share(point.threshold),
        score="F1",
        **{
            key: quantity(estimate, "share")
            for key, estimate in (
                ("sensitivity", point.sensitivity),
                ("precision", point.precision),
            )
            if estimate is not None
        },
    )
