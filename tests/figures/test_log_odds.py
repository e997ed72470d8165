from math import log

import pytest

from reportgen.figures.log_odds import DECADE, NAMED, LogOdds, thinned


def test_a_probability_stands_at_its_log_odds() -> None:
    scale = LogOdds.spanning([0.2, 0.95])
    assert scale.place([0.5, 0.9]) == pytest.approx([0, log(9)])


def test_ticks_are_the_fewest_around_the_values() -> None:
    assert LogOdds.spanning([0.2, 0.95]).ticks == (0.1, 0.5, 0.9, 0.99)
    assert LogOdds.spanning([0.1, 0.5]).ticks == (0.1, 0.5)


def test_one_value_has_two_ticks() -> None:
    for value in (0.5, 0.0001, 0.9999, 0.3):
        assert len(LogOdds.spanning([value]).ticks) >= 2


def test_0_and_1_are_ends_only_where_they_are_needed() -> None:
    assert LogOdds.spanning([0.2, 0.8]).names == ("10", "50", "90")
    assert LogOdds.spanning([0.0, 0.2, 0.8, 1.0]).names == (
        "0",
        "10",
        "50",
        "90",
        "100",
    )


def test_nothing_but_0_and_1_can_be_placed() -> None:
    scale = LogOdds.spanning([0.0, 1.0])
    assert scale.place([0.0, 1.0]).tolist() == list(scale.ends)


def test_what_no_tick_names_stands_at_an_end() -> None:
    scale = LogOdds.spanning([1e-9, 0.5, 1 - 1e-9])
    assert scale.ticks == NAMED
    assert scale.place([1e-9, 1 - 1e-9]).tolist() == pytest.approx(scale.ends)
    assert scale.ends[1] == pytest.approx(log(0.9999 / 0.0001) + DECADE)


def test_the_order_of_probabilities_is_kept() -> None:
    placed = LogOdds.spanning([0.01, 0.99]).place([0.0, 0.02, 0.5, 0.98, 1.0])
    assert sorted(placed) == list(placed)


def test_names_are_thinned_evenly_between_both_ends() -> None:
    assert thinned("abc", 3) == ("a", "b", "c")
    assert thinned("abcde", 3) == ("a", "", "c", "", "e")
    # Every other from the end; the second would crowd the first.
    assert thinned("abcdef", 4) == ("a", "", "", "d", "", "f")
    assert thinned("ab", 2) == ("a", "b")
