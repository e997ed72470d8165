"""What a comparison holds for requirements on differences."""

from collections.abc import Iterable
from dataclasses import replace

from pairs import make_pair
from records import make_predictions, make_record
from reportgen.metrics.comparison import compare
from reportgen.metrics.unpaired import unpaired_differences
from reportgen.record import Judgement, Record, Sampling
from reportgen.record.comparison import (
    Comparison,
    FlipGallery,
    PairedComparison,
    Side,
)
from reportgen.requirements import MEASURES, differences_of, judge, parse

RECORD = make_record(make_predictions(200, 5))
SIDE = Side("old", "old", "Old", "Shapes", 200, "2026-01-02", "a", "b", None)
NONE = FlipGallery((), 0)
PAIRED = compare(make_pair(200), Sampling(replicates=2))


def of(paired: PairedComparison | None) -> Comparison:
    """Returns a comparison on the same rows, or on other ones."""
    scores = RECORD.evaluation.scores
    return Comparison(
        baseline=SIDE,
        candidate=SIDE,
        class_names=RECORD.evaluation.class_names,
        matched_by="ids" if paired else None,
        shared=None,
        paired=paired,
        unpaired=() if paired else unpaired_differences(scores, scores),
        reason=None if paired else "The rows are not the same.",
        fixes=NONE,
        regressions=NONE,
        notes=(),
    )


def judged(
    record: Record, comparison: Comparison, expressions: Iterable[str]
) -> tuple[Judgement, ...]:
    found = differences_of(comparison)
    return judge(record, map(parse, expressions), differences=found)


def test_a_difference_is_that_of_the_comparison() -> None:
    accuracy, recall = judged(
        RECORD, of(PAIRED), ["delta.accuracy >= -1", "delta.recall[2] >= -1"]
    )
    first = next(one for one in PAIRED.differences if one.key == "accuracy")
    assert accuracy.estimate == first.estimate
    assert recall.estimate == PAIRED.classes[2].recall.estimate


def test_differences_of_shares_are_told_in_points_and_others_as_numbers() -> None:
    kinds = {key: one.kind for key, one in differences_of(of(PAIRED)).items()}
    assert kinds["accuracy"] == kinds["recall[2]"] == "points"
    assert kinds["log_loss"] == "number"


def test_all_that_can_be_required_of_a_difference_is_measured() -> None:
    wanted = {
        f"{measure.key}[0]" if measure.of_class else measure.key
        for measure in MEASURES
        if measure.alone is None
    }
    assert wanted <= differences_of(of(PAIRED)).keys()


def test_a_class_is_found_by_any_name() -> None:
    names = ("a b", 'quoted "c"', "", "<d>", "手")
    classes = tuple(
        replace(one, name=name) for one, name in zip(PAIRED.classes, names, strict=True)
    )
    found = differences_of(of(replace(PAIRED, classes=classes)))
    for name, one in zip(names, classes, strict=True):
        wanted = replace(parse("delta.recall[x] >= 0"), class_name=name)
        assert found[wanted.measure].estimate == one.recall.estimate


def test_of_two_test_sets_no_difference_is_met() -> None:
    judgement = judged(RECORD, of(None), ["delta.accuracy >= -1"])[0]
    assert (judgement.outcome, judgement.estimate) == ("not met", None)
    assert "not those of the baseline" in str(judgement.reason)
