r"""From `recall["class name"] >= 0.97` to a requirement.

    [delta.] measure [\[class\]] operator number [% | point | points]

A class's name stands bare, within double quotes as in JSON, or within single quotes as
it is. Percent are for shares, points (of a percent) for differences of shares.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from reportgen.errors import UsageError
from reportgen.record.requirements import Operator, Requirement, bracketed
from reportgen.requirements.bounds import bound_of
from reportgen.requirements.measures import BY_KEY, Measure, key_like
from reportgen.requirements.written import Written, shown

EXAMPLE = "accuracy >= 0.985"

LONGEST = 5000
"""Characters of an expression: a class's name, all of it escaped, and a few words."""

OPERATORS: tuple[Operator, ...] = get_args(Operator)

SUBJECT = re.compile(
    r"""\s*(?P<delta>delta\s*\.\s*)?(?P<key>\w+)\s*"""
    r"""(?:\[\s*(?P<name>"(?:[^"\\]|\\.)*"\s*|'[^']*'\s*|[^\]"'\s][^\]]*)\])?\s*""",
    re.DOTALL,
)
COMPARISON = re.compile(r"(?P<operator>[<>=!~≤≥≠]*)\s*(?P<number>.*)", re.DOTALL)


def parse(text: str, source: str = "--require") -> Requirement:
    """Returns the requirement that an expression states.

    Whether its class exists is for `check` to say, once the classes are known.

    Args:
        text: As `accuracy >= 0.985`, `recall[8] >= 97 %` or `delta.accuracy >= -0.001`.
        source: Where it stands, as an error names it.

    Raises:
        UsageError: It does not read so, names no known measure, or a bound outside of
            the measure's range.

    >>> parse('recall["T-shirt/top"] >= 97 %').bound
    0.97
    """
    written = Written(text, source)
    subject = _subject(written)
    comparison = COMPARISON.fullmatch(text, subject.end())
    assert comparison is not None, "any text is an operator, perhaps none, and a rest"
    measure = _measure(subject["key"], written)
    delta = subject["delta"] is not None
    if delta and measure.alone:
        raise written.refused(
            "must name a measure whose difference is measured",
            f"delta.{measure.key}",
            f"{measure.alone} Require {measure.key} without delta.",
        )
    return Requirement(
        key=measure.key,
        class_name=_class_name(subject["name"], measure, written),
        delta=delta,
        operator=_operator(comparison["operator"], written),
        bound=bound_of(comparison["number"].strip(), measure, written, delta=delta),
    )


def parse_table(
    table: Mapping[str, Any], source: str = "[requirements]"
) -> tuple[Requirement, ...]:
    """Returns the requirements of a table of a configuration, in its order.

    Args:
        table: From a measure to the rest of its expression, as `accuracy = ">= 0.985"`;
            `recall.8 = ">= 0.97"` and `delta.accuracy = ">= -0.001"`, which TOML reads
            as tables in the table, mean what they say.
        source: Where it stands, as an error names it.

    Raises:
        UsageError: A value is no text, or an expression is refused by `parse`.
    """
    return tuple(
        parse(f"{subject} {_as_text(subject, value, source)}", source)
        for subject, value in _entries(table)
    )


def _entries(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yields each subject of a table with its value."""
    for key, value in table.items():
        if not isinstance(value, Mapping):
            yield prefix + key, value
        elif key == "delta" and not prefix:
            yield from _entries(value, "delta.")
        else:
            for name, inner in value.items():
                yield f"{prefix}{key}[{bracketed(name)}]", inner


def _as_text(subject: str, value: object, source: str) -> str:
    """Returns the value if it is text."""
    if isinstance(value, str):
        return value
    raise UsageError(
        f"{source} must hold {shown(subject)} as text. Received a value of the type "
        f"{type(value).__name__!r}. Write an operator and a number in quotes, as "
        '">= 0.985".'
    )


def _subject(written: Written) -> re.Match[str]:
    """Returns the beginning of an expression, up to its operator."""
    if len(written.text) > LONGEST:
        raise written.refused(
            f"must have at most {LONGEST:,} characters",
            f"{len(written.text):,}",
            f"Write it as {EXAMPLE!r}.",
        )
    found = SUBJECT.match(written.text)
    if found is None:
        raise written.refused(
            "must begin with a measure", "none", f"Write it as {EXAMPLE!r}."
        )
    if written.text.startswith(".", found.end()):
        raise written.refused(
            "must begin with a measure, or with delta. and a measure",
            shown(found["key"] + "."),
            "Write a difference from the baseline as 'delta.accuracy >= -0.001'.",
        )
    if written.text.startswith("[", found.end()):
        raise written.refused(
            "must hold a class's name within brackets",
            shown(written.text[found.end() :]),
            'Write it as recall[8] or recall["class name"].',
        )
    return found


def _measure(key: str, written: Written) -> Measure:
    """Returns the measure of that key."""
    if key in BY_KEY:
        return BY_KEY[key]
    close = key_like(key)
    start = f"The nearest is {close!r}; known" if close else "Known"
    raise written.refused(
        "must name a known measure", shown(key), f"{start} are {', '.join(BY_KEY)}."
    )


def _class_name(name: str | None, measure: Measure, written: Written) -> str | None:
    """Returns whose measure is meant, None where there is one for all."""
    if measure.of_class and name is None:
        macro = f"{measure.key}_macro"
        wider = f", or {macro} for their mean" if macro in BY_KEY else ""
        raise written.refused(
            f"must say of which class it means the {measure.key}",
            "none",
            f'Write {measure.key}[8] or {measure.key}["class name"]{wider}.',
        )
    if name is not None and not measure.of_class:
        own = ", ".join(key for key, one in BY_KEY.items() if one.of_class)
        raise written.refused(
            f"must name {measure.key} without a class, since there is one for all",
            f"[{shown(name)}]",
            f"Leave it out; each class has its own {own}.",
        )
    return None if name is None else _unquoted(name.strip(), written)


def _unquoted(name: str, written: Written) -> str:
    """Returns a class's name without its quotes."""
    if name[0] == "'":
        return name[1:-1]
    if name[0] != '"':
        return name
    try:
        unquoted: str = json.loads(name, strict=False)
    except json.JSONDecodeError as error:
        raise written.refused(
            "must escape a class's name as JSON does",
            shown(name),
            "Write \\\\ for \\, or put the name within single quotes.",
        ) from error
    return unquoted


def _operator(sign: str, written: Written) -> Operator:
    """Returns the operator."""
    for operator in OPERATORS:
        if sign == operator:
            return operator
    raise written.refused(
        f"must compare with one of {', '.join(OPERATORS)}",
        shown(sign) if sign else "none",
        f"Write it as {EXAMPLE!r}; a class stands in brackets.",
    )
