"""One list of requirements from a file and a command line."""

import pytest

from reportgen.errors import UsageError
from reportgen.requirements import parse, together
from reportgen.requirements.stating import MOST


def stated(general: list[str], particular: list[str]) -> list[str]:
    """Returns the expressions that are judged."""
    return [str(one) for one in together(map(parse, general), map(parse, particular))]


def test_a_flag_adds_to_the_file() -> None:
    assert stated(["accuracy >= 0.9"], ["ece <= 0.1"]) == [
        "accuracy >= 0.9",
        "ece <= 0.1",
    ]


def test_a_flag_takes_the_place_of_the_same_measure_and_operator() -> None:
    general = ["accuracy >= 0.9", "recall[8] >= 0.8", "ece <= 0.1"]
    assert stated(general, ["recall[8] >= 0.7", "recall[9] >= 0.6"]) == [
        "accuracy >= 0.9",
        "recall[8] >= 0.7",
        "ece <= 0.1",
        "recall[9] >= 0.6",
    ]


def test_another_operator_and_a_difference_are_other_requirements() -> None:
    both = ["accuracy >= 0.9", "accuracy <= 0.99", "delta.accuracy >= 0.0"]
    assert stated(both[:1], both[1:]) == both


def test_the_same_twice_is_one() -> None:
    assert stated([], ["accuracy >= 0.9", "accuracy>=90 %"]) == ["accuracy >= 0.9"]


def test_two_bounds_for_one_measure_are_refused() -> None:
    with pytest.raises(UsageError, match=r"'accuracy >= 0\.9' and 'accuracy >= 0\.8'"):
        stated([], ["accuracy >= 0.9", "accuracy >= 0.8"])


def test_more_than_a_page_can_hold_are_refused() -> None:
    with pytest.raises(
        UsageError, match=r"at most 1,000 requirements\. Received 1,001"
    ):
        stated([f"recall[{number}] >= 0.5" for number in range(MOST + 1)], [])
