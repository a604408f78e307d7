"""Pages compare the user's own closes with prices on boards."""

from __future__ import annotations

import csv
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from loader.web.server import make_datasette
from tests.web.conftest import Get, client_of
from tests.web.test_data_links import check
from tests.web.test_pages import words

PRICES = (
    "select date, symbol, round(100 * last_price) as last, round(100 * price_told_next_day) as told"
    " from daily_prices where symbol = ? order by date"
)


class Served(NamedTuple):
    """A client of a server of the samples with closes, and the prices of its days by symbol."""

    get: Get
    prices: dict[str, list[Any]]


def _close_rows(prices: dict[str, list[Any]]) -> Iterator[tuple[str, str, int, str]]:
    """Yield closes of OGDC: equal, off by -0.30, contradictory, and on a day without a board."""
    first, second, third = (int(row["last"]) for row in prices["OGDC"][:3])
    dates = [row["date"] for row in prices["OGDC"]]
    yield "OGDC", dates[0], first, "mine.csv"
    yield "OGDC", dates[1], second + 30, "mine.csv"
    yield "OGDC", dates[2], third, "mine.csv"
    yield "OGDC", dates[2], third + 5, "other.csv"
    yield "OGDC", "2024-04-07", 12345, "mine.csv"
    for row in prices["KSE100"]:
        yield "KSE100", row["date"], int(row["last"]) + 49, "mine.csv"
    yield "BYCO", prices["CNERGY"][0]["date"], int(prices["CNERGY"][0]["last"]) + 1, "mine.csv"


@pytest.fixture(scope="module")
def served(sample_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Served:
    db = tmp_path_factory.mktemp("closes") / "archive.db"
    db.write_bytes(sample_archive.read_bytes())
    with closing(sqlite3.connect(db)) as conn, conn:
        conn.row_factory = sqlite3.Row
        prices = {
            symbol: conn.execute(PRICES, (symbol,)).fetchall()
            for symbol in ("OGDC", "KSE100", "CNERGY")
        }
        conn.executemany(
            "insert into closes (symbol, date, close_hundredths, source) values (?, ?, ?, ?)",
            list(_close_rows(prices)),
        )
    return Served(client_of(make_datasette(db)), prices)


def cells(page: str, date: str) -> list[str]:
    """Return the cells of a day's row in the table of a symbol."""
    rows = re.findall(r"<tr>.*?</tr>", page, re.DOTALL)
    row = next(row for row in rows if f"/day/{date}" in row)
    return [words(cell).strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)]


def test_page_shows_close_and_differences(served: Served) -> None:
    page = served.get("/symbol/OGDC?range=all").text
    first, second, third, *_, last = served.prices["OGDC"]
    assert cells(page, first["date"])[-3:-1] == [f"{first['last'] / 100:,.2f}", "+0.00"]
    assert cells(page, second["date"])[-3:-1] == [f"{(second['last'] + 30) / 100:,.2f}", "−0.30"]
    both = f"{third['last'] / 100:,.2f} or {(third['last'] + 5) / 100:,.2f}"
    assert cells(page, third["date"])[-3:] == [both, "–", "–"]
    assert cells(page, last["date"])[-3:] == ["–", "–", "–"]
    assert "<strong>−0.30</strong>" in page


def test_told_price_is_compared_where_the_next_session_is_known(served: Served) -> None:
    page = served.get("/symbol/OGDC?range=all").text
    for row, close in zip(served.prices["OGDC"][:2], (0, 30), strict=True):
        told = cells(page, row["date"])[-1]
        if row["told"] is None:
            assert told == "–"
        else:
            off = (row["told"] - row["last"] - close) / 100
            assert told == f"{off:+.2f}".replace("-", "−")
    known = [row["told"] for row in served.prices["KSE100"] if row["told"] is not None]
    assert known  # otherwise the samples have lost their neighbouring sessions


def test_page_counts_days_that_agree(served: Served) -> None:
    text = words(served.get("/symbol/OGDC?range=all").text)
    assert "own closes for 4 days, 1 of them without a board" in text
    assert "The last price seen equals the close on 1 of 2 days" in text
    assert "On 1 the files contradict each other." in text


def test_index_agrees_within_the_point_that_boards_show(served: Served) -> None:
    page = served.get("/symbol/KSE100?range=all").text
    count = len(served.prices["KSE100"])
    assert f"equals the close on {count} of {count} days" in words(page)
    assert "−0.49" in page
    assert "<strong>−0.49</strong>" not in page


def test_close_under_an_earlier_symbol_counts(served: Served) -> None:
    row = served.prices["CNERGY"][0]
    page = served.get("/symbol/CNERGY?range=all").text
    assert cells(page, row["date"])[-2] == "−0.01"


def test_data_hold_closes_and_differences(served: Served) -> None:
    first, second, third, *_ = served.prices["OGDC"]
    rows = {
        row["date"]: row
        for row in csv.DictReader(served.get("/chart/symbol/OGDC.csv?range=all").text.splitlines())
    }
    assert float(rows[first["date"]]["own_close"]) == first["last"] / 100
    assert float(rows[second["date"]]["last_less_own_close"]) == -0.3
    assert rows[third["date"]]["own_close"] == ""
    data = served.get("/symbol/OGDC.json?range=all").json()
    assert len(data["own_closes"]) == 5
    assert {"symbol": "OGDC", "date": "2024-04-07", "close": 123.45, "source": "mine.csv"} in (
        data["own_closes"]
    )
    days = {day["date"]: day for day in data["days"]}
    assert days[second["date"]]["last_less_own_close"] == -0.3
    assert check(served.get, "/symbol/OGDC?range=all") == 2
    period = f"from={second['date']}&to={second['date']}"
    assert len(served.get(f"/symbol/OGDC.json?{period}").json()["own_closes"]) == 1


def test_nothing_is_shown_without_closes_of_the_symbol(get: Get, served: Served) -> None:
    assert "Own close" not in get("/symbol/OGDC?range=all").text
    page = served.get("/symbol/HBL?range=all").text
    assert "Own close" not in page
    assert served.get("/symbol/HBL.json").json()["own_closes"] == []
