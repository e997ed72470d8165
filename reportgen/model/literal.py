"""The recipe as a notebook writes it: all arrays in memory, and `fit`."""

from typing import Any

import numpy as np

from reportgen.model.backend import Network, keras_quietly, seed_everything
from reportgen.model.training import (
    EpochReport,
    Images,
    Labels,
    Listener,
    Rows,
    Trained,
    TrainingPart,
    TrainingSettings,
    epoch_report,
    require_finite,
    to_trained,
)


def train_literally(
    network: Network,
    part: TrainingPart,
    *,
    validation: tuple[Images, Labels],
    settings: TrainingSettings,
    listener: Listener,
) -> Trained:
    """Fits the weights as `train` does, at the defaults of Keras.

    For measuring how long that takes. It keeps no progress, so an interrupted training
    cannot be gone on with.

    Args:
        network: From (n, height, width) uint8 to (n, k) probabilities.
        part: N images and labels an epoch; all of them are kept as float32.
        validation: Images (v, height, width) uint8 and labels (v,) int64.
        settings: Recipe, epochs, batch size, seed.
        listener: Who is told how it goes.

    Raises:
        ModelError: The loss is no longer finite.
    """
    seed_everything(settings.seed)
    rng = np.random.default_rng(settings.seed)
    images, labels = next(iter(part.blocks(rng, (len(part),))))
    network.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    rows: Rows = []
    network.fit(
        images.astype(np.float32),
        labels,
        batch_size=settings.batch_size,
        epochs=settings.epochs,
        validation_data=(validation[0].astype(np.float32), validation[1]),
        callbacks=[_to_callback(rows, settings, listener)],
        verbose=0,
    )
    return to_trained(network, rows, settings, images=len(part))


def _to_callback(rows: Rows, settings: TrainingSettings, listener: Listener) -> Any:
    """Returns the Keras callback that notes each epoch and tells of it."""
    start_s = listener.clock()

    class Reporter(keras_quietly().callbacks.Callback):  # type: ignore[misc]  # untyped
        def on_epoch_end(self, epoch: int, logs: dict[str, float]) -> None:
            del epoch
            keys = ("loss", "accuracy", "val_loss", "val_accuracy")
            rate = float(self.model.optimizer.learning_rate)
            elapsed_s = listener.clock() - start_s
            rows.append([*(float(logs[key]) for key in keys), rate, elapsed_s])
            require_finite(rows)
            report: EpochReport = epoch_report(rows, settings)
            listener.on_epoch(report)
            listener.on_step(report.epoch, report.epochs)

    return Reporter()
