"""Our own pages as JSON, and the page of snippets."""

from __future__ import annotations

import csv
import html
import re
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette

from loader.web.data.sites import OWN_PARTS
from loader.web.plugin import routes
from loader.web.plugin.openapi_data import JSON_PAGES
from loader.web.server import make_datasette
from tests.web.conftest import Get, client_of
from tests.web.test_pages import words


@pytest.mark.parametrize(
    "asked", ["", "?range=1m", "?range=all&with=HBL&with=KSE100", "?from=2024-05-01&to=2024-05-10"]
)
@pytest.mark.parametrize("symbol", ["OGDC", "KSE100", "CNERGY"])
def test_json_of_a_symbol_has_the_rows_of_its_csv(get: Get, symbol: str, asked: str) -> None:
    rows = list(csv.DictReader(get(f"/chart/symbol/{symbol}.csv{asked}").text.splitlines()))
    data = get(f"/symbol/{symbol}.json{asked}").json()
    assert data["symbol"] == symbol
    assert data["unit"] == ("points" if symbol == "KSE100" else "rupees")
    written = [
        {key: "" if value is None else str(value) for key, value in day.items()}
        for day in data["days"]
    ]
    assert [(row["date"], row["symbol"], row["board_id"]) for row in written] == [
        (row["date"], row["symbol"], row["board_id"]) for row in rows
    ]
    assert [float(row["last_price"]) for row in written] == [
        float(row["last_price"]) for row in rows
    ]
    assert all(set(row) == set(rows[0]) for row in written)


def test_json_of_a_symbol_says_what_it_shows(get: Get) -> None:
    data = get("/symbol/CNERGY.json?from=2024-05-01&to=2024-05-10&with=HBL").json()
    assert data["period"] == {"from": "2024-05-01", "to": "2024-05-10", "range": None}
    assert [each["symbol"] for each in data["compared_with"]] == ["HBL"]
    assert data["earlier_symbols"] == ["BYCO"]
    assert data["events"][0]["event"] == "rename"
    assert get("/symbol/OGDC.json").json()["period"]["range"] == "1y"


def test_json_of_an_old_symbol_leads_to_json(get: Get) -> None:
    assert get("/symbol/byco.json?range=all").headers["location"] == (
        "/symbol/CNERGY.json?range=all&came_from=BYCO"
    )
    assert get("/symbol/ogdc.json").headers["location"] == "/symbol/OGDC.json"


def test_json_of_a_day_is_what_its_page_shows(get: Get, ask: Any) -> None:
    data = get("/day/2024-05-10.json").json()
    page = get("/day/2024-05-10").text
    assert data["date"] == data["trading_day"]["date"] == "2024-05-10"
    assert f'href="/archive/boards/{data["last_board_id"]}"' in page
    count = ask("select count(*) from quotes where board_id = ?", data["last_board_id"])
    assert len(data["quotes"]) == data["quote_count"] == count > 0
    assert data["board_count"] == len(data["boards"]) > 0
    for article in data["articles"]:
        assert f'href="/archive/articles/{article["id"]}"' in page
    assert data["article_count"] == len(data["articles"])
    assert f'href="/day/{data["previous_day"]}"' in page


def test_json_of_a_day_without_boards_holds_its_articles(empty_get: Get) -> None:
    data = empty_get("/day/2018-09-14.json").json()
    assert (data["boards"], data["quotes"], data["trading_day"]) == ([], [], None)
    assert data["last_board_id"] is None
    assert data["articles"][0]["headline"] == "A lonely headline"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/symbol/NOPE.json", 404), ("/symbol/.json", 404), ("/symbol/%00.json", 404),
        ("/symbol/OGDC.json?range=2y", 400), ("/symbol/OGDC.json?from=yesterday", 400),
        ("/symbol/OGDC.json?from=2024-05-03&to=2024-05-01", 400),
        ("/symbol/OGDC.json?with=A,B,C,D,E,F,G", 404),
        ("/day/2024-13-01.json", 400), ("/day/1999-01-01.json", 404), ("/day/.json", 400),
    ],
)  # fmt: skip
def test_errors_of_own_json_are_json(get: Get, path: str, status: int) -> None:
    answer = get(path)
    assert answer.status_code == status
    assert answer.json()["status"] == status


@pytest.mark.parametrize("page", JSON_PAGES, ids=lambda page: page.operation)
def test_own_json_has_the_documented_keys_and_an_etag(get: Get, page: Any) -> None:
    answer = get(page.example)
    assert set(answer.json()) == set(page.keys)
    assert answer.headers["access-control-allow-origin"] == "*"
    tag = answer.headers["etag"]
    assert get(page.example, headers={"if-none-match": tag}).status_code == 304


def test_openapi_names_own_json_and_views_with_their_filters(get: Get, ask: Any) -> None:
    paths = get("/-/openapi.json").json()["paths"]
    assert {page.path for page in JSON_PAGES} <= set(paths)
    for view in ("quote_history", "daily_prices", "article_list", "market_days", "movers"):
        operation = paths[f"/archive/{view}.json"]["get"]
        columns = list(get(f"/archive/{view}.json?_size=1").json()["columns"])
        assert {each["name"] for each in operation["parameters"]} >= {*columns, "_size", "_sort"}
        content = operation["responses"]["200"]["content"]["application/json"]
        assert content["schema"]["items"]["required"] == columns
    asked = {each["name"] for each in paths["/archive/daily_prices.json"]["get"]["parameters"]}
    assert {"date__gte", "date__lte", "last_price__gte"} <= asked
    asked = {each["name"] for each in paths["/symbol/{symbol}.json"]["get"]["parameters"]}
    assert asked == {"symbol", "range", "from", "to", "with"}


def addresses(page: str) -> list[str]:
    """Return the paths of URLs in the snippets."""
    lines = "".join(html.unescape(code) for code in re.findall(r"<code>(.*?)</code>", page, re.S))
    return re.findall(r"http://localhost(/[^\"']+)", lines)


def test_api_page_gives_three_lines_for_each_tool_that_find_something(get: Get) -> None:
    page = get("/api").text
    blocks = re.findall(r'<pre class="code".*?<code>(.*?)</code></pre>', page, re.DOTALL)
    assert [len(block.splitlines()) for block in blocks] == [3, 3, 3, 3]
    for name in ("curl", "pandas", "DuckDB", "JavaScript"):
        assert f">{name}</h2>" in page
    assert len(addresses(page)) == 6
    for address in addresses(page):
        answer = get(address)
        assert answer.status_code == 200, address
        assert len(answer.text.splitlines()) > 1 or answer.json(), address
    header = get(next(each for each in addresses(page) if ".csv" in each)).text.splitlines()[0]
    assert {"date", "last_price", "change"} <= set(header.split(","))
    days = get(addresses(page)[-1]).json()["days"]
    assert {"date", "last_price", "next_session_told"} <= set(days[0])
    links = [html.unescape(link) for link in re.findall(r'<li><a href="([^"]+)"', page)]
    assert len(links) == 8
    for link in links:
        answer = get(link)
        assert answer.status_code == 200, link
        assert answer.json(), link


def test_api_page_of_an_archive_without_boards_leads_to_articles(empty_get: Get) -> None:
    page = empty_get("/api").text
    assert "has no board" in words(page)
    assert len(addresses(page)) == 6
    for address in addresses(page):
        assert empty_get(address).status_code == 200, address


def test_every_own_page_leads_to_the_api(get: Get) -> None:
    for path in ("/", "/symbol/OGDC", "/day/2024-05-03", "/search", "/archive/articles/1"):
        assert 'href="/api">API</a>' in get(path).text


def test_lines_name_the_path_of_a_proxy_and_of_an_archive(
    sample_archive: Path, tmp_path: Path
) -> None:
    behind = client_of(make_datasette(sample_archive, base_url="/recorder/"))
    page = behind("/api").text
    assert "http://localhost/recorder/symbol/OGDC.json?range=1m" in page
    for name in ("one", "two"):
        (tmp_path / f"{name}.db").write_bytes(sample_archive.read_bytes())
    both = client_of(Datasette([str(tmp_path / "one.db"), str(tmp_path / "two.db")], cors=True))
    page = both("/two/api").text
    assert "http://localhost/two/symbol/OGDC.json?range=1m" in page
    for address in addresses(page):
        assert both(address).status_code == 200, address
    for path in ("symbol/OGDC.json", "day/2024-05-03.json", "search.json?q=oil",
                 "suggest.json?q=ogdc"):  # fmt: skip
        assert both(f"/two/{path}").status_code == 200, path
    assert "/two/symbol/{symbol}.json" in both("/two/-/openapi.json").json()["paths"]


def test_an_archive_called_api_has_its_pages_below_its_name(
    sample_archive: Path, tmp_path: Path
) -> None:
    assert "api" in OWN_PARTS
    (tmp_path / "api.db").write_bytes(sample_archive.read_bytes())
    get = client_of(Datasette([str(tmp_path / "api.db")]))
    assert ">pandas</h2>" in get("/api/api").text
    assert get("/api/symbol/OGDC.json").status_code == 200
    assert get("/api/quotes.json?_size=1").status_code == 200


# Files linked from a page.
NOT_DESCRIBED = {"/table/", "/chart/sector/"}
_VALUES = {"year": "2024", "id": "1", "number": "1", "ending": "csv"}


def test_openapi_names_every_page_and_file_of_ours(get: Get) -> None:
    """A new route must be described too."""
    named = [
        re.sub(r"\{(\w+)\}", lambda part: _VALUES.get(part[1], "x"), path)
        for path in get("/-/openapi.json").json()["paths"]
    ]
    missing = {
        pattern.partition("(?P")[0]
        for pattern, _ in routes._PAGES
        if not any(re.match(pattern, path) for path in named)
    }
    assert missing == NOT_DESCRIBED


def test_first_parts_of_our_addresses_are_no_names_of_archives() -> None:
    for pattern, _ in routes._PAGES:
        part = re.match(r"/([a-z-]*)", pattern)[1]
        assert not part or part in OWN_PARTS, pattern
