"""What the frame of a page asks for, whatever the page is about."""

from typing import Protocol

from reportgen.card.findings import Finding
from reportgen.card.tiles import Tile
from reportgen.record import Picture, Provenance, Sentence, Timings

HALF_WIDTH_MM = 100
"""Pictures narrower than this stand side by side."""

FINGERPRINT = 12
"""Hexadecimal digits of a file's hash that stand at the foot of a page."""


class Heading(Protocol):
    """A section as the frame and the list of contents show it."""

    @property
    def key(self) -> str:
        """Name of its template, and its id on the page."""

    @property
    def title(self) -> str:
        """Heading."""

    @property
    def question(self) -> str:
        """What it answers, without the question mark."""


class Page(Protocol):
    """What can be printed in the frame: a report's card, or a comparison's."""

    @property
    def kind(self) -> str:
        """What stands over the title, as "Model card"."""

    @property
    def title(self) -> str:
        """Title of the page."""

    @property
    def running(self) -> str:
        """What heads every page but the first."""

    @property
    def facts(self) -> tuple[Sentence, ...]:
        """What it is about, a short sentence each."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the numbers amount to, at least one."""

    @property
    def sections(self) -> tuple[Heading, ...]:
        """The sections that have something to say, in order."""

    @property
    def folder(self) -> str:
        """Folder of the sections' templates."""

    @property
    def markdown(self) -> str:
        """Template of the page in Markdown."""

    @property
    def tiles(self) -> tuple[Tile, ...]:
        """Numbers of the first page."""

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """In the order in which they stand."""

    @property
    def source(self) -> str:
        """What holds every number: "record" or "comparison", a file in JSON."""

    @property
    def fingerprint(self) -> str:
        """First digits of that file's SHA-256."""

    @property
    def seeded(self) -> str:
        """What its seed is the seed of, in words before "seed"; empty where of all."""

    @property
    def provenance(self) -> Provenance:
        """What was asked, by which version, where."""

    @property
    def timings(self) -> Timings:
        """When, and how long it took."""


def picture_rows(
    pictures: tuple[Picture, ...],
    section: str,
    *,
    only: tuple[str, ...] = (),
    but: tuple[str, ...] = (),
) -> tuple[tuple[Picture, ...], ...]:
    """Returns the pictures of a section, a tuple for each row of the page.

    Args:
        pictures: In the order in which they stand.
        section: Key of the section.
        only: Keys to keep; all where none is named.
        but: Keys to leave out.
    """
    rows: list[tuple[Picture, ...]] = []
    for picture in pictures:
        asked = not only or picture.key in only
        if picture.section != section or not asked or picture.key in but:
            continue
        if rows and _fits_beside(rows[-1], picture):
            rows[-1] += (picture,)
        else:
            rows.append((picture,))
    return tuple(rows)


def _fits_beside(row: tuple[Picture, ...], picture: Picture) -> bool:
    """Returns whether the picture is the second narrow one of a row."""
    return len(row) == 1 and max(row[0].width_mm, picture.width_mm) < HALF_WIDTH_MM


def check_pictures(pictures: tuple[Picture, ...], known: set[str]) -> None:
    """Refuses a picture that would vanish, or an id that would stand twice.

    Args:
        pictures: All of a page.
        known: Keys of its sections.

    Raises:
        ValueError: A picture belongs to a section that does not exist, or two
            pictures have one key.
    """
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
