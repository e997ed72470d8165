"""Which model a build uses, and what is known of its training."""

from dataclasses import dataclass
from pathlib import Path

from reportgen.data import Dataset, pixels_sha256
from reportgen.errors import ModelError, UsageError
from reportgen.model import ARCHIVE_NAME, PICKLE_NAME
from reportgen.pipeline.request import PROTOCOL, SEED, BuildRequest
from reportgen.pipeline.runs import RECORD, read_record
from reportgen.record import Protocol, Record, Training

UNKNOWN_TRAINING = (
    "No record of this model's training was found beside it: whether it has seen any "
    "of the test images is not known."
)


@dataclass(frozen=True, slots=True)
class Origin:
    """A model file and the record that was written beside it.

    Attributes:
        model: Model file to load, None where the model is trained anew.
        record: The record beside it, None where there is none.
    """

    model: Path | None
    record: Record | None

    def training_of(self, weights_sha256: str) -> Training | None:
        """Returns how those weights came to be, None where that is not known."""
        if self.record is None or self.record.training is None:
            return None
        known = self.record.training
        return known if known.weights_sha256 == weights_sha256 else None


def find_origin(request: BuildRequest, run: Path) -> Origin:
    """Returns the model to load and its record.

    Args:
        request: What to build.
        run: The run folder.

    Raises:
        ModelError: There is no model yet.
        RecordError: The record beside the model is broken.
    """
    if request.retrain:
        return Origin(None, None)
    model = request.model or _model_of(run)
    beside = model.parent / RECORD
    return Origin(model, read_record(model.parent) if beside.is_file() else None)


def _model_of(run: Path) -> Path:
    """Returns the model file of a run folder."""
    for name in (ARCHIVE_NAME, PICKLE_NAME):
        if (run / name).is_file():
            return run / name
    raise ModelError(
        f"{run} must hold a trained model, {ARCHIVE_NAME} or {PICKLE_NAME}. Received "
        "none yet. Train one with --retrain, or name a file with --model."
    )


def choose_split(
    request: BuildRequest, origin: Origin, dataset: Dataset
) -> tuple[Protocol, int]:
    """Returns protocol and seed of the split that keeps the test part unseen.

    A model loaded from a run is tested on the rows that its own run held back.

    Args:
        request: What to build; its own choices go first.
        origin: The model to load and its record.
        dataset: The data.

    Raises:
        UsageError: The choices would test the model on rows that it was trained on.
    """
    known = origin.record.dataset if origin.record else None
    if known is None or known.pixels_sha256 != pixels_sha256(dataset):
        return (
            request.protocol or PROTOCOL,
            request.seed if request.seed is not None else SEED,
        )
    asked = (
        request.protocol or known.protocol,
        request.seed if request.seed is not None else known.split_seed,
    )
    if asked != (known.protocol, known.split_seed):
        raise UsageError(
            f"--protocol and --seed must be {known.protocol} and {known.split_seed}, "
            f"with which {origin.model} was trained: another split would test it on "
            f"its own training images. Received {asked[0]} and {asked[1]}. Leave them "
            "out, or add --retrain."
        )
    return asked


def origin_notes(
    origin: Origin, training: Training | None, dataset: Dataset
) -> tuple[str, ...]:
    """Returns what a reader must know of where the model comes from."""
    if origin.model is None:
        return ()
    if training is None or origin.record is None:
        return (UNKNOWN_TRAINING,)
    if origin.record.dataset.pixels_sha256 == pixels_sha256(dataset):
        return ()
    title = origin.record.dataset.title
    overlap = "whether these test images overlap with them is not known."
    return (f"The model was trained on other data, {title}; {overlap}",)
