import pytest
from archives import WEIGHTS, packed, zipped

from reportgen.errors import ModelError
from reportgen.model.formats import HDF5, foreign_format, pickled_format
from reportgen.model.gate import admit


@pytest.mark.parametrize("content", [zipped(), b"", b"PK\x03\x04", b"hello, world"])
def test_what_says_nothing_is_no_foreign_format(content: bytes) -> None:
    assert foreign_format(content) is None


def test_an_older_keras_model_is_known_from_its_first_bytes() -> None:
    assert foreign_format(WEIGHTS) == "a Keras model in the older format, HDF5 (.h5)"


def test_a_zip_is_known_by_its_first_member() -> None:
    assert foreign_format(packed({"m/data.pkl": b""})) == "a PyTorch model (.pt)"


def test_a_package_is_known_by_its_first_name() -> None:
    assert pickled_format("sklearn.svm") == "a scikit-learn estimator"
    assert pickled_format("sklearnish.svm") is None


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (HDF5 + b"model_config", r"keras\.models\.load_model\('model\.h5'"),
        (HDF5 + b"model_config", "does not load it.*with the Keras that trained it"),
        (HDF5 + b"layers", r"Weights alone tell no layers.*model\.load_weights"),
    ],
)
def test_an_older_keras_model_is_told_how_keras_makes_a_new_one(
    content: bytes, says: str
) -> None:
    with pytest.raises(ModelError, match=says):
        admit(content, name="model.h5")
