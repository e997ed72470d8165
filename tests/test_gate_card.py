"""What a page says of requirements: the outcome first, and the worst of them."""

import re
from dataclasses import replace

import pytest
from huggingface_hub import ModelCard

from cards import lettered, make_card
from judged import make_judgement, make_requirement, required
from records import make_predictions, make_record
from reportgen.card import compose
from reportgen.card.gate import FEW, gate
from reportgen.record import Judgement, Record
from reportgen.record.requirements import Outcome
from reportgen.render import to_html, to_markdown

RECORD = lettered(make_record(make_predictions(60, 3)), ("A", "B", "C"))


def with_judgements(*judgements: Judgement) -> Record:
    return replace(RECORD, judgements=judgements)


def text_of(page: str) -> str:
    """Returns the words of a page's first section."""
    section = page[page.index("<section") : page.index("</section>")]
    return " ".join(re.sub("<[^>]*>", "", section).replace("\xa0", " ").split())


def text(record: Record) -> str:
    return text_of(to_html(compose(record, (), ())))


def test_nothing_required_is_not_spoken_of() -> None:
    assert gate(()) is None
    assert "equirement" not in text(RECORD)
    assert 'class="gate' not in to_html(compose(RECORD, (), ()))


@pytest.mark.parametrize("outcome", ["met", "not met", "inconclusive"])
def test_the_worst_outcome_heads_the_page_with_mark_and_word(outcome: Outcome) -> None:
    said = text(with_judgements(make_judgement("met"), make_judgement(outcome)))
    assert f"Requirements {outcome}:" in said
    assert said.index("Requirements ") < said.index("Accuracy")
    found = gate((make_judgement("met"), make_judgement(outcome)))
    assert found is not None
    assert (found.outcome, found.mark) == (outcome, "✓✗?"[OUTCOMES.index(outcome)])


OUTCOMES = ("met", "not met", "inconclusive")


def test_the_worst_come_first_and_else_in_their_order() -> None:
    bounds = (0.1, 0.2, 0.3, 0.4)
    kinds: tuple[Outcome, ...] = ("met", "inconclusive", "not met", "inconclusive")
    found = gate(
        [
            make_judgement(outcome, make_requirement(bound))
            for bound, outcome in zip(bounds, kinds, strict=True)
        ]
    )
    assert found is not None
    said = [str(one.stated).split()[-2] for one in found.first]
    assert said == ["30", "20", "40", "10"]


def test_page_one_has_few_and_a_table_has_all() -> None:
    few = [make_judgement("met")] * FEW
    assert "All requirements" not in text(with_judgements(*few))
    missed = make_judgement("not met", make_requirement(0.75))
    said = text(with_judgements(*few, missed))
    assert "→" not in said
    assert said.count("Accuracy ≥ 90 %") == 2 * FEW - 1
    assert said.count("Accuracy ≥ 75 %") == 2
    assert said.index("Accuracy ≥ 75 %") < said.index("Accuracy ≥ 90 %")


def test_an_open_requirement_asks_for_rows_on_page_one() -> None:
    said = text(with_judgements(make_judgement("inconclusive", more_rows=1200)))
    assert "about 1,200 more rows would settle it, if the value stays" in said


def test_what_is_undefined_says_why() -> None:
    said = text(with_judgements(make_judgement("not met", reason="no rows at all")))
    assert "it is undefined; no rows at all" in said


def test_a_class_named_like_markup_is_text() -> None:
    name = "<b>&amp;\u202e"
    record = lettered(RECORD, (name, "B", "C"))
    page = to_html(compose(required(record, f"recall['{name}'] >= 1"), (), ()))
    assert "Recall of “&lt;b&gt;&amp;amp;\N{REPLACEMENT CHARACTER}”" in page


def test_the_card_of_a_hub_holds_them_and_nothing_where_nothing_was_required() -> None:
    record = required(RECORD, "accuracy >= 0.1", "recall[A] >= 0.999")
    card = ModelCard(to_markdown(make_card(record)))
    assert "## Requirements" in card.text
    rows = [line for line in card.text.splitlines() if line.startswith(("| ✗", "| ?"))]
    assert len(rows) == 1
    assert "Recall of “A” ≥\xa099.9\xa0%" in rows[0]
    assert "## Requirements" not in to_markdown(make_card(RECORD))
