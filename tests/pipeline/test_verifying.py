"""What a report is found to be: true as written, false after each forgery."""

import dataclasses
import io
import re
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pikepdf
import pytest

from cards import make_pictures
from judged import required
from records import with_replicates
from reportgen import evaluation
from reportgen.cli.console import Silent, print_verification
from reportgen.errors import PredictionsError, RecordError, ReportError
from reportgen.pipeline import (
    Check,
    Verification,
    carrying,
    printed,
    showing,
    taking_apart,
    verify,
    verifying,
)
from reportgen.pipeline.belonging import unlike
from reportgen.pipeline.taking_apart import Parts
from reportgen.predictions import Predictions, parse_predictions
from reportgen.record import (
    Handed,
    HandedFile,
    HandedImages,
    Omission,
    Part,
    Picture,
    Record,
    to_json,
)
from reportgen.render import to_html, to_pdf
from reports import Report, make_report, nudged, report_of, to_bytes


@pytest.fixture(autouse=True)
def _boxes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draws boxes for figures, and lays out here: a press loads for two seconds."""

    def boxes(
        record: Record, _: object
    ) -> tuple[tuple[Picture, ...], tuple[Omission, ...]]:
        return make_pictures(record), ()

    press = nullcontext(SimpleNamespace(to_pdf=to_pdf, draw=None))
    monkeypatch.setattr(showing, "draw_pictures", boxes)
    monkeypatch.setattr(verifying, "waiting_press", lambda: press)


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


def test_an_outcome_that_does_not_follow_is_named(tmp_path: Path) -> None:
    made = make_report()
    missed = required(made.record, "accuracy >= 0.999")
    passed = dataclasses.replace(missed.judgements[0], outcome="met")
    forged = dataclasses.replace(made.record, judgements=(passed,))
    rows, held = (
        parse_predictions(made.files[name], name=name)
        for name in ("predictions.npz", "validation.npz")
    )
    found = wrong(verified(report_of(forged, rows, held).pdf(), tmp_path))
    assert list(found) == ["judgements"]
    assert 'outcome: the record says "met"' in found["judgements"].differences[0]


def test_a_changed_word_is_named(report: Report, tmp_path: Path) -> None:
    html = report.html.replace("What is not here", "What is all here", 1)
    found = wrong(verified(report.pdf(html=html), tmp_path))
    assert found["printed text"].differences == (
        "page 1: prints 'all' where the record gives 'not'",
    )


def test_numbers_that_change_places_are_named(report: Report, tmp_path: Path) -> None:
    printed = list(re.finditer(r">(\d+\.\d+)\s%</data>", report.html))
    one = printed[0]
    other = next(found for found in printed if found[1] != one[1])
    html = "".join(
        (
            report.html[: one.start(1)],
            other[1],
            report.html[one.end(1) : other.start(1)],
            one[1],
            report.html[other.end(1) :],
        )
    )
    found = wrong(verified(report.pdf(html=html), tmp_path))
    assert list(found) == ["printed text"]
    assert found["printed text"].differences == (
        f"page 1: prints {other[1]!r} where the record gives {one[1]!r}",
        f"page 1: prints {one[1]!r} where the record gives {other[1]!r}",
    )


def saved_again(content: bytes, *, cover: bool = False) -> bytes:
    """Returns the PDF as another program saves it, its first page covered or not."""
    saved = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as document:
        if cover:
            document.pages[0].contents_add(b"q 0 g 72 72 300 300 re f Q")
        document.save(saved)
    return saved.getvalue()


def test_what_is_painted_over_is_named(report: Report, tmp_path: Path) -> None:
    found = wrong(verified(saved_again(report.pdf(), cover=True), tmp_path))
    assert list(found) == ["looks"]
    (difference,) = found["looks"].differences
    assert difference.startswith("page 1: looks unlike from")


def test_what_lies_over_a_page_is_named(report: Report, tmp_path: Path) -> None:
    saved = io.BytesIO()
    with pikepdf.open(io.BytesIO(report.pdf())) as document:
        paint = document.make_stream(b"0 g 0 0 72 72 re f", BBox=[0, 0, 72, 72])
        paint.Type, paint.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Stamp,
            Rect=[72, 600, 144, 672],
            F=4,
            AP=pikepdf.Dictionary(N=paint),
        )
        document.pages[0].Annots = pikepdf.Array([document.make_indirect(note)])
        document.save(saved)
    found = wrong(verified(saved.getvalue(), tmp_path))
    assert list(found) == ["other content", "looks"]


def test_a_report_saved_again_is_true(report: Report, tmp_path: Path) -> None:
    as_written = verified(report.pdf(), tmp_path)
    again = verified(saved_again(report.pdf()), tmp_path)
    assert as_written.passed
    assert again.passed
    assert not any("Bookmarks" in limit for limit in as_written.limits)
    assert any("Bookmarks" in limit for limit in again.limits)


def test_other_pixels_of_another_system_are_told_and_no_forgery(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printed, "_on_this_system", lambda _record: False)
    verification = verified(saved_again(report.pdf(), cover=True), tmp_path)
    assert verification.passed
    assert "looks" not in {check.name for check in verification.checks}
    assert "only the words were compared" in verification.limits[-1]


def test_it_is_always_told_what_no_report_proves(
    report: Report, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    print_verification(verified(report.pdf(), tmp_path))
    assert "Not checked:\n- That rows and predictions" in capsys.readouterr().out


def of_evaluation(
    report: Report, record: Record, validation: Predictions | None = None
) -> dict[str, Check]:
    """Returns what is found of a record beside the report's rows, but for its pages."""
    rows, held_back = rows_of(report)
    parts = Parts(report.files, record, rows, validation or held_back, None, (), b"")
    return {check.name: check for check in verifying._evaluation(parts)}  # noqa: SLF001 - pages take seconds


def rows_of(report: Report) -> tuple[Predictions, Predictions]:
    """Returns the test rows and the validation rows that the report carries."""
    rows, held_back = (
        parse_predictions(report.files[name], name=name)
        for name in ("predictions.npz", "validation.npz")
    )
    return rows, held_back


def test_a_note_with_the_end_of_ours_is_named(report: Report) -> None:
    said = "All is well, and sums were divided by their sum."
    evaluation = dataclasses.replace(report.record.evaluation, notes=(said,))
    forged = dataclasses.replace(report.record, evaluation=evaluation)
    assert of_evaluation(report, forged)["notes"].differences


def test_our_own_note_on_sums_is_kept(report: Report) -> None:
    proba = np.array(rows_of(report)[0].y_proba)
    proba[0] *= 1.0005
    (said,) = dataclasses.replace(rows_of(report)[0], y_proba=proba).notes
    evaluation = dataclasses.replace(report.record.evaluation, notes=(said,))
    record = dataclasses.replace(report.record, evaluation=evaluation)
    assert of_evaluation(report, record)["notes"].verdict == "agrees"


def test_counts_of_other_test_rows_are_named(report: Report) -> None:
    # One row moved from the first class to the second: n stays what it is.
    first, second, *others = report.record.dataset.test.class_counts
    part = Part(report.record.dataset.test.n, (first - 1, second + 1, *others))
    forged = dataclasses.replace(
        report.record, dataset=dataclasses.replace(report.record.dataset, test=part)
    )
    (difference,) = of_evaluation(report, forged)["rows"].differences
    assert difference.startswith("rows a class: the record says")


def test_images_of_other_rows_are_named(report: Report) -> None:
    rows, _ = rows_of(report)
    images = HandedImages("images.npz", in_files=False, contents_sha256="0" * 64)
    handed = Handed(HandedFile("scores.npz", "e" * 64), None, images=images)
    told = "hash of the images' hashes: the record says"
    for contents in (None, np.arange(rows.n, dtype=np.uint64)):
        stored = dataclasses.replace(rows, contents=contents)
        (difference,) = unlike(list(verifying._contents(handed, stored)))  # noqa: SLF001 - pages take seconds
        assert difference.startswith(told)


def test_a_validation_part_of_test_rows_is_named(report: Report) -> None:
    found = of_evaluation(report, report.record, rows_of(report)[0])["rows"]
    assert (
        "validation rows among the test rows: the record says 0, the predictions 60"
        in found.differences
    )


def test_large_images_leave_no_difference(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Two confusions, and room for the pixels of one; the attachments hold no pixels.
    monkeypatch.setattr(evaluation, "CELL_BYTES", 64)
    rows, held_back = rows_of(report)
    found = evaluation.evaluate(
        rows,
        images=np.zeros((60, 8, 8), np.uint8),
        validation=held_back,
        sampling=report.record.evaluation.sampling,
    )
    assert (len(found.cells), found.errors) == (1, 2)
    record = dataclasses.replace(report.record, evaluation=found)
    checks = of_evaluation(report, record).values()
    assert [check for check in checks if check.differences] == []


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
    with pytest.raises(PredictionsError, match="which take 560,000,000"):
        verified(report.pdf(files=files), tmp_path)


@pytest.fixture(scope="session")
def bomb() -> bytes:
    """Returns an NPZ of 70 KB, as sound as it is large, of four million rows.

    A row takes two probabilities of 8 bytes and an id, which becomes text of 84 bytes,
    and 40 bytes besides: 140 in all, where the file has 4.
    """
    n = 4_000_000
    file = io.BytesIO()
    np.savez_compressed(
        file,
        y_true=np.zeros(n, np.uint8),
        y_proba=np.zeros((n, 2), np.uint8),
        class_names=np.array(["a", "b"]),
        row_ids=np.zeros(n, np.uint8),
    )
    return file.getvalue()


def with_record(report: Report, record: Record) -> Report:
    """Returns the report of another record on the same rows."""
    return report_of(record, *rows_of(report))


def of_version(report: Report, version: str) -> Report:
    """Returns the report as another version of reportgen would have written it."""
    provenance = dataclasses.replace(report.record.provenance, reportgen=version)
    return with_record(
        report, dataclasses.replace(report.record, provenance=provenance)
    )


def test_pages_of_another_version_may_agree_in_full(
    report: Report, tmp_path: Path
) -> None:
    verification = verified(of_version(report, "0.0.9").pdf(), tmp_path)
    assert verification.passed
    assert "words in order" in verification.checks[-2].compared


def test_who_names_another_version_is_not_let_off(
    report: Report, tmp_path: Path
) -> None:
    older = of_version(report, "0.0.9")
    html = older.html.replace("What is not here", "What is all here", 1)
    verification = verified(older.pdf(html=html), tmp_path)
    assert not verification.passed
    found = wrong(verification)["printed text"]
    assert found.verdict == "in part"
    assert found.skipped is not None
    assert "drawn by reportgen 0.0.9" in found.skipped


def test_pages_of_another_layout_are_held_against_its_numbers(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printed, "_other_version", lambda _record: "drawn by hand")
    assert verified(report.pdf(), tmp_path).passed
    html = re.sub(r">(\d)(\d\.\d)(?=\s%<)", r">\2\1", report.html)
    found = wrong(verified(report.pdf(html=html), tmp_path))
    assert {name: check.verdict for name, check in found.items()} == {
        "printed text": "differs"
    }


def test_a_record_that_asks_for_endless_replicates_is_refused(
    report: Report, tmp_path: Path
) -> None:
    record = with_replicates(report.record, 10**9)
    with pytest.raises(ReportError, match="at most 100,000 replicates"):
        verified(report.pdf(files={"record.json": to_json(record)}), tmp_path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="must be a readable file"):
        verify(tmp_path / "report.pdf", Silent())


def test_predictions_too_large_to_carry_are_read_from_beside(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (carrying, taking_apart):
        monkeypatch.setattr(module, "LARGEST_ATTACHED", 100)
    for name in ("predictions.npz", "validation.npz"):
        (tmp_path / name).write_bytes(report.files[name])
    cargo = carrying.cargo_of(report.record, tmp_path)
    assert cargo.names == ("record.json",)
    card = showing.carrying(report.record, cargo, None)
    html = to_html(card)
    assert "is larger than four megabytes" in html
    path = tmp_path / "report.pdf"
    path.write_bytes(report.pdf(html=html, files={"record.json": to_json(card.record)}))
    assert verify(path, Silent(), beside=tmp_path).passed
    alone = wrong(verify(path, Silent()))
    assert "--beside" in str(alone["attachments"])
    assert "printed text" not in alone


def test_predictions_of_any_size_are_left_beside_and_not_read(
    report: Report, tmp_path: Path
) -> None:
    with (tmp_path / "predictions.npz").open("wb") as file:
        file.truncate(2**40)  # a hole: no byte of it is on the disk
    cargo = carrying.cargo_of(report.record, tmp_path)
    assert [(one.key, one.reason) for one in cargo.left] == [
        ("predictions.npz", carrying.TOO_LARGE)
    ]


def test_small_predictions_beside_a_report_do_not_stand_for_missing_ones(
    report: Report, tmp_path: Path
) -> None:
    (tmp_path / "predictions.npz").write_bytes(report.files["predictions.npz"])
    path = tmp_path / "report.pdf"
    path.write_bytes(report.pdf(files={"record.json": report.files["record.json"]}))
    assert "attachments" in wrong(verify(path, Silent(), beside=tmp_path))
