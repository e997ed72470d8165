"""Steps of training without coming back: one call runs dozens of them under XLA.

Between two steps nothing is left for Python to do, so they are compiled into one loop.
"""

from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from reportgen.model.backend import Network, keras_quietly, release_memory

T = TypeVar("T")

STEPS_A_CALL = 50
"""Most steps of one call: there are some calls a second."""

BYTES_A_CALL = 2**25
"""Most bytes of the images of one call, unless a single step has more."""

JUDGED_AT_ONCE = 8192
"""Images whose loss is computed at once, which bounds memory."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How the images of an epoch are cut into calls.

    Attributes:
        images: N, images of an epoch.
        batch_size: Images a step; the last step of an epoch may have fewer.
        pixels: Bytes of an image.
    """

    images: int
    batch_size: int
    pixels: int

    @property
    def steps(self) -> int:
        """Steps of an epoch."""
        return -(-self.images // self.batch_size)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Images of each call: full steps first, what is left over as one step."""
        full, left = divmod(self.images, self.batch_size)
        calls, more = divmod(full, self.most_steps)
        sizes = [self.most_steps * self.batch_size] * calls
        sizes += [more * self.batch_size, left]
        return tuple(size for size in sizes if size)

    @property
    def most_steps(self) -> int:
        """Steps of a call that is not the last."""
        fitting = BYTES_A_CALL // (self.batch_size * self.pixels)
        return max(1, min(STEPS_A_CALL, fitting))

    def room(self, images: int) -> tuple[int, int]:
        """Returns steps and images a step that a call of so many images has room for.

        It is one shape for all calls but the last step's, or each would be compiled
        anew.
        """
        if images < self.batch_size:
            return 1, images
        return self.most_steps, self.batch_size


@dataclass(frozen=True, slots=True)
class Tally:
    """Losses and right answers over some images.

    Attributes:
        images: How many.
        loss: Sum of the cross-entropies in nats.
        right: How many were right.
    """

    images: int = 0
    loss: float = 0.0
    right: int = 0

    def plus(self, other: "Tally") -> "Tally":
        """Returns the tally over both."""
        return Tally(
            self.images + other.images,
            self.loss + other.loss,
            self.right + other.right,
        )

    @property
    def mean_loss(self) -> float:
        """Mean cross-entropy in nats."""
        return self.loss / self.images

    @property
    def accuracy(self) -> float:
        """Share right, 0-1."""
        return self.right / self.images


Run = Callable[[NDArray[np.uint8], NDArray[np.int64]], Tally]
"""From images (b, height, width) uint8 and labels (b,) to their tally."""


def training_run(network: Network, optimizer: Any, plan: Plan) -> Run:
    """Returns what trains the network on images, in their order, step by step.

    It is compiled here, which takes as much memory as many images do: before there
    are any.

    Args:
        network: From (n, height, width) uint8 to (n, k) probabilities.
        optimizer: A Keras optimizer, built for the network.
        plan: Images a step, and the most of a call; one with less is one step.
    """
    import tensorflow as tf

    def step(images: Any, labels: Any) -> tuple[Any, Any]:
        with tf.GradientTape() as tape:
            losses, right = _judged(network, images, labels, training=True)
            loss = tf.reduce_mean(losses)
        variables = network.trainable_variables
        optimizer.apply(tape.gradient(loss, variables), variables)
        return tf.reduce_sum(losses), right

    # Without AutoGraph, which does not read the code of every Python.
    @tf.function(jit_compile=True, autograph=False)  # type: ignore[untyped-decorator]  # TensorFlow carries no types
    def steps(images: Any, labels: Any, count: Any) -> tuple[Any, Any]:
        def one(index: Any, loss: Any, right: Any) -> tuple[Any, Any, Any]:
            more, also = step(images[index], labels[index])
            return index + 1, loss + more, right + also

        # Not `tf.range`, whose count XLA must know: each count would be compiled anew.
        _, loss, right = tf.while_loop(
            lambda index, *_: index < count,
            one,
            (tf.constant(0), tf.constant(0.0), tf.constant(0)),
        )
        return loss, right

    def run(images: NDArray[np.uint8], labels: NDArray[np.int64]) -> Tally:
        room = plan.room(len(images))
        count = len(images) // room[1]
        cut_images = _cut(images, room)
        cut_labels = _cut(labels.astype(np.int32), room)
        loss, right = steps(cut_images, cut_labels, tf.constant(count))
        return Tally(len(images), float(loss), int(right))

    room = plan.room(plan.images)
    blank = np.zeros((*room, *network.input_shape[1:]), np.uint8)
    steps(blank, np.zeros(room, np.int32), tf.constant(0))  # no step: compiled alone
    release_memory()
    return run


def judging_run(network: Network) -> Run:
    """Returns what computes the tally of images without changing the network."""
    import tensorflow as tf

    @tf.function(jit_compile=True, autograph=False)  # type: ignore[untyped-decorator]  # TensorFlow carries no types
    def judge(images: Any, labels: Any) -> tuple[Any, Any]:
        losses, right = _judged(network, images, labels, training=False)
        return tf.reduce_sum(losses), right

    def run(images: NDArray[np.uint8], labels: NDArray[np.int64]) -> Tally:
        tally = Tally()
        for start in range(0, len(images), JUDGED_AT_ONCE):
            some = slice(start, start + JUDGED_AT_ONCE)
            loss, right = judge(images[some], labels[some].astype(np.int32))
            tally = tally.plus(Tally(len(images[some]), float(loss), int(right)))
        return tally

    return run


def _judged(
    network: Network, images: Any, labels: Any, *, training: bool
) -> tuple[Any, Any]:
    """Returns the cross-entropy of each image, and how many are right."""
    import tensorflow as tf

    losses = keras_quietly().losses
    proba = network(images, training=training)
    # Keras finds the logits behind the softmax: no probability is clipped.
    found = losses.sparse_categorical_crossentropy(labels, proba)
    hits = tf.argmax(proba, axis=-1, output_type=tf.int32) == labels
    return found, tf.reduce_sum(tf.cast(hits, tf.int32))


def _cut(values: NDArray[Any], room: tuple[int, int]) -> NDArray[Any]:
    """Returns the values step by step, (*room, ...); what is beyond is zero."""
    cut = values.reshape(-1, room[1], *values.shape[1:])
    if len(cut) == room[0]:
        return cut
    filled = np.zeros((*room, *values.shape[1:]), cut.dtype)
    filled[: len(cut)] = cut
    return filled


def ahead(values: Iterator[T]) -> Generator[T]:
    """Yields what the iterator yields; a thread makes the next one meanwhile."""
    with ThreadPoolExecutor(1) as maker:
        coming = maker.submit(next, values, None)
        while (value := coming.result()) is not None:
            coming = maker.submit(next, values, None)
            yield value
