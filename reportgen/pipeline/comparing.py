"""What was stored against what was computed again, and what was printed likewise."""

import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from reportgen.record import Record, to_json

RELATIVE = 1e-9
"""Share by which a fraction may differ: processors round sums differently."""

ABSOLUTE = 1e-12
"""Likewise beside zero."""

UNSEEN = frozenset({"pixels"})
"""Keys that are not compared: the images are not attached."""

SHOWN_WORDS = 8
"""Words of a difference that one line shows."""

PAGE_NUMBER = re.compile(r"\bpage \d+ of \d+\b|\bp\. \d+\b")
"""What a page says of pages."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of comparing two values.

    Attributes:
        values: Numbers and words that were compared.
        differences: Where they differ, a sentence each.
    """

    values: int
    differences: tuple[str, ...]


def compare_evaluations(stored: Record, again: Record) -> dict[str, Compared]:
    """Returns for each field of the evaluation whether it was computed again.

    Args:
        stored: The record that a PDF carries.
        again: The same record with the evaluation computed again.
    """
    left = json.loads(to_json(stored))["evaluation"]
    right = json.loads(to_json(again))["evaluation"]
    return {
        field: _compared(value, right[field], f"evaluation.{field}")
        for field, value in left.items()
    }


def compare_judgements(stored: Record, again: Record) -> Compared:
    """Returns whether the judgements were found again; arguments as before."""
    left, right = (json.loads(to_json(one))["judgements"] for one in (stored, again))
    return _compared(left, right, "judgements")


def compare_comparisons(stored: Record, again: Record) -> Compared:
    """Returns whether the comparison was found again; arguments as before."""
    left, right = (json.loads(to_json(one))["comparison"] for one in (stored, again))
    return _compared(left, right, "comparison")


def _compared(left: Any, right: Any, path: str) -> Compared:
    """Returns what came of comparing two trees."""
    pairs = tuple(_pairs(left, right, path))
    differences = (_difference(*pair) for pair in pairs)
    return Compared(len(pairs), tuple(filter(None, differences)))


def _pairs(left: Any, right: Any, path: str) -> Iterator[tuple[Any, Any, str]]:
    """Yields the values that stand at one place in both trees."""
    if isinstance(left, dict) and isinstance(right, dict):
        for key in sorted(left.keys() | right.keys()):
            if key not in UNSEEN:
                yield from _pairs(left.get(key), right.get(key), f"{path}.{key}")
    elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        for index, (one, other) in enumerate(zip(left, right, strict=True)):
            yield from _pairs(one, other, f"{path}[{_label(one, index)}]")
    else:
        yield left, right, path


def _label(value: Any, index: int) -> str | int:
    """Returns the key of a value that has one, its place otherwise."""
    key = value.get("key") if isinstance(value, dict) else None
    return key if isinstance(key, str) else index


def _difference(stored: Any, again: Any, path: str) -> str | None:
    """Returns how two values differ, None where they agree."""
    if isinstance(stored, float) and isinstance(again, float):
        agree = math.isclose(stored, again, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    else:
        agree = type(stored) is type(again) and stored == again
    if agree:
        return None
    return f"{path}: the record says {_short(stored)}, the predictions {_short(again)}"


def _short(value: Any) -> str:
    """Returns a value as one line shows it."""
    if isinstance(value, list):
        return f"{len(value)} of them"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else text[:80] + "…"  # noqa: PLR2004 - a line


def compare_pages(printed: Sequence[str], again: Sequence[str]) -> Compared:
    """Returns whether pages print the same words in the same order.

    Args:
        printed: The text of each page of the report.
        again: Likewise of the report drawn again from its record.
    """
    values = sum(len(text.split()) for text in again)
    if len(printed) != len(again):
        said = f"it has {len(printed)} pages, drawn again {len(again)}"
        return Compared(values, (said,))
    differences = tuple(
        f"page {number}: {said}"
        for number, (one, other) in enumerate(zip(printed, again, strict=True), 1)
        for said in _replaced(one.split(), other.split())
    )
    return Compared(values, differences)


def _replaced(printed: list[str], again: list[str]) -> Iterator[str]:
    """Yields what stands in the place of what, between the words that are as given."""
    start = _shared(printed, again)
    one, other = printed[start:], again[start:]
    end = _shared(one[::-1], other[::-1])
    one, other = one[: len(one) - end], other[: len(other) - end]
    if len(one) == len(other):
        for left, right in zip(one, other, strict=True):
            if left != right:
                yield f"prints {left!r} where the record gives {right!r}"
    else:
        yield f"prints {_phrase(one)} where the record gives {_phrase(other)}"


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """Returns with how many equal words both begin."""
    pairs = enumerate(zip(one, other, strict=False))
    unlike = (index for index, (left, right) in pairs if left != right)
    return next(unlike, min(len(one), len(other)))


def _phrase(words: list[str]) -> str:
    """Returns the first of the words between quotes, and how many there are."""
    if not words:
        return "nothing"
    more = len(words) - SHOWN_WORDS
    said = repr(" ".join(words[:SHOWN_WORDS]))
    return f"{said} and {more:,} words more" if more > 0 else said


def compare_numbers(printed: Sequence[str], again: Sequence[str]) -> Compared:
    """Returns whether two layouts print the same numbers, wherever they stand.

    Numbers of pages are left out, and what stands at the edges of every page is told
    once: another layout has other pages.
    """
    one, other = (_numbers(pages) for pages in (printed, again))
    return Compared(len(other), tuple(_changes(one, other)))


def _numbers(pages: Sequence[str]) -> list[str]:
    """Returns the words with a digit that are not whole numbers as small as a page's.

    Contents lists print such numbers bare, and no word beside them tells them apart.
    """
    text = PAGE_NUMBER.sub(" ", "\n".join(pages))
    words = (word for word in text.split() if any(c.isdigit() for c in word))
    counted = Counter(w for w in words if not (w.isdecimal() and len(w) <= 2))  # noqa: PLR2004 - reports have under a hundred pages
    heads = {word for word in counted if all(word in page for page in pages[1:])}
    return [
        word
        for word, times in counted.items()
        for _ in range(1 if word in heads else times)
    ]


def _changes(printed: Sequence[str], again: Sequence[str]) -> Iterator[str]:
    """Yields what is printed and should not be, and what should be and is not."""
    one, other = Counter(printed), Counter(again)
    strange, missing = list((one - other).elements()), list((other - one).elements())
    if len(strange) == len(missing):
        yield from (
            f"prints {left!r} where the record gives {right!r}"
            for left, right in zip(strange, missing, strict=True)
        )
        return
    yield from (f"prints {word!r}, which the record does not give" for word in strange)
    yield from (f"does not print {word!r}, which the record gives" for word in missing)
