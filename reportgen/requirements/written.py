"""What a user wrote, where, and how an error speaks of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from reportgen.errors import UsageError

SHOWN = 80
"""Characters of a word that an error shows."""


@dataclass(frozen=True, slots=True)
class Written:
    """An expression and where it stands.

    Attributes:
        text: The expression as it was written.
        source: As "--require" or "[requirements]".
    """

    text: str
    source: str

    def refused(self, must: str, received: str, advice: str) -> UsageError:
        """Returns the error that says so.

        Args:
            must: What must hold, after the source: "must name a known measure".
            received: What stands there instead, fit to be printed.
            advice: What to try, in sentences.
        """
        return UsageError(
            f"{self.source} {must}. Received {received} in {shown(self.text)}. {advice}"
        )


def shown(word: str) -> str:
    """Returns a word as an error shows it, cut where it is long."""
    return repr(word) if len(word) <= SHOWN else f"{word[:SHOWN]!r}..."


def nearest(word: str, known: Iterable[str]) -> str:
    """Returns the known word that is the most like another, the first of several.

    Args:
        word: What was received.
        known: At least one word.
    """
    return get_close_matches(word[:SHOWN], list(known), n=1, cutoff=0)[0]
