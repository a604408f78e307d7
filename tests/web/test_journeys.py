"""Tasks of three kinds of users, from the first page to the result, in a real browser."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from loader.web.server import make_datasette
from tests.conftest import SAMPLES
from tests.reliability import is_at_length, some
from tests.servers import loader_server
from tests.web.browser import DESKTOP, PHONE, chromium_path
from tests.web.conftest import serving

pytest.importorskip("playwright", reason="playwright is not installed")
pytestmark = pytest.mark.skipif(chromium_path() is None, reason="no chromium on the PATH")

EACH_SIGHT = pytest.mark.parametrize(
    ("size", "scheme"), some([(DESKTOP, "light"), (PHONE, "dark")], 1)
)


@EACH_SIGHT
def test_journalist_from_a_folder_to_a_chart_that_others_may_frame(
    chromium: Any, tmp_path: Path, size: dict[str, int], scheme: str
) -> None:
    db = tmp_path / "mine.db"
    load = [sys.executable, "-m", "loader", "load", str(SAMPLES), "--db", str(db)]
    said = subprocess.run(load, capture_output=True, text=True, check=True)
    assert "snapshots" in said.stdout
    with loader_server(db) as server:
        context = chromium.new_context(viewport=size, color_scheme=scheme, accept_downloads=True)
        page = context.new_page()
        page.goto(server.address)
        # "How did cement shares do?" A word in the search box leads to the sector.
        page.locator("#masthead-q").fill("cement")
        page.keyboard.press("Enter")
        page.locator("main a[href*='/sector/cement']").first.click()
        assert "shares" in page.locator("main").inner_text()
        # Two dates limit every chart and table.
        page.get_by_role("textbox", name="From").fill("2024-11-01")
        page.get_by_role("textbox", name="to", exact=True).fill("2025-01-31")
        page.get_by_role("button", name="Show").click()
        page.wait_for_url("**from=2024-11-01**")
        rows = page.locator("table tbody tr")
        assert rows.count() >= 3
        # A share of the sector, with its chart as a file and as a frame.
        rows.first.locator("a").first.click()
        page.wait_for_url("**/symbol/**")
        assert page.locator("svg.chart-svg").is_visible()
        with page.expect_download() as waiting:
            page.get_by_role("button", name="PNG").click()
        assert waiting.value.suggested_filename.endswith(".png")
        assert "Not an official closing price" in page.locator("main").inner_text()
        page.get_by_role("link", name="to embed").click()
        page.wait_for_url("**/embed/symbol/**")
        framed = page.url
        page.set_content(f'<iframe src="{framed}" width="380" height="400"></iframe>')
        frame = page.frame_locator("iframe")
        frame.locator("svg.chart-svg").wait_for()
        assert "not official closing prices" in frame.locator("body").inner_text()
        context.close()


@EACH_SIGHT
def test_researcher_from_the_page_on_the_api_to_a_panel_of_returns(
    chromium: Any, sample_archive: Path, size: dict[str, int], scheme: str
) -> None:
    with serving(make_datasette(sample_archive, public=True)) as address:
        context = chromium.new_context(viewport=size, color_scheme=scheme)
        page = context.new_page()
        page.goto(address)
        page.get_by_role("link", name="API", exact=True).click()
        code = page.locator("pre", has_text="import pandas").inner_text()
        pytest.importorskip("pandas", reason="pandas is not installed")
        printed = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout
        assert "mean" in printed
        context.close()
        # The complete panel: all shares and days, with the basis of each price and its flags.
        answer = httpx.get(f"{address}/archive/daily_returns.csv", timeout=60)
        panel = list(csv.DictReader(io.StringIO(answer.text)))
        asked = "/archive/daily_returns.json?_shape=array&symbol=OGDC&_sort=date&_size=max"
        one = httpx.get(address + asked, timeout=60).json()
        assert len(one) == sum(row["symbol"] == "OGDC" for row in panel) > 20
        assert len({row["symbol"] for row in panel}) > 30
        assert {row["price_basis"] for row in one} & {"last seen", "told by the next session"}
        returned = [row for row in one if row["simple_return"] is not None]
        for row in returned:
            expected = row["price"] / row["previous_price"] - 1
            assert row["simple_return"] == pytest.approx(expected, abs=1e-6)
        assert returned


def test_operator_of_a_server_that_strangers_try(sample_archive: Path) -> None:
    """After many writes, queries, hidden pages and odd URLs it still serves readers."""
    before = sample_archive.read_bytes()
    times = 12 if is_at_length() else 4
    tried = [
        ("GET", "/archive?sql=select+1", {403}),
        ("GET", "/archive.json?sql=select+1", {403}),
        ("GET", "/-/threads.json", {404}),
        ("POST", "/archive/boards", {403, 404, 405}),
        ("POST", "/archive/-/create", {403, 404, 405}),
        ("GET", "/archive/articles?_where=1=1", {400, 403}),
        ("GET", "/archive/articles/1'--", {400, 404}),
        ("GET", "/search?q=" + "(" * 3000, {200, 400}),
        ("GET", "/../../etc/passwd", {400, 404}),
        ("GET", "/symbol/OGDC?range=" + "9" * 500, {200, 400}),
        ("GET", "/archive/quote_history.json?_size=max&_facet=symbol", {200, 503}),
        ("GET", "/search.json?q=a*+OR+b*", {200, 400, 503}),
    ]
    with loader_server(sample_archive, "--public") as server:

        def attempt(number: int) -> str | None:
            method, path, wanted = tried[number % len(tried)]
            answer = httpx.request(method, server.address + path, timeout=120)
            if answer.status_code in wanted:
                return None
            return f"{method} {path[:60]}: {answer.status_code}"

        with ThreadPoolExecutor(24) as pool:
            wrong = {each for each in pool.map(attempt, range(times * len(tried))) if each}
        assert not wrong
        for path in ("/", "/day/2024-05-10", "/symbol/OGDC", "/search?q=oil", "/archive/boards"):
            assert httpx.get(server.address + path, timeout=60).status_code == 200
    assert sample_archive.read_bytes() == before
