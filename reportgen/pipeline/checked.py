"""What was looked at of a report, and what came of it."""

from dataclasses import dataclass

from reportgen.record import Record


@dataclass(frozen=True, slots=True)
class Check:
    """One row of the table.

    Attributes:
        name: What was looked at.
        compared: What was held against what.
        differences: How they differ, a sentence each; empty where they agree.
        skipped: Why not all of it was compared; None where all was.
    """

    name: str
    compared: str
    differences: tuple[str, ...] = ()
    skipped: str | None = None

    @property
    def verdict(self) -> str:
        """In a word or two."""
        if self.differences:
            return "differs"
        if self.skipped is None:
            return "agrees"
        return "in part" if self.compared else "not compared"


@dataclass(frozen=True, slots=True)
class Verification:
    """What a report was found to be.

    Attributes:
        record: The record that it carries.
        checks: In the order in which they were made.
        limits: What was not checked, a sentence each.
    """

    record: Record
    checks: tuple[Check, ...]
    limits: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether every check was made wholly and agrees; see `limits` besides."""
        return all(check.verdict == "agrees" for check in self.checks)
