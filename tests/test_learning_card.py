"""What follows from a training: budget, milestones, and the spread between seeds."""

import dataclasses
import re

import pytest

from cards import make_card
from records import make_handed_record, make_record, make_training, with_warps
from reportgen.card.learning import BetweenSeeds, Course, between_seeds, course
from reportgen.record import Record, Repeat, Timings, Training
from reportgen.render import to_html, to_markdown

WARPED = with_warps(make_record())


def training_of(record: Record) -> Training:
    assert record.training is not None
    return record.training


def course_of(record: Record) -> Course:
    found = course(record)
    assert found is not None
    return found


def seeds_of(record: Record) -> BetweenSeeds:
    found = between_seeds(record)
    assert found is not None
    return found


def with_training(record: Record, **changes: object) -> Record:
    """Returns the record with those fields of its training replaced."""
    training = dataclasses.replace(training_of(record), **changes)  # type: ignore[arg-type] # Fields of several types.
    return dataclasses.replace(record, training=training)


def validated(*accuracies: float) -> Record:
    """Returns a record of as many epochs with those validation accuracies."""
    same = (0.5,) * len(accuracies)
    history = dataclasses.replace(
        make_training().history,
        loss=same,
        accuracy=same,
        validation_loss=same,
        validation_accuracy=accuracies,
        learning_rate=same,
    )
    return with_training(make_record(), history=history, epochs=len(accuracies))


def with_accuracies(*accuracies: float) -> Record:
    """Returns a record of one seed for each accuracy."""
    repeats = tuple(Repeat(42 + i, "d" * 64, a, 0.1) for i, a in enumerate(accuracies))
    return with_training(WARPED, repeats=repeats)


def section(html: str, key: str) -> str:
    """Returns the words of one section, with plain spaces."""
    start = html.index(f'<section id="section-{key}"')
    body = html[start : html.index("</section>", start)]
    text = re.sub(r"<(?!/?(?:data|span|a)\b)[^>]*>", " ", body)
    return " ".join(re.sub(r"<[^>]*>", "", text).split())


def test_the_budget_is_every_image_of_every_epoch() -> None:
    # 4 passes of 1,800 images, 4 epochs of 12,600.
    assert course_of(WARPED).budget == 7200
    assert course_of(make_record()).budget == 50_400


def test_an_accuracy_is_reached_when_it_is_first_met() -> None:
    found = course_of(validated(0.5, 0.95, 0.89, 0.99)).milestones
    assert [(one.accuracy, one.epoch) for one in found] == [
        (0.9, 2),
        (0.95, 2),
        (0.98, 4),
        (0.99, 4),
    ]


def test_a_milestone_has_the_time_to_the_end_of_its_epoch() -> None:
    # Accuracies 0.75, 0.91, 0.96, 0.97 at the ends 3.5, 4.25, 5.0, 5.75.
    found = course_of(WARPED).milestones
    assert [(one.accuracy, one.end_s) for one in found] == [(0.9, 4.25), (0.95, 5.0)]
    assert "not known" not in section(to_html(make_card(WARPED)), "training")


def test_a_run_that_did_not_train_knows_no_time() -> None:
    loaded = dataclasses.replace(WARPED, timings=Timings("2026-01-02T03:04:05Z", ()))
    assert [one.end_s for one in course_of(loaded).milestones] == [None, None]
    said = section(to_html(make_card(loaded)), "training")
    assert "This run did not train, so the time is not known." in said


def test_an_accuracy_that_was_never_reached_is_said() -> None:
    said = section(to_html(make_card(validated(0.5, 0.8))), "training")
    assert "The validation accuracy never reached 90 %." in said


@pytest.mark.parametrize("epochs", [1, 2, 20, 21, 30, 60, 160, 500, 999, 54_321])
def test_a_short_table_has_few_rows_with_the_first_and_the_last(epochs: int) -> None:
    rows = course_of(validated(*(0.5,) * epochs)).rows
    assert (rows[0], rows[-1]) == (1, epochs)
    assert len(rows) <= 22
    assert len(set(rows)) == len(rows)


def test_the_spread_between_seeds_is_that_of_a_sample() -> None:
    # 0.96, 0.97, 0.98: squares of 0.01, 0 and 0.01 by two, the root of it is 0.01.
    found = seeds_of(WARPED)
    assert found.accuracy_mean == pytest.approx(0.97)
    assert found.accuracy_deviation == pytest.approx(0.01)
    assert found.log_loss_mean == pytest.approx(0.14)
    assert found.log_loss_deviation == pytest.approx(0.01)


def test_seeds_are_told_apart_from_the_sampling_interval() -> None:
    said = str(seeds_of(WARPED).said).replace("\N{NO-BREAK SPACE}", " ")
    assert "a standard deviation of 1.0 points about a mean of 97.00 %" in said
    assert "another uncertainty than the interval" in said
    assert "order and warps" in said


@pytest.mark.parametrize(("k", "little"), [(2, True), (4, True), (5, False)])
def test_few_seeds_are_said_to_tell_little(k: int, little: bool) -> None:  # noqa: FBT001 - pytest names it
    said = str(seeds_of(with_accuracies(*(0.9 + i / 100 for i in range(k)))).said)
    assert (f"{k} seeds tell little of it" in said) == little


def test_seeds_that_agree_have_no_spread() -> None:
    assert seeds_of(with_accuracies(0.97, 0.97)).accuracy_deviation == 0


def test_one_seed_has_no_spread() -> None:
    assert between_seeds(with_accuracies(0.97)) is None
    assert between_seeds(make_record()) is None
    assert "Between seeds" not in to_html(make_card(make_record()))


def test_what_was_handed_over_has_neither_course_nor_seeds() -> None:
    record = make_handed_record()
    assert course(record) is None
    assert between_seeds(record) is None


def test_scores_of_another_test_part_are_not_set_beside_these() -> None:
    assert WARPED.trained_on is not None
    elsewhere = dataclasses.replace(WARPED.trained_on, test_rows_sha256="9" * 64)
    record = dataclasses.replace(WARPED, trained_on=elsewhere)
    assert between_seeds(record) is None
    said = section(to_html(make_card(record)), "training")
    assert "on another test part than that of this report" in said


def test_a_table_names_each_seed_and_its_weights() -> None:
    said = section(to_html(make_card(WARPED)), "performance")
    assert "43 97.00 % 0.1300 eeeeeeeeeeee " in said
    assert f"each scored on {WARPED.evaluation.n} test images" in said


def test_warps_and_temperature_are_said_where_they_were() -> None:
    said = section(to_html(make_card(WARPED)), "training")
    assert "turned by at most 0.20 radians" in said
    assert "each divided by one, plus or minus at most 12 %" in said
    assert "divided by T = 1.2500" in said
    assert "went from 0.4500 to 0.4200 nats" in said
    plain = section(to_html(make_card(make_record())), "training")
    for stranger in ("Warps", "Weight decay", "T =", "pass"):
        assert stranger not in plain, stranger


def test_the_data_are_said_to_be_warped_or_augmented() -> None:
    warped = section(to_html(make_card(WARPED)), "data")
    assert "each afresh in every pass" in warped
    assert "a fresh warp of each image in every pass" in warped
    assert "augmentation." not in warped
    plain = section(to_html(make_card(make_record())), "data")
    assert "The validation part was cut before augmentation." in plain


def test_the_markdown_card_says_how_it_was_trained() -> None:
    text = to_markdown(make_card(WARPED))
    assert "- Recipe `warp`: AdamW on images warped afresh." in text
    assert "- 4 passes of 1,800 freshly warped images, 7,200 in all" in text
    assert "a temperature of 1.2500" in text
    assert str(seeds_of(WARPED).said) in text
    assert "## How it was trained" not in to_markdown(make_card(make_handed_record()))
