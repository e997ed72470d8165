"""The recipe as a notebook writes it."""

from collections.abc import Callable
from itertools import count
from typing import Any

import numpy as np
import pytest

from reportgen.errors import ModelError
from reportgen.model import (
    EpochReport,
    Listener,
    Network,
    TrainingSettings,
    find_recipe,
    train_literally,
    weights_sha256,
)


@pytest.fixture
def settings() -> TrainingSettings:
    recipe = find_recipe("literal")
    size = recipe.batch_size_for(150)
    return TrainingSettings(recipe, epochs=3, batch_size=size, seed=7)


def test_it_learns_and_says_what_it_did(
    network: Network, make_part: Callable[[int], Any], settings: TrainingSettings
) -> None:
    heard: list[EpochReport] = []
    ticks = count(0, 10)
    trained = train_literally(
        network,
        make_part(300),
        validation=make_part(31).all,
        settings=settings,
        listener=Listener(lambda: float(next(ticks)), heard.append),
    )
    training = trained.training
    assert (training.recipe, training.batch_size) == ("literal", 32)
    assert (training.optimizer, training.schedule) == ("Adam", "constant")
    assert training.images_per_epoch == 300
    assert training.weights_sha256 == weights_sha256(network)
    assert training.history.learning_rate == pytest.approx([1e-3] * 3)
    assert training.history.loss[-1] < training.history.loss[0]
    assert training.history.validation_accuracy[-1] > 0.6  # a third by chance
    assert list(trained.epoch_ends_s) == [10, 20, 30]
    assert tuple(one.loss for one in heard) == training.history.loss


def test_a_loss_that_is_not_a_number_ends_the_run(
    network: Network, make_part: Callable[[int], Any], settings: TrainingSettings
) -> None:
    network.set_weights([weight * np.nan for weight in network.get_weights()])
    with pytest.raises(ModelError, match=r"loss must stay finite.*nan.*epoch 1"):
        train_literally(
            network,
            make_part(60),
            validation=make_part(31).all,
            settings=settings,
            listener=Listener(lambda: 0.0),
        )
