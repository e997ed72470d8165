"""Sections, findings and what is left out."""

import dataclasses

import numpy as np
import pytest

from cards import lettered, make_card, make_pictures, with_words
from records import make_predictions, make_record
from reportgen.card import SECTIONS, compose, findings
from reportgen.metrics import METRICS, Metric
from reportgen.metrics.counts import accuracy
from reportgen.predictions import Predictions
from reportgen.record import Estimate, Omission, Record
from reportgen.render import template_folder, to_html


def record_of(y_true: list[int], y_pred: list[int], k: int = 2) -> Record:
    """Returns a record in which each prediction is made with a probability of 0.9."""
    y_proba = np.full((len(y_true), k), 0.1 / (k - 1))
    y_proba[np.arange(len(y_true)), y_pred] = 0.9
    names = tuple("ABCDEFGHIJ"[:k])
    ids = np.array([f"test/{row}" for row in range(len(y_true))])
    return make_record(Predictions(np.array(y_true), y_proba, names, ids))


def said(record: Record) -> str:
    """Returns all findings in plain text, a line each."""
    return "\n".join(str(finding.sentence) for finding in findings(record))


def test_sections_and_templates_match_one_to_one() -> None:
    files = (template_folder() / "sections").glob("*.html")
    assert sorted(s.key for s in SECTIONS) == sorted(file.stem for file in files)


def test_sections_have_different_keys() -> None:
    assert len({section.key for section in SECTIONS}) == len(SECTIONS)


def test_every_metric_says_what_it_means() -> None:
    assert all(0 < len(metric.meaning) <= 60 for metric in METRICS)


def test_a_new_row_of_metrics_reaches_record_and_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = Metric("errors", "Error share", "what the tests added", "share", accuracy)
    monkeypatch.setattr("reportgen.metrics.METRICS", (*METRICS, row))
    record = make_record()
    assert record.evaluation.score("errors").label == "Error share"
    html = to_html(make_card(record))
    assert "Error share" in html
    assert "what the tests added" in html


def test_the_first_finding_counts_what_is_right() -> None:
    # Three of four: Wilson 95 % is [30.06, 95.44]; its width of 65 points asks for
    # no decimals.
    first = said(record_of([0, 0, 1, 1], [0, 0, 1, 0])).splitlines()[0]
    assert first == (
        "It is right on 3 of 4 test images: accuracy 75\N{NO-BREAK SPACE}% [30, 95]."
    )


def test_a_perfect_model_makes_no_errors() -> None:
    first = said(record_of([0, 1] * 2, [0, 1] * 2)).splitlines()[0]
    assert first.startswith("It makes no errors in 4 test images")


def test_a_perfect_model_has_no_confusion_and_no_weakest_class() -> None:
    text = said(record_of([0, 1] * 20, [0, 1] * 20))
    assert "confusion" not in text
    assert "lowest recall" not in text
    assert "never wrong" in text


def test_a_class_within_noise_is_called_so() -> None:
    # Recalls 10/10 and 9/10: the interval of 9/10 reaches the accuracy of 19/20.
    text = said(record_of([0] * 10 + [1] * 10, [0] * 11 + [1] * 9))
    assert "class “B”" in text
    assert "can be noise" in text


def test_a_class_below_the_accuracy_is_called_so() -> None:
    # Recalls 90/90 and 1/10: the interval of 1/10 ends at 40 %, accuracy is 91 %.
    text = said(record_of([0] * 90 + [1] * 10, [0] * 99 + [1]))
    assert "class “B”; its own interval lies below the accuracy" in text


def test_the_most_frequent_confusion_is_counted() -> None:
    text = said(record_of([0] * 4 + [1] * 4, [0, 0, 0, 1, 1, 1, 0, 0]))
    assert "The most frequent confusion is “B” read as “A”: 2 of the 3 errors" in text


def test_tied_confusions_are_not_ranked() -> None:
    text = said(record_of([0, 0, 1, 1], [0, 1, 1, 0]))
    assert "One of the most frequent confusions" in text


def test_an_undefined_area_is_said_with_its_reason() -> None:
    record = record_of([0] * 4, [0] * 3 + [1])
    reason = record.evaluation.score("roc_auc_ovr").reason
    assert f"is n/a: {reason}." in said(record)


def test_an_official_split_is_comparable() -> None:
    record = make_record()
    dataset = dataclasses.replace(record.dataset, protocol="official")
    assert "not comparable" in said(record)
    assert "not comparable" not in said(dataclasses.replace(record, dataset=dataset))


def test_a_dataset_without_an_official_split_has_none_to_differ_from() -> None:
    record = make_record()
    dataset = dataclasses.replace(record.dataset, published_split=False)
    assert "not comparable" not in said(dataclasses.replace(record, dataset=dataset))


def test_an_unknown_training_is_said_and_its_section_left_out() -> None:
    card = make_card(make_record(training=None))
    assert "training" not in {section.key for section in card.sections}
    assert [omission.key for omission in card.absent] == ["training"]
    assert "How the model was trained is not known, nor whether it has seen" in said(
        card.record
    )


def test_figures_of_a_section_left_out_are_named() -> None:
    card = make_card(make_record(training=None))
    assert "loss_history" in {omission.key for omission in card.omissions}


def test_few_rows_leave_out_the_calibration() -> None:
    card = make_card(make_record(make_predictions(20)))
    assert "calibration" not in {section.key for section in card.sections}


def test_one_class_leaves_no_finding_without_a_section() -> None:
    record = record_of([0] * 40, [0] * 39 + [1])
    card = compose(record, (), ())
    left_out = {omission.key for omission in card.absent}
    assert "curves" in left_out
    assert all(card.title_of(f.section) or f.section in left_out for f in card.findings)


def test_given_omissions_are_kept() -> None:
    omission = Omission("roc", "one class only")
    assert omission in make_card(None, omission).omissions


def test_missing_words_are_listed_and_filled_ones_are_not() -> None:
    record = make_record()
    assert make_card(with_words(record, None)).missing_words == ("Intended use",)
    assert make_card(with_words(record, "Sorting.")).missing_words == ()


def test_narrow_pictures_stand_in_pairs() -> None:
    rows = make_card().rows("data")
    assert [len(row) for row in rows] == [2, 2, 1]


def test_wide_pictures_stand_alone() -> None:
    assert [len(row) for row in make_card().rows("classes")] == [1, 1]


def test_every_picture_stands_in_some_row() -> None:
    card = make_card()
    rows = [row for section in SECTIONS for row in card.rows(section.key)]
    assert sum(len(row) for row in rows) == len(card.pictures)


def test_a_picture_without_a_section_is_refused() -> None:
    record = make_record()
    lost = dataclasses.replace(make_pictures(record)[0], section="nowhere")
    with pytest.raises(ValueError, match="section must be one of"):
        compose(record, (lost,), ())


def test_two_pictures_of_one_key_are_refused() -> None:
    record = make_record()
    picture = make_pictures(record)[0]
    with pytest.raises(ValueError, match="different keys"):
        compose(record, (picture, picture), ())


def test_percentages_of_a_table_share_their_decimals() -> None:
    # 600 rows at nine in ten: the interval is about five points wide, one decimal.
    assert make_card().share_digits == 1


def test_percentages_without_any_interval_have_two_decimals() -> None:
    record = make_record()
    bare = Estimate(0.5, None, None, None, "none", 4)
    scores = tuple(
        dataclasses.replace(score, estimate=bare, reason=None)
        for score in record.evaluation.scores
    )
    evaluation = dataclasses.replace(record.evaluation, scores=scores)
    card = make_card(dataclasses.replace(record, evaluation=evaluation))
    assert card.share_digits == 2
    assert card.level is None


def test_equal_records_have_equal_fingerprints_and_others_not() -> None:
    record = make_record()
    assert make_card(record).fingerprint == make_card(make_record()).fingerprint
    assert make_card(record).fingerprint != make_card(lettered(record)).fingerprint
