"""How the learning rate moved while the model was trained."""

from typing import TYPE_CHECKING

from reportgen.figures.history import (
    epoch_noun,
    no_training,
    rule_epochs,
    training_of,
)
from reportgen.figures.style import (
    ACCENT,
    HALF_MM,
    RULE,
    light_grid,
    look,
    new_figure,
)
from reportgen.record import Quantity, Record, Sentence, number, sentence, significant

if TYPE_CHECKING:
    from matplotlib.figure import Figure

HEIGHT_MM = 42.0


def no_learning_rate(record: Record) -> str | None:
    """Returns why no course of the learning rate is shown."""
    why = no_training(record)
    if why is not None:
        return why
    noun = epoch_noun(record)
    if len(set(training_of(record).history.learning_rate)) == 1:
        return f"The learning rate was the same after every {noun}."
    return None


@look()
def draw_learning_rate(record: Record) -> "Figure":
    """Returns the learning rate at the end of each epoch."""
    from matplotlib.ticker import MaxNLocator

    rates = training_of(record).history.learning_rate
    figure = new_figure(HALF_MM, HEIGHT_MM)
    axes = figure.add_subplot()
    axes.plot(range(1, len(rates) + 1), rates, color=ACCENT)
    axes.set_ylabel("learning rate")
    axes.margins(x=0.02, y=0.08)
    light_grid(axes, "y")
    axes.spines["left"].set_visible(False)
    axes.spines["bottom"].set_color(RULE)
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_locator(MaxNLocator(4))
    rule_epochs(axes, epoch_noun(record))
    return figure


def caption_learning_rate(record: Record) -> Sentence:
    """Returns how high the learning rate rose and where it ended."""
    noun = epoch_noun(record)
    rates = training_of(record).history.learning_rate
    return sentence(
        f"The learning rate at the end of each {noun}: {{first}} after the first, "
        "{highest} at its highest, {last} after the last.",
        first=_rate(rates[0]),
        highest=_rate(max(rates)),
        last=_rate(rates[-1]),
    )


def alt_learning_rate(record: Record) -> Sentence:
    """Returns from where to where the learning rate went."""
    rates = training_of(record).history.learning_rate
    return sentence(
        f"One line over {epoch_noun(record)} and learning rate, from {{first}} to "
        "{last}. Its highest point is at {highest}.",
        first=_rate(rates[0]),
        highest=_rate(max(rates)),
        last=_rate(rates[-1]),
    )


def _rate(value: float) -> Quantity:
    """Returns a learning rate, a zero without decimals."""
    return significant(value, "number") if value else number(value, 0)
