"""How loss and accuracy moved while the model was trained."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.figures.lettering import WITHOUT_MODEL, joined, write
from reportgen.figures.style import (
    ACCENT,
    HALF_MM,
    MUTED,
    PAPER,
    light_grid,
    look,
    new_figure,
)
from reportgen.record import (
    History,
    Quantity,
    Record,
    Sentence,
    number,
    sentence,
    share,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HEIGHT_MM = 58.0

LABEL_GAP = 0.075
"""Least distance of two labels, as a share of the axis."""

MEASURED = (
    "Training values are means over augmented images while the weights still move: "
    "the two lines are not measured alike."
)


@dataclass(frozen=True, slots=True)
class _Course:
    """One quantity on both parts, epoch by epoch."""

    name: str
    training: tuple[float, ...]
    validation: tuple[float, ...]
    best: float
    shown: Callable[[float], Quantity]


def no_training(record: Record) -> str | None:
    """Returns why no course of training is shown."""
    if record.model is None:
        return WITHOUT_MODEL
    if record.training is None:
        return "The weights were not trained in this run, so their course is not known."
    if not record.training.history.loss:
        return "No epoch was trained."
    return None


def draw_loss_history(record: Record) -> "Figure":
    """Returns training and validation loss by epoch."""
    return _draw(_loss(_history(record)), "cross-entropy in nats")


def draw_accuracy_history(record: Record) -> "Figure":
    """Returns training and validation accuracy by epoch."""
    return _draw(_accuracy(_history(record)), "share read right")


def caption_loss_history(record: Record) -> Sentence:
    """Returns where the loss ended, and whether it had been lower."""
    return joined(_finding(_loss(_history(record)), "lowest"), sentence(MEASURED))


def caption_accuracy_history(record: Record) -> Sentence:
    """Returns where the accuracy ended, and whether it had been higher."""
    return joined(_finding(_accuracy(_history(record)), "highest"), sentence(MEASURED))


def alt_loss_history(record: Record) -> Sentence:
    """Returns from where to where the loss went."""
    return _alt(_loss(_history(record)))


def alt_accuracy_history(record: Record) -> Sentence:
    """Returns from where to where the accuracy went."""
    return _alt(_accuracy(_history(record)))


def _history(record: Record) -> History:
    """Returns the epochs of a record that has some."""
    assert record.training is not None
    return record.training.history


def _loss(history: History) -> _Course:
    best = min(history.validation_loss)
    return _Course("loss", history.loss, history.validation_loss, best, number)


def _accuracy(history: History) -> _Course:
    best = max(history.validation_accuracy)
    return _Course(
        "accuracy", history.accuracy, history.validation_accuracy, best, share
    )


def _finding(course: _Course, extreme: str) -> Sentence:
    """Returns where the validation line ended, and its best epoch if another."""
    last = course.validation[-1]
    if len(course.validation) == 1:
        template = (
            "After the only epoch validation {name} is {last}, training {name} "
            "{training}."
        )
    else:
        template = (
            "Validation {name} ends at {last}, "
            + _against_best(course)
            + "; training {name} at {training}."
        )
    return sentence(
        template,
        name=course.name,
        extreme=extreme,
        last=course.shown(last),
        best=course.shown(course.best),
        training=course.shown(course.training[-1]),
    )


def _against_best(course: _Course) -> str:
    """Returns how the last epoch compares with the best one, in words."""
    last = course.validation[-1]
    if last == course.best:
        return "the {extreme} of all epochs"
    if str(course.shown(last)) == str(course.shown(course.best)):
        return "off its {extreme} (open circle) by less than the last digit"
    return "after {best} at its {extreme} (open circle)"


def _alt(course: _Course) -> Sentence:
    """Returns both lines' ends, or the two points of a single epoch."""
    template = (
        "Two points, as there is only one epoch. Validation {name} is {last}, training "
        "{name} {training_last}."
        if len(course.validation) == 1
        else "Two lines over the epochs. Validation {name} goes from {first} to "
        "{last}, training {name} from {training_first} to {training_last}."
    )
    return sentence(
        template,
        name=course.name,
        first=course.shown(course.validation[0]),
        last=course.shown(course.validation[-1]),
        training_first=course.shown(course.training[0]),
        training_last=course.shown(course.training[-1]),
    )


@look()
def _draw(course: _Course, unit: str) -> "Figure":
    """Returns both lines with their names at their ends."""
    from matplotlib.ticker import MaxNLocator

    figure = new_figure(HALF_MM, HEIGHT_MM)
    axes = figure.add_subplot()
    epochs = range(1, len(course.training) + 1)
    axes.plot(
        epochs,
        course.training,
        color=MUTED,
        linestyle=(0, (4, 1.5)),
        # A line through one point has no length.
        marker="s" if len(epochs) == 1 else "",
        markersize=4,
        label="training",
    )
    axes.plot(epochs, course.validation, color=ACCENT, label="validation")
    axes.set(xlabel="epoch", ylabel=f"{course.name}: {unit}")
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True, min_n_ticks=1))
    axes.margins(x=0.02, y=0.08)
    light_grid(axes, "y")
    axes.spines["left"].set_visible(False)
    axes.yaxis.set_major_locator(MaxNLocator(5))
    if course.name == "accuracy":
        from matplotlib.ticker import PercentFormatter

        axes.yaxis.set_major_formatter(
            PercentFormatter(1.0, symbol="\N{NO-BREAK SPACE}%")
        )
    else:
        axes.set_ylim(bottom=0)
    _mark_best(axes, course)
    _label_ends(axes, course)
    return figure


def _mark_best(axes: "Axes", course: _Course) -> None:
    """Draws the last validation value, and an open circle at the best one."""
    best = course.validation.index(course.best)
    for at, face in ((best, PAPER), (len(course.validation) - 1, ACCENT)):
        axes.plot(
            [at + 1],
            [course.validation[at]],
            marker="o",
            markersize=4,
            color=ACCENT,
            markerfacecolor=face,
            clip_on=False,
        )


def _label_ends(axes: "Axes", course: _Course) -> None:
    """Writes name and last value beside each line's end, clear of the other."""
    low, high = axes.get_ylim()
    gap = LABEL_GAP * 2 * (high - low)
    ends = [course.training[-1], course.validation[-1]]
    middle = sum(ends) / 2
    upper = ends.index(max(ends))
    if abs(ends[0] - ends[1]) < gap:
        ends[upper], ends[1 - upper] = middle + gap / 2, middle - gap / 2
    last = len(course.training)
    for name, value, y, colour in (
        ("training", course.training[-1], ends[0], MUTED),
        ("validation", course.validation[-1], ends[1], ACCENT),
    ):
        text = f"{name}\n{course.shown(value)}"
        at = (last, y, axes.transData)
        label = write(axes, text, at=at, offset_pt=(6, 0), align=("left", "center"))
        label.set_color(colour)
