"""What the numbers amount to, in plain sentences that carry their numbers."""

from collections.abc import Callable
from dataclasses import dataclass

from reportgen.record import (
    ClassScores,
    Record,
    Sentence,
    count,
    estimated,
    point,
    sentence,
    share,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence with its evidence.

    Attributes:
        sentence: What was found.
        section: Key of the section that shows it.
    """

    sentence: Sentence
    section: str


def findings(record: Record) -> tuple[Finding, ...]:
    """Returns what a reader of one page must know, in the order of `_FINDINGS`."""
    found = ((section, find(record)) for section, find in _FINDINGS)
    return tuple(Finding(said, section) for section, said in found if said is not None)


def _right(record: Record) -> Sentence:
    """Returns how many images were predicted right."""
    evaluation = record.evaluation
    template = "It is right on {right} of {n} test images: accuracy {accuracy}."
    if evaluation.errors == 0:
        template = "It makes no errors in {n} test images: accuracy {accuracy}."
    return sentence(
        template,
        right=count(evaluation.correct),
        n=count(evaluation.n),
        accuracy=estimated(evaluation.score("accuracy")),
    )


def _weakest_class(record: Record) -> Sentence | None:
    """Returns the class of lowest recall; None where all recalls are one."""
    weakest = _lowest_recall(record)
    if weakest is None:
        return None
    return sentence(
        "The lowest recall is {recall}, of class “{name}”; " + _apart(record, weakest),
        name=weakest.name,
        recall=estimated(weakest.recall),
        accuracy=point(record.evaluation.score("accuracy")),
        k=count(record.model.output_classes),
    )


def _lowest_recall(record: Record) -> ClassScores | None:
    """Returns the first class of lowest recall, None where none is below another."""
    recalls = [
        (scores.recall.estimate.value, scores)
        for scores in record.evaluation.classes
        if scores.recall.estimate is not None
    ]
    if len({value for value, _ in recalls}) <= 1:
        return None
    return min(recalls, key=lambda pair: pair[0])[1]


def _apart(record: Record, weakest: ClassScores) -> str:
    """Returns what the interval of the weakest class allows to be said."""
    accuracy = record.evaluation.score("accuracy").estimate
    recall = weakest.recall.estimate
    if accuracy is None or recall is None or recall.high is None:
        return "one image gives no interval."
    if recall.high < accuracy.value:
        return (
            "its own interval lies below the accuracy over all classes, {accuracy}, "
            "before allowing for its being picked as the lowest of {k}."
        )
    return (
        "its interval reaches the accuracy over all classes, {accuracy}, so the "
        "difference can be noise."
    )


def _confused_pair(record: Record) -> Sentence | None:
    """Returns the most frequent confusion; None where there are no errors."""
    pairs = record.evaluation.confused_pairs
    if not pairs:
        return None
    tied = len(pairs) > 1 and pairs[1].count == pairs[0].count
    first = (
        "One of the most frequent confusions" if tied else "The most frequent confusion"
    )
    return sentence(
        f"{first} is “{{true}}” read as “{{predicted}}”: {{count}} of the {{errors}} "
        "errors, {share} of the images of that class.",
        true=pairs[0].true,
        predicted=pairs[0].predicted,
        count=count(pairs[0].count),
        errors=count(record.evaluation.errors),
        share=share(pairs[0].share_of_class),
    )


def _ranking(record: Record) -> Sentence:
    """Returns how well the probabilities rank, or why that cannot be said."""
    score = record.evaluation.score("roc_auc_ovr")
    if score.reason is not None:
        return _undefined("The area under the ROC curve", score.reason)
    return sentence(
        "An image of a class is given more of that class's probability than an image "
        "of another with chance {auc}, on average over classes.",
        auc=estimated(score),
    )


def _log_loss(record: Record) -> Sentence:
    """Returns the log loss, or why it cannot be said."""
    score = record.evaluation.score("log_loss")
    if score.reason is not None:
        return _undefined("The log loss", score.reason)
    return sentence("Its log loss is {loss} nats an image.", loss=estimated(score))


def _confidence(record: Record) -> Sentence | None:
    """Returns the mean confidence, right and wrong; None where it is not known."""
    histogram = record.evaluation.confidence_histogram
    if histogram is None or histogram.mean_correct is None:
        return None
    if histogram.mean_wrong is None:
        return sentence(
            "Its mean confidence is {right}, and it is never wrong.",
            right=share(histogram.mean_correct),
        )
    return sentence(
        "Its mean confidence is {right} where it is right, {wrong} where it is wrong.",
        right=share(histogram.mean_correct),
        wrong=share(histogram.mean_wrong),
    )


def _calibration(record: Record) -> Sentence | None:
    """Returns the calibration error; None where nothing was put into bins."""
    if record.evaluation.calibration is None:
        return None
    score = record.evaluation.score("ece")
    if score.reason is not None:
        return _undefined("The calibration error", score.reason)
    return sentence(
        "On average over bins the share right is {ece} away from the stated "
        "confidence; on a finite test set a perfectly calibrated model does not score "
        "zero either.",
        ece=estimated(score),
    )


def _comparability(record: Record) -> Sentence | None:
    """Returns that these are not the published test images; None where they are."""
    if record.dataset.protocol == "official" or not record.dataset.published_split:
        return None
    return sentence(
        "The {n} test images come from a fresh split of all {total} images, so these "
        "numbers are not comparable with figures published for the data's own test "
        "part.",
        n=count(record.dataset.test.n),
        total=count(record.dataset.n),
    )


def _training(record: Record) -> Sentence | None:
    """Returns that the training is unknown; None where it is known."""
    if record.training is not None:
        return None
    return sentence(
        "How the model was trained is not known, nor whether it has seen any of the "
        "test images."
    )


def _undefined(subject: str, reason: str) -> Sentence:
    """Returns that a score is not available, and why."""
    return sentence("{subject} is n/a: {reason}.", subject=subject, reason=reason)


_FINDINGS: tuple[tuple[str, Callable[[Record], Sentence | None]], ...] = (
    ("performance", _right),
    ("classes", _weakest_class),
    ("classes", _confused_pair),
    ("curves", _ranking),
    ("performance", _log_loss),
    ("calibration", _confidence),
    ("calibration", _calibration),
    ("data", _comparability),
    ("model", _training),
)
"""The section that shows it, and the function that finds it."""
