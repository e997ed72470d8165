"""Predictions that were handed over become a run, or are refused with a reason."""

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from records import make_predictions, make_provenance, make_validation
from reportgen.cli.console import Silent
from reportgen.errors import OutputError, PredictionsError, UsageError
from reportgen.evaluation import evaluate
from reportgen.pipeline import (
    Author,
    BuildRequest,
    Certainty,
    Finished,
    HandedPaths,
    Places,
    Settings,
    build,
    read_record,
)
from reportgen.pipeline.handed import UNVALIDATED, check_apart
from reportgen.predictions import (
    Predictions,
    read_predictions,
    receive,
    write_predictions,
)
from reportgen.record import HandedFile, Sampling

PREDICTIONS = make_predictions(60, 3)
VALIDATION = make_validation(PREDICTIONS)


@pytest.fixture
def scores(tmp_path: Path) -> Path:
    """Returns a file of sixty rows over three classes."""
    path = tmp_path / "scores.npz"
    write_predictions(PREDICTIONS, path)
    return path


@pytest.fixture
def held_back(tmp_path: Path) -> Path:
    """Returns a file of sixty other rows."""
    path = tmp_path / "held-back.npz"
    write_predictions(VALIDATION, path)
    return path


def request_of(predictions: Path, validation: Path | None = None) -> BuildRequest:
    """Returns a request for a run beside the file, as its record alone."""
    nowhere = Path("nowhere")
    return BuildRequest(
        output=predictions.parent / "output",
        name=None,
        dataset=None,
        places=Places(data=None, collection=None, cache=nowhere, keras_cache=nowhere),
        protocol=None,
        seed=None,
        retrain=False,
        model=None,
        settings=Settings("classic", None, None),
        certainty=Certainty(0.95, 200, check_intervals=False),
        author=Author(None, ()),
        provenance=make_provenance(),
        created_at="2026-01-02T03:04:05Z",
        formats=("json",),
        handed=HandedPaths(predictions, validation),
    )


def built(predictions: Path, validation: Path | None = None) -> Finished:
    """Returns the run of those files."""
    return build(request_of(predictions, validation), Silent())


def test_a_run_of_predictions_holds_no_model(scores: Path, held_back: Path) -> None:
    paths = built(scores, held_back).paths
    assert [path.name for path in paths] == [
        "SHA256SUMS",
        "predictions.npz",
        "record.json",
        "validation.npz",
    ]
    assert {path.parent for path in paths} == {scores.parent / "output" / "scores"}


def test_the_record_names_both_files_and_their_bytes(
    scores: Path, held_back: Path
) -> None:
    dataset = built(scores, held_back).record.dataset
    assert dataset.handed is not None
    assert dataset.handed.predictions == HandedFile(
        "scores.npz", sha256(scores.read_bytes()).hexdigest()
    )
    assert dataset.handed.validation == HandedFile(
        "held-back.npz", sha256(held_back.read_bytes()).hexdigest()
    )


def test_the_record_knows_neither_model_nor_images(scores: Path) -> None:
    record = built(scores).record
    assert (record.model, record.training, record.trained_on) == (None, None, None)
    assert record.dataset.images is None
    assert record.title == "scores, predictions handed over"
    assert record == read_record(scores.parent / "output" / "scores")


def test_the_numbers_are_those_of_the_predictions(
    scores: Path, held_back: Path
) -> None:
    assert built(scores, held_back).record.evaluation == evaluate(
        PREDICTIONS,
        validation=VALIDATION,
        sampling=Sampling(replicates=200),
    )


def test_rows_are_counted_by_class(scores: Path, held_back: Path) -> None:
    dataset = built(scores, held_back).record.dataset
    assert [(name, part.n) for name, part in dataset.parts] == [
        ("Validation", 60),
        ("Test", 60),
    ]
    assert dataset.test.class_counts == (20, 20, 20)


def test_the_stored_predictions_are_those_that_were_read(scores: Path) -> None:
    built(scores)
    stored = read_predictions(scores.parent / "output" / "scores" / "predictions.npz")
    assert np.array_equal(stored.y_proba, PREDICTIONS.y_proba)
    assert np.array_equal(stored.row_ids, PREDICTIONS.row_ids)


def test_without_a_validation_part_nothing_is_fitted(scores: Path) -> None:
    calibration = built(scores).record.evaluation.calibration
    assert calibration is not None
    assert calibration.temperature is None
    assert calibration.temperature_reason == UNVALIDATED


def test_the_seed_asked_for_drives_the_resampling(scores: Path) -> None:
    record = build(replace(request_of(scores), seed=7), Silent()).record
    assert (record.provenance.seed, record.evaluation.sampling.seed) == (7, 7)
    assert built(scores).record.provenance.seed == 42


def off_by_half_a_thousandth(predictions: Predictions, path: Path) -> Path:
    """Writes them with one row whose probabilities add up to 1.0005."""
    y_proba = np.array(predictions.y_proba)
    y_proba[0] *= 1.0005
    np.savez(
        path,
        y_true=predictions.y_true,
        y_proba=y_proba,
        class_names=np.array(predictions.class_names),
        row_ids=predictions.row_ids,
    )
    return path


def test_what_was_done_to_rows_of_either_part_is_noted(tmp_path: Path) -> None:
    test = off_by_half_a_thousandth(PREDICTIONS, tmp_path / "test.npz")
    other = off_by_half_a_thousandth(VALIDATION, tmp_path / "other.npz")
    record = built(test, other).record
    said = "1 of 60 rows of probabilities did not sum to 1"
    assert record.evaluation.notes[0].startswith(said)
    assert [note.startswith(f"Validation part: {said}") for note in record.notes] == [
        True
    ]


@pytest.mark.parametrize("name", ["scores.xlsx", "scores", "scores.npz.zip"])
def test_a_file_of_another_ending_is_refused(name: str) -> None:
    with pytest.raises(
        PredictionsError, match=r"must end in .*\.parquet\. Received 'scores"
    ):
        receive(Path(name))


def test_the_ending_may_be_in_capitals(tmp_path: Path, scores: Path) -> None:
    loud = scores.rename(tmp_path / "SCORES.NPZ")
    assert receive(loud).predictions.n == 60


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PredictionsError, match=r"gone\.npz must exist"):
        built(tmp_path / "gone.npz")
    assert not (tmp_path / "output").exists()


def test_rows_in_both_parts_are_refused_by_name() -> None:
    # The first seven test rows come again, in the middle of the validation part.
    row_ids = np.array(VALIDATION.row_ids)
    row_ids[20:27] = PREDICTIONS.row_ids[:7]
    mixed = Predictions(
        VALIDATION.y_true, VALIDATION.y_proba, VALIDATION.class_names, row_ids
    )
    named = r"'test/00000', .*'test/00004' and 2 more\. Keep each row"
    with pytest.raises(PredictionsError, match=f"Received 7 in both: {named}"):
        check_apart(PREDICTIONS, mixed)


@pytest.mark.parametrize("names", [("1", "0", "2"), ("a", "b", "c")])
def test_other_classes_of_the_validation_part_are_refused(
    names: tuple[str, ...],
) -> None:
    other = Predictions(
        VALIDATION.y_true, VALIDATION.y_proba, names, VALIDATION.row_ids
    )
    with pytest.raises(PredictionsError, match="class_names must be the same in both"):
        check_apart(PREDICTIONS, other)


def test_a_name_that_makes_no_folder_asks_for_another(tmp_path: Path) -> None:
    path = tmp_path / ".npz.npz"
    write_predictions(PREDICTIONS, path)
    with pytest.raises(UsageError, match="Give one with --name"):
        built(path)


def test_the_name_asked_for_is_that_of_the_folder(scores: Path) -> None:
    named = build(replace(request_of(scores), name="candidate"), Silent())
    assert named.record.name == "candidate"
    assert named.paths[0].parent == scores.parent / "output" / "candidate"


@pytest.mark.parametrize("model", ["model.keras", "Sequential_Perceptron_model.pkl"])
def test_a_run_with_a_model_is_not_replaced_by_one_without(
    scores: Path, model: str
) -> None:
    run = scores.parent / "output" / "scores"
    run.mkdir(parents=True)
    (run / model).touch()
    with pytest.raises(OutputError, match=f"must hold no model.*{model}.*--name"):
        built(scores)
    assert (run / model).exists()
