"""`verify` finds damage, reports losses, and rebuilds the rest from raw captures."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from loader.cli import main
from loader.maintain.dump import dump
from loader.page import PARSER_VERSION
from tests.archive.captures import content_of
from tests.conftest import SAMPLES, Run, count_in
from tests.reliability import some

Connect = Callable[[Path], sqlite3.Connection]

# Each changes what an archive says without SQLite noticing; all of it derives from captures. That
# `verify` finds each column, and `reparse` brings back each table, is tested in tests/rows.
DAMAGES = {
    "a price": "update quotes set price_hundredths = price_hundredths + 1 where rowid_of = 3",
    "a quote gone": "delete from quotes where position = 7 and board_id ="
    " (select min(board_id) from quotes where position = 7)",
    "a flag": "update boards set is_pre_open = not is_pre_open where id = 4",
    "a count": "update boards set advancer_count = advancer_count + 1 where id = 4",
    "a time of a board": "update boards set last_captured_at = '2031-01-01' where id = 9",
    "a headline": "update articles set headline = 'Another' where id = 3",
    "a word of a body": "update articles set body = replace(body, ' the ', ' teh ')"
    " where id = (select min(id) from articles where instr(body, ' the '))",
    "a date of a claim": "update article_claims set published_at = '2001-01-01' where id = 8",
    "a claim of another": "update snapshots set claim_id = 2"
    " where id = (select max(id) from snapshots where claim_id <> 2)",
    "an instrument that is none": "update instruments set kind = 'index' where symbol = 'OGDC'",
    "a teaser moved": "update teasers set position = position + 1 where id = 1",
    "mentions": "update mentions set mention_count = 99"
    " where article_id = (select min(article_id) from mentions)",
    "a masthead": "update snapshots set masthead_date = '2001-01-01' where id = 12",
    "a board of another": "update snapshots set board_id = 1"
    " where board_id = (select last_board_id from trading_days order by id limit 1)",
    "problems gone": "delete from problems",
    "a covid counter": "update covid_counters set deaths = 1",
    "the text index": "insert into articles_fts (articles_fts, rowid, headline, body)"
    " values ('delete', 3, 'Nothing', 'of the kind')",
    "an orphan board": "insert into boards (digest, quote_count, advancer_count, decliner_count,"
    " unchanged_count, is_pre_open, is_single_quote) values ('x', 0, 0, 0, 0, 0, 0)",
    "an orphan tag": "insert into tags (name) values ('never seen')",
    "the day of a board": "update boards set trading_day_id = (select min(id) from trading_days)",
    "evidence for days": "delete from day_witnesses",
}


PAGES = sorted(map(str, SAMPLES.glob("20*")))


@pytest.fixture(scope="module")
def small_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample pages without the corpora, of which there are many times as many."""
    path = tmp_path_factory.mktemp("small") / "archive.db"
    assert CliRunner().invoke(main, ["load", *PAGES, "--db", str(path)]).exit_code == 0
    return path


@pytest.fixture
def archive(tmp_path: Path, small_archive: Path) -> Path:
    return Path(shutil.copy(small_archive, tmp_path / "archive.db"))


def _damage(path: Path, sql: str) -> None:
    sql = sql.replace("where rowid_of = 3", "where board_id = 3 and position = 3")
    with closing(sqlite3.connect(path)) as conn, conn:
        changed = conn.execute(sql)
        assert changed.rowcount


def test_sound_archive_is_found_sound(tmp_path: Path, sample_archive: Path, run: Run) -> None:
    archive = Path(shutil.copy(sample_archive, tmp_path / "archive.db"))
    before = archive.read_bytes()
    assert "no damage found" in run("verify", "--db", archive).output
    output = run("verify", "--all", "--db", archive).output
    captures = count_in(archive, "raw_captures")
    assert f"{captures} captures decoded, {captures} parsed again" in output
    assert archive.read_bytes() == before


@pytest.mark.parametrize("name", some(list(DAMAGES), 7))
def test_damage_is_found_and_rebuilt(
    name: str, archive: Path, run: Run, small_archive: Path
) -> None:
    _damage(archive, DAMAGES[name])
    output = run("verify", "--all", "--db", archive, code=1).output
    assert "fault" in output
    assert run("verify", "--repair", "--db", archive).output.endswith("no damage found\n")
    assert content_of(archive) == content_of(small_archive)


def test_lost_capture_is_named_taken_out_and_brought_back_by_a_merge(
    archive: Path, run: Run, connect: Connect, small_archive: Path
) -> None:
    with closing(sqlite3.connect(archive)) as conn, conn:
        (data,) = conn.execute("select data from raw_captures where snapshot_id = 7").fetchone()
        damaged = bytearray(data)
        damaged[len(damaged) // 2] ^= 4
        conn.execute("update raw_captures set data = ? where snapshot_id = 7", (bytes(damaged),))
    output = run("verify", "--db", archive, code=1).output
    assert "snapshot 7: " in output
    assert "lost" in output
    assert run("verify", "--repair", "--db", archive).output.endswith("no damage found\n")
    conn = connect(archive)
    (count,) = conn.execute(
        "select count(*) from problems where kind = 'damaged-capture'"
    ).fetchone()
    assert count == 1
    run("merge", archive, small_archive)
    conn.row_factory = None
    assert dump(conn)["raw_captures"] == content_of(small_archive)["raw_captures"]


def test_index_that_differs_from_its_table_is_found_and_rebuilt(
    archive: Path, run: Run, small_archive: Path
) -> None:
    """What no digest covers is kept twice: in its table and in an index."""
    with closing(sqlite3.connect(archive)) as conn, conn:
        conn.execute("pragma writable_schema = on")
        where = (
            "where type = 'index' and name in ('snapshots_reported_checksum', 'snapshots_place')"
        )
        hidden = conn.execute(f"select * from sqlite_master {where}").fetchall()
        conn.execute(f"delete from sqlite_master {where}")
    with closing(sqlite3.connect(archive)) as conn, conn:
        conn.execute("update snapshots set reported_url = 'http://elsewhere', source_offset = 9")
        conn.execute("pragma writable_schema = on")
        conn.executemany("insert into sqlite_master values (?, ?, ?, ?, ?)", hidden)
    output = run("verify", "--db", archive, code=1).output
    assert "missing from index snapshots_reported_checksum" in output
    run("verify", "--repair", "--db", archive)
    assert "no damage found" in run("verify", "--db", archive).output


def test_missing_or_other_index_is_rebuilt_in_place(
    archive: Path, run: Run, connect: Connect
) -> None:
    """As archives had that an earlier loader brought up to date."""
    with closing(sqlite3.connect(archive)) as conn, conn:
        before = conn.execute("select * from sqlite_master where type = 'index'").fetchall()
        conn.execute("drop index articles_filters")
        conn.execute("drop index snapshots_article")
        conn.execute("create index snapshots_article on snapshots (article_id)")
    output = run("verify", "--db", archive, code=1).output
    assert "index articles_filters is missing (can be rebuilt: an index)" in output
    assert "index snapshots_article is not defined as it should be" in output
    assert run("verify", "--repair", "--db", archive).output.endswith("no damage found\n")
    after = connect(archive).execute("select name, sql from sqlite_master where type = 'index'")
    assert {(row[0], row[1]) for row in after} == {(row[1], row[4]) for row in before}


def test_layout_of_a_table_is_no_difference(archive: Path, run: Run) -> None:
    """`alter table ... add column` leaves the column on the line of the last one."""
    with closing(sqlite3.connect(archive)) as conn, conn:
        conn.execute("pragma writable_schema = on")
        (sql,) = conn.execute("select sql from sqlite_master where name = 'sources'").fetchone()
        lines = [line.strip() for line in sql.splitlines()]
        flat = " ".join(lines[:-1]) + " -- a note\n" + lines[-1]
        conn.execute("update sqlite_master set sql = ? where name = 'sources'", (flat,))
    output = run("verify", "--db", archive).output
    assert "schema" not in output
    assert "no damage found" in output


def test_what_can_be_read_of_a_damaged_file_is_saved_into_a_new_one(
    archive: Path, run: Run, connect: Connect, small_archive: Path
) -> None:
    """A page of the snapshots is overwritten; the others are saved with their raw bytes."""
    with closing(sqlite3.connect(archive)) as conn:
        conn.execute("pragma writable_schema = on")
        pages = [
            row[0]
            for row in conn.execute(
                "select pageno from dbstat where name = 'raw_captures' and pagetype = 'leaf'"
            )
        ]
        (size,) = conn.execute("pragma page_size").fetchone()
    with archive.open("r+b") as file:
        file.seek((pages[1] - 1) * size)
        file.write(b"\xa5" * size)
    damaged = archive.read_bytes()
    output = run("verify", "--repair", "--db", archive).output
    assert "archive.salvaged.db: " in output
    assert output.endswith("no damage found\n")
    assert archive.read_bytes() == damaged
    saved = connect(archive.with_name("archive.salvaged.db"))
    (count,) = saved.execute("select count(*) from raw_captures").fetchone()
    whole = count_in(small_archive, "raw_captures")
    assert 3 * whole // 4 < count < whole


def test_truncated_file_is_found(archive: Path, run: Run) -> None:
    for part in (0.99, 0.6, 0.1, 0.001):
        with archive.open("r+b") as file:
            file.truncate(int(archive.stat().st_size * part))
        run("verify", "--db", archive, code=1)


def test_file_that_is_no_archive_or_missing(tmp_path: Path, run: Run) -> None:
    assert "no such file" in run("verify", "--db", tmp_path / "none.db", code=1).output
    letter = tmp_path / "letter.db"
    letter.write_text("Dear Sir or Madam, " * 100)
    assert "is not an SQLite file" in run("verify", "--db", letter, code=1).output


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anything")
def test_archive_that_cannot_be_written_is_verified_in_a_copy(archive: Path, run: Run) -> None:
    archive.chmod(0o444)
    assert "no damage found" in run("verify", "--db", archive).output


def test_load_that_was_killed_before_the_days_is_no_damage(archive: Path, run: Run) -> None:
    _damage(archive, "delete from dating_state")
    assert "waits for the next load" in run("verify", "--db", archive).output
    run("load", *PAGES, "--db", archive, "-q")
    assert "waits" not in run("verify", "--db", archive).output


def test_what_another_version_read_otherwise_is_no_damage(archive: Path, run: Run) -> None:
    _damage(archive, "update loads set parser_version = 0")
    _damage(archive, "update snapshots set layout = 'old' where id = 3")
    assert "see `loader reparse`" in run("verify", "--all", "--db", archive).output
    run("reparse", "--db", archive)
    assert "reparse" not in run("verify", "--all", "--db", archive).output


def test_archive_that_a_load_is_writing_is_verified_as_it_was_committed(
    archive: Path, run: Run
) -> None:
    with closing(sqlite3.connect(archive, isolation_level=None)) as writer:
        writer.execute("pragma journal_mode = wal")
        writer.execute("begin immediate")
        writer.execute("update articles set headline = 'not yet'")
        assert "no damage found" in run("verify", "--all", "--db", archive).output
        writer.execute("rollback")


def test_damage_after_a_reparse_is_damage_whoever_loaded_it(
    archive: Path, run: Run, connect: Connect
) -> None:
    """Once this parser has read all captures, no other reading explains what differs."""
    _damage(archive, "update loads set parser_version = 0")
    run("reparse", "--db", archive)
    versions = {row[0] for row in connect(archive).execute("select parser_version from loads")}
    assert versions == {PARSER_VERSION}
    assert "no damage found" in run("verify", "--all", "--db", archive).output
    _damage(archive, "update snapshots set layout = 'old' where id = 3")
    output = run("verify", "--all", "--db", archive, code=1).output
    assert "snapshot 3: layout differs from the raw capture (can be rebuilt" in output


def test_reparse_that_was_only_tried_vouches_for_nothing(archive: Path, run: Run) -> None:
    _damage(archive, "update loads set parser_version = 0")
    run("reparse", "--dry-run", "--db", archive)
    _damage(archive, "update snapshots set layout = 'old' where id = 3")
    assert "see `loader reparse`" in run("verify", "--all", "--db", archive).output


def test_days_that_another_version_inferred_are_no_damage(archive: Path, run: Run) -> None:
    _damage(archive, "update loads set parser_version = 0")
    _damage(archive, "update sessions set opens_at = '00:00'")
    assert "no damage found" in run("verify", "--all", "--db", archive).output
    run("reparse", "--db", archive)
    assert "days" not in run("verify", "--all", "--db", archive).output
    _damage(archive, "update sessions set opens_at = '00:00'")
    assert "days: 1" in run("verify", "--all", "--db", archive, code=1).output
