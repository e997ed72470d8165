"""The page of two runs beside each other, and the section that a baseline adds."""

import dataclasses
import io
import json
import re
from collections.abc import Iterator

import pikepdf
import pytest

from contests import (
    make_comparison,
    make_document,
    make_identical,
    make_side,
    make_unpaired,
)
from pages import WITH_DIGITS, Page, is_shown, leaves, words_of
from pairs import hard, make_pair
from records import make_record
from reportgen.card import (
    COMPARISON_SECTIONS,
    ComparisonCard,
    compose,
    compose_comparison,
    findings,
)
from reportgen.card.contest_words import MARKS, asides, mark_of, verdict_said
from reportgen.errors import RenderError
from reportgen.figures import draw_comparison_pictures
from reportgen.metrics.paired import Pair
from reportgen.metrics.paired_intervals import ALIKE
from reportgen.predictions import Predictions
from reportgen.record import (
    Comparison,
    Estimate,
    Picture,
    comparison_to_json,
    sentence,
    to_json,
)
from reportgen.record.comparison import (
    MatchedBy,
    McNemar,
    PairedVerdict,
    VerdictKind,
)
from reportgen.render import template_folder, to_html, to_markdown, to_pdf

FEW = make_comparison()
MANY = make_comparison(make_pair(1500, 60, edge=0.6), images=False)
CASES = {
    "images": FEW,
    "many classes": MANY,
    "two classes": make_comparison(make_pair(200, 2)),
    "unpaired": make_unpaired(),
    "nothing known to be shared": make_unpaired(None),
    "identical": make_identical(),
}


def card_of(comparison: Comparison, *, drawn: bool = False) -> ComparisonCard:
    """Returns the card of a comparison, with its figures where asked for."""
    pictures, omissions = draw_comparison_pictures(comparison) if drawn else ((), ())
    return compose_comparison(
        make_document(comparison), pictures, omissions, attached=("comparison.json",)
    )


@pytest.fixture(scope="module", params=CASES)
def printed(request: pytest.FixtureRequest) -> tuple[ComparisonCard, Page]:
    card = card_of(CASES[request.param], drawn=True)
    return card, Page(to_html(card))


def said(comparison: Comparison) -> str:
    """Returns verdict and asides in plain text."""
    parts = (verdict_said(comparison), *asides(comparison))
    return plain(" ".join(map(str, parts)))


def plain(text: object) -> str:
    """Returns the text with its no-break spaces as plain ones."""
    return str(text).replace("\N{NO-BREAK SPACE}", " ")


def judged(
    kind: VerdictKind, low: float, high: float, *, margin: float = 0.01
) -> Comparison:
    """Returns a comparison with that verdict on an interval."""
    assert FEW.paired is not None
    difference = Estimate((low + high) / 2, low, high, 0.95, "Bonett-Price", 400)
    p_value = 0.01 if kind in {"better", "worse"} else 0.5
    flips = dataclasses.replace(FEW.paired.flips, mcnemar=McNemar(p_value, p_value))
    verdict = PairedVerdict(kind, margin, difference)
    paired = dataclasses.replace(FEW.paired, verdict=verdict, flips=flips)
    return dataclasses.replace(FEW, paired=paired)


def derived(comparison: Comparison) -> set[float]:
    """Returns the numbers that follow from those of a comparison, computed anew."""
    drawn = [
        one for one in comparison.differences if one.unit == "share" and one.estimate
    ]
    gains = [one.gain for one in drawn]
    found: set[float] = {len(comparison.class_names), len(drawn)}
    found |= {gains.count(1), gains.count(-1)}
    found |= {comparison.fixes.without_pixels, comparison.regressions.without_pixels}
    if comparison.paired is not None:
        flips = comparison.paired.flips
        tested = [one.p_value_holm is not None for one in comparison.paired.classes]
        found |= {flips.changed, flips.discordant, sum(tested)}
    return found


def test_every_printed_number_comes_from_the_document(
    printed: tuple[ComparisonCard, Page],
) -> None:
    card, page = printed
    numbers, _ = leaves(json.loads(comparison_to_json(card.document)))
    numbers |= derived(card.document.comparison)
    assert len(page.data) > 40
    strangers = [value for value, _ in page.data if json.loads(value) not in numbers]
    assert strangers == []


def test_every_printed_number_is_its_value_rounded(
    printed: tuple[ComparisonCard, Page],
) -> None:
    for value, text in printed[1].data:
        assert is_shown(float(value), text), (value, text)


def test_no_digit_stands_outside_of_data_and_strings(
    printed: tuple[ComparisonCard, Page],
) -> None:
    card, page = printed
    _, strings = leaves(json.loads(comparison_to_json(card.document)))
    hashes = {text[:12] for text in strings if re.fullmatch("[0-9a-f]{64}", text)}
    day = card.timings.created_at[:10]
    # A score's name is a word of its own within quotes and lists.
    known = words_of([*strings, *WITH_DIGITS, *hashes, card.fingerprint, day])
    found = words_of([text.replace("(", " ").replace(")", " ") for text in page.text])
    assert {word for word in found if re.search(r"\d", word)} - known == set()


def test_ids_are_unique_and_links_lead_to_them(
    printed: tuple[ComparisonCard, Page],
) -> None:
    _, page = printed
    assert len(page.ids) == len(set(page.ids))
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)


def test_each_table_has_a_caption_and_each_figure_its_alt_text(
    printed: tuple[ComparisonCard, Page],
) -> None:
    card, page = printed
    assert page.tags.count("table") == page.tags.count("caption") > 0
    assert page.alts == {picture.key: str(picture.alt) for picture in card.pictures}


def test_sections_and_templates_match() -> None:
    files = {file.stem for file in (template_folder() / "comparison").glob("*.html")}
    partials = {"verdict", "sides"}
    assert {section.key for section in COMPARISON_SECTIONS} == files - partials


def test_a_picture_of_no_section_is_refused() -> None:
    empty = sentence("")
    stray = Picture("stray", "nowhere", empty, empty, "image/png", b"", 10.0)
    with pytest.raises(ValueError, match="nowhere"):
        compose_comparison(make_document(), (stray,), ())


@pytest.mark.parametrize(
    ("kind", "low", "high", "words"),
    [
        ("better", 0.02, 0.04, "The candidate is better than the baseline “old” on"),
        ("worse", -0.04, -0.02, "The candidate is worse than the baseline “old” on"),
        ("equivalent", -0.004, 0.004, "is equivalent to the baseline “old” within"),
        ("not_worse", -0.004, 0.03, "is not worse than the baseline “old” by the"),
        ("inconclusive", -0.02, 0.03, "cannot be told apart from the baseline “old”"),
    ],
)
def test_each_verdict_has_its_words(
    kind: VerdictKind, low: float, high: float, words: str
) -> None:
    text = said(judged(kind, low, high))
    assert words in text
    assert "close call" not in text


def test_an_end_beside_zero_or_the_margin_is_printed_beside_it() -> None:
    assert "points [0.03, 5.70], wholly" in said(judged("better", 0.0003, 0.057))
    assert "points [\N{MINUS SIGN}0.99, 5.00], which" in said(
        judged("not_worse", -0.0099, 0.05)
    )
    assert "points [\N{MINUS SIGN}1.2, 5.0], which" in said(
        judged("inconclusive", -0.012, 0.05)
    )


def test_a_small_loss_is_worse_but_by_less_than_the_margin() -> None:
    text = said(judged("worse", -0.006, -0.002))
    assert "worse than the baseline “old” on these 400 test images, but by less" in text
    assert "but by less" not in said(judged("worse", -0.012, -0.002))


def test_a_small_gain_is_better_but_by_less_than_the_margin() -> None:
    assert "but by less than the margin of 1 point" in said(
        judged("better", 0.002, 0.006)
    )
    assert "but by less" not in said(judged("better", 0.002, 0.012))


def test_without_a_margin_no_loss_is_put_up_with() -> None:
    text = said(judged("inconclusive", -0.002, 0.006, margin=0.0))
    assert "No loss of accuracy is put up with: the margin is 0 points." in text


@pytest.mark.parametrize(("kind", "p_value"), [("better", 0.06), ("not_worse", 0.04)])
def test_a_test_that_disagrees_with_the_interval_is_told(
    kind: VerdictKind, p_value: float
) -> None:
    low = 0.001 if kind == "better" else -0.001
    comparison = judged(kind, low, 0.03)
    assert comparison.paired is not None
    flips = dataclasses.replace(
        comparison.paired.flips, mcnemar=McNemar(p_value, p_value)
    )
    paired = dataclasses.replace(comparison.paired, flips=flips)
    text = said(dataclasses.replace(comparison, paired=paired))
    assert "It is a close call: " in text
    assert f"(p = {p_value:.3f})" in text


def test_what_stands_beside_the_verdict_is_told_right_after_it() -> None:
    made = card_of(FEW)
    told = [str(finding.sentence) for finding in made.told]
    beside = [str(one) for one in made.contest.asides]
    assert beside
    assert told[0] == str(made.contest.verdict)
    assert told[1 : 1 + len(beside)] == beside
    assert told[1 + len(beside) :] == [str(f.sentence) for f in made.findings[1:]]


def test_verdicts_are_told_apart_without_colour() -> None:
    marks = [(mark.sign, mark.word) for mark in MARKS.values()]
    assert len(set(marks)) == len(MARKS)
    for mark in MARKS.values():
        assert mark.role in {"met", "not-met", "inconclusive", "neutral"}


def test_a_note_of_several_scores_is_said_once_with_all_their_names() -> None:
    comparison = make_identical()
    notes = [one.note for one in comparison.differences]
    assert notes.count(ALIKE) > 1
    page = to_html(card_of(comparison))
    assert page.count(ALIKE) == 1
    labels = [one.label for one in comparison.differences if one.note == ALIKE]
    assert f'<p class="note">{"; ".join(labels)}: '.replace("'", "&#39;") in page


def test_a_model_beside_itself_makes_the_same_decisions() -> None:
    comparison = make_identical()
    assert mark_of(comparison).word == "identical decisions"
    assert "the same decision as the baseline “old” on every one of 400" in said(
        comparison
    )
    text = "\n".join(str(one.sentence) for one in card_of(comparison).findings)
    assert "no fix and no regression" in text


def test_equal_weights_are_told() -> None:
    comparison = make_identical()
    one = dataclasses.replace(comparison.candidate, weights_sha256="a" * 64)
    same = dataclasses.replace(comparison, baseline=one, candidate=one)
    assert "Both have the same weights." in said(same)
    assert "Both have the same weights." not in said(comparison)


def test_nothing_is_called_better_where_rows_differ() -> None:
    comparison = make_unpaired()
    card = card_of(comparison, drawn=True)
    page = Page(to_html(card))
    texts = [*page.text, *page.alts.values(), to_markdown(card)]
    assert not re.search(r"\bbetter\b", " ".join(texts), flags=re.IGNORECASE)
    assert card.findings[0].sentence == verdict_said(comparison)
    assert str(verdict_said(comparison)).startswith("No verdict")


def test_the_section_of_a_report_does_not_ask_whether_it_is_better() -> None:
    record = dataclasses.replace(make_record(), comparison=make_unpaired())
    html = to_html(compose(record, (), ()))
    start = html.index('<section id="section-comparison"')
    section = html[start : html.index("</section>", start)]
    assert "better" not in section
    assert "How does it differ from the last one?" in section


def test_numbers_of_the_section_come_from_the_record() -> None:
    record = dataclasses.replace(make_record(), comparison=MANY)
    html = to_html(compose(record, (), ()))
    start = html.index('<section id="section-comparison"')
    page = Page(html[start : html.index("</section>", start)] + "</section>")
    numbers, _ = leaves(json.loads(to_json(record)))
    numbers |= derived(MANY)
    assert len(page.data) > 300
    assert [value for value, _ in page.data if json.loads(value) not in numbers] == []
    assert all(is_shown(float(value), text) for value, text in page.data)


def test_a_report_without_a_baseline_is_silent_about_it() -> None:
    card = compose(make_record(), (), ())
    assert "comparison" not in {section.key for section in card.sections}
    assert "comparison" not in {omission.key for omission in card.absent}
    assert "baseline" not in " ".join(Page(to_html(card)).text)


def test_the_verdict_is_the_second_finding_of_a_report() -> None:
    record = dataclasses.replace(make_record(), comparison=FEW)
    second = findings(record)[1]
    assert second.section == "comparison"
    assert str(second.sentence).startswith("? It cannot be told apart from the")


def test_tiles_of_a_report_tell_the_difference_from_a_baseline() -> None:
    record = dataclasses.replace(make_record(), comparison=FEW)
    notes = compose(record, (), ()).tiles[0].notes
    # 21 fixes less 11 regressions of 400 rows are 2.5 points.
    assert plain(notes[-1]).startswith("change 2.5 points [")


def test_a_table_of_classes_has_forty_rows_at_most() -> None:
    card = card_of(MANY)
    assert len(card.contest.classes) == 40
    changed = [one.fixes + one.regressions for one in card.contest.classes]
    assert MANY.paired is not None
    assert max(changed) == max(
        one.fixes + one.regressions for one in MANY.paired.classes
    )


def test_a_class_that_changed_beyond_chance_is_named() -> None:
    # Twelve fixes of one class to none: 2 / 2^12 less half of it, mid-p 0.00024; by
    # Holm over two classes twice that.
    before, after = [1] * 12 + [0] * 8 + [1] * 20, [0] * 20 + [1] * 20
    comparison = make_comparison(hard([0] * 20 + [1] * 20, before, after, k=2))
    contest = card_of(comparison).contest
    assert plain(contest.survivors) == (
        "By Holm's method over 2 classes, “0” gained beyond chance."
    )


def test_fixes_regressions_and_both_wrong_are_counted() -> None:
    # Right by both 1, by the candidate alone 2, by the baseline alone 1, by none 1,
    # and that one in two ways.
    comparison = make_comparison(
        hard([0, 0, 0, 0, 0], [0, 1, 1, 0, 1], [0, 0, 0, 1, 2], k=3)
    )
    contest = card_of(comparison).contest
    assert "alone is right on 2 test images (fixes)" in plain(contest.flips)
    assert "alone on 1 (regressions)" in plain(contest.flips)
    assert "different classes for 4 of 5 test images" in plain(contest.churn)
    assert "for 1 of these both are wrong" in plain(contest.churn)


def test_one_fix_is_one_row() -> None:
    comparison = make_comparison(hard([0, 0, 0], [0, 1, 0], [0, 0, 0], k=2))
    flips = plain(card_of(comparison).contest.flips)
    assert "alone is right on 1 test image (fixes)" in flips


def homogeneity_of(y_true: list[int], before: list[int], after: list[int]) -> str:
    """Returns what is said of how often two models predict each class."""
    pair = hard(y_true, before, after, k=max(y_true) + 1)
    return plain(card_of(make_comparison(pair)).contest.homogeneity)


def test_of_two_classes_none_is_predicted_more_otherwise_than_the_other() -> None:
    # Class 0 less often by fifteen, so class 1 more often by as many.
    y_true = [0] * 15 + [1] * 25
    said = homogeneity_of(y_true, [0] * 15 + [1] * 25, [1] * 40)
    assert "most so" not in said
    assert said.endswith(
        "class “0” 15 times by the baseline and 0 times by the candidate."
    )


def test_classes_whose_predictions_moved_equally_are_not_ranked() -> None:
    y_true = [0] * 15 + [1] * 25 + [2] * 5
    said = homogeneity_of(y_true, y_true, [1] * 40 + [2] * 5)
    assert "most so" not in said


def test_the_class_whose_predictions_moved_most_is_named() -> None:
    # 30 rows of class 0 go to class 1, 12 and to class 2, 18: the shifts differ.
    y_true = [0] * 31 + [1] * 5 + [2] * 5
    after = [0] + [1] * 12 + [2] * 18 + [1] * 5 + [2] * 5
    said = homogeneity_of(y_true, y_true, after)
    assert "class “0” most so, 31 times by the baseline and 1 time by" in said


def test_classes_that_gained_are_joined_by_a_word() -> None:
    # Each of two classes as the one above, and the third as it was.
    y_true = [0] * 20 + [1] * 20 + [2] * 20
    before = [2] * 12 + [0] * 8 + [2] * 12 + [1] * 8 + [2] * 20
    contest = card_of(make_comparison(hard(y_true, before, y_true, k=3))).contest
    assert plain(contest.survivors).endswith(", “0” and “1” gained beyond chance.")


def test_one_class_that_was_tested_is_no_plural() -> None:
    few = make_comparison(hard([0, 0], [0, 1], [1, 0], k=2))
    many = make_comparison(hard([0] * 20, [1] * 20, [0] * 20, k=2))
    assert plain(card_of(few).contest.survivors).endswith("method over 1 class.")
    assert plain(card_of(many).contest.survivors) == (
        "By Holm's method over 1 class, “0” gained beyond chance."
    )


def test_models_beside_each_other_on_one_row_are_told_in_the_singular() -> None:
    contest = card_of(make_comparison(hard([0], [1], [0], k=2))).contest
    assert "on this one test image" in plain(contest.verdict)
    assert "for 1 of 1 test image, a churn" in plain(contest.churn)
    assert plain(contest.smallest).startswith("This one image is too few to tell")


@pytest.mark.parametrize(
    ("by", "how"),
    [
        ("ids", "its name."),
        ("content", "what it shows."),
        ("place", "its place, since neither run names its rows."),
    ],
)
def test_one_row_is_matched_by_what_is_its_own(by: MatchedBy, how: str) -> None:
    comparison = make_comparison(hard([0], [1], [0], k=2))
    comparison = dataclasses.replace(comparison, matched_by=by)
    matched = plain(card_of(comparison).contest.matched)
    assert matched == f"1 test image matched by {how}"


def test_models_alike_on_one_row_are_told_in_the_singular() -> None:
    contest = card_of(make_comparison(hard([0], [0], [0], k=2))).contest
    assert plain(contest.verdict).endswith("“old” on this one test image.")
    assert "wrong on the same 0 of 1 test image:" in plain(contest.flips)


def test_the_markdown_counts_one_row_as_one() -> None:
    pair = hard([0], [1], [0], k=2)
    assert "1 test image, built" in to_markdown(card_of(make_comparison(pair)))


def test_labels_alone_have_no_probabilities() -> None:
    pair = make_pair(60, 3, edge=-1.0)
    labels = Pair(
        *(
            Predictions(
                one.y_true,
                (one.y_proba == one.y_proba.max(axis=1, keepdims=True)).astype(float),
                one.class_names,
                one.row_ids,
                hard=True,
            )
            for one in (pair.baseline, pair.candidate)
        )
    )
    comparison = make_comparison(labels, images=False)
    sides = {
        name: dataclasses.replace(getattr(comparison, name), hard=True)
        for name in ("baseline", "candidate")
    }
    html = to_html(card_of(dataclasses.replace(comparison, **sides)))
    assert "labels alone" in html
    assert '<td class="number"><span class="undefined">n/a</span></td>' in html


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "[/]", "{{7*7}}", '"><img src=x>', "&amp;"]
)
def test_hostile_names_are_printed_as_they_are(name: str) -> None:
    side = make_side(name, title=name, source=name, weights_sha256="a" * 64)
    comparison = dataclasses.replace(renamed(name), baseline=side)
    card = compose_comparison(make_document(comparison, title=name), (), ())
    page = Page(to_html(card))
    assert name in "".join(page.text)
    assert page.tags.count("script") == 1
    assert ("src", "x") not in page.attributes
    assert "<script>" not in to_markdown(card)


def renamed(name: str) -> Comparison:
    """Returns two models over classes of which the first has that name."""
    pair = make_pair(100, 3, edge=-1.0)
    names = (name, "b", "c")
    models = (
        Predictions(one.y_true, one.y_proba, names, one.row_ids)
        for one in (pair.baseline, pair.candidate)
    )
    return make_comparison(Pair(*models))


def markdowns() -> Iterator[str]:
    """Yields every case as Markdown."""
    for comparison in CASES.values():
        yield to_markdown(card_of(comparison))


def test_markdown_holds_verdict_and_tables() -> None:
    for text in markdowns():
        assert text.startswith("# Shapes")
        assert "| Score | Baseline | Candidate | Difference | Wanted |" in text
        assert "SHA-256 of the predictions" in text
        assert "{{" not in text


def test_the_markdown_of_a_report_holds_its_comparison() -> None:
    record = dataclasses.replace(make_record(), comparison=FEW)
    text = to_markdown(compose(record, (), ()))
    assert "## Comparison" in text
    assert "cannot be told apart from the baseline “old”" in text
    assert "## Comparison" not in to_markdown(compose(make_record(), (), ()))


def test_the_pdf_is_made_and_repeats() -> None:
    card = card_of(FEW, drawn=True)
    html = to_html(card)
    first, second = (to_pdf(html, created_at=card.timings.created_at) for _ in range(2))
    assert first == second
    with pikepdf.open(io.BytesIO(first)) as document:
        metadata = document.Root.Metadata.read_bytes()
        assert str(document.docinfo["/Title"]) == card.title
        assert str(document.docinfo["/Subject"]) == str(card.contest.verdict)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert b"pdfaid:part" in metadata


def test_a_page_that_cannot_be_drawn_says_which_figure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(_: object, __: object, **___: object) -> None:
        raise MemoryError("no room")

    monkeypatch.setattr("reportgen.figures.differences.draw_forest", broken)
    with pytest.raises(RenderError, match="differences"):
        draw_comparison_pictures(FEW)
