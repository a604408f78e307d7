"""The pages work in a real browser: charts, keyboard, phone, accessibility, no other hosts."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.web.browser import PHONE, barriers, chromium_path, too_wide
from tests.web.conftest import OpenPage

pytest.importorskip("playwright", reason="playwright is not installed")
pytestmark = pytest.mark.skipif(chromium_path() is None, reason="no chromium on the PATH")

OWN = ("/", "/symbol/", "/symbol/OGDC", "/symbol/KSE100?with=OGDC&range=all", "/day/2024-05-10",
       "/coverage/2024", "/sector/cement?range=all", "/author/recorder-report",
       "/agency/reuters", "/search?q=oil", "/embed/symbol/OGDC", "/api",
       "/archive/articles/{5eac2505}", "/archive/articles/{e700025f}", "/article/40293921/changes",
       "/archive/boards/{1742d79e}", "/archive/snapshots/{7ee41990}", "/symbol/NOPE")  # fmt: skip


@pytest.mark.parametrize("path", OWN)
def test_page_fits_its_window_logs_nothing_and_has_no_barrier(
    open_page: OpenPage, path: str
) -> None:
    page = open_page(path)
    assert page.locator("h1").count() == 1
    assert not too_wide(page)
    assert not barriers(page)


def test_chart_tells_the_figure_under_the_pointer(open_page: OpenPage) -> None:
    page = open_page("/symbol/OGDC")
    told = page.locator(".chart-values")
    assert not told.is_visible()
    box = page.locator(".chart-layer").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.42, box["y"] + 122)
    told.wait_for()
    day, price = told.inner_text().split("\n")[:2]
    assert re.fullmatch(r"2024-\d\d-\d\d", day)
    row = page.locator("table.figures tbody tr", has_text=day).first.inner_text()
    assert price.removeprefix("OGDC ") in row
    page.mouse.move(5, 5)
    assert not told.is_visible()


def test_chart_is_read_by_keyboard_and_by_assistive_technology(open_page: OpenPage) -> None:
    page = open_page("/symbol/OGDC")
    slider = page.get_by_role("slider")
    slider.focus()
    days = [slider.get_attribute("aria-valuetext")]
    for key in ("ArrowLeft", "ArrowLeft", "Home"):
        page.keyboard.press(key)
        days.append(slider.get_attribute("aria-valuetext"))
    assert [day[:10] for day in days] == sorted({day[:10] for day in days}, reverse=True)
    assert page.locator(".chart-values").is_visible()
    assert slider.evaluate("each => getComputedStyle(each).outlineStyle") == "solid"
    page.keyboard.press("Escape")
    assert not page.locator(".chart-values").is_visible()


def test_a_finger_reads_the_chart_and_a_swipe_scrolls_the_page(open_page: OpenPage) -> None:
    page = open_page("/symbol/OGDC", PHONE, has_touch=True)
    layer = page.locator(".chart-layer")
    layer.scroll_into_view_if_needed()
    layer.tap()
    page.locator(".chart-values").wait_for()
    assert layer.evaluate("each => getComputedStyle(each).touchAction") == "pan-y"
    box, before = layer.bounding_box(), page.evaluate("scrollY")
    swipe(page, box["x"] + 100, box["y"] + 250, -200)
    page.wait_for_function(f"scrollY > {before} + 50")


def swipe(page: Any, x: float, y: float, down: float) -> None:
    """Swipe over the page in ten steps."""
    session = page.context.new_cdp_session(page)
    for step in range(12):
        kind = {0: "touchStart", 11: "touchEnd"}.get(step, "touchMove")
        points = [] if kind == "touchEnd" else [{"x": x, "y": y + down * step / 10}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_words_of_a_chart_do_not_overlap(open_page: OpenPage, width: int) -> None:
    for path in ("/symbol/OGDC", "/symbol/KSE100?range=all", "/archive/articles/{e700025f}"):
        page = open_page(path, {"width": width, "height": 900})
        boxes = page.evaluate(
            "[...document.querySelectorAll('.chart-svg text:not(.suspect)')]"
            ".map(each => each.getBoundingClientRect()).filter(box => box.width)"
            ".map(({left, right, top, bottom}) => [left, right, top, bottom])"
        )
        assert len(boxes) > 6
        for number, (left, right, top, bottom) in enumerate(boxes):
            assert left >= 0
            assert right <= width
            for other in boxes[:number]:
                apart = left >= other[1] or other[0] >= right or top >= other[3] - 3
                assert apart or other[2] >= bottom - 3


def test_chart_is_saved_as_png_and_svg(open_page: OpenPage) -> None:
    page = open_page("/symbol/OGDC?with=HBL")
    for name, role in (("PNG", "button"), ("SVG", "link")):
        with page.expect_download() as waiting:
            page.get_by_role(role, name=name, exact=True).click()
        file = waiting.value
        assert file.suggested_filename.startswith("OGDC-HBL-2024-03-04-2025-01-30.")
        assert file.path().stat().st_size > 2_000


def test_without_javascript_the_chart_is_a_picture_with_a_table(open_page: OpenPage) -> None:
    page = open_page("/symbol/OGDC", java_script_enabled=False)
    assert page.locator("svg.chart-svg").first.is_visible()
    assert page.locator("table.figures tbody tr").count() > 30


def test_another_symbol_is_chosen_by_form(open_page: OpenPage) -> None:
    page = open_page("/symbol/OGDC")
    page.get_by_label("Compare with").select_option("KSE100")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**with=KSE100**")
    assert "KSE100 from 100" in page.locator("table.figures").first.inner_text()
    page.get_by_label("and").select_option("HBL")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**with=KSE100&with=HBL**")
    chart = page.locator(".chart-svg").first
    assert chart.locator(".line").count() == 6  # each with a gap of months


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
