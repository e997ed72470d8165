r"""The model card as Markdown: YAML that a model hub reads, then the same findings.

What a template prints is text unless this file made it: words are escaped, numbers
come from the record as `Quantity`, and anything else is refused.
"""

import re
import shlex
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reportgen.card import Page
from reportgen.record import (
    AuthorWord,
    Difference,
    Quantity,
    Score,
    Sentence,
    chosen_share,
    count,
    estimated,
    number,
    p_value,
    points,
    quantity,
)
from reportgen.record.wording import visible
from reportgen.render.folder import template_folder
from reportgen.render.templating import filled

METRICS: dict[str, tuple[str, str]] = {
    "accuracy": ("accuracy", ""),
    "precision_weighted": ("precision", "weighted"),
    "precision_macro": ("precision", "macro"),
    "recall_weighted": ("recall", "weighted"),
    "recall_macro": ("recall", "macro"),
    "f1_weighted": ("f1", "weighted"),
    "f1_macro": ("f1", "macro"),
    "roc_auc_ovr": ("roc_auc", "macro"),
    "matthews_corrcoef": ("matthews_correlation", ""),
    "average_precision_macro": ("average_precision", "macro"),
}
"""The hub's name of a score and its mean over classes; others go by their key."""

LICENCES = frozenset(
    {
        "afl-3.0",
        "agpl-3.0",
        "apache-2.0",
        "bsd-2-clause",
        "bsd-3-clause",
        "cc-by-4.0",
        "cc-by-nc-4.0",
        "cc-by-nc-sa-4.0",
        "cc-by-sa-4.0",
        "cc0-1.0",
        "gpl-2.0",
        "gpl-3.0",
        "isc",
        "lgpl-3.0",
        "mit",
        "mpl-2.0",
        "openrail",
        "unlicense",
    }
)
"""Licences by the hub's identifiers; any other one is `other`, with its name."""

SPECIAL = re.compile(r"[\\`*_\[\]{}<>|~$#!&]|(?<=:)//|(?<=www)\.|@")
"""What Markdown, its tables, mathematics and bare links read as more than text."""

LINE_START = re.compile(r"^(\d*)([-+=]|(?<=\d)[.)](?=\s|$))")
"""What begins a list, a rule or a heading at the start of a line."""

ENTITIES = {
    "<": "&lt;",
    ">": "&gt;",
    "&": "&amp;",
    "@": "&#64;",
    "//": "&#47;&#47;",
    ".": "&#46;",
}
"""What is escaped by a reference: no renderer makes a tag or a link of these."""


class Verbatim(str):
    """Text that is Markdown or YAML already."""

    __slots__ = ()


def markdown_page(card: Page) -> str:
    """Returns the card as Markdown, a model card for a model on Hugging Face.

    Args:
        card: What the template prints; its pictures are left out.

    Raises:
        RenderError: The templates are missing or broken.
    """
    return filled(_environment(), card.markdown, {"card": card})


def _environment() -> Environment:
    """Returns the template's world: what is not ours is escaped or refused."""
    environment = Environment(
        loader=FileSystemLoader(template_folder()),
        autoescape=False,  # noqa: S701 - `finalize` escapes, for Markdown and not HTML
        finalize=_printed,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        bounds=_bounds,
        change=_change,
        before=lambda one: _side(one, one.baseline),
        after=lambda one: _side(one, one.candidate),
        code=_code,
        command=lambda words: _code(shlex.join(words)),
        count=count,
        estimated=estimated,
        exact=_exact,
        hub_name=lambda score: METRICS.get(score.key, (score.key, ""))[0],
        hub_mean=lambda score: METRICS.get(score.key, (score.key, ""))[1],
        licence=_licence,
        margin=lambda p: points(p, chosen_share(p).digits),
        number=number,
        p_value=p_value,
        paragraphs=_paragraphs,
        percent=chosen_share,
        slug=slug,
        yaml=yaml,
    )
    return environment


def _printed(value: object) -> str:
    """Returns what the page shows for a value.

    Raises:
        TypeError: It is a bare number or the like, which no page may print.
    """
    if isinstance(value, Verbatim):
        return value
    if isinstance(value, Quantity):
        return _number(value)
    if isinstance(value, Sentence):
        parts = (
            _number(part) if isinstance(part, Quantity) else SPECIAL.sub(_plain, part)
            for part in value.parts
        )
        return LINE_START.sub(r"\1\\\2", "".join(parts))
    if isinstance(value, str):
        return escape(value)
    raise TypeError(
        "A template must print words, sentences and quantities. Received "
        f"{value}, a {type(value).__name__}. Make a quantity of it."
    )


def _number(value: Quantity) -> str:
    """Returns a number with its interval; of its signs only < and > mean more."""
    return str(value).replace("<", "&lt;").replace(">", "&gt;")


def escape(text: str) -> str:
    r"""Returns text that Markdown shows as it is, in one line.

    >>> escape("<b> *x* | [/]")
    '&lt;b&gt; \\*x\\* \\| \\[/\\]'
    """
    line = SPECIAL.sub(_plain, visible(" ".join(text.split())))
    return LINE_START.sub(r"\1\\\2", line)


def _plain(found: re.Match[str]) -> str:
    """Returns a character with meaning as one without."""
    return ENTITIES.get(found[0], "\\" + found[0])


def _paragraphs(text: str) -> Verbatim:
    """Returns the author's words, a paragraph where they have one."""
    parts = (escape(part) for part in re.split(r"\n\s*\n", text.strip()))
    return Verbatim("\n\n".join(parts))


def _code(text: str) -> Verbatim:
    """Returns text as code, between more backticks than it holds."""
    line = visible(" ".join(text.split()))
    longest = max((len(run) for run in re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    space = " " if line.startswith("`") or line.endswith("`") else ""
    return Verbatim(f"{fence}{space}{line}{space}{fence}")


def _exact(setting: float) -> Verbatim:
    """Returns a setting, as a learning rate, in all its digits."""
    return Verbatim(repr(setting))


def _bounds(score: Score) -> Verbatim:
    """Returns how a score's interval was made and on how many rows, as two cells."""
    if score.estimate is None:
        return Verbatim("- | -")
    method = score.estimate.method
    said = "-" if method == "none" else escape(method)
    return Verbatim(f"{said} | {count(score.estimate.n)}")


def _change(one: Difference) -> str | Quantity:
    """Returns a difference with its interval, "n/a" where it is undefined."""
    if one.estimate is None:
        return "n/a"
    return quantity(one.estimate, "points" if one.unit == "share" else "number")


def _side(one: Difference, score: float | None) -> str | Quantity:
    """Returns one model's score in the decimals of the difference."""
    change = _change(one)
    if score is None or isinstance(change, str):
        return "n/a"
    return Quantity(score, one.unit, change.digits)


def _licence(words: tuple[AuthorWord, ...]) -> Verbatim:
    """Returns the lines that name the licence, none where the author names none."""
    text = next((word.text for word in words if word.key == "licence"), None)
    if not text:
        return Verbatim()
    name = slug(text)
    if name in LICENCES:
        return Verbatim(f"license: {name}\n")
    named = f"license_name: {yaml(name)}\n" if name else ""
    return Verbatim(f"license: other\n{named}")


def slug(text: str) -> Verbatim:
    """Returns a word of small letters, digits, points and hyphens, perhaps empty."""
    return Verbatim(re.sub(r"[^a-z0-9.]+", "-", text.lower()).strip("-.")[:60])


def yaml(value: Any) -> Verbatim:
    r"""Returns a value as YAML: text between quotes, numbers in all their digits.

    >>> print(yaml('a "b"'), yaml(1e-05))
    "a \"b\"" 1.0e-05
    """
    if isinstance(value, float):
        text = repr(value)  # YAML 1.1 takes 1e-05 for text.
        return Verbatim(text if "." in text else text.replace("e", ".0e"))
    if isinstance(value, int):
        return Verbatim(value)
    line = visible(" ".join(value.split()))
    return Verbatim(f'"{"".join(map(_quoted, line))}"')


def _quoted(character: str) -> str:
    """Returns a character as it stands between the double quotes of YAML.

    Viewers that know no YAML take it for Markdown, and a tag in it for a tag.
    """
    if character in '"\\':
        return "\\" + character
    if character in "<>&":
        return f"\\x{ord(character):02x}"
    return character if character.isprintable() else f"\\U{ord(character):08x}"
