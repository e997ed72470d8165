"""How loss and accuracy moved while the model was trained."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

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
    Quantity,
    Record,
    Sentence,
    Training,
    chosen_share,
    number,
    sentence,
    share,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HEIGHT_MM = 58.0

LABEL_GAP = 0.075
"""Half of the least distance of two labels, as a share of the axis."""

WIDE_RANGE = 20
"""Times its least that a loss, or a share of errors, must once have been for its course
to be drawn on a log scale: on another its end would lie flat."""

LEAST_ERRORS = 1e-9
"""Share of errors that the log scale of an accuracy ends at."""

SHARES = (0.2, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999)
"""Accuracies that are marked on it."""

MEASURED = {
    "epoch": "Training values are means over augmented images while the weights still "
    "move: the two lines are not measured alike.",
    "pass": "Training values are means over freshly warped images, which are harder, "
    "while the weights still move: the two lines are not measured alike.",
}
"""What sets the two lines apart, by what an epoch is called."""


@dataclass(frozen=True, slots=True)
class _Course:
    """One quantity on both parts, epoch by epoch."""

    name: str
    noun: str
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
    return _draw(_loss(record), "cross-entropy in nats")


def draw_accuracy_history(record: Record) -> "Figure":
    """Returns training and validation accuracy by epoch."""
    return _draw(_accuracy(record), "share read right")


def caption_loss_history(record: Record) -> Sentence:
    """Returns where the loss ended, and whether it had been lower."""
    return _caption(_loss(record), "lowest")


def caption_accuracy_history(record: Record) -> Sentence:
    """Returns where the accuracy ended, and whether it had been higher."""
    return _caption(_accuracy(record), "highest")


def alt_loss_history(record: Record) -> Sentence:
    """Returns from where to where the loss went."""
    return _alt(_loss(record))


def alt_accuracy_history(record: Record) -> Sentence:
    """Returns from where to where the accuracy went."""
    return _alt(_accuracy(record))


def training_of(record: Record) -> Training:
    """Returns the training of a record that has some."""
    assert record.training is not None
    return record.training


def epoch_noun(record: Record) -> str:
    """Returns what an epoch is called: a pass where each brings fresh warps."""
    return "epoch" if training_of(record).warping is None else "pass"


def _loss(record: Record) -> _Course:
    history = training_of(record).history
    return _Course(
        "loss",
        epoch_noun(record),
        history.loss,
        history.validation_loss,
        min(history.validation_loss),
        number,
    )


def _accuracy(record: Record) -> _Course:
    history = training_of(record).history
    return _Course(
        "accuracy",
        epoch_noun(record),
        history.accuracy,
        history.validation_accuracy,
        max(history.validation_accuracy),
        share,
    )


def _caption(course: _Course, extreme: str) -> Sentence:
    """Returns where the lines ended, and how they are to be read."""
    scale = None
    if _is_wide(course):
        of_errors = " in the share of errors" if course.name == "accuracy" else ""
        scale = sentence(f"The scale is logarithmic{of_errors}.")
    return joined(_finding(course, extreme), scale, sentence(MEASURED[course.noun]))


def _finding(course: _Course, extreme: str) -> Sentence:
    """Returns where the validation line ended, and its best epoch if another."""
    last = course.validation[-1]
    if len(course.validation) == 1:
        template = (
            "After the only {noun} validation {name} is {last}, training {name} "
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
        noun=course.noun,
        plural=_plural(course.noun),
        extreme=extreme,
        last=course.shown(last),
        best=course.shown(course.best),
        training=course.shown(course.training[-1]),
    )


def _against_best(course: _Course) -> str:
    """Returns how the last epoch compares with the best one, in words."""
    last = course.validation[-1]
    if last == course.best:
        return "the {extreme} of all {plural}"
    if str(course.shown(last)) == str(course.shown(course.best)):
        return "off its {extreme} (open circle) by less than the last digit"
    return "after {best} at its {extreme} (open circle)"


def _plural(noun: str) -> str:
    """Returns what several epochs or passes are called."""
    return noun + ("es" if noun.endswith("s") else "s")


def _is_wide(course: _Course) -> bool:
    """Returns whether loss, or errors, fall so far that a log scale shows more."""
    values = (*course.training, *course.validation)
    left = values if course.name == "loss" else [1 - value for value in values]
    return max(left) > WIDE_RANGE * min(left) > 0


def _alt(course: _Course) -> Sentence:
    """Returns both lines' ends, or the two points of a single epoch."""
    template = (
        "Two points, as there is only one {noun}. Validation {name} is {last}, "
        "training {name} {training_last}."
        if len(course.validation) == 1
        else "Two lines over the {plural}. Validation {name} goes from {first} to "
        "{last}, training {name} from {training_first} to {training_last}."
    )
    return sentence(
        template,
        name=course.name,
        noun=course.noun,
        plural=_plural(course.noun),
        first=course.shown(course.validation[0]),
        last=course.shown(course.validation[-1]),
        training_first=course.shown(course.training[0]),
        training_last=course.shown(course.training[-1]),
    )


@look()
def _draw(course: _Course, unit: str) -> "Figure":
    """Returns both lines with their names at their ends."""
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
    axes.set_ylabel(f"{course.name}: {unit}")
    axes.margins(x=0.02, y=0.08)
    light_grid(axes, "y")
    axes.spines["left"].set_visible(False)
    rule_epochs(axes, course.noun)
    _rule_values(axes, course)
    _mark_best(axes, course)
    _label_ends(axes, course)
    return figure


def rule_epochs(axes: "Axes", noun: str) -> None:
    """Numbers the epochs below; `noun` is what one is called."""
    from matplotlib.ticker import MaxNLocator

    axes.set_xlabel(noun)
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True, min_n_ticks=1))


def _rule_values(axes: "Axes", course: _Course) -> None:
    """Numbers the values: in percent or in nats, on a log scale where that is wide."""
    from matplotlib.ticker import MaxNLocator, PercentFormatter

    if _is_wide(course):
        _rule_wide_values(axes, course)
        return
    axes.yaxis.set_major_locator(MaxNLocator(5))
    if course.name == "loss":
        axes.set_ylim(bottom=0)
        return
    percent = PercentFormatter(1.0, symbol="\N{NO-BREAK SPACE}%")
    axes.yaxis.set_major_formatter(percent)


def _rule_wide_values(axes: "Axes", course: _Course) -> None:
    """Numbers the values on a log scale, that of an accuracy by its errors."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    if course.name == "loss":
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5), numticks=9))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda loss, _: f"{loss:g}"))
        axes.yaxis.set_minor_formatter(NullFormatter())
        axes.tick_params(axis="y", which="minor", length=0)
        return
    axes.set_yscale("function", functions=(_by_errors, lambda x: 1 - np.exp(-x)))
    low, high = axes.get_ylim()
    ticks = [one for one in SHARES if low <= one <= high]
    axes.set_yticks(ticks, [str(chosen_share(one)) for one in ticks])


def _by_errors(accuracy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Returns how far up an accuracy lies: as far again for each halving of errors."""
    return -np.log(np.maximum(1 - accuracy, LEAST_ERRORS))


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
    values = course.training[-1], course.validation[-1]
    ends = [_height(axes, value) for value in values]
    middle = sum(ends) / 2
    upper = ends.index(max(ends))
    if abs(ends[0] - ends[1]) < 2 * LABEL_GAP:
        ends[upper], ends[1 - upper] = middle + LABEL_GAP, middle - LABEL_GAP
    last = len(course.training)
    for name, value, y, colour in (
        ("training", values[0], ends[0], MUTED),
        ("validation", values[1], ends[1], ACCENT),
    ):
        text = f"{name}\n{course.shown(value)}"
        at = (last, y, axes.get_xaxis_transform())
        label = write(axes, text, at=at, offset_pt=(6, 0), align=("left", "center"))
        label.set_color(colour)


def _height(axes: "Axes", value: float) -> float:
    """Returns how high a value lies, as a share of the axis, whatever its scale."""
    low, high = axes.transData.transform([(1, end) for end in axes.get_ylim()])[:, 1]
    return float((axes.transData.transform((1, value))[1] - low) / (high - low))
