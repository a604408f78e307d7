"""Write a large invented archive by bulk inserts, for `benchmarks.serve`."""

from __future__ import annotations

import datetime
import hashlib
import random
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import zstandard

from benchmarks.synthetic import INDICES, SHARES
from loader.archive.archive import Archive
from loader.archive.connection import refresh_statistics
from loader.archive.ids import insert_into
from loader.archive.scripts import without_trigger
from loader.page.digest import capture_digest
from loader.rows.records import QUOTE_COLUMNS

FIRST_DAY = datetime.date(2015, 1, 1)
LAST_DAY = datetime.date(2024, 12, 31)
SECTIONS = ("Markets", "Pakistan", "World", "Business & Finance", "Opinion", "Sports", None)
PLACES = ("KARACHI", "LAHORE", "ISLAMABAD", "LONDON", "TOKYO", "NEW YORK", None)
AGENCIES = ("Reuters", "AFP", None, None)


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is of an archive; a board has 34 quotes."""

    boards: int
    articles: int


BIG = Size(boards=150_000, articles=100_000)
SMALL = Size(boards=1_500, articles=1_000)


def build(path: Path, size: Size) -> None:
    """Write the archive; a file that was begun and not finished has another name."""
    begun = path.with_suffix(".begun")
    begun.unlink(missing_ok=True)
    with Archive.open(begun) as archive:
        conn = archive.conn
        conn.execute("pragma journal_mode = off")
        conn.execute("pragma synchronous = off")
        conn.execute("pragma foreign_keys = off")
        conn.execute("begin")
        days = _trading_days()
        conn.execute(
            "insert into loads (id, started_at, loader_version, parser_version)"
            " values (1, '2025-01-01T00:00:00Z', '0', 0)"
        )
        conn.execute("insert into sources values (1, 'invented', 'text')")
        _write_boards(conn, size, days)
        _write_days(conn, days)
        _write_articles(conn, size)
        _write_snapshots(conn, size)
        conn.execute("commit")
        refresh_statistics(conn)
    begun.rename(path)


def _trading_days() -> list[datetime.date]:
    span = (LAST_DAY - FIRST_DAY).days + 1
    days = (FIRST_DAY + datetime.timedelta(days=number) for number in range(span))
    return [day for day in days if day.weekday() < 5]


def _number(day: datetime.date) -> int:
    return day.year * 10000 + day.month * 100 + day.day


def _board_day(board_id: int, size: Size, days: list[datetime.date]) -> datetime.date:
    return days[(board_id - 1) * len(days) // size.boards]


def _write_boards(conn: sqlite3.Connection, size: Size, days: list[datetime.date]) -> None:
    conn.execute("drop index quotes_instrument")
    conn.executemany(
        "insert into boards (id, digest, trading_day_id, index_day_id, first_captured_at,"
        " last_captured_at, quote_count, advancer_count, decliner_count, unchanged_count,"
        " is_pre_open, is_single_quote)"
        " values (:id, :digest, :day, :day, :time, :time, 34, 15, 14, 1, 0, 0)",
        _board_rows(size, days),
    )
    conn.executemany(
        insert_into("quotes", ("board_id", "instrument_id", *QUOTE_COLUMNS)),
        _quote_rows(conn, size),
    )
    conn.execute("create index quotes_instrument on quotes (instrument_id, board_id)")
    conn.execute(
        "insert into board_groups (id, digest, board_count, kse100_base_min_hundredths,"
        " kse100_base_max_hundredths, reason) values (1, 'none', 1, 1, 1, 'no evidence')"
    )
    conn.execute(
        "insert into board_indices (board_id, group_id, kse100_hundredths,"
        " kse100_base_hundredths, share_prices_hash, share_bases_hash)"
        " select id, case when trading_day_id is null then 1 end, id, id, id, id from boards"
    )


def _board_rows(size: Size, days: list[datetime.date]) -> Iterator[dict[str, object]]:
    chance = random.Random(1)
    for board_id in range(1, size.boards + 1):
        day = _board_day(board_id, size, days)
        # One board in thirty has no known day.
        number = None if board_id % 30 == 0 else _number(day)
        time = f"{day}T{chance.randint(4, 10):02}:{chance.randint(0, 59):02}:00Z"
        digest = hashlib.sha256(b"board%d" % board_id).hexdigest()
        yield {"id": board_id, "digest": digest, "day": number, "time": time}


def _quote_rows(conn: sqlite3.Connection, size: Size) -> Iterator[tuple[object, ...]]:
    chance = random.Random(2)
    ids = dict(conn.execute("select symbol, id from instruments"))
    lines = [(ids[symbol], 10_000) for symbol in SHARES]
    lines += [(ids[symbol], level * 100) for symbol, level in INDICES]
    order = sorted(range(len(lines)), key=lambda index: lines[index][0])
    for board_id in range(1, size.boards + 1):
        for index in order:
            instrument_id, base = lines[index]
            percent = chance.randint(-400, 400)
            change = base * percent // 10_000
            # One quote in ten thousand fails its check.
            error = 0 if chance.random() > 0.0001 else 30
            sign = (change > 0) - (change < 0)
            yield board_id, instrument_id, index + 1, sign, base + change, change, percent, error


def _write_days(conn: sqlite3.Connection, days: list[datetime.date]) -> None:
    conn.executemany(
        "insert into trading_days (id, date, basis) values (?, ?, 'capture')",
        [(_number(day), day.isoformat()) for day in days],
    )
    conn.execute(
        """
        update trading_days set
            board_count = (select count(*) from boards where index_day_id = trading_days.id),
            last_board_id = (
                select id from boards where trading_day_id = trading_days.id
                order by first_captured_at desc limit 1
            ),
            previous_date = (
                select date from trading_days as before where before.id < trading_days.id
                order by before.id desc limit 1
            ),
            next_date = (
                select date from trading_days as after where after.id > trading_days.id
                order by after.id limit 1
            ),
            sessions_since_previous = 1
        """
    )
    conn.execute("update trading_days set index_board_id = last_board_id")
    conn.execute("delete from trading_days where board_count = 0 or last_board_id is null")
    conn.execute(
        "insert into board_groups (digest, board_count, kse100_base_min_hundredths,"
        " kse100_base_max_hundredths, trading_day_id, basis)"
        " select date, board_count, 1, 1, id, basis from trading_days"
    )
    conn.execute(
        "insert into day_witnesses (group_id, kind, date_from, date_to, weight, detail,"
        " is_accepted)"
        " select board_groups.id, 'capture', trading_days.date, trading_days.date, 40,"
        " 'captured that day', 1 from board_groups"
        " join trading_days on trading_days.id = board_groups.trading_day_id"
    )


def _write_articles(conn: sqlite3.Connection, size: Size) -> None:
    conn.executemany(
        "insert into pages (id, url, news_id) values (?, ?, ?)",
        (
            (number, f"https://www.brecorder.com/news/{number}", number)
            for number in range(1, size.articles + 1)
        ),
    )
    with without_trigger(conn, "articles_fts_insert"):
        conn.executemany(
            "insert into articles (id, digest, page_id, headline, section, byline, agency,"
            " dateline, article_date, article_date_basis, published_at, word_count, body)"
            " values (?, ?, ?, ?, ?, 'Recorder Report', ?, ?, ?, 'published', ?, ?, ?)",
            ((*row[:8], row[7], *row[8:]) for row in _article_rows(size)),
        )
    conn.execute("insert into articles_fts (articles_fts) values ('rebuild')")
    conn.execute(
        "insert into article_claims (id, digest, article_id, headline)"
        " select id, digest, id, headline from articles"
    )
    ids = dict(conn.execute("select symbol, id from instruments"))
    chance = random.Random(4)
    conn.executemany(
        "insert into mentions (article_id, instrument_id, mention_count) values (?, ?, 1)",
        (
            (article_id, instrument_id)
            for article_id in range(1, size.articles + 1)
            for instrument_id in {
                ids[chance.choice((*SHARES, "KSE100", "KSE100"))]
                for _ in range(article_id % 3)
            }
        ),
    )  # fmt: skip


def _article_rows(size: Size) -> Iterator[tuple[object, ...]]:
    chance = random.Random(3)
    words = [
        f"{a}{b}{c}" for a in "bdfgklmnprst" for b in "aeiou" for c in ("ran", "lo", "mi", "ked")
    ]
    span = (LAST_DAY - FIRST_DAY).days
    for number in range(1, size.articles + 1):
        text = chance.choices(words, k=180)
        if number % 5 == 0:
            text[chance.randrange(180)] = "cotton"
        if number % (size.articles // 7) == 0:
            text[3] = "rareword"
        day = FIRST_DAY + datetime.timedelta(days=chance.randint(0, span))
        body = (
            " ".join(text[:60]) + ".\n\n" + " ".join(text[60:120]) + ".\n\n" + " ".join(text[120:])
        )
        # One page in twenty has a second text.
        page = number - 1 if number % 20 == 0 else number
        published = f"{day}T{chance.randint(0, 23):02}:15:00+05:00"
        yield (
            number, hashlib.sha256(b"article%d" % number).hexdigest(), page,
            " ".join(chance.choices(words, k=7)).capitalize(), chance.choice(SECTIONS),
            chance.choice(AGENCIES), chance.choice(PLACES), published, 180, body,
        )  # fmt: skip


def _write_snapshots(conn: sqlite3.Connection, size: Size) -> None:
    """A capture for each board; articles are captured again and again."""
    conn.execute(
        """
        insert into snapshots (id, digest, page_id, board_id, article_id, claim_id, captured_at,
            captured_basis, layout, source_id, load_id)
        select id, digest, id % :articles + 1, id, id % :articles + 1, id % :articles + 1,
            first_captured_at,
            'WARC-Date', case id % 3 when 0 then 'seed' when 1 then 'logo' else 'headline' end, 1, 1
        from boards
        """,
        {"articles": size.articles},
    )
    page = b"an invented page\n" * 200
    conn.create_function("capture_digest", 2, lambda url, time: capture_digest(page, url, time))
    conn.execute(
        "update snapshots set digest = capture_digest("
        "(select url from pages where pages.id = snapshots.page_id), captured_at)"
    )
    packed = zstandard.ZstdCompressor().compress(page)
    conn.execute(
        "insert into raw_captures (snapshot_id, media_type, size, data)"
        " select id, 'text/plain', 3400, ? from snapshots",
        (packed,),
    )
