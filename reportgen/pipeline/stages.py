"""The stages of a build, told and timed."""

from collections.abc import Iterator
from contextlib import contextmanager

from reportgen.pipeline.request import Watcher
from reportgen.record import Stage


class Stages:
    """Times the stages of a run and tells the watcher of each.

    Attributes:
        watcher: Who is told.
        done: Stages that ended, in order.
    """

    def __init__(self, watcher: Watcher) -> None:
        """Starts with no stage done."""
        self.watcher = watcher
        self.done: list[Stage] = []

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Times what happens inside."""
        self.watcher.on_stage(name)
        start_s = self.watcher.clock()
        yield
        self.done.append(Stage(name, round(self.watcher.clock() - start_s, 3)))
