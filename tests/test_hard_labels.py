"""Labels alone: what rests on probabilities is left out, with its reason."""

import dataclasses
import re

import numpy as np
import pytest

from records import (
    make_handed_record,
    make_hard,
    make_images,
    make_predictions,
    make_record,
    make_validation,
)
from reportgen.card import Card, compose
from reportgen.evaluation import HARD_VALIDATION, evaluate
from reportgen.figures import draw_pictures
from reportgen.figures.galleries import draw_correct_gallery
from reportgen.pipeline.comparing import compare_evaluations
from reportgen.record import (
    LABELS_ALONE,
    WITHOUT_PROBABILITIES,
    Evaluation,
    Record,
    from_json,
    to_json,
)
from reportgen.render import to_html, to_markdown

OF_PROBABILITIES = {
    "roc_auc_ovr",
    "log_loss",
    "top_3_accuracy",
    "brier_score",
    "average_precision_macro",
    "ece",
}


def hard_record() -> Record:
    """Returns a record of labels alone, without images."""
    predictions = make_hard(200, 4)
    return make_handed_record(predictions, evaluation=evaluate(predictions))


@pytest.fixture(scope="module")
def found() -> Evaluation:
    return evaluate(make_hard(200, 4))


@pytest.fixture(scope="module")
def card() -> Card:
    record = hard_record()
    return compose(record, *draw_pictures(record))


@pytest.fixture(scope="module")
def page(card: Card) -> str:
    return re.sub(r"<style>.*?</style>", "", to_html(card), flags=re.DOTALL)


def test_every_score_of_probabilities_is_undefined_with_its_reason(
    found: Evaluation,
) -> None:
    undefined = {s.key: s.reason for s in found.scores if s.estimate is None}
    assert undefined == dict.fromkeys(OF_PROBABILITIES, LABELS_ALONE)
    for one in found.classes:
        assert one.roc_auc.reason == one.average_precision.reason == LABELS_ALONE


def test_what_labels_tell_is_as_with_probabilities(found: Evaluation) -> None:
    soft = evaluate(make_predictions(200, 4))
    for score in found.scores:
        if score.key not in OF_PROBABILITIES:
            assert score == soft.score(score.key)
    assert found.confusion_matrix == soft.confusion_matrix
    assert found.homogeneity == soft.homogeneity
    assert found.confused_pairs == soft.confused_pairs
    assert found.resolution == soft.resolution


def test_nothing_is_drawn_ranked_or_binned(found: Evaluation) -> None:
    assert found.hard
    assert found.roc == found.precision_recall == ()
    assert found.calibration is None
    assert found.confidence_histogram is None
    assert found.deciding is None
    assert found.suspects is None
    assert found.notes == ()  # neither clipped rows nor too few of them


def test_the_galleries_are_the_first_rows_without_probabilities() -> None:
    predictions = make_hard(200, 4)
    found = evaluate(predictions)
    right = np.flatnonzero(predictions.y_pred == predictions.y_true)
    gallery = found.correct_gallery
    assert gallery.threshold is None
    assert gallery.total == len(right) == found.correct
    assert [one.row_id for one in gallery.examples] == predictions.row_ids[
        right[:25]
    ].tolist()
    assert {one.probability for one in gallery.examples} == {None}


def test_a_hard_validation_part_is_no_ground_for_a_temperature() -> None:
    drawn = make_predictions(200, 4)
    found = evaluate(drawn, validation=make_hard(200, 4, seed=1))
    assert found.calibration is not None
    assert found.calibration.temperature_reason == HARD_VALIDATION


def test_a_validation_part_changes_nothing_of_labels_alone() -> None:
    hard = make_hard(200, 4)
    assert evaluate(hard, validation=make_validation(hard)) == evaluate(hard)


def test_the_sections_that_it_costs_are_named_with_the_true_reason(card: Card) -> None:
    reasons = {one.key: one.reason for one in card.absent}
    for key in ("curves", "calibration", "deciding"):
        assert reasons[key] == WITHOUT_PROBABILITIES
    figures = {one.key: one.reason for one in card.omissions}
    for key in ("roc", "precision_recall", "calibration", "risk_coverage"):
        assert figures[key] == WITHOUT_PROBABILITIES
    assert figures["suspects_gallery"] == WITHOUT_PROBABILITIES


def test_page_one_leads_with_what_labels_tell(card: Card) -> None:
    assert [tile.key for tile in card.tiles] == [
        "accuracy",
        "f1_macro",
        "balanced_accuracy",
        "precision_macro",
        "cohen_kappa",
        "matthews_corrcoef",
    ]
    assert all(tile.quantity for tile in card.tiles)
    said = " ".join(str(one.sentence) for one in card.findings)
    assert "Labels alone were handed over" in said


def test_the_page_prints_no_probability_of_a_row(page: str) -> None:
    assert "Probability" not in page
    assert "Labels alone do not tell which of them it is sure of." in page
    assert "too few test rows" not in page


def test_the_model_card_says_so_too(card: Card) -> None:
    text = to_markdown(card)
    assert "Labels and predicted labels, without probabilities," in text
    assert "log_loss" not in text.split("\n# ")[0]


def test_galleries_of_images_name_class_and_row_alone() -> None:
    predictions = make_hard(200, 4)
    found = evaluate(predictions, images=make_images(200))
    record = make_record(predictions, evaluation=found)
    first = found.correct_gallery.examples[0]
    words = [text.get_text() for text in draw_correct_gallery(record).axes[0].texts]
    assert words[:2] == [f"{first.true} → {first.true}", first.row_id]
    captions = [str(p.caption) for p in draw_pictures(record)[0]]
    assert not any("probability" in caption for caption in captions)
    assert not any("surest" in caption for caption in captions)


def test_the_record_comes_back_whole_and_is_computed_again() -> None:
    record = hard_record()
    assert from_json(to_json(record)) == record
    again = dataclasses.replace(record, evaluation=evaluate(make_hard(200, 4)))
    found = compare_evaluations(record, again)
    assert not any(compared.differences for compared in found.values())


def test_a_probability_among_labels_alone_is_refused(found: Evaluation) -> None:
    soft = evaluate(make_predictions(200, 4))
    with pytest.raises(ValueError, match="none where labels alone were predicted"):
        dataclasses.replace(found, correct_gallery=soft.correct_gallery)
    with pytest.raises(ValueError, match="there must be no curve"):
        dataclasses.replace(found, roc=soft.roc)
    with pytest.raises(ValueError, match="suspects must be None just where"):
        dataclasses.replace(found, suspects=soft.suspects)


def test_one_probability_of_two_is_refused(found: Evaluation) -> None:
    example = found.correct_gallery.examples[0]
    with pytest.raises(ValueError, match="both probabilities or none"):
        dataclasses.replace(example, probability=0.5)
