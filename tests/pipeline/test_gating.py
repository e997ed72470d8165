"""What a run must reach: judged from its record, and judged again by who verifies."""

from dataclasses import replace
from pathlib import Path

import pytest

from contests import make_comparison
from judged import make_requirement, required
from records import make_predictions, make_record
from reportgen.errors import OutputError, UsageError
from reportgen.pipeline import Gate
from reportgen.pipeline.gating import (
    check_gate,
    check_outside,
    gated,
    unlike_judgements,
)
from reportgen.record import Requirement
from reportgen.requirements import parse

RECORD = make_record(make_predictions(200, 5))
GATE = Gate((parse("accuracy >= 0.5"), parse("recall[2] >= 0.99")))


def test_a_gate_without_requirements_changes_nothing() -> None:
    assert gated(RECORD, Gate()) == RECORD


def test_differences_are_judged_on_the_records_own_comparison() -> None:
    compared = replace(RECORD, comparison=make_comparison())
    judgement = gated(compared, Gate((parse("delta.accuracy >= -0.5"),))).judgements[0]
    assert judgement.outcome == "met"
    assert judgement.kind == "points"
    with pytest.raises(UsageError, match="must have a baseline"):
        gated(RECORD, Gate((parse("delta.accuracy >= -0.5"),)))


def test_a_difference_without_a_baseline_is_refused_at_once() -> None:
    gate = Gate((parse("delta.accuracy >= 0"),))
    with pytest.raises(UsageError, match="must have a baseline"):
        check_gate(gate, compared=False)
    check_gate(gate, compared=True)


def test_a_path_that_cannot_be_followed_is_named(tmp_path: Path) -> None:
    gate = Gate(GATE.requirements, junit=tmp_path / ("a" * 300 + ".xml"))
    with pytest.raises(OutputError, match="must be writable: File name too long"):
        check_gate(gate, compared=False)


def test_a_link_into_the_run_folder_is_no_way_around(tmp_path: Path) -> None:
    run = tmp_path / "run"
    run.mkdir()
    (tmp_path / "beside").symlink_to(run)
    gate = Gate(GATE.requirements, junit=tmp_path / "beside" / "junit.xml")
    with pytest.raises(OutputError, match="must lie outside of"):
        check_outside(gate, run)
    check_outside(replace(gate, junit=tmp_path / "junit.xml"), run)


def test_judgements_that_follow_from_the_numbers_agree() -> None:
    assert (
        unlike_judgements(gated(RECORD, GATE).judgements, RECORD.evaluation, None) == ()
    )


def test_an_outcome_that_was_changed_is_named() -> None:
    stored = gated(RECORD, GATE)
    passed = replace(stored.judgements[1], outcome="met", more_rows=None)
    forged = replace(stored, judgements=(stored.judgements[0], passed))
    found = " ".join(unlike_judgements(forged.judgements, RECORD.evaluation, None))
    assert 'judgements[1].outcome: the record says "met"' in found


def test_a_value_that_was_changed_is_named() -> None:
    stored = gated(RECORD, GATE)
    first = stored.judgements[0]
    assert first.estimate is not None
    better = replace(first, estimate=replace(first.estimate, high=1.0))
    forged = replace(stored, judgements=(better, stored.judgements[1]))
    [found] = unlike_judgements(forged.judgements, RECORD.evaluation, None)
    assert found.startswith("judgements[0].estimate.high: the record says 1.0")


@pytest.mark.parametrize(
    "unknown",
    [
        make_requirement(key="of_another_version"),
        make_requirement(key="recall", class_name="no class"),
        make_requirement(delta=True),
    ],
)
def test_a_requirement_that_cannot_be_judged_again_differs(
    unknown: Requirement,
) -> None:
    stored = required(RECORD, "accuracy >= 0.5")
    forged = replace(stored.judgements[0], requirement=unknown)
    [found] = unlike_judgements((forged,), RECORD.evaluation, None)
    assert "requirement" in found
