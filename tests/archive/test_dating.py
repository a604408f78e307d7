"""Days of boards in an archive: order-free, incremental, and never touched for nothing."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from itertools import permutations
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loader.archive.archive import Archive
from loader.archive.connection import open_writable
from loader.archive.dating import date_all
from loader.archive.dating.times import read_sessions
from loader.maintain.dump import dump
from loader.market.lines import LIMIT_TOLERANCE
from loader.market.stated import stated_closes
from loader.page.checks import within_daily_limit
from tests.conftest import ROOT, SAMPLES, Run
from tests.market.archives import (
    append,
    bring_closes,
    in_memory,
    load,
    make_empty,
    make_market,
    score,
    truth_of,
)
from tests.market.simulator import SESSION_MINUTES, Seen, closes_csv, crawl
from tests.reliability import setting

Connect = Callable[[Path], sqlite3.Connection]

MARKET = make_market(7, days=40)
CAPTURES = crawl(MARKET, 160)


def contents(path: Path) -> dict[str, list[str]]:
    with closing(sqlite3.connect(path)) as conn:
        return dump(conn)


def in_parts(path: Path, parts: Sequence[Sequence[Seen]]) -> dict[str, list[str]]:
    path.unlink(missing_ok=True)
    for part in parts:
        load(path, part)
    return contents(path)


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """An archive without captures."""
    path = tmp_path_factory.mktemp("blank") / "archive.db"
    load(path, [])
    conn = sqlite3.connect(path)
    yield conn
    conn.close()


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of CAPTURES, to read."""
    path = tmp_path_factory.mktemp("dating") / "whole.db"
    load(path, CAPTURES)
    return path


@pytest.fixture(scope="module")
def whole(loaded: Path) -> dict[str, list[str]]:
    return contents(loaded)


@settings(max_examples=2 * setting("LOADER_EXAMPLES", 3))
@given(seed=st.integers(), parts=st.sampled_from([1, 2, 3, 8, 25]))
def test_days_do_not_depend_on_the_order_of_loading(
    seed: int, parts: int, whole: dict[str, list[str]], blank: sqlite3.Connection
) -> None:
    shuffled = list(CAPTURES)
    Random(seed).shuffle(shuffled)
    with in_memory(blank) as archive:
        for start in range(parts):
            append(archive, shuffled[start::parts])
        assert dump(archive.conn) == whole


def test_dating_all_after_many_loads_changes_no_byte(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    in_parts(path, [CAPTURES[start::5] for start in range(5)])
    before = path.read_bytes()
    with Archive.open(path) as archive:
        archive.in_transaction(date_all)
    assert path.read_bytes() == before


def test_a_load_after_closes_dates_with_them(tmp_path: Path) -> None:
    csv = closes_csv(MARKET)
    first, second = tmp_path / "first.db", tmp_path / "second.db"
    load(first, CAPTURES)
    bring_closes(first, csv)
    load(second, CAPTURES[:60])
    bring_closes(second, csv)
    load(second, CAPTURES[60:])
    assert contents(second) == contents(first)


def test_samples_in_two_loads_are_dated_as_in_one(tmp_path: Path, run: Run) -> None:
    files = sorted(path for path in SAMPLES.iterdir() if path.suffix in (".txt", ".jsonl", ".gz"))
    run("load", *files, "--db", tmp_path / "one.db")
    run("load", *files[1::2], "--db", tmp_path / "two.db")
    run("load", *files[0::2], "--db", tmp_path / "two.db")
    one, two = contents(tmp_path / "one.db"), contents(tmp_path / "two.db")
    assert one == two


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path = tmp_path_factory.mktemp("empty") / "archive.db"
    make_empty(path)
    conn = sqlite3.connect(path)
    yield conn
    conn.close()


@settings(max_examples=6 * setting("LOADER_EXAMPLES", 3))
@given(seed=st.integers(0, 10**9))
def test_a_further_capture_never_makes_a_right_day_wrong(
    seed: int, empty: sqlite3.Connection
) -> None:
    random = Random(seed)
    market = make_market(random.randrange(20), days=12)
    captures = crawl(market, 20, name=f"further {seed}")
    right: set[str] = set()
    with in_memory(empty) as archive:
        for start, end in ((0, 8), (8, 14), (14, 20)):
            append(archive, captures[start:end])
            days = days_of(archive.conn)
            truth = {
                digest: market.sessions.days[seen.day]
                for digest, seen in truth_of(archive.conn, captures).items()
            }
            turned = [digest for digest in right if days[digest] not in (None, truth[digest])]
            assert not turned
            right |= {digest for digest, day in days.items() if day == truth[digest]}


def days_of(conn: sqlite3.Connection) -> dict[str, str | None]:
    return dict(
        conn.execute(
            "select digest, date from boards"
            " left join trading_days on trading_days.id = trading_day_id"
        )
    )


def test_boards_before_the_opening_have_an_index_day_only(tmp_path: Path, connect: Connect) -> None:
    path = tmp_path / "archive.db"
    market = make_market(5, days=40)
    captures = crawl(market, 300)
    load(path, captures)
    conn = connect(path)
    rows = conn.execute(
        "select boards.*, date from boards join trading_days on trading_days.id = index_day_id"
        " where is_pre_open"
    ).fetchall()
    truth = truth_of(conn, captures)
    assert rows
    for row in rows:
        assert row["trading_day_id"] is None
        assert row["date"] == market.sessions.days[truth[row["digest"]].day]


def test_one_line_boards_have_no_day(loaded: Path, connect: Connect) -> None:
    conn = connect(loaded)
    assert conn.execute("select count(*) from boards where is_single_quote").fetchone()[0] > 5
    rows = conn.execute(
        "select distinct reason, candidates from undated_boards where is_single_quote"
    ).fetchall()
    assert [tuple(row) for row in rows] == [("one share line, no index", None)]


def test_stale_share_bases_are_found_and_get_no_day(tmp_path: Path, connect: Connect) -> None:
    market = make_market(3, days=80)
    captures = crawl(market, 800)
    path = tmp_path / "archive.db"
    load(path, captures)
    conn = connect(path)
    truth = truth_of(conn, captures)
    wanted = {
        digest
        for digest, seen in truth.items()
        if seen.has_stale_shares and not seen.is_single_quote
    }
    found = {row[0] for row in conn.execute("select digest from boards where has_stale_shares")}
    assert found == wanted != set()
    assert not conn.execute(
        "select 1 from boards where has_stale_shares and trading_day_id is not null"
    ).fetchone()
    assert score(path, captures, market.sessions).misplaced == 0


def test_limit_ok_is_the_rule_of_the_checks(loaded: Path, connect: Connect) -> None:
    conn = connect(loaded)
    rows = conn.execute(
        "select price, change, within_daily_limit, date, kind from quotes"
        " join boards on boards.id = board_id"
        " join instruments on instruments.id = instrument_id"
        " left join trading_days on trading_days.id = boards.trading_day_id"
    ).fetchall()
    assert {row["within_daily_limit"] for row in rows} == {None, 0, 1}
    for row in rows:
        if row["date"] is None or row["kind"] == "index":
            assert row["within_daily_limit"] is None
        else:
            price, change = round(row["price"] * 100), round(row["change"] * 100)
            day = date.fromisoformat(row["date"])
            assert row["within_daily_limit"] == within_daily_limit(
                price, change, day, LIMIT_TOLERANCE
            )


def test_views_tell_the_days(loaded: Path, connect: Connect) -> None:
    conn = connect(loaded)
    days = conn.execute("select * from market_days order by date").fetchall()
    assert [row["previous_date"] for row in days[1:]] == [row["date"] for row in days[:-1]]
    numbers = MARKET.sessions.numbers
    for row in days[1:]:
        gap = numbers[row["date"]] - numbers[row["previous_date"]]
        assert row["sessions_since_previous"] == gap
    prices = conn.execute("select * from daily_prices where symbol = 'KSE100'").fetchall()
    assert {row["next_day_agrees"] for row in prices} >= {0, 1}


@pytest.mark.parametrize(
    ("kind", "told", "agrees"),
    [
        ("share", 10_000, 1), ("share", 10_001, 0), ("share", 9_999, 0),
        ("index", 10_000, 1), ("index", 10_040, 1), ("index", 9_945, 1), ("index", 10_055, 1),
        ("index", 10_056, 0), ("index", 9_944, 0), ("index", 10_300, 0),
    ],
)  # fmt: skip
def test_prices_of_two_days_agree_within_their_rounding(
    tmp_path: Path, connect: Connect, kind: str, told: int, agrees: int
) -> None:
    """100.00 on Thursday; on Friday a board that counts from `told` hundredths."""
    path = tmp_path / "archive.db"
    open_writable(path).close()
    conn = connect(path)
    conn.execute("pragma foreign_keys = off")
    conn.execute("insert into instruments (id, symbol, kind) values (9000, 'ZZZ', ?)", (kind,))
    for day, board, previous, following in (
        ("2024-05-02", 1, None, "2024-05-03"), ("2024-05-03", 2, "2024-05-02", None),
    ):  # fmt: skip
        conn.execute(
            "insert into trading_days (id, date, basis, last_board_id, previous_date, next_date,"
            " sessions_since_previous) values (:id, :date, 'close', :board, :previous, :next, 1)",
            {"id": int(day.replace("-", "")), "date": day, "board": board, "previous": previous,
             "next": following},
        )  # fmt: skip
        conn.execute(
            "insert into boards (id, digest, quote_count, advancer_count, decliner_count,"
            " unchanged_count, is_pre_open, is_single_quote) values (?, ?, 1, 0, 0, 0, 0, 0)",
            (board, str(board)),
        )
        change = 0 if board == 1 else 170
        conn.execute(
            "insert into quotes (board_id, instrument_id, position, direction_sign,"
            " price_hundredths, change_hundredths, percent_hundredths)"
            " values (?, 9000, 1, 1, ?, ?, 0)",
            (board, 10_000 if board == 1 else told + change, change),
        )
    row = conn.execute("select * from daily_prices where date = '2024-05-02'").fetchone()
    assert row["price_told_next_day"] == told / 100
    assert row["next_day_agrees"] == agrees


def test_conflicts_are_kept_with_both_witnesses(tmp_path: Path, connect: Connect) -> None:
    """A crawler's clock a year early against the closes."""
    ordinary = [seen for seen in CAPTURES if seen.is_ordinary and seen.capture.captured_at]
    wrong = next(seen for seen in ordinary if seen.minute == SESSION_MINUTES)
    captures = [
        replace(wrong, capture=replace(wrong.capture, captured_at="2021-06-02T10:00:00Z")),
        *(seen for seen in ordinary if seen.day != wrong.day),
    ]
    path = tmp_path / "archive.db"
    load(path, captures)
    bring_closes(path, closes_csv(MARKET))
    conn = connect(path)
    row = conn.execute("select * from problems where kind = 'day-conflict'").fetchone()
    assert "captured before that day opened" in row["excerpt"]
    assert "close" in row["excerpt"]


def test_a_symbol_that_is_printed_as_two_kinds_counts_as_the_archive_has_it(
    tmp_path: Path, run: Run
) -> None:
    """ZZZ is a share, since one page prints it as one: also on boards loaded before and after
    on which it looks like an index, and whose lines were made before that was known."""
    prints = [
        "ZZZ 120 No Change 0 (0%)",
        "ZZZ 12.10 Increased By ▲ 0.10 (0.83%)",
        "ZZZ 121 Increased By 1 (0.83%)",
    ]
    pages = []
    for number, line in enumerate(prints):
        page = tmp_path / f"{number}.txt"
        page.write_text(
            f"HBL 112.40 Decreased By ▼ -0.36 (-0.32%)\n{line}\n"
            f"KSE100 71,90{number} Increased By 1,235.{number} (1.75%)\n"
        )
        pages.append(page)
    wanted = None
    for order in permutations(pages):
        db = tmp_path / "a.db"
        db.unlink(missing_ok=True)
        for page in order:
            run("load", page, "--captured-at", "2024-05-03T10:15:00Z", "--db", db)
        run("verify", "--all", "--db", db)
        found = contents(db)
        assert wanted in (None, found)
        wanted = found
    run("load", *pages, "--captured-at", "2024-05-03T10:15:00Z", "--db", tmp_path / "b.db")
    assert contents(tmp_path / "b.db") == wanted
    run("verify", "--all", "--db", tmp_path / "b.db")


def test_closes_that_articles_state_are_found_whatever_the_index_is_called(
    tmp_path: Path, run: Run, connect: Connect
) -> None:
    """The full-text index leads to them: no form of a name may be one that it passes over."""
    stated = {
        "The KSE-100 Index closed at 46,300.66, up 321.94 points.": ("KSE100", 46300.66),
        "The KSE 100 gained 1,021.9 points to close at 159,280.09 points.": ("KSE100", 159280.09),
        "At the close, the KSE100 finished the day at 71,902.09.": ("KSE100", 71902.09),
        "The KSE-30 Index lost 12.5 points to settle at 23,595.02 points.": ("KSE30", 23595.02),
        "BRIndex100 ended at 4,700.12 points.": ("BR100", 4700.12),
        "“BR100” ended at 4,701.12 points.": ("BR100", 4701.12),
        "Meanwhile, BRIndex30 closed at 21,111.93, down 0.3 per cent.": ("BR30", 21111.93),
        "The rupee closed at 278.56 against the US dollar.": None,
    }
    lines = [
        json.dumps({"text": f"Stocks\n\nPublished 06 May, 2024 06:30pm\n\nKARACHI: {text}"})
        for text in stated
    ]
    (tmp_path / "pages.jsonl").write_text("\n".join(lines))
    run("load", tmp_path / "pages.jsonl", "--db", tmp_path / "a.db")
    rows = connect(tmp_path / "a.db").execute(
        "select symbol, value, date_to from stated_closes where kind = 'close'"
    )
    wanted = [(*close, "2024-05-06") for close in stated.values() if close]
    assert sorted(map(tuple, rows)) == sorted(wanted)


def test_closes_of_the_samples_are_those_that_their_texts_state(sample_archive: Path) -> None:
    with closing(sqlite3.connect(sample_archive)) as conn:
        sessions = read_sessions(conn)
        wanted = {
            (article_id, found.symbol, found.start)
            for article_id, published_at, body in conn.execute(
                "select id, published_at, body from articles"
            )
            for found in stated_closes(body, published_at, sessions)
        }
        rows = set(conn.execute("select article_id, symbol, span_start from stated_closes"))
    assert rows == wanted
    assert len(rows) > 20


def test_moves_that_headlines_and_listings_state_are_found(
    tmp_path: Path, run: Run, connect: Connect
) -> None:
    listing = (ROOT / "tests" / "html_cases" / "listing.html").read_text()
    (tmp_path / "page.txt").write_text(
        "KSE-100 gains 530.5 points\n\nBR Web Desk Published 06 May, 2024 06:30pm\n\n"
        "KARACHI: Cement shares led. The KSE-30 fell 0.45 per cent.\n"
    )
    (tmp_path / "listing.html").write_text(
        listing.replace("Story number 2 of", "PSX sheds 312 points in", 1)
    )
    run("load", tmp_path / "page.txt", tmp_path / "listing.html", "--db", tmp_path / "a.db")
    rows = connect(tmp_path / "a.db").execute(
        "select place, symbol, points_hundredths, percent_hundredths, date_to from stated_moves"
    )
    found = {tuple(row) for row in rows}
    assert ("headline", "KSE100", 53050, None, "2024-05-06") in found
    assert ("body", "KSE30", None, -45, "2024-05-06") in found
    assert len(found) == 3
    assert {row[2] for row in found} == {53050, None, -31200}


def test_boards_that_tell_of_holidays_are_a_finding_and_change_no_calendar(
    tmp_path: Path, run: Run, connect: Connect
) -> None:
    page = SAMPLES / "2025-section-print-date.txt"
    db = tmp_path / "a.db"
    for number, day in enumerate(("24", "25", "26", "27")):
        url = f"https://www.brecorder.com/news/4040000{number}"
        run("load", page, "--url", url, "--captured-at", f"2024-09-{day}T11:00:00Z", "--db", db)
    (row,) = connect(db).execute("select * from problems where kind = 'possible-holidays'")
    assert row["detail"] == (
        "boards captured from 2024-09-24 to 2024-09-27 all show one day: the exchange may have been"
        " closed on 2024-09-25, 2024-09-26, 2024-09-27; `loader date --holidays` tells the calendar"
    )
    assert row["board_id"] is not None
    days = {day for (day,) in connect(db).execute("select date from sessions")}
    assert {"2024-09-25", "2024-09-26"} <= days
    (tmp_path / "closed.csv").write_text("date\n2024-09-25\n2024-09-26\n2024-09-27\n")
    run("date", "--holidays", tmp_path / "closed.csv", "--db", db)
    assert (
        not connect(db)
        .execute("select 1 from problems where kind = 'possible-holidays'")
        .fetchone()
    )


def test_a_day_on_which_a_holiday_may_fall_is_told_and_mended(
    tmp_path: Path, run: Run, connect: Connect
) -> None:
    page, db = SAMPLES / "2025-section-print-date.txt", tmp_path / "a.db"
    run("load", page, "--url", "https://www.brecorder.com/news/40400000",
        "--captured-at", "2026-08-26T11:00:00Z", "--db", db)  # fmt: skip
    asked = "select date, basis from trading_days"
    assert [tuple(row) for row in connect(db).execute(asked)] == [
        ("2026-08-26", "capture, alone, unconfirmed")
    ]
    said = run("date", "--explain", "1", "--db", db).output
    assert "Eid Milad-un-Nabi follows the moon and may fall on that day" in said
    assert "loader date --holidays" in said
    (tmp_path / "closed.csv").write_text("date\n2026-08-26\n")
    run("date", "--holidays", tmp_path / "closed.csv", "--db", db)
    assert [tuple(row) for row in connect(db).execute(asked)] == [("2026-08-25", "capture, alone")]
