"""Key figures of a symbol's page, and quotes on boards without a day."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from loader.web.pages import symbol as symbol_page
from loader.web.pages import symbol_basics
from loader.web.server import make_datasette
from tests.conftest import Run
from tests.web.conftest import Get, client_of
from tests.web.test_pages import words

UNDATED = (  # of the symbols only on undated boards, the one with most boards
    "select symbol from quote_history where instrument_id not in"
    " (select instrument_id from instrument_events where event = 'rename')"
    " group by symbol having count(trading_day) = 0 order by count(*) desc, symbol limit 1"
)
DAYS = "from daily_prices where symbol = ? and date between ? and ?"


def basics(page: str) -> dict[str, str]:
    """Return the key figures of a symbol's page by name."""
    found = re.search(r'<dl class="basics">(.*?)</dl>', page, re.DOTALL)
    assert found
    pairs = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", found[1], re.DOTALL)
    return {name: " ".join(words(value).split()) for name, value in pairs}


@pytest.mark.parametrize("symbol", ["OGDC", "KSE100"])
@pytest.mark.parametrize("period", [("2024-03-01", "2024-04-12"), ("2024-05-01", "2024-05-10")])
def test_page_and_json_hold_previous_price_high_low_days_and_last_capture(
    get: Get, ask: Any, symbol: str, period: tuple[str, str]
) -> None:
    asked = f"from={period[0]}&to={period[1]}"
    shown = basics(get(f"/symbol/{symbol}?{asked}").text)
    data = get(f"/symbol/{symbol}.json?{asked}").json()["basics"]
    places = 0 if symbol == "KSE100" else 2
    for name, function, key in (("High", "max", "high"), ("Low", "min", "low")):
        value = ask(f"select {function}(last_price) {DAYS}", symbol, *period)
        day = ask(f"select min(date) {DAYS} and last_price = ?", symbol, *period, value)
        assert (data[key], data[f"{key}_day"]) == (value, day)
        assert shown[f"{name} of the range"].startswith(f"{value:,.{places}f} {day}")
    last = (symbol, *period)
    count = ask(f"select count(*) {DAYS}", *last)
    assert data["day_count"] == count
    assert shown["Days counted"].split()[0] == str(count)
    previous = ask(f"select previous_price {DAYS} order by date desc", *last)
    before = ask(f"select previous_date {DAYS} order by date desc", *last)
    sessions = ask(f"select sessions_since_previous {DAYS} order by date desc", *last)
    assert data["previous_price"] == previous
    assert data["previous_day"] == (before if sessions == 1 else None)
    assert f"{previous:,.{places or 1}f}" in shown["Previous price"]
    board = ask(f"select board_id {DAYS} order by date desc", *last)
    captured = ask("select max(captured_at) from snapshots where board_id = ?", board)
    assert data["last_captured_at"] == captured
    assert "PKT" in shown["Last capture"]
    assert f'href="/archive/snapshots/{data["last_snapshot_id"]}"' in (
        get(f"/symbol/{symbol}?{asked}").text
    )


def test_previous_session_that_the_archive_lacks_is_not_named(get: Get, ask: Any) -> None:
    day = ask(
        "select date from daily_prices where symbol = 'OGDC'"
        " and sessions_since_previous > 1 order by date limit 1"
    )
    assert day
    page = get(f"/symbol/OGDC?from={day}&to={day}").text
    assert "which is not in the archive" in basics(page)["Previous price"]
    data = get(f"/symbol/OGDC.json?from={day}&to={day}").json()
    assert data["basics"]["previous_day"] is None


def test_peers_are_linked_with_the_period(get: Get) -> None:
    page = get("/symbol/CPHL?range=all").text
    peers = re.search(r'<p class="peers">(.*?)</p>', page, re.DOTALL)
    assert peers
    named = [each["symbol"] for each in get("/symbol/CPHL.json").json()["peers"]]
    assert named
    assert "CPHL" not in named
    for symbol in named:
        assert f'href="/symbol/{symbol}?range=all"' in peers[1]
        assert get(f"/symbol/{symbol}?range=all").status_code == 200
    assert 'href="/sector/' in peers[1]
    indices = [each["symbol"] for each in get("/symbol/KSE100.json").json()["peers"]]
    assert indices == ["BR100", "BR30", "KSE30"]


def test_renamed_share_is_no_peer_of_itself(get: Get) -> None:
    named = {each["symbol"] for each in get("/symbol/CNERGY.json").json()["peers"]}
    assert not named & {"CNERGY", "BYCO"}


def test_boards_without_a_day_are_shown_where_no_day_is_known(get: Get, ask: Any) -> None:
    wanted = ask(UNDATED)
    page = get(f"/symbol/{wanted}").text
    count = ask("select count(*) from quote_history where symbol = ?", wanted)
    table = page[page.index("Table of prices without a day") :]
    assert table.count('<th scope="row">') == count > 0
    assert f"{count} boards without a known day" in words(page)
    data = get(f"/symbol/{wanted}.json").json()
    for row in data["undated"]:
        assert f'href="/archive/boards/{row["board_id"]}"' in table
    assert (data["basics"], data["days"], data["known_days"]) == (None, [], None)
    assert len(data["undated"]) == count
    seen = [row["first_captured_at"] or "" for row in data["undated"]]
    assert seen == sorted(seen, reverse=True)
    price = ask("select price from quote_history where board_id = ? and symbol = ?",
                data["undated"][0]["board_id"], wanted)  # fmt: skip
    assert data["undated"][0]["price"] == price


def test_many_boards_without_a_day_are_cut_and_say_so(
    get: Get, ask: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (symbol_page, symbol_basics):
        monkeypatch.setattr(module, "MOST_UNDATED", 2)
    wanted = ask(UNDATED)
    assert len(get(f"/symbol/{wanted}.json").json()["undated"]) == 2
    assert "The newest 2 boards without a known day" in words(get(f"/symbol/{wanted}").text)


def test_days_outside_of_the_range_are_named_in_place_of_undated_boards(get: Get) -> None:
    page = get("/symbol/ANL?range=1m").text
    assert "The archive has days of it from" in words(page)
    assert "2022-08-05" in words(page)
    assert "Table of prices without a day" not in page
    assert 'href="/symbol/ANL?range=all">all of them</a>' in page
    data = get("/symbol/ANL.json?range=1m").json()
    assert data["known_days"]["last_day"] == "2022-08-05"
    assert data["undated"] == []


def test_symbol_of_an_undated_archive_shows_its_one_price(tmp_path: Path, run: Run) -> None:
    (tmp_path / "a.txt").write_text("OGDC 50.25 No Change 0.00 (0%)\n")
    (tmp_path / "b.txt").write_text("OGDC 51.75 Increased By ▲ 1.50 (2.99%)\n")
    run("load", tmp_path, "--db", tmp_path / "a.db", "-q")
    page = client_of(make_datasette(tmp_path / "a.db"))("/symbol/OGDC").text
    text = words(page)
    assert "2 boards without a known day" in text
    assert "50.25" in text
    assert "+1.50" in text
    assert "only on boards without a known day" in text


def test_known_symbol_without_any_board_has_a_page(empty_get: Get) -> None:
    page = empty_get("/symbol/OGDC").text
    assert "No board of a known day shows OGDC" in words(page)
    assert "Table of prices without a day" not in page
    data = empty_get("/symbol/OGDC.json").json()
    assert (data["basics"], data["undated"], data["known_days"]) == (None, [], None)


def test_a_range_of_one_day_compares_nothing_with_itself(get: Get) -> None:
    page = words(get("/symbol/OGDC?from=2024-04-18&to=2024-04-18").text)
    assert "the only day of this range with a board." in page
    assert "1 day. In rupees." in page
    assert "against 138.61" not in page
    assert "Low of the range" not in page
    assert "Low of the range" in words(get("/symbol/OGDC?range=all").text)
