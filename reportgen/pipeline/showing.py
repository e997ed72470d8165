"""The showing wing from end to end: record, figures, card, HTML, PDF, Markdown."""

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from reportgen import requirements
from reportgen.card import Card, compose
from reportgen.errors import RenderError
from reportgen.figures import draw_pictures
from reportgen.pipeline.carrying import Cargo, cargo_of
from reportgen.pipeline.collecting import seldom_collecting
from reportgen.pipeline.folders import with_manifest
from reportgen.pipeline.press import Press, waiting_press
from reportgen.pipeline.request import PAGES, Watcher
from reportgen.pipeline.runs import (
    HTML,
    MARKDOWN,
    PDF,
    RECORD,
    REQUIREMENTS,
    write_files,
    writing,
)
from reportgen.record import Record
from reportgen.render import to_html, to_markdown

NAMES = {"html": HTML, "pdf": PDF, "md": MARKDOWN}
"""What each format is written as; json is the record, which stands already."""

ORDER = (*NAMES.values(), REQUIREMENTS)
"""In which files are written; the last belongs to Markdown, where it has anything."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the showing wing wrote.

    Attributes:
        card: The report before it was rendered; without figures where those failed.
        paths: Files written, and the record where it was asked for.
        missing: Names of files that were asked for and could not be made.
        failure: Why there are such, None where there is none.
    """

    card: Card
    paths: tuple[Path, ...]
    missing: tuple[str, ...]
    failure: RenderError | None


@seldom_collecting()
def show(
    record: Record, folder: Path, watcher: Watcher, formats: tuple[str, ...] = PAGES
) -> Shown:
    """Writes the report, or those of its pages that can be made.

    A fault of rendering ends in `Shown.failure`: what was measured is worth keeping.

    Args:
        record: All that the report says.
        folder: Existing folder to write to.
        watcher: Who is told how it goes.
        formats: What to write of html, pdf, json and md; json is the record, which
            stands in the folder already.

    Raises:
        OutputError: A file cannot be written.
    """
    card, pages, failure = _made(record, folder, watcher, formats)
    wanted = [NAMES[one] for one in formats if one in NAMES]
    missing = tuple(name for name in wanted if name not in pages)
    pages = {name: pages[name] for name in ORDER if name in pages}
    with writing(folder):
        pages = with_manifest(folder, pages)
    paths = write_files(folder, pages)
    stands = [folder / RECORD] if "json" in formats else []
    return Shown(card, (*paths, *stands), missing, failure)


def _made(
    record: Record, folder: Path, watcher: Watcher, formats: tuple[str, ...]
) -> tuple[Card, dict[str, bytes], RenderError | None]:
    """Returns the card, the pages by name, and why one of them is missing."""
    card, pages = compose(record, (), ()), dict[str, bytes]()
    printed = "pdf" in formats
    try:
        with waiting_press() if printed else nullcontext() as press:
            cargo = cargo_of(record, folder) if printed else Cargo((), ())
            if not set(PAGES).isdisjoint(formats):
                watcher.on_stage("figures")
                card = _drawn(record, cargo, press)
            for name, content in _pages(card, cargo, press, watcher, formats):
                pages[name] = content
    except RenderError as failure:
        return card, pages, failure
    return card, pages, None


def _drawn(record: Record, cargo: Cargo, press: Press | None) -> Card:
    """Returns the card, its figures drawn; what the press leaves undone, here."""
    try:
        return carrying(record, cargo, press)
    except RenderError:
        if press is None:
            raise
        return carrying(record, cargo, None)  # so that there is a page, if no paper


def _pages(
    card: Card,
    cargo: Cargo,
    press: Press | None,
    watcher: Watcher,
    formats: tuple[str, ...],
) -> Iterator[tuple[str, bytes]]:
    """Yields name and content of each page, what may fail most easily last."""
    if "md" in formats:
        yield MARKDOWN, to_markdown(card).encode()
        if card.record.judgements:
            short = requirements.to_markdown(card.record.judgements, card.title)
            yield REQUIREMENTS, short.encode()
    if set(PAGES).isdisjoint(formats):
        return
    watcher.on_stage("html")
    html = to_html(card)
    if "html" in formats:
        yield HTML, html.encode()
    if press is not None:
        watcher.on_stage("pdf")
        created_at, files = card.record.timings.created_at, cargo.attachments
        yield PDF, press.to_pdf(html, created_at=created_at, attachments=files)


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
