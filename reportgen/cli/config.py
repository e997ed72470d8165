"""reportgen.toml, or `[tool.reportgen]` in pyproject.toml."""

import reprlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unicodedata import category

from reportgen.cli.toml import PROJECT_FILE, find_toml, read_toml
from reportgen.errors import UsageError
from reportgen.record import AuthorWord, Requirement
from reportgen.requirements import parse_table
from reportgen.requirements.written import nearest

CARD_WORDS = {
    "intended_use": "Intended use",
    "out_of_scope": "Out of scope",
    "limits": "Known limits",
    "ethics": "Ethical considerations",
    "licence": "Licence",
    "contact": "Contact",
}
"""What only the author can say, by its key in `[card]`, in printed order."""

TABLES = ("card", "requirements")
"""Keys of the file that are tables; the others are options."""

CARD_KEYS = ("title", *CARD_WORDS)

WHOLE_NUMBERS = frozenset({"batch_size", "bootstrap", "epochs", "repeats", "seed"})
NUMBERS = frozenset({"level", "margin"})
SWITCHES = frozenset({"check_intervals", "logits", "offline", "quiet", "strict"})
"""Keys that are not text; every other one is."""

COMMAND_LINE_ONLY = {
    "as_json": "--json",
    "config": "--config",
    "json": "--json",
    "require": "--require; a file has the table [requirements]",
    "resume": "--resume",
    "retrain": "--retrain",
    "trust_model": "--trust-model",
}
"""What one call asks for and no file may, with the flag that asks for it."""

LONGEST = {"title": 300}
LONGEST_TEXT = 10_000
"""Characters of the author's words by key, and of any other text."""

WIDEST_BITS = 63
"""Of a whole number: what counts or seeds has no more."""


@dataclass(frozen=True, slots=True)
class Config:
    """What a configuration file says.

    Attributes:
        options: Values for options of `build`, by parameter name.
        card: The author's words, by their key in `[card]`.
        requirements: What `[requirements]` states, in its order.
    """

    options: Mapping[str, Any]
    card: Mapping[str, str]
    requirements: tuple[Requirement, ...] = ()

    @property
    def title(self) -> str | None:
        """The author's title of the report."""
        return self.card.get("title")

    @property
    def words(self) -> tuple[AuthorWord, ...]:
        """The author's words, those not filled in as None."""
        return tuple(
            AuthorWord(key, label, self.card.get(key) or None)
            for key, label in CARD_WORDS.items()
        )


def read_config(path: Path | None, folder: Path, options: Iterable[str]) -> Config:
    """Returns what the configuration says.

    Args:
        path: File that the user named, or None to look in `folder` for
            reportgen.toml, then for `[tool.reportgen]` in pyproject.toml.
        folder: Where to look.
        options: Parameter names that may stand in it.

    Raises:
        UsageError: The file is missing, no TOML, or holds an unknown key, a value of
            another type, or a requirement that does not read as one.
    """
    found = path or find_toml(folder)
    if found is None:
        return Config({}, {})
    table = _table(found)
    card, required = (table.pop(name, {}) for name in TABLES)
    values = {key.replace("-", "_"): value for key, value in table.items()}
    _check_settings(found, values)
    _check_keys(found, values, sorted((*options, *TABLES)))
    for key, value in values.items():
        _check_value(found, key, value)
    return Config(values, checked_card(found, card), _required(found, required))


def checked_card(path: Path, card: object) -> dict[str, str]:
    """Returns `[card]` if it is a table of known words.

    Args:
        path: What an error calls the place that it was found in.
        card: The author's words by their key.

    Raises:
        UsageError: A key is unknown, or a value no plain text.
    """
    words = _as_table(path, "card", card)
    _check_keys(path, words, CARD_KEYS)
    for key, text in words.items():
        _check_value(path, key, text)
    return {key: text.strip() for key, text in words.items()}


def _table(path: Path) -> dict[str, Any]:
    """Returns the top table of the file, or the tool's own one of a pyproject.toml."""
    document = read_toml(path)
    if path.name == PROJECT_FILE:
        tool = _as_table(path, "tool", document.get("tool", {}))
        return _as_table(path, "tool.reportgen", tool.get("reportgen", {}))
    return document


def _as_table(path: Path, name: str, value: object) -> dict[str, Any]:
    """Returns the value if it is a table."""
    if not isinstance(value, dict):
        raise UsageError(
            f"{path} must hold [{name}] as a table. Received {shown(value)}."
        )
    return value


def _check_settings(path: Path, received: Iterable[str]) -> None:
    """Refuses what is asked for anew with every call."""
    for key in received:
        flag = COMMAND_LINE_ONLY.get(key)
        if flag:
            raise UsageError(
                f"{path} must hold settings only. Received {key!r}, which is asked for "
                f"on the command line only: {flag}."
            )


def _check_keys(path: Path, received: Iterable[str], known: Iterable[str]) -> None:
    """Refuses keys that nothing reads, naming what something does."""
    for key in received:
        if key in known:
            continue
        close = nearest(str(key), known)
        start = f"The nearest is {close!r}; known" if close else "Known"
        raise UsageError(
            f"{path} must hold known keys only. Received {shown(key)}. {start} are "
            f"{', '.join(known)}."
        )


def _check_value(path: Path, key: str, value: object) -> None:
    """Refuses a value of another type than its key's, before click converts it."""
    if key in WHOLE_NUMBERS:
        fits, kind = _is_whole(value), "a whole number"
    elif key in NUMBERS:
        fits, kind = isinstance(value, float) or _is_whole(value), "a number"
    elif key in SWITCHES:
        fits, kind = isinstance(value, bool), "true or false"
    else:
        fits, kind = isinstance(value, str), "text"
    if not fits:
        raise UsageError(
            f"{path} must hold {key} as {kind}. Received {shown(value)}. Write it "
            "anew, or leave it out."
        )
    if isinstance(value, str):
        _check_text(path, key, value)


def _is_whole(value: object) -> bool:
    """Returns whether that is a whole number of a size that click can convert."""
    # A bool is an int as well.
    return type(value) is int and value.bit_length() <= WIDEST_BITS


def _check_text(path: Path, key: str, text: str) -> None:
    """Refuses what steers a terminal or a page, would fill it, or is no character."""
    layout = "\n\t" if key in CARD_WORDS else ""
    steering = [c for c in text if category(c) == "Cc" and c not in layout]
    if steering:
        raise UsageError(
            f"{path} must hold {key} as text without control characters. Received "
            f"{steering[0]!r} in {shown(text)}. Leave it out."
        )
    halves = [c for c in text if category(c) == "Cs"]
    if halves:
        raise UsageError(
            f"{path} must hold {key} as text of whole characters. Received "
            f"{halves[0]!r} in {shown(text)}, half of a pair that no file can hold. "
            "Leave it out."
        )
    longest = LONGEST.get(key, LONGEST_TEXT)
    if len(text) > longest:
        raise UsageError(
            f"{path} must hold {key} as text of at most {longest:,} characters. "
            f"Received {len(text):,}. Say it in fewer words."
        )


SHOWN = 80
"""Characters of a value that an error shows."""


class _Short(reprlib.Repr):
    """Values as Python writes them, cut where they are long or nested deep."""

    def repr_int(self, value: int, _level: int) -> str:
        """Returns a whole number; Python writes none of thousands of digits."""
        bits = value.bit_length()
        return str(value) if bits <= WIDEST_BITS else f"a whole number of {bits:,} bits"


def shown(value: object) -> str:
    """Returns a value as an error shows it."""
    short = _Short()
    short.maxstring = short.maxother = SHOWN
    return short.repr(value)


def _required(path: Path, required: object) -> tuple[Requirement, ...]:
    """Returns `[requirements]` if it is a table of requirements."""
    table = _as_table(path, "requirements", required)
    return parse_table(table, f"[requirements] in {path}")
