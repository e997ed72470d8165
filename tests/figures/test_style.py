import matplotlib as mpl
import pytest
from seaborn import color_palette

from reportgen.figures.style import (
    COLOURS,
    FEW,
    FULL_MM,
    INK,
    MM_PER_INCH,
    PAPER,
    look,
    new_figure,
    strokes,
    text_on,
)


def test_the_look_leaves_no_trace() -> None:
    before = dict(mpl.rcParams)
    with look():
        assert mpl.rcParams["svg.hashsalt"] == "reportgen"
    assert dict(mpl.rcParams) == before


def test_the_look_overrides_what_a_user_has_set() -> None:
    with mpl.rc_context({"axes.grid": True}), look():
        assert mpl.rcParams["axes.grid"] is False


def test_a_figure_has_the_size_asked_for() -> None:
    figure = new_figure(FULL_MM, 60)
    assert figure.get_figwidth() * MM_PER_INCH == pytest.approx(174)
    assert figure.get_figheight() * MM_PER_INCH == pytest.approx(60)


@pytest.mark.parametrize(
    ("level", "colour"), [(0.0, PAPER), (0.4, PAPER), (0.5, INK), (1.0, INK)]
)
def test_text_has_the_greater_contrast(level: float, colour: str) -> None:
    # Linear light: 0.4 -> 0.133, 0.5 -> 0.214, the ink 0.0138. To paper a grey of 0.133
    # has 1.05 / 0.183 = 5.7, to ink 0.183 / 0.0638 = 2.9; one of 0.214 has 4.0 and 4.1.
    assert text_on(level, level, level) == colour


def test_the_colours_are_those_of_seaborn() -> None:
    assert list(COLOURS) == color_palette("colorblind", FEW).as_hex()


def test_strokes_differ_in_colour_and_in_print() -> None:
    drawn = strokes(FEW)
    assert len({stroke.colour for stroke in drawn}) == FEW
    assert len({stroke.dash for stroke in drawn}) == FEW


def test_more_strokes_than_can_be_told_apart_are_refused() -> None:
    with pytest.raises(ValueError, match=r"strokes must be at most 10\. Received 11"):
        strokes(11)
