"""The measuring wing from end to end: data, model, predictions, evaluation, record."""

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reportgen.data import (
    AUGMENTATIONS,
    Dataset,
    Split,
    split,
    summarise,
)
from reportgen.errors import DataError, UsageError
from reportgen.evaluation import evaluate
from reportgen.framing import LONGEST_SIDE, to_pixels
from reportgen.metrics.binary import check_positive
from reportgen.metrics.image_properties import image_columns
from reportgen.model import (
    Network,
    Said,
    describe,
    find_reading,
    load_model,
    reading_notes,
    weights_sha256,
)
from reportgen.pipeline.entrants import Look
from reportgen.pipeline.learning import learn, predicted, strength_of
from reportgen.pipeline.origin import (
    Origin,
    check_division,
    choose_split,
    find_origin,
    origin_notes,
    usual_protocol,
)
from reportgen.pipeline.request import BuildRequest
from reportgen.pipeline.runs import plain_name
from reportgen.pipeline.stages import Stages
from reportgen.predictions import Predictions
from reportgen.record import (
    SCHEMA_VERSION,
    DatasetSummary,
    Division,
    ModelSummary,
    Pixels,
    Record,
    Sampling,
    Timings,
    Training,
)

MODEL_TITLE = "Sequential perceptron"

UNVALIDATED = (
    "How this model was trained is not known, so neither are rows that it was not "
    "fitted on."
)
"""Why there is no validation part to fit a temperature and certify thresholds on."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """What the measuring wing hands on.

    Attributes:
        record: All that a report can say.
        predictions: Labels and probabilities of the test part.
        validation: Likewise of the validation part; None where it is not known that
            the model was not fitted on it.
        network: The Keras model that made them, None where they were handed over.
        look: Returns the image of a row of the test part; None where there are none.
    """

    record: Record
    predictions: Predictions
    validation: Predictions | None
    network: Network | None
    look: Look | None = None


@dataclass(frozen=True, slots=True)
class _Model:
    """A network ready to predict, and what is known of it."""

    network: Network
    summary: ModelSummary
    training: Training | None
    epoch_ends_s: tuple[float, ...] = ()


def measure(request: BuildRequest, dataset: Dataset, stages: Stages) -> Measurement:
    """Trains or loads the model, predicts the test part once, and evaluates.

    Args:
        request: What to build.
        dataset: The data.
        stages: Times and tells each stage.

    Raises:
        DataError: The data cannot be split.
        ModelError: There is no model yet, or it does not fit the data.
        PredictionsError: The positive class asked for is none of two.
        UsageError: Seed or protocol would test the model on its training images, or
            the user must say what the model's file does not.
    """
    check_positive(dataset.class_names, request.positive)
    origin = find_origin(request, run_folder(request, dataset))
    loaded = _loaded(request, origin, dataset, stages) if origin else None
    known = loaded is not None and loaded.training is not None
    division = origin.trained_on(dataset) if origin and known else None
    usual = usual_protocol(origin, division, dataset)
    protocol, seed = choose_split(request, division, usual=usual)
    parts = split(dataset, protocol=protocol, seed=seed)
    check_division(division, dataset, parts)
    model = loaded or _learned(request, dataset, parts, stages)
    trained_here = model.training is not None and (origin is None or division)
    columns = image_columns(dataset.images[parts.test])
    with stages.stage("predict"):
        reading = model.summary.reading
        predictions = predicted(
            model.network, dataset, parts.test, reading, columns=columns
        )
        validation = (
            predicted(model.network, dataset, parts.validation, reading)
            if trained_here
            else None
        )
    with stages.stage("evaluate"):
        evaluation = evaluate(
            predictions,
            images=dataset.images[parts.test],
            validation=validation,
            unvalidated=UNVALIDATED,
            sampling=sampling_of(request, seed),
            check_intervals=request.certainty.check_intervals,
            positive=request.positive,
        )
    shown = model.training if trained_here else None
    summary = summarise(
        dataset,
        parts,
        augmentations=AUGMENTATIONS if shown else (),
        strength=strength_of(shown.warping, dataset) if shown else None,
    )
    record = Record(
        schema_version=SCHEMA_VERSION,
        name=run_name(request, dataset),
        title=request.author.title or f"{dataset.title}, {model.summary.title}",
        author=request.author.words,
        dataset=summary,
        model=model.summary,
        training=model.training,
        trained_on=_trained_on(origin, model, summary),
        evaluation=evaluation,
        provenance=request.provenance_of(seed),
        timings=Timings(request.created_at, tuple(stages.done), model.epoch_ends_s),
        notes=origin_notes(origin, division, known=known)
        + reading_notes(model.network, reading)
        + dataset.notes
        + _shown_smaller(dataset),
    )
    look = partial(_image, dataset, parts.test)
    return Measurement(record, predictions, validation, model.network, look)


def _image(dataset: Dataset, rows: NDArray[np.int64], row: int) -> Pixels:
    """Returns the image of one of those rows of a dataset."""
    return to_pixels(dataset.images[rows[row]])


def _shown_smaller(dataset: Dataset) -> tuple[str, ...]:
    """Returns what to tell of images that are larger than a page shows them."""
    if max(dataset.height, dataset.width) <= LONGEST_SIDE:
        return ()
    note = (
        f"Images are shown at up to {LONGEST_SIDE} pixels a side; model and "
        f"measurements had them whole, {dataset.height} x {dataset.width}."
    )
    return (note,)


def sampling_of(request: BuildRequest, seed: int) -> Sampling:
    """Returns how intervals are made: as asked for, from the run's seed."""
    return Sampling(request.certainty.level, request.certainty.replicates, seed)


def _trained_on(
    origin: Origin | None, model: _Model, summary: DatasetSummary
) -> Division | None:
    """Returns what the weights were fitted on: these data, the record's, or unknown."""
    if model.training is None:
        return None
    if origin and origin.record:
        return origin.record.trained_on
    assert summary.images is not None
    return Division(
        title=summary.title,
        pixels_sha256=summary.images.pixels_sha256,
        protocol=summary.images.protocol,
        split_seed=summary.images.split_seed,
        test_rows_sha256=summary.test_rows_sha256,
    )


def run_name(request: BuildRequest, dataset: Dataset) -> str:
    """Returns the name of the run: the one asked for, or the dataset's key."""
    return plain_name(request.name or dataset.key)


def run_folder(request: BuildRequest, dataset: Dataset) -> Path:
    """Returns the folder of the run that the request builds."""
    return request.output / run_name(request, dataset)


def _learned(
    request: BuildRequest, dataset: Dataset, parts: Split, stages: Stages
) -> _Model:
    """Returns a network trained on the training part as its recipe shows it.

    Raises:
        DataError: The images are in colour, or a test part alone.
    """
    if dataset.official_test is not None and dataset.official_test.all():
        raise DataError(
            f"--retrain needs a training part. Received a test part alone in "
            f"{dataset.source}. Add x_train and y_train, or name a model with --model."
        )
    if dataset.channels > 1:
        raise DataError(
            "--retrain trains on grey images. Received "
            f"{dataset.n:,} in RGB. Train a model on them with Keras, save it with "
            "model.save, and name it with --model; or save the images in grey."
        )
    run = run_folder(request, dataset)
    with stages.stage("train"):
        learned = learn(request, dataset, parts, stages.watcher, run)
    summary = describe(learned.network, title=MODEL_TITLE, source=None)
    return _Model(learned.network, summary, learned.training, learned.epoch_ends_s)


def _loaded(
    request: BuildRequest, origin: Origin, dataset: Dataset, stages: Stages
) -> _Model:
    """Returns the network of a model file that fits the data."""
    with stages.stage("load"):
        return _fitting(request, origin, dataset)


def _fitting(request: BuildRequest, origin: Origin, dataset: Dataset) -> _Model:
    """Returns it, with its training where the record beside it is of these weights."""
    network = load_model(origin.model, trusted=origin.trusted)
    file = origin.model.name
    known = origin.record
    digest = weights_sha256(network)
    trained = known is not None and origin.knows(digest)
    if not trained:
        _check_order(dataset)
    reading = find_reading(
        network,
        dataset.images.shape[1:],
        class_names=dataset.class_names,
        said=_said(request, origin, digest),
    )
    summary = describe(
        network,
        title=file,
        source=file,
        reading=reading,
        classes=len(dataset.class_names),
    )
    summary = replace(summary, trusted=origin.trusted)
    if known is None or not trained:
        return _Model(network, summary, None)
    assert known.model is not None  # no training is known without one
    title = known.model.title
    return _Model(network, replace(summary, title=title), known.training)


def _said(request: BuildRequest, origin: Origin, digest: str) -> Said:
    """Returns what is said of a model, now or when its run was built."""
    model = origin.record.model if origin.record else None
    before = model.reading if model and model.weights_sha256 == digest else None
    scale, kind = request.said.scale, request.said.output_kind
    if before and before.scale_asked:
        scale = scale or before.scale
    if before and before.output_kind_asked:
        kind = kind or before.output_kind
    return Said(scale, kind)


def _check_order(dataset: Dataset) -> None:
    """Refuses class names whose order was guessed, for a model of unknown training."""
    if not dataset.order_assumed:
        return
    natural = dataset.class_names
    place, name = next(
        (place, name)
        for place, (name, other) in enumerate(
            zip(natural, sorted(natural), strict=True)
        )
        if name != other
    )
    raise UsageError(
        "--class-order must say which class each output of the model is for, where "
        f"names have two orders. Received output {place}, which is {name!r} in natural "
        f"order and {sorted(natural)[place]!r} in that of characters. Add "
        "--class-order sorted where Keras or PyTorch read the folders for its "
        "training, or --class-order natural."
    )
