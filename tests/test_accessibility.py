"""What axe finds in the page: nothing, in every state that a reader may meet."""

import re
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from cards import lettered, make_pictures
from contests import make_comparison, make_document
from judged import required
from pairs import make_pair
from records import make_record
from reportgen.card import compose, compose_comparison
from reportgen.figures import draw_comparison_pictures
from reportgen.figures.cells import cell_pictures
from reportgen.render import to_html

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]

WIDE = (1400, 900)
NARROW = (390, 844)


@pytest.fixture(scope="module")
def html() -> str:
    expressions = ("accuracy >= 0.1", "recall[A] >= 0.9", "log_loss <= 0.001")
    many = (f"f1[{letter}] >= 0.9" for letter in "ABC")
    record = required(lettered(make_record()), *expressions, *many)
    return to_html(compose(record, make_pictures(record) + cell_pictures(record), ()))


def test_axe_finds_nothing_in_a_comparison(browser: "Browser") -> None:
    comparison = make_comparison(make_pair(edge=1.0))
    drawn = draw_comparison_pictures(comparison)
    html = to_html(compose_comparison(make_document(comparison), *drawn))
    for size, scheme in ((WIDE, "dark"), (NARROW, "light")):
        assert violations_of(browser, html, size, scheme) == []


@pytest.mark.parametrize(
    ("size", "scheme", "scripts"),
    [
        (WIDE, "light", True),
        (WIDE, "dark", True),
        (NARROW, "light", True),
        (NARROW, "dark", True),
        (WIDE, "light", False),
        (NARROW, "dark", False),
    ],
)
def test_axe_finds_nothing(
    browser: "Browser", html: str, size: tuple[int, int], scheme: str, *, scripts: bool
) -> None:
    # axe is a script itself: without ours stands for a browser that runs none.
    if not scripts:
        html = re.sub("<script>.*?</script>", "", html, flags=re.DOTALL)
    assert violations_of(browser, html, size, scheme) == []


def violations_of(
    browser: "Browser", html: str, size: tuple[int, int], scheme: str
) -> list[tuple[str, str]]:
    """Returns what axe finds in a page of that size and colour scheme."""
    page = browser.new_page(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page.set_content(html)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    options = {"runOnly": RULES, "resultTypes": ["violations"]}
    violations = Axe().run(page, options=options).response["violations"]
    page.close()
    return [(one["id"], one["nodes"][0]["target"]) for one in violations]
