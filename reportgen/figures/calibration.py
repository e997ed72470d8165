"""Whether stated probabilities come true."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reportgen.figures.lettering import TOO_FEW, axis_names, joined, percent
from reportgen.figures.style import (
    ACCENT,
    ALARM,
    FEW,
    FULL_MM,
    MUTED,
    SMALL_PT,
    TEXT_PT,
    light_grid,
    look,
    new_figure,
)
from reportgen.record import (
    Calibration,
    CalibrationBin,
    Record,
    Sentence,
    count,
    sentence,
    share,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure

HEIGHT_MM = 63.0
ODDS_TICKS = (0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999)
"""Probabilities that the log-odds axis names; what lies beyond is drawn at its end."""

MOST_LABELLED = 5
"""Ticks of the log-odds axis that all have room for their names."""

SHORT_NAME = 4
"""Characters of a class name that fit beside its error over a panel."""

MARKER_AREA_PT2 = 26.0
LEAST_AREA_PT2 = 4.0


def no_calibration(record: Record) -> str | None:
    """Returns why no calibration is shown."""
    if record.evaluation.calibration is not None:
        return None
    return TOO_FEW


@look()
def draw_calibration(record: Record) -> "Figure":
    """Returns the predicted class's calibration beside a panel for each class."""
    labels = _labels(record)
    stacked = max(map(len, labels)) > SHORT_NAME
    figure = new_figure(FULL_MM, HEIGHT_MM + 7 * stacked)
    left, right = figure.subfigures(1, 2, width_ratios=(0.37, 0.63), squeeze=False)[0]
    overall = record.evaluation.calibration
    assert overall is not None
    _draw_overall(left, overall)
    _draw_classes(right, _drawn(record), labels)
    return figure


def caption_calibration(record: Record) -> Sentence:
    """Returns the calibration error, the worst class, and what the marks mean."""
    overall = record.evaluation.calibration
    assert overall is not None
    worst, *others = sorted(
        record.evaluation.class_calibration, key=_error, reverse=True
    )
    return joined(
        sentence(
            "The stated probability of the prediction is off by {error} on average "
            "over bins cut at equal numbers of images (left, log-odds scale); of the "
            "single classes (right, bins of equal width) " + _furthest(worst, others),
            error=share(overall.error.value),
            worst=worst.class_name or "",
            worst_error=share(worst.error.value),
        ),
        sentence(_misses_in_words(overall.bins)),
        sentence(
            "Bars are Wilson intervals, those that miss it have a diamond, and areas "
            "follow the number of images."
        ),
        _left_out_note(record),
    )


def alt_calibration(record: Record) -> Sentence:
    """Returns how far the points lie from the diagonal."""
    overall = record.evaluation.calibration
    assert overall is not None
    return sentence(
        "Reliability diagrams with intervals around a diagonal, at the left for the "
        "prediction, whose expected calibration error is {error}, at the right for "
        "single classes. " + _misses_in_words(overall.bins),
        error=share(overall.error.value),
    )


def _furthest(worst: Calibration, others: list[Calibration]) -> str:
    """Returns which class is furthest off, if that shows, in words."""
    if worst.error.value == 0:
        return "none is off."
    following = max(map(_error, others), default=0.0)
    if str(share(following)) == str(share(worst.error.value)):
        return "none is off by more than {worst_error}."
    return "class {worst} is furthest off, by {worst_error}."


def _misses_in_words(bins: tuple[CalibrationBin, ...]) -> str:
    """Returns how many of the predicted class's bars miss the diagonal, in words."""
    missed = sum(_misses(one) for one in bins)
    if missed == 0:
        return "No bar at the left misses the diagonal."
    if missed == len(bins):
        return "All bars at the left miss the diagonal."
    if 2 * missed > len(bins):
        return "Most bars at the left miss the diagonal."
    return "Some bars at the left miss the diagonal."


def _left_out_note(record: Record) -> Sentence | None:
    """Returns that only some classes are drawn, where that is so."""
    if len(_drawn(record)) == len(record.evaluation.class_calibration):
        return None
    return sentence(
        "Drawn are the ten classes with the largest errors among {k}.",
        k=count(record.model.output_classes),
    )


def _drawn(record: Record) -> tuple[Calibration, ...]:
    """Returns the classes to draw, in label order; of many, those furthest off."""
    every = record.evaluation.class_calibration
    worst = sorted(every, key=_error, reverse=True)[:FEW]
    return tuple(one for one in every if one in worst)


def _labels(record: Record) -> list[str]:
    """Returns the names of the drawn classes."""
    every = record.evaluation.class_calibration
    drawn = _drawn(record)
    names = axis_names(record.evaluation.class_names, most=10)
    return [name for name, one in zip(names, every, strict=True) if one in drawn]


def _error(calibration: Calibration) -> float:
    """Returns the expected calibration error."""
    return calibration.error.value


def _misses(one: CalibrationBin) -> bool:
    """Returns whether a bin's interval leaves out what was stated."""
    return not one.frequency_low <= one.confidence <= one.frequency_high


def _draw_overall(figure: "SubFigure", calibration: Calibration) -> None:
    """Draws the predicted class on a log-odds scale, which spreads the sure bins."""
    axes = figure.add_subplot()
    ticks = _ticks(calibration.bins)
    edges = (ticks[0], ticks[-1])
    _draw_bins(axes, calibration.bins, edges)
    highest = max(max(one.confidence, one.frequency) for one in calibration.bins)
    beyond = highest > ticks[-1]
    _set_odds(axes, ticks, beyond=beyond)
    axes.set(
        xlabel="stated probability of the prediction, %",
        ylabel="observed share right, %",
        box_aspect=1,
    )
    light_grid(axes, "both")


def _ticks(bins: tuple[CalibrationBin, ...]) -> tuple[float, ...]:
    """Returns the named probabilities around what the bins span."""
    low = min(min(one.confidence, one.frequency_low) for one in bins)
    high = max(max(one.confidence, one.frequency) for one in bins)
    below = max((tick for tick in ODDS_TICKS if tick <= low), default=ODDS_TICKS[0])
    above = min((tick for tick in ODDS_TICKS if tick >= high), default=ODDS_TICKS[-1])
    return tuple(tick for tick in ODDS_TICKS if below <= tick <= above)


def _log_odds(share_: NDArray[np.float64]) -> NDArray[np.float64]:
    """Returns log(p / (1 - p)) of probabilities that are neither 0 nor 1."""
    odds: NDArray[np.float64] = np.log(share_ / (1 - share_))
    return odds


def _draw_bins(
    axes: "Axes", bins: tuple[CalibrationBin, ...], edges: tuple[float, float] | None
) -> None:
    """Draws bars, points and the diagonal.

    Args:
        axes: Where to draw.
        bins: What to draw.
        edges: Ends of a log-odds scale, None for a linear one from 0 to 1.
    """

    def placed(values: list[float]) -> NDArray[np.float64]:
        if edges is None:
            return np.array(values)
        return _log_odds(np.clip(values, *edges))

    ends = (0.0, 1.0) if edges is None else edges
    axes.plot(placed(list(ends)), placed(list(ends)), color=MUTED, linewidth=0.7)
    most = max(one.count for one in bins)
    for missing, colour, marker in ((False, ACCENT, "o"), (True, ALARM, "D")):
        chosen = [one for one in bins if _misses(one) is missing]
        x = placed([one.confidence for one in chosen])
        low = placed([one.frequency_low for one in chosen])
        high = placed([one.frequency_high for one in chosen])
        axes.vlines(x, low, high, color=colour, linewidth=0.8, clip_on=False)
        area = [MARKER_AREA_PT2 * one.count / most for one in chosen]
        axes.scatter(
            x,
            placed([one.frequency for one in chosen]),
            s=np.maximum(area, LEAST_AREA_PT2),
            color=colour,
            marker=marker,
            linewidths=0,
            zorder=3,
            clip_on=False,
        )


def _set_odds(axes: "Axes", ticks: tuple[float, ...], *, beyond: bool) -> None:
    """Names probabilities on both log-odds axes; their upper ends may hold more."""
    places = _log_odds(np.array(ticks))
    names = [f"{100 * tick:g}" for tick in ticks]
    if len(ticks) > MOST_LABELLED:
        # Every other name, counted from the top, and the lowest: none touch.
        inner = range(len(ticks) - 3, 1, -2)
        kept = {0, len(ticks) - 1, *inner}
        names = [name if at in kept else "" for at, name in enumerate(names)]
    if beyond:
        names[-1] = f"\N{GREATER-THAN OR EQUAL TO}\N{NO-BREAK SPACE}{names[-1]}"
    axes.set_xticks(places, names)
    axes.set_yticks(places, names)
    axes.set(xlim=(places[0], places[-1]), ylim=(places[0], places[-1]))


def _draw_classes(
    figure: "SubFigure", calibrations: tuple[Calibration, ...], names: list[str]
) -> None:
    """Draws a small panel for each class."""
    columns = len(names) if len(names) <= 3 else -(-len(names) // 2)  # noqa: PLR2004 - three fit in a row
    rows = -(-len(names) // columns)
    panels = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    stacked = max(map(len, names)) > SHORT_NAME
    for axes in panels.flat[len(names) :]:
        axes.set_axis_off()
    for axes, calibration, name in zip(
        panels.flat[: len(names)], calibrations, names, strict=True
    ):
        _draw_bins(axes, calibration.bins, None)
        axes.set(xlim=(-0.03, 1.03), ylim=(-0.03, 1.03), box_aspect=1)
        axes.set_xticks((0, 0.5, 1), ("0", "", "100"))
        first, _, last = axes.xaxis.get_major_ticks()
        # Centred, the last name of a panel would touch the first of the next one.
        first.label1.set_horizontalalignment("left")
        last.label1.set_horizontalalignment("right")
        axes.set_yticks((0, 0.5, 1), ("0", "50", "100"))
        light_grid(axes, "both")
        _name_panel(axes, name, percent(calibration.error.value, 2), stacked=stacked)
    figure.supxlabel("stated probability of the class, %", fontsize=TEXT_PT)
    figure.supylabel("observed share of the class, %", fontsize=TEXT_PT)


def _name_panel(axes: "Axes", name: str, error: str, *, stacked: bool) -> None:
    """Writes the class and its error over a panel; long names need a line alone."""
    if stacked:
        axes.set_title(f"{name}\n{error}", loc="left", fontsize=SMALL_PT, pad=3)
        return
    axes.set_title(name, loc="left", fontsize=SMALL_PT, fontweight="bold", pad=3)
    axes.set_title(error, loc="right", fontsize=SMALL_PT, color=MUTED, pad=3)
