"""`loader date`: files of the user, messages and explanations."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import SAMPLES, Run
from tests.market.archives import load, make_market
from tests.market.simulator import Market, Seen, closes_csv, crawl, without_times

Connect = Callable[[Path], sqlite3.Connection]

PAGE = SAMPLES / "2024-seed-layout-teaser.txt"
# Closes that fit the page: its KSE100 counts from 61,906.4 and shows 62,849.
CLOSES = """date,close
2024-02-26,62103.48
2024-02-27,61897.24
2024-02-28,62849.18
2024-02-29,63127.55
"""


@pytest.fixture(scope="module")
def market() -> Market:
    return make_market(5, days=30)


@pytest.fixture(scope="module")
def captures(market: Market) -> list[Seen]:
    return crawl(market, 120)


@pytest.fixture
def timed(tmp_path: Path, captures: list[Seen]) -> Path:
    path = tmp_path / "timed.db"
    load(path, captures)
    return path


@pytest.fixture
def bare(tmp_path: Path, captures: list[Seen]) -> Path:
    """The captures without anything that dates them."""
    path = tmp_path / "bare.db"
    load(path, [without_times(seen) for seen in captures])
    return path


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_closes_date_a_page_without_a_date(tmp_path: Path, run: Run, connect: Connect) -> None:
    db = tmp_path / "page.db"
    run("load", PAGE, "--db", db)
    assert connect(db).execute("select trading_day_id from boards").fetchone()[0] is None
    output = run("date", "--closes", write(tmp_path / "c.csv", CLOSES), "--db", db).output
    assert "4 closes new, 0 equal, 0 in conflict" in output
    day = connect(db).execute("select date, basis, kse100, board_count from market_days").fetchone()
    assert tuple(day) == ("2024-02-28", "close", 62849.0, 1)
    explained = run("date", "--explain", 1, "--db", db).output
    assert "2024-02-28" in explained
    assert "9.16 points off 61,897.24, the close of 2024-02-27" in explained
    assert "a board shows the KSE100 close of the day" in explained


def test_a_second_board_with_the_bases_of_a_dated_one_joins_its_day(
    tmp_path: Path, run: Run, connect: Connect
) -> None:
    text = PAGE.read_text(encoding="utf-8")
    changed = text.replace(
        "KSE100 62,849 Increased By 942.6 (1.52%)", "KSE100 62,301 Increased By 394.6 (0.64%)"
    )
    assert changed != text
    db = tmp_path / "page.db"
    run("load", PAGE, write(tmp_path / "second.txt", changed), "--db", db)
    run("date", "--closes", write(tmp_path / "c.csv", CLOSES), "--db", db)
    days = connect(db).execute("select trading_day_id from boards").fetchall()
    assert [row[0] for row in days] == [20240228, 20240228]


def test_closes_date_what_nothing_else_does(
    bare: Path, tmp_path: Path, market: Market, run: Run, connect: Connect
) -> None:
    assert not connect(bare).execute("select 1 from trading_days").fetchone()
    output = run("date", "--closes", write(tmp_path / "c.csv", closes_csv(market)), "--db", bare)
    assert "31 closes new, 0 equal, 0 in conflict" in output.output
    conn = connect(bare)
    assert conn.execute("select count(*) from market_days").fetchone()[0] > 20
    kinds = {row[0] for row in conn.execute("select distinct kind from day_witnesses")}
    assert kinds == {"close", "neighbour"}
    sources = conn.execute("select distinct source from closes").fetchall()
    assert [row[0] for row in sources] == ["c.csv"]


def test_nothing_new_changes_no_byte(timed: Path, tmp_path: Path, market: Market, run: Run) -> None:
    before = timed.read_bytes()
    run("date", "--db", timed)
    assert timed.read_bytes() == before
    csv = write(tmp_path / "c.csv", closes_csv(market))
    run("date", "--closes", csv, "--db", timed)
    before = timed.read_bytes()
    assert "0 closes new, 31 equal" in run("date", "--closes", csv, "--db", timed).output
    assert timed.read_bytes() == before


def test_closes_in_conflict_are_told_and_not_used(
    timed: Path, tmp_path: Path, market: Market, run: Run, connect: Connect
) -> None:
    text = closes_csv(market)
    run("date", "--closes", write(tmp_path / "one.csv", text), "--db", timed)
    head, first, *rest = text.splitlines()
    day, value = first.split(",")
    other = "\n".join([head, f"{day},{float(value) + 5:.2f}", *rest])
    output = run("date", "--closes", write(tmp_path / "two.csv", other), "--db", timed).output
    assert "0 closes new, 30 equal, 1 in conflict" in output
    assert f"in conflict, so not used: KSE100 {day}" in output


def test_a_row_on_a_day_without_a_session_is_left_out(
    timed: Path, tmp_path: Path, market: Market, run: Run, connect: Connect
) -> None:
    text = closes_csv(market) + "2024-01-07,78824.33\n"  # a Sunday
    output = run("date", "--closes", write(tmp_path / "c.csv", text), "--db", timed).output
    assert "left out, no session on that day: KSE100 2024-01-07" in output
    assert not connect(timed).execute("select 1 from closes where date = '2024-01-07'").fetchone()


def invented(market: Market) -> str:
    """Two per cent above the truth, in every row."""
    head, *rows = closes_csv(market).splitlines()
    pairs = [row.split(",") for row in rows]
    return "\n".join([head, *(f"{day},{float(value) * 1.02:.2f}" for day, value in pairs)])


@pytest.mark.parametrize("archive", ["timed", "bare"])
def test_an_invented_series_is_refused_with_figures(
    archive: str, tmp_path: Path, market: Market, run: Run, request: pytest.FixtureRequest
) -> None:
    db = request.getfixturevalue(archive)
    before = db.read_bytes()
    csv = write(tmp_path / "c.csv", invented(market))
    output = run("date", "--closes", csv, "--db", db, code=1).output
    assert "is contradicted: only" in output
    assert "--force" in output
    assert db.read_bytes() == before
    run("date", "--closes", csv, "--force", "--db", db)


def smoothed(market: Market) -> str:
    """Each close the mean of five days."""
    head, *rows = closes_csv(market).splitlines()
    values = [float(row.split(",")[1]) for row in rows]
    means = [sum(values[max(0, n - 2) : n + 3]) / len(values[max(0, n - 2) : n + 3])
             for n in range(len(values))]  # fmt: skip
    days = [row.split(",")[0] for row in rows]
    return "\n".join([head, *(f"{day},{mean:.2f}" for day, mean in zip(days, means, strict=True))])


def test_a_smoothed_series_is_refused(
    timed: Path, tmp_path: Path, market: Market, run: Run
) -> None:
    csv = write(tmp_path / "c.csv", smoothed(market))
    assert "is contradicted" in run("date", "--closes", csv, "--db", timed, code=1).output


def test_holidays_take_a_day_out_of_the_calendar_and_stay(
    timed: Path, tmp_path: Path, run: Run, connect: Connect
) -> None:
    conn = connect(timed)
    (day,) = conn.execute("select date from trading_days order by date limit 1 offset 9").fetchone()
    csv = write(tmp_path / "days.csv", f"date,open\n{day},no\n")
    run("date", "--holidays", csv, "--db", timed)
    assert not conn.execute("select 1 from sessions where date = ?", (day,)).fetchone()
    assert not conn.execute("select 1 from trading_days where date = ?", (day,)).fetchone()
    before = timed.read_bytes()
    run("date", "--db", timed)
    assert timed.read_bytes() == before


def test_explain_names_witnesses_for_and_against(
    timed: Path, tmp_path: Path, market: Market, run: Run, connect: Connect
) -> None:
    run("date", "--closes", write(tmp_path / "c.csv", closes_csv(market)), "--db", timed)
    row = (
        connect(timed)
        .execute(
            "select digest, date from boards join trading_days on trading_days.id = trading_day_id"
            " where boards.first_captured_at is not null"
        )
        .fetchone()
    )
    output = run("date", "--explain", row["digest"][:12], "--db", timed).output
    assert f"Day: {row['date']}, by close" in output
    assert "for     +" in output
    assert "captured while the site showed that day" in output
    assert "Its bases are the last prices" in output or "Its last prices are" in output


def test_explain_says_why_there_is_no_day(bare: Path, run: Run, connect: Connect) -> None:
    conn = connect(bare)
    one_line = conn.execute("select id from boards where is_single_quote").fetchone()[0]
    full = conn.execute("select id from boards where not is_single_quote").fetchone()[0]
    assert "no KSE100 line" in run("date", "--explain", one_line, "--db", bare).output
    assert "Day: unknown (no evidence)" in run("date", "--explain", full, "--db", bare).output


def test_explain_takes_a_day_and_names_the_docs(timed: Path, run: Run, connect: Connect) -> None:
    date, count = (
        connect(timed)
        .execute(
            "select date, count(*) from boards join trading_days on trading_days.id ="
            " trading_day_id group by date order by date limit 1"
        )
        .fetchone()
    )
    output = run("date", "--explain", date, "--db", timed).output
    assert 1 <= output.count("Board ") <= count
    assert f"Day: {date}, by" in output
    assert output.rstrip().endswith("docs/dating.md")
    assert (
        "has no board of 1999-01-01"
        in run("date", "--explain", "1999-01-01", "--db", timed, code=1).output
    )


def test_explain_of_no_board(bare: Path, run: Run) -> None:
    assert "has no board 99999" in run("date", "--explain", 99999, "--db", bare, code=1).output


def test_explain_of_nothing_does_not_date(bare: Path, run: Run) -> None:
    before = bare.read_bytes()
    assert "it is empty" in run("date", "--explain", "", "--db", bare, code=2).output
    assert bare.read_bytes() == before


def test_a_missing_archive_is_not_made(tmp_path: Path, run: Run) -> None:
    assert "no such file" in run("date", "--db", tmp_path / "none.db", code=1).output
    assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"day,value\n1,2\n", "has no column date"),
        (b"date,close\n2024-05-03,50000\n2024-05-03,50001\n", "two closes"),
        (b"date,close\n03/05/2024,50000\n", "cannot be told apart"),
        (b"\xff\xfe\x00", "cannot be read"),
    ],
)
def test_a_bad_file_changes_nothing(
    data: bytes, words: str, timed: Path, tmp_path: Path, run: Run
) -> None:
    csv = tmp_path / "bad.csv"
    csv.write_bytes(data)
    before = timed.read_bytes()
    assert words in run("date", "--closes", csv, "--db", timed, code=1).output
    assert timed.read_bytes() == before


def test_a_load_without_times_does_not_import_the_calendar(tmp_path: Path) -> None:
    import subprocess
    import sys

    code = (
        "import sys; from click.testing import CliRunner; from loader.cli import main;"
        "result = CliRunner().invoke(main, sys.argv[1:]);"
        "assert result.exit_code == 0, result.output;"
        "assert 'pandas' not in sys.modules and 'exchange_calendars' not in sys.modules"
    )
    command = [sys.executable, "-c", code, "load", str(PAGE), "--db", str(tmp_path / "a.db")]
    subprocess.run(command, check=True)


def test_years_without_a_calendar_are_told_and_dated_once_it_is_there(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = tmp_path / "later.db"
    with monkeypatch.context() as without:
        without.setattr("loader.market.calendar.has_library", lambda: False)
        earlier = ["--captured-at", "2026-06-03T10:15:00Z", "--url", "https://www.brecorder.com/1"]
        run("load", PAGE, "--db", db, *earlier)
        later = ["--captured-at", "2028-05-04T10:15:00Z", "--url", "https://www.brecorder.com/2"]
        told = run("load", PAGE, "--db", db, "--reread", *later).output
        assert "Boards captured in 2028 are not dated" in told
        assert "brecorder-archive[calendar]" in told
        assert "Boards captured in 2028" in run("date", "--db", db).output
    assert "Boards captured in" not in run("date", "--db", db).output
