"""The gate for a pickled Keras model: the archive inside is taken out, no code is run.

What `joblib.dump` writes of a Keras model is one call,
`getattr(Sequential, "_unpickle_model")(BytesIO(archive))`. Three names, each answered
here by a stand-in that does nothing; any other name is refused before it is looked up.
"""

import pickle
import pickletools
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

from reportgen.errors import ModelError

SAVE_AGAIN = 'Save it again with joblib.dump(model, "model.pkl") and no compression.'

DAMAGE = (
    pickle.UnpicklingError,
    AttributeError,
    EOFError,
    IndexError,
    KeyError,
    MemoryError,
    OverflowError,
    TypeError,
    ValueError,
)
"""What a damaged pickle raises, by the manual of `pickle` and by trial."""

OPCODES = frozenset(
    (
        *("PROTO", "FRAME", "STOP", "MARK", "NONE", "REDUCE", "NEWOBJ", "BUILD"),
        *("BINUNICODE", "SHORT_BINUNICODE"),
        *("BINBYTES", "BINBYTES8", "SHORT_BINBYTES"),
        *("BININT", "BININT1", "BININT2", "LONG1"),
        *("EMPTY_TUPLE", "TUPLE", "TUPLE1", "TUPLE2", "TUPLE3"),
        *("MEMOIZE", "BINPUT", "BINGET"),
    )
)
"""What a pickled Keras model is written in, beside the two that name something.

No dictionary is among them, with which a pickle could set attributes of a stand-in, and
no LONG_BINPUT, of which five bytes can ask for gigabytes of memory.
"""

MAX_OPCODES = 200
"""A pickled Keras model has about fifty."""


def archive_from_pickle(content: bytes, *, name: str) -> bytes:
    """Returns the `.keras` archive inside a pickled Keras model.

    Args:
        content: The file, from `joblib.dump` without compression or `pickle.dump`.
        name: Its name, for messages.

    Raises:
        ModelError: The pickle is damaged, or holds anything but a Keras model.
    """
    try:
        _require_plain(content, name)
        archive = _ModelUnpickler(content, name).load()
    except DAMAGE as error:
        raise ModelError(
            f"{name} must be a whole pickle of a Keras model. Received a damaged one: "
            f"{error}. {SAVE_AGAIN}"
        ) from error
    if not isinstance(archive, _Archive):
        raise ModelError(
            f"{name} must hold a Keras model. Received a pickled "
            f"{type(archive).__name__!r}. {SAVE_AGAIN}"
        )
    return bytes(archive)


def _require_plain(content: bytes, name: str) -> None:
    """Raises ModelError for a pickle that is not written as a Keras model is.

    This first look runs nothing at all and builds nothing.
    """
    texts: list[str] = []
    for count, (opcode, argument, _) in enumerate(pickletools.genops(content), 1):
        if opcode.name == "GLOBAL":
            _stand_in(str(argument).split(" ", 1), name)
        elif opcode.name == "STACK_GLOBAL":
            _stand_in(texts[-2:], name)
        elif opcode.name not in OPCODES or count > MAX_OPCODES:
            raise ModelError(
                f"{name} must hold a Keras model and nothing else. Received a pickle "
                f"whose opcode {count} is {opcode.name}, which no Keras model has. "
                f"{SAVE_AGAIN}"
            )
        if isinstance(argument, str):
            texts.append(argument)


class _ModelUnpickler(pickle.Unpickler):
    """Reads pickles that hold a Keras model and nothing else."""

    def __init__(self, content: bytes, name: str) -> None:
        super().__init__(BytesIO(content))
        self._name = name

    def find_class(self, module: str, name: str, /) -> Any:
        """Returns the stand-in of a known name; imports nothing."""
        return _stand_in((module, name), self._name)


class _Archive(bytes):
    """Stands in for the model: what `_unpickle_model` would have been given.

    Bytes take no state, so no pickle can change them once they are made.
    """


class _Buffer:
    """Stands in for `io.BytesIO`: keeps the bytes of its state."""

    content = b""

    def __setstate__(self, state: tuple[bytes, int, None]) -> None:
        """Takes what BytesIO saves of itself: bytes, position, attributes."""
        if type(state[0]) is not bytes:
            raise pickle.UnpicklingError("a buffer must hold bytes")
        self.content = state[0]


class _Model:
    """Stands in for the model's class, of which only one method is asked."""


def _unpickle_model(buffer: Any) -> _Archive:
    """Stands in for Keras's method of that name: takes the archive, loads nothing."""
    if not isinstance(buffer, _Buffer):
        raise pickle.UnpicklingError("_unpickle_model was not given a buffer")
    return _Archive(buffer.content)


def _getattr(owner: Any, attribute: Any) -> Callable[[Any], _Archive]:
    """Stands in for `getattr`: knows one attribute of one class."""
    if owner is not _Model or attribute != "_unpickle_model":
        raise pickle.UnpicklingError(f"getattr of {attribute!r} is refused")
    return _unpickle_model


STAND_INS: dict[tuple[str, ...], Any] = {
    ("builtins", "getattr"): _getattr,
    ("_io", "BytesIO"): _Buffer,
    ("keras.src.models.sequential", "Sequential"): _Model,
    ("keras.src.models.functional", "Functional"): _Model,
}
"""(module, name) in a pickled Keras model, and what answers for it."""


def _stand_in(asked: Sequence[str], name: str) -> Any:
    """Returns what answers for (module, name); refuses all other names."""
    key = tuple(asked)
    if key in STAND_INS:
        return STAND_INS[key]
    raise ModelError(
        f"{name} must hold a Keras model and nothing else. Received a pickle that asks "
        f"for {'.'.join(asked)[:200]!r}, which is refused: a pickle can run any code. "
        f"Use a model.keras, or save the Keras model itself with joblib.dump."
    )
