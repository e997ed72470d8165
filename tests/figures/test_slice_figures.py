"""Slices as a figure, a finding and a table, names of strangers among them."""

import dataclasses
from functools import cache

import numpy as np

from records import make_predictions, make_record, sliced
from reportgen.card import compose
from reportgen.card.slicing import slice_table
from reportgen.figures import slices
from reportgen.predictions import Column
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
