"""Steps: cut as planned, made ahead in order, and the same as a loop of single ones."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from reportgen.model import Network, build_network, keras_quietly
from reportgen.model.steps import (
    BYTES_A_CALL,
    JUDGED_AT_ONCE,
    STEPS_A_CALL,
    Plan,
    Tally,
    ahead,
    judging_run,
    training_run,
)

Block = tuple[NDArray[np.uint8], NDArray[np.int64]]


def noise(n: int, size: int = 8) -> Block:
    """Returns n random images of three classes."""
    rng = np.random.default_rng(n)
    images = rng.integers(0, 256, (n, size, size)).astype(np.uint8)
    return images, rng.integers(0, 3, n)


@given(st.integers(1, 100_000), st.integers(1, 1000), st.integers(1, 100_000))
def test_calls_hold_all_images_whole_steps_first(
    images: int, batch_size: int, pixels: int
) -> None:
    plan = Plan(images, batch_size, pixels)
    *calls, last = plan.sizes
    assert sum(plan.sizes) == images
    assert plan.steps == np.ceil(images / batch_size)
    assert all(size % batch_size == 0 for size in calls)
    assert last % batch_size == 0 or last < batch_size
    for size in plan.sizes:
        steps, a_step = plan.room(size)
        assert 0 < size <= steps * a_step
        assert size % a_step == 0
        assert steps <= STEPS_A_CALL
        assert steps == 1 or steps * a_step * pixels <= BYTES_A_CALL
    rooms = {plan.room(size) for size in plan.sizes}
    assert len(rooms) <= 2  # each is compiled by itself


def test_mnists_epoch_is_cut_as_worked_out_by_hand() -> None:
    # 50,400 = 98 * 512 + 224, and 98 steps are a call of 50 and one of 48; 50 steps of
    # 512 images of 784 bytes are 20 MB.
    plan = Plan(50_400, 512, 784)
    assert plan.steps == 99
    assert plan.sizes == (25_600, 24_576, 224)
    assert [plan.room(size) for size in plan.sizes] == [(50, 512), (50, 512), (1, 224)]


def test_large_images_and_batches_get_shorter_calls() -> None:
    # 2^25 bytes hold 1.3 steps of 512 images of 50,176 bytes, and no step of 50,400
    # images of 784.
    assert Plan(2000, 512, 224 * 224).sizes == (512, 512, 512, 464)
    assert Plan(50_400, 50_400, 784).room(50_400) == (1, 50_400)


def test_tallies_add_up() -> None:
    both = Tally(3, 1.5, 2).plus(Tally(1, 0.5, 1))
    assert both == Tally(4, 2.0, 3)
    assert (both.mean_loss, both.accuracy) == (0.5, 0.75)


def test_what_is_made_ahead_comes_in_order() -> None:
    assert list(ahead(iter(range(20)))) == list(range(20))
    assert list(ahead(iter(()))) == []


def test_one_is_made_ahead_and_no_more() -> None:
    made: list[int] = []
    ready = threading.Semaphore(0)

    def making() -> Iterator[int]:
        for value in range(5):
            made.append(value)
            ready.release()
            yield value

    coming = ahead(making())
    ready_within_s = 5
    assert next(coming) == 0
    for _ in range(2):  # the one in hand and the one ahead
        assert ready.acquire(timeout=ready_within_s)
    assert not ready.acquire(timeout=0.05)
    assert made == [0, 1]
    coming.close()


def test_an_error_of_the_maker_is_passed_on_in_its_turn() -> None:
    def making() -> Iterator[int]:
        yield 1
        raise OSError("no more")

    coming = ahead(making())
    assert next(coming) == 1
    with pytest.raises(OSError, match="no more"):
        next(coming)


def test_closing_ends_the_makers_thread() -> None:
    before = set(threading.enumerate())
    coming = ahead(iter(range(5)))
    next(coming)
    coming.close()
    assert set(threading.enumerate()) <= before


def test_a_call_is_the_same_as_single_steps_by_hand(network: Network) -> None:
    # Calls of three and two steps of ten, then one step of four. Biases before batch
    # normalisation have no gradient but rounding, which the epsilon of 1e-7 that Adam
    # divides by would blow up to whole steps.
    images, labels = noise(54)
    other = build_network(8, 8, classes=3, seed=7)
    adam = partial(keras_quietly().optimizers.Adam, 1e-3, epsilon=1e-3)
    run = training_run(network, _built(adam(), network), Plan(54, 10, 64))
    tally = Tally()
    for start, stop in ((0, 30), (30, 50), (50, 54)):
        tally = tally.plus(run(images[start:stop], labels[start:stop]))
    loss, right = _by_hand(other, adam(), (images, labels), 10)
    assert (tally.images, tally.right) == (54, right)
    assert tally.loss == pytest.approx(loss, rel=1e-5)
    for one, same in zip(network.get_weights(), other.get_weights(), strict=True):
        assert np.allclose(one, same, atol=2e-5)


def _built(optimizer: Any, network: Network) -> Any:
    """Returns the optimizer, built for the network."""
    optimizer.build(network.trainable_variables)
    return optimizer


def test_making_what_trains_changes_nothing(network: Network) -> None:
    before = network.get_weights()
    optimizer = _built(keras_quietly().optimizers.Adam(), network)
    training_run(network, optimizer, Plan(20, 4, 64))
    assert int(optimizer.iterations) == 0
    for one, same in zip(network.get_weights(), before, strict=True):
        assert np.array_equal(one, same)


def _by_hand(
    network: Network, optimizer: object, block: Block, batch_size: int
) -> tuple[float, int]:
    """Trains step by step, neither compiled nor looped; returns loss and right ones."""
    import tensorflow as tf

    loss, right = 0.0, 0
    for start in range(0, len(block[0]), batch_size):
        some, truth = (values[start : start + batch_size] for values in block)
        with tf.GradientTape() as tape:
            proba = network(some, training=True)
            rows = -tf.math.log(tf.gather(proba, truth, batch_dims=1))
            mean = tf.reduce_mean(rows)
        variables = network.trainable_variables
        optimizer.apply(tape.gradient(mean, variables), variables)  # type: ignore[attr-defined]  # untyped
        loss += float(tf.reduce_sum(rows))
        right += int((proba.numpy().argmax(axis=1) == truth).sum())
    return loss, right


def test_counts_of_steps_share_one_program(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tensorflow as tf

    made = []
    function = tf.function

    def noted(**options: object) -> Callable[[object], object]:
        def decorate(body: object) -> object:
            made.append(function(**options)(body))
            return made[-1]

        return decorate

    monkeypatch.setattr(tf, "function", noted)
    optimizer = _built(keras_quietly().optimizers.Adam(), network)
    run = training_run(network, optimizer, Plan(20, 4, 64))
    for steps in (5, 2, 1):
        run(*noise(4 * steps))
    assert made[0].experimental_get_tracing_count() == 1


def test_judging_agrees_with_keras_and_changes_nothing(trained: Network) -> None:
    images, labels = noise(JUDGED_AT_ONCE + 5)
    before = [values.copy() for values in trained.get_weights()]
    tally = judging_run(trained)(images, labels)
    proba = trained.predict(images, batch_size=2048, verbose=0)
    keras = keras_quietly()
    losses = keras.losses.sparse_categorical_crossentropy(labels, proba)
    accuracy = (proba.argmax(axis=1) == labels).mean()
    assert tally.images == len(images)
    assert tally.accuracy == pytest.approx(accuracy)
    assert tally.mean_loss == pytest.approx(float(np.mean(losses)), rel=1e-4)
    for one, same in zip(trained.get_weights(), before, strict=True):
        assert np.array_equal(one, same)


def test_a_confident_error_is_not_clipped(network: Network) -> None:
    # Logits (100, 0, 0) for every image: with label 1 the loss is 100 nats, while a
    # loss from clipped probabilities would say 16.
    last = network.get_layer("probabilities")
    kernel, bias = last.get_weights()
    last.set_weights([kernel * 0, np.array([100, 0, 0], dtype=bias.dtype)])
    tally = judging_run(network)(noise(4)[0], np.ones(4, dtype=np.int64))
    assert tally.mean_loss == pytest.approx(100)
    assert tally.accuracy == 0
