"""What the numbers amount to, in plain sentences that carry their numbers."""

from collections.abc import Callable
from dataclasses import dataclass

from reportgen.card.contest_words import mark_of, verdict_said
from reportgen.card.slicing import slices_said
from reportgen.card.tiles import holds, strictest
from reportgen.card.two_classes import (
    common_said,
    found_said,
    read_said,
    wrong_said,
)
from reportgen.card.verdicts import (
    calibration_error_said,
    direction_said,
    overconfidence_said,
    recalls_said,
    resolution_said,
    suspects_said,
    temperature_said,
)
from reportgen.record import (
    Deciding,
    Record,
    Sentence,
    chosen_share,
    count,
    estimated,
    quantity,
    sentence,
    share,
)
from reportgen.record.wording import counted

ROUND_COVERAGE = 0.95
"""The coverage whose risk page one names, or the one nearest to it."""


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
    """Returns how many rows were predicted right."""
    evaluation = record.evaluation
    template = "It is right on {right} of {rows}: {accuracy}."
    accuracy = evaluation.score("accuracy").estimate
    if evaluation.errors == 0 and accuracy is not None and accuracy.low is not None:
        template = (
            "It makes no errors in {rows}: accuracy {accuracy}; the interval bounds "
            "how often it may still be wrong."
        )
    return sentence(
        template,
        right=count(evaluation.correct),
        rows=counted(evaluation.n, f"test {record.noun}"),
        accuracy=estimated(evaluation.score("accuracy")),
    )


def _compared(record: Record) -> Sentence | None:
    """Returns the verdict beside a baseline; None without one."""
    comparison = record.comparison
    if comparison is None:
        return None
    return sentence(
        "{sign} {verdict}",
        sign=mark_of(comparison).sign,
        verdict=verdict_said(comparison, "It"),
    )


def _recalls(record: Record) -> Sentence | None:
    """Returns whether some class is weaker than others, or how one of two is found."""
    binary = record.evaluation.binary
    if binary is not None:
        return found_said(record, binary)
    return recalls_said(record.evaluation)


def _confused_pair(record: Record) -> Sentence | None:
    """Returns the most frequent confusion; None where there are no errors."""
    binary = record.evaluation.binary
    if binary is not None:
        return wrong_said(record.evaluation, binary)
    pairs = record.evaluation.confused_pairs
    if not pairs:
        return None
    most = pairs[0]
    tied = len(pairs) > 1 and pairs[1].count == most.count
    return sentence(
        "{among} “{first}” and “{second}”, {share} of the errors: {there} of “{first}” "
        "read as “{second}”, {back} of “{second}” as “{first}”; {direction}.",
        among="Among the classes confused most are"
        if tied
        else "The classes confused most are",
        first=most.first,
        second=most.second,
        share=share(most.share_of_errors, 0),
        there=count(most.first_as_second),
        back=count(most.second_as_first),
        direction=direction_said(most, record.evaluation.sampling),
    )


def _commonness(record: Record) -> Sentence | None:
    """Returns how often the class occurs that is looked for; None of other than two."""
    binary = record.evaluation.binary
    return None if binary is None else common_said(record, binary)


def _read(record: Record) -> Sentence | None:
    """Returns the predictive values; None of other than two classes."""
    binary = record.evaluation.binary
    return None if binary is None else read_said(record, binary)


def _confidence(record: Record) -> Sentence | None:
    """Returns whether the confidence can be trusted; None where nothing was binned."""
    calibration = record.evaluation.calibration
    if calibration is None:
        return None
    return sentence(
        "{gap} {error}",
        gap=overconfidence_said(calibration),
        error=calibration_error_said(record.evaluation, calibration),
    )


def _temperature(record: Record) -> Sentence | None:
    """Returns what one temperature mends; None where there is none to try."""
    calibration = record.evaluation.calibration
    if calibration is None:
        return None
    return temperature_said(calibration, record.noun)


def _deciding(record: Record) -> Sentence | None:
    """Returns what abstaining buys; None where nothing was ordered."""
    deciding = record.evaluation.deciding
    if deciding is None:
        return None
    return sentence(
        "{risk} {kept}", risk=_risk(record, deciding), kept=_kept(record, deciding)
    )


def _risk(record: Record, deciding: Deciding) -> Sentence:
    """Returns the share wrong among the most confident predictions."""
    near = min(deciding.at, key=lambda one: abs(one.asked - ROUND_COVERAGE))
    return sentence(
        "Of the {accepted} predictions that it is surest of, among {n}, {risk} are "
        "wrong.",
        accepted=count(near.accepted),
        n=count(record.evaluation.n),
        risk=quantity(near.risk, "share"),
    )


def _kept(record: Record, deciding: Deciding) -> Sentence:
    """Returns the strictest risk that a threshold keeps, or that none does."""
    kept = strictest(deciding)
    if kept is not None and kept.coverage is not None:
        return sentence(
            "A threshold from the validation part keeps errors at {target} or less "
            "with {level} confidence and accepts {coverage} of the test {noun}s"
            + ("." if holds(kept) else ", but {risk} of these are wrong."),
            target=chosen_share(kept.target),
            level=chosen_share(kept.level),
            noun=record.noun,
            coverage=quantity(kept.coverage, "share"),
            risk="none" if kept.risk is None else quantity(kept.risk, "share"),
        )
    if not deciding.certificates:
        return sentence("No threshold is certified.")
    loosest = max(deciding.certificates, key=lambda one: one.target)
    return sentence(
        "No threshold could be certified, not even for a risk of {target}.",
        target=chosen_share(loosest.target),
    )


def _suspects(record: Record) -> Sentence | None:
    """Returns how many errors look like errors of the labels."""
    return suspects_said(record.evaluation)


def _resolution(record: Record) -> Sentence | None:
    """Returns what the test set cannot tell; None where two models were compared.

    Beside a baseline that is not supposed but known: its section says it.
    """
    if record.comparison is not None and record.comparison.paired is not None:
        return None
    return resolution_said(record.evaluation)


def _comparability(record: Record) -> Sentence | None:
    """Returns that these are not the published test images; None where they are."""
    images = record.dataset.images
    if images is None or images.protocol == "official" or not images.published_split:
        return None
    if images.protocol == "all":
        return sentence(
            "All {total} images are test images, so these numbers are not comparable "
            "with figures published for the data's own test part.",
            total=count(images.n),
        )
    return sentence(
        "The test part comes from a fresh split of all {total} images, so these "
        "numbers are not comparable with figures published for the data's own test "
        "part.",
        total=count(images.n),
    )


def _training(record: Record) -> Sentence | None:
    """Returns that the training is unknown; None where it is known, or no model is."""
    if record.training is not None or record.model is None:
        return None
    return sentence(
        "How the model was trained is not known, nor whether it has seen any of the "
        "test images."
    )


def _handed(record: Record) -> Sentence | None:
    """Returns that only predictions are known; None where the model is."""
    handed = record.dataset.handed
    if handed is None:
        return None
    parts = "test" if handed.validation is None else "test or validation"
    return sentence(
        "The predictions were handed over without their model: whether it "
        f"was fitted on any of the {parts} rows is not known."
    )


def _labels_alone(record: Record) -> Sentence | None:
    """Returns what cannot be known where labels alone were predicted."""
    if not record.evaluation.hard:
        return None
    return sentence(
        "Labels alone were handed over, without probabilities: how sure it is of them, "
        "how it ranks the {noun}s and when it should abstain cannot be told. Curves, "
        "calibration and deciding are therefore left out.",
        noun=record.noun,
    )


_FINDINGS: tuple[tuple[str, Callable[[Record], Sentence | None]], ...] = (
    ("performance", _right),
    ("comparison", _compared),
    ("classes", _commonness),
    ("classes", _recalls),
    ("classes", _read),
    ("classes", _confused_pair),
    ("slices", slices_said),
    ("calibration", _confidence),
    ("calibration", _temperature),
    ("deciding", _deciding),
    ("errors", _suspects),
    ("performance", _labels_alone),
    ("performance", _resolution),
    ("data", _comparability),
    ("model", _training),
    ("data", _handed),
)
"""The section that shows it, and the function that finds it."""
