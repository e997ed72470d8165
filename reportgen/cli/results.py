"""What a command found, for a machine on stdout: paths, or JSON."""

import json
import shlex
from typing import TYPE_CHECKING, Any

import rich_click as click

from reportgen.errors import RenderError
from reportgen.record.wording import visible
from reportgen.requirements import to_json

if TYPE_CHECKING:
    from reportgen.pipeline import Finished, Verification


def print_finished(
    finished: "Finished", *, as_json: bool, strict: bool = False
) -> None:
    """Prints what was written; a missing page is an error after all else is there."""
    if as_json:
        click.echo(json.dumps(_to_json(finished, strict=strict), indent=2))
    else:
        for path in finished.paths:
            click.echo(visible(str(path)))
    if finished.failure:
        raise RenderError(
            f"{finished.failure} Written into {finished.run}: "
            f"{', '.join(sorted({path.name for path in finished.paths})) or 'nothing'}."
            f" Not written: {', '.join(finished.missing)}. Render it again with: "
            f"{shlex.join(['reportgen', 'render', str(finished.run)])}"
        ) from finished.failure


def _to_json(finished: "Finished", *, strict: bool) -> dict[str, Any]:
    """Returns run, files, scores and judgements for a machine to read."""
    judgements = finished.record.judgements
    scores = finished.record.evaluation.scores
    return {
        "name": finished.record.name,
        "paths": [str(path) for path in finished.paths],
        "missing": list(finished.missing),
        "findings": [str(finding.sentence) for finding in finished.findings],
        "scores": {
            score.key: score.estimate.value if score.estimate else None
            for score in scores
        },
        "requirements": json.loads(to_json(judgements, strict=strict)),
    }


def verified(verification: "Verification") -> dict[str, Any]:
    """Returns verdicts and differences for a machine to read."""
    return {
        "passed": verification.passed,
        "checks": [
            {
                "name": check.name,
                "verdict": check.verdict,
                "compared": check.skipped or check.compared,
                "differences": list(check.differences),
            }
            for check in verification.checks
        ],
        "limits": list(verification.limits),
    }
