"""Whatever the bytes: the gate refuses them in our words, or they are harmless."""

import json
from typing import Any

import pytest
from archives import DENSE, INPUT, SEQUENTIAL, members, packed, sequential
from fuzzed_models import ARCHIVES, FEW_WEIGHTS, PICKLES, open_archive, open_pickle
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.model.allowed import ALLOWED

NUMBERS = (0, 1, 0x7F, 0xFF, 0xFFFF, 2**31 - 1, 2**32 - 1, 2**40, 2**63, 2**64 - 1)


@st.composite
def mutated(draw: st.DrawFn, seeds: tuple[bytes, ...]) -> bytes:
    """Draws a valid file with bytes flipped, cut, copied or replaced by numbers."""
    content = bytearray(draw(st.sampled_from(seeds)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(0, len(content) - 1)))
        kind = draw(
            st.sampled_from(["flip", "byte", "number", "cut", "copy", "insert"])
        )
        if kind == "flip":
            content[at : at + 1] = bytes(
                b ^ 1 << draw(st.integers(0, 7)) for b in content[at : at + 1]
            )
        elif kind == "byte":
            content[at : at + 1] = bytes([draw(st.integers(0, 255))])
        elif kind == "number":
            width = draw(st.sampled_from([2, 4, 8]))
            number = draw(st.sampled_from(NUMBERS)) % 2 ** (8 * width)
            content[at : at + width] = number.to_bytes(width, "little")
        elif kind == "cut":
            del content[at : at + draw(st.integers(1, 64))]
        else:
            start = draw(st.integers(0, max(0, len(content) - 1)))
            piece = content[start : start + draw(st.integers(1, 64))]
            end = at + (len(piece) if kind == "copy" else 0)
            content[at:end] = piece
    return bytes(content)


SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=8)

NAMES = st.sampled_from(
    [
        *sorted(ALLOWED)[::9],
        ("os", "system"),
        ("keras.layers", "Lambda"),
        (None, "Dense"),
    ]
)

KEYS = st.sampled_from(
    [
        "module",
        "class_name",
        "registered_name",
        "config",
        "layers",
        "activation",
        "name",
    ]
)


@st.composite
def named(draw: st.DrawFn, inside: st.SearchStrategy[Any]) -> dict[str, Any]:
    """Draws the configuration of a part by its name, good or bad."""
    module, kind = draw(NAMES)
    return {"module": module, "class_name": kind, "config": draw(inside)}


PARTS: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(KEYS, inside, max_size=4)
        | named(inside)
    ),
    max_leaves=8,
)


@given(mutated(ARCHIVES))
@settings(max_examples=2000, deadline=None, derandomize=True)
def test_a_changed_archive_is_an_error_of_ours_or_harmless(content: bytes) -> None:
    open_archive(content)


@given(PARTS, st.booleans())
@settings(max_examples=2000, deadline=None, derandomize=True)
def test_no_configuration_gets_a_foreign_name_in(part: Any, whole: bool) -> None:  # noqa: FBT001 -- hypothesis gives it by position
    config = part if whole else sequential(INPUT, DENSE | {"config": part})
    text = json.dumps(config).encode()
    open_archive(packed(members(text, FEW_WEIGHTS)))


@given(mutated((FEW_WEIGHTS,)))
@settings(max_examples=2000, deadline=None, derandomize=True)
def test_changed_weights_are_an_error_of_ours_or_numbers(held: bytes) -> None:
    open_archive(packed(members(held=held)))


@given(mutated(PICKLES))
@settings(max_examples=2000, deadline=None, derandomize=True)
def test_a_changed_pickle_is_an_error_of_ours_or_gives_an_archive(
    content: bytes,
) -> None:
    open_pickle(content)


OPCODES = st.sampled_from(
    [
        SEQUENTIAL,
        b"\x8c\x08builtins\x8c\x07getattr\x93",
        b"\x8c\x0f_unpickle_model",
        b"\x8c\x03_io\x8c\x07BytesIO\x93",
        b"\x8c\x05posix\x8c\x06system\x93",
        b"cposix\nsystem\n",
        *(
            bytes([code])
            for code in b"()0123Nlb.tQRK\x81\x82\x85\x86\x87\x93\x94d}aes2"
        ),
        b"h\x00",
        b"q\x00",
        b"r\xff\xff\xff\x7f",
        b"J\xff\xff\xff\x7f",
        b"C\x04PK\x03\x04",
        b"\x95\xff\xff\xff\xff\xff\xff\xff\x7f",
        b"\x8e\xff\xff\xff\xff\xff\xff\xff\x7f",
    ]
)


@given(st.lists(OPCODES, max_size=24))
@settings(max_examples=2000, deadline=None, derandomize=True)
def test_no_program_of_opcodes_does_more(opcodes: list[bytes]) -> None:
    open_pickle(b"\x80\x04" + b"".join(opcodes) + b".")


@pytest.mark.parametrize("content", ARCHIVES[:3])
def test_what_the_fuzzers_begin_with_passes(content: bytes) -> None:
    open_archive(content)
