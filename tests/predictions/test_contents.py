"""Two rows have one content just where they show the same image."""

import struct
from hashlib import blake2b
from typing import Any

import numpy as np
import pytest

from reportgen.errors import PredictionsError
from reportgen.predictions import contents_of

IMAGES = np.random.default_rng(0).integers(0, 256, (20, 4, 6, 3)).astype(np.uint8)


def test_it_is_the_hash_that_the_documentation_names() -> None:
    said = struct.pack("<3I", 4, 6, 3) + IMAGES[7].tobytes()
    number = int.from_bytes(blake2b(said, digest_size=8).digest(), "little")
    assert int(contents_of(IMAGES)[7]) == number


def test_order_in_memory_does_not_matter() -> None:
    turned = np.asfortranarray(IMAGES)
    assert np.array_equal(contents_of(turned), contents_of(IMAGES))


def test_the_same_pixels_in_another_shape_show_another_image() -> None:
    flat = IMAGES.reshape(20, 6, 4, 3)
    assert not np.isin(contents_of(flat), contents_of(IMAGES)).any()


def test_a_grey_image_with_and_without_its_channel_is_one() -> None:
    grey = IMAGES[..., 0]
    assert np.array_equal(contents_of(grey), contents_of(grey[..., np.newaxis]))


def test_images_of_different_sizes_are_taken_one_by_one() -> None:
    several = (image for image in (IMAGES[0], IMAGES[1, :2], IMAGES[2, :, :, 0]))
    found = contents_of(several)
    assert found.dtype == np.uint64
    assert len(set(found.tolist())) == 3


def test_no_image_has_no_content() -> None:
    assert contents_of([]).shape == (0,)


@pytest.mark.parametrize(
    "image", [np.zeros((2, 2)), np.zeros(4, np.uint8), np.zeros((1, 2, 2, 3), np.uint8)]
)
def test_what_is_no_image_is_refused(image: Any) -> None:
    with pytest.raises(PredictionsError, match=r"must be uint8 of shape \(h, w\)"):
        contents_of([image])
