"""Differences of all scores between two models on the same rows."""

import numpy as np
import pytest
from numpy.typing import NDArray

from pairs import hard, make_pair, resampled
from reportgen.metrics import METRICS, scores
from reportgen.metrics.comparison import compare
from reportgen.metrics.paired import Pair
from reportgen.metrics.paired_intervals import bonett_price
from reportgen.predictions import Predictions
from reportgen.record import Sampling
from reportgen.record.comparison import Difference, PairedComparison

SAMPLING = Sampling(replicates=2)
Z = 1.959963984540054


def by_key(comparison: PairedComparison) -> dict[str, Difference]:
    """Returns the differences by the key of their score."""
    return {one.key: one for one in comparison.differences}


def test_every_score_of_the_report_has_a_difference_in_its_order() -> None:
    found = compare(make_pair(), SAMPLING)
    assert [one.key for one in found.differences] == [one.key for one in METRICS]


def test_both_values_are_those_of_the_models_alone() -> None:
    pair = make_pair(300, 5, edge=0.4)
    before, after = (scores(one, SAMPLING) for one in (pair.baseline, pair.candidate))
    rows = zip(compare(pair, SAMPLING).differences, before, after, strict=True)
    for difference, old, new in rows:
        assert old.estimate is not None
        assert new.estimate is not None
        assert difference.baseline == pytest.approx(old.estimate.value, abs=1e-12)
        assert difference.candidate == pytest.approx(new.estimate.value, abs=1e-12)
        if difference.key == "ece":  # biased on either side, so not subtracted
            continue
        moved = new.estimate.value - old.estimate.value
        assert difference.estimate is not None
        assert difference.estimate.value == pytest.approx(moved, abs=1e-12)


def test_the_accuracy_has_the_interval_of_fixes_and_regressions() -> None:
    found = compare(make_pair(), SAMPLING)
    accuracy = by_key(found)["accuracy"].estimate
    assert accuracy is not None
    expected = bonett_price(
        found.flips.fixes, found.flips.regressions, found.flips.n, level=0.95
    )
    assert (accuracy.low, accuracy.high) == expected


def test_calibration_errors_are_not_subtracted() -> None:
    error = by_key(compare(make_pair(), SAMPLING))["ece"]
    assert error.estimate is None
    assert error.reason is not None
    assert "biased" in error.reason


def flawless(confidence: NDArray[np.float64]) -> Predictions:
    """Returns rows of class 0, all of them right with such a probability."""
    n = len(confidence)
    proba = np.stack([confidence, 1 - confidence], axis=1)
    ids = np.arange(n).astype(np.str_)
    return Predictions(np.zeros(n, dtype=np.int64), proba, ("a", "b"), ids)


def test_losses_of_two_models_without_an_error_say_what_they_cannot_know() -> None:
    sure = np.linspace(0.9, 0.99, 40)
    pair = Pair(flawless(sure - 0.1), flawless(np.sqrt(sure)))
    for key in ("log_loss", "brier_score"):
        note = by_key(compare(pair, SAMPLING))[key].note
        assert note == "no errors: what a wrong row would add is not in it"


def test_losses_of_two_models_of_which_one_errs_need_no_such_word() -> None:
    sure = np.linspace(0.9, 0.99, 40)
    erring = flawless(np.r_[0.2, sure[1:]])
    for pair in (Pair(flawless(sure), erring), Pair(erring, flawless(sure))):
        assert by_key(compare(pair, SAMPLING))["log_loss"].note is None


def test_models_that_change_places_change_every_sign() -> None:
    pair = make_pair(edge=0.3)
    there = compare(pair, SAMPLING)
    back = compare(Pair(pair.candidate, pair.baseline), SAMPLING)
    for one, other in zip(there.differences, back.differences, strict=True):
        if one.estimate and other.estimate:
            assert one.estimate.low is not None
            assert other.estimate.high is not None
            assert one.estimate.value == pytest.approx(-other.estimate.value, abs=1e-12)
            assert one.estimate.low == pytest.approx(-other.estimate.high, abs=1e-12)


def test_the_order_of_the_rows_changes_nothing() -> None:
    pair = make_pair()
    turned = resampled(pair, np.random.default_rng(0).permutation(pair.n))
    for one, other in zip(
        compare(pair, SAMPLING).differences,
        compare(turned, SAMPLING).differences,
        strict=True,
    ):
        if one.estimate and other.estimate:
            assert one.estimate.low == pytest.approx(other.estimate.low, abs=1e-12)


def test_intervals_are_as_wide_as_the_paired_bootstrap_says() -> None:
    # Both models on the same rows drawn again: the spread of each difference.
    pair, rng = make_pair(1_000, 4, seed=3, edge=0.3), np.random.default_rng(0)
    drawn: dict[str, list[float]] = {}
    for _ in range(400):
        again = compare(resampled(pair, rng.integers(0, pair.n, pair.n)), SAMPLING)
        for one in again.differences:
            if one.estimate:
                drawn.setdefault(one.key, []).append(one.estimate.value)
    for key, one in by_key(compare(pair, SAMPLING)).items():
        if key == "top_3_accuracy":  # one row tells them apart: two more are many
            continue
        if one.estimate:
            assert one.estimate.low is not None
            assert one.estimate.high is not None
            half = (one.estimate.high - one.estimate.low) / 2
            spread = float(np.std(drawn[key], ddof=1))
            assert half / Z == pytest.approx(spread, rel=0.15), key  # four errors


def test_a_model_beside_itself_differs_by_exactly_nothing() -> None:
    one = make_pair().baseline
    found = by_key(compare(Pair(one, one), SAMPLING))
    values = {key: row.estimate.value for key, row in found.items() if row.estimate}
    assert set(values.values()) == {0.0}
    for key in ("f1_macro", "cohen_kappa", "roc_auc_ovr", "log_loss"):
        row = found[key]
        assert row.estimate is not None
        assert row.estimate.low is None
        assert row.note is not None
    assert found["accuracy"].estimate is not None
    assert found["accuracy"].estimate.low is not None  # other rows may tell them apart


def test_labels_of_one_class_leave_shares_and_losses() -> None:
    found = by_key(compare(hard([0, 0, 0], [0, 0, 1], [0, 1, 1], k=2), SAMPLING))
    for key in ("cohen_kappa", "matthews_corrcoef", "roc_auc_ovr"):
        assert found[key].estimate is None
        assert found[key].reason == "y_true holds one class only"
    # Right on 2 of 3, then on 1 of 3.
    assert found["accuracy"].estimate is not None
    assert found["accuracy"].estimate.value == pytest.approx(-1 / 3)
    assert found["brier_score"].estimate is not None


def test_one_row_has_differences_without_intervals() -> None:
    found = compare(hard([0], [1], [0], k=2), SAMPLING)
    accuracy = by_key(found)["accuracy"]
    assert accuracy.estimate is not None
    assert accuracy.estimate.value == 1
    assert accuracy.estimate.low is None
    assert accuracy.note == "one row: no interval"
    assert found.verdict.kind == "inconclusive"


def test_a_class_of_one_row_leaves_areas_without_intervals() -> None:
    pair = hard([0, 0, 0, 1], [0, 1, 0, 1], [0, 0, 1, 0], k=2)
    area = by_key(compare(pair, SAMPLING))["roc_auc_ovr"]
    assert area.estimate is not None
    assert area.estimate.low is None
    assert area.note == "a class or its rest has one row: no interval"


def test_means_tell_which_classes_they_leave_out() -> None:
    found = by_key(
        compare(hard([0, 1, 0, 1], [0, 1, 1, 1], [0, 1, 0, 2], k=3), SAMPLING)
    )
    for key in ("f1_macro", "roc_auc_ovr"):
        note = found[key].note
        assert note is not None
        assert "over 2 of 3 classes" in note
    assert found["top_3_accuracy"].reason == "3 classes make it 1 by definition"


def test_clipped_rows_are_told() -> None:
    # The baseline gives the true class of one row nothing, the candidate of two.
    loss = by_key(compare(hard([0, 1, 0], [0, 0, 0], [1, 0, 0], k=2), SAMPLING))[
        "log_loss"
    ]
    assert loss.note == "rows clipped at 1e-15: baseline 1, candidate 2"


def test_comparing_again_gives_the_same_bytes() -> None:
    pair = make_pair()
    assert compare(pair, SAMPLING) == compare(pair, SAMPLING)


@pytest.mark.parametrize(
    ("which", "reason"),
    [
        ("baseline", "baseline: only predicted labels were handed over"),
        ("candidate", "candidate: only predicted labels were handed over"),
        ("baseline candidate", "only predicted labels were handed over"),
    ],
)
def test_labels_alone_leave_what_needs_probabilities_undefined(
    which: str, reason: str
) -> None:
    pair = make_pair(300, 5, edge=0.4)
    found = compare(
        Pair(
            *(
                as_labels(one) if name in which.split() else one
                for name, one in (
                    ("baseline", pair.baseline),
                    ("candidate", pair.candidate),
                )
            )
        ),
        SAMPLING,
    )
    rows = by_key(found)
    unread = {metric.key for metric in METRICS if not metric.of_labels}
    assert {key for key, row in rows.items() if row.reason == reason} == unread
    assert {key for key, row in rows.items() if row.estimate is None} == unread
    for one in found.classes:
        assert one.roc_auc.reason == one.average_precision.reason == reason
        assert one.f1.estimate is not None


def test_labels_alone_change_nothing_that_rests_on_labels() -> None:
    pair = make_pair(300, 5, edge=0.4)
    told = compare(Pair(as_labels(pair.baseline), pair.candidate), SAMPLING)
    whole = compare(pair, SAMPLING)
    assert told.flips == whole.flips
    assert told.verdict == whole.verdict
    rows, others = by_key(told), by_key(whole)
    for metric in METRICS:
        if metric.of_labels:
            assert rows[metric.key] == others[metric.key]


def as_labels(predictions: Predictions) -> Predictions:
    """Returns the predictions as if labels alone had been handed over."""
    return Predictions(
        predictions.y_true,
        np.eye(predictions.k)[predictions.y_pred],
        predictions.class_names,
        predictions.row_ids,
        hard=True,
    )


def test_rows_that_all_move_alike_bring_no_interval_and_no_claim_of_likeness() -> None:
    y_true = np.array([0, 0, 0, 1, 1])
    rising = np.linspace(0.1, 0.9, 5)
    reversed_, perfect = (
        Predictions(
            y_true, np.stack([1 - p, p], 1), ("a", "b"), np.array(list("vwxyz"))
        )
        for p in (rising[::-1], rising)
    )
    found = compare(Pair(reversed_, perfect), Sampling()).differences
    [area] = [one for one in found if one.key == "roc_auc_ovr"]
    assert area.estimate is not None
    assert (area.estimate.value, area.estimate.low) == (1.0, None)
    assert area.note == "every row moves it alike: nothing tells how far it may move"
