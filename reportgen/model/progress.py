"""How far a training has come: enough to go on with it as if it had never stopped."""

import io
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.npyio import NpzFile
from numpy.typing import NDArray

from reportgen import record
from reportgen.errors import ModelError
from reportgen.model.backend import Network

ANEW = "Train from the start: leave --resume out."

COLUMNS = 6
"""Numbers of a finished epoch, see `Progress`."""

BROKEN = (
    EOFError,
    KeyError,
    OSError,
    RuntimeError,  # A version, method or flag that zipfile does not know.
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What NumPy and zipfile raise for a file that was cut off or is something else."""


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


def restore(progress: Progress, network: Network, optimizer: Any) -> None:
    """Puts the state into a network and an optimizer that was built for it.

    Raises:
        ModelError: It belongs to another network or optimizer.
    """
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
        # Not `np.load`, which takes NPY and pickles for files of its own too; a member
        # that is no array comes as bytes.
        with NpzFile(io.BytesIO(content), allow_pickle=False) as members:
            theirs = str(members["identity"])
            epochs = np.asarray(members["epochs"])
            count = len(members.files) - 2
            values = tuple(np.asarray(members[f"value_{at}"]) for at in range(count))
    except BROKEN as error:
        raise ModelError(
            f"The interrupted training must be a whole NPZ file: {error}. {ANEW}"
        ) from error
    if theirs != identity:
        raise ModelError(
            "The interrupted training must have been asked for the same: "
            f"{identity}. Received {theirs[:500]}. Ask for that, or train from the "
            "start: leave --resume out."
        )
    if epochs.shape[1:] != (COLUMNS,) or not len(epochs) or epochs.dtype != np.float64:
        raise ModelError(
            f"The interrupted training must hold a row of {COLUMNS} numbers for each "
            f"epoch. Received {epochs.dtype} of shape {epochs.shape}. {ANEW}"
        )
    return Progress(epochs, values)
