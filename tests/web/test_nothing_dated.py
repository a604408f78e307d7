"""Archives without dated boards show their contents, and a remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from loader.web.server import make_datasette
from tests.conftest import Run
from tests.web.conftest import Get, client_of

SHARES = ("OGDC", "PPL", "HBL", "UBL", "MCB", "ENGRO", "HUBC", "LUCK", "PSO", "FFC")
WHOLE = "\n".join(
    [f"{symbol} {100 + i}.00 Increased By ▲ 1.00 (1%)" for i, symbol in enumerate(SHARES)]
    + ["KSE100 {level} Increased By ▲ 10.5 (0.01%)"]
)


def _server(folder: Path, run: Run, *arguments: str) -> Get:
    run("load", folder, "--db", folder / "a.db", "-q", *arguments)
    return client_of(make_datasette(folder / "a.db"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def _singles(folder: Path) -> None:
    for number, symbol in enumerate(SHARES):
        (folder / f"{symbol}.txt").write_text(f"{symbol} {50 + number}.25 No Change 0.00 (0%)\n")


def test_ten_boards_of_one_share_show_ten_prices(folder: Path, run: Run) -> None:
    _singles(folder)
    page = _server(folder, run)("/").text
    assert "Latest prices" in page
    assert "no board yet" not in page
    for number, symbol in enumerate(SHARES):
        assert f"/symbol/{symbol}" in page
        assert f"{50 + number}.25" in page


def test_loader_stats_and_pages_say_why_and_what_would_help(folder: Path, run: Run) -> None:
    _singles(folder)
    loaded = run("load", folder, "--db", folder / "a.db").output
    counted = run("stats", "--db", folder / "a.db").output
    get = client_of(make_datasette(folder / "a.db"))
    for text in (loaded, counted, get("/").text, get("/day/").text):
        assert "one share line, no index" in text
        assert "--captured-at" in text
        assert "loader date --closes" in text
    assert get("/day/").status_code == 200


def test_nothing_is_said_where_a_board_has_a_day(get: Get, run: Run, sample_archive: Path) -> None:
    assert "What would help" not in get("/").text
    assert "What would help" not in run("stats", "--db", sample_archive).output


def test_board_under_the_latest_date_line_is_the_latest(folder: Path, run: Run) -> None:
    for number, (level, date) in enumerate(
        ((81_001, "Mar 03, 2022"), (72_002, "Jun 17, 2022"), (63_003, "Jan 11, 2022"))
    ):
        page = f"{WHOLE.format(level=level)}\n{date}\nCotton firms up {number}\n\nKARACHI: Up."
        (folder / f"{number}.txt").write_text(page)
    get = _server(folder, run)
    rows = get("/archive/latest_board.json?_shape=array").json()
    if any(row["trading_day"] for row in rows):
        pytest.fail("a board got a day, so that this tests nothing")
    assert {row["symbol"]: row["price"] for row in rows}["KSE100"] == 72_002
    assert "the date line of 2022-06-17" in get("/").text


def test_market_day_leads_to_the_newest_article_where_no_board_has_a_day(
    folder: Path, run: Run
) -> None:
    (folder / "a.txt").write_text("Cotton firms up\n\nRecorder Report 05 Nov, 2020\n\nIt did.")
    get = _server(folder, run)
    response = get("/day/")
    assert response.status_code == 302
    assert response.headers["location"] == "/day/2020-11-05"
    assert "Cotton firms up" in get("/day/2020-11-05").text


def test_empty_archive_has_its_pages(folder: Path, run: Run) -> None:
    run("load", folder / "none.txt", "--db", folder / "a.db", "-q", code=1)
    get = client_of(make_datasette(folder / "a.db"))
    for path in ("/", "/day/", "/symbol/", "/search"):
        assert get(path).status_code == 200, path
    assert "no board yet" in get("/day/").text


def test_conflicts_between_days_are_in_the_count_of_a_load(folder: Path, run: Run) -> None:
    """A clock nine months early contradicts the closes."""
    db = folder / "a.db"
    closes = "symbol,date,close\nKSE100,2022-03-02,43100.5\nKSE100,2022-03-03,43111.0\n"
    run("load", _file(folder, "a.txt", WHOLE.format(level="44,000.5")), "--db", db, "-q")
    run("date", "--closes", _file(folder, "closes.csv", closes), "--db", db, "-q", "--force")
    page = _file(folder, "b.txt", WHOLE.format(level="43,111.0"))
    output = run("load", page, "--db", db, "--captured-at", "2021-06-02T10:00:00Z").output
    assert "new problems           1" in output
    assert "day-conflict  1" in run("stats", "--db", db).output


def _file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text)
    return path
