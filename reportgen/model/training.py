"""Training: weights fitted to the augmented part, watched on the validation part."""

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np

from reportgen import record
from reportgen.errors import ModelError
from reportgen.model.backend import Network, keras_quietly, seed_everything
from reportgen.model.batches import TrainingPart, to_batches
from reportgen.model.describing import weights_sha256
from reportgen.model.recipes import SCHEDULES, Recipe

LOSS = "sparse categorical cross-entropy"
STEPS_A_CALL = 20
"""Steps between two calls of `Listener.on_step`: some ten calls a second."""
VALIDATION_BATCH_SIZE = 2048


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """What a run asks of the training.

    Attributes:
        recipe: Where the learning rate and its schedule come from.
        epochs: Passes over the augmented training part.
        batch_size: Images a step; the last step of an epoch may have fewer.
        seed: Seed of the order of images.

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
        loss: Mean cross-entropy in nats over the augmented images, while training.
        accuracy: Share right over the augmented images, while training.
        validation_loss: Mean cross-entropy in nats on the validation part.
        validation_accuracy: Share right on the validation part.
        elapsed_s: Seconds since training began.
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


@dataclass(frozen=True, slots=True)
class Listener:
    """Who is told how training goes.

    Attributes:
        clock: Returns seconds that never go back, as `time.monotonic`.
        on_epoch: Called after each epoch.
        on_step: Called with (steps done, steps of the whole run) after every twentieth
            step and after the last of an epoch.
    """

    clock: Callable[[], float]
    on_epoch: Callable[[EpochReport], None] = _ignore_epoch
    on_step: Callable[[int, int], None] = _ignore_step


def train(
    network: Network,
    part: TrainingPart,
    *,
    validation: tuple[np.ndarray, np.ndarray],
    settings: TrainingSettings,
    listener: Listener,
) -> record.Training:
    """Fits the weights of the network, in place, and returns how that went.

    Nothing but the network changes. One seed gives the same weights bit by bit on one
    machine with one set of library versions; seeds the process, see `seed_everything`.

    Args:
        network: From (n, height, width) uint8 to (n, k) probabilities.
        part: N augmented images and labels.
        validation: Images (v, height, width) uint8 and labels (v,) int64.
        settings: Recipe, epochs, batch size, seed.
        listener: Who is told how it goes.

    Raises:
        ModelError: The loss is no longer finite.
        KeyboardInterrupt: The user asked to stop; the weights are half trained.
    """
    seed_everything(settings.seed)
    batches = to_batches(part, batch_size=settings.batch_size, seed=settings.seed)
    network.compile(
        optimizer=_optimizer(settings, steps=len(batches) * settings.epochs),
        # Keras finds the logits behind the softmax: no probability is clipped.
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
        jit_compile=False,  # XLA and deterministic kernels exclude each other.
    )
    fitted = network.fit(
        batches,
        epochs=settings.epochs,
        validation_data=validation,
        validation_batch_size=VALIDATION_BATCH_SIZE,
        callbacks=[_to_callback(batches, settings, listener)],
        verbose=0,
    )
    return _training(network, fitted.history, settings=settings, images=len(part))


def _optimizer(settings: TrainingSettings, *, steps: int) -> Any:
    """Returns Adam with the recipe's learning rate spread over all steps."""
    optimizers = keras_quietly().optimizers
    rate: Any = settings.recipe.learning_rate
    if settings.recipe.schedule == "cosine":
        rate = optimizers.schedules.CosineDecay(rate, decay_steps=steps)
    return optimizers.Adam(rate)


def _to_callback(batches: Any, settings: TrainingSettings, listener: Listener) -> Any:
    """Returns the Keras callback that shuffles, watches the loss and tells."""
    total = len(batches) * settings.epochs
    start_s = listener.clock()

    class Reporter(keras_quietly().callbacks.Callback):  # type: ignore[misc]  # untyped
        def on_epoch_begin(self, epoch: int, logs: object = None) -> None:
            del logs
            batches.shuffle(epoch)
            self.steps_before = epoch * len(batches)

        def on_train_batch_end(self, batch: int, logs: object = None) -> None:
            del logs
            done = batch + 1
            if done % STEPS_A_CALL == 0 or done == len(batches):
                listener.on_step(self.steps_before + done, total)

        def on_epoch_end(self, epoch: int, logs: dict[str, float]) -> None:
            # Keras keeps what is added here in the history.
            logs["learning_rate"] = float(self.model.optimizer.learning_rate)
            _require_finite(epoch + 1, logs)
            elapsed_s = listener.clock() - start_s
            listener.on_epoch(_epoch_report(epoch + 1, logs, settings, elapsed_s))

    return Reporter()


def _require_finite(epoch: int, logs: dict[str, float]) -> None:
    """Raises ModelError where the loss of the epoch is infinite or not a number."""
    for key, label in (("loss", "training loss"), ("val_loss", "validation loss")):
        if not isfinite(logs[key]):
            raise ModelError(
                f"The {label} must stay finite. Received {logs[key]!r} in epoch "
                f"{epoch}. Try a larger --batch-size or another --seed."
            )


def _epoch_report(
    epoch: int, logs: dict[str, float], settings: TrainingSettings, elapsed_s: float
) -> EpochReport:
    """Returns the report of the epoch of that number, from 1."""
    return EpochReport(
        epoch=epoch,
        epochs=settings.epochs,
        loss=float(logs["loss"]),
        accuracy=float(logs["accuracy"]),
        validation_loss=float(logs["val_loss"]),
        validation_accuracy=float(logs["val_accuracy"]),
        elapsed_s=elapsed_s,
        left_s=elapsed_s / epoch * (settings.epochs - epoch),
    )


def _training(
    network: Network,
    history: dict[str, list[float]],
    *,
    settings: TrainingSettings,
    images: int,
) -> record.Training:
    """Returns the record of a finished training."""
    return record.Training(
        recipe=settings.recipe.key,
        description=settings.recipe.description,
        optimizer="Adam",
        learning_rate=settings.recipe.learning_rate,
        schedule=SCHEDULES[settings.recipe.schedule],
        loss=LOSS,
        epochs=settings.epochs,
        batch_size=settings.batch_size,
        images_per_epoch=images,
        seed=settings.seed,
        weights_sha256=weights_sha256(network),
        history=record.History(
            loss=_floats(history["loss"]),
            accuracy=_floats(history["accuracy"]),
            validation_loss=_floats(history["val_loss"]),
            validation_accuracy=_floats(history["val_accuracy"]),
            learning_rate=_floats(history["learning_rate"]),
        ),
    )


def _floats(values: list[float]) -> tuple[float, ...]:
    """Returns the values as Python floats."""
    return tuple(float(value) for value in values)
