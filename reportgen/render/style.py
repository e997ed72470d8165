"""The stylesheet of a page: card.css, the typeface and the measures of this card."""

from base64 import b64encode
from hashlib import sha256

from reportgen.card import Page, Tile
from reportgen.record import Estimate
from reportgen.render.folder import template_folder
from reportgen.render.typeface import font_faces


def stylesheet(card: Page, characters: str) -> str:
    """Returns the whole stylesheet of the page.

    Args:
        card: Gives the widths of pictures and the positions of interval bars.
        characters: Every character that the page prints.
    """
    rules = (template_folder() / "card.css").read_text(encoding="utf-8")
    widths = (
        f"#{picture.key} img {{ width: {picture.width_mm:g}mm; }}"
        for picture in card.pictures
    )
    bars = (_bar(tile) for tile in card.tiles)
    faces = font_faces(characters + rules)
    return "\n".join((faces, rules, *widths, *filter(None, bars), ""))


def content_hash(text: str) -> str:
    """Returns the hash by which a Content-Security-Policy allows a text."""
    digest = sha256(text.encode()).digest()
    return f"sha256-{b64encode(digest).decode('ascii')}"


def _bar(tile: Tile) -> str | None:
    """Returns the rules that place a tile's interval, None where it has none.

    The bar is as wide as three intervals, so that the interval fills its middle third
    and the estimate shows by how much the two sides differ.
    """
    position = _position(tile.estimate)
    if position is None:
        return None
    return f"#tile-{tile.key} .bar-value {{ left: {position:.2f}%; }}"


def _position(estimate: Estimate | None) -> float | None:
    """Returns where the value lies on its bar in percent, None without an interval."""
    if estimate is None or estimate.low is None or estimate.high is None:
        return None
    width = estimate.high - estimate.low
    part = (estimate.value - estimate.low) / width if width > 0 else 1 / 2
    return 100 * (1 + part) / 3
