"""The report as a value: sections, findings and the author's words, ready to render."""

from reportgen.card.composition import Card, compose
from reportgen.card.findings import Finding, findings
from reportgen.card.sections import SECTIONS, Section

__all__ = [
    "SECTIONS",
    "Card",
    "Finding",
    "Section",
    "compose",
    "findings",
]
