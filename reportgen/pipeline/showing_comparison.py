"""A comparison on its own pages: HTML, PDF, Markdown, and the JSON behind them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from reportgen.card import ComparisonCard, Finding, compose_comparison
from reportgen.errors import RenderError
from reportgen.figures import draw_comparison_pictures
from reportgen.pipeline.carrying import Cargo, comparison_cargo
from reportgen.pipeline.collecting import seldom_collecting
from reportgen.pipeline.folders import with_manifest
from reportgen.pipeline.press import waiting_press
from reportgen.pipeline.request import PAGES, Watcher
from reportgen.pipeline.runs import (
    COMPARISON,
    COMPARISON_PAGES,
    write_files,
    writing,
)
from reportgen.record import ComparisonDocument, comparison_to_json
from reportgen.render import to_html, to_markdown


@dataclass(frozen=True, slots=True)
class ShownComparison:
    """What was written of a comparison.

    Attributes:
        findings: What it amounts to: the verdict, what stands beside it, the rest.
        paths: Files written.
        missing: Names of files that were asked for and could not be made.
        failure: Why there are such, None where there is none.
    """

    findings: tuple[Finding, ...]
    paths: tuple[Path, ...]
    missing: tuple[str, ...]
    failure: RenderError | None


@seldom_collecting()
def show_comparison(
    document: ComparisonDocument,
    folder: Path,
    *,
    evidence: Mapping[str, bytes],
    watcher: Watcher,
    formats: tuple[str, ...] = PAGES,
) -> ShownComparison:
    """Writes a comparison, or those of its pages that can be made.

    Args:
        document: All that the pages say; it is always written as JSON.
        folder: Existing folder to write to.
        evidence: Predictions of both runs by name; always written, and carried by the
            PDF where they are not too large.
        watcher: Who is told how it goes.
        formats: What to write of html, pdf and md besides.

    Raises:
        OutputError: A file cannot be written.
    """
    contents = {COMPARISON: comparison_to_json(document), **evidence}
    carried = comparison_cargo(document, evidence)
    failure = None
    try:
        for page in _pages(document, carried, watcher, formats):
            contents.update([page])  # what stands before a failure is kept
    except RenderError as error:
        failure = error
    wanted = [COMPARISON_PAGES[one] for one in formats if one in COMPARISON_PAGES]
    missing = tuple(name for name in wanted if name not in contents)
    with writing(folder):
        contents = with_manifest(folder, contents)
    paths = write_files(folder, contents)
    told = compose_comparison(document, (), ()).told
    return ShownComparison(told, paths, missing, failure)


def _pages(
    document: ComparisonDocument,
    cargo: Cargo,
    watcher: Watcher,
    formats: tuple[str, ...],
) -> Iterator[tuple[str, bytes]]:
    """Yields name and content of each page, what may fail most easily last."""
    if "md" in formats:
        page = to_markdown(compose_comparison(document, (), ()))
        yield COMPARISON_PAGES["md"], page.encode()
    if set(PAGES).isdisjoint(formats):
        return
    watcher.on_stage("figures")
    card = card_of(document, cargo if "pdf" in formats else Cargo((), ()))
    watcher.on_stage("html")
    html = to_html(card)
    if "html" in formats:
        yield COMPARISON_PAGES["html"], html.encode()
    if "pdf" in formats:
        watcher.on_stage("pdf")
        yield COMPARISON_PAGES["pdf"], _printed(document, cargo, html)


def card_of(document: ComparisonDocument, cargo: Cargo) -> ComparisonCard:
    """Returns the card of a comparison whose PDF carries that cargo, figures drawn.

    Args:
        document: All that the page says.
        cargo: What the PDF carries.
    """
    pictures, omissions = draw_comparison_pictures(document.comparison)
    return compose_comparison(
        document, pictures, omissions, attached=cargo.names, unattached=cargo.left
    )


def _printed(document: ComparisonDocument, cargo: Cargo, html: str) -> bytes:
    """Returns the PDF of a page, which carries what it was made of."""
    with waiting_press() as press:
        return press.to_pdf(
            html,
            created_at=document.timings.created_at,
            attachments=cargo.attachments,
        )
