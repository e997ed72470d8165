"""Is it good enough? Requirements in words, judged on intervals, told to machines."""

from reportgen.requirements.differences import differences_of
from reportgen.requirements.expressions import parse, parse_table
from reportgen.requirements.formats import MARKS, to_json, to_junit, to_markdown
from reportgen.requirements.judging import (
    NOT_MET,
    Differences,
    check,
    check_classes,
    check_compared,
    exit_code,
    judge,
    overall,
)
from reportgen.requirements.measures import MEASURES, Found, Measure
from reportgen.requirements.stating import together
from reportgen.requirements.words import remark, said, stated, tally, value_of

__all__ = [
    "MARKS",
    "MEASURES",
    "NOT_MET",
    "Differences",
    "Found",
    "Measure",
    "check",
    "check_classes",
    "check_compared",
    "differences_of",
    "exit_code",
    "judge",
    "overall",
    "parse",
    "parse_table",
    "remark",
    "said",
    "stated",
    "tally",
    "to_json",
    "to_junit",
    "to_markdown",
    "together",
    "value_of",
]
