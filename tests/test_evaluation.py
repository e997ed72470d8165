"""Edge cases of evaluation: what is undefined is said, never 0 and never NaN."""

import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from records import make_images, make_predictions, make_record, suspects_of
from reportgen.evaluation import GALLERY, evaluate
from reportgen.predictions import Predictions
from reportgen.record import Evaluation, Sampling, to_json


def one_sided(k: int = 3) -> Predictions:
    """Returns 40 rows of class 0 only, half of them read as class 1."""
    proba = np.tile([0.6, 0.3, 0.1], (40, 1))
    proba[:20] = [0.3, 0.6, 0.1]
    ids = np.arange(40).astype(np.str_)
    return Predictions(np.zeros(40, int), proba, tuple("abc"[:k]), ids)


def reason(evaluation: Evaluation, key: str) -> str | None:
    return evaluation.score(key).reason


def test_one_class_leaves_accuracy_and_log_loss_standing() -> None:
    found = evaluate(one_sided())
    assert found.score("accuracy").estimate is not None
    assert found.score("log_loss").estimate is not None
    for key in ("roc_auc_ovr", "cohen_kappa", "matthews_corrcoef"):
        assert reason(found, key) == "y_true holds one class only"
    assert found.roc == ()


def test_an_absent_class_is_named_and_left_out_of_means() -> None:
    found = evaluate(one_sided())
    absent = found.classes[2]
    assert absent.recall.reason == absent.f1.reason == "0 rows"
    assert absent.precision.reason == "never predicted"
    assert absent.roc_auc.reason == "0 rows of this class"
    assert found.score("recall_macro").note == "over 1 of 3 classes"
    assert any("2 of 3 classes have no rows" in note for note in found.notes)


def test_one_absent_class_is_one() -> None:
    rows = Predictions(
        np.array([0, 1, 0, 1]),
        np.eye(3)[[0, 1, 1, 1]],
        ("a", "b", "c"),
        np.array(["r0", "r1", "r2", "r3"]),
    )
    assert any("1 of 3 classes has no rows" in note for note in evaluate(rows).notes)


def test_three_classes_leave_top_three_out() -> None:
    found = evaluate(make_predictions(60, 3))
    assert reason(found, "top_3_accuracy") == "3 classes make it 1 by definition"


def test_a_perfect_model_has_an_empty_gallery_of_errors() -> None:
    y_true = np.arange(40) % 4
    ids = np.arange(40).astype(np.str_)
    found = evaluate(Predictions(y_true, np.eye(4)[y_true], tuple("abcd"), ids))
    assert found.errors == 0
    assert found.misclassified_gallery.examples == ()
    assert found.confused_pairs == ()
    accuracy = found.score("accuracy").estimate
    assert accuracy is not None
    # Wilson at 40/40: 40 / (40 + z²).
    assert accuracy.low == pytest.approx(40 / (40 + 1.959963984540054**2))
    assert accuracy.high == 1


def test_impossible_probabilities_are_clipped_and_counted() -> None:
    y_true = np.array([0, 1] * 20)
    proba = np.tile([1.0, 0.0], (40, 1))
    ids = np.arange(40).astype(np.str_)
    found = evaluate(Predictions(y_true, proba, ("a", "b"), ids))
    log_loss = found.score("log_loss")
    assert log_loss.note == "20 rows clipped at 1e-15"
    assert log_loss.estimate is not None
    assert log_loss.estimate.value == pytest.approx(-np.log(1e-15) / 2)
    assert any(note.startswith("20 rows give their true class") for note in found.notes)


def test_one_clipped_row_is_told_as_one() -> None:
    y_true, proba = np.array([0] * 40), np.tile([1.0, 0.0], (40, 1))
    proba[7] = [0.0, 1.0]
    ids = np.arange(40).astype(np.str_)
    found = evaluate(Predictions(y_true, proba, ("a", "b"), ids))
    told = (
        "1 row gives its true class less than 1e-15; the log loss counts it at 1e-15."
    )
    assert told in found.notes
    assert found.score("log_loss").note == "1 row clipped at 1e-15"


def test_under_thirty_rows_nothing_is_binned() -> None:
    found = evaluate(make_predictions(29, 4))
    assert found.calibration is None
    assert found.deciding is None
    assert found.confidence_histogram is None
    assert any("fewer than 30 rows" in note for note in found.notes)


def test_one_row_has_numbers_without_intervals() -> None:
    p = Predictions(np.array([0]), np.array([[0.7, 0.3]]), ("a", "b"), np.array(["r"]))
    accuracy = evaluate(p).score("accuracy").estimate
    assert accuracy is not None
    assert (accuracy.value, accuracy.low, accuracy.high) == (1, None, None)


def test_galleries_hold_the_first_rows_in_file_order() -> None:
    p = make_predictions(600, 10)
    images = make_images(600)
    found = evaluate(p, images=images)
    wrong = np.flatnonzero(p.y_pred != p.y_true)
    ids = [example.row_id for example in found.misclassified_gallery.examples]
    assert ids == p.row_ids[wrong[:GALLERY]].tolist()
    assert found.misclassified_gallery.total == len(wrong) == found.errors
    pixels = found.misclassified_gallery.examples[0].pixels
    assert pixels is not None
    assert pixels.data == images[wrong[0]].tobytes()


def test_the_gallery_of_right_rows_is_sure() -> None:
    found = evaluate(make_predictions(600, 10)).correct_gallery
    assert found.threshold == 0.9
    assert all((example.probability or 0) >= 0.9 for example in found.examples)
    assert all(example.true == example.predicted for example in found.examples)


def without_pixels(value: Any) -> Any:
    """Returns the document with every image taken out."""
    if isinstance(value, dict):
        return {k: without_pixels(v) for k, v in value.items() if k != "pixels"}
    if isinstance(value, list):
        return [without_pixels(item) for item in value]
    return value


def test_without_images_all_but_the_pixels_is_the_same() -> None:
    predictions, validation = make_predictions(200, 4), make_predictions(200, 4, seed=1)
    shown = evaluate(predictions, images=make_images(200), validation=validation)
    handed = evaluate(predictions, validation=validation)
    first, second = (
        json.loads(to_json(make_record(evaluation=found)))["evaluation"]
        for found in (shown, handed)
    )
    assert first != second
    assert without_pixels(first) == without_pixels(second)


def test_images_must_pair_with_rows() -> None:
    with pytest.raises(ValueError, match="one image a row, 40"):
        evaluate(make_predictions(40, 4), images=make_images(39))


def test_a_validation_part_of_other_classes_is_refused() -> None:
    with pytest.raises(ValueError, match="validation must have the classes"):
        evaluate(make_predictions(40, 4), validation=make_predictions(40, 5))


def test_without_a_validation_part_the_reason_is_told() -> None:
    found = evaluate(make_predictions(40, 4), unvalidated="It was not kept.")
    assert found.calibration is not None
    assert found.deciding is not None
    assert found.calibration.temperature is None
    assert found.calibration.temperature_reason == "It was not kept."
    assert found.deciding.certificates_reason == "It was not kept."


def test_suspects_are_counted_as_right_where_their_labels_are_doubted() -> None:
    found = evaluate(make_predictions(600, 10))
    suspected = (
        suspects_of(found).accuracy_if_mislabelled.value * found.n - found.correct
    )
    assert suspected == pytest.approx(suspects_of(found).gallery.total)
    assert 0 < suspects_of(found).gallery.total <= found.errors


def test_the_same_seed_gives_the_same_evaluation_and_another_does_not() -> None:
    p = make_predictions(200, 4)
    first, again, other = (evaluate(p, sampling=Sampling(seed=s)) for s in (1, 1, 2))
    assert first == again
    assert first.score("ece") != other.score("ece")
    assert first.score("accuracy") == other.score("accuracy")


@pytest.mark.parametrize(
    ("level", "replicates", "few"),
    [(0.9999, 1000, True), (0.95, 19, True), (0.95, 20, False)],
)
def test_too_few_draws_for_the_level_are_said_so(
    level: float, replicates: int, *, few: bool
) -> None:
    # The least p-value is 1 / (1 + draws): 1/20 of 19 draws is not under 0.05.
    found = evaluate(make_predictions(40, 4), sampling=Sampling(level, replicates))
    assert any("drawn are too few" in note for note in found.notes) == few


def test_permuting_the_classes_changes_nothing_but_their_order() -> None:
    p, order = make_predictions(300, 5), np.array([3, 0, 4, 1, 2])
    names = tuple(p.class_names[c] for c in order)
    moved = Predictions(
        np.argsort(order)[p.y_true], p.y_proba[:, order], names, p.row_ids
    )
    one, other = (evaluate(q, sampling=Sampling(replicates=50)) for q in (p, moved))
    assert {c.name: c.recall for c in other.classes} == {
        c.name: c.recall for c in one.classes
    }
    assert set(other.roc) == set(one.roc)
    assert other.deciding == one.deciding
    assert other.resolution == one.resolution
    assert other.suspects == one.suspects
    assert one.calibration is not None
    assert other.calibration is not None
    assert other.calibration.equal_mass == one.calibration.equal_mass
    assert other.calibration.equal_width == one.calibration.equal_width
    assert other.calibration.classwise.worst == one.calibration.classwise.worst
    assert one.homogeneity is not None
    assert other.homogeneity is not None
    assert other.homogeneity.statistic == pytest.approx(one.homogeneity.statistic)


DIGEST = """
import hashlib, msgspec
from records import make_predictions
from reportgen.evaluation import evaluate
from reportgen.record import Sampling
p = make_predictions(30_000, 3)
found = evaluate(p, validation=p, sampling=Sampling(replicates=2))
print(hashlib.sha256(msgspec.json.encode(found)).hexdigest())
"""


def test_threads_of_the_processor_change_no_byte() -> None:
    digests = {
        subprocess.run(
            [sys.executable, "-c", DIGEST],
            env=os.environ
            | {
                "PYTHONPATH": str(Path(__file__).parent),
                "OPENBLAS_NUM_THREADS": threads,
            },
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for threads in ("1", "2")
    }
    assert len(digests) == 1


def test_no_estimate_is_nan_whatever_the_predictions() -> None:
    # Estimates refuse NaN themselves: making every evaluation is the test.
    for p in (one_sided(), make_predictions(2, 2), make_predictions(31, 30)):
        assert dataclasses.is_dataclass(evaluate(p))
