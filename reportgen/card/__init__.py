"""The report as a value: sections, findings and the author's words, ready to render."""

from reportgen.card.comparison_card import (
    COMPARISON_SECTIONS,
    ComparisonCard,
    ComparisonSection,
    compose_comparison,
)
from reportgen.card.composition import Card, compose
from reportgen.card.contest import Contest, contest
from reportgen.card.findings import Finding, findings
from reportgen.card.laying_out import Page
from reportgen.card.sections import SECTIONS, Section
from reportgen.card.tiles import Tile

__all__ = [
    "COMPARISON_SECTIONS",
    "SECTIONS",
    "Card",
    "ComparisonCard",
    "ComparisonSection",
    "Contest",
    "Finding",
    "Page",
    "Section",
    "Tile",
    "compose",
    "compose_comparison",
    "contest",
    "findings",
]
