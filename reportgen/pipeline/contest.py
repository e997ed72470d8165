"""Two runs beside each other: what the same rows say, or else what two test sets do."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from reportgen.metrics import scores
from reportgen.metrics.comparison import compare
from reportgen.metrics.paired import Pair
from reportgen.metrics.unpaired import unpaired_differences
from reportgen.pipeline.entrants import Entrant, Look
from reportgen.pipeline.matching import Match, Rows, match_rows
from reportgen.predictions import Predictions
from reportgen.record import (
    Comparison,
    Difference,
    Flip,
    FlipGallery,
    Pixels,
    Sampling,
    Side,
)

GALLERY = 25
"""Flips of one gallery."""

GALLERY_BYTES = 1_000_000
"""Bytes of its pixels together, so that large images do not swell the record."""

OF_WEIGHTS = (
    "The verdict is on these two sets of weights, not on how they were trained: a "
    "training from another seed gives other weights, and may give another verdict."
)
OF_PREDICTIONS = (
    "The verdict is on these predictions, not on how they came about: a training from "
    "another seed gives other ones, and may give another verdict."
)
SAME_WEIGHTS = "Both runs are of the same weights."
OVERLAPPING = (
    "Some rows are in both test sets, while the intervals take the two to be drawn "
    "apart."
)
CONFOUNDED = (
    "The test sets are different, so a difference may be that of the rows: none is "
    "called better or worse."
)
NO_FLIPS = FlipGallery((), 0)


def contest(
    baseline: Entrant, candidate: Entrant, sampling: Sampling, *, margin: float
) -> Comparison:
    """Returns a candidate beside its baseline.

    Args:
        baseline: What there is.
        candidate: What may take its place.
        sampling: Level, replicates and seed of the intervals, the same for both.
        margin: Loss of accuracy that is put up with, as a share, 0 or more.

    Raises:
        PredictionsError: The classes differ, or a row has two labels.
    """
    match = match_rows(baseline.predictions, candidate.predictions)
    paired, fixes, regressions = None, NO_FLIPS, NO_FLIPS
    if match.rows is not None:
        pair = Pair(match.baseline, match.candidate)
        paired = compare(pair, sampling, margin=margin)
        look = _looking_at_both(baseline.look, candidate.look, match.rows)
        was_right, is_right = pair.before == pair.y_true, pair.after == pair.y_true
        fixes = _gallery(pair, is_right & ~was_right, look)
        regressions = _gallery(pair, was_right & ~is_right, look)
    return Comparison(
        baseline=baseline.side,
        candidate=candidate.side,
        class_names=match.candidate.class_names,
        matched_by=match.by,
        shared=match.shared,
        paired=paired,
        unpaired=() if paired else _apart(match, sampling),
        reason=match.reason,
        fixes=fixes,
        regressions=regressions,
        notes=(*match.notes, *_notes(baseline.side, candidate.side, match, sampling)),
    )


def _looking_at_both(baseline: Look, candidate: Look, rows: Rows) -> Look:
    """Returns what finds the image of a candidate's row in either run."""
    return lambda row: candidate(row) or baseline(int(rows[row]))


def _gallery(pair: Pair, flipped: NDArray[np.bool_], look: Look) -> FlipGallery:
    """Returns the first rows that flipped, in the candidate's order."""
    rows = np.flatnonzero(flipped)
    flips, room = [], GALLERY_BYTES
    for row in rows[:GALLERY].tolist():
        pixels = look(row)
        room -= len(pixels.data) if pixels else 0
        flips.append(_flip(pair, row, pixels if room >= 0 else None))
    return FlipGallery(tuple(flips), len(rows))


def _flip(pair: Pair, row: int, pixels: Pixels | None) -> Flip:
    """Returns one row as both models judged it."""
    names = pair.candidate.class_names
    return Flip(
        row_id=str(pair.candidate.row_ids[row]),
        true=names[pair.y_true[row]],
        baseline=names[pair.before[row]],
        candidate=names[pair.after[row]],
        baseline_probability=_surest(pair.baseline, row),
        candidate_probability=_surest(pair.candidate, row),
        pixels=pixels,
    )


def _surest(predictions: Predictions, row: int) -> float | None:
    """Returns the probability of the prediction, None of one that has none."""
    return None if predictions.hard else float(predictions.y_proba[row].max())


def _apart(match: Match, sampling: Sampling) -> tuple[Difference, ...]:
    """Returns the differences of the scores of two test sets."""
    before, after = (scores(one, sampling) for one in (match.baseline, match.candidate))
    return unpaired_differences(before, after)


def _notes(
    baseline: Side, candidate: Side, match: Match, sampling: Sampling
) -> Iterator[str]:
    """Yields what a reader must know of two runs beside each other, in sentences."""
    if match.by is None:
        yield CONFOUNDED
        if match.shared:
            yield OVERLAPPING
    else:
        yield _subject(baseline, candidate)
        weights = baseline.weights_sha256, candidate.weights_sha256
        if baseline.dataset != candidate.dataset and None not in weights:
            yield (
                "The rows are the same, but the runs call their data "
                f"{baseline.dataset!r} and {candidate.dataset!r}."
            )
    unknown = [one for one in (baseline, candidate) if one.recipe is None]
    if unknown:
        yield (
            f"How the {_which(unknown, baseline)} trained is not known: some test rows "
            "may be among those that were fitted on."
        )
    if {baseline.level, candidate.level} != {sampling.level}:
        yield (
            f"The intervals of the two reports are at {baseline.level:g} and "
            f"{candidate.level:g}; here all are at {sampling.level:g}."
        )


def _subject(baseline: Side, candidate: Side) -> str:
    """Returns what a verdict is on."""
    weights = baseline.weights_sha256, candidate.weights_sha256
    if None in weights:
        return OF_PREDICTIONS
    return SAME_WEIGHTS if weights[0] == weights[1] else OF_WEIGHTS


def _which(unknown: list[Side], baseline: Side) -> str:
    """Returns whose training is not known, with its verb."""
    if len(unknown) > 1:
        return "two models were"
    return f"{'baseline' if unknown[0] is baseline else 'candidate'} was"
