"""Whether the stated probability of the prediction comes true."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reportgen.figures.lettering import joined, unbinned
from reportgen.figures.log_odds import LogOdds, thinned
from reportgen.figures.reliability import (
    Placing,
    draw_marks,
    error_and_floor,
    handles,
    in_words,
    misses,
    shares_of,
    verdict,
)
from reportgen.figures.style import (
    ACCENT,
    FULL_MM,
    MUTED,
    SMALL_PT,
    light_grid,
    look,
    new_figure,
)
from reportgen.record import (
    Calibration,
    CalibrationBin,
    Quantity,
    Record,
    Reliability,
    Sentence,
    chosen_share,
    count,
    p_phrase,
    sentence,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HEIGHT_MM = 92.0
STRIP = 0.24
"""Height of the strip of counts, as a share of the panel above it."""

STEM_PT = 3.0
FLOOR = 0.7
"""Where counts begin on the logarithmic axis, so that a single row shows."""

MOST_NAMES = 6
"""Names that have room along an axis."""

STEPS = 20
"""Bins beyond the log-odds scale that would take as much room as it does."""

MARGIN = 0.02
"""Room at both ends of the axis of percentages, so that marks there are whole."""


def no_calibration(record: Record) -> str | None:
    """Returns why no calibration is shown."""
    if record.evaluation.calibration is not None:
        return None
    return unbinned(record)


@look()
def draw_calibration(record: Record) -> "Figure":
    """Returns bins of equal mass beside bins of equal width, counts below them."""
    calibration = _calibration(record)
    figure = new_figure(FULL_MM, HEIGHT_MM)
    (left, right), strips = figure.subplots(
        2, 2, sharex="col", height_ratios=(1, STRIP)
    )
    _draw_equal_mass(left, strips[0], calibration.equal_mass)
    _draw_equal_width(right, strips[1], calibration.equal_width)
    for axes in strips:
        axes.set(
            xlabel="stated probability of the prediction, %", ylabel=f"{record.noun}s"
        )
    most = max(strip.get_ylim()[1] for strip in strips)
    for axes in strips:
        axes.set(ylim=(FLOOR, most))
    figure.align_ylabels()
    every = (*calibration.equal_mass.bins, *calibration.equal_width.bins)
    figure.legend(
        handles=handles(every), loc="outside upper left", ncols=4, columnspacing=1.4
    )
    return figure


def caption_calibration(record: Record) -> Sentence:
    """Returns both errors, whether they show, and how many intervals miss."""
    calibration = _calibration(record)
    mass, width = calibration.equal_mass, calibration.equal_width
    return joined(
        sentence(
            "Stated probability and observed share differ by {error} on average over "
            + _bins_of(mass)
            + " of equal mass (left){verdict}",
            **_values(mass),
            verdict=verdict(mass.error, mass.noise_floor),
        ),
        sentence(
            "Over "
            + _bins_of(width)
            + " of equal width (right) the error is {error}, its noise floor {floor} "
            "({p}).",
            **_values(width),
        ),
        _misses_in_words(mass),
        sentence(
            "Intervals are Wilson's at {level}; pale bars hold what chance alone would "
            "bring, and areas follow the number of {noun}s.",
            level=chosen_share(record.evaluation.sampling.level),
            noun=record.noun,
        ),
        _note_on_the_surest(mass),
    )


def alt_calibration(record: Record) -> Sentence:
    """Returns how far the points lie from the diagonal, and what chance would bring."""
    mass = _calibration(record).equal_mass
    diagrams = sentence(
        "Reliability diagrams of the prediction, counts below: at the left in "
        + _bins_of(mass)
        + " of equal mass on log-odds axes, with an error of {error} against a noise "
        "floor of {floor} ({p}), at the right in bins of equal width.",
        **_values(mass),
    )
    return joined(diagrams, _misses_in_words(mass))


def _calibration(record: Record) -> Calibration:
    """Returns the calibration of a record that has one."""
    calibration = record.evaluation.calibration
    assert calibration is not None
    return calibration


def _values(reliability: Reliability) -> dict[str, Quantity | Sentence]:
    """Returns what the sentences on one panel print: `error`, `floor`, `p`, `bins`."""
    floor = reliability.noise_floor
    return {
        **error_and_floor(reliability.error, floor),
        "p": p_phrase(floor.p_value),
        "bins": count(reliability.bins_filled),
    }


def _bins_of(reliability: Reliability) -> str:
    """Returns "{bins} bins", or the words for a single one."""
    return "a single bin" if reliability.bins_filled == 1 else "{bins} bins"


def _misses_in_words(mass: Reliability) -> Sentence:
    """Returns how many intervals at the left leave out what was stated."""
    missed = sum(map(misses, mass.bins))
    if mass.bins_filled == 1:
        words = "misses" if missed else "holds"
        return sentence(f"The only interval at the left {words} the diagonal.")
    subject = "All" if missed == mass.bins_filled else f"{in_words(missed)} of the"
    template = (
        subject.capitalize()
        + " {bins} intervals at the left "
        + ("misses" if missed <= 1 else "miss")
        + " the diagonal"
        + (" (diamond)." if missed == 1 else " (diamonds)." if missed else ".")
    )
    return sentence(template, bins=count(mass.bins_filled))


def _note_on_the_surest(mass: Reliability) -> Sentence | None:
    """Returns where bins stand that are surer than the axis can name."""
    if not _beyond(LogOdds.spanning(shares_of(mass.bins)), mass.bins):
        return None
    return sentence(
        "Bins surer than the scale at the left can name stand side by side behind the "
        "dotted rule, the surest last."
    )


def _draw_equal_mass(axes: "Axes", strip: "Axes", reliability: Reliability) -> None:
    """Draws the bins on log-odds axes, the surest of them side by side."""
    scale = LogOdds.spanning(shares_of(reliability.bins))
    x = _abscissae(scale, reliability.bins)
    axes.set(ylim=scale.ends)
    scale.rule(axes.yaxis, most=MOST_NAMES + 2)
    _rule_abscissa(axes, scale, _beyond(scale, reliability.bins))
    diagonal = scale.place((scale.ticks[0], scale.ticks[-1]))
    axes.plot(diagonal, diagonal, color=MUTED, linewidth=0.7)
    _draw(axes, strip, reliability, x, place=scale.place)
    _head(axes, "Bins of equal mass, log-odds axes", reliability)


def _beyond(scale: LogOdds, bins: tuple[CalibrationBin, ...]) -> int:
    """Returns how many bins state more than the last tick."""
    return sum(one.confidence > scale.ticks[-1] for one in bins)


def _step(scale: LogOdds) -> float:
    """Returns the distance of bins beyond the last tick, in log-odds."""
    first, last = scale.place((scale.ticks[0], scale.ticks[-1]))
    return float(last - first) / STEPS


def _abscissae(scale: LogOdds, bins: tuple[CalibrationBin, ...]) -> NDArray[np.float64]:
    """Returns (m,) places; a saturated model's bins would else cover each other."""
    last = float(scale.place(scale.ticks[-1:])[0])
    beyond = _beyond(scale, bins)
    within = [one.confidence for one in bins[: len(bins) - beyond]]
    outside = last + _step(scale) * np.arange(1, beyond + 1)
    return np.concatenate([np.minimum(scale.place(within), last), outside])


def _rule_abscissa(axes: "Axes", scale: LogOdds, beyond: int) -> None:
    """Names probabilities, and behind a rule the room for what is beyond them."""
    places = scale.place(scale.ticks)
    names = [f"{100 * tick:g}" for tick in scale.ticks]
    first, last = float(places[0]), float(places[-1])
    if not beyond:
        axes.set_xticks(places, thinned(names, MOST_NAMES))
        axes.set(xlim=(first, last))
        return
    end = last + _step(scale) * (beyond + 1)
    # The room's own name says where the scale ends.
    kept = (*thinned(names[:-1], MOST_NAMES - 1), "", f">\N{NO-BREAK SPACE}{names[-1]}")
    axes.set_xticks([*places, (last + end) / 2], kept)
    axes.set(xlim=(first, end))
    axes.axvline(last, color=MUTED, linewidth=0.6, linestyle=(0, (2, 2)))


def _draw_equal_width(axes: "Axes", strip: "Axes", reliability: Reliability) -> None:
    """Draws the bins on axes of percentages."""
    x = np.array([one.confidence for one in reliability.bins])
    axes.set(xlim=(-MARGIN, 1 + MARGIN), ylim=(-MARGIN, 1 + MARGIN))
    ticks = np.linspace(0, 1, 6)
    names = [f"{100 * tick:.0f}" for tick in ticks]
    axes.set_xticks(ticks, names)
    axes.set_yticks(ticks, names)
    axes.plot((0, 1), (0, 1), color=MUTED, linewidth=0.7)
    _draw(axes, strip, reliability, x, place=np.array)
    _head(axes, "Bins of equal width", reliability)


def _draw(
    axes: "Axes",
    strip: "Axes",
    reliability: Reliability,
    x: NDArray[np.float64],
    *,
    place: Placing,
) -> None:
    """Draws the marks into a panel and the counts below it."""
    draw_marks(axes, reliability.bins, x, place=place)
    axes.set(ylabel="observed share right, %")
    light_grid(axes, "both")
    axes.tick_params(axis="x", which="both", length=0)
    _draw_counts(strip, reliability.bins, x)


def _draw_counts(
    strip: "Axes", bins: tuple[CalibrationBin, ...], x: NDArray[np.float64]
) -> None:
    """Draws the counts of the bins as stems on a logarithmic axis."""
    from matplotlib.ticker import LogLocator, StrMethodFormatter

    counts = [one.count for one in bins]
    strip.set_yscale("log")
    strip.vlines(
        x,
        FLOOR,
        counts,
        color=ACCENT,
        linewidth=STEM_PT,
        capstyle="butt",
        clip_on=False,
    )
    strip.set(ylim=(FLOOR, 2 * max(counts)))
    strip.yaxis.set_major_locator(LogLocator(10, numticks=4))
    strip.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    strip.minorticks_off()
    light_grid(strip, "y")


def _head(axes: "Axes", what: str, reliability: Reliability) -> None:
    """Writes over a panel what it shows, its error and the noise floor."""
    words = error_and_floor(reliability.error, reliability.noise_floor)
    head = f"{what}\nerror {words['error']}, noise floor {words['floor']}"
    axes.set_title(head, loc="left", fontsize=SMALL_PT, pad=7, linespacing=1.3)
