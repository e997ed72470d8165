"""The augmented training part as Keras reads it: batch by batch, in a seeded order."""

import math
from typing import Any, Protocol

import numpy as np

from reportgen.model.backend import keras_quietly


class TrainingPart(Protocol):
    """Augmented images that are made when they are asked for."""

    def __len__(self) -> int:
        """Returns N, the augmented images of one epoch."""

    def order(self, rng: np.random.Generator) -> np.ndarray:
        """Returns a permutation of 0 to N - 1, (N,) int64."""

    def batch(self, indices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Returns images (b, height, width) uint8 and labels (b,) int64."""


def to_batches(part: TrainingPart, *, batch_size: int, seed: int) -> Any:
    """Returns a `keras.utils.PyDataset` that makes one batch at a time.

    One worker, so that batches come in order; TensorFlow's prefetch makes the next ones
    while the network learns from this one. The order of an epoch follows from seed and
    epoch alone, not from how often Keras looks into the data before it begins.

    Args:
        part: N augmented images.
        batch_size: Images a batch; the last may have fewer.
        seed: Seed of the order.

    Returns:
        A PyDataset with a method `shuffle(epoch)` for epochs from 0, that stands at 0.
    """

    class Batches(keras_quietly().utils.PyDataset):  # type: ignore[misc]  # untyped
        def __init__(self) -> None:
            super().__init__(workers=1)
            self.shuffle(0)

        def shuffle(self, epoch: int) -> None:
            self.indices = part.order(np.random.default_rng([seed, epoch]))  # (N,)

        def __len__(self) -> int:
            return math.ceil(len(part) / batch_size)

        def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
            first = index * batch_size
            return part.batch(self.indices[first : first + batch_size])

    return Batches()
