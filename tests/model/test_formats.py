import pytest
from archives import WEIGHTS, packed, zipped

from reportgen.model.formats import foreign_format, pickled_format


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
