"""Judgements for machines and for a merge request: JUnit XML, Markdown, JSON.

All three are made of the judgements alone: of the same ones come the same bytes. Words
of a record may be a stranger's, so each format escapes them in its own way.
"""

import html
import json
import re
from collections.abc import Sequence
from typing import Any

from reportgen.record import Estimate
from reportgen.record.requirements import Judgement
from reportgen.record.wording import REPLACED, visible
from reportgen.requirements.judging import exit_code, overall
from reportgen.requirements.words import OUTCOMES, said, tally, value_of

SUITE = "reportgen.requirements"

MARKS = {"met": "✓", "not met": "✗", "inconclusive": "?"}
"""A mark beside each outcome's words."""

UNENCODABLE = re.compile("[\ud800-\udfff\ufffe\uffff]")
"""What UTF-8 or XML cannot hold, of all that is visible."""

MARKUP = re.compile(r"[\\`*_{}\[\]<>|:]|[#@!~&$](\w)?")
"""What Markdown, or a forge that names people and issues, reads as more than itself."""

WORD_JOINER = "&#8288;"
"""Prints nothing, and keeps "@" from the name behind it."""


def to_junit(judgements: Sequence[Judgement], *, strict: bool = False) -> bytes:
    """Returns JUnit XML with a test case for each requirement.

    What is not met is a failure. What is inconclusive is skipped, a failure if strict.

    Args:
        judgements: On each requirement.
        strict: Whether an inconclusive one counts as not met.

    Returns:
        UTF-8 that ends with a line feed.
    """
    tags = [_tag(judgement, strict=strict) for judgement in judgements]
    counts = (
        f'tests="{len(tags)}" failures="{tags.count("failure")}" errors="0" '
        f'skipped="{tags.count("skipped")}" time="0"'
    )
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="{SUITE}" {counts}>',
        f'  <testsuite name="{SUITE}" {counts}>',
        *(_case(*pair) for pair in zip(judgements, tags, strict=True)),
        "  </testsuite>",
        "</testsuites>",
    ]
    return ("\n".join(lines) + "\n").encode()


def _tag(judgement: Judgement, *, strict: bool) -> str | None:
    """Returns the element that a test case holds, None where it passed."""
    if judgement.outcome == "met":
        return None
    return "failure" if strict or judgement.outcome == "not met" else "skipped"


def _case(judgement: Judgement, tag: str | None) -> str:
    """Returns the lines of one test case."""
    name = _xml(str(judgement.requirement))
    start = f'    <testcase classname="{SUITE}" name="{name}" time="0"'
    if tag is None:
        return f"{start}/>"
    message = _xml(f"{judgement.outcome}: {value_of(judgement)}. {said(judgement)}")
    kind = f' type="{judgement.outcome}"' if tag == "failure" else ""
    return f'{start}>\n      <{tag} message="{message}"{kind}/>\n    </testcase>'


def _xml(text: str) -> str:
    """Returns text as an attribute of XML 1.0 holds it."""
    return html.escape(_plain(text))


def _plain(text: str) -> str:
    """Returns text without what steers, breaks lines, or cannot be encoded."""
    return UNENCODABLE.sub(REPLACED, visible(text))


def to_markdown(judgements: Sequence[Judgement], title: str) -> str:
    """Returns a heading and a table for a merge request, in GitHub's Markdown.

    Args:
        judgements: On each requirement.
        title: Of the report; nothing in it is read as markup.

    Returns:
        Text that ends with a line feed.
    """
    outcome = overall(judgements)
    if outcome is None:
        return f"### {_markdown(title)}\n\nNothing was required.\n"
    lines = [
        f"### {_markdown(title)}",
        "",
        f"**{MARKS[outcome]} Requirements {outcome}:** {tally(judgements)}",
        "",
        "| Outcome | Requirement | Value | Why |",
        "|---|---|---|---|",
        *map(_row, judgements),
    ]
    return "\n".join(lines) + "\n"


def _row(judgement: Judgement) -> str:
    """Returns one row of the table."""
    cells = (
        f"{MARKS[judgement.outcome]} {judgement.outcome}",
        f"`{judgement.requirement}`",  # neither | nor ` are in it
        str(value_of(judgement)),  # numbers alone: its brackets lead nowhere
        _markdown(str(said(judgement))),
    )
    return f"| {' | '.join(cells)} |"


def _markdown(text: str) -> str:
    """Returns text of which nothing is read as markup, a mention or a link.

    An entity is read as text wherever it stands. Mentions are found after that, so a
    sign that begins one is parted from the word behind it.
    """
    return MARKUP.sub(_inert, _plain(text))


def _inert(found: re.Match[str]) -> str:
    """Returns a sign as an entity, parted from the letter that follows it."""
    entity = f"&#{ord(found[0][0])};"
    return entity if found[1] is None else entity + WORD_JOINER + found[1]


def to_json(judgements: Sequence[Judgement], *, strict: bool = False) -> bytes:
    """Returns the judgements as indented JSON in ASCII that ends with a line feed.

    Args:
        judgements: On each requirement.
        strict: Whether an inconclusive one counts as not met in `exit_code`.
    """
    outcomes = [judgement.outcome for judgement in judgements]
    document = {
        "outcome": overall(judgements),
        "exit_code": exit_code(judgements, strict=strict),
        "strict": strict,
        "counts": {outcome: outcomes.count(outcome) for outcome in OUTCOMES},
        "requirements": [_plain_judgement(judgement) for judgement in judgements],
    }
    return json.dumps(document, indent=1, allow_nan=False).encode() + b"\n"


def _plain_judgement(judgement: Judgement) -> dict[str, Any]:
    """Returns one judgement as JSON holds it."""
    wanted = judgement.requirement
    return {
        "requirement": str(wanted),
        "key": wanted.key,
        "class_name": wanted.class_name,
        "delta": wanted.delta,
        "operator": wanted.operator,
        "bound": wanted.bound,
        "label": judgement.label,
        "outcome": judgement.outcome,
        **_plain_estimate(judgement.estimate),
        "more_rows": judgement.more_rows,
        "said": str(said(judgement)),
    }


def _plain_estimate(estimate: Estimate | None) -> dict[str, Any]:
    """Returns value and interval as JSON holds them, all null where undefined."""
    keys = ("value", "low", "high", "level", "method", "n")
    return {key: estimate and getattr(estimate, key) for key in keys}
