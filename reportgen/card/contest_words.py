"""What may be said of two models: the verdict first, then what it rests on.

The candidate is the model that is judged; every sentence is about two sets of weights
or of predictions, never about how they were trained.
"""

from dataclasses import dataclass

from reportgen.record import (
    Comparison,
    PairedComparison,
    Quantity,
    Sentence,
    beyond_chance,
    chosen_share,
    count,
    p_phrase,
    points,
    quantity,
    sentence,
    significant,
    told_apart,
)
from reportgen.record.comparison import (
    ClassChange,
    MarginalHomogeneity,
    VerdictKind,
)
from reportgen.record.wording import counted

MOST_NAMED = 6
"""Classes or scores that a sentence names."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A verdict at a glance: a sign, a word and the role of its colour.

    Attributes:
        sign: One character.
        word: What it stands for.
        role: "met", "not-met", "inconclusive" or "neutral".
    """

    sign: str
    word: str
    role: str


MARKS: dict[VerdictKind, Mark] = {
    "identical": Mark("=", "identical decisions", "neutral"),
    "better": Mark("▲", "better", "met"),
    "worse": Mark("▼", "worse", "not-met"),
    "equivalent": Mark("=", "equivalent", "met"),
    "not_worse": Mark("≥", "not worse", "met"),
    "inconclusive": Mark("?", "cannot be told apart", "inconclusive"),
}
"""How each verdict is marked."""

NO_VERDICT = Mark("?", "not paired", "inconclusive")
"""Where the rows are not the same."""

_SAID: dict[VerdictKind, str] = {
    "identical": "{subject} makes the same decision as the baseline “{name}” on "
    "{every}.",
    "better": "{subject} is better than the baseline “{name}” on {these}{little}: "
    "accuracy changes by {difference}, wholly above zero.",
    "worse": "{subject} is worse than the baseline “{name}” on {these}{little}: "
    "accuracy changes by {difference}, wholly below zero.",
    "equivalent": "{subject} is equivalent to the baseline “{name}” within the "
    "margin of {margin} on {these}: accuracy changes by {difference}, which holds "
    "zero and stays within the margin on both sides.",
    "not_worse": "{subject} is not worse than the baseline “{name}” by the margin of "
    "{margin} on {these}: accuracy changes by {difference}, which holds zero and "
    "rules out such a loss.",
    "inconclusive": "{subject} cannot be told apart from the baseline “{name}” on "
    "{these}: accuracy changes by {difference}, {open}.",
}


def mark_of(comparison: Comparison) -> Mark:
    """Returns the mark of the verdict, or of there being none."""
    if comparison.paired is None:
        return NO_VERDICT
    return MARKS[comparison.paired.verdict.kind]


def verdict_said(comparison: Comparison, subject: str = "The candidate") -> Sentence:
    """Returns the verdict, or why there is none.

    Args:
        comparison: Two runs.
        subject: What the candidate is called at the start of a sentence.
    """
    paired = comparison.paired
    if paired is None:
        return sentence(
            "No verdict beside the baseline “{name}”: {reason}.",
            name=comparison.baseline.name,
            reason=comparison.reason or "",
        )
    verdict = paired.verdict
    return sentence(
        _SAID[verdict.kind],
        subject=subject,
        name=comparison.baseline.name,
        these=_these(paired.flips.n, f"test {comparison.noun}"),
        every=_every(paired.flips.n, f"test {comparison.noun}"),
        little=_little(paired),
        margin=margin_of(verdict.margin),
        difference=told_apart(
            quantity(verdict.difference, "points"), 0.0, verdict.margin, -verdict.margin
        ),
        open=_open(paired),
    )


def _these(n: int, noun: str) -> Sentence:
    """Returns the rows that the two were compared on."""
    return sentence(
        "this one {noun}" if n == 1 else "these {n} {noun}s", n=count(n), noun=noun
    )


def _every(n: int, noun: str) -> Sentence:
    """Returns each of the rows that the two were compared on."""
    return sentence(
        "this one {noun}" if n == 1 else "every one of {n} {noun}s",
        n=count(n),
        noun=noun,
    )


def margin_of(margin: float) -> Quantity:
    """Returns the margin in points, with the decimals it has."""
    return points(margin, chosen_share(margin).digits)


def _little(paired: PairedComparison) -> Sentence:
    """Returns that a difference beyond chance is less than the margin, where it is."""
    verdict = paired.verdict
    worse = verdict.kind == "worse" and verdict.non_inferior
    if worse or (verdict.kind == "better" and verdict.within_margin):
        return sentence(
            ", but by less than the margin of {margin}",
            margin=margin_of(verdict.margin),
        )
    return sentence("")


def _open(paired: PairedComparison) -> Sentence:
    """Returns what an inconclusive interval leaves open."""
    verdict = paired.verdict
    if verdict.difference.low is None:
        return sentence("which has no interval")
    if not verdict.margin:
        return sentence("which holds zero; no loss is put up with")
    return sentence(
        "which holds zero and does not rule out a loss of the margin of {margin}",
        margin=margin_of(verdict.margin),
    )


def asides(comparison: Comparison) -> tuple[Sentence, ...]:
    """Returns what must be read beside the verdict."""
    paired = comparison.paired
    if paired is None:
        return (
            sentence(
                "What stands below are the scores of two test sets with the intervals "
                "of their differences. What the sets differ in is counted as if the "
                "models did."
            ),
        )
    found = (_margin_said(paired), _disagreement(paired), _same_weights(comparison))
    return tuple(one for one in found if one is not None)


def _margin_said(paired: PairedComparison) -> Sentence:
    """Returns what the margin is."""
    margin = paired.verdict.margin
    template = "The margin, a loss of accuracy that is put up with, is {margin}."
    if not margin:
        template = "No loss of accuracy is put up with: the margin is {margin}."
    return sentence(template, margin=margin_of(margin))


def _disagreement(paired: PairedComparison) -> Sentence | None:
    """Returns that test and interval disagree; None where they do not."""
    verdict, mid_p = paired.verdict, paired.flips.mcnemar.mid_p
    sided = verdict.kind in {"better", "worse"}
    if sided == beyond_chance(mid_p, paired.level):
        return None
    template = (
        "It is a close call: the interval lies wholly on one side of zero, while "
        "McNemar's test does not tell fixes from regressions ({p}). The verdict goes "
        "by the interval."
        if sided
        else "It is a close call: McNemar's test tells fixes from regressions ({p}), "
        "while the interval still holds zero. The verdict goes by the interval."
    )
    return sentence(template, p=p_phrase(mid_p))


def _same_weights(comparison: Comparison) -> Sentence | None:
    """Returns what is known where no decision differs; None elsewhere."""
    assert comparison.paired is not None
    if comparison.paired.flips.changed:
        return None
    old, new = comparison.baseline.weights_sha256, comparison.candidate.weights_sha256
    if old is not None and old == new:
        return sentence("Both have the same weights.")
    if comparison.hard:
        return None
    return sentence("Their probabilities may differ: see the log loss.")


def matched_said(comparison: Comparison) -> Sentence:
    """Returns how rows were matched, and how many are test rows of both."""
    shared, noun = comparison.shared, comparison.noun
    if shared is None:
        return sentence("How many test rows the two share cannot be told.")
    if comparison.matched_by is None:
        template = "{shared} in both test parts." if shared else "They share no {noun}."
        return sentence(template, shared=counted(shared, noun), noun=noun)
    way = {
        "ids": "the names of their rows",
        "content": "what their rows show",
        "place": "their place, since neither run names its rows",
    }
    if shared == 1:
        way = {
            "ids": "its name",
            "content": "what it shows",
            "place": "its place, since neither run names its rows",
        }
    return sentence(
        "{shared} matched by " + way[comparison.matched_by] + ".",
        shared=counted(shared, f"test {noun}"),
    )


def flips_said(comparison: Comparison, paired: PairedComparison) -> Sentence:
    """Returns fixes and regressions, and McNemar's test of them."""
    flips = paired.flips
    if not flips.discordant:
        return sentence(
            "Both are right on the same {right} and wrong on the same {wrong} of "
            "{rows}: no fix and no regression.",
            right=count(flips.both_right),
            wrong=count(flips.both_wrong),
            rows=counted(flips.n, f"test {comparison.noun}"),
        )
    told = beyond_chance(flips.mcnemar.mid_p, paired.level)
    return sentence(
        "The candidate alone is right on {fixes} (fixes), the baseline "
        "alone on {regressions} (regressions): "
        + ("more" if told else "no more")
        + " apart than chance would bring (McNemar's mid-p test, {p}).",
        fixes=counted(flips.fixes, f"test {comparison.noun}"),
        regressions=count(flips.regressions),
        p=p_phrase(flips.mcnemar.mid_p),
    )


def churn_said(comparison: Comparison, paired: PairedComparison) -> Sentence:
    """Returns on how many rows the predictions differ."""
    flips = paired.flips
    return sentence(
        "The two predict different classes for {changed} of {rows}, a churn of {churn}"
        + (
            "; for {apart} of these both are wrong, each in its own way."
            if flips.both_wrong_apart
            else "."
        ),
        changed=count(flips.changed),
        rows=counted(flips.n, f"test {comparison.noun}"),
        churn=quantity(flips.churn, "share"),
        apart=count(flips.both_wrong_apart),
    )


def smallest_said(comparison: Comparison, paired: PairedComparison) -> Sentence:
    """Returns the smallest difference that these rows could have shown."""
    smallest, n = paired.smallest, paired.flips.n
    if smallest.difference >= 1:
        return sentence(
            "This one {noun} is too few to tell how great a difference of accuracy it "
            "would show."
            if n == 1
            else "These {n} {noun}s are too few to tell how great a difference of "
            "accuracy they would show.",
            n=count(n),
            noun=comparison.noun,
        )
    return sentence(
        "The smallest difference of accuracy that these {n} {noun}s show with a chance "
        "of {power} is {difference}, where just one of two models is right on {share} "
        "of them.",
        n=count(n),
        noun=comparison.noun,
        power=chosen_share(smallest.power),
        difference=significant(smallest.difference, "points"),
        share=significant(smallest.discordant_share, "share"),
    )


def homogeneity_said(paired: PairedComparison) -> Sentence:
    """Returns whether the two predict the classes in different proportions."""
    test = paired.homogeneity
    if test is None:
        return sentence("Both predict every class for the same rows.")
    if not beyond_chance(test.p_value, paired.level):
        return sentence(
            "The two predict the classes in proportions that differ by no more than "
            "chance would bring (Stuart and Maxwell's test, {p}{drawn}).",
            p=p_phrase(test.p_value),
            drawn=_drawn(test),
        )
    most = max(paired.classes, key=_shift)
    alone = sum(_shift(one) == _shift(most) for one in paired.classes) == 1
    return sentence(
        "The two predict the classes in different proportions (Stuart and Maxwell's "
        "test, {p}{drawn}): class “{name}” "
        + ("most so, " if alone else "")
        + "{before} by the baseline and {after} by the candidate.",
        p=p_phrase(test.p_value),
        drawn=_drawn(test),
        name=most.name,
        before=counted(most.predicted_by_baseline, "time"),
        after=counted(most.predicted_by_candidate, "time"),
    )


def _drawn(test: MarginalHomogeneity) -> Sentence:
    """Returns how many tables were simulated, nothing where none was."""
    if test.draws is None:
        return sentence("")
    return sentence(", from {draws} simulated tables", draws=count(test.draws))


def _shift(one: ClassChange) -> int:
    """Returns by how much the predictions of a class changed."""
    return abs(one.predicted_by_candidate - one.predicted_by_baseline)


def survivors_said(paired: PairedComparison) -> Sentence:
    """Returns which classes changed beyond chance, by Holm's method over all."""
    found = paired.changed_classes
    tested = counted(paired.tested_classes, "class")
    if not found:
        return sentence(
            "No class has fixes and regressions that differ by more than chance would "
            "bring, by Holm's method over {tested}.",
            tested=tested,
        )
    gained = [one.name for one in found if one.fixes > one.regressions]
    lost = [one.name for one in found if one.fixes < one.regressions]
    return sentence(
        "By Holm's method over {tested}, {changes} beyond chance.",
        tested=tested,
        changes=" and ".join(
            f"{_named(names)} {verb}"
            for names, verb in ((gained, "gained"), (lost, "lost"))
            if names
        ),
    )


def scores_said(comparison: Comparison) -> Sentence:
    """Returns which scores other than accuracy lie clear of zero, and to which side."""
    others = [one for one in comparison.differences if one.key != "accuracy"]
    gained = [one.label for one in others if one.gain > 0]
    lost = [one.label for one in others if one.gain < 0]
    if not gained and not lost:
        return sentence("No other score changes by an interval clear of zero.")
    ways = (("to the better", gained), ("to the worse", lost))
    return sentence(
        "Clear of zero, {changes}; the verdict goes by accuracy alone.",
        changes="; ".join(f"{way}: {_named(names)}" for way, names in ways if names),
    )


def _named(names: list[str]) -> str:
    """Returns the first of the names, in a row with "and" before its end."""
    shown = [f"“{name}”" for name in names[:MOST_NAMED]]
    last = "others" if len(names) > MOST_NAMED else shown.pop()
    return " and ".join([", ".join(shown), last] if shown else [last])
