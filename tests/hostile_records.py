"""Hostile records, each one in a run folder that a stranger hands over."""

import json
import os
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

from hostile import Case

from records import make_predictions, make_record
from reportgen.record import SCHEMA_VERSION, to_json

SHOW = ("show", "run")


@cache
def sound() -> bytes:
    """Returns a sound record."""
    return to_json(make_record(make_predictions(60, 3)))


def replaced(old: bytes, new: bytes) -> bytes:
    """Returns the sound record with its first such bytes replaced."""
    assert old in sound()
    return sound().replace(old, new, 1)


def changed(path: str, value: Any) -> bytes:
    """Returns the record with what stands at a path such as "author.0" replaced."""
    document = json.loads(sound())
    *parents, last = (int(p) if p.isdecimal() else p for p in path.split("."))
    place = document
    for parent in parents:
        place = place[parent]
    place[last] = value
    return json.dumps(document, indent=1).encode()


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.write(sound())
        file.truncate(2**32)


def _case(key: str, what: str, made: bytes | Callable[[Path], None], says: str) -> Case:
    """Returns the case of one record.json, given by its bytes or by what writes it."""

    def write(folder: Path) -> None:
        path = folder / "run" / "record.json"
        path.parent.mkdir()
        if isinstance(made, bytes):
            path.write_bytes(made)
        else:
            made(path)

    return Case(key, "records", what, write, SHOW, says)


def _lazy(make: Callable[[], bytes]) -> Callable[[Path], None]:
    """Returns what writes bytes that are made when they are needed."""

    def write(path: Path) -> None:
        path.write_bytes(make())

    return write


VERSION = b'"schema_version": %d' % SCHEMA_VERSION
PIXELS = "dataset.images.samples.0.pixels"

CASES = (
    _case(
        "sparse", "4 GiB, of which 60 KB lie on the disk", _sparse, "must have at most"
    ),
    _case("pipe", "a pipe into which nobody writes", os.mkfifo, "record.json must be"),
    _case(
        "deep",
        "a million brackets, each inside of the one before",
        b'{"a":' + b"[" * 10**6,
        "must be UTF-8 JSON",
    ),
    _case(
        "bytes",
        "bytes that are no text",
        b'{"schema_version": "\xff\xfe"}',
        "must be UTF-8 JSON",
    ),
    _case(
        "surrogate",
        "half of a character",
        _lazy(partial(replaced, b'"shapes"', b'"\\ud800"')),
        "must be UTF-8 JSON",
    ),
    _case(
        "nan",
        "a score that is no number",
        _lazy(partial(replaced, b'"value": 0.', b'"value": NaN, "x": 0.')),
        "must be UTF-8 JSON",
    ),
    _case(
        "infinite",
        "a score of 1e999",
        _lazy(partial(changed, "evaluation.scores.0.estimate.value", 10**999)),
        "breaks its schema",
    ),
    _case(
        "overflow",
        "a score of 1e308, of which the percentage is infinite",
        _lazy(partial(changed, "evaluation.scores.0.estimate.high", 1e308)),
        "numbers that a page can print",
    ),
    _case(
        "wide",
        "a seed of thirty digits",
        _lazy(partial(changed, "provenance.seed", 10**30)),
        "numbers that a page can print",
    ),
    _case(
        "seed",
        "a seed below zero, which NumPy does not take",
        _lazy(partial(changed, "evaluation.sampling.seed", -1)),
        "seed must lie in 0 to 4,294,967,295",
    ),
    _case(
        "uncovered",
        "no share of rows at which risk is told",
        _lazy(partial(changed, "evaluation.deciding.at", [])),
        "at must hold a risk at one coverage or more",
    ),
    _case(
        "twice",
        "a name given twice, of which readers choose",
        _lazy(
            partial(
                replaced, b'"name": "shapes"', b'"name": "shapes",\n "name": "shapes"'
            )
        ),
        "one that was edited",
    ),
    _case(
        "version",
        "a version of twenty million letters",
        _lazy(
            lambda: replaced(VERSION, b'"schema_version": "' + b"a" * 2 * 10**7 + b'"')
        ),
        "must have schema_version",
    ),
    _case(
        "names",
        "200,000 class names in place of three",
        _lazy(
            partial(changed, "evaluation.class_names", [str(n) for n in range(200_000)])
        ),
        "must have the classes",
    ),
    _case(
        "no-base64",
        "pixels that are no base64",
        _lazy(partial(changed, f"{PIXELS}.data", "<svg onload=alert(1)>")),
        "breaks its schema",
    ),
    _case(
        "pixels",
        "64 pixels that claim to be 10,000,000,000",
        _lazy(
            partial(
                changed,
                PIXELS,
                {"height": 10**5, "width": 10**5, "channels": 1, "data": "AAAA"},
            )
        ),
        "need 10000000000 bytes",
    ),
    _case(
        "negative",
        "a height and a width below 0, of which the product is above",
        _lazy(
            partial(
                changed,
                PIXELS,
                {"height": -1, "width": -3, "channels": 1, "data": "AAAA"},
            )
        ),
        "height and width of at least 1",
    ),
)
