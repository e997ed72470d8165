"""What a PDF holds that no report does: forms, scripts, notes, layers.

Such things lie over a page or change it once it is open, and readers differ in which
of them they show: to look at the painted pages is not enough. So what WeasyPrint
writes for us is listed here, and whatever else there is gets named.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any

MOST = 100
"""Of what is named; one is enough."""

LONGEST = 40
"""Characters of a key that are worth showing."""

CATALOGUE = frozenset(
    {
        *("/AF", "/Lang", "/MarkInfo", "/Metadata", "/Names", "/Outlines"),
        *("/OutputIntents", "/Pages", "/StructTreeRoot", "/Type", "/ViewerPreferences"),
    }
)
NAMES = frozenset({"/Dests", "/EmbeddedFiles"})
PAGE = frozenset(
    {
        *("/Annots", "/BleedBox", "/Contents", "/MediaBox", "/Parent", "/Resources"),
        *("/StructParents", "/Tabs", "/TrimBox", "/Type"),
    }
)
BOOKMARK = frozenset(
    {
        *("/Count", "/Dest", "/First", "/Last", "/Next", "/Parent", "/Prev"),
        *("/Title", "/Type"),
    }
)
LINK = frozenset(
    {
        *("/A", "/BS", "/Contents", "/Dest", "/F", "/Rect", "/StructParent"),
        *("/Subtype", "/Type"),
    }
)
ACTIONS = {
    "/URI": frozenset({"/S", "/Type", "/URI"}),
    "/GoTo": frozenset({"/D", "/S", "/Type"}),
}
"""What a link may do, with the keys of each; more would do more."""


def foreign_parts(pdf: Any) -> tuple[str, ...]:
    """Returns what the PDF holds that reportgen never writes, a sentence each.

    Args:
        pdf: As pikepdf opens it.
    """
    return tuple(islice(_foreign(pdf), MOST))


def _foreign(pdf: Any) -> Iterator[str]:
    """Yields all of it: of the document, of its bookmarks, and page by page."""
    root = pdf.Root
    yield from _besides(root, CATALOGUE, "the document")
    yield from _besides(root.get("/Names", {}), NAMES, "the list of names")
    for bookmark in _bookmarks(root.get("/Outlines")):
        yield from _besides(bookmark, BOOKMARK, "a bookmark")
    for number, page in enumerate(pdf.pages, start=1):
        yield from _besides(page.obj, PAGE, f"page {number}")
        for annotation in page.obj.get("/Annots", ()):
            yield from _of_annotation(annotation, f"page {number}")


def _besides(held: Any, known: frozenset[str], place: str) -> Iterator[str]:
    """Yields the keys that are not known, in their order."""
    for key in sorted(set(held.keys()) - known):
        yield f"{place} holds {key[1:][:LONGEST]!r}, which reportgen never writes"


def _bookmarks(outlines: Any) -> Iterator[Any]:
    """Yields the tree of bookmarks, its root first, each once."""
    waiting, seen = [outlines], set()
    while waiting:
        bookmark = waiting.pop()
        if bookmark is None or bookmark.objgen in seen:
            continue
        if bookmark.is_indirect:  # what is not cannot hold itself
            seen.add(bookmark.objgen)
        yield bookmark
        waiting += (bookmark.get("/First"), bookmark.get("/Next"))


def _of_annotation(annotation: Any, page: str) -> Iterator[str]:
    """Yields what makes an annotation none of our links, which nobody sees."""
    kind = str(annotation.get("/Subtype"))
    if kind != "/Link":
        yield f"{page} holds an annotation of kind {kind[1:][:LONGEST]!r}, no link"
        return
    yield from _besides(annotation, LINK, f"a link on {page}")
    border = annotation.get("/BS")
    if border is None or border.get("/W") != 0:  # without, readers draw one
        yield f"a link on {page} has a border that is seen"
    action = annotation.get("/A")
    if action is None:
        return
    does = str(action.get("/S"))
    if does not in ACTIONS:
        yield f"a link on {page} begins an action of kind {does[1:][:LONGEST]!r}"
    else:
        yield from _besides(action, ACTIONS[does], f"the action of a link on {page}")
