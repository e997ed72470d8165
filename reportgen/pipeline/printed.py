"""Whether the pages of a PDF print what the JSON within it says, and look like it.

And whether the PDF holds nothing that would show something else beside them.
"""

import platform
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from importlib import metadata

from reportgen import __version__
from reportgen.card.laying_out import FINGERPRINT
from reportgen.pipeline.checked import Check
from reportgen.pipeline.comparing import compare_numbers, compare_pages
from reportgen.pipeline.reader import Reader
from reportgen.record import Provenance

LAYING_OUT = ("reportgen", "matplotlib", "weasyprint")
"""Distributions on whose versions it depends where a word stands."""

BESIDE_THE_PAGES = "Bookmarks, links, and texts read aloud in place of pictures."
"""Told where the file is not byte for byte as drawn again."""

UNSEEN = (
    "What the pages look like, figures among it: other versions and machines paint "
    "other pixels, so only the words were compared."
)
"""Told where looks were not compared."""


@dataclass(frozen=True, slots=True)
class Printed:
    """What a PDF prints, and what it was printed from.

    Attributes:
        content: The PDF itself.
        pages: The text of each page.
        source: What holds every number: "record" or "comparison".
        numbers: That JSON.
        provenance: What it says of versions and machine.
    """

    content: bytes
    pages: tuple[str, ...]
    source: str
    numbers: bytes
    provenance: Provenance


def check_fingerprint(printed: Printed) -> Check:
    """Returns whether every page prints the hash of the JSON that is attached."""
    digits = sha256(printed.numbers).hexdigest()[:FINGERPRINT]
    differences = tuple(
        f"page {number}: does not print {digits}, the hash of the attached "
        f"{printed.source}"
        for number, text in enumerate(printed.pages, start=1)
        if digits not in text
    )
    compared = f"{digits} at the foot of {len(printed.pages)} pages"
    return Check(f"hash of the {printed.source}", compared, differences)


def check_pages(printed: Printed, again: bytes, reader: Reader) -> Iterator[Check]:
    """Yields whether the pages print what the JSON says, and look as they should.

    What else the PDF holds comes first: no painting shows all that a reader would.

    Args:
        printed: The PDF.
        again: The same, drawn again from the JSON.
        reader: Reads both.
    """
    foreign = reader.foreign(printed.content)
    yield Check("other content", "no forms, scripts, notes or layers", foreign)
    texts = reader.texts(again)
    found = compare_pages(printed.pages, texts)
    other = _other_version(printed.provenance)
    if found.differences and other is not None:
        yield _partly_printed(printed, texts, other)
        return
    pages = f"{len(texts)} pages"
    words = f"{found.values:,} words in order, {pages} drawn again"
    yield Check("printed text", words, found.differences)
    if again == printed.content:
        yield Check("looks", f"{pages}, byte for byte as drawn again")
    elif not found.differences:
        unlike = reader.unlike_pages(printed.content, again)
        if not unlike or (other is None and _on_this_system(printed.provenance)):
            yield Check("looks", f"{pages}, painted beside those drawn again", unlike)


def unseen(printed: Printed, again: bytes, checks: list[Check]) -> tuple[str, ...]:
    """Returns what was not looked at of the pages, a sentence each.

    Args:
        printed: The PDF.
        again: The same, drawn again.
        checks: Those that were made.
    """
    if again == printed.content:
        return ()
    looked = any(check.name == "looks" for check in checks)
    return (BESIDE_THE_PAGES,) if looked else (BESIDE_THE_PAGES, UNSEEN)


def _partly_printed(printed: Printed, again: tuple[str, ...], other: str) -> Check:
    """Returns whether pages of another layout print the numbers of the JSON.

    That much does not make a report true: it names its own layout, and a forger would
    name another one.
    """
    found = compare_numbers(printed.pages, again)
    return Check(
        "printed text",
        f"{found.values:,} numbers, wherever they stand",
        found.differences,
        skipped=f"the words stand otherwise, {other}",
    )


def _other_version(provenance: Provenance) -> str | None:
    """Returns why words may stand elsewhere when drawn again, None where they don't."""
    versions = {p.name: p.version for p in provenance.environment.packages}
    versions["reportgen"] = provenance.reportgen
    for name in LAYING_OUT:
        here = __version__ if name == "reportgen" else _version(name)
        if name in versions and versions[name] != here:
            return f"drawn by {name} {versions[name]}, here by {here}"
    return None


def _on_this_system(provenance: Provenance) -> bool:
    """Returns whether the JSON names this system, with its fonts' own libraries."""
    here = f"{platform.system()}-{platform.release()}-{platform.machine()}"
    return provenance.environment.platform == here


def _version(distribution: str) -> str | None:
    """Returns the installed version of a distribution, None where it is missing."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None
