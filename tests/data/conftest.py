"""A tiny published dataset in IDX files, and the places where real MNIST may lie."""

import gzip
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from reportgen.data import Dataset, Places

STEMS = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)


def _to_idx(array: NDArray[np.uint8]) -> bytes:
    """Returns the array in IDX, written from the format's description."""
    header = bytes((0, 0, 8, array.ndim))
    return header + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


@pytest.fixture(scope="session")
def to_idx() -> Callable[[NDArray[np.uint8]], bytes]:
    """Turns an array into the bytes of an IDX file."""
    return _to_idx


@pytest.fixture(scope="session")
def arrays() -> dict[str, NDArray[np.uint8]]:
    """Six training and three test images of 4 x 3 pixels, by the name of their file."""
    pixels = np.arange(9 * 4 * 3, dtype=np.uint8).reshape(9, 4, 3)
    labels = np.array([2, 0, 1, 2, 0, 1, 1, 2, 0], dtype=np.uint8)
    contents = (pixels[:6], labels[:6], pixels[6:], labels[6:])
    return dict(zip(STEMS, contents, strict=True))


@pytest.fixture
def idx_folder(tmp_path: Path, arrays: dict[str, NDArray[np.uint8]]) -> Path:
    """A folder "tiny" with the four files, gzipped."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    for stem, array in arrays.items():
        (folder / f"{stem}.gz").write_bytes(gzip.compress(_to_idx(array)))
    return folder


@pytest.fixture
def nowhere(tmp_path: Path) -> Places:
    """Places of which none exists."""
    return Places(
        data=None,
        collection=None,
        cache=tmp_path / "cache",
        keras_cache=tmp_path / "keras",
    )


@pytest.fixture
def make_dataset() -> Callable[[list[int]], Dataset]:
    """Turns a list of labels into a dataset of black 2 x 2 images."""

    def make(labels: list[int]) -> Dataset:
        n, k = len(labels), max(labels) + 1
        return Dataset(
            key="made",
            title="Made up",
            source="a test",
            images=np.zeros((n, 2, 2), dtype=np.uint8),
            labels=np.array(labels, dtype=np.int64),
            class_names=tuple(f"class {code}" for code in range(k)),
            row_ids=np.array([f"made/{row:05d}" for row in range(n)]),
            official_test=None,
        )

    return make


@pytest.fixture(scope="session")
def mnist_places(collection: Path, tmp_path_factory: pytest.TempPathFactory) -> Places:
    """Places whose collection holds real MNIST; skips where there is none."""
    empty = tmp_path_factory.mktemp("empty")
    return Places(data=None, collection=collection, cache=empty, keras_cache=empty)
