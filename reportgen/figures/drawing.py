"""From a row of a table of figures to a picture with its words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from reportgen.errors import RenderError
from reportgen.figures.export import to_svg
from reportgen.figures.lettering import joined, lost_in_words
from reportgen.figures.style import FULL_MM
from reportgen.record import Picture, Sentence

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SVG = "image/svg+xml"

FAULTS = (
    ArithmeticError,
    AttributeError,
    ImportError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What is raised where Matplotlib cannot draw: a font or memory is missing, NumPy is of
another version, a record holds numbers that no axis takes. As wide as that, because a
run of hours is worth more than one figure; the page then fails with what was raised."""

Subject = TypeVar("Subject")
"""What is shown: a record, or a comparison."""


def _never(_: object) -> None:
    """Returns no reason: the figure can always be drawn."""


def _to_all(_: object) -> bool:
    """Returns True: the figure is for everything."""
    return True


@dataclass(frozen=True, slots=True)
class FigureSpec(Generic[Subject]):
    """One row of a table of figures.

    Attributes:
        key: As "confusion_matrix"; the id of its `<figure>`.
        section: Key of the section in which it stands.
        draw: Returns the figure, drawn afresh.
        caption: Returns what it shows.
        alt: Returns what someone who cannot see it needs to know.
        absent: Returns why there is nothing to draw, None where there is.
        width_mm: Printed width in millimetres.
        width_of: Returns the printed width where what is shown decides it; `width_mm`
            holds everywhere else.
        applies: Returns whether what is shown is of the kind that the figure is for;
            where not, nothing is left out.
    """

    key: str
    section: str
    draw: Callable[[Subject], "Figure"]
    caption: Callable[[Subject], Sentence]
    alt: Callable[[Subject], Sentence]
    absent: Callable[[Subject], str | None] = _never
    width_mm: float = FULL_MM
    width_of: Callable[[Subject], float] | None = None
    applies: Callable[[Subject], bool] = _to_all


def drawn(spec: FigureSpec[Subject], subject: Subject) -> bytes:
    """Returns the figure as SVG.

    Args:
        spec: Which figure.
        subject: All that it shows.

    Raises:
        RenderError: Matplotlib cannot draw it.
    """
    try:
        return to_svg(spec.draw(subject))
    except FAULTS as error:
        raise RenderError(
            f"The figure {spec.key!r} must be drawn. Received {type(error).__name__}: "
            f"{error}. If the record is as reportgen wrote it, install matplotlib "
            "again, in a version that reportgen was tested with."
        ) from error


def picture(
    spec: FigureSpec[Subject], subject: Subject, *, svg: bytes, names: tuple[str, ...]
) -> Picture:
    """Returns one figure with its words, and which names it could not print.

    Args:
        spec: Which figure.
        subject: All that it shows.
        svg: The figure.
        names: Names of classes that it prints; empty where it prints none.
    """
    return Picture(
        key=spec.key,
        section=spec.section,
        caption=joined(spec.caption(subject), lost_in_words(names)),
        alt=spec.alt(subject),
        media_type=SVG,
        data=svg,
        width_mm=spec.width_of(subject) if spec.width_of else spec.width_mm,
    )
