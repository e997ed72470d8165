"""Sections, findings and what is left out."""

import dataclasses
import re
from typing import Any

import numpy as np
import pytest

from cards import lettered, make_card, make_pictures, with_words
from records import (
    make_handed_record,
    make_predictions,
    make_record,
    suspects_of,
    with_images,
)
from reportgen.card import SECTIONS, Card, compose, findings
from reportgen.figures.confusion_errors import caption_confusion_errors
from reportgen.metrics import METRICS, Metric
from reportgen.metrics.counts import accuracy
from reportgen.predictions import Predictions
from reportgen.record import (
    Calibration,
    Certificate,
    Estimate,
    NoiseFloor,
    Omission,
    Quantity,
    Record,
)
from reportgen.render import template_folder, to_html


def record_of(y_true: list[int], y_pred: list[int], k: int = 2) -> Record:
    """Returns a record in which each prediction is made with a probability of 0.9."""
    y_proba = np.full((len(y_true), k), 0.1 / (k - 1))
    y_proba[np.arange(len(y_true)), y_pred] = 0.9
    names = tuple("ABCDEFGHIJ"[:k])
    ids = np.array([f"test/{row}" for row in range(len(y_true))])
    return make_record(Predictions(np.array(y_true), y_proba, names, ids))


def make_card_of(record: Record) -> Card:
    """Returns a card of that record without pictures."""
    return compose(record, (), ())


def binned(record: Record) -> Calibration:
    """Returns the calibration of a record of enough rows."""
    assert record.evaluation.calibration is not None
    return record.evaluation.calibration


def calibrated(**changes: Any) -> Record:
    """Returns a record with those fields of its calibration replaced."""
    record = make_record()
    calibration = dataclasses.replace(binned(record), **changes)
    evaluation = dataclasses.replace(record.evaluation, calibration=calibration)
    return dataclasses.replace(record, evaluation=evaluation)


def certificate(target: float, reason: str | None = None) -> Certificate:
    """Returns a certificate that accepts nine in ten rows, or none for that reason."""
    coverage = Estimate(0.9, 0.8, 0.95, 0.95, "Wilson", 600)
    risk = Estimate(0.01, 0.0, 0.02, 0.95, "Wilson", 540)
    if reason is not None:
        return Certificate(target, 0.95, 600, None, 0, 0, None, None, None, reason)
    return Certificate(target, 0.95, 600, 2.5, 500, 0, 0.004, coverage, risk, None)


def with_certificates(*made: Certificate, reason: str | None = None) -> Record:
    """Returns a record with those certificates."""
    record = make_record()
    assert record.evaluation.deciding is not None
    deciding = dataclasses.replace(
        record.evaluation.deciding, certificates=made, certificates_reason=reason
    )
    evaluation = dataclasses.replace(record.evaluation, deciding=deciding)
    return dataclasses.replace(record, evaluation=evaluation)


def plain(said: object) -> str:
    """Returns the text with its no-break spaces as plain ones."""
    return str(said).replace("\N{NO-BREAK SPACE}", " ")


def said(record: Record) -> str:
    """Returns all findings in plain text, a line each."""
    return "\n".join(plain(finding.sentence) for finding in findings(record))


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
    assert first == ("It is right on 3 of 4 test images: 75 % [30, 95].")


def test_one_row_is_no_plural() -> None:
    found = str(findings(record_of([0], [1]))[0].sentence)
    assert found.startswith("It is right on 0 of 1 test image: ")


def test_one_degree_of_freedom_is_no_plural() -> None:
    # Two of three classes have rows.
    record = record_of([0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 1, 1], k=3)
    page = plain(re.sub(r"<[^>]*>", "", to_html(make_card_of(record))))
    assert "on 1 degree of freedom;" in page


def test_one_parameter_of_a_model_is_no_plural() -> None:
    record = make_record()
    assert record.model is not None
    model = dataclasses.replace(record.model, parameters=1)
    page = to_html(make_card_of(dataclasses.replace(record, model=model)))
    assert "1</data> parameter." in page


def test_one_image_that_is_all_there_are_is_no_plural() -> None:
    page = to_html(make_card_of(with_images(make_record(), protocol="all", n=1)))
    assert "<p>The one image is a test image: " in page


def test_a_perfect_model_makes_no_errors() -> None:
    # Wilson 95 % of 4 of 4 is [51.01, 100].
    first = said(record_of([0, 1] * 2, [0, 1] * 2)).splitlines()[0]
    assert first.startswith("It makes no errors in 4 test images")
    assert "[51, 100]" in first


def test_a_perfect_model_has_no_confusion_no_weak_class_and_no_suspect() -> None:
    text = said(record_of([0, 1] * 20, [0, 1] * 20))
    assert "confused" not in text
    assert "recall" not in text
    assert "mislabelled" not in text


def test_no_weakest_class_is_named_within_noise() -> None:
    # Recalls 10/10 and 9/10 in twenty rows: a single error tells no class apart.
    text = said(record_of([0] * 10 + [1] * 10, [0] * 11 + [1] * 9, k=3))
    assert "no class can be called the weakest" in text
    assert "class “B”" not in text


def test_a_weakest_class_is_named_where_recalls_differ_beyond_chance() -> None:
    # Recalls 90/90 and 1/10: nine of nine errors fall on a tenth of the rows.
    text = said(record_of([0] * 90 + [1] * 10, [0] * 99 + [1], k=3))
    assert "The lowest recall is that of class “B”" in text
    assert "than chance would bring (p < 0.001)" in text


def test_classes_of_equal_lowest_recall_are_not_ranked() -> None:
    # Recalls 80/80, 1/10 and 1/10.
    y_true = [0] * 80 + [1] * 10 + [2] * 10
    y_pred = [0] * 80 + [0] * 9 + [1] + [0] * 9 + [2]
    text = said(record_of(y_true, y_pred, k=3))
    assert "Class “B” shares the lowest recall with others: " in text


def test_a_table_of_classes_begins_with_the_weakest() -> None:
    # Recalls of A, B and C: 4/4, 2/4 and 2/4; D has no rows and stands last.
    y_true = [0] * 4 + [1] * 4 + [2] * 4
    y_pred = [0] * 4 + [1, 1, 0, 0] + [2, 2, 0, 0]
    rows = make_card_of(record_of(y_true, y_pred, k=4)).classes.groups[0]
    assert [one.name for one in rows] == ["B", "C", "A", "D"]


def test_both_ways_of_the_most_frequent_confusion_are_counted() -> None:
    text = said(record_of([0] * 4 + [1] * 4, [0, 0, 0, 1, 1, 1, 0, 0], k=3))
    assert "The classes confused most are “B” and “A”" in text
    assert "2 of “B” read as “A”, 1 of “A” as “B”" in text


def test_tied_confusions_are_not_ranked() -> None:
    y_true = [0, 0, 0, 1, 1, 1, 2, 2, 2]
    text = said(record_of(y_true, [0, 0, 1, 1, 1, 2, 2, 2, 0], k=3))
    assert "Among the classes confused most" in text


def test_no_direction_is_claimed_of_a_class_without_rows() -> None:
    # Twelve rows of A are read as B, of which there is none to be read as A.
    record = record_of([0] * 40 + [2] * 10, [1] * 12 + [0] * 28 + [2] * 10, k=3)
    assert "no test row is of class “B”, so there is no other way." in said(record)
    assert "the first way is the commoner" not in said(record)
    caption = plain(caption_confusion_errors(record))
    assert "Nothing in the test part is of class B, so it goes no other way" in caption
    assert "by chance" not in caption


def test_a_direction_is_claimed_beyond_chance_only() -> None:
    # Nine errors to none: p = 2 / 2^9 = 0.0039. Two to one: p = 1.
    one_way = said(record_of([0] * 50 + [1] * 50, [0] * 59 + [1] * 41, k=3))
    assert "the first way is the commoner (p = " in (one_way)
    assert "0.0039" in one_way
    both = said(record_of([0] * 4 + [1] * 4, [0, 0, 0, 1, 1, 1, 0, 0], k=3))
    assert "neither way is commoner beyond chance" in both


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.01, 0.03, "It is over-confident: "),
        (-0.03, -0.01, "It is under-confident: "),
        (-0.01, 0.03, "It is neither over- nor under-confident beyond noise: "),
    ],
)
def test_overconfidence_is_claimed_where_its_interval_excludes_zero(
    low: float, high: float, words: str
) -> None:
    gap = Estimate((low + high) / 2, low, high, 0.95, "test", 600)
    assert words in said(calibrated(overconfidence=gap))


@pytest.mark.parametrize(("value", "which"), [(-0.3, "wrong"), (0.3, "right")])
def test_a_gap_without_an_interval_says_why_it_has_none(
    value: float, which: str
) -> None:
    # Only where all are right, below zero, or all are wrong, above it.
    gap = Estimate(value, None, None, None, "none", 600)
    assert (
        f"No prediction is {which}, so no interval tells its over- or under-confidence "
        "from noise: " in said(calibrated(overconfidence=gap))
    )


@pytest.mark.parametrize(
    ("p", "words"), [(0.04, "is more than noise"), (0.06, "cannot be told from noise")]
)
def test_a_calibration_error_is_judged_by_its_noise_floor(p: float, words: str) -> None:
    found = binned(make_record()).equal_mass
    floor = NoiseFloor(0.02, 0.95, p, 200)
    text = said(calibrated(equal_mass=dataclasses.replace(found, noise_floor=floor)))
    assert f"{words} (p = {p:.3f})" in text
    assert "calibrated model stays in 95 % of such test sets, is 2.0 %." in text


def test_an_error_just_below_its_noise_floor_is_not_printed_above_it() -> None:
    found = binned(make_record()).equal_mass
    error = Estimate(0.13398, 0.09, 0.18, 0.95, "basic bootstrap", 60)
    floor = NoiseFloor(0.13412, 0.95, 0.051, 200)  # 13 % with two digits
    judged = dataclasses.replace(found, error=error, noise_floor=floor)
    text = said(calibrated(equal_mass=judged))
    assert "Its calibration error of 13.40 % [9.00, 18.00] cannot be told" in text
    assert "such test sets, is 13.41 %." in text


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (-0.02, -0.01, "lowers the log loss (change \N{MINUS SIGN}0.015"),
        (0.01, 0.02, "raises the log loss (change 0.015"),
        (-0.01, 0.02, "by nothing that these images could show (change 0.005"),
    ],
)
def test_a_temperature_is_praised_where_its_interval_excludes_zero(
    low: float, high: float, words: str
) -> None:
    scaling = binned(make_record()).temperature
    assert scaling is not None
    change = Estimate((low + high) / 2, low, high, 0.95, "test", 600)
    changed = dataclasses.replace(scaling, log_loss_change=change)
    assert words in said(calibrated(temperature=changed))


def test_nothing_is_said_of_a_temperature_that_is_not_there() -> None:
    record = calibrated(temperature=None, temperature_reason="There are no rows.")
    assert "temperature" not in said(record)
    assert "There are no rows." in to_html(make_card_of(record))


def test_a_class_is_called_worst_calibrated_beyond_chance_only() -> None:
    record = make_record()
    classwise = binned(record).classwise
    for p, named in ((0.04, True), (0.06, False)):
        floor = dataclasses.replace(classwise.noise_floor, p_value=p)
        changed = dataclasses.replace(classwise, noise_floor=floor, worst="7")
        card = make_card_of(calibrated(classwise=changed))
        assert ("class “7”" in str(card.verdicts.classwise)) == named


def test_a_tile_names_the_strictest_risk_that_was_certified() -> None:
    record = with_certificates(certificate(0.005), certificate(0.02))
    tile = make_card_of(record).tiles[5]
    assert plain(tile.label) == "Coverage at 0.5 % risk"
    assert plain(tile.quantity) == "90 % [80, 95]"
    assert "at most 0.5 % with 95 % confidence" in plain(tile.notes[0])


def test_a_target_that_could_not_be_certified_is_passed_over() -> None:
    record = with_certificates(certificate(0.001, "Too few rows."), certificate(0.02))
    assert "errors at 2 % or less" in said(record)


def test_a_certificate_that_the_test_part_refutes_says_so() -> None:
    refuted = dataclasses.replace(
        certificate(0.02), risk=Estimate(0.5, 0.4, 0.6, 0.95, "Wilson", 540)
    )
    record = with_certificates(refuted)
    assert ", but 50 % [40, 60] of these are wrong." in said(record)
    notes = make_card_of(record).tiles[5].notes
    assert "not kept on the test part" in map(str, notes)
    assert "of these are wrong" not in said(with_certificates(certificate(0.02)))


def test_a_tile_without_any_certificate_says_why() -> None:
    record = with_certificates(certificate(0.02, "Too few rows."))
    tile = make_card_of(record).tiles[5]
    assert tile.quantity is None
    assert [str(note) for note in tile.notes] == ["Too few rows."]
    assert "not even for a risk of 2 %" in said(record)


def test_certificates_left_out_say_why() -> None:
    record = with_certificates(reason="No validation part was handed over.")
    assert "No threshold is certified." in said(record)
    assert "None was certified. No validation part was handed over." in to_html(
        make_card_of(record)
    )


def test_the_calibration_tile_stands_beside_its_noise_floor() -> None:
    record = make_record()
    floor = binned(record).equal_mass.noise_floor
    notes = make_card_of(record).tiles[4].notes
    assert any(
        part.value == floor.quantile
        for note in notes
        for part in note.parts
        if isinstance(part, Quantity)
    )


def test_six_tiles_head_the_page() -> None:
    assert [tile.key for tile in make_card().tiles] == [
        "accuracy",
        "f1_macro",
        "roc_auc_ovr",
        "log_loss",
        "ece",
        "coverage",
    ]


def test_an_undefined_area_is_said_with_its_reason() -> None:
    record = record_of([0] * 4, [0] * 3 + [1], k=3)
    tile = make_card_of(record).tiles[2]
    assert tile.quantity is None
    assert str(tile.notes[0]) == record.evaluation.score("roc_auc_ovr").reason


def test_suspects_are_suspected_and_no_more() -> None:
    text = said(make_record())
    assert "look mislabelled (suspected, not proven)" in text


@pytest.mark.parametrize(
    ("total", "words"),
    [
        (0, "Of 1 error none looks mislabelled."),
        (1, "Of 1 error 1 looks mislabelled (suspected"),
    ],
)
def test_a_single_error_is_no_plural(total: int, words: str) -> None:
    record = record_of([0, 0, 1, 1], [0, 0, 1, 0])
    suspects = suspects_of(record.evaluation)
    gallery = dataclasses.replace(suspects.gallery, examples=(), total=total)
    suspects = dataclasses.replace(suspects, gallery=gallery)
    evaluation = dataclasses.replace(record.evaluation, suspects=suspects)
    assert words in said(dataclasses.replace(record, evaluation=evaluation))


@pytest.mark.parametrize("errors", [1, 4, 5])
def test_a_few_suspects_speak_for_nothing(errors: int) -> None:
    record = record_of([0] * 10, [1] * errors + [0] * (10 - errors))
    suspects = suspects_of(record.evaluation)
    gallery = dataclasses.replace(suspects.gallery, examples=(), total=errors)
    suspects = dataclasses.replace(suspects, gallery=gallery)
    evaluation = dataclasses.replace(record.evaluation, suspects=suspects)
    text = said(dataclasses.replace(record, evaluation=evaluation))
    assert ("speak against its confidence" in text) == (errors == 5)


@pytest.mark.parametrize(
    ("n", "wrong", "words"),
    [
        (100, 30, "about as often wrong as this one that share half of their errors."),
        (100, 90, "as often wrong as this one that are right on no row in common."),
        (
            100,
            2,
            "even where every row that tells two models apart speaks for the same",
        ),
        (
            100,
            100,
            "even where every row that tells two models apart speaks for the same",
        ),
        (4, 1, "This test set is too small to tell how great a difference"),
    ],
)
def test_it_is_said_which_difference_the_rows_could_show(
    n: int, wrong: int, words: str
) -> None:
    record = record_of([0] * n, [1] * wrong + [0] * (n - wrong))
    assert words in said(record)


def test_every_method_of_an_interval_is_explained() -> None:
    # Ten classes with errors, and three without one, whose areas lie at their bound.
    perfect = record_of([0, 1, 2] * 10, [0, 1, 2] * 10, k=3)
    for record in (make_record(), perfect):
        explained = {method.name for method in make_card_of(record).methods}
        named = {
            score.estimate.method
            for one in record.evaluation.classes
            for score in (one.recall, one.f1, one.roc_auc, one.average_precision)
            if score.estimate is not None
        } | {
            score.estimate.method
            for score in record.evaluation.scores
            if score.estimate is not None
        }
        assert explained == named - {"none"}


def test_predictions_are_counted_where_ties_accept_more_than_asked() -> None:
    # Every probability is 0.9: all forty rows tie and are accepted together.
    text = said(record_of([0, 1] * 20, [0, 1] * 19 + [0, 0]))
    assert "Of the 40 predictions that it is surest of, among 40, " in text


def test_findings_are_few_enough_for_one_page() -> None:
    assert 5 <= len(findings(make_record())) <= 9


def test_no_finding_holds_a_digit_of_its_own() -> None:
    for finding in findings(lettered(make_record())):
        words = [part for part in finding.sentence.parts if isinstance(part, str)]
        assert not any(character.isdigit() for character in "".join(words))


def test_an_official_split_is_comparable() -> None:
    record = make_record()
    assert "not comparable" in said(record)
    assert "not comparable" not in said(with_images(record, protocol="official"))


def test_a_dataset_without_an_official_split_has_none_to_differ_from() -> None:
    record = with_images(make_record(), published_split=False)
    assert "not comparable" not in said(record)


def test_handed_over_predictions_are_said_to_be_without_their_model() -> None:
    card = make_card_of(make_handed_record())
    assert {"model", "training"} == {omission.key for omission in card.absent}
    assert {one.reason for one in card.absent} == {
        "The predictions were handed over without their model."
    }
    last = card.findings[-1]
    assert "fitted on any of the test or validation rows is not known" in plain(
        last.sentence
    )
    assert last.section == "data"


def test_handed_over_predictions_state_their_file_and_their_rows() -> None:
    assert [plain(fact) for fact in make_card_of(make_handed_record()).facts] == [
        "Predictions in scores.npz",
        "600 test rows",
        "600 validation rows",
        "10 classes",
    ]


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


def test_few_rows_leave_out_calibration_and_deciding() -> None:
    card = make_card(make_record(make_predictions(20)))
    assert not {"calibration", "deciding"} & {section.key for section in card.sections}
    assert str(card.tiles[5].notes[0]) == "too few test images"


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
    assert [len(row) for row in make_card().rows("classes")] == [1, 1, 1]


def test_a_picture_can_stand_apart_from_the_others() -> None:
    card = make_card()
    apart = card.rows("errors", only=("suspects_gallery",))
    others = card.rows("errors", but=("suspects_gallery",))
    assert [[picture.key for picture in row] for row in apart] == [["suspects_gallery"]]
    assert len(others) == 2


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


def test_why_a_score_is_undefined_begins_as_a_sentence() -> None:
    # No row is of the third class, and none is read as it.
    record = record_of([0] * 30 + [1] * 30, [0] * 29 + [1] * 31, k=3)
    classes = compose(record, (), ()).classes
    assert classes is not None
    said = [plain(reason) for reason in classes.undefined]
    assert len(said) >= 3
    assert all(reason[0].isupper() for reason in said)
