"""Differences between two models as pictures: what is drawn, marked and said."""

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import pytest

from contests import make_comparison, make_identical, make_unpaired
from pairs import hard, make_pair
from records import make_record
from reportgen.figures import (
    FIGURES,
    draw_comparison_pictures,
    draw_pictures,
    figures_of,
)
from reportgen.figures.differences import (
    MOST_DRAWN,
    caption_class_changes,
    caption_differences,
    draw_class_changes,
    draw_differences,
)
from reportgen.figures.flips import LINE_MM, caption_fixes, draw_fixes
from reportgen.figures.lettering import width_mm
from reportgen.metrics.paired import Pair
from reportgen.predictions import Predictions

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from reportgen.record import Comparison

FEW = make_comparison()

CHANGED = make_comparison(
    # Class 0: twelve fixes; class 1: none.
    hard([0] * 20 + [1] * 20, [1] * 12 + [0] * 8 + [1] * 20, [0] * 20 + [1] * 20, k=2)
)


def texts_of(figure: "Figure") -> list[str]:
    """Returns all texts of the only axes, its tick labels first."""
    (axes,) = figure.axes
    names = [label.get_text() for label in axes.get_yticklabels()]
    return names + [text.get_text() for text in axes.texts]


def markers_of(figure: "Figure") -> list[object]:
    """Returns the shape of each row's point."""
    (axes,) = figure.axes
    return [line.get_marker() for line in axes.lines if len(line.get_xdata()) == 1]  # type: ignore[arg-type] # an array of one


def test_each_score_in_percent_has_a_row() -> None:
    figure = draw_differences(FEW)
    shares = [one for one in FEW.differences if one.unit == "share" and one.estimate]
    assert len(markers_of(figure)) == len(shares)
    assert texts_of(figure)[: len(shares)] == [one.label for one in shares]


def test_points_lie_at_their_differences_in_points() -> None:
    (axes,) = draw_differences(FEW).axes
    # 21 fixes less 11 regressions of 400 rows are 2.5 points.
    first = next(line for line in axes.lines if line.get_marker() == "o")
    assert list(first.get_xdata()) == pytest.approx([2.5])  # type: ignore[arg-type] # an array


def test_the_band_is_as_wide_as_the_margin_and_behind_accuracy_alone() -> None:
    (axes,) = draw_differences(make_comparison(margin=0.005)).axes
    (band,) = axes.patches
    low, high = band.get_extents().transformed(axes.transData.inverted()).intervalx
    assert (low, high) == pytest.approx((-0.5, 0.5))


def test_there_is_no_band_without_a_margin() -> None:
    (axes,) = draw_differences(make_comparison(margin=0.0)).axes
    assert not axes.patches
    assert "grey band" not in str(caption_differences(make_comparison(margin=0.0)))


@pytest.mark.parametrize(("margin", "shows"), [(0.0001, False), (0.005, True)])
def test_a_band_too_thin_to_be_seen_is_neither_drawn_nor_spoken_of(
    margin: float, *, shows: bool
) -> None:
    comparison = make_comparison(margin=margin)
    (axes,) = draw_differences(comparison).axes
    start, end = axes.get_xlim()
    assert bool(2 * 100 * margin >= 0.01 * (end - start)) is shows
    assert bool(axes.patches) is shows
    assert ("grey band" in str(caption_differences(comparison))) is shows


def test_marks_tell_gains_from_losses() -> None:
    # The candidate is right on all, the baseline on 28 of 40: all scores gain.
    assert set(markers_of(draw_differences(CHANGED))) == {"^"}
    worse = make_comparison(
        hard(
            [0] * 20 + [1] * 20, [0] * 20 + [1] * 20, [1] * 12 + [0] * 8 + [1] * 20, k=2
        )
    )
    assert set(markers_of(draw_differences(worse))) == {"v"}


def test_nothing_is_marked_where_rows_differ() -> None:
    assert set(markers_of(draw_differences(make_unpaired()))) == {"o"}


def test_only_a_class_beyond_chance_is_marked() -> None:
    # Greatest gain first: class 0 with twelve fixes, then class 1 with none.
    assert markers_of(draw_class_changes(CHANGED)) == ["^", "o"]
    assert "By more than chance changed “0”" in str(caption_class_changes(CHANGED))


def test_of_many_classes_those_that_changed_most_are_drawn() -> None:
    many = make_comparison(make_pair(900, 30, edge=0.5))
    assert len(markers_of(draw_class_changes(many))) == MOST_DRAWN
    assert "Of 30 classes those are drawn" in str(caption_class_changes(many))


def of_present(present: int, k: int) -> "Comparison":
    """Returns a comparison over k classes of which that many have rows."""
    pair = make_pair(900, present, edge=0.5)
    names = tuple(f"class {c}" for c in range(k))
    models = (
        Predictions(
            one.y_true,
            np.pad(one.y_proba, ((0, 0), (0, k - present))),
            names,
            one.row_ids,
        )
        for one in (pair.baseline, pair.candidate)
    )
    return make_comparison(Pair(*models))


def test_where_all_recalls_are_drawn_none_is_said_to_be_chosen() -> None:
    caption = str(caption_class_changes(of_present(MOST_DRAWN, 25)))
    assert "changed most" not in caption
    assert "Classes without test images are left out." in caption


def test_classes_are_chosen_among_those_that_have_a_recall() -> None:
    caption = str(caption_class_changes(of_present(22, 25)))
    assert "Of 22 classes those are drawn that changed most." in caption
    assert "Classes without test images are left out." in caption


def test_one_class_tested_is_no_plural() -> None:
    # All rows are of class 0: of the other none could be fixed.
    few = make_comparison(hard([0, 0], [0, 1], [1, 0], k=2))
    many = make_comparison(hard([0] * 20, [1] * 20, [0] * 20, k=2))
    assert "Holm's method over 1 class." in str(caption_class_changes(few))
    assert "“0” (triangle), tested by Holm's method over 1 class;" in str(
        caption_class_changes(many)
    )


def test_a_flip_of_one_image_is_no_plural() -> None:
    one = make_comparison(hard([0], [1], [0], k=2))
    assert "is right on 1 of 1 image." in str(caption_fixes(one))


def test_a_gallery_shows_the_images_that_there_are() -> None:
    # Of the first flip no run has the image.
    lines = texts_of(draw_fixes(FEW))
    assert FEW.fixes.examples[0].row_id not in lines
    assert FEW.fixes.examples[1].row_id in lines
    assert "1 more stands in the table alone" in str(caption_fixes(FEW))


def test_under_an_image_stands_what_both_read() -> None:
    one = FEW.fixes.examples[1]
    read = f"{one.true} \N{RIGHTWARDS ARROW} {one.baseline} / {one.candidate}"
    assert read in texts_of(draw_fixes(FEW))


def test_long_names_are_cut_until_a_line_fits() -> None:
    pair = make_pair(200, 3, edge=-1.0)
    names = ("W" * 300, "M" * 300, "short")
    models = (
        Predictions(one.y_true, one.y_proba, names, one.row_ids)
        for one in (pair.baseline, pair.candidate)
    )
    comparison = make_comparison(Pair(*models))
    lines = [
        line
        for line in texts_of(draw_fixes(comparison))
        if "\N{RIGHTWARDS ARROW}" in line
    ]
    assert lines
    assert all(width_mm(line) <= LINE_MM for line in lines)


@pytest.mark.parametrize(
    ("comparison", "kept"),
    [
        (FEW, 4),
        (make_comparison(images=False), 2),
        (make_unpaired(), 1),
        (make_identical(), 0),
    ],
    ids=["paired", "without images", "unpaired", "identical"],
)
def test_what_cannot_be_drawn_is_left_out_with_its_reason(
    comparison: "Comparison", kept: int
) -> None:
    pictures, omissions = draw_comparison_pictures(comparison)
    assert len(pictures) == kept
    assert len(pictures) + len(omissions) == 4
    assert all(one.reason.endswith(".") for one in omissions)


def test_a_report_has_them_only_beside_a_baseline() -> None:
    record = make_record()
    assert {spec.key for spec in figures_of(record)} <= {spec.key for spec in FIGURES}
    beside = dataclasses.replace(record, comparison=FEW)
    pictures, _ = draw_pictures(beside)
    added = [one.key for one in pictures if one.section == "comparison"]
    assert added == [
        "differences",
        "class_changes",
        "fixes_gallery",
        "regressions_gallery",
    ]


def test_the_words_of_a_caption_hold_no_digit() -> None:
    said = caption_differences(FEW)
    words = [part for part in said.parts if isinstance(part, str)]
    assert not any(character.isdigit() for character in "".join(words))
