"""Ties the wings together: build a run, render one again, or check a report.

1. `measure` trains or loads the model, predicts the test part once and evaluates;
   `measure_handed` evaluates predictions that were handed over. `gated` judges what was
   required of them.
2. The record, the predictions and the model are written into a partial run folder.
3. `show` draws the figures and renders HTML, PDF and Markdown beside them, and writes
   the manifest last.
4. The folder is moved in whole, in place of the run of the same name.
5. `compare_runs` sets two runs beside each other, in a folder of their own.
6. `verify` takes a report apart and computes again what it says.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from reportgen.card import Finding, findings
from reportgen.data import LOADERS, Places, find_mnist, load_dataset
from reportgen.errors import RenderError
from reportgen.metrics.binary import check_positive
from reportgen.model import EpochReport, Said, check_model, save_model
from reportgen.pipeline.baseline import Baseline, beside, read_baseline
from reportgen.pipeline.beforehand import check_baseline, check_place
from reportgen.pipeline.checked import Check, Verification
from reportgen.pipeline.folders import alone_with, replacing
from reportgen.pipeline.gating import check_gate, check_outside, gated, write_junit
from reportgen.pipeline.handed import handed_folder, measure_handed
from reportgen.pipeline.learning import forget_progress
from reportgen.pipeline.matching import check_classes_shared
from reportgen.pipeline.measuring import Measurement, measure, run_folder
from reportgen.pipeline.origin import model_of
from reportgen.pipeline.request import (
    PAGES,
    Author,
    BuildRequest,
    Certainty,
    Gate,
    HandedPaths,
    HandedRows,
    Rival,
    Settings,
    Watcher,
)
from reportgen.pipeline.runs import (
    PREDICTIONS,
    VALIDATION,
    plain_name,
    read_record,
    require_run,
    set_aside,
    write_record,
    writing,
)
from reportgen.pipeline.showing import Shown, show
from reportgen.pipeline.stages import Stages
from reportgen.pipeline.verifying import verify
from reportgen.pipeline.versus import CompareRequest, FinishedComparison, compare_runs
from reportgen.predictions import Asked, write_predictions
from reportgen.record import Record
from reportgen.render import require_pango
from reportgen.requirements import check_classes

__all__ = [
    "Asked",
    "Author",
    "BuildRequest",
    "Certainty",
    "Check",
    "CompareRequest",
    "EpochReport",
    "Finding",
    "Finished",
    "FinishedComparison",
    "Gate",
    "HandedPaths",
    "HandedRows",
    "Places",
    "Rival",
    "Said",
    "Settings",
    "Verification",
    "Watcher",
    "build",
    "check_baseline",
    "check_place",
    "check_positive",
    "compare_runs",
    "find_mnist",
    "findings",
    "plain_name",
    "read_record",
    "render",
    "require_pango",
    "verify",
]


@dataclass(frozen=True, slots=True)
class Finished:
    """A run folder that stands.

    Attributes:
        record: All that its report says.
        findings: The report's findings.
        run: The run folder.
        paths: Files written, in the run folder.
        missing: Names of pages that were asked for and could not be made.
        failure: Why there are such, None where there is none.
    """

    record: Record
    findings: tuple[Finding, ...]
    run: Path
    paths: tuple[Path, ...]
    missing: tuple[str, ...]
    failure: RenderError | None


def build(request: BuildRequest, watcher: Watcher) -> Finished:
    """Builds a run folder, complete or not at all.

    Args:
        request: What to build.
        watcher: Who is told how it goes.

    Raises:
        ReportgenError: Something that the user can mend; the old run stands.
    """
    check_gate(request.gate, compared=request.baseline is not None)
    stages = Stages(watcher)
    # First of all: it may be the run whose place the new one takes.
    baseline = read_baseline(request.baseline, stages) if request.baseline else None
    run, measuring = _planned(request, stages, baseline)
    check_outside(request.gate, run)
    # The dataset's lock is free by now: nobody waits for one while holding another.
    with alone_with(run, on_wait=partial(watcher.on_stage, "wait")):
        with replacing(run) as folder:
            measurement = measuring()
            _write(measurement, folder)
            if baseline:
                measurement = beside(measurement, baseline, folder, stages)
            record = gated(measurement.record, request.gate)
            write_record(record, folder)
            shown = show(record, folder, watcher, request.formats)
            with writing(folder):
                names = sorted(path.name for path in folder.iterdir())
        if request.retrain:
            forget_progress(run)
    write_junit(record.judgements, request.gate)
    paths = tuple(run / name for name in names)
    return _finished(run, paths, shown)


def _planned(
    request: BuildRequest, stages: Stages, baseline: Baseline | None
) -> tuple[Path, Callable[[], Measurement]]:
    """Returns the run folder, and what measures once that can be written."""
    if request.handed:
        with writing(request.output):
            run = handed_folder(request, request.handed)
        return run, partial(_measured_alone, request, request.handed, stages)
    with writing(request.output):
        _require_model(request)
    with stages.stage("data"):
        dataset = load_dataset(request.dataset, request.places)
    check_classes(request.gate.requirements, dataset.class_names)
    if baseline:
        check_classes_shared(baseline.class_names, dataset.class_names)
    return run_folder(request, dataset), partial(measure, request, dataset, stages)


def _require_model(request: BuildRequest) -> None:
    """Raises ModelError for a refused model, or none, before the data are fetched."""
    if request.model and not request.retrain:
        check_model(request.model, trusted=request.trusted)
        return
    key = request.dataset or LOADERS[0].key
    named = request.places.data is None and key in {loader.key for loader in LOADERS}
    if named and not request.retrain:
        run = request.output / plain_name(request.name or key)
        model_of(
            set_aside(run) if not run.exists() and set_aside(run).exists() else run
        )


def _measured_alone(
    request: BuildRequest, handed: HandedPaths | HandedRows, stages: Stages
) -> Measurement:
    """Returns the measurement; another build may have left a model while we waited."""
    handed_folder(request, handed)
    return measure_handed(request, handed, stages)


def _write(measurement: Measurement, folder: Path) -> None:
    """Writes what the measuring wing hands on, but for the record."""
    with writing(folder):
        write_predictions(measurement.predictions, folder / PREDICTIONS)
        if measurement.validation is not None:
            write_predictions(measurement.validation, folder / VALIDATION)
        if measurement.network is not None:
            save_model(measurement.network, folder)


def render(run: Path, watcher: Watcher, formats: tuple[str, ...] = PAGES) -> Finished:
    """Writes the report of a run again from its record; no model is loaded.

    Args:
        run: Run folder.
        watcher: Who is told how it goes.
        formats: What to write it as: html, pdf, json, md.

    Raises:
        ReportgenError: Something that the user can mend; the old pages stand.
    """
    require_run(run)
    # The folder that a link leads to: nothing in it is deleted, its pages are renewed.
    folder = Path(os.path.realpath(run))
    with alone_with(folder, on_wait=partial(watcher.on_stage, "wait")):
        record = read_record(folder)
        shown = show(record, folder, watcher, formats)
    paths = tuple(run / path.name for path in shown.paths)
    return _finished(run, paths, shown)


def _finished(run: Path, paths: tuple[Path, ...], shown: Shown) -> Finished:
    """Returns the run folder that stands, with what could not be made for it."""
    return Finished(
        record=shown.card.record,
        findings=shown.card.findings,
        run=run,
        paths=paths,
        missing=shown.missing,
        failure=shown.failure,
    )
