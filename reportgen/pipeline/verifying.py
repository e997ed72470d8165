"""Whether a report is true: all that it says, computed again from what it carries.

1. The PDF is taken apart: the files that it carries, and the text of its pages.
2. The evaluation is computed again from the predictions, and held against the record.
3. The pages are drawn again from the record, and held against the report's: byte by
   byte, else by the order of their words and by their looks.

Nothing of the PDF is trusted and nothing in it is run; only a process of its own reads
it. What no report can prove of
itself stands in `LIMITS`, and is told with every verdict.
"""

import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256
from itertools import takewhile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reportgen.evaluation import evaluate
from reportgen.pipeline.belonging import class_counts, facts_of_rows, unlike
from reportgen.pipeline.carrying import (
    TOO_LARGE,
    absence_told,
    cargo,
    predictions_of,
)
from reportgen.pipeline.checked import Check, Verification
from reportgen.pipeline.collecting import seldom_collecting
from reportgen.pipeline.comparing import compare_evaluations
from reportgen.pipeline.gating import unlike_judgements
from reportgen.pipeline.press import Press, waiting_press
from reportgen.pipeline.printed import Printed, check_fingerprint, check_pages, unseen
from reportgen.pipeline.reader import Reader, waiting_reader
from reportgen.pipeline.rematch import check_comparison
from reportgen.pipeline.request import Watcher
from reportgen.pipeline.runs import PREDICTIONS, RECORD, VALIDATION
from reportgen.pipeline.showing import carrying
from reportgen.pipeline.taking_apart import (
    Parts,
    carried_by,
    take_apart,
    take_comparison_apart,
)
from reportgen.pipeline.verifying_comparison import verify_comparison
from reportgen.predictions import Predictions
from reportgen.predictions.contents import contents_sha256
from reportgen.predictions.naming import LABEL_ORDER, ROWS_NUMBERED
from reportgen.record import Evaluation, Handed, Record
from reportgen.record.wording import counted
from reportgen.render import Attachment, to_html

NORMALISED = re.compile(
    r"[\d,]+ of [\d,]+ rows of probabilities did not sum to 1 "
    r"\(off by at most \d\.\de-\d\d\) and were divided by their sum\."
)
"""The note on what was done to probabilities before they were stored."""

BEFORE_STORED = frozenset({LABEL_ORDER, ROWS_NUMBERED})
"""Likewise on what was made up for want of names."""

LIMITS = (
    "That rows and predictions are those of data and model: made-up ones agree too.",
    "What it says besides, of training, machine and author; what its images show.",
)
"""What no report can prove of itself, a sentence each."""

BASELINES = "That the baseline is the run that it is called."
"""Likewise of a report that compares."""


@seldom_collecting()
def verify(path: Path, watcher: Watcher, *, beside: Path | None = None) -> Verification:
    """Returns whether the numbers of a report follow from what it carries.

    Args:
        path: A report.pdf, or a comparison.pdf.
        watcher: Who is told how it goes.
        beside: Folder of the predictions that were too large to be carried.

    Raises:
        ReportgenError: It cannot be taken apart, or what it carries cannot be read.
    """
    with waiting_reader() as reader:
        watcher.on_stage("unpack")
        carried = carried_by(path, reader, beside=beside)
        if carried.is_comparison:
            parted = take_comparison_apart(carried, reader)
            return verify_comparison(parted, reader, watcher)
        return _verified(take_apart(carried, reader), reader, watcher)


def _verified(parts: Parts, reader: Reader, watcher: Watcher) -> Verification:
    """Returns what is found of a report that was taken apart."""
    printed = Printed(
        content=parts.content,
        pages=parts.pages,
        source="record",
        numbers=parts.files[RECORD],
        provenance=parts.record.provenance,
    )
    checks, again = _computed_and_drawn(parts, printed, watcher)
    checks += check_pages(printed, again, reader)
    besides = (BASELINES,) if parts.record.comparison else ()
    limits = (*LIMITS, *besides, *unseen(printed, again, checks))
    return Verification(parts.record, tuple(checks), limits)


def _computed_and_drawn(
    parts: Parts, printed: Printed, watcher: Watcher
) -> tuple[list[Check], bytes]:
    """Returns whether the numbers follow from the rows, and the report drawn again.

    The press draws half of the figures, and lays out beside the evaluation.
    """
    with waiting_press() as press, ThreadPoolExecutor(1) as beside_us:
        html, attachments = _drawn_again(parts, watcher, press)
        drawn = beside_us.submit(
            press.to_pdf,
            html,
            created_at=parts.record.timings.created_at,
            attachments=attachments,
        )
        watcher.on_stage("evaluate")
        checks = [_attachments(parts), check_fingerprint(printed), *_evaluation(parts)]
        watcher.on_stage("pdf")
        return checks, drawn.result()


def _drawn_again(
    parts: Parts, watcher: Watcher, press: Press
) -> tuple[str, tuple[Attachment, ...]]:
    """Returns the page that the attached record gives, and what its PDF carries."""
    names = (*predictions_of(parts.record), VALIDATION)
    content = {name: parts.files.get(name) for name in names}
    absent = absence_told(parts.pages)
    left = absent == TOO_LARGE and _validated(parts.record)
    if parts.validation is None and not left:
        del content[VALIDATION]  # not every run has one
    carried = cargo(parts.record, content, absent=absent)
    watcher.on_stage("figures")
    return to_html(carrying(parts.record, carried, press)), carried.attachments


def _attachments(parts: Parts) -> Check:
    """Returns whether the report carries what it can be checked by, and no more."""
    needed = [RECORD, *predictions_of(parts.record)]
    known = {*needed, VALIDATION}
    if _validated(parts.record):
        needed.append(VALIDATION)
    missing = (
        f"{name} is missing; where it was too large, name its folder with --beside"
        for name in needed
        if name not in parts.files
    )
    strange = (f"{n!r} is not of a report" for n in parts.files if n not in known)
    return Check("attachments", ", ".join(needed), (*missing, *strange))


def _validated(record: Record) -> bool:
    """Returns whether a number of the record rests on a validation part."""
    calibration, deciding = record.evaluation.calibration, record.evaluation.deciding
    scaled = calibration is not None and calibration.temperature is not None
    binary = record.evaluation.binary
    chosen = binary is not None and bool(binary.chosen)
    return scaled or chosen or (deciding is not None and bool(deciding.certificates))


def _evaluation(parts: Parts) -> Iterator[Check]:
    """Yields whether each part of the evaluation follows from the predictions."""
    if parts.predictions is None:
        yield Check("evaluation", "", skipped=f"{PREDICTIONS} is missing")
        return
    rows = _rows(parts, parts.predictions, parts.validation)
    yield rows
    if rows.differences:
        yield Check("evaluation", "", skipped="the predictions are of other rows")
        return
    again = replace(parts.record, evaluation=_computed(parts, parts.predictions))
    if parts.record.comparison is not None:
        check, again = check_comparison(parts, parts.predictions, again)
        yield check
    for field, found in compare_evaluations(parts.record, again).items():
        values = f"{found.values:,} value{'s' if found.values > 1 else ''}"
        compared = f"{values}, computed again" if found.values else "none, then and now"
        yield Check(field.replace("_", " "), compared, found.differences)
    if parts.record.judgements:
        asked = counted(len(parts.record.judgements), "requirement")
        differences = unlike_judgements(
            parts.record.judgements, again.evaluation, again.comparison
        )
        yield Check("judgements", f"{asked}, judged again", differences)


def _rows(
    parts: Parts, predictions: Predictions, validation: Predictions | None
) -> Check:
    """Returns whether the predictions are of the rows that the record names."""
    record = parts.record
    dataset, names = record.dataset, record.evaluation.class_names
    facts = facts_of_rows(record, predictions)
    if validation is not None:
        held = dataset.validation and dataset.validation.class_counts
        shared = np.intersect1d(predictions.row_ids, validation.row_ids)
        facts += [
            ("class names of the validation part", names, validation.class_names),
            ("validation rows a class", held, class_counts(validation)),
            ("validation rows among the test rows", 0, len(shared)),
        ]
    facts += _hashes(dataset.handed, parts.files)
    facts += _contents(dataset.handed, predictions)
    differences = unlike(facts)
    return Check("rows", f"{predictions.n:,} row ids, their hash, classes", differences)


def _hashes(
    handed: Handed | None, files: Mapping[str, bytes]
) -> Iterator[tuple[str, object, object]]:
    """Yields the hashes of predictions that came from memory, named and found."""
    if handed is None or not handed.in_memory:
        return
    for file in (handed.predictions, handed.validation):
        if file is not None and file.name in files:
            found = sha256(files[file.name]).hexdigest()
            yield f"hash of {file.name}", file.sha256, found


def _contents(
    handed: Handed | None, predictions: Predictions
) -> Iterator[tuple[str, object, object]]:
    """Yields the hash of what the rows show, where images were handed over."""
    if handed is not None and handed.images is not None:
        found = predictions.contents
        digest = None if found is None else contents_sha256(found)
        yield "hash of the images' hashes", handed.images.contents_sha256, digest


def _computed(parts: Parts, predictions: Predictions) -> Evaluation:
    """Returns the evaluation computed again, as the record's own was."""
    stored = parts.record.evaluation
    again = evaluate(
        predictions,
        images=_blank_images(stored, predictions.n),
        validation=parts.validation,
        unvalidated=_unvalidated(stored),
        sampling=stored.sampling,
        check_intervals=bool(stored.interval_checks),
        positive=_positive(stored),
    )
    kept = tuple(takewhile(_before_stored, stored.notes))
    return replace(again, notes=kept + again.notes)


def _before_stored(note: str) -> bool:
    """Returns whether a note is on what the stored predictions no longer show."""
    return note in BEFORE_STORED or NORMALISED.fullmatch(note) is not None


def _positive(stored: Evaluation) -> str | None:
    """Returns the positive class that was asked for, None where none was."""
    binary = stored.binary
    return binary.positive if binary is not None and binary.named else None


def _blank_images(stored: Evaluation, n: int) -> NDArray[np.uint8] | None:
    """Returns images of the size of the record's own, in the room of one.

    What they show is not attached; their size tells how many examples the cells hold.
    """
    shown = (example for cell in stored.cells for example in cell.examples)
    pixels = next((e.pixels for e in shown if e.pixels is not None), None)
    if pixels is None:
        return None
    blank = np.zeros((pixels.height, pixels.width, pixels.channels), np.uint8)
    return np.broadcast_to(blank, (n, *blank.shape))


def _unvalidated(stored: Evaluation) -> str:
    """Returns why the record has no validation part: the predictions cannot tell."""
    reason = stored.calibration and stored.calibration.temperature_reason
    if reason is None and stored.binary is not None:
        reason = stored.binary.chosen_reason  # under thirty rows there is no other
    return reason or "No validation part was handed over."
