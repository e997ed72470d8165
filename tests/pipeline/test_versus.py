"""What is required of a candidate alone is judged on what its rows say."""

import dataclasses
from pathlib import Path

import pytest

from records import make_provenance, with_replicates
from reportgen.cli.console import Silent
from reportgen.errors import ReportError
from reportgen.pipeline.request import Gate
from reportgen.pipeline.versus import CompareRequest, FinishedComparison, compare_runs
from reportgen.record import Record, to_json
from reportgen.requirements import parse
from reports import Report, make_report


@pytest.fixture(scope="module")
def report() -> Report:
    return make_report()


def compared(
    report: Report, record: Record, folder: Path, required: str, level: float | None
) -> FinishedComparison:
    """Returns a run beside one of the same rows with another record, judged."""
    for name, held in (("old", report.record), ("new", record)):
        run = folder / name
        run.mkdir()
        (run / "record.json").write_bytes(to_json(held))
        (run / "predictions.npz").write_bytes(report.files["predictions.npz"])
    request = CompareRequest(
        baseline=folder / "old",
        candidate=folder / "new",
        output=folder / "output",
        name=None,
        margin=0.001,
        level=level,
        replicates=None,
        seed=None,
        provenance=make_provenance(),
        created_at="2026-01-02T03:04:05Z",
        formats=("json",),
        gate=Gate((parse(required),)),
    )
    return compare_runs(request, Silent())


def test_the_level_asked_for_is_that_of_what_is_judged(
    report: Report, tmp_path: Path
) -> None:
    found = compared(report, report.record, tmp_path, "accuracy >= 0.5", 0.8)
    (judgement,) = found.document.judgements
    own = report.record.evaluation.score("accuracy").estimate
    assert judgement.estimate is not None
    assert own is not None
    assert judgement.estimate.value == own.value
    assert (judgement.estimate.level, own.level) == (0.8, 0.95)


def test_an_edited_record_meets_no_requirement(report: Report, tmp_path: Path) -> None:
    def better(record: Record) -> Record:
        scores = tuple(
            dataclasses.replace(
                one,
                estimate=dataclasses.replace(
                    one.estimate, value=0.02, low=0.01, high=0.03
                ),
            )
            if one.key == "log_loss" and one.estimate
            else one
            for one in record.evaluation.scores
        )
        evaluation = dataclasses.replace(record.evaluation, scores=scores)
        return dataclasses.replace(record, evaluation=evaluation)

    edited = better(report.record)
    found = compared(report, edited, tmp_path, "log_loss <= 0.05", None)
    (judgement,) = found.document.judgements
    own = report.record.evaluation.score("log_loss").estimate
    assert own is not None
    assert own.value > 0.05
    assert judgement.outcome == "not met"


def test_endless_replicates_of_a_stranger_are_refused(
    report: Report, tmp_path: Path
) -> None:
    record = with_replicates(report.record, 10**9)
    with pytest.raises(ReportError, match=r"at most 100,000 replicates"):
        compared(report, record, tmp_path, "accuracy >= 0.5", None)
