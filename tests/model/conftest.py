"""Tiny images that a network learns in a moment."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from reportgen import record
from reportgen.model import (
    RECIPES,
    Listener,
    Network,
    TrainingPart,
    TrainingSettings,
    build_network,
    train,
)

SIZE = 8
CLASSES = 3


@dataclass(frozen=True, slots=True, eq=False)
class PlainPart:
    """Images as they are: the protocol of training without augmentation."""

    images: np.ndarray
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.labels)

    def order(self, rng: np.random.Generator) -> np.ndarray:
        return rng.permutation(len(self)).astype(np.int64)

    def batch(self, indices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return self.images[indices], self.labels[indices]


def make_part(n: int) -> PlainPart:
    """Returns n noisy images with one bright column each, which is the class."""
    labels = np.arange(n, dtype=np.int64) % CLASSES
    noise = np.random.default_rng(n).integers(0, 60, (n, SIZE, SIZE))
    images = noise.astype(np.uint8)
    images[np.arange(n), :, labels] = 250
    return PlainPart(images, labels)


def train_tiny() -> tuple[Network, record.Training]:
    """Returns a trained network and how that went; another process calls this too."""
    settings = TrainingSettings(RECIPES[0], epochs=3, batch_size=32, seed=7)
    network = build_network(SIZE, SIZE, classes=CLASSES, seed=settings.seed)
    training = train(
        network,
        make_part(150),
        validation=make_part(31).batch(np.arange(31)),
        settings=settings,
        listener=Listener(clock=lambda: 0.0),
    )
    return network, training


@pytest.fixture(scope="session", name="make_part")
def make_part_fixture() -> Callable[[int], TrainingPart]:
    return make_part


@pytest.fixture
def settings() -> TrainingSettings:
    return TrainingSettings(RECIPES[0], epochs=2, batch_size=32, seed=7)


@pytest.fixture
def network() -> Network:
    """An untrained network for the tiny images."""
    return build_network(SIZE, SIZE, classes=CLASSES, seed=7)


@pytest.fixture(scope="session")
def tiny() -> tuple[Network, record.Training]:
    return train_tiny()


@pytest.fixture(scope="session")
def trained(tiny: tuple[Network, record.Training]) -> Network:
    """A trained network; no test may change it."""
    return tiny[0]


@pytest.fixture(scope="session")
def training(tiny: tuple[Network, record.Training]) -> record.Training:
    """How the trained network came to be."""
    return tiny[1]


@pytest.fixture(scope="session")
def images() -> np.ndarray:
    """Images that the network has not seen."""
    return make_part(41).images
