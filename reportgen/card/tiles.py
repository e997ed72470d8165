"""The six numbers of page one, each with its interval and what bounds its meaning."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.record import (
    MEASURE_KEYS,
    BinaryView,
    Certificate,
    Deciding,
    Estimate,
    Evaluation,
    Quantity,
    Record,
    Score,
    Sentence,
    chosen_share,
    estimated,
    p_phrase,
    quantity,
    sentence,
    significant,
)
from reportgen.record.comparison import Difference

if TYPE_CHECKING:
    from reportgen.record.wording import Kind

OF_PROBABILITIES = ("accuracy", "f1_macro", "roc_auc_ovr", "log_loss")
"""Scores of page one, before calibration and coverage."""

OF_LABELS = (
    "accuracy",
    "f1_macro",
    "balanced_accuracy",
    "precision_macro",
    "cohen_kappa",
    "matthews_corrcoef",
)
"""Scores of page one where labels alone were predicted."""


OF_POSITIVE = ("sensitivity", "positive_predictive_value", "roc_auc")
OF_NEGATIVE = ("specificity", "negative_predictive_value")
"""What recall, precision and area of one of two classes are called, the area once."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One number of page one.

    Attributes:
        key: Ends the id of its place on the page.
        label: What the number is.
        quantity: The number with its interval, None where it is undefined.
        estimate: Places the interval's bar, None where the number is undefined.
        notes: What to know beside it, or why it is undefined; a line each.
    """

    key: str
    label: Sentence
    quantity: Quantity | None
    estimate: Estimate | None
    notes: tuple[Sentence, ...]


def tiles(record: Record) -> tuple[Tile, ...]:
    """Returns six tiles; each says something that the others do not.

    Where labels alone were predicted they are the scores that labels tell; of two
    classes, sensitivity and specificity stand in for what is mixed of both.
    """
    evaluation, changes = record.evaluation, _changes(record)
    found = tuple(
        _score(score, *_beside(changes, score.key)) for score in _first(evaluation)
    )
    if evaluation.hard:
        return found
    calibrated = _score(evaluation.score("ece"), *_noise_floor(evaluation))
    if evaluation.binary:
        return (*found, calibrated)
    accepted = _coverage(evaluation.deciding, f"too few test {record.noun}s")
    return (*found, calibrated, accepted)


def _first(evaluation: Evaluation) -> tuple[Score, ...]:
    """Returns the scores before calibration and coverage."""
    if evaluation.binary:
        return _of_two(evaluation, evaluation.binary)
    keys = OF_LABELS if evaluation.hard else OF_PROBABILITIES
    return tuple(map(evaluation.score, keys))


def _of_two(evaluation: Evaluation, binary: BinaryView) -> tuple[Score, ...]:
    """Returns those of two classes, one of which is looked for."""
    first = evaluation.score("accuracy")
    place = evaluation.class_names.index(binary.positive)
    if evaluation.hard:
        found = (binary.measure(key) for key in MEASURE_KEYS[:4])
        return (first, *found, evaluation.score("matthews_corrcoef"))
    found = (binary.measure(key) for key in MEASURE_KEYS[:2])
    area = evaluation.classes[place].roc_auc
    return (first, *found, area, evaluation.score("log_loss"))


def _score(score: Score, *notes: Sentence) -> Tile:
    """Returns a score with what to know of it, or why it is undefined.

    Args:
        score: The number.
        notes: What to know of it besides.
    """
    found = estimated(score)
    return Tile(
        key=score.key,
        label=sentence("{label}", label=score.label),
        quantity=None if isinstance(found, str) else found,
        estimate=score.estimate,
        notes=_remark(score) + notes,
    )


def _changes(record: Record) -> dict[str, Difference]:
    """Returns the differences from a baseline on the same rows, by their scores' keys.

    Those of two classes are called as one that is looked for has them.
    """
    comparison, binary = record.comparison, record.evaluation.binary
    if comparison is None or comparison.paired is None:
        return {}
    changes = {one.key: one for one in comparison.differences}
    if binary is None:
        return changes
    for one in comparison.paired.classes:
        keys = OF_POSITIVE if one.name == binary.positive else OF_NEGATIVE
        of_class = (one.recall, one.precision, one.roc_auc)
        changes.update(zip(keys, of_class, strict=False))
    return changes


def _beside(changes: dict[str, Difference], key: str) -> tuple[Sentence, ...]:
    """Returns by how much a score differs from a baseline's; nothing without one."""
    found = changes.get(key)
    if found is None or found.estimate is None:
        return ()
    kind: Kind = "points" if found.unit == "share" else "number"
    change = quantity(found.estimate, kind)
    return (sentence("change {change}", change=change),)


def _remark(score: Score) -> tuple[Sentence, ...]:
    """Returns why a score or its interval is not there, else a surprising direction."""
    said = score.reason or score.note
    if said is None and score.estimate is not None and score.estimate.low is None:
        said = "no interval"
    if said is None and not score.higher_is_better:
        said = "lower is better"
    return (sentence("{said}", said=said),) if said else ()


def _noise_floor(evaluation: Evaluation) -> tuple[Sentence, ...]:
    """Returns what a calibrated model stays under; nothing under thirty rows."""
    if evaluation.calibration is None:
        return ()
    floor = evaluation.calibration.equal_mass.noise_floor
    return (
        sentence("noise floor {floor}", floor=significant(floor.quantile, "share")),
        p_phrase(floor.p_value),
    )


def _coverage(deciding: Deciding | None, unordered: str) -> Tile:
    """Returns how much can be accepted under the strictest target that holds.

    Args:
        deciding: What abstaining buys, None where nothing was ordered.
        unordered: Why nothing was.
    """
    certificate = None if deciding is None else strictest(deciding)
    if certificate is None or certificate.coverage is None:
        reason = unordered if deciding is None else _uncertified(deciding)
        label = sentence("Coverage at a certified risk")
        return Tile("coverage", label, None, None, (sentence("{why}", why=reason),))
    return Tile(
        key="coverage",
        label=sentence(
            "Coverage at {target} risk", target=chosen_share(certificate.target)
        ),
        quantity=quantity(certificate.coverage, "share"),
        estimate=certificate.coverage,
        notes=(
            sentence(
                "share accepted; error at most {target} with {level} confidence",
                target=chosen_share(certificate.target),
                level=chosen_share(certificate.level),
            ),
            *(() if holds(certificate) else (sentence("not kept on the test part"),)),
        ),
    )


def strictest(deciding: Deciding) -> Certificate | None:
    """Returns the certificate of the least target that could be certified."""
    certified = (one for one in deciding.certificates if one.threshold is not None)
    return min(certified, key=lambda one: one.target, default=None)


def holds(certificate: Certificate) -> bool:
    """Returns whether the test part leaves it possible that the target is kept."""
    low = None if certificate.risk is None else certificate.risk.low
    return low is None or low <= certificate.target


def _uncertified(deciding: Deciding) -> str:
    """Returns why no threshold could be certified."""
    if deciding.certificates_reason is not None:
        return deciding.certificates_reason
    loosest = max(deciding.certificates, key=lambda one: one.target)
    return loosest.reason or ""
