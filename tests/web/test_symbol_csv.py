"""The whole history of a symbol as CSV, however long it is."""

from __future__ import annotations

import csv
import re
from typing import Any

import pytest

from loader.web.pages import symbol_csv
from tests.web.conftest import Get


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines()))


@pytest.mark.parametrize("rows_at_a_time", [1, 2, 2000])
def test_csv_holds_every_board_once_oldest_first_and_undated_last(
    get: Get, ask: Any, monkeypatch: pytest.MonkeyPatch, rows_at_a_time: int
) -> None:
    monkeypatch.setattr(symbol_csv, "_ROWS", rows_at_a_time)
    response = get("/symbol/KSE100/boards.csv")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.headers["content-disposition"] == 'attachment; filename="KSE100.csv"'
    rows = read(response.text)
    boards = [row["board_id"] for row in rows]
    assert len(boards) == len(set(boards))
    assert len(boards) == ask("select count(*) from quote_history where symbol = 'KSE100'")
    order = [(row["trading_day"] or "9999", row["first_captured_at"]) for row in rows]
    assert order == sorted(order)
    assert order[0][0] < "9999" == order[-1][0]
    price, day = ask("select price || ' ' || trading_day from quote_history where symbol = 'KSE100'"
                     " and board_id = ?", boards[0]).split()  # fmt: skip
    assert (float(rows[0]["price"]), rows[0]["trading_day"]) == (float(price), day)


def test_csv_joins_the_history_under_the_old_symbol(get: Get, ask: Any) -> None:
    rows = read(get("/symbol/CNERGY/boards.csv").text)
    boards = "select count(*) from quote_history where symbol in ('BYCO', 'CNERGY')"
    assert len(rows) == ask(boards)
    assert {row["symbol"] for row in rows} == {"BYCO", "CNERGY"}
    assert get("/symbol/byco/boards.csv").headers["location"] == "/symbol/CNERGY/boards.csv"


def test_symbol_page_leads_to_the_csv_of_every_board(get: Get) -> None:
    link = re.search(r'href="([^"]+)">CSV of every board</a>', get("/symbol/OGDC").text)
    assert link
    assert get(link[1]).status_code == 200


def test_csv_of_an_unknown_symbol_is_a_plain_404(get: Get) -> None:
    response = get("/symbol/NOPE/boards.csv")
    assert response.status_code == 404
    assert "NOPE" in response.text


def test_unchanged_csv_is_not_sent_again(get: Get) -> None:
    tag = get("/symbol/OGDC/boards.csv").headers["etag"]
    again = get("/symbol/OGDC/boards.csv", headers={"if-none-match": tag})
    assert (again.status_code, again.text) == (304, "")
