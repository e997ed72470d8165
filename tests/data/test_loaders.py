"""Finding a dataset by name or by path."""

import dataclasses
import time
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from reportgen.data import LOADERS, Places, labels_sha256, load_dataset, pixels_sha256
from reportgen.errors import DataError, UsageError

Arrays = dict[str, NDArray[np.uint8]]


def save_npz(path: Path, arrays: Arrays) -> None:
    """Writes the arrays in the order of the IDX files under the names of an NPZ."""
    x_train, y_train, x_test, y_test = arrays.values()
    np.savez(path, x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)


def test_keys_are_unique() -> None:
    keys = [loader.key for loader in LOADERS]
    assert len(set(keys)) == len(keys)


def test_each_loader_answers_under_its_own_key_and_title(nowhere: Places) -> None:
    digits = load_dataset("digits", nowhere)
    row = next(loader for loader in LOADERS if loader.key == "digits")
    assert (digits.key, digits.title) == (row.key, row.title)


def test_digits_span_the_whole_range_of_a_byte(nowhere: Places) -> None:
    digits = load_dataset("digits", nowhere)
    assert digits.images.shape == (1797, 8, 8)
    # 17 grey levels from 0 to 16: x * 255 / 16, halves to the even neighbour.
    levels = np.unique(digits.images).tolist()
    assert levels == [round(level * 255 / 16) for level in range(17)]


def test_digits_have_no_published_split(nowhere: Places) -> None:
    digits = load_dataset("digits", nowhere)
    assert digits.official_test is None
    assert digits.row_ids[42] == "digits/00042"
    assert digits.class_names == tuple("0123456789")


def test_an_unknown_dataset_names_the_nearest_and_all(nowhere: Places) -> None:
    with pytest.raises(
        UsageError, match=r"one of mnist, digits. Received 'MNSIT'.*'mnist'"
    ):
        load_dataset("MNSIT", nowhere)


def test_the_digits_take_no_data_of_the_users_own(
    idx_folder: Path, nowhere: Places
) -> None:
    with pytest.raises(DataError, match="--dataset digits needs no --data"):
        load_dataset("digits", dataclasses.replace(nowhere, data=idx_folder))


def test_a_folder_is_named_after_itself(idx_folder: Path, nowhere: Places) -> None:
    dataset = load_dataset(None, dataclasses.replace(nowhere, data=idx_folder))
    assert (dataset.key, dataset.title, dataset.source) == ("tiny", "tiny", "tiny")
    assert dataset.n == 9


def test_an_archive_is_named_without_its_ending(
    tmp_path: Path, nowhere: Places, arrays: Arrays
) -> None:
    save_npz(tmp_path / "own.v2.npz", arrays)
    places = dataclasses.replace(nowhere, data=tmp_path / "own.v2.npz")
    dataset = load_dataset(None, places)
    assert (dataset.key, dataset.source) == ("own.v2", "own.v2.npz")


def test_a_path_may_be_given_another_name(idx_folder: Path, nowhere: Places) -> None:
    dataset = load_dataset("mine", dataclasses.replace(nowhere, data=idx_folder))
    assert (dataset.key, dataset.title, dataset.source) == ("mine", "mine", "tiny")


def test_folder_and_archive_of_one_content_are_one_dataset(
    tmp_path: Path, idx_folder: Path, nowhere: Places, arrays: Arrays
) -> None:
    save_npz(tmp_path / "own.npz", arrays)
    folder = load_dataset(None, dataclasses.replace(nowhere, data=idx_folder))
    archive = load_dataset(
        None, dataclasses.replace(nowhere, data=tmp_path / "own.npz")
    )
    assert pixels_sha256(folder) == pixels_sha256(archive)
    assert labels_sha256(folder) == labels_sha256(archive)
    assert folder.row_ids.tolist() == archive.row_ids.tolist()


@pytest.mark.parametrize(
    ("name", "received"), [("absent", "no such path"), ("list.csv", "another file")]
)
def test_a_path_that_holds_no_dataset_is_refused(
    tmp_path: Path, nowhere: Places, name: str, received: str
) -> None:
    (tmp_path / "list.csv").touch()
    with pytest.raises(DataError, match=f"four IDX.*Received {received}"):
        load_dataset(None, dataclasses.replace(nowhere, data=tmp_path / name))


@pytest.mark.mnist
def test_mnist_has_its_published_sizes(mnist_places: Places) -> None:
    mnist = load_dataset(None, mnist_places)
    assert mnist.images.shape == (70_000, 28, 28)
    assert mnist.class_names == tuple("0123456789")
    assert mnist.official_test is not None
    assert mnist.official_test.sum() == 10_000
    # The first training label is a 5, the first test label a 7, as everybody knows.
    assert (mnist.labels[0], mnist.labels[60_000]) == (5, 7)
    assert (mnist.row_ids[17], mnist.row_ids[64_211]) == ("train/00017", "test/04211")


@pytest.mark.mnist
def test_mnist_is_read_within_a_second_of_work(mnist_places: Places) -> None:
    start = time.process_time()
    load_dataset("mnist", mnist_places)
    # Measured at 0.2 seconds.
    assert time.process_time() - start < 1.0
