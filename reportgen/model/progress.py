"""How far a training has come: enough to go on with it as if it had never stopped."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen import record
from reportgen.errors import ModelError
from reportgen.model.backend import Network
from reportgen.npz import Npz, UnsoundError, open_npz

ANEW = "Train from the start: leave --resume out."

COLUMNS = 6
"""Numbers of a finished epoch, see `Progress`."""

MOST_VALUES = 1_000
"""Variables of a network and its optimizer; this package's have a hundred."""

MEMBERS = ("identity", "epochs", *(f"value_{at}" for at in range(MOST_VALUES)))


@dataclass(frozen=True, slots=True, eq=False)
class Progress:
    """The state of a training after a number of epochs.

    Attributes:
        epochs: (e, 6) float64, a row for each finished epoch: training loss and
            accuracy, validation loss and accuracy, learning rate, seconds since the
            training began.
        values: All variables of the network, then all of the optimizer.
    """

    epochs: NDArray[np.float64]
    values: tuple[NDArray[Any], ...]


def taken(
    network: Network, optimizer: Any, epochs: Sequence[Sequence[float]]
) -> Progress:
    """Returns the state of a training.

    Args:
        network: Being trained.
        optimizer: What trains it, built for it.
        epochs: The rows of the finished epochs.
    """
    values = tuple(one.numpy() for one in _variables(network, optimizer))
    return Progress(np.array(epochs, dtype=np.float64).reshape(-1, COLUMNS), values)


def to_history(epochs: Sequence[Sequence[float]]) -> record.History:
    """Returns what a report says of the epochs, a row each as in `Progress.epochs`."""
    *columns, _ = zip(*epochs, strict=True)
    return record.History(*columns)


def restore(
    progress: Progress, network: Network, optimizer: Any, *, epochs: int
) -> None:
    """Puts the state into a network and an optimizer that was built for it.

    Args:
        progress: The state.
        network: To be trained on.
        optimizer: What trains it, built for it.
        epochs: How many there are to be in all.

    Raises:
        ModelError: It belongs to another network or optimizer, or to a longer training.
    """
    if len(progress.epochs) > epochs:
        raise ModelError(
            f"The interrupted training must have at most {epochs} epochs. Received "
            f"{len(progress.epochs)}. {ANEW}"
        )
    variables = _variables(network, optimizer)
    wanted = [(tuple(one.shape), one.dtype) for one in variables]
    found = [(one.shape, one.dtype.name) for one in progress.values]
    if wanted != found:
        raise ModelError(
            f"The interrupted training must be of the same network. Received other "
            f"shapes or types of its {len(found)} variables. {ANEW}"
        )
    for variable, value in zip(variables, progress.values, strict=True):
        variable.assign(value)


def _variables(network: Network, optimizer: Any) -> list[Any]:
    """Returns every variable that training moves, in the order of their making."""
    return [*network.variables, *optimizer.variables]


def to_bytes(progress: Progress, identity: str) -> bytes:
    """Returns the state as NPZ.

    Args:
        progress: The state.
        identity: What the training was asked for; another one does not go on from it.
    """
    content = io.BytesIO()
    members = {f"value_{at}": one for at, one in enumerate(progress.values)}
    np.savez(
        content,
        allow_pickle=False,
        identity=np.array(identity),
        epochs=progress.epochs,
        **members,
    )
    return content.getvalue()


def from_bytes(content: bytes, identity: str) -> Progress:
    """Returns the state that `to_bytes` wrote.

    Args:
        content: NPZ; no pickle in it is loaded.
        identity: What the training is asked for now.

    Raises:
        ModelError: It is broken, or of a training that was asked for something else.
    """
    try:
        with open_npz(io.BytesIO(content), MEMBERS) as npz:
            _check_members(npz, len(content))
            theirs = _text(npz.read("identity"))
            epochs = npz.read("epochs")
            values = tuple(npz.read(name) for name in MEMBERS[2 : len(npz.names)])
    except (UnsoundError, ValueError) as error:
        raise ModelError(
            f"The interrupted training must be a whole NPZ file: {error}. {ANEW}"
        ) from error
    if theirs != identity:
        raise ModelError(
            "The interrupted training must have been asked for the same: "
            f"{identity}. Received {theirs[:500]}. Ask for that, or train from the "
            "start: leave --resume out."
        )
    if not np.isfinite(epochs).all():
        raise ModelError(
            "The interrupted training must hold finite numbers for each epoch. "
            f"Received NaN or infinity. {ANEW}"
        )
    return Progress(epochs, values)


def _text(array: NDArray[np.str_]) -> str:
    """Returns an array's one text; NumPy itself fails at numbers of no character."""
    content = array.astype(array.dtype.newbyteorder("<")).tobytes()
    return content.decode("utf-32-le").rstrip("\0")


def _check_members(npz: Npz, size_bytes: int) -> None:
    """Raises UnsoundError for other arrays than `to_bytes` writes.

    Args:
        npz: What the file says of itself.
        size_bytes: Of the file, which is not compressed: arrays are no larger.
    """
    if sorted(npz.names) != sorted(MEMBERS[: len(npz.names)]) or len(npz.names) < 2:  # noqa: PLR2004 -- identity and epochs
        raise UnsoundError("it lacks an array, or holds others")
    identity, epochs = npz.headers["identity"], npz.headers["epochs"]
    if identity.dtype.kind != "U" or identity.shape:
        raise UnsoundError(f"identity is {identity}, not a text")
    rows = len(epochs.shape) == 2 and epochs.shape[0] and epochs.shape[1] == COLUMNS  # noqa: PLR2004 -- rows and columns
    if epochs.dtype != np.float64 or not rows:
        raise UnsoundError(f"epochs is {epochs}, not {COLUMNS} numbers for each epoch")
    if sum(header.size_bytes for header in npz.headers.values()) > size_bytes:
        raise UnsoundError("it is compressed, which no interrupted training is")
