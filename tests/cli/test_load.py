"""`loader load`: rows, messages, exit codes."""

from __future__ import annotations

import gzip
import hashlib
import json
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from loader.archive.raw import RawReader
from tests.conftest import SAMPLES, Run

Connect = Callable[[Path], sqlite3.Connection]
SEED_LAYOUT = SAMPLES / "2024-seed-layout-teaser.txt"
DATED = SAMPLES / "2017-10-later-wrap.txt"


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "archive.db"


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _rows(conn: sqlite3.Connection, sql: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in conn.execute(sql)]


def test_load_ends_with_a_table_of_what_it_did(db: Path, run: Run) -> None:
    output = run("load", SEED_LAYOUT, "--db", db).output
    figures = dict(line.rsplit(maxsplit=1) for line in output.splitlines() if line[:1].islower())
    assert figures["captures read"] == "1"
    assert figures["new snapshots"] == "1"
    assert figures["new boards"] == "1"
    assert figures["new quotes"] == "34"
    assert figures["new articles"] == "1"
    assert figures["duplicates"] == "0"
    assert figures["new problems"] == "0"
    assert "seconds" in figures


def test_quiet_load_prints_nothing(db: Path, run: Run) -> None:
    assert run("load", SEED_LAYOUT, "--db", db, "--quiet").output == ""


@pytest.mark.parametrize("name", ["empty", "styles"])
def test_a_folder_without_captures_is_reported(
    db: Path, tmp_path: Path, run: Run, name: str
) -> None:
    folder = tmp_path / name
    folder.mkdir()
    if name == "styles":
        (folder / "a.css").write_text("a { color: red }")
    for command in (("load", folder, "--db", db), ("parse", folder)):
        result = run(*command)
        assert result.exit_code == 0
        assert "Nothing found: no file of a kind that is read" in result.output


def test_loading_again_changes_no_byte_of_the_file(db: Path, run: Run) -> None:
    run("load", SAMPLES, "--db", db)
    before = _digest(db)
    output = run("load", SAMPLES, "--db", db).output
    assert "new snapshots    0" in " ".join(output.split("\n")) or "new snapshots" in output
    assert _digest(db) == before
    assert sorted(path.name for path in db.parent.iterdir()) == ["archive.db"]


def test_every_raw_capture_comes_back_byte_for_byte(db: Path, run: Run, connect: Connect) -> None:
    run("load", SAMPLES, "--db", db)
    conn = connect(db)
    reader = RawReader(conn)
    files = {
        location: snapshot_id
        for snapshot_id, location in conn.execute(
            "select snapshots.id, location from snapshots"
            " join sources on sources.id = source_id where kind = 'text'"
        )
    }
    refused = {
        location
        for (location,) in conn.execute(
            "select location from problems join sources on sources.id = source_id"
            " where snapshot_id is null"
        )
    }
    assert files.keys() | refused >= {str(path) for path in SAMPLES.glob("*.txt")}
    assert not files.keys() & refused
    for location, snapshot_id in files.items():
        assert reader.read(snapshot_id) == Path(location).read_bytes()


def test_url_and_capture_time_given_on_the_command_line_are_kept_with_their_basis(
    db: Path, run: Run, connect: Connect
) -> None:
    url = "http://brecorder.com/news/amp/40301234/a-slug?utm=x"
    run("load", SEED_LAYOUT, "--db", db, "--url", url, "--captured-at", "2024-05-03T15:15+05:00")
    row = connect(db).execute(
        "select reported_url, pages.url as page_url, news_id, captured_at, captured_basis"
        " from snapshots join pages on pages.id = page_id"
    )
    assert tuple(row.fetchone()) == (
        url,
        "https://www.brecorder.com/news/40301234",
        40301234,
        "2024-05-03T10:15:00Z",
        "option",
    )


def test_one_page_captured_twice_is_two_snapshots_of_one_article(
    db: Path, run: Run, connect: Connect
) -> None:
    for time in ("2024-05-03T10:15:00Z", "2024-05-04T10:15:00Z"):
        run("load", SEED_LAYOUT, "--db", db, "--captured-at", time)
    conn = connect(db)
    assert _rows(conn, "select count(*), count(distinct article_id) from snapshots") == [(2, 1)]
    assert _rows(conn, "select first_captured_at, last_captured_at from boards") == [
        ("2024-05-03T10:15:00Z", "2024-05-04T10:15:00Z")
    ]


def test_corpus_prefix_is_kept_as_it_stands_and_off_the_text(
    db: Path, run: Run, connect: Connect
) -> None:
    run("load", SAMPLES / "2023-corpus-prefix-month-only.txt", "--db", db)
    conn = connect(db)
    assert _rows(conn, "select corpus_date, captured_at from snapshots") == [("2022-03", None)]
    assert _rows(conn, "select quote_count from boards") == [(34,)]
    assert _rows(conn, "select published_at from articles") == [(None,)]


def test_nearly_a_ticker_line_is_a_problem_with_its_text(
    db: Path, run: Run, connect: Connect
) -> None:
    run("load", SAMPLES / "2024-near-ticker-line.txt", "--db", db)
    conn = connect(db)
    assert _rows(conn, "select kind, excerpt, snapshot_id from problems") == [
        ("ticker-line", "OGDC 12.3.4 Increased By ▲ 1.20 (1.1%)", 1)
    ]
    assert _rows(conn, "select count(*) from quote_history where symbol = 'OGDC'") == [(0,)]


def test_covid_counter_is_read(db: Path, run: Run, connect: Connect) -> None:
    run("load", SAMPLES / "2021-06-covid-counter.txt", "--db", db)
    (row,) = _rows(connect(db), "select * from covid_counters")
    assert row[1:6] == (12345, 43, 612345, 1234, 3.21)
    assert json.loads(str(row[6]))["Balochistan"] == 19876


def test_unknown_symbol_is_added_without_a_name(
    db: Path, tmp_path: Path, run: Run, connect: Connect
) -> None:
    page = tmp_path / "page.txt"
    page.write_text("ZZZZZ 10.00 No Change ▼ 0.00 (0%)\n\nA text of one paragraph, no more.")
    run("load", page, "--db", db)
    assert _rows(
        connect(db), "select symbol, kind, name from instruments where symbol = 'ZZZZZ'"
    ) == [("ZZZZZ", "share", None)]


def test_standard_input_is_a_source(db: Path, tmp_path: Path, connect: Connect) -> None:
    import subprocess

    with SEED_LAYOUT.open("rb") as file:
        subprocess.run(
            [sys.executable, "-m", "loader", "load", "-", "--db", str(db)], stdin=file, check=True
        )
    assert _rows(connect(db), "select location, kind from sources") == [("-", "stdin")]
    assert _rows(connect(db), "select count(*) from snapshots") == [(1,)]


def test_wrong_usage_exits_with_2(run: Run) -> None:
    run("load", code=2)
    output = run("load", SEED_LAYOUT, "--captured-at", "yesterday", code=2).output
    assert "2024-05-03T10:15:00Z" in output


# -- bad input: a clear line, a row in problems, the others loaded all the same -----------

EMPTY = b""
BINARY = bytes(range(256)) * 20
NUL = b"LAHORE: A text with a \0 in it.\n"
NOT_UTF8 = b"LAHORE: A text with \x81\x8d bytes.\n"
ONE_LINE_50_MB = b"x" * (50 * 1024 * 1024)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("empty.txt", EMPTY, "empty"),
        ("blank.txt", b" \n\n\t\n", "empty"),
        ("binary.txt", BINARY, "binary"),
        ("nul.txt", NUL, "binary"),
        ("latin.txt", NOT_UTF8, "not-utf8"),
        ("long.txt", ONE_LINE_50_MB, "too-large"),
        ("long.jsonl", b'{"text": "' + ONE_LINE_50_MB + b'"}\n', "too-large"),
        ("array.jsonl", b"[1, 2]\n", "not-an-object"),
        ("no-text.jsonl", b'{"url": "https://www.brecorder.com/news/1"}\n', "no-text"),
        ("cut-off.jsonl", b'{"text": "LAHORE: A te', "bad-json"),
        ("furniture.txt", b"Comments\n\n200 characters", "no-content"),
    ],
)
def test_bad_capture_is_a_problem_and_the_others_are_loaded(
    db: Path, tmp_path: Path, run: Run, connect: Connect, name: str, content: bytes, kind: str
) -> None:
    bad = tmp_path / name
    bad.write_bytes(content)
    run("load", bad, SEED_LAYOUT, "--db", db)
    conn = connect(db)
    assert _rows(
        conn, "select problems.kind, location from problems join sources on sources.id = source_id"
    ) == [(kind, str(bad))]
    assert _rows(conn, "select length(detail) > 10 from problems") == [(1,)]
    assert _rows(conn, "select count(*) from snapshots") == [(1,)]


def test_windows_1252_is_read_when_it_is_clean(db: Path, run: Run, connect: Connect) -> None:
    run("load", SAMPLES / "2020-windows-1252.txt", "--db", db)
    (body,) = _rows(connect(db), "select body from articles")[0]
    assert "“Kilns that were cold" in str(body)


def test_source_that_cannot_be_read_is_told_and_kept_and_exits_with_1(
    db: Path, tmp_path: Path, run: Run, connect: Connect
) -> None:
    whole = gzip.compress(json.dumps({"text": "KARACHI: A text of its own."}).encode() + b"\n")
    broken, link = tmp_path / "broken.jsonl.gz", tmp_path / "link.txt"
    broken.write_bytes(whole[:-12])
    link.symlink_to(tmp_path / "nowhere.txt")
    missing = tmp_path / "missing.txt"
    result = run("load", broken, link, missing, SEED_LAYOUT, "--db", db, code=1)
    conn = connect(db)
    unreadable = _rows(
        conn,
        "select location from problems join sources on sources.id = source_id"
        " where problems.kind = 'unreadable' order by location",
    )
    assert unreadable == sorted([(str(broken),), (str(link),), (str(missing),)])
    for path in (broken, link, missing):
        assert f"not read: {path}" in result.output
    assert _rows(conn, "select count(*) from snapshots where reported_url is null") >= [(1,)]


def test_the_same_bad_input_again_adds_no_second_problem(
    db: Path, tmp_path: Path, run: Run, connect: Connect
) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_bytes(b"[]\n{}\n")
    run("load", bad, tmp_path / "missing.txt", "--db", db, code=1)
    before = _digest(db)
    run("load", bad, tmp_path / "missing.txt", "--db", db, code=1)
    assert _digest(db) == before
    assert _rows(connect(db), "select count(*) from problems") == [(3,)]


def test_markup_and_escape_sequences_in_a_problem_stay_text(
    db: Path, tmp_path: Path, run: Run, connect: Connect
) -> None:
    page = tmp_path / "page.txt"
    page.write_text("OGDC \x1b[31m12.3 Increased By ▲ 1.20 (1.1%)\n\nA text, no more.")
    run("load", page, "--db", db)
    ((excerpt,),) = _rows(connect(db), "select excerpt from problems where kind = 'ticker-line'")
    assert excerpt == "OGDC [31m12.3 Increased By ▲ 1.20 (1.1%)"


def test_one_address_is_not_given_to_several_files(tmp_path: Path, run: Run) -> None:
    for sources in ((SAMPLES,), (SEED_LAYOUT, SEED_LAYOUT), (tmp_path,)):
        options = ("--db", tmp_path / "a.db", "--url", "https://www.brecorder.com/news/40301234")
        assert "one page" in run("load", *sources, *options, code=2).output
    assert not (tmp_path / "a.db").exists()


def test_a_capture_time_before_the_dates_of_a_text_is_reported_and_stays(
    db: Path, run: Run, connect: Connect
) -> None:
    early = run("load", DATED, "--db", db, "--captured-at", "2010-01-01T10:00:00Z").output
    assert "new problems           1" in early
    assert "loader stats" in early
    again = run("load", DATED, "--db", db, "--captured-at", "2026-06-01T10:00:00Z").output
    assert dict(line.rsplit(maxsplit=1) for line in again.splitlines()[:7])["new snapshots"] == "1"
    conn = connect(db)
    sql = "select kind, captured_at from problems join snapshots on snapshots.id = snapshot_id"
    assert _rows(conn, sql) == [("future-date", "2010-01-01T10:00:00Z")]
    assert _rows(conn, "select count(*) from snapshots") == [(2,)]
