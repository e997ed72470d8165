"""From a card to the page: one self-contained HTML file, and a PDF made of it.

1. `page` fills the templates; `numbers` prints what the record holds.
2. `typeface` cuts the font down to the characters of that page.
3. `style` gathers the stylesheet, font and measures into one text and hashes it.
4. `paper` lays the same HTML out on A4; `archive` says what the PDF is and carries.
5. `reading` takes such a PDF apart again.

Jinja2, fontTools, WeasyPrint, pikepdf and PDFium live behind this door and open when
they are needed.
"""

from typing import TYPE_CHECKING

from reportgen.render.archive import Attachment
from reportgen.render.folder import template_folder
from reportgen.render.reading import page_texts, read_attachments

if TYPE_CHECKING:
    from reportgen.card import Page

__all__ = [
    "Attachment",
    "page_texts",
    "read_attachments",
    "require_pango",
    "template_folder",
    "to_html",
    "to_markdown",
    "to_pdf",
]


def to_html(card: "Page") -> str:
    """Returns the report as one HTML page that needs no other file.

    Args:
        card: What the templates print.

    Raises:
        RenderError: The templates or the fonts are missing.
    """
    from reportgen.render.page import html_page

    return html_page(card)


def to_markdown(card: "Page") -> str:
    """Returns the report as Markdown: a model card with its metadata, or a comparison.

    Args:
        card: What the template prints; its pictures are left out.

    Raises:
        RenderError: The templates are missing.
    """
    from reportgen.render.markdown import markdown_page

    return markdown_page(card)


def to_pdf(
    html: str, *, created_at: str, attachments: tuple[Attachment, ...] = ()
) -> bytes:
    """Returns the page as PDF/A-3a and PDF/UA-1; same page and time, same bytes.

    Args:
        html: What `to_html` returned.
        created_at: The time that the bytes carry, UTC, as "2026-11-22T12:00:00Z".
        attachments: Files that travel inside of it.

    Raises:
        MissingPangoError: WeasyPrint's system libraries are absent.
        RenderError: WeasyPrint warned of something, or the page could not be made.
    """
    from reportgen.render.paper import pdf_pages, without_screen
    from reportgen.render.typeface import printable

    page = without_screen(printable(html))
    return pdf_pages(page, created_at=created_at, attachments=attachments)


def require_pango() -> None:
    """Raises MissingPangoError where WeasyPrint lacks its system libraries."""
    from reportgen.render.paper import weasyprint_module

    weasyprint_module()
