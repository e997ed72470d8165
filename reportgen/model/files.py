"""Models on disk: written in two forms, read back through the gate."""

from io import BytesIO
from pathlib import Path

from reportgen.errors import ModelError
from reportgen.model.backend import Network, cause, keras_errors, keras_quietly
from reportgen.model.directory import MAX_SIZE_BYTES
from reportgen.model.formats import OTHERWISE
from reportgen.model.gate import READ, Admitted, admit
from reportgen.model.sizes import making_at_most, require_narrow
from reportgen.opening import open_regular, size_of

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
    try:
        with making_at_most(admitted.numbers, name=path.name):
            network = _loaded(admitted, trusted=trusted)
    except keras_errors() as error:
        raise ModelError(
            f"{path.name} must hold a network whose weights fit its layers. Keras "
            f"{keras.__version__} could not load it: {cause(error)} Save it again "
            f"with this version of Keras, or train anew with --retrain. {OTHERWISE}"
        ) from error
    require_narrow(network, name=path.name)
    return network


def _loaded(admitted: Admitted, *, trusted: bool) -> Network:
    """Returns the network of an archive, from the bytes that were judged.

    `keras.saving.load_model` takes a path alone, and a copy on the disk would stay
    there if this process were killed. What it calls takes bytes, as Keras gives it
    those of a pickle.
    """
    from keras.src.saving import saving_lib

    return saving_lib.load_model(
        BytesIO(admitted.archive), compile=False, safe_mode=not trusted
    )


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
        if path.is_dir():
            raise ModelError(
                f"{path} must be a model file. Received {_folder(path)}. {READ}"
            )
        with open_regular(path) as file:
            size_bytes = size_of(file)
            content = file.read(MAX_SIZE_BYTES) if size_bytes <= MAX_SIZE_BYTES else b""
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
    if size_bytes > MAX_SIZE_BYTES:
        raise ModelError(
            f"{path} must have at most {MAX_SIZE_BYTES:,} bytes. Received "
            f"{size_bytes:,}. {READ}"
        )
    return content


def _folder(path: Path) -> str:
    """Returns what kind of folder it is, for a message."""
    is_saved_model = (path / "saved_model.pb").is_file()
    return "a SavedModel folder" if is_saved_model else "a folder"
