"""Requirements judged on the intervals of a record."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from judged import make_difference, make_estimate, make_judgement, make_requirement
from records import make_predictions, make_record
from reportgen.errors import UsageError
from reportgen.metrics.measured import proportion
from reportgen.record import Estimate, Record
from reportgen.record.requirements import (
    Judgement,
    Operator,
    Outcome,
    Requirement,
)
from reportgen.requirements import (
    MEASURES,
    Measure,
    check,
    exit_code,
    judge,
    overall,
    parse,
)

OUTCOMES: tuple[Outcome, ...] = ("not met", "inconclusive", "met")
"""From the worst to the best."""

RECORD = make_record(make_predictions(n=200, k=3))

UNITS = st.floats(0, 1)
OPERATORS: st.SearchStrategy[Operator] = st.sampled_from([">=", "<=", ">", "<"])
ESTIMATES = st.tuples(UNITS, UNITS, UNITS).map(
    lambda three: make_estimate(sorted(three)[1], min(three), max(three))
)


def with_score(
    key: str, estimate: Estimate | None, reason: str | None = None
) -> Record:
    """Returns the record with another estimate of a score."""
    scores = tuple(
        replace(score, estimate=estimate, reason=reason) if score.key == key else score
        for score in RECORD.evaluation.scores
    )
    return replace(RECORD, evaluation=replace(RECORD.evaluation, scores=scores))


def judged(text: str, record: Record = RECORD) -> Judgement:
    """Returns the judgement on one expression."""
    return judge(record.evaluation, [parse(text)])[0]


def on(estimate: Estimate, bound: float, operator: Operator) -> Outcome:
    """Returns the outcome of accuracy against a bound."""
    wanted = make_requirement(bound, operator)
    return judge(with_score("accuracy", estimate).evaluation, [wanted])[0].outcome


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        # The interval is [0.90, 0.94].
        ("accuracy >= 0.89", "met"),
        ("accuracy >= 0.90", "met"),
        ("accuracy > 0.90", "inconclusive"),
        ("accuracy >= 0.91", "inconclusive"),
        ("accuracy >= 0.94", "inconclusive"),
        ("accuracy > 0.94", "not met"),
        ("accuracy >= 0.95", "not met"),
        ("accuracy <= 0.95", "met"),
        ("accuracy <= 0.94", "met"),
        ("accuracy < 0.94", "inconclusive"),
        ("accuracy <= 0.93", "inconclusive"),
        ("accuracy <= 0.90", "inconclusive"),
        ("accuracy < 0.90", "not met"),
        ("accuracy <= 0.89", "not met"),
    ],
)
def test_the_whole_interval_decides(text: str, outcome: Outcome) -> None:
    record = with_score("accuracy", make_estimate(0.92, 0.90, 0.94))
    assert judged(text, record).outcome == outcome


def test_a_class_is_judged_on_its_own_score() -> None:
    recall = RECORD.evaluation.classes[2].recall.estimate
    assert judged("recall[2] >= 0.5").estimate == recall


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.key)
def test_every_measure_is_found(measure: Measure) -> None:
    class_name = "1" if measure.of_class else None
    wanted = make_requirement(0.5, key=measure.key, class_name=class_name)
    # Three classes leave top-3 accuracy undefined; all else has a value.
    undefined = judge(RECORD.evaluation, [wanted])[0].estimate is None
    assert undefined == (measure.key == "top_3_accuracy")


def test_what_is_undefined_is_not_met_and_says_why() -> None:
    judgement = judged("accuracy >= 0", with_score("accuracy", None, "no rows at all"))
    assert (judgement.outcome, judgement.reason) == ("not met", "no rows at all")


def test_under_30_rows_what_needs_bins_is_not_met() -> None:
    few = make_record(make_predictions(n=29, k=3))
    keys = ("ece_null_p", "classwise_ece_null_p", "overconfidence", "aurc", "augrc")
    judgements = judge(few.evaluation, [make_requirement(0.0, key=key) for key in keys])
    assert {one.outcome for one in judgements} == {"not met"}
    assert {one.reason for one in judgements} == {
        "there are too few rows to put into bins"
    }


def test_a_p_value_is_judged_as_a_point_and_says_so() -> None:
    calibration = RECORD.evaluation.calibration
    assert calibration is not None
    p = calibration.equal_mass.noise_floor.p_value
    reached, missed = judge(
        RECORD.evaluation,
        [
            make_requirement(p, ">=", key="ece_null_p"),
            make_requirement(p, ">", key="ece_null_p"),
        ],
    )
    assert (reached.outcome, missed.outcome) == ("met", "not met")
    assert "judged as a point" in str(reached.reason)


def test_a_score_without_an_interval_is_never_met() -> None:
    # One row right says next to nothing of a model.
    judgement = judged("accuracy >= 0.5", with_score("accuracy", make_estimate(1.0)))
    assert judgement.outcome == "inconclusive"
    assert judgement.more_rows is None
    assert "no interval" in str(judgement.reason)


def test_an_unknown_class_names_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"The nearest is recall\[2\]"):
        judged("recall[22] >= 0.9")


def test_a_class_like_none_names_those_there_are() -> None:
    wanted = [parse("recall[cat] >= 0.9")]
    with pytest.raises(UsageError, match=r"Received 'cat'\. They are '0', '1', '2'\."):
        check(wanted, ("0", "1", "2"), compared=False)


def test_the_nearest_class_is_named_as_an_expression_holds_it() -> None:
    wanted = [parse("recall[tshirt] >= 0.9")]
    with pytest.raises(UsageError, match=r'recall\["T-shirt/top"\]'):
        check(wanted, ("T-shirt/top", "Bag"), compared=False)


def test_a_difference_needs_a_baseline() -> None:
    with pytest.raises(UsageError, match="must have a baseline to differ from"):
        judged("delta.accuracy >= -0.001")


def test_a_difference_is_judged_on_its_paired_interval() -> None:
    found = {
        "accuracy": make_difference(make_estimate(0.001, -0.0005, 0.0025)),
        "recall[2]": make_difference(make_estimate(-0.02, -0.03, -0.01)),
    }
    wanted = [parse("delta.accuracy >= -0.1 points"), parse("delta.recall[2] >= 0")]
    judgements = judge(RECORD.evaluation, wanted, differences=found)
    assert [one.outcome for one in judgements] == ["met", "not met"]
    assert {one.kind for one in judgements} == {"points"}


def test_an_undefined_difference_is_not_met() -> None:
    found = {"accuracy": make_difference(None)}
    judgement = judge(
        RECORD.evaluation, [parse("delta.accuracy >= -1")], differences=found
    )[0]
    assert (judgement.outcome, judgement.reason) == ("not met", "0 rows")


def test_a_difference_that_was_not_measured_is_not_met() -> None:
    found = {"accuracy": make_difference(make_estimate(0.0, -0.1, 0.1))}
    wanted = [parse("delta.recall[2] >= -1")]
    judgement = judge(RECORD.evaluation, wanted, differences=found)[0]
    assert judgement.outcome == "not met"
    assert "does not measure its difference" in str(judgement.reason)


@pytest.mark.parametrize(
    "unknown",
    [
        make_requirement(key="of_another_version"),
        make_requirement(key="recall"),
        make_requirement(class_name="2"),
    ],
)
def test_what_only_another_version_can_require_is_refused(unknown: Requirement) -> None:
    with pytest.raises(UsageError, match="must name a measure of this version"):
        judge(RECORD.evaluation, [unknown])


def test_plain_scores_are_judged_beside_a_comparison() -> None:
    found = {"accuracy": make_difference(make_estimate(0.0, -0.1, 0.1))}
    wanted = [parse("accuracy >= 0.5")]
    assert judge(RECORD.evaluation, wanted, differences=found) == judge(
        RECORD.evaluation, wanted
    )


def test_the_worst_outcome_is_that_of_all() -> None:
    met, open_ = make_judgement("met"), make_judgement("inconclusive")
    missed = make_judgement("not met")
    assert overall([met, met]) == "met"
    assert overall([met, open_]) == "inconclusive"
    assert overall([open_, missed, met]) == "not met"


def test_nothing_required_is_nothing_met() -> None:
    assert overall([]) is None


@pytest.mark.parametrize(
    ("outcome", "plain", "strict"),
    [("met", 0, 0), ("inconclusive", 0, 3), ("not met", 3, 3)],
)
def test_an_open_requirement_fails_only_if_strict(
    outcome: Outcome, plain: int, strict: int
) -> None:
    judgements = [make_judgement("met"), make_judgement(outcome)]
    assert exit_code(judgements) == plain
    assert exit_code(judgements, strict=True) == strict


def test_nothing_required_ends_well() -> None:
    assert exit_code([], strict=True) == 0


@given(ESTIMATES, UNITS, UNITS, OPERATORS)
def test_tightening_never_betters_an_outcome(
    estimate: Estimate, one: float, other: float, operator: Operator
) -> None:
    loose, tight = sorted((one, other), reverse=operator in {"<=", "<"})
    ranks = [OUTCOMES.index(on(estimate, bound, operator)) for bound in (loose, tight)]
    assert ranks[0] >= ranks[1]


@given(ESTIMATES, UNITS)
def test_what_exceeds_a_bound_reaches_it(estimate: Estimate, bound: float) -> None:
    def rank(operator: Operator) -> int:
        return OUTCOMES.index(on(estimate, bound, operator))

    assert rank(">") <= rank(">=")
    assert rank("<") <= rank("<=")


@given(ESTIMATES, UNITS)
def test_opposite_requirements_have_opposite_outcomes(
    estimate: Estimate, bound: float
) -> None:
    opposite = dict(zip(OUTCOMES, reversed(OUTCOMES), strict=True))
    assert on(estimate, bound, "<") == opposite[on(estimate, bound, ">=")]
    assert on(estimate, bound, ">") == opposite[on(estimate, bound, "<=")]


@given(ESTIMATES, UNITS, OPERATORS, st.floats(0, 0.5), st.floats(0, 0.5))
def test_a_narrower_interval_never_reverses_an_outcome(
    estimate: Estimate, bound: float, operator: Operator, below: float, above: float
) -> None:
    assert estimate.low is not None
    assert estimate.high is not None
    inner = make_estimate(
        estimate.value,
        estimate.low + below * (estimate.value - estimate.low),
        estimate.high - above * (estimate.high - estimate.value),
    )
    wide, narrow = (on(one, bound, operator) for one in (estimate, inner))
    assert wide in {"inconclusive", narrow}


@given(ESTIMATES, UNITS, OPERATORS)
def test_only_an_open_requirement_asks_for_rows(
    estimate: Estimate, bound: float, operator: Operator
) -> None:
    wanted = make_requirement(bound, operator)
    judgement = judge(with_score("accuracy", estimate).evaluation, [wanted])[0]
    assert judgement.more_rows is None or (
        judgement.outcome == "inconclusive" and judgement.more_rows >= 1
    )


@pytest.mark.parametrize(("n", "bound"), [(300, 0.9), (1000, 0.97), (2000, 0.985)])
def test_a_model_on_its_bound_seldom_passes(n: int, bound: float) -> None:
    # All counts that could come, by their exact chance: at 95 %, 1 in 40 passes.
    passing = [
        right
        for right in range(n + 1)
        if on(proportion(right, n, 0.95), bound, ">=") == "met"
    ]
    assert binom.pmf(passing, n, bound).sum() <= 0.025


def test_judgements_stand_in_the_order_of_their_requirements() -> None:
    wanted = [parse(text) for text in ("ece <= 1", "accuracy >= 0", "f1[0] > 0")]
    assert [one.requirement for one in judge(RECORD.evaluation, wanted)] == wanted
