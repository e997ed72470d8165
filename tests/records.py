"""A complete record of a small, made-up run, for tests of the showing wing."""

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.evaluation import evaluate
from reportgen.metrics.image_properties import image_columns
from reportgen.metrics.slices import slices
from reportgen.predictions import Column, Predictions
from reportgen.record import (
    SCHEMA_VERSION,
    AuthorWord,
    DatasetSummary,
    Division,
    Environment,
    Evaluation,
    Handed,
    HandedFile,
    History,
    Images,
    Layer,
    ModelSummary,
    Package,
    Part,
    Pixels,
    Provenance,
    Record,
    Repeat,
    Revision,
    Sample,
    Sampling,
    Stage,
    Suspects,
    Tempering,
    Timings,
    Training,
    Warping,
)

SIDE = 8
EPOCHS = 4
KINDS = (
    "original",
    "shift left",
    "shift right",
    "shift up",
    "shift down",
    "zoom in",
    "zoom out",
)


def make_predictions(n: int = 600, k: int = 10, *, seed: int = 0) -> Predictions:
    """Returns n rows over k classes, about nine in ten predicted right."""
    rng = np.random.default_rng(seed)
    y_true = rng.permutation(np.arange(n) % k)
    logits = rng.normal(size=(n, k)) * 1.5
    logits[np.arange(n), y_true] += 4.5
    proba = np.exp(logits - logits.max(axis=1, keepdims=True))
    proba /= proba.sum(axis=1, keepdims=True)
    names = tuple(map(str, range(k)))
    row_ids = np.array([f"test/{row:05d}" for row in range(n)])
    return Predictions(y_true, proba, names, row_ids)


def make_hard(n: int = 600, k: int = 10, *, seed: int = 0) -> Predictions:
    """Returns the labels alone that `make_predictions` reads from such rows."""
    drawn = make_predictions(n, k, seed=seed)
    one_hot = np.eye(k)[drawn.y_pred]  # (n, k)
    return Predictions(
        drawn.y_true, one_hot, drawn.class_names, drawn.row_ids, hard=True
    )


def of_one_class(k: int, *, hard: bool = False) -> Predictions:
    """Returns 60 rows that are all labelled with the first of k classes."""
    plain = make_hard(60, k) if hard else make_predictions(60, k)
    y_true = np.zeros(60, dtype=np.int64)
    return dataclasses.replace(plain, y_true=y_true)


def make_images(n: int, *, seed: int = 0) -> NDArray[np.uint8]:
    """Returns (n, 8, 8) images of noise."""
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, size=(n, SIDE, SIDE)).astype(np.uint8)


def make_columns(n: int) -> tuple[Column, ...]:
    """Returns two cameras in turn, and what noise looks like."""
    camera = np.array(["indoors", "out of doors"])[np.arange(n) % 2]
    return (Column("camera", camera), *image_columns(make_images(n)))


def sliced(
    evaluation: Evaluation, predictions: Predictions, *columns: Column
) -> Evaluation:
    """Returns the evaluation with slices by columns, by default those made up."""
    columns = columns or make_columns(predictions.n)
    known = dataclasses.replace(predictions, columns=columns)
    found = slices(known, evaluation.sampling)
    return dataclasses.replace(evaluation, slices=found)


def make_record(predictions: Predictions | None = None, **changes: Any) -> Record:
    """Returns a record of those predictions, with the named fields replaced."""
    predictions = predictions or make_predictions()
    evaluation = evaluate(
        predictions,
        images=make_images(predictions.n),
        validation=make_validation(predictions),
        sampling=Sampling(replicates=200),
    )
    record = Record(
        schema_version=SCHEMA_VERSION,
        name="shapes",
        title="Shapes, Sequential perceptron",
        author=(
            AuthorWord("intended_use", "Intended use", "Sorting of shapes <by> hand."),
            AuthorWord("licence", "Licence", None),
        ),
        dataset=make_dataset_summary(predictions),
        model=make_model_summary(predictions.k),
        training=make_training(),
        trained_on=Division("Shapes", "a" * 64, "pooled", 42, "c" * 64),
        evaluation=sliced(evaluation, predictions),
        provenance=make_provenance(),
        timings=Timings(
            "2026-01-02T03:04:05Z", (Stage("train", 12.34), Stage("predict", 0.56))
        ),
        notes=("The shapes were made up.",),
    )
    return dataclasses.replace(record, **changes)


def make_handed_record(
    predictions: Predictions | None = None, **changes: Any
) -> Record:
    """Returns a record of predictions that were handed over, with such a validation."""
    predictions = predictions or make_predictions()
    counts = tuple(np.bincount(predictions.y_true, minlength=predictions.k).tolist())
    part = Part(predictions.n, counts)
    dataset = DatasetSummary(
        key="scores",
        title="scores",
        source="scores.npz",
        class_names=predictions.class_names,
        validation=part,
        test=part,
        test_rows_sha256="c" * 64,
        images=None,
        handed=Handed(
            HandedFile("scores.npz", "e" * 64), HandedFile("held-back.npz", "f" * 64)
        ),
    )
    evaluation = evaluate(
        predictions,
        validation=make_validation(predictions),
        sampling=Sampling(replicates=200),
    )
    known = {
        "name": "scores",
        "title": "scores, predictions handed over",
        "dataset": dataset,
        "model": None,
        "training": None,
        "trained_on": None,
        "evaluation": sliced(evaluation, predictions, make_columns(predictions.n)[0]),
        "notes": (),
    }
    return dataclasses.replace(make_record(predictions), **{**known, **changes})


def images_of(record: Record) -> Images:
    """Returns the images of a record that has some."""
    assert record.dataset.images is not None
    return record.dataset.images


def suspects_of(evaluation: Evaluation) -> Suspects:
    """Returns the suspected labels of an evaluation that knows some."""
    assert evaluation.suspects is not None
    return evaluation.suspects


def with_images(record: Record, **changes: Any) -> Record:
    """Returns the record with the named fields of its images replaced."""
    images = dataclasses.replace(images_of(record), **changes)
    dataset = dataclasses.replace(record.dataset, images=images)
    return dataclasses.replace(record, dataset=dataset)


def with_replicates(record: Record, replicates: int) -> Record:
    """Returns the record as if so many replicates had been asked for."""
    evaluation = dataclasses.replace(
        record.evaluation, sampling=Sampling(replicates=replicates)
    )
    return dataclasses.replace(record, evaluation=evaluation)


def make_validation(predictions: Predictions) -> Predictions:
    """Returns as many rows over the same classes, for what must not see the others."""
    drawn = make_predictions(predictions.n, predictions.k, seed=1)
    row_ids = np.array([f"validation/{row:05d}" for row in range(drawn.n)])
    return Predictions(drawn.y_true, drawn.y_proba, predictions.class_names, row_ids)


def make_dataset_summary(predictions: Predictions) -> DatasetSummary:
    """Returns a dataset of which the predictions are the test part."""
    counts = tuple(np.bincount(predictions.y_true, minlength=predictions.k).tolist())
    part = Part(predictions.n, counts)
    images = make_images(25, seed=1)
    names = predictions.class_names
    samples = tuple(
        _sample(names[i % len(names)], f"train/{i:05d}", image)
        for i, image in enumerate(images)
    )
    augmented = tuple(_sample(kind, "train/00000", images[0]) for kind in KINDS)
    return DatasetSummary(
        key="shapes",
        title="Shapes",
        source="made up",
        class_names=names,
        validation=part,
        test=part,
        test_rows_sha256="c" * 64,
        images=Images(
            n=5 * predictions.n,
            height=SIDE,
            width=SIDE,
            channels=1,
            pixels_sha256="a" * 64,
            labels_sha256="b" * 64,
            protocol="pooled",
            published_split=True,
            split_seed=42,
            train=Part(3 * predictions.n, tuple(3 * c for c in counts)),
            augmentations=KINDS,
            samples=samples,
            augmented_samples=augmented,
        ),
        handed=None,
    )


def _sample(label: str, row_id: str, image: NDArray[np.uint8]) -> Sample:
    return Sample(label, row_id, Pixels(SIDE, SIDE, 1, image.tobytes()))


def make_model_summary(k: int) -> ModelSummary:
    """Returns a model of two layers."""
    layers = (
        Layer("dense_20", "Dense", (20,), "relu", 64 * 20 + 20),
        Layer("probabilities", "Dense", (k,), "softmax", 21 * k),
    )
    parameters = sum(layer.parameters for layer in layers)
    return ModelSummary(
        title="Sequential perceptron",
        kind="Sequential",
        input_shape=(SIDE, SIDE),
        output_classes=k,
        layers=layers,
        parameters=parameters,
        trainable_parameters=parameters,
        weights_sha256="d" * 64,
        source=None,
    )


def make_training() -> Training:
    """Returns a training of four epochs."""
    return Training(
        recipe="classic",
        description="Seven fixed augmentations and Adam.",
        optimizer="Adam",
        learning_rate=0.001,
        schedule="falls along half a cosine",
        loss="categorical cross-entropy",
        epochs=EPOCHS,
        batch_size=512,
        images_per_epoch=12600,
        seed=42,
        weights_sha256="d" * 64,
        history=History(
            loss=(0.9, 0.5, 0.3, 0.2),
            accuracy=(0.7, 0.8, 0.88, 0.93),
            validation_loss=(0.8, 0.5, 0.4, 0.45),
            validation_accuracy=(0.75, 0.82, 0.86, 0.85),
            learning_rate=(0.00085, 0.0005, 0.00015, 0.0),
        ),
    )


def with_warps(record: Record) -> Record:
    """Returns the record as if warps, a temperature and three seeds had made it."""
    training = dataclasses.replace(
        make_training(),
        recipe="warp",
        description="AdamW on images warped afresh.",
        optimizer="AdamW",
        images_per_epoch=1800,
        weight_decay=0.01,
        warping=Warping(0.2, 0.12, 0.15, 0.571, 0.286, 1.143),
        tempering=Tempering(1.25, 0.45, 0.42),
        repeats=(
            Repeat(42, "d" * 64, 0.96, 0.15),
            Repeat(43, "e" * 64, 0.97, 0.13),
            Repeat(44, "f" * 64, 0.98, 0.14),
        ),
        history=dataclasses.replace(
            make_training().history, validation_accuracy=(0.75, 0.91, 0.96, 0.97)
        ),
    )
    first, *others = images_of(record).augmented_samples
    warps = tuple(dataclasses.replace(one, label="fresh warp") for one in others)
    warped = with_images(
        record, augmentations=("fresh warp",), augmented_samples=(first, *warps)
    )
    timings = dataclasses.replace(record.timings, epoch_ends_s=(3.5, 4.25, 5.0, 5.75))
    return dataclasses.replace(warped, training=training, timings=timings)


def make_provenance() -> Provenance:
    """Returns a provenance with a git revision."""
    return Provenance(
        command=("reportgen", "build", "--retrain"),
        seed=42,
        reportgen="0.1.0",
        environment=Environment(
            python="3.12.1",
            platform="Linux-6.1-x86_64",
            processors=2,
            packages=(Package("keras", "3.15.1"), Package("numpy", "2.4.6")),
        ),
        revision=Revision("0123456789abcdef0123456789abcdef01234567", dirty=False),
    )
