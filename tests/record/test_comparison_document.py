"""What `compare` writes, as a file holds it."""

import dataclasses
import json

import pytest
from jsonschema import Draft202012Validator

from contests import make_comparison, make_document, make_identical, make_unpaired
from reportgen.errors import RecordError
from reportgen.record import (
    Comparison,
    FlipGallery,
    comparison_from_json,
    comparison_schema,
    comparison_to_json,
)


@pytest.mark.parametrize(
    "comparison",
    [
        make_comparison(),
        make_comparison(images=False),
        make_unpaired(),
        make_identical(),
    ],
    ids=["paired", "without images", "unpaired", "itself"],
)
def test_it_survives_json(comparison: Comparison) -> None:
    document = make_document(comparison)
    assert comparison_from_json(comparison_to_json(document)) == document


def test_its_json_fits_its_schema() -> None:
    schema = comparison_schema()
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(
        json.loads(comparison_to_json(make_document()))
    )


def test_another_version_is_refused() -> None:
    content = comparison_to_json(make_document(schema_version=2))
    with pytest.raises(RecordError, match=r"comparison\.json must have schema_version"):
        comparison_from_json(content)


def test_an_edit_is_refused() -> None:
    content = comparison_to_json(make_document()).replace(b'"ids"', b'"ids" ')
    with pytest.raises(RecordError, match="edited"):
        comparison_from_json(content)


def test_the_margin_is_that_of_the_verdict() -> None:
    with pytest.raises(ValueError, match="that of the verdict"):
        make_document(margin=0.5)
    with pytest.raises(ValueError, match="0-1"):
        make_document(make_unpaired(), margin=2.0)


def test_galleries_are_of_the_rows_that_flipped() -> None:
    found = make_comparison()
    with pytest.raises(ValueError, match="rows that flipped"):
        dataclasses.replace(found, fixes=FlipGallery((), 0))
    with pytest.raises(ValueError, match="no more rows"):
        dataclasses.replace(found.fixes, total=0)


def test_flips_are_of_the_classes() -> None:
    found = make_comparison()
    strange = dataclasses.replace(found.fixes.examples[0], true="cat")
    gallery = dataclasses.replace(found.fixes, examples=(strange,))
    with pytest.raises(ValueError, match="must be of the classes"):
        dataclasses.replace(found, fixes=gallery)


def test_a_verdict_needs_rows_that_match() -> None:
    with pytest.raises(ValueError, match="say why"):
        dataclasses.replace(make_comparison(), matched_by=None)
    with pytest.raises(ValueError, match="say why"):
        dataclasses.replace(make_unpaired(), matched_by="ids")
