import dataclasses
from itertools import combinations

import numpy as np
import pytest
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.figure import Figure
from numpy.typing import NDArray

from records import make_predictions, make_record
from reportgen.figures import calibration, class_calibration
from reportgen.figures.reliability import (
    BAND,
    error_and_floor,
    in_words,
    misses,
    told_from_noise,
)
from reportgen.figures.style import ACCENT, ALARM, look
from reportgen.predictions import Predictions
from reportgen.record import (
    Calibration,
    CalibrationBin,
    Estimate,
    NoiseFloor,
    Record,
    Reliability,
)

RECORD = make_record()


def calibration_of(record: Record) -> Calibration:
    assert record.evaluation.calibration is not None
    return record.evaluation.calibration


def with_calibration(record: Record, changed: Calibration) -> Record:
    evaluation = dataclasses.replace(record.evaluation, calibration=changed)
    return dataclasses.replace(record, evaluation=evaluation)


def with_equal_mass(*bins: CalibrationBin, p_value: float = 0.5) -> Record:
    """The made-up record with other bins of equal mass."""
    before = calibration_of(RECORD)
    mass = dataclasses.replace(
        before.equal_mass,
        bins=bins,
        bins_filled=len(bins),
        noise_floor=NoiseFloor(0.0025, 0.95, p_value, 1000),
    )
    return with_calibration(RECORD, dataclasses.replace(before, equal_mass=mass))


def with_classes(*classes: Reliability, together: float = 0.001) -> Record:
    """The made-up record with other calibrations of its ten classes.

    Args:
        classes: Calibration of each class.
        together: p-value of the errors of all of them.
    """
    before = calibration_of(RECORD)
    floor = NoiseFloor(0.0025, 0.95, together, 1000)
    classwise = dataclasses.replace(before.classwise, noise_floor=floor)
    changed = dataclasses.replace(before, classes=classes, classwise=classwise)
    return with_calibration(RECORD, changed)


def quiet_classes(p_values: dict[int, float]) -> list[Reliability]:
    """The ten classes, their errors within noise but for the ones with a p-value."""
    return [
        dataclasses.replace(
            one,
            noise_floor=NoiseFloor(0.0025, 0.95, p_values.get(c, 0.5), 1000),
            error=dataclasses.replace(one.error, value=0.001 * (c + 1)),
        )
        for c, one in enumerate(calibration_of(RECORD).classes)
    ]


def a_bin(confidence: float, frequency: float, *, count: int = 100) -> CalibrationBin:
    """A bin with bounds 0.05 around the frequency and around the confidence."""
    return CalibrationBin(
        low=confidence,
        high=confidence,
        count=count,
        confidence=confidence,
        frequency=frequency,
        frequency_low=max(frequency - 0.05, 0),
        frequency_high=min(frequency + 0.05, 1),
        consistent_low=max(confidence - 0.05, 0),
        consistent_high=min(confidence + 0.05, 1),
    )


def marks(axes: Axes) -> dict[str, NDArray[np.float64]]:
    """Centres of the points of a panel, (m, 2), by their colour."""
    found: dict[str, NDArray[np.float64]] = {}
    for one in axes.collections:
        if isinstance(one, PathCollection) and len(np.asarray(one.get_offsets())):
            found[colour_of(one)] = np.asarray(one.get_offsets())
    return found


def lines(axes: Axes, colour: str) -> list[NDArray[np.float64]]:
    """Both ends, (2, 2), of every vertical line of that colour."""
    return [
        np.asarray(segment)
        for one in axes.collections
        if isinstance(one, LineCollection) and colour_of(one) == colour
        for segment in one.get_segments()
    ]


def colour_of(collection: LineCollection | PathCollection) -> str:
    """The one colour of a collection, as "#0b5cad"; "" where it draws nothing."""
    from matplotlib.colors import to_hex

    faces = (
        collection.get_color()
        if isinstance(collection, LineCollection)
        else collection.get_facecolor()
    )
    return to_hex(np.asarray(faces)[0]) if len(np.asarray(faces)) else ""


def legend_of(figure: Figure) -> list[str]:
    (legend,) = figure.legends
    return [text.get_text() for text in legend.get_texts()]


def drawn_names(figure: Figure) -> list[Artist]:
    """The tick labels that stand within their axes; others exist but do not show."""
    return [
        label
        for axes in figure.axes
        for axis in (axes.xaxis, axes.yaxis)
        for tick in axis.get_major_ticks()
        for label in (tick.label1,)
        if label.get_text() and label.get_visible()
        if min(axis.get_view_interval()) <= tick.get_loc()
        if tick.get_loc() <= max(axis.get_view_interval())
    ]


def assert_no_labels_touch(figure: Figure) -> None:
    """Compares the boxes of all tick labels, pair by pair."""
    with look():
        figure.draw_without_rendering()
        boxes = [label.get_window_extent() for label in drawn_names(figure)]
    for one, other in combinations(boxes, 2):
        assert not one.overlaps(other)


def saturated(n: int = 3000) -> Predictions:
    """Nine in ten rows are surer than the axis can name, and right."""
    rng = np.random.default_rng(0)
    top = np.where(np.arange(n) % 10 == 0, rng.uniform(0.4, 0.99, n), 1 - 1e-7)
    y_proba = np.column_stack([top, (1 - top) / 2, (1 - top) / 2])
    wrong = rng.random(n) > top
    ids = np.array([f"row {row}" for row in range(n)])
    return Predictions(np.where(wrong, 1, 0), y_proba, ("a", "b", "c"), ids)


def test_points_stand_at_the_log_odds_of_their_bins() -> None:
    # log-odds of 0.5 and of 0.9: 0 and log 9.
    record = with_equal_mass(a_bin(0.5, 0.5), a_bin(0.9, 0.9))
    points = marks(calibration.draw_calibration(record).axes[0])[ACCENT]
    assert points == pytest.approx(np.array([[0, 0], [np.log(9), np.log(9)]]))


def test_points_of_equal_width_stand_on_axes_of_shares() -> None:
    points = marks(calibration.draw_calibration(RECORD).axes[1])
    drawn = np.vstack(list(points.values()))
    expected = [
        (one.confidence, one.frequency)
        for one in calibration_of(RECORD).equal_width.bins
    ]
    in_order = drawn[np.argsort(drawn[:, 0])]
    assert in_order == pytest.approx(np.array(expected))


def test_intervals_that_miss_the_diagonal_are_diamonds() -> None:
    # 0.7 lies outside of 0.5 ± 0.05, 0.52 inside.
    record = with_equal_mass(a_bin(0.5, 0.7), a_bin(0.52, 0.5), a_bin(0.9, 0.9))
    figure = calibration.draw_calibration(record)
    points = marks(figure.axes[0])
    assert (len(points[ALARM]), len(points[ACCENT])) == (1, 2)
    assert "interval misses the diagonal" in legend_of(figure)


def test_a_legend_names_only_what_is_drawn() -> None:
    before = calibration_of(RECORD)
    hits = (a_bin(0.5, 0.5), a_bin(0.9, 0.9))
    quiet = dataclasses.replace(
        before,
        equal_mass=dataclasses.replace(before.equal_mass, bins=hits, bins_filled=2),
        equal_width=dataclasses.replace(before.equal_width, bins=hits, bins_filled=2),
    )
    figure = calibration.draw_calibration(with_calibration(RECORD, quiet))
    assert "interval misses the diagonal" not in legend_of(figure)


def test_a_band_spans_what_chance_alone_would_bring() -> None:
    axes = calibration.draw_calibration(RECORD).axes[1]
    drawn = [tuple(line[:, 1]) for line in lines(axes, BAND)]
    expected = [
        (one.consistent_low, one.consistent_high)
        for one in calibration_of(RECORD).equal_width.bins
    ]
    assert drawn == [pytest.approx(ends) for ends in expected]


def test_a_band_without_height_shows() -> None:
    sure = dataclasses.replace(a_bin(0.9, 0.9), consistent_low=0.9, consistent_high=0.9)
    axes = calibration.draw_calibration(with_equal_mass(sure)).axes[0]
    (band,) = lines(axes, BAND)
    assert band[1, 1] > band[0, 1]


def test_areas_follow_the_number_of_images() -> None:
    record = with_equal_mass(a_bin(0.5, 0.5, count=100), a_bin(0.9, 0.9, count=50))
    axes = calibration.draw_calibration(record).axes[0]
    (points,) = (
        one
        for one in axes.collections
        if isinstance(one, PathCollection) and len(np.asarray(one.get_offsets()))
    )
    large, small = np.asarray(points.get_sizes())
    assert large == pytest.approx(2 * small)


def test_stems_of_the_strips_are_the_counts() -> None:
    figure = calibration.draw_calibration(RECORD)
    both = calibration_of(RECORD).equal_mass, calibration_of(RECORD).equal_width
    for strip, reliability in zip(figure.axes[2:], both, strict=True):
        assert strip.get_yscale() == "log"
        tops = [line[1, 1] for line in lines(strip, ACCENT)]
        assert tops == [one.count for one in reliability.bins]


def test_panels_side_by_side_have_one_height() -> None:
    figure = calibration.draw_calibration(RECORD)
    with look():
        figure.draw_without_rendering()
    for one, other in (figure.axes[:2], figure.axes[2:]):
        assert one.get_position().y0 == pytest.approx(other.get_position().y0)
        assert one.get_position().y1 == pytest.approx(other.get_position().y1)


def test_heads_say_error_and_noise_floor() -> None:
    record = with_equal_mass(a_bin(0.5, 0.5))
    mass = calibration_of(record).equal_mass
    head = calibration.draw_calibration(record).axes[0].get_title(loc="left")
    error = f"{100 * mass.error.value:.1f}\N{NO-BREAK SPACE}%"  # Of 6 points' width.
    assert head.endswith(f"error {error}, noise floor 0.25\N{NO-BREAK SPACE}%")


def test_bins_beyond_the_scale_stand_apart() -> None:
    record = with_equal_mass(
        a_bin(0.9, 0.9), *(a_bin(1 - 10.0**-e, 1.0) for e in (8, 9, 10))
    )
    axes = calibration.draw_calibration(record).axes[0]
    places = marks(axes)[ACCENT][:, 0]
    assert (np.diff(places) > 0.1).all()
    assert places[-1] < axes.get_xlim()[1]
    assert "behind the dotted rule" in str(calibration.caption_calibration(record))


def test_bins_within_the_scale_need_no_rule() -> None:
    caption = str(calibration.caption_calibration(with_equal_mass(a_bin(0.5, 0.5))))
    assert "rule" not in caption


@pytest.mark.parametrize(
    ("p_value", "said"),
    [
        (0.049, "more than chance alone explains"),
        (0.05, "which cannot be told from noise"),
        (0.5, "which cannot be told from noise"),
    ],
)
def test_a_caption_says_whether_the_error_is_told_from_noise(
    p_value: float, said: str
) -> None:
    record = with_equal_mass(a_bin(0.5, 0.5), p_value=p_value)
    caption = str(calibration.caption_calibration(record))
    assert said in caption.partition(":")[0]


def test_a_p_value_at_the_level_is_not_told_from_noise() -> None:
    # 1 - 0.95 is a little more than 0.05 in binary.
    assert not told_from_noise(NoiseFloor(0.1, 0.95, 0.05, 199))
    assert told_from_noise(NoiseFloor(0.1, 0.9, 0.05, 199))


def test_a_caption_counts_the_intervals_that_miss() -> None:
    hit, miss = a_bin(0.5, 0.5), a_bin(0.5, 0.7)
    for bins, said in (
        ((hit, hit), "None of the 2 intervals at the left misses the diagonal."),
        ((hit, miss), "One of the 2 intervals at the left misses the diagonal (dia"),
        ((miss, miss), "All 2 intervals at the left miss the diagonal (diamonds)."),
        ((hit,), "The only interval at the left holds the diagonal."),
        ((miss,), "The only interval at the left misses the diagonal."),
    ):
        record = with_equal_mass(*bins)
        assert said in str(calibration.caption_calibration(record))
        assert said in str(calibration.alt_calibration(record))


def test_the_level_of_intervals_is_the_one_they_were_made_with() -> None:
    sampling = dataclasses.replace(RECORD.evaluation.sampling, level=0.995)
    evaluation = dataclasses.replace(RECORD.evaluation, sampling=sampling)
    record = dataclasses.replace(RECORD, evaluation=evaluation)
    caption = str(calibration.caption_calibration(record))
    assert "Wilson's at 99.5\N{NO-BREAK SPACE}%" in caption


def test_small_counts_are_words_and_greater_ones_a_bound() -> None:
    assert [in_words(n) for n in (0, 12, 20)] == ["none", "twelve", "twenty"]
    assert in_words(21) == "more than twenty"


def test_an_error_has_the_digits_of_the_text_and_so_has_its_floor() -> None:
    # An interval 0.27 points wide asks for two decimals; 0.073 % has two digits.
    error = Estimate(0.00601, 0.0046, 0.0073, 0.95, "basic bootstrap", 14_000)
    words = error_and_floor(error, NoiseFloor(0.00073, 0.95, 0.001, 1000))
    assert str(words["error"]) == "0.60\N{NO-BREAK SPACE}%"
    assert str(words["floor"]) == "0.073\N{NO-BREAK SPACE}%"


def test_each_class_has_a_panel_with_its_error() -> None:
    record = with_classes(*quiet_classes({}))
    axes = class_calibration.draw_class_calibration(record).axes
    heads = [one.get_title(loc="left") for one in axes]
    assert heads[0] == "0\nerror 0.10\N{NO-BREAK SPACE}%"
    assert [head.partition("\n")[0] for head in heads] == list("0123456789")


def test_the_errors_of_all_panels_have_equally_many_decimals() -> None:
    axes = class_calibration.draw_class_calibration(RECORD).axes
    heads = [one.get_title(loc="left") for one in axes]
    assert len({len(head.partition(".")[2]) for head in heads}) == 1


def test_panels_draw_only_bins_of_enough_rows() -> None:
    figure = class_calibration.draw_class_calibration(RECORD)
    for axes, one in zip(figure.axes, calibration_of(RECORD).classes, strict=True):
        points = sum(len(found) for found in marks(axes).values())
        assert points == sum(each.count >= 30 for each in one.bins)


def test_a_class_without_a_large_bin_says_so() -> None:
    first, *others = calibration_of(RECORD).classes
    small = dataclasses.replace(first, bins=(a_bin(0.1, 0.1, count=29),), bins_filled=1)
    axes = class_calibration.draw_class_calibration(with_classes(small, *others)).axes
    assert [text.get_text() for text in axes[0].texts] == ["no bin is\nlarge enough"]


def test_classes_off_by_more_than_chance_are_marked_and_named() -> None:
    record = with_classes(*quiet_classes({3: 0.001, 5: 0.02}))
    axes = class_calibration.draw_class_calibration(record).axes
    marked = [one.get_title(loc="left")[:3] for one in axes]
    assert [at for at, head in enumerate(marked) if "▲" in head] == [3, 5]
    caption = str(class_calibration.caption_class_calibration(record))
    # Class c has an error of 0.1 (c + 1) %.
    assert (
        "classes 5, 3 are off by more than chance explains (triangles), class 5 the "
        "furthest, by 0.60\N{NO-BREAK SPACE}%." in caption
    )


def test_no_class_is_singled_out_where_all_together_are_within_noise() -> None:
    # One of ten classes has p = 0.001 by itself; the test of all has p = 0.5.
    record = with_classes(*quiet_classes({3: 0.001}), together=0.5)
    axes = class_calibration.draw_class_calibration(record).axes
    assert not any("▲" in one.get_title(loc="left") for one in axes)
    caption = str(class_calibration.caption_class_calibration(record))
    assert "So no class is singled out." in caption


def test_one_marked_class_stands_alone() -> None:
    record = with_classes(*quiet_classes({3: 0.001}))
    caption = str(class_calibration.caption_class_calibration(record))
    assert "Judged alone, class 3 is off by more than chance explains" in caption


def test_many_marked_classes_are_counted() -> None:
    record = with_classes(*quiet_classes(dict.fromkeys(range(7), 0.001)))
    caption = str(class_calibration.caption_class_calibration(record))
    assert "Each judged alone, seven of the classes drawn are off" in caption
    record = with_classes(*quiet_classes(dict.fromkeys(range(10), 0.001)))
    caption = str(class_calibration.caption_class_calibration(record))
    assert "Each judged alone, all of the classes drawn are off" in caption


def test_marked_classes_that_print_alike_are_not_ranked() -> None:
    classes = quiet_classes({3: 0.001, 5: 0.02})
    third = dataclasses.replace(classes[3].error, value=0.00601)
    classes[3] = dataclasses.replace(classes[3], error=third)
    caption = str(class_calibration.caption_class_calibration(with_classes(*classes)))
    assert "none by more than 0.60\N{NO-BREAK SPACE}%." in caption


def test_no_class_of_a_perfect_model_is_marked() -> None:
    y_true = np.arange(90) % 3
    ids = np.array([f"row {row}" for row in range(90)])
    record = make_record(Predictions(y_true, np.eye(3)[y_true], ("a", "b", "c"), ids))
    caption = str(class_calibration.caption_class_calibration(record))
    assert "So no class is singled out." in caption
    assert "No bin has fewer than 30 images, so all are drawn." in caption


def test_the_caption_says_how_much_is_not_drawn() -> None:
    shares = [0.02, 0.031, *[0.01] * 8]
    classes = [
        dataclasses.replace(one, share_in_small_bins=share)
        for one, share in zip(calibration_of(RECORD).classes, shares, strict=True)
    ]
    caption = str(class_calibration.caption_class_calibration(with_classes(*classes)))
    assert (
        "they hold 3.1\N{NO-BREAK SPACE}% of the images for class 1, less for any "
        "other." in caption
    )
    classes[4] = dataclasses.replace(classes[4], share_in_small_bins=0.0311)
    caption = str(class_calibration.caption_class_calibration(with_classes(*classes)))
    assert "for no class do they hold more than 3.1\N{NO-BREAK SPACE}%" in caption


def test_of_many_classes_the_ten_furthest_off_are_drawn() -> None:
    record = make_record(make_predictions(300, 30))
    axes = class_calibration.draw_class_calibration(record).axes
    names = [
        one.get_title(loc="left").partition("\n")[0].split("\N{NO-BREAK SPACE}")[-1]
        for one in axes
    ]
    errors = [one.error.value for one in calibration_of(record).classes]
    assert sorted(map(int, names)) == sorted(np.argsort(errors)[-10:].tolist())
    caption = str(class_calibration.caption_class_calibration(record))
    assert "the ten classes with the largest errors among 30" in caption


def test_a_panel_above_an_empty_place_names_its_axis() -> None:
    record = make_record(make_predictions(300, 5))
    figure = class_calibration.draw_class_calibration(record)
    with look():
        figure.draw_without_rendering()
        named = [
            any(label.get_visible() and label.get_text() for label in labels)
            for labels in (axes.get_xticklabels() for axes in figure.axes)
        ]
    assert named[:3] == [False, False, True]
    assert not figure.axes[5].axison


@pytest.mark.parametrize("k", [2, 3, 5, 10])
def test_labels_leave_room_for_each_other(k: int) -> None:
    record = make_record(make_predictions(600, k))
    assert_no_labels_touch(calibration.draw_calibration(record))
    assert_no_labels_touch(class_calibration.draw_class_calibration(record))


def test_labels_of_a_wide_scale_leave_room_for_each_other() -> None:
    proba = np.linspace(0.002, 0.99999, 400)
    y_proba = np.column_stack([proba, 1 - proba])
    y_true = (np.random.default_rng(0).random(400) > proba).astype(np.int64)
    ids = np.array([f"row {row}" for row in range(400)])
    record = make_record(Predictions(y_true, y_proba, ("a", "b"), ids))
    assert_no_labels_touch(calibration.draw_calibration(record))
    assert_no_labels_touch(class_calibration.draw_class_calibration(record))


def test_labels_of_a_saturated_model_leave_room_for_each_other() -> None:
    record = make_record(saturated())
    assert_no_labels_touch(calibration.draw_calibration(record))
    assert_no_labels_touch(class_calibration.draw_class_calibration(record))


def test_no_legend_covers_a_panel() -> None:
    for figure in (
        calibration.draw_calibration(RECORD),
        class_calibration.draw_class_calibration(RECORD),
    ):
        with look():
            figure.draw_without_rendering()
            (legend,) = figure.legends
            box = legend.get_window_extent()
            assert box.x1 <= figure.bbox.x1
            panels = [one.get_tightbbox() for one in figure.axes]
        assert not any(panel and box.overlaps(panel) for panel in panels)


def test_a_bin_misses_where_its_interval_leaves_out_what_was_stated() -> None:
    assert misses(a_bin(0.5, 0.56))
    assert not misses(a_bin(0.5, 0.54))
