"""A comparison computed again from what a report carries of both runs."""

from dataclasses import replace
from hashlib import sha256

from reportgen.errors import PredictionsError
from reportgen.metrics.verdict import MARGIN
from reportgen.pipeline.checked import Check
from reportgen.pipeline.comparing import compare_comparisons
from reportgen.pipeline.contest import contest
from reportgen.pipeline.entrants import Entrant, side_of
from reportgen.pipeline.runs import BASELINE, PREDICTIONS
from reportgen.pipeline.taking_apart import Parts
from reportgen.predictions import Predictions
from reportgen.record import Comparison, Pixels, Record


def check_comparison(
    parts: Parts, predictions: Predictions, again: Record
) -> tuple[Check, Record]:
    """Returns whether a report's comparison follows, and the record with what does.

    Args:
        parts: The report, which holds a comparison.
        predictions: Those of its test part.
        again: Its record, as far as it was computed again.
    """
    stored = parts.record.comparison
    assert stored is not None  # there is one to check
    if parts.baseline is None:
        return Check("comparison", "", skipped=f"{BASELINE} is missing"), again
    try:
        found = _compared_again(parts, stored, predictions, parts.baseline)
    except PredictionsError as error:
        return Check("comparison", BASELINE, (str(error),)), again
    again = replace(again, comparison=found)
    compared = compare_comparisons(parts.record, again)
    said = f"{compared.values:,} values, computed again"
    return Check("comparison", said, compared.differences), again


def _compared_again(
    parts: Parts, stored: Comparison, predictions: Predictions, baseline: Predictions
) -> Comparison:
    """Returns the comparison that follows from the predictions of both runs.

    What a baseline is called, and how it came about, is taken from the record: nothing
    that the report carries can tell.

    Args:
        parts: The report.
        stored: The comparison in its record.
        predictions: The candidate's.
        baseline: The baseline's.

    Raises:
        PredictionsError: The two cannot be compared.
    """
    before = replace(
        stored.baseline,
        n=baseline.n,
        hard=baseline.hard,
        predictions_sha256=sha256(parts.files[BASELINE]).hexdigest(),
    )
    after = side_of(
        parts.record,
        parts.files[PREDICTIONS],
        source=stored.candidate.source,
        record_sha256=None,
    )
    return contest(
        Entrant(before, baseline, _unseen, b""),
        Entrant(after, predictions, _unseen, b""),
        parts.record.evaluation.sampling,
        margin=stored.paired.verdict.margin if stored.paired else MARGIN,
    )


def _unseen(_row: int) -> Pixels | None:
    """Returns no image: a report does not carry them."""
    return None
