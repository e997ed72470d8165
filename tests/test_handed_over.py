"""`reportgen build --predictions` as a user meets it: whole processes, on the digits.

The same numbers come of a model's predictions as of the model.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from handed import build_from_tables, largest_difference
from processes import Done, reportgen, watched
from reportgen.pipeline import read_record
from reportgen.record import Record, to_json
from reportgen.render import page_texts

pytestmark = pytest.mark.slow

HANDED = ("--predictions", "model.npz", "--validation-predictions", "held-back.npz")
UNSEEN = {"pixels"}
"""What only a run with images has."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns a folder with the predictions of a short training on the digits."""
    folder = tmp_path_factory.mktemp("handed")
    short = ("--retrain", "--dataset", "digits", "--epochs", "1", "--format", "json")
    done = reportgen("build", *short, folder=folder)
    assert done.code == 0, done.stderr
    run = folder / "output" / "digits"
    (folder / "model.npz").write_bytes((run / "predictions.npz").read_bytes())
    (folder / "held-back.npz").write_bytes((run / "validation.npz").read_bytes())
    return folder


@pytest.fixture(scope="module")
def built(folder: Path) -> Done:
    """Builds from the files; stderr ends with the heavy libraries loaded."""
    return watched(
        "build", *HANDED, "--format", "html,pdf,md", "--quiet", folder=folder
    )


@pytest.fixture(scope="module")
def run(built: Done, folder: Path) -> Path:
    """Returns the run folder."""
    assert built.code == 0, built.stderr
    return folder / "output" / "model"


@pytest.fixture(scope="module")
def record(run: Path) -> Record:
    """Returns the record of that build."""
    return read_record(run)


def test_the_files_of_the_run_are_told_and_hold_no_model(built: Done) -> None:
    assert built.stdout.splitlines() == [
        f"output/model/{name}"
        for name in (
            "SHA256SUMS",
            "predictions.npz",
            "record.json",
            "report.html",
            "report.md",
            "report.pdf",
            "validation.npz",
        )
    ]


def test_neither_tensorflow_nor_keras_nor_sklearn_is_loaded(built: Done) -> None:
    assert built.stderr.strip() == "loaded:"


def seen(value: Any) -> Any:
    """Returns the document without what only a run with images has."""
    if isinstance(value, dict):
        return {key: seen(item) for key, item in value.items() if key not in UNSEEN}
    if isinstance(value, list):
        return [seen(item) for item in value]
    return value


def test_every_number_is_that_of_the_models_own_run(
    folder: Path, record: Record
) -> None:
    own = read_record(folder / "output" / "digits")
    first, second = (
        seen(json.loads(to_json(one))["evaluation"]) for one in (own, record)
    )
    for field in first:
        assert second[field] == first[field], field


@pytest.mark.parametrize("end", ["csv", "parquet"])
def test_every_number_is_that_of_the_models_own_run_from_a_table(
    folder: Path, record: Record, end: str
) -> None:
    # `record` equals the model's own run, field by field, as is tested above.
    done = build_from_tables(folder, "model.npz", "held-back.npz", end=end)
    assert done.code == 0, done.stderr
    assert largest_difference(record, read_record(folder / "output" / end)) <= 1e-12


def test_the_rows_are_those_of_the_models_own_run(folder: Path, record: Record) -> None:
    own = read_record(folder / "output" / "digits").dataset
    assert record.dataset.test_rows_sha256 == own.test_rows_sha256
    assert (record.dataset.test, record.dataset.validation) == (
        own.test,
        own.validation,
    )


def test_the_report_of_predictions_is_true(run: Path) -> None:
    done = reportgen("verify", "report.pdf", "--json", "--quiet", folder=run)
    assert done.code == 0, done.stdout
    assert json.loads(done.stdout)["passed"]


def test_rendering_again_gives_the_same_bytes(folder: Path, run: Path) -> None:
    names = ("report.html", "report.pdf", "report.md")
    before = {name: (run / name).read_bytes() for name in names}
    done = reportgen("render", "output/model", "--format", "html,pdf,md", folder=folder)
    assert done.code == 0, done.stderr
    for name, content in before.items():
        assert (run / name).read_bytes() == content, name


def test_show_names_the_file_and_its_rows(folder: Path, run: Path) -> None:
    assert run.is_dir()
    done = reportgen("show", "output/model", folder=folder)
    assert done.code == 0
    assert "Predictions in model.npz: 360 test rows, seed 42" in done.stdout


def test_paper_names_what_the_report_rests_on(run: Path) -> None:
    pages = page_texts((run / "report.pdf").read_bytes())
    first = " ".join(pages[0].split())
    assert "model, predictions handed over" in first
    assert "360 test rows" in first
    assert "resampling seed 42" in first
    assert "without their model" in first


def test_paper_speaks_of_rows_where_nobody_saw_an_image(run: Path) -> None:
    text = " ".join(" ".join(page_texts((run / "report.pdf").read_bytes())).split())
    for line in (
        "The predictions were handed over without their images.",
        "The predictions were handed over without their images, so there is none",
        "without the model that made them and without its images.",
    ):
        text = text.replace(line, "")
    assert "image" not in text.lower()


def test_a_build_that_would_load_its_model_says_there_is_none(
    folder: Path, run: Path
) -> None:
    assert run.is_dir()
    done = reportgen("build", "--dataset", "digits", "--name", "model", folder=folder)
    assert done.code == 1
    assert "Received a run of predictions that were handed over" in done.stderr
