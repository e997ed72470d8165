"""What the rows of predictions that were handed over show."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath, PureWindowsPath

import numpy as np
from numpy.typing import NDArray

from reportgen.data import read_picture
from reportgen.errors import PredictionsError
from reportgen.framing import framed, side_of, smaller
from reportgen.metrics.image_properties import image_columns
from reportgen.pipeline.request import HandedPaths, HandedRows
from reportgen.predictions import Predictions, Received, contents_of
from reportgen.predictions.checks import shown
from reportgen.predictions.contents import contents_sha256
from reportgen.predictions.images import read_images
from reportgen.record import HandedImages, encodable

Image = NDArray[np.uint8]

SCALED = (
    "Images were made smaller or set on white for the galleries, up to 96 pixels a "
    "side; what they look like was not measured."
)
"""Told where the galleries do not show the images pixel by pixel."""


@dataclass(frozen=True, slots=True, eq=False)
class Pictured:
    """The rows of the test part, and what they show.

    Attributes:
        predictions: With hashes of the images, and what was measured on them.
        images: (n, h, w) or (n, h, w, 3) uint8 for the galleries.
        source: Where the images come from.
        notes: What was done to them, in sentences.
    """

    predictions: Predictions
    images: Image
    source: HandedImages
    notes: tuple[str, ...]


def pictured(paths: HandedPaths, test: Received) -> Pictured | None:
    """Returns what the rows show, None where no image was handed over.

    Args:
        paths: The files that were handed over.
        test: The test part.

    Raises:
        DataError: A file of an image is missing or broken.
        PredictionsError: Images are no images of these rows.
    """
    rows, side = test.predictions, side_of(test.predictions.n)
    if paths.images is None and test.images is None:
        return None
    if paths.images is None:
        assert test.images is not None  # as was just looked at
        found = _pictures(paths.predictions.parent, test.images)
        return _pictured(rows, found, paths.predictions.name, side=side, in_files=True)
    if test.images is not None:
        raise PredictionsError(
            "Images must be handed over once. Received a column of their paths in "
            f"{paths.predictions.name}, and --images. Leave one out."
        )
    whole = read_images(paths.images, rows.row_ids, named=not test.numbered)
    return _pictured(rows, iter(whole), paths.images.name, side=side)


def pictured_rows(rows: HandedRows) -> Pictured | None:
    """Returns what rows from memory show, None where no image was handed over.

    Raises:
        PredictionsError: Images are not those that the rows know by their hashes.
    """
    if rows.images is None:
        return None
    side = side_of(rows.predictions.n)
    return _pictured(rows.predictions, iter(rows.images), None, side=side)


def _pictures(folder: Path, paths: NDArray[np.str_]) -> Iterator[Image]:
    """Yields the pictures in files, in the order of the rows."""
    for path in paths.tolist():
        yield read_picture(folder / _inside(path)).pixels


def _inside(path: str) -> str:
    """Returns a path that leads nowhere but into the folder of the table."""
    parts = {*PurePosixPath(path).parts, *PureWindowsPath(path).parts}
    rooted = PurePosixPath(path).is_absolute() or PureWindowsPath(path).anchor
    if rooted or ".." in parts or "\0" in path:
        raise PredictionsError(
            "Paths of images must be relative to the table, and lead into its folder. "
            f"Received {shown(path)}. Write it as seen from there, and put the table "
            "beside or above the images."
        )
    return path


def _pictured(
    rows: Predictions,
    found: Iterator[Image],
    file: str | None,
    *,
    side: int,
    in_files: bool = False,
) -> Pictured:
    """Returns rows and the images that they show.

    Args:
        rows: The rows.
        found: Their images, in their order; each is let go of once it was looked at.
        file: Name of the file where they stand, or are named; None for memory.
        side: Pixels of the longer side at which they are shown.
        in_files: Whether that file names files of them.
    """
    hashes, small, shapes = [], [], set()
    for image in found:
        hashes.append(contents_of([image]))
        small.append(smaller(image, side))
        shapes.add(image.shape)
    contents, images = np.concatenate(hashes), framed(small)
    if rows.contents is not None and not np.array_equal(rows.contents, contents):
        raise PredictionsError(
            "Images must be those that the predictions were made of. Received others "
            f"than the hashes in contents tell{f', in {file}' if file else ''}. Hand "
            "over the images of these rows."
        )
    name = encodable(file) if file else None
    source = HandedImages(name, in_files, contents_sha256(contents))
    rows = replace(rows, contents=contents)
    if len(shapes) > 1 or max(images.shape[1:3]) < max(next(iter(shapes))[:2]):
        return Pictured(rows, images, source, (SCALED,))
    told = tuple(one for one in rows.columns if one.origin == "metadata")
    measured = image_columns(images, {one.name for one in told})
    return Pictured(replace(rows, columns=told + measured), images, source, ())
