"""Whether a report is true: all that it says, computed again from what it carries.

1. The PDF is taken apart: the files that it carries, and the text of its pages.
2. The evaluation is computed again from the predictions, and held against the record.
3. The pages are drawn again from the record, and held against the text.

Nothing of the PDF is trusted and nothing in it is run. That the predictions are those
of the model, and that the pictures show what the record says, is not checked here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from importlib import metadata
from pathlib import Path

from reportgen import __version__
from reportgen.card.composition import FINGERPRINT
from reportgen.data import row_ids_sha256
from reportgen.evaluation import evaluate
from reportgen.pipeline.carrying import cargo
from reportgen.pipeline.comparing import (
    compare_evaluations,
    compare_numbers,
    compare_pages,
)
from reportgen.pipeline.request import Watcher
from reportgen.pipeline.runs import PREDICTIONS, RECORD, VALIDATION
from reportgen.pipeline.showing import carrying
from reportgen.pipeline.taking_apart import Parts, take_apart
from reportgen.predictions import Predictions
from reportgen.record import Evaluation, Record, Score, estimated
from reportgen.render import page_texts, to_html, to_pdf

LAYING_OUT = ("matplotlib", "weasyprint")
"""Distributions on whose versions it depends where a word stands."""

NORMALISED = "were divided by their sum."
"""Ends the note on what was done to probabilities before they were stored."""


@dataclass(frozen=True, slots=True)
class Check:
    """One row of the table.

    Attributes:
        name: What was looked at.
        compared: What was held against what.
        differences: How they differ, a sentence each; empty where they agree.
        skipped: Why nothing was compared; None where something was.
    """

    name: str
    compared: str
    differences: tuple[str, ...] = ()
    skipped: str | None = None

    @property
    def verdict(self) -> str:
        """In a word or two."""
        if self.skipped is not None:
            return "not compared"
        return "differs" if self.differences else "agrees"


@dataclass(frozen=True, slots=True)
class Verification:
    """What a report was found to be.

    Attributes:
        record: The record that it carries.
        checks: In the order in which they were made.
    """

    record: Record
    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """Whether everything was compared and agrees."""
        return all(check.verdict == "agrees" for check in self.checks)


def verify(path: Path, watcher: Watcher, *, beside: Path | None = None) -> Verification:
    """Returns whether the numbers of a report follow from what it carries.

    Args:
        path: A report.pdf.
        watcher: Who is told how it goes.
        beside: Folder of the predictions that were too large to be carried.

    Raises:
        ReportgenError: It cannot be taken apart, or what it carries cannot be read.
    """
    watcher.on_stage("unpack")
    parts = take_apart(path, beside=beside)
    checks = [_attachments(parts), _fingerprint(parts)]
    watcher.on_stage("evaluate")
    checks += _evaluation(parts)
    checks.append(_printed(parts, watcher))
    return Verification(parts.record, tuple(checks))


def _attachments(parts: Parts) -> Check:
    """Returns whether the report carries what it can be checked by, and no more."""
    needed = [RECORD, PREDICTIONS, VALIDATION][: 3 if _validated(parts.record) else 2]
    missing = (
        f"{name} is missing; where it was too large, name its folder with --beside"
        for name in needed
        if name not in parts.files
    )
    known = {RECORD, PREDICTIONS, VALIDATION}
    strange = (f"{n!r} is not of a report" for n in parts.files if n not in known)
    return Check("attachments", ", ".join(needed), (*missing, *strange))


def _validated(record: Record) -> bool:
    """Returns whether a number of the record rests on a validation part."""
    calibration, deciding = record.evaluation.calibration, record.evaluation.deciding
    scaled = calibration is not None and calibration.temperature is not None
    return scaled or (deciding is not None and bool(deciding.certificates))


def _fingerprint(parts: Parts) -> Check:
    """Returns whether every page prints the hash of the record that is attached."""
    digits = sha256(parts.files[RECORD]).hexdigest()[:FINGERPRINT]
    differences = tuple(
        f"page {number}: does not print {digits}, the hash of the attached record"
        for number, text in enumerate(parts.pages, start=1)
        if digits not in text
    )
    compared = f"{digits} at the foot of {len(parts.pages)} pages"
    return Check("hash of the record", compared, differences)


def _evaluation(parts: Parts) -> Iterator[Check]:
    """Yields whether each part of the evaluation follows from the predictions."""
    if parts.predictions is None:
        yield Check("evaluation", "", skipped=f"{PREDICTIONS} is missing")
        return
    rows = _rows(parts.record, parts.predictions, parts.validation)
    yield rows
    if rows.differences:
        yield Check("evaluation", "", skipped="the predictions are of other rows")
        return
    again = replace(parts.record, evaluation=_computed(parts, parts.predictions))
    for field, found in compare_evaluations(parts.record, again).items():
        values = f"{found.values:,} value{'s' if found.values > 1 else ''}"
        compared = f"{values}, computed again" if found.values else "none, then and now"
        yield Check(field.replace("_", " "), compared, found.differences)


def _rows(
    record: Record, predictions: Predictions, validation: Predictions | None
) -> Check:
    """Returns whether the predictions are of the rows that the record names."""
    dataset, evaluation = record.dataset, record.evaluation
    pairs: list[tuple[str, object, object]] = [
        ("test rows", evaluation.n, predictions.n),
        ("class names", evaluation.class_names, predictions.class_names),
        (
            "hash of the row ids",
            dataset.test_rows_sha256,
            row_ids_sha256(predictions.row_ids),
        ),
    ]
    if validation is not None:
        classes = evaluation.class_names, validation.class_names
        pairs.append(("class names of the validation part", *classes))
    differences = tuple(
        f"{name}: the record says {stored!r}, the predictions {found!r}"
        for name, stored, found in pairs
        if stored != found
    )
    return Check("rows", f"{predictions.n:,} row ids and their hash", differences)


def _computed(parts: Parts, predictions: Predictions) -> Evaluation:
    """Returns the evaluation computed again, as the record's own was."""
    stored = parts.record.evaluation
    again = evaluate(
        predictions,
        validation=parts.validation,
        unvalidated=_unvalidated(stored),
        sampling=stored.sampling,
        check_intervals=bool(stored.interval_checks),
    )
    kept = tuple(note for note in stored.notes if note.endswith(NORMALISED))
    return replace(again, notes=kept + again.notes)


def _unvalidated(stored: Evaluation) -> str:
    """Returns why the record has no validation part: the predictions cannot tell."""
    reason = stored.calibration and stored.calibration.temperature_reason
    return reason or "No validation part was handed over."


def _printed(parts: Parts, watcher: Watcher) -> Check:
    """Returns whether the pages print what the record says."""
    record = parts.record
    if record.provenance.reportgen != __version__:
        return _scores_printed(parts)
    again = _drawn_again(parts, watcher)
    other = _other_layout(record)
    if other is None:
        found = compare_pages(parts.pages, again)
        compared = f"{found.values:,} words on {len(again)} pages, drawn again"
    else:
        found = compare_numbers(parts.pages, again)
        compared = f"{found.values:,} numbers, wherever they stand: {other}"
    return Check("printed text", compared, found.differences)


def _drawn_again(parts: Parts, watcher: Watcher) -> tuple[str, ...]:
    """Returns the text of the pages that the attached record gives."""
    content = {name: parts.files.get(name) for name in (PREDICTIONS, VALIDATION)}
    if parts.validation is None:
        del content[VALIDATION]  # not every run has one
    carried = cargo(parts.record, content)
    watcher.on_stage("figures")
    html = to_html(carrying(parts.record, carried))
    watcher.on_stage("pdf")
    return page_texts(
        to_pdf(
            html,
            created_at=parts.record.timings.created_at,
            attachments=carried.attachments,
        )
    )


def _other_layout(record: Record) -> str | None:
    """Returns why words may stand elsewhere when drawn again, None where they don't."""
    for package in record.provenance.environment.packages:
        if package.name in LAYING_OUT and _version(package.name) != package.version:
            return f"laid out with {package.name} {package.version}"
    return None


def _version(distribution: str) -> str | None:
    """Returns the installed version of a distribution, None where it is missing."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


def _scores_printed(parts: Parts) -> Check:
    """Returns whether the pages of another version print the scores of the record."""
    text = " ".join(" ".join(parts.pages).split())
    scores = parts.record.evaluation.scores
    differences = tuple(
        f"{score.label}: the pages do not print {printed}"
        for score in scores
        for printed in _words_of(score)
        if printed not in text
    )
    version = parts.record.provenance.reportgen
    compared = (
        f"{len(scores)} scores alone: the pages are of reportgen {version}, and this "
        f"is {__version__}"
    )
    return Check("printed text", compared, differences)


def _words_of(score: Score) -> tuple[str, ...]:
    """Returns the number that a page prints for a score, nothing where it has none."""
    found = estimated(score)
    if isinstance(found, str):
        return ()
    return (" ".join(found.text(found.value).split()),)  # its space may be no-break
