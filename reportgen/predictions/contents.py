"""What a row shows, as a number: equal for two rows just where they show the same."""

import struct
from collections.abc import Iterable
from hashlib import blake2b, sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import PredictionsError

HASH_BYTES = 8
"""Of a hash: that two of a million images have the same has a chance of 3 in 10^8."""

GREY = 2
"""Dimensions of an image without channels."""


def contents_of(images: Iterable[NDArray[Any]]) -> NDArray[np.uint64]:
    """Returns a hash of each image, to know it again in another run.

    It is BLAKE2b of 8 bytes, read as a little-endian number, over height, width and
    channels as little-endian 32-bit numbers and the pixels behind them, row by row. A
    grey image has one channel, whether its array says so or not.

    Args:
        images: n images, (h, w) or (h, w, c) uint8; an (n, h, w) or (n, h, w, c) array
            is n of them. They need not be of one size, and are looked at one by one.

    Returns:
        (n,) uint64.

    Raises:
        PredictionsError: One is not uint8, or of another shape.

    >>> grey = np.zeros((2, 28, 28), np.uint8)
    >>> grey[1, 0, 0] = 1
    >>> contents_of(grey)
    array([7411690233468161514,  935061114492673844], dtype=uint64)
    >>> bool((contents_of(grey) == contents_of(grey[..., np.newaxis])).all())
    True
    """
    return np.fromiter(map(_content_of, images), dtype=np.uint64)


def contents_sha256(contents: NDArray[np.uint64]) -> str:
    """Returns the SHA-256 of (n,) hashes, as little-endian numbers in their order."""
    return sha256(contents.astype("<u8").tobytes()).hexdigest()


def _content_of(image: NDArray[Any]) -> int:
    """Returns the hash of one image."""
    if image.dtype != np.uint8 or image.ndim not in (GREY, GREY + 1):
        raise PredictionsError(
            "An image must be uint8 of shape (h, w) or (h, w, c). Received "
            f"{image.dtype} of shape {image.shape}. Scale it to whole numbers from 0 "
            "to 255."
        )
    height, width, channels = image.shape if image.ndim > GREY else (*image.shape, 1)
    hashed = blake2b(
        struct.pack("<3I", height, width, channels), digest_size=HASH_BYTES
    )
    hashed.update(np.ascontiguousarray(image).data)
    return int.from_bytes(hashed.digest(), "little")
