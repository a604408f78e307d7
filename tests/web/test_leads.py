"""The search box leads to a symbol, a company, a sector, a day or a page, or to a search."""

from __future__ import annotations

from typing import Any

import pytest

from loader.web.pages.leads import span_of
from tests.web.conftest import Get


def _leads(get: Get, words: str) -> list[dict[str, Any]]:
    response = get("/suggest.json", params={"q": words})
    assert response.status_code == 200
    leads: list[dict[str, Any]] = response.json()["leads"]
    return leads


@pytest.mark.parametrize(
    ("words", "path"),
    [
        ("OGDC", "/symbol/OGDC"),
        ("ogdc", "/symbol/OGDC"),
        (" kse100 ", "/symbol/KSE100"),
        ("Oil & Gas Development", "/symbol/OGDC"),
        ("lucky cement", "/symbol/LUCK"),
        ("Hub Power", "/symbol/HUBC"),
        ("BYCO", "/symbol/CNERGY"),
        ("2024-05-03", "/day/2024-05-03"),
        ("3 May 2024", "/day/2024-05-03"),
        ("May 3, 2024", "/day/2024-05-03"),
        ("03/05/2024", "/day/2024-05-03"),
        ("cement", "/sector/cement"),
        ("Cement shares", "/sector/cement"),
        ("commercial bank stocks", "/sector/commercial-banks"),
        ("oil & gas marketing", "/sector/oil-gas-marketing-companies"),
    ],
)
def test_first_lead(get: Get, words: str, path: str) -> None:
    assert _leads(get, words)[0]["path"] == path
    assert f'href="{path}"' in get("/search", params={"q": words}).text


def test_former_symbol_says_where_it_leads(get: Get) -> None:
    assert "formerly BYCO" in _leads(get, "byco")[0]["title"]


@pytest.mark.parametrize("words", ["2024", "2024-05"])
def test_month_and_year_lead_to_their_first_day(get: Get, ask: Any, words: str) -> None:
    (lead,) = _leads(get, words)
    first = ask(
        "select min(day) from (select date as day from trading_days union"
        " select substr(published_at, 1, 10) from articles) where day like ? || '%'",
        words,
    )
    assert lead["path"] == f"/day/{first}"


def test_number_and_address_lead_to_the_article(get: Get, ask: Any) -> None:
    sql = "select {} from pages where news_id is not null and id in (select page_id from articles)"
    number, url = ask(sql.format("news_id")), ask(sql.format("url"))
    slugged = f"{url.replace('https://www.', 'http://')}/some-slug?utm_source=x"
    for words in (str(number), url, slugged, f"https://web.archive.org/web/20200101000000/{url}"):
        (lead,) = _leads(get, words)
        assert lead["kind"] == "article"
        assert get(f"/archive{lead['path']}").status_code == 200
        assert f"/archive{lead['path']}" in get("/search", params={"q": words}).text


@pytest.mark.parametrize(
    ("words", "symbol"), [("OGDCL", "OGDC"), ("hubco", "HUBC"), ("PTCL", "PTC"), ("SNGPL", "SNGP")]
)
def test_an_everyday_name_leads_to_its_share(get: Get, words: str, symbol: str) -> None:
    (lead,) = _leads(get, words)
    assert lead["path"] == f"/symbol/{symbol}"


@pytest.mark.parametrize(
    "words",
    ["", "  ", "cotton", "the", "gas station", "31 Feb 2024", "2024-13", "99999999", "1/2", "a.b/c",
     "\0", "é" * 400, "https://[", "http://", '"', "-OGDC"],
)  # fmt: skip
def test_mere_words_lead_nowhere(get: Get, words: str) -> None:
    assert _leads(get, words) == []


def test_dates() -> None:
    assert span_of("2024-02") == ("2024-02-01", "2024-02-29")
    assert span_of("1999") == ("1999-01-01", "1999-12-31")
    assert span_of("30.11.2021") == ("2021-11-30", "2021-11-30")
    for other in ("2024-00", "0000-01", "32/01/2024", "9999", "may", "12:30"):
        assert span_of(other) == ("", "")


def test_search_as_json_is_that_of_the_page(get: Get) -> None:
    found = get("/search.json", params={"q": "cotton", "sort": "date"}).json()
    page = get("/search", params={"q": "cotton", "sort": "date"}).text
    assert found["count"] > 1
    for result in found["results"]:
        assert f"/archive/articles/{result['id']}" in page
    assert get("/search.json?symbol=nosuch").json()["notes"]
