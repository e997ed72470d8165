"""Numbers that a page can print: what a stranger's record holds may be any other."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

LARGEST_WHOLE = 2**53 - 1
"""Beyond it a number in JSON means another one to most readers (RFC 7493)."""

LARGEST_FRACTION = 1e15
"""Beyond it sums, percentages and axes overflow; no score comes near it."""


def immoderate(value: Any, path: str = "$") -> str | None:
    """Returns the place of the first number that no page can print, None without one.

    Args:
        value: A record, or a part of one.
        path: Its own place.
    """
    if isinstance(value, int | float):
        largest = LARGEST_FRACTION if isinstance(value, float) else LARGEST_WHOLE
        return path if abs(value) > largest else None
    if isinstance(value, tuple) and _are_moderate(value):
        return None
    found = (immoderate(part, path + step) for part, step in _parts(value))
    return next((place for place in found if place), None)


def _are_moderate(values: tuple[Any, ...]) -> bool:
    """Returns whether these are fractions alone, none too large: most numbers are."""
    return set(map(type, values)) == {float} and (
        -LARGEST_FRACTION <= min(values) <= max(values) <= LARGEST_FRACTION
    )


def _parts(value: Any) -> Iterator[tuple[Any, str]]:
    """Yields what a value holds, each with its step of the path."""
    if is_dataclass(value):
        for field in fields(value):
            yield getattr(value, field.name), f".{field.name}"
    elif isinstance(value, tuple):
        for index, part in enumerate(value):
            yield part, f"[{index}]"
