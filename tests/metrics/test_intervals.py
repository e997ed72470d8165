"""Intervals beside published values, statsmodels and SciPy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, bootstrap
from statsmodels.stats.proportion import proportion_confint

from records import make_predictions
from reportgen.metrics.intervals import (
    bca_mean,
    binomial_quantile,
    clopper_pearson_upper,
    effective_wilson,
    logit_interval,
    wilson,
)
from reportgen.metrics.per_class import class_scores
from reportgen.metrics.probability import row_log_loss
from reportgen.metrics.resampling import bca_interval, row_weights
from reportgen.record import Sampling


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        (13838, 14000, 0.9865182342870811, 0.9900709423481491),
        (0, 20, 0.0, 0.16112515805281938),
        (20, 20, 0.8388748419471806, 1.0),
        (0, 1, 0.0, 0.7934506856227626),
    ],
)
def test_wilson_matches_the_published_values(
    successes: int, n: int, low: float, high: float
) -> None:
    assert wilson(successes, n, 0.95) == pytest.approx((low, high), abs=1e-15)


@given(st.integers(1, 20_000), st.floats(0, 1), st.floats(0.5, 0.999))
def test_wilson_agrees_with_statsmodels(n: int, share: float, level: float) -> None:
    successes = round(share * n)
    theirs = proportion_confint(successes, n, alpha=1 - level, method="wilson")
    assert wilson(successes, n, level) == pytest.approx(theirs, abs=1e-12)


@pytest.mark.parametrize(("successes", "n"), [(-1, 5), (6, 5), (0, 0)])
def test_wilson_refuses_impossible_counts(successes: int, n: int) -> None:
    with pytest.raises(ValueError, match=r"0\.\.n"):
        wilson(successes, n, 0.95)


@pytest.mark.parametrize("level", [0.0, 1.0, 95.0])
def test_wilson_refuses_an_impossible_level(level: float) -> None:
    with pytest.raises(ValueError, match="level"):
        wilson(1, 2, level)


def test_wilson_covers_as_it_says() -> None:
    # The exact coverage at n = 500 is a sum over all outcomes; its mean over true
    # shares lies near the level, as Brown, Cai and DasGupta 2001 show.
    n, rng = 500, np.random.default_rng(0)
    bounds = np.array([wilson(x, n, 0.95) for x in range(n + 1)])  # (n + 1, 2)
    shares = rng.uniform(0.01, 0.99, 20_000)
    low, high = bounds[rng.binomial(n, shares)].T
    held = ((low <= shares) & (shares <= high)).mean()
    assert held == pytest.approx(0.95, abs=0.006)  # four standard errors


def test_clopper_pearson_matches_the_published_bounds() -> None:
    # Two-sided at 95 % leaves 2.5 % on each side; the lower bound is the upper one of
    # the 162 errors.
    low = 1 - clopper_pearson_upper(14000 - 13838, 14000, 0.975)
    high = clopper_pearson_upper(13838, 14000, 0.975)
    assert (low, high) == pytest.approx((0.9865161347, 0.9901337389), abs=1e-10)


@given(st.integers(1, 5_000), st.floats(0, 1))
def test_clopper_pearson_agrees_with_statsmodels(n: int, share: float) -> None:
    errors = round(share * n)
    theirs = proportion_confint(errors, n, alpha=0.1, method="beta")[1]
    assert clopper_pearson_upper(errors, n, 0.95) == pytest.approx(theirs, abs=1e-9)


@given(st.integers(2, 10_000), st.floats(0.01, 0.99))
def test_effective_wilson_of_a_proportion_is_wilson(n: int, share: float) -> None:
    # A proportion's standard error is sqrt(p (1 - p) / n), so n* is n.
    found = effective_wilson(share, (share * (1 - share) / n) ** 0.5, 0.95)
    assert found is not None
    expected = wilson(share * n, n, 0.95)
    assert (found.low, found.high) == pytest.approx(expected, abs=1e-9)


def test_effective_wilson_of_a_wider_range_is_moved_and_stretched() -> None:
    # 0.8 in -1..1 is 0.9 in 0-1, with half the standard error.
    wide = effective_wilson(0.8, 0.02, 0.95, least=-1)
    unit = effective_wilson(0.9, 0.01, 0.95)
    assert wide is not None
    assert unit is not None
    assert wide.low == pytest.approx(2 * unit.low - 1, abs=1e-12)
    assert wide.high == pytest.approx(2 * unit.high - 1, abs=1e-12)


def test_a_standard_error_of_rounding_is_none() -> None:
    assert logit_interval(0.1, 1e-17, 0.95, "any") is None
    # Close to 1 a standard error may be small and sound.
    assert logit_interval(1 - 1e-9, 1e-12, 0.95, "any") is not None


@pytest.mark.parametrize(("value", "error"), [(0.9, 0.0), (1.0, 0.1), (0.0, 0.1)])
def test_nothing_tells_how_far_a_motionless_value_may_move(
    value: float, error: float
) -> None:
    assert effective_wilson(value, error, 0.95) is None
    assert logit_interval(value, error, 0.95, "any") is None


def test_logit_interval_by_hand() -> None:
    # logit(0.5) = 0 and SE / (0.5 · 0.5) = 0.4: 1 / (1 + exp(± 1.96 · 0.4)).
    found = logit_interval(0.5, 0.1, 0.95, "any")
    assert found is not None
    assert found.low == pytest.approx(1 / (1 + np.exp(1.959964 * 0.4)), abs=1e-6)
    assert found.low + found.high == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("level", [0.9, 0.95])
def test_the_mean_loss_has_the_interval_of_scipys_bootstrap(level: float) -> None:
    losses = row_log_loss(make_predictions(2000, 10, seed=3))
    ours = bca_mean(losses, level, least=0)
    theirs = bootstrap(
        (losses,),
        np.mean,
        n_resamples=20_000,
        batch=500,
        confidence_level=level,
        method="BCa",
        rng=np.random.default_rng(0),
    )
    error = losses.std() / len(losses) ** 0.5
    assert ours is not None
    assert theirs.standard_error == pytest.approx(error, rel=0.1)
    expected = tuple(theirs.confidence_interval)
    assert (ours.low, ours.high) == pytest.approx(expected, abs=0.05 * error)


def test_the_bootstrap_interval_is_scipys_on_the_same_replicates() -> None:
    # Of a mean: influence values are deviations, and SciPy's jackknife acceleration is
    # Σ d³ / (6 (Σ d²)^1.5) of the same deviations.
    values = np.random.default_rng(1).exponential(size=300)
    theirs = bootstrap(
        (values,), np.mean, n_resamples=5000, rng=np.random.default_rng(0)
    )
    drawn = theirs.bootstrap_distribution
    ours = bca_interval(values.mean(), drawn, values - values.mean(), 0.95)
    assert ours is not None
    expected = tuple(theirs.confidence_interval)
    assert (ours.low, ours.high) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("value", [0.1, 0.9])
def test_a_value_beyond_all_its_replicates_is_a_bound(value: float) -> None:
    drawn = np.linspace(0.2, 0.8, 100)
    found = bca_interval(value, drawn, np.array([-1.0, 1.0]), 0.95)
    assert found is not None
    assert found.low <= value <= found.high
    assert value in {found.low, found.high}


@pytest.mark.parametrize("rounding", [0.0, 1e-15])
def test_replicates_that_hardly_differ_give_no_interval(rounding: float) -> None:
    # One replicate of a hundred differs: both bounds fall among the others.
    drawn = np.full(100, 0.4)
    drawn[::2] += rounding
    drawn[0] = 0.9
    assert bca_interval(0.4, drawn, np.array([-1.0, 1.0]), 0.5) is None


def test_a_mean_of_values_that_differ_by_rounding_has_no_interval() -> None:
    assert bca_mean(np.array([0.3, 0.1 + 0.2, 0.3]), 0.95) is None


def test_a_mean_of_equal_values_has_no_interval() -> None:
    assert bca_mean(np.full(7, 1 / 3), 0.95) is None
    assert bca_mean(np.array([0.2]), 0.95) is None


def test_the_interval_of_f1_is_wilsons_of_the_union() -> None:
    # F1 = 2 correct / (support + predicted) = 2 J / (1 + J), J = correct / union: of 10
    # rows and 11 predictions 9 right give J = 9/12 and F1 = 18/21 = 1.5 / 1.75.
    p = make_predictions(300, 3, seed=1)
    for one in class_scores(p, Sampling(replicates=2)):
        union = one.support + one.predicted - one.correct
        low, high = wilson(one.correct, union, 0.95)
        assert one.f1.estimate is not None
        assert one.f1.estimate.n == union
        assert one.f1.estimate.low == pytest.approx(2 * low / (1 + low), abs=1e-12)
        assert one.f1.estimate.high == pytest.approx(2 * high / (1 + high), abs=1e-12)


def test_every_replicate_draws_as_many_rows_as_there_are() -> None:
    drawn = list(row_weights(50, Sampling(replicates=7)))
    assert sum(map(len, drawn)) == 7
    assert all((weights.sum(axis=1) == 50).all() for weights in drawn)


def test_whoever_asks_is_given_the_same_weights() -> None:
    first, second = (next(row_weights(20, Sampling(seed=3))) for _ in range(2))
    assert (first == second).all()


def test_the_binomial_quantile_is_that_of_scipy() -> None:
    rng = np.random.default_rng(0)
    n = rng.integers(1, 2_000, 3_000)
    p = np.concatenate(
        [rng.random(1_000), rng.beta(0.05, 0.05, 1_998), np.array([0.0, 1.0])]
    )
    for tail in (0.005, 0.025, 0.5, 0.975, 0.995):
        found = binomial_quantile(np.array([tail]), n, p)
        np.testing.assert_array_equal(found, binom.ppf(tail, n, p))
