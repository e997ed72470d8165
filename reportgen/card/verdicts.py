"""What intervals and tests allow to be said: no difference is named within noise."""

from dataclasses import dataclass

from reportgen.record import (
    Calibration,
    ClassScores,
    ConfusedPair,
    Estimate,
    Evaluation,
    Record,
    Resolution,
    Sampling,
    Sentence,
    beyond_chance,
    chosen_share,
    count,
    estimated,
    in_order,
    number,
    p_phrase,
    quantity,
    sentence,
    significant,
)
from reportgen.record.wording import counted

MANY_SUSPECTS = 5
"""Suspects from which on being most of the errors tells something of the model."""


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The sentences of sections that depend on an interval or a test.

    Attributes:
        recalls: Whether recalls differ between classes; None where not tested.
        overconfidence: Whether the model claims more than it keeps; None unbinned.
        calibration_error: Whether the error is more than noise; None unbinned.
        classwise: Which class's error is the greatest, if any can be named; None
            unbinned.
        temperature: What the validation part's temperature does; None without one.
        suspects: How many errors look like mislabelled rows; None without an error, or
            where labels alone were predicted.
        resolution: Which difference the rows can show; None without an error.
    """

    recalls: Sentence | None
    overconfidence: Sentence | None
    calibration_error: Sentence | None
    classwise: Sentence | None
    temperature: Sentence | None
    suspects: Sentence | None
    resolution: Sentence | None


def verdicts(record: Record) -> Verdicts:
    """Returns what the numbers allow the sections to say."""
    evaluation = record.evaluation
    binned = evaluation.calibration
    return Verdicts(
        recalls=recalls_said(evaluation),
        overconfidence=overconfidence_said(binned) if binned else None,
        calibration_error=calibration_error_said(evaluation, binned)
        if binned
        else None,
        classwise=classwise_said(evaluation, binned) if binned else None,
        temperature=temperature_said(binned, record.noun) if binned else None,
        suspects=suspects_said(evaluation),
        resolution=resolution_said(evaluation),
    )


def recalls_said(evaluation: Evaluation) -> Sentence | None:
    """Returns whether classes differ, and the lowest recall only if they do.

    None where no test was possible: one class, or all rows right or all wrong.
    """
    test = evaluation.homogeneity
    if test is None:
        return None
    chance = p_phrase(test.p_value)
    if not beyond_chance(test.p_value, evaluation.sampling.level):
        return sentence(
            "Its recalls differ between classes by no more than chance would bring "
            "({chance}): no class can be called the weakest.",
            chance=chance,
        )
    weakest, tied = _lowest_recall(evaluation)
    return sentence(
        (
            "Class “{name}” shares the lowest recall with others"
            if tied
            else "The lowest recall is that of class “{name}”"
        )
        + ": {recall}; recalls differ between classes by more than chance would bring "
        "({chance}).",
        name=weakest.name,
        recall=estimated(weakest.recall),
        chance=chance,
    )


def _lowest_recall(evaluation: Evaluation) -> tuple[ClassScores, bool]:
    """Returns the first class of lowest recall, and whether another has the same.

    Where recalls were tested, at least two classes have one.
    """
    recalls = [
        (one.recall.estimate.value, one)
        for one in evaluation.classes
        if one.recall.estimate is not None
    ]
    lowest, weakest = min(recalls, key=lambda pair: pair[0])
    return weakest, sum(value == lowest for value, _ in recalls) > 1


def direction_said(pair: ConfusedPair, sampling: Sampling) -> Sentence:
    """Returns whether one way of a confusion is commoner than the other.

    A class without rows is never read as another: no test is needed to tell that.
    """
    if pair.second_share is None:
        return sentence(
            "no test row is of class “{second}”, so there is no other way",
            second=pair.second,
        )
    chance = p_phrase(pair.direction_p_holm)
    if beyond_chance(pair.direction_p_holm, sampling.level):
        return sentence("the first way is the commoner ({chance})", chance=chance)
    return sentence("neither way is commoner beyond chance ({chance})", chance=chance)


def overconfidence_said(calibration: Calibration) -> Sentence:
    """Returns whether the model claims more, or less, than it keeps."""
    found = calibration.overconfidence
    claim = "It is neither over- nor under-confident beyond noise"
    if _above_zero(found):
        claim = "It is over-confident"
    if _below_zero(found):
        claim = "It is under-confident"
    if found.low is None:
        # Without an interval all rows are right, or all are wrong.
        wrong = found.value > 0
        claim = f"No prediction is {'right' if wrong else 'wrong'}, so no interval "
        claim += "tells its over- or under-confidence from noise"
    return sentence(
        claim + ": mean confidence less accuracy is {gap}.",
        gap=quantity(found, "points"),
    )


def calibration_error_said(
    evaluation: Evaluation, calibration: Calibration
) -> Sentence:
    """Returns whether the calibration error is more than noise."""
    mass = calibration.equal_mass
    floor = mass.noise_floor
    error, bound = in_order(
        quantity(mass.error, "share"), significant(floor.quantile, "share")
    )
    verdict = "cannot be told from noise"
    if beyond_chance(floor.p_value, evaluation.sampling.level):
        verdict = "is more than noise"
    return sentence(
        f"Its calibration error of {{error}} {verdict} ({{chance}}): "
        "the noise floor, below which a calibrated model stays in {level} of such test "
        "sets, is {floor}.{positive}",
        positive=_positive_error_said(evaluation, calibration),
        error=error,
        floor=bound,
        level=chosen_share(floor.level),
        chance=p_phrase(floor.p_value),
    )


def _positive_error_said(evaluation: Evaluation, calibration: Calibration) -> Sentence:
    """Returns that the positive class's own error is more than noise, if it alone is.

    Over both classes too high and too low a probability cancel: a threshold on the
    positive class's would rest on what the error of the prediction does not show. It
    is the second test on that page, so half of what the level leaves to chance is left.
    """
    level = evaluation.sampling.level
    overall = calibration.equal_mass.noise_floor.p_value
    if evaluation.binary is None or beyond_chance(overall, level):
        return sentence("")
    positive = evaluation.binary.positive
    own = calibration.classes[evaluation.class_names.index(positive)]
    if not beyond_chance(own.noise_floor.p_value, (1 + level) / 2):
        return sentence("")
    return sentence(
        " That of the probability of “{positive}” alone, {error}, is more than noise "
        "({chance}), even as the second of two tests.",
        positive=positive,
        error=quantity(own.error, "share"),
        chance=p_phrase(own.noise_floor.p_value),
    )


def classwise_said(evaluation: Evaluation, calibration: Calibration) -> Sentence:
    """Returns the class of the greatest error, only if the errors are beyond chance."""
    classwise = calibration.classwise
    chance = p_phrase(classwise.noise_floor.p_value)
    if not beyond_chance(classwise.noise_floor.p_value, evaluation.sampling.level):
        return sentence(
            "The errors of the classes, taken together, cannot be told from noise "
            "({chance}).",
            chance=chance,
        )
    return sentence(
        "The errors of the classes, taken together, are more than noise ({chance}); "
        "the greatest is that of class “{worst}”.",
        chance=chance,
        worst=classwise.worst,
    )


def temperature_said(calibration: Calibration, noun: str) -> Sentence | None:
    """Returns what the validation part's temperature does to the test part.

    None where there is none, or none within bounds was best.

    Args:
        calibration: What was found on both parts.
        noun: What a row is called.
    """
    scaling = calibration.temperature
    if scaling is None or scaling.at_bound:
        return None
    change = scaling.log_loss_change
    effect = f"changes the log loss by nothing that these {noun}s could show"
    if _below_zero(change):
        effect = "lowers the log loss"
    if _above_zero(change):
        effect = "raises the log loss"
    if change.low is None:
        effect = "changes the log loss by an amount that has no interval"
    return sentence(
        "Dividing the logits by one number fitted on the validation part, a "
        f"temperature of {{temperature}}, {effect} (change {{change}} nats).",
        temperature=number(scaling.temperature, 3),
        change=quantity(change, "number"),
    )


def resolution_said(evaluation: Evaluation) -> Sentence | None:
    """Returns which difference the test set can show; None without an error."""
    resolution = evaluation.resolution
    if resolution is None:
        return None
    if resolution.difference >= 1:
        return sentence(
            "This test set is too small to tell how great a difference of accuracy it "
            "would show."
        )
    return sentence(
        "This test set shows a difference of {difference} of accuracy with a chance "
        "of {power}, a smaller one less often: " + _supposed(evaluation, resolution),
        difference=significant(resolution.difference, "points"),
        power=chosen_share(resolution.power),
    )


def _supposed(evaluation: Evaluation, resolution: Resolution) -> str:
    """Returns which two models are supposed, the end of a sentence."""
    if resolution.one_way:
        return (
            "even where every row that tells two models apart speaks for the same one."
        )
    alike = "between two models about as often wrong as this one that "
    if resolution.discordant_share < evaluation.errors / evaluation.n:
        return alike + "are right on no row in common."
    return alike + "share half of their errors."


def suspects_said(evaluation: Evaluation) -> Sentence | None:
    """Returns how many errors look like mislabelled rows.

    None without an error, or where labels alone were predicted.
    """
    suspects = evaluation.suspects
    if evaluation.errors == 0 or suspects is None:
        return None
    total = suspects.gallery.total
    template = (
        "Of {errors} {total} " + ("looks" if total == 1 else "look") + " mislabelled "
        "(suspected, not proven); were it so, accuracy would be {accuracy}."
    )
    if total == 0:
        template = "Of {errors} none looks mislabelled."
    elif total >= MANY_SUSPECTS and 2 * total > evaluation.errors:
        template += (
            " So many suspects speak against its confidence rather than against the "
            "labels."
        )
    return sentence(
        template,
        total=count(total),
        errors=counted(evaluation.errors, "error"),
        accuracy=quantity(suspects.accuracy_if_mislabelled, "share"),
    )


def _above_zero(estimate: Estimate) -> bool:
    """Returns whether the whole interval lies above 0."""
    return estimate.low is not None and estimate.low > 0


def _below_zero(estimate: Estimate) -> bool:
    """Returns whether the whole interval lies below 0."""
    return estimate.high is not None and estimate.high < 0
