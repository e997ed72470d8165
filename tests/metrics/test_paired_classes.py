"""What became of each class."""

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from pairs import hard, make_pair, resampled
from reportgen.metrics.comparison import compare
from reportgen.metrics.multiple import holm
from reportgen.metrics.paired import Pair
from reportgen.metrics.paired_counts import mcnemar
from reportgen.metrics.paired_intervals import bonett_price
from reportgen.metrics.per_class import class_scores
from reportgen.record import Sampling
from reportgen.record.comparison import ClassChange

SAMPLING = Sampling(replicates=2)
KEYS = ("recall", "precision", "f1", "roc_auc", "average_precision")


def test_holm_is_that_of_statsmodels() -> None:
    rng = np.random.default_rng(0)
    for m in (1, 2, 7, 30):
        p_values = rng.random(m) ** 3
        theirs = multipletests(p_values, method="holm")[1]
        assert holm(p_values.tolist()) == pytest.approx(theirs.tolist(), abs=1e-15)
    assert holm([]) == []


def test_counts_of_a_class_by_hand() -> None:
    pair = hard([0, 0, 0, 1, 1], [0, 1, 1, 1, 0], [0, 0, 1, 0, 0], k=2)
    first, second = compare(pair, SAMPLING).classes
    assert (first.support, first.fixes, first.regressions) == (3, 1, 0)
    assert (second.support, second.fixes, second.regressions) == (2, 0, 1)
    assert (first.predicted_by_baseline, first.predicted_by_candidate) == (2, 4)
    assert first.p_value == mcnemar(1, 0).mid_p


def test_fixes_of_the_classes_add_up() -> None:
    found = compare(make_pair(), SAMPLING)
    assert sum(one.fixes for one in found.classes) == found.flips.fixes
    assert sum(one.regressions for one in found.classes) == found.flips.regressions


def test_p_values_are_corrected_over_the_classes_with_rows() -> None:
    found = compare(make_pair(900, 6), SAMPLING).classes
    p_values = [one.p_value for one in found if one.p_value is not None]
    assert [one.p_value_holm for one in found] == pytest.approx(holm(p_values))


def test_both_values_are_those_of_the_models_alone() -> None:
    pair = make_pair(300, 4, edge=0.4)
    alone = (class_scores(one, SAMPLING) for one in (pair.baseline, pair.candidate))
    for change, old, new in zip(compare(pair, SAMPLING).classes, *alone, strict=True):
        for key in KEYS:
            before, after = getattr(old, key).estimate, getattr(new, key).estimate
            found = getattr(change, key)
            assert found.baseline == pytest.approx(before.value, abs=1e-12)
            assert found.candidate == pytest.approx(after.value, abs=1e-12)


def test_recall_has_the_interval_of_the_rows_of_its_class() -> None:
    one = compare(make_pair(), SAMPLING).classes[2]
    expected = bonett_price(one.fixes, one.regressions, one.support, level=0.95)
    assert one.recall.estimate is not None
    assert (one.recall.estimate.low, one.recall.estimate.high) == expected


def test_intervals_are_as_wide_as_the_paired_bootstrap_says() -> None:
    pair, rng = make_pair(1_200, 3, seed=1, edge=0.3), np.random.default_rng(0)
    found = compare(pair, SAMPLING).classes[1]
    draws = [
        compare(resampled(pair, rng.integers(0, pair.n, pair.n)), SAMPLING).classes[1]
        for _ in range(400)
    ]
    for key in KEYS:
        spread = np.std([value_of(one, key) for one in draws], ddof=1)
        estimate = getattr(found, key).estimate
        half = (estimate.high - estimate.low) / 2
        assert half / 1.959964 == pytest.approx(spread, rel=0.15), key


def value_of(change: ClassChange, key: str) -> float:
    """Returns a difference of a class."""
    value: float = getattr(change, key).estimate.value
    return value


def test_a_class_without_rows_has_no_recall() -> None:
    gone = compare(hard([0, 1, 0], [0, 1, 2], [0, 2, 2], k=3), SAMPLING).classes[2]
    assert (gone.p_value, gone.p_value_holm) == (None, None)
    assert gone.recall.reason == gone.f1.reason == "0 rows of this class"
    assert gone.roc_auc.reason == "0 rows of this class"
    # Predicted once, then twice, and never right: 0 - 0.
    assert gone.precision.estimate is not None
    assert gone.precision.estimate.value == 0


@pytest.mark.parametrize(
    ("before", "after", "who"),
    [([0, 0, 0], [0, 1, 0], "baseline"), ([0, 1, 0], [0, 0, 0], "candidate")],
)
def test_a_class_never_predicted_has_no_precision(
    before: list[int], after: list[int], who: str
) -> None:
    found = compare(hard([0, 1, 0], before, after, k=2), SAMPLING).classes[1]
    assert found.precision.reason == f"never predicted by the {who}"


def test_permuting_the_classes_permutes_the_changes() -> None:
    pair = make_pair(300, 3)
    turned = hard(
        (2 - pair.y_true).tolist(),
        (2 - pair.before).tolist(),
        (2 - pair.after).tolist(),
        k=3,
    )
    plain = hard(pair.y_true.tolist(), pair.before.tolist(), pair.after.tolist(), k=3)
    there, back = (compare(one, SAMPLING).classes for one in (plain, turned))
    for one, other in zip(there, back[::-1], strict=True):
        assert (one.fixes, one.regressions) == (other.fixes, other.regressions)
        assert one.f1 == other.f1
        assert one.precision == other.precision


def test_a_model_beside_itself_changes_no_class() -> None:
    one = make_pair().baseline
    for change in compare(Pair(one, one), SAMPLING).classes:
        assert change.p_value == change.p_value_holm == 1
        assert {value_of(change, key) for key in KEYS} == {0.0}
