"""From a card to the page: one self-contained HTML file, and a PDF made of it.

1. `page` fills the templates; `numbers` prints what the record holds.
2. `typeface` cuts the font down to the characters of that page.
3. `style` gathers the stylesheet, font and measures into one text and hashes it.
4. `paper` lays the same HTML out on A4.

Jinja2, fontTools and WeasyPrint live behind this door and open when they are needed.
"""

from typing import TYPE_CHECKING

from reportgen.render.folder import template_folder

if TYPE_CHECKING:
    from reportgen.card import Card

__all__ = ["require_pango", "template_folder", "to_html", "to_pdf"]


def to_html(card: "Card") -> str:
    """Returns the report as one HTML page that needs no other file.

    Args:
        card: What the templates print.

    Raises:
        RenderError: The templates or the fonts are missing.
    """
    from reportgen.render.page import html_page

    return html_page(card)


def to_pdf(html: str, *, created_at: str) -> bytes:
    """Returns the page as a tagged PDF (PDF/UA-1); same page and time, same bytes.

    Args:
        html: What `to_html` returned.
        created_at: The time that the bytes carry, UTC, as "2026-11-22T12:00:00Z".

    Raises:
        MissingPangoError: WeasyPrint's system libraries are absent.
        RenderError: WeasyPrint warned of something, or the page could not be made.
    """
    from reportgen.render.paper import pdf_pages
    from reportgen.render.typeface import printable

    return pdf_pages(printable(html), created_at=created_at)


def require_pango() -> None:
    """Raises MissingPangoError where WeasyPrint lacks its system libraries."""
    from reportgen.render.paper import weasyprint_module

    weasyprint_module()
