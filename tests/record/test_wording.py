"""Numbers into text."""

import pytest

from reportgen.record import (
    Estimate,
    Quantity,
    Score,
    chosen_share,
    count,
    estimated,
    in_order,
    number,
    off_zero,
    p_phrase,
    p_value,
    point,
    points,
    quantity,
    seconds,
    sentence,
    share,
    significant,
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


def test_one_is_nothing_certain_of_a_loss_that_may_be_more() -> None:
    assert str(Quantity(0.9962, "number", 2, 0.9, 1.1)) == "1.00 [0.90, 1.10]"
    area = Quantity(0.9962, "number", 2, 0.9, 0.999)
    assert str(area) == ">\N{NO-BREAK SPACE}0.99 [0.90, >\N{NO-BREAK SPACE}0.99]"


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


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1.00"),
        (0.999, ">\N{NO-BREAK SPACE}0.99"),
        (0.514, "0.51"),
        (0.0432, "0.043"),
        (0.001, "0.0010"),
        (0.00099, "<\N{NO-BREAK SPACE}0.001"),
        (0.0, "<\N{NO-BREAK SPACE}0.001"),
    ],
)
def test_a_p_value_has_two_significant_digits_above_a_thousandth(
    value: float, text: str
) -> None:
    assert str(p_value(value)) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0432, "p = 0.043"), (0.0002, "p < 0.001"), (0.999, "p > 0.99")],
)
def test_a_p_value_is_said_with_its_relation(value: float, text: str) -> None:
    assert str(p_phrase(value)).replace("\N{NO-BREAK SPACE}", " ") == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.95, "95"), (0.999, "99.9"), (0.001, "0.1"), (0.005, "0.5"), (1.0, "100")],
)
def test_a_chosen_share_has_the_decimals_it_was_given(value: float, text: str) -> None:
    assert str(chosen_share(value)) == f"{text}\N{NO-BREAK SPACE}%"


@pytest.mark.parametrize(
    ("value", "text"),
    [(-0.0234, "\N{MINUS SIGN}2.34"), (-0.00001, "0.00"), (0.0, "0.00")],
)
def test_a_difference_of_shares_is_printed_in_points(value: float, text: str) -> None:
    assert str(points(value)) == f"{text}\N{NO-BREAK SPACE}points"


@pytest.mark.parametrize(
    ("value", "digits", "unit"),
    [(0.01, 0, "point"), (-0.01, 0, "point"), (0.01, 1, "points"), (0.11, 0, "points")],
)
def test_one_point_is_one(value: float, digits: int, unit: str) -> None:
    assert str(points(value, digits)).endswith(f"\N{NO-BREAK SPACE}{unit}")


def test_a_small_negative_number_is_not_printed_as_zero() -> None:
    assert str(number(-0.00001)) == ">\N{NO-BREAK SPACE}\N{MINUS SIGN}0.0001"


@pytest.mark.parametrize(
    ("value", "text"), [(0.0994, "9.9"), (0.105, "10"), (0.00155, "0.15"), (0, "0.00")]
)
def test_significant_digits_decide_the_decimals(value: float, text: str) -> None:
    # 0.155 % lies a little below its decimal name, so that it is rounded down.
    assert str(significant(value, "share")) == f"{text}\N{NO-BREAK SPACE}%"


def test_an_estimate_takes_its_decimals_from_its_interval() -> None:
    # A width of 0.2 points asks for two decimals of a point.
    found = quantity(estimate(-0.001, -0.002, 0.0), "points")
    assert str(found) == (
        "\N{MINUS SIGN}0.10\N{NO-BREAK SPACE}points [\N{MINUS SIGN}0.20, 0.00]"
    )


def test_a_sentence_takes_in_a_sentence_with_its_numbers() -> None:
    inner = sentence("{n} rows", n=count(3))
    made = sentence("Of {what} none.", what=inner)
    assert str(made) == "Of 3 rows none."
    assert [p for p in made.parts if isinstance(p, Quantity)] == [count(3)]


@pytest.mark.parametrize(
    ("low", "high", "ends"),
    [
        (0.0004, 0.023, "[0.04, 2.30]"),
        (-0.11, -0.00031, "[\N{MINUS SIGN}11.00, \N{MINUS SIGN}0.03]"),
        (-0.0004, 0.023, "[\N{MINUS SIGN}0.04, 2.30]"),
        (0.0, 0.023, "[0.0, 2.3]"),
    ],
)
def test_an_end_of_a_difference_is_nought_only_where_it_is(
    low: float, high: float, ends: str
) -> None:
    made = str(quantity(estimate((low + high) / 2, low, high), "points"))
    assert made.endswith(ends)


def test_so_it_is_in_the_decimals_of_a_column() -> None:
    column = Quantity(0.01, "points", 0, 0.0003, 0.02)
    assert str(off_zero(column)).endswith("[0.03, 2.00]")
    assert off_zero(Quantity(0.01, "points", 0)).digits == 0
    assert off_zero(Quantity(0.01, "share", 0, 0.0003, 0.02)).digits == 0


def test_two_values_are_printed_in_their_order() -> None:
    near = in_order(share(0.13398, 1), share(0.13412, 0))
    assert [str(one)[:5] for one in near] == ["13.40", "13.41"]
    same = in_order(share(0.5, 1), share(0.5, 1))
    assert same == (share(0.5, 1), share(0.5, 1))
    far = in_order(share(0.5, 1), share(0.1, 0))
    assert far == (share(0.5, 1), share(0.1, 0))
    never = in_order(number(1.0, 2), number(1 + 1e-12, 2))
    assert [one.digits for one in never] == [6, 6]
