"""Which model a build uses, and what is known of its training."""

from dataclasses import dataclass
from pathlib import Path

from reportgen.data import Dataset, Split, pixels_sha256, row_ids_sha256
from reportgen.errors import ModelError, UsageError
from reportgen.model import ARCHIVE_NAME, PICKLE_NAME
from reportgen.pipeline.manifest import require_unchanged
from reportgen.pipeline.request import PROTOCOL, SEED, BuildRequest
from reportgen.pipeline.runs import RECORD, read_record
from reportgen.record import Division, Protocol, Record

UNKNOWN_TRAINING = (
    "No record of this model's training was found beside it: whether it has seen any "
    "of the test images is not known."
)


TRUSTED = (
    "The model file was loaded with --trust-model: it was not held to layers that only "
    "compute, and code in it could run."
)


@dataclass(frozen=True, slots=True)
class Origin:
    """A model file and the record that was written beside it.

    Attributes:
        model: Model file to load.
        record: The record beside it, None where there is none.
        trusted: Whether the user vouches for the file.
    """

    model: Path
    record: Record | None
    trusted: bool = False

    def trained_on(self, dataset: Dataset) -> Division | None:
        """Returns the division that the model was trained on, if it is of these data.

        Args:
            dataset: The data that it is to be tested on.
        """
        division = self.record.trained_on if self.record else None
        if division is None or division.pixels_sha256 != pixels_sha256(dataset):
            return None
        return division

    def knows(self, weights_sha256: str) -> bool:
        """Returns whether the record tells how those weights came to be."""
        training = self.record.training if self.record else None
        return training is not None and training.weights_sha256 == weights_sha256


def find_origin(request: BuildRequest, run: Path) -> Origin | None:
    """Returns the model to load and its record, None where one is to be trained.

    Args:
        request: What to build.
        run: The run folder.

    Raises:
        ModelError: There is no model yet.
        OutputError: The record beside the model cannot be read, or the model or its
            record was changed since they were written.
        RecordError: The record beside the model is broken.
    """
    if request.retrain:
        return None
    model = request.model or model_of(run)
    require_unchanged(model)
    return Origin(model, _record_beside(model), request.trusted)


def _record_beside(model: Path) -> Record | None:
    """Returns the record in the model's folder, None where there is none."""
    try:
        found = model.is_file()
    except OSError:  # a path that cannot be; loading the model says what is wrong
        return None
    return _record_in(model.parent) if found else None


def _record_in(folder: Path) -> Record | None:
    """Returns the record of a folder, None where there is none."""
    return read_record(folder) if (folder / RECORD).is_file() else None


def model_of(run: Path) -> Path:
    """Returns the model file of a run folder.

    Raises:
        ModelError: There is no model yet, or the run is one of predictions.
        OutputError: Its record cannot be read.
        RecordError: Its record is broken.
    """
    for name in (ARCHIVE_NAME, PICKLE_NAME):
        if (run / name).is_file():
            return run / name
    record = _record_in(run)
    if record is not None and record.model is None:
        raise ModelError(
            f"{run} must hold a trained model. Received a run of predictions that were "
            f"handed over, {record.dataset.source!r}, without the model that made "
            "them. Train one with --retrain under another --name, name a file with "
            "--model, or hand the predictions over again with --predictions."
        )
    raise ModelError(
        f"{run} must hold a trained model, {ARCHIVE_NAME} or {PICKLE_NAME}. Received "
        "none yet. Train one with --retrain, or name a file with --model."
    )


def usual_protocol(
    origin: Origin | None, division: Division | None, dataset: Dataset
) -> Protocol:
    """Returns how images are divided where the user does not say.

    A model of which it is not known that it was trained on a part of these images is
    tested on the published test part, and without one on all of them: to leave some out
    would make no other one less seen.

    Args:
        origin: The model that is loaded, None where one is to be trained.
        division: What it was trained on, if that is known and of these data.
        dataset: The data.
    """
    if division:
        return division.protocol
    if origin is None:
        return PROTOCOL
    return "all" if dataset.official_test is None else "official"


def choose_split(
    request: BuildRequest, division: Division | None, *, usual: Protocol = PROTOCOL
) -> tuple[Protocol, int]:
    """Returns protocol and seed of the split that keeps the test part unseen.

    Args:
        request: What to build; its own choices go first.
        division: What the loaded model was trained on, None where nothing is known.
        usual: Protocol where the user does not choose one.

    Raises:
        UsageError: The choices would test the model on rows that it was trained on.
    """
    own = (division.protocol, division.split_seed) if division else (usual, SEED)
    asked = (
        request.protocol or own[0],
        own[1] if request.seed is None else request.seed,
    )
    if request.retrain and asked[0] == "all":
        raise UsageError(
            "--protocol all tests a model on every image, and so leaves none to train "
            "on. Received it with --retrain. Leave one out."
        )
    if division and asked != own:
        raise UsageError(
            f"--protocol and --seed must be {own[0]} and {own[1]}, with which the "
            "model was trained: another split would test it on its own training "
            f"images. Received {asked[0]} and {asked[1]}. Leave them out, or add "
            "--retrain."
        )
    return asked


def check_division(division: Division | None, dataset: Dataset, parts: Split) -> None:
    """Raises ModelError where training images of the model are in the test part.

    The split follows from labels and published parts as well, which can have changed
    where the pixels have not.

    Args:
        division: What the loaded model was trained on, None where nothing is known.
        dataset: The data.
        parts: How they were divided now.
    """
    if division is None:
        return
    if row_ids_sha256(dataset.row_ids[parts.test]) != division.test_rows_sha256:
        raise ModelError(
            "The model must be tested on the rows that its training held back. "
            "Received the same images with other labels or parts, which divide "
            "otherwise. Train it anew with --retrain."
        )


def origin_notes(
    origin: Origin | None, division: Division | None, *, known: bool
) -> tuple[str, ...]:
    """Returns what a reader must know of where the model comes from.

    Args:
        origin: The model that was loaded, None where it was trained.
        division: What it was trained on, if that is known and of these data.
        known: Whether the record beside it is of its weights: the file may have been
            replaced since.
    """
    if origin is None:
        return ()
    trusted = (TRUSTED,) if origin.trusted else ()
    record = origin.record if known else None
    return trusted + _training_notes(record, division)


def _training_notes(
    record: Record | None, division: Division | None
) -> tuple[str, ...]:
    """Returns what a reader must know of the training of a model that was loaded."""
    if division:
        return ()
    elsewhere = record.trained_on if record else None
    if elsewhere is None:
        return (UNKNOWN_TRAINING,)
    overlap = "whether these test images overlap with them is not known."
    return (f"The model was trained on other data, {elsewhere.title}; {overlap}",)
