"""Training: weights fitted to the training part, watched on the validation part."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from math import isfinite, prod
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from reportgen import record
from reportgen.errors import ModelError
from reportgen.model.backend import (
    Network,
    keras_quietly,
    release_memory,
    seed_everything,
)
from reportgen.model.describing import weights_sha256
from reportgen.model.progress import Progress, restore, taken, to_history
from reportgen.model.recipes import SCHEDULES, WARM_UP, Recipe
from reportgen.model.steps import Plan, Run, Tally, ahead, judging_run, training_run

LOSS = "sparse categorical cross-entropy"

Images = NDArray[np.uint8]
Labels = NDArray[np.int64]
Rows = list[list[float]]


class TrainingPart(Protocol):
    """Images that are made when they are asked for."""

    def __len__(self) -> int:
        """Returns N, the images of one epoch."""

    def blocks(
        self, rng: np.random.Generator, sizes: tuple[int, ...]
    ) -> Iterator[tuple[Images, Labels]]:
        """Yields blocks of those sizes, N images together, in random order."""


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """What a run asks of the training.

    Attributes:
        recipe: Where optimizer, learning rate and schedule come from.
        epochs: Passes over the training part.
        batch_size: Images a step; the last step of an epoch may have fewer.
        seed: Seed of the order of images and of their warps.

    Raises:
        ValueError: Epochs or batch size are below 1.
    """

    recipe: Recipe
    epochs: int
    batch_size: int
    seed: int

    def __post_init__(self) -> None:
        if self.epochs < 1 or self.batch_size < 1:
            raise ValueError(
                f"epochs and batch_size must be at least 1. Received {self.epochs!r} "
                f"and {self.batch_size!r}."
            )


@dataclass(frozen=True, slots=True)
class EpochReport:
    """One finished epoch.

    Attributes:
        epoch: Its number, from 1.
        epochs: Epochs of the run.
        loss: Mean cross-entropy in nats over the images of training, while training.
        accuracy: Share right of them, while training.
        validation_loss: Mean cross-entropy in nats on the validation part.
        validation_accuracy: Share right on the validation part.
        elapsed_s: Seconds since training began, pauses between runs left out.
        left_s: Seconds that the other epochs will take at the pace so far.
    """

    epoch: int
    epochs: int
    loss: float
    accuracy: float
    validation_loss: float
    validation_accuracy: float
    elapsed_s: float
    left_s: float


def _ignore_epoch(report: EpochReport) -> None:
    """Takes a report and does nothing."""


def _ignore_step(done: int, total: int) -> None:
    """Takes a count of steps and does nothing."""


def _ignore_progress(progress: Progress) -> None:
    """Takes the state of a training and does nothing."""


@dataclass(frozen=True, slots=True)
class Listener:
    """Who is told how training goes.

    Attributes:
        clock: Returns seconds that never go back, as `time.monotonic`.
        on_epoch: Called after each epoch.
        on_step: Called with (steps done, steps of the whole run) some times a second.
        on_progress: Called after each epoch with all that is needed to go on from it.
    """

    clock: Callable[[], float]
    on_epoch: Callable[[EpochReport], None] = _ignore_epoch
    on_step: Callable[[int, int], None] = _ignore_step
    on_progress: Callable[[Progress], None] = _ignore_progress


@dataclass(frozen=True, slots=True)
class Trained:
    """What a training leaves behind, beside the weights in the network.

    Attributes:
        training: Its record.
        epoch_ends_s: Seconds from the beginning to the end of each epoch.
    """

    training: record.Training
    epoch_ends_s: tuple[float, ...]


def train(
    network: Network,
    part: TrainingPart,
    *,
    validation: tuple[Images, Labels],
    settings: TrainingSettings,
    listener: Listener,
    begun: Progress | None = None,
) -> Trained:
    """Fits the weights of the network, in place, and returns how that went.

    Nothing but the network changes. One seed gives the same weights bit by bit on one
    kind of processor with one set of library versions, however many of them there are,
    and whether or not the training was interrupted; seeds the process, see
    `seed_everything`.

    Args:
        network: From (n, height, width) uint8 to (n, k) probabilities.
        part: N images and labels an epoch.
        validation: Images (v, height, width) uint8 and labels (v,) int64.
        settings: Recipe, epochs, batch size, seed.
        listener: Who is told how it goes.
        begun: The state of the same training, to go on from.

    Raises:
        ModelError: The loss is no longer finite, or `begun` is of another network.
        KeyboardInterrupt: The user asked to stop; the weights are half trained.
    """
    seed_everything(settings.seed)
    plan = Plan(len(part), settings.batch_size, prod(network.input_shape[1:]))
    optimizer = _optimizer(network, settings, steps=plan.steps * settings.epochs)
    rows: Rows = []
    if begun is not None:
        restore(begun, network, optimizer, epochs=settings.epochs)
        rows = begun.epochs.tolist()
    start_s = listener.clock() - (rows[-1][-1] if rows else 0)
    if len(rows) == settings.epochs:
        return to_trained(network, rows, settings, images=len(part))
    run = training_run(network, optimizer, plan)
    judge = judging_run(network)
    with closing(ahead(_blocks(part, plan, settings, first=len(rows)))) as blocks:
        while len(rows) < settings.epochs:
            tally = _epoch(run, blocks, plan, _Steps(listener, settings, len(rows)))
            judged = judge(*validation)
            rate = float(optimizer.learning_rate)
            rows.append(_row(tally, judged, rate, listener.clock() - start_s))
            require_finite(rows)
            listener.on_epoch(epoch_report(rows, settings))
            listener.on_progress(taken(network, optimizer, rows))
    release_memory()
    return to_trained(network, rows, settings, images=len(part))


def _optimizer(network: Network, settings: TrainingSettings, *, steps: int) -> Any:
    """Returns the recipe's optimizer, its learning rate spread over all steps."""
    optimizers = keras_quietly().optimizers
    rate = _rate(settings.recipe, steps)
    decay = settings.recipe.weight_decay
    if decay is None:
        optimizer = optimizers.Adam(rate)
    else:
        optimizer = optimizers.AdamW(rate, weight_decay=decay)
        spared = [one for one in network.trainable_variables if one.name != "kernel"]
        optimizer.exclude_from_weight_decay(var_list=spared)
    optimizer.build(network.trainable_variables)
    return optimizer


def _rate(recipe: Recipe, steps: int) -> Any:
    """Returns the learning rate, or its schedule."""
    schedules = keras_quietly().optimizers.schedules
    if recipe.schedule == "constant":
        return recipe.learning_rate
    if recipe.schedule == "cosine":
        return schedules.CosineDecay(recipe.learning_rate, decay_steps=steps)
    rising = round(WARM_UP * steps)
    return schedules.CosineDecay(
        0.0,
        decay_steps=max(1, steps - rising),
        warmup_target=recipe.learning_rate,
        warmup_steps=rising,
    )


def _blocks(
    part: TrainingPart, plan: Plan, settings: TrainingSettings, *, first: int
) -> Iterator[tuple[Images, Labels]]:
    """Yields the blocks of all epochs from the one of that number, from 0.

    What an epoch shows follows from seed and number alone, not from those before it.
    """
    for epoch in range(first, settings.epochs):
        rng = np.random.default_rng([settings.seed, epoch])
        yield from part.blocks(rng, plan.sizes)


@dataclass(frozen=True, slots=True)
class _Steps:
    """Tells a listener of the steps of one epoch.

    Attributes:
        listener: Who is told.
        settings: How many epochs there are.
        epoch: Number of this one, from 0.
    """

    listener: Listener
    settings: TrainingSettings
    epoch: int

    def tell(self, plan: Plan, images: int) -> None:
        """Tells that so many images of the epoch have passed."""
        done = self.epoch * plan.steps + -(-images // plan.batch_size)
        self.listener.on_step(done, plan.steps * self.settings.epochs)


def _epoch(
    run: Run, blocks: Iterator[tuple[Images, Labels]], plan: Plan, steps: _Steps
) -> Tally:
    """Trains one epoch and returns its tally."""
    tally = Tally()
    for _ in plan.sizes:
        images, labels = next(blocks)
        tally = tally.plus(run(images, labels))
        steps.tell(plan, tally.images)
    return tally


def _row(tally: Tally, judged: Tally, rate: float, elapsed_s: float) -> list[float]:
    """Returns the numbers of a finished epoch, in the order of `Progress.epochs`."""
    return [
        tally.mean_loss,
        tally.accuracy,
        judged.mean_loss,
        judged.accuracy,
        rate,
        elapsed_s,
    ]


def require_finite(rows: Rows) -> None:
    """Raises ModelError where a loss of the last epoch is infinite or not a number."""
    loss, _, validation_loss, *_ = rows[-1]
    for value, label in ((loss, "training"), (validation_loss, "validation")):
        if not isfinite(value):
            raise ModelError(
                f"The {label} loss must stay finite. Received {value!r} in epoch "
                f"{len(rows)}. Try a larger --batch-size or another --seed."
            )


def epoch_report(rows: Rows, settings: TrainingSettings) -> EpochReport:
    """Returns the report of the last finished epoch."""
    loss, accuracy, validation_loss, validation_accuracy, _, elapsed_s = rows[-1]
    return EpochReport(
        epoch=len(rows),
        epochs=settings.epochs,
        loss=loss,
        accuracy=accuracy,
        validation_loss=validation_loss,
        validation_accuracy=validation_accuracy,
        elapsed_s=elapsed_s,
        left_s=elapsed_s / len(rows) * (settings.epochs - len(rows)),
    )


def to_trained(
    network: Network, rows: Rows, settings: TrainingSettings, *, images: int
) -> Trained:
    """Returns what a finished training leaves behind.

    Args:
        network: As the training left it.
        rows: Its epochs, as in `Progress.epochs`.
        settings: What was asked for.
        images: Images of an epoch.
    """
    recipe = settings.recipe
    training = record.Training(
        recipe=recipe.key,
        description=recipe.description,
        optimizer=recipe.optimizer,
        learning_rate=recipe.learning_rate,
        schedule=SCHEDULES[recipe.schedule],
        loss=LOSS,
        epochs=settings.epochs,
        batch_size=settings.batch_size,
        images_per_epoch=images,
        seed=settings.seed,
        weights_sha256=weights_sha256(network),
        history=to_history(rows),
        weight_decay=recipe.weight_decay,
    )
    return Trained(training, tuple(row[-1] for row in rows))
