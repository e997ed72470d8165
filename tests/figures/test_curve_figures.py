import dataclasses
from collections.abc import Callable
from itertools import combinations, pairwise

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.transforms import Bbox

from records import make_predictions, make_record
from reportgen.figures import curves
from reportgen.figures.areas import key_of, ranked
from reportgen.figures.scales import set_rates, stretched
from reportgen.figures.style import FULL_MM, MM_PER_INCH, look, new_figure
from reportgen.predictions import Predictions
from reportgen.record import ClassScores, Curve, Estimate, Record

RECORD = make_record()
HOSTILE = ("<script>alert(1)</script>", "$x$", "_^{", "a" * 300, "\u202e[/]\n", "你好")
DRAWN = (curves.draw_roc, curves.draw_precision_recall)


def certain(k: int) -> Record:
    """A record of 30 rows a class, all right with certainty."""
    y_true = np.arange(30 * k) % k
    ids = np.array([f"test/{row}" for row in range(len(y_true))])
    return make_record(
        Predictions(y_true, np.eye(k)[y_true], tuple(map(str, range(k))), ids)
    )


def with_areas(*bounds: tuple[float, float, float]) -> Record:
    """A record whose first classes have ROC areas of (low, value, high)."""

    def changed(one: ClassScores, area: tuple[float, float, float]) -> ClassScores:
        low, value, high = area
        estimate = Estimate(value, low, high, 0.95, "by hand", 100)
        score = dataclasses.replace(one.roc_auc, estimate=estimate, reason=None)
        return dataclasses.replace(one, roc_auc=score)

    classes = RECORD.evaluation.classes
    first = tuple(map(changed, classes, bounds))
    evaluation = dataclasses.replace(
        RECORD.evaluation, classes=first + classes[len(first) :]
    )
    return dataclasses.replace(RECORD, evaluation=evaluation)


def curve_lines(axes: Axes) -> list[Line2D]:
    """The lines that stand for a class."""
    return [line for line in axes.lines if not str(line.get_label()).startswith("_")]


def boxes(figure: Figure, axes: Axes) -> list[Bbox]:
    """The printed places of the axes' texts, and of its labels where it has any."""
    with look():
        figure.draw_without_rendering()
        shown = [*axes.texts]
        if axes.axison:
            shown += [*axes.get_xticklabels(), *axes.get_yticklabels()]
            shown += [axes.xaxis.label, axes.yaxis.label]
        return [one.get_window_extent() for one in shown if one.get_text()]


def test_the_weakest_curve_is_drawn_first_and_thickest() -> None:
    lines = curve_lines(curves.draw_roc(RECORD).axes[0])
    areas = {c.name: c.roc_auc.estimate for c in RECORD.evaluation.classes}
    values = {name: one.value for name, one in areas.items() if one is not None}
    assert [line.get_label() for line in lines] == sorted(
        values, key=values.__getitem__
    )
    assert lines[0].get_linewidth() > lines[1].get_linewidth()


def test_the_corner_of_precision_recall_holds_every_knee() -> None:
    corner = curves.draw_precision_recall(RECORD).axes[1]
    left, right = corner.get_xlim()
    bottom, top = corner.get_ylim()
    for curve in RECORD.evaluation.precision_recall:
        knee = int(np.argmax(np.array(curve.y) + np.array(curve.x)))
        assert left <= curve.x[knee] <= right
        assert bottom <= curve.y[knee] <= top


def test_the_false_positive_rate_is_logarithmic_at_the_right_down_to_one_row() -> None:
    plain, enlarged = curves.draw_roc(RECORD).axes[:2]
    assert plain.get_xscale() == "linear"
    assert enlarged.get_xscale() == "log"
    assert "logarithmic" in enlarged.get_xlabel()
    # Ten classes of 60: one row of the 540 others.
    assert enlarged.get_xlim()[0] < 1 / 540
    assert enlarged.get_xticklabels()[0].get_text() == "0"


def test_every_roc_curve_enters_the_enlarged_panel_at_its_low_rates() -> None:
    enlarged = curves.draw_roc(RECORD).axes[1]
    bottom, _ = enlarged.get_ylim()
    for line in curve_lines(enlarged):
        x, y = np.asarray(line.get_xdata()), np.asarray(line.get_ydata())
        assert y[x <= 1 / 540].max() >= bottom


def test_a_point_at_no_false_alarm_stands_at_the_left_end() -> None:
    x, y = stretched(Curve("a", (0.0, 0.0, 0.5, 1.0), (0.0, 0.8, 0.8, 1.0), 4), 0.01)
    assert x[:2].tolist() == [0.01, 0.01]
    assert y[:2].tolist() == [0, 0.8]
    assert (np.diff(x) >= 0).all()


def test_a_sloping_run_keeps_its_course_on_a_logarithmic_axis() -> None:
    # A tie: on the plain axis y = x from (0, 0) to (1, 1), so that it is everywhere.
    x, y = stretched(Curve("a", (0.0, 1.0), (0.0, 1.0), 2), 0.001)
    assert len(x) > 10
    assert y[1:] == pytest.approx(x[1:])


def test_steps_get_no_further_points() -> None:
    curve = Curve("a", (0.0, 0.0, 0.5, 0.5, 1.0), (0.0, 0.8, 0.8, 1.0, 1.0), 5)
    x, y = stretched(curve, 0.01)
    assert x.tolist() == [0.01, 0.01, 0.5, 0.5, 1.0]
    assert y.tolist() == list(curve.y)


def test_the_key_prints_each_area_with_its_interval() -> None:
    figure = curves.draw_roc(RECORD)
    written = [text.get_text() for text in figure.axes[-1].texts]
    assert written[:3] == ["class", "area", "95\N{NO-BREAK SPACE}% interval"]
    rows = [written[at : at + 3] for at in range(3, len(written), 3)]
    assert len(rows) == 10
    for name, area, interval in rows:
        (one,) = (c for c in RECORD.evaluation.classes if c.name == name)
        estimate = one.roc_auc.estimate
        assert estimate is not None
        assert float(area) == pytest.approx(estimate.value, abs=0.001)
        low, high = (float(bound) for bound in interval[1:-1].split(", "))
        assert low == pytest.approx(estimate.low, abs=0.001)
        assert high == pytest.approx(estimate.high, abs=0.001)


def test_numbers_of_the_key_have_equally_many_decimals() -> None:
    scores = [one.roc_auc for one in RECORD.evaluation.classes]
    key = key_of(ranked(RECORD.evaluation, RECORD.evaluation.roc, scores), "area")
    assert len({len(row[1].partition(".")[2]) for row in key.rows}) == 1


def test_a_key_without_intervals_has_no_brackets() -> None:
    record = certain(3)
    scores = [
        dataclasses.replace(
            one.roc_auc, estimate=Estimate(1.0, None, None, None, "none", 90)
        )
        for one in record.evaluation.classes
    ]
    key = key_of(ranked(record.evaluation, record.evaluation.roc, scores), "area")
    assert key.heads[2] == ""
    assert {row[2] for row in key.rows} == {""}


@pytest.mark.parametrize("draw", DRAWN)
@pytest.mark.parametrize("k", [2, 6, 10])
def test_the_key_lies_beside_the_panels_and_no_label_is_cut(
    draw: Callable[[Record], Figure], k: int
) -> None:
    plain = make_predictions(600, k)
    names = HOSTILE if k == len(HOSTILE) else plain.class_names
    record = make_record(Predictions(plain.y_true, plain.y_proba, names, plain.row_ids))
    figure = draw(record)
    *panels, key = figure.axes
    page = figure.bbox
    written = boxes(figure, key)
    for box in [*written, *(box for panel in panels for box in boxes(figure, panel))]:
        assert page.x0 <= box.x0
        assert box.x1 <= page.x1
        assert page.y0 <= box.y0
        assert box.y1 <= page.y1
    for panel in panels:
        assert not any(panel.get_window_extent().overlaps(box) for box in written)


@pytest.mark.parametrize("draw", DRAWN)
def test_names_of_rates_do_not_touch(draw: Callable[[Record], Figure]) -> None:
    figure = draw(RECORD)
    for axes in figure.axes[:2]:
        boxes(figure, axes)
        labels = [one.get_window_extent() for one in axes.get_xticklabels()]
        assert not any(a.overlaps(b) for a, b in combinations(labels, 2))


@pytest.mark.parametrize("width_mm", [34, 42, 48])
@pytest.mark.parametrize("negatives", [3, 90, 9_998, 12_740, 100_000, 900_000])
def test_powers_of_ten_are_named_as_far_as_there_is_room(
    width_mm: float, negatives: int
) -> None:
    with look():
        figure = new_figure(FULL_MM, 64)
        figure.set_layout_engine("none")
        axes = figure.add_axes((0.1, 0.2, width_mm / FULL_MM, 0.7))
        set_rates(axes, 0.4 / negatives)
        figure.draw_without_rendering()
    labels = axes.get_xticklabels()
    places = [label.get_window_extent() for label in labels]
    gaps_px = [b.x0 - a.x1 for a, b in pairwise(places)]
    assert min(gaps_px) / figure.dpi * MM_PER_INCH >= 0.9
    names = [label.get_text() for label in labels]
    assert (names[0], names[-1]) == ("0", "100")
    if negatives == 12_740:  # as of a digit of MNIST
        assert names == ["0", *["0.01"] * (width_mm > 40), "0.1", "1", "10", "100"]


@pytest.mark.parametrize(
    ("names", "printed"),
    [
        (("species 434", "species 435", "species 7"), None),
        (("horizontal stripes", "b", "c"), {"horizontal st…", "b", "c"}),
        # Wide letters fill the column with fewer: ten are printed all the same.
        (("W" * 20, "b", "c"), {"W" * 9 + "…", "b", "c"}),
    ],
)
def test_names_in_the_key_are_as_long_as_its_column(
    names: tuple[str, ...], printed: set[str] | None
) -> None:
    plain = make_predictions(90, 3)
    record = make_record(Predictions(plain.y_true, plain.y_proba, names, plain.row_ids))
    scores = [one.roc_auc for one in record.evaluation.classes]
    areas = ranked(record.evaluation, record.evaluation.roc, scores)
    assert {area.label for area in areas} == (printed or set(names))


def test_areas_whose_intervals_overlap_have_no_weakest() -> None:
    record = with_areas((0.40, 0.50, 0.60), (0.55, 0.58, 0.65))
    caption = str(curves.caption_roc(record))
    assert (
        "The smallest area under the curve is 0.50 [0.40, 0.60], of class 0" in caption
    )
    assert "their intervals overlap." in caption
    assert "has the smallest" not in caption


def test_an_area_below_every_other_interval_names_the_weakest() -> None:
    record = with_areas((0.40, 0.50, 0.54), (0.55, 0.58, 0.65))
    caption = str(curves.caption_roc(record))
    assert caption.startswith("Class 0 has the smallest area under the curve, 0.50 [")
    assert "; class 1 follows with 0.58" in caption


def test_two_classes_of_one_area_are_not_ranked() -> None:
    record = with_areas((0.40, 0.50, 0.54), (0.40, 0.50, 0.54))
    assert "their intervals overlap." in str(curves.caption_roc(record))


def test_no_class_of_a_perfect_model_is_ranked() -> None:
    record = certain(3)
    for caption in (
        curves.caption_roc(record),
        curves.caption_precision_recall(record),
    ):
        assert str(caption).startswith("Every class is told from the rest without an")


def test_a_model_without_a_corner_is_not_enlarged() -> None:
    rng = np.random.default_rng(0)
    noise = rng.dirichlet(np.ones(3), size=300)
    plain = make_predictions(300, 3)
    record = make_record(
        Predictions(plain.y_true, noise, ("a", "b", "c"), plain.row_ids)
    )
    assert len(curves.draw_precision_recall(record).axes) == 2
    assert "enlarged" not in str(curves.caption_precision_recall(record))


def test_of_many_classes_ten_are_drawn_and_the_caption_says_so() -> None:
    record = make_record(make_predictions(300, 30))
    assert len(curve_lines(curves.draw_precision_recall(record).axes[0])) == 10
    caption = str(curves.caption_precision_recall(record))
    assert "the ten smallest areas among 30 classes" in caption


def test_an_area_under_one_never_reads_one() -> None:
    scores = [one.roc_auc for one in RECORD.evaluation.classes]
    areas = ranked(RECORD.evaluation, RECORD.evaluation.roc, scores)
    for area, row in zip(areas, key_of(areas, "area").rows, strict=True):
        assert (float(row[1].strip(">\xa0")) == 1) == (area.value == 1)


def of_present(present: int, k: int) -> Record:
    """Returns a record of k classes of which that many have rows."""
    some = make_predictions(300, present)
    y_proba = np.pad(some.y_proba, ((0, 0), (0, k - present)))
    names = tuple("abcdefghijklmnopqrstuvwxyz"[:k])
    return make_record(Predictions(some.y_true, y_proba, names, some.row_ids))


def test_ten_curves_of_twelve_classes_are_not_called_the_smallest() -> None:
    record = of_present(10, 12)
    for caption in (curves.caption_roc, curves.caption_precision_recall):
        assert "smallest areas" not in str(caption(record))
        assert "Classes without test images have no curve." in str(caption(record))


def test_the_smallest_areas_are_chosen_among_the_classes_that_have_one() -> None:
    caption = str(curves.caption_roc(of_present(11, 12)))
    assert "Drawn are the ten smallest areas among 11 classes." in caption
    assert "Classes without test images have no curve." in caption
