"""Whatever record.json holds, it is read as it stands or refused in our own words."""

import json
import random
from copy import deepcopy
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cards import make_pictures
from records import make_handed_record, make_predictions, make_record, with_warps
from reportgen.card import compose
from reportgen.errors import RecordError
from reportgen.record import from_json, to_json
from reportgen.render import page, to_html, to_markdown

ODD: tuple[Any, ...] = (
    *(0, -1, 1, 2, 10**9, 2**31, 2**53, 2**63, -(2**63), 10**30),
    *(0.0, -0.5, 0.5, 1.5, 1e-320, 1e15, 1e16, -1e308, 1e308),
    *("", "x", "\0\x1b[2J\u202e", "<script>alert(1)</script>", "é" * 3000),
    *(None, True, [], {}, [[]], [0.5]),
)
"""Values that mean trouble somewhere."""


def seeds() -> tuple[bytes, ...]:
    """Returns sound records, small and of each kind."""
    small = make_predictions(31, 2)
    return (
        to_json(with_warps(make_record(small))),
        to_json(make_handed_record(small)),
        to_json(make_record(make_predictions(1, 2))),
    )


SEEDS = seeds()


def mutated(rng: random.Random) -> bytes:
    """Returns a sound record with one to three things wrong, as bytes or as values."""
    content = rng.choice(SEEDS)
    for _ in range(rng.randint(1, 3)):
        mutate = rng.choice((_flipped, _cut, _spliced, _nudged, _revalued, _revalued))
        content = mutate(content, rng)
    return content


def _flipped(content: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(content) + 1)
    return content[:at] + bytes([rng.randrange(256)]) + content[at + 1 :]


def _cut(content: bytes, rng: random.Random) -> bytes:
    return content[: rng.randrange(len(content) + 1)]


def _spliced(content: bytes, rng: random.Random) -> bytes:
    first, last = sorted(rng.randrange(len(content) + 1) for _ in range(2))
    at = rng.randrange(len(content) + 1)
    return content[:at] + content[first:last] + content[at:]


def _nudged(content: bytes, rng: random.Random) -> bytes:
    """Returns it with one digit another one: most often still a record."""
    digits = [at for at in range(0, len(content), 7) if content[at : at + 1].isdigit()]
    if not digits:
        return content
    at = rng.choice(digits)
    return content[:at] + str(rng.randrange(10)).encode() + content[at + 1 :]


def _revalued(content: bytes, rng: random.Random) -> bytes:
    """Returns it with one value another one, written as reportgen would write it."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return content
    if isinstance(document, dict) and document:
        place, key = _somewhere(document, rng)
        alike = [value for value in ODD if type(value) is type(place[key])]
        place[key] = deepcopy(
            rng.choice(alike if alike and rng.random() < 0.7 else ODD)
        )
    try:
        return msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n"
    except UnicodeEncodeError:  # json reads half a character, which msgspec never does
        return content


def _somewhere(document: Any, rng: random.Random) -> tuple[Any, Any]:
    """Returns a container within the document and one of its keys."""
    while True:
        keys = list(document) if isinstance(document, dict) else range(len(document))
        key = rng.choice(keys)
        inner = document[key]
        if not isinstance(inner, dict | list) or not inner or rng.random() < 0.05:
            return document, key
        document = inner


def read(content: bytes) -> bool:
    """Returns whether the content is a record; it is then the record of that content.

    This is what `benchmarks/fuzz/record.py` calls too.
    """
    try:
        record = from_json(content)
    except RecordError:
        return False
    assert to_json(record) == content
    return True


@settings(max_examples=2000, deadline=None, derandomize=True)
@given(st.randoms(use_true_random=False))
def test_a_mutated_record_is_read_or_refused(rng: random.Random) -> None:
    read(mutated(rng))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    st.binary(max_size=300)
    | st.recursive(st.none(), st.lists).map(repr).map(str.encode)
)
def test_garbage_is_refused(content: bytes) -> None:
    assert not read(content)


def test_mutations_are_often_read() -> None:
    # Else the tests above would try the door alone, and none of the rooms behind it.
    rng = random.Random(0)
    assert sum(read(mutated(rng)) for _ in range(300)) > 30


def test_what_is_read_can_be_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    # The typeface is not what is tried, and to cut it takes as long as all the rest.
    monkeypatch.setattr(page, "stylesheet", lambda _card, _page: "")
    monkeypatch.setattr(page, "first_stranger", lambda _page: "")
    rng, shown = random.Random(1), 0
    while shown < 60:
        content = _revalued(rng.choice(SEEDS), rng)
        if read(content):
            record = from_json(content)
            card = compose(record, make_pictures(record), ())
            assert "<script>alert" not in to_html(card)
            to_markdown(card)
            shown += 1
