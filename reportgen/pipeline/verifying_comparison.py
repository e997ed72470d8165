"""Whether the page of a comparison is true, by what it carries of both runs.

As with a report the numbers are computed again from the rows, and the pages are drawn
again from the numbers.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256

from reportgen.errors import PredictionsError
from reportgen.evaluation import evaluate
from reportgen.pipeline.carrying import absence_told, comparison_cargo
from reportgen.pipeline.checked import Check, Verification
from reportgen.pipeline.comparing import compare_comparisons
from reportgen.pipeline.contest import contest
from reportgen.pipeline.entrants import Entrant
from reportgen.pipeline.gating import unlike_judgements
from reportgen.pipeline.press import waiting_press
from reportgen.pipeline.printed import Printed, check_fingerprint, check_pages, unseen
from reportgen.pipeline.reader import Reader
from reportgen.pipeline.request import Watcher
from reportgen.pipeline.runs import BASELINE, CANDIDATE, COMPARISON
from reportgen.pipeline.showing_comparison import card_of
from reportgen.pipeline.taking_apart import ComparisonParts
from reportgen.predictions import Predictions
from reportgen.record import Comparison, Pixels, Side
from reportgen.record.wording import counted
from reportgen.render import to_html

EVIDENCE = (BASELINE, CANDIDATE)
"""Predictions that a comparison rests on."""

LIMITS = (
    "That rows and predictions are those of data and models: made-up ones agree too.",
    "That the two are the runs that they are called; what their own reports say.",
    "What it says besides, of training and machine; what its images show.",
)
"""What no comparison can prove of itself, a sentence each."""


def verify_comparison(
    parts: ComparisonParts, reader: Reader, watcher: Watcher
) -> Verification:
    """Returns whether the numbers of a comparison follow from what its PDF carries.

    Args:
        parts: The PDF, taken apart.
        reader: Reads its pages beside those drawn again.
        watcher: Who is told how it goes.
    """
    document = parts.document
    printed = Printed(
        content=parts.content,
        pages=parts.pages,
        source="comparison",
        numbers=parts.files[COMPARISON],
        provenance=document.provenance,
    )
    with waiting_press() as press, ThreadPoolExecutor(1) as beside_us:
        watcher.on_stage("figures")
        evidence = {name: parts.files.get(name) for name in EVIDENCE}
        absent = absence_told(parts.pages)
        carried = comparison_cargo(document, evidence, absent=absent)
        drawn = beside_us.submit(
            press.to_pdf,
            to_html(card_of(document, carried)),
            created_at=document.timings.created_at,
            attachments=carried.attachments,
        )
        watcher.on_stage("compare")
        checks = [_attachments(parts), check_fingerprint(printed), *_numbers(parts)]
        watcher.on_stage("pdf")
        again = drawn.result()
    checks += check_pages(printed, again, reader)
    limits = (*LIMITS, *unseen(printed, again, checks))
    return Verification(document, tuple(checks), limits)


def _attachments(parts: ComparisonParts) -> Check:
    """Returns whether the page carries what it can be checked by, and no more."""
    needed = (COMPARISON, *EVIDENCE)
    missing = (
        f"{name} is missing; where it was too large, name its folder with --beside"
        for name in needed
        if name not in parts.files
    )
    strange = (
        f"{name!r} is not of a comparison" for name in parts.files if name not in needed
    )
    return Check("attachments", ", ".join(needed), (*missing, *strange))


def _numbers(parts: ComparisonParts) -> Iterator[Check]:
    """Yields whether comparison and judgements follow from the predictions."""
    if parts.baseline is None or parts.candidate is None:
        lacking = [name for name in EVIDENCE if name not in parts.files]
        yield Check("comparison", "", skipped=f"{' and '.join(lacking)} missing")
        return
    stored = parts.document.comparison
    try:
        found = _compared_again(parts, parts.baseline, parts.candidate)
    except PredictionsError as error:
        yield Check("comparison", " and ".join(EVIDENCE), (str(error),))
        return
    compared = compare_comparisons(stored, found)
    said = f"{compared.values:,} values, computed again"
    yield Check("comparison", said, compared.differences)
    if parts.document.judgements:
        yield _judgements(parts, parts.candidate, found)


def _compared_again(
    parts: ComparisonParts, baseline: Predictions, candidate: Predictions
) -> Comparison:
    """Returns the comparison that follows from the predictions of both runs.

    What the runs are called, and how they came about, is taken as it stands: nothing
    that the page carries can tell.

    Raises:
        PredictionsError: The two cannot be compared.
    """
    stored = parts.document.comparison
    return contest(
        _entrant(stored.baseline, baseline, parts.files[BASELINE]),
        _entrant(stored.candidate, candidate, parts.files[CANDIDATE]),
        parts.document.sampling,
        margin=parts.document.margin,
    )


def _entrant(side: Side, predictions: Predictions, content: bytes) -> Entrant:
    """Returns a run as far as its predictions tell of it."""
    side = replace(
        side,
        n=predictions.n,
        hard=predictions.hard,
        predictions_sha256=sha256(content).hexdigest(),
    )
    return Entrant(side, predictions, _unseen, content)


def _unseen(_row: int) -> Pixels | None:
    """Returns no image: a page does not carry them."""
    return None


def _judgements(
    parts: ComparisonParts, candidate: Predictions, found: Comparison
) -> Check:
    """Returns whether the outcomes follow from the numbers computed again.

    What is required of the candidate alone is judged at the comparison's level.
    """
    stored = parts.document.judgements
    evaluation = evaluate(candidate, sampling=parts.document.sampling)
    asked = counted(len(stored), "requirement")
    differences = unlike_judgements(stored, evaluation, found)
    return Check("judgements", f"{asked}, judged again", differences)
