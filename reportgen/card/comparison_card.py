"""From two runs beside each other to a page of their own."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from reportgen.card.contest import Contest, contest
from reportgen.card.findings import Finding
from reportgen.card.gate import Gate, gate
from reportgen.card.laying_out import FINGERPRINT, check_pictures, picture_rows
from reportgen.card.tiles import Tile
from reportgen.record import (
    Comparison,
    ComparisonDocument,
    Omission,
    Picture,
    Provenance,
    Sentence,
    Side,
    Timings,
    comparison_to_json,
    count,
    sentence,
)
from reportgen.record.wording import counted


def _always(_: Comparison) -> str | None:
    """Returns None: the section always has something to say."""
    return None


def _unpaired(comparison: Comparison) -> str | None:
    """Returns the reason where the rows are not the same."""
    if comparison.paired is not None:
        return None
    return "The test rows of the two runs are not the same."


@dataclass(frozen=True, slots=True)
class ComparisonSection:
    """One row of `COMPARISON_SECTIONS`.

    Attributes:
        key: Name of its template, and its id on the page.
        title: Heading.
        question: What it answers, without the question mark.
        absent: Returns why a comparison has nothing for it, or None.
    """

    key: str
    title: str
    question: str
    absent: Callable[[Comparison], str | None] = _always


COMPARISON_SECTIONS: tuple[ComparisonSection, ...] = (
    ComparisonSection("summary", "Summary", "May it take the other's place"),
    ComparisonSection("scores", "Scores", "By how much do they differ"),
    ComparisonSection("rows", "Rows", "What was mended, what was broken", _unpaired),
    ComparisonSection("classes", "Classes", "Where did it change", _unpaired),
    ComparisonSection("provenance", "Provenance", "Can I check all this"),
)
"""The sections of a comparison's page, in order."""


@dataclass(frozen=True, slots=True)
class ComparisonCard:
    """A comparison as a value that the frame of a page prints.

    Attributes:
        document: Where every number comes from.
        contest: The comparison as the templates print it.
        gate: What was required and how it ended, None where nothing was.
        facts: What it is about, a short sentence each.
        fingerprint: First digits of the SHA-256 of comparison.json.
        sections: The sections that have something to say, in order.
        findings: What the numbers amount to, the verdict first.
        pictures: In the order in which they stand.
        absent: Sections left out, with their reasons.
        omissions: Figures left out, with their reasons.
        attached: Names of the files that the PDF carries.
        unattached: Files that it does not carry, with their reasons.
    """

    document: ComparisonDocument
    contest: Contest
    gate: Gate | None
    facts: tuple[Sentence, ...]
    fingerprint: str
    sections: tuple[ComparisonSection, ...]
    findings: tuple[Finding, ...]
    pictures: tuple[Picture, ...]
    absent: tuple[Omission, ...]
    omissions: tuple[Omission, ...]
    attached: tuple[str, ...]
    unattached: tuple[Omission, ...]

    @property
    def kind(self) -> str:
        """What stands over the title."""
        return "Comparison"

    @property
    def title(self) -> str:
        """Title of the page."""
        return self.document.title

    @property
    def running(self) -> str:
        """What heads every page but the first."""
        return self.document.title

    @property
    def noun(self) -> str:
        """What a row is called, "image" or "row"."""
        return self.document.noun

    @property
    def folder(self) -> str:
        """Folder of the sections' templates."""
        return "comparison"

    @property
    def markdown(self) -> str:
        """Template of the page in Markdown."""
        return "comparison.md"

    @property
    def told(self) -> tuple[Finding, ...]:
        """What the page says first: the verdict, what stands beside it, findings."""
        asides = (Finding(one, "scores") for one in self.contest.asides)
        return (self.findings[0], *asides, *self.findings[1:])

    @property
    def tiles(self) -> tuple[Tile, ...]:
        """Differences that head the page."""
        return self.contest.tiles

    @property
    def source(self) -> str:
        """What holds every number."""
        return "comparison"

    @property
    def seeded(self) -> str:
        """What its seed is the seed of: of what is simulated alone."""
        return "resampling"

    @property
    def provenance(self) -> Provenance:
        """What was asked, by which version, where."""
        return self.document.provenance

    @property
    def timings(self) -> Timings:
        """When, and how long it took."""
        return self.document.timings

    def rows(
        self, section: str, *, only: tuple[str, ...] = (), but: tuple[str, ...] = ()
    ) -> tuple[tuple[Picture, ...], ...]:
        """Returns the pictures of a section, as `picture_rows` does."""
        return picture_rows(self.pictures, section, only=only, but=but)

    def title_of(self, section: str) -> str | None:
        """Returns the heading of that section, None where it is left out."""
        return next((s.title for s in self.sections if s.key == section), None)


def compose_comparison(
    document: ComparisonDocument,
    pictures: tuple[Picture, ...],
    omissions: tuple[Omission, ...],
    *,
    attached: tuple[str, ...] = (),
    unattached: tuple[Omission, ...] = (),
) -> ComparisonCard:
    """Returns the card of a comparison.

    Args:
        document: Where every number comes from.
        pictures: Figures in the order in which they stand within their sections.
        omissions: Figures that could not be drawn, with their reasons.
        attached: Names of the files that the PDF carries.
        unattached: Files that it does not carry, with their reasons.

    Raises:
        ValueError: A picture belongs to a section that does not exist, or two
            pictures have one key.
    """
    check_pictures(pictures, {section.key for section in COMPARISON_SECTIONS})
    comparison = document.comparison
    reasons = {one.key: one.absent(comparison) for one in COMPARISON_SECTIONS}
    made = contest(comparison)
    return ComparisonCard(
        document=document,
        contest=made,
        gate=gate(document.judgements),
        facts=_facts(comparison),
        fingerprint=sha256(comparison_to_json(document)).hexdigest()[:FINGERPRINT],
        sections=tuple(one for one in COMPARISON_SECTIONS if not reasons[one.key]),
        findings=(Finding(made.verdict, "scores"), *made.findings),
        pictures=pictures,
        absent=tuple(Omission(key, why) for key, why in reasons.items() if why),
        omissions=omissions,
        attached=attached,
        unattached=unattached,
    )


def _facts(comparison: Comparison) -> tuple[Sentence, ...]:
    """Returns the data, the rows and the classes."""
    sides = (comparison.baseline, comparison.candidate)
    if comparison.paired is not None:
        rows = [counted(comparison.paired.flips.n, f"shared test {comparison.noun}")]
    else:
        rows = list(map(_rows, ("baseline", "candidate"), sides))
    titles = dict.fromkeys(side.dataset for side in sides)
    return (
        *(sentence("{title}", title=title) for title in titles),
        *map(_named, ("baseline", "candidate"), sides),
        *rows,
        sentence("{k} classes", k=count(len(comparison.class_names))),
    )


def _named(role: str, side: Side) -> Sentence:
    """Returns what a side is called, and where it was read from."""
    return sentence(
        role + " {name} ({source})" if side.source != side.name else role + " {name}",
        name=side.name,
        source=side.source,
    )


def _rows(role: str, side: Side) -> Sentence:
    """Returns how many test rows a side has."""
    return sentence("{rows} of the " + role, rows=counted(side.n, f"test {side.noun}"))
