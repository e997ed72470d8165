import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest

from reportgen.errors import ModelError
from reportgen.model import (
    ARCHIVE_NAME,
    PICKLE_NAME,
    Network,
    keras_quietly,
    load_model,
    predict_proba,
    save_model,
    weights_sha256,
)
from reportgen.model.allowed import ALLOWED

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


def test_every_admitted_name_is_one_of_keras() -> None:
    keras = keras_quietly()
    modules: dict[str, Any] = {
        "keras": keras,
        "keras.layers": keras.layers,
        "keras.constraints": keras.constraints,
        "keras.initializers": keras.initializers,
        "keras.regularizers": keras.regularizers,
    }
    public = {pair for pair in ALLOWED if ".src." not in pair[0]}
    assert len(public) == len(ALLOWED) - 1  # Functional is not public
    missing = {pair for pair in public if not hasattr(modules[pair[0]], pair[1])}
    assert missing == set()


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
        lambda layers: layers[3]["config"].update(activation="os.system"),
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
    with pytest.raises(ModelError, match="could not load it"):
        load_model(path)
