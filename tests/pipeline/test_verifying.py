"""What a report is found to be: true as written, false after each forgery."""

import dataclasses
import io
import re
import zipfile
from pathlib import Path

import pytest

from cards import make_pictures
from reportgen.cli.console import Silent
from reportgen.errors import PredictionsError, RecordError, ReportError
from reportgen.pipeline import (
    Check,
    Verification,
    carrying,
    showing,
    taking_apart,
    verify,
    verifying,
)
from reportgen.predictions import parse_predictions
from reportgen.record import Omission, Picture, Record, Sampling, to_json
from reportgen.render import to_html
from reports import Report, make_report, nudged, report_of, to_bytes


@pytest.fixture(autouse=True)
def _boxes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draws boxes for figures: what is printed is told apart by words."""

    def boxes(record: Record) -> tuple[tuple[Picture, ...], tuple[Omission, ...]]:
        return make_pictures(record), ()

    monkeypatch.setattr(showing, "draw_pictures", boxes)


@pytest.fixture(scope="module")
def report() -> Report:
    return make_report()


def verified(content: bytes, folder: Path) -> Verification:
    """Returns what is found of those bytes."""
    path = folder / "report.pdf"
    path.write_bytes(content)
    return verify(path, Silent())


def wrong(verification: Verification) -> dict[str, Check]:
    """Returns the checks that did not agree, by name."""
    return {one.name: one for one in verification.checks if one.verdict != "agrees"}


def test_a_report_as_it_was_written_is_true(report: Report, tmp_path: Path) -> None:
    verification = verified(report.pdf(), tmp_path)
    assert wrong(verification) == {}
    assert verification.passed
    assert verification.record == report.record


def test_a_changed_digit_is_named(report: Report, tmp_path: Path) -> None:
    # The first number that is printed with two decimals loses its last one to another.
    printed = re.search(r">(\d+\.\d)(\d)\s%</data>", report.html)
    assert printed is not None
    digit = "1" if printed[2] != "1" else "2"
    at = printed.start(2)
    html = report.html[:at] + digit + report.html[at + 1 :]
    found = wrong(verified(report.pdf(html=html), tmp_path))
    assert list(found) == ["printed text"]
    (difference,) = found["printed text"].differences
    told, given = f"{printed[1]}{digit}", f"{printed[1]}{printed[2]}"
    assert re.match(r"page \d+: prints ", difference)
    assert f"{told}' where the record gives '{given}'" in difference


def test_a_changed_word_is_named(report: Report, tmp_path: Path) -> None:
    html = report.html.replace("What is not here", "What is all here", 1)
    found = wrong(verified(report.pdf(html=html), tmp_path))
    assert found["printed text"].differences == (
        "page 1: prints 'all' where the record gives 'not'",
    )


def test_a_changed_probability_is_named(report: Report, tmp_path: Path) -> None:
    rows = parse_predictions(report.files["predictions.npz"], name="predictions.npz")
    files = dict(report.files, **{"predictions.npz": to_bytes(nudged(rows, 1e-4))})
    found = wrong(verified(report.pdf(files=files), tmp_path))
    assert "scores" in found
    assert any(
        said.startswith("evaluation.scores[log_loss].estimate.value: the record says")
        for said in found["scores"].differences
    )
    assert "confusion matrix" not in found


def test_a_changed_validation_row_is_named(report: Report, tmp_path: Path) -> None:
    rows = parse_predictions(report.files["validation.npz"], name="validation.npz")
    files = dict(report.files, **{"validation.npz": to_bytes(nudged(rows, 1e-3))})
    found = wrong(verified(report.pdf(files=files), tmp_path))
    assert "calibration" in found
    assert "scores" not in found
    assert "temperature" in found["calibration"].differences[0]


@pytest.mark.parametrize("name", ["predictions.npz", "validation.npz"])
def test_a_missing_attachment_is_named(
    name: str, report: Report, tmp_path: Path
) -> None:
    files = {key: content for key, content in report.files.items() if key != name}
    verification = verified(report.pdf(files=files), tmp_path)
    assert not verification.passed
    (difference,) = wrong(verification)["attachments"].differences
    assert difference.startswith(f"{name} is missing")


def test_a_missing_record_is_named(report: Report, tmp_path: Path) -> None:
    files = {"predictions.npz": report.files["predictions.npz"]}
    with pytest.raises(ReportError, match=r"must carry record\.json.*predictions"):
        verified(report.pdf(files=files), tmp_path)


def test_a_pdf_without_attachments_is_named(report: Report, tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="carries nothing"):
        verified(report.pdf(files={}), tmp_path)


def test_a_strange_attachment_is_named(report: Report, tmp_path: Path) -> None:
    found = wrong(verified(report.pdf(files={**report.files, "x": b"x"}), tmp_path))
    assert found["attachments"].differences == ("'x' is not of a report",)


def test_an_edited_record_is_named(report: Report, tmp_path: Path) -> None:
    # A forger who writes it as reportgen does still meets hash, scores and text.
    scores = report.record.evaluation.scores
    estimate = scores[0].estimate
    assert estimate is not None
    better = dataclasses.replace(
        scores[0], estimate=dataclasses.replace(estimate, value=estimate.value + 0.01)
    )
    evaluation = dataclasses.replace(
        report.record.evaluation, scores=(better, *scores[1:])
    )
    record = dataclasses.replace(report.record, evaluation=evaluation)
    files = {**report.files, "record.json": to_json(record)}
    found = wrong(verified(report.pdf(files=files), tmp_path))
    assert list(found) == ["hash of the record", "scores", "printed text"]
    (difference,) = found["scores"].differences
    assert difference.startswith(f"evaluation.scores[{scores[0].key}].estimate.value")
    assert "page 1: does not print" in found["hash of the record"].differences[0]


def test_a_record_edited_by_hand_is_refused(report: Report, tmp_path: Path) -> None:
    edited = report.files["record.json"].replace(b'"seed": 42', b'"seed":  42')
    with pytest.raises(RecordError, match="edited"):
        verified(report.pdf(files={**report.files, "record.json": edited}), tmp_path)


def test_rows_of_another_test_part_are_named(report: Report, tmp_path: Path) -> None:
    files = dict(report.files)
    files["predictions.npz"] = files["validation.npz"]
    found = wrong(verified(report.pdf(files=files), tmp_path))
    assert "hash of the row ids" in found["rows"].differences[0]
    assert found["evaluation"].verdict == "not compared"


def test_a_bomb_among_the_predictions_is_refused(
    report: Report, tmp_path: Path, bomb: bytes
) -> None:
    files = {**report.files, "predictions.npz": bomb}
    with pytest.raises(PredictionsError, match="must unpack to at most"):
        verified(report.pdf(files=files), tmp_path)


@pytest.fixture(scope="session")
def bomb() -> bytes:
    """Returns an NPZ of 300 KB that unpacks to more than 256 MiB."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("y_proba.npy", bytes(256 * 2**20 + 1))
    return file.getvalue()


def test_pages_of_another_version_are_held_against_their_scores(
    report: Report, tmp_path: Path
) -> None:
    provenance = dataclasses.replace(report.record.provenance, reportgen="0.0.9")
    record = dataclasses.replace(report.record, provenance=provenance)
    rows, held_back = (
        parse_predictions(report.files[name], name=name)
        for name in ("predictions.npz", "validation.npz")
    )
    older = report_of(record, rows, held_back)
    verification = verified(older.pdf(), tmp_path)
    assert verification.passed
    assert "reportgen 0.0.9" in verification.checks[-1].compared


def test_another_weasyprint_is_allowed_other_lines(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifying, "_other_layout", lambda _record: "laid out by hand")
    verification = verified(report.pdf(), tmp_path)
    assert verification.passed
    html = re.sub(r">(\d)(\d\.\d)(?=\s%<)", r">\2\1", report.html)
    found = wrong(verified(report.pdf(html=html), tmp_path))
    assert list(found) == ["printed text"]


def test_a_record_that_asks_for_endless_replicates_is_refused(
    report: Report, tmp_path: Path
) -> None:
    evaluation = dataclasses.replace(
        report.record.evaluation, sampling=Sampling(replicates=10**9)
    )
    record = dataclasses.replace(report.record, evaluation=evaluation)
    with pytest.raises(ReportError, match="at most 100,000 replicates"):
        verified(report.pdf(files={"record.json": to_json(record)}), tmp_path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="must be a readable file"):
        verify(tmp_path / "report.pdf", Silent())


def test_predictions_too_large_to_carry_are_read_from_beside(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (carrying, taking_apart):
        monkeypatch.setattr(module, "LARGEST_CARRIED", 100)
    for name in ("predictions.npz", "validation.npz"):
        (tmp_path / name).write_bytes(report.files[name])
    cargo = carrying.cargo_of(report.record, tmp_path)
    assert cargo.names == ("record.json",)
    card = showing.carrying(report.record, cargo)
    html = to_html(card)
    assert "is larger than four megabytes" in html
    path = tmp_path / "report.pdf"
    path.write_bytes(report.pdf(html=html, files={"record.json": to_json(card.record)}))
    assert verify(path, Silent(), beside=tmp_path).passed
    assert "--beside" in str(wrong(verify(path, Silent()))["attachments"])


def test_small_predictions_beside_a_report_do_not_stand_for_missing_ones(
    report: Report, tmp_path: Path
) -> None:
    (tmp_path / "predictions.npz").write_bytes(report.files["predictions.npz"])
    path = tmp_path / "report.pdf"
    path.write_bytes(report.pdf(files={"record.json": report.files["record.json"]}))
    assert "attachments" in wrong(verify(path, Silent(), beside=tmp_path))
