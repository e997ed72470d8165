"""What a record can hold of a comparison."""

import dataclasses

import msgspec
import pytest

from pairs import hard, make_pair
from reportgen.metrics.comparison import compare
from reportgen.metrics.paired import Pair
from reportgen.record import Estimate, Sampling
from reportgen.record.comparison import Difference, PairedComparison
from reportgen.record.magnitudes import immoderate

SAMPLING = Sampling(replicates=2)

DIFFERENCE = Difference(
    key="accuracy",
    label="Accuracy",
    unit="share",
    higher_is_better=True,
    baseline=0.5,
    candidate=0.75,
    estimate=Estimate(0.25, None, None, None, "none", 4),
    reason=None,
    note=None,
)


@pytest.mark.parametrize(
    "pair",
    [
        make_pair(),
        Pair(make_pair().baseline, make_pair().baseline),
        hard([0], [0], [0], k=2),
        hard([0, 0, 1], [0, 1, 1], [2, 2, 0], k=4),
    ],
    ids=["models", "itself", "one row", "few rows"],
)
def test_a_comparison_survives_json(pair: Pair) -> None:
    found = compare(pair, SAMPLING)
    read = msgspec.json.decode(msgspec.json.encode(found), type=PairedComparison)
    assert read == found
    assert immoderate(found) is None


def test_a_difference_has_an_estimate_or_a_reason() -> None:
    with pytest.raises(ValueError, match="not both"):
        dataclasses.replace(DIFFERENCE, reason="two")
    with pytest.raises(ValueError, match="not both"):
        dataclasses.replace(DIFFERENCE, estimate=None)


def test_a_difference_needs_what_it_is_of() -> None:
    with pytest.raises(ValueError, match="both scores"):
        dataclasses.replace(DIFFERENCE, candidate=None)


def test_scores_are_finite() -> None:
    with pytest.raises(ValueError, match="finite"):
        dataclasses.replace(DIFFERENCE, baseline=float("nan"))
