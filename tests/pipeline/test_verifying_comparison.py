"""What the page of a comparison is found to be: true as written, false when forged."""

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

import pytest

from contests import SAMPLING, make_document, make_side
from pairs import make_pair
from records import make_provenance
from reportgen import __version__
from reportgen.cli.console import Silent
from reportgen.cli.machine import environment
from reportgen.evaluation import evaluate
from reportgen.pipeline import Check, showing_comparison, verify, verifying_comparison
from reportgen.pipeline.carrying import DESCRIPTIONS, comparison_cargo
from reportgen.pipeline.contest import contest
from reportgen.pipeline.entrants import Entrant
from reportgen.pipeline.gating import judged
from reportgen.predictions import Predictions
from reportgen.record import ComparisonDocument, Sampling, comparison_to_json
from reportgen.render import Attachment, to_html, to_pdf
from reportgen.requirements import parse
from reports import nudged, to_bytes

PAIR = make_pair(edge=0.4)
EVIDENCE = {
    "baseline.npz": to_bytes(PAIR.baseline),
    "candidate.npz": to_bytes(PAIR.candidate),
}
NUDGE = PAIR.candidate.y_proba[0, 1] / 2
REQUIRED = ("delta.accuracy >= -0.01", "accuracy >= 0.5", "ece_null_p >= 0.01")


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draws no figures, and lays out here: a press loads for two seconds."""
    press = nullcontext(SimpleNamespace(to_pdf=to_pdf))
    monkeypatch.setattr(
        showing_comparison, "draw_comparison_pictures", lambda _: ((), ())
    )
    monkeypatch.setattr(verifying_comparison, "waiting_press", lambda: press)


def entrant(name: str, predictions: Predictions, content: bytes) -> Entrant:
    """Returns a run without images."""
    hashed = sha256(content).hexdigest()
    side = make_side(name, n=predictions.n, predictions_sha256=hashed)
    return Entrant(side, predictions, lambda _row: None, content)


def compared(*required: str, sampling: Sampling = SAMPLING) -> ComparisonDocument:
    """Returns the comparison of the two, judged."""
    old = entrant("old", PAIR.baseline, EVIDENCE["baseline.npz"])
    new = entrant("new", PAIR.candidate, EVIDENCE["candidate.npz"])
    found = contest(old, new, sampling, margin=0.001)
    evaluation = evaluate(PAIR.candidate, sampling=sampling)
    return make_document(
        found,
        sampling=sampling,
        judgements=judged(evaluation, found, map(parse, required)),
        provenance=replace(
            make_provenance(), reportgen=__version__, environment=environment()
        ),
    )


def printed(
    document: ComparisonDocument, evidence: Mapping[str, bytes] = EVIDENCE
) -> bytes:
    """Returns the PDF of a comparison, with those predictions in it."""
    cargo = comparison_cargo(document, evidence)
    return to_pdf(
        to_html(showing_comparison.card_of(document, cargo)),
        created_at=document.timings.created_at,
        attachments=cargo.attachments,
    )


def wrong(content: bytes, folder: Path) -> dict[str, Check]:
    """Returns the checks of those bytes that did not agree, by name."""
    path = folder / "comparison.pdf"
    path.write_bytes(content)
    found = verify(path, Silent())
    return {one.name: one for one in found.checks if one.verdict != "agrees"}


def test_a_comparison_as_it_was_written_is_true(tmp_path: Path) -> None:
    assert wrong(printed(compared(*REQUIRED)), tmp_path) == {}


def test_what_is_required_is_judged_at_the_level_of_the_comparison(
    tmp_path: Path,
) -> None:
    sampling = replace(SAMPLING, level=0.8)
    document = compared(*REQUIRED, sampling=sampling)
    assert document.comparison.candidate.sampling != sampling
    assert wrong(printed(document), tmp_path) == {}


def test_a_verdict_that_does_not_follow_is_named(tmp_path: Path) -> None:
    document = compared()
    paired = document.comparison.paired
    assert paired is not None
    right = paired.flips.both_right
    flips = replace(paired.flips, both_right=right + 1, n=paired.flips.n + 1)
    forged = replace(document.comparison, paired=replace(paired, flips=flips))
    found = wrong(printed(replace(document, comparison=forged)), tmp_path)
    assert list(found) == ["comparison"]
    said = " ".join(found["comparison"].differences)
    assert "comparison.paired.flips.both_right: the record says" in said


def test_forged_predictions_are_named(tmp_path: Path) -> None:
    forged = {**EVIDENCE, "candidate.npz": to_bytes(nudged(PAIR.candidate, NUDGE))}
    found = wrong(printed(compared(), forged), tmp_path)
    assert list(found) == ["comparison"]
    said = " ".join(found["comparison"].differences)
    assert "comparison.candidate.predictions_sha256" in said


def test_an_outcome_that_does_not_follow_is_named(tmp_path: Path) -> None:
    document = compared("accuracy >= 0.999")
    passed = replace(document.judgements[0], outcome="met")
    found = wrong(printed(replace(document, judgements=(passed,))), tmp_path)
    assert list(found) == ["judgements"]


def test_a_word_that_was_changed_is_named(tmp_path: Path) -> None:
    document = compared()
    cargo = comparison_cargo(document, EVIDENCE)
    html = to_html(showing_comparison.card_of(document, cargo))
    carried = (comparison_to_json(document), *EVIDENCE.values())
    content = to_pdf(
        html.replace("What else to know", "What more to know", 1),
        created_at=document.timings.created_at,
        attachments=tuple(map(Attachment, DESCRIBED, DESCRIBED.values(), carried)),
    )
    found = wrong(content, tmp_path)
    assert list(found) == ["printed text"]
    assert "prints 'more' where the record gives 'else'" in str(found)


DESCRIBED = {
    name: DESCRIPTIONS[name]
    for name in ("comparison.json", "baseline.npz", "candidate.npz")
}


def test_predictions_that_are_missing_are_no_agreement(tmp_path: Path) -> None:
    alone = {"baseline.npz": EVIDENCE["baseline.npz"]}
    found = wrong(printed(compared(), alone), tmp_path)
    assert {name: one.verdict for name, one in found.items()} == {
        "attachments": "differs",
        "comparison": "not compared",
        "printed text": "differs",  # the page names what it carries
    }


def test_large_predictions_are_read_where_they_were_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reportgen.pipeline import carrying, taking_apart

    for module in (carrying, taking_apart):
        monkeypatch.setattr(module, "LARGEST_ATTACHED", 100)
    for name, content in EVIDENCE.items():
        (tmp_path / name).write_bytes(content)
    path = tmp_path / "comparison.pdf"
    path.write_bytes(printed(compared()))
    looked = partial(verify, path, Silent())
    assert looked(beside=tmp_path).passed
    alone = looked()
    assert not alone.passed
    assert "printed text" not in [one.name for one in alone.checks if one.differences]
