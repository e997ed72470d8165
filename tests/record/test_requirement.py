"""Requirements and judgements as values."""

import msgspec
import pytest

from judged import make_estimate, make_judgement, make_requirement
from reportgen.record.requirements import Judgement


def test_a_bound_is_finite() -> None:
    with pytest.raises(ValueError, match="must be finite"):
        make_requirement(float("inf"))


@pytest.mark.parametrize("key", ["", "a|b", "a`b", "a\n", "é", "8"])
def test_a_key_is_a_name(key: str) -> None:
    with pytest.raises(ValueError, match="must be a name"):
        make_requirement(key=key)


def test_a_judgement_survives_json() -> None:
    one = make_judgement("inconclusive", more_rows=300)
    assert msgspec.json.decode(msgspec.json.encode(one), type=Judgement) == one


def test_what_is_undefined_cannot_be_met() -> None:
    with pytest.raises(ValueError, match="must be not met"):
        make_judgement("met", reason="0 rows")


def test_a_value_without_an_interval_needs_a_reason() -> None:
    with pytest.raises(ValueError, match="an interval, or a reason"):
        Judgement(
            make_requirement(), "A", "share", "met", make_estimate(0.95), None, None
        )


def test_only_an_open_judgement_asks_for_rows() -> None:
    with pytest.raises(ValueError, match="Only an inconclusive"):
        make_judgement("met", more_rows=300)
