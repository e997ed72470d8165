"""Reading IDX files, whole and broken."""

import contextlib
import gzip
import os
import struct
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from reportgen.data import idx, published
from reportgen.errors import DataError

ToIdx = Callable[[NDArray[np.uint8]], bytes]
Arrays = dict[str, NDArray[np.uint8]]

LARGEST = 3 * 2**28
"""Bytes that a header may declare."""

IMAGES = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "images"


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_file_is_read_plain_or_gzipped_whatever_its_name(
    file: Path, to_idx: ToIdx, pack: Callable[[bytes], bytes]
) -> None:
    file.write_bytes(pack(to_idx(IMAGES)))
    assert np.array_equal(idx.read_idx(file, ndim=3), IMAGES)


def test_a_short_file_is_held_against_its_header(file: Path, to_idx: ToIdx) -> None:
    file.write_bytes(to_idx(IMAGES)[:-10])  # 16 bytes of header and 14 of 24
    with pytest.raises(DataError, match=r"images must be whole\. Received 30 bytes"):
        idx.read_idx(file, ndim=3)


def test_a_short_gzip_says_how_far_it_goes(file: Path, to_idx: ToIdx) -> None:
    file.write_bytes(gzip.compress(to_idx(IMAGES)[:-10]))
    with pytest.raises(DataError, match=r"images must be whole\. Received 14 of 24 "):
        idx.read_idx(file, ndim=3)


def test_a_truncated_gzip_says_how_far_it_got(file: Path, to_idx: ToIdx) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (100, 28, 28)).astype(np.uint8)
    packed = gzip.compress(to_idx(noise))
    # Noise does not shrink, so about half of the 78,400 bytes are in half of the file.
    file.write_bytes(packed[: len(packed) // 2])
    with pytest.raises(DataError, match=r"Received 3\d,\d{3} of 78,400 bytes of data"):
        idx.read_idx(file, ndim=3)


def test_a_wrong_gzip_checksum_is_found(file: Path, to_idx: ToIdx) -> None:
    packed = bytearray(gzip.compress(to_idx(IMAGES)))
    packed[-8] ^= 1  # The last eight bytes are the CRC and the length.
    file.write_bytes(packed)
    with pytest.raises(DataError, match=r"bytes of data: .*incorrect data check"):
        idx.read_idx(file, ndim=3)


def test_bytes_behind_a_gzip_are_found(file: Path, to_idx: ToIdx) -> None:
    file.write_bytes(gzip.compress(to_idx(IMAGES)) + b"surplus")
    with pytest.raises(DataError, match="but then: other bytes follow the gzip"):
        idx.read_idx(file, ndim=3)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_file_longer_than_its_header_says_is_refused(
    file: Path, to_idx: ToIdx, pack: Callable[[bytes], bytes]
) -> None:
    file.write_bytes(pack(to_idx(IMAGES) + b"\x00"))
    with pytest.raises(DataError, match="must end after the 24 bytes"):
        idx.read_idx(file, ndim=3)


def test_labels_in_the_place_of_images_are_refused(file: Path, to_idx: ToIdx) -> None:
    file.write_bytes(to_idx(np.zeros(100, dtype=np.uint8)))
    with pytest.raises(DataError, match=r"00 00 08 03.*Received 00 00 08 01"):
        idx.read_idx(file, ndim=3)


@pytest.mark.parametrize("count", [0, 2**32 - 1])
def test_an_absurd_header_is_refused(file: Path, count: int) -> None:
    size = (28).to_bytes(4, "big")
    file.write_bytes(b"\x00\x00\x08\x03" + count.to_bytes(4, "big") + size + size)
    with pytest.raises(DataError, match="must declare between 1 and 805,306,368"):
        idx.read_idx(file, ndim=3)


def member_of(content: bytes) -> bytes:
    """Returns a gzip stream of the content."""
    return gzip.compress(content, mtime=0)


def test_gzip_streams_behind_one_another_are_one(file: Path, to_idx: ToIdx) -> None:
    content = to_idx(IMAGES)  # bgzip and pigz write several, and an empty one at last
    parts = (content[:7], content[7:20], content[20:], b"")
    file.write_bytes(b"".join(map(member_of, parts)))
    assert np.array_equal(idx.read_idx(file, ndim=3), IMAGES)


def test_empty_gzip_streams_without_end_are_refused(file: Path, to_idx: ToIdx) -> None:
    file.write_bytes(member_of(to_idx(IMAGES)) + 2**16 * member_of(b""))
    with pytest.raises(DataError, match="more than 65,536 gzip streams follow"):
        idx.read_idx(file, ndim=3)


def test_a_large_gzip_is_read_whole(file: Path, to_idx: ToIdx) -> None:
    # More than several pieces, of bytes that shrink and bytes that do not.
    images = np.zeros((2000, 28, 28), dtype=np.uint8)
    images[::2] = np.random.default_rng(0).integers(0, 256, (1000, 28, 28))
    file.write_bytes(gzip.compress(to_idx(images)))
    assert np.array_equal(idx.read_idx(file, ndim=3), images)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_header_that_its_file_cannot_hold_is_refused_before_there_is_room(
    file: Path, pack: Callable[[bytes], bytes]
) -> None:
    file.write_bytes(pack(b"\x00\x00\x08\x01" + (LARGEST).to_bytes(4, "big") + b"\x07"))
    tracemalloc.start()
    with pytest.raises(DataError, match="cannot hold the 805,306,368 bytes of data"):
        idx.read_idx(file, ndim=1)
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak_bytes < 2**20


def test_memory_follows_the_bytes_that_arrive_and_not_the_header(file: Path) -> None:
    noise = np.random.default_rng(0).bytes(2**20)
    header = b"\x00\x00\x08\x01" + (3 * 2**28).to_bytes(4, "big")
    file.write_bytes(gzip.compress(header + noise))  # could hold a thousandfold
    tracemalloc.start()
    with pytest.raises(DataError, match="Received 1,048,576 of 805,306,368 bytes"):
        idx.read_idx(file, ndim=1)
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak_bytes < 8 * 2**20


def test_the_name_within_a_gzip_may_be_long(file: Path, to_idx: ToIdx) -> None:
    packed = member_of(to_idx(IMAGES))
    named = packed[:3] + b"\x08" + packed[4:10] + 10**6 * b"a" + b"\0" + packed[10:]
    file.write_bytes(named)
    assert np.array_equal(idx.read_idx(file, ndim=3), IMAGES)


def test_a_pipe_is_refused_at_once(file: Path) -> None:
    os.mkfifo(file)
    with pytest.raises(DataError, match="Received 'a pipe is no file'"):
        idx.read_idx(file, ndim=3)


def test_files_that_do_not_pair_are_refused_before_their_data_are_read(
    idx_folder: Path,
) -> None:
    header = b"\x00\x00\x08\x03" + struct.pack(">3I", 7, 4, 3)
    (idx_folder / "train-images-idx3-ubyte.gz").write_bytes(gzip.compress(header))
    with pytest.raises(DataError, match="6 labels for the 7 images"):
        idx.read_folder(idx_folder)


def test_more_images_than_there_is_room_for_are_refused(
    idx_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Six and three images of 12 bytes each.
    monkeypatch.setattr(published, "LARGEST_BYTES", 9 * 12 - 1)
    with pytest.raises(DataError, match="Received 9 of 108"):
        idx.read_folder(idx_folder)
    monkeypatch.setattr(published, "LARGEST_BYTES", 9 * 12)
    assert len(idx.read_folder(idx_folder)[0].images) == 6


def test_a_missing_file_is_named(file: Path) -> None:
    with pytest.raises(DataError, match=r"images must be there.*No such file"):
        idx.read_idx(file, ndim=3)


def test_a_folder_in_the_place_of_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="must be there and readable"):
        idx.read_idx(tmp_path, ndim=3)


@given(
    content=st.binary(max_size=200),
    pack=st.sampled_from([bytes, gzip.compress]),
    ndim=st.sampled_from([1, 3]),
)
def test_arbitrary_bytes_only_ever_raise_data_errors(
    tmp_path_factory: pytest.TempPathFactory,
    content: bytes,
    pack: Callable[[bytes], bytes],
    ndim: int,
) -> None:
    file = tmp_path_factory.getbasetemp() / "arbitrary"
    file.write_bytes(pack(content))
    with contextlib.suppress(DataError):
        assert idx.read_idx(file, ndim=ndim).ndim == ndim


@given(
    content=st.binary(max_size=60), mark=st.sampled_from([b"\x1f\x8b", b"\x1f\x8b\x08"])
)
def test_what_only_looks_like_gzip_raises_data_errors(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, mark: bytes
) -> None:
    file = tmp_path_factory.getbasetemp() / "alleged"
    file.write_bytes(mark + content)
    with pytest.raises(DataError):
        idx.read_idx(file, ndim=3)


@given(place=st.integers(min_value=0), value=st.integers(0, 255))
def test_one_altered_byte_of_a_gzip_never_changes_the_array_unseen(
    tmp_path_factory: pytest.TempPathFactory, to_idx: ToIdx, place: int, value: int
) -> None:
    packed = bytearray(gzip.compress(to_idx(IMAGES), mtime=0))
    packed[place % len(packed)] = value
    file = tmp_path_factory.getbasetemp() / "altered"
    file.write_bytes(packed)
    try:
        array = idx.read_idx(file, ndim=3)
    except DataError:
        return
    # Some bytes of gzip's own header, as its time stamp, say nothing of the content.
    assert np.array_equal(array, IMAGES)


def test_every_shortening_of_a_gzip_is_refused(file: Path, to_idx: ToIdx) -> None:
    packed = gzip.compress(to_idx(IMAGES))
    for length in range(len(packed)):
        file.write_bytes(packed[:length])
        with pytest.raises(DataError, match="must"):
            idx.read_idx(file, ndim=3)


def test_a_folder_gives_its_training_part_first(
    idx_folder: Path, arrays: Arrays
) -> None:
    train, test = idx.read_folder(idx_folder)
    expected = list(arrays.values())
    assert np.array_equal(train.images, expected[0])
    assert np.array_equal(train.labels, expected[1])
    assert np.array_equal(test.images, expected[2])
    assert np.array_equal(test.labels, expected[3])


def test_names_with_a_dot_before_idx_are_known(idx_folder: Path) -> None:
    for path in sorted(idx_folder.iterdir()):
        path.rename(path.with_name(path.name.replace("-idx", ".idx")))
    assert idx.missing_files(idx_folder) == ()


def test_missing_files_are_named(idx_folder: Path) -> None:
    (idx_folder / "t10k-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(DataError, match=r"Missing: t10k-labels-idx1-ubyte. Copy"):
        idx.read_folder(idx_folder)


def test_a_folder_that_is_not_there_lacks_all_four(tmp_path: Path) -> None:
    assert idx.missing_files(tmp_path / "absent") == idx.STEMS


def test_images_and_labels_of_different_length_are_refused(
    idx_folder: Path, to_idx: ToIdx
) -> None:
    labels = idx_folder / "train-labels-idx1-ubyte.gz"
    labels.write_bytes(to_idx(np.zeros(5, dtype=np.uint8)))
    with pytest.raises(DataError, match=r"train-labels.*5 labels for the 6 images of"):
        idx.read_folder(idx_folder)
