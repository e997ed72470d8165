"""A zip's table of contents, judged from its own bytes before a member is unpacked.

Python's reader believes the table: a member may overlap another, name two sizes, or
unpack to a thousand times what is stored. What Keras writes does none of that, so this
reader demands the plain form: one table, at the very end, that agrees with each member.
"""

import struct
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from struct import error as StructError  # noqa: N812 -- it is a class.
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo
from zlib import MAX_WBITS, crc32, decompressobj
from zlib import error as ZlibError  # noqa: N812 -- it is a class.

from reportgen.errors import ModelError

MAX_SIZE_BYTES = 512 * 2**20
"""Of a model file, packed and unpacked; a hundred times this package's network."""

MAX_TABLE_BYTES = 2**16
"""Of the table of contents; three members take 200."""

MAX_RATIO = 100
"""Unpacked bytes for each stored one. Weights hardly shrink; deflate reaches 1,032."""

SMALL_BYTES = 2**20
"""What a member may unpack to whatever its ratio: text shrinks well."""

PACKINGS = (ZIP_STORED, ZIP_DEFLATED)

END = struct.Struct("<4s4H2LH")
"""Signature, disk, disk of the table, entries here, entries, size, offset, comment."""

LOCATOR_BYTES = 20
"""Of what stands before the end where there is a second end, in 64 bits."""

LOCAL = struct.Struct("<4s5H3L2H")
"""Signature, version, flags, packing, time, date, CRC, two sizes, two lengths."""

ENCRYPTED = 0x1 | 0x40 | 0x2000
"""Flags of a member that needs a password."""

DESCRIBED = 0x8
"""Flag of a member whose CRC and sizes stand behind it and not before it."""

NAMED_IN_UTF_8 = 0x800

DAMAGE = (
    BadZipFile,
    EOFError,
    NotImplementedError,  # a member in need of a newer zip
    OSError,
    OverflowError,
    RuntimeError,
    StructError,
    UnicodeDecodeError,
    ValueError,
    ZlibError,
)
"""What the zip reader raises for damaged files, by its source."""

COPY_AGAIN = "Copy it again, or train anew with --retrain."


@dataclass(frozen=True, slots=True)
class Packed:
    """A zip whose table of contents has been judged.

    Attributes:
        content: The zip.
        members: What it holds, as the table says, each name once.
    """

    content: bytes
    members: tuple[ZipInfo, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The members' names, in the order of the table."""
        return tuple(member.filename for member in self.members)


def packed(content: bytes, *, name: str) -> Packed:
    """Returns the zip, nothing of it unpacked, if its table is plain and true.

    Args:
        content: The file.
        name: Its name, for messages.

    Raises:
        ModelError: It is no plain zip, a member is larger than admitted, encrypted or
            packed in a rare way, or two members share a name or a byte.
    """
    try:
        _require_plain_end(content)
        with ZipFile(BytesIO(content)) as archive:
            members = tuple(archive.infolist())
        _require_places(content, members)
    except DAMAGE as error:
        raise _damaged(name, error) from error
    _require_sizes(members, name)
    return Packed(content, members)


def unpacked(zipped: Packed, *, name: str) -> dict[str, bytes]:
    """Returns what the members hold, by name.

    Args:
        zipped: As `packed` returned it, so that the sizes are bounded.
        name: Its name, for messages.

    Raises:
        ModelError: A member is damaged; Keras would load damaged weights.
    """
    try:
        return {one.filename: _bytes_of(zipped.content, one) for one in zipped.members}
    except DAMAGE as error:
        raise _damaged(name, error) from error


def _bytes_of(content: bytes, member: ZipInfo) -> bytes:
    """Returns what a member holds, which is as long as the table of contents says.

    Python's reader inflates all there is and cuts it afterwards.
    """
    end = _end_of(content, member)
    stored = content[end - member.compress_size : end]
    inflated = stored
    if member.compress_type == ZIP_DEFLATED:
        inflate = decompressobj(-MAX_WBITS)
        inflated = inflate.decompress(stored, member.file_size + 1)
        if not inflate.eof or inflate.unused_data:
            raise BadZipFile(f"{member.filename[:60]!r} does not end where it should")
    if len(inflated) != member.file_size:
        raise BadZipFile(f"{member.filename[:60]!r} has another size than it says")
    if crc32(inflated) != member.CRC:
        raise BadZipFile(f"the checksum of {member.filename[:60]} is wrong")
    return inflated


def _damaged(name: str, why: object) -> ModelError:
    """Returns the error of a file that is not whole."""
    return ModelError(
        f"{name} must be a whole .keras archive. Received a damaged one: {why}. "
        f"{COPY_AGAIN}"
    )


def _require_plain_end(content: bytes) -> None:
    """Raises BadZipFile unless the table of contents ends the file, and is small.

    Python reads a table of any length into memory, and takes it from before a comment
    or from a second, 64-bit record: none of that is in a file of this size.
    """
    if len(content) < END.size:
        raise BadZipFile("it ends before its table of contents")
    end = END.unpack_from(content, len(content) - END.size)
    signature, disk, table_disk, here, entries, size_bytes, offset, comment = end
    if signature != b"PK\x05\x06" or comment:
        raise BadZipFile("its table of contents does not end it")
    if content[-END.size - LOCATOR_BYTES :].startswith(b"PK\x06\x07"):
        raise BadZipFile(
            "its table of contents is in 64 bits, for which it is too small"
        )
    if disk or table_disk or here != entries:
        raise BadZipFile("its table of contents is one of several")
    if size_bytes > MAX_TABLE_BYTES:
        raise BadZipFile(
            f"its table of contents has {size_bytes:,} bytes, more than "
            f"{MAX_TABLE_BYTES:,}"
        )
    if offset + size_bytes + END.size != len(content):
        raise BadZipFile("its table of contents is not where it says")


def _require_places(content: bytes, members: tuple[ZipInfo, ...]) -> None:
    """Raises BadZipFile unless members stand apart and say what the table says."""
    table = END.unpack_from(content, len(content) - END.size)
    if len(members) != table[4]:
        raise BadZipFile(f"it lists {len(members)} members and counts {table[4]}")
    free = 0
    for member in sorted(members, key=lambda one: one.header_offset):
        if member.header_offset < free:
            raise BadZipFile(f"{member.filename[:60]!r} overlaps the member before it")
        free = _end_of(content, member)
    if free > table[6]:
        raise BadZipFile("its last member reaches into its table of contents")


def _end_of(content: bytes, member: ZipInfo) -> int:
    """Returns the offset behind a member; its own header must agree with the table."""
    label = repr(member.filename[:60])
    head = LOCAL.unpack_from(content, member.header_offset)
    sign, _, flags, packing, _, _, crc, stored, full, name_length, extra_length = head
    if sign != b"PK\x03\x04":
        raise BadZipFile(f"{label} is not where its table of contents says")
    if flags != member.flag_bits or packing != member.compress_type:
        raise BadZipFile(f"{label} is packed otherwise than its table of contents says")
    told = (member.CRC, member.compress_size, member.file_size)
    # Zeros where sizes stand behind the member; the table holds them all the same.
    if (crc, stored, full) != told and not (flags & DESCRIBED and not any(head[6:9])):
        raise BadZipFile(f"{label} has other sizes than its table of contents says")
    if packing == ZIP_STORED and member.compress_size != member.file_size:
        raise BadZipFile(f"{label} is not compressed and yet has two sizes")
    start = member.header_offset + LOCAL.size
    encoding = "utf-8" if flags & NAMED_IN_UTF_8 else "cp437"
    if content[start : start + name_length].decode(encoding) != member.orig_filename:
        raise BadZipFile(f"{label} has another name than its table of contents says")
    return int(start + name_length + extra_length + member.compress_size)


def _require_sizes(members: tuple[ZipInfo, ...], name: str) -> None:
    """Raises ModelError for what may not be unpacked: too large, or not to be read."""
    for member in members:
        label = repr(member.filename[:60])
        if member.flag_bits & ENCRYPTED:
            raise ModelError(
                f"{name} must hold members that anyone can read. Received {label} "
                f"encrypted. Save the model again, without a password."
            )
        # Keras stores, a repacked file is deflated; else a decoder may be missing.
        if member.compress_type not in PACKINGS:
            raise ModelError(
                f"{name} must be stored or deflated. Received {label} in another "
                f"compression. Save the model again with `model.save`."
            )
        most = max(SMALL_BYTES, MAX_RATIO * member.compress_size)
        if member.file_size > most:
            raise ModelError(
                f"{name} must hold members that unpack to at most {MAX_RATIO} times "
                f"what is stored. Received {label}, {member.compress_size:,} bytes "
                f"that unpack to {member.file_size:,}. Save the model again with "
                f"`model.save`, which does not compress."
            )
    _require_distinct(members, name)
    size_bytes = sum(member.file_size for member in members)
    if size_bytes > MAX_SIZE_BYTES:
        raise ModelError(
            f"{name} must unpack to at most {MAX_SIZE_BYTES:,} bytes. Received "
            f"{size_bytes:,}. Hand over the predictions of so large a model instead: "
            f"reportgen build --predictions FILE."
        )


def _require_distinct(members: tuple[ZipInfo, ...], name: str) -> None:
    """Raises ModelError where two members share a name, of which readers pick one."""
    names = sorted(member.filename for member in members)
    twice = [one for one, other in pairwise(names) if one == other]
    if twice:
        raise ModelError(
            f"{name} must hold each member once. Received {twice[0][:60]!r} twice. "
            f"Save the model again with `model.save`."
        )
