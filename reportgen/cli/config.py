"""reportgen.toml, or `[tool.reportgen]` in pyproject.toml."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from reportgen.errors import UsageError
from reportgen.record import AuthorWord

FILE = "reportgen.toml"
PROJECT_FILE = "pyproject.toml"

CARD_WORDS = {
    "intended_use": "Intended use",
    "out_of_scope": "Out of scope",
    "limits": "Known limits",
    "ethics": "Ethical considerations",
    "licence": "Licence",
    "contact": "Contact",
}
"""What only the author can say, by its key in `[card]`, in printed order."""

CARD_KEYS = ("title", *CARD_WORDS)

WHOLE_NUMBERS = frozenset({"batch_size", "bootstrap", "epochs", "repeats", "seed"})
NUMBERS = frozenset({"level"})
SWITCHES = frozenset({"check_intervals", "quiet"})
"""Keys that are not text; every other one is."""

COMMAND_LINE_ONLY = {
    "as_json": "--json",
    "config": "--config",
    "json": "--json",
    "resume": "--resume",
    "retrain": "--retrain",
}
"""What one call asks for and no file may, with the flag that asks for it."""


@dataclass(frozen=True, slots=True)
class Config:
    """What a configuration file says.

    Attributes:
        options: Values for options of `build`, by parameter name.
        card: The author's words, by their key in `[card]`.
    """

    options: Mapping[str, Any]
    card: Mapping[str, str]

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
        UsageError: The file is missing, no TOML, or holds an unknown key or a value
            of another type.
    """
    found = path or _find(folder)
    if found is None:
        return Config({}, {})
    table = _table(found)
    card = table.pop("card", {})
    values = {key.replace("-", "_"): value for key, value in table.items()}
    _check_settings(found, values)
    _check_keys(found, values, sorted(options))
    for key, value in values.items():
        _check_value(found, key, value)
    return Config(values, _checked_card(found, card))


def _find(folder: Path) -> Path | None:
    """Returns the configuration file of a folder, None where there is none."""
    for name in (FILE, PROJECT_FILE):
        if (folder / name).is_file():
            return folder / name
    return None


def _table(path: Path) -> dict[str, Any]:
    """Returns the top table of the file, or the tool's own one of a pyproject.toml."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise UsageError(f"--config must name a file. Received {path}.") from error
    except (
        OSError,
        RecursionError,  # lists in lists in lists
        UnicodeDecodeError,
        tomllib.TOMLDecodeError,
    ) as error:
        raise UsageError(f"{path} must be readable TOML: {error}.") from error
    if path.name == PROJECT_FILE:
        tool = _as_table(path, "tool", document.get("tool", {}))
        return _as_table(path, "tool.reportgen", tool.get("reportgen", {}))
    return document


def _as_table(path: Path, name: str, value: object) -> dict[str, Any]:
    """Returns the value if it is a table."""
    if not isinstance(value, dict):
        raise UsageError(f"{path} must hold [{name}] as a table. Received {value!r}.")
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
    """Refuses keys that nothing reads, naming the nearest that something does."""
    for key in received:
        if key in known:
            continue
        nearest = get_close_matches(key, known, n=1, cutoff=0)
        raise UsageError(
            f"{path} must hold known keys only. Received {key!r}. The nearest is "
            f"{nearest[0]!r}; known are {', '.join(known)}."
        )


def _check_value(path: Path, key: str, value: object) -> None:
    """Refuses a value of another type than its key's, before click converts it."""
    if key in WHOLE_NUMBERS:
        fits, kind = type(value) is int, "a whole number"  # a bool is an int as well
    elif key in NUMBERS:
        fits, kind = type(value) in {int, float}, "a number"
    elif key in SWITCHES:
        fits, kind = isinstance(value, bool), "true or false"
    else:
        fits, kind = isinstance(value, str), "text"
    if not fits:
        raise UsageError(f"{path} must hold {key} as {kind}. Received {value!r}.")
    if isinstance(value, str) and "\0" in value:
        raise UsageError(
            f"{path} must hold {key} as text without NUL. Received {value!r}."
        )


def _checked_card(path: Path, card: object) -> dict[str, str]:
    """Returns `[card]` if it is a table of known words."""
    words = _as_table(path, "card", card)
    _check_keys(path, words, CARD_KEYS)
    for key, text in words.items():
        _check_value(path, key, text)
    return {key: text.strip() for key, text in words.items()}
