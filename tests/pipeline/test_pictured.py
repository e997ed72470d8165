"""Images of rows that were handed over, in an archive or as files."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from records import make_predictions
from reportgen.errors import DataError, PredictionsError
from reportgen.framing import framed, side_of, smaller
from reportgen.pipeline import HandedPaths, HandedRows
from reportgen.pipeline.pictured import SCALED, Pictured, pictured, pictured_rows
from reportgen.predictions import contents_of, receive, write_predictions
from tables import columns_of, write_csv

MADE = make_predictions(6, 3)
IMAGES = np.random.default_rng(0).integers(0, 256, (6, 5, 4)).astype(np.uint8)


def beside(folder: Path, **members: Any) -> Pictured | None:
    """Returns what predictions beside an archive of those members show."""
    write_predictions(MADE, folder / "p.npz")
    np.savez(folder / "images.npz", **members)
    paths = HandedPaths(folder / "p.npz", None, images=folder / "images.npz")
    return pictured(paths, receive(paths.predictions))


def named(folder: Path, paths: list[str]) -> Pictured | None:
    """Returns what predictions show in a table that names those files."""
    table = write_csv(folder / "p.csv", columns_of(MADE) | {"image": paths})
    return pictured(HandedPaths(table, None), receive(table))


def saved(folder: Path, images: Any) -> list[str]:
    """Writes a PNG of each image; returns their paths from the folder."""
    (folder / "shots").mkdir()
    paths = [f"shots/{place}.png" for place in range(len(images))]
    for path, image in zip(paths, images, strict=True):
        Image.fromarray(image).save(folder / path)
    return paths


def test_without_images_there_are_none(tmp_path: Path) -> None:
    write_predictions(MADE, tmp_path / "p.npz")
    path = tmp_path / "p.npz"
    assert pictured(HandedPaths(path, None), receive(path)) is None


def test_archive_and_files_show_the_same(tmp_path: Path) -> None:
    first = beside(tmp_path, images=IMAGES)
    second = named(tmp_path, saved(tmp_path, IMAGES))
    assert first is not None
    assert second is not None
    for one in (first, second):
        assert np.array_equal(one.images, IMAGES)
        assert one.predictions.contents is not None
        assert np.array_equal(one.predictions.contents, contents_of(IMAGES))
        assert {c.origin for c in one.predictions.columns} == {"image"}
    assert first.source.contents_sha256 == second.source.contents_sha256


def test_ids_put_the_images_in_order(tmp_path: Path) -> None:
    backwards = {"images": IMAGES[::-1], "row_ids": MADE.row_ids[::-1]}
    found = beside(tmp_path, **backwards)
    assert found is not None
    assert np.array_equal(found.images, IMAGES)


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"images": IMAGES[:5]}, "one a row, 6.*Received 5"),
        ({"images": IMAGES[:5], "row_ids": MADE.row_ids[:5]}, "an image of each row"),
        ({"images": IMAGES, "row_ids": ["a"] * 6}, "Received one twice"),
        ({"images": IMAGES / 255}, "images in images.npz must be uint8"),
        ({"images": IMAGES[0]}, "images in images.npz must be uint8"),
        (
            {"images": IMAGES / 255},
            "before the model's preprocessing; of pixels in 0-1",
        ),
        ({"images": IMAGES[:, None][:, [0, 0, 0]]}, r"transpose\(0, 2, 3, 1\)"),
        ({"images": IMAGES.reshape(6, -1)}, "Reshape them to rows and columns"),
        ({"pixels": IMAGES}, "images.npz must hold images"),
    ],
)
def test_images_of_other_rows_are_refused(
    tmp_path: Path, members: dict[str, Any], message: str
) -> None:
    with pytest.raises(PredictionsError, match=message):
        beside(tmp_path, **members)


@pytest.mark.parametrize(
    "path", ["/etc/hosts.png", "../a.png", "a/../../b.png", "C:\\a"]
)
def test_paths_that_lead_elsewhere_are_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(
        PredictionsError, match=r"relative to the table.*Write it as seen"
    ):
        named(tmp_path, [path] * 6)


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"gone\.png"):
        named(tmp_path, ["gone.png"] * 6)


def test_what_was_done_to_probabilities_is_still_told(tmp_path: Path) -> None:
    proba = np.array(MADE.y_proba)
    proba[0] *= 1.0005
    np.savez(
        tmp_path / "p.npz",
        y_true=MADE.y_true,
        y_proba=proba,
        class_names=MADE.class_names,
        row_ids=MADE.row_ids,
    )
    np.savez(tmp_path / "images.npz", images=IMAGES)
    paths = HandedPaths(tmp_path / "p.npz", None, images=tmp_path / "images.npz")
    found = pictured(paths, receive(paths.predictions))
    assert found is not None
    # The second time the rows add up: only what is carried along tells of the first.
    (note,) = found.predictions.notes
    assert note.startswith("1 of 6 rows of probabilities did not sum to 1")


def test_images_in_memory_are_of_no_file() -> None:
    found = pictured_rows(HandedRows(MADE, None, IMAGES))
    assert found is not None
    assert np.array_equal(found.images, IMAGES)
    assert (found.source.name, found.source.in_files) == (None, False)
    assert pictured_rows(HandedRows(MADE, None)) is None


def test_other_images_than_the_rows_know_are_refused() -> None:
    known = replace(MADE, contents=contents_of(IMAGES))
    assert pictured_rows(HandedRows(known, None, IMAGES)) is not None
    with pytest.raises(PredictionsError, match=r"in contents tell\. Hand over"):
        pictured_rows(HandedRows(known, None, IMAGES[::-1]))


def test_images_of_many_sizes_are_set_on_white(tmp_path: Path) -> None:
    images = [np.zeros((4 + place, 300, 3), np.uint8) for place in range(6)]
    found = named(tmp_path, saved(tmp_path, images))
    assert found is not None
    # 300 columns become 96, nine rows three.
    assert found.images.shape == (6, 3, 96, 3)
    assert found.notes == (SCALED,)
    assert found.predictions.columns == ()


def test_a_smaller_image_holds_the_means() -> None:
    # Three pixels become two: each is one pixel and half of the middle one.
    image = np.array([[0, 90, 240]], np.uint8)
    assert smaller(image, 2).tolist() == [[30, 190]]


def test_a_grey_image_beside_a_coloured_one_gets_three_channels() -> None:
    grey, coloured = np.zeros((1, 1), np.uint8), np.full((3, 1, 3), 7, np.uint8)
    found = framed([grey, coloured])
    assert found[0, :, 0].tolist() == [[255] * 3, [0] * 3, [255] * 3]
    assert found[1].max() == 7


@pytest.mark.parametrize(("n", "side"), [(10, 96), (1_000_000, 13), (10**8, 8)])
def test_very_many_images_are_shown_smaller(n: int, side: int) -> None:
    # 2^29 bytes for a million images of three channels are 13.4 squared.
    assert side_of(n) == side
