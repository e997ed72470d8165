"""The one place where Keras and TensorFlow are imported: late, and in silence."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ctypes import CDLL
from functools import cache
from tempfile import TemporaryFile
from typing import Any, TypeAlias

Network: TypeAlias = Any
"""A built `keras.Model`; Keras carries no types."""

THREADS = 2
"""Threads of one kernel, however many processors there are: how a sum is cut, and so
its last bits, follows from their number."""

SAYING_NOTHING = ("Exception encountered when calling", "Graph execution error")
"""How lines of Keras's messages begin before the one that says why."""

LONGEST_CAUSE = 200
"""Characters of such a line that a message shows."""

STDERR = 2
"""C++ code writes to this descriptor, whatever `sys.stderr` has become."""


@cache
def keras_quietly() -> Any:
    """Returns the module keras on TensorFlow; the first call takes 5 to 8 seconds.

    TensorFlow writes start-up notes to stderr even at its quietest log level. They are
    held back, and shown only when the import fails.

    Raises:
        ImportError: Keras or TensorFlow is missing or broken.
    """
    # Both libraries read these once, at import. A user who wants TensorFlow's log can
    # ask for it; another backend would break what this package promises of training.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ["KERAS_BACKEND"] = "tensorflow"
    with stderr_held():
        import keras
        import tensorflow as tf
    # Too late where the process has computed with TensorFlow before.
    with suppress(RuntimeError):
        tf.config.threading.set_intra_op_parallelism_threads(THREADS)
    return keras


def keras_errors() -> tuple[type[BaseException], ...]:
    """Returns what Keras raises for what does not fit together, by trial."""
    import tensorflow as tf

    return (
        AttributeError,
        IndexError,
        KeyError,
        MemoryError,
        OSError,
        OverflowError,
        RuntimeError,
        TypeError,
        ValueError,
        tf.errors.OpError,
    )


def cause(error: BaseException) -> str:
    """Returns the line of Keras's message that says why; the rest may fill pages."""
    text = str(error).strip() or type(error).__name__
    told = text.rpartition("Exception encountered:")[2].strip() or text
    lines = re.sub(r"\x1b\[\d*m", "", told).splitlines()  # Keras prints in bold
    saying = (line for line in lines if line and not line.startswith(SAYING_NOTHING))
    said = next(saying, lines[0])
    return said if len(said) <= LONGEST_CAUSE else f"{said[:LONGEST_CAUSE]} ..."


def seed_everything(seed: int) -> None:
    """Makes all that follows in this process repeat bit by bit.

    Seeds the global generators of Python, NumPy and TensorFlow, and makes TensorFlow
    use deterministic kernels only. The latter cannot be undone in a running process.

    Args:
        seed: Whole number in 0 to 2**32 - 1.
    """
    keras = keras_quietly()
    import tensorflow as tf

    keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()


def release_memory() -> None:
    """Returns to the system what is freed, which glibc keeps for a process to use."""
    if sys.platform == "linux":
        # Other C libraries have no such function, and keep less.
        trim = getattr(CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


@contextmanager
def stderr_held() -> Iterator[None]:
    """Holds back what the body writes to descriptor 2; shows it if the body fails."""
    _flush()
    try:
        shown = os.dup(STDERR)
    except OSError:  # The descriptor is closed: there is nothing to hold back.
        yield
        return
    with TemporaryFile() as held:
        os.dup2(held.fileno(), STDERR)
        failed = True
        try:
            yield
            failed = False
        finally:
            _flush()
            os.dup2(shown, STDERR)
            os.close(shown)
            if failed:
                held.seek(0)
                os.write(STDERR, held.read())


def _flush() -> None:
    """Empties Python's own buffer, so that its text goes where it was meant to go."""
    # Under pythonw and some test runners there is no stream, or a closed one.
    if sys.stderr is not None and not sys.stderr.closed:
        sys.stderr.flush()
