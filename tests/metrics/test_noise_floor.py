"""The null distribution: what a plain simulation gives, and a test as honest."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import ks_2samp

from reportgen.metrics.noise_floor import NullErrors, noise_floor, null_errors
from reportgen.metrics.reliability import Binned, binned_class, binned_top
from reportgen.predictions import Predictions
from reportgen.record import Sampling, beyond_chance

Floats = NDArray[np.float64]


def probabilities(n: int, k: int, *, spread: float, seed: int) -> Floats:
    """Returns (n, k) probabilities; the greater the spread, the surer."""
    logits = np.random.default_rng(seed).normal(size=(n, k)) * spread
    proba: Floats = np.exp(logits - logits.max(axis=1, keepdims=True))
    proba /= proba.sum(axis=1, keepdims=True)
    return proba


def drawn_labels(y_proba: Floats, rng: np.random.Generator) -> NDArray[np.int64]:
    """Returns one label a row that obeys the probabilities."""
    below = rng.random((len(y_proba), 1)) >= np.cumsum(y_proba, axis=1)
    labels: NDArray[np.int64] = below[:, :-1].sum(axis=1)  # sums may round under 1
    return labels


def predictions_of(y_true: NDArray[np.int64], y_proba: Floats) -> Predictions:
    """Returns predictions of unnamed classes."""
    names = tuple(map(str, range(y_proba.shape[1])))
    return Predictions(y_true, y_proba, names, np.arange(len(y_true)).astype(np.str_))


def tops(p: Predictions) -> tuple[Binned, Binned]:
    """Returns the predicted class's probability in both binnings."""
    right = p.y_pred == p.y_true
    return (
        binned_top(p.confidence, right, "equal_mass"),
        binned_top(p.confidence, right, "equal_width"),
    )


def by_class(p: Predictions) -> tuple[Binned, ...]:
    """Returns every class's probability."""
    return tuple(binned_class(p, c) for c in range(p.k))


def thinned(p: Predictions, sampling: Sampling) -> NullErrors:
    """Returns the null errors of everything."""
    return null_errors(
        p.y_proba, p.y_pred, top=tops(p), classes=by_class(p), sampling=sampling
    )


def dense(p: Predictions, draws: int) -> NullErrors:
    """Returns the same by drawing every label of every row."""
    rng = np.random.default_rng(99)
    top, classes = [], []
    for _ in range(draws):
        q = predictions_of(drawn_labels(p.y_proba, rng), p.y_proba)
        top.append([family.error() for family in tops(q)])
        classes.append([family.error() for family in by_class(q)])
    return NullErrors(np.array(top).T, np.array(classes).T)


@pytest.mark.parametrize("spread", [0.3, 2.0, 8.0])
def test_misses_alone_give_the_distribution_that_all_labels_give(spread: float) -> None:
    y_proba = probabilities(150, 4, spread=spread, seed=1)
    p = predictions_of(np.zeros(150, dtype=np.int64), y_proba)
    fast, plain = thinned(p, Sampling(replicates=4000)), dense(p, 1500)
    for ours, theirs in (
        *zip(fast.top, plain.top, strict=True),
        *zip(fast.classes, plain.classes, strict=True),
        (fast.classes.mean(axis=0), plain.classes.mean(axis=0)),
    ):
        # Seven comparisons a case; equal sums may round apart, so they are made equal.
        assert ks_2samp(ours.round(9), theirs.round(9)).pvalue > 1e-3
        spread_of_mean = theirs.std() * (1 / 1500 + 1 / 4000) ** 0.5
        assert abs(ours.mean() - theirs.mean()) < 4 * spread_of_mean


def test_one_row_misses_as_often_as_it_says_and_lands_where_it_says() -> None:
    # One row at 0.5, 0.3, 0.15 and 0.05. Class c's error is p_c, or 1 - p_c where the
    # label landed on it.
    y_proba = np.array([[0.15, 0.5, 0.05, 0.3]])
    found = thinned(predictions_of(np.array([0]), y_proba), Sampling(replicates=40_000))
    landed = np.isclose(found.classes, 1 - y_proba[0][:, None], atol=1e-12)
    landed[1] = np.isclose(found.top[0], 0.5) & ~landed[[0, 2, 3]].any(axis=0)
    assert (landed.sum(axis=0) == 1).all()
    # Monte-Carlo error of a share: at most 0.5 / 200.
    assert landed.mean(axis=1) == pytest.approx(y_proba[0], abs=0.01)


@pytest.mark.parametrize("miss", [1e-6, 0.004, 0.2, 0.5, 0.6])
def test_rows_miss_as_often_as_they_say(miss: float) -> None:
    n, draws = 1000, 2000
    y_proba = np.tile([1 - miss, miss / 2, miss / 2], (n, 1))
    nowhere = Binned(
        None,
        "equal_width",
        1,
        np.zeros(n),  # states nothing: the error is then the share that is right
        np.zeros(n, dtype=np.bool_),
        np.zeros(n, dtype=np.uint8),
    )
    y_pred = np.zeros(n, dtype=np.int64)
    found = null_errors(
        y_proba,
        y_pred,
        top=(nowhere,),
        classes=(),
        sampling=Sampling(replicates=draws),
    )
    misses = n * (1 - found.top[0])
    deviation = (n * miss * (1 - miss)) ** 0.5
    assert abs(misses.mean() - n * miss) < 4 * deviation / draws**0.5 + 1e-9
    assert abs(misses.var() / deviation**2 - 1) < 0.2 or miss == 1e-6


def test_rows_in_many_blocks_are_as_good_as_in_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    p = predictions_of(
        np.zeros(100, dtype=np.int64), probabilities(100, 3, spread=1, seed=0)
    )
    whole = thinned(p, Sampling(replicates=2001))
    monkeypatch.setattr("reportgen.metrics.noise_floor.BLOCK_MISSES", 2000)
    parts = thinned(p, Sampling(replicates=2001))
    assert ks_2samp(whole.top[0].round(9), parts.top[0].round(9)).pvalue > 1e-3


def test_a_model_that_is_sure_never_misses() -> None:
    p = predictions_of(np.zeros(50, dtype=np.int64), np.tile([1.0, 0.0], (50, 1)))
    found = thinned(p, Sampling(replicates=20))
    assert (found.top == 0).all()
    assert (found.classes == 0).all()


def test_a_saturated_row_keeps_its_tail() -> None:
    # The greatest is rounded to 1, as float32 does, so that 1 less it is 0 while the
    # others sum to 2e-7: 2,000 such rows miss once in 2,500 draws.
    n = 2000
    y_proba = np.tile([1.0, 1e-7, 1e-7], (n, 1))
    p = predictions_of(np.zeros(n, dtype=np.int64), y_proba)
    found = thinned(p, Sampling(replicates=20_000))
    missed = (found.top[1] > 1e-5).sum()  # 20,000 / 2,500 = 8 expected
    assert 1 <= missed <= 20


def test_the_same_seed_draws_the_same() -> None:
    p = predictions_of(
        np.zeros(60, dtype=np.int64), probabilities(60, 3, spread=1, seed=0)
    )
    one, other = (thinned(p, Sampling(replicates=30, seed=5)) for _ in range(2))
    assert np.array_equal(one.top, other.top)
    assert np.array_equal(one.classes, other.classes)


def test_classes_left_out_change_no_draw() -> None:
    p = predictions_of(
        np.zeros(60, dtype=np.int64), probabilities(60, 3, spread=1, seed=0)
    )
    alone = null_errors(
        p.y_proba, p.y_pred, top=tops(p), classes=(), sampling=Sampling(replicates=30)
    )
    assert alone.classes.shape == (0, 30)
    assert np.allclose(alone.top, thinned(p, Sampling(replicates=30)).top, atol=1e-12)


def test_the_p_value_counts_the_observed_error_among_the_draws() -> None:
    # Two of four draws reach 0.3: (1 + 2) / (1 + 4).
    floor = noise_floor(0.3, np.array([0.1, 0.2, 0.3, 0.4]), 0.5)
    assert floor.p_value == 0.6
    assert floor.draws == 4


@given(
    st.lists(st.integers(0, 9), min_size=100, max_size=140),
    st.integers(0, 10),
    st.sampled_from([0.5, 0.8, 0.9, 0.95]),
)
def test_an_error_is_above_its_floor_where_its_p_value_is_beyond_chance(
    draws: list[int], observed: int, level: float
) -> None:
    found = noise_floor(observed / 10, np.array(draws) / 10, level)
    above = observed / 10 > found.quantile + 1e-12
    assert above is beyond_chance(found.p_value, level)


def test_an_error_that_no_draw_reaches_is_not_impossible() -> None:
    assert noise_floor(0.9, np.zeros(999), 0.95).p_value == 0.001


def p_value(p: Predictions, *, seed: int, draws: int = 200) -> float:
    """Returns the p-value of the equal-mass error."""
    (top, _) = tops(p)
    sampling = Sampling(replicates=draws, seed=seed)
    drawn = null_errors(
        p.y_proba, p.y_pred, top=(top,), classes=(), sampling=sampling
    ).top[0]
    return noise_floor(top.error(), drawn, 0.95).p_value


def calibrated(n: int, *, seed: int, sharpened: float = 1.0) -> Predictions:
    """Returns labels that obey probabilities which are then raised to a power."""
    y_proba = probabilities(n, 5, spread=2, seed=seed)
    y_true = drawn_labels(y_proba, np.random.default_rng([seed, 1]))
    stated = y_proba**sharpened
    return predictions_of(y_true, stated / stated.sum(axis=1, keepdims=True))


def test_a_calibrated_model_is_called_miscalibrated_one_time_in_twenty() -> None:
    called = [p_value(calibrated(500, seed=s), seed=s) < 0.05 for s in range(600)]
    # 201 equally likely ranks, of which 10 give p < 0.05: 29.9 expected, standard
    # deviation sqrt(600 x 0.0498 x 0.9502) = 5.3.
    assert abs(sum(called) - 29.9) < 3 * 5.3


@pytest.mark.parametrize("sharpened", [1.5, 1 / 1.5])
def test_a_temperature_of_one_and_a_half_is_always_noticed(sharpened: float) -> None:
    for seed in range(20):
        p = calibrated(2000, seed=seed, sharpened=sharpened)
        assert p_value(p, seed=seed) < 0.05
