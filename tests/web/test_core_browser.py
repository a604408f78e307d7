"""Datasette's own pages work in a real browser: accessibility, width, keyboard, SQL editor."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from loader.web.server import make_datasette
from tests.web.browser import barriers, chromium_path, too_wide
from tests.web.conftest import OpenPage, serving

pytest.importorskip("playwright", reason="playwright is not installed")
pytestmark = pytest.mark.skipif(chromium_path() is None, reason="no chromium on the PATH")

PAGES = (
    "/archive",
    "/archive?_show_hidden=1",
    "/archive/boards",
    "/archive/quote_history",
    "/archive/articles?section=Markets&_facet=section&_sort=id",
    "/archive/articles?_search=oil&_where=id>3&_facet=agency",
    "/archive/daily_prices?symbol=OGDC&_sort_desc=last_price",
    "/archive/boards?id=0",
    "/archive/instruments/1",
    "/archive/search_articles?q=oil",
    "/archive/search_articles?q=zzz",
    "/archive?sql=select+*+from+latest_board",
    "/archive?sql=select+:first+as+one,+:second+as+two&first=1&second=2",
    "/archive?sql=select+1&_hide_sql=1",
)
REFUSED = ("/archive/nope", "/archive/tags/99999", "/archive/boards?nope=1", "/archive?sql=selec")


@pytest.fixture(scope="module")
def address(sample_archive: Path) -> Iterator[str]:
    """Yield the address of a private server, which accepts SQL."""
    with serving(make_datasette(sample_archive)) as found:
        yield found


@pytest.mark.parametrize("path", (*PAGES, *REFUSED))
def test_page_fits_its_window_and_has_no_barrier(open_page: OpenPage, path: str) -> None:
    page = open_page(path)
    is_core = page.locator("body.core").count() == 1
    assert is_core is (path not in REFUSED)  # a refusal is one of our pages
    assert page.locator("h1").count() == 1
    assert not too_wide(page)
    assert not barriers(page)


def test_wide_rows_scroll_by_keyboard(open_page: OpenPage) -> None:
    page = open_page("/archive/articles")
    rows = page.get_by_role("region", name="Rows")
    rows.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('.table-wrapper').scrollLeft > 0")


@pytest.mark.parametrize("path", ["/archive", "/archive?sql=select+1"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_editor_has_a_name_and_the_colours_of_the_page(
    open_page: OpenPage, path: str, scheme: str
) -> None:
    page = open_page(path, scheme=scheme)
    assert page.get_by_role("textbox", name="SQL query").count() == 1
    colours = "each => [getComputedStyle(each).backgroundColor, getComputedStyle(each).color]"
    editor = page.locator(".CodeMirror").evaluate(colours)
    assert editor == page.locator("body").evaluate(colours)
    cursor = page.locator(".CodeMirror-cursor, .CodeMirror-cursors").first
    page.locator(".CodeMirror").click()
    cursor.wait_for(state="attached")
    gutter = page.locator(".CodeMirror-gutters").evaluate(colours)[0]
    assert gutter == page.locator(".masthead button").evaluate(colours)[0]


def test_first_query_of_an_archive_answers_something(open_page: OpenPage) -> None:
    page = open_page("/archive")
    page.get_by_role("button", name="Run SQL").click()
    page.wait_for_url("**sql=**")
    assert page.locator("table.rows-and-columns tbody tr").count() == 20


def test_menu_of_a_column_opens_and_closes_by_keyboard(open_page: OpenPage) -> None:
    page = open_page("/archive/boards")
    page.get_by_role("button", name="Menu of quote_count").focus()
    page.keyboard.press("Enter")
    page.locator("body > .dropdown-menu a:focus", has_text="Sort ascending").wait_for()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == (
        "Menu of quote_count"
    )
    assert not page.locator("body > .dropdown-menu").is_visible()
    page.keyboard.press(" ")
    page.locator("body > .dropdown-menu a:focus", has_text="Sort ascending").wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**_sort=quote_count**")
