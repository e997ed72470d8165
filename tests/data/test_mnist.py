"""Where MNIST is looked for, and what happens where it is not."""

import dataclasses
import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from reportgen.data import Places, download, load_dataset, mnist
from reportgen.errors import DataError

Arrays = dict[str, NDArray[np.uint8]]


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets every download fail, as without a network."""

    def fail(*_files: object, mirrors: object) -> None:
        assert mirrors == mnist.MIRRORS
        raise DataError("train-images must come whole from one of its mirrors.")

    monkeypatch.setattr(download, "fetch", fail)


def test_the_collection_comes_before_the_cache(
    tmp_path: Path, idx_folder: Path, nowhere: Places
) -> None:
    places = dataclasses.replace(nowhere, collection=tmp_path / "collection")
    shutil.copytree(idx_folder, tmp_path / "collection" / "mnist")
    (places.cache / "mnist").mkdir(parents=True)
    for path in sorted(idx_folder.iterdir()):
        (places.cache / "mnist" / path.name).write_bytes(b"never read")
    assert load_dataset("mnist", places).n == 9


def test_a_collection_without_mnist_leads_on_to_the_cache(
    tmp_path: Path, idx_folder: Path, nowhere: Places
) -> None:
    places = dataclasses.replace(nowhere, collection=tmp_path)
    shutil.copytree(idx_folder, places.cache / "mnist")
    assert load_dataset("mnist", places).n == 9


def test_kerass_own_archive_is_found(nowhere: Places, arrays: Arrays) -> None:
    nowhere.keras_cache.mkdir()
    x_train, y_train, x_test, y_test = arrays.values()
    np.savez(
        nowhere.keras_cache / "mnist.npz",
        x_train=x_train,
        y_train=y_train,
        x_test=x_test,
        y_test=y_test,
    )
    assert load_dataset(None, nowhere).key == "mnist"


def test_named_data_come_first_and_must_be_what_they_are_called(
    tmp_path: Path, idx_folder: Path, nowhere: Places
) -> None:
    places = dataclasses.replace(nowhere, data=idx_folder, collection=tmp_path)
    with pytest.raises(DataError, match="must hold MNIST where --dataset is mnist"):
        load_dataset("mnist", places)


@pytest.mark.mnist
def test_mnist_is_known_by_its_content(mnist_places: Places, nowhere: Places) -> None:
    assert mnist_places.collection is not None
    data = mnist_places.collection / "mnist"
    dataset = load_dataset("mnist", dataclasses.replace(nowhere, data=data))
    assert dataset.source == mnist.NAMING.source


def test_a_broken_file_is_reported_instead_of_another_place(
    idx_folder: Path, nowhere: Places
) -> None:
    folder = nowhere.cache / "mnist"
    shutil.copytree(idx_folder, folder)
    packed = (folder / "train-images-idx3-ubyte.gz").read_bytes()
    (folder / "train-images-idx3-ubyte.gz").write_bytes(packed[:-20])
    with pytest.raises(DataError, match=r"train-images-idx3-ubyte.gz must be whole"):
        load_dataset("mnist", nowhere)


def test_neither_found_nor_reachable_names_the_places_and_two_ways_on(
    tmp_path: Path, nowhere: Places
) -> None:
    places = dataclasses.replace(nowhere, collection=tmp_path / "collection")
    with pytest.raises(DataError) as caught:
        load_dataset("mnist", places)
    message = str(caught.value)
    for place in ("collection/mnist", "cache/mnist", "keras/mnist.npz"):
        assert str(tmp_path / place) in message
    assert "collection/mnist (lacks 4 of 4 files)" in message
    assert "train-images must come whole" in message
    assert "--data PATH" in message
    assert "--dataset digits" in message


def test_what_was_downloaded_is_read(
    idx_folder: Path, nowhere: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetch(
        checksums: Mapping[str, str], folder: Path, *, mirrors: tuple[str, ...]
    ) -> None:
        assert all(mirror.startswith("https://") for mirror in mirrors)
        folder.mkdir(parents=True)
        for name in checksums:
            shutil.copy(idx_folder / name, folder)

    monkeypatch.setattr(download, "fetch", fetch)
    assert load_dataset("mnist", nowhere).n == 9


@pytest.mark.mnist
def test_the_checksums_are_those_of_the_published_files(mnist_places: Places) -> None:
    assert mnist_places.collection is not None
    folder = mnist_places.collection / "mnist"
    found = {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in mnist.CHECKSUMS
    }
    assert found == mnist.CHECKSUMS
