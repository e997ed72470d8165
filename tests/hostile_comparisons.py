"""Hostile pairs of runs, one of them handed over by a stranger for a comparison."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

from hostile import Case
from hostile_papers import PLAIN, raw_pdf

from handed import write_scores
from records import make_predictions, make_record
from reportgen.data import row_ids_sha256
from reportgen.predictions import Predictions
from reportgen.record import to_json
from reports import to_bytes

COMPARE = ("compare", "old", "new", "--quiet")
REPORTS = ("compare", "old.pdf", "new", "--quiet")

Files = dict[str, bytes]
"""Content by path below the folder of a case."""


@cache
def sound(k: int = 3) -> tuple[bytes, bytes]:
    """Returns the record and the predictions of a run of sixty rows."""
    predictions = make_predictions(60, k)
    made = make_record(predictions)
    hashed = row_ids_sha256(predictions.row_ids)
    made = replace(made, dataset=replace(made.dataset, test_rows_sha256=hashed))
    return to_json(made), to_bytes(predictions)


@cache
def other_rows() -> bytes:
    """Returns predictions of other rows."""
    return to_bytes(make_predictions(61, 3))


@cache
def other_decisions() -> bytes:
    """Returns predictions of the same rows, those of another model."""
    mine, others = make_predictions(60, 3), make_predictions(60, 3, seed=1)
    return to_bytes(
        Predictions(mine.y_true, others.y_proba, mine.class_names, mine.row_ids)
    )


def run(
    name: str, made: bytes | None = None, predictions: bytes | None = None
) -> Files:
    """Returns a sound run folder with one of its files replaced."""
    files = sound()
    return {
        f"{name}/record.json": made or files[0],
        f"{name}/predictions.npz": predictions or files[1],
    }


def _case(
    key: str,
    what: str,
    made: Callable[[], Files],
    says: str,
    *,
    command: tuple[str, ...] = COMPARE,
) -> Case:
    """Returns a case of files; a report is opened by a process of ours."""

    def write(folder: Path) -> None:
        for name, content in made().items():
            path = folder / name
            path.parent.mkdir(exist_ok=True, parents=True)
            path.write_bytes(content)

    reported = any(word.endswith(".pdf") for word in command)
    return Case(key, "comparisons", what, write, command, says, child=reported)


def _with_scores(folder: Path) -> None:
    """Writes predictions, and a baseline that is no report."""
    write_scores(folder / "scores.npz")
    (folder / "old.pdf").write_bytes(raw_pdf(PLAIN))


CASES: tuple[Case, ...] = (
    _case(
        "another-model",
        "a record with the predictions of another model on the same rows",
        lambda: {**run("old", predictions=other_decisions()), **run("new")},
        "confusion matrix: the record counts other predictions",
    ),
    _case(
        "another-test-set",
        "a record with predictions of other rows",
        lambda: {**run("old"), **run("new", predictions=other_rows())},
        "must be of one run to be compared",
    ),
    _case(
        "cut-predictions",
        "predictions that end in the middle",
        lambda: {**run("old", predictions=sound()[1][:700]), **run("new")},
        "must be an NPZ file",
    ),
    _case(
        "cut-record",
        "a record that ends in the middle",
        lambda: {**run("old", made=sound()[0][:700]), **run("new")},
        "record.json must be UTF-8 JSON",
    ),
    _case(
        "another-task",
        "a run of other classes",
        lambda: {
            **run("old", *sound(2)),
            **run("new"),
        },
        "Received '2' only in the candidate",
    ),
    _case(
        "no-predictions",
        "a folder with a record alone",
        lambda: {"old/record.json": sound()[0], **run("new")},
        "must hold predictions.npz beside record.json",
    ),
    _case(
        "no-report",
        "a PDF that carries nothing",
        lambda: {"old.pdf": raw_pdf(PLAIN), **run("new")},
        "must carry record.json",
        command=REPORTS,
    ),
    _case(
        "cut-report",
        "a PDF that ends in the middle",
        lambda: {"old.pdf": raw_pdf(PLAIN)[:90], **run("new")},
        "must be a whole PDF",
        command=REPORTS,
    ),
    _case(
        "thesis",
        "a thesis where the comparison is to be written",
        lambda: {
            **run("old"),
            **run("new"),
            "output/old-vs-new/thesis.txt": b"years of work",
        },
        "holds 'thesis.txt', which it would delete",
    ),
    _case(
        "a-run-in-its-place",
        "a run by the name of the comparison",
        lambda: {**run("old"), **run("new"), **run("output/old-vs-new")},
        "absent, empty or the folder of a comparison",
    ),
    Case(
        "baseline",
        "comparisons",
        "a PDF that carries nothing as the baseline of a build",
        _with_scores,
        ("build", "--predictions", "scores.npz", "--baseline", "old.pdf", "--quiet"),
        "must carry record.json",
        child=True,
    ),
)
