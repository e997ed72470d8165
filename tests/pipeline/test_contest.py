"""Two runs beside each other."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from contests import make_side
from pairs import make_pair
from records import make_images, make_predictions
from reportgen.metrics import scores
from reportgen.metrics.comparison import compare
from reportgen.metrics.paired import Pair
from reportgen.metrics.unpaired import unpaired_differences
from reportgen.pipeline.contest import (
    CONFOUNDED,
    GALLERY,
    OF_PREDICTIONS,
    OF_WEIGHTS,
    OVERLAPPING,
    SAME_WEIGHTS,
    contest,
)
from reportgen.pipeline.entrants import Entrant
from reportgen.predictions import Predictions
from reportgen.record import Comparison, Pixels, Sampling

SAMPLING = Sampling(replicates=100)
PAIR = make_pair(400, 5, edge=0.4)


def entrant(predictions: Predictions, **changes: Any) -> Entrant:
    """Returns a run that has no images, its side with the named fields replaced."""
    side = replace(make_side(), n=predictions.n, weights_sha256="a" * 64)
    return Entrant(replace(side, **changes), predictions, lambda _row: None, b"")


def met(**changes: Any) -> Comparison:
    """Returns two models on the same rows, the candidate's side changed."""
    candidate = entrant(PAIR.candidate, **{"weights_sha256": "b" * 64, **changes})
    return contest(entrant(PAIR.baseline), candidate, SAMPLING, margin=0.001)


def test_the_same_rows_are_compared_in_pairs() -> None:
    found = met()
    assert found.paired == compare(PAIR, SAMPLING, margin=0.001)
    assert found.matched_by == "ids"
    assert found.shared == found.candidate.n
    assert found.unpaired == ()


def test_other_rows_give_differences_and_no_verdict() -> None:
    other = make_pair(300, 5, seed=1).baseline
    names = np.array([f"other/{row}" for row in range(300)])
    baseline = replace(other, row_ids=names)
    found = contest(entrant(baseline), entrant(PAIR.candidate), SAMPLING, margin=0.001)
    assert found.paired is None
    assert found.shared == 0
    assert found.unpaired == unpaired_differences(
        scores(baseline, SAMPLING), scores(PAIR.candidate, SAMPLING)
    )
    assert found.fixes.total == found.regressions.total == 0
    assert CONFOUNDED in found.notes
    assert OVERLAPPING not in found.notes


def test_rows_in_both_test_sets_are_told() -> None:
    names = PAIR.baseline.row_ids.copy()
    names[0] = "another"
    baseline = entrant(replace(PAIR.baseline, row_ids=names))
    found = contest(baseline, entrant(PAIR.candidate), SAMPLING, margin=0.001)
    assert found.shared == 399
    assert OVERLAPPING in found.notes


def test_a_model_beside_itself_decides_alike() -> None:
    one = entrant(PAIR.baseline)
    found = contest(one, one, SAMPLING, margin=0.001)
    assert found.paired is not None
    assert found.paired.verdict.kind == "identical"
    assert SAME_WEIGHTS in found.notes


def test_galleries_hold_the_first_flips_in_the_candidates_order() -> None:
    found = met()
    right = PAIR.before == PAIR.y_true, PAIR.after == PAIR.y_true
    for gallery, rows in (
        (found.fixes, np.flatnonzero(~right[0] & right[1])),
        (found.regressions, np.flatnonzero(right[0] & ~right[1])),
    ):
        assert gallery.total == len(rows)
        first = PAIR.candidate.row_ids[rows[:GALLERY]].tolist()
        assert [one.row_id for one in gallery.examples] == first
    flip = found.fixes.examples[0]
    assert flip.candidate == flip.true != flip.baseline
    row = PAIR.candidate.row_ids.tolist().index(flip.row_id)
    assert flip.baseline_probability == PAIR.baseline.y_proba[row].max()
    assert flip.candidate_probability == PAIR.candidate.y_proba[row].max()


def test_an_image_comes_from_either_run() -> None:
    images = make_images(400)
    order = np.random.default_rng(0).permutation(400)
    old = Predictions(
        PAIR.baseline.y_true[order],
        PAIR.baseline.y_proba[order],
        PAIR.baseline.class_names,
        PAIR.baseline.row_ids[order],
    )

    def of_old(row: int) -> Pixels | None:
        """Returns the image of a row in the baseline's own order."""
        image = images[order[row]]
        return Pixels.of(image.shape, image.tobytes())

    baseline = replace(entrant(old), look=of_old)
    found = contest(baseline, entrant(PAIR.candidate), SAMPLING, margin=0.001)
    assert found.fixes.without_pixels == 0
    for flip in (*found.fixes.examples, *found.regressions.examples):
        row = PAIR.candidate.row_ids.tolist().index(flip.row_id)
        assert flip.pixels is not None
        assert flip.pixels.data == images[row].tobytes()


def test_large_images_are_kept_as_far_as_there_is_room() -> None:
    large = Pixels(400, 1_000, 1, bytes(400_000))
    candidate = replace(entrant(PAIR.candidate), look=lambda _row: large)
    found = contest(entrant(PAIR.baseline), candidate, SAMPLING, margin=0.001)
    kept = [flip.pixels is not None for flip in found.fixes.examples]
    assert kept == [True, True] + [False] * (len(kept) - 2)


def test_labels_alone_have_no_probability() -> None:
    hard = replace(
        PAIR.baseline, y_proba=np.eye(5)[PAIR.before], hard=True, contents=None
    )
    found = contest(
        entrant(hard, hard=True), entrant(PAIR.candidate), SAMPLING, margin=0.001
    )
    assert found.hard
    assert found.fixes.examples[0].baseline_probability is None
    assert found.fixes.examples[0].candidate_probability is not None


def test_the_verdict_is_on_weights_and_not_on_recipes() -> None:
    assert OF_WEIGHTS in met().notes
    assert OF_PREDICTIONS in met(weights_sha256=None).notes


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"recipe": None}, "How the candidate was trained is not known"),
        ({"dataset": "Forms"}, "the runs call their data 'Shapes' and 'Forms'"),
        ({"sampling": Sampling(0.9)}, "are at 0.95 and 0.9; here all are at 0.95"),
    ],
)
def test_what_makes_two_runs_unlike_is_told(changes: dict[str, Any], said: str) -> None:
    assert any(said in note for note in met(**changes).notes)
    assert not any(said in note for note in met().notes)


def test_other_classes_that_are_named_alike_in_another_order_change_nothing() -> None:
    one = make_predictions(100, 3)
    turned = replace(
        one,
        y_true=(one.y_true + 1) % 3,
        y_proba=np.roll(one.y_proba, 1, axis=1),
        class_names=("2", "0", "1"),
    )
    found = contest(entrant(turned), entrant(one), SAMPLING, margin=0.001)
    assert found.paired == compare(Pair(one, one), SAMPLING, margin=0.001)
    assert found.class_names == one.class_names
