"""The main job as a user does it: whole processes, from pixels to PDF, on digits."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from processes import Done, finish, reportgen, start, watched
from records import images_of
from reportgen.pipeline import read_record
from reportgen.predictions import read_predictions
from reportgen.record import Record, Sampling, Timings, to_schema

pytestmark = pytest.mark.slow

BUILD = ("build", "--retrain", "--dataset", "digits", "--epochs", "2", "--json")
FILES = {
    "SHA256SUMS",
    "Sequential_Perceptron_model.pkl",
    "model.keras",
    "predictions.npz",
    "record.json",
    "report.html",
    "report.pdf",
    "validation.npz",
}
FIGURES = (
    "sample_digit",
    "sample_grid",
    "train_distribution",
    "test_distribution",
    "augmentations",
    "loss_history",
    "accuracy_history",
    "learning_rate",
    "confusion_matrix",
    "per_class_accuracy",
    "roc",
    "precision_recall",
    "calibration",
    "confidence_histogram",
    "correct_gallery",
    "misclassified_gallery",
)
UNTIMED = Timings("2026-01-02T03:04:05Z", ())


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Returns two folders in which the same build ran, at the same time."""
    folders = tmp_path_factory.mktemp("first"), tmp_path_factory.mktemp("second")
    for process in [start(BUILD, folder) for folder in folders]:
        done = finish(process)
        assert done.code == 0, done.stderr
    return folders


@pytest.fixture(scope="module")
def folder(twins: tuple[Path, Path]) -> Path:
    """Returns a folder in which a build ran."""
    return twins[0]


@pytest.fixture(scope="module")
def run(folder: Path) -> Path:
    """Returns its run folder."""
    return folder / "output" / "digits"


@pytest.fixture(scope="module")
def record(run: Path) -> Record:
    """Returns the record of that build."""
    return read_record(run)


@pytest.fixture(scope="module")
def pages(run: Path) -> dict[str, bytes]:
    """Returns the pages as the build wrote them."""
    return {name: (run / name).read_bytes() for name in ("report.html", "report.pdf")}


def values(record: Record) -> dict[str, float | None]:
    return {
        score.key: score.estimate.value if score.estimate else None
        for score in record.evaluation.scores
    }


def test_a_run_folder_holds_all_files_and_nothing_else_is_left(folder: Path) -> None:
    assert {path.name for path in (folder / "output" / "digits").iterdir()} == FILES
    assert [path.name for path in (folder / "output").iterdir()] == ["digits"]


def test_a_run_folder_can_be_read_by_others(run: Path) -> None:
    assert run.stat().st_mode & 0o055 == 0o055


def test_all_sixteen_figures_stand_in_the_page(run: Path) -> None:
    html = (run / "report.html").read_text(encoding="utf-8")
    for key in FIGURES:
        assert html.count(f'<figure id="{key}"') == 1, key


def test_the_record_validates_against_the_schema_that_the_command_prints(
    run: Path, tmp_path: Path
) -> None:
    printed = json.loads(reportgen("schema", folder=tmp_path).stdout)
    assert printed == to_schema()
    Draft202012Validator(printed).validate(
        json.loads((run / "record.json").read_bytes())
    )


def test_two_builds_of_one_seed_differ_in_their_timings_only(
    twins: tuple[Path, Path],
) -> None:
    records = [read_record(folder / "output" / "digits") for folder in twins]
    first, second = (replace(record, timings=UNTIMED) for record in records)
    assert first == second
    assert first.model is not None
    assert second.model is not None
    assert first.model.weights_sha256 == second.model.weights_sha256


def test_the_record_scores_the_stored_predictions(run: Path, record: Record) -> None:
    predictions = read_predictions(run / "predictions.npz")
    right = int((predictions.y_pred == predictions.y_true).sum())
    assert (predictions.n, right) == (record.evaluation.n, record.evaluation.correct)
    assert record.evaluation.n == record.dataset.test.n == 360


def test_the_parts_of_the_split_are_all_of_the_data(record: Record) -> None:
    sizes = [part.n for _, part in record.dataset.parts]
    assert len(sizes) == 3
    assert sum(sizes) == images_of(record).n == 1797


def test_the_history_has_an_entry_an_epoch(record: Record) -> None:
    assert record.training is not None
    history = record.training.history
    assert record.training.epochs == len(history.loss) == len(history.validation_loss)


@pytest.fixture(scope="module")
def rendered(twins: tuple[Path, Path], pages: dict[str, bytes]) -> Done:
    """Renders the first run again; stderr ends with the heavy libraries loaded."""
    assert pages  # were read before they are written again
    return watched("render", "output/digits", "--json", "--quiet", folder=twins[0])


def test_json_on_stdout_names_files_and_scores(rendered: Done, record: Record) -> None:
    printed = json.loads(rendered.stdout)
    assert printed["scores"] == values(record)
    names = ("report.html", "report.pdf", "SHA256SUMS")
    assert printed["paths"] == [f"output/digits/{name}" for name in names]


def test_rendering_again_in_another_process_gives_the_same_bytes(
    pages: dict[str, bytes], rendered: Done, run: Path
) -> None:
    assert rendered.code == 0
    for name, content in pages.items():
        assert (run / name).read_bytes() == content, name


def test_rendering_loads_no_tensorflow(rendered: Done) -> None:
    assert rendered.stderr.strip() == "loaded:"


@pytest.mark.parametrize("model", ["", "Sequential_Perceptron_model.pkl"])
def test_a_loaded_model_gives_the_same_numbers(
    twins: tuple[Path, Path], record: Record, model: str
) -> None:
    folder = twins[1]
    chosen = ("--model", f"output/digits/{model}") if model else ()
    done = reportgen("build", "--dataset", "digits", *chosen, folder=folder)
    assert done.code == 0, done.stderr
    loaded = read_record(folder / "output" / "digits")
    assert loaded.evaluation == record.evaluation
    assert loaded.training == record.training
    assert loaded.model is not None
    assert loaded.model.source == (model or "model.keras")


def test_another_seed_would_test_a_loaded_model_on_its_training_images(
    folder: Path,
) -> None:
    done = reportgen("build", "--dataset", "digits", "--seed", "7", folder=folder)
    assert done.code == 2
    assert "its own training images" in " ".join(done.stderr.split())


@pytest.fixture(scope="module")
def stray(run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns the run folder of a model without its record, at another level."""
    folder = tmp_path_factory.mktemp("stray")
    (folder / "stray.keras").write_bytes((run / "model.keras").read_bytes())
    same_rows = ("--protocol", "pooled")  # as the run; else every image is tested
    asked = ("--level", "0.9", "--bootstrap", "200", "--check-intervals", *same_rows)
    done = reportgen(
        "build", "--dataset", "digits", "--model", "stray.keras", *asked, folder=folder
    )
    assert done.code == 0, done.stderr
    return folder / "output" / "digits"


def test_a_model_without_its_record_is_said_to_be_of_unknown_training(
    stray: Path,
) -> None:
    found = read_record(stray)
    assert found.training is None
    assert found.model is not None
    assert found.model.title == "stray.keras"
    assert "whether it has seen any of the test images is not known" in found.notes[0]
    html = (stray / "report.html").read_text(encoding="utf-8")
    assert '<figure id="loss_history"' not in html
    assert "whether it has seen any of the test images is not known" in html


def test_a_record_of_other_weights_is_no_record_of_a_model(
    run: Path, tmp_path: Path
) -> None:
    from keras.saving import load_model

    network = load_model(run / "model.keras")
    network.set_weights([weights * 0.5 for weights in network.get_weights()])
    network.save(tmp_path / "model.keras")
    (tmp_path / "record.json").write_bytes((run / "record.json").read_bytes())
    asked = ("--bootstrap", "100", "--format", "json", "--model", "model.keras")
    done = reportgen("build", "--dataset", "digits", *asked, folder=tmp_path)
    assert done.code == 0, done.stderr
    found = read_record(tmp_path / "output" / "digits")
    assert found.training is None
    assert found.evaluation.n == 1797  # no row is known to be less seen than another
    assert "whether it has seen any of the test images is not known" in found.notes[0]
    assert "other data" not in "".join(found.notes)


def test_a_model_of_unknown_training_has_no_validation_part(stray: Path) -> None:
    evaluation = read_record(stray).evaluation
    assert not (stray / "validation.npz").exists()
    assert evaluation.calibration is not None
    assert evaluation.deciding is not None
    assert evaluation.calibration.temperature is None
    assert "not known" in (evaluation.calibration.temperature_reason or "")
    assert evaluation.deciding.certificates == ()


def test_the_level_asked_for_is_that_of_every_interval(stray: Path) -> None:
    evaluation = read_record(stray).evaluation
    assert evaluation.sampling == Sampling(0.9, 200, 42)
    estimates = [score.estimate for score in evaluation.scores]
    assert {one.level for one in estimates if one} <= {0.9, None}


def test_intervals_narrow_as_the_level_falls(stray: Path, record: Record) -> None:
    narrow = read_record(stray).evaluation.score("f1_macro").estimate
    wide = record.evaluation.score("f1_macro").estimate
    assert narrow is not None
    assert narrow.low is not None
    assert wide is not None
    assert wide.low is not None
    assert narrow.value == wide.value
    assert narrow.low > wide.low


def test_checked_intervals_stand_on_the_page(stray: Path, record: Record) -> None:
    checks = read_record(stray).evaluation.interval_checks
    assert {"accuracy", "f1_macro", "matthews_corrcoef"} <= {one.key for one in checks}
    html = (stray / "report.html").read_text(encoding="utf-8")
    assert repr(checks[0].bootstrap_standard_error) in html
    assert record.evaluation.interval_checks == ()


def test_the_validation_part_is_stored_beside_the_test_part(
    run: Path, record: Record
) -> None:
    validation = read_predictions(run / "validation.npz")
    assert record.dataset.validation is not None
    assert validation.n == record.dataset.validation.n
    test = read_predictions(run / "predictions.npz")
    assert not set(validation.row_ids) & set(test.row_ids)


def test_show_prints_scores_and_findings_and_loads_no_tensorflow(
    folder: Path, record: Record
) -> None:
    done = watched("show", "output/digits", folder=folder)
    assert done.code == 0
    assert done.stderr.strip() == "loaded:"
    assert record.title in done.stdout
    for score in record.evaluation.scores:
        assert score.label in done.stdout
    assert f"{record.evaluation.correct} of 360" in done.stdout


def test_without_pango_all_but_the_pdf_is_written(folder: Path, tmp_path: Path) -> None:
    # A weasyprint that fails to import as the real one does without Pango.
    broken = tmp_path / "weasyprint.py"
    broken.write_text("raise OSError('cannot load library libpango-1.0-0')")
    run = folder / "output" / "digits"
    page = (run / "report.html").read_bytes()
    (tmp_path / "output" / "digits").mkdir(parents=True)
    for name in ("record.json", "predictions.npz", "validation.npz"):
        (tmp_path / "output" / "digits" / name).write_bytes((run / name).read_bytes())
    done = reportgen(
        "render", "output/digits", folder=tmp_path, PYTHONPATH=str(tmp_path)
    )
    assert done.code == 1
    assert "libpango-1.0-0" in done.stderr
    written = tmp_path / "output" / "digits"
    assert (written / "report.html").read_bytes() == page
    assert not (written / "report.pdf").exists()


def test_probabilities_are_stored_as_the_model_gave_them(run: Path) -> None:
    with np.load(run / "predictions.npz") as archive:
        assert archive["y_proba"].dtype == np.float32
