"""The measuring wing for predictions that were handed over, without their model."""

from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reportgen.data import row_ids_sha256
from reportgen.errors import OutputError, PredictionsError
from reportgen.evaluation import evaluate
from reportgen.metrics.binary import check_positive
from reportgen.model import ARCHIVE_NAME, PICKLE_NAME
from reportgen.pipeline.measuring import Measurement, sampling_of
from reportgen.pipeline.pictured import Pictured, pictured, pictured_rows
from reportgen.pipeline.request import SEED, BuildRequest, HandedPaths, HandedRows
from reportgen.pipeline.runs import PREDICTIONS, VALIDATION, plain_name
from reportgen.pipeline.stages import Stages
from reportgen.predictions import Predictions, Received, receive, to_npz
from reportgen.predictions.checks import few
from reportgen.predictions.naming import ROWS_NUMBERED, names_of_rows
from reportgen.record import (
    SCHEMA_VERSION,
    DatasetSummary,
    Handed,
    HandedFile,
    Part,
    Record,
    Timings,
    encodable,
)
from reportgen.requirements import check_classes

UNVALIDATED = "No predictions on a validation part were handed over."
"""Why there are none to fit a temperature and certify thresholds on."""

UNTOLD = (
    "Neither part names its rows: whether one of them is in both parts cannot be told."
)
"""Told where the rows of both were numbered."""


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """What was handed over, and what is known of it."""

    predictions: Predictions
    validation: Predictions | None
    handed: Handed
    notes: tuple[str, ...]
    images: NDArray[np.uint8] | None = None


def handed_folder(request: BuildRequest, source: HandedPaths | HandedRows) -> Path:
    """Returns the run folder, named after the file unless the request names it.

    Raises:
        OutputError: It holds a model, which the new run would not.
        UsageError: The name is not one plain folder name.
    """
    run = request.output / _run_name(request, source)
    require_no_model(run)
    return run


def require_no_model(run: Path) -> None:
    """Raises OutputError where a run folder holds a model, which the new one would not.

    Args:
        run: Where a run of predictions is to stand.
    """
    for name in (ARCHIVE_NAME, PICKLE_NAME):
        if (run / name).is_file():
            raise OutputError(
                f"{run} must hold no model, since a run of predictions has none and "
                f"takes its place. Received one with {name}. Choose another "
                "name: --name, or name= from Python."
            )


def _run_name(request: BuildRequest, source: HandedPaths | HandedRows) -> str:
    """Returns the name of the run: the one asked for, or the file's stem."""
    return plain_name(request.name or source.name)


def measure_handed(
    request: BuildRequest, source: HandedPaths | HandedRows, stages: Stages
) -> Measurement:
    """Returns what predictions that were handed over amount to.

    Args:
        request: What to build.
        source: The files of predictions, or the predictions themselves.
        stages: Times and tells each stage.

    Raises:
        PredictionsError: A file is missing or broken, the two do not fit together, or
            the positive class asked for is none of two.
        UsageError: A requirement names a class that is none.
    """
    with stages.stage("read"):
        rows = _read(source) if isinstance(source, HandedPaths) else _taken(source)
        check_classes(request.gate.requirements, rows.predictions.class_names)
        check_positive(rows.predictions.class_names, request.positive)
        dataset = _summary(rows, name=_title(request, source))
    seed = SEED if request.seed is None else request.seed
    with stages.stage("evaluate"):
        evaluation = evaluate(
            rows.predictions,
            images=rows.images,
            validation=rows.validation,
            unvalidated=UNVALIDATED,
            sampling=sampling_of(request, seed),
            check_intervals=request.certainty.check_intervals,
            positive=request.positive,
        )
    record = Record(
        schema_version=SCHEMA_VERSION,
        name=_run_name(request, source),
        title=request.author.title or f"{dataset.title}, predictions handed over",
        author=request.author.words,
        dataset=dataset,
        model=None,
        training=None,
        trained_on=None,
        evaluation=evaluation,
        provenance=request.provenance_of(seed),
        timings=Timings(request.created_at, tuple(stages.done)),
        notes=rows.notes,
    )
    return Measurement(record, rows.predictions, rows.validation, network=None)


def _title(request: BuildRequest, source: HandedPaths | HandedRows) -> str:
    """Returns what the rows are called: as their file, or as the run where none is."""
    known = isinstance(source, HandedPaths)
    return encodable(source.name if known else _run_name(request, source))


def _read(paths: HandedPaths) -> _Rows:
    """Returns the rows in files."""
    test, held_back = receive(paths.predictions, paths.asked), _read_validation(paths)
    validation = held_back.predictions if held_back else None
    seen = pictured(paths, test)
    handed = _handed(paths, test, held_back)
    found = _apart(seen.predictions if seen else test.predictions, validation, handed)
    notes = test.notes
    if held_back:
        notes += _of_validation(held_back.notes)
        notes += (UNTOLD,) if test.numbered and held_back.numbered else ()
    return _showing(replace(found, notes=notes + found.notes), seen)


def _taken(rows: HandedRows) -> _Rows:
    """Returns rows from memory, known by the files that the run folder will hold."""
    seen = pictured_rows(rows)
    test = seen.predictions if seen else rows.predictions
    validation = renamed(test, rows.validation)
    second = _as_written(VALIDATION, validation) if validation else None
    handed = Handed(_as_written(PREDICTIONS, test), second, in_memory=True)
    return _showing(_apart(test, rows.validation, handed), seen)


def _showing(rows: _Rows, seen: Pictured | None) -> _Rows:
    """Returns rows with what they show."""
    if seen is None:
        return rows
    return replace(
        rows,
        handed=replace(rows.handed, images=seen.source),
        images=seen.images,
        notes=rows.notes + seen.notes,
    )


def _as_written(name: str, predictions: Predictions) -> HandedFile:
    """Returns the file that predictions make."""
    return HandedFile(name, sha256(to_npz(predictions)).hexdigest())


def _apart(
    predictions: Predictions, validation: Predictions | None, handed: Handed
) -> _Rows:
    """Returns rows of two parts that fit together and share none."""
    apart = renamed(predictions, validation)
    check_apart(predictions, apart)
    notes = _of_validation(apart.notes if apart else ())
    if apart is not validation:
        notes += (UNTOLD,)
    return _Rows(predictions, apart, handed, notes)


def renamed(
    predictions: Predictions, validation: Predictions | None
) -> Predictions | None:
    """Returns the validation part, under other numbers where both were numbered.

    The first row of the one is not that of the other.
    """
    if validation is None:
        return None
    if not all(ROWS_NUMBERED in one.notes for one in (predictions, validation)):
        return validation
    return replace(validation, row_ids=names_of_rows(validation.n, part="validation"))


def _read_validation(paths: HandedPaths) -> Received | None:
    """Returns the validation part, None where there is none."""
    if paths.validation is None:
        return None
    return receive(paths.validation, paths.asked, part="validation")


def _handed(paths: HandedPaths, test: Received, held_back: Received | None) -> Handed:
    """Returns which files were handed over."""
    second = None
    if paths.validation and held_back:
        second = HandedFile(encodable(paths.validation.name), held_back.sha256)
    return Handed(HandedFile(encodable(paths.predictions.name), test.sha256), second)


def check_apart(predictions: Predictions, validation: Predictions | None) -> None:
    """Refuses validation rows of other classes, and any that are test rows too.

    Raises:
        PredictionsError: What is fitted on such rows could not be tested on the others.
    """
    if validation is None:
        return
    if validation.hard and not predictions.hard:
        raise PredictionsError(
            "A validation part must come with probabilities, since a temperature and "
            "thresholds are fitted on them. Received predicted labels alone. Leave it "
            "out, or hand over probabilities."
        )
    if validation.class_names != predictions.class_names:
        raise PredictionsError(
            "class_names must be the same in both files of predictions, in the same "
            f"order. Received {few(predictions.class_names)} in the test part and "
            f"{few(validation.class_names)} in the validation part. Write the columns "
            "of both in one order."
        )
    shared = predictions.row_ids[np.isin(predictions.row_ids, validation.row_ids)]
    if len(shared):
        raise PredictionsError(
            "row_ids of the validation part must differ from those of the test part, "
            "since what is fitted on the one is tried on the other. Received "
            f"{len(shared):,} in both: {few(shared.tolist())}. Keep each row in one "
            "file."
        )
    unnamed = names_of_rows(validation.n, part="validation")
    numbered = np.array_equal(validation.row_ids, unnamed)
    if numbered and not validation.hard and _same(predictions, validation):
        raise PredictionsError(
            "A validation part must hold other rows than the test part, since what is "
            "fitted on the one is tried on the other. Received the same labels and "
            "probabilities in both. Hand over rows that are not in the test part, or "
            "leave it out."
        )


def _same(first: Predictions, second: Predictions) -> bool:
    """Returns whether two parts say the same row for row, whatever their ids."""
    return np.array_equal(first.y_true, second.y_true) and np.array_equal(
        first.y_proba, second.y_proba
    )


def _summary(rows: _Rows, *, name: str) -> DatasetSummary:
    """Returns what is known of rows whose predictions were handed over."""
    return DatasetSummary(
        key=name,
        title=name,
        source=rows.handed.predictions.name,
        class_names=rows.predictions.class_names,
        validation=_part(rows.validation) if rows.validation else None,
        test=_part(rows.predictions),
        test_rows_sha256=row_ids_sha256(rows.predictions.row_ids),
        images=None,
        handed=rows.handed,
    )


def _part(predictions: Predictions) -> Part:
    """Returns how many rows there are, in all and of each class."""
    counts = np.bincount(predictions.y_true, minlength=predictions.k)
    return Part(predictions.n, tuple(counts.tolist()))


def _of_validation(notes: tuple[str, ...]) -> tuple[str, ...]:
    """Returns what was done to the validation part; the evaluation holds the rest."""
    return tuple(f"Validation part: {note}" for note in notes)
