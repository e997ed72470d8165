"""What may be said of two models, and how small a difference could be shown."""

import numpy as np
import pytest

from pairs import hard, make_pair
from reportgen.metrics.comparison import compare
from reportgen.metrics.paired import Pair
from reportgen.metrics.paired_counts import flips
from reportgen.metrics.paired_intervals import bonett_price
from reportgen.metrics.smallest import smallest_difference
from reportgen.metrics.verdict import verdict
from reportgen.record import Estimate, Sampling
from reportgen.record.comparison import Flips, McNemar, PairedVerdict, VerdictKind

SAMPLING = Sampling(replicates=2)


def estimate(low: float, high: float) -> Estimate:
    """Returns a difference with that interval."""
    return Estimate((low + high) / 2, low, high, 0.95, "any", 1_000)


def changed(fixes: int = 30, regressions: int = 20, *, n: int = 1_000) -> Flips:
    """Returns rows that two models agree on but for so many."""
    right = n - fixes - regressions
    churn = estimate(0.0, 1.0)
    test = McNemar(0.5, 0.5)
    return Flips(n, right, fixes, regressions, 0, 0, churn, test)


@pytest.mark.parametrize(
    ("low", "high", "kind", "non_inferior", "within"),
    [
        (0.0001, 0.0100, "better", True, False),
        (0.0001, 0.0005, "better", True, True),
        (-0.0100, -0.0001, "worse", False, False),
        (-0.0005, -0.0001, "worse", True, True),
        (-0.0005, 0.0005, "equivalent", True, True),
        (0.0000, 0.0005, "equivalent", True, True),
        (-0.0005, 0.0100, "not_worse", True, False),
        (-0.0005, 0.0010, "not_worse", True, False),
        (-0.0010, 0.0005, "inconclusive", False, False),
        (-0.0100, 0.0100, "inconclusive", False, False),
    ],
)
def test_the_interval_and_the_margin_decide(
    low: float,
    high: float,
    kind: VerdictKind,
    *,
    non_inferior: bool,
    within: bool,
) -> None:
    found = verdict(changed(), estimate(low, high), margin=0.001)
    assert found.kind == kind
    assert found.non_inferior is non_inferior
    assert found.within_margin is within


def test_a_model_beside_itself_is_identical_in_its_decisions() -> None:
    one = make_pair().baseline
    assert compare(Pair(one, one), SAMPLING).verdict.kind == "identical"


def test_errors_of_another_kind_are_no_identical_decisions() -> None:
    # Neither fixed nor regressed, but read as another wrong class.
    found = compare(hard([0] * 9, [1] * 9, [1] * 8 + [2], k=3), SAMPLING)
    assert found.flips.discordant == 0
    assert found.verdict.kind == "inconclusive"


def test_equal_models_are_called_different_no_more_than_chance_would() -> None:
    pairs = [make_pair(300, 4, seed=seed) for seed in range(400)]
    kinds = [decided(pair) for pair in pairs]
    error = (0.05 * 0.95 / len(pairs)) ** 0.5
    assert np.mean([kind in {"better", "worse"} for kind in kinds]) < 0.05 + 3 * error
    assert set(kinds) <= {"better", "worse", "inconclusive"}  # 300 rows prove no more


def decided(pair: Pair) -> VerdictKind:
    """Returns the verdict on two models, from their accuracies alone."""
    found = flips(pair, 0.95)
    low, high = bonett_price(found.fixes, found.regressions, found.n, level=0.95)
    return verdict(found, estimate(low, high)).kind


def test_without_a_margin_nothing_is_equivalent() -> None:
    found = verdict(changed(), estimate(-0.0005, 0.0005), margin=0.0)
    assert found.kind == "inconclusive"


def test_models_that_change_places_change_better_for_worse() -> None:
    pair = make_pair(2_000, 4, edge=0.6)
    assert compare(pair, SAMPLING).verdict.kind == "better"
    back = Pair(pair.candidate, pair.baseline)
    assert compare(back, SAMPLING).verdict.kind == "worse"


@pytest.mark.parametrize("margin", [-0.1, 1.5, float("nan")])
def test_a_margin_is_a_share(margin: float) -> None:
    with pytest.raises(ValueError, match="margin"):
        verdict(changed(), estimate(-0.1, 0.1), margin=margin)


@pytest.mark.parametrize(
    ("kind", "low"), [("better", -0.1), ("worse", -0.1), ("equivalent", 0.01)]
)
def test_a_verdict_against_its_interval_is_refused(
    kind: VerdictKind, low: float
) -> None:
    with pytest.raises(ValueError, match="one side"):
        PairedVerdict(kind, 0.001, estimate(low, 0.2))


def test_the_smallest_difference_by_hand() -> None:
    # (1.96 + 0.8416) sqrt(50 / 1000 / 1000) = 2.8016 · 0.0070711.
    found = smallest_difference(changed(), 0.95)
    assert found.difference == pytest.approx(0.0198102, abs=1e-7)
    assert found.discordant_share == 0.05


def test_models_that_agree_would_need_eight_changes_one_way() -> None:
    # 2.8016² = 7.8489 of 1,000 rows, all of them for the better.
    found = smallest_difference(changed(0, 0), 0.95)
    assert found.difference == pytest.approx(0.0078489, abs=1e-7)
    assert found.discordant_share == pytest.approx(found.difference, rel=1e-12)


def test_a_handful_of_rows_can_show_nothing_less_than_all() -> None:
    assert smallest_difference(changed(1, 0, n=3), 0.95).difference == 1


@pytest.mark.parametrize("discordant", [40, 150, 600])
def test_the_smallest_difference_is_shown_four_times_in_five(discordant: int) -> None:
    n, rng = 14_000, np.random.default_rng(0)
    found = smallest_difference(changed(discordant, 0, n=n), 0.95)
    share = found.discordant_share
    gain = (share + found.difference) / 2
    drawn = rng.multinomial(n, [gain, share - gain, 1 - share], size=2_000)
    lows = [bonett_price(a, b, n, level=0.95)[0] for a, b, _ in drawn.tolist()]
    power = float((np.array(lows) > 0).mean())
    assert power == pytest.approx(0.8, abs=0.05)


def test_the_pair_of_the_page_is_counted() -> None:
    pair = make_pair()
    found = compare(pair, SAMPLING)
    assert found.smallest == smallest_difference(flips(pair, 0.95), 0.95)
