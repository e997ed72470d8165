"""What curves of two classes add: the class looked for, and where predictions stand."""

from typing import TYPE_CHECKING

from reportgen.figures.areas import Area
from reportgen.figures.style import INK, PAPER
from reportgen.record import (
    BinaryView,
    Record,
    Sentence,
    estimated,
    number,
    quantity,
    sentence,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def binary_of(record: Record) -> BinaryView:
    """Returns the binary view of a record that has one."""
    assert record.evaluation.binary is not None
    return record.evaluation.binary


def value_of(record: Record, key: str) -> float | None:
    """Returns the value of a measure of the predictions, None where undefined."""
    estimate = binary_of(record).measure(key).estimate
    return None if estimate is None else estimate.value


def draw_predictions(axes: "Axes", x: float | None, y: float | None) -> None:
    """Draws a ring where the predictions stand; none where that is undefined."""
    if x is None or y is None:
        return
    axes.plot(
        [x],
        [y],
        marker="o",
        markersize=6,
        markerfacecolor=PAPER,
        markeredgecolor=INK,
        linestyle="none",
        zorder=5,
        label="_predictions",
    )


def area_said(record: Record, areas: tuple[Area, ...], name: str) -> Sentence:
    """Returns the area under the one curve.

    Args:
        record: Where the classes come from.
        areas: The positive class alone.
        name: What the area is called.
    """
    binary, area = binary_of(record), areas[0]
    if area.value == 1:
        return sentence(
            "Every {noun} of class {positive} has a greater probability of it than any "
            "of class {negative}: its {name} is {value}.",
            noun=record.noun,
            name=name,
            positive=binary.positive,
            negative=binary.negative,
            value=number(area.value),
        )
    return sentence(
        "Class {positive} is told from class {negative} with an {name} of {area}.",
        positive=binary.positive,
        negative=binary.negative,
        name=name,
        area=estimated(area.score),
    )


def rates_said(record: Record) -> Sentence | None:
    """Returns where the predictions stand on a ROC curve; None where undefined."""
    binary = binary_of(record)
    found = binary.measure("sensitivity"), binary.measure("specificity")
    if found[0].estimate is None or found[1].estimate is None:
        return None
    return sentence(
        "The ring is the prediction: sensitivity {sensitivity}, specificity "
        "{specificity}.",
        sensitivity=estimated(found[0]),
        specificity=estimated(found[1]),
    )


def precision_said(record: Record) -> Sentence:
    """Returns what guessing comes to, and where the predictions stand."""
    binary = binary_of(record)
    found = binary.measure("positive_predictive_value")
    ring = "" if found.estimate is None else "; the ring is the prediction"
    return sentence(
        "The dashed line is guessing, right as often as the class occurs, "
        "{prevalence}" + ring + ".",
        prevalence=quantity(binary.prevalence, "share"),
    )
