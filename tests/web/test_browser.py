"""The pages in a real browser: charts, keyboard, phone, no error, no other host, no barrier."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.web.browser import DESKTOP, PHONE, browser, chromium_path
from tests.web.conftest import with_ids

pytest.importorskip("playwright", reason="playwright is not installed")
pytestmark = pytest.mark.skipif(chromium_path() is None, reason="no chromium on the PATH")

OpenPage = Callable[..., Any]
OWN = ("/", "/symbol/", "/symbol/OGDC", "/symbol/KSE100?with=OGDC&range=all", "/day/2024-05-10",
       "/coverage/2024", "/search?q=oil", "/archive/articles/{5eac2505}",
       "/archive/boards/{1742d79e}", "/archive/snapshots/{7ee41990}", "/symbol/NOPE")  # fmt: skip
CORE = ("/archive", "/archive/boards", "/archive/articles", "/archive/search_articles?q=oil")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as found:
        yield found


@pytest.fixture
def open_page(chromium: Any, address: str, sample_archive: Path) -> Iterator[OpenPage]:
    """Open a page; whatever it logs as an error or asks of another host fails the test."""
    contexts: list[Any] = []
    faults: list[str] = []

    def open_it(path: str, size: dict[str, int] = DESKTOP, **options: Any) -> Any:
        context = chromium.new_context(viewport=size, accept_downloads=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: _note(message, faults))
        page.on("pageerror", lambda error: faults.append(f"{path}: {error}"))
        page.on(
            "request",
            lambda request: (
                request.url.startswith((address, "data:", "blob:"))
                or faults.append(f"{path} asked {request.url}")
            ),
        )
        page.goto(address + with_ids(path, sample_archive))
        if page.locator("#chart-data").count() and options.get("java_script_enabled", True):
            page.locator(".chart-plots canvas").first.wait_for()
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert not faults


def _note(message: Any, faults: list[str]) -> None:
    # A page that is not there is an error to the console, and what the test asked for.
    if message.type in ("error", "warning") and "status of 40" not in message.text:
        faults.append(f"{message.type}: {message.text}")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("path", OWN)
def test_page_fits_its_window_and_logs_nothing(
    open_page: OpenPage, path: str, size: dict[str, int]
) -> None:
    page = open_page(path, size)
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert page.locator("h1").count() == 1


@pytest.mark.parametrize("path", CORE)
def test_tables_of_datasette_work_under_the_policy(open_page: OpenPage, path: str) -> None:
    page = open_page(path)
    assert page.locator("main").is_visible()


def test_chart_is_drawn_and_tells_the_figure_under_the_pointer(open_page: OpenPage) -> None:
    page = open_page("/symbol/OGDC")
    plots = page.locator(".chart-plots")
    page.wait_for_timeout(300)
    assert not page.locator(".chart-svg").is_visible()
    box = plots.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + 120)
    page.mouse.move(box["x"] + box["width"] * 0.42, box["y"] + 122)
    page.wait_for_timeout(100)
    page.mouse.move(box["x"] + box["width"] * 0.44, box["y"] + 124)
    told = page.locator(".bk-tooltip-row-value:visible").first
    told.wait_for(timeout=10_000)
    assert re.search(r"2024-\d\d-\d\d", told.inner_text())


def test_without_javascript_the_chart_is_a_picture_with_a_table(open_page: OpenPage) -> None:
    page = open_page("/symbol/OGDC", java_script_enabled=False)
    assert page.locator("svg.chart-svg").is_visible()
    assert page.locator("table.figures tbody tr").count() > 30


def test_second_symbol_is_chosen_by_form(open_page: OpenPage) -> None:
    page = open_page("/symbol/OGDC")
    page.get_by_label("Compare with").select_option("KSE100")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**with=KSE100**")
    page.locator(".chart-plots canvas").first.wait_for()
    assert "KSE100 from 100" in page.locator("table.figures").inner_text()


def test_from_search_to_the_raw_capture(open_page: OpenPage) -> None:
    page = open_page("/")
    page.locator("#masthead-q").fill('"palm oil"')
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=**")
    assert page.locator("mark").count() > 0
    page.locator(".results h2 a").first.click()
    page.wait_for_url("**/archive/articles/**")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Raw capture").first.click()
    assert waiting.value.suggested_filename.startswith("capture-")


def test_from_home_to_the_capture_that_a_figure_comes_from(open_page: OpenPage) -> None:
    page = open_page("/")
    page.locator("#latest + p a", has_text="capture").first.click()
    page.wait_for_url("**/archive/snapshots/**")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download").click()
    assert waiting.value.path().stat().st_size > 500


def test_keyboard_reaches_the_content_first(open_page: OpenPage) -> None:
    page = open_page("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", (*OWN, *CORE))
def test_axe_finds_no_serious_barrier(open_page: OpenPage, path: str, scheme: str) -> None:
    module = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = open_page(path, color_scheme=scheme)
    found = module.Axe().run(page).response["violations"]
    serious = [
        f"{fault['id']}: {node['target']} {node['failureSummary']}"
        for fault in found
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
        # Datasette's own forms have no labels, and its templates are not ours to copy.
        if path not in CORE or fault["id"] not in ("label", "select-name")
    ]
    assert not serious, "\n".join(serious)
