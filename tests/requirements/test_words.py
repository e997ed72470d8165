"""Requirements in a reader's words."""

from dataclasses import replace

import pytest

from judged import make_estimate, make_judgement, make_requirement
from reportgen.record import Requirement
from reportgen.record.wording import Kind
from reportgen.requirements import parse, remark, stated, value_of


@pytest.mark.parametrize(
    ("expression", "kind", "words"),
    [
        ("accuracy >= 0.985", "share", "Accuracy ≥ 98.5 %"),
        ("accuracy < 0.123456", "share", "Accuracy < 12.3456 %"),
        ("recall['a \"b\"'] > 1", "share", 'Accuracy of “a "b"” > 100 %'),
        (
            "delta.accuracy >= -0.1 points",
            "points",
            "Accuracy, difference from the baseline ≥ \N{MINUS SIGN}0.1 points",
        ),
        ("log_loss <= 1e-7", "number", "Accuracy ≤ 0.0000001"),
        ("ece_null_p >= 0.0005", "p_value", "Accuracy ≥ 0.0005"),
        ("log_loss <= 2", "number", "Accuracy ≤ 2"),
    ],
)
def test_a_bound_is_told_as_the_value_is(
    expression: str, kind: Kind, words: str
) -> None:
    judgement = make_judgement("met", parse(expression), kind=kind)
    assert str(stated(judgement)).replace("\xa0", " ") == words


def test_a_class_that_would_steer_is_made_visible() -> None:
    evil = Requirement("recall", "a\u202eb", delta=False, operator=">=", bound=0.5)
    assert "a\N{REPLACEMENT CHARACTER}b" in str(stated(make_judgement("met", evil)))


def test_a_remark_says_what_value_and_interval_do_not() -> None:
    open_ = make_judgement("inconclusive", more_rows=120)
    assert (
        str(remark(open_)) == "about 120 more rows would settle it, if the value stays"
    )
    assert remark(make_judgement("met")) is None
    undefined = make_judgement("not met", reason="no rows")
    assert str(remark(undefined)) == "no rows"


@pytest.mark.parametrize(
    ("bound", "printed"),
    [
        (0.8894, "91.0 % [89.0, 93.0]"),
        (0.8902, "91.00 % [89.00, 93.00]"),  # not as if it ended at 89.0
        (0.89, "91.0 % [89.0, 93.0]"),
    ],
)
def test_an_end_beside_the_bound_is_printed_beside_it(
    bound: float, printed: str
) -> None:
    judged = make_judgement("inconclusive", make_requirement(bound))
    assert str(value_of(judged)).replace("\xa0", " ") == printed


def test_a_p_value_beside_the_bound_is_printed_beside_it() -> None:
    judged = make_judgement("not met", make_requirement(0.05), kind="p_value")
    judged = replace(judged, estimate=make_estimate(0.04996), reason="a point")
    assert str(value_of(judged)) == "0.04996"


def test_the_rows_of_a_class_are_asked_for_as_such() -> None:
    of_class = make_requirement(key="recall", class_name="8")
    asked = replace(make_judgement("inconclusive", more_rows=1), requirement=of_class)
    assert "about 1 more row of this class" in str(remark(asked))
