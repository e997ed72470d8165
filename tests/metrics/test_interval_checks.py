"""The multinomial bootstrap beside the influence values."""

import numpy as np
import pytest

from records import make_predictions
from reportgen.metrics import interval_checks as module
from reportgen.metrics.counts import TABLE_SCORES
from reportgen.metrics.interval_checks import interval_checks
from reportgen.predictions import Predictions
from reportgen.record import IntervalCheck, Sampling

P = make_predictions(1000, 6, seed=8)


@pytest.mark.parametrize("check", interval_checks(P, Sampling()), ids=lambda c: c.key)
def test_both_standard_errors_agree_within_a_tenth(check: IntervalCheck) -> None:
    expected = pytest.approx(check.standard_error, rel=0.1)
    assert check.bootstrap_standard_error == expected
    assert check.undefined == 0
    assert check.replicates == 10_000


def test_every_score_of_the_confusion_matrix_is_checked() -> None:
    keys = [check.key for check in interval_checks(P, Sampling(), replicates=10)]
    assert keys == [score.key for score in TABLE_SCORES]


def test_the_seed_alone_decides() -> None:
    first, again = (interval_checks(P, Sampling(), replicates=50) for _ in range(2))
    other = interval_checks(P, Sampling(seed=1), replicates=50)
    assert first == again
    assert first != other


def test_replicates_without_a_second_class_are_counted_as_undefined() -> None:
    # One row of five is of class b: (4/5)^5 = 32.768 % of replicates have none.
    proba = np.array([[0.9, 0.1]] * 3 + [[0.2, 0.8]] * 2)
    ids = np.arange(5).astype(np.str_)
    p = Predictions(np.array([0, 0, 0, 0, 1]), proba, ("a", "b"), ids)
    found = {check.key: check for check in interval_checks(p, Sampling())}
    assert found["accuracy"].undefined == 0
    for key in ("cohen_kappa", "matthews_corrcoef"):
        assert found[key].undefined / 10_000 == pytest.approx(0.32768, abs=0.02)


def test_an_undefined_score_has_no_check() -> None:
    proba = np.array([[0.9, 0.1], [0.4, 0.6], [0.8, 0.2]])
    p = Predictions(
        np.zeros(3, dtype=np.int64), proba, ("a", "b"), np.array(list("xyz"))
    )
    keys = {check.key for check in interval_checks(p, Sampling(), replicates=50)}
    assert "accuracy" in keys
    assert not keys & {"cohen_kappa", "matthews_corrcoef"}


@pytest.mark.parametrize("key", ["cohen_kappa", "matthews_corrcoef"])
def test_a_constant_predictor_moves_in_no_replicate(key: str) -> None:
    proba = np.tile([0.9, 0.1], (40, 1))
    ids = np.arange(40).astype(np.str_)
    p = Predictions(np.arange(40) % 2, proba, ("a", "b"), ids)
    found = {one.key: one for one in interval_checks(p, Sampling(), replicates=50)}[key]
    assert found.standard_error == found.bootstrap_standard_error == 0


def test_many_chunks_hold_every_replicate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHUNK_BYTES", 4096)
    check = interval_checks(P, Sampling(), replicates=2000)[0]
    assert check.replicates == 2000
    expected = pytest.approx(check.standard_error, rel=0.1)
    assert check.bootstrap_standard_error == expected
