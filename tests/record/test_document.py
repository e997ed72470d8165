"""record.json: exact, strict, and described by its schema."""

import dataclasses
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from records import (
    images_of,
    make_handed_record,
    make_model_summary,
    make_predictions,
    make_record,
    make_training,
)
from reportgen.errors import RecordError
from reportgen.metrics import METRICS
from reportgen.record import (
    SCHEMA_VERSION,
    SCORE_KEYS,
    ConfidenceHistogram,
    ConfusionMatrix,
    Division,
    Handed,
    HandedFile,
    HandedImages,
    History,
    IntervalCheck,
    Record,
    from_json,
    to_json,
    to_schema,
)


@pytest.mark.parametrize(("n", "k"), [(600, 10), (29, 2), (1, 2)])
def test_a_record_comes_back_from_json_exactly(n: int, k: int) -> None:
    record = make_record(make_predictions(n, k))
    assert from_json(to_json(record)) == record


def test_json_of_a_record_is_the_same_after_a_round() -> None:
    content = to_json(make_record())
    assert to_json(from_json(content)) == content


def test_a_record_validates_against_its_own_schema() -> None:
    schema = to_schema()
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(json.loads(to_json(make_record())))


def test_the_schema_refuses_a_record_without_evaluation() -> None:
    document = json.loads(to_json(make_record()))
    del document["evaluation"]
    assert not Draft202012Validator(to_schema()).is_valid(document)


def changed(**changes: Any) -> bytes:
    """Returns the JSON of a record with top-level members replaced."""
    return json.dumps(json.loads(to_json(make_record())) | changes).encode()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "must be UTF-8 JSON"),
        (b"\xff", "must be UTF-8 JSON"),
        (b'{"a":' + b"[" * 9999, "must be UTF-8 JSON"),
        (b'{"schema_version": "\xff"}', "must be UTF-8 JSON"),
        (b"[]", "Expected `object`, got `array`"),
        (b"{}", "Received None"),
        (changed(schema_version=0), "Received 0"),
        (changed(name=5), r"Expected `str`, got `int` - at `\$\.name`"),
        (changed(model={}), r"at `\$\.model`"),
    ],
)
def test_a_broken_record_is_refused_with_its_place(
    content: bytes, message: str
) -> None:
    with pytest.raises(RecordError, match=message):
        from_json(content)


def test_pixels_that_do_not_fit_their_shape_are_refused() -> None:
    document = json.loads(to_json(make_record()))
    document["dataset"]["images"]["samples"][0]["pixels"]["height"] = 7
    with pytest.raises(RecordError, match=r"need 56 bytes\. Received 64"):
        from_json(json.dumps(document).encode())


def test_an_edited_record_is_refused() -> None:
    content = to_json(make_record()).replace(b'"shapes"', b'"shape"')
    assert from_json(content).name == "shape"
    with pytest.raises(RecordError, match="one that was edited"):
        from_json(content.replace(b'"name": ', b'"name":  ', 1))


def test_an_estimate_with_half_an_interval_is_refused() -> None:
    document = json.loads(to_json(make_record()))
    document["evaluation"]["scores"][0]["estimate"]["low"] = None
    with pytest.raises(RecordError, match="both bounds or none"):
        from_json(json.dumps(document).encode())


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_check_of_an_interval_holds_finite_numbers(number: float) -> None:
    with pytest.raises(ValueError, match="accuracy needs finite numbers"):
        IntervalCheck("accuracy", "Accuracy", "share", number, 0.1, 0.2, 0.3, 10, 0)


def test_the_scores_that_a_record_needs_are_those_that_are_computed() -> None:
    assert set(SCORE_KEYS) <= {metric.key for metric in METRICS}


def put(document: Any, path: str, value: Any) -> None:
    """Sets, or with None removes, what stands at a path such as "timings.stages.0"."""
    *parents, last = (int(p) if p.isdecimal() else p for p in path.split("."))
    for parent in parents:
        document = document[parent]
    if value is None:
        del document[last]
    else:
        document[last] = value


MATRIX = "evaluation.confusion_matrix"
EQUAL_MASS = "evaluation.calibration.equal_mass"


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("evaluation.n", 601, r"must be those of the confusion matrix.*\(601, "),
        ("evaluation.correct", 1, "must be those of the confusion matrix"),
        ("evaluation.errors", 1, "must be those of the confusion matrix"),
        (f"{MATRIX}.counts.0.0", -1, "must not be negative"),
        (f"{MATRIX}.counts.0.9", None, "10 rows of 10 counts"),
        (f"{MATRIX}.counts.0", None, "10 rows of 10 counts"),
        (f"{MATRIX}.class_names.0", "x", "confusion_matrix must have the classes"),
        ("evaluation.class_names.0", "1", "class_names must all differ"),
        ("evaluation.classes.0", None, "classes must have the classes"),
        ("evaluation.calibration.classes.0", None, "calibration must have the classes"),
        ("evaluation.calibration.classes", [], "calibration must have the classes"),
        ("evaluation.roc.0.class_name", "x", "'x' must be one of the classes"),
        ("evaluation.confused_pairs.0.first", "x", "'x' must be one of the classes"),
        (
            "evaluation.correct_gallery.examples.0.predicted",
            "x",
            "'x' must be one of the classes",
        ),
        ("evaluation.scores.0", None, "scores must hold accuracy"),
        ("evaluation.scores.0.key", "ece", "scores must have different keys"),
        ("evaluation.roc.0.x.0", None, "as many ordinates as abscissae"),
        ("evaluation.roc.0.x", [], "as many ordinates as abscissae"),
        (f"{EQUAL_MASS}.bins.0", None, "A reliability must have bins_filled"),
        (f"{EQUAL_MASS}.bins", [], "A reliability must have bins_filled"),
        ("evaluation.calibration.temperature_reason", "x", "or a reason, not both"),
        ("evaluation.deciding.coverage", [], "as many risks as coverages"),
        ("evaluation.deciding.certificates.0.threshold", 1.0, "or a reason, not both"),
        ("evaluation.deciding.at", [], "at one coverage or more"),
        ("evaluation.deciding.certificates", [], "or a reason, not both"),
        ("evaluation.cells.0.examples", [], "must show one row or more"),
        ("evaluation.cells.0.total", 0, "must show one row or more"),
        ("evaluation.confused_pairs", [], "a pair where there are errors"),
        ("evaluation.sampling.seed", -1, "seed must lie in 0 to 4,294,967,295"),
        ("evaluation.sampling.seed", 2**32, "seed must lie in 0 to 4,294,967,295"),
        ("evaluation.sampling.level", 1.5, "level must lie inside 0-1"),
        ("evaluation.sampling.replicates", 0, "replicates be at least 1"),
        ("evaluation.confidence_histogram.wrong.0", None, "one edge more than"),
        ("evaluation.confidence_histogram.edges", [], "one edge more than"),
        ("training.history.accuracy.0", None, "'accuracy': 3"),
        ("timings.created_at", "yesterday", "created_at must be a time.*'yesterday'"),
        ("timings.created_at", "2026-01-02T03:04:05", "without a zone"),
        ("dataset.test.n", 7, "class_counts must add up to n = 7"),
        ("dataset.class_names", [], "at least one class"),
        ("dataset.class_names.0", None, "must have 9 numbers"),
        ("dataset.images.samples.0.label", "x", "sample's label must be one of"),
    ],
)
def test_a_record_that_contradicts_itself_is_refused(
    path: str, value: Any, message: str
) -> None:
    document = json.loads(to_json(make_record()))
    put(document, path, value)
    with pytest.raises(RecordError, match=message):
        from_json(json.dumps(document).encode())


def test_a_record_of_handed_over_predictions_comes_back_as_it_was() -> None:
    record = make_handed_record()
    assert record.model is None
    assert from_json(to_json(record)) == record


def test_a_training_without_a_model_is_refused() -> None:
    with pytest.raises(ValueError, match="without a model must have no training"):
        make_handed_record(training=make_training())


def test_a_division_without_a_model_is_refused() -> None:
    division = Division("Shapes", "a" * 64, "pooled", 42, "c" * 64)
    with pytest.raises(ValueError, match="without a model must have no training"):
        make_handed_record(trained_on=division)


def test_a_model_beside_predictions_that_were_handed_over_is_refused() -> None:
    with pytest.raises(ValueError, match=r"handed over\. Received both"):
        make_handed_record(model=make_model_summary(10))


def test_images_without_a_model_are_refused() -> None:
    with pytest.raises(ValueError, match=r"handed over\. Received neither"):
        make_record(model=None, training=None, trained_on=None)


def test_a_dataset_is_of_images_or_of_files_and_not_of_both() -> None:
    dataset = make_handed_record().dataset
    with pytest.raises(ValueError, match="Received neither"):
        dataclasses.replace(dataset, handed=None)
    with pytest.raises(ValueError, match="Received both"):
        dataclasses.replace(dataset, images=images_of(make_record()))


@pytest.mark.parametrize(("name", "in_memory"), [("images.npz", True), (None, False)])
def test_images_come_from_where_the_predictions_come_from(
    name: str | None, *, in_memory: bool
) -> None:
    file = HandedFile("scores.npz", "e" * 64)
    images = HandedImages(name, in_files=False, contents_sha256="d" * 64)
    assert Handed(file, None, not in_memory, images).images == images
    with pytest.raises(ValueError, match="from where the predictions come from"):
        Handed(file, None, in_memory, images)


def test_a_row_is_an_image_only_where_there_are_images() -> None:
    assert (make_record().noun, make_handed_record().noun) == ("image", "row")


def test_only_known_parts_are_listed() -> None:
    def named(record: Record) -> list[str]:
        return [name for name, _ in record.dataset.parts]

    assert named(make_record()) == ["Training", "Validation", "Test"]
    assert named(make_handed_record()) == ["Validation", "Test"]


def test_recalls_of_one_class_are_not_tested() -> None:
    evaluation = make_record().evaluation
    undefined = tuple(
        dataclasses.replace(
            one, recall=dataclasses.replace(one.recall, estimate=None, reason="0 rows")
        )
        for one in evaluation.classes[1:]
    )
    with pytest.raises(ValueError, match=r"2 classes or more.*Received 1"):
        dataclasses.replace(evaluation, classes=(evaluation.classes[0], *undefined))


def test_sure_predictions_are_so_by_a_threshold() -> None:
    evaluation = make_record().evaluation
    gallery = dataclasses.replace(evaluation.correct_gallery, threshold=None)
    with pytest.raises(ValueError, match="must have a threshold"):
        dataclasses.replace(evaluation, correct_gallery=gallery)


def test_a_histogram_counts_rows() -> None:
    with pytest.raises(ValueError, match="at least one row"):
        ConfidenceHistogram((0.0, 1.0), (0,), (0,), None, None)


def test_an_empty_history_is_refused() -> None:
    with pytest.raises(ValueError, match="one epoch at least"):
        History((), (), (), (), ())


def test_an_evaluation_of_no_rows_is_refused() -> None:
    matrix = ConfusionMatrix(("a", "b"), ((0, 0), (0, 0)))
    with pytest.raises(ValueError, match="at least one row"):
        dataclasses.replace(
            make_record().evaluation, n=0, correct=0, errors=0, confusion_matrix=matrix
        )


@given(st.binary(max_size=100))
def test_any_bytes_are_refused_as_a_record(content: bytes) -> None:
    with pytest.raises(RecordError):
        from_json(content)


def test_the_version_is_written_first() -> None:
    expected = b'{\n "schema_version": %d' % SCHEMA_VERSION
    assert to_json(make_record()).startswith(expected)


def test_a_score_is_found_by_its_key() -> None:
    evaluation = make_record().evaluation
    assert evaluation.score("ece").label == "Expected calibration error"
    with pytest.raises(KeyError):
        evaluation.score("ecf")


def test_records_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        make_record().name = "other"  # type: ignore[misc]  # that is the test
