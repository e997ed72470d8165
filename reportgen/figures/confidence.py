"""How sure right and wrong predictions are."""

from typing import TYPE_CHECKING

from reportgen.figures.lettering import joined, unbinned
from reportgen.figures.style import (
    ACCENT,
    ALARM,
    FULL_MM,
    light_grid,
    look,
    new_figure,
)
from reportgen.record import (
    ConfidenceHistogram,
    Evaluation,
    Record,
    Sentence,
    count,
    sentence,
    share,
)
from reportgen.record.wording import counted

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HEIGHT_MM = 44.0
FLOOR = 0.7
"""Where bars begin on the logarithmic axis, so that a single row shows."""


def no_confidence_histogram(record: Record) -> str | None:
    """Returns why no histogram is shown."""
    if record.evaluation.confidence_histogram is not None:
        return None
    return unbinned(record)


@look()
def draw_confidence_histogram(record: Record) -> "Figure":
    """Returns counts by confidence on a logarithmic axis, right and wrong apart."""
    from matplotlib.ticker import LogLocator, PercentFormatter, StrMethodFormatter

    histogram = _histogram(record)
    figure = new_figure(FULL_MM, HEIGHT_MM)
    axes = figure.add_subplot()
    _draw_steps(axes, histogram, record.noun)
    axes.set_yscale("log")
    most = max(*histogram.correct, *histogram.wrong)
    axes.set(
        xlim=(_start(histogram), 1),
        ylim=(FLOOR, most * 2),
        xlabel="probability of the predicted class",
        ylabel=f"{record.noun}s (logarithmic scale)",
    )
    axes.yaxis.set_major_locator(LogLocator(10, numticks=8))
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.minorticks_off()
    axes.xaxis.set_major_formatter(PercentFormatter(1.0, symbol="\N{NO-BREAK SPACE}%"))
    axes.spines["left"].set_visible(False)
    light_grid(axes, "y")
    axes.legend(
        loc="lower left",
        bbox_to_anchor=(0, 1),
        borderaxespad=0,
        ncols=2,
        handlelength=1.6,
    )
    return figure


def caption_confidence_histogram(record: Record) -> Sentence:
    """Returns how sure errors are, and how many lie among the surest predictions."""
    histogram, evaluation = _histogram(record), record.evaluation
    if histogram.mean_wrong is None:
        return sentence(
            "All {n} predictions are right, with a mean probability of {mean}.",
            n=count(evaluation.n),
            mean=share(histogram.mean_correct or 0.0),
        )
    if histogram.mean_correct is None:
        return sentence(
            "All {n} predictions are wrong, with a mean probability of {mean}.",
            n=count(evaluation.n),
            mean=share(histogram.mean_wrong),
        )
    return joined(
        sentence(
            _means(evaluation),
            errors=count(evaluation.errors),
            wrong=share(histogram.mean_wrong),
            correct=count(evaluation.correct),
            right=share(histogram.mean_correct),
        ),
        sentence(
            "Errors made with more than {edge}: {sure}.",
            edge=share(histogram.edges[-2], 0),
            sure=count(histogram.wrong[-1]),
        ),
    )


def alt_confidence_histogram(record: Record) -> Sentence:
    """Returns what the surest bin holds."""
    histogram = _histogram(record)
    return sentence(
        "Histogram of the predicted class's probability, right and wrong predictions "
        "apart, on a logarithmic axis. The bin above {edge} holds {right} and {wrong}.",
        edge=share(histogram.edges[-2], 0),
        right=counted(histogram.correct[-1], "right prediction"),
        wrong=counted(histogram.wrong[-1], "wrong prediction"),
    )


def _means(evaluation: Evaluation) -> str:
    """Returns how sure wrong and right predictions are; one alone has no mean."""
    if evaluation.errors == 1:
        return (
            "The only wrong prediction has a probability of {wrong}, the {correct} "
            "right ones have a mean one of {right}."
        )
    if evaluation.correct == 1:
        return (
            "The {errors} wrong predictions have a mean probability of {wrong}, the "
            "only right one has {right}."
        )
    return (
        "The {errors} wrong predictions have a mean probability of {wrong}, the "
        "{correct} right ones of {right}."
    )


def _histogram(record: Record) -> ConfidenceHistogram:
    """Returns the histogram of a record that has one."""
    histogram = record.evaluation.confidence_histogram
    assert histogram is not None
    return histogram


def _start(histogram: ConfidenceHistogram) -> float:
    """Returns the lower edge of the first bin that holds anything."""
    pairs = zip(histogram.correct, histogram.wrong, strict=True)
    first = next(at for at, pair in enumerate(pairs) if any(pair))
    return histogram.edges[first]


def _draw_steps(axes: "Axes", histogram: ConfidenceHistogram, noun: str) -> None:
    """Draws right predictions as a pale area, wrong ones as hatching over it."""
    for counts, colour, fill, hatch, label in (
        (histogram.correct, ACCENT, "#c9dcf0", "", "right"),
        (histogram.wrong, ALARM, "none", "/////", "wrong"),
    ):
        axes.stairs(
            [max(n, FLOOR) for n in counts],
            histogram.edges,
            baseline=FLOOR,
            fill=True,
            facecolor=fill,
            edgecolor=colour,
            hatch=hatch,
            linewidth=1.2,
            label=f"{label}, {counted(sum(counts), noun)}",
        )
