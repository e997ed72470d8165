"""A drawn figure, ready for a page."""

from dataclasses import dataclass

from reportgen.record.wording import Sentence


@dataclass(frozen=True, slots=True)
class Picture:
    """One figure of the report.

    Attributes:
        key: As "confusion_matrix"; the id of its `<figure>`.
        section: Key of the section in which it stands.
        caption: What the figure shows, with its numbers.
        alt: What someone who cannot see it needs to know, in two sentences at most.
        media_type: "image/svg+xml" or "image/png".
        data: The encoded picture.
        width_mm: Printed width in millimetres.
    """

    key: str
    section: str
    caption: Sentence
    alt: Sentence
    media_type: str
    data: bytes
    width_mm: float


@dataclass(frozen=True, slots=True)
class Omission:
    """A figure or section that has nothing to show.

    Attributes:
        key: Its key.
        reason: Why it is left out, in words.
    """

    key: str
    reason: str
