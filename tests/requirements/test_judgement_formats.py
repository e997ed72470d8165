"""Judgements as JUnit XML, Markdown and JSON."""

import html
import json
from typing import Any
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from judged import make_judgement, make_requirement
from reportgen.record.requirements import Judgement, Outcome
from reportgen.requirements import said, tally, to_json, to_junit, to_markdown

JUDGEMENTS = (
    make_judgement("met"),
    make_judgement("not met", make_requirement(0.95)),
    make_judgement("inconclusive", make_requirement(0.9), more_rows=4200),
    make_judgement("not met", reason="0 rows"),
)

WORDS = st.text(min_size=1, max_size=40)
OUTCOMES: st.SearchStrategy[Outcome] = st.sampled_from(["met", "inconclusive"])


def of_class(name: str, outcome: Outcome = "not met", reason: str = "") -> Judgement:
    """Returns a judgement on the recall of a class."""
    wanted = make_requirement(key="recall", class_name=name)
    return make_judgement(outcome, wanted, reason=reason or None)


def rendered(text: str) -> list[str]:
    """Returns the kinds of all that CommonMark with tables finds in a text."""
    parser = MarkdownIt("commonmark", {"linkify": False}).enable("table")
    return [
        piece.type
        for block in parser.parse(text)
        for piece in (block, *(block.children or ()))
    ]


def cases(document: bytes) -> list[Any]:
    """Returns the test cases of JUnit XML."""
    return list(ET.fromstring(document).iter("testcase"))


def test_every_requirement_is_a_test_case() -> None:
    names = [case.get("name") for case in cases(to_junit(JUDGEMENTS))]
    assert names == [str(one.requirement) for one in JUDGEMENTS]


def test_not_met_is_a_failure_and_inconclusive_is_skipped() -> None:
    tags = [[part.tag for part in case] for case in cases(to_junit(JUDGEMENTS))]
    assert tags == [[], ["failure"], ["skipped"], ["failure"]]


def test_inconclusive_is_a_failure_if_strict() -> None:
    found = cases(to_junit(JUDGEMENTS, strict=True))
    assert [[part.tag for part in case] for case in found] == [
        [],
        ["failure"],
        ["failure"],
        ["failure"],
    ]


def test_the_suite_counts_its_cases() -> None:
    suite = ET.fromstring(to_junit(JUDGEMENTS))[0]
    counts = [suite.get(key) for key in ("tests", "failures", "errors", "skipped")]
    assert counts == ["4", "2", "0", "1"]


def test_a_failure_tells_the_value_and_why() -> None:
    message = cases(to_junit(JUDGEMENTS))[1][0].get("message")
    # [0.89, 0.93] is 4.0 points wide: two digits of that are one decimal.
    assert message == (
        "not met: 91.0\xa0% [89.0, 93.0]. "
        "None of the 95\xa0% interval clears the bound."
    )


@given(WORDS, WORDS)
def test_any_words_make_xml_that_parses(name: str, reason: str) -> None:
    one = of_class(name, reason=reason)
    found = cases(to_junit([one]))
    assert [case.get("name") for case in found] == [str(one.requirement)]


@given(WORDS, WORDS)
def test_any_words_make_json_that_parses(name: str, reason: str) -> None:
    document = json.loads(to_json([of_class(name, reason=reason)]))
    assert document["requirements"][0]["class_name"] == name


@given(WORDS, WORDS, WORDS)
def test_any_words_stay_words_in_markdown(name: str, reason: str, title: str) -> None:
    plain = to_markdown([of_class("8", reason="why")], "Title")
    wild = to_markdown([of_class(name, reason=reason)], f"T{title}")
    # An entity is a piece of text of its own.
    found = [kind for kind in rendered(wild) if kind != "text_special"]
    assert found == rendered(plain)


def test_what_no_file_can_hold_is_replaced() -> None:
    one = of_class("\udc80", reason="\udc80\ufffe\x00")
    assert "\N{REPLACEMENT CHARACTER}" * 3 in to_junit([one]).decode()
    assert to_markdown([one], "\udc80").encode()
    assert to_json([one]).isascii()


def test_markup_of_a_title_is_shown_as_it_is() -> None:
    title = "[x](http://y) **b** <b> `c` #1 @bob a|b \\* ~~d~~"
    parser = MarkdownIt("commonmark").enable("table")
    page = parser.render(to_markdown(JUDGEMENTS, title))
    heading = page.splitlines()[0].removeprefix("<h3>").removesuffix("</h3>")
    assert html.unescape(heading).replace("\N{WORD JOINER}", "") == title


def test_a_name_behind_a_sign_is_no_mention() -> None:
    assert "&#64;&#8288;bob" in to_markdown(JUDGEMENTS, "@bob")


def test_the_table_has_a_row_for_each_requirement() -> None:
    lines = to_markdown(JUDGEMENTS, "Shapes").splitlines()
    assert lines[2] == "**✗ Requirements not met:** 1 met · 2 not met · 1 inconclusive"
    assert lines[6] == (
        "| ✓ met | `accuracy >= 0.9` | 91.0\xa0% [89.0, 93.0] | "
        "The whole 95\xa0% interval clears the bound. |"
    )
    assert len(lines) == 6 + len(JUDGEMENTS)


def test_nothing_required_is_said() -> None:
    assert to_markdown([], "Shapes") == "### Shapes\n\nNothing was required.\n"


def test_json_holds_outcome_code_and_counts() -> None:
    document = json.loads(to_json(JUDGEMENTS))
    assert document["outcome"] == "not met"
    assert document["exit_code"] == 3
    assert document["counts"] == {"met": 1, "not met": 2, "inconclusive": 1}


def test_json_holds_the_interval_or_nulls() -> None:
    first, *_, last = json.loads(to_json(JUDGEMENTS))["requirements"]
    keys = ("value", "low", "high", "level", "n")
    assert [first[key] for key in keys] == [0.91, 0.89, 0.93, 0.95, 100]
    assert [last[key] for key in keys] == [None] * 5


def test_strict_json_ends_with_3_where_one_is_open() -> None:
    open_ = [make_judgement("inconclusive")]
    assert json.loads(to_json(open_))["exit_code"] == 0
    assert json.loads(to_json(open_, strict=True))["exit_code"] == 3


@given(WORDS, OUTCOMES)
def test_the_same_judgements_make_the_same_bytes(name: str, outcome: Outcome) -> None:
    one, other = of_class(name, outcome), of_class(name, outcome)
    assert to_junit([one]) == to_junit([other])
    assert to_json([one]) == to_json([other])
    assert to_markdown([one], name) == to_markdown([other], name)


def test_rows_of_a_class_are_asked_for_by_that_name() -> None:
    wanted = make_requirement(key="recall", class_name="8")
    one = make_judgement("inconclusive", wanted, more_rows=1)
    assert "about 1 more row of this class would settle it" in str(said(one))


def test_a_record_may_hold_a_measure_of_another_version() -> None:
    wanted = make_requirement(key="sharpness")
    one = make_judgement("inconclusive", wanted, more_rows=20)
    assert "about 20 more rows would settle it" in str(said(one))


def test_where_rows_cannot_be_told_that_is_said() -> None:
    assert "cannot be told" in str(said(make_judgement("inconclusive")))


def test_the_tally_counts_every_outcome() -> None:
    assert str(tally(JUDGEMENTS)) == "1 met · 2 not met · 1 inconclusive"
