import pytest

from records import make_record
from reportgen.figures.lettering import (
    axis_names,
    certainty,
    in_column,
    joined,
    probability,
    shown,
)
from reportgen.record import Quantity, count, sentence


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("seven", "seven"),
        ("$x$ _^{", "$x$ _^{"),
        ("a" * 300, "a" * 15 + "…"),
        ("\u202e[/]", "\ufffd[/]"),
        ("two\nlines", "two\ufffdlines"),
        ("你好", "\ufffd\ufffd"),
        ("", "(no name)"),
    ],
)
def test_a_name_becomes_one_printable_line(name: str, printed: str) -> None:
    assert shown(name) == printed


def test_names_that_differ_at_their_ends_lose_their_middles() -> None:
    names = [f"species number {i}" for i in (10, 11)]
    assert axis_names(names) == ("species…mber 10", "species…mber 11")


def test_names_that_cannot_be_told_apart_are_numbered() -> None:
    assert axis_names(["你", "good", "好"]) == ("1: \ufffd", "good", "3: \ufffd")


def test_short_names_stay_as_they_are() -> None:
    assert axis_names(["0", "1"]) == ("0", "1")


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (0.5, "50.0\xa0%"),
        (0.9994, "99.9\xa0%"),
        (0.9996, ">\xa099.9\xa0%"),
        (1, "100.0\xa0%"),
    ],
)
def test_only_certainty_reads_one_hundred(value: float, printed: str) -> None:
    assert certainty(value) == printed


def test_a_probability_near_one_shows_more_digits() -> None:
    assert str(probability(0.98761)) == "98.76\xa0%"
    assert str(probability(0.999987)) == "99.9987\xa0%"


def test_a_column_has_one_number_of_decimals() -> None:
    classes = make_record().evaluation.classes
    column = in_column([scores.recall for scores in classes])
    assert len({one.digits for one in column if isinstance(one, Quantity)}) == 1


def test_joined_sentences_keep_their_numbers() -> None:
    both = joined(sentence("{n} rows.", n=count(5)), None, sentence("None wrong."))
    assert str(both) == "5 rows. None wrong."
    assert count(5) in both.parts
