"""Tiny images that a network learns in a moment."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from reportgen import record
from reportgen.data import WarpedPart
from reportgen.model import (
    Listener,
    Network,
    TrainingSettings,
    build_network,
    find_recipe,
    train,
)

Block = tuple[NDArray[np.uint8], NDArray[np.int64]]

SIZE = 8
CLASSES = 3


@dataclass(frozen=True, slots=True, eq=False)
class PlainPart:
    """Images as they are: the protocol of training without augmentation."""

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)

    def blocks(self, rng: np.random.Generator, sizes: Iterable[int]) -> Iterator[Block]:
        order = rng.permutation(len(self))
        start = 0
        for size in sizes:
            rows = order[start : start + size]
            yield self.images[rows], self.labels[rows]
            start += size

    @property
    def all(self) -> Block:
        """All images and labels in file order, as a validation part is given."""
        return self.images, self.labels


def make_part(n: int) -> PlainPart:
    """Returns n noisy images with one bright column each, which is the class."""
    labels = np.arange(n, dtype=np.int64) % CLASSES
    noise = np.random.default_rng(n).integers(0, 60, (n, SIZE, SIZE))
    images = noise.astype(np.uint8)
    images[np.arange(n), :, labels] = 250
    return PlainPart(images, labels)


def train_tiny(key: str = "classic") -> tuple[Network, record.Training]:
    """Returns a trained network and how that went; another process calls this too."""
    recipe = find_recipe(key)
    settings = TrainingSettings(recipe, epochs=3, batch_size=32, seed=7)
    network = build_network(SIZE, SIZE, classes=CLASSES, seed=settings.seed)
    plain = make_part(150)
    trained = train(
        network,
        WarpedPart(*plain.all) if recipe.views == "warps" else plain,
        validation=make_part(31).all,
        settings=settings,
        listener=Listener(clock=lambda: 0.0),
    )
    return network, trained.training


def train_wide(key: str) -> tuple[Network, record.Training]:
    """Returns a network of MNIST's size after seven steps, and how they went.

    Its sums are long enough for a kernel to cut them by its number of threads.
    """
    labels = np.arange(3100, dtype=np.int64) % 10
    noise = np.random.default_rng(0).integers(0, 256, (3100, 28, 28))
    images = noise.astype(np.uint8)
    network = build_network(28, 28, classes=10, seed=7)
    trained = train(
        network,
        WarpedPart(images, labels),
        validation=(images[:100], labels[:100]),
        settings=TrainingSettings(find_recipe(key), epochs=1, batch_size=504, seed=7),
        listener=Listener(clock=lambda: 0.0),
    )
    return network, trained.training


@pytest.fixture(scope="session", name="make_part")
def make_part_fixture() -> Callable[[int], PlainPart]:
    return make_part


@pytest.fixture
def settings() -> TrainingSettings:
    return TrainingSettings(find_recipe("classic"), epochs=2, batch_size=32, seed=7)


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
def images() -> NDArray[np.uint8]:
    """Images that the network has not seen."""
    return make_part(41).images
