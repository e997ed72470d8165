"""A loaded model is tested on what its training held back, or the page says so."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from records import make_handed_record, make_images, make_provenance, make_record
from reportgen.data import Dataset, Places, Split, pixels_sha256, row_ids_sha256, split
from reportgen.errors import ModelError, UsageError
from reportgen.pipeline import Author, BuildRequest, Certainty, Settings
from reportgen.pipeline.origin import (
    TRUSTED,
    UNKNOWN_TRAINING,
    Origin,
    check_division,
    choose_split,
    find_origin,
    origin_notes,
)
from reportgen.pipeline.runs import write_record
from reportgen.record import Division, Protocol, Revision


def make_dataset(labels: list[int] | None = None) -> Dataset:
    """Returns sixty images of three classes."""
    codes = labels or [row % 3 for row in range(60)]
    return Dataset(
        key="made",
        title="Made up",
        source="a test",
        images=make_images(60),
        labels=np.array(codes, dtype=np.int64),
        class_names=("a", "b", "c"),
        row_ids=np.array([f"made/{row:05d}" for row in range(60)]),
        official_test=None,
    )


def division_of(dataset: Dataset, parts: Split) -> Division:
    """Returns what a run on those parts would record."""
    return Division(
        title=dataset.title,
        pixels_sha256=pixels_sha256(dataset),
        protocol=parts.protocol,
        split_seed=parts.seed,
        test_rows_sha256=row_ids_sha256(dataset.row_ids[parts.test]),
    )


def make_request(
    *,
    seed: int | None = None,
    protocol: Protocol | None = None,
    retrain: bool = False,
    model: Path | None = None,
) -> BuildRequest:
    """Returns a request that leaves all else open."""
    nowhere = Path("nowhere")
    return BuildRequest(
        output=nowhere,
        name=None,
        dataset=None,
        places=Places(data=None, collection=None, cache=nowhere, keras_cache=nowhere),
        protocol=protocol,
        seed=seed,
        retrain=retrain,
        model=model,
        settings=Settings("classic", None, None),
        certainty=Certainty(0.95, 1000, check_intervals=False),
        author=Author(None, ()),
        provenance=make_provenance(),
        created_at="2026-01-02T03:04:05Z",
    )


@pytest.fixture
def division() -> Division:
    dataset = make_dataset()
    return division_of(dataset, split(dataset, protocol="pooled", seed=7))


def test_without_a_known_model_the_defaults_decide() -> None:
    assert choose_split(make_request(), None) == ("pooled", 42)
    assert choose_split(make_request(seed=0, protocol="official"), None) == (
        "official",
        0,
    )


def test_a_loaded_model_keeps_its_own_split(division: Division) -> None:
    assert choose_split(make_request(), division) == ("pooled", 7)
    assert choose_split(make_request(seed=7), division) == ("pooled", 7)


@pytest.mark.parametrize(
    "asked", [make_request(seed=8), make_request(protocol="official")]
)
def test_another_split_for_a_loaded_model_is_refused(
    division: Division, asked: BuildRequest
) -> None:
    with pytest.raises(UsageError, match="must be pooled and 7"):
        choose_split(asked, division)


def test_the_same_division_passes(division: Division) -> None:
    dataset = make_dataset()
    check_division(division, dataset, split(dataset, protocol="pooled", seed=7))


def test_corrected_labels_divide_otherwise_and_are_refused(division: Division) -> None:
    changed = make_dataset([0, 0, 0, 0, 0] + [row % 3 for row in range(5, 60)])
    assert pixels_sha256(changed) == division.pixels_sha256
    with pytest.raises(ModelError, match="other labels or parts"):
        check_division(division, changed, split(changed, protocol="pooled", seed=7))


def test_a_model_trained_here_needs_no_note(division: Division) -> None:
    assert origin_notes(None, None, known=False) == ()
    assert origin_notes(Origin(Path("m.keras"), None), division, known=True) == ()


def test_a_model_without_record_is_of_unknown_training() -> None:
    origin = Origin(Path("m.keras"), None)
    assert origin_notes(origin, None, known=False) == (UNKNOWN_TRAINING,)


def test_a_record_of_other_weights_tells_nothing_of_a_model(division: Division) -> None:
    origin = Origin(Path("m.keras"), make_record(trained_on=division))
    assert origin_notes(origin, None, known=False) == (UNKNOWN_TRAINING,)


def test_a_model_of_other_data_is_said_to_be(division: Division) -> None:
    other = replace(division, title="Elsewhere", pixels_sha256="0" * 64)
    origin = Origin(Path("m.keras"), make_record(trained_on=other))
    assert origin.trained_on(make_dataset()) is None
    [note] = origin_notes(origin, None, known=True)
    assert "trained on other data, Elsewhere" in note


def test_what_counts_is_what_the_model_was_trained_on_not_last_tested_on(
    division: Division,
) -> None:
    # The record's dataset is another one: the model was tested on it, not trained.
    origin = Origin(Path("m.keras"), make_record(trained_on=division))
    assert origin.trained_on(make_dataset()) == division


def test_a_record_knows_only_the_weights_of_its_training() -> None:
    origin = Origin(Path("m.keras"), make_record())
    assert origin.knows("d" * 64)
    assert not origin.knows("e" * 64)
    assert not Origin(Path("m.keras"), None).knows("d" * 64)


def test_trust_in_the_file_is_said_before_all_else(division: Division) -> None:
    origin = Origin(Path("m.keras"), None, trusted=True)
    assert origin_notes(origin, division, known=True) == (TRUSTED,)
    assert origin_notes(origin, None, known=False) == (TRUSTED, UNKNOWN_TRAINING)


def test_trust_is_that_of_the_request(tmp_path: Path) -> None:
    asked = replace(make_request(model=tmp_path / "m.keras"), trusted=True)
    origin = find_origin(asked, tmp_path)
    assert origin is not None
    assert origin.trusted


def test_the_working_tree_is_asked_for_last() -> None:
    asked = make_request()
    assert asked.provenance_of(7) == replace(asked.provenance, seed=7)
    known = replace(asked, revision=lambda: Revision("c" * 40, dirty=True))
    assert known.provenance_of(7).revision == Revision("c" * 40, dirty=True)


def test_the_record_beside_a_model_is_found(tmp_path: Path) -> None:
    (tmp_path / "model.keras").touch()
    write_record(make_record(), tmp_path)
    assert find_origin(make_request(), tmp_path) == Origin(
        tmp_path / "model.keras", make_record()
    )
    named = make_request(model=tmp_path / "model.keras")
    assert find_origin(named, Path("nowhere")) == find_origin(make_request(), tmp_path)


def test_retraining_asks_for_no_model(tmp_path: Path) -> None:
    assert find_origin(make_request(retrain=True), tmp_path) is None


def test_no_model_yet_is_said(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="--retrain"):
        find_origin(make_request(), tmp_path)


def test_a_run_of_handed_over_predictions_is_said_to_have_no_model(
    tmp_path: Path,
) -> None:
    write_record(make_handed_record(), tmp_path)
    message = r"predictions that were handed over, 'scores\.npz'.*--predictions"
    with pytest.raises(ModelError, match=message):
        find_origin(make_request(), tmp_path)


def test_a_model_beside_the_record_of_predictions_is_of_unknown_training(
    tmp_path: Path,
) -> None:
    (tmp_path / "model.keras").touch()
    write_record(make_handed_record(), tmp_path)
    origin = find_origin(make_request(), tmp_path)
    assert origin is not None
    assert not origin.knows("d" * 64)
    assert origin_notes(origin, None, known=False) == (UNKNOWN_TRAINING,)
