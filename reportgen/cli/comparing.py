"""The command `compare`: its options, and what it prints."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from reportgen import __version__
from reportgen.cli.compare_options import compare_options
from reportgen.cli.console import print_judgements, show_error, unmet, watching
from reportgen.cli.declaring import PATH
from reportgen.cli.options import current_folder
from reportgen.errors import RenderError, UsageError
from reportgen.record import ComparisonDocument, Difference, Provenance, encodable
from reportgen.record.wording import visible
from reportgen.requirements import exit_code, to_json, together

if TYPE_CHECKING:
    from reportgen.pipeline import CompareRequest, FinishedComparison


@click.command()
@click.argument("baseline", metavar="A", type=PATH)
@click.argument("candidate", metavar="B", type=PATH)
@compare_options
@click.pass_context
def compare(
    ctx: click.Context,
    /,
    baseline: Path,
    candidate: Path,
    *,
    as_json: bool,
    quiet: bool,
    **options: Any,
) -> None:
    """Compares B, a candidate, with A, its baseline, and writes a page about it.

    A and B are run folders, record.json with predictions.npz beside it, or report.pdf:
    a report carries what is needed. On the same test rows the differences are paired
    and there is a verdict; on other rows there are differences alone. The exit code is
    0 whatever the verdict, and 3 where a requirement is not met. Example: reportgen
    compare old.pdf new.pdf
    """
    from reportgen import pipeline

    request = _to_request(baseline, candidate, options)
    if request.gate.strict and not request.gate.requirements:
        raise UsageError(
            "--strict must come with requirements, to fail where one is inconclusive. "
            "Received none. State one with --require, or leave it out."
        )
    with watching(quiet=quiet) as watcher:
        finished = pipeline.compare_runs(request, watcher)
    judgements, strict = finished.document.judgements, request.gate.strict
    if as_json:
        click.echo(json.dumps(to_json_of(finished, strict=strict), indent=2))
    else:
        print_comparison(finished)
    if not quiet:
        print_judgements(judgements)
    _raise_failure(finished)
    code = exit_code(judgements, strict=strict)
    if code:
        show_error(unmet(judgements, strict=strict))
    ctx.exit(code)


def _to_request(
    baseline: Path, candidate: Path, options: dict[str, Any]
) -> "CompareRequest":
    """Returns the comparison that the command line asks for."""
    from reportgen import pipeline
    from reportgen.cli import machine

    return pipeline.CompareRequest(
        baseline=baseline,
        candidate=candidate,
        output=options["output"],
        name=options["name"],
        margin=options["margin"],
        level=options["level"],
        replicates=options["bootstrap"],
        seed=options["seed"],
        provenance=Provenance(
            command=("reportgen", *map(encodable, sys.argv[1:])),
            seed=0,
            reportgen=__version__,
            environment=machine.environment(),
            revision=None,
        ),
        created_at=machine.now(),
        formats=options["format"],
        revision=lambda: machine.revision(current_folder()),
        gate=pipeline.Gate(
            together((), options["require"]), options["strict"], options["junit"]
        ),
    )


def print_comparison(finished: "FinishedComparison") -> None:
    """Prints the verdict, what flipped, the differences, and what was written."""
    console, document = Console(), finished.document
    console.print(Text(visible(document.title), style="bold"))
    for finding in finished.findings:
        console.print(Text(visible(f"- {finding.sentence}")))
    console.print(_table(document.comparison.differences))
    for line in (*_undefined(document), *document.comparison.notes):
        console.print(Text(visible(f"- {line}")))
    for path in finished.paths:
        click.echo(visible(str(path)))


def _table(differences: tuple[Difference, ...]) -> Table:
    """Returns the differences, one a row; text from files is never read as markup."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("score", no_wrap=True)
    for heading in ("A", "B", "B - A", "interval"):
        table.add_column(heading, justify="right", no_wrap=True)
    for one in differences:
        table.add_row(*(Text(visible(cell)) for cell in (one.label, *_cells(one))))
    return table


def _cells(one: Difference) -> Iterator[str]:
    """Yields both scores, their difference and its interval."""
    found = one.estimate
    yield from map(_score, (one.baseline, one.candidate))
    yield f"{found.value:+.4f}" if found else "n/a"
    yield f"[{found.low:+.4f}, {found.high:+.4f}]" if found and found.level else ""


def _undefined(document: ComparisonDocument) -> Iterator[str]:
    """Yields why differences, or their intervals, are lacking, each reason once."""
    labels: dict[str | None, list[str]] = {}
    for one in document.comparison.differences:
        if one.estimate is None or one.estimate.level is None:
            labels.setdefault(one.reason or one.note, []).append(one.label)
    for reason, lacking in labels.items():
        yield f"{'; '.join(lacking)}: {reason}"


def _score(value: float | None) -> str:
    """Returns a score, or that there is none."""
    return "n/a" if value is None else f"{value:.4f}"


def to_json_of(finished: "FinishedComparison", *, strict: bool) -> dict[str, Any]:
    """Returns files, verdict and differences for a machine to read."""
    document = finished.document
    found, paired = document.comparison, document.comparison.paired
    return {
        "name": document.name,
        "paths": [str(path) for path in finished.paths],
        "missing": list(finished.missing),
        "paired": paired is not None,
        "matched_by": found.matched_by,
        "shared": found.shared,
        "reason": found.reason,
        "verdict": paired.verdict.kind if paired else None,
        "margin": document.margin,
        "fixes": paired.flips.fixes if paired else None,
        "regressions": paired.flips.regressions if paired else None,
        "mcnemar_mid_p": paired.flips.mcnemar.mid_p if paired else None,
        "smallest_difference": paired.smallest.difference if paired else None,
        "findings": [str(finding.sentence) for finding in finished.findings],
        "differences": {one.key: _difference(one) for one in found.differences},
        "notes": list(found.notes),
        "requirements": json.loads(to_json(document.judgements, strict=strict)),
    }


def _difference(one: Difference) -> dict[str, Any]:
    """Returns a difference with its interval, or why there is none."""
    found = one.estimate
    return {
        "baseline": one.baseline,
        "candidate": one.candidate,
        "value": found.value if found else None,
        "low": found.low if found else None,
        "high": found.high if found else None,
        "level": found.level if found else None,
        "reason": one.reason,
    }


def _raise_failure(finished: "FinishedComparison") -> None:
    """Raises the error of a page that could not be made, after all else is there."""
    if finished.failure is None:
        return
    there = ", ".join(path.name for path in finished.paths)
    raise RenderError(
        f"{finished.failure} Written into {finished.folder}: {there}. Not written: "
        f"{', '.join(finished.missing)}. Compare again without it, by --format."
    ) from finished.failure
