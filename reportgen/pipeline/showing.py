"""The showing wing from end to end: record, figures, card, HTML, PDF, Markdown."""

from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from reportgen.card import Card, compose
from reportgen.errors import MissingPangoError
from reportgen.figures import draw_pictures
from reportgen.pipeline.carrying import Cargo, cargo_of
from reportgen.pipeline.collecting import seldom_collecting
from reportgen.pipeline.press import Press, waiting_press
from reportgen.pipeline.request import PAGES, Watcher
from reportgen.pipeline.runs import HTML, MARKDOWN, PDF, RECORD, write_file
from reportgen.record import Record
from reportgen.render import to_html, to_markdown


@dataclass(frozen=True, slots=True)
class Shown:
    """What the showing wing wrote.

    Attributes:
        card: The report before it was rendered.
        paths: Files written, and the record where it was asked for.
        failure: Why there is no PDF, None where there is one or none was asked for.
    """

    card: Card
    paths: tuple[Path, ...]
    failure: MissingPangoError | None


@seldom_collecting()
def show(
    record: Record, folder: Path, watcher: Watcher, formats: tuple[str, ...] = PAGES
) -> Shown:
    """Writes the report; what needs no Pango is written also where that is missing.

    Args:
        record: All that the report says.
        folder: Existing folder to write to.
        watcher: Who is told how it goes.
        formats: What to write of html, pdf, json and md; json is the record, which
            stands in the folder already.

    Raises:
        OutputError: A file cannot be written.
        RenderError: A page could not be rendered; nothing is written.
    """
    card, pages, failure = _made(record, folder, watcher, formats)
    if "md" in formats:
        pages[MARKDOWN] = to_markdown(card).encode()
    paths = [write_file(folder / name, content) for name, content in pages.items()]
    return Shown(
        card, (*paths, *([folder / RECORD] if "json" in formats else [])), failure
    )


def _made(
    record: Record, folder: Path, watcher: Watcher, formats: tuple[str, ...]
) -> tuple[Card, dict[str, bytes], MissingPangoError | None]:
    """Returns the card, HTML and PDF by name, and why there is no PDF."""
    if set(PAGES).isdisjoint(formats):
        return compose(record, (), ()), {}, None
    with waiting_press() if "pdf" in formats else nullcontext() as press:
        watcher.on_stage("figures")
        cargo = cargo_of(record, folder) if press else Cargo((), ())
        card = carrying(record, cargo, press)
        watcher.on_stage("html")
        html = to_html(card)
        pages = {HTML: html.encode()} if "html" in formats else {}
        if press is None:
            return card, pages, None
        watcher.on_stage("pdf")
        try:
            pages[PDF] = _pdf(press, html, card, cargo)
        except MissingPangoError as failure:
            return card, pages, failure
    return card, pages, None


def _pdf(press: Press, html: str, card: Card, cargo: Cargo) -> bytes:
    """Returns the page as PDF, with its cargo."""
    created_at = card.record.timings.created_at
    return press.to_pdf(html, created_at=created_at, attachments=cargo.attachments)


def carrying(record: Record, cargo: Cargo, press: Press | None) -> Card:
    """Returns the card of a record whose PDF carries that cargo, figures drawn.

    Args:
        record: All that the report says.
        cargo: What the PDF carries.
        press: Draws half of the figures; None to draw all of them here.
    """
    pictures, omissions = draw_pictures(record, press.draw if press else None)
    return compose(
        record, pictures, omissions, attached=cargo.names, unattached=cargo.left
    )
