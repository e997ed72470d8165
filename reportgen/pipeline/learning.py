"""From a training part to a network: trained, tempered, kept in mind, repeated."""

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reportgen.data import (
    STRENGTH,
    AugmentedPart,
    Dataset,
    Split,
    Strength,
    WarpedPart,
    labels_sha256,
    pixels_sha256,
    row_ids_sha256,
)
from reportgen.errors import OutputError
from reportgen.metrics.probability import row_log_loss
from reportgen.metrics.temperature import fit_temperature
from reportgen.model import (
    Listener,
    Network,
    Progress,
    Recipe,
    TrainingPart,
    TrainingSettings,
    build_network,
    find_recipe,
    from_bytes,
    predict_proba,
    temper,
    to_bytes,
    train,
    train_literally,
    weights_sha256,
)
from reportgen.opening import open_regular
from reportgen.pipeline.request import BuildRequest, Watcher
from reportgen.pipeline.runs import write_file, writing
from reportgen.predictions import Column, Predictions, contents_of
from reportgen.record import Provenance, Reading, Repeat, Tempering, Training, Warping

COMPUTING = ("keras", "numpy", "scipy", "tensorflow")
"""Packages whose version decides over the last bits of the weights."""

SEEDS = 2**32
"""How many seeds there are; behind the last comes 0."""


@dataclass(frozen=True, slots=True)
class Learned:
    """A network that was trained, and how that went.

    Attributes:
        network: The Keras model.
        training: Its record.
        epoch_ends_s: Seconds from the beginning of the training to the end of each
            epoch.
    """

    network: Network
    training: Training
    epoch_ends_s: tuple[float, ...]


def learn(
    request: BuildRequest, dataset: Dataset, parts: Split, watcher: Watcher, run: Path
) -> Learned:
    """Returns a network trained on the training part, from each seed that is asked for.

    The first seed's network is the run's; no score decides which one is.

    Args:
        request: What to build.
        dataset: The data.
        parts: How they are divided.
        watcher: Who is told how it goes.
        run: The run folder, beside which the progress is kept.

    Raises:
        ModelError: The loss is no longer finite, or an interrupted training was asked
            for something else.
        OutputError: The progress cannot be written or read.
    """
    seeds = ((parts.seed + k) % SEEDS for k in range(request.settings.repeats))
    learned, *others = (
        _learned(request, dataset, replace(parts, seed=seed), watcher, run)
        for seed in seeds
    )
    if not others:
        return learned
    repeats = tuple(_repeat(one, dataset, parts) for one in (learned, *others))
    return replace(learned, training=replace(learned.training, repeats=repeats))


def _learned(
    request: BuildRequest, dataset: Dataset, parts: Split, watcher: Watcher, run: Path
) -> Learned:
    """Returns a network trained from the seed of the parts."""
    recipe = find_recipe(request.settings.recipe)
    height, width = dataset.images.shape[1:]
    network = build_network(
        height, width, classes=len(dataset.class_names), seed=parts.seed
    )
    part = _part(recipe, dataset, parts)
    settings = TrainingSettings(
        recipe=recipe,
        epochs=request.settings.epochs or recipe.epochs,
        batch_size=request.settings.batch_size or recipe.batch_size_for(len(part)),
        seed=parts.seed,
    )
    validation = dataset.images[parts.validation], dataset.labels[parts.validation]
    listener = Listener(watcher.clock, watcher.on_epoch, watcher.on_step)
    if recipe.literal:
        trained = train_literally(
            network, part, validation=validation, settings=settings, listener=listener
        )
    else:
        path = progress_file(run, parts.seed)
        identity = _identity(settings, dataset, parts, request.provenance)
        trained = train(
            network,
            part,
            validation=validation,
            settings=settings,
            listener=replace(
                listener,
                on_progress=lambda made: _keep(made, path, identity),
            ),
            begun=_begun(path, identity) if request.settings.resume else None,
        )
    training = _finished(trained.training, recipe, network, dataset, parts)
    return Learned(network, training, trained.epoch_ends_s)


def _part(recipe: Recipe, dataset: Dataset, parts: Split) -> TrainingPart:
    """Returns the training part as the recipe shows it."""
    kind = WarpedPart if recipe.views == "warps" else AugmentedPart
    return kind(dataset.images, dataset.labels, rows=parts.train)


def _identity(
    settings: TrainingSettings, dataset: Dataset, parts: Split, provenance: Provenance
) -> str:
    """Returns what a training was asked for, and what computes it, in a line.

    The seed does not tell the rows: a repeat has another one on the split of the first.
    Other versions may hold other recipes, or round otherwise.
    """
    versions = {one.name: one.version for one in provenance.environment.packages}
    asked = {
        "recipe": settings.recipe.key,
        "epochs": settings.epochs,
        "batch_size": settings.batch_size,
        "seed": settings.seed,
        "pixels": pixels_sha256(dataset)[:12],
        "labels": labels_sha256(dataset)[:12],
        "training_rows": row_ids_sha256(dataset.row_ids[parts.train])[:12],
        "reportgen": provenance.reportgen,
        **{name: versions.get(name) for name in COMPUTING},
    }
    return json.dumps(asked)


def progress_file(run: Path, seed: int) -> Path:
    """Returns where the progress of a training is kept until its run folder stands."""
    return run.with_name(f".{run.name}.seed-{seed}.progress")


def forget_progress(run: Path) -> None:
    """Removes the progress of every training of a run folder that now stands."""
    # The name to the letter: a run may be called as another one is with its seed.
    ours = re.compile(rf"\.{re.escape(run.name)}\.seed-[0-9]+\.progress")
    with writing(run):
        for path in list(run.parent.iterdir()):
            if ours.fullmatch(path.name):
                path.unlink(missing_ok=True)


def _keep(progress: Progress, path: Path, identity: str) -> None:
    """Writes the progress; the one before it is whole until then."""
    write_file(path, to_bytes(progress, identity))


def _begun(path: Path, identity: str) -> Progress | None:
    """Returns the progress of an interrupted training, None where there is none."""
    try:
        with open_regular(path) as file:
            content = file.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise OutputError(
            f"{path} must be readable: {error.strerror or error}. Leave --resume out."
        ) from error
    return from_bytes(content, identity)


def _finished(
    training: Training, recipe: Recipe, network: Network, dataset: Dataset, parts: Split
) -> Training:
    """Returns the record of a training, the network tempered where the recipe says."""
    if recipe.views == "warps":
        training = replace(training, warping=_warping(dataset))
    if not recipe.tempered:
        return training
    before = predicted(network, dataset, parts.validation)
    temperature = fit_temperature(before).temperature
    temper(network, temperature)
    after = predicted(network, dataset, parts.validation)
    return replace(
        training,
        weights_sha256=weights_sha256(network),
        tempering=Tempering(
            temperature,
            float(row_log_loss(before).mean()),
            float(row_log_loss(after).mean()),
        ),
    )


def _warping(dataset: Dataset) -> Warping:
    """Returns how far the warps of these images go, in pixels."""
    side = max(dataset.height, dataset.width)
    return Warping(
        rotation=STRENGTH.rotation,
        scale=STRENGTH.scale,
        shear=STRENGTH.shear,
        shift_px=side * STRENGTH.shift,
        bend_px=side * STRENGTH.bend,
        smoothness_px=side * STRENGTH.smoothness,
    )


def strength_of(warping: Warping | None, dataset: Dataset) -> Strength | None:
    """Returns how far warps went that a record tells of, None where it tells of none.

    Args:
        warping: From the record of a training.
        dataset: The images, whose side gives shares of it from pixels.
    """
    if warping is None:
        return None
    side = max(dataset.height, dataset.width)
    return Strength(
        rotation=warping.rotation,
        scale=warping.scale,
        shear=warping.shear,
        shift=warping.shift_px / side,
        bend=warping.bend_px / side,
        smoothness=warping.smoothness_px / side,
    )


def predicted(
    network: Network,
    dataset: Dataset,
    rows: NDArray[np.int64],
    reading: Reading | None = None,
    *,
    columns: tuple[Column, ...] = (),
) -> Predictions:
    """Returns the predictions on those rows, in file order.

    Args:
        network: The network.
        dataset: The data.
        rows: (n,) row numbers.
        reading: How the network is asked, None for one of ours.
        columns: What else is known of the rows, to be kept beside.
    """
    images = dataset.images[rows]
    k = len(dataset.class_names)
    return Predictions(
        y_true=dataset.labels[rows],
        y_proba=predict_proba(network, images, reading=reading, classes=k),
        class_names=dataset.class_names,
        row_ids=dataset.row_ids[rows],
        columns=columns,
        contents=contents_of(images),
    )


def _repeat(learned: Learned, dataset: Dataset, parts: Split) -> Repeat:
    """Returns the scores of one seed on the test part."""
    predictions = predicted(learned.network, dataset, parts.test)
    return Repeat(
        seed=learned.training.seed,
        weights_sha256=learned.training.weights_sha256,
        accuracy=float((predictions.y_pred == predictions.y_true).mean()),
        log_loss=float(row_log_loss(predictions).mean()),
    )
