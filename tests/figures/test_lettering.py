import pytest

from records import make_record
from reportgen.figures.lettering import (
    axis_names,
    decimals,
    in_column,
    joined,
    lost_in_words,
    shown,
    width_mm,
)
from reportgen.record import Estimate, Quantity, Score, count, sentence


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


def test_names_that_cannot_be_printed_become_their_numbers() -> None:
    assert axis_names(["你", "good", "好 好"]) == ("no. 1", "good", "no. 3")


def test_a_number_is_no_other_classes_name() -> None:
    assert axis_names(["no. 2", "你"]) == ("1: no. 2", "2: no. 2")


def test_names_that_cannot_be_told_apart_are_numbered() -> None:
    assert axis_names(["cat 你", "cat 好"]) == ("1: cat \ufffd", "2: cat \ufffd")


def test_a_script_from_right_to_left_is_never_printed_from_the_left() -> None:
    # The typeface has Arabic letters, but a figure neither joins nor turns them.
    assert axis_names(["قط", "cat"]) == ("no. 1", "cat")


def test_a_caption_says_which_number_stands_for_which_name() -> None:
    assert str(lost_in_words(["你", "cat", "好"])) == (
        "The typeface of the figures lacks characters of some names: \ufffd stands for "
        "each, and a number in label order for a name of no others: no. 1 is “你”, "
        "no. 3 is “好”."
    )


def test_a_caption_says_that_characters_are_lacking() -> None:
    assert str(lost_in_words(["cat 你", "dog"])) == (
        "The typeface of the figures lacks characters of some names: \ufffd stands for "
        "each."
    )


def test_a_caption_explains_ten_numbers_at_most() -> None:
    names = [chr(ord("一") + i) for i in range(12)]
    said = str(lost_in_words(names))
    assert said.count(" is “") == 10
    assert said.endswith(", and so on.")


def test_nothing_is_said_of_names_that_are_printed() -> None:
    assert lost_in_words(["cat", "$x$", "Ärger", "", "кот"]) is None


def test_short_names_stay_as_they_are() -> None:
    assert axis_names(["0", "1"]) == ("0", "1")


def recall(value: float, width: float) -> Score:
    """A share with an interval of that width around it."""
    half = width / 2
    estimate = Estimate(value, value - half, value + half, 0.95, "by hand", 100)
    return Score("recall", "recall", "share of it", "share", True, estimate, None, None)  # noqa: FBT003 - the record's own order of fields


def test_a_column_has_one_number_of_decimals() -> None:
    classes = make_record().evaluation.classes
    recalls = [scores.recall for scores in classes]
    column = in_column(recalls, decimals(recalls))
    assert len({one.digits for one in column if isinstance(one, Quantity)}) == 1


def test_decimals_are_the_median_of_what_the_intervals_ask_for() -> None:
    # Widths of 20, 2 and 0.2 points ask for 0, 1 and 2 decimals.
    assert decimals([recall(0.5, width) for width in (0.2, 0.02, 0.002)]) == 1


def test_joined_sentences_keep_their_numbers() -> None:
    both = joined(sentence("{n} rows.", n=count(5)), None, sentence("None wrong."))
    assert str(both) == "5 rows. None wrong."
    assert count(5) in both.parts


def test_a_line_is_as_wide_as_its_advances() -> None:
    # A digit of DejaVu Sans is 1303 of 2048 units wide: 7 pt x 0.6362 x 0.3528 mm.
    assert width_mm("0000") == pytest.approx(4 * 7 * 1303 / 2048 * 25.4 / 72, abs=0.02)
    assert width_mm("") == 0
