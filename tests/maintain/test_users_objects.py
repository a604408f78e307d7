"""Users' tables, views, indexes and triggers survive all operations of the loader."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from loader.archive.schema import fresh_archive
from loader.archive.users import users_objects
from loader.cli import main
from tests.archives import RELEASED, unpack
from tests.conftest import SAMPLES, Run
from tests.faults.commands import verified
from tests.reliability import some

PAGES = tuple(
    SAMPLES / f"{name}.txt" for name in ("2024-seed-layout-teaser", "2022-summary-bullets")
)
NEWS = SAMPLES / "2024-pre-open-board.txt"

# Of each kind; views on tables and on views of ours, names with quotes, a virtual table.
OBJECTS = (
    "create table notes (id integer primary key, article_id integer references articles (id)"
    " on delete cascade, note text not null)",
    'create table "odd \'name\'" ("a column" text)',
    "create table log (what text)",
    "create virtual table notes_fts using fts5 (note, content='notes', content_rowid='id')",
    "create view my_markets as select headline from articles where section = 'Markets'",
    "create view my_days as select symbol, price from quote_history where symbol like 'K%'",
    "create view my_view_of_views as select * from my_days join my_markets",
    "create view my_notes as select note, headline from notes join articles on"
    " articles.id = article_id",
    "create index my_bylines on articles (byline)",
    "create index my_prices on quotes (price_hundredths)",
    "create index my_notes_index on notes (article_id)",
    "create trigger my_log after insert on articles begin insert into log values (new.digest); end",
    "create trigger my_deletions after delete on articles"
    " begin insert into log values ('gone: ' || old.digest); end",
)
ROWS = (
    "insert into notes (article_id, note) select id, 'about ' || digest from articles",
    "insert into \"odd 'name'\" values ('kept')",
    "insert into notes_fts (notes_fts) values ('rebuild')",
)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("small") / "archive.db"
    pages = [str(page) for page in PAGES]
    assert CliRunner().invoke(main, ["load", *pages, "--db", str(path)]).exit_code == 0
    return _with_objects(path, (*OBJECTS, *ROWS))


@pytest.fixture
def archive(small: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(small, tmp_path / "archive.db"))


def _with_objects(path: Path, statements: tuple[str, ...]) -> Path:
    with closing(sqlite3.connect(path)) as conn, conn:
        for statement in statements:
            conn.execute(statement)
    return path


class Kept(NamedTuple):
    """What a user has in an archive: definitions, rows, and the texts that notes are about."""

    objects: frozenset[tuple[str, str]]
    notes: list[tuple[str, str]]
    odd: list[tuple[str]]


def _kept(path: Path) -> Kept:
    with closing(sqlite3.connect(path)) as conn:
        for view in ("my_markets", "my_days", "my_view_of_views", "my_notes"):
            conn.execute(f"select * from {view}").fetchall()
        assert conn.execute("select count(*) from notes_fts where notes_fts match 'about'")
        return Kept(
            frozenset((item.name, item.sql) for item in users_objects(conn)),
            conn.execute(
                "select note, coalesce(digest, 'nothing') from notes"
                " left join articles on articles.id = article_id order by 1"
            ).fetchall(),
            conn.execute("select * from \"odd 'name'\"").fetchall(),
        )


def _misread(path: Path) -> None:
    """As a parser would have read the texts that knew no headlines: parsing again changes all."""
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.execute("drop trigger my_log")
        conn.execute("update articles set headline = null")
        conn.execute(OBJECTS[-2])


COMMANDS: dict[str, tuple[Callable[[Path], object], tuple[object, ...], int]] = {
    "load of nothing new": (lambda _: None, ("load", *PAGES), 0),
    "load of news": (lambda _: None, ("load", NEWS), 0),
    "load that fails": (lambda _: None, ("load", "missing.txt"), 1),
    "date": (lambda _: None, ("date",), 0),
    "compact": (lambda _: None, ("compact",), 0),
    "reparse": (_misread, ("reparse",), 0),
    "reparse --dry-run": (_misread, ("reparse", "--dry-run"), 0),
    "verify --repair": (_misread, ("verify", "--repair"), 0),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_command_leaves_what_users_made(name: str, archive: Path, run: Run) -> None:
    prepare, arguments, code = COMMANDS[name]
    before = _kept(archive)
    prepare(archive)
    run(*arguments, "--db", archive, code=code)
    assert _kept(archive) == before
    verified(archive, but="captures" if "dry" in name else "")


def test_merge_leaves_them_and_names_those_of_the_source(
    archive: Path, run: Run, tmp_path: Path
) -> None:
    before = _kept(archive)
    run("load", NEWS, "--db", tmp_path / "other.db")
    _with_objects(tmp_path / "other.db", ("create table theirs (x)",))
    output = run("merge", archive, tmp_path / "other.db").output
    assert "not the loader's, so not copied: table theirs" in output
    assert _kept(archive) == before


def test_share_takes_them_along(archive: Path, run: Run, tmp_path: Path) -> None:
    before = _kept(archive)
    run("share", tmp_path / "copy.db", "--db", archive)
    assert _kept(tmp_path / "copy.db") == before
    run("share", tmp_path / "raw.db", "--without", "raw", "--keep-own-tables", "--db", archive)
    assert _kept(tmp_path / "raw.db") == before


FILTERS = {
    "text": ("--without", "text"),
    "raw": ("--without", "raw"),
    "symbols": ("--symbols", "OGDC"),
    "since": ("--since", "2001-01-01"),
    "until": ("--until", "2031-01-01"),
}


@pytest.mark.parametrize("name", some(list(FILTERS), 3))
def test_share_of_parts_leaves_out_tables_that_may_hold_the_rest(
    name: str, archive: Path, run: Run, tmp_path: Path
) -> None:
    _with_objects(
        archive,
        ("create table texts as select id, body from articles",
         "alter table articles add column my_copy text",
         "update articles set my_copy = body"),
    )  # fmt: skip
    out = tmp_path / "copy.db"
    output = run("share", out, *FILTERS[name], "--db", archive).output
    for gone in ("table texts", "table notes", "view my_notes", "column articles.my_copy"):
        assert f"left out: the keeper's own {gone}" in output
    with closing(sqlite3.connect(out)) as conn:
        names = {item.name for item in users_objects(conn)}
        (kinds,) = conn.execute("select left_out_kinds from provenance").fetchone()
    assert names == {"my_markets", "my_days", "my_view_of_views", "my_bylines", "my_prices"}
    assert "own" in kinds.split(",")
    if name == "text":
        assert b"The Karachi" not in out.read_bytes()
    verified(out)


def test_share_of_parts_keeps_them_on_request(archive: Path, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "copy.db"
    run("share", out, "--since", "2099-01-01", "--keep-own-tables", "--db", archive)
    before, after = _kept(archive), _kept(out)
    assert after.objects == before.objects
    assert [note for note, _ in after.notes] == [note for note, _ in before.notes]
    verified(out)


def test_salvage_takes_them_along_or_names_them(archive: Path, run: Run) -> None:
    before = _kept(archive)
    with closing(sqlite3.connect(archive)) as conn, conn:
        conn.execute("update snapshots set source_id = 999")
    output = run("verify", "--repair", "--db", archive).output
    assert "your own, saved: table notes, table odd 'name', table log, index" in output
    assert f"your own, not saved from {archive}: table notes_fts" in output
    saved = archive.with_name("archive.salvaged.db")
    with closing(sqlite3.connect(saved)) as conn:
        names = {(item.name, item.sql) for item in users_objects(conn)}
        assert conn.execute("select * from \"odd 'name'\"").fetchall() == before.odd
        assert conn.execute("select count(*) from notes").fetchone()[0] == len(before.notes)
    assert {name for name, _ in before.objects - names} == {"notes_fts"}


# Objects on an archive of schema 008, and how 009 names the same things.
ON_OLD_NAMES = (
    "create view busy as select quotes, is_one_line from boards where advancers > 1",
    "create index my_counts on boards (advancers, quotes)",
    "create trigger my_boards after insert on boards when new.advancers > 90"
    " begin insert into log values (new.digest); end",
)
NEW_VIEW = (
    "create view busy as select quote_count, is_single_quote from boards where advancer_count > 1"
)


@pytest.mark.parametrize("name", some(RELEASED, 4))
def test_migration_brings_them_along(name: str, tmp_path: Path, run: Run) -> None:
    old = unpack(name, tmp_path / "archive.db")
    is_renamed = name < "009"
    objects = OBJECTS
    if is_renamed:
        objects = tuple(item.replace("price_hundredths", "price") for item in OBJECTS)
        objects += ON_OLD_NAMES
    _with_objects(old, (*objects, *ROWS, "delete from log"))
    before = _kept(old)
    run("load", "missing.txt", "--db", old, "-q", code=1)
    after = _kept(old)
    assert after[1:] == before[1:]
    changed = dict(after.objects - before.objects)
    assert {item[0] for item in before.objects} == {item[0] for item in after.objects}
    assert changed.keys() == ({"busy", "my_counts", "my_boards"} if is_renamed else set())
    with closing(sqlite3.connect(old)) as conn:
        if is_renamed:
            assert changed["busy"].lower().replace('"', "") == NEW_VIEW
        assert conn.execute("select count(*) from log").fetchone()[0] == 0
    verified(old)


def test_view_that_a_migration_breaks_stays_and_is_named(tmp_path: Path, run: Run) -> None:
    old = unpack("008_faster_loads", tmp_path / "archive.db")
    _with_objects(
        old, ("create view failed as select symbol from quote_history where not limit_ok",)
    )
    run("load", PAGES[0], "--db", old, "-q")
    output = run("verify", "--db", old).output
    assert "view failed fails: no such column: limit_ok (yours, so left unchanged)" in output
    assert "no damage found" in output


@pytest.mark.parametrize(
    ("made", "words"),
    {
        "a column": (
            "alter table boards add column note text",
            "that conflict with a newer one: boards.note (rename",
        ),
        "a table of a name that came later": (
            "create table session_overrides (x)",
            "conflict with a newer one: session_overrides (rename",
        ),
    }.values(),
)
def test_migration_that_would_lose_something_is_refused(
    made: str, words: str, tmp_path: Path, run: Run
) -> None:
    old = _with_objects(unpack("008_faster_loads", tmp_path / "archive.db"), (made,))
    before = old.read_bytes()
    assert words in run("load", PAGES[0], "--db", old, "-q", code=1).output
    assert old.read_bytes() == before


@pytest.mark.parametrize(
    "made",
    (
        "create trigger mine before insert on articles begin select raise(abort, 'no'); end",
        "create trigger mine after insert on articles begin insert into gone values (1); end",
        "create trigger mine after insert on articles begin select new.gone; end",
        "create unique index mine on articles (body)",
    ),
)
def test_what_refuses_rows_is_named_in_one_line(
    made: str, archive: Path, run: Run, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(archive)) as conn, conn:
        if "unique" in made:
            conn.execute("update articles set body = 'one text'")
            conn.execute("delete from articles where id > 1")
            made = made.replace("(body)", "((1))")
        conn.execute(made)
    output = run("load", NEWS, "--db", archive, "-q", code=1).output
    assert output.count("\n") == 1
    assert "mine" in output
    assert "of yours cannot take this" in output


def test_table_that_another_tool_made_anew_is_used_and_kept_searchable(
    archive: Path, run: Run
) -> None:
    """`sqlite-utils transform` drops the triggers that keep the full-text index."""
    import sqlite_utils

    db = sqlite_utils.Database(archive)
    db.table("articles").transform()
    db.close()
    output = run("verify", "--db", archive, code=1).output
    assert "trigger articles_fts_insert is missing (can be rebuilt: an index)" in output
    run("load", NEWS, "--db", archive, "-q")
    output = run("verify", "--all", "--db", archive).output
    assert "table articles was recreated or extended by another tool" in output
    assert "no damage found" in output


def test_table_that_another_tool_made_unfit_is_refused(archive: Path, run: Run) -> None:
    with closing(sqlite3.connect(archive)) as conn:
        conn.execute("pragma foreign_keys = off")
        conn.execute("pragma legacy_alter_table = on")  # else views of the table are in the way
        conn.execute("create table other as select * from tags")
        conn.execute("drop table tags")
        conn.execute("alter table other rename to tags")
    output = run("load", NEWS, "--db", archive, "-q", code=1).output
    assert "its table tags was changed by another tool" in output
    assert output.count("\n") == 1


def test_no_object_of_any_loader_is_taken_for_a_users(tmp_path: Path) -> None:
    with fresh_archive() as fresh:
        assert users_objects(fresh) == []
    for name in RELEASED:
        with closing(sqlite3.connect(unpack(name, tmp_path / f"{name}.db"))) as conn:
            assert users_objects(conn) == []
