import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import count

import numpy as np
import pytest

from reportgen import record
from reportgen.errors import ModelError
from reportgen.model import (
    RECIPES,
    EpochReport,
    Listener,
    Network,
    TrainingPart,
    TrainingSettings,
    train,
    weights_sha256,
)
from reportgen.model.batches import to_batches

SILENT = Listener(clock=lambda: 0.0)
Run = Callable[..., record.Training]


@pytest.fixture
def run(
    network: Network,
    make_part: Callable[[int], TrainingPart],
    settings: TrainingSettings,
) -> Run:
    """Trains the tiny network."""

    def run(
        n: int = 60, listener: Listener = SILENT, **changes: object
    ) -> record.Training:
        return train(
            network,
            make_part(n),
            validation=make_part(30).batch(np.arange(30)),
            settings=replace(settings, **changes),  # type: ignore[arg-type]  # by name
            listener=listener,
        )

    return run


def test_a_class_that_can_be_seen_is_learnt(run: Run) -> None:
    training = run(n=300, epochs=4)
    assert training.history.validation_accuracy[-1] >= 0.95
    assert training.history.loss[-1] < training.history.loss[0]


def test_the_record_says_what_was_done(run: Run, network: Network) -> None:
    training = run(n=60, epochs=2, batch_size=16)
    assert training.recipe == "classic"
    assert (training.epochs, training.batch_size, training.seed) == (2, 16, 7)
    assert training.images_per_epoch == 60
    assert training.weights_sha256 == weights_sha256(network)
    assert {len(values) for values in _columns(training.history)} == {2}


def _columns(history: record.History) -> tuple[tuple[float, ...], ...]:
    return (
        history.loss,
        history.accuracy,
        history.validation_loss,
        history.validation_accuracy,
        history.learning_rate,
    )


def test_the_cosine_ends_at_zero_with_the_run(run: Run) -> None:
    # (1 + cos(pi * t / T)) / 2 at one and two thirds of the way: 3/4 and 1/4.
    rates = run(epochs=3).history.learning_rate
    assert rates == pytest.approx([0.75e-3, 0.25e-3, 0], abs=1e-9)


def test_a_constant_rate_stays(run: Run) -> None:
    recipe = replace(RECIPES[0], schedule="constant")
    rates = run(recipe=recipe, epochs=2).history.learning_rate
    assert rates == pytest.approx([1e-3, 1e-3])


def test_each_epoch_is_told_with_the_time_left(run: Run) -> None:
    heard: list[EpochReport] = []
    ticks = count(100, 10)  # 100 at the start, ten seconds an epoch
    training = run(
        epochs=3, listener=Listener(lambda: float(next(ticks)), heard.append)
    )
    assert [report.epoch for report in heard] == [1, 2, 3]
    assert [report.elapsed_s for report in heard] == [10, 20, 30]
    assert [report.left_s for report in heard] == [20, 10, 0]
    assert tuple(report.loss for report in heard) == training.history.loss


def test_every_twentieth_step_and_the_last_are_told(run: Run) -> None:
    heard: list[tuple[int, int]] = []
    listener = Listener(lambda: 0.0, on_step=lambda *step: heard.append(step))
    run(n=90, batch_size=2, epochs=2, listener=listener)  # 45 steps an epoch
    done = [20, 40, 45, 65, 85, 90]
    assert heard == [(step, 90) for step in done]


def test_a_part_smaller_than_a_batch_is_enough(run: Run) -> None:
    assert run(n=5, batch_size=512, epochs=1).images_per_epoch == 5


def test_a_loss_that_is_not_a_number_ends_the_run(run: Run, network: Network) -> None:
    network.set_weights([weight * np.nan for weight in network.get_weights()])
    with pytest.raises(
        ModelError, match=r"training loss must stay finite.*nan.*epoch 1"
    ):
        run()


def test_a_confident_error_is_not_clipped(network: Network, run: Run) -> None:
    run(epochs=1)
    # Logits (100, 0, 0) for every image: with label 1 the loss is 100 nats, while a
    # loss from clipped probabilities would say 16.
    last = network.get_layer("probabilities")
    kernel, bias = last.get_weights()
    last.set_weights([kernel * 0, np.array([100, 0, 0], dtype=bias.dtype)])
    images = np.zeros((4, 8, 8), dtype=np.uint8)
    loss, _ = network.evaluate(images, np.ones(4, dtype=np.int64), verbose=0)
    assert loss == pytest.approx(100)


def test_ctrl_c_passes_through(run: Run) -> None:
    def interrupt(*_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(listener=Listener(lambda: 0.0, on_step=interrupt))


@pytest.mark.parametrize("change", [{"epochs": 0}, {"batch_size": 0}])
def test_nothing_to_do_is_a_mistake(
    settings: TrainingSettings, change: dict[str, int]
) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        replace(settings, **change)  # type: ignore[arg-type]  # by name


def test_every_image_is_seen_once_an_epoch(
    make_part: Callable[[int], TrainingPart],
) -> None:
    batches = to_batches(make_part(10), batch_size=4, seed=1)
    assert [len(batches[index][1]) for index in range(len(batches))] == [4, 4, 2]
    assert sorted(batches.indices) == list(range(10))


def test_an_epoch_is_shuffled_by_seed_and_number_alone(
    make_part: Callable[[int], TrainingPart],
) -> None:
    batches = to_batches(make_part(50), batch_size=4, seed=1)
    first = batches.indices.tolist()
    batches.shuffle(1)
    second = batches.indices.tolist()
    batches.shuffle(0)
    assert batches.indices.tolist() == first != second


@pytest.mark.slow
def test_one_seed_gives_the_same_bits_in_another_process_and_no_noise(
    request: pytest.FixtureRequest, training: record.Training
) -> None:
    conftest = str(request.path.with_name("conftest.py"))
    code = "import sys, runpy\nprint(runpy.run_path(sys.argv[1])['train_tiny']()[1])\n"
    command = [sys.executable, "-c", code, conftest]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout == f"{training}\n"
    assert done.stderr == ""
