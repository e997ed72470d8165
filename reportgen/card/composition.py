"""From a record and its pictures to a card: everything that the templates print."""

from dataclasses import dataclass
from hashlib import sha256

from reportgen.card.findings import Finding, findings
from reportgen.card.sections import SECTIONS, Section
from reportgen.record import (
    SCORE_KEYS,
    AuthorWord,
    ClassScores,
    Evaluation,
    Omission,
    Picture,
    Record,
    Score,
    Sentence,
    count,
    point,
    sentence,
    to_json,
)

HEADLINE = ("accuracy", "f1_macro", "log_loss", "ece", "roc_auc_ovr")
"""Scores on the first page; each says something that the others do not."""

NINE = SCORE_KEYS[:9]
"""Scores that head the full table; the others follow."""

HALF_WIDTH_MM = 100
"""Pictures narrower than this stand side by side."""

FINGERPRINT = 12
"""Hexadecimal digits of the record's hash that stand at the foot of a page."""


@dataclass(frozen=True, slots=True)
class Card:
    """The report as a value.

    Attributes:
        title: Title of the report.
        facts: What the report is about, a short sentence each.
        record: Where every number comes from.
        fingerprint: First digits of the SHA-256 of record.json.
        sections: The sections that have something to say, in order.
        findings: What the numbers amount to.
        headline: Scores of the first page.
        nine: Scores that head the full table.
        further: The other scores.
        level: Confidence level of the intervals, None where there are none.
        share_digits: Decimals of a percentage in the table of scores.
        class_digits: Decimals of a percentage in the table of classes.
        undefined: Why a score of a class is n/a, a sentence each.
        pictures: In the order in which they stand.
        absent: Sections left out, with their reasons.
        omissions: Figures left out, with their reasons.
        words: The author's words that are filled in.
        missing_words: Labels of the author's words that are not.
    """

    title: str
    facts: tuple[Sentence, ...]
    record: Record
    fingerprint: str
    sections: tuple[Section, ...]
    findings: tuple[Finding, ...]
    headline: tuple[Score, ...]
    nine: tuple[Score, ...]
    further: tuple[Score, ...]
    level: float | None
    share_digits: int
    class_digits: int
    undefined: tuple[Sentence, ...]
    pictures: tuple[Picture, ...]
    absent: tuple[Omission, ...]
    omissions: tuple[Omission, ...]
    words: tuple[AuthorWord, ...]
    missing_words: tuple[str, ...]

    def rows(self, section: str) -> tuple[tuple[Picture, ...], ...]:
        """Returns the pictures of a section, a tuple for each row of the page."""
        rows: list[tuple[Picture, ...]] = []
        for picture in self.pictures:
            if picture.section != section:
                continue
            if rows and _fits_beside(rows[-1], picture):
                rows[-1] += (picture,)
            else:
                rows.append((picture,))
        return tuple(rows)

    def title_of(self, section: str) -> str | None:
        """Returns the heading of that section, None where it is left out."""
        return next((s.title for s in self.sections if s.key == section), None)


def compose(
    record: Record, pictures: tuple[Picture, ...], omissions: tuple[Omission, ...]
) -> Card:
    """Returns the card of a record.

    Args:
        record: Where every number comes from.
        pictures: Figures in the order in which they stand within their sections.
        omissions: Figures that could not be drawn, with their reasons.

    Raises:
        ValueError: A picture belongs to a section that does not exist, or two
            pictures have one key.
    """
    _check_pictures(pictures)
    reasons = {section.key: section.absent(record) for section in SECTIONS}
    absent = tuple(Omission(key, why) for key, why in reasons.items() if why)
    evaluation = record.evaluation
    class_scores = tuple(s for one in evaluation.classes for s in _scores(one))
    return Card(
        title=record.title,
        facts=_facts(record),
        record=record,
        fingerprint=sha256(to_json(record)).hexdigest()[:FINGERPRINT],
        sections=tuple(s for s in SECTIONS if reasons[s.key] is None),
        findings=findings(record),
        headline=tuple(evaluation.score(key) for key in HEADLINE),
        nine=tuple(evaluation.score(key) for key in NINE),
        further=tuple(s for s in evaluation.scores if s.key not in NINE),
        level=_level(evaluation.scores),
        share_digits=_share_digits(evaluation.scores),
        class_digits=_share_digits(class_scores),
        undefined=_undefined(evaluation),
        pictures=pictures,
        absent=absent,
        omissions=omissions + _displaced(absent, pictures),
        words=tuple(word for word in record.author if word.text),
        missing_words=tuple(word.label for word in record.author if not word.text),
    )


def _check_pictures(pictures: tuple[Picture, ...]) -> None:
    """Raises ValueError where a picture would vanish or an id stand twice."""
    known = {section.key for section in SECTIONS}
    for picture in pictures:
        if picture.section not in known:
            raise ValueError(
                f"A picture's section must be one of {sorted(known)}. Received "
                f"{picture.section!r} for {picture.key!r}."
            )
    if len({picture.key for picture in pictures}) != len(pictures):
        raise ValueError(
            "Pictures must have different keys. Received "
            f"{[picture.key for picture in pictures]}."
        )


def _displaced(
    absent: tuple[Omission, ...], pictures: tuple[Picture, ...]
) -> tuple[Omission, ...]:
    """Returns the pictures whose section is left out, with its reason."""
    reasons = {omission.key: omission.reason for omission in absent}
    return tuple(
        Omission(picture.key, reasons[picture.section])
        for picture in pictures
        if picture.section in reasons
    )


def _facts(record: Record) -> tuple[Sentence, ...]:
    """Returns what the report is about: data, test images, classes, size of model."""
    split = {"pooled": "fresh split of all images", "official": "official split"}
    return (
        sentence(
            "{title}, {split}",
            title=record.dataset.title,
            split=split[record.dataset.protocol],
        ),
        sentence("{n} test images", n=count(record.evaluation.n)),
        sentence("{k} classes", k=count(record.model.output_classes)),
        sentence("{n} parameters", n=count(record.model.parameters)),
    )


def _scores(one: ClassScores) -> tuple[Score, ...]:
    """Returns the scores of a class in the order of their columns."""
    return (one.precision, one.recall, one.f1, one.roc_auc, one.average_precision)


def _undefined(evaluation: Evaluation) -> tuple[Sentence, ...]:
    """Returns why the scores of classes that are n/a are so."""
    return tuple(
        sentence(
            "{label} of class “{name}” is n/a: {reason}.",
            label=score.label,
            name=one.name,
            reason=score.reason,
        )
        for one in evaluation.classes
        for score in _scores(one)
        if score.reason is not None
    )


def _level(scores: tuple[Score, ...]) -> float | None:
    """Returns the level that the intervals share; None where none or several."""
    levels = {score.estimate.level for score in scores if score.estimate is not None}
    levels.discard(None)
    return levels.pop() if len(levels) == 1 else None


def _share_digits(scores: tuple[Score, ...]) -> int:
    """Returns the most decimals that any interval of a share asks for.

    A column of percentages aligns on its decimal point only if all have as many
    decimals; those without an interval follow those with one.
    """
    shares = (
        point(score) for score in scores if score.unit == "share" and _wide(score)
    )
    digits = (quantity.digits for quantity in shares if not isinstance(quantity, str))
    return max(digits, default=2)


def _wide(score: Score) -> bool:
    """Returns whether the score has an interval."""
    return score.estimate is not None and score.estimate.low is not None


def _fits_beside(row: tuple[Picture, ...], picture: Picture) -> bool:
    """Returns whether the picture is the second narrow one of a row."""
    return len(row) == 1 and max(row[0].width_mm, picture.width_mm) < HALF_WIDTH_MM
