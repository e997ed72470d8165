"""`reportgen verify` as a user meets it: whole processes, on the digits."""

import io
import json
from pathlib import Path

import page
import pikepdf
import pytest

from processes import Done, reportgen, watched
from reportgen.predictions import read_predictions
from reportgen.render import read_attachments
from reports import nudged, to_bytes

pytestmark = pytest.mark.slow

FALSE_ALARMS = {"PDFA3A-METADATA-FILTER-001", "PDFA3A-STREAM-LENGTH-001"}
"""Rules of other standards than PDF/A-3; tests/render/test_archive.py says more."""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns the run folder of a short training on the digits."""
    folder = tmp_path_factory.mktemp("verified")
    short = ("--retrain", "--dataset", "digits", "--epochs", "1")
    done = reportgen("build", *short, "--check-intervals", folder=folder)
    assert done.code == 0, done.stderr
    return folder / "output" / "digits"


@pytest.fixture(scope="module")
def verified(run: Path) -> Done:
    """Verifies the report; stderr ends with the heavy libraries loaded."""
    return watched("verify", "report.pdf", "--quiet", folder=run)


def test_a_report_on_digits_is_true(verified: Done) -> None:
    assert verified.code == 0, verified.stdout
    assert "differs" not in verified.stdout
    assert "not compared" not in verified.stdout
    for name in ("attachments", "scores", "interval checks", "printed text"):
        assert name in verified.stdout


def test_verifying_loads_no_tensorflow(verified: Done) -> None:
    assert "tensorflow" not in verified.stderr
    assert "keras" not in verified.stderr


@pytest.mark.parametrize(
    "profile",
    [page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_3A],
    ids=str,
)
def test_a_report_on_digits_follows_both_standards(
    run: Path, profile: page.ValidationProfile
) -> None:
    content = (run / "report.pdf").read_bytes()
    found = page.validate_pdf_bytes(content, profile=profile).failures
    assert {failure.rule_id for failure in found} <= FALSE_ALARMS


def test_the_report_carries_the_files_of_its_run(run: Path) -> None:
    carried = read_attachments((run / "report.pdf").read_bytes())
    assert carried == {name: (run / name).read_bytes() for name in carried}
    assert set(carried) == {"record.json", "predictions.npz", "validation.npz"}


def test_forged_predictions_are_told_to_a_machine(run: Path, tmp_path: Path) -> None:
    forged = to_bytes(nudged(read_predictions(run / "predictions.npz"), 1e-5))
    saved = io.BytesIO()
    with pikepdf.open(run / "report.pdf") as document:
        document.attachments["predictions.npz"] = forged
        document.save(saved)
    (tmp_path / "report.pdf").write_bytes(saved.getvalue())
    done = reportgen("verify", "report.pdf", "--json", "--quiet", folder=tmp_path)
    assert done.code == 1
    printed = json.loads(done.stdout)
    assert not printed["passed"]
    wrong = {one["name"] for one in printed["checks"] if one["differences"]}
    assert "scores" in wrong
    assert "printed text" not in wrong
    assert "does not agree in full" in done.stderr


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"not a PDF"])
def test_what_is_no_report_ends_in_one_panel(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(content)
    done = reportgen("verify", "report.pdf", "--quiet", folder=tmp_path)
    assert done.code == 1
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert "must be a" in done.stderr
