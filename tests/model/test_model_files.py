import json
import os
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest
from archives import layer

from reportgen.errors import ModelError
from reportgen.model import (
    ARCHIVE_NAME,
    PICKLE_NAME,
    Network,
    check_model,
    keras_quietly,
    load_model,
    predict_proba,
    save_model,
    weights_sha256,
)
from reportgen.model.allowed import ALLOWED, NETWORKS, OPERATIONS, WORDS

pytestmark = pytest.mark.filterwarnings(
    # h5py's datasets, read by Keras, do not know NumPy 2's `copy` yet.
    "ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning"
)


@pytest.fixture(scope="module")
def saved(trained: Network, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the trained network in both forms."""
    folder = tmp_path_factory.mktemp("saved")
    save_model(trained, folder)
    return folder


@pytest.mark.parametrize("name", [ARCHIVE_NAME, PICKLE_NAME])
def test_what_is_loaded_predicts_the_same_bits(
    trained: Network, saved: Path, images: np.ndarray, name: str
) -> None:
    loaded = load_model(saved / name)
    assert weights_sha256(loaded) == weights_sha256(trained)
    assert np.array_equal(predict_proba(loaded, images), predict_proba(trained, images))


@pytest.mark.parametrize("name", [ARCHIVE_NAME, PICKLE_NAME])
def test_the_contents_tell_the_format_not_the_suffix(
    saved: Path, tmp_path: Path, name: str
) -> None:
    renamed = tmp_path / "weights.bin"
    renamed.write_bytes((saved / name).read_bytes())
    assert load_model(renamed).input_shape == (None, 8, 8)


def test_exactly_two_files_are_written(saved: Path) -> None:
    assert sorted(path.name for path in saved.iterdir()) == [PICKLE_NAME, ARCHIVE_NAME]


def test_a_functional_network_of_plain_layers_is_read(tmp_path: Path) -> None:
    keras = keras_quietly()
    layers = keras.layers
    images = keras.Input((8, 8))
    maps = layers.Conv2D(2, 3, kernel_regularizer="l2")(
        layers.Reshape((8, 8, 1))(images)
    )
    outputs = layers.Dense(3, "softmax")(layers.GlobalAveragePooling2D()(maps))
    network = keras.Model(images, layers.Dropout(0.5)(outputs))
    network.compile("adam", "mse")
    save_model(network, tmp_path)
    for name in (ARCHIVE_NAME, PICKLE_NAME):
        assert load_model(tmp_path / name).output_shape == (None, 3)


def test_a_lambda_is_refused_in_both_forms(tmp_path: Path) -> None:
    keras = keras_quietly()
    network = keras.Sequential([keras.Input((2,)), keras.layers.Lambda(lambda x: x)])
    save_model(network, tmp_path)
    for name in (ARCHIVE_NAME, PICKLE_NAME):
        with pytest.raises(ModelError, match=f"{name} .*'Lambda' of 'keras.layers'"):
            load_model(tmp_path / name)


def test_every_admitted_name_is_the_one_that_keras_writes() -> None:
    keras = keras_quietly()
    for module, kind in ALLOWED - NETWORKS - OPERATIONS:
        part = getattr(keras, module.partition(".")[2], keras)
        found = keras.src.api_export.get_name_from_symbol(getattr(part, kind))
        assert found == f"{module}.{kind}"


def test_every_admitted_word_is_one_of_keras() -> None:
    keras = keras_quietly()
    parts = (
        keras.activations,
        keras.constraints,
        keras.initializers,
        keras.regularizers,
    )
    known = set().union(*map(dir, parts)) | {"DTypePolicy"}
    assert known >= WORDS
    activations = set(keras.src.activations.ALL_OBJECTS_DICT)
    assert activations <= WORDS


@pytest.mark.parametrize(
    "kind",
    [
        *("Lambda", "TFSMLayer", "FlaxLayer", "JaxLayer", "TorchModuleWrapper"),
        *("StringLookup", "IntegerLookup", "TextVectorization", "Pipeline"),
        *("Discretization", "Layer", "Wrapper", "TimeDistributed", "RNN"),
    ],
)
def test_no_layer_that_runs_or_reads_is_admitted(kind: str) -> None:
    assert hasattr(keras_quietly().layers, kind)
    assert ("keras.layers", kind) not in ALLOWED


@pytest.mark.parametrize("compress", ["zlib", "gzip", "bz2", "lzma", "xz"])
def test_a_compressed_pickle_is_refused_with_the_way_out(
    tmp_path: Path, trained: Network, compress: str
) -> None:
    path = tmp_path / "model.pkl"
    joblib.dump(trained, path, compress=(compress, 1))
    with pytest.raises(ModelError, match=r"compressed with.*Save it again"):
        load_model(path)


def test_no_model_yet_names_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"does not exist.*--retrain"):
        load_model(tmp_path / ARCHIVE_NAME)


def test_a_folder_is_not_a_model(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="Received a folder"):
        load_model(tmp_path)
    (tmp_path / "saved_model.pb").touch()
    with pytest.raises(ModelError, match="Received a SavedModel folder"):
        load_model(tmp_path)


def test_a_file_where_a_folder_should_be_is_an_error_of_ours(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ModelError, match="can be read: Not a directory"):
        load_model(tmp_path / "file" / ARCHIVE_NAME)


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / ARCHIVE_NAME
    with path.open("wb") as file:
        file.truncate(512 * 2**20 + 1)  # sparse: takes no room
    with pytest.raises(ModelError, match="at most 536,870,912 bytes"):
        load_model(path)


def test_what_never_ends_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "endless.keras").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "silent.keras")
    for name, kind in (("endless", "a device"), ("silent", "a pipe")):
        with pytest.raises(ModelError, match=f"can be read: {kind} is no file"):
            check_model(tmp_path / f"{name}.keras")


def test_loading_leaves_nothing_on_the_disk(
    saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whatever is killed while it loads can leave nothing where nothing is written.
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    load_model(saved / ARCHIVE_NAME)
    load_model(saved / PICKLE_NAME)


@pytest.mark.parametrize("name", [ARCHIVE_NAME, PICKLE_NAME])
@pytest.mark.parametrize("share", [0.01, 0.5, 0.99])
def test_half_a_file_is_damaged(
    saved: Path, tmp_path: Path, name: str, share: float
) -> None:
    content = (saved / name).read_bytes()
    (tmp_path / name).write_bytes(content[: int(len(content) * share)])
    with pytest.raises(ModelError, match="damaged"):
        load_model(tmp_path / name)


Change = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    "change",
    [
        lambda layers: layers[3]["config"].update(units=299),
        lambda layers: layers[3]["config"].update(units="many"),
        lambda layers: layers[3]["config"].update(units=-1),
        lambda layers: layers[3]["config"].update(surprise=1),
        lambda layers: layers[3].pop("config"),
        lambda layers: layers.insert(4, "Dense"),
        lambda layers: layers.clear(),
    ],
)
def test_layers_that_do_not_fit_the_weights_are_an_error_of_ours(
    saved: Path, tmp_path: Path, change: Change
) -> None:
    path = tmp_path / ARCHIVE_NAME
    with (
        zipfile.ZipFile(saved / ARCHIVE_NAME) as source,
        zipfile.ZipFile(path, "w") as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name == "config.json":
                config = json.loads(content)
                change(config["config"]["layers"])
                content = json.dumps(config).encode()
            target.writestr(name, content)
    with pytest.raises(ModelError, match="could not load it"):
        load_model(path)


def test_weights_that_are_no_hdf5_are_an_error_of_ours(
    saved: Path, tmp_path: Path
) -> None:
    path = tmp_path / ARCHIVE_NAME
    with (
        zipfile.ZipFile(saved / ARCHIVE_NAME) as source,
        zipfile.ZipFile(path, "w") as target,
    ):
        for name in source.namelist():
            is_weights = name == "model.weights.h5"
            target.writestr(name, b"?" * 99 if is_weights else source.read(name))
    with pytest.raises(ModelError, match="must be an HDF5 file"):
        load_model(path)


def rewritten(saved: Path, path: Path, layers: list[dict[str, Any]]) -> None:
    """Writes the saved archive again, with those layers in place of the third on."""
    with (
        zipfile.ZipFile(saved / ARCHIVE_NAME) as source,
        zipfile.ZipFile(path, "w") as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name == "config.json":
                config = json.loads(content)
                config["config"]["layers"][3:] = layers
                content = json.dumps(config).encode()
            target.writestr(name, content)


def test_weights_that_the_file_does_not_hold_are_never_made(
    saved: Path, tmp_path: Path
) -> None:
    # 64 pixels x 10**11 units are 26 TB.
    huge = layer("Dense", units=10**11, name="huge")
    rewritten(saved, tmp_path / ARCHIVE_NAME, [huge])
    with pytest.raises(ModelError, match=r"must hold all weights.*6,400,000,000,000"):
        load_model(tmp_path / ARCHIVE_NAME)


def test_a_layer_that_would_fill_the_memory_is_refused(
    saved: Path, tmp_path: Path
) -> None:
    wide = layer("RepeatVector", n=10**9, name="wide")
    narrow = layer("GlobalMaxPooling1D", name="narrow", data_format="channels_last")
    rewritten(saved, tmp_path / ARCHIVE_NAME, [wide, narrow])
    with pytest.raises(ModelError, match=r"at most 16,777,216.*one of 64,000,000,000"):
        load_model(tmp_path / ARCHIVE_NAME)


def test_a_trusted_model_may_hold_code(tmp_path: Path) -> None:
    keras = keras_quietly()
    network = keras.Sequential(
        [keras.Input((2,)), keras.layers.Lambda(lambda x: x * 3, output_shape=(2,))]
    )
    save_model(network, tmp_path)
    for name in (ARCHIVE_NAME, PICKLE_NAME):
        with pytest.raises(ModelError, match="--trust-model"):
            load_model(tmp_path / name)
        loaded = load_model(tmp_path / name, trusted=True)
        assert np.array_equal(loaded(np.ones((1, 2))), [[3, 3]])


def test_a_check_loads_nothing(saved: Path, tmp_path: Path) -> None:
    check_model(saved / PICKLE_NAME)
    (tmp_path / "m.keras").write_bytes(b"hello")
    with pytest.raises(ModelError, match="must be a Keras model"):
        check_model(tmp_path / "m.keras")
