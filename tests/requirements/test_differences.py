"""What a comparison holds for requirements on differences."""

from collections.abc import Iterable
from dataclasses import replace

from contests import make_comparison, make_unpaired
from records import make_predictions, make_record
from reportgen.record import Comparison, FlipGallery, Judgement, Record
from reportgen.requirements import MEASURES, differences_of, judge, parse

RECORD = make_record(make_predictions(200, 5))
COMPARISON = make_comparison()
PAIRED = COMPARISON.paired
assert PAIRED is not None


def judged(
    record: Record, comparison: Comparison, expressions: Iterable[str]
) -> tuple[Judgement, ...]:
    found = differences_of(comparison)
    return judge(record.evaluation, map(parse, expressions), differences=found)


def test_a_difference_is_that_of_the_comparison() -> None:
    assert PAIRED is not None
    accuracy, recall = judged(
        RECORD, COMPARISON, ["delta.accuracy >= -1", "delta.recall[2] >= -1"]
    )
    first = next(one for one in PAIRED.differences if one.key == "accuracy")
    assert accuracy.estimate == first.estimate
    assert recall.estimate == PAIRED.classes[2].recall.estimate


def test_differences_of_shares_are_told_in_points_and_others_as_numbers() -> None:
    kinds = {key: one.kind for key, one in differences_of(COMPARISON).items()}
    assert kinds["accuracy"] == kinds["recall[2]"] == "points"
    assert kinds["log_loss"] == "number"


def test_all_that_can_be_required_of_a_difference_is_measured() -> None:
    wanted = {
        f"{measure.key}[0]" if measure.of_class else measure.key
        for measure in MEASURES
        if measure.alone is None
    }
    assert wanted <= differences_of(COMPARISON).keys()


def test_a_class_is_found_by_any_name() -> None:
    assert PAIRED is not None
    names = ("a b", 'quoted "c"', "", "<d>", "手")
    classes = tuple(
        replace(one, name=name) for one, name in zip(PAIRED.classes, names, strict=True)
    )
    renamed = replace(
        COMPARISON,
        class_names=names,
        paired=replace(PAIRED, classes=classes),
        fixes=FlipGallery((), COMPARISON.fixes.total),
        regressions=FlipGallery((), COMPARISON.regressions.total),
    )
    found = differences_of(renamed)
    for name, one in zip(names, classes, strict=True):
        wanted = replace(parse("delta.recall[x] >= 0"), class_name=name)
        assert found[wanted.measure].estimate == one.recall.estimate


def test_of_two_test_sets_no_difference_is_met() -> None:
    wanted = ["delta.accuracy >= -1", "delta.recall[2] >= -1"]
    judgement, of_class = judged(RECORD, make_unpaired(), wanted)
    assert of_class.reason == judgement.reason
    assert of_class.kind == judgement.kind == "points"
    assert (judgement.outcome, judgement.estimate) == ("not met", None)
    assert "not those of the baseline" in str(judgement.reason)
