"""Fewer pauses: Python looks for garbage more seldom while a report is made."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

OBJECTS = 500_000
"""New objects after which Python looks again; it does so after 700 by itself."""


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Looks for reference cycles after many new objects; what was set is put back.

    Figures and pages are made of many small objects that live until the end: to look
    through them again and again takes about a seventh of the time of a report.
    """
    _, *older = before = gc.get_threshold()
    gc.set_threshold(OBJECTS, *older)
    try:
        yield
    finally:
        gc.set_threshold(*before)
