"""Slices as a figure, a finding and a table, names of strangers among them."""

import dataclasses
from functools import cache

import numpy as np
from numpy.typing import NDArray

from records import make_predictions, make_record, sliced
from reportgen.card import compose
from reportgen.card.slicing import slice_table
from reportgen.figures import slices
from reportgen.predictions import Column, Predictions
from reportgen.record import Record
from reportgen.render import to_html

HOSTILE = "<script>alert(1)</script>"
N = 600


@cache
def record_with(*, planted: bool, columns: int = 2) -> Record:
    """Returns a record in which all errors, or none in particular, share a value."""
    predictions = make_predictions(N, 3)
    wrong = predictions.y_pred != predictions.y_true
    rng = np.random.default_rng(0)
    odd = wrong | (np.arange(N) < 40) if planted else rng.random(N) < 0.3
    known = Column("camera", np.where(odd, HOSTILE, "plain"))
    others = [Column(f"x{i}", rng.normal(size=N)) for i in range(1, columns)]
    record = make_record(predictions)
    evaluation = sliced(record.evaluation, predictions, known, *others)
    return dataclasses.replace(record, evaluation=evaluation)


def with_known(wrong: NDArray[np.bool_], known: Column) -> Record:
    """Returns a record of two classes with those errors, sliced by that column."""
    n = len(wrong)
    y_true = np.arange(n) % 2
    y_proba = np.eye(2)[np.where(wrong, 1 - y_true, y_true)] * 0.8 + 0.1
    ids = np.arange(n).astype(np.str_)
    predictions = Predictions(y_true, y_proba, ("a", "b"), ids)
    record = make_record(predictions)
    evaluation = sliced(record.evaluation, predictions, known)
    return dataclasses.replace(record, evaluation=evaluation)


@cache
def with_one_slice(*, apart: bool) -> Record:
    """Returns a record of a large site and of thirty too small to be looked at."""
    site = ["main"] * 900 + [f"site {row // 10:02}" for row in range(300)]
    # One row in two hundred of the large site is wrong, and one in two, or likewise
    # one in two hundred, of the others.
    wrong = np.r_[
        np.arange(900) % 200 == 0, np.arange(300) % (2 if apart else 200) == 0
    ]
    return with_known(wrong, Column("site", np.array(site)))


@cache
def with_one_apart() -> Record:
    """Returns a record of ten cameras, of which one alone has errors."""
    row = np.arange(600)
    camera = np.array([f"camera {n}" for n in range(10)])[row % 10]
    return with_known((row % 10 == 0) & (row % 40 < 20), Column("camera", camera))


def labels(record: Record) -> list[str]:
    axes = slices.draw_slices(record).axes[0]
    return [label.get_text() for label in axes.get_yticklabels()]


def words(record: Record) -> list[str]:
    return [text.get_text() for text in slices.draw_slices(record).axes[0].texts]


def test_slices_stand_under_the_name_of_their_column() -> None:
    shown = labels(record_with(planted=True))
    assert shown[0] == "camera"
    assert shown[2] == "plain"
    assert shown[3] == "x1"
    assert len(shown) == 3 + 6


def test_what_stands_out_has_a_diamond_and_a_word() -> None:
    record = record_with(planted=True)
    axes = slices.draw_slices(record).axes[0]
    marks = [
        str(line.get_marker()) for line in axes.lines if line.get_marker() != "None"
    ]
    assert marks.count("D") == 2  # where all errors are, and where none is
    assert {"lower", "higher"} <= set(words(record))


def test_within_noise_nothing_is_marked() -> None:
    record = record_with(planted=False)
    assert not {"lower", "higher"} & set(words(record))
    assert str(slices.caption_slices(record)).startswith("None of 7 slices differs")


def test_many_slices_fit_on_a_page() -> None:
    record = record_with(planted=True, columns=30)
    assert len(labels(record)) <= slices.MOST_LINES
    assert "smallest p-values" in str(slices.caption_slices(record))


def test_a_finding_names_the_weakest_slice_and_how_many_were_looked_at() -> None:
    card = compose(record_with(planted=True), (), ())
    (found,) = (str(one.sentence) for one in card.findings if one.section == "slices")
    assert found.startswith("Of 7 slices looked at, 2 differ from the other images")
    assert f"less often where “camera” is “{HOSTILE}”" in found


def test_no_finding_is_made_of_noise() -> None:
    card = compose(record_with(planted=False), (), ())
    assert "slices" not in {one.section for one in card.findings}
    assert card.slices is not None
    assert str(card.slices.verdict).startswith("Of 7 slices looked at, none differs")


def test_the_table_holds_forty_slices_at_most() -> None:
    table = slice_table(record_with(planted=True, columns=30))
    assert table is not None
    assert sum(map(len, table.groups)) == 40
    assert table.chosen is not None


def test_a_hostile_value_is_text_on_the_page() -> None:
    page = to_html(compose(record_with(planted=True), (), ()))
    assert HOSTILE not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_without_columns_the_section_is_left_out_with_its_reason() -> None:
    record = record_with(planted=True)
    evaluation = dataclasses.replace(record.evaluation, slices=None)
    card = compose(dataclasses.replace(record, evaluation=evaluation), (), ())
    (absent,) = (one for one in card.absent if one.key == "slices")
    assert absent.reason == "Nothing is known of the test images to group them by."


def test_the_accuracy_over_all_is_on_the_axis_where_every_slice_lies_above_it() -> None:
    # 895 and 150 of 1,200 rows are right: less than any share in the large site.
    axes = slices.draw_slices(with_one_slice(apart=True)).axes[0]
    (overall,) = (line for line in axes.lines if line.get_linestyle() == "--")
    (value, _) = np.asarray(overall.get_xdata()).tolist()
    low, high = axes.get_xlim()
    assert value == (895 + 150) / 1200
    assert low < value < high


def test_one_slice_that_differs_is_no_plural() -> None:
    record = with_one_slice(apart=True)
    table = slice_table(record)
    assert table is not None
    assert str(table.verdict).startswith("The one slice looked at differs from the")
    caption = str(slices.caption_slices(record))
    assert "marks the one slice, which differs from the other images" in caption
    assert "the one slice as a point" in str(slices.alt_slices(record))


def test_one_slice_within_noise_is_no_plural() -> None:
    caption = str(slices.caption_slices(with_one_slice(apart=False)))
    assert caption.startswith("The one slice does not differ from the other images")


def test_one_of_many_slices_is_marked_by_one_diamond() -> None:
    caption = str(slices.caption_slices(with_one_apart()))
    assert caption.startswith(
        "A diamond, with a word beside it, marks the one of 10 slices that differs"
    )


def test_the_p_value_of_one_slice_is_not_adjusted_over_others() -> None:
    page = to_html(compose(with_one_slice(apart=True), (), ()))
    assert "Fisher's exact test." in page
    assert "of all 1 slices" not in page
