"""The figures of a comparison: on a page of its own, or in a section of a report."""

from collections.abc import Callable
from typing import TypeVar

from reportgen.figures import differences, flips
from reportgen.figures.drawing import FigureSpec
from reportgen.record import Comparison, Record

Answer = TypeVar("Answer")

SECTION = "comparison"
"""Where they stand in a report."""

COMPARISON_FIGURES: tuple[FigureSpec[Comparison], ...] = (
    FigureSpec(
        "differences",
        "scores",
        differences.draw_differences,
        differences.caption_differences,
        differences.alt_differences,
        differences.no_differences,
    ),
    FigureSpec(
        "class_changes",
        "classes",
        differences.draw_class_changes,
        differences.caption_class_changes,
        differences.alt_class_changes,
        differences.no_class_changes,
    ),
    FigureSpec(
        "fixes_gallery",
        "rows",
        flips.draw_fixes,
        flips.caption_fixes,
        flips.alt_fixes,
        flips.no_fixes,
    ),
    FigureSpec(
        "regressions_gallery",
        "rows",
        flips.draw_regressions,
        flips.caption_regressions,
        flips.alt_regressions,
        flips.no_regressions,
    ),
)
"""Every figure of a comparison, with its section on the page of its own."""


def in_report(spec: FigureSpec[Comparison]) -> FigureSpec[Record]:
    """Returns the same figure of a record that holds a comparison."""
    return FigureSpec(
        spec.key,
        SECTION,
        _of_comparison(spec.draw),
        _of_comparison(spec.caption),
        _of_comparison(spec.alt),
        _of_comparison(spec.absent),
        spec.width_mm,
    )


def _of_comparison(
    answer: Callable[[Comparison], Answer],
) -> Callable[[Record], Answer]:
    """Returns a function of a record that asks one of its comparison."""

    def of_record(record: Record) -> Answer:
        assert record.comparison is not None
        return answer(record.comparison)

    return of_record
