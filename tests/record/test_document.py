"""record.json: exact, strict, and described by its schema."""

import dataclasses
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from records import make_predictions, make_record
from reportgen.errors import RecordError
from reportgen.record import SCHEMA_VERSION, from_json, to_json, to_schema


@pytest.mark.parametrize(("n", "k"), [(600, 10), (29, 2), (1, 2)])
def test_a_record_comes_back_from_json_exactly(n: int, k: int) -> None:
    record = make_record(make_predictions(n, k))
    assert from_json(to_json(record)) == record


def test_json_of_a_record_is_the_same_after_a_round() -> None:
    content = to_json(make_record())
    assert to_json(from_json(content)) == content


def test_a_record_validates_against_its_own_schema() -> None:
    schema = to_schema()
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(json.loads(to_json(make_record())))


def test_the_schema_refuses_a_record_without_evaluation() -> None:
    document = json.loads(to_json(make_record()))
    del document["evaluation"]
    assert not Draft202012Validator(to_schema()).is_valid(document)


def changed(**changes: Any) -> bytes:
    """Returns the JSON of a record with top-level members replaced."""
    return json.dumps(json.loads(to_json(make_record())) | changes).encode()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "must be UTF-8 JSON"),
        (b"\xff", "must be UTF-8 JSON"),
        (b"[]", "Received None"),
        (changed(schema_version=0), "Received 0"),
        (changed(name=5), r"Expected `str`, got `int` - at `\$\.name`"),
        (changed(model={}), r"at `\$\.model`"),
    ],
)
def test_a_broken_record_is_refused_with_its_place(
    content: bytes, message: str
) -> None:
    with pytest.raises(RecordError, match=message):
        from_json(content)


def test_pixels_that_do_not_fit_their_shape_are_refused() -> None:
    document = json.loads(to_json(make_record()))
    document["dataset"]["samples"][0]["pixels"]["height"] = 7
    with pytest.raises(RecordError, match=r"need 56 bytes\. Received 64"):
        from_json(json.dumps(document).encode())


def test_an_estimate_with_half_an_interval_is_refused() -> None:
    document = json.loads(to_json(make_record()))
    document["evaluation"]["scores"][0]["estimate"]["low"] = None
    with pytest.raises(RecordError, match="both bounds or none"):
        from_json(json.dumps(document).encode())


@given(st.binary(max_size=100))
def test_any_bytes_are_refused_as_a_record(content: bytes) -> None:
    with pytest.raises(RecordError):
        from_json(content)


def test_the_version_is_written_first() -> None:
    expected = b'{\n "schema_version": %d' % SCHEMA_VERSION
    assert to_json(make_record()).startswith(expected)


def test_a_score_is_found_by_its_key() -> None:
    evaluation = make_record().evaluation
    assert evaluation.score("ece").label == "Expected calibration error"
    with pytest.raises(KeyError):
        evaluation.score("ecf")


def test_records_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        make_record().name = "other"  # type: ignore[misc]  # that is the test
