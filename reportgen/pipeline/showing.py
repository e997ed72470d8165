"""The showing wing from end to end: record, figures, card, HTML, PDF."""

from dataclasses import dataclass
from pathlib import Path

from reportgen.card import Card, compose
from reportgen.errors import MissingPangoError
from reportgen.figures import draw_pictures
from reportgen.pipeline.request import Watcher
from reportgen.pipeline.runs import HTML, PDF, write_file
from reportgen.record import Record
from reportgen.render import to_html, to_pdf


@dataclass(frozen=True, slots=True)
class Shown:
    """What the showing wing wrote.

    Attributes:
        card: The report before it was rendered.
        paths: Files written.
        failure: Why there is no PDF, None where there is one.
    """

    card: Card
    paths: tuple[Path, ...]
    failure: MissingPangoError | None


def show(record: Record, folder: Path, watcher: Watcher) -> Shown:
    """Writes report.html and report.pdf; the HTML also where Pango is missing.

    Args:
        record: All that the report says.
        folder: Existing folder to write to.
        watcher: Who is told how it goes.

    Raises:
        OutputError: A file cannot be written.
        RenderError: A page could not be rendered; nothing is written.
    """
    watcher.on_stage("figures")
    card = compose(record, *draw_pictures(record))
    watcher.on_stage("html")
    html = to_html(card)
    watcher.on_stage("pdf")
    try:
        pdf = to_pdf(html, created_at=record.timings.created_at)
    except MissingPangoError as failure:
        return Shown(card, (write_file(folder / HTML, html.encode()),), failure)
    page = write_file(folder / HTML, html.encode())
    return Shown(card, (page, write_file(folder / PDF, pdf)), None)
