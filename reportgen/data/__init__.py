"""Datasets: where they come from, how they are divided, how they are augmented."""

from reportgen.data.augmentation import (
    AUGMENTATIONS,
    Augmentation,
    AugmentedPart,
    augment,
    warp_matrix,
)
from reportgen.data.dataset import (
    Dataset,
    labels_sha256,
    pixels_sha256,
    row_ids_sha256,
)
from reportgen.data.labels import ClassOrder
from reportgen.data.loaders import LOADERS, Loader, load_dataset
from reportgen.data.mnist import find_mnist
from reportgen.data.pictures import Decoded, decode, read_picture
from reportgen.data.places import Places
from reportgen.data.splitting import Split, split
from reportgen.data.summary import summarise
from reportgen.data.warping import STRENGTH, Strength, WarpedPart, warped

__all__ = [
    "AUGMENTATIONS",
    "LOADERS",
    "STRENGTH",
    "Augmentation",
    "AugmentedPart",
    "ClassOrder",
    "Dataset",
    "Decoded",
    "Loader",
    "Places",
    "Split",
    "Strength",
    "WarpedPart",
    "augment",
    "decode",
    "find_mnist",
    "labels_sha256",
    "load_dataset",
    "pixels_sha256",
    "read_picture",
    "row_ids_sha256",
    "split",
    "summarise",
    "warp_matrix",
    "warped",
]
