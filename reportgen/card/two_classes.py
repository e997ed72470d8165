"""What is said of two classes, one of which is looked for."""

from dataclasses import dataclass
from math import isclose

from reportgen.record import (
    BinaryView,
    Evaluation,
    Outcomes,
    Record,
    Sentence,
    beyond_chance,
    count,
    estimated,
    p_phrase,
    quantity,
    sentence,
    share,
)
from reportgen.record.wording import counted

HALF = 0.5
"""Threshold of the likelier of two classes."""


@dataclass(frozen=True, slots=True)
class TwoClasses:
    """The sentences of the binary view.

    Attributes:
        positive: Which class is looked for, and why that one.
        common: How often it occurs, and what calling every row the other comes to.
        found: Sensitivity and specificity, and whether they differ.
        read: The predictive values; None where no row is read as positive.
        wrong: The errors of either kind; None without an error.
        ties: How the threshold of a half differs from the predictions; None where it
            does not.
        both: Whether both classes have test rows; without, neither a mean over them
            nor a curve is theirs.
        areas_differ: Whether the ROC-AUC of one class is not that of the other:
            probabilities that were rounded to 0 or 1 tie rows of one of them alone.
    """

    positive: Sentence
    common: Sentence
    found: Sentence
    read: Sentence | None
    wrong: Sentence | None
    ties: Sentence | None
    both: bool
    areas_differ: bool


def two_classes(record: Record) -> TwoClasses | None:
    """Returns what is said of two classes, None of fewer or more."""
    binary = record.evaluation.binary
    if binary is None:
        return None
    return TwoClasses(
        positive=_positive_said(binary),
        common=common_said(record, binary),
        found=found_said(record, binary),
        read=read_said(record, binary),
        wrong=wrong_said(record.evaluation, binary),
        ties=_ties_said(record, binary),
        both=bool(binary.outcomes.positives and binary.outcomes.negatives),
        areas_differ=_areas_differ(record.evaluation),
    )


def _areas_differ(evaluation: Evaluation) -> bool:
    """Returns whether both areas are known and differ by more than their rounding."""
    first, second = (one.roc_auc.estimate for one in evaluation.classes)
    if first is None or second is None:
        return False
    return not isclose(first.value, second.value, rel_tol=1e-12)


def _positive_said(binary: BinaryView) -> Sentence:
    """Returns which class is looked for, and why that one."""
    return sentence(
        "The positive class, the one that is looked for, is “{positive}”, "
        + (
            "as it was asked for."
            if binary.named
            else "the second in the order of classes; --positive names the other."
        ),
        positive=binary.positive,
    )


def common_said(record: Record, binary: BinaryView) -> Sentence:
    """Returns how often the positive class occurs, and what no model at all reaches."""
    outcomes, n = binary.outcomes, record.evaluation.n
    rare = outcomes.positives <= outcomes.negatives
    return sentence(
        "“{positive}”, the positive class, is {positives} of {rows}, {prevalence}: "
        "calling every one “{commoner}” would be right on "
        + ("{share}." if rare else "as many."),
        positive=binary.positive,
        commoner=binary.negative if rare else binary.positive,
        positives=count(outcomes.positives),
        rows=counted(n, f"test {record.noun}"),
        prevalence=quantity(binary.prevalence, "share"),
        share=share(outcomes.negatives / n, 1),
    )


def found_said(record: Record, binary: BinaryView) -> Sentence:
    """Returns sensitivity and specificity, and whether these differ beyond chance."""
    template = (
        "It finds {sensitivity} of the {noun}s of “{positive}” (sensitivity) and takes "
        "{specificity} of those of “{negative}” for what they are (specificity)"
        "{apart}."
    )
    if not binary.outcomes.positives:
        template = (
            "It takes {specificity} of the {noun}s of “{negative}” for what they are "
            "(specificity); there are none of “{positive}” to be found, so that its "
            "sensitivity cannot be told."
        )
    elif not binary.outcomes.negatives:
        template = (
            "It finds {sensitivity} of the {noun}s of “{positive}” (sensitivity); "
            "there are none of “{negative}”, so that its specificity cannot be told."
        )
    return sentence(
        template,
        sensitivity=estimated(binary.measure("sensitivity")),
        specificity=estimated(binary.measure("specificity")),
        noun=record.noun,
        positive=binary.positive,
        negative=binary.negative,
        apart=_apart(record.evaluation),
    )


def _apart(evaluation: Evaluation) -> Sentence:
    """Returns whether the two recalls differ by more than chance, if it was tested."""
    test = evaluation.homogeneity
    if test is None:
        return sentence("")
    told = beyond_chance(test.p_value, evaluation.sampling.level)
    return sentence(
        ("; the two differ" if told else "; the two cannot be told apart")
        + (" by more than chance would bring" if told else "")
        + " ({chance})",
        chance=p_phrase(test.p_value),
    )


def read_said(record: Record, binary: BinaryView) -> Sentence | None:
    """Returns the predictive values; None where no row is read as positive."""
    outcomes = binary.outcomes
    if not outcomes.read_as_positive:
        return None
    return sentence(
        "Of {read} read as “{positive}” {right} are (positive predictive value)"
        "{otherwise}; both depend on how common “{positive}” is.",
        read=counted(outcomes.read_as_positive, record.noun),
        positive=binary.positive,
        right=estimated(binary.measure("positive_predictive_value")),
        otherwise=_read_otherwise(record, binary),
    )


def _read_otherwise(record: Record, binary: BinaryView) -> Sentence:
    """Returns the negative predictive value, nothing where no row is read so."""
    read = record.evaluation.n - binary.outcomes.read_as_positive
    if not read:
        return sentence("")
    return sentence(
        ", of {read} read as “{negative}” {right} (negative predictive value)",
        read=count(read),
        negative=binary.negative,
        right=estimated(binary.measure("negative_predictive_value")),
    )


def wrong_said(evaluation: Evaluation, binary: BinaryView) -> Sentence | None:
    """Returns the errors of either kind; None without an error."""
    if not evaluation.confused_pairs:
        return None
    outcomes = binary.outcomes
    return sentence(
        _kinds(outcomes) + "; {commoner}.",
        commoner=_commoner_kind(evaluation, outcomes),
        errors=counted(evaluation.errors, "error"),
        missed=count(outcomes.false_negatives),
        alarms=count(outcomes.false_positives),
        positive=binary.positive,
        negative=binary.negative,
    )


def _kinds(outcomes: Outcomes) -> str:
    """Returns how many errors are of either kind, or of which kind the only one is."""
    missed, alarms = outcomes.false_negatives, outcomes.false_positives
    if missed + alarms > 1:
        are = "is" if missed == 1 else "are"
        return (
            f"Of {{errors}} {{missed}} {are} “{{positive}}” that it misses (false "
            "negatives) and {alarms} “{negative}” that it takes for it (false "
            "positives)"
        )
    if missed:
        return "The one error is “{positive}” that it misses (a false negative)"
    return (
        "The one error is “{negative}” that it takes for “{positive}” (a false "
        "positive)"
    )


def _commoner_kind(evaluation: Evaluation, outcomes: Outcomes) -> Sentence:
    """Returns whether one kind of error is the commoner, where both are possible."""
    pair = evaluation.confused_pairs[0]
    if pair.second_share is None:
        return sentence(
            "without rows of “{second}” there is no other kind", second=pair.second
        )
    chance = pair.direction_p_holm
    missed_more = outcomes.false_negatives > outcomes.false_positives
    commoner = "negatives" if missed_more else "positives"
    return sentence(
        f"false {commoner} are the commoner ({{chance}})"
        if beyond_chance(chance, evaluation.sampling.level)
        else "neither kind is commoner beyond chance ({chance})",
        chance=p_phrase(chance),
    )


def _ties_said(record: Record, binary: BinaryView) -> Sentence | None:
    """Returns how many rows lie on the threshold of a half, if that shows."""
    at_half = [point for point in binary.points if point.threshold == HALF]
    if not at_half:
        return None
    tied = at_half[0].outcomes.read_as_positive - binary.outcomes.read_as_positive
    if tied <= 0:
        return None
    return sentence(
        "Both classes are equally likely, or all but, for {tied}, which the threshold "
        "of {half} reads as “{positive}” and the predictions as “{negative}”, the "
        "first in the order of classes.",
        tied=counted(tied, record.noun),
        half=share(HALF, 0),
        positive=binary.positive,
        negative=binary.negative,
    )
