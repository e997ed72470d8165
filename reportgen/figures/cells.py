"""The images behind each confusion, a sheet of small ones for every cell."""

import io
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from reportgen.figures.sprites import dark_ground, rgb
from reportgen.record import (
    ConfusedCell,
    Picture,
    Pixels,
    Record,
    Sentence,
    count,
    sentence,
)

COLUMNS = 5
"""Images beside each other on a sheet; five fit the narrowest screen."""

PITCH_MM = 19.05
"""From one column to the next: 72 CSS pixels, of which the image has 56."""

SIDE = 28
"""Pixels that a small image is enlarged to, by whole blocks."""

MOST_SIDE = 56
"""Pixels that a large image is brought down to: as many as a page shows it on."""

UNIT = 14
"""Pixels that the side of a box is a multiple of: 9/7 and 3/2 of it are whole."""

GREYS = 16
"""Shades of a grey sheet, as many as four bits hold."""

COLOURS = 256

Sheet = NDArray[np.uint8]


def cell_pictures(record: Record) -> tuple[Picture, ...]:
    """Returns a sheet of images for every confusion; none where there are no images.

    The page prints the words: below each image the sheet leaves room for two lines.
    """
    cells = record.evaluation.cells
    images = [one.pixels for cell in cells for one in cell.examples if one.pixels]
    if not images:
        return ()
    ink = dark_ground(images)
    return tuple(
        Picture(
            key=record.evaluation.cell_key(cell),
            section="errors",
            caption=caption(cell),
            alt=alt(cell),
            media_type="image/png",
            data=sheet_png(
                [one.pixels for one in cell.examples if one.pixels], ink=ink
            ),
            width_mm=PITCH_MM * min(COLUMNS, len(cell.examples)),
        )
        for cell in cells
    )


def caption(cell: ConfusedCell) -> Sentence:
    """Returns what was read as what, and whether these are all."""
    if len(cell.examples) == cell.total:
        extent = "{total}" if cell.total == 1 else "all {total}"
    else:
        extent = f"the {_chosen(cell)} of {{total}}"
    return sentence(
        "{true} read as {predicted}: " + extent,
        true=cell.true,
        predicted=cell.predicted,
        total=count(cell.total),
    )


def alt(cell: ConfusedCell) -> Sentence:
    """Returns what the sheet shows."""
    below = "row" if _is_hard(cell) else "row and probability"
    stand = "stands" if _is_hard(cell) else "stand"
    return sentence(
        "Test images of class {true} that are read as {predicted}, "
        + ("in file order; " if _is_hard(cell) else "the surest first; ")
        + f"{below} {stand} below each."
        if len(cell.examples) > 1
        else "A test image of class {true} that is read as {predicted}; "
        f"{below} {stand} below it.",
        true=cell.true,
        predicted=cell.predicted,
    )


def _is_hard(cell: ConfusedCell) -> bool:
    """Returns whether labels alone were predicted."""
    return cell.examples[0].probability is None


def _chosen(cell: ConfusedCell) -> str:
    """Returns which examples a cell shows where it cannot show all."""
    return "first" if _is_hard(cell) else "surest"


def sheet_png(images: Sequence[Pixels], *, ink: bool) -> bytes:
    """Returns the images in rows of `COLUMNS`, as a palette PNG.

    Args:
        images: At least one, of any size.
        ink: Whether they are light on dark and are printed as ink on paper.
    """
    tiles = [_fitted(rgb(image, ink=ink)) for image in images]
    box = -(-max(max(tile.shape[:2]) for tile in tiles) // UNIT) * UNIT
    width, height = box * 9 // 7, box * 3 // 2
    rows, columns = -(-len(tiles) // COLUMNS), min(COLUMNS, len(tiles))
    sheet = np.full((rows * height, columns * width, 3), 255, dtype=np.uint8)
    for position, tile in enumerate(tiles):
        row, column = divmod(position, COLUMNS)
        top = row * height + (box - tile.shape[0]) // 2
        left = column * width + (width - tile.shape[1]) // 2
        sheet[top : top + tile.shape[0], left : left + tile.shape[1]] = tile
    return _packed(sheet, COLOURS if any(i.channels > 1 for i in images) else GREYS)


def _fitted(tile: Sheet) -> Sheet:
    """Returns an (h, w, 3) image enlarged by whole blocks, or brought down to size."""
    from PIL import Image

    longest = max(tile.shape[:2])
    if longest <= MOST_SIDE:
        factor = max(1, SIDE // longest)
        return tile.repeat(factor, axis=0).repeat(factor, axis=1)
    image = Image.fromarray(np.ascontiguousarray(tile))
    image.thumbnail((MOST_SIDE, MOST_SIDE))
    return np.asarray(image)


def _packed(sheet: Sheet, colours: int) -> bytes:
    """Returns the sheet as PNG of at most that many colours."""
    from PIL import Image

    packed = io.BytesIO()
    image = Image.fromarray(sheet)
    if colours == GREYS:
        levels = (sheet[..., 0].astype(np.uint16) * (GREYS - 1) + 127) // 255
        image = Image.fromarray(levels.astype(np.uint8), mode="P")
        image.putpalette([v for g in range(GREYS) for v in [g * 17] * 3])
    else:
        image = image.quantize(colours, dither=Image.Dither.NONE)
    image.save(packed, format="png", optimize=True)
    return packed.getvalue()
