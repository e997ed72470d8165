"""The same drawing in half of the bytes: what Matplotlib repeats is written once.

1. `_gathered` puts glyphs, markers, clips and hatches into one list of definitions.
2. `_plain` rebuilds each element: attributes instead of styles, no default values, no
   empty group, no group that says nothing, no name but of what is referred to.
3. `_joined` makes one path of neighbours that are stroked alike.

Type is drawn as outlines and comments are left out: no word of a record reaches the
file. Names are short and start anew in each file, which is to stand in its own `<img>`.
"""

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from reportgen.figures.paths import compact_path, decimal

SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"

GLYPH_SCALE = "scale(0.015625)"
"""Matplotlib's outlines of type: 64 units are a hundredth of the type's size."""

EM = 1000
"""Units of the type's size in our outlines, which then need no decimal point."""

FINER = EM / 100

PLACES = 2
"""Decimals of a point of 1/72 inch: steps of a three-hundredth of a millimetre."""

INHERITED = {"stroke-linejoin": "round"}
"""What Matplotlib's stylesheet says of all elements; the root says it once."""

DEFAULTS = {
    "fill": "#000000",
    "stroke-linecap": "butt",
    "stroke-linejoin": "round",
    "stroke-width": "1",
    "stroke-opacity": "1",
    "fill-opacity": "1",
    "opacity": "1",
}
"""Values that need not be written: SVG's own, and what the root says."""

NUMBERS = ("x", "y", "width", "height")

REFERENCE = re.compile(r"#([^)]+)")
TRANSLATION = re.compile(r"translate\((\S+) (\S+)\)")
SCALE = re.compile(r" ?scale\((\S+) (\S+)\)$")
TRIPLE = re.compile(r"#(.)\1(.)\2(.)\3$")
LONG = re.compile(r"-?\d+\.\d{3,}")

Names = dict[str, str]
"""Old names of definitions to new ones."""


def smaller(svg: bytes) -> bytes:
    """Returns a drawing of Matplotlib's SVG backend, with fewer bytes and elements."""
    root = ET.fromstring(svg)  # noqa: S314 - Matplotlib wrote it a moment ago
    definitions, names = _gathered(root)
    short = ET.Element(
        "svg",
        {"xmlns": SVG[1:-1], **_attributes(root, names), **INHERITED},
    )
    del short.attrib["version"]
    glyphs = {name for name, one in definitions.items() if _is_glyph(one)}
    listed = ET.SubElement(short, "defs")
    for name, one in definitions.items():
        listed.append(_defined(one, name, names))
    short.extend(_joined(_plain(root, names, {names[one] for one in glyphs})))
    content: bytes = ET.tostring(short, encoding="utf-8")
    return content.replace(b" />", b"/>")


def _gathered(root: ET.Element) -> tuple[dict[str, ET.Element], Names]:
    """Returns every definition that shows something, once, and the new names."""
    definitions: dict[str, ET.Element] = {}
    names: Names = {}
    known: dict[bytes, str] = {}
    for one in (child for listed in root.iter(f"{SVG}defs") for child in listed):
        old = one.attrib.get("id")
        if old is None or (one.tag == f"{SVG}path" and not one.attrib.get("d")):
            continue  # The stylesheet; the outline of a space.
        content = _content(one)
        if content not in known:
            known[content] = _short_name(len(known))
            definitions[old] = one
        names[old] = known[content]
    return definitions, names


def _content(definition: ET.Element) -> bytes:
    """Returns all of a definition but its name."""
    name = definition.attrib.pop("id")
    content: bytes = ET.tostring(definition)
    definition.attrib["id"] = name
    return content.strip()


def _short_name(number: int) -> str:
    """Returns a, b, ... z, a1, b1, ...: names that no other number has."""
    rest, letter = divmod(number, 26)
    return chr(ord("a") + letter) + (str(rest) if rest else "")


def _is_glyph(definition: ET.Element) -> bool:
    """Returns whether it is an outline of type."""
    return definition.attrib.get("transform") == GLYPH_SCALE


def _defined(one: ET.Element, name: str, names: Names) -> ET.Element:
    """Returns a definition under its new name; type in whole units."""
    if _is_glyph(one):
        outline = compact_path(one.attrib["d"], scale=FINER / 64, places=0)
        return ET.Element("path", {"id": names[name], "d": outline})
    short = ET.Element(one.tag.removeprefix(SVG), _attributes(one, names))
    short.attrib["id"] = names[name]
    short.extend(_plain(one, names, set()))
    return short


def _plain(parent: ET.Element, names: Names, glyphs: set[str]) -> Iterator[ET.Element]:
    """Yields what the children draw, without what draws nothing."""
    for child in parent:
        tag = child.tag.removeprefix(SVG)
        if tag in {"defs", "metadata"} or _is_blank(child, names):
            continue
        short = ET.Element(tag, _attributes(child, names))
        short.extend(_joined(_plain(child, names, glyphs)))
        if tag != "g":
            yield short
        elif not short.attrib:
            yield from short
        elif len(short):
            _rescale(short, glyphs)
            yield short


def _is_blank(element: ET.Element, names: Names) -> bool:
    """Returns whether it refers to the outline of a space."""
    target = element.attrib.get(HREF, "")
    return target.startswith("#") and target[1:] not in names


def _attributes(element: ET.Element, names: Names) -> dict[str, str]:
    """Returns the attributes in their shortest form, styles among them."""
    every = {key: value for key, value in element.attrib.items() if key != "style"}
    every.pop("id", None)
    for declaration in filter(None, element.attrib.get("style", "").split(";")):
        key, value = declaration.split(":", 1)
        every[key.strip()] = value.strip()
    if every.get("fill") == "none" == every.get("stroke", "none"):
        every.pop("stroke", None)
    return {
        "href" if key == HREF else key: _short_value(key, value, names)
        for key, value in every.items()
        if DEFAULTS.get(key) != value
    }


def _short_value(key: str, value: str, names: Names) -> str:
    """Returns one attribute's value in its shortest form."""
    if key == "d":
        return compact_path(value, scale=1, places=PLACES)
    if value.startswith(("#", "url(#")) and key in {HREF, "clip-path", "fill"}:
        value = REFERENCE.sub(lambda name: "#" + names.get(name[1], name[1]), value)
    if key in NUMBERS and not value.endswith("pt"):
        return decimal(round(float(value) * 10**PLACES), PLACES)
    if key == "transform":
        return TRANSLATION.sub(_rounded_places, value)
    return TRIPLE.sub(r"#\1\2\3", value)


def _rounded_places(place: re.Match[str]) -> str:
    """Returns a translation, rounded."""
    return LONG.sub(lambda long: f"{float(long[0]):.{PLACES}f}", place[0])


def _rescale(group: ET.Element, glyphs: set[str]) -> None:
    """Adapts a line of type to outlines of finer units, and places it in them."""
    uses = [one for one in group if one.attrib.get("href", "")[1:] in glyphs]
    if not uses:
        return
    assert len(uses) == len(group), "a line of type holds type alone"
    group.attrib["transform"] = SCALE.sub(
        lambda scale: "scale({:.4g} {:.4g})".format(
            *(float(factor) / FINER for factor in scale.groups())
        ),
        group.attrib["transform"],
    )
    for use in uses:
        _place(use)


def _place(use: ET.Element) -> None:
    """Writes where a glyph stands in whole units, as attributes where that says all."""
    place = TRANSLATION.match(use.attrib.get("transform", ""))
    if place is None:
        return
    x, y = (decimal(round(float(at) * FINER), 0) for at in place.groups())
    rest = use.attrib.pop("transform")[place.end() :]
    if rest:
        use.attrib["transform"] = f"translate({x} {y}){rest}"
        return
    use.attrib.update({key: at for key, at in (("x", x), ("y", y)) if at != "0"})


def _joined(elements: Iterator[ET.Element]) -> list[ET.Element]:
    """Returns the elements, neighbouring paths as one where nothing tells them apart.

    Opaque strokes of one colour cover each other alike in any order; dashes begin anew
    with each part of a path. What is filled stays as it is: its parts could cut holes.
    """
    joined: list[ET.Element] = []
    for element in elements:
        if joined and _drawn_alike(joined[-1], element):
            joined[-1].attrib["d"] += element.attrib["d"]
        else:
            joined.append(element)
    return joined


def _drawn_alike(one: ET.Element, other: ET.Element) -> bool:
    """Returns whether both are opaque strokes that differ in their course alone."""
    if one.tag != "path" or one.attrib.get("fill") != "none":
        return False
    if {"opacity", "stroke-opacity", "id"} & one.attrib.keys():
        return False
    return other.tag == "path" and _but_course(one) == _but_course(other)


def _but_course(path: ET.Element) -> dict[str, str]:
    """Returns every attribute of a path but its course."""
    return {key: value for key, value in path.attrib.items() if key != "d"}
