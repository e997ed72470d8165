"""The Markdown model card: what the hub reads, and words that stay words."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from huggingface_hub import EvalResult, ModelCard, ModelCardData

from cards import lettered, make_card
from records import (
    images_of,
    make_handed_record,
    make_predictions,
    make_record,
    with_images,
)
from reportgen.record import AuthorWord, Quantity, Record, estimated, to_json
from reportgen.render import to_markdown
from reportgen.render.markdown import _printed, escape, slug, yaml

HOSTILE = (
    "<script>alert(1)</script>",
    "[/]",
    "{{7*7}}",
    "\u202eevil",
    "x" * 300,
    "手写数字",
    "أرقام",
    "🐱",
    '": | # --- `code`',
    "a\n---\nb",
)
"""Names that other formats would read as more than names."""

NUMBER = re.compile(r"(?<![\w.])\d+(?:,\d{3})*(?:\.\d+)?")


def card_of(record: Record) -> ModelCard:
    """Returns what the hub's own library reads of the card."""
    return ModelCard(to_markdown(make_card(record)))


def with_licence(text: str | None) -> Record:
    return replace(make_record(), author=(AuthorWord("licence", "Licence", text),))


@pytest.fixture(scope="module")
def record() -> Record:
    return lettered(make_record())


@pytest.fixture(scope="module")
def hub(record: Record) -> ModelCard:
    return card_of(record)


@pytest.fixture(scope="module")
def hostile() -> ModelCard:
    named = lettered(make_record(), HOSTILE)
    return card_of(replace(named, title=HOSTILE[0] + HOSTILE[3] + HOSTILE[8]))


def metadata(card: ModelCard) -> ModelCardData:
    """Returns what stands before the text of the card."""
    assert isinstance(card.data, ModelCardData)
    return card.data


def results(card: ModelCard) -> list[EvalResult]:
    found = metadata(card).eval_results
    assert found
    return found


def test_the_hub_reads_every_score_with_its_exact_value(
    record: Record, hub: ModelCard
) -> None:
    stored = {
        score.label: score.estimate.value
        for score in record.evaluation.scores
        if score.estimate
    }
    read = {result.metric_name: result.metric_value for result in results(hub)}
    assert read == stored


def test_the_hub_is_told_task_data_and_split(record: Record, hub: ModelCard) -> None:
    first = results(hub)[0]
    assert (first.task_type, first.dataset_type) == ("image-classification", "shapes")
    assert (first.dataset_split, first.dataset_config) == ("test", "pooled")
    assert first.dataset_name == "Shapes, fresh split of all images"
    assert first.dataset_args == {
        "rows": record.evaluation.n,
        "split_seed": images_of(record).split_seed,
        "test_rows_sha256": record.dataset.test_rows_sha256,
    }


def test_nothing_claims_to_be_verified_by_the_hub(hub: ModelCard) -> None:
    assert {result.verified for result in results(hub)} == {False}


def test_means_over_classes_are_told_apart(hub: ModelCard) -> None:
    f1 = [result.metric_args for result in results(hub) if result.metric_type == "f1"]
    assert f1 == [{"average": "weighted"}, {"average": "macro"}]


def test_an_undefined_score_has_its_reason_and_no_value() -> None:
    record = make_record()
    first, *others = record.evaluation.scores
    score = replace(first, estimate=None, reason="There is *one* class.")
    evaluation = replace(record.evaluation, scores=(score, *others))
    card = card_of(replace(record, evaluation=evaluation))
    assert score.label not in {result.metric_name for result in results(card)}
    assert f"| {score.label} | n/a |" in card.text
    assert r"- Accuracy: There is \*one\* class." in card.text


@pytest.mark.parametrize(
    ("words", "identifier", "name"),
    [
        ("MIT", "mit", None),
        ("Apache 2.0", "apache-2.0", None),
        ("Our own licence", "other", "our-own-licence"),
        ("许可证", "other", None),
        (None, None, None),
    ],
)
def test_the_licence_is_the_authors(
    words: str | None, identifier: str | None, name: str | None
) -> None:
    data = metadata(card_of(with_licence(words)))
    assert (data.license, data.license_name) == (identifier, name)


def test_every_score_stands_with_its_interval(record: Record, hub: ModelCard) -> None:
    for score in record.evaluation.scores:
        assert f"| {score.label} | {estimated(score)} |" in hub.text


def rounded(value: Any) -> set[str]:
    """Returns the numbers of a JSON document, as percentages too, in all roundings."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return set[str]().union(*map(rounded, value))
    if isinstance(value, str):
        return set(NUMBER.findall(value))
    if not isinstance(value, int | float):
        return set()
    sizes = (abs(value), 100 * abs(value))
    return {f"{size:,.{digits}f}" for size in sizes for digits in range(7)}


def test_every_printed_number_comes_from_the_record(
    record: Record, hub: ModelCard
) -> None:
    known = rounded(json.loads(to_json(record))) | {"256"}  # Of SHA-256.
    text = hub.text.replace(make_card(record).fingerprint, "")
    # Less than a thousandth, and more than all but the last step, are bounds.
    text = re.sub(r"&[lg]t;\s[\d.]+", "", text)
    assert set(NUMBER.findall(text)) - known == set()


def test_hostile_names_leave_no_tag_and_no_template(hostile: ModelCard) -> None:
    assert "<" not in hostile.text
    assert "{{" not in hostile.text.replace(r"\{\{", "")
    assert "49" not in re.findall(r"\d+", hostile.text.split("## Findings")[0])


def test_hostile_names_turn_and_break_nothing(hostile: ModelCard) -> None:
    assert "\u202e" not in hostile.content
    rows = [line for line in hostile.text.splitlines() if line.startswith("| ")]
    # An unescaped bar would make another cell: five columns have six bars.
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {6}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_printed_whole(name: str, hostile: ModelCard) -> None:
    assert f"| {escape(name)} |" in hostile.text


def test_a_hostile_title_reaches_the_hub_as_text(hostile: ModelCard) -> None:
    # U+202E alone is replaced: it would turn the hub's own page.
    expected = (HOSTILE[0] + HOSTILE[3] + HOSTILE[8]).replace("\u202e", "\ufffd")
    assert metadata(hostile).model_name == expected


def test_the_authors_words_cannot_end_the_metadata_or_begin_a_heading() -> None:
    text = "one\n---\nlicense: mit\n\n# two\n\n- [x](javascript:1) www.evil.example"
    record = replace(make_record(), author=(AuthorWord("limits", "Limits", text),))
    card = card_of(record)
    assert metadata(card).license is None
    assert "\n# two" not in card.text
    assert r"\# two" in card.text
    assert r"\- \[x\](javascript:1) www&#46;evil.example" in card.text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<b> & *x*", r"&lt;b&gt; &amp; \*x\*"),
        ("1. first", r"1\. first"),
        ("0.5 of it", "0.5 of it"),
        ("- item", r"\- item"),
        ("a\tb\n c", "a b c"),
        ("http://a @b", "http:&#47;&#47;a &#64;b"),
        ("back\\slash", "back\\\\slash"),
    ],
)
def test_text_is_shown_as_it_is(text: str, shown: str) -> None:
    assert escape(text) == shown


@pytest.mark.parametrize(
    ("value", "written"),
    [(1e-05, "1.0e-05"), (0.1 + 0.2, "0.30000000000000004"), (7, "7"), ("a", '"a"')],
)
def test_numbers_keep_all_their_digits_in_yaml(value: object, written: str) -> None:
    assert yaml(value) == written


def test_a_slug_is_small_letters_digits_points_and_hyphens() -> None:
    assert slug("  My DATA_set (v1.2)!") == "my-data-set-v1.2"


def test_a_bare_number_cannot_be_printed() -> None:
    with pytest.raises(TypeError, match="Received 7, a int"):
        _printed(7)
    assert _printed(Quantity(0.5, "share", 0)) == "50\N{NO-BREAK SPACE}%"


def test_many_classes_show_their_ends() -> None:
    card = card_of(make_record(make_predictions(600, 100)))
    table = card.text.partition("## Classes")[2].partition("## The author")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")]
    assert len(rows) == 1 + 40
    assert "Of 100 classes these are the twenty of lowest and" in table


def test_equal_records_give_equal_bytes(record: Record) -> None:
    assert to_markdown(make_card(record)) == to_markdown(make_card(record))


def test_the_hub_is_told_of_no_model_where_predictions_were_handed_over() -> None:
    card = card_of(make_handed_record())
    first = results(card)[0]
    assert first.task_type == "other"
    assert first.dataset_config is None
    assert first.dataset_args == {
        "rows": 600,
        "predictions_sha256": "e" * 64,
        "test_rows_sha256": "c" * 64,
    }
    assert metadata(card).library_name is None
    assert metadata(card).pipeline_tag is None


def test_a_card_of_handed_over_predictions_speaks_of_rows_and_files() -> None:
    text = to_markdown(make_card(make_handed_record()))
    assert "Scores on 600 test rows" in text
    assert "handed over in `scores.npz`" in text
    assert "of 600 validation rows in `held-back.npz`" in text
    for stranger in ("image", "weights", "pixels", "keras"):
        assert stranger not in text.lower(), stranger


def one_image() -> Record:
    """Returns a record of which the only image of all is the test part."""
    record = make_record(make_predictions(1, 3))
    part = replace(record.dataset.test, n=1, class_counts=(1, 0, 0))
    dataset = replace(record.dataset, validation=None, test=part)
    record = replace(record, dataset=dataset, training=None, trained_on=None)
    return with_images(record, train=None, protocol="all", n=1, augmentations=())


def test_one_row_is_no_plural() -> None:
    text = to_markdown(make_card(one_image()))
    assert "Scores on 1 test image, with" in text
    assert (
        "- The one image is a test image; whether the model was fitted on it is" in text
    )
    assert "- Test 1 image." in text


def test_one_validation_row_is_no_plural() -> None:
    record = make_handed_record()
    assert record.dataset.validation is not None
    counts = (1, *(0 for _ in record.dataset.validation.class_counts[1:]))
    part = replace(record.dataset.validation, n=1, class_counts=counts)
    record = replace(record, dataset=replace(record.dataset, validation=part))
    assert "those of 1 validation row in" in to_markdown(make_card(record))
