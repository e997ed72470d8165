"""The gate for a pickled Keras model: the archive inside is taken out, no code is run.

What `joblib.dump` writes of a Keras model is one call,
`getattr(Sequential, "_unpickle_model")(BytesIO(archive))`. Three names, each answered
here by a stand-in that does nothing; any other name is refused before it is looked up.
"""

import pickle
import pickletools
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

from reportgen.errors import ModelError
from reportgen.model.formats import OTHERWISE, pickled_format

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


SHOWN = 5
"""Names that a message shows; of the others it says how many."""


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
    asked: list[tuple[str, ...]] = []
    odd: list[str] = []
    try:
        for count, (opcode, argument, _) in enumerate(pickletools.genops(content), 1):
            if opcode.name == "GLOBAL":
                asked.append(tuple(str(argument).split(" ", 1)))
            elif opcode.name == "STACK_GLOBAL":
                asked.append(tuple(texts[-2:]))
            elif opcode.name not in OPCODES or count > MAX_OPCODES:
                odd.append(f"whose opcode {count} is {opcode.name}")
            if isinstance(argument, str):
                texts.append(argument)
            if count > MAX_OPCODES:
                break
    finally:  # Before any damage: who asks for a name says what the file is.
        _refuse_names(asked, name)
        _refuse_opcodes(odd, name)


def _refuse_names(asked: list[tuple[str, ...]], name: str) -> None:
    """Raises ModelError where one of the names is no part of a pickled Keras model."""
    refused = list(dict.fromkeys(one for one in asked if one not in STAND_INS))
    if refused:
        raise _refusal(refused, name)


def _refuse_opcodes(odd: list[str], name: str) -> None:
    """Raises ModelError where one of the opcodes is of no pickled Keras model."""
    if odd:
        raise ModelError(
            f"{name} must hold a Keras model and nothing else. Received a pickle "
            f"{odd[0]}, which no Keras model has. {SAVE_AGAIN} {OTHERWISE}"
        )


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


STAND_INS: Mapping[tuple[str, ...], Any] = {
    ("builtins", "getattr"): _getattr,
    ("_io", "BytesIO"): _Buffer,
    ("keras.src.models.sequential", "Sequential"): _Model,
    ("keras.src.models.functional", "Functional"): _Model,
}
"""(module, name) in a pickled Keras model, and what answers for it."""


def _stand_in(asked: tuple[str, str], name: str) -> Any:
    """Returns what answers for (module, name); refuses all other names."""
    if asked in STAND_INS:
        return STAND_INS[asked]
    raise _refusal([asked], name)


def _refusal(refused: list[tuple[str, ...]], name: str) -> ModelError:
    """Returns the error of a pickle that asks for those names."""
    shown = ", ".join(repr(".".join(one)[:100]) for one in refused[:SHOWN])
    more = f" and {len(refused) - SHOWN} more" if len(refused) > SHOWN else ""
    holds = next(filter(None, (pickled_format(one[0]) for one in refused if one)), None)
    return ModelError(
        f"{name} must hold a Keras model and nothing else. Received "
        f"{holds or 'a pickle'} that asks for {shown}{more}, which is refused: a "
        f"pickle can run any code. Use a model.keras, or save the Keras model itself "
        f"with joblib.dump. {OTHERWISE}"
    )
