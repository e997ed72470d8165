"""The binary view on the pages: one class is looked for, and nothing stands twice."""

import dataclasses
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpy.typing import NDArray

from cards import lettered, make_pictures
from contests import make_comparison
from pairs import make_pair
from processes import Done, reportgen
from records import make_hard, make_predictions, make_record, make_validation
from reportgen.card import Card, compose
from reportgen.card.verdicts import calibration_error_said
from reportgen.evaluation import evaluate
from reportgen.pipeline.comparing import compare_evaluations
from reportgen.predictions import Predictions, write_predictions
from reportgen.record import Outcomes, Record, from_json, quantity, to_json
from reportgen.render import to_html, to_markdown

if TYPE_CHECKING:
    from reportgen.record.wording import Kind

NAMES = ("clean & <b>fine</b>", "fraud")
DRAWN = make_predictions(400, 2)


def card_of(record: Record) -> Card:
    return compose(record, (), ())


@pytest.fixture(scope="module")
def card() -> Card:
    record = lettered(make_record(DRAWN), NAMES)
    return compose(record, make_pictures(record), ())


@pytest.fixture(scope="module")
def page(card: Card) -> str:
    return to_html(card)


def section(page: str, key: str) -> str:
    start = page.index(f'<section id="section-{key}"')
    return page[start : page.index("</section>", start)]


def words(html: str) -> str:
    """Returns the text of a part of a page."""
    return " ".join(re.sub(r"<[^>]*>", "", html).replace("\xa0", " ").split())


def test_page_one_leads_with_sensitivity_and_specificity(card: Card) -> None:
    keys = [tile.key for tile in card.tiles]
    assert keys[:4] == ["accuracy", "sensitivity", "specificity", "roc_auc"]
    assert card.tiles[3].notes == ()


def test_the_tiles_of_page_one_say_what_changed() -> None:
    pair = make_pair(200, 2, edge=0.5)
    comparison = make_comparison(pair)
    record = dataclasses.replace(make_record(pair.candidate), comparison=comparison)
    assert comparison.paired is not None
    negative, positive = comparison.paired.classes
    accuracy = comparison.differences[0]
    changes = (accuracy, positive.recall, negative.recall, positive.roc_auc)
    for tile, change in zip(card_of(record).tiles, changes, strict=False):
        assert change.estimate is not None
        kind: Kind = "points" if change.unit == "share" else "number"
        assert str(tile.notes[-1]) == f"change {quantity(change.estimate, kind)}"


def test_the_findings_are_of_one_class_looked_for(card: Card) -> None:
    said = " ".join(str(one.sentence) for one in card.findings)
    assert "“fraud”, the positive class, is 200 of 400 test images" in said
    assert "(sensitivity)" in said
    assert "(positive predictive value)" in said
    assert "(false negatives)" in said
    assert "weakest" not in said
    assert "confused most" not in said


def common_said_of(y_true: NDArray[np.int64]) -> str:
    """Returns what is said of how common the positive class is among such labels."""
    p = np.where(y_true == 1, 0.9, 0.2)
    row_ids = np.arange(len(y_true)).astype(np.str_)
    rows = Predictions(y_true, np.c_[1 - p, p], NAMES, row_ids)
    found = compose(make_record(rows), (), ()).two_classes
    assert found is not None
    return str(found.common)


def test_what_no_model_reaches_is_said_of_a_rare_class() -> None:
    # Three of a hundred rows are positive: calling all of them negative is right on 97.
    y_true = np.r_[np.zeros(97, int), np.ones(3, int)]
    said = common_said_of(y_true)
    assert f"calling every one “{NAMES[0]}” would be right on 97.0" in said


def test_of_a_common_class_its_share_is_said_once() -> None:
    # Ninety-seven of a hundred are positive, which calling every one positive is.
    y_true = np.r_[np.zeros(3, int), np.ones(97, int)]
    said = common_said_of(y_true)
    assert f"calling every one “{NAMES[1]}” would be right on as many." in said


def test_of_one_row_the_positive_class_is_one_of_one_row() -> None:
    assert "is 1 of 1 test image, " in common_said_of(np.ones(1, int))


@pytest.mark.parametrize(
    ("missed", "alarms", "begins"),
    [
        (1, 0, "The one error is “b” that it misses (a false negative); "),
        (0, 1, "The one error is “a” that it takes for “b” (a false positive); "),
        (1, 2, "Of 3 errors 1 is “b” that it misses (false negatives) and 2 “a”"),
        (2, 1, "Of 3 errors 2 are “b” that it misses (false negatives) and 1 “a”"),
    ],
)
def test_one_error_of_a_kind_is_no_plural(
    missed: int, alarms: int, begins: str
) -> None:
    y_true = np.arange(60) % 2
    wrong = np.r_[np.flatnonzero(y_true)[:missed], np.flatnonzero(y_true == 0)[:alarms]]
    y_pred = y_true.copy()
    y_pred[wrong] = 1 - y_true[wrong]
    ids = np.arange(60).astype(np.str_)
    rows = Predictions(y_true, np.eye(2)[y_pred] * 0.8 + 0.1, ("a", "b"), ids)
    found = compose(make_record(rows), (), ()).two_classes
    assert found is not None
    assert str(found.wrong).startswith(begins)


def test_errors_that_cancel_over_two_classes_are_told() -> None:
    # Stated 80 % of either class: kept by nine in ten of the one, seven in ten of the
    # other, hence by eight in ten of both, as stated.
    y_true = np.tile(np.r_[np.ones(9, int), 0, np.zeros(7, int), np.ones(3, int)], 50)
    p = np.tile(np.r_[np.full(10, 0.8), np.full(10, 0.2)], 50)
    ids = np.arange(1000).astype(np.str_)
    record = make_record(Predictions(y_true, np.c_[1 - p, p], NAMES, ids))
    calibration = record.evaluation.calibration
    assert calibration is not None
    said = str(calibration_error_said(record.evaluation, calibration))
    assert "cannot be told from noise" in said
    assert f"of “{NAMES[1]}” alone, 10.00\xa0%, is more than noise (p" in said
    assert said.endswith(", even as the second of two tests.")


@pytest.mark.parametrize(("p", "named"), [(0.024, True), (0.026, False)])
def test_a_second_test_has_half_of_what_is_left_to_chance(
    p: float, *, named: bool
) -> None:
    record = make_record(make_predictions(200, 2))
    evaluation, calibration = record.evaluation, record.evaluation.calibration
    assert evaluation.binary is not None
    assert calibration is not None
    own = evaluation.class_names.index(evaluation.binary.positive)
    classes = list(calibration.classes)
    for place, value in ((own, p), (1 - own, 1.0)):
        noise = dataclasses.replace(classes[place].noise_floor, p_value=value)
        classes[place] = dataclasses.replace(classes[place], noise_floor=noise)
    top = calibration.equal_mass
    noise = dataclasses.replace(top.noise_floor, p_value=0.5)
    calibration = dataclasses.replace(
        calibration,
        classes=tuple(classes),
        equal_mass=dataclasses.replace(top, noise_floor=noise),
    )
    assert ("alone" in str(calibration_error_said(evaluation, calibration))) is named


def test_areas_that_differ_are_not_said_to_be_the_same(page: str) -> None:
    # float32 rounds p to 1 long before it rounds 1 - p to 0.
    rng = np.random.default_rng(0)
    logit = rng.normal(0, 14, 400)
    p = np.stack([1 / (1 + np.exp(logit)), 1 / (1 + np.exp(-logit))], axis=1)
    rows = Predictions.of(
        (logit + rng.normal(0, 14, 400) > 3).astype(np.int64),
        p.astype(np.float32),
        class_names=["no", "yes"],
    )
    apart = to_html(card_of(make_record(rows)))
    same, mean = "both have the same ROC-AUC", "The ROC-AUC is the mean over both"
    assert (same in page, mean in page) == (True, False)
    assert (same in apart, mean in apart) == (False, True)


def test_no_class_alone_is_named_where_its_error_is_noise(card: Card) -> None:
    found = card.verdicts.calibration_error
    assert found is not None
    assert "alone" not in str(found)


def test_counts_lead_to_images_only_where_there_are_some(page: str) -> None:
    assert ("a linked count leads" in page) is ('id="confusion-images"' in page)
    assert 'aria-label="Confusion matrix as a table"' in section(page, "classes")


def test_no_table_says_a_thing_twice_mirrored(page: str) -> None:
    for label in ("Recall and precision by class", "Areas by class", "Confusions"):
        assert f'aria-label="{label}"' not in page
    assert 'aria-label="Calibration error by class"' not in page
    assert page.count('aria-label="Measures of the positive class"') == 1


def test_the_class_looked_for_is_said_and_why(page: str) -> None:
    text = words(section(page, "classes"))
    said = "is “fraud”, the second in the order of classes; --positive names the other."
    assert said in text


def test_a_hostile_class_name_stays_text(page: str) -> None:
    assert "<b>fine</b>" not in page


def test_the_table_of_thresholds_says_where_they_come_from(page: str) -> None:
    text = words(section(page, "curves"))
    assert "No threshold was chosen on the test part" in text
    assert "chosen on 400 validation images alone" in text
    rows = section(page, "curves").count('<th scope="row" class="number">')
    assert rows == 11 + 2


def test_without_a_validation_part_no_threshold_is_recommended() -> None:
    evaluation = evaluate(DRAWN, unvalidated="There was none.")
    page = to_html(card_of(make_record(DRAWN, evaluation=evaluation)))
    assert "There was none. So none is recommended." in words(section(page, "curves"))


def test_ties_between_threshold_and_prediction_are_told() -> None:
    # Four of forty rows have both classes equally likely: read as the first.
    y_true = np.arange(40) % 2
    p = np.where(np.arange(40) < 4, 0.5, np.where(y_true == 1, 0.8, 0.3))
    rows = Predictions(y_true, np.c_[1 - p, p], ("a", "b"), np.arange(40).astype("U2"))
    found = compose(make_record(rows), (), ()).two_classes
    assert found is not None
    assert str(found.ties).startswith("Both classes are equally likely, or all but,")
    assert compose(make_record(DRAWN), (), ()).two_classes != found


def test_the_model_card_has_the_measures(card: Card) -> None:
    text = to_markdown(card)
    assert "## The positive class" in text
    assert "| Specificity |" in text
    assert "## Classes" not in text


def test_labels_alone_lead_with_what_four_counts_tell() -> None:
    hard = make_hard(200, 2)
    found = card_of(make_record(hard, evaluation=evaluate(hard)))
    assert [tile.key for tile in found.tiles] == [
        "accuracy",
        "sensitivity",
        "specificity",
        "positive_predictive_value",
        "negative_predictive_value",
        "matthews_corrcoef",
    ]
    assert "Average precision" not in words(section(to_html(found), "classes"))


@pytest.mark.parametrize("n", [1, 2, 29])
def test_few_rows_make_a_page(n: int) -> None:
    assert "Positive predictive value" in to_html(
        card_of(make_record(make_predictions(n, 2)))
    )


def test_one_class_only_makes_a_page() -> None:
    p = np.full(40, 0.3)
    rows = Predictions(
        np.zeros(40, int), np.c_[1 - p, p], NAMES, np.arange(40).astype(np.str_)
    )
    record = make_record(rows, evaluation=evaluate(rows))
    assert "0 rows of the positive class" in to_html(card_of(record))


@pytest.mark.parametrize(
    ("label", "measured", "lacking"), [(0, "specificity", "1"), (1, "sensitivity", "0")]
)
def test_nothing_is_claimed_of_a_class_without_rows(
    label: int, measured: str, lacking: str
) -> None:
    # Forty rows of one class, ten of them read as the other.
    y_proba = np.full((40, 2), 0.2)
    y_proba[:, label] = 0.8
    y_proba[:10] = y_proba[:10, ::-1].copy()
    ids = np.array([f"row {row}" for row in range(40)])
    labels = np.full(40, label)
    card = card_of(make_record(Predictions(labels, y_proba, ("0", "1"), ids)))
    found = "\n".join(str(finding.sentence) for finding in card.findings)
    assert "n/a" not in found
    assert f"({measured}); there are none of “{lacking}”" in found
    assert f"without rows of “{lacking}” there is no other kind." in found
    assert "commoner" not in found


def test_the_named_class_is_computed_again_from_the_record() -> None:
    for positive in (None, "0", "1"):
        found = evaluate(DRAWN, validation=make_validation(DRAWN), positive=positive)
        record = from_json(to_json(make_record(DRAWN, evaluation=found)))
        stored = record.evaluation.binary
        assert stored is not None
        again = evaluate(
            DRAWN,
            validation=make_validation(DRAWN),
            positive=stored.positive if stored.named else None,
        )
        same = compare_evaluations(
            record, dataclasses.replace(record, evaluation=again)
        )
        assert not any(one.differences for one in same.values())


def test_outcomes_of_another_matrix_are_refused() -> None:
    found = evaluate(DRAWN)
    assert found.binary is not None
    binary = dataclasses.replace(found.binary, outcomes=Outcomes(1, 2, 3, 4))
    with pytest.raises(ValueError, match="must be those of the confusion matrix"):
        dataclasses.replace(found, binary=binary)
    binary = dataclasses.replace(found.binary, positive="7")
    with pytest.raises(ValueError, match="must be of the classes"):
        dataclasses.replace(found, binary=binary)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns a folder with the predictions of two classes and a run of them."""
    folder = tmp_path_factory.mktemp("two")
    rows = Predictions(DRAWN.y_true, DRAWN.y_proba, ("clean", "fraud"), DRAWN.row_ids)
    write_predictions(rows, folder / "scores.npz")
    return folder


def build(folder: Path, *more: str) -> Done:
    asked = ("build", "--predictions", "scores.npz", "--quiet", *more)
    return reportgen(*asked, folder=folder)


@pytest.mark.slow
def test_a_report_with_a_class_named_is_true(folder: Path) -> None:
    done = build(folder, "--positive", "clean", "--format", "pdf")
    assert done.code == 0, done.stderr
    run = folder / "output" / "scores"
    record = json.loads((run / "record.json").read_bytes())
    assert record["evaluation"]["binary"]["positive"] == "clean"
    report = str(run / "report.pdf")
    verified = reportgen("verify", report, "--quiet", folder=folder)
    assert verified.code == 0, verified.stdout


@pytest.mark.slow
def test_a_class_that_is_none_of_the_two_is_refused(folder: Path) -> None:
    done = build(folder, "--positive", "frud")
    assert done.code == 1
    said = " ".join(done.stderr.replace("│", " ").split())
    assert "must be 'clean' or 'fraud'. Received 'frud'." in said
