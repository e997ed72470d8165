"""Is it good enough? Requirements in words, judged on intervals, told to machines."""

from reportgen.requirements.expressions import parse, parse_table
from reportgen.requirements.formats import to_json, to_junit, to_markdown
from reportgen.requirements.judging import Differences, check, exit_code, judge, overall
from reportgen.requirements.measures import MEASURES, Found, Measure
from reportgen.requirements.words import said, tally

__all__ = [
    "MEASURES",
    "Differences",
    "Found",
    "Measure",
    "check",
    "exit_code",
    "judge",
    "overall",
    "parse",
    "parse_table",
    "said",
    "tally",
    "to_json",
    "to_junit",
    "to_markdown",
]
