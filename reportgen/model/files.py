"""Models on disk: written in two forms, read back through the gate."""

from pathlib import Path
from tempfile import TemporaryDirectory

from reportgen.errors import ModelError
from reportgen.model.backend import Network, keras_quietly
from reportgen.model.directory import MAX_SIZE_BYTES
from reportgen.model.gate import READ, admit
from reportgen.model.sizes import making_at_most, require_narrow

ARCHIVE_NAME = "model.keras"
PICKLE_NAME = "Sequential_Perceptron_model.pkl"


def save_model(network: Network, folder: Path) -> None:
    """Writes the network into the folder twice: as Keras writes it, and pickled.

    Args:
        network: A trained network.
        folder: An existing folder; files of these two names in it are overwritten.

    Raises:
        OSError: The folder cannot be written.
    """
    import joblib

    network.save(folder / ARCHIVE_NAME)
    joblib.dump(network, folder / PICKLE_NAME)


def load_model(path: Path, *, trusted: bool = False) -> Network:
    """Returns the network that the file holds, without running any code from it.

    Optimizer and loss are left behind: the network predicts, it does not train on.

    Args:
        path: A `.keras` archive or a pickled Keras model; its contents tell which.
        trusted: Whether the user vouches for the file: it may then name any layer, and
            code in it is run.

    Raises:
        ModelError: The file is missing, is not a model, is damaged, or is refused.
    """
    admitted = admit(_read(path), name=path.name, trusted=trusted)
    keras = keras_quietly()
    # Keras reads a copy of the bytes that were judged, whatever happens to the file.
    with TemporaryDirectory(prefix="reportgen-") as folder:
        judged = Path(folder) / ARCHIVE_NAME
        judged.write_bytes(admitted.archive)
        try:
            with making_at_most(admitted.numbers, name=path.name):
                network = keras.saving.load_model(
                    judged, compile=False, safe_mode=not trusted
                )
        except _loading_errors() as error:
            raise ModelError(
                f"{path.name} must hold a network whose weights fit its layers. Keras "
                f"{keras.__version__} could not load it: {_cause(error)} "
                f"Train anew with --retrain."
            ) from error
    require_narrow(network, name=path.name)
    return network


def check_model(path: Path, *, trusted: bool = False) -> None:
    """Returns nothing if the file may be loaded; loads neither it nor Keras.

    Args:
        path: As `load_model` takes it.
        trusted: Whether the user vouches for the file.

    Raises:
        ModelError: The file is missing, is not a model, is damaged, or is refused.
    """
    admit(_read(path), name=path.name, trusted=trusted)


def _read(path: Path) -> bytes:
    """Returns the bytes of the file, of a size that a model may have."""
    try:
        size_bytes = path.stat().st_size
        if path.is_dir():
            raise ModelError(
                f"{path} must be a model file. Received {_folder(path)}. {READ}"
            )
        if size_bytes > MAX_SIZE_BYTES:
            raise ModelError(
                f"{path} must have at most {MAX_SIZE_BYTES:,} bytes. Received "
                f"{size_bytes:,}. {READ}"
            )
        return path.read_bytes()
    except FileNotFoundError as error:
        raise ModelError(
            f"{path} must be a trained model. Received the name of a file that does "
            f"not exist. Train one with `reportgen build --retrain`, or name another "
            f"with --model."
        ) from error
    except OSError as error:
        raise ModelError(
            f"{path} must be a file that can be read: {error.strerror}. Mend its "
            f"permissions, or name another with --model."
        ) from error


def _folder(path: Path) -> str:
    """Returns what kind of folder it is, for a message."""
    is_saved_model = (path / "saved_model.pb").is_file()
    return "a SavedModel folder" if is_saved_model else "a folder"


def _loading_errors() -> tuple[type[BaseException], ...]:
    """Returns what Keras raises for configurations and weights that do not agree."""
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


def _cause(error: BaseException) -> str:
    """Returns the line of Keras's message that says why; the rest may fill pages."""
    text = str(error).strip() or type(error).__name__
    told = text.rpartition("Exception encountered:")[2].strip() or text
    return told.splitlines()[0][:200]
