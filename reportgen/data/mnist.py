"""MNIST: looked for on disk, else downloaded once."""

from pathlib import Path

from reportgen.data import download, idx
from reportgen.data.dataset import Dataset, labels_sha256, pixels_sha256
from reportgen.data.files import load_path
from reportgen.data.places import Places
from reportgen.data.published import Naming
from reportgen.errors import DataError

NAMING = Naming(
    key="mnist",
    title="MNIST handwritten digits",
    source="Y. LeCun, C. Cortes, C. J. C. Burges: yann.lecun.com/exdb/mnist",
)

MIRRORS = (
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
)

CHECKSUMS = {
    "train-images-idx3-ubyte.gz": (
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"
    ),
    "train-labels-idx1-ubyte.gz": (
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"
    ),
    "t10k-images-idx3-ubyte.gz": (
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"
    ),
    "t10k-labels-idx1-ubyte.gz": (
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"
    ),
}
"""SHA-256 of the files as their authors published them."""

CONTENT = (
    "5b92582eb909c82a9bfefcd44acbe9233be3eb5b419a44cf211022ad2bf4bf96",
    "818800b46032126b329f9306cb69a6842cc53ea30318374769bb6f46cc861467",
)
"""SHA-256 of all pixels and all labels, whatever files they came in."""


def load_mnist(places: Places) -> Dataset:
    """Returns MNIST from the first place that holds it, else from the network.

    The order is `--data`, the collection, the cache, Keras's cache, the mirrors. A file
    found on disk is not held against the published checksum: the hashes of its pixels
    and labels go into the record.

    Raises:
        DataError: The files are broken, or neither found nor reachable, or not found
            and not to be downloaded.
    """
    found = places.data or find_mnist(places)
    if found is None:
        found = _download(places)
    dataset = load_path(found, naming=NAMING)
    if places.data:
        _require_mnist(dataset, places.data)
    return dataset


def _require_mnist(dataset: Dataset, path: Path) -> None:
    """Raises DataError for data that only bear the name."""
    if (pixels_sha256(dataset), labels_sha256(dataset)) != CONTENT:
        raise DataError(
            f"--data must hold MNIST where --dataset is mnist. Received other images "
            f"or labels in {path}. Leave out --dataset, or call the data by another "
            "name with --dataset."
        )


def find_mnist(places: Places) -> Path | None:
    """Returns the first place that holds all of MNIST, None where none does."""
    for folder in _folders(places):
        if not idx.missing_files(folder):
            return folder
    archive = _keras_archive(places)
    return archive if archive.is_file() else None


def _download(places: Places) -> Path:
    """Returns the folder to which all four files were downloaded."""
    looked_in = (*map(_account, _folders(places)), str(_keras_archive(places)))
    if places.offline:
        raise DataError(
            "mnist must lie on this machine, since --offline forbids its download. "
            f"Looked in {', '.join(looked_in)}. Name its files with --data PATH, or "
            "take the digits that come with scikit-learn with --dataset digits."
        )
    folder = places.cache / NAMING.key
    try:
        download.fetch(CHECKSUMS, folder, mirrors=MIRRORS)
    except DataError as error:
        raise DataError(
            "mnist must lie on this machine or be reachable. Looked in "
            f"{', '.join(looked_in)}; then the download failed: {error} Or name "
            "its files with --data PATH, or take the digits that come with "
            "scikit-learn with --dataset digits."
        ) from error
    return folder


def _account(folder: Path) -> str:
    """Returns the folder and how far it is from holding MNIST."""
    missing = len(idx.missing_files(folder))
    return f"{folder} (lacks {missing} of {len(idx.STEMS)} files)"


def _folders(places: Places) -> tuple[Path, ...]:
    """Returns the folders in which the four files may lie, in order."""
    roots = (places.collection, places.cache)
    return tuple(root / NAMING.key for root in roots if root is not None)


def _keras_archive(places: Places) -> Path:
    """Returns where Keras keeps the same arrays."""
    return places.keras_cache / "mnist.npz"
