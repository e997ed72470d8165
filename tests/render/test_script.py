"""The script in a browser: it sorts, shows and enlarges, and asks for nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cards import lettered, make_pictures
from records import make_record
from reportgen.card import compose
from reportgen.figures.cells import cell_pictures
from reportgen.record import Record
from reportgen.render import to_html
from reportgen.render.script import page_script

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FIRST_COLUMN = """table => [...table.tBodies[0].rows].map(
    row => Number(row.cells[1].querySelector('data').value))"""


@pytest.fixture(scope="module")
def record() -> Record:
    return lettered(make_record())


@pytest.fixture(scope="module")
def file(record: Record, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "report.html"
    pictures = make_pictures(record) + cell_pictures(record)
    path.write_text(to_html(compose(record, pictures, ())), encoding="utf-8")
    return path


@pytest.fixture
def page(browser: "Browser", file: Path) -> Iterator["Page"]:
    opened = browser.new_page()
    opened.set_default_timeout(10_000)
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda message: complaints.append(message.text))
    opened.goto(file.as_uri())
    yield opened
    opened.close()
    assert complaints == []


def test_the_page_requests_nothing_but_itself(browser: "Browser", file: Path) -> None:
    opened = browser.new_page()
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto(file.as_uri())
    opened.close()
    assert [url for url in asked if not url.startswith("data:")] == [file.as_uri()]


def test_the_policy_blocks_a_script_that_is_not_ours(
    browser: "Browser", file: Path, tmp_path: Path
) -> None:
    forged = tmp_path / "forged.html"
    html = file.read_text(encoding="utf-8")
    injected = "<script>document.title = 'taken'</script><img src='x' onerror='f()'>"
    forged.write_text(html.replace("<h1>", injected + "<h1>"), encoding="utf-8")
    opened = browser.new_page()
    refused: list[str] = []
    opened.on("console", lambda message: refused.append(message.text))
    opened.goto(forged.as_uri())
    assert opened.title() != "taken"
    assert opened.locator(".themes").count() == 1  # ours ran
    assert any("Content Security Policy" in text for text in refused)
    opened.close()


def test_a_column_is_sorted_up_then_down_then_as_it_was(page: "Page") -> None:
    table = page.get_by_role("region", name="Recall and precision by class").locator(
        "table"
    )
    head = table.locator("thead th").nth(1)
    before = table.evaluate(FIRST_COLUMN)
    seen = []
    for _ in range(3):
        head.locator("button").press("Enter")
        seen.append((head.get_attribute("aria-sort"), table.evaluate(FIRST_COLUMN)))
    assert seen == [
        ("ascending", sorted(before)),
        ("descending", sorted(before, reverse=True)),
        (None, before),
    ]


def test_a_cell_shows_its_images_and_gives_the_focus_back(
    page: "Page", record: Record
) -> None:
    cell = record.evaluation.cells[0]
    names = record.evaluation.class_names
    target = f"#cell-{names.index(cell.true)}-{names.index(cell.predicted)}"
    link = page.locator(f'.screen-only .matrix a[href="{target}"]')
    link.press("Enter")
    shown = page.locator("dialog[open]")
    assert shown.locator("code").all_inner_texts() == [
        example.row_id for example in cell.examples
    ]
    page.keyboard.press("Escape")
    assert shown.count() == 0
    assert link.evaluate("link => link === document.activeElement")


def test_a_figure_is_enlarged_by_keyboard(page: "Page") -> None:
    page.locator("#roc .enlarge").press("Enter")
    assert page.locator("dialog[open] img").count() == 1
    page.locator("dialog[open] .close").press("Enter")
    assert page.locator("#roc .enlarge").evaluate("b => b === document.activeElement")


def test_a_cell_opens_a_new_tab_where_a_key_is_held(page: "Page") -> None:
    page.locator(".matrix a").first.click(modifiers=["Control"])
    assert page.locator("dialog[open]").count() == 0


def test_equal_rows_keep_their_order_whichever_way_they_are_sorted(
    page: "Page",
) -> None:
    table = page.locator("#section-data table").first
    head = table.locator("thead th").nth(3)
    names = "table => [...table.tBodies[0].rows].map(row => row.cells[0].textContent)"
    before = table.evaluate(names)
    for _ in range(2):  # each class has as many test images
        head.locator("button").press("Enter")
        assert table.evaluate(names) == before


def test_only_one_column_is_said_to_be_sorted(page: "Page") -> None:
    table = page.locator("#section-data table").first
    for column in (1, 2):
        table.locator("thead th").nth(column).locator("button").press("Enter")
    assert table.locator("[aria-sort]").count() == 1


@pytest.mark.parametrize(("width", "some"), [(1400, False), (390, True)])
def test_a_tab_stops_only_where_something_scrolls(
    page: "Page", width: int, *, some: bool
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_function(
        """() => [...document.querySelectorAll('.scroll, .row')].every(
        box => box.hasAttribute('tabindex') === box.scrollWidth > box.clientWidth)"""
    )
    assert (page.locator("[tabindex='0']").count() > 0) == some


def test_the_browser_prints_what_is_folded_and_no_control(page: "Page") -> None:
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("figure.cell").first.is_visible()
    assert not any(button.is_visible() for button in page.locator(".enlarge").all())
    assert not page.locator(".themes").is_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details[open]").count() == 0


def test_the_theme_is_chosen_and_remembered(page: "Page") -> None:
    ground = "() => getComputedStyle(document.documentElement).backgroundColor"
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    page.get_by_role("button", name="dark", exact=True).press("Enter")
    assert page.evaluate(ground) == "rgb(13, 17, 23)"
    page.reload()
    assert page.evaluate(ground) == "rgb(13, 17, 23)"
    pressed = page.locator(".themes [aria-pressed=true]")
    assert pressed.all_inner_texts() == ["dark"]


def test_the_contents_mark_where_the_reader_is(page: "Page") -> None:
    page.locator("#errors-title").evaluate("head => head.scrollIntoView()")
    marked = page.locator(".contents [aria-current]")
    marked.first.wait_for()
    page.wait_for_function(
        "() => document.querySelector('.contents [aria-current]')"
        "?.hash === '#section-errors'"
    )
    assert marked.count() == 1


def test_without_scripts_every_control_is_absent_and_every_image_there(
    browser: "Browser", file: Path, record: Record
) -> None:
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(file.as_uri())
    assert opened.locator("button").count() == 0
    assert opened.locator("figure.cell").count() == len(record.evaluation.cells)
    context.close()


def test_the_script_cannot_end_its_element() -> None:
    assert "</" not in page_script()
