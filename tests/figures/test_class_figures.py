import dataclasses
import re
from itertools import pairwise

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from records import make_predictions, make_record
from reportgen.figures import classes, confusion, confusion_errors
from reportgen.figures.recalls import below
from reportgen.figures.style import FULL_MM, HALF_MM, MM_PER_INCH
from reportgen.predictions import Predictions
from reportgen.record import ConfusedPair, Estimate, Homogeneity, Record

RECORD = make_record()
HALF = Estimate(0.5, 0.4, 0.6, 0.95, "by hand", 100)


def texts(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def certain(y_true: NDArray[np.int64], wrong: NDArray[np.bool_]) -> Record:
    """A record of predictions made with certainty, those marked read as the next."""
    k = int(y_true.max()) + 1
    y_pred = np.where(wrong, (y_true + 1) % k, y_true)
    ids = np.array([f"test/{row}" for row in range(len(y_true))])
    names = tuple(map(str, range(k)))
    return make_record(Predictions(y_true, np.eye(k)[y_pred], names, ids))


def with_homogeneity(p_value: float) -> Record:
    found = Homogeneity(9.0, 9, p_value, None)
    evaluation = dataclasses.replace(RECORD.evaluation, homogeneity=found)
    return dataclasses.replace(RECORD, evaluation=evaluation)


def pair(forth: int, back: int, p_value: float) -> ConfusedPair:
    share = 0.25
    return ConfusedPair("4", "9", forth, back, HALF, HALF, share, p_value, p_value)


def with_pairs(*pairs: ConfusedPair) -> Record:
    evaluation = dataclasses.replace(RECORD.evaluation, confused_pairs=pairs)
    return dataclasses.replace(RECORD, evaluation=evaluation)


def cells_of(axes: Axes) -> "np.ma.MaskedArray[tuple[int, ...], np.dtype[np.int64]]":
    return np.ma.asarray(axes.get_images()[0].get_array())


def test_cells_hold_the_counts_and_empty_cells_nothing() -> None:
    axes = confusion.draw_confusion_matrix(RECORD).axes[0]
    counts = np.array(RECORD.evaluation.confusion_matrix.counts)
    cells = cells_of(axes)
    assert np.array_equal(cells.filled(0), counts)
    assert np.array_equal(cells.mask, counts == 0)
    assert "0" not in texts(axes)


def test_count_and_cell_contrast() -> None:
    axes = confusion.draw_confusion_matrix(RECORD).axes[0]
    counts = np.array(RECORD.evaluation.confusion_matrix.counts)
    colours = {text.get_text(): text.get_color() for text in axes.texts}
    assert colours[str(counts.max())] == "#ffffff"
    assert colours["1"] == "#1b1f24"


def test_precision_and_recall_have_equally_many_decimals() -> None:
    # Twelve classes of 100 rows stand across the page, with their margins.
    record = make_record(make_predictions(1200, 12))
    axes = confusion.draw_confusion_matrix(record).axes[0]
    written = texts(axes)
    # Behind the counts: images and recall of each row, precision of its column.
    start = int((np.array(record.evaluation.confusion_matrix.counts) > 0).sum())
    margins = [written[start + 3 * row + at] for row in range(12) for at in (1, 2)]
    assert len({len(text.partition(".")[2]) for text in margins}) == 1


def test_many_classes_are_not_written_but_have_a_scale_of_whole_numbers() -> None:
    record = make_record(make_predictions(300, 30))
    for draw in (
        confusion.draw_confusion_matrix,
        confusion_errors.draw_confusion_errors,
    ):
        figure = draw(record)
        assert not figure.axes[0].texts
        ticks = [label.get_text() for label in figure.axes[1].get_yticklabels()]
        assert ticks[0] == "1"
        assert all(tick.isdigit() for tick in ticks)


def test_counts_too_wide_for_half_a_page_take_the_whole() -> None:
    # Ten cells share 74 mm; a count of six digits needs about 10 mm.
    matrix = RECORD.evaluation.confusion_matrix
    wide = ((100_000, *matrix.counts[0][1:]), *matrix.counts[1:])
    more = 100_000 - matrix.counts[0][0]
    evaluation = dataclasses.replace(
        RECORD.evaluation,
        n=RECORD.evaluation.n + more,
        correct=RECORD.evaluation.correct + more,
        confusion_matrix=dataclasses.replace(matrix, counts=wide),
    )
    record = dataclasses.replace(RECORD, evaluation=evaluation)
    assert confusion.matrix_width_mm(RECORD) == HALF_MM
    assert confusion.matrix_width_mm(record) == FULL_MM


def test_the_matrix_of_errors_leaves_out_the_diagonal_and_nothing_else() -> None:
    axes = confusion_errors.draw_confusion_errors(RECORD).axes[0]
    counts = np.array(RECORD.evaluation.confusion_matrix.counts)
    np.fill_diagonal(counts, 0)
    assert np.array_equal(cells_of(axes).filled(0), counts)


def test_the_diagonal_of_the_errors_is_hatched_cell_by_cell() -> None:
    axes = confusion_errors.draw_confusion_errors(RECORD).axes[0]
    covers = [one for one in axes.patches if isinstance(one, Rectangle)]
    corners = [one.get_xy() for one in covers]
    assert corners == [(c - 0.5, c - 0.5) for c in range(10)]
    assert {one.get_hatch() for one in covers} == {"////"}


def test_shades_of_the_errors_run_over_the_errors_only() -> None:
    image = confusion_errors.draw_confusion_errors(RECORD).axes[0].get_images()[0]
    counts = np.array(RECORD.evaluation.confusion_matrix.counts)
    np.fill_diagonal(counts, 0)
    assert image.get_clim() == (0, max(counts.max(), 3))


def test_the_pair_confused_most_is_named_with_both_ways() -> None:
    record = with_pairs(pair(21, 4, 0.5), pair(3, 2, 1.0))
    caption = str(confusion_errors.caption_confusion_errors(record))
    assert caption.startswith("Classes 4 and 9 are confused most, in 25\xa0% of 64")
    assert "(class 4 read as class 9: 21; the other way: 4)" in caption


def test_a_tie_of_pairs_names_no_winner() -> None:
    record = with_pairs(pair(3, 0, 1.0), pair(2, 1, 1.0))
    caption = str(confusion_errors.caption_confusion_errors(record))
    assert caption.startswith("No two classes are confused more often than 4 and 9, in")


@pytest.mark.parametrize(
    ("p_value", "words"),
    [(0.049, "It goes that way more often"), (0.051, "Which way it goes is within")],
)
def test_a_direction_is_claimed_only_beyond_chance(p_value: float, words: str) -> None:
    caption = confusion_errors.caption_confusion_errors(with_pairs(pair(9, 1, p_value)))
    assert words in str(caption)


def test_the_level_decides_on_a_direction() -> None:
    record = with_pairs(pair(9, 1, 0.03))
    sampling = dataclasses.replace(record.evaluation.sampling, level=0.99)
    evaluation = dataclasses.replace(record.evaluation, sampling=sampling)
    record = dataclasses.replace(record, evaluation=evaluation)
    caption = str(confusion_errors.caption_confusion_errors(record))
    assert "Which way it goes is within noise" in caption


def test_a_matrix_without_errors_says_so_and_has_no_second_one() -> None:
    y_true = np.arange(90) % 3
    record = certain(y_true, np.zeros(90, dtype=np.bool_))
    caption = str(confusion.caption_confusion_matrix(record))
    assert caption.startswith("All 90 test images lie on the diagonal")
    assert confusion_errors.no_confusion_errors(record)


def read_wrong(n: int, wrong: int) -> Record:
    """Returns a record of n rows over three classes, the first of them read wrong."""
    y_true = np.arange(n) % 3
    y_pred = np.where(np.arange(n) < wrong, (y_true + 1) % 3, y_true)
    ids = np.arange(n).astype(np.str_)
    rows = Predictions(y_true, np.eye(3)[y_pred] * 0.7 + 0.1, ("a", "b", "c"), ids)
    return make_record(rows)


@pytest.mark.parametrize(
    ("n", "wrong", "said"),
    [
        (
            60,
            1,
            "59 of 60 test images lie on the diagonal, read as what they are; 1 does",
        ),
        (3, 2, "1 of 3 test images lies on the diagonal, read as what it is; 2 do"),
        (1, 1, "0 of 1 test image lies on the diagonal, read as what they are; 1 does"),
        (1, 0, "The only test image lies on the diagonal: no class is"),
    ],
)
def test_one_on_the_diagonal_or_beside_it_is_no_plural(
    n: int, wrong: int, said: str
) -> None:
    record = read_wrong(n, wrong)
    assert str(confusion.caption_confusion_matrix(record)).startswith(said)


def test_one_row_in_a_matrix_is_no_plural() -> None:
    record = read_wrong(1, 0)
    assert "with 1 of 1 image on the" in str(confusion.alt_confusion_matrix(record))


def test_one_error_among_very_many_classes_is_no_plural() -> None:
    y_true = np.arange(120) % 60
    y_pred = np.where(np.arange(120) == 0, 1, y_true)
    ids = np.arange(120).astype(np.str_)
    names = tuple(f"class {c}" for c in range(60))
    record = make_record(Predictions(y_true, np.eye(60)[y_pred], names, ids))
    caption = str(confusion_errors.caption_confusion_errors(record))
    assert "among them lies 1 of 1 error." in caption


def of_names(*names: str) -> Record:
    plain = make_predictions(60 * len(names), len(names))
    named = Predictions(plain.y_true, plain.y_proba, names, plain.row_ids)
    return make_record(named)


@pytest.mark.parametrize(
    ("names", "printed"),
    [
        (
            ("mixed", "negative", "neutral", "positive"),
            ["mixed", "negative", "neutral", "positive"],
        ),
        (("Follicular adenoma", "Papillary"), ["Follicular…", "Papillary"]),
        # Of ten classes a cell is 7 mm wide: longer names would stand in two of them.
        (("automobile", *"abcdefghi"), ["automo…", *"abcdefghi"]),
    ],
)
def test_names_beside_half_a_matrix_are_cut_only_where_they_must_be(
    names: tuple[str, ...], printed: list[str]
) -> None:
    figure = confusion.draw_confusion_matrix(of_names(*names))
    figure.draw_without_rendering()
    (axes,) = figure.axes
    assert [label.get_text() for label in axes.get_xticklabels()] == printed
    assert [label.get_text() for label in axes.get_yticklabels()] == printed
    boxes = [label.get_window_extent() for label in axes.get_xticklabels()]
    gaps_px = [right.x0 - left.x1 for left, right in pairwise(boxes)]
    assert min(gaps_px) / figure.dpi * MM_PER_INCH >= 1


def test_points_are_the_recalls_in_rising_order() -> None:
    axes = classes.draw_per_class_accuracy(RECORD).axes[0]
    estimates = [c.recall.estimate for c in RECORD.evaluation.classes]
    points = [line for line in axes.lines if line.get_marker() in {"o", "D"}]
    drawn = [float(np.asarray(line.get_xdata())[0]) for line in points]
    assert drawn == sorted(one.value for one in estimates if one is not None)


def test_names_follow_the_recalls() -> None:
    axes = classes.draw_per_class_accuracy(RECORD).axes[0]
    recalls = {c.name: c.correct / c.support for c in RECORD.evaluation.classes}
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert [recalls[name] for name in names] == sorted(recalls.values())


def test_an_axis_that_does_not_start_at_zero_says_so() -> None:
    axes = classes.draw_per_class_accuracy(RECORD).axes[0]
    start, end = axes.get_xlim()
    assert 0 < start < 1
    assert end == 1
    assert f"starts at {100 * start:.4g}" in axes.get_xlabel()


def test_a_class_without_rows_is_named_and_not_drawn() -> None:
    plain = make_predictions(60, 3)
    y_true = np.where(plain.y_true == 2, 0, plain.y_true)
    record = make_record(
        Predictions(y_true, plain.y_proba, ("a", "b", "c"), plain.row_ids)
    )
    labels = classes.draw_per_class_accuracy(record).axes[0].get_yticklabels()
    assert {label.get_text() for label in labels} == {"a", "b"}
    caption = str(classes.caption_per_class_accuracy(record))
    assert "Not drawn, having no test images: c." in caption


def test_classes_within_noise_have_no_weakest() -> None:
    caption = str(classes.caption_per_class_accuracy(with_homogeneity(0.06)))
    assert "is within noise" in caption
    assert "p\xa0=\xa00.060" in caption
    assert "no class is called the weakest" in caption


def test_classes_beyond_noise_have_a_weakest() -> None:
    caption = str(classes.caption_per_class_accuracy(with_homogeneity(0.0001)))
    assert (
        "by more than chance (chi-squared test, p\xa0<\xa00.001): no class" in caption
    )
    assert "is read right less often than class 4, 83" in caption


def test_no_diamond_within_noise() -> None:
    # Class 0 of 5 is read right on 10 of 20 rows, the others on all: its interval,
    # [30, 70] %, lies below the accuracy of 90 %; only the test decides on its mark.
    y_true = np.arange(100) % 5
    record = certain(y_true, (y_true == 0) & (np.arange(100) < 50))
    assert [one.name for one in below(record)] == ["0"]
    homogeneity = dataclasses.replace(record.evaluation.homogeneity, p_value=0.2)  # type: ignore[type-var] # It is there: classes differ.
    evaluation = dataclasses.replace(record.evaluation, homogeneity=homogeneity)
    assert below(dataclasses.replace(record, evaluation=evaluation)) == ()


def test_a_class_below_all_is_a_diamond_of_another_colour() -> None:
    y_true = np.arange(100) % 5
    record = certain(y_true, (y_true == 0) & (np.arange(100) < 50))
    axes = classes.draw_per_class_accuracy(record).axes[0]
    diamonds = [line for line in axes.lines if line.get_marker() == "D"]
    assert [to_hex(line.get_color()) for line in diamonds] == ["#b42318"]


def test_one_class_alone_is_not_compared() -> None:
    plain = make_predictions(60, 3)
    only = Predictions(
        np.zeros(60, dtype=np.int64), plain.y_proba, ("a", "b", "c"), plain.row_ids
    )
    caption = str(classes.caption_per_class_accuracy(make_record(only)))
    assert caption.startswith("Only class a has test images, so there is nothing to")


def test_the_classes_of_a_perfect_model_are_not_compared() -> None:
    y_true = np.arange(90) % 3
    record = certain(y_true, np.zeros(90, dtype=np.bool_))
    caption = str(classes.caption_per_class_accuracy(record))
    assert caption.startswith("Every class is read right equally often, 100\xa0% of")


def test_the_strongest_class_is_sought_among_all_classes() -> None:
    # 42 classes of 10 rows; class 0 is read wrong on all rows, class 41 on none, the
    # others on one: the 40 weakest leave out class 41.
    y_true = np.arange(420) % 42
    rank = np.arange(420) // 42
    wrong = (y_true != 41) & (rank < np.where(y_true == 0, 10, 1))
    caption = str(classes.caption_per_class_accuracy(certain(y_true, wrong)))
    assert "class 0 is read right least often, 0\xa0% [0," in caption
    assert "class 41 most often, 100" in caption


def test_a_best_class_among_equals_is_not_named() -> None:
    y_true = np.arange(400) % 4
    wrong = (y_true == 2) & (np.arange(400) < 200)
    caption = str(classes.caption_per_class_accuracy(certain(y_true, wrong)))
    assert "class 2 is read right least often, 50" in caption
    assert "the best, 100" in caption
    assert "is reached by more than one class." in caption


def test_a_weakest_class_among_equals_is_no_loser() -> None:
    y_true = np.arange(400) % 4
    wrong = (y_true < 2) & (np.arange(400) < 200)
    caption = str(classes.caption_per_class_accuracy(certain(y_true, wrong)))
    assert "no class is read right less often than class 0, 50" in caption


def test_the_caption_of_recalls_has_the_digits_of_the_plot() -> None:
    written = texts(classes.draw_per_class_accuracy(RECORD).axes[0])
    caption = str(classes.caption_per_class_accuracy(with_homogeneity(0.5)))
    ends = re.match(r"Recalls run from ([\d.]+)\s% to ([\d.]+)\s%", caption)
    assert ends
    assert set(ends.groups()) <= set(written)


def test_a_mark_at_the_start_of_the_axis_leaves_the_names_alone() -> None:
    y_true = np.arange(90) % 3
    figure = classes.draw_per_class_accuracy(certain(y_true, y_true == 0))
    figure.draw_without_rendering()
    axes = figure.axes[0]
    (mark,) = (one for one in axes.lines if np.all(np.asarray(one.get_xdata()) == 0))
    names = [name.get_window_extent() for name in axes.get_yticklabels()]
    clear_px = mark.get_window_extent().x0 - max(name.x1 for name in names)
    assert mark.get_marker() == "D"
    assert clear_px / figure.dpi * 72 >= 1.5
