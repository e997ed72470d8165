"""What a page says, taken apart: its numbers, words, ids and links."""

import re
from html.parser import HTMLParser
from typing import Any

VOID = {"meta", "img", "br", "link"}

WITH_DIGITS = {"SHA-256"}
"""The only words of the templates that hold a digit."""


class Page(HTMLParser):
    """What a test wants to know of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.data: list[tuple[str, str]] = []
        self.text: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.alts: dict[str, str] = {}
        self.attributes: list[tuple[str, str]] = []
        self.tags: list[str] = []
        self._stack: list[str] = []
        self._classes: list[str] = []
        self._figure = ""
        self._unit = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.attributes += given.items()
        self.tags.append(tag)
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "figure":
            self._figure = given["id"]
        if tag == "img":
            self.alts[self._figure] = given["alt"]
        if tag == "a":
            self.links.append(given["href"])
        if tag == "data":
            self.data.append((given["value"], ""))
        if tag not in VOID:
            self._stack.append(tag)
            self._classes.append(given.get("class", ""))

    def handle_endtag(self, tag: str) -> None:
        assert self._stack.pop() == tag, f"</{tag}> closes another element"
        self._classes.pop()

    def handle_data(self, data: str) -> None:
        inside = self._stack[-1] if self._stack else ""
        if "data" in self._stack:  # or within a link in it
            self._number(data)
            self.text.append("\N{OBJECT REPLACEMENT CHARACTER}")
        elif inside not in {"style", "script"}:
            self.text.append(data)

    def _number(self, text: str) -> None:
        """Keeps a number; a bound has the unit of the value before its bracket."""
        if "interval" in self._classes:
            text += self._unit
        else:
            self._unit = "".join(re.findall(r"\s(?:%|s|points?)$", text))
        self.data[-1] = (self.data[-1][0], text)


def leaves(value: Any) -> tuple[set[float], list[str]]:
    """Returns all numbers and all strings of a JSON document."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        parts = [leaves(item) for item in value]
        numbers = set().union(*(numbers for numbers, _ in parts))
        return numbers, [text for _, texts in parts for text in texts]
    if isinstance(value, str):
        return set(), [value]
    return ({value} if isinstance(value, int | float) else set()), []


def is_shown(value: float, text: str) -> bool:
    """Returns whether the text is the value rounded, or the bound that it is beyond."""
    text = text.replace("\N{MINUS SIGN}", "-")
    figure = re.fullmatch(r"([<>]\s)?(-?[\d,]+(?:\.(\d+))?)(\s%|\spoints?|\ss)?", text)
    assert figure is not None, text
    unit = 100 if (figure[4] or "").endswith(("%", "point", "points")) else 1
    printed = float(figure[2].replace(",", "")) / unit
    if figure[1]:
        return value > printed if figure[1][0] == ">" else 0 <= value < printed
    half: float = 0.5 * 10 ** -len(figure[3] or "") / unit
    return abs(printed - value) <= half * (1 + 1e-9)


def words_of(texts: list[str]) -> set[str]:
    """Returns all words of the texts without the punctuation around them."""
    return {word.strip(".,:;()[]“”") for word in " ".join(texts).split()}
