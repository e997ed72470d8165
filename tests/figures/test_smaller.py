import io
import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from matplotlib.figure import Figure

from reportgen.figures.export import to_svg
from reportgen.figures.smaller import smaller
from reportgen.figures.style import look, new_figure

FRAME = (
    '<svg xmlns="http://www.w3.org/2000/svg" version="1.1" width="9pt" height="9pt" '
    'xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9"><defs>'
    '<style type="text/css">*{{stroke-linejoin: round; stroke-linecap: butt}}</style>'
    "</defs>{}</svg>"
)
SVG = "{http://www.w3.org/2000/svg}"
STROKE = 'style="fill: none; stroke: #ff0000; stroke-width: 0.5"'


def drawn(inside: str) -> list[ET.Element]:
    """Returns what the root holds after its definitions."""
    return list(ET.fromstring(smaller(FRAME.format(inside).encode())))[1:]


def plot() -> Figure:
    """Returns a figure with lines, marks, type, a hatch and a picture."""
    with look():
        figure = new_figure(60, 40)
        axes = figure.add_subplot()
        axes.plot([0, 1, 2], [1, 3, 2], marker="o", label="two words")
        axes.bar([0, 1], [1, 2], hatch="//")
        axes.imshow(np.eye(4), extent=(0, 1, 0, 1), interpolation="none")
        axes.grid(visible=True)
        axes.legend()
    return figure


def test_styles_become_attributes_and_defaults_are_left_out() -> None:
    path = '<path d="M 0 0 L 1 1" style="fill: #000000; stroke: #aabbcc; opacity: 1"/>'
    (short,) = drawn(path)
    assert short.attrib == {"d": "M0,0l1,1", "stroke": "#abc"}


def test_groups_that_say_nothing_go_and_their_content_stays() -> None:
    (short,) = drawn('<g id="a"><g id="b"/><g><path id="c" d="M 0 0 L 1 0"/></g></g>')
    assert short.tag == f"{SVG}path"
    assert short.attrib == {"d": "M0,0h1"}


def test_neighbours_stroked_alike_are_one_path() -> None:
    two = f'<path d="M 0 0 L 1 0" {STROKE}/><g><path d="M 0 1 L 1 1" {STROKE}/></g>'
    (short,) = drawn(two)
    assert short.attrib["d"] == "M0,0h1M0,1h1"


@pytest.mark.parametrize(
    "style",
    [
        'style="fill: #ff0000"',
        'style="fill: none; stroke: #ff0000; stroke-opacity: 0.5"',
        'style="fill: none; stroke: #ff0000; opacity: 0.5"',
    ],
)
def test_fills_and_translucent_strokes_stay_apart(style: str) -> None:
    path = f'<path d="M 0 0 L 1 0 L 1 1 z" {style}/>'
    assert len(drawn(path * 2)) == 2


def test_strokes_of_two_colours_stay_apart_and_in_order() -> None:
    other = STROKE.replace("ff0000", "0000ff")
    three = "".join(f'<path d="M 0 0 L 1 0" {one}/>' for one in (STROKE, other, STROKE))
    assert [one.attrib["stroke"] for one in drawn(three)] == ["#f00", "#00f", "#f00"]


def test_equal_clips_are_defined_once() -> None:
    clip = '<clipPath id="{}"><rect x="0" y="0" width="4" height="4"/></clipPath>'
    paths = "".join(
        f'<path d="M 0 {i} L 1 {i}" clip-path="url(#c{i})" {STROKE}/>' for i in (0, 1)
    )
    defs = f"<defs>{clip.format('c0')}{clip.format('c1')}</defs>"
    content = smaller(FRAME.format(paths + defs).encode())
    assert content.count(b"<clipPath") == 1
    (short,) = drawn(paths + defs)
    assert short.attrib["d"] == "M0,0h1M0,1h1"


def test_a_line_of_type_has_whole_units_of_a_thousandth() -> None:
    # At 8 points a unit of Matplotlib is 8 / 100 point; ours is a tenth of that.
    outline = (
        '<path id="DejaVuSans-31" d="M 640 0 L 64 0" transform="scale(0.015625)"/>'
    )
    space = '<path id="DejaVuSans-3" transform="scale(0.015625)"/>'
    uses = (
        '<use xlink:href="#DejaVuSans-31"/><use xlink:href="#DejaVuSans-3"/>'
        '<use xlink:href="#DejaVuSans-31" transform="translate(95.41 0)"/>'
    )
    text = (
        '<g transform="translate(1.234567 2) scale(0.08 -0.08)">'
        f"<defs>{outline}{space}</defs>{uses}</g>"
    )
    (group,) = drawn(text)
    assert group.attrib["transform"] == "translate(1.23 2)scale(0.008 -0.008)"
    assert [use.attrib for use in group] == [
        {"href": "#a"},
        {"href": "#a", "x": "954"},
    ]


def test_a_glyph_of_another_size_keeps_its_scale() -> None:
    outline = '<path id="g" d="M 64 0 L 0 0" transform="scale(0.015625)"/>'
    text = (
        f'<g transform="translate(1 2) scale(0.08 -0.08)"><defs>{outline}</defs>'
        '<use xlink:href="#g" transform="translate(9.5 1) scale(0.7)"/></g>'
    )
    (group,) = drawn(text)
    assert group[0].attrib["transform"] == "translate(95 10) scale(0.7)"


def test_every_reference_has_its_definition() -> None:
    svg = to_svg(plot()).decode()
    names = re.findall(r' id="([^"]+)"', svg)
    assert len(names) == len(set(names))
    assert set(re.findall(r'(?:href="|url\()#([^")]+)', svg)) == set(names)


def test_the_same_figure_gives_the_same_bytes() -> None:
    assert to_svg(plot()) == to_svg(plot())


def test_a_drawing_takes_less_than_half_of_the_bytes() -> None:
    content = io.BytesIO()
    figure = plot()
    with look():
        figure.savefig(content, format="svg")
    pictures = re.compile(rb"data:image/png;base64,[^\"]*")
    plain = pictures.sub(b"", content.getvalue())
    assert len(pictures.sub(b"", to_svg(plot()))) < len(plain) / 2
