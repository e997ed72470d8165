"""JSON of a frozen value: written in one form, and read back only from that form."""

from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from reportgen.errors import RecordError
from reportgen.record.magnitudes import immoderate

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Layout:
    """One kind of file, as an error speaks of it.

    Attributes:
        file: Its name, as "record.json".
        version: What its `schema_version` must be.
        remedy: What to do about a broken one, in words.
        older: What to do about one of another version, in words.
    """

    file: str
    version: int
    remedy: str
    older: str


def encoded(value: object) -> bytes:
    """Returns the value as indented UTF-8 JSON that ends with a line feed."""
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"


def decoded(content: bytes, kind: type[Value], layout: Layout) -> Value:
    """Returns the value that the JSON holds.

    Args:
        content: UTF-8 JSON as `encoded` writes it.
        kind: What it is to be.
        layout: What the file is called, and its version.

    Raises:
        RecordError: The JSON is broken, of another version, breaks the schema, or is
            not byte for byte what `encoded` writes; or a number is too large to print.
    """
    file, remedy = layout.file, layout.remedy
    version = _decoded(content, _Versioned, layout).schema_version
    if version != layout.version:
        raise RecordError(
            f"{file} must have schema_version {layout.version}. Received "
            f"{repr(version)[:80]}, of another version of reportgen. {layout.older}."
        )
    value = _decoded(content, kind, layout)
    place = immoderate(value)
    if place is not None:
        raise RecordError(
            f"{file} must hold numbers that a page can print. Received a larger one - "
            f"at `{place}`. {remedy}."
        )
    if encoded(value) != content:
        raise RecordError(
            f"{file} must be as reportgen wrote it, since every page prints its hash. "
            f"Received one that was edited. {remedy}."
        )
    return value


class _Versioned(msgspec.Struct):
    """What every version has; no other member is held in memory to find it."""

    schema_version: Any = None


def _decoded(content: bytes, kind: type[Value], layout: Layout) -> Value:
    """Returns what the JSON holds, as a value of that kind."""
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.ValidationError as error:
        raise RecordError(
            f"{layout.file} breaks its schema: {error}. {layout.remedy}."
        ) from error
    except (
        msgspec.DecodeError,
        RecursionError,  # lists in lists in lists
        UnicodeDecodeError,
    ) as error:
        raise RecordError(
            f"{layout.file} must be UTF-8 JSON: {error}. {layout.remedy}."
        ) from error


def schema_of(kind: type) -> dict[str, Any]:
    """Returns the JSON Schema (2020-12) of a value of that kind."""
    schema: dict[str, Any] = msgspec.json.schema(kind)
    # Defaults are Python's values: as JSON they are what anyone else would read.
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(schema))
    return plain
