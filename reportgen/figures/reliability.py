"""What the calibration figures share: bins as marks, and errors in words."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reportgen.figures.style import ACCENT, ALARM, MUTED, PAPER
from reportgen.record import (
    CalibrationBin,
    Estimate,
    NoiseFloor,
    Quantity,
    Reliability,
    Sentence,
    beyond_chance,
    chosen_share,
    in_order,
    p_phrase,
    quantity,
    sentence,
    share,
    significant,
)

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

Placing = Callable[[Sequence[float]], NDArray[np.float64]]
"""From shares in 0-1 to where they stand on an axis."""

BAND = "#dbe3ec"
BAND_PT = 8.0
BAND_LEAST = 0.012
"""Height of a band that has none, as a share of the axis."""

MARKER_AREA_PT2 = 26.0
LEAST_AREA_PT2 = 9.0

NUMERALS = (
    *("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"),
    *("seventeen", "eighteen", "nineteen", "twenty"),
)
"""Counts that no record holds, as words; see `in_words`."""


def misses(one: CalibrationBin) -> bool:
    """Returns whether a bin's interval leaves out what was stated."""
    return not one.frequency_low <= one.confidence <= one.frequency_high


def told_from_noise(floor_: NoiseFloor) -> bool:
    """Returns whether chance alone would seldom bring as great an error."""
    return beyond_chance(floor_.p_value, floor_.level)


def in_words(n: int) -> str:
    """Returns a small count in words, a greater one as "more than twenty"."""
    return NUMERALS[n] if n < len(NUMERALS) else f"more than {NUMERALS[-1]}"


def error_and_floor(error: Estimate, floor_: NoiseFloor) -> dict[str, Quantity]:
    """Returns `error` and `floor` in the decimals of the tables, or apart in more."""
    floor = significant(floor_.quantile, "share")
    asked = floor if error.low is None else quantity(error, "share")
    found, floor = in_order(share(error.value, asked.digits), floor)
    return {"error": found, "floor": floor}


def verdict(error: Estimate, floor_: NoiseFloor) -> Sentence:
    """Returns the end of a sentence on an error: whether it shows, and how we know."""
    opening = (
        ", more than chance alone explains: "
        if told_from_noise(floor_)
        else ", which cannot be told from noise: "
    )
    return sentence(
        opening + "in {level} of test sets of this size a perfectly calibrated model "
        "would show at most {floor} ({p}).",
        level=chosen_share(floor_.level),
        floor=error_and_floor(error, floor_)["floor"],
        p=p_phrase(floor_.p_value),
    )


def drawn_bins(reliability: Reliability) -> tuple[CalibrationBin, ...]:
    """Returns the bins with as many rows as a bin needs to be trusted alone."""
    least = reliability.least_rows
    return tuple(one for one in reliability.bins if one.count >= least)


def shares_of(bins: Sequence[CalibrationBin]) -> list[float]:
    """Returns every share that a drawing of the bins has to place."""
    return [
        value
        for one in bins
        for value in (
            one.confidence,
            one.frequency,
            one.frequency_low,
            one.frequency_high,
        )
    ]


def draw_marks(
    axes: "Axes",
    bins: Sequence[CalibrationBin],
    x: NDArray[np.float64],
    *,
    place: Placing,
) -> None:
    """Draws bands, intervals and points; intervals that miss have a diamond.

    Args:
        axes: Where to draw; its limits are not changed.
        bins: What to draw, m of them, at least one.
        x: (m,) where each stands on the abscissa.
        place: From a share to where it stands on the ordinate.
    """
    _draw_bands(axes, bins, x, place=place)
    most = max(one.count for one in bins)
    for missing, colour, marker in ((False, ACCENT, "o"), (True, ALARM, "D")):
        at = [i for i, one in enumerate(bins) if misses(one) is missing]
        low = place([bins[i].frequency_low for i in at])
        high = place([bins[i].frequency_high for i in at])
        axes.vlines(x[at], low, high, color=colour, linewidth=0.8, clip_on=False)
        area = [MARKER_AREA_PT2 * bins[i].count / most for i in at]
        axes.scatter(
            x[at],
            place([bins[i].frequency for i in at]),
            s=np.maximum(area, LEAST_AREA_PT2),
            color=colour,
            marker=marker,
            linewidths=0.4,
            edgecolors=PAPER,
            zorder=3,
            clip_on=False,
        )


def _draw_bands(
    axes: "Axes",
    bins: Sequence[CalibrationBin],
    x: NDArray[np.float64],
    *,
    place: Placing,
) -> None:
    """Draws what chance alone would bring to each bin, were its confidence true."""
    low = place([one.consistent_low for one in bins])
    high = place([one.consistent_high for one in bins])
    bottom, top = axes.get_ylim()
    # Where only one outcome is likely the band has no height, and would not show.
    missing = np.maximum(BAND_LEAST * (top - bottom) - (high - low), 0)
    axes.vlines(
        x,
        low - missing / 2,
        high + missing / 2,
        color=BAND,
        linewidth=BAND_PT,
        capstyle="butt",
        zorder=0.8,
        clip_on=False,
    )


def handles(bins: Sequence[CalibrationBin]) -> "list[Artist]":
    """Returns the entries of a legend for what is drawn of these bins."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    entries: list[Artist] = []
    for missing, colour, marker, label in (
        (False, ACCENT, "o", "observed share and its interval"),
        (True, ALARM, "D", "interval misses the diagonal"),
    ):
        if any(misses(one) is missing for one in bins):
            style = {"color": colour, "marker": marker, "markersize": 4}
            entries.append(Line2D([], [], linewidth=0.8, label=label, **style))  # type: ignore[arg-type] # One style for each argument.
    entries.append(Patch(color=BAND, label="what chance alone would bring"))
    entries.append(Line2D([], [], color=MUTED, linewidth=0.7, label="as stated"))
    return entries
