"""The measuring wing for predictions that were handed over: no model, no images."""

from pathlib import Path

import numpy as np

from reportgen.data import row_ids_sha256
from reportgen.errors import OutputError, PredictionsError
from reportgen.evaluation import evaluate
from reportgen.model import ARCHIVE_NAME, PICKLE_NAME
from reportgen.pipeline.measuring import Measurement, sampling_of
from reportgen.pipeline.request import SEED, BuildRequest, HandedPaths
from reportgen.pipeline.runs import plain_name
from reportgen.pipeline.stages import Stages
from reportgen.predictions import Predictions, Received, receive
from reportgen.predictions.checks import shown
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

UNVALIDATED = "No predictions on a validation part were handed over."
"""Why there are none to fit a temperature and certify thresholds on."""


def handed_folder(request: BuildRequest, paths: HandedPaths) -> Path:
    """Returns the run folder, named after the file unless the request names it.

    Raises:
        OutputError: It holds a model, which the new run would not.
        UsageError: The name is not one plain folder name.
    """
    run = request.output / _run_name(request, paths)
    for name in (ARCHIVE_NAME, PICKLE_NAME):
        if (run / name).is_file():
            raise OutputError(
                f"{run} must hold no model, since a run of predictions has none and "
                f"takes its place. Received one with {name}. Choose another --name."
            )
    return run


def _run_name(request: BuildRequest, paths: HandedPaths) -> str:
    """Returns the name of the run: the one asked for, or the file's stem."""
    return plain_name(request.name or paths.predictions.stem)


def measure_handed(
    request: BuildRequest, paths: HandedPaths, stages: Stages
) -> Measurement:
    """Returns what predictions that were handed over amount to.

    Args:
        request: What to build.
        paths: The files of predictions.
        stages: Times and tells each stage.

    Raises:
        PredictionsError: A file is missing or broken, or the two do not fit together.
    """
    with stages.stage("read"):
        test = receive(paths.predictions, paths.asked)
        held_back = _read_validation(paths)
        predictions = test.predictions
        validation = held_back.predictions if held_back else None
        check_apart(predictions, validation)
        dataset = _summary(predictions, validation, _handed(paths, test, held_back))
    seed = SEED if request.seed is None else request.seed
    with stages.stage("evaluate"):
        evaluation = evaluate(
            predictions,
            validation=validation,
            unvalidated=UNVALIDATED,
            sampling=sampling_of(request, seed),
            check_intervals=request.certainty.check_intervals,
        )
    record = Record(
        schema_version=SCHEMA_VERSION,
        name=_run_name(request, paths),
        title=request.author.title or f"{dataset.title}, predictions handed over",
        author=request.author.words,
        dataset=dataset,
        model=None,
        training=None,
        trained_on=None,
        evaluation=evaluation,
        provenance=request.provenance_of(seed),
        timings=Timings(request.created_at, tuple(stages.done)),
        notes=_notes(test, held_back),
    )
    return Measurement(record, predictions, validation, network=None)


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
    if validation.hard or predictions.hard:
        part = "validation" if validation.hard else "test"
        raise PredictionsError(
            "--validation-predictions must come with probabilities in both files: a "
            "temperature and thresholds are fitted on those of the one and tried on "
            f"the other. Received predicted labels alone in the {part} part. Leave it "
            "out, or hand over probabilities."
        )
    if validation.class_names != predictions.class_names:
        raise PredictionsError(
            "class_names must be the same in both files of predictions, in the same "
            f"order. Received {_few(predictions.class_names)} in the test part and "
            f"{_few(validation.class_names)} in the validation part."
        )
    shared = predictions.row_ids[np.isin(predictions.row_ids, validation.row_ids)]
    if len(shared):
        raise PredictionsError(
            "row_ids of the validation part must differ from those of the test part, "
            "since what is fitted on the one is tried on the other. Received "
            f"{len(shared):,} in both: {_few(shared.tolist())}. Keep each row in one "
            "file."
        )


def _few(names: tuple[str, ...] | list[str]) -> str:
    """Returns the first five names, and how many there are besides."""
    more = f" and {len(names) - 5:,} more" if len(names) > 5 else ""  # noqa: PLR2004 - five are named
    return ", ".join(map(shown, names[:5])) + more


def _summary(
    predictions: Predictions, validation: Predictions | None, handed: Handed
) -> DatasetSummary:
    """Returns what is known of rows whose predictions were handed over."""
    name = handed.predictions.name
    title = Path(name).stem
    return DatasetSummary(
        key=title,
        title=title,
        source=name,
        class_names=predictions.class_names,
        validation=_part(validation) if validation else None,
        test=_part(predictions),
        test_rows_sha256=row_ids_sha256(predictions.row_ids),
        images=None,
        handed=handed,
    )


def _part(predictions: Predictions) -> Part:
    """Returns how many rows there are, in all and of each class."""
    counts = np.bincount(predictions.y_true, minlength=predictions.k)
    return Part(predictions.n, tuple(counts.tolist()))


def _notes(test: Received, held_back: Received | None) -> tuple[str, ...]:
    """Returns what was done to read both parts; the evaluation holds the rest."""
    if held_back is None:
        return test.notes
    found = (*held_back.notes, *held_back.predictions.notes)
    return (*test.notes, *(f"Validation part: {note}" for note in found))
