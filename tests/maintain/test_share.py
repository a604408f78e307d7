"""Shared copies: complete or with parts left out, sound, and cheap to read."""

from __future__ import annotations

import hashlib
import http.server
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from loader.maintain.dump import dump
from loader.maintain.share.history_pages import HISTORY
from tests.archive.captures import content_of
from tests.conftest import SAMPLES, Run, count_in

Connect = Callable[[Path], sqlite3.Connection]


@pytest.fixture
def shared(tmp_path: Path, sample_archive: Path, run: Run) -> Callable[..., Path]:
    """A copy of the samples made with these options."""
    numbers = iter(range(9))

    def make(*options: object) -> Path:
        out = tmp_path / f"shared-{next(numbers)}.db"
        run("share", out, "--db", sample_archive, *options)
        return out

    return make


def _count(path: Path, connect: Connect, sql: str) -> int:
    (count,) = connect(path).execute(sql).fetchone()
    return int(count)


def test_complete_copy_has_the_same_content(shared, sample_archive: Path, run: Run) -> None:
    copy = shared()
    assert content_of(copy) == content_of(sample_archive)
    assert "no damage found" in run("verify", "--all", "--db", copy).output


def test_copy_is_one_file_with_statistics_and_its_digest_is_told(
    tmp_path: Path, sample_archive: Path, run: Run, connect: Connect
) -> None:
    out = tmp_path / "copy" / "shared.db"
    out.parent.mkdir()
    output = run("share", out, "--db", sample_archive).output
    assert [path.name for path in out.parent.iterdir()] == ["shared.db"]
    assert f"SHA-256 {hashlib.sha256(out.read_bytes()).hexdigest()}" in output
    conn = connect(out)
    assert conn.execute("pragma journal_mode").fetchone()[0] == "delete"
    assert conn.execute("select count(*) from sqlite_stat1").fetchone()[0] > 10
    (row,) = conn.execute("select * from provenance").fetchall()
    assert row["left_out"] == ""
    assert row["quote_count"] == conn.execute("select count(*) from quotes").fetchone()[0]


def test_captures_left_out_by_their_time_are_counted(
    tmp_path: Path, sample_archive: Path, run: Run, connect: Connect
) -> None:
    time = "coalesce(captured_at, masthead_date, corpus_date)"
    count = "select count(*) from snapshots where "
    timeless = _count(sample_archive, connect, f"{count} {time} is null")
    outside = _count(sample_archive, connect, f"{count} {time} < '2024-04-01'")
    assert timeless
    assert outside
    output = run("share", tmp_path / "a.db", "--since", "2024-04-01", "--db", sample_archive).output
    assert f"left out: captures without a known time: {timeless}\n" in output
    assert f"left out: captures not from 2024-04-01 to the last: {outside}\n" in output
    (row,) = connect(tmp_path / "a.db").execute("select left_out from provenance")
    assert f"without a known time: {timeless}" in row["left_out"]


def test_a_copy_that_is_larger_than_the_archive_says_why(
    tmp_path: Path, sample_archive: Path, run: Run
) -> None:
    output = run("share", tmp_path / "a.db", "--without", "raw", "--db", sample_archive).output
    assert "larger than the archive: its larger pages" in output
    small = run("share", tmp_path / "b.db", "--since", "2100-01-01", "--db", sample_archive).output
    assert "larger than" not in small


def test_without_raw_everything_else_stays(shared, sample_archive: Path, run: Run) -> None:
    copy = shared("--without", "raw")
    found, wanted = content_of(copy), content_of(sample_archive)
    assert found.pop("raw_captures") == []
    wanted.pop("raw_captures")
    assert found == wanted
    kept = f"{count_in(sample_archive, 'raw_captures')} kept without raw bytes"
    assert kept in run("verify", "--all", "--db", copy).output


def test_facts_hold_no_text(shared, connect: Connect, sample_archive: Path, run: Run) -> None:
    copy = shared("--without", "text")
    said = copy.read_bytes()
    for (body,) in connect(sample_archive).execute("select body from articles where body <> ''"):
        assert body[-40:].encode() not in said
    conn = connect(copy)
    assert conn.execute("select count(*) from articles where headline is not null").fetchone()[0]
    found = conn.execute(
        "select count(*) from articles_fts where articles_fts match 'body:traders'"
    )
    assert found.fetchone()[0] == 0
    assert count_in(copy, "quotes") == count_in(sample_archive, "quotes")
    assert "no damage found" in run("verify", "--all", "--db", copy).output


def test_facts_become_whole_again_by_merging_the_archive(
    shared, sample_archive: Path, run: Run, tmp_path: Path
) -> None:
    facts = shared("--without", "text")
    run("merge", tmp_path / "whole.db", facts, sample_archive)
    run("merge", tmp_path / "other.db", sample_archive, facts)
    wanted = content_of(sample_archive)
    for name in ("whole.db", "other.db"):
        found = content_of(tmp_path / name)
        differing = {table for table in wanted if found[table] != wanted[table]}
        # Excerpts were left out of problems that the whole archive has in full.
        assert differing <= {"problems"}


def test_span_of_time_is_what_a_load_of_these_captures_gives(
    shared, connect: Connect, run: Run
) -> None:
    copy = shared("--since", "2024-04-01", "--until", "2024-04-30")
    conn = connect(copy)
    first, last = conn.execute(
        "select min(coalesce(captured_at, masthead_date, corpus_date)),"
        " max(coalesce(captured_at, masthead_date, corpus_date)) from snapshots"
    ).fetchone()
    assert "2024-04-01" <= first <= last < "2024-05-01"
    assert "no damage found" in run("verify", "--all", "--db", copy).output
    assert run("reparse", "--db", copy).output.endswith("nothing changes\n")


def test_symbols_leave_only_their_quotes_and_articles_that_name_them(
    shared, connect: Connect, run: Run, sample_archive: Path
) -> None:
    copy = shared("--symbols", "ogdc, KSE100")
    symbols = connect(copy).execute(
        "select distinct symbol from quotes join instruments on instruments.id = instrument_id"
    )
    assert {row[0] for row in symbols} == {"OGDC", "KSE100"}
    history = "select trading_day, price from quote_history where symbol = 'KSE100' order by 1, 2"
    assert [tuple(row) for row in connect(copy).execute(history)] == [
        tuple(row) for row in connect(sample_archive).execute(history)
    ]
    assert _count(copy, connect, "select count(*) from raw_captures") == 0
    named = "select count(*) from articles where id not in (select article_id from mentions)"
    assert _count(copy, connect, named) == 0
    assert "no damage found" in run("verify", "--db", copy).output


def test_symbol_that_is_none_is_told_and_leaves_no_file(
    tmp_path: Path, sample_archive: Path, run: Run
) -> None:
    out = tmp_path / "x" / "out.db"
    out.parent.mkdir()
    output = run("share", out, "--symbols", "NONE1", "--db", sample_archive, code=1).output
    assert "NONE1: is not a symbol of this archive" in output
    assert list(out.parent.iterdir()) == []


@pytest.mark.parametrize(
    "limits",
    [
        ("--symbols", ""),
        ("--symbols", " , "),
        ("--since", "2024-04-02", "--until", "2024-04-01"),
        ("--since", "2024-04-02", "--until", "2024-04-01T23:59:59Z"),
    ],
)
def test_limits_that_limit_nothing_or_all_are_refused(
    tmp_path: Path, sample_archive: Path, run: Run, limits: tuple[str, ...]
) -> None:
    # A script's empty variable must not share the whole archive.
    output = run("share", tmp_path / "a.db", *limits, "--db", sample_archive, code=2).output
    assert "Error: " in output
    assert not (tmp_path / "a.db").exists()


def test_one_day_is_a_span(tmp_path: Path, sample_archive: Path, run: Run) -> None:
    limits = ("--since", "2024-04-03T09:00:00Z", "--until", "2024-04-03")
    run("share", tmp_path / "a.db", *limits, "--db", sample_archive)


def test_symbol_that_is_another_name_is_answered_with_the_symbol(
    tmp_path: Path, sample_archive: Path, run: Run
) -> None:
    out = tmp_path / "out.db"
    output = run("share", out, "--symbols", "ogdcl", "--db", sample_archive, code=1).output
    assert "OGDCL: is not a symbol of this archive (Did you mean OGDC?)" in output


def test_closes_stay_with_their_keeper_unless_asked_for(
    tmp_path: Path, sample_archive: Path, run: Run, connect: Connect
) -> None:
    db = shutil.copy(sample_archive, tmp_path / "mine.db")
    closes = tmp_path / "closes.csv"
    closes.write_text("date,close\n2024-04-02,66,886.26\n".replace("66,886", "66886"))
    run("date", "--closes", closes, "--force", "--db", db, "-q")
    assert "left out: closes" in run("share", tmp_path / "a.db", "--db", db).output
    run("share", tmp_path / "b.db", "--with-closes", "--db", db)
    assert _count(tmp_path / "a.db", connect, "select count(*) from closes") == 0
    assert _count(tmp_path / "b.db", connect, "select count(*) from closes") == 1
    days = "select count(*) from boards where trading_day_id is not null"
    assert _count(tmp_path / "a.db", connect, days) == _count(tmp_path / "b.db", connect, days)


def test_file_that_is_there_is_not_overwritten(
    tmp_path: Path, sample_archive: Path, run: Run
) -> None:
    out = tmp_path / "out.db"
    out.write_text("mine")
    assert "exists already" in run("share", out, "--db", sample_archive, code=1).output
    assert out.read_text() == "mine"


def test_copy_of_a_share_says_what_both_left_out(
    shared, tmp_path: Path, run: Run, connect: Connect
) -> None:
    run("share", tmp_path / "second.db", "--without", "raw", "--db", shared("--without", "text"))
    rows = connect(tmp_path / "second.db").execute("select left_out from provenance order by id")
    assert ["texts" in row[0] for row in rows] == [True, False]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts what a process reads")
def test_history_of_a_symbol_touches_few_pages(
    tmp_path: Path, sample_archive: Path, run: Run
) -> None:
    output = run("share", tmp_path / "out.db", "--db", sample_archive).output
    line = re.search(r"reads ([\d,]+) of ([\d,]+) pages", output)
    assert line
    read, pages = (int(number.replace(",", "")) for number in line.groups())
    assert read < pages / 7


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="no sqlite3 shell here")
def test_copy_opens_in_the_sqlite_shell_read_only(shared) -> None:
    result = subprocess.run(
        ["sqlite3", "-readonly", f"file:{shared()}?immutable=1",
         "select count(*) from daily_prices; select count(*) from articles_fts('cotton');"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    prices, articles = map(int, result.stdout.split())
    assert prices > 100
    assert articles > 0


def test_copy_opens_immutable_in_datasette(shared) -> None:
    from datasette.app import Datasette

    async def ask() -> int:
        datasette = Datasette([], immutables=[str(shared())])
        await datasette.invoke_startup()
        (name,) = [name for name in datasette.databases if name.startswith("shared")]
        response = await datasette.client.get(f"/{name}/quality.json?_shape=array")
        assert response.status_code == 200
        return len(response.json())

    import asyncio

    assert asyncio.run(ask()) > 5


class _Ranges(http.server.SimpleHTTPRequestHandler):
    """Serves byte ranges of one file, as any web server does."""

    path_of: Path
    asked: list[tuple[int, int]]
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        start, end = map(int, self.headers["Range"].removeprefix("bytes=").split("-"))
        with self.path_of.open("rb") as file:
            file.seek(start)
            data = file.read(end - start + 1)
        self.asked.append((start, len(data)))
        self.send_response(206)
        size = self.path_of.stat().st_size
        self.send_header("Content-Range", f"bytes {start}-{start + len(data) - 1}/{size}")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


@contextmanager
def _served(path: Path) -> Iterator[tuple[str, type[_Ranges]]]:
    """The address of a file, and what counts the ranges that are asked of it."""
    handler = type("Handler", (_Ranges,), {"path_of": path, "asked": []})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/shared.db", handler
    server.shutdown()
    thread.join()
    server.server_close()


def test_header_and_schema_are_read_over_http_ranges(shared) -> None:
    """The first page says all that a reader of ranges needs: page size, schema, no WAL."""
    with _served(shared()) as (address, _):
        page = httpx.get(address, headers={"Range": "bytes=0-4095"}).content
    assert page.startswith(b"SQLite format 3\x00")
    assert int.from_bytes(page[16:18], "big") == 4096
    assert page[18:20] == b"\x01\x01"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts what a process reads")
def test_history_of_a_symbol_is_read_over_http_ranges_in_the_pages_that_share_told(
    sample_archive: Path, tmp_path: Path, run: Run, connect: Connect
) -> None:
    from tests.maintain.range_vfs import ask_over_http

    out = tmp_path / "out.db"
    output = run("share", out, "--db", sample_archive).output
    message = r"history of (\w+) \(([\d,]+) quotes\) reads ([\d,]+) of ([\d,]+) pages"
    told = re.search(message, output)
    assert told
    symbol, (quotes, read, pages) = told[1], (int(n.replace(",", "")) for n in told.groups()[1:])
    wanted = [tuple(row) for row in connect(sample_archive).execute(HISTORY, (symbol,))]
    assert len(wanted) == quotes
    with _served(out) as (address, handler):
        found = ask_over_http(address, HISTORY, symbol)
    assert Counter(found) == Counter(wanted)
    whole = [start for start, size in handler.asked if size == 4096]
    assert len(whole) == read < pages / 7
    assert sum(size for _, size in handler.asked) < out.stat().st_size / 7


def test_share_during_a_load_is_a_whole_archive(
    tmp_path: Path, run: Run, sample_archive: Path
) -> None:
    """The copy holds what was committed when it began, and the load goes on."""
    db = tmp_path / "archive.db"
    pages = sorted(SAMPLES.glob("*.txt"))
    run("load", *pages[:10], "--db", db, "-q")
    load = subprocess.Popen(
        [sys.executable, "-m", "loader", "load", str(SAMPLES), "--db", str(db), "-q"]
    )
    copies = []
    while load.poll() is None and len(copies) < 8:
        copies.append(tmp_path / f"copy-{len(copies)}.db")
        run("share", copies[-1], "--db", db)
    assert load.wait() == 0
    assert copies
    for copy in copies:
        conn = sqlite3.connect(copy)
        assert conn.execute("pragma integrity_check").fetchone()[0] == "ok"
        assert len(dump(conn)["snapshots"]) in (10, count_in(sample_archive, "snapshots"))
        conn.close()
    assert "no damage found" in run("verify", "--all", "--db", db).output
