"""Two runs in, a folder with their comparison out.

1. Both are read, and each is held against its own record.
2. Rows are matched, and what changed is measured; requirements are judged on it.
3. The folder of the comparison is moved in whole, as that of a run is.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from reportgen.card import Finding
from reportgen.errors import RenderError
from reportgen.evaluation import evaluate
from reportgen.pipeline.contest import contest
from reportgen.pipeline.entrants import Entrant, read_entrants
from reportgen.pipeline.folders import alone_with, replacing, require_replaceable
from reportgen.pipeline.gating import check_gate, check_outside, judged, write_junit
from reportgen.pipeline.request import PAGES, Gate, Watcher
from reportgen.pipeline.runs import (
    BASELINE,
    CANDIDATE,
    COMPARISON_FILES,
    PDF,
    RECORD,
    plain_name,
    writing,
)
from reportgen.pipeline.showing_comparison import show_comparison
from reportgen.pipeline.stages import Stages
from reportgen.pipeline.taking_apart import check_replicates
from reportgen.record import (
    COMPARISON_VERSION,
    ComparisonDocument,
    Provenance,
    Revision,
    Sampling,
    Timings,
    encodable,
)


@dataclass(frozen=True, slots=True)
class CompareRequest:
    """Two runs to compare.

    Attributes:
        baseline: What there is: its run folder, its record.json or its report.pdf.
        candidate: What may take its place, likewise.
        output: Folder of the comparison's own folder.
        name: Name of that, None to make one of the two runs.
        margin: Loss of accuracy that is put up with, as a share, 0 or more.
        level: Confidence level of the intervals, None for that of the candidate.
        replicates: Test sets drawn where something is simulated, None likewise.
        seed: Seed of what is simulated, None likewise.
        provenance: Command and machine; its seed is replaced by the one used.
        created_at: When it began, UTC, as "2026-11-22T12:00:00Z".
        formats: What to write the comparison as: html, pdf, json, md.
        revision: Returns the git working tree; None to keep that of the provenance.
        gate: What the candidate must reach.
    """

    baseline: Path
    candidate: Path
    output: Path
    name: str | None
    margin: float
    level: float | None
    replicates: int | None
    seed: int | None
    provenance: Provenance
    created_at: str
    formats: tuple[str, ...] = PAGES
    revision: Callable[[], Revision | None] | None = None
    gate: Gate = Gate()  # noqa: RUF009 - frozen


@dataclass(frozen=True, slots=True)
class FinishedComparison:
    """The folder of a comparison that stands.

    Attributes:
        document: All that its page says.
        findings: The page's verdict, what stands beside it, and its findings.
        folder: The folder.
        paths: Files written, in the folder.
        missing: Names of pages that were asked for and could not be made.
        failure: Why there are such, None where there is none.
    """

    document: ComparisonDocument
    findings: tuple[Finding, ...]
    folder: Path
    paths: tuple[Path, ...]
    missing: tuple[str, ...]
    failure: RenderError | None


def compare_runs(request: CompareRequest, watcher: Watcher) -> FinishedComparison:
    """Compares two runs and writes a folder about it, complete or not at all.

    Args:
        request: What to compare.
        watcher: Who is told how it goes.

    Raises:
        ReportgenError: Something that the user can mend; an older folder stands.
    """
    check_gate(request.gate, compared=True)
    old, new = called(request.baseline), called(request.candidate)
    folder = request.output / plain_name(request.name or f"{old}-vs-{new}")
    check_outside(request.gate, folder)
    with writing(folder):
        require_replaceable(folder, COMPARISON_FILES)  # before anything is computed
    stages = Stages(watcher)
    with stages.stage("runs"):
        baseline, candidate = read_entrants(request.baseline, request.candidate)
    document = _document(request, baseline[0], candidate[0], stages)
    document = replace(document, name=folder.name, title=f"{new} against {old}")
    waiting = partial(watcher.on_stage, "wait")
    with (
        alone_with(folder, on_wait=waiting, files=COMPARISON_FILES),
        replacing(folder, COMPARISON_FILES) as partly,
    ):
        shown = show_comparison(
            document,
            partly,
            evidence={BASELINE: baseline[0].content, CANDIDATE: candidate[0].content},
            watcher=watcher,
            formats=request.formats,
        )
        with writing(partly):
            names = sorted(path.name for path in partly.iterdir())
    write_junit(document.judgements, request.gate)
    return FinishedComparison(
        document=document,
        findings=shown.findings,
        folder=folder,
        paths=tuple(folder / name for name in names),
        missing=shown.missing,
        failure=shown.failure,
    )


def called(path: Path) -> str:
    """Returns what a run is called by where it lies.

    A folder by its own name, as is what has the name of one of a run's files by that
    of its folder; another file by its name without the ending.

    >>> called(Path("output/mnist/report.pdf")), called(Path("old.pdf"))
    ('mnist', 'old')
    """
    place = Path(os.path.realpath(path))
    if place.name in {PDF, RECORD}:
        place = place.parent
    name = place.stem if place.suffix.lower() == ".pdf" else place.name
    return encodable(name).lstrip(".") or "run"


def _document(
    request: CompareRequest, baseline: Entrant, candidate: Entrant, stages: Stages
) -> ComparisonDocument:
    """Returns the comparison of two runs, judged.

    What is required of the candidate alone is judged on its rows, at the level of the
    comparison: its record has another level, or numbers that are not of its rows.

    Args:
        request: How to compare them.
        baseline: What there is.
        candidate: What may take its place.
        stages: Times and tells the stage.
    """
    sampling = _sampling(request, candidate.side.sampling)
    check_replicates(sampling)
    required = request.gate.requirements
    with stages.stage("compare"):
        found = contest(baseline, candidate, sampling, margin=request.margin)
        judgements = (
            judged(evaluate(candidate.predictions, sampling=sampling), found, required)
            if required
            else ()
        )
    provenance = request.provenance
    if request.revision is not None:
        provenance = replace(provenance, revision=request.revision())
    return ComparisonDocument(
        schema_version=COMPARISON_VERSION,
        name="",
        title="",
        sampling=sampling,
        margin=request.margin,
        comparison=found,
        judgements=judgements,
        provenance=replace(provenance, seed=sampling.seed),
        timings=Timings(request.created_at, tuple(stages.done)),
        notes=(),
    )


def _sampling(request: CompareRequest, candidate: Sampling) -> Sampling:
    """Returns how intervals are made: as asked for, else as the candidate's were."""
    return Sampling(
        candidate.level if request.level is None else request.level,
        candidate.replicates if request.replicates is None else request.replicates,
        candidate.seed if request.seed is None else request.seed,
    )
