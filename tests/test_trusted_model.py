"""--trust-model is the one way past the gate: for one run, and said in its report."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from processes import reportgen
from records import make_model_summary, make_record
from reportgen.card import compose
from reportgen.model import keras_quietly
from reportgen.record import from_json, to_json, to_schema
from reportgen.render import to_html

LINE = "loaded with --trust-model"


def test_a_record_says_that_its_model_was_trusted() -> None:
    record = make_record(
        model=replace(make_model_summary(10), source="m", trusted=True)
    )
    content = to_json(record)
    assert from_json(content) == record
    Draft202012Validator(to_schema()).validate(json.loads(content))


def test_a_model_that_the_run_trained_needs_no_trust() -> None:
    with pytest.raises(ValueError, match="must come from a file"):
        replace(make_model_summary(10), source=None, trusted=True)


@pytest.mark.parametrize("trusted", [False, True])
def test_the_page_says_so_where_it_is_so(*, trusted: bool) -> None:
    model = replace(make_model_summary(10), source="m.keras", trusted=trusted)
    page = to_html(compose(make_record(model=model), (), ()))
    assert (LINE in page) == trusted


def _save_lambda(path: Path) -> None:
    """Saves a network of digits that divides by code of its own."""
    keras = keras_quietly()
    network = keras.Sequential(
        [
            keras.Input((8, 8)),
            keras.layers.Flatten(),
            keras.layers.Lambda(lambda x: x / 255, output_shape=(64,)),
            keras.layers.Dense(10, "softmax"),
        ]
    )
    network.save(path)


@pytest.mark.slow
def test_trust_is_for_one_run_and_in_its_report(tmp_path: Path) -> None:
    _save_lambda(tmp_path / "model.keras")
    # What a Lambda does to pixels no layer tells.
    build = ("build", "--dataset", "digits", "--format", "html,md", "--scale", "none")
    refused = reportgen(*build, "--model", "model.keras", folder=tmp_path)
    assert refused.code == 1
    assert "'Lambda' of" in refused.stderr
    assert not (tmp_path / "output").exists()

    done = reportgen(*build, "--model", "model.keras", "--trust-model", folder=tmp_path)
    assert done.code == 0, done.stderr
    folder = tmp_path / "output" / "digits"
    record = from_json((folder / "record.json").read_bytes())
    assert record.model is not None
    assert record.model.trusted
    for name in ("report.html", "report.md"):
        assert LINE in (folder / name).read_text(encoding="utf-8"), name

    again = reportgen(*build, folder=tmp_path)
    assert again.code == 1
    assert "'Lambda' of" in again.stderr
