"""Whether the stated probability of each single class comes true."""

from typing import TYPE_CHECKING

from reportgen.figures.lettering import axis_names, joined, write
from reportgen.figures.log_odds import LogOdds
from reportgen.figures.reliability import (
    draw_marks,
    drawn_bins,
    error_and_floor,
    handles,
    in_words,
    shares_of,
    told_from_noise,
    verdict,
)
from reportgen.figures.style import (
    ALARM,
    FEW,
    FULL_MM,
    INK,
    MUTED,
    SMALL_PT,
    TEXT_PT,
    light_grid,
    look,
    new_figure,
)
from reportgen.record import (
    Calibration,
    Record,
    Reliability,
    Sentence,
    count,
    sentence,
    share,
    significant,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW_MM = 39.0
REST_MM = 18.0
"""Height of what stands above and below the rows of panels."""

ROW_SPACE = 0.05
"""Room between rows, in heights of a panel: a title belongs to what is below it."""

IN_ONE_ROW = 3
MOST_ACROSS_NAMES = 3
MOST_UP_NAMES = 6
NAME_LENGTH = 14
MOST_LISTED = 5
"""Classes that a caption names."""

MARGIN = 0.05
"""Room around a panel's scale as a share of it, so that no mark is its neighbour's."""

MARK = "\N{BLACK UP-POINTING TRIANGLE}"
"""Stands before the name of a class whose error is told from noise."""


@look()
def draw_class_calibration(record: Record) -> "Figure":
    """Returns a small panel for each class; bins of too few rows are left out."""
    drawn = _drawn(record)
    columns = len(drawn) if len(drawn) <= IN_ONE_ROW else -(-len(drawn) // 2)
    rows = -(-len(drawn) // columns)
    figure = new_figure(FULL_MM, REST_MM + ROW_MM * rows * (2 if rows == 1 else 1))
    figure.set_layout_engine("constrained", hspace=ROW_SPACE)
    grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    panels: list[Axes] = list(grid.flat)
    every = [one for reliability, _ in drawn for one in drawn_bins(reliability)]
    scale = LogOdds.spanning(shares_of(every) or [0.1, 0.9])
    marked = _marked(record)
    _rule(panels[0], scale)
    for axes, (reliability, name) in zip(panels, drawn, strict=False):
        _draw_panel(axes, reliability, scale)
        head = f"{name}\nerror {share(reliability.error.value, _digits(record))}"
        _write_head(axes, head, marked=reliability in marked)
    _leave_empty(panels, len(drawn), columns)
    figure.supxlabel(
        "stated probability of the class, % (log-odds scale)", fontsize=TEXT_PT
    )
    figure.supylabel("observed share of the class, %", fontsize=TEXT_PT)
    figure.legend(
        handles=handles(every), loc="outside upper left", ncols=4, columnspacing=1.4
    )
    return figure


def caption_class_calibration(record: Record) -> Sentence:
    """Returns the mean error, the classes that show one, and what is not drawn."""
    if record.evaluation.binary:
        return joined(_positive_said(record), _small_bins_note(record))
    classwise = _calibration(record).classwise
    return joined(
        sentence(
            "Stated probability and observed share of a class differ by {error} on "
            "average over bins and classes{verdict}",
            **error_and_floor(classwise.error, classwise.noise_floor),
            verdict=verdict(classwise.error, classwise.noise_floor),
        ),
        _marked_note(record),
        _small_bins_note(record),
        _left_out_note(record),
    )


def alt_class_calibration(record: Record) -> Sentence:
    """Returns the mean error and how many classes are off by more than chance."""
    if record.evaluation.binary:
        return joined(
            sentence(
                "A reliability diagram, points with intervals around a diagonal on "
                "log-odds axes."
            ),
            _positive_said(record),
        )
    classwise = _calibration(record).classwise
    drawn = _drawn(record)
    marked = len(_marked(record))
    return sentence(
        "A small reliability diagram for each of " + in_words(len(drawn)) + " classes, "
        "points with intervals around a diagonal on log-odds axes. The error is "
        "{error} on average over all classes against a noise floor of {floor}, and "
        + ("all" if marked == len(drawn) else in_words(marked))
        + (
            " of the classes drawn shows "
            if marked <= 1
            else " of the classes drawn show "
        )
        + "more than chance alone explains.",
        **error_and_floor(classwise.error, classwise.noise_floor),
    )


def _positive_said(record: Record) -> Sentence:
    """Returns how far the probability of the positive class is off."""
    ((positive, _),) = _drawn(record)
    return sentence(
        "The stated probability of class {positive} and its observed share differ by "
        "{error} on average over bins{verdict}",
        **error_and_floor(positive.error, positive.noise_floor),
        positive=positive.class_name or "",
        verdict=verdict(positive.error, positive.noise_floor),
    )


def _calibration(record: Record) -> Calibration:
    """Returns the calibration of a record that has one."""
    calibration = record.evaluation.calibration
    assert calibration is not None
    return calibration


def _digits(record: Record) -> int:
    """Returns the decimals of all classes' errors, so that they can be compared."""
    floor = _calibration(record).classwise.noise_floor
    return significant(floor.quantile, "share").digits


def _drawn(record: Record) -> tuple[tuple[Reliability, str], ...]:
    """Returns classes and names, in label order; of many, those furthest off."""
    every = _calibration(record).classes
    names = axis_names(record.evaluation.class_names, most=NAME_LENGTH)
    binary = record.evaluation.binary
    if binary:  # the other class's panel would be its mirror image
        place = record.evaluation.class_names.index(binary.positive)
        return ((every[place], names[place]),)
    order = sorted(range(len(every)), key=lambda c: -every[c].error.value)
    return tuple((every[c], names[c]) for c in sorted(order[:FEW]))


def _marked(record: Record) -> list[Reliability]:
    """Returns the drawn classes to single out, furthest first.

    There are none where the errors of all classes together cannot be told from noise:
    of many classes some seem off by chance alone.
    """
    classwise = _calibration(record).classwise
    if record.evaluation.binary is None and not told_from_noise(classwise.noise_floor):
        return []
    marked = [one for one, _ in _drawn(record) if told_from_noise(one.noise_floor)]
    return sorted(marked, key=lambda one: -one.error.value)


def _marked_note(record: Record) -> Sentence:
    """Returns which classes are off by more than chance alone explains."""
    marked = _marked(record)
    if not told_from_noise(_calibration(record).classwise.noise_floor):
        return sentence("So no class is singled out.")
    if not marked:
        return sentence("No class alone is off by more than chance explains.")
    names = [one.class_name or "" for one in marked]
    return sentence(
        _opening(len(marked), len(_drawn(record)))
        + " off by more than chance explains "
        + ("(triangle), " if len(marked) == 1 else "(triangles), ")
        + _furthest(marked, _digits(record)),
        marked=", ".join(names),
        worst=names[0],
        worst_error=share(marked[0].error.value, _digits(record)),
    )


def _opening(marked: int, drawn: int) -> str:
    """Returns the subject and verb of the sentence on marked classes."""
    if marked == 1:
        return "Judged alone, class {marked} is"
    if marked > MOST_LISTED:
        subject = "all" if marked == drawn else in_words(marked)
        return f"Each judged alone, {subject} of the classes drawn are"
    return "Each judged alone, classes {marked} are"


def _furthest(marked: list[Reliability], digits: int) -> str:
    """Returns which marked class is furthest off, if that shows, in words."""
    if len(marked) == 1:
        return "by {worst_error}."
    first, second = (str(share(one.error.value, digits)) for one in marked[:2])
    if first == second:
        return "none by more than {worst_error}."
    return "class {worst} the furthest, by {worst_error}."


def _small_bins_note(record: Record) -> Sentence:
    """Returns how many rows are not drawn, at most, and for which class."""
    every = sorted(
        (one for one, _ in _drawn(record)), key=lambda one: -one.share_in_small_bins
    )
    worst = every[0]
    most = share(worst.share_in_small_bins, 1)
    if worst.share_in_small_bins == 0:
        template = "No bin has fewer than {least} {noun}s, so all are drawn."
    elif len(every) > 1 and str(most) == str(share(every[1].share_in_small_bins, 1)):
        template = (
            "Bins of fewer than {least} {noun}s are not drawn: for no class do they "
            "hold more than {most} of the {noun}s."
        )
    else:
        template = (
            "Bins of fewer than {least} {noun}s are not drawn: they hold {most} of the "
            "{noun}s for class {worst}"
            + (", less for any other." if len(every) > 1 else ".")
        )
    return sentence(
        template,
        noun=record.noun,
        least=count(worst.least_rows),
        most=most,
        worst=worst.class_name or "",
    )


def _left_out_note(record: Record) -> Sentence | None:
    """Returns that only some classes are drawn, where that is so."""
    if len(_drawn(record)) == len(_calibration(record).classes):
        return None
    return sentence(
        "Drawn are the ten classes with the largest errors among {k}.",
        k=count(record.evaluation.k),
    )


def _leave_empty(panels: "list[Axes]", drawn: int, columns: int) -> None:
    """Blanks the panels without a class, and names the axes of those above them."""
    for at in range(drawn, len(panels)):
        panels[at].set_axis_off()
        panels[at - columns].tick_params(axis="x", labelbottom=True)


def _rule(axes: "Axes", scale: LogOdds) -> None:
    """Names the marks and sets the limits that the first panel shares with all."""
    scale.rule(axes.xaxis, most=MOST_ACROSS_NAMES, fine=False)
    scale.rule(axes.yaxis, most=MOST_UP_NAMES, fine=False)
    margin = MARGIN * (scale.ends[1] - scale.ends[0])
    limits = (scale.ends[0] - margin, scale.ends[1] + margin)
    axes.set(xlim=limits, ylim=limits)


def _draw_panel(axes: "Axes", reliability: Reliability, scale: LogOdds) -> None:
    """Draws the bins that have enough rows, on the axes that all classes share."""
    axes.plot(scale.ends, scale.ends, color=MUTED, linewidth=0.7)
    # Centred, the last name of a panel would touch the first of the next one.
    ticks = axes.xaxis.get_major_ticks()
    ticks[0].label1.set_horizontalalignment("left")
    ticks[-1].label1.set_horizontalalignment("right")
    light_grid(axes, "both")
    bins = drawn_bins(reliability)
    if bins:
        x = scale.place([one.confidence for one in bins])
        draw_marks(axes, bins, x, place=scale.place)
    else:
        write(axes, "no bin is\nlarge enough", at=(0.5, 0.75, axes.transAxes))


def _write_head(axes: "Axes", head: str, *, marked: bool) -> None:
    """Writes the class and its error over a panel, marked if it is singled out."""
    axes.set_title(
        f"{MARK}\N{NO-BREAK SPACE}{head}" if marked else head,
        loc="left",
        fontsize=SMALL_PT,
        pad=4,
        linespacing=1.3,
        color=ALARM if marked else INK,
    )
