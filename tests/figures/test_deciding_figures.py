import dataclasses

import numpy as np
import pytest
from matplotlib.axes import Axes

from records import make_predictions, make_record, suspects_of
from reportgen.figures import deciding, galleries
from reportgen.predictions import Predictions
from reportgen.record import Certificate, Deciding, Estimate, Record, RiskPoint

RECORD = make_record()


def known(record: Record) -> Deciding:
    found = record.evaluation.deciding
    assert found is not None
    return found


def with_deciding(**changes: object) -> Record:
    changed = dataclasses.replace(known(RECORD), **changes)  # type: ignore[arg-type] # Each test hands over fields of their types.
    evaluation = dataclasses.replace(RECORD.evaluation, deciding=changed)
    return dataclasses.replace(RECORD, evaluation=evaluation)


def certificate(target: float, coverage: float) -> Certificate:
    kept = Estimate(coverage, coverage - 0.02, coverage + 0.02, 0.95, "by hand", 600)
    return Certificate(target, 0.95, 600, 1.0, 500, 1, target, kept, kept, None)


def texts(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def test_both_panels_draw_the_curve() -> None:
    found = known(RECORD)
    for axes in deciding.draw_risk_coverage(RECORD).axes:
        line = axes.lines[0]
        assert line.get_xdata() == pytest.approx(found.coverage)
        assert line.get_ydata() == pytest.approx(found.risk)


def test_the_risk_begins_at_zero_in_both_panels() -> None:
    whole, close_up = deciding.draw_risk_coverage(RECORD).axes
    assert whole.get_ylim() == close_up.get_ylim()
    assert whole.get_ylim()[0] == 0


def test_points_stand_where_rows_were_accepted_and_carry_their_risk() -> None:
    found = known(RECORD)
    close_up = deciding.draw_risk_coverage(RECORD).axes[1]
    points = [line for line in close_up.lines if line.get_marker() == "o"]
    drawn = {float(np.asarray(line.get_xdata())[0]) for line in points}
    assert drawn == {one.accepted / 600 for one in found.at} | {1.0}
    for one in found.at:
        assert any(f"{100 * one.risk.value:.1f}" in text for text in texts(close_up))


def test_bars_are_the_intervals() -> None:
    close_up = deciding.draw_risk_coverage(RECORD).axes[1]
    drawn = [bar.get_segments()[0][:, 1].tolist() for bar in close_up.collections]  # type: ignore[attr-defined] # They are line collections.
    expected = [[one.risk.low, one.risk.high] for one in known(RECORD).at]
    assert drawn == expected


def test_certificates_are_listed_and_marked_at_their_coverage() -> None:
    record = with_deciding(
        certificates=(certificate(0.005, 0.4), certificate(0.02, 0.6))
    )
    whole = deciding.draw_risk_coverage(record).axes[0]
    marks = [line for line in whole.lines if line.get_marker() == "^"]
    assert [float(np.asarray(line.get_xdata())[0]) for line in marks] == [0.4, 0.6]
    assert texts(whole)[1:] == [
        "≤ 0.5\xa0%: accept 40.0\xa0%",
        "≤ 2\xa0%: accept 60.0\xa0%",
    ]


def test_the_strictest_certificate_is_told() -> None:
    record = with_deciding(
        certificates=(certificate(0.005, 0.4), certificate(0.02, 0.6))
    )
    caption = str(deciding.caption_risk_coverage(record))
    assert "keeps the error at 0.5\xa0% or less and accepts 40.0\xa0% [38" in caption


def test_without_a_validation_part_the_reason_is_told() -> None:
    record = with_deciding(
        certificates=(), certificates_reason="No validation part was handed over."
    )
    caption = str(deciding.caption_risk_coverage(record))
    assert "No threshold is certified: No validation part was handed over." in caption


def point(errors: int, accepted: int, low: float, high: float) -> RiskPoint:
    risk = Estimate(errors / accepted, low, high, 0.95, "by hand", accepted)
    return RiskPoint(0.95, accepted, errors, risk, 1.0)


def test_a_lower_risk_is_claimed_only_below_the_error_of_all() -> None:
    # 64 errors in 600 rows: 10.7 %.
    surely = with_deciding(at=(point(20, 570, 0.02, 0.06),))
    caption = str(deciding.caption_risk_coverage(surely))
    assert "the surest 570 of 600 images leaves 20 of 64 errors" in caption
    assert "instead of 10.7\xa0% of all" in caption
    perhaps = with_deciding(at=(point(47, 570, 0.06, 0.108),))
    caption = str(deciding.caption_risk_coverage(perhaps))
    assert "which cannot be told from 10.7\xa0% of all" in caption


def test_a_curve_that_begins_with_an_error_is_cut_and_says_so() -> None:
    # The surest row is wrong: risk 1 at 1 of 600, then 1/60 and 64/600.
    record = with_deciding(coverage=(1 / 600, 0.1, 1.0), risk=(1.0, 1 / 60, 64 / 600))
    top = deciding.draw_risk_coverage(record).axes[0].get_ylim()[1]
    assert top < 0.5
    caption = str(deciding.caption_risk_coverage(record))
    assert "the curve reaches 100\xa0%, above the axis" in caption


def test_a_perfect_model_gains_nothing_by_rejecting() -> None:
    y_true = np.arange(90) % 3
    ids = np.array([f"test/{row}" for row in range(90)])
    record = make_record(Predictions(y_true, np.eye(3)[y_true], ("a", "b", "c"), ids))
    caption = str(deciding.caption_risk_coverage(record))
    assert caption.startswith("None of the 90 test images is read wrong")
    close_up = deciding.draw_risk_coverage(record).axes[1]
    assert texts(close_up) == ["0.0\xa0%\nof all"]


def test_few_rows_have_no_risk_to_show() -> None:
    record = make_record(make_predictions(12, 3))
    reason = deciding.no_risk_coverage(record)
    assert reason == "There are too few test images to put into bins."


def test_a_suspect_shows_label_reading_its_labels_probability_and_row() -> None:
    first = suspects_of(RECORD.evaluation).gallery.examples[0]
    axes = galleries.draw_suspects_gallery(RECORD).axes[0]
    verdict, evidence = texts(axes)[:2]
    assert verdict == f"{first.true} → {first.predicted}"
    assert first.true_probability is not None
    assert evidence == f"{100 * first.true_probability:.2f}\xa0% · {first.row_id}"


def test_suspects_are_not_called_errors_of_the_label() -> None:
    suspects = suspects_of(RECORD.evaluation)
    caption = str(galleries.caption_suspects_gallery(RECORD))
    opening = "Suspected of a wrong label, not proven: "
    assert caption.startswith(f"{opening}{suspects.gallery.total} of 64 errors")
    mended = 100 * suspects.accuracy_if_mislabelled.value
    assert f"accuracy would be {mended:.1f}\xa0% [" in caption


def test_without_suspects_there_is_no_gallery() -> None:
    suspects = suspects_of(RECORD.evaluation)
    none = dataclasses.replace(suspects.gallery, examples=(), total=0)
    evaluation = dataclasses.replace(
        RECORD.evaluation, suspects=dataclasses.replace(suspects, gallery=none)
    )
    record = dataclasses.replace(RECORD, evaluation=evaluation)
    reason = galleries.no_suspects(record)
    assert reason == "No test image looks mislabelled, so there is none to show."


def test_suspects_without_images_are_not_drawn() -> None:
    suspects = suspects_of(RECORD.evaluation)
    bare = tuple(
        dataclasses.replace(one, pixels=None) for one in suspects.gallery.examples
    )
    gallery = dataclasses.replace(suspects.gallery, examples=bare)
    evaluation = dataclasses.replace(
        RECORD.evaluation, suspects=dataclasses.replace(suspects, gallery=gallery)
    )
    record = dataclasses.replace(RECORD, evaluation=evaluation)
    assert galleries.no_suspects(record) == (
        "The predictions were handed over without their images."
    )


@pytest.mark.parametrize("coverage", [0.9, None])
def test_one_validation_row_is_no_plural(coverage: float | None) -> None:
    one = dataclasses.replace(certificate(0.01, 0.9), rows=1)
    if coverage is None:
        one = Certificate(0.01, 0.95, 1, None, 0, 0, None, None, None, "too few")
    caption = str(deciding.caption_risk_coverage(with_deciding(certificates=(one,))))
    assert "1 validation image," in caption
