"""Two models beside each other: what changed, by how much, and what may be said of it.

A difference is always the candidate's value less the baseline's.
"""

from dataclasses import dataclass
from math import isfinite
from typing import Literal

from reportgen.record.deciding import Resolution
from reportgen.record.estimates import Estimate, Unit, beyond_chance
from reportgen.record.sides import FlipGallery, Side

VerdictKind = Literal[
    "identical", "better", "worse", "equivalent", "not_worse", "inconclusive"
]
"""What a comparison on the same rows may say.

`identical`: every row is predicted alike. `better` and `worse`: the interval of the
difference lies on one side of 0. `equivalent`: it holds 0 and lies within the margin on
both sides. `not_worse`: it holds 0 and lies above the margin's lower side alone.
`inconclusive`: it holds 0 and reaches the margin's lower side or beyond.
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """By how much a candidate's score differs from a baseline's.

    Attributes:
        key: The name by which code and configuration know the score.
        label: The name that a page prints.
        unit: How a page prints it; of a share, in percentage points.
        higher_is_better: Direction of the score.
        baseline: The baseline's score, None where it is undefined.
        candidate: The candidate's, None likewise.
        estimate: candidate - baseline, None where it is undefined.
        reason: Why it is undefined, in words; None where it is defined.
        note: What a reader must know beside it.

    Raises:
        ValueError: Neither or both of `estimate` and `reason` are given, or a
            difference of scores that are not.
    """

    key: str
    label: str
    unit: Unit
    higher_is_better: bool
    baseline: float | None
    candidate: float | None
    estimate: Estimate | None
    reason: str | None
    note: str | None

    def __post_init__(self) -> None:
        if (self.estimate is None) == (self.reason is None):
            raise ValueError(f"{self.key} needs an estimate or a reason, and not both.")
        lacking = self.baseline is None or self.candidate is None
        if lacking and self.estimate is not None:
            raise ValueError(f"{self.key} needs both scores for a difference.")
        scores = (self.baseline, self.candidate)
        if not all(score is None or isfinite(score) for score in scores):
            raise ValueError(f"{self.key} needs finite scores. Received {scores!r}.")

    @property
    def gain(self) -> int:
        """1 where the interval is clear of 0 to the wanted side, -1 to the other.

        0 where it holds 0, or there is none.
        """
        found = self.estimate
        if found is None or found.low is None or found.high is None:
            return 0
        if found.low <= 0 <= found.high:
            return 0
        return 1 if (found.low > 0) == self.higher_is_better else -1


@dataclass(frozen=True, slots=True)
class McNemar:
    """Whether fixes and regressions differ by more than chance.

    Attributes:
        exact_p: Two-sided p-value of the exact binomial test, 0-1.
        mid_p: The same with half the chance of what was seen, 0-1: less conservative.
    """

    exact_p: float
    mid_p: float


@dataclass(frozen=True, slots=True)
class Flips:
    """On which rows two models agree.

    Attributes:
        n: Rows that both predict.
        both_right: Rows that both predict right.
        fixes: Rows that the candidate alone predicts right.
        regressions: Rows that the baseline alone predicts right.
        both_wrong: Rows that both predict wrong.
        both_wrong_apart: Those of them that they predict as different classes.
        churn: Share of rows that they predict as different classes.
        mcnemar: Whether fixes and regressions differ by more than chance.

    Raises:
        ValueError: The counts do not add up.
    """

    n: int
    both_right: int
    fixes: int
    regressions: int
    both_wrong: int
    both_wrong_apart: int
    churn: Estimate
    mcnemar: McNemar

    def __post_init__(self) -> None:
        counts = (self.both_right, self.fixes, self.regressions, self.both_wrong)
        if sum(counts) != self.n or min(*counts, self.both_wrong_apart) < 0:
            raise ValueError(f"Rows must add up to {self.n}. Received {counts}.")
        if self.both_wrong_apart > self.both_wrong:
            raise ValueError(
                "Rows wrong in two ways must be among those that both predict wrong. "
                f"Received {self.both_wrong_apart} of {self.both_wrong}."
            )

    @property
    def discordant(self) -> int:
        """Rows that just one of the two predicts right."""
        return self.fixes + self.regressions

    @property
    def changed(self) -> int:
        """Rows that the two predict as different classes."""
        return self.discordant + self.both_wrong_apart


@dataclass(frozen=True, slots=True)
class MarginalHomogeneity:
    """Whether two models predict the classes in different proportions.

    Attributes:
        statistic: Stuart and Maxwell's, of the counts predicted as each class.
        degrees_of_freedom: Classes that changes reach, less the groups of classes
            between which there are none.
        p_value: Chance of at least that statistic if changes either way were alike.
        draws: Tables simulated for the p-value, None where it follows from the
            chi-squared distribution.
    """

    statistic: float
    degrees_of_freedom: int
    p_value: float
    draws: int | None


@dataclass(frozen=True, slots=True)
class ClassChange:
    """What became of one class.

    Attributes:
        name: Class name.
        support: Rows whose label is this class.
        fixes: Those that the candidate alone predicts right.
        regressions: Those that the baseline alone predicts right.
        predicted_by_baseline: Rows that the baseline predicts as this class.
        predicted_by_candidate: Likewise the candidate.
        p_value: McNemar's mid-p of its fixes and regressions, 0-1; None without rows.
        p_value_holm: The same, by Holm's method for all classes with rows.
        recall: Difference of recalls.
        precision: Difference of precisions.
        f1: Difference of F1.
        roc_auc: Difference of one-vs-rest areas under the ROC curve.
        average_precision: Difference of areas under the precision-recall curve.
    """

    name: str
    support: int
    fixes: int
    regressions: int
    predicted_by_baseline: int
    predicted_by_candidate: int
    p_value: float | None
    p_value_holm: float | None
    recall: Difference
    precision: Difference
    f1: Difference
    roc_auc: Difference
    average_precision: Difference

    def is_changed(self, level: float) -> bool:
        """Returns whether fixes and regressions differ by more than chance.

        Args:
            level: Confidence level in 0-1, kept over all classes by Holm's method.
        """
        p_value = self.p_value_holm
        return p_value is not None and beyond_chance(p_value, level)


@dataclass(frozen=True, slots=True)
class PairedVerdict:
    """Which of two models is the better on the same rows, judged on the interval.

    Attributes:
        kind: What may be said; see `VerdictKind`.
        margin: Loss of accuracy that is put up with, as a share, 0 or more.
        difference: Of accuracy, with its interval.

    Raises:
        ValueError: The margin is no share, or the interval does not say what is said.
    """

    kind: VerdictKind
    margin: float
    difference: Estimate

    def __post_init__(self) -> None:
        if not 0 <= self.margin <= 1:
            raise ValueError(f"margin must lie in 0-1. Received {self.margin!r}.")
        low, high = self.difference.low, self.difference.high
        sided = low is not None and high is not None and (low > 0 or high < 0)
        if (self.kind in {"better", "worse"}) != sided:
            raise ValueError(
                "A verdict must be better or worse where its interval is on one side "
                f"of 0, and only there. Received {self.kind!r} of {low!r}, {high!r}."
            )

    @property
    def non_inferior(self) -> bool:
        """Whether the interval rules out a loss of the margin or more."""
        low = self.difference.low
        return low is not None and low > -self.margin

    @property
    def within_margin(self) -> bool:
        """Whether the interval rules out a change of the margin or more, either way."""
        high = self.difference.high
        return self.non_inferior and high is not None and high < self.margin


@dataclass(frozen=True, slots=True)
class PairedComparison:
    """Two models on the same rows.

    Attributes:
        flips: On which rows they agree.
        verdict: Which of them is the better.
        smallest: The smallest difference of accuracy that these rows could show.
        differences: Of every score that has a paired interval, in printed order.
        homogeneity: Whether they predict the classes in different proportions; None
            where every row is predicted alike.
        classes: k classes in label order.
    """

    flips: Flips
    verdict: PairedVerdict
    smallest: Resolution
    differences: tuple[Difference, ...]
    homogeneity: MarginalHomogeneity | None
    classes: tuple[ClassChange, ...]

    @property
    def level(self) -> float:
        """Confidence level of the intervals and tests."""
        return self.smallest.level

    @property
    def changed_classes(self) -> tuple[ClassChange, ...]:
        """Classes whose fixes and regressions differ by more than chance."""
        return tuple(one for one in self.classes if one.is_changed(self.level))

    @property
    def tested_classes(self) -> int:
        """Over how many classes Holm's method went."""
        return sum(one.p_value_holm is not None for one in self.classes)


MatchedBy = Literal["ids", "content", "place"]
"""What tells that a row of one run is the row of the other."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A candidate beside its baseline.

    Attributes:
        baseline: The run that is compared against.
        candidate: The run that is judged.
        class_names: k names in the candidate's label order.
        matched_by: How rows were matched, None where they are not the same.
        shared: Rows that are test rows of both, as far as can be told; None where that
            cannot be.
        paired: What the same rows say; None where the rows are not the same.
        unpaired: Differences of the scores of two test sets, without a verdict; empty
            where the rows are the same.
        reason: Why nothing is paired, in words; None where it is.
        fixes: Rows that the candidate alone predicts right.
        regressions: Rows that the baseline alone predicts right.
        notes: What a reader must know besides, in sentences.

    Raises:
        ValueError: It is paired and unpaired, or neither, or its parts contradict one
            another.
    """

    baseline: Side
    candidate: Side
    class_names: tuple[str, ...]
    matched_by: MatchedBy | None
    shared: int | None
    paired: PairedComparison | None
    unpaired: tuple[Difference, ...]
    reason: str | None
    fixes: FlipGallery
    regressions: FlipGallery
    notes: tuple[str, ...]

    def __post_init__(self) -> None:
        matched = self.matched_by is not None
        if matched != (self.paired is not None) or matched != (self.reason is None):
            raise ValueError(
                "A comparison must be paired and say how rows were matched, or say why "
                f"it is not. Received {self.matched_by!r} and {self.reason!r}."
            )
        if self.paired is not None and self.unpaired:
            raise ValueError("What is paired must have no unpaired differences.")
        _check_parts(self)

    @property
    def noun(self) -> str:
        """What a row of the candidate is called on a page."""
        return self.candidate.noun

    @property
    def hard(self) -> bool:
        """Whether one of the two has predicted labels alone."""
        return self.baseline.hard or self.candidate.hard

    @property
    def differences(self) -> tuple[Difference, ...]:
        """By how much the scores differ, paired where the rows are the same."""
        return self.unpaired if self.paired is None else self.paired.differences


def _check_parts(comparison: Comparison) -> None:
    """Refuses flips and classes that are not those of the rows."""
    paired, names = comparison.paired, comparison.class_names
    galleries = (comparison.fixes, comparison.regressions)
    counted = (paired.flips.fixes, paired.flips.regressions) if paired else (0, 0)
    if tuple(gallery.total for gallery in galleries) != counted:
        raise ValueError(f"Galleries must be of {counted} rows that flipped.")
    if not names:
        raise ValueError("A comparison must have at least one class. Received none.")
    if paired and tuple(one.name for one in paired.classes) != names:
        raise ValueError(f"Each class must have its changes, in the order {names!r}.")
    for gallery in galleries:
        for flip in gallery.examples:
            if not {flip.true, flip.baseline, flip.candidate} <= set(names):
                raise ValueError(f"{flip.row_id!r} must be of the classes {names!r}.")
