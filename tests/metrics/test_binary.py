"""Two classes by hand, by laws, and beside scikit-learn."""

from dataclasses import replace
from itertools import pairwise
from math import exp, log, sqrt

import numpy as np
import pytest
from sklearn import metrics as sk

from records import make_predictions
from reportgen.errors import PredictionsError
from reportgen.metrics.binary import (
    binary_view,
    check_positive,
    measures,
    negative_likelihood_ratio,
    positive_likelihood_ratio,
)
from reportgen.metrics.intervals import wilson
from reportgen.metrics.measured import HeldBack
from reportgen.metrics.paired import Pair
from reportgen.metrics.paired_ranking import area_changes
from reportgen.metrics.ranking import class_areas, roc_auc_ovr
from reportgen.metrics.thresholds import THRESHOLDS, chosen_thresholds
from reportgen.predictions import Predictions
from reportgen.record import BinaryView, Outcomes, Sampling, Score

Z = 1.959963984540054
NONE = HeldBack(None, "No validation part was handed over.")
SAMPLING = Sampling()


def of(y_true: list[int], scores: list[float]) -> Predictions:
    """Returns rows with those probabilities of the second class, "sick"."""
    p = np.array(scores)
    ids = np.arange(len(p)).astype(np.str_)
    names = ("well", "sick")
    return Predictions(np.array(y_true), np.c_[1 - p, p], names, ids)


def view(predictions: Predictions, positive: str | None = None) -> BinaryView:
    found = binary_view(predictions, NONE, SAMPLING, positive=positive)
    assert found is not None
    return found


def by_key(outcomes: Outcomes) -> dict[str, Score]:
    return {score.key: score for score in measures(outcomes, 0.95)}


def value(score: Score) -> float:
    assert score.estimate is not None
    return score.estimate.value


# Ten rows, four sick. At 0.5 and above: sick .9 .8 .5, well .7; below: sick .2, and
# well .4 .3 .2 .1 .1.
HAND = of(
    [1, 1, 1, 1, 0, 0, 0, 0, 0, 0], [0.9, 0.8, 0.5, 0.2, 0.7, 0.4, 0.3, 0.2, 0.1, 0.1]
)


def test_the_four_counts_by_hand() -> None:
    # 0.5 is a tie, which the prediction gives to the first class, "well".
    assert view(HAND).outcomes == Outcomes(2, 1, 2, 5)


def test_the_measures_by_hand() -> None:
    # 90 of 100 sick found, 20 of 100 well taken for sick.
    found = {k: value(s) for k, s in by_key(Outcomes(90, 20, 10, 80)).items()}
    assert found == pytest.approx(
        {
            "sensitivity": 0.9,
            "specificity": 0.8,
            "positive_predictive_value": 90 / 110,
            "negative_predictive_value": 80 / 90,
            "f1": 180 / 210,  # 2 · 90 / (2 · 90 + 20 + 10)
            "positive_likelihood_ratio": 4.5,  # 0.9 / 0.2
            "negative_likelihood_ratio": 0.125,  # 0.1 / 0.8
        }
    )


def test_shares_have_wilsons_interval_of_their_own_rows() -> None:
    found = by_key(Outcomes(90, 20, 10, 80))
    for key, (successes, n) in {
        "sensitivity": (90, 100),
        "specificity": (80, 100),
        "positive_predictive_value": (90, 110),
        "negative_predictive_value": (80, 90),
    }.items():
        estimate = found[key].estimate
        assert estimate is not None
        assert (estimate.low, estimate.high) == wilson(successes, n, 0.95)
        assert estimate.n == n


def test_likelihood_ratios_have_the_interval_of_their_logarithm() -> None:
    # Simel 1991: var log LR+ = 1/90 - 1/100 + 1/20 - 1/100 = 0.0411111.
    found = positive_likelihood_ratio(Outcomes(90, 20, 10, 80), 0.95).estimate
    assert found is not None
    reach = Z * sqrt(1 / 90 - 1 / 100 + 1 / 20 - 1 / 100)
    assert found.low == pytest.approx(exp(log(4.5) - reach))
    assert found.high == pytest.approx(exp(log(4.5) + reach))


def test_a_ratio_without_a_false_positive_has_no_bound() -> None:
    found = positive_likelihood_ratio(Outcomes(9, 0, 1, 10), 0.95)
    assert found.reason == "no negative is read as positive"


def test_a_ratio_of_none_missed_is_zero_without_an_interval() -> None:
    found = negative_likelihood_ratio(Outcomes(10, 2, 0, 8), 0.95)
    assert found.value == 0
    assert found.note == "no positive is read as negative: no interval"


def test_a_constant_reading_has_a_ratio_of_one_without_an_interval() -> None:
    found = positive_likelihood_ratio(Outcomes(10, 10, 0, 0), 0.95)
    assert found.value == 1
    assert found.estimate is not None
    assert found.estimate.low is None


def test_one_class_leaves_its_measures_undefined_with_their_reasons() -> None:
    found = {s.key: s.reason for s in view(of([0] * 5, [0.1] * 5)).measures}
    assert found["sensitivity"] == found["f1"] == "0 rows of the positive class"
    assert found["positive_predictive_value"] == "never predicted"
    assert found["positive_likelihood_ratio"] == "0 rows of the positive class"
    assert found["specificity"] is None


def test_naming_the_other_class_swaps_sensitivity_and_specificity() -> None:
    sick, well = view(HAND), view(HAND, "well")
    pairs = (
        ("sensitivity", "specificity"),
        ("positive_predictive_value", "negative_predictive_value"),
    )
    for one, other in pairs:
        assert sick.measure(one).estimate == well.measure(other).estimate
        assert sick.measure(other).estimate == well.measure(one).estimate
    assert well.named
    assert not sick.named


def test_the_second_class_is_looked_for_unless_another_is_named() -> None:
    found = view(HAND)
    assert (found.positive, found.negative) == ("sick", "well")
    assert found.prevalence.value == 0.4


def test_a_positive_class_of_no_name_names_the_nearest() -> None:
    with pytest.raises(PredictionsError, match=r"'well' or 'sick'.*nearest is 'sick'"):
        view(HAND, "sik")


def test_no_class_is_nearest_to_a_word_that_is_like_neither() -> None:
    with pytest.raises(PredictionsError, match=r"Received 'yes'\. Name one of these"):
        check_positive(("0", "1"), "yes")


def test_a_positive_class_that_is_no_text_is_refused_with_the_names() -> None:
    with pytest.raises(PredictionsError, match=r"'well' or 'sick'\. Received 1\."):
        check_positive(HAND.class_names, 1)


def test_a_positive_class_among_three_is_refused() -> None:
    with pytest.raises(PredictionsError, match=r"one of two\. Received '0' for 3"):
        binary_view(make_predictions(30, 3), NONE, SAMPLING, positive="0")


def test_three_classes_have_no_binary_view() -> None:
    assert binary_view(make_predictions(30, 3), NONE, SAMPLING) is None


def test_a_view_with_a_sweep_has_the_point_at_a_half() -> None:
    found = view(make_predictions(30, 2))
    others = tuple(one for one in found.points if one.threshold != 0.5)
    for points, sweep in (((), found.sweep), (others, found.sweep), (others, None)):
        with pytest.raises(ValueError, match=r"one at 0\.5 where there is a sweep"):
            replace(found, points=points, sweep=sweep)


def test_a_row_at_the_threshold_is_read_as_positive() -> None:
    # p >= 0.5: the sick row of exactly 0.5 is found, beside .9 and .8; well .7 too.
    point = next(p for p in view(HAND).points if p.threshold == 0.5)
    assert point.outcomes == Outcomes(3, 1, 1, 5)


def test_the_threshold_of_a_half_is_the_prediction_where_no_row_is_tied() -> None:
    drawn = make_predictions(400, 2)
    found = view(drawn)
    point = next(p for p in found.points if p.threshold == 0.5)
    assert point.outcomes == found.outcomes


def test_the_threshold_of_a_half_is_the_prediction_of_the_first_class_too() -> None:
    # Ties go to the first class: where that is the one looked for, p >= 0.5 is argmax.
    found = view(HAND, "well")
    point = next(p for p in found.points if p.threshold == 0.5)
    assert point.outcomes == found.outcomes


def test_every_point_agrees_with_scikit_learn() -> None:
    drawn = make_predictions(300, 2, seed=3)
    score = drawn.y_proba[:, 1]
    for point in view(drawn).points:
        read = (score >= point.threshold).astype(int)
        tn, fp, fn, tp = sk.confusion_matrix(drawn.y_true, read, labels=[0, 1]).ravel()
        assert point.outcomes == Outcomes(tp, fp, fn, tn)
        assert point.sensitivity is not None
        assert point.precision is not None
        assert point.f1 is not None
        assert point.sensitivity.value == pytest.approx(
            sk.recall_score(drawn.y_true, read)
        )
        assert point.precision.value == pytest.approx(
            sk.precision_score(drawn.y_true, read)
        )
        assert point.f1.value == pytest.approx(sk.f1_score(drawn.y_true, read))


def test_as_the_threshold_rises_less_is_found_and_more_is_spared() -> None:
    points = view(make_predictions(300, 2)).points
    assert [point.threshold for point in points] == list(THRESHOLDS)
    for lower, higher in pairwise(points):
        assert higher.outcomes.true_positives <= lower.outcomes.true_positives
        assert higher.outcomes.true_negatives >= lower.outcomes.true_negatives


def test_the_sweep_holds_the_counts_of_the_points() -> None:
    found = view(make_predictions(300, 2))
    assert found.sweep is not None
    assert found.sweep.thresholds[0] == 0
    assert found.sweep.thresholds[-1] == 1
    assert found.sweep.true_positives[0] == found.outcomes.positives
    for point in found.points:
        at = found.sweep.thresholds.index(point.threshold)
        assert found.sweep.true_positives[at] == point.outcomes.true_positives
        assert found.sweep.false_positives[at] == point.outcomes.false_positives


def test_thresholds_are_chosen_on_the_validation_part_by_hand() -> None:
    # Validation: sick .9 .6 .4, well .5 .3 .2 .1. From .4 on: 3 of 3 sick, 1 of 4 well:
    # J = 1 - 1/4; F1 = 6 / 7. From .6 on: J = 2/3, F1 = 4/5. So both choose .4.
    validation = of([1, 1, 1, 0, 0, 0, 0], [0.9, 0.6, 0.4, 0.5, 0.3, 0.2, 0.1])
    chosen, reason = chosen_thresholds(HAND, HeldBack(validation, ""), 1, level=0.95)
    assert reason is None
    assert [c.criterion for c in chosen] == ["youden", "f1"]
    assert [c.best for c in chosen] == pytest.approx([0.75, 6 / 7])
    assert [(c.point.threshold, c.rows) for c in chosen] == [(0.4, 7)] * 2
    # On the test part: sick .9 .8 .5 at or above .4, well .7 .4.
    assert {c.point.outcomes for c in chosen} == {Outcomes(3, 2, 1, 4)}


def test_youdens_threshold_is_that_of_scikit_learns_curve() -> None:
    test, validation = make_predictions(300, 2), make_predictions(300, 2, seed=1)
    chosen, _ = chosen_thresholds(test, HeldBack(validation, ""), 1, level=0.95)
    rates = sk.roc_curve(
        validation.y_true, validation.y_proba[:, 1], drop_intermediate=False
    )
    gains = rates[1] - rates[0]
    assert chosen[0].best == pytest.approx(gains.max())
    assert chosen[0].point.threshold == rates[2][gains.argmax()]


def test_of_equally_good_thresholds_the_greatest_is_chosen() -> None:
    # J of .9 is 1/2 - 0, that of .4 is 1 - 1/2: both 1/2.
    validation = of([1, 0, 1, 0], [0.9, 0.6, 0.4, 0.1])
    chosen, _ = chosen_thresholds(HAND, HeldBack(validation, ""), 1, level=0.95)
    assert chosen[0].point.threshold == 0.9


def test_without_a_validation_part_no_threshold_is_chosen() -> None:
    found = view(HAND)
    assert found.chosen == ()
    assert found.chosen_reason == NONE.reason


def test_a_validation_part_of_one_class_is_no_ground_for_a_threshold() -> None:
    chosen, reason = chosen_thresholds(
        HAND, HeldBack(of([0, 0], [0.1, 0.2]), ""), 1, level=0.95
    )
    assert chosen == ()
    assert reason == "The validation part holds one class only."


def saturated(seed: int, n: int = 400) -> Predictions:
    """Returns two classes in float32, where p is 1 long before 1 - p is 0."""
    rng = np.random.default_rng(seed)
    logit = rng.normal(0, 14, n)
    y_true = (rng.random(n) < 1 / (1 + np.exp(-logit / 7))).astype(np.int64)
    p = np.stack([1 / (1 + np.exp(logit)), 1 / (1 + np.exp(-logit))], axis=1)
    return Predictions.of(y_true, p.astype(np.float32), class_names=["no", "yes"])


def test_areas_that_rounding_sets_apart_are_told_and_meant() -> None:
    drawn = saturated(0)
    mean, areas = roc_auc_ovr(drawn, SAMPLING), class_areas(drawn, SAMPLING)
    first, second = (
        sk.roc_auc_score(drawn.y_true == c, drawn.y_proba[:, c]) for c in range(2)
    )
    assert abs(first - second) > 1e-6
    assert [area.value for area in areas] == pytest.approx([first, second])
    assert mean.value == pytest.approx((first + second) / 2)
    assert mean.note
    assert "rounded to 0 or 1" in mean.note


def test_a_comparison_of_such_areas_begins_with_that_of_the_report() -> None:
    pair = Pair(saturated(0), saturated(0))
    found = area_changes(pair, 0.95).mean
    assert found.baseline == roc_auc_ovr(pair.baseline, SAMPLING).value


def test_the_mean_area_of_two_classes_is_the_area_of_either() -> None:
    drawn = make_predictions(200, 2)
    mean, (first, second) = roc_auc_ovr(drawn, SAMPLING), class_areas(drawn, SAMPLING)
    assert mean.estimate == second.estimate
    assert first.value == pytest.approx(second.value)
    assert mean.value == pytest.approx(
        sk.roc_auc_score(drawn.y_true, drawn.y_proba[:, 1])
    )
