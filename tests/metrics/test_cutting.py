"""Columns cut into slices."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.metrics.cutting import Cut, Part, cut
from reportgen.predictions import Column


def numbers(*values: float) -> Column:
    return Column("size", np.array(values, dtype=np.float64))


def texts(*values: str) -> Column:
    return Column("camera", np.array(values, dtype=np.str_))


def made(column: Column) -> Cut:
    """Returns the cut of a column that can be cut."""
    found = cut(column)
    assert isinstance(found, Cut)
    return found


def ranges(found: Cut) -> list[tuple[float | None, float | None]]:
    return [(part.low, part.high) for part in found.parts]


def test_numbers_are_cut_into_fifths_with_the_ends_that_they_have() -> None:
    found = made(numbers(*range(200)))
    assert ranges(found) == [(0, 39), (40, 79), (80, 119), (120, 159), (160, 199)]
    assert found.counts().tolist() == [40] * 5


def test_tied_numbers_share_a_slice() -> None:
    # Of 300 rows the fifths end at ranks 60, 120, 180, 240 and 300: 0, 0, 30, 90, 150.
    found = made(numbers(*[0.0] * 150, *range(1, 151)))
    assert ranges(found) == [(0, 0), (1, 30), (31, 90), (91, 150)]
    assert found.counts().tolist() == [150, 30, 60, 60]


def test_fewer_slices_are_made_of_few_rows() -> None:
    assert made(numbers(*range(60))).counts().tolist() == [30, 30]
    assert cut(numbers(*range(59))) == "there are too few rows to cut it"


def test_where_most_have_the_greatest_number_the_others_are_a_slice() -> None:
    found = made(numbers(*range(50), *[100.0] * 950))
    assert ranges(found) == [(0, 49), (100, 100)]
    assert found.counts().tolist() == [50, 950]


def test_numbers_that_no_label_tells_apart_are_not_cut() -> None:
    column = numbers(*(value * 1e-9 for value in range(200)))
    assert cut(column) == "its numbers lie too close together for 6 decimals"


def test_five_numbers_are_values_of_their_own() -> None:
    found = made(numbers(*[0.5, 1.0, 2.0, 4.0, 8.0] * 30))
    assert ranges(found) == [(v, v) for v in (0.5, 1.0, 2.0, 4.0, 8.0)]


def test_missing_numbers_are_a_slice_of_their_own() -> None:
    found = made(numbers(*range(60), *[np.nan] * 30))
    assert found.parts[-1] == Part()
    assert found.counts().tolist() == [30, 30, 30]


@pytest.mark.parametrize(
    ("ends", "digits"),
    [
        ((1.0, 2.0), 0),
        ((1.0, 1.25), 2),
        ((0.5, 1.0, 8.0), 1),
        ((1.0, 1.000001), 6),
    ],
)
def test_values_are_printed_exactly(ends: tuple[float, ...], digits: int) -> None:
    assert made(numbers(*ends * 30)).digits == digits


def test_ends_of_ranges_are_printed_to_a_tenth_of_their_width() -> None:
    # Thousandths from 0 to 0.599: ranges of 0.119 and more are told to 0.01.
    assert made(numbers(*(row / 1000 + 1e-9 for row in range(600)))).digits == 2


def test_texts_are_cut_by_value_in_natural_order() -> None:
    found = made(texts(*["ward 10", "ward 9", ""] * 30))
    assert found.parts == (Part(value="ward 9"), Part(value="ward 10"), Part())
    assert found.codes[:3].tolist() == [1, 0, 2]


def test_a_text_called_missing_is_not_the_missing() -> None:
    found = made(texts(*["missing", ""] * 30))
    assert found.parts == (Part(value="missing"), Part())


@pytest.mark.parametrize(
    ("column", "reason"),
    [
        (texts(*["one"] * 60), "all rows have one value"),
        (numbers(*[1.0] * 60), "all rows have one value"),
        (texts(*[""] * 60), "it holds no value"),
        (numbers(*[np.nan] * 60), "it holds no value"),
        (numbers(*range(59), np.inf), "it holds numbers of more than fifteen digits"),
        (numbers(*range(59), 1e16), "it holds numbers of more than fifteen digits"),
        (texts(*map(str, range(200))), "none of its values has 30 rows"),
        (texts(*map(str, range(201))), "it has 201 values, more than 200"),
    ],
)
def test_why_a_column_is_not_cut(column: Column, reason: str) -> None:
    assert cut(column) == reason


def test_a_property_without_values_was_not_measured() -> None:
    found = cut(Column("slant", np.full(60, np.nan), "image"))
    assert isinstance(found, str)
    assert "lines on a plain ground" in found


@given(st.lists(st.floats(allow_infinity=False), min_size=30, max_size=400))
def test_every_row_is_in_the_part_that_holds_its_number(values: list[float]) -> None:
    found = cut(numbers(*values))
    if isinstance(found, str):
        return
    for value, code in zip(values, found.codes.tolist(), strict=True):
        part = found.parts[code]
        if np.isnan(value):
            assert part == Part()
        else:
            assert part.low is not None
            assert part.high is not None
            assert part.low <= value <= part.high
    ends = [end for part in found.parts for end in (part.low, part.high)]
    known = [end for end in ends if end is not None]
    assert known == sorted(known)
