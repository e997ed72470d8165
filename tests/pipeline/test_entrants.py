"""A run that is compared is all of one run."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from records import make_predictions
from reportgen.errors import (
    OutputError,
    PredictionsError,
    RecordError,
    ReportError,
)
from reportgen.pipeline.entrants import read_entrants
from reportgen.predictions import LARGEST_CARRIED, Predictions, parse_predictions
from reportgen.record import to_json
from reports import Report, make_report, named, nudged, to_bytes


@pytest.fixture(scope="module")
def report() -> Report:
    return make_report()


def run_of(report: Report, folder: Path, **files: bytes) -> Path:
    """Writes record and predictions into a run folder, some of them replaced."""
    names = {"record.json": "record", "predictions.npz": "predictions"}
    folder.mkdir()
    for name, key in names.items():
        (folder / name).write_bytes(files.get(key, report.files[name]))
    return folder


def test_a_folder_and_its_record_are_one_run(report: Report, tmp_path: Path) -> None:
    run = run_of(report, tmp_path / "old")
    (one, record), (other, _) = read_entrants(run, run / "record.json")
    assert record == report.record
    assert one.side.source == "old"
    assert other.side.source == "record.json"
    assert one.side.record_sha256 == other.side.record_sha256
    assert one.content == report.files["predictions.npz"]


def test_a_report_alone_is_a_run(report: Report, tmp_path: Path) -> None:
    path = tmp_path / "old.pdf"
    path.write_bytes(report.pdf())
    ((entrant, record),) = read_entrants(path)
    assert record == report.record
    assert entrant.side.source == "old.pdf"
    assert entrant.side.title == record.title
    assert entrant.predictions.n == record.evaluation.n


def test_what_a_report_carries_may_take_as_much_memory_as_verify_gives_it(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Probabilities pack to a half and less: four megabytes of a file are more of them.
    asked = []

    def parse(content: bytes, *, name: str, largest: int) -> Predictions:
        asked.append(largest)
        return parse_predictions(content, name=name, largest=largest)

    monkeypatch.setattr("reportgen.pipeline.entrants.parse_predictions", parse)
    path = tmp_path / "old.pdf"
    path.write_bytes(report.pdf())
    read_entrants(path)
    assert asked == [LARGEST_CARRIED]


def test_images_come_from_the_galleries(report: Report, tmp_path: Path) -> None:
    ((entrant, record),) = read_entrants(run_of(report, tmp_path / "old"))
    shown = record.evaluation.misclassified_gallery.examples[0]
    rows = entrant.predictions.row_ids.tolist()
    assert entrant.look(rows.index(shown.row_id)) == shown.pixels
    assert shown.pixels is not None


def without_predictions(report: Report) -> Mapping[str, bytes]:
    """Returns what a report carries whose predictions were too large."""
    return {"record.json": report.files["record.json"]}


def test_a_report_without_predictions_names_the_remedy(
    report: Report, tmp_path: Path
) -> None:
    path = tmp_path / "old.pdf"
    path.write_bytes(report.pdf(files=without_predictions(report)))
    with pytest.raises(ReportError, match=r"into the folder of the report, or give"):
        read_entrants(path)


def test_predictions_too_large_to_carry_are_read_beside_the_report(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reportgen.pipeline.taking_apart.LARGEST_ATTACHED", 100)
    path = tmp_path / "old.pdf"
    path.write_bytes(report.pdf(files=without_predictions(report)))
    (tmp_path / "predictions.npz").write_bytes(report.files["predictions.npz"])
    ((entrant, _),) = read_entrants(path)
    assert entrant.predictions.n == report.record.evaluation.n


def other_rows() -> Predictions:
    """Returns the predictions under other ids."""
    drawn = named(make_predictions(60, 3))
    names = np.array([f"other/{row}" for row in range(60)])
    return Predictions(drawn.y_true, drawn.y_proba, drawn.class_names, names)


def flipped() -> Predictions:
    """Returns the predictions with those of the first row turned round."""
    drawn = named(make_predictions(60, 3))
    y_proba = np.array(drawn.y_proba)
    y_proba[0] = np.roll(y_proba[0], 1)
    return Predictions(drawn.y_true, y_proba, drawn.class_names, drawn.row_ids)


@pytest.mark.parametrize(
    ("swapped", "said"),
    [
        (named(make_predictions(59, 3)), "test rows: the record says 60"),
        (other_rows(), "hash of the row ids"),
        (make_predictions(60, 3), "class names: the record says"),
        (flipped(), "confusion matrix: the record counts other predictions"),
    ],
    ids=["other number", "other ids", "other names", "other predictions"],
)
def test_swapped_predictions_are_refused(
    report: Report, tmp_path: Path, swapped: Predictions, said: str
) -> None:
    run = run_of(report, tmp_path / "old", predictions=to_bytes(swapped))
    with pytest.raises(OutputError, match="must be of one run") as caught:
        read_entrants(run)
    assert said in str(caught.value)


def test_what_no_count_can_tell_is_not_refused(report: Report, tmp_path: Path) -> None:
    # The same decisions with other probabilities: verify computes those again.
    moved = nudged(named(make_predictions(60, 3)), 1e-9)
    read_entrants(run_of(report, tmp_path / "old", predictions=to_bytes(moved)))


def test_broken_files_are_refused(report: Report, tmp_path: Path) -> None:
    with pytest.raises(RecordError):
        read_entrants(run_of(report, tmp_path / "a", record=b"{"))
    with pytest.raises(PredictionsError, match="NPZ"):
        read_entrants(run_of(report, tmp_path / "b", predictions=b"PK"))


def test_an_older_record_is_refused(report: Report, tmp_path: Path) -> None:
    older = json.loads(to_json(report.record))
    older["schema_version"] = 6
    run = run_of(report, tmp_path / "old", record=json.dumps(older).encode())
    with pytest.raises(RecordError, match="schema_version"):
        read_entrants(run)


def test_a_run_without_predictions_is_refused(report: Report, tmp_path: Path) -> None:
    run = run_of(report, tmp_path / "old")
    (run / "predictions.npz").unlink()
    with pytest.raises(OutputError, match=r"must hold predictions\.npz"):
        read_entrants(run)


def test_a_changed_file_is_refused(report: Report, tmp_path: Path) -> None:
    run = run_of(report, tmp_path / "old")
    (run / "SHA256SUMS").write_text(f"{'0' * 64}  predictions.npz\n")
    with pytest.raises(OutputError, match="as it was written"):
        read_entrants(run)


@pytest.mark.parametrize("name", ["a" * 300, "a" * 300 + ".pdf"])
def test_a_path_that_cannot_be_followed_is_named(name: str, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="must be readable: File name too long"):
        read_entrants(tmp_path / name)


@pytest.mark.parametrize("name", ["nothing", "model.keras"])
def test_what_is_no_run_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "model.keras").write_bytes(b"")
    with pytest.raises(OutputError, match="must be a run folder"):
        read_entrants(tmp_path / name)
