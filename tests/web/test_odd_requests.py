"""Misspelt and odd requests get 400 or 404 with a helpful message, also in JSON, never 500."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from loader.web.plugin.request_checks import check_page_size
from tests.reliability import is_at_length
from tests.web.conftest import Get
from tests.web.test_pages import words

JSON_CLIENT = {"Accept": "application/json"}

REFUSED = (
    ("quote_history?symbl=OGDC", "Did you mean symbol?"),
    ("quote_history?Symbol=OGDC", "Did you mean symbol?"),
    ("quote_history?pric__gt=1", "Did you mean price?"),
    ("quotes?price__gtt=1", "Did you mean gt"),
    ("quotes?price__greater=1", "no comparison 'greater'"),
    ("quotes?xyzzy=1", "Columns: board_id,"),
    ("quotes?=1", "is not one"),
    ("quotes?_x__gt=1", "is not one"),
    ("quotes?_sort=nope", "_sort must name a column"),
    ("quotes?_sort_desc=pirce", "Did you mean price?"),
    ("quotes?_sort=price&_sort_desc=change", "exclude each other"),
    ("quotes?_szie=5", "Did you mean _size?"),
    ("quotes?_srot=price", "Did you mean _sort?"),
    ("quotes?_size=abc", "_size"),
    ("quotes?_size=-1", "_size"),
    ("quotes?_size=100000", "_size"),
    ("quotes?_next=abc", "_next"),
    ("quotes?_next=1", "_next"),
    ("quotes?_next=1,2,3,4", "_next"),
    ("quotes?_next=x,y", "_next"),
    ("quotes?_sort=price&_next=1,2", "_next"),
    ("articles?_next=abc", "_next"),
    ("quote_history?_next=abc", "_next"),
    ("quote_history?_next=-1", "_next"),
    ("quote_history?_next=99999999999999999999", "_next"),
    ("articles?_through={}", "_through must be an object"),
    ("articles?_through=nope", "not valid JSON"),
    ("articles?_through=[]", "_through must be an object"),
    ("articles?_through=" + quote('{"table": "nope", "column": "x", "value": 1}'), "name a table"),
    ("articles?_through=" + quote('{"table": "mention", "column": "x", "value": 1}'), "mentions?"),
    ("articles?_through=" + quote('{"table": "mentions", "column": "x", "value": 1}'), "column"),
    ("articles?_through=" + quote('{"table": "mentions", "column": "instrument_id", "value": []}'),
     "text or a number"),
    ("articles?_through=" + quote('{"table": 1, "column": 2, "value": 3}'), "name a table"),
    ("articles?_through=" + quote('{"table": "loads", "column": "id", "value": 1}'), "foreign key"),
    ("articles?_through=" + quote("[" * 100_00), "not valid JSON"),
    ("quotes?price__in=[1", "not valid JSON"),
    ("quotes?price__in=[[1]]", "list of texts and numbers"),
    ("quotes?price__in=[{}]", "list of texts and numbers"),
    ("quotes?price__in=[99999999999999999999]", "list of texts and numbers"),
    ("quotes?price__gt=²", "not a number"),
    ("quotes?price__gt=٥", "not a number"),
    ("quotes?price__gt=99999999999999999999", "not a number"),
    ("quotes?_facet=nope", "_facet must name a column"),
    ("quotes?_facet={", "_facet must name a column"),
    ("quotes?_facet_date=nope", "_facet_date must name a column"),
    ("quotes?_facet_array=nope", "_facet_array must name a column"),
    ("quotes?_facet_size=abc", "_facet_size"),
    ("quotes?_facetx=price", "_facetx"),
    ("articles?_searchfoo=1", "_searchfoo"),
    ("articles?_search_nope=1", "column"),
    ("quotes?_timelimit=abc", "_timelimit"),
    ("quotes?_ttl=²", "_ttl"),
    ("quotes?_col=nope", "_col"),
    ("quotes?_nocol=board_id", "_nocol"),
    ("articles/1,2", "named by id: one value"),
    ("quotes/1", "named by board_id,instrument_id: 2 values"),
    ("quotes/1,2,3", "named by board_id,instrument_id"),
    ("symbol_history?symbl=OGDC", "Did you mean symbol?"),
    ("symbol_history?ticker=OGDC", "it takes symbol"),
    ("latest_board?symbol=OGDC", "it takes no parameter"),
    ("search_articles?query=oil", "it takes "),
    ("search_articles?_timelimit=x", "_timelimit"),
)  # fmt: skip


@pytest.mark.parametrize(("path", "told"), REFUSED)
def test_what_is_misspelt_is_refused_with_words(get: Get, path: str, told: str) -> None:
    response = get(f"/archive/{path}")
    assert response.status_code == 400
    assert told in words(response.text).replace("&#39;", "'").replace("&#34;", '"')
    assert response.headers["content-type"].startswith("text/html")
    head, question, query = path.partition("?")
    answer = get(f"/archive/{head}.json{question}{query}")
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("application/json")
    assert told in answer.json()["error"]
    assert answer.json()["ok"] is False
    assert answer.json()["status"] == 400
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/archive/boardz.json", 404), ("/archive/boards/0.json", 404), ("/nowhere.json", 404),
        ("/archive/quote_history/1.json", 404), ("/archive/nope/1.json", 404),
        ("/archive.json?sql=select+nope", 400), ("/archive.json?sql=delete+from+boards", 400),
        ("/archive/quotes.json?_where=nope", 400), ("/archive/quotes.json?_where=id+=+:x", 400),
        ("/archive/quotes.json?_size=x", 400), ("/nope.json", 404),
    ],
)  # fmt: skip
def test_json_addresses_answer_errors_in_json(get: Get, path: str, status: int) -> None:
    answer = get(path)
    assert answer.status_code == status
    assert answer.json()["ok"] is False
    assert answer.json()["error"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/archive/boardz", 404), ("/symbol/NOPE", 404), ("/day/2024-99-99", 400),
        ("/raw/99999", 404),
        ("/symbol/OGDC?range=nope", 400), ("/archive/quotes?symbl=1", 400), ("/nowhere", 404),
        ("/coverage/1800", 404), ("/archive/boards/0", 404), ("/search/x", 404),
    ],
)  # fmt: skip
def test_clients_that_accept_json_alone_get_errors_in_json(
    get: Get, path: str, status: int
) -> None:
    answer = get(path, headers=JSON_CLIENT)
    assert answer.status_code == status
    assert answer.json()["status"] == status
    browser = get(path, headers={"Accept": "text/html,application/xhtml+xml,application/json"})
    assert browser.headers["content-type"].startswith("text/html")
    assert "accept" in browser.headers["vary"].lower()


def test_forbidden_is_json_for_json_clients(public_get: Get) -> None:
    for path in ("/archive.json?sql=select+1", "/archive/boards.json?_where=1=1"):
        answer = public_get(path)
        assert answer.status_code == 403
        assert answer.json()["status"] == 403
    answer = public_get("/archive?sql=select+1", headers=JSON_CLIENT)
    assert answer.json()["error"]
    assert public_get("/archive?sql=select+1").headers["content-type"].startswith("text/html")


def test_methods_that_write_are_refused_in_json_too(get: Get) -> None:
    answer = get("/archive/boards.json", method="POST")
    assert answer.status_code == 405
    assert answer.json()["status"] == 405


@pytest.mark.parametrize("key", ["1%2C513", "1%2c513"])
def test_an_encoded_comma_leads_to_the_row(get: Get, ask: Any, key: str) -> None:
    answer = get(f"/archive/quotes/{key}.json?_shape=array")
    assert answer.status_code == 302
    assert answer.headers["location"] == "/archive/quotes/1,513.json?_shape=array"


@pytest.mark.parametrize(
    "path",
    [
        "search_articles?q=oil&utm_source=x&fbclid=y", "symbol_history?symbol=OGDC&gclid=1",
        "quotes?_extra_of_a_plugin=1", "quotes?_sort=price", "quotes?_facet=direction",
        "quotes?board_id=1&price__gte=1&price__lt=9.5", "articles?_search=oil&_searchmode=raw",
        "articles?_search_headline=oil", "quotes?_labels=on", "quotes?_labels=nonsense",
        "articles?_through=" + quote('{"table": "mentions", "column": "instrument_id",'
                                      ' "value": 1}'),
        "board_indices?_facet_size=max", "daily_prices?symbol__in=[\"OGDC\"]",
        "provenance", "articles?id=1&_col=headline", "quotes?price__isnull=1",
    ],
)  # fmt: skip
def test_what_is_meant_goes_through(get: Get, path: str) -> None:
    assert get(f"/archive/{path}").status_code == 200


def test_next_pages_of_every_order_go_through(get: Get) -> None:
    for path in ("quotes.json?_size=2", "quotes.json?_size=2&_sort=percent", "boards.json?_size=2",
                 "article_list.json?_size=2", "closes.json?_size=2", "instruments.json?_size=2",
                 "boards.json?_size=2&_sort_desc=trading_day_id", "article_tags.json?_size=2",
                 "instruments.json?_size=2&_sort=sector"):  # fmt: skip
        answer = get(f"/archive/{path}").json()
        if answer["next_url"]:
            assert get(answer["next_url"].removeprefix("http://localhost")).status_code == 200


ODD = ("1%2C2", "", " ", "0", "-1", "1,2", "1,2,3", ",", "~", "~ZZ", "~00", "%00", "%FF", "'", '"',
       "1.5", ".json", "..", "a/b", "²", "9" * 30, "null", "[", "]", "{}", "%", "%25", "🦆",
       "a" * 3000, "1 or 1=1", "$null", "+", "*", "\\")  # fmt: skip
ODD_PARAMETERS = tuple(
    "_size _next _sort _sort_desc _facet _facet_array _facet_date _facet_size _through _where "
    "_search _search_x _searchmode _col _nocol _labels _label _shape _json _json_infinity _nl "
    "_ttl _timelimit _trace _fts_table _fts_pk _filter_column _filter_op _extras _blob_column "
    "_blob_hash _header _dl _stream _sort_by_desc _format id id__gt id__in id__arraycontains "
    "id__date x__y __".split()
)
FORMATS = ("", ".json", ".csv", ".jsono", ".blob", ".xyz")


def tables_of(get: Get) -> list[str]:
    """Return all tables, views and queries of the sample archive."""
    sql = "select name from sqlite_master where type in ('table', 'view')"
    names: list[str] = get(f"/archive.json?sql={quote(sql)}&_shape=arrayfirst").json()
    return [*names, "search_articles", "symbol_history", "failed_checks", "latest_board", "nope"]


def check(get: Get, address: str) -> None:
    response = get(address)
    assert response.status_code < 500, address
    assert "Traceback" not in response.text


def test_every_table_answers_every_odd_row_and_parameter_without_a_500(get: Get) -> None:
    """Each table is requested with some values, so that all pairs of kinds are covered."""
    count, steps = 0, 6 if is_at_length() else 3
    for number, table in enumerate(tables_of(get)):
        for format_ in FORMATS[:3] if is_at_length() else FORMATS[number % 3 : number % 3 + 1]:
            assert get(f"/archive/{table}{format_}?_size=2").status_code in (200, 404), table
        for step in range(steps):
            value = ODD[(number * 5 + step) % len(ODD)]
            format_ = FORMATS[(number + step) % len(FORMATS)]
            check(get, f"/archive/{table}/{quote(value, safe='%,~')}{format_}")
            name = ODD_PARAMETERS[(number * 7 + step) % len(ODD_PARAMETERS)]
            check(get, f"/archive/{table}{format_}?{name}={quote(value, safe='%')}")
            count += 2
    assert count > 70 * steps


@pytest.mark.parametrize("name", ODD_PARAMETERS)
def test_every_parameter_answers_odd_values_without_a_500(get: Get, name: str) -> None:
    step = 3 if is_at_length() else 6
    start = ODD_PARAMETERS.index(name) % step
    for number, value in enumerate(ODD[start::step], start):
        table = ("quotes", "articles", "quote_history", "search_articles")[number % 4]
        format_ = FORMATS[number % len(FORMATS)]
        check(get, f"/archive/{table}{format_}?{name}={quote(value, safe='%')}")


@pytest.mark.parametrize("value", ODD)
def test_every_route_answers_every_odd_value_without_a_500(get: Get, value: str) -> None:
    sent = quote(value, safe="%,~")
    for route in ("/{}", "/symbol/{}", "/symbol/{}/boards.csv", "/day/{}", "/coverage/{}",
                  "/raw/{}", "/-/{}", "/chart/symbol/{}.svg", "/embed/symbol/{}",
                  "/-/static/{}", "/-/static-plugins/{}",
                  "/archive/{}", "/archive/{}/{}", "/archive.json?sql={}", "/archive?sql=select+{}",
                  "/_memory/{}", "/_internal/{}", "/archive/{}.json",
                  "/search?q={}&page={}"):  # fmt: skip
        check(get, route.replace("{}", sent))


def test_errors_of_json_are_well_formed(get: Get) -> None:
    answer = get("/archive/quote_history.json?symbl=OGDC&_shape=array")
    assert json.loads(answer.text) == {
        "ok": False,
        "error": "A filter must name a column, and 'symbl' is not one. Did you mean symbol?",
        "status": 400,
        "title": "Invalid request",
    }


@pytest.mark.parametrize("size", ["³", "٥", "", "-1", "x"])
def test_a_page_size_that_is_no_number_is_left_to_the_check_of_its_table(size: str) -> None:
    check_page_size("/archive/quotes", f"_size={quote(size)}")


@pytest.mark.parametrize(
    ("path", "symbol"),
    [
        ("symbol/OGDCL", "OGDC"), ("symbol/ogdcl", "OGDC"), ("symbol/Hubco", "HUBC"),
        ("symbol/Lucky%20Cement", "LUCK"), ("symbol/OGDC?with=PPLL", "PPL"),
        ("embed/symbol/OGDCL", "OGDC"),
    ],
)  # fmt: skip
def test_an_unknown_symbol_leads_to_the_one_that_is_meant(get: Get, path: str, symbol: str) -> None:
    response = get(f"/{path}")
    assert response.status_code == 404
    assert f"Did you mean {symbol}" in words(response.text)
    assert f'<a href="/symbol/{symbol}">' in response.text


def test_an_unknown_symbol_leads_to_another_in_json_and_in_the_search(get: Get) -> None:
    assert get("/symbol/OGDCL.json").json()["error"].endswith("Did you mean OGDC?")
    (note,) = get("/search.json?q=oil&symbol=OGDCL").json()["notes"][:1]
    assert note == "No share or index is called OGDCL. Did you mean OGDC?"


def test_the_number_of_an_article_leads_to_its_page(get: Get, ask: Any) -> None:
    article_id, news_id = (
        ask("select max(id) from articles"),
        ask(
            "select news_id from pages join articles on page_id = pages.id order by 1 desc limit 1"
        ),
    )
    for path in (f"/article/{article_id}", f"/article/{article_id}/"):
        answer = get(path)
        assert (answer.status_code, answer.headers["location"]) == (
            302, f"/archive/articles/{article_id}"
        )  # fmt: skip
    by_number = get(f"/article/{news_id}").headers["location"]
    assert str(news_id) in get(by_number).text
    assert get("/article/999999999999999").status_code == 404
