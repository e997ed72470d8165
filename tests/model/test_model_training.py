import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import count
from typing import Protocol

import numpy as np
import pytest
from numpy.typing import NDArray

from reportgen import record
from reportgen.errors import ModelError
from reportgen.model import (
    RECIPES,
    EpochReport,
    Listener,
    Network,
    Trained,
    TrainingPart,
    TrainingSettings,
    build_network,
    find_recipe,
    train,
    weights_sha256,
)

SILENT = Listener(clock=lambda: 0.0)
Block = tuple[NDArray[np.uint8], NDArray[np.int64]]
Run = Callable[..., Trained]


class WholePart(TrainingPart, Protocol):
    """A training part that also gives all its images at once."""

    @property
    def all(self) -> Block:
        """All images and labels."""


MakePart = Callable[[int], WholePart]


@pytest.fixture
def run(network: Network, make_part: MakePart, settings: TrainingSettings) -> Run:
    """Trains the tiny network."""

    def run(
        n: int = 64,
        listener: Listener = SILENT,
        part: TrainingPart | None = None,
        **changes: object,
    ) -> Trained:
        return train(
            network,
            part or make_part(n),
            validation=make_part(30).all,
            settings=replace(settings, **changes),  # type: ignore[arg-type]  # by name
            listener=listener,
        )

    return run


def test_a_class_that_can_be_seen_is_learnt(run: Run) -> None:
    training = run(n=300, epochs=4).training
    assert training.history.validation_accuracy[-1] >= 0.95
    assert training.history.loss[-1] < training.history.loss[0]


@dataclass(frozen=True, slots=True)
class Heard:
    """What a listener heard of a training, and what that left behind."""

    epochs: list[EpochReport]
    steps: list[tuple[int, ...]]
    trained: Trained
    weights: str


@pytest.fixture(scope="module")
def heard(make_part: MakePart) -> Heard:
    """Three epochs over 221 images, 73 steps of three and one of two, as recorded."""
    epochs: list[EpochReport] = []
    steps: list[tuple[int, ...]] = []
    ticks = count(100, 10)  # 100 at the start, ten seconds an epoch
    network = build_network(8, 8, classes=3, seed=7)
    trained = train(
        network,
        make_part(221),
        validation=make_part(30).all,
        settings=TrainingSettings(find_recipe("classic"), 3, 3, seed=7),
        listener=Listener(
            lambda: float(next(ticks)), epochs.append, lambda *step: steps.append(step)
        ),
    )
    return Heard(epochs, steps, trained, weights_sha256(network))


def test_the_record_says_what_was_done(heard: Heard) -> None:
    training = heard.trained.training
    assert (training.recipe, training.optimizer) == ("classic", "Adam")
    assert training.weight_decay is None
    assert (training.epochs, training.batch_size, training.seed) == (3, 3, 7)
    assert training.images_per_epoch == 221
    assert training.weights_sha256 == heard.weights
    assert {len(values) for values in _columns(training.history)} == {3}


def _columns(history: record.History) -> tuple[tuple[float, ...], ...]:
    return (
        history.loss,
        history.accuracy,
        history.validation_loss,
        history.validation_accuracy,
        history.learning_rate,
    )


def test_the_cosine_ends_at_zero_with_the_run(heard: Heard) -> None:
    # (1 + cos(pi * t / T)) / 2 at one and two thirds of the way: 3/4 and 1/4.
    rates = heard.trained.training.history.learning_rate
    assert rates == pytest.approx([0.75e-3, 0.25e-3, 0], abs=1e-9)


def test_each_epoch_is_told_with_the_time_left(heard: Heard) -> None:
    assert [report.epoch for report in heard.epochs] == [1, 2, 3]
    assert [report.elapsed_s for report in heard.epochs] == [10, 20, 30]
    assert [report.left_s for report in heard.epochs] == [20, 10, 0]
    losses = [report.loss for report in heard.epochs]
    assert losses == list(heard.trained.training.history.loss)
    assert list(heard.trained.epoch_ends_s) == [10, 20, 30]


def test_every_fiftieth_step_and_the_last_ones_are_told(heard: Heard) -> None:
    done = [50, 73, 74, 124, 147, 148, 198, 221, 222]
    assert heard.steps == [(step, 222) for step in done]


def test_a_constant_rate_stays(run: Run) -> None:
    recipe = replace(RECIPES[0], schedule="constant")
    rates = run(recipe=recipe, epochs=2).training.history.learning_rate
    assert rates == pytest.approx([1e-3, 1e-3])


def test_a_rate_that_warms_up_peaks_after_a_tenth_of_the_steps(run: Run) -> None:
    # Ten epochs of two steps: two to rise, eighteen to fall. After epoch 1 the peak,
    # after epoch e the cosine at 2 (e - 1) of 18: (1 + cos(pi / 9 (e - 1))) / 2.
    recipe = find_recipe("warp")
    rates = run(recipe=recipe, epochs=10).training.history.learning_rate
    expected = (1 + np.cos(np.pi / 9 * np.arange(10))) / 2
    assert rates == pytest.approx(3e-3 * expected, abs=1e-9)


def test_a_run_too_short_to_warm_up_begins_at_the_peak(run: Run) -> None:
    # Round(0.1 * 2) steps are none; of two steps one is half of the cosine.
    recipe = find_recipe("warp")
    rates = run(recipe=recipe, epochs=2, batch_size=64).training.history.learning_rate
    assert rates == pytest.approx([1.5e-3, 0], abs=1e-9)


def test_kernels_alone_decay(run: Run, network: Network) -> None:
    # With no gradient to speak of AdamW moves a kernel by -rate * decay * kernel; a
    # gradient moves all it reaches by the rate at most. A decay that swamps that shows
    # who is spared: 1 - 0.003 * 300 = 0.1 of the kernel is left.
    recipe = replace(find_recipe("warp"), schedule="constant", weight_decay=300.0)
    before = {one.path: one.numpy() for one in network.trainable_variables}
    training = run(recipe=recipe, epochs=1, batch_size=64).training
    assert (training.optimizer, training.weight_decay) == ("AdamW", 300.0)
    for one in network.trainable_variables:
        left = 0.1 if one.name == "kernel" else 1
        assert np.allclose(one.numpy(), left * before[one.path], atol=3.1e-3)


def test_a_part_smaller_than_a_batch_is_enough(run: Run) -> None:
    assert run(n=5, batch_size=512, epochs=1).training.images_per_epoch == 5


def test_a_loss_that_is_not_a_number_ends_the_run(run: Run, network: Network) -> None:
    network.set_weights([weight * np.nan for weight in network.get_weights()])
    with pytest.raises(
        ModelError, match=r"training loss must stay finite.*nan.*epoch 1"
    ):
        run()


def test_ctrl_c_passes_through_and_leaves_no_thread(run: Run) -> None:
    def interrupt(*_: int) -> None:
        raise KeyboardInterrupt

    before = set(threading.enumerate())
    with pytest.raises(KeyboardInterrupt):
        run(listener=Listener(lambda: 0.0, on_step=interrupt), epochs=9)
    assert set(threading.enumerate()) <= before


def test_a_part_that_fails_ends_the_run_with_its_error(run: Run) -> None:
    class Failing:
        def __len__(self) -> int:
            return 64

        def blocks(
            self, rng: np.random.Generator, sizes: Iterable[int]
        ) -> Iterator[Block]:
            del rng
            for size in sizes:
                if size:
                    raise OSError("the disk is gone")
                yield np.zeros((0, 8, 8), np.uint8), np.zeros(0, np.int64)

    with pytest.raises(OSError, match="the disk is gone"):
        run(part=Failing())


@pytest.mark.parametrize("change", [{"epochs": 0}, {"batch_size": 0}])
def test_nothing_to_do_is_a_mistake(
    settings: TrainingSettings, change: dict[str, int]
) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        replace(settings, **change)  # type: ignore[arg-type]  # by name


def in_another_process(
    request: pytest.FixtureRequest, training: str, key: str, **env: str
) -> str:
    """Returns the record of a training of conftest in a process of its own."""
    conftest = str(request.path.with_name("conftest.py"))
    code = (
        "import sys, runpy\n"
        "print(runpy.run_path(sys.argv[1])[sys.argv[2]](sys.argv[3])[1])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, conftest, training, key],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        env=os.environ | env,
    )
    assert done.stderr == ""
    return done.stdout


@pytest.mark.slow
def test_one_seed_gives_the_same_bits_in_another_process_and_no_noise(
    request: pytest.FixtureRequest, training: record.Training
) -> None:
    assert in_another_process(request, "train_tiny", "classic") == f"{training}\n"


@pytest.mark.slow
def test_warps_give_the_same_bits_however_many_threads_are_asked_for(
    request: pytest.FixtureRequest,
) -> None:
    # Four would cut the sums of this network otherwise than two, and one too.
    one, four = (
        in_another_process(
            request,
            "train_wide",
            "warp",
            TF_NUM_INTRAOP_THREADS=threads,
            OMP_NUM_THREADS=threads,
            OPENBLAS_NUM_THREADS=threads,
        )
        for threads in ("1", "4")
    )
    assert one == four
    assert "recipe='warp'" in one
