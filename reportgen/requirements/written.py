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


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Returns the known word that another is meant for, None where none is like it.

    Capitals make no difference; of several words that are as like, it is the first.

    >>> nearest("Acuracy", ["accuracy", "aurc"]), nearest("n", ["accuracy"])
    ('accuracy', None)
    """
    folded: dict[str, str] = {}
    for one in known:
        folded.setdefault(one.casefold(), one)
    found = get_close_matches(word[:SHOWN].casefold(), folded, n=1)
    return folded[found[0]] if found else None
