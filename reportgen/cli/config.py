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
        UsageError: The file is missing, no TOML, or holds an unknown key.
    """
    found = path or _find(folder)
    if found is None:
        return Config({}, {})
    table = _table(found)
    card = table.pop("card", {})
    values = {key.replace("-", "_"): value for key, value in table.items()}
    _check_keys(found, values, sorted(options))
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
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path} must be readable TOML: {error}.") from error
    if path.name == PROJECT_FILE:
        document = document.get("tool", {}).get("reportgen", {})
    return dict(document)


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


def _checked_card(path: Path, card: object) -> dict[str, str]:
    """Returns `[card]` if it is a table of known words."""
    if not isinstance(card, dict):
        raise UsageError(f"{path} must hold [card] as a table. Received {card!r}.")
    _check_keys(path, card, CARD_KEYS)
    for key, text in card.items():
        if not isinstance(text, str):
            raise UsageError(f"{path} must hold {key} as text. Received {text!r}.")
    return {key: text.strip() for key, text in card.items()}
