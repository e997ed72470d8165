"""Pages held against pages, word after word."""

import pytest

from reportgen.pipeline.comparing import compare_numbers, compare_pages


@pytest.mark.parametrize(
    ("printed", "again", "difference"),
    [
        ("a b c", "a x c", "page 1: prints 'b' where the record gives 'x'"),
        ("a b b c", "a b c", "page 1: prints 'b' where the record gives nothing"),
        ("a", "a a", "page 1: prints nothing where the record gives 'a'"),
        ("", "a b", "page 1: prints nothing where the record gives 'a b'"),
    ],
)
def test_what_stands_in_the_place_of_what_is_told(
    printed: str, again: str, difference: str
) -> None:
    assert compare_pages([printed], [again]).differences == (difference,)


def test_words_that_change_places_differ() -> None:
    found = compare_pages(
        ["recall 97 and precision 91"], ["recall 91 and precision 97"]
    )
    assert found.values == 5
    assert found.differences == (
        "page 1: prints '97' where the record gives '91'",
        "page 1: prints '91' where the record gives '97'",
    )


def test_lines_may_break_elsewhere() -> None:
    assert compare_pages(["a b\nc"], ["a\nb c"]).differences == ()


def test_a_page_more_is_told() -> None:
    assert compare_pages(["a", "b"], ["a"]).differences == (
        "it has 2 pages, drawn again 1",
    )


def test_a_long_difference_is_cut() -> None:
    (said,) = compare_pages(["x " * 1000], ["a b"]).differences
    assert said.endswith(
        "prints 'x x x x x x x x' and 992 words more where the record gives 'a b'"
    )


def test_numbers_may_stand_on_other_pages_of_another_layout() -> None:
    assert compare_numbers(["a 97.1", "b 0.5"], ["a 97.1 b", "0.5"]).differences == ()
    assert compare_numbers(["a 97.1"], ["a 97.2"]).differences == (
        "prints '97.1' where the record gives '97.2'",
    )
