"""The report as a value: sections, findings and the author's words, ready to render."""

from reportgen.card.composition import Card, compose
from reportgen.card.findings import Finding, findings
from reportgen.card.sections import SECTIONS, Section
from reportgen.card.tiles import Tile

__all__ = [
    "SECTIONS",
    "Card",
    "Finding",
    "Section",
    "Tile",
    "compose",
    "findings",
]
