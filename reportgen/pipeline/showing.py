"""The showing wing from end to end: record, figures, card, HTML, PDF, Markdown."""

from dataclasses import dataclass
from pathlib import Path

from reportgen.card import Card, compose
from reportgen.errors import MissingPangoError
from reportgen.figures import draw_pictures
from reportgen.pipeline.carrying import Cargo, cargo_of
from reportgen.pipeline.collecting import seldom_collecting
from reportgen.pipeline.request import PAGES, Watcher
from reportgen.pipeline.runs import HTML, MARKDOWN, PDF, RECORD, write_file
from reportgen.record import Record
from reportgen.render import to_html, to_markdown, to_pdf


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
    if set(PAGES).isdisjoint(formats):
        card, pages, failure = compose(record, (), ()), dict[str, bytes](), None
    else:
        watcher.on_stage("figures")
        cargo = cargo_of(record, folder)
        card = carrying(record, cargo)
        pages, failure = _pages(card, cargo, watcher, formats)
    if "md" in formats:
        pages[MARKDOWN] = to_markdown(card).encode()
    paths = [write_file(folder / name, content) for name, content in pages.items()]
    return Shown(
        card, (*paths, *([folder / RECORD] if "json" in formats else [])), failure
    )


def _pages(
    card: Card, cargo: Cargo, watcher: Watcher, formats: tuple[str, ...]
) -> tuple[dict[str, bytes], MissingPangoError | None]:
    """Returns HTML and PDF by name, as asked for, and why there is no PDF."""
    watcher.on_stage("html")
    html = to_html(card)
    pages = {HTML: html.encode()} if "html" in formats else {}
    if "pdf" not in formats:
        return pages, None
    watcher.on_stage("pdf")
    created_at = card.record.timings.created_at
    try:
        pdf = to_pdf(html, created_at=created_at, attachments=cargo.attachments)
    except MissingPangoError as failure:
        return pages, failure
    return pages | {PDF: pdf}, None


def carrying(record: Record, cargo: Cargo) -> Card:
    """Returns the card of a record whose PDF carries that cargo, figures drawn."""
    pictures, omissions = draw_pictures(record)
    return compose(
        record, pictures, omissions, attached=cargo.names, unattached=cargo.left
    )
