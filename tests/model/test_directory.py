import struct
import zipfile
from io import BytesIO

import archives
import numpy as np
import pytest
from archives import members, zipped

from reportgen.errors import ModelError
from reportgen.model.directory import packed, unpacked

CONTENT = zipped()


def refused(content: bytes, match: str) -> None:
    with pytest.raises(ModelError, match=match):
        unpacked(packed(content, name="m.keras"), name="m.keras")


@pytest.mark.parametrize("packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_what_was_packed_comes_out(packing: int) -> None:
    zipped_again = packed(zipped(packing=packing), name="m.keras")
    assert unpacked(zipped_again, name="m.keras") == members()


def test_sizes_may_stand_behind_a_member() -> None:
    class Pipe(BytesIO):
        def tell(self) -> int:
            raise OSError

    target = Pipe()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a", b"12")
    assert archive.infolist()[0].flag_bits & 0x8
    assert unpacked(packed(target.getvalue(), name="m"), name="m") == {"a": b"12"}


def test_an_archive_that_unpacks_to_too_much_is_refused() -> None:
    # 6 MiB that do not shrink, and 540 MiB of zeros after them: a ratio of 80.
    target = BytesIO()
    with (
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("a", "w") as member,
    ):
        member.write(np.random.default_rng(1).bytes(6 * 2**20))
        for _ in range(540):
            member.write(bytes(2**20))
    refused(target.getvalue(), "at most 536,870,912 bytes. Received 572,522,496")


def test_a_ratio_beyond_what_weights_have_is_refused() -> None:
    content = bytes(2 * 2**20)
    refused(packed_alone(content), "at most 100 times what is stored. Received 'a'")


def packed_alone(content: bytes) -> bytes:
    """Returns a deflated zip of one member."""
    return archives.packed({"a": content}, zipfile.ZIP_DEFLATED)


def test_a_rare_compression_is_refused() -> None:
    refused(zipped(packing=zipfile.ZIP_LZMA), "stored or deflated")


def test_a_truncated_archive_is_damaged() -> None:
    for length in (0, 10, 21, len(CONTENT) // 2, len(CONTENT) - 1):
        refused(CONTENT[:length], "damaged")


def test_a_comment_is_refused() -> None:
    refused(CONTENT[:-2] + b"\x02\x00hi", "does not end it")


def test_what_stands_before_the_archive_is_refused() -> None:
    refused(b"#!/bin/sh\n" + CONTENT, "is not where it says")


def test_flipped_bits_are_damage() -> None:
    at = CONTENT.index(b'"units"')
    content = CONTENT[:at] + b"#" + CONTENT[at + 1 :]
    refused(content, r"checksum of config\.json is wrong")


def test_damaged_weights_are_refused_though_keras_would_take_them() -> None:
    at = CONTENT.index(b"model.weights.h5\x89HDF") + 40
    content = CONTENT[:at] + b"#" + CONTENT[at + 1 :]
    refused(content, r"checksum of model\.weights\.h5 is wrong")


def test_an_encrypted_member_is_refused() -> None:
    content = bytearray(CONTENT)
    for signature, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        content[content.index(signature) + place] |= 1
    refused(bytes(content), "'metadata.json' encrypted")


@pytest.mark.parametrize(
    ("place", "says"),
    [
        (0, "is not where"),  # signature
        (8, "packed otherwise"),
        (14, "other sizes"),  # CRC
        (18, "other sizes"),  # stored
        (22, "other sizes"),  # unpacked
        (26, "another name"),  # length of the name
        (30, "another name"),
    ],
)
def test_a_header_that_contradicts_the_table_is_refused(place: int, says: str) -> None:
    content = bytearray(CONTENT)
    content[place] ^= 1
    refused(bytes(content), says)


def test_a_stored_member_has_one_size() -> None:
    content = bytearray(CONTENT)
    entry = content.index(b"PK\1\2")
    for place in (22, entry + 24):  # metadata.json has 2 bytes
        struct.pack_into("<L", content, place, 3)
    refused(bytes(content), "is not compressed and yet has two sizes")


def test_a_second_end_in_64_bits_is_refused() -> None:
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, 0, 1)
    refused(CONTENT[:-22] + locator + CONTENT[-22:], "in 64 bits")
