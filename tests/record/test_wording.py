"""Numbers into text."""

import pytest

from reportgen.record import (
    Estimate,
    Quantity,
    Score,
    count,
    estimated,
    number,
    point,
    seconds,
    sentence,
    share,
)


def score(estimate: Estimate | None, unit: str = "share") -> Score:
    reason = None if estimate else "0 rows"
    return Score("key", "Label", "what it says", unit, True, estimate, reason, None)  # type: ignore[arg-type]  # noqa: FBT003


def estimate(value: float, low: float | None, high: float | None) -> Estimate:
    return Estimate(value, low, high, 0.95 if low is not None else None, "Wilson", 9)


@pytest.mark.parametrize(
    ("quantity", "text"),
    [
        (count(13838), "13,838"),
        (share(0.98842857), "98.84\N{NO-BREAK SPACE}%"),
        (share(0.98842857, 1), "98.8\N{NO-BREAK SPACE}%"),
        (number(0.99957), "0.9996"),
        (seconds(12.34), "12.3\N{NO-BREAK SPACE}s"),
    ],
)
def test_a_quantity_prints_in_its_unit(quantity: Quantity, text: str) -> None:
    assert str(quantity) == text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        # A width of 0.36 points: two significant digits are two decimals.
        (0.98651823, 0.99007094, "98.84\N{NO-BREAK SPACE}% [98.65, 99.01]"),
        # A width of 16 points: two significant digits are no decimals.
        (0.89, 1.0, "99\N{NO-BREAK SPACE}% [89, 100]"),
        # No width at all says nothing of the digits.
        (0.98842857, 0.98842857, "98.84\N{NO-BREAK SPACE}% [98.84, 98.84]"),
    ],
)
def test_the_interval_decides_the_digits(low: float, high: float, text: str) -> None:
    assert str(estimated(score(estimate(0.98842857, low, high)))) == text


def test_a_point_has_the_digits_of_its_interval_but_not_its_bounds() -> None:
    found = point(score(estimate(0.9884, 0.89, 1.0)))
    assert str(found) == "99\N{NO-BREAK SPACE}%"


def test_an_undefined_score_prints_as_not_available() -> None:
    assert estimated(score(None)) == point(score(None)) == "n/a"


def test_a_sentence_keeps_the_numbers_it_was_given() -> None:
    made = sentence("{name}: {right} of {n}.", name="{x}", right=count(3), n=count(4))
    assert str(made) == "{x}: 3 of 4."
    assert [p for p in made.parts if isinstance(p, Quantity)] == [count(3), count(4)]


def test_a_sentence_without_a_value_for_a_field_is_a_bug() -> None:
    with pytest.raises(KeyError):
        sentence("{n} rows")


@pytest.mark.parametrize(
    ("quantity", "text"),
    [
        (share(0.99999), ">\N{NO-BREAK SPACE}99.99\N{NO-BREAK SPACE}%"),
        (share(0.00001), "<\N{NO-BREAK SPACE}0.01\N{NO-BREAK SPACE}%"),
        (number(0.99996), ">\N{NO-BREAK SPACE}0.9999"),
        (share(1.0), "100.00\N{NO-BREAK SPACE}%"),
        (share(0.0), "0.00\N{NO-BREAK SPACE}%"),
        (seconds(0.97), "1.0\N{NO-BREAK SPACE}s"),
    ],
)
def test_rounding_makes_nothing_certain(quantity: Quantity, text: str) -> None:
    assert str(quantity) == text


def test_names_that_would_turn_the_text_around_are_made_visible() -> None:
    assert str(sentence("{name}!", name="a\N{RIGHT-TO-LEFT OVERRIDE}b\n")) == "a�b�!"
