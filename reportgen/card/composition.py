"""From a record and its pictures to a card: everything that the templates print."""

from dataclasses import dataclass, replace
from hashlib import sha256

from reportgen.card.asking import Asking, asking
from reportgen.card.class_table import ClassTable, class_table, most_digits
from reportgen.card.contest import Contest, contest
from reportgen.card.findings import Finding, findings
from reportgen.card.gate import Gate, gate
from reportgen.card.laying_out import FINGERPRINT, check_pictures, picture_rows
from reportgen.card.learning import BetweenSeeds, Course, between_seeds, course
from reportgen.card.methods import Method, methods
from reportgen.card.sections import SECTIONS, Section
from reportgen.card.slicing import SliceTable, slice_table
from reportgen.card.tiles import Tile, tiles
from reportgen.card.two_classes import TwoClasses, two_classes
from reportgen.card.verdicts import Verdicts, verdicts
from reportgen.record import (
    SCORE_KEYS,
    AuthorWord,
    DatasetSummary,
    Omission,
    Picture,
    Provenance,
    Record,
    Score,
    Sentence,
    Timings,
    count,
    sentence,
    to_json,
)
from reportgen.record.wording import counted

NINE = SCORE_KEYS[:9]
"""Scores that head the full table; the others follow."""


@dataclass(frozen=True, slots=True)
class Card:
    """The report as a value.

    Attributes:
        title: Title of the report.
        facts: What the report is about, a short sentence each.
        record: Where every number comes from.
        fingerprint: First digits of the SHA-256 of record.json.
        noun: What a row is called, "image" or "row".
        sections: The sections that have something to say, in order.
        findings: What the numbers amount to.
        gate: What was required and how it ended, None where nothing was.
        tiles: Numbers of the first page.
        two_classes: What is said of two classes, None of fewer or more.
        verdicts: What intervals and tests allow to be said within the sections.
        nine: Scores that head the full table.
        further: The other scores.
        level: Confidence level of the intervals, None where there are none.
        share_digits: Decimals of a percentage in the table of scores.
        methods: How the intervals of the scores were made.
        classes: The classes as their tables print them.
        slices: The slices as their table prints them, None where there are none.
        asking: How a model of a file was asked, None of any other.
        course: How the training went, None where nothing is known of it.
        between_seeds: What several seeds brought, None where there was one.
        contest: The run beside its baseline, None without one.
        pictures: In the order in which they stand.
        absent: Sections left out, with their reasons.
        omissions: Figures left out, with their reasons.
        words: The author's words that are filled in.
        missing_words: Labels of the author's words that are not.
        attached: Names of the files that the PDF carries.
        unattached: Files of the run that it does not carry, with their reasons.
    """

    title: str
    facts: tuple[Sentence, ...]
    record: Record
    fingerprint: str
    noun: str
    sections: tuple[Section, ...]
    findings: tuple[Finding, ...]
    gate: Gate | None
    tiles: tuple[Tile, ...]
    two_classes: TwoClasses | None
    verdicts: Verdicts
    nine: tuple[Score, ...]
    further: tuple[Score, ...]
    level: float | None
    share_digits: int
    methods: tuple[Method, ...]
    classes: ClassTable
    slices: SliceTable | None
    asking: Asking | None
    course: Course | None
    between_seeds: BetweenSeeds | None
    contest: Contest | None
    pictures: tuple[Picture, ...]
    absent: tuple[Omission, ...]
    omissions: tuple[Omission, ...]
    words: tuple[AuthorWord, ...]
    missing_words: tuple[str, ...]
    attached: tuple[str, ...]
    unattached: tuple[Omission, ...]

    def rows(
        self, section: str, *, only: tuple[str, ...] = (), but: tuple[str, ...] = ()
    ) -> tuple[tuple[Picture, ...], ...]:
        """Returns the pictures of a section, as `picture_rows` does."""
        return picture_rows(self.pictures, section, only=only, but=but)

    def title_of(self, section: str) -> str | None:
        """Returns the heading of that section, None where it is left out."""
        return next((s.title for s in self.sections if s.key == section), None)

    @property
    def kind(self) -> str:
        """What stands over the title."""
        return "Model card" if self.record.model else "Evaluation card"

    @property
    def running(self) -> str:
        """What heads every page but the first."""
        data = self.record.dataset.title
        return self.title if data in self.title else f"{self.title} · {data}"

    @property
    def folder(self) -> str:
        """Folder of the sections' templates."""
        return "sections"

    @property
    def markdown(self) -> str:
        """Template of the page in Markdown."""
        return "model-card.md"

    @property
    def source(self) -> str:
        """What holds every number."""
        return "record"

    @property
    def seeded(self) -> str:
        """What its seed is the seed of; empty where of all."""
        return "" if self.record.model else "resampling"

    @property
    def provenance(self) -> Provenance:
        """What was asked, by which version, where."""
        return self.record.provenance

    @property
    def timings(self) -> Timings:
        """When, and how long it took."""
        return self.record.timings


def compose(
    record: Record,
    pictures: tuple[Picture, ...],
    omissions: tuple[Omission, ...],
    *,
    attached: tuple[str, ...] = (),
    unattached: tuple[Omission, ...] = (),
) -> Card:
    """Returns the card of a record.

    Args:
        record: Where every number comes from.
        pictures: Figures in the order in which they stand within their sections.
        omissions: Figures that could not be drawn, with their reasons.
        attached: Names of the files that the PDF carries.
        unattached: Files of the run that it does not carry, with their reasons.

    Raises:
        ValueError: A picture belongs to a section that does not exist, or two
            pictures have one key.
    """
    check_pictures(pictures, {section.key for section in SECTIONS})
    reasons = {section.key: section.absent(record) for section in SECTIONS}
    asked = {section.key for section in SECTIONS if not section.on_request}
    absent = tuple(
        Omission(key, why) for key, why in reasons.items() if why and key in asked
    )
    evaluation = record.evaluation
    return Card(
        title=record.title,
        facts=_facts(record),
        record=record,
        fingerprint=sha256(to_json(record)).hexdigest()[:FINGERPRINT],
        noun=record.noun,
        sections=tuple(_worded(s, record) for s in SECTIONS if not reasons[s.key]),
        findings=findings(record),
        gate=gate(record.judgements),
        tiles=tiles(record),
        two_classes=two_classes(record),
        verdicts=verdicts(record),
        nine=tuple(evaluation.score(key) for key in NINE),
        further=tuple(s for s in evaluation.scores if s.key not in NINE),
        level=_level(evaluation.scores),
        share_digits=most_digits(evaluation.scores, "share"),
        methods=methods(evaluation),
        classes=class_table(record),
        slices=slice_table(record),
        asking=asking(record),
        course=course(record),
        between_seeds=between_seeds(record),
        contest=contest(record.comparison) if record.comparison else None,
        pictures=pictures,
        absent=absent,
        omissions=omissions + _displaced(absent, pictures),
        words=tuple(word for word in record.author if word.text),
        missing_words=tuple(word.label for word in record.author if not word.text),
        attached=attached,
        unattached=unattached,
    )


def _worded(section: Section, record: Record) -> Section:
    """Returns the section, with a question that its record lets one ask."""
    comparison = record.comparison
    if section.key != "comparison" or comparison is None or comparison.paired:
        return section
    return replace(section, question="How does it differ from the last one")


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
    """Returns what the report is about: data, test rows, classes, size of model."""
    validation = record.dataset.handed and record.dataset.validation
    return (
        _origin(record.dataset),
        counted(record.evaluation.n, f"test {record.noun}"),
        *([counted(validation.n, f"validation {record.noun}")] if validation else []),
        sentence("{k} classes", k=count(record.evaluation.k)),
        *([counted(record.model.parameters, "parameter")] if record.model else []),
    )


def _origin(dataset: DatasetSummary) -> Sentence:
    """Returns the data and their split, or the file that was handed over."""
    if dataset.images is None:
        return sentence("Predictions in {source}", source=dataset.source)
    split = {
        "pooled": "fresh split of all images",
        "official": "official split",
        "all": "every image a test image",
    }
    return sentence(
        "{title}, {split}", title=dataset.title, split=split[dataset.images.protocol]
    )


def _level(scores: tuple[Score, ...]) -> float | None:
    """Returns the level that the intervals share; None where none or several."""
    levels = {score.estimate.level for score in scores if score.estimate is not None}
    levels.discard(None)
    return levels.pop() if len(levels) == 1 else None
