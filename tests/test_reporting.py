"""From Python: the same run as the command line makes of the same predictions."""

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import reportgen
from processes import reportgen as called
from records import make_images, make_predictions, make_validation
from reportgen import Predictions, Report, Sampling, build_report, evaluate
from reportgen.cli.console import Silent
from reportgen.errors import OutputError, PredictionsError, UsageError
from reportgen.pipeline import read_record, verify
from reportgen.predictions import contents_of, read_predictions, write_predictions
from reportgen.predictions.naming import ROWS_NUMBERED
from reportgen.record import to_json

PREDICTIONS = make_predictions(60, 3)
VALIDATION = make_validation(PREDICTIONS)
IMAGES = make_images(60)


def quick(predictions: Predictions, folder: Path, **settings: object) -> Report:
    """Returns the report of few replicates, as its record alone."""
    settings = {"formats": ("json",), "bootstrap": 100, **settings}
    return build_report(predictions, output=folder, **settings)  # type: ignore[arg-type] # a test's own words


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Returns a whole report with its pages, of rows that nobody named."""
    names = PREDICTIONS.class_names
    test, other = (
        Predictions.of(one.y_true, one.y_proba, class_names=names)
        for one in (PREDICTIONS, VALIDATION)
    )
    folder = tmp_path_factory.mktemp("python")
    return build_report(
        test,
        images=IMAGES,
        output=folder,
        validation=other,
        bootstrap=100,
        card={"licence": "MIT"},
    )


def test_every_public_name_is_there() -> None:
    assert reportgen.__all__ == list(reportgen.HOMES)
    for name in reportgen.__all__:
        assert getattr(reportgen, name).__name__ == name
        assert name in dir(reportgen)


def test_a_name_that_is_not_public_is_none() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'built_report'"):
        _ = reportgen.built_report  # type: ignore[attr-defined] # which a checker sees


def test_the_numbers_are_those_of_evaluate(tmp_path: Path) -> None:
    report = quick(PREDICTIONS, tmp_path, validation=VALIDATION)
    assert report.record.evaluation == evaluate(
        PREDICTIONS, validation=VALIDATION, sampling=Sampling(replicates=100)
    )


def test_the_run_is_that_of_the_command_line(tmp_path: Path) -> None:
    write_predictions(PREDICTIONS, tmp_path / "model.npz")
    np.savez(tmp_path / "images.npz", images=IMAGES)
    words = "build --predictions model.npz --bootstrap 100 --format json --images"
    done = called(*words.split(), "images.npz", folder=tmp_path)
    assert done.code == 0, done.stderr
    theirs = read_record(tmp_path / "output" / "model")
    ours = quick(PREDICTIONS, tmp_path / "python", images=IMAGES).record
    for field in ("name", "title", "author", "evaluation", "notes", "judgements"):
        assert getattr(ours, field) == getattr(theirs, field), field
    assert ours.dataset.test == theirs.dataset.test
    seen = [
        record.dataset.handed and record.dataset.handed.images
        for record in (ours, theirs)
    ]
    assert seen[0]
    assert seen[1]
    assert seen[0].contents_sha256 == seen[1].contents_sha256
    assert ours.dataset.test_rows_sha256 == theirs.dataset.test_rows_sha256


def test_the_files_are_those_of_a_run(report: Report) -> None:
    assert [path.name for path in report.paths] == [
        "SHA256SUMS",
        "predictions.npz",
        "record.json",
        "report.html",
        "report.pdf",
        "validation.npz",
    ]
    assert report.record == read_record(report.run)
    assert (report.missing, report.failure) == ((), None)


def test_the_report_is_true(report: Report) -> None:
    assert verify(report.run / "report.pdf", Silent()).passed


def test_the_record_knows_the_files_by_what_was_written(report: Report) -> None:
    handed = report.record.dataset.handed
    assert handed is not None
    assert handed.in_memory
    sums = (report.run / "SHA256SUMS").read_text().splitlines()
    assert f"{handed.predictions.sha256}  predictions.npz" in sums
    assert handed.validation is not None
    assert f"{handed.validation.sha256}  validation.npz" in sums


def test_the_page_says_where_the_rows_came_from(report: Report) -> None:
    page = (report.run / "report.html").read_text(encoding="utf-8")
    assert "were handed over by a program, from its memory" in page
    assert "What the test rows show was handed over likewise" in page
    assert "without its images" not in page
    assert "reportgen.build_report name=model level=0.95 bootstrap=100 seed=42" in page


def test_rows_that_nobody_named_are_not_taken_for_one_another(report: Report) -> None:
    held_back = read_predictions(report.run / "validation.npz")
    assert held_back.row_ids[0] == "validation/000001"
    assert report.record.evaluation.notes[0] == ROWS_NUMBERED
    assert "whether one of them is in both" in report.record.notes[-1]


def test_galleries_and_slices_show_the_images(report: Report) -> None:
    evaluation = report.record.evaluation
    for shown in evaluation.misclassified_gallery.examples:
        assert shown.pixels is not None
        row = int(shown.row_id.removeprefix("row/")) - 1
        assert shown.pixels.data == IMAGES[row].tobytes()
    stored = read_predictions(report.run / "predictions.npz")
    assert stored.contents is not None
    assert np.array_equal(stored.contents, contents_of(IMAGES))
    assert {"brightness", "contrast"} <= {one.name for one in stored.columns}


@pytest.mark.parametrize(
    ("images", "said"),
    [
        (IMAGES / 255, "must be uint8 .* Received float64 .* numpy.rint"),
        (IMAGES.astype(np.int64), "must be uint8 .* Received int64"),
        (IMAGES[0], r"\(n, h, w\) or \(n, h, w, 3\). Received uint8 of shape \(8, 8\)"),
        (np.zeros((60, 8, 8, 4), np.uint8), "Received uint8 of shape"),
        (IMAGES[:59], "must be one a row, 60. Received 59"),
    ],
)
def test_what_is_no_image_of_each_row_is_refused(
    images: object, said: str, tmp_path: Path
) -> None:
    with pytest.raises(PredictionsError, match=said):
        quick(PREDICTIONS, tmp_path, images=images)
    assert list(tmp_path.iterdir()) == []


def test_the_positive_class_is_chosen(tmp_path: Path) -> None:
    rows = Predictions.of(["sick", "well"], [[0.9, 0.1], [0.2, 0.8]])
    binary = quick(rows, tmp_path, positive="sick").record.evaluation.binary
    assert binary is not None
    assert (binary.positive, binary.named) == ("sick", True)
    with pytest.raises(PredictionsError, match="positive= from Python"):
        quick(PREDICTIONS, tmp_path, positive="0")


def test_named_rows_in_both_parts_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PredictionsError, match="Received 60 in both"):
        quick(PREDICTIONS, tmp_path, validation=PREDICTIONS)
    assert list(tmp_path.iterdir()) == []


def test_unnamed_rows_that_are_in_both_parts_are_refused(tmp_path: Path) -> None:
    unnamed = Predictions.of(PREDICTIONS.y_true, PREDICTIONS.y_proba)
    with pytest.raises(PredictionsError, match="same labels and probabilities in both"):
        quick(unnamed, tmp_path, validation=unnamed)
    assert list(tmp_path.iterdir()) == []


def test_a_requirement_without_its_list_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"'accuracy >= 0\.5'\. Put it in"):
        quick(PREDICTIONS, tmp_path, require="accuracy >= 0.5")


def test_one_call_gives_one_record(tmp_path: Path) -> None:
    first, second = (quick(PREDICTIONS, tmp_path / name) for name in ("a", "b"))
    timings = first.record.timings
    assert to_json(first.record) == to_json(
        dataclasses.replace(second.record, timings=timings)
    )


def test_nothing_is_told_unless_asked(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    quick(PREDICTIONS, tmp_path)
    assert capfd.readouterr() == ("", "")
    quick(PREDICTIONS, tmp_path, progress=True)
    assert capfd.readouterr() == ("", "reading the predictions\ncomputing the scores\n")


def test_a_notebook_is_shown_a_link_and_the_headline(tmp_path: Path) -> None:
    report = quick(PREDICTIONS, tmp_path, title="<b>Mine & yours</b>")
    shown = report._repr_html_()
    assert "&lt;b&gt;Mine &amp; yours&lt;/b&gt;</a>: accuracy" in shown
    assert repr(report).startswith(f"Report('{tmp_path}/model': accuracy ")
    assert len(repr(report)) < 200


def test_what_is_required_is_judged_and_told(tmp_path: Path) -> None:
    # Every row is right of 60: its interval is [0.94, 1] by Wilson.
    right = Predictions.of([0, 1, 2] * 20, np.tile(np.eye(3), (20, 1)))
    outcomes = {
        "accuracy >= 0.9": "met",
        "accuracy <= 0.9": "not met",
        "recall_weighted >= 0.99": "inconclusive",
    }
    report = quick(right, tmp_path, require=outcomes)
    assert [one.outcome for one in report.judgements] == list(outcomes.values())
    assert report.outcome == "not met"
    assert "requirements not met" in repr(report)
    assert quick(right, tmp_path).outcome is None


def test_a_run_is_compared_with_the_one_before(tmp_path: Path) -> None:
    before = quick(PREDICTIONS, tmp_path, name="before")
    wanted = ["delta.accuracy >= -0.5"]
    after = quick(PREDICTIONS, tmp_path, baseline=before, require=wanted)
    assert after.record.comparison is not None
    assert after.record.comparison.paired is not None
    again = quick(PREDICTIONS, tmp_path, baseline=before.run, require=wanted)
    assert again.record.comparison is not None
    assert again.record.comparison.paired == after.record.comparison.paired
    assert after.outcome == "met"  # the same decisions: sixty rows tell that much


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"level": 1}, "level must lie in 0.5 to 0.9999. Received 1."),
        ({"level": float("nan")}, "level must lie in 0.5 to 0.9999. Received nan."),
        ({"bootstrap": 99}, "bootstrap must be a whole number from 100 to 100,000"),
        ({"seed": -1}, "seed must be a whole number from 0 to 4,294,967,295"),
        ({"seed": 1.5}, "seed must be a whole number from 0 .* Received 1.5"),
        ({"level": "0.9"}, "level must lie in 0.5 to 0.9999. Received '0.9'."),
        ({"formats": "html,docx"}, "formats must be of .* Received 'docx'"),
        ({"card": {"licens": "MIT"}}, "Received 'licens'. The nearest is 'licence'"),
        ({"title": "a\x1b[31m"}, "card must hold title as text without control"),
        ({"require": ["acuracy >= 0.9"]}, "^require .* nearest is 'accuracy'"),
        ({"require": ["delta.accuracy >= 0"]}, "by --baseline, or baseline= from"),
        ({"name": "../up"}, "one plain folder name .* or name= from Python"),
        ({"name": 5}, "name must be text. Received 5."),
        ({"title": 5}, "card must hold title as text. Received 5."),
        ({"title": "a\udc80"}, r"title as text of whole characters. .*'\\udc80'"),
        ({"card": 5}, r"card must hold \[card\] as a table. Received 5."),
        ({"card": {5: "MIT"}}, "card must hold known keys only. Received 5."),
        ({"card": {"ethics": "\ud800"}}, "ethics as text of whole characters"),
        ({"margin": "0.1"}, "margin must lie in 0 to 1. Received '0.1'."),
        ({"margin": np.array([0.1, 0.2])}, "margin must lie in 0 to 1. Received"),
        ({"bootstrap": None}, "bootstrap must be a whole number .* Received None."),
        ({"seed": 10**5000}, "seed must be .* Received a whole number of 16,610 bits"),
        ({"formats": 5}, "formats must be a list of texts. Received 5."),
        ({"formats": [5, "html"]}, "formats must be a list of texts"),
        ({"formats": np.array("html")}, "formats must be a list of texts"),
        ({"require": 5}, "require must be a list of texts. Received 5."),
        ({"require": [5]}, r"require must be a list of texts. Received \[5\]."),
        ({"baseline": 5}, "baseline must be a path, as text or pathlib.Path"),
    ],
)
def test_what_the_command_line_refuses_is_refused(
    settings: dict[str, object], said: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=said):
        quick(PREDICTIONS, tmp_path, **settings)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("output", [5, b"output", "a\0b", "a\ud800"])
def test_an_output_that_is_no_path_is_refused(output: Any) -> None:
    with pytest.raises(UsageError, match=r"^output must be a path.* Received"):
        build_report(PREDICTIONS, output=output)


@pytest.mark.parametrize(
    "settings",
    [
        {"seed": np.int64(3), "bootstrap": np.int32(200), "level": np.float64(0.9)},
        {"seed": 3.0, "bootstrap": 200.0, "level": np.float32(0.9)},
        {"margin": np.float16(0), "check_intervals": np.False_, "name": np.str_("a")},
        {"title": np.str_("A"), "formats": np.array(["json"])},
        {"card": {"licence": np.str_("MIT")}, "require": np.array(["accuracy >= 0.1"])},
        {"title": Path("a").name, "output": Path("output")},
    ],
)
def test_numbers_and_texts_of_other_kinds_are_taken_as_what_they_are(
    settings: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = {"formats": ["json"], "bootstrap": 100, **settings}
    record = build_report(PREDICTIONS, **settings).record
    sampling = record.evaluation.sampling
    assert {type(sampling.seed), type(sampling.replicates)} == {int}
    assert type(sampling.level) is float


def test_a_positive_class_that_is_no_text_is_refused(tmp_path: Path) -> None:
    rows = Predictions.of(["sick", "well"], [[0.9, 0.1], [0.2, 0.8]])
    with pytest.raises(
        PredictionsError, match=r"must be 'sick' or 'well'\. Received 1\."
    ):
        quick(rows, tmp_path, positive=1)


@pytest.mark.parametrize("name", ["predictions", "validation"])
def test_arrays_are_told_how_to_become_predictions(name: str, tmp_path: Path) -> None:
    handed: dict[str, Any] = {"predictions": PREDICTIONS, name: PREDICTIONS.y_proba}
    said = rf"^{name} must be made with Predictions\.of\(y_true, y_proba\).* ndarray\."
    with pytest.raises(PredictionsError, match=said):
        build_report(**handed, output=tmp_path)
    with pytest.raises(PredictionsError, match=said):
        evaluate(**handed)
    assert list(tmp_path.iterdir()) == []


def test_a_run_with_a_model_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "model.keras").touch()
    with pytest.raises(OutputError, match="must hold no model"):
        quick(PREDICTIONS, tmp_path)


def test_probabilities_of_frameworks_are_taken_as_they_are(tmp_path: Path) -> None:
    narrow = PREDICTIONS.y_proba.astype(np.float32)
    made = Predictions.of(PREDICTIONS.y_true, narrow)
    stored = quick(made, tmp_path).run / "predictions.npz"
    assert np.array_equal(read_predictions(stored).y_proba, made.y_proba)
